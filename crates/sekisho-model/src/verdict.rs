//! Verdicts: where an objective, and through it each control, stands.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where something stands. Never more than was seen. Ordered by how much is known to be met; what does not apply stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Seen not to be so, though somebody says it is.
    Contradicted,
    /// Seen or said not to be so.
    NotMet,
    /// Nothing settles it.
    Open,
    /// Something speaks for it, nobody confirms it.
    Unconfirmed,
    /// In part.
    PartlyMet,
    /// It is so: [`Basis`] says on what that rests.
    Met,
    /// It does not arise for this product.
    NotApplicable,
}

impl Verdict {
    /// All, in the order in which reports show them.
    pub const ALL: [Self; 7] = [
        Self::Contradicted,
        Self::NotMet,
        Self::PartlyMet,
        Self::Open,
        Self::Unconfirmed,
        Self::Met,
        Self::NotApplicable,
    ];

    /// The word in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contradicted => "contradicted",
            Self::NotMet => "not-met",
            Self::PartlyMet => "partly-met",
            Self::Open => "open",
            Self::Unconfirmed => "unconfirmed",
            Self::Met => "met",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Whether it was seen or said not to be so.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Contradicted | Self::NotMet)
    }

    /// Whether it is not settled.
    pub fn is_unsettled(self) -> bool {
        matches!(self, Self::Open | Self::Unconfirmed)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// On what a verdict rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Nothing.
    None,
    /// What the product file declares (for `not-applicable`).
    Declared,
    /// What a person said.
    Attested,
    /// What was seen.
    Verified,
}

impl Basis {
    /// The word in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Declared => "declared",
            Self::Attested => "attested",
            Self::Verified => "verified",
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hardly exploitable by itself.
    Low,
    /// Eases an attack.
    Medium,
    /// Lets an attacker in under common circumstances.
    High,
    /// Lets anybody in.
    Critical,
}

impl Severity {
    /// All, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// What it expects was seen not to hold.
    Fail,
    /// Not everything it needs was looked at.
    Inconclusive,
    /// Everything was looked at, and there is nothing it is about.
    NothingToCheck,
    /// What it expects holds.
    Pass,
}

impl Outcome {
    /// The word in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::NothingToCheck => "nothing-to-check",
            Self::Pass => "pass",
        }
    }
}
