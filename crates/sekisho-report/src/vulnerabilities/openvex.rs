//! A report as an `OpenVEX` 0.2.0 document.
//!
//! Source: *`OpenVEX` Specification* v0.2.0 (`openvex/spec`). Statements are on the component within the product, which is what was looked at.

use std::collections::BTreeSet;

use sekisho_model::Lang;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, VulnerabilityReport};
use sekisho_version::purl;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::components::{Component, concerned};
use super::publisher::is_uri;
use super::{ExportError, Publisher, action, attribution, identity, justification, moment, printed, reasoning};

/// The report as an `OpenVEX` document. Texts of ours are in `lang`.
///
/// # Errors
/// Where the report has no vulnerability, for the format has no document without a statement, or does not say when it was made.
pub fn openvex(report: &VulnerabilityReport, publisher: &Publisher, lang: Lang) -> Result<String, ExportError> {
    let concerned = concerned(report, "");
    let product = product(report);
    let mut said = BTreeSet::new();
    let statements: Vec<Value> = concerned
        .findings
        .iter()
        .filter_map(|(value, at)| Some(statement(value, concerned.components.get(*at)?, &product, lang)))
        // The format wants each once.
        .filter(|statement| said.insert(statement.to_string()))
        .collect();
    if statements.is_empty() {
        return Err(ExportError::NothingToState);
    }
    Ok(printed(&json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": identity(report, "openvex", lang).urn().to_string(),
        "author": publisher.name(),
        "timestamp": moment(report)?,
        "version": 1,
        "tooling": report.tool,
        "statements": statements,
    })))
}

/// What the product is named by. A report has no identifier of it but names, of which a package URL of the type `generic` is made: what people
/// use for what no ecosystem has.
fn product(report: &VulnerabilityReport) -> Value {
    let product = &report.product;
    let vendor = product.vendor.as_deref().filter(|vendor| !vendor.is_empty());
    name("generic", vendor, &product.name, product.version.as_deref())
}

/// A package URL with what it identifies; where the names make none, an identifier derived from them.
fn name(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Value {
    if let Some(purl) = purl::build(kind, namespace, name, version).filter(|purl| is_uri(purl)) {
        return json!({ "@id": purl, "identifiers": { "purl": purl } });
    }
    let parts = [namespace.unwrap_or(""), name, version.unwrap_or("")].join("\u{1f}");
    json!({ "@id": Uuid::new_v5(&Uuid::NAMESPACE_OID, parts.as_bytes()).urn().to_string() })
}

fn subcomponent(component: &Component<'_>) -> Value {
    let identifiers: Map<String, Value> = [("purl", component.purl), ("cpe23", component.cpe)]
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), text?.into())))
        .collect();
    match (component.purl, identifiers.is_empty()) {
        (Some(purl), _) => json!({ "@id": purl, "identifiers": identifiers }),
        (None, false) => json!({ "identifiers": identifiers }),
        (None, true) => name("generic", None, component.name, component.version),
    }
}

fn statement(value: &KnownVulnerability, component: &Component<'_>, product: &Value, lang: Lang) -> Value {
    let mut product = product.clone();
    product["subcomponents"] = json!([subcomponent(component)]);
    let mut vulnerability = Map::from_iter([("name".to_owned(), value.id.as_str().into())]);
    if !value.summary.is_empty() {
        vulnerability.insert("description".into(), value.summary.as_str().into());
    }
    let aliases: BTreeSet<&str> = value.aliases.iter().map(String::as_str).filter(|id| !id.is_empty()).collect();
    if !aliases.is_empty() {
        vulnerability.insert("aliases".into(), json!(aliases));
    }
    let mut out =
        Map::from_iter([("vulnerability".to_owned(), vulnerability.into()), ("products".to_owned(), json!([product]))]);
    let status = match value.standing {
        Standing::Affected => {
            out.insert("action_statement".into(), action(value, lang).into());
            "affected"
        }
        Standing::Unknown => "under_investigation",
        Standing::NotAffected => {
            impact(value, lang, &mut out);
            "not_affected"
        }
        Standing::Fixed => "fixed",
    };
    out.insert("status".into(), status.into());
    let notes = match &value.statement {
        Some(statement) => attribution(statement, lang),
        None => reasoning(value, lang),
    };
    if !notes.is_empty() {
        out.insert("status_notes".into(), notes.into());
    }
    out.into()
}

/// Why it is not affected: a label, words, or both; there has to be one.
fn impact(value: &KnownVulnerability, lang: Lang, out: &mut Map<String, Value>) {
    let Some(statement) = &value.statement else {
        out.insert("impact_statement".into(), reasoning(value, lang).into());
        return;
    };
    let label = justification::shared(&statement.justification);
    out.extend(label.map(|label| ("justification".to_owned(), label.into())));
    let words = match label {
        Some(_) => statement.detail.clone(),
        None => justification::in_words(statement, lang),
    };
    if !words.is_empty() {
        out.insert("impact_statement".into(), words.into());
    }
}
