//! What a collector recognised in an artefact, as a `CycloneDX` 1.6 document.
//!
//! The same facts give the same bytes: the serial number is derived from the artefact's digest and the tool, and the time is an
//! argument. Each component carries the evidence of its identification (ECMA-424, `evidence`): by which technique, how sure that is, and
//! where it was seen.
//!
//! How sure a technique is ([`confidence`]) is a number of this program and not of the standard. It says how often such a sign names the
//! right version, in steps: what was made to be read by machines 0.95, what a program says of itself 0.9 and 0.8, a file's name 0.6.
//!
//! A program recognised by its strings whose file came in a package is that package, if it is the same software: the package is listed, with
//! the program's CPE name and the place as further evidence. Other software in a packaged file (a library that was linked in) is listed
//! by itself, as what the package depends on.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Component, FoundBy, Observed, Source};
use sekisho_version::order::upstream;
use sekisho_version::purl::{Upstream, qualified};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::value::is_licence_id;

/// What writes the document.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// Places listed of one component.
const MAX_PLACES: usize = 100;
/// The name under which the artefact itself is referred to.
const ROOT: &str = "firmware";

/// The components that `collection` names, as a document in JSON. `made` is the document's time (RFC 3339), where it shall have one.
pub fn bill_of_materials(collection: &Collection, tool: Tool<'_>, made: Option<&str>) -> Value {
    let listed = merge(collection);
    let artefact = &collection.artefact;
    let digest = artefact.sha256.as_deref().unwrap_or(&artefact.name);
    let serial = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{} {} {digest}", tool.name, tool.version).as_bytes());
    let mut root = Map::new();
    root.insert("type".into(), "firmware".into());
    root.insert("bom-ref".into(), ROOT.into());
    root.insert("name".into(), file_name(&artefact.name).into());
    if let Some(sha256) = &artefact.sha256 {
        root.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": sha256 }]));
    }
    if let Some(size) = artefact.size {
        root.insert("properties".into(), json!([{ "name": "sekisho:size", "value": size.to_string() }]));
    }
    let mut metadata = Map::new();
    if let Some(made) = made {
        metadata.insert("timestamp".into(), made.into());
    }
    metadata.insert(
        "tools".into(),
        json!({ "components": [{ "type": "application", "name": tool.name, "version": tool.version }] }),
    );
    metadata.insert("component".into(), root.into());
    let references = references(&listed);
    let mut dependencies = vec![json!({ "ref": ROOT, "dependsOn": references })];
    for (entry, reference) in listed.iter().zip(&references) {
        let inside: Vec<&String> = listed
            .iter()
            .zip(&references)
            .filter(|(other, _)| {
                entry.component.found_by == FoundBy::PackageDatabase
                    && other.component.found_by != FoundBy::PackageDatabase
                    && other.component.package.as_deref() == Some(entry.component.name.as_str())
            })
            .map(|(_, reference)| reference)
            .collect();
        if !inside.is_empty() {
            dependencies.push(json!({ "ref": reference, "dependsOn": inside }));
        }
    }
    let components: Vec<Value> = listed.iter().zip(&references).map(|(entry, id)| entry.write(id)).collect();
    // What is recognised by signs is never known to be all there is.
    let looked = |aspect| collection.coverage.iter().any(|c| c.aspect == aspect && c.extent == Extent::Complete);
    let whole = looked(Aspect::FirmwareComponents) && looked(Aspect::FirmwarePackages);
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{serial}"),
        "version": 1,
        "metadata": metadata,
        "components": components,
        "dependencies": dependencies,
        "compositions": [{ "aggregate": if whole { "unknown" } else { "incomplete" }, "assemblies": [ROOT] }],
    })
}

/// The technique, as the standard names it, and how sure it is.
fn technique(found_by: FoundBy) -> (&'static str, f64) {
    (
        match found_by {
            FoundBy::PackageDatabase | FoundBy::OsRelease | FoundBy::LanguagePackage => "manifest-analysis",
            FoundBy::VersionString
            | FoundBy::KernelBanner
            | FoundBy::BuildInfo
            | FoundBy::ModuleInfo
            | FoundBy::ImageHeader => "binary-analysis",
            FoundBy::FileName => "filename",
            FoundBy::BuildId => "hash-comparison",
            FoundBy::Sbom => "attestation",
        },
        confidence(found_by),
    )
}

/// How sure an identification of this kind is; see the head of the module.
fn confidence(found_by: FoundBy) -> f64 {
    match found_by {
        FoundBy::BuildId => 1.0,
        FoundBy::PackageDatabase | FoundBy::OsRelease | FoundBy::LanguagePackage | FoundBy::BuildInfo => 0.95,
        FoundBy::KernelBanner | FoundBy::ModuleInfo => 0.9,
        FoundBy::VersionString | FoundBy::ImageHeader => 0.8,
        FoundBy::FileName => 0.6,
        FoundBy::Sbom => 0.5,
    }
}

/// A component of the document, with every place where it was seen.
struct Entry<'a> {
    component: Component,
    seen: Vec<(FoundBy, &'a Source)>,
}

/// The components, each once.
fn merge(collection: &Collection) -> Vec<Entry<'_>> {
    let mut packages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut known: BTreeMap<(&str, Option<&str>, Option<&str>), usize> = BTreeMap::new();
    let mut listed: Vec<Entry<'_>> = Vec::new();
    let facts = || {
        collection.facts.iter().filter_map(|fact| match &fact.observed {
            Observed::Component(component) => Some((component, &fact.source)),
            _ => None,
        })
    };
    let is_package = |component: &Component| component.found_by == FoundBy::PackageDatabase;
    let (of_packages, others): (Vec<_>, Vec<_>) = facts().partition(|(component, _)| is_package(component));
    for (component, source) in of_packages.into_iter().chain(others) {
        let owner = component.package.as_deref().and_then(|package| packages.get(package)).and_then(|owners| {
            owners.iter().copied().find(|&at| listed.get(at).is_some_and(|entry| is_same(component, &entry.component)))
        });
        let key = (component.name.as_str(), component.version.as_deref(), component.purl.as_deref());
        let at = owner.or_else(|| known.get(&key).copied());
        if let Some(entry) = at.and_then(|at| listed.get_mut(at)) {
            entry.component.cpe = entry.component.cpe.take().or_else(|| component.cpe.clone());
            for hash in &component.hashes {
                if !entry.component.hashes.contains(hash) {
                    entry.component.hashes.push(hash.clone());
                }
            }
            entry.seen.push((component.found_by, source));
        } else {
            known.insert(key, listed.len());
            if is_package(component) {
                packages.entry(&component.name).or_default().push(listed.len());
            }
            let purl = component.purl.as_deref().map(|purl| with_source(purl, component));
            listed.push(Entry {
                component: Component { purl, ..component.clone() },
                seen: vec![(component.found_by, source)],
            });
        }
    }
    listed
}

/// The package URL with the source package that `component` was built from, which readers of the document look for there.
fn with_source(purl: &str, component: &Component) -> String {
    let upstream = component
        .source_package
        .as_ref()
        .map(|source| Upstream { name: source.name.clone(), version: source.version.clone() });
    upstream.and_then(|upstream| qualified(purl, "upstream", &upstream.to_string())).unwrap_or_else(|| purl.to_owned())
}

/// Whether what was recognised in a package's file is the software that was packaged: it has its version, or its name.
fn is_same(found: &Component, package: &Component) -> bool {
    let plain = |name: &str| {
        let name = name.to_ascii_lowercase().replace(['-', '_'], "");
        name.strip_prefix("lib").map_or(name.clone(), str::to_owned)
    };
    let (name, packaged) = (plain(&found.name), plain(&package.name));
    let version = |component: &Component| component.version.as_deref().map(|v| upstream(v).to_owned());
    version(found).is_some_and(|v| version(package).as_deref() == Some(v.as_str()))
        || packaged.starts_with(&name)
        || name.starts_with(&packaged)
}

/// A reference for each component: its package URL where that is its own, else name and version, made different by a number.
fn references(listed: &[Entry<'_>]) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::from([ROOT.to_owned()]);
    let mut references = Vec::with_capacity(listed.len());
    for Entry { component, .. } in listed {
        let version = component.version.as_deref().unwrap_or("unknown");
        let base = component.purl.clone().unwrap_or_else(|| format!("{}@{version}", component.name));
        let mut reference = base.clone();
        let mut number = 2;
        while !taken.insert(reference.clone()) {
            reference = format!("{base}#{number}");
            number += 1;
        }
        references.push(reference);
    }
    references
}

impl Entry<'_> {
    fn write(&self, reference: &str) -> Value {
        let component = &self.component;
        let mut out = Map::new();
        out.insert("type".into(), kind(component).into());
        out.insert("bom-ref".into(), reference.into());
        if let Some(supplier) = &component.supplier {
            out.insert("supplier".into(), json!({ "name": supplier }));
        }
        out.insert("name".into(), component.name.clone().into());
        if let Some(version) = &component.version {
            out.insert("version".into(), version.clone().into());
        }
        let hashes = self.hashes();
        if !hashes.is_empty() {
            out.insert("hashes".into(), hashes.into());
        }
        let licences = licences(&component.licences);
        if !licences.is_empty() {
            out.insert("licenses".into(), licences.into());
        }
        if let Some(cpe) = &component.cpe {
            out.insert("cpe".into(), cpe.clone().into());
        }
        if let Some(purl) = &component.purl {
            out.insert("purl".into(), purl.clone().into());
        }
        let properties = self.properties();
        if !properties.is_empty() {
            out.insert("properties".into(), properties.into());
        }
        out.insert("evidence".into(), self.evidence());
        out.into()
    }

    /// The digest of the one file that the component is, where it is one.
    fn hashes(&self) -> Vec<Value> {
        let files: BTreeSet<&str> = self
            .seen
            .iter()
            .filter(|(by, _)| matches!(by, FoundBy::VersionString | FoundBy::FileName))
            .filter_map(|(_, source)| source.sha256.as_deref())
            .collect();
        match files.first() {
            Some(sha256) if files.len() == 1 && self.component.found_by != FoundBy::PackageDatabase => {
                vec![json!({ "alg": "SHA-256", "content": sha256 })]
            }
            _ => Vec::new(),
        }
    }

    fn properties(&self) -> Vec<Value> {
        let ids = self.component.hashes.iter().filter_map(|hash| hash.strip_prefix("build-id:"));
        let mut properties: Vec<Value> =
            ids.take(MAX_PLACES).map(|id| json!({ "name": "sekisho:build-id", "value": id })).collect();
        if let Some(package) = &self.component.package {
            properties.push(json!({ "name": "sekisho:packaged-in", "value": package }));
        }
        properties
    }

    fn evidence(&self) -> Value {
        let component = &self.component;
        let mut methods: BTreeMap<FoundBy, String> = BTreeMap::new();
        for (by, source) in &self.seen {
            methods.entry(*by).or_insert_with(|| source.excerpt.clone().unwrap_or_default());
        }
        let sure = methods.keys().map(|by| confidence(*by)).fold(0.0, f64::max);
        let methods: Vec<Value> = methods
            .iter()
            .map(|(by, excerpt)| {
                let (technique, confidence) = technique(*by);
                let mut method = json!({ "technique": technique, "confidence": confidence });
                if !excerpt.is_empty() {
                    method["value"] = excerpt.as_str().into();
                }
                method
            })
            .collect();
        let concluded = [
            ("purl", component.purl.as_deref()),
            ("cpe", component.cpe.as_deref()),
            ("version", component.version.as_deref()),
        ];
        let mut identity: Vec<Value> = concluded
            .into_iter()
            .filter_map(|(field, value)| {
                Some(json!({ "field": field, "confidence": sure, "concludedValue": value?, "methods": methods }))
            })
            .collect();
        if identity.is_empty() {
            identity.push(
                json!({ "field": "name", "confidence": sure, "concludedValue": component.name, "methods": methods }),
            );
        }
        let mut places: Vec<Value> = Vec::new();
        for (_, source) in self.seen.iter().take(MAX_PLACES) {
            let place = occurrence(source);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        json!({ "identity": identity, "occurrences": places })
    }
}

/// Where something was seen: the file in the image, or the image.
fn occurrence(source: &Source) -> Value {
    let mut place = Map::new();
    place.insert("location".into(), source.path.as_deref().unwrap_or_else(|| file_name(&source.artefact)).into());
    if let Some(line) = source.line {
        place.insert("line".into(), line.into());
    }
    // In a file the offset in it; what lies in no file lies in the image.
    let offset = if source.path.is_some() { source.at } else { source.at.or(source.offset) };
    if let Some(offset) = offset {
        place.insert("offset".into(), offset.into());
    }
    let mut context = source.within.clone();
    context.extend(source.sha256.as_ref().map(|sha256| format!("sha256:{sha256}")));
    if !context.is_empty() {
        place.insert("additionalContext".into(), context.join(" ").into());
    }
    place.into()
}

/// The standard's kind of component.
fn kind(component: &Component) -> &'static str {
    const BOOT: [&str; 6] = ["u-boot", "barebox", "grub", "redboot", "op-tee", "arm-trusted-firmware"];
    let name = component.name.as_str();
    let part = component.cpe.as_deref().and_then(|cpe| cpe.split(':').nth(2));
    match component.found_by {
        _ if BOOT.contains(&name) && component.found_by != FoundBy::PackageDatabase => "firmware",
        _ if part == Some("o") => "operating-system",
        FoundBy::OsRelease => "operating-system",
        FoundBy::ModuleInfo => "device-driver",
        FoundBy::LanguagePackage | FoundBy::BuildInfo => "library",
        _ if name.starts_with("lib")
            || matches!(name, "openssl" | "zlib" | "glibc" | "musl" | "uclibc" | "uclibc-ng") =>
        {
            "library"
        }
        _ => "application",
    }
}

/// Licences as the standard wants them: one expression, or a list of identifiers and names.
fn licences(licences: &[String]) -> Vec<Value> {
    if let [only] = licences
        && !is_licence_id(only)
        && spdx::Expression::parse(only).is_ok()
    {
        return vec![json!({ "expression": only })];
    }
    licences
        .iter()
        .map(|licence| {
            let field = if is_licence_id(licence) { "id" } else { "name" };
            json!({ "license": { field: licence } })
        })
        .collect()
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
