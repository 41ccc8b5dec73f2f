//! Importing small inputs of our own.
#![allow(dead_code, unused_imports, reason = "each test uses a part")]

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

pub(crate) use sekisho_test::feeds::{all_kinds, nvd, nvd_cve, osv};
use sekisho_vulndb::{ImportOptions, ImportReport, Moment, import};
use tempfile::TempDir;

/// The moment of imports.
pub(crate) fn now() -> Moment {
    Moment::parse("2026-09-01").unwrap()
}

pub(crate) fn options() -> ImportOptions {
    ImportOptions { threads: NonZeroUsize::new(2).unwrap(), ..ImportOptions::new(now()) }
}

/// A folder of a test's own: it, one input of every kind in a folder within, and where a database can be made.
pub(crate) fn with_all_kinds() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (input, database) = (folder.path().join("in"), folder.path().join("vulns.db"));
    all_kinds(&input);
    (folder, input, database)
}

/// Elements of an answer of NVD's API, one for each number.
pub(crate) fn nvd_cves(numbers: Range<u32>) -> Vec<String> {
    let cpe = "cpe:2.3:a:a:b:*:*:*:*:*:*:*:*";
    numbers.map(|number| nvd_cve(&format!("CVE-2024-{number}"), "2026-08-30T10:00:00.000", "Analyzed", cpe)).collect()
}

/// Imports as it is meant to be done.
pub(crate) fn run(paths: &[&Path], database: &Path) -> ImportReport {
    run_with(paths, database, &options())
}

pub(crate) fn run_with(paths: &[&Path], database: &Path, options: &ImportOptions) -> ImportReport {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    import(&paths, database, options, &mut |_| ControlFlow::Continue(())).unwrap()
}
