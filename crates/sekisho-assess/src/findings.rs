//! Findings: what failed, the worst first, each with the controls that fail by it.

use std::collections::BTreeSet;

use sekisho_model::assessment::{ControlResult, Finding, ObjectiveResult};
use sekisho_model::catalog::Effect;
use sekisho_model::verdict::{Outcome, Verdict};

use crate::checks::Ran;

/// One finding for each check and component on which it fails and refutes its objective. An objective that does not apply has none.
pub(crate) fn findings(ran: &[Ran<'_>], objectives: &[ObjectiveResult], controls: &[ControlResult]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ran in ran.iter().filter(|r| r.result.outcome == Outcome::Fail && r.result.effect == Effect::Refutes) {
        let check = ran.check;
        let Some(objective) = objectives.iter().find(|o| o.id == check.objective) else { continue };
        if objective.verdict == Verdict::NotApplicable {
            continue;
        }
        let failing: BTreeSet<&String> = controls
            .iter()
            .filter(|c| c.verdict.is_failure())
            .filter(|c| {
                c.objectives.iter().any(|o| {
                    o.objective == check.objective
                        && (o.relation.contains_objective() || o.decided_by.contains(&check.id))
                })
            })
            .map(|c| &c.id)
            .collect();
        for (subject, facts) in &ran.failures {
            findings.push(Finding {
                check: check.id.clone(),
                objective: check.objective.clone(),
                severity: check.severity,
                contradicts_answer: objective.verdict == Verdict::Contradicted,
                subject: subject.clone(),
                title: check.title.clone(),
                message: check.finding.clone(),
                advice: check.advice.clone(),
                facts: facts.clone(),
                controls: failing.iter().map(|&id| id.clone()).collect(),
            });
        }
    }
    findings.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then_with(|| a.check.cmp(&b.check)).then_with(|| a.subject.cmp(&b.subject))
    });
    findings
}
