//! Libraries of CISO Assistant: what its loader asks for, as its public library format has it.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use sekisho_exchange::{ExportFormat, ExportRequest, export};
use sekisho_model::Lang;
use sekisho_model::catalog::Document;
use serde_json::Value;

use common::{CATALOG, NOW};

fn libraries() -> BTreeMap<String, Value> {
    let documents: Vec<&Document> = CATALOG.documents().collect();
    let request =
        ExportRequest { catalog: &CATALOG, documents: &documents, lang: Lang::En, now: NOW, byte_order_mark: false };
    let limits = sekisho_yaml::Limits::default();
    let read = |content: &str| sekisho_yaml::Document::parse("library.yaml", content, &limits).unwrap().to_json();
    let files = export(ExportFormat::Ciso, request).unwrap();
    files.into_iter().map(|file| (file.path, read(&file.content))).collect()
}

fn urn(value: &Value) -> String {
    let urn = value.as_str().unwrap_or_else(|| panic!("no URN: {value}"));
    let parts: Vec<&str> = urn.splitn(5, ':').collect();
    assert_eq!(parts[0], "urn", "{urn}");
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    assert!(parts[1..4].iter().all(|part| is_name(part)), "{urn}");
    assert!(parts[4].chars().all(|c| c.is_ascii_alphanumeric() || "[]()-._:".contains(c)), "{urn}");
    assert_eq!(urn, urn.to_lowercase(), "URNs are put into lower case when they are loaded");
    urn.to_owned()
}

#[test]
fn every_library_has_what_is_required_and_every_urn_is_there_once() {
    let libraries = libraries();
    let (mut libraries_seen, mut nodes_seen) = (BTreeSet::new(), BTreeMap::new());
    for (path, library) in &libraries {
        assert!(libraries_seen.insert(urn(&library["urn"])), "{path}");
        for field in ["ref_id", "locale", "name", "publication_date", "provider"] {
            assert!(library[field].as_str().is_some_and(|text| !text.is_empty()), "{path} {field}");
        }
        assert!(library["version"].as_u64() > Some(0));
        assert_eq!(library["publication_date"].as_str().unwrap().len(), 10, "{path}");
        let framework = &library["objects"]["framework"];
        let Some(nodes) = framework["requirement_nodes"].as_array() else { continue };
        assert!(!nodes.is_empty() && framework["ref_id"].is_string());
        let mut above: BTreeMap<String, u64> = BTreeMap::new();
        for node in nodes {
            let urn = urn(&node["urn"]);
            let depth = node["depth"].as_u64().unwrap();
            match node["parent_urn"].as_str() {
                Some(parent) => assert_eq!(above.get(parent), Some(&(depth - 1)), "{path} {urn}"),
                None => assert_eq!(depth, 1, "{path} {urn}"),
            }
            above.insert(urn.clone(), depth);
            assert!(nodes_seen.insert(urn, node["assessable"].as_bool().unwrap()).is_none(), "{path} {}", node["urn"]);
            assert!(node["translations"]["ja"]["name"].is_string() || node["assessable"] == false, "{path} {node}");
        }
    }
    for (path, library) in &libraries {
        lengths(path, library);
    }
    let controls: usize = CATALOG.documents().map(|document| document.controls.len()).sum();
    let assessable = nodes_seen.values().filter(|assessable| **assessable).count();
    assert_eq!(assessable, controls + CATALOG.objectives().count());
    for (path, library) in &libraries {
        for set in library["objects"]["requirement_mapping_sets"].as_array().into_iter().flatten() {
            for needed in library["dependencies"].as_array().unwrap() {
                assert!(libraries_seen.contains(&urn(needed)), "{path}");
            }
            for mapping in set["requirement_mappings"].as_array().unwrap() {
                for end in ["source_requirement_urn", "target_requirement_urn"] {
                    assert_eq!(nodes_seen.get(&urn(&mapping[end])), Some(&true), "{path} {mapping}");
                }
                let relationship = mapping["relationship"].as_str().unwrap();
                assert!(["equal", "subset", "superset", "intersect"].contains(&relationship));
            }
        }
    }
}

/// No text is longer than the columns of the database that it is loaded into.
fn lengths(path: &str, value: &Value) {
    for (field, limit) in [("name", 200), ("ref_id", 100), ("provider", 200), ("urn", 255), ("copyright", 4096)] {
        let length = value[field].as_str().map_or(0, |text| text.chars().count());
        assert!(length <= limit, "{path}: {field} has {length} characters");
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|inner| lengths(path, inner)),
        Value::Array(items) => items.iter().for_each(|inner| lengths(path, inner)),
        _ => {}
    }
}

#[test]
fn a_document_with_endless_names_is_cut_to_fit() {
    let (long, title) = ("i".repeat(300), "t".repeat(300));
    let table = format!("id,title,text\n{long}1,{title},a\n{long}2,{title},b\n");
    let read = common::csv(&table).document;
    let request =
        ExportRequest { catalog: &CATALOG, documents: &[&read], lang: Lang::En, now: NOW, byte_order_mark: false };
    let file = export(ExportFormat::Ciso, request).unwrap().swap_remove(0);
    let library =
        sekisho_yaml::Document::parse("l", &file.content, &sekisho_yaml::Limits::default()).unwrap().to_json();
    lengths("long", &library);
    let nodes = library["objects"]["framework"]["requirement_nodes"].as_array().unwrap();
    assert_ne!(nodes[0]["urn"], nodes[1]["urn"]);
}
