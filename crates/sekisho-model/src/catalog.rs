//! The catalog's nouns: documents with controls and concepts, objectives, checks, vocabulary.
//!
//! These types are the data format: the YAML files under `catalog/` are read into them, and the JSON Schemas that editors use are made from
//! them. They hold what people wrote; whether it is consistent is `sekisho-catalog`'s business.

mod check;
mod conflict;
mod document;
mod objective;
mod thesaurus;
mod vocabulary;

pub use check::{Check, CheckFile, CheckTest, CheckTests, Effect, Expectation};
pub use conflict::{Conflict, ConflictFile, Side};
pub use document::{
    Basis, Binding, Concept, ConceptKind, Condition, Control, ControlKind, Detail, Document, DocumentKind,
    EarlierEdition, EditionStatus, Force, Licence, Mapping, Modality, NOT_YET_MAPPED, Provenance, Publisher, Reading,
    Relation, RelationKind, Relationship, Section, Status, Successor,
};
pub use objective::{Objective, ObjectiveFile, ObjectiveKind};
pub use thesaurus::{SearchTerm, Thesaurus};
pub use vocabulary::{Term, TraitTerm, Vocabulary};
