//! `OpenVEX` documents.
//!
//! Source: *`OpenVEX` Specification* v0.2.0 (`openvex/spec`); of v0.0.1 the plain strings for vulnerability and products.

use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, document_id, ids, is_id, json};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{Record, VexDocument, VexFormat, VexProduct, VexStatement, VexStatus};
use crate::moment::Moment;

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "@id", default, deserialize_with = "or_default")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    author: String,
    #[serde(default)]
    version: serde_json::Value,
    #[serde(default, deserialize_with = "or_default")]
    timestamp: String,
    #[serde(default, deserialize_with = "or_default")]
    last_updated: String,
    #[serde(default, deserialize_with = "or_default")]
    statements: Vec<RawStatement>,
}

#[derive(Deserialize)]
struct RawStatement {
    vulnerability: RawVulnerability,
    #[serde(default, deserialize_with = "or_default")]
    status: String,
    #[serde(default, deserialize_with = "or_default")]
    products: Vec<RawProduct>,
    #[serde(default, deserialize_with = "or_default")]
    justification: String,
    #[serde(default, deserialize_with = "or_default")]
    impact_statement: String,
    #[serde(default, deserialize_with = "or_default")]
    action_statement: String,
    #[serde(default, deserialize_with = "or_default")]
    timestamp: String,
    #[serde(default, deserialize_with = "or_default")]
    last_updated: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawVulnerability {
    Name(String),
    Full {
        #[serde(rename = "@id", default)]
        id: String,
        #[serde(default)]
        name: String,
        #[serde(default)]
        aliases: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawProduct {
    Name(String),
    Full {
        #[serde(rename = "@id", default)]
        id: String,
        #[serde(default)]
        identifiers: std::collections::BTreeMap<String, String>,
        #[serde(default)]
        hashes: std::collections::BTreeMap<String, String>,
        #[serde(default)]
        subcomponents: Vec<RawProduct>,
    },
}

/// Reads one document.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |raw, parsed| read_document(raw, bytes, limits, parsed))
}

fn read_document(raw: Raw, bytes: &[u8], limits: &Limits, parsed: &mut Parsed) {
    let id = document_id(raw.id, bytes);
    let mut statements = Vec::new();
    for raw in raw.statements {
        match statement(raw, limits) {
            Ok(statement) => {
                if statement.products.is_empty() {
                    parsed.note(
                        Reason::UnknownProduct,
                        &statement.vulnerability,
                        format_args!("{id}: a statement on no product"),
                    );
                }
                statements.push(statement);
            }
            Err((reason, detail)) => parsed.note(reason, &id, detail),
        }
    }
    parsed.records.push(Record::Vex(Box::new(VexDocument {
        format: VexFormat::OpenVex,
        author: cut(raw.author, limits.text),
        version: match raw.version {
            serde_json::Value::String(version) => cut(version, 64),
            serde_json::Value::Null => String::new(),
            other => cut(other.to_string(), 64),
        },
        modified: Moment::parse(&raw.last_updated).or_else(|| Moment::parse(&raw.timestamp)),
        statements,
        id,
    })));
}

fn statement(raw: RawStatement, limits: &Limits) -> Result<VexStatement, (Reason, String)> {
    let (vulnerability, aliases) = match raw.vulnerability {
        RawVulnerability::Name(name) => (name, Vec::new()),
        RawVulnerability::Full { id, name, aliases } => (if name.is_empty() { id } else { name }, aliases),
    };
    if !is_id(&vulnerability) {
        return Err((Reason::BadId, cut(vulnerability, 64)));
    }
    let status = match raw.status.as_str() {
        "not_affected" => VexStatus::NotAffected,
        "affected" => VexStatus::Affected,
        "fixed" => VexStatus::Fixed,
        "under_investigation" => VexStatus::UnderInvestigation,
        other => return Err((Reason::BadState, format!("{vulnerability}: `{}`", cut(other.to_owned(), 64)))),
    };
    if raw.products.len() > limits.list {
        return Err((Reason::TooLarge, format!("{vulnerability}: {} products", raw.products.len())));
    }
    let detail = if raw.impact_statement.is_empty() { raw.action_statement } else { raw.impact_statement };
    Ok(VexStatement {
        aliases: ids(aliases, &vulnerability, limits),
        vulnerability,
        status,
        justification: cut(raw.justification, 128),
        detail: cut(detail, limits.text),
        products: raw.products.into_iter().map(|raw| product(raw, limits)).collect(),
        modified: Moment::parse(&raw.last_updated).or_else(|| Moment::parse(&raw.timestamp)),
    })
}

fn product(raw: RawProduct, limits: &Limits) -> VexProduct {
    let mut product = VexProduct::default();
    match raw {
        RawProduct::Name(id) => product.id = cut(id, limits.text),
        RawProduct::Full { id, identifiers, hashes, subcomponents } => {
            product.id = cut(id, limits.text);
            for (kind, value) in identifiers {
                match kind.as_str() {
                    "purl" => product.purls.push(cut(value, limits.text)),
                    "cpe22" | "cpe23" => product.cpes.push(cut(value, limits.text)),
                    _ => {}
                }
            }
            product.hashes =
                hashes.into_iter().take(64).map(|(kind, value)| (cut(kind, 32), cut(value, 256))).collect();
            // A product whose subcomponents are left out would speak of the whole: there are never so many that one has to be.
            product.components = subcomponents.into_iter().map(|raw| self::product(raw, limits)).collect();
        }
    }
    // The identifier is allowed to be the package URL itself.
    if product.id.starts_with("pkg:") && !product.purls.contains(&product.id) {
        product.purls.insert(0, product.id.clone());
    }
    product
}
