//! `search` and `catalog suggest` as a user runs them. The transcripts are read by people: look at a difference before accepting it.

use std::fs;

use sekisho_test::{Transcript, root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

fn sekisho(arguments: &[&str]) -> Transcript {
    let transcript = run(SEKISHO, &root(), arguments);
    assert!(!transcript.stderr.contains("panicked"), "{}", transcript.stderr);
    transcript
}

/// Transcripts of a command in both languages.
fn pages(runs: &[&[&str]]) -> String {
    let both = runs.iter().flat_map(|arguments| {
        ["en", "ja"].map(|lang| {
            let all = [arguments, ["--lang", lang].as_slice()].concat();
            format!("$ sekisho {}\n{}", all.join(" "), sekisho(&all).page())
        })
    });
    both.collect::<Vec<_>>().join("\n==========\n\n")
}

#[test]
fn words_of_either_language() {
    insta::assert_snapshot!(pages(&[
        &["search", "ファームウェア更新", "--limit", "4"],
        &["search", "firmware update", "--limit", "4"],
        &["search", "初期パスワード", "--limit", "4"],
        &["search", "who", "reports", "a", "vulnerability", "--kind", "concept", "--limit", "2"],
    ]));
}

#[test]
fn names_and_misses() {
    insta::assert_snapshot!(pages(&[
        &["search", "OTA:12", "--limit", "2"],
        &["search", "5.1-1", "--limit", "1"],
        &["search", "pasword"],
        &["search", "zxqv"],
        &["search", "SBOM", "--document", "CRA"],
        &["search", "SBOM", "--document", "CRB"],
    ]));
}

#[test]
fn the_answer_as_json() {
    let answer = sekisho(&["search", "初期パスワード", "--json", "--limit", "3"]).json();
    assert_eq!(answer["format"], "sekisho-search/1");
    assert_eq!(answer["terms"][0]["id"], "default-password");
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 3);
    assert!(answer["total"].as_u64().unwrap() > 3);
    let fields: Vec<&str> = hits[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut documented =
        ["kind", "id", "name", "document", "section", "pages", "title", "excerpt", "score", "exact"].to_vec();
    documented.sort_unstable();
    let mut fields = fields;
    fields.sort_unstable();
    assert_eq!(fields, documented);
    // What the id says can be shown.
    for hit in hits.iter().filter(|hit| hit["kind"] == "control" || hit["kind"] == "objective") {
        assert_eq!(sekisho(&["show", hit["id"].as_str().unwrap()]).code, 0);
    }
    let none = sekisho(&["search", "zxqv", "--json"]).json();
    assert_eq!((&none["total"], &none["hits"]), (&Value::from(0), &Value::Array(Vec::new())));
}

const OWN: &str = "\
id: own-rules
aliases: [OWN]
kind: guideline
publisher: {en: Example, ja: 例, short: EX}
title: {en: Own rules, ja: 自社規程}
published: '2026'
status: current
url: https://example.com/
languages: [en]
licence: {original: own, text: paraphrase}
binding: [{force: voluntary}]
audience: [developer]
industries: [cross-sector]
layers: [software]
phases: [design]
detail: detailed
summary: {en: Our own rules., ja: 自社の規程。}
read_first: {en: All of it., ja: すべて。}
provenance: {}
controls:
  - id: R1
    kind: requirement
    title: {en: Initial passwords, ja: 初期パスワード}
    statement: {en: No two devices leave the factory with the same password., ja: 同じパスワードの機器を出荷しない。}
    modality: must
    provenance: {basis: source}
  - id: R2
    kind: requirement
    title: {en: Signed firmware, ja: 署名付きファームウェア}
    statement: {en: The device installs only firmware whose signature it has verified., ja: 機器は署名を検証したファームウェアだけを導入する。}
    modality: must
    provenance: {basis: source}
  - id: R3
    kind: requirement
    title: {en: Canteen, ja: 食堂}
    statement: {en: The canteen opens at noon., ja: 食堂は正午に開く。}
    modality: may
    provenance: {basis: source}
    unmapped: {en: Not about products., ja: 製品に関するものではない。}
";

#[test]
fn proposals_for_a_document_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("documents")).unwrap();
    fs::write(folder.path().join("documents/own.yaml"), OWN).unwrap();
    let page = |arguments: &[&str]| {
        let page = run(SEKISHO, folder.path(), arguments).page();
        format!("$ sekisho {}\n{page}", arguments.join(" "))
    };
    let file = page(&["catalog", "suggest", "documents/own.yaml", "--limit", "2"]);
    insta::assert_snapshot!(
        [
            file,
            page(&["catalog", "suggest", "OWN", "--catalog", ".", "--limit", "2", "--lang", "ja"]),
            page(&["catalog", "suggest", "OTA"]),
            page(&["catalog", "suggest", "nothing.yaml"]),
        ]
        .join("\n==========\n\n")
    );
    let transcript = run(SEKISHO, folder.path(), &["catalog", "suggest", "OWN", "--catalog", ".", "--json"]);
    let answer = transcript.json();
    assert_eq!(answer["format"], "sekisho-suggest/1");
    let controls = answer["controls"].as_array().unwrap();
    assert_eq!(controls.len(), 2, "a stated reason for having no mapping settles it");
    assert_eq!(controls[0]["id"], "own-rules:R1");
    assert_eq!(controls[0]["suggestions"][0]["objective"], "auth-no-default-password");
    assert_eq!(controls[1]["suggestions"][0]["objective"], "upd-authentic");
    assert_eq!(controls[0]["suggestions"].as_array().unwrap().len(), 5);
    // The folder is still refused where it is to be assessed by.
    assert_eq!(run(SEKISHO, folder.path(), &["documents", "--catalog", "."]).code, 2);
}

#[test]
fn proposals_can_be_compared_with_what_people_mapped() {
    let answer = sekisho(&["catalog", "suggest", "EN303645", "--all", "--json", "--limit", "5"]).json();
    let controls = answer["controls"].as_array().unwrap();
    let right = controls.iter().filter(|control| {
        let mapped = control["mapped"].as_array().unwrap();
        control["suggestions"].as_array().unwrap().iter().any(|s| mapped.contains(&s["objective"]))
    });
    assert!(right.count() * 10 > controls.len() * 9);
    for voter in
        controls.iter().flat_map(|c| c["suggestions"].as_array().unwrap()).flat_map(|s| s["like"].as_array().unwrap())
    {
        assert!(!voter["control"].as_str().unwrap().starts_with("etsi-en-303-645:"));
    }
}
