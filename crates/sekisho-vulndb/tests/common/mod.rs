//! Importing small inputs of our own.
#![allow(dead_code, unused_imports, reason = "each test uses a part")]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(crate) use sekisho_test::feeds::{all_kinds, nvd, nvd_cve, osv};
use sekisho_vulndb::{ImportOptions, ImportReport, Moment, import};

/// The moment of imports.
pub(crate) fn now() -> Moment {
    Moment::parse("2026-09-01").unwrap()
}

pub(crate) fn options() -> ImportOptions {
    ImportOptions { threads: NonZeroUsize::new(2).unwrap(), ..ImportOptions::new(now()) }
}

/// Imports as it is meant to be done.
pub(crate) fn run(paths: &[&Path], database: &Path) -> ImportReport {
    run_with(paths, database, &options())
}

pub(crate) fn run_with(paths: &[&Path], database: &Path, options: &ImportOptions) -> ImportReport {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    import(&paths, database, options, &mut |_| ControlFlow::Continue(())).unwrap()
}
