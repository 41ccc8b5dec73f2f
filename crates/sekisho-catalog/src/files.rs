//! The catalog's files: found in a folder, read into their types, each value still knowing where it stands.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sekisho_diag::{Place, Problem};
use sekisho_model::catalog::{CheckFile, ConflictFile, Document, ObjectiveFile, Thesaurus, Vocabulary};
use sekisho_yaml::Limits;
use serde::de::DeserializeOwned;

use crate::schema::{FileKind, schema};

/// A file of a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file as the user named it.
    pub name: String,
    /// What it should hold, by the folder it lies in.
    pub kind: FileKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files of a catalog, in a stable order.
pub type Sources = Vec<Source>;

/// Reads the catalog files of `folder`: `vocabulary.yaml`, `conflicts.yaml` and `thesaurus.yaml`, and the `.yaml` files in `documents`, `objectives` and `checks`. Other files are left
/// alone. An unreadable file or folder is a problem; the rest is read all the same.
pub fn read_folder(folder: &Path) -> (Sources, Vec<Problem>) {
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    if !folder.is_dir() {
        let problem = Problem::error("unreadable", "there is no such folder");
        return (sources, vec![problem.at(Place::file(folder.display().to_string()))]);
    }
    for (name, kind) in [
        ("vocabulary.yaml", FileKind::Vocabulary),
        ("conflicts.yaml", FileKind::Conflicts),
        ("thesaurus.yaml", FileKind::Thesaurus),
    ] {
        let file = folder.join(name);
        if file.exists() {
            read_file(&file, kind, &mut sources, &mut problems);
        }
    }
    for (name, kind) in
        [("objectives", FileKind::Objectives), ("checks", FileKind::Checks), ("documents", FileKind::Document)]
    {
        let entries = match fs::read_dir(folder.join(name)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                problems.push(unreadable(&folder.join(name), &error));
                continue;
            }
        };
        let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                read_file(&path, kind, &mut sources, &mut problems);
            }
        }
    }
    if sources.is_empty() && problems.is_empty() {
        problems.push(
            Problem::error("empty-catalog", "no catalog files found")
                .at(Place::file(folder.display().to_string()))
                .hint("a catalog folder holds vocabulary.yaml and the folders documents, objectives and checks"),
        );
    }
    (sources, problems)
}

fn read_file(path: &Path, kind: FileKind, sources: &mut Sources, problems: &mut Vec<Problem>) {
    match fs::read(path) {
        Ok(bytes) => sources.push(Source { name: path.display().to_string(), kind, bytes }),
        Err(error) => problems.push(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::error("unreadable", format!("cannot be read: {error}")).at(Place::file(path.display().to_string()))
}

/// A value and the text it was read from; none for what is already compiled, or was made and not read.
#[derive(Debug, Clone)]
pub(crate) struct Parsed<T> {
    pub(crate) value: T,
    pub(crate) text: Option<sekisho_yaml::Document>,
    made: bool,
}

impl<T> Parsed<T> {
    /// Where the value at `path` stands.
    pub(crate) fn place(&self, path: impl Into<sekisho_yaml::Path>) -> Option<Place> {
        self.text.as_ref().map(|text| text.place_of(path))
    }

    /// Whether it is being looked at now.
    pub(crate) fn is_new(&self) -> bool {
        self.made || self.text.is_some()
    }
}

/// What the files of a catalog hold.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub(crate) vocabulary: Option<Parsed<Vocabulary>>,
    pub(crate) objectives: Vec<Parsed<ObjectiveFile>>,
    pub(crate) checks: Vec<Parsed<CheckFile>>,
    pub(crate) documents: Vec<Parsed<Document>>,
    pub(crate) conflicts: Vec<Parsed<ConflictFile>>,
    pub(crate) thesaurus: Vec<Parsed<Thesaurus>>,
    /// The texts, for whoever shows problems.
    pub texts: BTreeMap<String, String>,
}

impl Parts {
    /// Reads `sources`; what does not fit its schema is left out and reported.
    pub fn read(sources: &[Source]) -> (Self, Vec<Problem>) {
        let mut parts = Self::default();
        let mut problems = Vec::new();
        for source in sources {
            if let Ok(text) = std::str::from_utf8(&source.bytes) {
                parts.texts.insert(source.name.clone(), text.to_owned());
            }
            match source.kind {
                FileKind::Document => parts.documents.extend(parse(source, &mut problems)),
                FileKind::Objectives => parts.objectives.extend(parse(source, &mut problems)),
                FileKind::Checks => parts.checks.extend(parse(source, &mut problems)),
                FileKind::Vocabulary => parts.vocabulary = parse(source, &mut problems),
                FileKind::Conflicts => parts.conflicts.extend(parse(source, &mut problems)),
                FileKind::Thesaurus => parts.thesaurus.extend(parse(source, &mut problems)),
                FileKind::Product | FileKind::Assessment | FileKind::Plan => {}
            }
        }
        (parts, problems)
    }

    /// Parts of one document that was made and not read: its problems have no places.
    pub fn of_document(document: Document) -> Self {
        Self { documents: vec![Parsed { value: document, text: None, made: true }], ..Self::default() }
    }

    /// The parts with those of `base` put before them, as already compiled: linted as targets, not as texts.
    #[must_use]
    pub fn on_top_of(mut self, base: &crate::Catalog) -> Self {
        fn compiled<T>(value: T) -> Parsed<T> {
            Parsed { value, text: None, made: false }
        }
        if self.vocabulary.is_none() {
            self.vocabulary = Some(compiled(base.vocabulary().clone()));
        }
        let objectives: Vec<_> = base.areas().iter().cloned().map(compiled).collect();
        self.objectives.splice(0..0, objectives);
        self.checks.insert(0, compiled(CheckFile { checks: base.checks().to_vec() }));
        let documents: Vec<_> = base.documents().cloned().map(compiled).collect();
        self.documents.splice(0..0, documents);
        self.conflicts.insert(0, compiled(ConflictFile { conflicts: base.conflicts().to_vec() }));
        self.thesaurus.insert(0, compiled(base.thesaurus().clone()));
        self
    }
}

/// Reads one document by itself, such as one that is not mapped yet: against its schema, without the lints.
///
/// # Errors
/// All problems.
pub fn read_document(name: &str, bytes: Vec<u8>) -> Result<Document, Vec<Problem>> {
    let source = Source { name: name.to_owned(), kind: FileKind::Document, bytes };
    let mut problems = Vec::new();
    parse::<Document>(&source, &mut problems).map(|parsed| parsed.value).ok_or(problems)
}

/// Reads one file against its schema; on any error all of them are reported and nothing is returned.
pub(crate) fn parse<T: DeserializeOwned>(source: &Source, problems: &mut Vec<Problem>) -> Option<Parsed<T>> {
    let text = match sekisho_yaml::Document::parse(&source.name, &source.bytes, &Limits::default()) {
        Ok(text) => text,
        Err(found) => {
            problems.extend(found.0);
            return None;
        }
    };
    let found = text.validate(&schema(source.kind));
    let unusable = found.iter().any(|p| p.severity == sekisho_diag::Severity::Error);
    problems.extend(found);
    if unusable {
        return None;
    }
    match text.decode() {
        Ok(value) => Some(Parsed { value, text: Some(text), made: false }),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}
