//! The hub: objectives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// The objectives of one area: `catalog/objectives/<area>.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveFile {
    /// Id of the area.
    pub area: String,
    /// Name of the area.
    pub title: Text,
    /// Its objectives.
    pub objectives: Vec<Objective>,
}

/// One thing that a product, or the people behind it, can be seen to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Stable id: the area, then words.
    pub id: String,
    /// Where it can be seen.
    pub kind: ObjectiveKind,
    /// Title.
    pub title: Text,
    /// Why it matters.
    pub intent: Text,
    /// What counts as met.
    pub met_when: Text,
    /// How a person checks it.
    pub how_to_check: Text,
    /// The question to ask.
    pub question: Text,
    /// What to do to meet it.
    pub advice: Text,
    /// When it applies, over traits; `true` for always.
    pub applies_when: String,
    /// Threats of the ENISA baseline that it works against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threats: Vec<String>,
    /// Why no control of the catalog asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Text>,
}

/// Where an objective can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectiveKind {
    /// In the product.
    Technical,
    /// In records of what people do.
    Process,
    /// In what is published.
    Disclosure,
}
