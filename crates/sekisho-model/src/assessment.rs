//! The assessment: everything that was asked, seen, said and concluded about one product, as one value.
//!
//! This is what `sekisho assess --format json` prints; its JSON Schema is published as `schemas/assessment.schema.json`. Reports are made from
//! it and from nothing else but the catalog's texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::answer::Answer;
use crate::artefact::Artefact;
use crate::catalog::{Effect, Modality, Relationship};
use crate::coverage::{Coverage, Gap};
use crate::fact::Fact;
use crate::product::Product;
use crate::trait_id::Trait;
use crate::verdict::{Basis, Outcome, Severity, Verdict};
use crate::vulnerability::DatabaseUse;

/// The version of this shape; raised when something is removed or changes its meaning.
pub const FORMAT: &str = "sekisho-assessment/1";

/// An assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// Always [`FORMAT`].
    pub format: String,
    /// The program that made it, with its version.
    pub tool: String,
    /// When it was made (RFC 3339, UTC).
    pub made: String,
    /// SHA-256 of the compiled catalog that it rests on.
    pub catalog: String,
    /// The product as its file describes it.
    pub product: Product,
    /// What follows from that for what applies.
    pub traits: Vec<TraitState>,
    /// What was read.
    pub artefacts: Vec<Artefact>,
    /// The vulnerability database that components were held against, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseUse>,
    /// The documents that were assessed.
    pub documents: Vec<DocumentResult>,
    /// The documents of the catalog that do not concern the product, with the reason.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// The objectives that these documents ask for.
    pub objectives: Vec<ObjectiveResult>,
    /// The documents' controls.
    pub controls: Vec<ControlResult>,
    /// What was found wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What was seen.
    pub facts: Vec<Fact>,
    /// How far collectors looked.
    pub coverage: Vec<Coverage>,
    /// What was not looked at, and what would settle it.
    pub not_looked_at: Vec<NotLookedAt>,
}

/// A trait of this product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TraitState {
    /// The trait.
    #[serde(rename = "trait")]
    #[schemars(with = "String")]
    pub id: Trait,
    /// True, false, or absent where not known.
    pub value: Option<bool>,
    /// Why.
    pub because: Text,
}

/// A document that was not assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// The document.
    pub id: String,
    /// Why it does not concern the product.
    pub because: Text,
}

/// Where a document stands, by counts of its controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentResult {
    /// The document.
    pub id: String,
    /// Its edition, as the catalog knows it.
    pub edition: Option<String>,
    /// When that was published.
    pub published: String,
    /// Controls in each verdict.
    pub counts: Counts,
    /// The same for the required controls alone.
    pub required: Counts,
}

/// Numbers of verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// See [`Verdict::Contradicted`].
    pub contradicted: u32,
    /// See [`Verdict::NotMet`].
    pub not_met: u32,
    /// See [`Verdict::PartlyMet`].
    pub partly_met: u32,
    /// See [`Verdict::Open`].
    pub open: u32,
    /// See [`Verdict::Unconfirmed`].
    pub unconfirmed: u32,
    /// [`Verdict::Met`], seen.
    pub met_verified: u32,
    /// [`Verdict::Met`], said.
    pub met_attested: u32,
    /// See [`Verdict::NotApplicable`].
    pub not_applicable: u32,
}

impl Counts {
    /// Counts one verdict with its basis.
    pub fn add(&mut self, verdict: Verdict, basis: Basis) {
        let slot = match verdict {
            Verdict::Contradicted => &mut self.contradicted,
            Verdict::NotMet => &mut self.not_met,
            Verdict::PartlyMet => &mut self.partly_met,
            Verdict::Open => &mut self.open,
            Verdict::Unconfirmed => &mut self.unconfirmed,
            Verdict::Met if basis == Basis::Verified => &mut self.met_verified,
            Verdict::Met => &mut self.met_attested,
            Verdict::NotApplicable => &mut self.not_applicable,
        };
        *slot += 1;
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.applicable() + self.not_applicable
    }

    /// All that apply.
    pub fn applicable(&self) -> u32 {
        self.failed() + self.partly_met + self.unsettled() + self.met()
    }

    /// Contradicted or not met.
    pub fn failed(&self) -> u32 {
        self.contradicted + self.not_met
    }

    /// Open or unconfirmed.
    pub fn unsettled(&self) -> u32 {
        self.open + self.unconfirmed
    }

    /// Met, seen or said.
    pub fn met(&self) -> u32 {
        self.met_verified + self.met_attested
    }
}

/// Where an objective stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectiveResult {
    /// The objective.
    pub id: String,
    /// Where it stands.
    pub verdict: Verdict,
    /// On what that rests.
    pub basis: Basis,
    /// Why, in a sentence.
    pub because: Text,
    /// The checks that bear on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckResult>,
    /// What a person said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Whether the answer has expired and does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answer_expired: bool,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckResult {
    /// The check.
    pub check: String,
    /// Its outcome.
    pub outcome: Outcome,
    /// What that does to the objective.
    pub effect: Effect,
    /// The facts it rests on, as indices into the assessment's facts: for a failure those that fail, for a pass those that pass (the first
    /// [`CheckResult::MAX_FACTS`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<usize>,
    /// How many facts it rests on in all.
    pub fact_count: usize,
    /// Why it is inconclusive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Text>,
}

impl CheckResult {
    /// How many facts are listed at most; a failure's are always listed in full.
    pub const MAX_FACTS: usize = 20;
}

/// Where a control stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ControlResult {
    /// `DOCUMENT:CONTROL`.
    pub id: String,
    /// Where it stands.
    pub verdict: Verdict,
    /// On what that rests.
    pub basis: Basis,
    /// How strongly the document asks for it.
    pub modality: Modality,
    /// Why, in a sentence.
    pub because: Text,
    /// The objectives it follows from.
    pub objectives: Vec<ControlObjective>,
}

/// What an objective says about a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ControlObjective {
    /// The objective.
    pub objective: String,
    /// How the control relates to it.
    pub relation: Relationship,
    /// Where the objective stands.
    pub verdict: Verdict,
    /// Named checks that decide the control, where they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided_by: Vec<String>,
}

/// Something found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The check that found it.
    pub check: String,
    /// The objective it refutes.
    pub objective: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether somebody says the opposite.
    pub contradicts_answer: bool,
    /// The component it is about.
    pub subject: String,
    /// What it is.
    pub title: Text,
    /// What it means.
    pub message: Text,
    /// What to do.
    pub advice: Text,
    /// The facts that show it, as indices into the assessment's facts.
    pub facts: Vec<usize>,
    /// The controls that fail by it.
    pub controls: Vec<String>,
}

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotLookedAt {
    /// What: an aspect such as `firmware.accounts`, or a question.
    pub what: String,
    /// The component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The artefact, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artefact: Option<String>,
    /// Why.
    pub reason: Text,
    /// What would settle it.
    pub settled_by: Text,
    /// Objectives that stay unsettled by it.
    pub objectives: Vec<String>,
    /// Single places that were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}
