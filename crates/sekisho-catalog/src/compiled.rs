//! The compiled catalog: bytes that the program embeds and opens without parsing.
//!
//! Layout: a MessagePack record of sections, each of them MessagePack bytes of its own, so that opening the catalog touches only the
//! directory, and a document is decoded when it is asked for. MessagePack with field names, and not a format without, because the
//! types leave out what is not set.

use std::sync::OnceLock;

use sekisho_model::catalog::{Check, Conflict, Document, ObjectiveFile, SearchTerm, Thesaurus, Vocabulary};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::files::Parts;

/// Version of the layout.
const LAYOUT: u32 = 2;

/// Bytes that are no compiled catalog of this version.
#[derive(Debug, Error)]
#[error("not a compiled catalog of this version: {0}")]
pub struct BadCatalog(pub(crate) String);

/// The directory as stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    layout: u32,
    #[serde(with = "bytes")]
    vocabulary: Vec<u8>,
    #[serde(with = "bytes")]
    objectives: Vec<u8>,
    #[serde(with = "bytes")]
    checks: Vec<u8>,
    #[serde(with = "bytes")]
    conflicts: Vec<u8>,
    #[serde(with = "bytes")]
    thesaurus: Vec<u8>,
    documents: Vec<StoredDocument>,
}

#[derive(Serialize, Deserialize)]
struct StoredDocument {
    id: String,
    aliases: Vec<String>,
    #[serde(with = "bytes")]
    content: Vec<u8>,
}

/// Byte strings as MessagePack's `bin`, which serde does not choose by itself for a `Vec<u8>`.
mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    #[expect(clippy::ptr_arg, reason = "serde's `with` hands over the field's own type")]
    pub(super) fn serialize<S: Serializer>(bytes: &Vec<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a byte string")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Packs parts that [`lint`](crate::lint) found no error in. Tests of checks stay behind: the program does not need them.
pub fn compile(parts: &Parts) -> Vec<u8> {
    let checks: Vec<Check> = parts
        .checks
        .iter()
        .flat_map(|file| &file.value.checks)
        .cloned()
        .map(|mut check| {
            check.tests.pass.clear();
            check.tests.fail.clear();
            check
        })
        .collect();
    let objectives: Vec<&ObjectiveFile> = parts.objectives.iter().map(|file| &file.value).collect();
    let conflicts: Vec<&Conflict> = parts.conflicts.iter().flat_map(|file| &file.value.conflicts).collect();
    let terms: Vec<SearchTerm> = parts.thesaurus.iter().flat_map(|file| &file.value.terms).cloned().collect();
    let stored = Stored {
        layout: LAYOUT,
        vocabulary: pack(&parts.vocabulary.as_ref().map(|v| &v.value).cloned().unwrap_or_default()),
        objectives: pack(&objectives),
        checks: pack(&checks),
        conflicts: pack(&conflicts),
        thesaurus: pack(&Thesaurus { terms }),
        documents: parts
            .documents
            .iter()
            .map(|document| StoredDocument {
                id: document.value.id.clone(),
                aliases: document.value.aliases.clone(),
                content: pack(&document.value),
            })
            .collect(),
    };
    pack(&stored)
}

fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(value).expect("catalog types hold nothing that MessagePack cannot say")
}

fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, BadCatalog> {
    rmp_serde::from_slice(bytes).map_err(|error| BadCatalog(error.to_string()))
}

/// An opened catalog whose sections are decoded on first use.
pub(crate) struct Opened {
    stored: Stored,
    vocabulary: OnceLock<Vocabulary>,
    objectives: OnceLock<Vec<ObjectiveFile>>,
    checks: OnceLock<Vec<Check>>,
    conflicts: OnceLock<Vec<Conflict>>,
    thesaurus: OnceLock<Thesaurus>,
    documents: Vec<OnceLock<Document>>,
}

/// Decodes a section that was packed by this very layout; bytes that were not are refused when the catalog is opened.
fn section<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> T {
    unpack(bytes).expect("the sections were verified or packed by this program")
}

impl Opened {
    /// Opens bytes that [`compile`] made in this very build: only the directory is read.
    pub(crate) fn trusted(bytes: &[u8]) -> Result<Self, BadCatalog> {
        let stored: Stored = unpack(bytes)?;
        if stored.layout != LAYOUT {
            return Err(BadCatalog(format!("layout {} instead of {LAYOUT}", stored.layout)));
        }
        let documents = stored.documents.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            stored,
            vocabulary: OnceLock::new(),
            objectives: OnceLock::new(),
            checks: OnceLock::new(),
            conflicts: OnceLock::new(),
            thesaurus: OnceLock::new(),
            documents,
        })
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| section(&self.stored.vocabulary))
    }

    pub(crate) fn objectives(&self) -> &[ObjectiveFile] {
        self.objectives.get_or_init(|| section(&self.stored.objectives))
    }

    pub(crate) fn checks(&self) -> &[Check] {
        self.checks.get_or_init(|| section(&self.stored.checks))
    }

    pub(crate) fn conflicts(&self) -> &[Conflict] {
        self.conflicts.get_or_init(|| section(&self.stored.conflicts))
    }

    pub(crate) fn thesaurus(&self) -> &Thesaurus {
        self.thesaurus.get_or_init(|| section(&self.stored.thesaurus))
    }

    pub(crate) fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// The number of the document called `name`: its id, or an alias in any case.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.stored.documents.iter().position(|document| {
            document.id.eq_ignore_ascii_case(name) || document.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
        })
    }

    pub(crate) fn document(&self, position: usize) -> &Document {
        self.documents[position].get_or_init(|| section(&self.stored.documents[position].content))
    }

    /// Ids and aliases of all documents.
    pub(crate) fn document_names(&self) -> impl Iterator<Item = &str> {
        self.stored.documents.iter().flat_map(|d| std::iter::once(&d.id).chain(&d.aliases)).map(String::as_str)
    }
}
