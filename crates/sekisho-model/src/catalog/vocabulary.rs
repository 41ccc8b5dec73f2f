//! The vocabulary: the words that data may use, with their labels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// `catalog/vocabulary.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Roles: readers, addressees, the user's own.
    pub roles: Vec<Term>,
    /// Industries.
    pub industries: Vec<Term>,
    /// Layers of a product.
    pub layers: Vec<Term>,
    /// Phases of the life cycle.
    pub phases: Vec<Term>,
    /// Kinds of documents.
    pub document_kinds: Vec<Term>,
    /// Levels of detail.
    pub details: Vec<Term>,
    /// Statuses of documents.
    pub statuses: Vec<Term>,
    /// Binding forces.
    pub forces: Vec<Term>,
    /// Markets.
    pub markets: Vec<Term>,
    /// Kinds of controls.
    pub control_kinds: Vec<Term>,
    /// Kinds of concepts.
    pub concept_kinds: Vec<Term>,
    /// Modalities.
    pub modalities: Vec<Term>,
    /// Kinds of product components.
    pub component_kinds: Vec<Term>,
    /// Kinds of interfaces.
    pub interface_kinds: Vec<Term>,
    /// Traits of a product.
    pub traits: Vec<TraitTerm>,
}

/// A word and its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The word in data.
    pub id: String,
    /// The word for people.
    pub label: Text,
}

/// A trait and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraitTerm {
    /// The identifier in conditions.
    pub id: String,
    /// The trait for people.
    pub label: Text,
    /// What it means for a product to have it.
    pub meaning: Text,
}
