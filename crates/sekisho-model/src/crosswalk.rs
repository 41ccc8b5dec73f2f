//! What follows from the mappings for two documents: pairs of controls, gaps, the matrix, comparisons. Plain values, as the program prints
//! them with `--json`; their shapes are stable.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::{Modality, Relationship};

/// The strength of a derivation, from 1 (they may overlap) to 10 (they ask for the same): that of its weakest link.
pub type Strength = u8;

/// The lowest strength of what follows for certain; below it, the two only may have something in common.
pub const CERTAIN: Strength = 4;

/// Two controls of different documents that the hub relates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    /// The one, as `DOCUMENT:CONTROL`.
    pub from: String,
    /// The other.
    pub to: String,
    /// How the first relates to the second.
    pub relationship: Relationship,
    /// How much the derivation bears.
    pub strength: Strength,
    /// The paths that lead from one to the other, the strongest first.
    pub via: Vec<Via>,
}

/// A path from a control over an objective to another control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Via {
    /// The objective.
    pub objective: String,
    /// How the first control relates to it.
    pub from: Relationship,
    /// How the second control relates to it, read from that control's side as well.
    pub to: Relationship,
    /// How much this path bears.
    pub strength: Strength,
}

/// What meeting some documents leaves open in another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The documents that are taken as met.
    pub have: Vec<String>,
    /// The document that is wanted.
    pub want: String,
    /// Its controls, each with how far it is covered.
    pub controls: Vec<GapControl>,
}

/// How far a control is covered by other documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Covered {
    /// Nothing that is met says anything of it.
    No,
    /// What is met shares a part with it, or may.
    Partly,
    /// Who meets the documents meets it.
    Yes,
    /// It maps to no objective, so nothing can be said.
    Unmapped,
}

impl Covered {
    /// All values, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::No, Self::Partly, Self::Yes, Self::Unmapped];
}

/// A control of the wanted document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapControl {
    /// The control, as `DOCUMENT:CONTROL`.
    pub control: String,
    /// How strongly its document asks for it.
    pub modality: Modality,
    /// How far it is covered.
    pub covered: Covered,
    /// The controls of the met documents that bear on it, the strongest first.
    pub by: Vec<Pair>,
    /// Its objectives that the met documents do not hold whole.
    pub missing: Vec<String>,
}

/// Documents against objectives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Matrix {
    /// The documents, as the columns follow.
    pub documents: Vec<String>,
    /// The objectives.
    pub rows: Vec<MatrixRow>,
}

/// An objective with what each document asks of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatrixRow {
    /// The objective.
    pub objective: String,
    /// One cell for each document.
    pub cells: Vec<MatrixCell>,
}

/// What a document asks of an objective.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatrixCell {
    /// Controls that map to it.
    pub controls: usize,
    /// The closest relationship among them; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship>,
    /// Whether one of them is a requirement (`must`).
    pub required: bool,
}

/// Two documents side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The one.
    pub a: String,
    /// The other.
    pub b: String,
    /// Objectives that both ask for.
    pub both: Vec<String>,
    /// Objectives that only the first asks for.
    pub only_a: Vec<String>,
    /// Objectives that only the second asks for.
    pub only_b: Vec<String>,
}
