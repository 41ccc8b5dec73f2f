//! The last look at an imported document: the very lint that `--catalog` runs on it.

use sekisho_catalog::{Catalog, FileKind, Parts, Source, lint};
use sekisho_diag::Problem;

use super::Imported;

/// What the lint finds in the document when it stands on top of `catalog` as `file`, with the texts that the problems point into.
pub fn verify(imported: &Imported, file: &str, catalog: &Catalog) -> (Vec<Problem>, sekisho_diag::Sources) {
    let bytes = imported.yaml.clone().into_bytes();
    let (parts, mut problems) = Parts::read(&[Source { name: file.to_owned(), kind: FileKind::Document, bytes }]);
    // Where it cannot be read at all, everything else would be about what is missing.
    if problems.iter().all(|problem| problem.severity != sekisho_diag::Severity::Error) {
        let parts = parts.clone().on_top_of(catalog);
        problems.extend(lint(&parts));
    }
    (problems, parts.texts)
}
