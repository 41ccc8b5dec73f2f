//! The thesaurus: words of the field that mean the same, in both languages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `catalog/thesaurus.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thesaurus {
    /// Terms.
    pub terms: Vec<SearchTerm>,
}

/// Words that a search treats as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchTerm {
    /// Stable id in kebab case.
    pub id: String,
    /// English words and phrases.
    #[schemars(length(min = 1))]
    pub en: Vec<String>,
    /// Japanese words.
    #[schemars(length(min = 1))]
    pub ja: Vec<String>,
}
