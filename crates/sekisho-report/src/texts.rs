//! What a report asks of the catalog: the texts that belong to an assessment's ids.

use sekisho_catalog::Catalog;
use sekisho_model::Text;
use sekisho_model::catalog::{Check, Conflict, Control, Document, Objective, ObjectiveFile, Term, Vocabulary};
use serde::Serialize;

use crate::bilingual::Bi;

/// The catalog's texts. A trait, so that reports can be made and tested from a handful of texts; `&Catalog` is one.
pub trait Texts {
    /// The words that data use, with their labels.
    fn vocabulary(&self) -> &Vocabulary;
    /// The areas of the hub, in order, with their objectives.
    fn areas(&self) -> &[ObjectiveFile];
    /// All documents.
    fn documents(&self) -> Vec<&Document>;
    /// A document by its id or an alias.
    fn document(&self, name: &str) -> Option<&Document>;
    /// Where documents ask for what cannot both be done.
    fn conflicts(&self) -> &[Conflict] {
        &[]
    }
    /// A check.
    fn check(&self, id: &str) -> Option<&Check>;

    /// An objective.
    fn objective(&self, id: &str) -> Option<&Objective> {
        self.areas().iter().flat_map(|area| &area.objectives).find(|objective| objective.id == id)
    }

    /// The area of an objective.
    fn area_of(&self, id: &str) -> Option<&ObjectiveFile> {
        self.areas().iter().find(|area| area.objectives.iter().any(|objective| objective.id == id))
    }

    /// A control by `DOCUMENT:CONTROL`, with its document.
    fn control(&self, name: &str) -> Option<(&Document, &Control)> {
        let (document, control) = name.split_once(':')?;
        let document = self.document(document)?;
        let control = document.controls.iter().find(|c| c.id.eq_ignore_ascii_case(control))?;
        Some((document, control))
    }

    /// The controls of all documents that map to an objective.
    fn controls_of(&self, objective: &str) -> Vec<(&Document, &Control)> {
        let controls = |document| move |control| (document, control);
        self.documents()
            .into_iter()
            .flat_map(|document: &Document| document.controls.iter().map(controls(document)))
            .filter(|(_, control): &(&Document, &Control)| control.mappings.iter().any(|m| m.objective == objective))
            .collect()
    }
}

impl Texts for Catalog {
    fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary()
    }

    fn areas(&self) -> &[ObjectiveFile] {
        self.areas()
    }

    fn documents(&self) -> Vec<&Document> {
        self.documents().collect()
    }

    fn document(&self, name: &str) -> Option<&Document> {
        self.document(name).ok()
    }

    fn conflicts(&self) -> &[Conflict] {
        self.conflicts()
    }

    fn check(&self, id: &str) -> Option<&Check> {
        self.check(id)
    }

    fn objective(&self, id: &str) -> Option<&Objective> {
        self.objective(id)
    }

    fn area_of(&self, id: &str) -> Option<&ObjectiveFile> {
        self.area_of(id)
    }
}

/// The name by which people call a document: its first alias, else its id.
pub(crate) fn name_of(document: &Document) -> &str {
    document.aliases.first().unwrap_or(&document.id)
}

/// `DOCUMENT:CONTROL` as people write it: with the document's alias.
pub(crate) fn short_control_id(texts: &dyn Texts, id: &str) -> String {
    match id.split_once(':') {
        Some((document, control)) => match texts.document(document) {
            Some(found) => format!("{}:{control}", name_of(found)),
            None => id.to_owned(),
        },
        None => id.to_owned(),
    }
}

/// The title that the document gives to a group of controls: a concept's or a section's.
pub(crate) fn group_title<'a>(document: &'a Document, group: &str) -> Option<&'a Text> {
    let concept = document.concepts.iter().find(|concept| concept.id == group).map(|concept| &concept.title);
    concept.or_else(|| document.contents.iter().find(|section| section.no == group).map(|section| &section.title))
}

/// The label of a word of the vocabulary; the word itself where it has none.
pub(crate) fn label<'a>(terms: &'a [Term], id: &'a str) -> Bi<'a> {
    known_label(terms, id).map_or_else(|| Bi::same(id), Bi::from)
}

/// The label of an enumeration's value, by the word that data use for it.
pub(crate) fn label_of(terms: &[Term], value: impl Serialize) -> Bi<'_> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => {
            known_label(terms, &word).map_or_else(|| Bi::same(word.clone()), Bi::from)
        }
        _ => Bi::same(""),
    }
}

fn known_label<'a>(terms: &'a [Term], id: &str) -> Option<&'a Text> {
    terms.iter().find(|term| term.id == id).map(|term| &term.label)
}
