//! What the tests share.
#![allow(dead_code, reason = "no test file uses all of it")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]
#![allow(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sekisho_diag::Problem;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::Extent;
use sekisho_model::fact::{Component, Fact, Observed, Sbom};
use sekisho_sbom::{Limits, SbomCollector};
use time::macros::date;

/// A collector whose assessment is on 1 October 2026.
pub(crate) fn collector() -> SbomCollector {
    SbomCollector::new(date!(2026 - 10 - 01))
}

pub(crate) fn read(bytes: &[u8]) -> Result<Collection, Problem> {
    collector().read(bytes, "sbom", "camera", &|_| ())
}

pub(crate) fn read_with(bytes: &[u8], limits: Limits) -> Result<Collection, Problem> {
    collector().with_limits(limits).read(bytes, "sbom", "camera", &|_| ())
}

pub(crate) fn sbom(collection: &Collection) -> &Sbom {
    match &collection.facts[0].observed {
        Observed::Sbom(sbom) => sbom,
        other => panic!("the first fact is {}", other.name()),
    }
}

pub(crate) fn components(collection: &Collection) -> Vec<Component> {
    let of = |fact: &'_ Fact| match &fact.observed {
        Observed::Component(component) => component.clone(),
        other => panic!("a fact is {}", other.name()),
    };
    collection.facts[1..].iter().map(of).collect()
}

pub(crate) fn is_complete(collection: &Collection) -> bool {
    collection.coverage.iter().all(|coverage| coverage.extent == Extent::Complete && coverage.gaps.is_empty())
}

/// All gaps as lines of text.
pub(crate) fn gaps(collection: &Collection) -> Vec<String> {
    let gaps = collection.coverage.iter().flat_map(|coverage| &coverage.gaps);
    gaps.map(|gap| format!("{}: {}", gap.path.as_deref().unwrap_or("-"), gap.reason.en)).collect()
}

/// The shared documents, where there are some.
pub(crate) fn shared() -> Option<PathBuf> {
    let path = match std::env::var_os("SEKISHO_SHARED_DATA") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
    .join("sbom");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "skipped: no shared documents beside the checkout; set SEKISHO_SHARED_DATA to the folder that holds 'sbom'"
    );
    None
}

/// Every file in the shared folder `kind`, and in the archives there.
pub(crate) fn shared_files(kind: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = shared()?.join(kind);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        if name.ends_with(".tar.gz") {
            let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
            for entry in archive.entries().unwrap() {
                let mut entry = entry.unwrap();
                if entry.header().entry_type().is_file() {
                    let inner = entry.path().unwrap().to_string_lossy().into_owned();
                    let mut bytes = Vec::new();
                    entry.read_to_end(&mut bytes).unwrap();
                    files.push((format!("{}/{inner}", name.trim_end_matches(".tar.gz")), bytes));
                }
            }
        } else {
            files.push((name, bytes));
        }
    }
    files.sort();
    Some(files)
}
