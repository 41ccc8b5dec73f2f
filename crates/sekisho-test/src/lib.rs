//! What end-to-end tests share: running the program as a user would, the bundled example's truth list, small feeds of
//! vulnerabilities, captures of any size, the real artefacts that lie outside the repository.

pub mod feeds;
pub mod planted;
mod run;
pub mod traffic;

use std::path::PathBuf;

pub use run::{Transcript, run, session};

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A file or folder of the real artefacts that lie beside the repository (`../shared/data`, or where `SEKISHO_SHARED_DATA` says); none where they
/// are absent, which is said on standard error, because a skipped test must show.
pub fn shared_data(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SEKISHO_SHARED_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: the real artefact {path} is not here (set SEKISHO_SHARED_DATA)");
    }
    None
}
