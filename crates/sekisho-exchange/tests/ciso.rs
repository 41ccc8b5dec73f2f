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
