//! Finding one's way through the documents: lists, crosswalk, gap, matrix, comparison, in both languages.

use sekisho_test::{Transcript, root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

fn sekisho(arguments: &[&str]) -> Transcript {
    let transcript = run(SEKISHO, &root(), arguments);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    assert_eq!(transcript.stderr, "");
    transcript
}

fn json(arguments: &[&str]) -> Value {
    sekisho(arguments).json()
}

#[test]
fn documents_in_both_languages() {
    insta::assert_snapshot!("documents_en", sekisho(&["documents"]).stdout);
    insta::assert_snapshot!("documents_ja", sekisho(&["documents", "--lang", "ja"]).stdout);
}

#[test]
fn documents_by_facets() {
    let found =
        json(&["documents", "--market", "jp", "--industry", "smart-home", "--role", "device-manufacturer", "--json"]);
    let ids: Vec<&str> = found.as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"jc-star-level-1") && ids.contains(&"etsi-en-303-645"), "{ids:?}");
    assert!(!ids.contains(&"uk-psti-2023") && !ids.contains(&"enisa-smart-hospitals-2016"), "{ids:?}");
    let facets = json(&["documents", "--facets", "--json"]);
    assert_eq!(facets["binding"]["mandatory"], 2);
    insta::assert_snapshot!("facets_ja", sekisho(&["documents", "--facets", "--lang", "ja"]).stdout);
}

#[test]
fn an_unknown_word_of_a_facet_is_refused_with_the_nearest() {
    let transcript = run(SEKISHO, &root(), &["documents", "--role", "develper"]);
    assert_eq!(transcript.code, 2);
    assert!(transcript.stderr.contains("did you mean developer?"), "{}", transcript.stderr);
}

#[test]
fn what_is_missing_for_en_303_645_after_ota() {
    insta::assert_snapshot!("gap_en", sekisho(&["gap", "--have", "OTA", "--want", "EN303645"]).stdout);
    insta::assert_snapshot!("gap_ja", sekisho(&["gap", "--have", "OTA", "--want", "EN303645", "--lang", "ja"]).stdout);
    let gap = json(&["gap", "--have", "OTA", "--want", "EN303645", "--json"]);
    assert_eq!(gap["want"], "etsi-en-303-645");
    for control in gap["controls"].as_array().unwrap() {
        assert!(["no", "partly", "yes", "unmapped"].contains(&control["covered"].as_str().unwrap()), "{control}");
    }
}

#[test]
fn the_crosswalk_has_its_documented_shape() {
    let pairs = json(&["crosswalk", "--from", "OTA", "--to", "EN303645", "--json"]);
    let pairs = pairs.as_array().unwrap();
    assert!(!pairs.is_empty());
    for pair in pairs {
        let keys: Vec<&str> = pair.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["from", "relationship", "strength", "to", "via"]);
        assert!(pair["from"].as_str().unwrap().starts_with("ota-iot-trust-framework-v2:"));
        assert!(pair["to"].as_str().unwrap().starts_with("etsi-en-303-645:"));
        assert!((1..=10).contains(&pair["strength"].as_u64().unwrap()));
        assert!(!pair["via"].as_array().unwrap().is_empty());
    }
    let certain = json(&["crosswalk", "--from", "OTA", "--to", "EN303645", "--strength", "7", "--json"]);
    assert!(certain.as_array().unwrap().len() < pairs.len());
    insta::assert_snapshot!("crosswalk_en", sekisho(&["crosswalk", "--from", "PSTI", "--to", "EN303645"]).stdout);
    let ja = sekisho(&["crosswalk", "--from", "PSTI", "--to", "EN303645", "--lang", "ja"]).stdout;
    insta::assert_snapshot!("crosswalk_ja", ja);
}

#[test]
fn the_matrix_and_a_comparison() {
    insta::assert_snapshot!("matrix_en", sekisho(&["matrix"]).stdout);
    let area = ["matrix", "--area", "upd", "--documents", "OTA,CRA,EN303645,JC-STAR", "--lang", "ja"];
    insta::assert_snapshot!("matrix_area_ja", sekisho(&area).stdout);
    insta::assert_snapshot!("compare_en", sekisho(&["compare", "OTA", "EN303645"]).stdout);
    insta::assert_snapshot!("compare_ja", sekisho(&["compare", "OTA", "EN303645", "--lang", "ja"]).stdout);
}

#[test]
fn every_line_fits() {
    use unicode_width::UnicodeWidthStr;
    for lang in ["en", "ja"] {
        for arguments in [
            &["documents"][..],
            &["matrix"],
            &["matrix", "--area", "auth"],
            &["compare", "ENISA", "ISVS"],
            &["gap", "--have", "OTA", "--want", "ISVS", "--all"],
            &["crosswalk", "--from", "OWASP", "--to", "ISVS"],
            &["show", "upd-automatic"],
            &["conflicts"],
        ] {
            let out = sekisho(&[arguments, &["--lang", lang]].concat()).stdout;
            for line in out.lines() {
                assert!(line.width() <= 102, "{arguments:?} {lang}: {line}");
            }
        }
    }
}

#[test]
fn pages_stand_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["matrix", "--html", "page.html"][..], &["documents", "--html", "page.html"]] {
        let transcript = run(SEKISHO, folder.path(), arguments);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        let page = std::fs::read_to_string(folder.path().join("page.html")).unwrap();
        assert!(page.contains("EN303645") && page.contains("関所") | page.contains("文書"), "{arguments:?}");
        assert!(
            !page.contains("src=\"http") && !page.contains("@import"),
            "{arguments:?} needs something from elsewhere"
        );
        std::fs::remove_file(folder.path().join("page.html")).unwrap();
    }
}
