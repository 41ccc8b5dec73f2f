//! The documents and chapters that a reader names.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_catalog::{Catalog, UnknownName};
use sekisho_model::catalog::Document;
use sekisho_model::plan::Reader;

/// How much of a document was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    /// All of it.
    Whole,
    /// These chapters, by position in the contents.
    Chapters(BTreeSet<usize>),
}

impl Read {
    /// Whether the chapter was read; without one, the whole document.
    pub(crate) fn holds(&self, chapter: Option<usize>) -> bool {
        match (self, chapter) {
            (Self::Whole, _) => true,
            (Self::Chapters(chapters), Some(chapter)) => chapters.contains(&chapter),
            (Self::Chapters(_), None) => false,
        }
    }
}

/// What the reader's names stand for, by documents' ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named<'a> {
    read: BTreeMap<&'a str, Read>,
    pub(crate) with: BTreeSet<&'a str>,
    pub(crate) without: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    /// Looks up all names.
    pub(crate) fn of(catalog: &'a Catalog, reader: &Reader) -> Result<Self, UnknownName> {
        let ids = |names: &[String]| -> Result<BTreeSet<&'a str>, UnknownName> {
            names.iter().map(|name| catalog.document(name).map(|document| document.id.as_str())).collect()
        };
        let mut read: BTreeMap<&str, Read> = BTreeMap::new();
        for name in &reader.read {
            let (document, chapter) = find(catalog, name)?;
            match (chapter, read.get_mut(document.id.as_str())) {
                (None, _) => {
                    read.insert(&document.id, Read::Whole);
                }
                (Some(_), Some(Read::Whole)) => {}
                (Some(chapter), Some(Read::Chapters(chapters))) => {
                    chapters.insert(chapter);
                }
                (Some(chapter), None) => {
                    read.insert(&document.id, Read::Chapters(BTreeSet::from([chapter])));
                }
            }
        }
        Ok(Self { read, with: ids(&reader.with)?, without: ids(&reader.without)? })
    }

    /// How much of a document was read.
    pub(crate) fn read(&self, id: &str) -> Option<&Read> {
        self.read.get(id)
    }

    /// The reader with every name as the catalog has it: by ids.
    pub(crate) fn settled(catalog: &Catalog, reader: &Reader) -> Result<Reader, UnknownName> {
        let by_id = |names: &[String]| -> Result<Vec<String>, UnknownName> {
            let name = |name: &String| {
                let (document, chapter) = find(catalog, name)?;
                let chapter = chapter.map(|chapter| format!(":{}", document.contents[chapter].no));
                Ok(format!("{}{}", document.id, chapter.unwrap_or_default()))
            };
            names.iter().map(name).collect()
        };
        Ok(Reader {
            read: by_id(&reader.read)?,
            with: by_id(&reader.with)?,
            without: by_id(&reader.without)?,
            ..reader.clone()
        })
    }
}

/// `DOCUMENT` or `DOCUMENT:CHAPTER`.
fn find<'a>(catalog: &'a Catalog, name: &str) -> Result<(&'a Document, Option<usize>), UnknownName> {
    let Some((document, chapter)) = name.split_once(':') else { return Ok((catalog.document(name)?, None)) };
    let document = catalog.document(document)?;
    let known = || document.contents.iter().map(|section| section.no.as_str());
    match known().position(|no| no.eq_ignore_ascii_case(chapter)) {
        Some(position) => Ok((document, Some(position))),
        None => Err(UnknownName {
            kind: "chapter",
            name: name.to_owned(),
            nearest: known().take(20).map(|no| format!("{}:{no}", document.id)).collect(),
        }),
    }
}
