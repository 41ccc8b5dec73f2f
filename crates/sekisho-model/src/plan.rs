//! The reading plan: what to read, in which order, for what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::assessment::LeftOut;

/// The layout of a plan written as JSON; another number says that programs that read it must change.
pub const FORMAT: &str = "sekisho-plan/1";

/// Who wants to read, and how much. What is left out leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// Roles towards the product, such as `developer`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Industries the product is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub industries: Vec<String>,
    /// Markets it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markets: Vec<String>,
    /// Phases of the life cycle that the reader is busy with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<String>,
    /// Languages the reader reads (BCP 47).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// What was read already: `DOCUMENT` or `DOCUMENT:CHAPTER`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
    /// Documents to read in any case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Documents not to read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// How many pages the reader is willing to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u64>,
}

/// What to read. `sekisho plan --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The layout: `sekisho-plan/1`.
    pub format: String,
    /// SHA-256 of the compiled catalog that it was made from.
    pub catalog: String,
    /// For whom it is, with documents by their ids.
    pub reader: Reader,
    /// What to read, in order, one step for each document.
    pub steps: Vec<Step>,
    /// How much there is to read, with the plan and without.
    pub pages: PageTotals,
    /// How far the plan gets.
    pub coverage: Coverage,
    /// Objectives that may apply and of which nothing in the plan, and nothing read before, speaks.
    pub uncovered: Vec<Uncovered>,
    /// Chapters that have to be read and go beyond the pages that the reader is willing to read.
    pub over_budget: Vec<OverBudget>,
    /// Documents that bind in the chosen markets, or on which labels there rest, and that ask only other roles for something.
    pub for_other_roles: Vec<String>,
    /// Documents that concern the reader and of which the plan takes nothing.
    pub passed_over: Vec<PassedOver>,
    /// Documents of the catalog that the plan does not choose from, and why.
    pub left_out: Vec<LeftOut>,
}

/// One document of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// The document's id.
    pub document: String,
    /// Why it is in the plan.
    pub why: Why,
    /// The chosen markets in which it binds with that force; empty where it binds everywhere or nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markets: Vec<String>,
    /// Since when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Whether it exists in no language that the reader reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub foreign: bool,
    /// Pages of this step; pages that chapters share count once.
    pub pages: u64,
    /// Whether some of these pages are estimated.
    pub estimated: bool,
    /// What to read of it, in its own order.
    pub chapters: Vec<Chapter>,
    /// For which other roles it is written, beyond those of the reader.
    pub also_for: Vec<String>,
    /// Where the reader stands after it.
    pub after: Standing,
}

/// Why a document is in a plan, the most pressing reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The law of a chosen market demands what it asks.
    Mandatory,
    /// It exists for a label or certificate of a chosen market: its own words count.
    Label,
    /// The reader asked for it.
    Asked,
    /// A label or certificate of a chosen market rests on it, and it adds something.
    Basis,
    /// It adds something.
    Adds,
    /// It is no longer the current edition, and adds something that no current document says.
    Superseded,
}

/// A chapter to read, or a whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chapter {
    /// Number in the document's contents; absent where the whole document is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// Title; absent where the whole document is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Where it stands in the document: page numbers such as `05-12`; absent where they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// How many pages it has.
    pub pages: u64,
    /// Whether that number is estimated.
    pub estimated: bool,
    /// The controls in it that concern the reader.
    pub controls: Vec<String>,
    /// What nothing before it in the plan said.
    pub adds: Vec<Added>,
    /// Whether it is recommended to one of the reader's roles in particular.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recommended: bool,
}

/// An objective that a chapter adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Added {
    /// The objective.
    pub objective: String,
    /// How much of it.
    pub part: Part,
}

/// How much of an objective a chapter adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// All of it: a control that is equal to the objective or asks for more.
    Whole,
    /// The part that was missing, where something before spoke of it.
    Rest,
    /// A part: a control that asks for less or overlaps.
    Part,
}

/// Where the reader stands after a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// Pages read so far.
    pub pages: u64,
    /// Objectives spoken of so far.
    pub covered: usize,
    /// Those of them that were said as a whole.
    pub whole: usize,
}

/// How much there is to read, in pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageTotals {
    /// Pages of the plan.
    pub plan: u64,
    /// How many of them are estimated.
    pub plan_estimated: u64,
    /// Pages of all the documents that the plan could choose from; of those no longer current only the ones that it uses.
    pub all: u64,
    /// How many of them are estimated.
    pub all_estimated: u64,
    /// How many documents these are.
    pub documents: usize,
    /// Pages of what has to be read in the chosen markets: laws, criteria of labels, and what was asked for.
    pub obligations: u64,
}

/// How far the plan gets, in objectives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Those that may apply.
    pub apply: usize,
    /// Those that a document which the plan could choose from, or that was read before, speaks of.
    pub possible: usize,
    /// Those that the plan, or what was read before, speaks of.
    pub covered: usize,
    /// Those of them that are said as a whole.
    pub whole: usize,
    /// Those that were spoken of in what was read before.
    pub before: usize,
}

/// An objective that the plan leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uncovered {
    /// The objective.
    pub objective: String,
    /// Why.
    pub because: Uncovering,
    /// The documents that speak of it.
    pub documents: Vec<String>,
}

/// Why an objective is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Uncovering {
    /// The pages do not suffice.
    Pages,
    /// Only what is for others speaks of it: documents left out, or controls for other roles or phases.
    ForOthers,
    /// No document of the catalog asks for it.
    NotAsked,
}

/// A chapter that has to be read and that the pages do not suffice for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OverBudget {
    /// The document.
    pub document: String,
    /// The chapter; absent where the whole document is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// Its pages.
    pub pages: u64,
    /// Whether that number is estimated.
    pub estimated: bool,
}

/// A document that concerns the reader and of which the plan takes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassedOver {
    /// The document.
    pub document: String,
    /// Its pages.
    pub pages: u64,
    /// Whether some of them are estimated.
    pub estimated: bool,
    /// How many objectives it would add to the plan; none unless the pages are limited.
    pub would_add: usize,
}
