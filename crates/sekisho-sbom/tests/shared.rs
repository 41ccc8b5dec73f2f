//! Every shared document is read, and what it says is counted a second time by another way.
#![expect(clippy::unwrap_used, reason = "the lint knows only functions that are tests themselves")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the files of the tests have known names")]

mod common;

use std::collections::BTreeSet;

use common::{components, gaps, is_complete, read, sbom};
use quick_xml::events::Event;
use sekisho_model::collect::Collection;
use serde_json::Value;

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default().trim()
}

/// The components of a `CycloneDX` document, those inside others too.
fn nested<'a>(of: &'a Value, into: &mut Vec<&'a Value>) {
    for component in list(of, "components") {
        into.push(component);
        nested(component, into);
    }
}

fn check_cyclonedx_json(name: &str, document: &Value, collection: &Collection) {
    let mut all = Vec::new();
    nested(document, &mut all);
    nested(&document["metadata"]["component"], &mut all);
    let sbom = sbom(collection);
    let count = |what: &dyn Fn(&Value) -> bool| all.iter().filter(|component| what(component)).count() as u64;
    assert_eq!(sbom.components, all.len() as u64, "{name}");
    assert_eq!(sbom.components, components(collection).len() as u64, "{name}");
    assert_eq!(sbom.with_version, count(&|c| !text(c, "version").is_empty()), "{name}: versions");
    let supplied = |c: &Value| {
        !text(&c["supplier"], "name").is_empty()
            || !text(&c["manufacturer"], "name").is_empty()
            || !text(c, "publisher").is_empty()
    };
    assert_eq!(sbom.with_supplier, count(&supplied), "{name}: suppliers");
    assert_eq!(sbom.with_licence, count(&|c| !list(c, "licenses").is_empty()), "{name}: licences");
    assert_eq!(sbom.with_hash, count(&|c| !list(c, "hashes").is_empty()), "{name}: hashes");
    let says_source = |property: &Value| {
        let named = ["syft:metadata:source", "syft:metadata:originPackage", "aquasecurity:trivy:SrcName"];
        named.contains(&text(property, "name"))
            || (text(property, "name"), text(property, "value")) == ("syft:package:type", "deb")
    };
    let sourced = count(&|c| text(c, "purl").contains("upstream=") || list(c, "properties").iter().any(&says_source));
    assert_eq!(with_source(collection), sourced, "{name}: source packages");
    let known: BTreeSet<&str> = all
        .iter()
        .copied()
        .chain(list(document, "services"))
        .chain([&document["metadata"]["component"]])
        .map(|element| text(element, "bom-ref"))
        .filter(|reference| !reference.is_empty())
        .collect();
    let mut edges = BTreeSet::new();
    for entry in list(document, "dependencies") {
        for to in list(entry, "dependsOn") {
            let (from, to) = (text(entry, "ref"), to.as_str().unwrap());
            if from != to && known.contains(from) && known.contains(to) {
                edges.insert((from, to));
            }
        }
    }
    assert_eq!(sbom.relationships, edges.len() as u64, "{name}: relationships");
    assert_eq!(sbom.spec_version, text(document, "specVersion"), "{name}");
    assert_eq!(sbom.timestamp.as_deref(), document["metadata"]["timestamp"].as_str(), "{name}");
}

fn with_source(collection: &Collection) -> u64 {
    components(collection).iter().filter(|component| component.source_package.is_some()).count() as u64
}

fn check_spdx_json(name: &str, document: &Value, collection: &Collection) {
    let packages = list(document, "packages");
    let sbom = sbom(collection);
    assert_eq!(sbom.components, packages.len() as u64, "{name}");
    let says = |package: &Value, key: &str| !matches!(text(package, key), "" | "NOASSERTION" | "NONE");
    let count = |what: &dyn Fn(&Value) -> bool| packages.iter().filter(|package| what(package)).count() as u64;
    assert_eq!(sbom.with_version, count(&|p| says(p, "versionInfo")), "{name}: versions");
    // guac-photon has originators without a name: `Organization: `.
    let named = |package: &Value, key: &str| says(package, key) && text(package, key) != "Organization:";
    assert_eq!(sbom.with_supplier, count(&|p| named(p, "supplier") || named(p, "originator")), "{name}: suppliers");
    assert_eq!(
        sbom.with_licence,
        count(&|p| says(p, "licenseDeclared") || says(p, "licenseConcluded")),
        "{name}: licences"
    );
    assert_eq!(sbom.with_hash, count(&|p| !list(p, "checksums").is_empty()), "{name}: hashes");
    let upstream =
        |p: &Value| list(p, "externalRefs").iter().any(|r| text(r, "referenceLocator").contains("upstream="));
    assert_eq!(with_source(collection), count(&upstream), "{name}: source packages");
    let known: BTreeSet<&str> = packages.iter().map(|package| text(package, "SPDXID")).collect();
    let mut edges = BTreeSet::new();
    for relationship in list(document, "relationships") {
        let (from, to) = (text(relationship, "spdxElementId"), text(relationship, "relatedSpdxElement"));
        let kind = text(relationship, "relationshipType");
        let (from, to) =
            if kind.ends_with("DEPENDENCY_OF") || kind == "CONTAINED_BY" { (to, from) } else { (from, to) };
        let counts = kind.ends_with("DEPENDENCY_OF")
            || matches!(kind, "CONTAINS" | "CONTAINED_BY" | "DEPENDS_ON" | "DYNAMIC_LINK" | "STATIC_LINK");
        if counts && from != to && known.contains(from) && known.contains(to) {
            edges.insert((from, to));
        }
    }
    assert_eq!(sbom.relationships, edges.len() as u64, "{name}: relationships");
}

fn check_spdx3(name: &str, document: &Value, collection: &Collection) {
    let packages: Vec<&Value> =
        list(document, "@graph").iter().filter(|one| text(one, "type").ends_with("Package")).collect();
    let sbom = sbom(collection);
    assert_eq!(sbom.components, packages.len() as u64, "{name}");
    let versions = packages.iter().filter(|package| !text(package, "software_packageVersion").is_empty()).count();
    assert_eq!(sbom.with_version, versions as u64, "{name}: versions");
    // Every one of the shared documents says what it describes, who made it and when.
    assert!(sbom.describes.is_some() && !sbom.authors.is_empty() && sbom.timestamp.is_some(), "{name}: {sbom:?}");
    assert!(sbom.spec_version.starts_with("3.0"), "{name}: {}", sbom.spec_version);
}

/// Components of an XML document: every `component` in a list of them that is neither in a pedigree nor among the tools.
fn xml_components(bytes: &[u8]) -> u64 {
    let mut reader = quick_xml::Reader::from_str(std::str::from_utf8(bytes).unwrap());
    let mut around: Vec<String> = Vec::new();
    let mut count = 0;
    loop {
        let (start, opens) = match reader.read_event().unwrap() {
            Event::Start(start) => (start, true),
            Event::Empty(start) => (start, false),
            Event::End(_) => {
                around.pop();
                continue;
            }
            Event::Eof => return count,
            _ => continue,
        };
        let name = start.local_name().into_inner().to_owned();
        let outside = |name: &str| {
            matches!(name, "pedigree" | "tools" | "formulation" | "annotations" | "evidence" | "declarations")
        };
        if name == "component"
            && around.last().is_some_and(|last| last == "components")
            && !around.iter().any(|name| outside(name))
        {
            count += 1;
        }
        if opens {
            around.push(name);
        }
    }
}

/// The documents among the shared ones that are not as they should be, and what is wrong with them first.
const BROKEN: [(&str, &str); 3] = [
    ("appthreat-vex-1.4.json", "'pkg:oci/crapi/crapi-identity@latest?' is no package URL"),
    ("nats-box-1.5-vulnerabilities.json", "the serial number 'urn:uuid:xxxx' is no URN of a UUID"),
    ("dependency-track-npm-1.5.xml", "the reference '@cyclonedx/cyclonedx-npm@1.7.2' is used twice"),
];

fn check(name: &str, collection: &Collection) {
    match BROKEN.iter().find(|(broken, _)| name == *broken) {
        Some((_, first)) => assert!(gaps(collection)[0].contains(first), "{name}: {:?}", gaps(collection)),
        None => assert!(is_complete(collection), "{name}: {:?}", gaps(collection)),
    }
    for fact in &collection.facts[1..] {
        assert!(
            fact.source.path.is_some() && fact.source.offset.is_some() && fact.source.line.is_some(),
            "{name}: {fact:?}"
        );
    }
}

#[test]
fn cyclonedx() {
    let Some(files) = common::shared_files("cyclonedx") else { return };
    let (mut json, mut xml) = (0, 0);
    for (name, bytes) in &files {
        // What is invalid on purpose is the matter of `vectors.rs`.
        if name.contains("/invalid-") {
            continue;
        }
        if name.ends_with(".json") {
            let collection = read(bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            check(name, &collection);
            let document = serde_json::from_slice(bytes).unwrap();
            check_cyclonedx_json(name, &document, &collection);
            json += 1;
        } else if name.ends_with(".xml") {
            let collection = read(bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            check(name, &collection);
            assert_eq!(sbom(&collection).components, xml_components(bytes), "{name}");
            xml += 1;
        }
    }
    assert!(json > 100 && xml > 90, "{json} JSON, {xml} XML");
}

#[test]
fn spdx() {
    let Some(files) = common::shared_files("spdx") else { return };
    let (mut two, mut three, mut tag_value, mut sourced) = (0, 0, 0, 0);
    for (name, bytes) in &files {
        if name.ends_with(".xlsx") || name.ends_with(".yaml") {
            let problem = read(bytes).unwrap_err();
            assert!(problem.code == "not-an-sbom" && problem.hint.is_some(), "{name}: {problem}");
            continue;
        }
        let collection = read(bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        check(name, &collection);
        if name.ends_with(".spdx") {
            let text = String::from_utf8_lossy(bytes);
            let packages = text.lines().filter(|line| line.starts_with("PackageName:")).count();
            assert_eq!(sbom(&collection).components, packages as u64, "{name}");
            tag_value += 1;
            continue;
        }
        let document: Value = serde_json::from_slice(bytes).unwrap();
        if document["spdxVersion"].is_string() {
            check_spdx_json(name, &document, &collection);
            sourced += with_source(&collection);
            two += 1;
        } else {
            check_spdx3(name, &document, &collection);
            three += 1;
        }
    }
    assert!(two >= 15 && three >= 20 && tag_value >= 14, "{two}, {three}, {tag_value}");
    assert!(sourced > 100, "{sourced} with a source package");
}

/// npm's list of the same application, once with components inside each other as JSON, once flat as XML.
#[test]
fn nested_and_flat_lists_agree() {
    let Some(files) = common::shared_files("cyclonedx") else { return };
    let of = |part: &str| read(&files.iter().find(|(name, _)| name.contains(part)).unwrap().1).unwrap();
    let (bare, flat) = (of("juice-shop__via_npm__bare"), of("juice-shop__via_npm__flat"));
    let all = |collection| {
        components(collection)
            .into_iter()
            .map(|c| (c.name.clone(), c.version.clone(), c.purl.clone(), c.licences.clone(), c.depth))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(all(&bare), all(&flat));
    let same = |a: &sekisho_model::fact::Sbom| (a.components, a.relationships, a.depth, a.with_identifier);
    assert_eq!(same(sbom(&bare)), same(sbom(&flat)));
}
