//! How to read the verdicts.

use super::parts::Chip;
use crate::bilingual::Bi;
use crate::messages::{self as w, page as m};
use crate::standing::Standing;
use sekisho_model::verdict::Severity;

/// Words and their meanings.
pub(super) struct Glossary {
    pub(super) standings: Vec<(Chip, Bi<'static>)>,
    pub(super) relations: [(Bi<'static>, Bi<'static>); 4],
    pub(super) severities: Vec<(Chip, Bi<'static>)>,
}

pub(super) fn view() -> Glossary {
    Glossary {
        standings: Standing::ALL.into_iter().map(|s| (Chip::standing(s), s.meaning())).collect(),
        relations: [
            (w::EQUAL, m::EQUAL_MEANS),
            (w::SUBSET_OF, m::SUBSET_MEANS),
            (w::SUPERSET_OF, m::SUPERSET_MEANS),
            (w::INTERSECTS_WITH, m::INTERSECTS_MEANS),
        ],
        severities: Severity::ALL.into_iter().map(|s| (Chip::severity(s), severity_meaning(s))).collect(),
    }
}

fn severity_meaning(severity: Severity) -> Bi<'static> {
    match severity {
        Severity::Critical => m::CRITICAL_MEANS,
        Severity::High => m::HIGH_MEANS,
        Severity::Medium => m::MEDIUM_MEANS,
        Severity::Low => m::LOW_MEANS,
        Severity::Info => m::INFO_MEANS,
    }
}
