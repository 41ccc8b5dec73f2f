//! A bill of the components concerned with their vulnerabilities, as a `CycloneDX` 1.6 document.
//!
//! Source: ECMA-424, `vulnerabilities`. The same report gives the same bytes: the serial number is derived from it.
//!
//! EPSS is a property and no rating: a rating of the method `other` with a score below 1 would be read by many as a low one.

use std::collections::BTreeSet;

use sekisho_model::Lang;
use sekisho_model::verdict::Severity;
use sekisho_model::vulnerability::{Confidence, Exposure, KnownVulnerability, Standing, VulnerabilityReport};
use serde_json::{Map, Value, json};

use super::components::{Component, concerned};
use super::identifiers::issuer;
use super::rating::{Scheme, scheme};
use super::{ExportError, action, identity, justification, midnight, moment, printed, product_name, reasoning};
use crate::messages::vulnerabilities as m;

/// The reference of the product itself.
const ROOT: &str = "product";

/// The report as a `CycloneDX` 1.6 document in JSON (VDR): the components concerned, and under `vulnerabilities` what concerns them. Texts of
/// ours are in `lang`.
///
/// # Errors
/// Where the report does not say when it was made.
pub fn cyclonedx(report: &VulnerabilityReport, lang: Lang) -> Result<String, ExportError> {
    let concerned = concerned(report, ROOT);
    let product = &report.product;
    let mut root = Map::from_iter([
        ("type".into(), "device".into()),
        ("bom-ref".into(), ROOT.into()),
        ("name".into(), filled(&product.name).into()),
    ]);
    if let Some(version) = &product.version {
        root.insert("version".into(), version.as_str().into());
    }
    let (tool, version) = report.tool.rsplit_once(' ').unwrap_or((&report.tool, ""));
    let mut metadata = Map::from_iter([
        ("timestamp".into(), moment(report)?.into()),
        (
            "tools".into(),
            json!({ "components": [{ "type": "application", "name": filled(tool), "version": version }] }),
        ),
    ]);
    if let Some(vendor) = &product.vendor {
        root.insert("supplier".into(), json!({ "name": vendor }));
        metadata.insert("supplier".into(), json!({ "name": vendor }));
    }
    metadata.insert("component".into(), root.into());
    metadata.insert("properties".into(), basis(report, lang).into());
    let vulnerabilities: Vec<Value> = concerned
        .findings
        .iter()
        .filter_map(|(value, at)| Some(vulnerability(value, concerned.components.get(*at)?, lang)))
        .collect();
    Ok(printed(&json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": identity(report, "cyclonedx", lang).urn().to_string(),
        "version": 1,
        "metadata": metadata,
        "components": concerned.components.iter().map(component).collect::<Vec<_>>(),
        // Only what something concerns is listed.
        "compositions": [{ "aggregate": "incomplete", "assemblies": [ROOT] }],
        "vulnerabilities": vulnerabilities,
    })))
}

/// A text where there has to be one.
fn filled(text: &str) -> &str {
    if text.is_empty() { "?" } else { text }
}

fn property(name: &str, value: impl Into<Value>) -> Value {
    json!({ "name": format!("sekisho:{name}"), "value": value.into() })
}

/// What the document rests on, and what speaks against relying on it.
fn basis(report: &VulnerabilityReport, lang: Lang) -> Vec<Value> {
    let database = &report.database;
    let mut properties =
        vec![property("product", product_name(report)), property("database:digest", database.digest.as_str())];
    properties.extend(database.imported.as_deref().map(|imported| property("database:imported", imported)));
    properties.extend(database.feeds.iter().map(|feed| property("database:feed", feed.name.as_str())));
    properties.extend(database.warnings.iter().map(|warning| property("database:warning", warning.get(lang))));
    properties.push(property("components", report.components.to_string()));
    properties.push(property("components:not-judged", report.not_judged.len().to_string()));
    properties
}

fn component(component: &Component<'_>) -> Value {
    // The standard's word for software of which nothing closer is known.
    let mut out = Map::from_iter([
        ("type".into(), "application".into()),
        ("bom-ref".into(), component.reference.as_str().into()),
        ("name".into(), filled(component.name).into()),
    ]);
    let parts = [("version", component.version), ("purl", component.purl), ("cpe", component.cpe)];
    out.extend(parts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.into()))));
    out.into()
}

fn vulnerability(value: &KnownVulnerability, component: &Component<'_>, lang: Lang) -> Value {
    let mut out = Map::from_iter([
        ("id".into(), value.id.as_str().into()),
        ("source".into(), source(&value.id)),
        ("analysis".into(), analysis(value, lang)),
        ("affects".into(), json!([affects(value, component)])),
        ("properties".into(), properties(value).into()),
    ]);
    let aliases: BTreeSet<&str> = value.aliases.iter().map(String::as_str).filter(|id| !id.is_empty()).collect();
    if !aliases.is_empty() {
        let aliases = aliases.into_iter().map(|id| json!({ "id": id, "source": source(id) }));
        out.insert("references".into(), aliases.collect());
    }
    if let Some(rating) = rating(value) {
        out.insert("ratings".into(), json!([rating]));
    }
    if !value.summary.is_empty() {
        out.insert("description".into(), value.summary.as_str().into());
    }
    if let Some(published) = value.published.as_deref().and_then(midnight) {
        out.insert("published".into(), published.into());
    }
    if value.fixed_in.is_some() && matches!(value.standing, Standing::Affected | Standing::Unknown) {
        out.insert("recommendation".into(), action(value, lang).into());
    }
    out.into()
}

fn source(id: &str) -> Value {
    let issuer = issuer(id);
    match issuer.address {
        Some(url) => json!({ "name": issuer.name, "url": url }),
        None => json!({ "name": issuer.name }),
    }
}

/// Score, severity and vector as the databases have them.
fn rating(value: &KnownVulnerability) -> Option<Value> {
    let score = value.score.as_deref().and_then(|score| score.parse::<f64>().ok()).filter(|score| score.is_finite());
    if score.is_none() && value.severity.is_none() {
        return None;
    }
    let method = value.vector.as_deref().and_then(scheme).map_or("other", |scheme| match scheme {
        Scheme::V2 => "CVSSv2",
        Scheme::V30 => "CVSSv3",
        Scheme::V31 => "CVSSv31",
        Scheme::V4 => "CVSSv4",
    });
    let mut rating = Map::from_iter([("method".to_owned(), method.into())]);
    rating.extend(score.map(|score| ("score".to_owned(), score.into())));
    rating.extend(value.severity.map(|severity| {
        // The lowest step of ours is a base score of zero.
        let word = if severity == Severity::Info { "none" } else { severity.name() };
        ("severity".to_owned(), word.into())
    }));
    rating.extend(value.vector.as_deref().map(|vector| ("vector".to_owned(), vector.into())));
    Some(rating.into())
}

fn analysis(value: &KnownVulnerability, lang: Lang) -> Value {
    let statement = value.statement.as_ref();
    let stated_affected = statement.is_some_and(|statement| statement.status == "affected");
    let state = match value.standing {
        Standing::Affected if stated_affected => "exploitable",
        // The version is affected, which `affects` says; whether that matters in this product nobody has looked into.
        Standing::Affected | Standing::Unknown => "in_triage",
        Standing::NotAffected => "not_affected",
        Standing::Fixed => "resolved",
    };
    let mut out = Map::from_iter([("state".to_owned(), state.into())]);
    let detail = match statement {
        Some(statement) if state != "in_triage" => {
            let label = justification::cyclonedx(&statement.justification).filter(|_| state == "not_affected");
            out.extend(label.map(|label| ("justification".to_owned(), label.into())));
            statement.detail.clone()
        }
        _ => reasoning(value, lang),
    };
    if !detail.is_empty() {
        out.insert("detail".into(), detail.into());
    }
    out.into()
}

/// Which version of which component, and how that version stands.
fn affects(value: &KnownVulnerability, component: &Component<'_>) -> Value {
    let status = match value.standing {
        Standing::Affected => "affected",
        Standing::Unknown => "unknown",
        Standing::NotAffected | Standing::Fixed => "unaffected",
    };
    match component.version {
        Some(version) => {
            json!({ "ref": component.reference, "versions": [{ "version": version, "status": status }] })
        }
        None => json!({ "ref": component.reference }),
    }
}

/// What the standard has no field for.
fn properties(value: &KnownVulnerability) -> Vec<Value> {
    let confidence = match value.confidence {
        Confidence::ExactPurl => "exact-purl",
        Confidence::Distribution => "distribution",
        Confidence::CpeWithVersion => "cpe-with-version",
        Confidence::CpeAllVersions => "cpe-all-versions",
        Confidence::ProductWithVersion => "product-with-version",
        Confidence::NameOnly => "name-only",
    };
    let exposure = match value.exposure {
        Exposure::Network => "network",
        Exposure::NotSeen => "not-seen",
        Exposure::Unknown => "unknown",
    };
    let mut out = vec![property("confidence", confidence), property("exposure", exposure)];
    if value.exploited {
        out.push(property("known-exploited", "CISA KEV"));
    }
    if let Some(epss) = &value.epss {
        out.extend([property("epss", epss.as_str()), property("epss:source", "https://www.first.org/epss/")]);
    }
    out.extend(value.fixed_in.as_deref().map(|version| property("fixed-in", version)));
    if value.disputed {
        out.push(property("disputed", m::DISPUTED_NOTE.get(Lang::En)));
    }
    out.extend(value.advisories.iter().map(|advisory| property("advisory", advisory.as_str())));
    if let Some(statement) = &value.statement {
        let parts = [
            ("stated", &statement.status),
            ("stated:justification", &statement.justification),
            ("stated:by", &statement.by),
            ("stated:in", &statement.document),
        ];
        out.extend(
            parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| property(key, text.as_str())),
        );
    }
    out
}
