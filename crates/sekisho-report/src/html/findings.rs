//! Findings, the worst first, with what shows them and what to do.

use sekisho_model::verdict::Severity;

use super::parts::{Chip, Context, ControlLinks, FactView, ObjectiveLink};
use crate::bilingual::Bi;

/// How many facts of a finding are shown at once, and how many in all.
const FIRST_FACTS: usize = 5;
const ALL_FACTS: usize = 100;

/// Findings by severity.
pub(super) struct Findings<'a> {
    pub(super) groups: Vec<SeverityGroup<'a>>,
    pub(super) count: usize,
}

/// Findings of one severity.
pub(super) struct SeverityGroup<'a> {
    pub(super) chip: Chip,
    pub(super) findings: Vec<FindingView<'a>>,
}

/// A finding.
pub(super) struct FindingView<'a> {
    pub(super) anchor: String,
    pub(super) class: &'static str,
    pub(super) title: Bi<'a>,
    pub(super) message: Bi<'a>,
    pub(super) advice: Bi<'a>,
    pub(super) subject: &'a str,
    pub(super) check: &'a str,
    pub(super) contradicts: bool,
    pub(super) objective: ObjectiveLink<'a>,
    pub(super) first_facts: Vec<FactView>,
    pub(super) other_facts: Vec<FactView>,
    pub(super) left_out: usize,
    pub(super) controls: ControlLinks,
}

/// Where the finding with this number stands.
pub(super) fn finding_anchor(number: usize) -> String {
    format!("f-{}", number + 1)
}

pub(super) fn view<'a>(context: &Context<'a>) -> Findings<'a> {
    let findings = &context.assessment.findings;
    let groups = Severity::ALL.into_iter().map(|severity| {
        let of_severity = findings.iter().enumerate().filter(|(_, finding)| finding.severity == severity);
        let views = of_severity.map(|(number, finding)| {
            let facts = |range: std::ops::Range<usize>| -> Vec<FactView> {
                let numbers = finding.facts.iter().skip(range.start).take(range.len());
                numbers.filter_map(|&number| context.fact(number)).collect()
            };
            FindingView {
                anchor: finding_anchor(number),
                class: severity.name(),
                title: Bi::from(&finding.title),
                message: Bi::from(&finding.message),
                advice: Bi::from(&finding.advice),
                subject: &finding.subject,
                check: &finding.check,
                contradicts: finding.contradicts_answer,
                objective: context.objective_link(&finding.objective),
                first_facts: facts(0..FIRST_FACTS),
                other_facts: facts(FIRST_FACTS..ALL_FACTS),
                left_out: finding.facts.len().saturating_sub(ALL_FACTS),
                controls: context.control_links(finding.controls.iter().map(String::as_str)),
            }
        });
        SeverityGroup { chip: Chip::severity(severity), findings: views.collect() }
    });
    Findings { groups: groups.filter(|group| !group.findings.is_empty()).collect(), count: findings.len() }
}
