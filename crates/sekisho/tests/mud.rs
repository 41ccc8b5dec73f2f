//! `sekisho mud`: what is written is read again by the collector, and a product assessed with it has no undeclared destination of its own.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::fs;

use sekisho_test::{root, run};

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");
const PRODUCT: &str = "examples/smart-camera/product.yaml";
const URL: &str = "https://mud.hikaricam.example/hc-2.json";

#[test]
fn the_file_of_the_example_is_one_that_the_collector_reads() {
    let transcript = run(SEKISHO, &root(), &["mud", PRODUCT, "--url", URL]);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    insta::assert_snapshot!(transcript.page());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mud.json"), &transcript.stdout).unwrap();
    let read = run(SEKISHO, folder.path(), &["collect", "mud", "mud.json", "--format", "json"]).json();
    let facts = read["facts"].as_array().unwrap();
    let file = facts.iter().find(|fact| fact["name"] == "mud-file").unwrap();
    assert_eq!(file["value"]["url"], URL);
    assert_eq!(file["value"].get("errors").and_then(|errors| errors.as_array()).map_or(0, Vec::len), 0, "{file}");
    assert!(
        facts.iter().any(|fact| fact["name"] == "mud-rule" && fact.to_string().contains("update.hikaricam.example"))
    );
}

#[test]
fn what_cannot_be_written_is_told() {
    for (arguments, words) in [
        (["mud", PRODUCT, "--url", "http://mud.hikaricam.example/hc-2.json"].as_slice(), "no https URL"),
        (&["mud", PRODUCT, "--url", URL, "--component", "cameras"], "its devices: camera"),
        (&["mud", PRODUCT, "--url", URL, "--component", "cameras", "--lang", "ja"], "機器：camera"),
        (&["mud", "README.md", "--url", URL], "error"),
    ] {
        let transcript = run(SEKISHO, &root(), arguments);
        assert_eq!((transcript.code, transcript.stdout.as_str()), (2, ""), "{}", transcript.stderr);
        assert!(transcript.stderr.contains(words), "{words}: {}", transcript.stderr);
    }
}

/// The worker is confined to the artefact and the signature beside it: what it says of the signature shows that it could read both.
#[test]
fn the_signature_beside_the_file_is_verified() {
    let data = root().join("crates/sekisho-cms/tests/data");
    let folder = tempfile::tempdir().unwrap();
    let transcript = run(SEKISHO, &root(), &["mud", PRODUCT, "--url", URL]);
    fs::write(folder.path().join("camera.json"), &transcript.stdout).unwrap();
    // Made over another text.
    fs::copy(data.join("cms-rsa.der"), folder.path().join("camera.p7s")).unwrap();
    let read = run(SEKISHO, folder.path(), &["collect", "mud", "camera.json", "--format", "json"]).json();
    let facts = read["facts"].as_array().unwrap();
    let file = facts.iter().find(|fact| fact["name"] == "mud-file").unwrap();
    assert_eq!(
        (&file["value"]["signature"], &file["value"]["signature_file"]),
        (&"broken".into(), &"camera.p7s".into())
    );
    assert_eq!(file["value"]["signature_scheme"], "cms rsa-2048 sha256");
}
