//! The last look at an imported document: the very lint that `--catalog` runs on it.

use sekisho_catalog::{Catalog, FileKind, Parts, Source, lint};
use sekisho_diag::{Problem, Severity, Sources};

use super::Imported;

/// What the lint finds in the document when it stands on top of `catalog` as `file`, with the texts that the problems point into.
pub fn verify(imported: &Imported, file: &str, catalog: &Catalog) -> (Vec<Problem>, Sources) {
    // Nearly always nothing is found, and then nobody needs to know where it stands in the file.
    let fits = imported.yaml.len() <= sekisho_yaml::Limits::default().bytes;
    if fits && lint(&Parts::of_document(imported.document.clone()).on_top_of(catalog)).is_empty() {
        return (Vec::new(), Sources::new());
    }
    reread(imported, file, catalog)
}

/// The same by way of the document's file, read like any other.
pub fn reread(imported: &Imported, file: &str, catalog: &Catalog) -> (Vec<Problem>, Sources) {
    let bytes = imported.yaml.clone().into_bytes();
    let (parts, mut problems) = Parts::read(&[Source { name: file.to_owned(), kind: FileKind::Document, bytes }]);
    let texts = parts.texts.clone();
    // Where it cannot be read at all, everything else would be about what is missing.
    if problems.iter().all(|problem| problem.severity != Severity::Error) {
        problems.extend(lint(&parts.on_top_of(catalog)));
    }
    (problems, texts)
}
