//! What is written is valid, reads back, and is the same each time.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where something is not as it should be")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use jsonschema::{Registry, Resource};
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::Collection;
use sekisho_model::coverage::Extent;
use sekisho_model::fact::{Component, Fact, FoundBy, Observed, Source, SourcePackage};
use sekisho_sbom::{SbomCollector, Tool, bill_of_materials};
use serde_json::Value;
use time::macros::date;

const TOOL: Tool<'_> = Tool { name: "sekisho", version: "1.0.0" };

fn fact(name: &str, version: &str, found_by: FoundBy, path: &str, change: impl FnOnce(&mut Component)) -> Fact {
    let mut component =
        Component { name: name.into(), version: Some(version.into()), found_by, ..Component::default() };
    change(&mut component);
    let source = Source {
        artefact: "images/device.bin".into(),
        path: (!path.is_empty()).then(|| path.into()),
        offset: Some(4096),
        at: Some(77),
        within: vec!["squashfs@4096".into()],
        sha256: Some("ab".repeat(32)),
        excerpt: Some(format!("{name} {version}")),
        ..Source::default()
    };
    Fact { observed: Observed::Component(component), subject: "-".into(), source }
}

fn collection() -> Collection {
    let package = |name: &'static str, cpe: &'static str| {
        move |c: &mut Component| {
            c.packaged = true;
            c.package = Some(name.into());
            c.cpe = Some(cpe.into());
        }
    };
    let openssl = "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*";
    let facts = vec![
        fact("libssl3", "3.0.11-1", FoundBy::PackageDatabase, "/var/lib/dpkg/status", |c| {
            c.purl = Some("pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12".into());
            c.source_package = Some(SourcePackage { name: "openssl".into(), version: Some("3.0.11-1~b".into()) });
            c.licences = vec!["Apache-2.0".into()];
            c.supplier = Some("Us <us@here>".into());
        }),
        fact("web", "2.0-1", FoundBy::PackageDatabase, "/var/lib/dpkg/status", |c| {
            c.licences = vec!["Our own".into(), "MIT".into()];
        }),
        // The package itself, by what its library tells.
        fact("openssl", "3.0.11", FoundBy::VersionString, "/usr/lib/libcrypto.so.3", package("libssl3", openssl)),
        // Linked into another package's program.
        fact(
            "openssl",
            "1.1.1w",
            FoundBy::VersionString,
            "/usr/bin/web",
            package("web", "cpe:2.3:a:openssl:openssl:1.1.1w:*:*:*:*:*:*:*"),
        ),
        fact("busybox", "1.36.1", FoundBy::VersionString, "/bin/busybox", |c| {
            c.licences = vec!["GPL-2.0-only OR MIT".into()];
            c.hashes = vec!["build-id:0123".into()];
        }),
        fact("busybox", "1.36.1", FoundBy::VersionString, "/sbin/init", |_| {}),
        fact("linux_kernel", "6.1.2", FoundBy::KernelBanner, "", |c| {
            c.cpe = Some("cpe:2.3:o:linux:linux_kernel:6.1.2:*:*:*:*:*:*:*".into());
        }),
        fact("8188eu", "5.2", FoundBy::ModuleInfo, "/lib/modules/8188eu.ko", |_| {}),
        fact("same", "1", FoundBy::LanguagePackage, "/a", |c| c.purl = Some("pkg:npm/same@1".into())),
        fact("same", "1", FoundBy::LanguagePackage, "/b", |c| c.purl = Some("pkg:pypi/same@1".into())),
    ];
    let artefact = Artefact {
        name: "images/device.bin".into(),
        kind: ArtefactKind::Firmware,
        subject: "-".into(),
        size: Some(123),
        sha256: Some("cd".repeat(32)),
        made: None,
    };
    Collection { artefact, facts, coverage: Vec::new() }
}

fn schema(name: &str) -> Option<Value> {
    let base = std::env::var_os("SEKISHO_SHARED_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join(format!("schemas/cyclonedx/{name}.schema.json"));
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not there (set SEKISHO_SHARED_DATA)", path.display());
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

#[test]
fn it_is_valid() {
    let (Some(bom), Some(spdx), Some(jsf)) = (schema("bom-1.6"), schema("spdx"), schema("jsf-0.82")) else { return };
    let registry = Registry::new()
        .add("http://cyclonedx.org/schema/spdx.schema.json", Resource::from_contents(spdx))
        .unwrap()
        .add("http://cyclonedx.org/schema/jsf-0.82.schema.json", Resource::from_contents(jsf))
        .unwrap()
        .prepare()
        .unwrap();
    let validator = jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&bom).unwrap();
    let mut value = bill_of_materials(&collection(), TOOL, Some("2026-01-01T00:00:00Z"));
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    value["components"][0]["evidence"]["identity"][0]["confidence"] = 2.into();
    assert!(!validator.is_valid(&value));
}

#[test]
fn it_reads_back_whole() {
    let value = bill_of_materials(&collection(), TOOL, Some("2026-01-01T00:00:00Z"));
    let text = serde_json::to_vec(&value).unwrap();
    let read = SbomCollector::new(date!(2026 - 01 - 02)).read(&text, "bom.json", "-", &|_| {}).unwrap();
    for coverage in &read.coverage {
        assert_eq!(coverage.extent, Extent::Complete, "{coverage:?}");
    }
    let listed: Vec<(String, Option<String>)> = read
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::Component(c) => Some((c.name.clone(), c.version.clone())),
            _ => None,
        })
        .collect();
    let expected = [
        ("libssl3", "3.0.11-1"),
        ("web", "2.0-1"),
        ("openssl", "1.1.1w"),
        ("busybox", "1.36.1"),
        ("linux_kernel", "6.1.2"),
        ("8188eu", "5.2"),
        ("same", "1"),
        ("same", "1"),
    ];
    let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), Some((*v).to_owned()))).collect();
    assert_eq!(listed, expected);
    let sources = read.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::Component(c) => c.source_package.clone(),
        _ => None,
    });
    let openssl = SourcePackage { name: "openssl".into(), version: Some("3.0.11-1~b".into()) };
    assert_eq!(sources.collect::<Vec<_>>(), [openssl]);
    let depths: BTreeSet<Option<u32>> = read
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::Component(c) => Some(c.depth),
            _ => None,
        })
        .collect();
    assert_eq!(depths, BTreeSet::from([Some(1)]));
}

#[test]
fn a_packaged_program_is_its_package() {
    let value = bill_of_materials(&collection(), TOOL, None);
    assert!(value["metadata"].get("timestamp").is_none());
    let libssl = &value["components"][0];
    assert_eq!(libssl["purl"], "pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl%403.0.11-1~b");
    assert_eq!(libssl["cpe"], "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*");
    let places: Vec<_> = libssl["evidence"]["occurrences"].as_array().unwrap().iter().map(|o| &o["location"]).collect();
    assert_eq!(places, ["/var/lib/dpkg/status", "/usr/lib/libcrypto.so.3"]);
    let methods = libssl["evidence"]["identity"][0]["methods"].as_array().unwrap();
    assert_eq!(methods.iter().map(|m| &m["technique"]).collect::<Vec<_>>(), ["manifest-analysis", "binary-analysis"]);
    // What was linked into a packaged program is what the package depends on.
    let web = value["dependencies"].as_array().unwrap().iter().find(|d| d["ref"] == "web@2.0-1").unwrap();
    assert_eq!(web["dependsOn"], serde_json::json!(["openssl@1.1.1w"]));
    let busybox = &value["components"][3];
    assert_eq!(busybox["evidence"]["occurrences"][1]["offset"], 77);
    assert_eq!(busybox["properties"][0]["value"], "0123");
    assert_eq!(value["components"][4]["type"], "operating-system");
    assert_eq!(value["components"][4]["evidence"]["occurrences"][0]["location"], "device.bin");
}

#[test]
fn it_is_the_same_each_time() {
    let once = bill_of_materials(&collection(), TOOL, None).to_string();
    assert_eq!(once, bill_of_materials(&collection(), TOOL, None).to_string());
    let mut other = collection();
    other.artefact.sha256 = Some("ef".repeat(32));
    let value = bill_of_materials(&other, TOOL, None);
    assert_ne!(value["serialNumber"], serde_json::from_str::<Value>(&once).unwrap()["serialNumber"]);
}
