//! The derivation of a verdict, down to the place in the artefact.

use sekisho_model::Lang;
use sekisho_model::answer::Answer;
use sekisho_model::assessment::{Assessment, CheckResult, ControlObjective, ControlResult, ObjectiveResult};
use sekisho_model::fact::Fact;
use sekisho_model::verdict::{Basis, Verdict};

use super::Style;
use super::paint::{Painter, Tone, of_outcome, of_standing};
use super::tree::{self, Line, Node};
use crate::messages::screen as m;
use crate::messages::{self as words};
use crate::standing::Standing;
use crate::texts::{Texts, short_control_id};
use crate::{facts, place, plain};

/// How many facts of one check are printed.
const FACTS: usize = 8;

/// The whole derivation of a control (`DOCUMENT:CONTROL`, the document by id or alias) or an objective: what it follows from, by which
/// relationship, from which checks and answers, from which facts, seen where. None where the assessment has neither.
pub fn explain(assessment: &Assessment, texts: &dyn Texts, id: &str, lang: Lang, style: Style) -> Option<String> {
    let explain = Explain { assessment, texts, lang, painter: Painter { style } };
    if let Some(objective) = assessment.objectives.iter().find(|o| o.id == id) {
        return Some(explain.objective(objective));
    }
    let full = match texts.control(id) {
        Some((document, control)) => format!("{}:{}", document.id, control.id),
        None => id.to_owned(),
    };
    assessment.controls.iter().find(|c| c.id == full).map(|control| explain.control(control))
}

struct Explain<'a> {
    assessment: &'a Assessment,
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
}

impl Explain<'_> {
    fn control(&self, result: &ControlResult) -> String {
        let found = self.texts.control(&result.id);
        let title = found.map_or("", |(_, control)| control.title.get(self.lang));
        let id = short_control_id(self.texts, &result.id);
        let mut head = vec![
            Line::new(Tone::Heading, format!("{id}  ")).and(Tone::Heading, title),
            self.standing(result.verdict, result.basis)
                .and(Tone::Faint, format!("  ({})", words::modality(result.modality).get(self.lang))),
        ];
        if let Some((_, control)) = found {
            head.push(Line::new(Tone::Plain, control.statement.get(self.lang)));
        }
        head.push(self.because(&result.because));
        if result.objectives.is_empty() {
            head.push(Line::new(Tone::Faint, m::NO_OBJECTIVES.get(self.lang)));
        }
        let children: Vec<Node> = result.objectives.iter().map(|related| self.related(result, related)).collect();
        self.drawn(&head, &children)
    }

    fn objective(&self, result: &ObjectiveResult) -> String {
        let mut head = vec![self.objective_title(&result.id), self.standing(result.verdict, result.basis)];
        if let Some(objective) = self.texts.objective(&result.id) {
            head.push(Line::new(Tone::Plain, objective.met_when.get(self.lang)));
        }
        head.push(self.because(&result.because));
        self.drawn(&head, &self.evidence(result))
    }

    fn drawn(&self, head: &[Line], children: &[Node]) -> String {
        let mut out = String::new();
        tree::lines(self.painter, head, &mut out);
        tree::draw(self.painter, children, &mut out);
        out
    }

    /// An objective as a control rests on it.
    fn related(&self, control: &ControlResult, related: &ControlObjective) -> Node {
        let relation = m::relates(&words::relation(related.relation));
        let result = self.assessment.objectives.iter().find(|o| o.id == related.objective);
        let basis = result.map_or(Basis::None, |result| result.basis);
        let mut lines = vec![
            Line::new(Tone::Faint, format!("{}: ", relation.get(self.lang)))
                .and(Tone::Heading, self.objective_name(&related.objective))
                .and(Tone::Faint, format!("  {}", related.objective)),
            self.standing(related.verdict, basis),
        ];
        let mapping = self
            .texts
            .control(&control.id)
            .and_then(|(_, control)| control.mappings.iter().find(|mapping| mapping.objective == related.objective));
        if let Some(mapping) = mapping {
            lines.push(labelled(m::WHY.get(self.lang), mapping.rationale.get(self.lang)));
        }
        if !related.decided_by.is_empty() {
            lines.push(labelled(m::DECIDED_BY.get(self.lang), &related.decided_by.join(", ")));
        }
        lines.extend(result.map(|result| self.because(&result.because)));
        Node { lines, children: result.map(|result| self.evidence(result)).unwrap_or_default() }
    }

    /// Checks and answer of an objective.
    fn evidence(&self, result: &ObjectiveResult) -> Vec<Node> {
        let before = std::iter::once(None).chain(result.checks.iter().map(Some));
        let mut nodes: Vec<Node> =
            result.checks.iter().zip(before).map(|(check, before)| self.check(check, before)).collect();
        nodes.push(match &result.answer {
            Some(answer) => self.answer(answer, result.answer_expired),
            None => Node { lines: vec![Line::new(Tone::Faint, m::NO_ANSWER.get(self.lang))], children: Vec::new() },
        });
        nodes
    }

    /// A check; where the one `before` it is inconclusive for the same reasons, they are not told again.
    fn check(&self, result: &CheckResult, before: Option<&CheckResult>) -> Node {
        let title = self.texts.check(&result.check).map_or(&*result.check, |check| check.title.get(self.lang));
        let mut lines = vec![
            Line::new(of_outcome(result.outcome), format!("{} ", self.painter.outcome(result.outcome)))
                .and(of_outcome(result.outcome), words::outcome(result.outcome).get(self.lang))
                .and(Tone::Faint, format!(" ({})", words::effect(result.effect).get(self.lang)))
                .and(Tone::Plain, format!("  {title}"))
                .and(Tone::Faint, format!("  {}", result.check)),
        ];
        if !result.reasons.is_empty() && before.is_some_and(|before| before.reasons == result.reasons) {
            lines.push(Line::new(Tone::Unsettled, words::SAME_REASON.get(self.lang)).inset(2));
        } else {
            let reasons = result.reasons.iter();
            lines.extend(reasons.map(|reason| Line::new(Tone::Unsettled, reason.get(self.lang)).inset(2)));
        }
        let seen = result.facts.iter().filter_map(|&index| Some((index, self.assessment.facts.get(index)?)));
        let mut children: Vec<Node> = seen.take(FACTS).map(|(index, fact)| self.fact(index, fact)).collect();
        let more = result.fact_count.saturating_sub(children.len());
        if more > 0 {
            let text = m::more_facts(more);
            children.push(Node { lines: vec![Line::new(Tone::Faint, text.get(self.lang))], children: Vec::new() });
        }
        Node { lines, children }
    }

    fn fact(&self, index: usize, fact: &Fact) -> Node {
        let source = &fact.source;
        let kind = words::titles::kind(fact.observed.name());
        let mut lines = vec![
            Line::new(Tone::Faint, format!("[{index}] {}: ", kind.get(self.lang)))
                .and(Tone::Plain, facts::line(&fact.observed).get(self.lang)),
        ];
        let mut at = vec![plain::visible(&source.artefact).into_owned()];
        at.extend(place::containers(source));
        at.extend(place::path(source));
        let offset = place::offset(source).map(|offset| format!("  ({} {offset})", m::OFFSET.get(self.lang)));
        let at = Line::new(Tone::Faint, at.join(" › ")).and(Tone::Faint, offset.unwrap_or_default());
        lines.push(at.inset(2));
        if let Some(sha256) = &source.sha256 {
            lines.push(Line::new(Tone::Faint, format!("{} {sha256}", m::SHA256.get(self.lang))).inset(2));
        }
        if let Some(excerpt) = &source.excerpt {
            let (open, close) = if self.painter.style.unicode { ("“", "”") } else { ("\"", "\"") };
            lines.push(Line::new(Tone::Plain, format!("{open}{excerpt}{close}")).inset(2));
        }
        Node { lines, children: Vec::new() }
    }

    fn answer(&self, answer: &Answer, expired: bool) -> Node {
        let reply = words::reply(answer.answer);
        let answered = m::answered(&reply, answer.by.as_deref(), answer.date.as_deref());
        let mut lines = vec![
            Line::new(Tone::Faint, format!("{}: ", m::ANSWER.get(self.lang))).and(Tone::Plain, answered.get(self.lang)),
        ];
        lines.extend(answer.reason.as_ref().map(|reason| Line::new(Tone::Plain, reason.clone()).inset(2)));
        if expired {
            lines.push(Line::new(Tone::Warn, m::ANSWER_EXPIRED.get(self.lang)).inset(2));
        }
        Node { lines, children: Vec::new() }
    }

    fn standing(&self, verdict: Verdict, basis: Basis) -> Line {
        let standing = Standing::of(verdict, basis);
        let tone = of_standing(standing);
        let line = Line::new(tone, format!("{} {}", self.painter.symbol(standing), standing.label().get(self.lang)));
        match basis {
            Basis::None => line,
            _ => line
                .and(Tone::Faint, format!("  {}: {}", m::RESTS_ON.get(self.lang), words::basis(basis).get(self.lang))),
        }
    }

    fn because(&self, because: &sekisho_model::Text) -> Line {
        labelled(m::BECAUSE.get(self.lang), because.get(self.lang))
    }

    fn objective_name(&self, id: &str) -> String {
        self.texts.objective(id).map_or(id, |objective| objective.title.get(self.lang)).to_owned()
    }

    fn objective_title(&self, id: &str) -> Line {
        Line::new(Tone::Heading, self.objective_name(id)).and(Tone::Faint, format!("  {id}"))
    }
}

/// A text with a word before it that says what it is.
fn labelled(label: &str, text: &str) -> Line {
    Line::new(Tone::Faint, format!("{label}: ")).and(Tone::Plain, text)
}
