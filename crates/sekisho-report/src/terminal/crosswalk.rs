//! Pairs of controls, and gaps.

use sekisho_model::Lang;
use sekisho_model::catalog::{Document, Relationship};
use sekisho_model::crosswalk::{CERTAIN, Covered, Gap, GapControl, Pair};

use super::Style;
use super::layout::{left, right, width};
use super::paint::{Painter, Tone};
use super::tree::{self, Line, Node};
use crate::bilingual::Bi;
use crate::messages::{self as words, navigate as m};
use crate::texts::{Texts, name_of, short_control_id};

/// The pairs of two documents, under each control of the first the controls of the second, with the objectives over which they meet.
pub fn crosswalk(
    from: &Document,
    to: &Document,
    pairs: &[Pair],
    texts: &dyn Texts,
    lang: Lang,
    style: Style,
) -> String {
    let view = View { texts, lang, painter: Painter { style } };
    let certain = pairs.iter().filter(|pair| pair.strength >= CERTAIN).count();
    let heading = m::pairs(name_of(from), name_of(to), pairs.len(), certain);
    let mut lines = vec![Line::new(Tone::Heading, heading.get(lang))];
    let note = if pairs.is_empty() { m::NO_PAIR } else { m::CERTAIN_MARK };
    lines.push(Line::new(Tone::Faint, note.get(lang)));
    let mut nodes: Vec<Node> = Vec::new();
    let mut before = "";
    for pair in pairs {
        if pair.from != before {
            before = &pair.from;
            nodes.push(Node { lines: vec![view.control(&pair.from)], children: Vec::new() });
        }
        if let Some(node) = nodes.last_mut() {
            node.children.push(Node { lines: view.pair(pair, &pair.to), children: Vec::new() });
        }
    }
    let mut out = String::new();
    tree::lines(view.painter, &lines, &mut out);
    tree::draw(view.painter, &nodes, &mut out);
    out
}

/// What is left of a document: first what nothing touches, then what is covered in part; with `all`, what is covered, too.
pub fn gap(gap: &Gap, all: bool, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let view = View { texts, lang, painter: Painter { style } };
    let name = |id: &str| texts.document(id).map_or_else(|| id.to_owned(), |document| name_of(document).to_owned());
    let have: Vec<String> = gap.have.iter().map(|id| name(id)).collect();
    let mut lines = vec![
        Line::new(Tone::Heading, m::gap(&have.join(" + "), &name(&gap.want)).get(lang).to_owned()),
        Line::new(Tone::Faint, m::ASSUMED.get(lang)),
        Line::new(Tone::Faint, m::GAP_LEGEND.get(lang)),
        Line::new(Tone::Plain, ""),
    ];
    let labels = Covered::ALL.map(covered);
    let widest = labels.iter().map(|(label, _, _)| width(label.get(lang))).max().unwrap_or(0);
    for (covered, (label, means, tone)) in Covered::ALL.iter().zip(&labels) {
        let count = gap.controls.iter().filter(|control| control.covered == *covered).count();
        lines.push(
            Line::new(*tone, format!("{}  ", right(&count.to_string(), 4)))
                .and(*tone, left(label.get(lang), widest))
                .and(Tone::Faint, format!("  {}", means.get(lang))),
        );
    }
    let mut out = String::new();
    tree::lines(view.painter, &lines, &mut out);
    for (wanted, (label, _, tone)) in Covered::ALL.iter().zip(&labels) {
        let shown = match wanted {
            Covered::Yes => all,
            _ => true,
        };
        let controls: Vec<&GapControl> = gap.controls.iter().filter(|control| control.covered == *wanted).collect();
        if !shown || controls.is_empty() {
            continue;
        }
        tree::lines(view.painter, &[Line::new(Tone::Plain, ""), Line::new(*tone, label.get(lang))], &mut out);
        let nodes: Vec<Node> = controls.into_iter().map(|control| view.gap_control(control)).collect();
        tree::draw(view.painter, &nodes, &mut out);
    }
    out
}

fn covered(covered: Covered) -> (Bi<'static>, Bi<'static>, Tone) {
    match covered {
        Covered::No => (m::COVERED_NO, m::COVERED_NO_MEANS, Tone::Bad),
        Covered::Partly => (m::COVERED_PARTLY, m::COVERED_PARTLY_MEANS, Tone::Warn),
        Covered::Yes => (m::COVERED_YES, m::COVERED_YES_MEANS, Tone::Good),
        Covered::Unmapped => (m::COVERED_UNMAPPED, m::COVERED_UNMAPPED_MEANS, Tone::Unsettled),
    }
}

struct View<'a> {
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
}

impl View<'_> {
    fn control(&self, id: &str) -> Line {
        let title = self.texts.control(id).map_or("", |(_, control)| control.title.get(self.lang));
        Line::new(Tone::Heading, format!("{}  ", short_control_id(self.texts, id))).and(Tone::Plain, title)
    }

    /// A pair, with `other` as the control that is named.
    fn pair(&self, pair: &Pair, other: &str) -> Vec<Line> {
        let title = self.texts.control(other).map_or("", |(_, control)| control.title.get(self.lang));
        let mark = if pair.strength >= CERTAIN { self.sign(pair.relationship) } else { "?" };
        let tone = if pair.strength >= CERTAIN { Tone::Plain } else { Tone::Faint };
        let objectives: Vec<&str> = pair
            .via
            .iter()
            .map(|via| self.texts.objective(&via.objective).map_or(&*via.objective, |o| o.title.get(self.lang)))
            .collect();
        let between = if self.lang == Lang::Ja { "、" } else { "; " };
        vec![
            Line::new(tone, format!("{mark} {}  ", short_control_id(self.texts, other)))
                .and(tone, title)
                .and(Tone::Faint, format!("  {}", m::strength(pair.strength).get(self.lang))),
            Line::new(Tone::Faint, format!("{} {}", m::VIA.get(self.lang), objectives.join(between))).inset(2),
        ]
    }

    fn gap_control(&self, control: &GapControl) -> Node {
        let modality = words::modality(control.modality);
        let mut lines =
            vec![self.control(&control.control).and(Tone::Faint, format!("  ({})", modality.get(self.lang)))];
        if !control.missing.is_empty() {
            let titles: Vec<&str> = control
                .missing
                .iter()
                .map(|id| self.texts.objective(id).map_or(&**id, |objective| objective.title.get(self.lang)))
                .collect();
            let between = if self.lang == Lang::Ja { "、" } else { "; " };
            let line = Line::new(Tone::Faint, format!("{}: ", m::STILL.get(self.lang)));
            lines.push(line.and(Tone::Plain, titles.join(between)));
        }
        if !control.by.is_empty() {
            let by: Vec<String> = control
                .by
                .iter()
                .map(|pair| {
                    let mark = if pair.strength >= CERTAIN { self.sign(pair.relationship) } else { "?" };
                    format!("{mark} {}", short_control_id(self.texts, &pair.from))
                })
                .collect();
            lines.push(Line::new(Tone::Faint, format!("{}: {}", m::BEARS.get(self.lang), by.join(", "))));
        }
        Node { lines, children: Vec::new() }
    }

    /// The sign of a relationship, read from the control that stands first.
    fn sign(&self, relationship: Relationship) -> &'static str {
        sign(self.painter, relationship)
    }
}

/// The sign of a relationship.
pub(super) fn sign(painter: Painter, relationship: Relationship) -> &'static str {
    match relationship {
        Relationship::Equal => "=",
        Relationship::SubsetOf => painter.either("⊂", "<"),
        Relationship::SupersetOf => painter.either("⊃", ">"),
        Relationship::IntersectsWith => painter.either("∩", "n"),
    }
}
