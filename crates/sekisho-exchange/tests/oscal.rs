//! OSCAL catalogs of others: parameters in place, items in order, enhancements under their controls.

mod common;

use std::fs;

use sekisho_exchange::{ControlIds, ImportFormat, ImportRequest};
use sekisho_model::Lang;

use common::{imported, refused, request};

const CATALOG: &str = include_str!("data/small-catalog.json");

#[test]
fn a_catalog_becomes_a_document() {
    let read = imported(ImportFormat::Oscal, request("small-catalog.json", CATALOG.as_bytes()));
    insta::assert_snapshot!(read.yaml);
    insta::assert_snapshot!("a_catalog_becomes_a_document_notes", common::list(&read.notes));
}

#[test]
fn labels_become_ids_where_that_is_asked_for() {
    let request = ImportRequest { ids: ControlIds::Label, ..request("small-catalog.json", CATALOG.as_bytes()) };
    let document = imported(ImportFormat::Oscal, request).document;
    let ids: Vec<_> = document.controls.iter().map(|c| (c.id.as_str(), c.group.as_deref())).collect();
    assert_eq!(ids, [("AB-1", Some("ab")), ("AB-1(1)", Some("AB-1")), ("ab-2", Some("ab")), ("ab-3", Some("ab"))]);
}

#[test]
fn yaml_is_read_like_json() {
    let value: serde_json::Value = serde_json::from_str(CATALOG).unwrap();
    // JSON on one line is YAML too, but is not taken for JSON if it does not begin with its bracket.
    let yaml = format!("# a comment\n{value}");
    let from_yaml = imported(ImportFormat::Oscal, request("small-catalog.json", yaml.as_bytes())).yaml;
    assert_eq!(from_yaml, imported(ImportFormat::Oscal, request("small-catalog.json", CATALOG.as_bytes())).yaml);
}

#[test]
fn what_is_no_catalog_is_refused_with_its_place() {
    let cases = [
        "",
        "{",
        "{}",
        r#"{"profile": {}}"#,
        "{\"catalog\": {\n  \"metadata\": {\"title\": 1}}}",
        r#"{"catalog": {"metadata": {"title": "t"}}}"#,
        r#"{"catalog": {"metadata": {"title": "t"}, "controls": [{"id": "a"}]}}"#,
        r#"{"catalog": {"metadata": {"title": "t"}, "controls": [{"id": "a", "title": "x"}, {"id": "A", "title": "y"}, {"id": " ", "title": "z"}]}}"#,
        "catalog: [",
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|text| format!("{text}\n---\n{}", refused(ImportFormat::Oscal, request("x.json", text.as_bytes()))))
        .collect();
    insta::assert_snapshot!(said.join("\n=====\n"));
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!(
        r#"{{"catalog": {{"metadata": {{"title": "t"}}, "controls": {}{}}}}}"#,
        r#"[{"id": "a", "title": "t", "controls": "#.repeat(500),
        "[]".to_owned() + &"}]".repeat(500)
    );
    assert!(refused(ImportFormat::Oscal, request("x.json", deep.as_bytes())).contains("recursion"));
}

#[test]
fn sp_800_53_is_read_whole() {
    for (level, count) in [("HIGH", 370), ("LOW", 149)] {
        let min = if level == "HIGH" { "-min" } else { "" };
        let name = format!("oscal/NIST_SP-800-53_rev5_{level}-baseline-resolved-profile_catalog{min}.json");
        let Some(file) = sekisho_test::shared_data(&name) else { return };
        let bytes = fs::read(file).unwrap();
        let read = imported(ImportFormat::Oscal, request(&name, &bytes));
        assert_eq!(read.document.controls.len(), count);
        assert_eq!(read.document.only_language, Some(Lang::En));
        let control = |id: &str| read.document.controls.iter().find(|c| c.id == id).unwrap();
        assert_eq!(control("ac-1").group.as_deref(), Some("ac"));
        let statement = &control("ac-1").statement.en;
        assert!(statement.starts_with(
            "a. Develop, document, and disseminate to [Assignment: organization-defined personnel or roles]:\n  1. [Selection \
             (one or more): organization-level; mission/business process-level; system-level] access control policy that:\n"
        ));
        assert!(read.document.controls.iter().all(|c| !c.statement.en.contains("{{")), "every parameter is in place");
        assert!(read.document.controls.iter().all(|c| !c.statement.en.contains("](#")), "links are their texts");
        assert!(!statement.contains("[SELECT FROM"), "how it is assessed is not what is asked");
        if level == "HIGH" {
            assert_eq!(control("ac-2.1").group.as_deref(), Some("ac-2"));
            assert!(control("ac-2").relations.iter().any(|relation| relation.to == "ac-3"));
        }
    }
}

#[test]
fn nists_example_is_read() {
    let Some(file) = sekisho_test::shared_data("oscal/basic-catalog.json") else { return };
    let document = imported(ImportFormat::Oscal, request("basic-catalog.json", &fs::read(file).unwrap())).document;
    let control = document.controls.iter().find(|c| c.id == "s1.1.1").unwrap();
    assert!(control.statement.en.contains(
        "[Selection (one or more): initiating a device lock after [Assignment: a duration] of inactivity; requiring the user"
    ));
    assert!(control.statement.en.contains("syntax: (choppy)"), "{}", control.statement.en);
}
