//! Opening a file: never more than its limit is read, and the digest is of what was read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use sekisho_diag::{Place, Problem};
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::CollectError;
use sha2::{Digest as _, Sha256};

/// Reads the file at `path`, which messages call `name`, of at most `most` bytes.
pub(crate) fn open(path: &Path, name: &str, most: u64) -> Result<Vec<u8>, CollectError> {
    let failed = |source| CollectError::Io { name: name.to_owned(), source };
    let mut bytes = Vec::new();
    // A file may grow while it is read, and a pipe has no size: one byte over the limit is enough to know.
    File::open(path).map_err(failed)?.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        let problem = Problem::error("import-too-large", format!("larger than {most} bytes"))
            .at(Place::file(name))
            .hint("split the results, one file for each host");
        return Err(problem.into());
    }
    Ok(bytes)
}

/// The artefact with the content `bytes`.
pub(crate) fn of(bytes: &[u8], kind: ArtefactKind, name: &str, subject: &str) -> Artefact {
    Artefact {
        name: name.to_owned(),
        kind,
        subject: subject.to_owned(),
        size: Some(bytes.len() as u64),
        sha256: Some(sha256(bytes)),
        made: None,
    }
}

/// SHA-256, lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
