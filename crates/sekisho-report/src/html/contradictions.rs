//! Contradictions: what is stated and what was seen, side by side.

use sekisho_model::verdict::Verdict;

use super::objectives::{AnswerView, answer_view};
use super::parts::{Chip, Context, ControlLinks, FactView, anchor};
use crate::bilingual::Bi;

/// How many facts stand in a contradiction; all of them stand in the finding.
const FACTS: usize = 3;

/// An objective that somebody says is met and that was seen not to be.
pub(super) struct Contradiction<'a> {
    pub(super) anchor: String,
    pub(super) id: &'a str,
    pub(super) title: Bi<'a>,
    pub(super) question: Option<Bi<'a>>,
    pub(super) answer: Option<AnswerView<'a>>,
    pub(super) seen: Vec<Seen<'a>>,
    pub(super) controls: ControlLinks,
}

/// What was seen instead.
pub(super) struct Seen<'a> {
    pub(super) anchor: String,
    pub(super) title: Bi<'a>,
    pub(super) severity: Chip,
    pub(super) facts: Vec<FactView>,
    pub(super) more: usize,
}

pub(super) fn view<'a>(context: &Context<'a>) -> Vec<Contradiction<'a>> {
    let contradicted = context.assessment.objectives.iter().filter(|o| o.verdict == Verdict::Contradicted);
    contradicted
        .map(|result| {
            let findings = context.assessment.findings.iter().enumerate().filter(|(_, f)| f.objective == result.id);
            let seen = findings.map(|(number, finding)| Seen {
                anchor: super::findings::finding_anchor(number),
                title: Bi::from(&finding.title),
                severity: Chip::severity(finding.severity),
                facts: finding.facts.iter().take(FACTS).filter_map(|&fact| context.fact(fact)).collect(),
                more: finding.facts.len().saturating_sub(FACTS),
            });
            let controls = context.assessment.controls.iter().filter(|control| {
                (control.verdict.is_failure() || control.verdict == Verdict::PartlyMet)
                    && control.objectives.iter().any(|o| o.objective == result.id)
            });
            Contradiction {
                anchor: anchor("o", &result.id),
                id: &result.id,
                title: context.objective_title(&result.id),
                question: context.texts.objective(&result.id).map(|objective| Bi::from(&objective.question)),
                answer: result.answer.as_ref().map(|answer| answer_view(answer, result.answer_expired)),
                seen: seen.collect(),
                controls: context.control_links(controls.map(|control| control.id.as_str())),
            }
        })
        .collect()
}
