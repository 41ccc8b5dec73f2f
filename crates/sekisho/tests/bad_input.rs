//! What each command says to input that it cannot use. The transcripts are read by people: look at a difference before accepting it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;

use sekisho_test::run;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A folder with one broken file of each kind.
fn broken() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("empty.yaml", b"");
    write("not-yaml.yaml", b"product: [unclosed\nmore: {\n");
    write("latin1.yaml", b"product:\n  name: caf\xe9\n");
    write(
        "wrong.yaml",
        b"nmae: Camera\nmarkets: [mars]\ncomponents:\n  - id: camera\n    kind: divice\n    firmwear: missing.bin\nanswers:\n  auth-no-defualt-password: {answer: mabye}\n",
    );
    write("no-artefact.yaml", b"name: Lock\nvendor: Example\ncomponents:\n  - {id: lock, kind: device, firmware: missing.bin, sbom: sbom.json}\n");
    write("sbom.json", b"{\"bomFormat\": \"CycloneDX\", \"components\": [{\"type\": \"library\"");
    write("object.json", b"{}");
    write("assessment.json", b"{\"format\": \"sekisho-assessment\"}");
    write("image.bin", b"");
    write("catalog/documents/own.yaml", b"id: Own Document\ntitle: {en: Own}\n");
    folder
}

/// The transcript of a command, without the folder's name in it.
fn page(arguments: &[&str]) -> String {
    let folder = broken();
    let transcript = run(SEKISHO, folder.path(), arguments);
    assert!(!transcript.stderr.contains("panicked"), "{}", transcript.stderr);
    let page = transcript.page().replace(&format!("{}/", folder.path().display()), "");
    format!("$ sekisho {}\n{page}", arguments.join(" "))
}

/// Transcripts of several runs; all of them end with the code for bad input.
fn pages(runs: &[&[&str]]) -> String {
    let pages: Vec<String> = runs.iter().map(|arguments| page(arguments)).collect();
    for page in &pages {
        assert!(page.contains("exit code: 2\n"), "{page}");
        assert!(page.contains("----- stdout\n----- stderr\n"), "nothing half-written: {page}");
    }
    pages.join("\n==========\n\n")
}

#[test]
fn product_files() {
    insta::assert_snapshot!(pages(&[
        &["validate", "nothing-here.yaml"],
        &["validate", "empty.yaml"],
        &["validate", "not-yaml.yaml"],
        &["validate", "latin1.yaml"],
        &["validate", "wrong.yaml"],
        &["validate", "wrong.yaml", "--lang", "ja"],
        &["assess", "wrong.yaml", "--no-html"],
        &["assess", "no-artefact.yaml", "--documents", "OTX", "--no-html"],
        &["explain", "OTA:99", "no-artefact.yaml"],
        &["explain", "auth-no-default-passwort", "no-artefact.yaml"],
        &["explain", "OTA:1", "assessment.json"],
    ]));
}

#[test]
fn artefacts() {
    insta::assert_snapshot!(pages(&[
        &["collect", "firmware", "nothing-here.bin"],
        &["collect", "firmware", "catalog"],
        &["collect", "firmware", "image.bin"],
        &["collect", "sbom", "sbom.json"],
        &["collect", "sbom", "object.json"],
        &["collect", "sbom", "image.bin"],
        &["collect", "sbom", "object.json", "--lang", "ja"],
    ]));
}

#[test]
fn names_and_options() {
    insta::assert_snapshot!(pages(&[
        &["show", "OTB"],
        &["show", "OTA:99"],
        &["show", "auth-no-defualt-password"],
        &["show", "OTB", "--lang", "ja"],
        &["schema", "prodct"],
        &["asess", "empty.yaml"],
        &["assess"],
        &["assess", "empty.yaml", "--fail-on", "sever"],
        &["documents", "--lang", "fr"],
        &["collect", "firmware", "image.bin", "--now", "yesterday"],
        &["init", "empty.yaml", "--no-questions"],
    ]));
}

#[test]
fn catalogs() {
    let lint = |arguments: &[&str]| {
        let page = page(arguments);
        assert!(page.contains("exit code: 2\n"), "{page}");
        page
    };
    insta::assert_snapshot!(
        [
            lint(&["catalog", "lint", "nothing-here"]),
            lint(&["catalog", "lint", "catalog"]),
            lint(&["catalog", "lint", "image.bin"]),
            lint(&["documents", "--catalog", "catalog"]),
        ]
        .join("\n==========\n\n")
    );
}
