//! The links of all controls to the objectives, ready to be walked in both directions.

use std::collections::HashMap;

use sekisho_catalog::Catalog;
use sekisho_model::catalog::{Control, Document, Relationship};

use crate::algebra::Link;

/// A link of a control to an objective.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapped {
    /// Number of the objective.
    pub(crate) objective: usize,
    /// How the control relates to it.
    pub(crate) link: Link,
}

/// A control with its links.
pub(crate) struct Node<'a> {
    pub(crate) document: &'a Document,
    pub(crate) control: &'a Control,
    pub(crate) mapped: Vec<Mapped>,
}

impl Node<'_> {
    /// `DOCUMENT:CONTROL`.
    pub(crate) fn id(&self) -> String {
        format!("{}:{}", self.document.id, self.control.id)
    }
}

/// The links of a set of documents.
pub struct Links<'a> {
    pub(crate) objectives: Vec<&'a str>,
    pub(crate) nodes: Vec<Node<'a>>,
    /// For each objective the controls that link to it, with the link.
    pub(crate) linked: Vec<Vec<(usize, Link)>>,
    /// For each document its controls.
    pub(crate) of_document: HashMap<&'a str, std::ops::Range<usize>>,
}

impl<'a> Links<'a> {
    /// The links of `documents`; a document that is there twice counts once. Controls that are gone in the current edition have none, and a
    /// control that is a part of another has what follows from the whole.
    pub fn new(catalog: &'a Catalog, documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let objectives: Vec<&str> = catalog.objectives().map(|o| o.id.as_str()).collect();
        let numbers: HashMap<&str, usize> = objectives.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let mut links = Self {
            linked: vec![Vec::new(); objectives.len()],
            objectives,
            nodes: Vec::new(),
            of_document: HashMap::new(),
        };
        for document in documents {
            if links.of_document.contains_key(document.id.as_str()) {
                continue;
            }
            let start = links.nodes.len();
            for control in document.controls.iter().filter(|control| control.superseded_in.is_none()) {
                let mapped = mapped(document, control, &numbers);
                let number = links.nodes.len();
                for Mapped { objective, link } in &mapped {
                    links.linked[*objective].push((number, *link));
                }
                links.nodes.push(Node { document, control, mapped });
            }
            links.of_document.insert(&document.id, start..links.nodes.len());
        }
        links
    }

    /// The numbers of a document's controls; none for a document that was not given.
    pub(crate) fn controls_of(&self, document: &str) -> std::ops::Range<usize> {
        self.of_document.get(document).cloned().unwrap_or(0..0)
    }
}

fn mapped(document: &Document, control: &Control, numbers: &HashMap<&str, usize>) -> Vec<Mapped> {
    let stated = |control: &Control| -> Vec<Mapped> {
        let mappings = control.mappings.iter();
        mappings
            .filter_map(|mapping| {
                let objective = *numbers.get(mapping.objective.as_str())?;
                Some(Mapped { objective, link: Link::stated(mapping.relation) })
            })
            .collect()
    };
    let whole = control.inherits.as_ref().and_then(|id| document.controls.iter().find(|c| c.id == *id));
    match whole {
        None => stated(control),
        Some(whole) => {
            let to_whole = Link::stated(Relationship::SubsetOf);
            let through = stated(whole).into_iter();
            through.filter_map(|m| Some(Mapped { link: to_whole.then(m.link)?, ..m })).collect()
        }
    }
}
