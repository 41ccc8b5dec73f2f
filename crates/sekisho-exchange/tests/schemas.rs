//! What is exported is valid against the official schemas, which lie outside the repository.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use jsonschema::{Registry, Resource, Validator};
use sekisho_exchange::{ExportFormat, ExportRequest, export};
use sekisho_model::Lang;
use sekisho_model::catalog::Document;
use serde_json::Value;

use common::{CATALOG, NOW};

fn exported(format: ExportFormat, lang: Lang) -> BTreeMap<String, Value> {
    let documents: Vec<&Document> = CATALOG.documents().collect();
    let request = ExportRequest { catalog: &CATALOG, documents: &documents, lang, now: NOW, byte_order_mark: false };
    let files = export(format, request).unwrap();
    files.into_iter().map(|file| (file.path, serde_json::from_str(&file.content).unwrap())).collect()
}

fn schema(path: &str) -> Option<Value> {
    let file = sekisho_test::shared_data(path)?;
    Some(serde_json::from_slice(&fs::read(file).unwrap()).unwrap())
}

fn assert_valid(validator: &Validator, name: &str, value: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .take(5)
        .map(|error| {
            format!("{name}{}: {}", error.instance_path(), error.to_string().chars().take(300).collect::<String>())
        })
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn oscal_is_valid() {
    for (folder, model) in [("catalogs/", "catalog"), ("mappings/", "mapping"), ("profiles/", "profile")] {
        let Some(schema) = schema(&format!("schemas/oscal-1.2.1/oscal_{model}_schema.json")) else { return };
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        for lang in Lang::ALL {
            let files = exported(ExportFormat::Oscal, lang);
            let of_model: Vec<_> = files.iter().filter(|(path, _)| path.starts_with(folder)).collect();
            assert!(of_model.len() > 20, "{folder} has {} files", of_model.len());
            for (path, value) in of_model {
                assert_valid(&validator, path, value);
                // The schema would say so if something were wrong.
                let mut broken = value.clone();
                let root = broken.as_object_mut().unwrap().values_mut().next().unwrap();
                root["uuid"] = Value::from("1");
                assert!(!validator.is_valid(&broken), "{path}");
            }
        }
    }
}

#[test]
fn references_of_oscal_files_lead_somewhere() {
    let files = exported(ExportFormat::Oscal, Lang::En);
    let ids = |href: &Value| {
        let path = href.as_str().unwrap().strip_prefix("../").unwrap();
        let mut ids = Vec::new();
        collect_ids(&files[path]["catalog"], &mut ids);
        ids
    };
    for (path, value) in &files {
        for mapping in value["mapping-collection"]["mappings"].as_array().into_iter().flatten() {
            let (sources, targets) =
                (ids(&mapping["source-resource"]["href"]), ids(&mapping["target-resource"]["href"]));
            for map in mapping["maps"].as_array().unwrap() {
                assert!(sources.contains(&map["sources"][0]["id-ref"].to_string()), "{path} {map}");
                assert!(targets.contains(&map["targets"][0]["id-ref"].to_string()), "{path} {map}");
            }
        }
        for import in value["profile"]["imports"].as_array().into_iter().flatten() {
            let known = ids(&import["href"]);
            for id in import["include-controls"][0]["with-ids"].as_array().into_iter().flatten() {
                assert!(known.contains(&id.to_string()), "{path} {id}");
            }
        }
    }
}

fn collect_ids(value: &Value, ids: &mut Vec<String>) {
    for list in ["groups", "controls"] {
        for inner in value[list].as_array().into_iter().flatten() {
            ids.push(inner["id"].to_string());
            collect_ids(inner, ids);
        }
    }
}

#[test]
fn every_id_and_uuid_of_an_oscal_file_is_there_once() {
    for (path, value) in exported(ExportFormat::Oscal, Lang::En) {
        let mut ids = Vec::new();
        collect_ids(&value["catalog"], &mut ids);
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path}");
        let maps = value["mapping-collection"]["mappings"][0]["maps"].as_array().into_iter().flatten();
        let mut uuids: Vec<String> = maps.map(|map| map["uuid"].to_string()).collect();
        let count = uuids.len();
        uuids.sort();
        uuids.dedup();
        assert_eq!(uuids.len(), count, "{path}");
    }
}

#[test]
fn cyclonedx_is_valid() {
    let read = |name: &str| schema(&format!("schemas/cyclonedx/{name}.schema.json"));
    let (Some(bom), Some(spdx), Some(jsf)) = (read("bom-1.6"), read("spdx"), read("jsf-0.82")) else { return };
    let registry = Registry::new()
        .add("http://cyclonedx.org/schema/spdx.schema.json", Resource::from_contents(spdx))
        .unwrap()
        .add("http://cyclonedx.org/schema/jsf-0.82.schema.json", Resource::from_contents(jsf))
        .unwrap()
        .prepare()
        .unwrap();
    let validator = jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&bom).unwrap();
    for lang in Lang::ALL {
        for (path, value) in exported(ExportFormat::CycloneDx, lang) {
            assert_valid(&validator, &path, &value);
            let mut broken = value.clone();
            broken["definitions"]["standards"][0]["requirements"][0]["identifier"] = Value::from(1);
            assert!(!validator.is_valid(&broken));
            let mut references: Vec<String> = Vec::new();
            let standards = value["definitions"]["standards"].as_array().unwrap();
            for standard in standards {
                references.push(standard["bom-ref"].to_string());
                let requirements = standard["requirements"].as_array().unwrap();
                references.extend(requirements.iter().map(|requirement| requirement["bom-ref"].to_string()));
            }
            let count = references.len();
            for requirement in standards.iter().flat_map(|s| s["requirements"].as_array().unwrap()) {
                let parent = &requirement["parent"];
                assert!(parent.is_null() || references.contains(&parent.to_string()), "{requirement}");
            }
            references.sort();
            references.dedup();
            assert_eq!(references.len(), count, "a bom-ref is there twice");
        }
    }
}
