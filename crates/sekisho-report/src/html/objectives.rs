//! The hub: objectives by area, with what bears on them.

use askama::Template;
use askama::filters::HtmlSafe;
use sekisho_model::answer::Answer;
use sekisho_model::assessment::{Counts, ObjectiveResult};
use sekisho_model::catalog::{Objective, ObjectiveKind};
use sekisho_model::verdict::Verdict;

use super::parts::{Bar, Chip, Context, ControlLinks, FactView, anchor};
use crate::bilingual::Bi;
use crate::messages::{self, page as m};
use crate::standing::Standing;

/// How many facts of a check are shown with it.
const FACTS: usize = 5;

/// An area.
pub(super) struct AreaView<'a> {
    pub(super) anchor: String,
    pub(super) title: Bi<'a>,
    pub(super) bar: Bar,
    pub(super) objectives: Vec<ObjectiveView<'a>>,
}

/// An objective.
pub(super) struct ObjectiveView<'a> {
    pub(super) anchor: String,
    pub(super) id: &'a str,
    pub(super) title: Bi<'a>,
    pub(super) kind: Bi<'static>,
    pub(super) chip: Chip,
    pub(super) basis: Bi<'static>,
    pub(super) because: Bi<'a>,
    /// Heading and text, in the order in which they are shown.
    pub(super) texts: Vec<(Bi<'static>, Bi<'a>)>,
    pub(super) checks: Vec<CheckView<'a>>,
    pub(super) answer: Option<AnswerView<'a>>,
    pub(super) controls: ControlLinks,
}

/// A check that bears on an objective.
pub(super) struct CheckView<'a> {
    pub(super) id: &'a str,
    pub(super) title: Bi<'a>,
    pub(super) outcome: Chip,
    pub(super) effect: Bi<'static>,
    pub(super) reasons: Vec<Bi<'a>>,
    pub(super) facts: Vec<FactView>,
    pub(super) more: usize,
}

/// What a person said.
#[derive(Template)]
#[template(path = "part_answer.html", whitespace = "minimize")]
pub(super) struct AnswerView<'a> {
    pub(super) reply: Bi<'static>,
    pub(super) by: Option<&'a str>,
    pub(super) date: Option<&'a str>,
    pub(super) expires: Option<&'a str>,
    pub(super) expired: bool,
    pub(super) reason: Option<&'a str>,
    pub(super) attachments: &'a [String],
}

/// It writes itself with its own template, which escapes.
impl HtmlSafe for AnswerView<'_> {}

/// An answer as it is shown.
pub(super) fn answer_view(answer: &Answer, expired: bool) -> AnswerView<'_> {
    AnswerView {
        reply: messages::reply(answer.answer),
        by: answer.by.as_deref(),
        date: answer.date.as_deref(),
        expires: answer.expires.as_deref(),
        expired,
        reason: answer.reason.as_deref(),
        attachments: &answer.attachments,
    }
}

pub(super) fn view<'a>(context: &Context<'a>) -> Vec<AreaView<'a>> {
    let areas = context.texts.areas().iter().map(|area| {
        let mut counts = Counts::default();
        let objectives = area.objectives.iter().filter_map(|objective| {
            let result = context.objective(&objective.id)?;
            counts.add(result.verdict, result.basis);
            Some(objective_view(context, result, objective))
        });
        let objectives = objectives.collect();
        AreaView { anchor: anchor("a", &area.area), title: Bi::from(&area.title), bar: Bar::new(&counts), objectives }
    });
    areas.filter(|area| !area.objectives.is_empty()).collect()
}

fn objective_view<'a>(
    context: &Context<'a>,
    result: &'a ObjectiveResult,
    objective: &'a Objective,
) -> ObjectiveView<'a> {
    let before = std::iter::once(None).chain(result.checks.iter().map(Some));
    let checks = result.checks.iter().zip(before).map(|(check, before)| CheckView {
        id: &check.check,
        title: context
            .texts
            .check(&check.check)
            .map_or_else(|| Bi::same(check.check.as_str()), |found| Bi::from(&found.title)),
        outcome: Chip::outcome(check.outcome),
        effect: messages::effect(check.effect),
        reasons: match before {
            // A damaged image makes a dozen checks inconclusive at once; once is enough to say why.
            Some(before) if !check.reasons.is_empty() && before.reasons == check.reasons => vec![messages::SAME_REASON],
            _ => check.reasons.iter().map(Bi::from).collect(),
        },
        facts: check.facts.iter().take(FACTS).filter_map(|&fact| context.fact(fact)).collect(),
        more: check.fact_count.saturating_sub(check.facts.len().min(FACTS)),
    });
    let controls = context.assessment.controls.iter();
    let controls = controls.filter(|control| control.objectives.iter().any(|o| o.objective == result.id));
    let mut texts = vec![
        (m::QUESTION, Bi::from(&objective.question)),
        (m::MET_WHEN, Bi::from(&objective.met_when)),
        (m::HOW_TO_CHECK, Bi::from(&objective.how_to_check)),
    ];
    if result.verdict.is_failure() || result.verdict == Verdict::PartlyMet {
        texts.push((m::ADVICE, Bi::from(&objective.advice)));
    }
    ObjectiveView {
        anchor: anchor("o", &result.id),
        id: &result.id,
        title: Bi::from(&objective.title),
        kind: match objective.kind {
            ObjectiveKind::Technical => m::TECHNICAL,
            ObjectiveKind::Process => m::PROCESS,
            ObjectiveKind::Disclosure => m::DISCLOSURE,
        },
        chip: Chip::standing(Standing::of(result.verdict, result.basis)),
        basis: messages::basis(result.basis),
        because: Bi::from(&result.because),
        texts,
        checks: checks.collect(),
        answer: result.answer.as_ref().map(|answer| answer_view(answer, result.answer_expired)),
        controls: context.control_links(controls.map(|control| control.id.as_str())),
    }
}
