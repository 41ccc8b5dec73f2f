//! What the tests against images share.

use std::path::PathBuf;

/// A file of the shared data, which is not part of the repository; none where it is not there, and then that is said.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let base = std::env::var_os("SEKISHO_SHARED_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let full = base.join(path);
    if !full.exists() {
        println!("skipped: {path} is not in the shared data (set SEKISHO_SHARED_DATA)");
        return None;
    }
    Some(full)
}
