//! Where something stands, as reports show it: the verdict, with "met" told apart by what it rests on.

use sekisho_model::assessment::Counts;
use sekisho_model::verdict::{Basis, Verdict};

use crate::bilingual::Bi;
use crate::messages as m;

/// A verdict as shown: [`Verdict::Met`] is two things, seen or said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Contradicted,
    NotMet,
    PartlyMet,
    Open,
    Unconfirmed,
    Verified,
    Attested,
    NotApplicable,
}

impl Standing {
    /// All, in the order in which they are shown.
    pub(crate) const ALL: [Self; 8] = [
        Self::Contradicted,
        Self::NotMet,
        Self::PartlyMet,
        Self::Open,
        Self::Unconfirmed,
        Self::Verified,
        Self::Attested,
        Self::NotApplicable,
    ];

    pub(crate) fn of(verdict: Verdict, basis: Basis) -> Self {
        match verdict {
            Verdict::Contradicted => Self::Contradicted,
            Verdict::NotMet => Self::NotMet,
            Verdict::PartlyMet => Self::PartlyMet,
            Verdict::Open => Self::Open,
            Verdict::Unconfirmed => Self::Unconfirmed,
            Verdict::Met if basis == Basis::Verified => Self::Verified,
            Verdict::Met => Self::Attested,
            Verdict::NotApplicable => Self::NotApplicable,
        }
    }

    /// How many of `counts` stand so.
    pub(crate) fn count(self, counts: &Counts) -> u32 {
        match self {
            Self::Contradicted => counts.contradicted,
            Self::NotMet => counts.not_met,
            Self::PartlyMet => counts.partly_met,
            Self::Open => counts.open,
            Self::Unconfirmed => counts.unconfirmed,
            Self::Verified => counts.met_verified,
            Self::Attested => counts.met_attested,
            Self::NotApplicable => counts.not_applicable,
        }
    }

    /// The word in class names and ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::NotMet => "not-met",
            Self::PartlyMet => "partly-met",
            Self::Open => "open",
            Self::Unconfirmed => "unconfirmed",
            Self::Verified => "verified",
            Self::Attested => "attested",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The word for people.
    pub(crate) fn label(self) -> Bi<'static> {
        match self {
            Self::Contradicted => m::CONTRADICTED,
            Self::NotMet => m::NOT_MET,
            Self::PartlyMet => m::PARTLY_MET,
            Self::Open => m::OPEN,
            Self::Unconfirmed => m::UNCONFIRMED,
            Self::Verified => m::VERIFIED,
            Self::Attested => m::ATTESTED,
            Self::NotApplicable => m::NOT_APPLICABLE,
        }
    }

    /// What it means, for the glossary.
    pub(crate) fn meaning(self) -> Bi<'static> {
        match self {
            Self::Contradicted => m::CONTRADICTED_MEANS,
            Self::NotMet => m::NOT_MET_MEANS,
            Self::PartlyMet => m::PARTLY_MET_MEANS,
            Self::Open => m::OPEN_MEANS,
            Self::Unconfirmed => m::UNCONFIRMED_MEANS,
            Self::Verified => m::VERIFIED_MEANS,
            Self::Attested => m::ATTESTED_MEANS,
            Self::NotApplicable => m::NOT_APPLICABLE_MEANS,
        }
    }
}
