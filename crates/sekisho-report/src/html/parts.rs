//! What several sections share: look-ups, anchors, chips, bars, facts.

use std::collections::HashMap;
use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;
use sekisho_model::assessment::{Assessment, ControlResult, Counts, ObjectiveResult};
use sekisho_model::fact::Fact;
use sekisho_model::verdict::{Outcome, Severity};

use super::evidence::MAX_ROWS;
use crate::bilingual::Bi;
use crate::messages::{self, page as m};
use crate::standing::Standing;
use crate::texts::{Texts, name_of, short_control_id};
use crate::{facts, place, plain};

/// The assessment with the look-ups that sections need.
pub(super) struct Context<'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) texts: &'a dyn Texts,
    objectives: HashMap<&'a str, &'a ObjectiveResult>,
    controls: HashMap<&'a str, &'a ControlResult>,
    /// For each fact, whether its table has room for it.
    in_table: Vec<bool>,
}

impl<'a> Context<'a> {
    pub(super) fn new(assessment: &'a Assessment, texts: &'a dyn Texts) -> Self {
        let mut rows: HashMap<&str, usize> = HashMap::new();
        let in_table = assessment.facts.iter().map(|fact| {
            let rows = rows.entry(fact.observed.name()).or_default();
            *rows += 1;
            *rows <= MAX_ROWS
        });
        Self {
            assessment,
            texts,
            in_table: in_table.collect(),
            objectives: assessment.objectives.iter().map(|o| (o.id.as_str(), o)).collect(),
            controls: assessment.controls.iter().map(|c| (c.id.as_str(), c)).collect(),
        }
    }

    pub(super) fn objective(&self, id: &str) -> Option<&'a ObjectiveResult> {
        self.objectives.get(id).copied()
    }

    /// The title of an objective; its id where the catalog does not know it.
    pub(super) fn objective_title(&self, id: &'a str) -> Bi<'a> {
        self.texts.objective(id).map_or_else(|| Bi::same(id), |objective| Bi::from(&objective.title))
    }

    /// A link to an objective, with where it stands.
    pub(super) fn objective_link(&self, id: &'a str) -> ObjectiveLink<'a> {
        let result = self.objective(id);
        ObjectiveLink {
            anchor: result.map(|_| anchor("o", id)),
            id,
            title: self.objective_title(id),
            chip: result.map(|result| Chip::standing(Standing::of(result.verdict, result.basis))),
        }
    }

    /// Links to controls, grouped by their documents.
    pub(super) fn control_links(&self, ids: impl Iterator<Item = &'a str>) -> ControlLinks {
        let mut groups: Vec<ControlGroup> = Vec::new();
        for id in ids {
            let (document, control) = id.split_once(':').unwrap_or(("", id));
            let name = self.texts.document(document).map_or(document, name_of);
            let result = self.controls.get(id);
            let link = ControlLink {
                anchor: result.map(|_| anchor("c", id)),
                id: control.to_owned(),
                chip: result.map(|result| Chip::standing(Standing::of(result.verdict, result.basis))),
            };
            match groups.iter_mut().find(|group| group.document == name) {
                Some(group) => group.controls.push(link),
                None => groups.push(ControlGroup { document: name.to_owned(), controls: vec![link] }),
            }
        }
        ControlLinks { groups }
    }

    /// The short form of a control's id.
    pub(super) fn short_id(&self, id: &str) -> String {
        short_control_id(self.texts, id)
    }

    /// A fact by its number.
    pub(super) fn fact(&self, number: usize) -> Option<FactView> {
        let linked = self.in_table.get(number).copied().unwrap_or_default();
        Some(FactView::new(number, linked, self.assessment.facts.get(number)?))
    }
}

/// A name for a place in the page, from an id: letters, digits, `.` and `-` as they are, everything else by its number, so that no two ids
/// share an anchor.
pub(super) fn anchor(kind: &str, id: &str) -> String {
    let mut anchor = format!("{kind}-");
    for c in id.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' => anchor.push(c),
            other => {
                let _ = write!(anchor, "_{:x}_", u32::from(other));
            }
        }
    }
    anchor
}

/// A word with its symbol.
#[derive(Template)]
#[template(path = "part_chip.html", whitespace = "minimize")]
pub(super) struct Chip {
    /// Name of its class and, with `i-` before it, of its symbol.
    pub(super) class: &'static str,
    /// The symbol.
    pub(super) icon: &'static str,
    /// The word.
    pub(super) label: Bi<'static>,
}

impl Chip {
    pub(super) fn standing(standing: Standing) -> Self {
        Self { class: standing.name(), icon: standing.name(), label: standing.label() }
    }

    pub(super) fn severity(severity: Severity) -> Self {
        Self { class: severity.name(), icon: severity.name(), label: messages::severity(severity) }
    }

    pub(super) fn outcome(outcome: Outcome) -> Self {
        let like = match outcome {
            Outcome::Fail => Standing::NotMet,
            Outcome::Inconclusive => Standing::Open,
            Outcome::NothingToCheck => Standing::NotApplicable,
            Outcome::Pass => Standing::Verified,
        };
        Self { class: like.name(), icon: like.name(), label: messages::outcome(outcome) }
    }
}

/// A link to an objective.
#[derive(Template)]
#[template(path = "part_objective.html", whitespace = "minimize")]
pub(super) struct ObjectiveLink<'a> {
    pub(super) anchor: Option<String>,
    pub(super) id: &'a str,
    pub(super) title: Bi<'a>,
    pub(super) chip: Option<Chip>,
}

/// Links to controls, grouped by their documents.
#[derive(Template)]
#[template(path = "part_controls.html", whitespace = "minimize")]
pub(super) struct ControlLinks {
    pub(super) groups: Vec<ControlGroup>,
}

/// Links to controls of one document.
pub(super) struct ControlGroup {
    pub(super) document: String,
    pub(super) controls: Vec<ControlLink>,
}

/// A link to a control.
pub(super) struct ControlLink {
    pub(super) anchor: Option<String>,
    pub(super) id: String,
    pub(super) chip: Option<Chip>,
}

/// A bar of counts.
#[derive(Template)]
#[template(path = "part_bar.html", whitespace = "minimize")]
pub(super) struct Bar {
    pub(super) segments: Vec<Segment>,
    pub(super) cells: Vec<BarCell>,
    pub(super) total: u32,
}

/// A part of a bar: where it begins and how long it is, in percent.
pub(super) struct Segment {
    pub(super) class: &'static str,
    pub(super) x: String,
    pub(super) width: String,
}

/// A number beside a bar.
pub(super) struct BarCell {
    pub(super) class: &'static str,
    pub(super) label: Bi<'static>,
    pub(super) count: u32,
}

impl Bar {
    pub(super) fn new(counts: &Counts) -> Self {
        let total = counts.total();
        let percent = |count: u32| {
            let hundredths = u64::from(count) * 10_000 / u64::from(total.max(1));
            format!("{}.{:02}%", hundredths / 100, hundredths % 100)
        };
        let mut before = 0;
        let mut segments = Vec::new();
        for standing in Standing::ALL {
            let count = standing.count(counts);
            if count > 0 {
                segments.push(Segment { class: standing.name(), x: percent(before), width: percent(count) });
            }
            before += count;
        }
        let cells = Standing::ALL.into_iter();
        let cells = cells.map(|s| BarCell { class: s.name(), label: s.label(), count: s.count(counts) }).collect();
        Self { segments, cells, total }
    }
}

/// A fact with its provenance.
#[derive(Template)]
#[template(path = "part_fact.html", whitespace = "minimize")]
pub(super) struct FactView {
    pub(super) number: usize,
    /// Whether its table shows it.
    pub(super) linked: bool,
    pub(super) kind: Bi<'static>,
    pub(super) line: Bi<'static>,
    pub(super) artefact: String,
    pub(super) path: Option<String>,
    pub(super) offset: Option<String>,
    pub(super) containers: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) excerpt: Option<String>,
}

impl FactView {
    fn new(number: usize, linked: bool, fact: &Fact) -> Self {
        /// Longest excerpt shown; collectors keep theirs shorter.
        const EXCERPT: usize = 400;
        let source = &fact.source;
        Self {
            number,
            linked,
            kind: messages::titles::kind(fact.observed.name()),
            line: facts::line(&fact.observed),
            artefact: plain::visible(&source.artefact).into_owned(),
            path: place::path(source),
            offset: place::offset(source),
            containers: place::containers(source),
            sha256: source.sha256.clone(),
            excerpt: source.excerpt.as_deref().map(|text| plain::shortened(&plain::visible_lines(text), EXCERPT)),
        }
    }
}

// These write themselves with their own templates, which escape.
impl HtmlSafe for Chip {}
impl HtmlSafe for ObjectiveLink<'_> {}
impl HtmlSafe for ControlLinks {}
impl HtmlSafe for Bar {}
impl HtmlSafe for FactView {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_tell_ids_apart_and_are_safe() {
        assert_eq!(anchor("c", "etsi-en-303-645:5.1-1"), "c-etsi-en-303-645_3a_5.1-1");
        assert_ne!(anchor("c", "a:b"), anchor("c", "a_3a_b"));
        assert!(anchor("c", "\"><script>").chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
    }

    #[test]
    fn a_bar_is_as_long_as_its_parts() {
        let counts = Counts { contradicted: 1, open: 2, met_verified: 5, ..Counts::default() };
        let bar = Bar::new(&counts);
        let parts: Vec<_> = bar.segments.iter().map(|s| (s.class, s.x.as_str(), s.width.as_str())).collect();
        assert_eq!(
            parts,
            [("contradicted", "0.00%", "12.50%"), ("open", "12.50%", "25.00%"), ("verified", "37.50%", "62.50%")]
        );
        assert_eq!(Bar::new(&Counts::default()).total, 0);
    }
}
