//! CVE records, format 5.
//!
//! Source: CVE Project, *CVE Record Format* 5.1 (`CVEProject/cve-schema`). The CNA's container and those of authorised data publishers are
//! read alike; who said it stands with severities only.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::lenient::or_default;
use super::nvd::{RawConfiguration, RawCvss, RawReference, Text, configurations, english, severity};
use super::{Parsed, cut, is_cve, is_version, json, summary};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{
    Advisory, AffectedProduct, Bound, ProductStatus, ProductVersion, Record, Reference, Severity, State,
};
use crate::moment::Moment;
use crate::source::Source;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    cve_metadata: Metadata,
    #[serde(default, deserialize_with = "or_default")]
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default, deserialize_with = "or_default")]
    cve_id: String,
    #[serde(default, deserialize_with = "or_default")]
    state: String,
    #[serde(default, deserialize_with = "or_default")]
    date_published: String,
    #[serde(default, deserialize_with = "or_default")]
    date_updated: String,
    #[serde(default, deserialize_with = "or_default")]
    date_rejected: String,
}

#[derive(Deserialize, Default)]
struct Containers {
    #[serde(default, deserialize_with = "or_default")]
    cna: Container,
    #[serde(default, deserialize_with = "or_default")]
    adp: Vec<Container>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Container {
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    tags: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    date_public: String,
    #[serde(default, deserialize_with = "or_default")]
    provider_metadata: Provider,
    #[serde(default, deserialize_with = "or_default")]
    descriptions: Vec<Text>,
    #[serde(default, deserialize_with = "or_default")]
    rejected_reasons: Vec<Text>,
    #[serde(default, deserialize_with = "or_default")]
    affected: Vec<RawProduct>,
    #[serde(default, deserialize_with = "or_default")]
    cpe_applicability: Vec<RawConfiguration>,
    #[serde(default, deserialize_with = "or_default")]
    metrics: Vec<RawMetric>,
    #[serde(default, deserialize_with = "or_default")]
    problem_types: Vec<RawProblem>,
    #[serde(default, deserialize_with = "or_default")]
    references: Vec<RawReference>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Provider {
    #[serde(default, deserialize_with = "or_default")]
    short_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProduct {
    #[serde(default, deserialize_with = "or_default")]
    vendor: String,
    #[serde(default, deserialize_with = "or_default")]
    product: String,
    #[serde(rename = "collectionURL", default, deserialize_with = "or_default")]
    collection: String,
    #[serde(default, deserialize_with = "or_default")]
    package_name: String,
    #[serde(default, deserialize_with = "or_default")]
    cpes: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    default_status: String,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<RawVersion>,
    #[serde(default, deserialize_with = "or_default")]
    platforms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawVersion {
    #[serde(default, deserialize_with = "or_default")]
    version: String,
    #[serde(default, deserialize_with = "or_default")]
    status: String,
    #[serde(default, deserialize_with = "or_default")]
    version_type: String,
    less_than: Option<String>,
    less_than_or_equal: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    changes: Vec<RawChange>,
}

#[derive(Deserialize)]
struct RawChange {
    #[serde(default, deserialize_with = "or_default")]
    at: String,
    #[serde(default, deserialize_with = "or_default")]
    status: String,
}

#[derive(Deserialize)]
struct RawMetric {
    #[serde(rename = "cvssV4_0")]
    v4: Option<RawCvss>,
    #[serde(rename = "cvssV3_1")]
    v31: Option<RawCvss>,
    #[serde(rename = "cvssV3_0")]
    v30: Option<RawCvss>,
    #[serde(rename = "cvssV2_0")]
    v2: Option<RawCvss>,
}

#[derive(Deserialize)]
struct RawProblem {
    #[serde(default, deserialize_with = "or_default")]
    descriptions: Vec<RawProblemText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProblemText {
    #[serde(default, deserialize_with = "or_default")]
    cwe_id: String,
}

/// Reads one record.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |raw, parsed| read_record(raw, limits, parsed))
}

fn read_record(raw: Raw, limits: &Limits, parsed: &mut Parsed) {
    let id = raw.cve_metadata.cve_id;
    if !is_cve(&id) {
        parsed.note(Reason::BadId, &id, "no CVE identifier");
        return;
    }
    let state = match raw.cve_metadata.state.as_str() {
        "PUBLISHED" => State::Published,
        "REJECTED" => State::Rejected,
        other => {
            parsed.note(Reason::BadState, &id, cut(other.to_owned(), 64));
            return;
        }
    };
    let cna = &raw.containers.cna;
    let text = [cna.title.as_str(), english(&cna.descriptions), english(&cna.rejected_reasons)];
    let mut advisory = Advisory {
        source: Source::Cve,
        aliases: Vec::new(),
        upstream: Vec::new(),
        related: Vec::new(),
        summary: summary(text.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()),
        state,
        status: raw.cve_metadata.state,
        disputed: false,
        published: Moment::parse(&raw.cve_metadata.date_published).or_else(|| Moment::parse(&cna.date_public)),
        // Not every record outside of the CVE list itself has this date.
        modified: Moment::parse(&raw.cve_metadata.date_updated),
        withdrawn: Moment::parse(&raw.cve_metadata.date_rejected),
        severities: Vec::new(),
        weaknesses: Vec::new(),
        packages: Vec::new(),
        products: Vec::new(),
        configurations: Vec::new(),
        references: Vec::new(),
        id,
    };
    for container in std::iter::once(raw.containers.cna).chain(raw.containers.adp) {
        if add(&mut advisory, container, limits, parsed).is_none() {
            return;
        }
    }
    advisory.weaknesses.sort_unstable();
    advisory.weaknesses.dedup();
    parsed.records.push(Record::Advisory(Box::new(advisory)));
}

/// Adds what a container says; none where it is more than can be kept, so that the record has to be left out.
fn add(advisory: &mut Advisory, container: Container, limits: &Limits, parsed: &mut Parsed) -> Option<()> {
    let by = container.provider_metadata.short_name;
    advisory.disputed |= container.tags.iter().any(|tag| tag == "disputed");
    let room = |list: usize| limits.list.saturating_sub(list);
    if container.affected.len() > room(advisory.products.len()) {
        parsed.note(Reason::TooLarge, &advisory.id, format_args!("{} affected products", container.affected.len()));
        return None;
    }
    for raw in container.affected {
        let product = product(raw, &advisory.id, limits, parsed);
        advisory.products.push(product);
    }
    advisory.configurations.extend(configurations(container.cpe_applicability, &advisory.id, limits, parsed)?);
    let vectors = container.metrics.into_iter().flat_map(|metric| {
        [("CVSS_V4", metric.v4), ("CVSS_V3", metric.v31), ("CVSS_V3", metric.v30), ("CVSS_V2", metric.v2)]
    });
    let severities = vectors.filter_map(|(scheme, cvss)| cvss.map(|cvss| severity(scheme, cvss, by.clone())));
    let severities: Vec<Severity> = severities.take(room(advisory.severities.len())).collect();
    advisory.severities.extend(severities);
    let weaknesses =
        container.problem_types.into_iter().flat_map(|problem| problem.descriptions).map(|text| text.cwe_id);
    let most = room(advisory.weaknesses.len());
    advisory.weaknesses.extend(weaknesses.filter(|id| id.starts_with("CWE-") && id.len() <= 16).take(most));
    // The publishers repeat each other's references.
    let mut known: BTreeSet<String> = advisory.references.iter().map(|reference| reference.url.clone()).collect();
    for reference in container.references.into_iter().take(room(advisory.references.len())) {
        if !reference.url.is_empty() && reference.url.len() <= limits.text && known.insert(reference.url.clone()) {
            advisory.references.push(Reference { kind: cut(reference.tags.join(", "), 128), url: reference.url });
        }
    }
    Some(())
}

fn product(raw: RawProduct, id: &str, limits: &Limits, parsed: &mut Parsed) -> AffectedProduct {
    let mut incomplete = false;
    let default = match raw.default_status.as_str() {
        "" => Some(ProductStatus::Unknown),
        text => status(text),
    };
    let mut faults = Vec::new();
    if default.is_none() {
        faults.push(format!("default status `{}`", cut(raw.default_status, 32)));
    }
    let mut versions = Vec::new();
    let left = raw.versions.len().saturating_sub(limits.list);
    if left > 0 {
        faults.push(format!("{left} versions beyond the limit"));
    }
    for raw in raw.versions.into_iter().take(limits.list) {
        match version(raw, limits) {
            Ok(version) => versions.push(version),
            Err(fault) => faults.push(fault),
        }
    }
    let name = cut(raw.product, limits.text);
    for fault in faults {
        incomplete = true;
        parsed.note(Reason::BadRange, id, format_args!("{}: {fault}", cut(name.clone(), 64)));
    }
    AffectedProduct {
        vendor: cut(raw.vendor, limits.text),
        product: name,
        collection: cut(raw.collection, limits.text),
        package: cut(raw.package_name, limits.text),
        cpes: raw.cpes.into_iter().filter(|cpe| cpe.len() <= limits.text).take(limits.list).collect(),
        default: default.unwrap_or(ProductStatus::Unknown),
        versions,
        platforms: raw.platforms.into_iter().take(limits.list).map(|platform| cut(platform, limits.text)).collect(),
        incomplete,
    }
}

fn version(raw: RawVersion, limits: &Limits) -> Result<ProductVersion, String> {
    let of = |text: &str| status(text).ok_or_else(|| format!("status `{}`", cut(text.to_owned(), 32)));
    let usable = |version: String| {
        if is_version(&version, limits) { Ok(version) } else { Err("a version that is none".to_owned()) }
    };
    let end = match (raw.less_than, raw.less_than_or_equal) {
        (None, None) => None,
        (Some(version), None) => Some(Bound { version: usable(version)?, inclusive: false }),
        (None, Some(version)) => Some(Bound { version: usable(version)?, inclusive: true }),
        (Some(_), Some(_)) => return Err("a range with two ends".to_owned()),
    };
    if raw.changes.len() > limits.list {
        return Err(format!("{} changes of status", raw.changes.len()));
    }
    let changes = raw.changes.into_iter().map(|change| Ok((usable(change.at)?, of(&change.status)?)));
    Ok(ProductVersion {
        status: of(&raw.status)?,
        version: usable(raw.version)?,
        order: cut(raw.version_type, 64),
        end,
        changes: changes.collect::<Result<_, String>>()?,
    })
}

fn status(text: &str) -> Option<ProductStatus> {
    match text {
        "affected" => Some(ProductStatus::Affected),
        "unaffected" => Some(ProductStatus::Unaffected),
        "unknown" => Some(ProductStatus::Unknown),
        _ => None,
    }
}
