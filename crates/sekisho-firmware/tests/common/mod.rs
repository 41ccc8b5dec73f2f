//! What the tests against images share. Not every test needs all of it.
#![allow(dead_code, unused_macros, reason = "each test is a program of its own")]

use std::path::PathBuf;

use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Extent};

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

/// The facts of one kind, each with its value.
macro_rules! values {
    ($collection:expr, $variant:ident) => {
        $collection
            .facts
            .iter()
            .filter_map(|f| match &f.observed {
                Observed::$variant(value) => Some((f, value)),
                _ => None,
            })
            .collect::<Vec<(&Fact, _)>>()
    };
}

/// How far an aspect was looked at.
pub(crate) fn extent(collection: &Collection, aspect: Aspect) -> Extent {
    collection.coverage.iter().find(|c| c.aspect == aspect).unwrap().extent
}
