//! The catalog as the program uses it: look-ups by id, decoded on first use.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use sekisho_diag::{Problem, Severity, nearest};
use sekisho_model::catalog::{Check, Conflict, Control, Document, Objective, ObjectiveFile, Thesaurus, Vocabulary};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::compiled::{BadCatalog, Opened, compile};
use crate::files::{Parts, read_folder};
use crate::lint::lint;

/// A control together with its document.
#[derive(Debug, Clone, Copy)]
pub struct ControlRef<'a> {
    /// The document.
    pub document: &'a Document,
    /// The control.
    pub control: &'a Control,
}

impl ControlRef<'_> {
    /// `DOCUMENT:CONTROL`, with the document's id.
    pub fn id(&self) -> String {
        format!("{}:{}", self.document.id, self.control.id)
    }
}

/// A name that the catalog does not have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no {kind} '{name}'")]
pub struct UnknownName {
    /// What was looked for: `document`, `control`, `objective`.
    pub kind: &'static str,
    /// The name as given.
    pub name: String,
    /// The nearest names there are.
    pub nearest: Vec<String>,
}

/// The catalog.
pub struct Catalog {
    opened: Opened,
    digest: String,
    objective_index: OnceLock<HashMap<String, (usize, usize)>>,
}

impl Catalog {
    /// Opens bytes that [`compile`] made, whose SHA-256 is `digest`. Only the directory is read; the rest when it is asked for.
    ///
    /// # Errors
    /// Where the bytes are of another layout.
    pub fn open(bytes: &[u8], digest: &str) -> Result<Self, BadCatalog> {
        Ok(Self { opened: Opened::trusted(bytes)?, digest: digest.to_owned(), objective_index: OnceLock::new() })
    }

    /// This catalog and what `folder` adds to it, linted together. The warnings come with the catalog.
    ///
    /// # Errors
    /// All problems, where one of them is an error; with the texts they point into.
    pub fn extended(&self, folder: &Path) -> Result<(Self, Vec<Problem>), (Vec<Problem>, sekisho_diag::Sources)> {
        self.extended_unfinished(folder, &[])
    }

    /// The same for a folder that is being worked on: problems with one of the lint codes in `pending` are left out.
    ///
    /// # Errors
    /// All other problems, where one of them is an error; with the texts they point into.
    pub fn extended_unfinished(
        &self,
        folder: &Path,
        pending: &[&str],
    ) -> Result<(Self, Vec<Problem>), (Vec<Problem>, sekisho_diag::Sources)> {
        let (sources, mut problems) = read_folder(folder);
        let (parts, found) = Parts::read(&sources);
        problems.extend(found);
        let parts = parts.on_top_of(self);
        problems.extend(lint(&parts));
        problems.retain(|problem| !pending.contains(&problem.code.as_ref()));
        if problems.iter().any(|p| p.severity == Severity::Error) {
            return Err((problems, parts.texts));
        }
        let bytes = compile(&parts);
        match Self::open(&bytes, &digest_of(&bytes)) {
            Ok(catalog) => Ok((catalog, problems)),
            Err(error) => Err((vec![Problem::error("bad-catalog", error.to_string())], parts.texts)),
        }
    }

    /// SHA-256 of the compiled catalog, lower-case hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.opened.vocabulary()
    }

    /// The areas of the hub with their objectives.
    pub fn areas(&self) -> &[ObjectiveFile] {
        self.opened.objectives()
    }

    /// All objectives, area by area.
    pub fn objectives(&self) -> impl Iterator<Item = &Objective> {
        self.areas().iter().flat_map(|area| &area.objectives)
    }

    /// The objective called `id`.
    pub fn objective(&self, id: &str) -> Option<&Objective> {
        self.objective_position(id).map(|(area, objective)| &self.areas()[area].objectives[objective])
    }

    /// The area of the objective called `id`.
    pub fn area_of(&self, id: &str) -> Option<&ObjectiveFile> {
        self.objective_position(id).map(|(area, _)| &self.areas()[area])
    }

    fn objective_position(&self, id: &str) -> Option<(usize, usize)> {
        let index = self.objective_index.get_or_init(|| {
            let areas = self.areas().iter().enumerate();
            areas
                .flat_map(|(a, area)| area.objectives.iter().enumerate().map(move |(o, x)| (x.id.clone(), (a, o))))
                .collect()
        });
        index.get(id).copied()
    }

    /// All checks.
    pub fn checks(&self) -> &[Check] {
        self.opened.checks()
    }

    /// The check called `id`.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks().iter().find(|check| check.id == id)
    }

    /// Where documents ask for what cannot both be done.
    pub fn conflicts(&self) -> &[Conflict] {
        self.opened.conflicts()
    }

    /// The words that a search treats as one.
    pub fn thesaurus(&self) -> &Thesaurus {
        self.opened.thesaurus()
    }

    /// All documents, in the catalog's order. Decodes all of them.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        (0..self.opened.document_count()).map(|position| self.opened.document(position))
    }

    /// The document called `name`: its id, or an alias in any case. Decodes only this one.
    ///
    /// # Errors
    /// Where there is none; with the nearest names.
    pub fn document(&self, name: &str) -> Result<&Document, UnknownName> {
        match self.opened.position(name) {
            Some(position) => Ok(self.opened.document(position)),
            None => Err(UnknownName {
                kind: "document",
                name: name.to_owned(),
                nearest: owned(nearest(name, self.opened.document_names().collect::<Vec<_>>())),
            }),
        }
    }

    /// The control called `DOCUMENT:CONTROL`.
    ///
    /// # Errors
    /// Where the document or the control does not exist; with the nearest names.
    pub fn control(&self, name: &str) -> Result<ControlRef<'_>, UnknownName> {
        let unknown = |nearest| UnknownName { kind: "control", name: name.to_owned(), nearest };
        let Some((document, control)) = name.split_once(':') else { return Err(unknown(Vec::new())) };
        let document = self.document(document)?;
        let found = document.controls.iter().find(|c| c.id.eq_ignore_ascii_case(control));
        if let Some(control) = found {
            return Ok(ControlRef { document, control });
        }
        let near = nearest(control, document.controls.iter().map(|c| c.id.as_str()));
        Err(unknown(near.into_iter().map(|id| format!("{}:{id}", name_of(document))).collect()))
    }

    /// The controls that map to the objective `id`, in all documents.
    pub fn controls_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = ControlRef<'a>> {
        self.documents().flat_map(move |document| {
            document
                .controls
                .iter()
                .filter(move |control| control.mappings.iter().any(|m| m.objective == id))
                .map(move |control| ControlRef { document, control })
        })
    }
}

/// The name people use for a document: its first alias, else its id.
fn name_of(document: &Document) -> &str {
    document.aliases.first().unwrap_or(&document.id)
}

/// SHA-256 in lower-case hexadecimal.
pub fn digest_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn owned(words: Vec<&str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
