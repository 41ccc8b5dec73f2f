//! The official test vectors of `CycloneDX`: what is valid is read completely, what is invalid is not.
#![expect(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the files of the tests have known names")]

mod common;

use std::fmt::Write as _;

use common::{gaps, is_complete, read};

fn vectors() -> Option<Vec<(String, Vec<u8>)>> {
    let files = common::shared_files("cyclonedx")?;
    let ours =
        |name: &str| name.starts_with("spec-test-vectors") && (name.ends_with(".json") || name.ends_with(".xml"));
    Some(files.into_iter().filter(|(name, _)| ours(name)).collect())
}

fn is_valid(name: &str) -> bool {
    name.rsplit('/').next().unwrap().starts_with("valid-")
}

#[test]
fn valid_documents_are_read_completely() {
    let Some(vectors) = vectors() else { return };
    let mut count = 0;
    for (name, bytes) in vectors.iter().filter(|(name, _)| is_valid(name)) {
        let collection = read(bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert!(is_complete(&collection), "{name}: {:?}", gaps(&collection));
        count += 1;
    }
    assert!(count > 200, "only {count} vectors");
}

/// The snapshot says which rule keeps out which document.
#[test]
fn invalid_documents_are_not() {
    let Some(vectors) = vectors() else { return };
    let mut reasons = String::new();
    for (name, bytes) in vectors.iter().filter(|(name, _)| !is_valid(name)) {
        let name = name.rsplit('/').next().unwrap();
        match read(bytes) {
            Err(problem) => writeln!(reasons, "{name}: REFUSED {} [{}]", problem.message, problem.code).unwrap(),
            Ok(collection) => {
                assert!(!is_complete(&collection), "{name} was read completely");
                writeln!(reasons, "{name}: {}", gaps(&collection).join("; ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(reasons);
}

/// The same document in both encodings says the same.
#[test]
fn both_encodings_say_the_same() {
    let Some(vectors) = vectors() else { return };
    let mut count = 0;
    for (name, json) in vectors.iter().filter(|(name, _)| is_valid(name) && name.ends_with(".json")) {
        let Some((_, xml)) = vectors.iter().find(|(other, _)| other.strip_suffix(".xml") == name.strip_suffix(".json"))
        else {
            continue;
        };
        let (json, xml) = (read(json).unwrap(), read(xml).unwrap());
        let names = |collection| common::components(collection).iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        // Some vectors were not written alike; those that list the same components must say the same of them.
        if names(&json) == names(&xml) {
            count += 1;
            assert_eq!(common::sbom(&json).describes.is_some(), common::sbom(&xml).describes.is_some(), "{name}");
            for (a, b) in common::components(&json).iter().zip(common::components(&xml)) {
                assert_eq!((a.depth, &a.name), (b.depth, &b.name), "{name}");
            }
        }
    }
    assert!(count > 60, "only {count} pairs");
}
