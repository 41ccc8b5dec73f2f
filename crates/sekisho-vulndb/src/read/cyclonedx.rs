//! The vulnerabilities and their analysis in `CycloneDX` documents (JSON), inside a bill of materials or by themselves.
//!
//! Source: ECMA-424, `vulnerabilities[].analysis` and `affects`; references into other documents are BOM-Links
//! (`urn:cdx:serialNumber/version#bom-ref`).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, document_id, ids, is_id, json};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{Record, VexDocument, VexFormat, VexProduct, VexStatement, VexStatus};
use crate::moment::Moment;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default, deserialize_with = "or_default")]
    serial_number: String,
    #[serde(default, deserialize_with = "or_default")]
    version: u64,
    #[serde(default, deserialize_with = "or_default")]
    metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    components: Vec<Component>,
    #[serde(default, deserialize_with = "or_default")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    #[serde(default, deserialize_with = "or_default")]
    timestamp: String,
    component: Option<Component>,
    supplier: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "bom-ref", default, deserialize_with = "or_default")]
    reference: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    version: String,
    purl: Option<String>,
    cpe: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    references: Vec<Other>,
    #[serde(default, deserialize_with = "or_default")]
    updated: String,
    analysis: Option<Analysis>,
    #[serde(default, deserialize_with = "or_default")]
    affects: Vec<Affects>,
}

#[derive(Deserialize)]
struct Other {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis {
    #[serde(default, deserialize_with = "or_default")]
    state: String,
    #[serde(default, deserialize_with = "or_default")]
    justification: String,
    #[serde(default, deserialize_with = "or_default")]
    detail: String,
    #[serde(default, deserialize_with = "or_default")]
    last_updated: String,
}

#[derive(Deserialize)]
struct Affects {
    #[serde(rename = "ref", default, deserialize_with = "or_default")]
    reference: String,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<Versions>,
}

#[derive(Deserialize)]
struct Versions {
    version: Option<String>,
    range: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    status: String,
}

/// Reads one document. A bill of materials without analyses gives nothing.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |raw, parsed| read_document(raw, bytes, limits, parsed))
}

fn read_document(raw: Raw, bytes: &[u8], limits: &Limits, parsed: &mut Parsed) {
    let id = document_id(raw.serial_number, bytes);
    let mut components = BTreeMap::new();
    // The depth is the parser's: it refuses more than 128 levels.
    let mut left: Vec<Component> = raw.components.into_iter().chain(raw.metadata.component).collect();
    while let Some(component) = left.pop() {
        left.extend(component.components);
        let product = VexProduct {
            id: cut(component.reference.clone(), limits.text),
            name: cut(component.name, limits.text),
            version: cut(component.version, limits.text),
            purls: component.purl.into_iter().map(|purl| cut(purl, limits.text)).collect(),
            cpes: component.cpe.into_iter().map(|cpe| cut(cpe, limits.text)).collect(),
            ..VexProduct::default()
        };
        components.insert(component.reference, product);
    }
    let mut statements = Vec::new();
    let mut room = limits.document;
    for vulnerability in raw.vulnerabilities {
        match statement(vulnerability, &components, limits, &id, parsed, &mut room) {
            Ok(Some(statement)) => statements.push(statement),
            Ok(None) => {}
            Err((reason, detail)) => parsed.note(reason, &id, detail),
        }
    }
    if statements.is_empty() {
        if parsed.notes.is_empty() {
            parsed.note(Reason::NoStatement, &id, "no vulnerability with an analysis");
        }
        return;
    }
    parsed.records.push(Record::Vex(Box::new(VexDocument {
        id,
        format: VexFormat::CycloneDx,
        author: raw.metadata.supplier.map_or_else(String::new, |supplier| cut(supplier.name, limits.text)),
        version: if raw.version == 0 { String::new() } else { raw.version.to_string() },
        modified: Moment::parse(&raw.metadata.timestamp),
        statements,
    })));
}

fn statement(
    raw: Vulnerability,
    components: &BTreeMap<String, VexProduct>,
    limits: &Limits,
    document: &str,
    parsed: &mut Parsed,
    room: &mut usize,
) -> Result<Option<VexStatement>, (Reason, String)> {
    // Without an analysis the entry is a finding, and no statement.
    let Some(analysis) = raw.analysis.filter(|analysis| !analysis.state.is_empty()) else { return Ok(None) };
    if !is_id(&raw.id) {
        return Err((Reason::BadId, "a vulnerability without an identifier".to_owned()));
    }
    let status = match analysis.state.as_str() {
        "not_affected" | "false_positive" => VexStatus::NotAffected,
        "exploitable" => VexStatus::Affected,
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        "in_triage" => VexStatus::UnderInvestigation,
        other => return Err((Reason::BadState, format!("{}: `{}`", raw.id, cut(other.to_owned(), 64)))),
    };
    let mut products = Vec::new();
    for affects in raw.affects {
        let Some(product) = product(&affects.reference, components, limits) else {
            parsed.note(Reason::UnknownProduct, &raw.id, format_args!("{document}: {}", cut(affects.reference, 128)));
            continue;
        };
        // Versions with a status of their own say that for these something else holds: such a statement is only about the ones that agree.
        let mut repeated = || {
            let full = || (Reason::TooLarge, format!("{}: more products than there is room for", raw.id));
            product.take_room(room).ok_or_else(full)
        };
        repeated()?;
        if affects.versions.is_empty() {
            products.push(product);
            continue;
        }
        for versions in affects.versions {
            repeated()?;
            let agrees = match versions.status.as_str() {
                "" | "affected" => status != VexStatus::NotAffected || versions.status.is_empty(),
                "unaffected" => matches!(status, VexStatus::NotAffected | VexStatus::Fixed),
                "unknown" => status == VexStatus::UnderInvestigation,
                _ => false,
            };
            match (versions.version.or(versions.range), agrees) {
                (Some(version), true) => {
                    products.push(VexProduct { version: cut(version, limits.text), ..product.clone() });
                }
                (Some(_), false) => {}
                (None, _) => {
                    parsed.note(Reason::BadRange, &raw.id, format_args!("{document}: neither version nor range"));
                }
            }
        }
    }
    Ok(Some(VexStatement {
        aliases: ids(raw.references.into_iter().map(|other| other.id).collect(), &raw.id, limits),
        vulnerability: raw.id,
        status,
        justification: cut(analysis.justification, 128),
        detail: cut(analysis.detail, limits.text),
        products,
        modified: Moment::parse(&analysis.last_updated).or_else(|| Moment::parse(&raw.updated)),
    }))
}

/// What a reference means: a component here, one in another document, or, as some write it, the package URL itself.
fn product(reference: &str, components: &BTreeMap<String, VexProduct>, limits: &Limits) -> Option<VexProduct> {
    if let Some(product) = components.get(reference).filter(|_| !reference.is_empty()) {
        return Some(product.clone());
    }
    let id = cut(reference.to_owned(), limits.text);
    if reference.starts_with("urn:cdx:") {
        return Some(VexProduct { id, ..VexProduct::default() });
    }
    reference.starts_with("pkg:").then(|| VexProduct { purls: vec![id.clone()], id, ..VexProduct::default() })
}
