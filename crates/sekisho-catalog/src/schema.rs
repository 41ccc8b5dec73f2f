//! JSON Schemas of everything that people write or programs read, made from the types themselves.

use serde_json::Value;

use sekisho_model::assessment::Assessment;
use sekisho_model::catalog::{CheckFile, ConflictFile, Document, ObjectiveFile, Thesaurus, Vocabulary};
use sekisho_model::plan::Plan;
use sekisho_model::product::Product;

/// A kind of file with a schema of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `catalog/documents/*.yaml`.
    Document,
    /// `catalog/objectives/*.yaml`.
    Objectives,
    /// `catalog/checks/*.yaml`.
    Checks,
    /// `catalog/vocabulary.yaml`.
    Vocabulary,
    /// `catalog/conflicts.yaml`.
    Conflicts,
    /// `catalog/thesaurus.yaml`.
    Thesaurus,
    /// A product file.
    Product,
    /// An assessment, as `sekisho assess --format json` prints it.
    Assessment,
    /// A reading plan, as `sekisho plan --json` prints it.
    Plan,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Document,
        Self::Objectives,
        Self::Checks,
        Self::Vocabulary,
        Self::Conflicts,
        Self::Thesaurus,
        Self::Product,
        Self::Assessment,
        Self::Plan,
    ];

    /// The word in the schema's file name: `schemas/<name>.schema.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Objectives => "objectives",
            Self::Checks => "checks",
            Self::Vocabulary => "vocabulary",
            Self::Conflicts => "conflicts",
            Self::Thesaurus => "thesaurus",
            Self::Product => "product",
            Self::Assessment => "assessment",
            Self::Plan => "plan",
        }
    }
}

/// The JSON Schema (draft 2020-12) of a kind of file.
pub fn schema(kind: FileKind) -> Value {
    match kind {
        FileKind::Document => schemars::schema_for!(Document),
        FileKind::Objectives => schemars::schema_for!(ObjectiveFile),
        FileKind::Checks => schemars::schema_for!(CheckFile),
        FileKind::Vocabulary => schemars::schema_for!(Vocabulary),
        FileKind::Conflicts => schemars::schema_for!(ConflictFile),
        FileKind::Thesaurus => schemars::schema_for!(Thesaurus),
        FileKind::Product => schemars::schema_for!(Product),
        FileKind::Assessment => schemars::schema_for!(Assessment),
        FileKind::Plan => schemars::schema_for!(Plan),
    }
    .to_value()
}
