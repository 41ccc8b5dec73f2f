//! What a document of each format comes to, to the last field.
#![expect(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]

mod common;

use common::{gaps, read, sbom};

fn check(bytes: &[u8]) -> serde_json::Value {
    let collection = read(bytes).unwrap();
    assert!(common::is_complete(&collection), "{:?}", gaps(&collection));
    serde_json::to_value(&collection.facts).unwrap()
}

#[test]
fn cyclonedx_json() {
    insta::assert_json_snapshot!(check(include_bytes!("data/camera.cdx.json")));
}

#[test]
fn spdx_tag_value() {
    insta::assert_json_snapshot!(check(include_bytes!("data/camera.spdx")));
}

#[test]
fn spdx_3() {
    insta::assert_json_snapshot!(check(include_bytes!("data/camera.spdx3.json")));
}

#[test]
fn offsets_and_lines_point_at_the_component() {
    let bytes = include_bytes!("data/camera.cdx.json");
    let text = std::str::from_utf8(bytes).unwrap();
    for fact in &read(bytes).unwrap().facts[1..] {
        let offset = usize::try_from(fact.source.offset.unwrap()).unwrap();
        assert!(text[offset..].starts_with('{'));
        assert_eq!(text[..offset].matches('\n').count() + 1, fact.source.line.unwrap() as usize);
        let pointer = fact.source.path.as_deref().unwrap();
        let document: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        assert!(document.pointer(pointer).unwrap()["name"].is_string(), "{pointer}");
    }
}

#[test]
fn newer_and_older_versions() {
    let document = |version: &str| format!(r#"{{"bomFormat":"CycloneDX","specVersion":"{version}","components":[]}}"#);
    let gaps_of = |version: &str| gaps(&read(document(version).as_bytes()).unwrap());
    for known in ["1.2", "1.3", "1.4", "1.5", "1.6"] {
        assert!(gaps_of(known).is_empty(), "{known}");
    }
    for reserved in ["1.0", "1.1", "1.7"] {
        assert!(gaps_of(reserved)[0].contains(reserved));
    }
    for known in ["1.0", "1.1", "1.2", "1.6"] {
        let xml =
            format!("<c:bom xmlns:c='http://cyclonedx.org/schema/bom/{known}' version='1'><c:components/></c:bom>");
        let collection = read(xml.as_bytes()).unwrap();
        assert!(gaps(&collection).is_empty() && sbom(&collection).spec_version == known, "{known}");
    }
}

#[test]
fn cyclonedx_xml_says_the_same_as_json() {
    let values = |bytes: &[u8]| {
        let mut facts = check(bytes);
        for fact in facts.as_array_mut().unwrap() {
            fact["source"] = serde_json::Value::Null;
        }
        facts[0]["value"]["encoding"] = serde_json::Value::Null;
        facts
    };
    assert_eq!(values(include_bytes!("data/camera.cdx.xml")), values(include_bytes!("data/camera.cdx.json")));
}
