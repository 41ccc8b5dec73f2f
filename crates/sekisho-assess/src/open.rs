//! What was not looked at, and what would settle it.

use std::collections::BTreeSet;

use sekisho_model::artefact::ArtefactKind;
use sekisho_model::assessment::{NotLookedAt, ObjectiveResult};
use sekisho_model::catalog::Check;
use sekisho_model::coverage::{Aspect, Coverage};
use sekisho_model::product::Product;
use sekisho_model::verdict::{Basis, Verdict};

use crate::aspects::{expects, gaps};
use crate::assess::Unread;
use crate::messages;

/// Everything that was not looked at: artefacts not given, not read, read in part; and the questions that nobody answered.
pub(crate) fn not_looked_at(
    product: &Product,
    coverage: &[Coverage],
    unread: &[Unread],
    checks: &[Check],
    objectives: &[ObjectiveResult],
) -> Vec<NotLookedAt> {
    let resting_on = |aspects: &[Aspect]| resting_on(aspects, checks, objectives);
    let mut open = Vec::new();
    for unread in unread {
        let aspects = unread.artefact.kind.aspects();
        open.push(NotLookedAt {
            what: unread.artefact.kind.name().to_owned(),
            subject: Some(unread.artefact.subject.clone()),
            artefact: Some(unread.artefact.name.clone()),
            reason: messages::unread(&unread.artefact.name, &unread.reason),
            settled_by: messages::replace_artefact(),
            objectives: resting_on(aspects),
            gaps: Vec::new(),
        });
    }
    for ((subject, artefact), (aspects, gaps)) in gaps(coverage) {
        open.push(NotLookedAt {
            what: aspects.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "),
            subject: Some(subject),
            reason: messages::incomplete(&aspects, &artefact),
            artefact: Some(artefact),
            settled_by: messages::look_at_gaps(&aspects),
            objectives: resting_on(&aspects),
            gaps,
        });
    }
    for component in &product.components {
        for kind in ArtefactKind::ALL {
            let named = match kind {
                ArtefactKind::Vulnerabilities => coverage.iter().any(|c| Aspect::VULNERABILITIES.contains(&c.aspect)),
                _ => !component.artefacts(kind).is_empty(),
            };
            if expects(component, kind) && !named {
                open.push(NotLookedAt {
                    what: kind.name().to_owned(),
                    subject: Some(component.id.clone()),
                    artefact: None,
                    reason: messages::no_artefact(kind, &component.id),
                    settled_by: messages::give_artefact(kind, &component.id),
                    objectives: resting_on(kind.aspects()),
                    gaps: Vec::new(),
                });
            }
        }
    }
    let unanswered: Vec<String> = objectives
        .iter()
        .filter(|o| o.answer.is_none() && o.verdict.is_unsettled() || o.answer_expired)
        .map(|o| o.id.clone())
        .collect();
    if !unanswered.is_empty() {
        open.push(NotLookedAt {
            what: "answers".to_owned(),
            subject: None,
            artefact: None,
            reason: messages::nobody_answered(),
            settled_by: messages::answer_questions(),
            objectives: unanswered,
            gaps: Vec::new(),
        });
    }
    open
}

/// The objectives whose verdict could change if the aspects were looked at.
fn resting_on(aspects: &[Aspect], checks: &[Check], objectives: &[ObjectiveResult]) -> Vec<String> {
    let settled = |o: &ObjectiveResult| {
        o.verdict == Verdict::NotApplicable || (o.basis == Basis::Verified && o.verdict.is_failure())
    };
    let open: BTreeSet<&str> = objectives.iter().filter(|o| !settled(o)).map(|o| o.id.as_str()).collect();
    let resting: BTreeSet<&str> = checks
        .iter()
        .filter(|c| c.needs.iter().any(|need| aspects.contains(need)))
        .map(|c| c.objective.as_str())
        .filter(|id| open.contains(id))
        .collect();
    resting.into_iter().map(str::to_owned).collect()
}
