//! Conflicts: where documents ask for what cannot both be done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// `catalog/conflicts.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConflictFile {
    /// The conflicts.
    pub conflicts: Vec<Conflict>,
}

/// Two demands that pull against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Stable id in kebab case.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Why both cannot be done as they stand.
    pub statement: Text,
    /// The sides.
    #[schemars(length(min = 2))]
    pub sides: Vec<Side>,
    /// How products usually do justice to both.
    pub resolution: Text,
    /// When it arises, over traits; always where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_when: Option<String>,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// What this side asks for.
    pub asks: Text,
    /// The controls that ask for it, as `DOCUMENT:CONTROL` with the document's id.
    #[schemars(length(min = 1))]
    pub controls: Vec<String>,
}
