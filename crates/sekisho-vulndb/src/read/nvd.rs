//! NVD records: an element of `vulnerabilities` in what the API 2.0 answers, and the applicability statements that CVE records share with it.
//!
//! Source: NIST, *CVE API 2.0* (`nvd.nist.gov/developers/vulnerabilities`) and its schema `cve_api_json_2.0`.

use sekisho_version::cpe::Name;
use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, is_cve, is_version, json, summary};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{Advisory, Bound, Configuration, CpeMatch, Node, Operator, Record, Reference, Severity, State};
use crate::moment::Moment;
use crate::source::Source;

#[derive(Deserialize)]
struct Element {
    cve: Raw,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    published: String,
    #[serde(default, deserialize_with = "or_default")]
    last_modified: String,
    #[serde(default, deserialize_with = "or_default")]
    vuln_status: String,
    #[serde(default, deserialize_with = "or_default")]
    cve_tags: Vec<RawTags>,
    #[serde(default, deserialize_with = "or_default")]
    descriptions: Vec<Text>,
    #[serde(default, deserialize_with = "or_default")]
    metrics: RawMetrics,
    #[serde(default, deserialize_with = "or_default")]
    weaknesses: Vec<RawWeakness>,
    #[serde(default, deserialize_with = "or_default")]
    configurations: Vec<RawConfiguration>,
    #[serde(default, deserialize_with = "or_default")]
    references: Vec<RawReference>,
}

#[derive(Deserialize)]
struct RawTags {
    #[serde(default, deserialize_with = "or_default")]
    tags: Vec<String>,
}

/// A text in a language.
#[derive(Deserialize)]
pub(crate) struct Text {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) lang: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) value: String,
}

#[derive(Deserialize, Default)]
struct RawMetrics {
    #[serde(rename = "cvssMetricV40", default, deserialize_with = "or_default")]
    v40: Vec<RawMetric>,
    #[serde(rename = "cvssMetricV31", default, deserialize_with = "or_default")]
    v31: Vec<RawMetric>,
    #[serde(rename = "cvssMetricV30", default, deserialize_with = "or_default")]
    v30: Vec<RawMetric>,
    #[serde(rename = "cvssMetricV2", default, deserialize_with = "or_default")]
    v2: Vec<RawMetric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetric {
    #[serde(default, deserialize_with = "or_default")]
    source: String,
    cvss_data: RawCvss,
}

/// A CVSS object, of which the vector says all.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawCvss {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) vector_string: String,
}

#[derive(Deserialize)]
struct RawWeakness {
    #[serde(default, deserialize_with = "or_default")]
    description: Vec<Text>,
}

/// An address with words for what stands there.
#[derive(Deserialize)]
pub(crate) struct RawReference {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) url: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) tags: Vec<String>,
}

/// A configuration as written.
#[derive(Deserialize)]
pub(crate) struct RawConfiguration {
    operator: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    negate: bool,
    #[serde(default, deserialize_with = "or_default")]
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawNode {
    operator: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    negate: bool,
    #[serde(default, deserialize_with = "or_default")]
    cpe_match: Vec<RawMatch>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMatch {
    vulnerable: bool,
    criteria: String,
    version_start_including: Option<String>,
    version_start_excluding: Option<String>,
    version_end_including: Option<String>,
    version_end_excluding: Option<String>,
}

/// Reads one element of the list.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |element: Element, parsed| read_record(element.cve, limits, parsed))
}

fn read_record(raw: Raw, limits: &Limits, parsed: &mut Parsed) {
    if !is_cve(&raw.id) {
        parsed.note(Reason::BadId, &raw.id, "no CVE identifier");
        return;
    }
    let modified = Moment::parse(&raw.last_modified);
    if modified.is_none() {
        parsed.note(Reason::BadDate, &raw.id, "no usable `lastModified`");
    }
    let Some(configurations) = configurations(raw.configurations, &raw.id, limits, parsed) else { return };
    let metrics = [
        ("CVSS_V4", raw.metrics.v40),
        ("CVSS_V3", raw.metrics.v31),
        ("CVSS_V3", raw.metrics.v30),
        ("CVSS_V2", raw.metrics.v2),
    ];
    let severities = metrics.into_iter().flat_map(|(scheme, metrics)| {
        metrics.into_iter().map(|metric| severity(scheme, metric.cvss_data, metric.source))
    });
    let severities = severities.take(limits.list).collect();
    let mut weaknesses: Vec<String> = raw
        .weaknesses
        .into_iter()
        .flat_map(|weakness| weakness.description)
        .map(|text| text.value)
        .filter(|value| value.starts_with("CWE-") && value.len() <= 16)
        .take(limits.list)
        .collect();
    weaknesses.sort_unstable();
    weaknesses.dedup();
    let advisory = Advisory {
        source: Source::Nvd,
        aliases: Vec::new(),
        upstream: Vec::new(),
        related: Vec::new(),
        summary: summary(english(&raw.descriptions)),
        state: if raw.vuln_status == "Rejected" { State::Rejected } else { State::Published },
        status: cut(raw.vuln_status, 64),
        disputed: raw.cve_tags.iter().flat_map(|tags| &tags.tags).any(|tag| tag == "disputed"),
        published: Moment::parse(&raw.published),
        modified,
        withdrawn: None,
        severities,
        weaknesses,
        packages: Vec::new(),
        products: Vec::new(),
        configurations,
        references: raw
            .references
            .into_iter()
            .filter(|reference| !reference.url.is_empty() && reference.url.len() <= limits.text)
            .take(limits.list)
            .map(|reference| Reference { kind: cut(reference.tags.join(", "), 128), url: reference.url })
            .collect(),
        id: raw.id,
    };
    parsed.records.push(Record::Advisory(Box::new(advisory)));
}

/// A severity from a CVSS object.
pub(crate) fn severity(scheme: &str, cvss: RawCvss, by: String) -> Severity {
    Severity { scheme: scheme.to_owned(), value: cut(cvss.vector_string, 512), by: cut(by, 256) }
}

/// The English text, or else the first.
pub(crate) fn english(texts: &[Text]) -> &str {
    texts.iter().find(|text| text.lang.starts_with("en")).or(texts.first()).map_or("", |text| &text.value)
}

/// Reads configurations; none where there are more of them than can be kept.
pub(crate) fn configurations(
    raw: Vec<RawConfiguration>,
    id: &str,
    limits: &Limits,
    parsed: &mut Parsed,
) -> Option<Vec<Configuration>> {
    let names: usize = raw.iter().flat_map(|configuration| &configuration.nodes).map(|node| node.cpe_match.len()).sum();
    if names > limits.list.saturating_mul(4) || raw.len() > limits.list {
        parsed.note(Reason::TooLarge, id, format_args!("{names} names in configurations"));
        return None;
    }
    Some(raw.into_iter().map(|configuration| read_configuration(configuration, id, limits, parsed)).collect())
}

fn read_configuration(raw: RawConfiguration, id: &str, limits: &Limits, parsed: &mut Parsed) -> Configuration {
    let mut incomplete = false;
    let mut fault = |reason, detail: String| {
        incomplete = true;
        parsed.note(reason, id, detail);
    };
    let mut joined = |operator: Option<String>| match operator.as_deref() {
        None | Some("OR") => Operator::Or,
        Some("AND") => Operator::And,
        Some(other) => {
            fault(Reason::BadRange, format!("a configuration joined by `{}`", cut(other.to_owned(), 32)));
            Operator::And
        }
    };
    let operator = joined(raw.operator);
    let mut nodes = Vec::new();
    let mut bad = Vec::new();
    for node in raw.nodes {
        let operator = joined(node.operator);
        let mut matches = Vec::new();
        for found in node.cpe_match {
            match read_match(found, limits) {
                Ok(found) => matches.push(found),
                Err(fault) => bad.push(fault),
            }
        }
        nodes.push(Node { operator, negate: node.negate, matches });
    }
    for (reason, detail) in bad {
        fault(reason, detail);
    }
    Configuration { operator, negate: raw.negate, nodes, incomplete }
}

fn read_match(raw: RawMatch, limits: &Limits) -> Result<CpeMatch, (Reason, String)> {
    if raw.criteria.len() > limits.text || Name::parse(&raw.criteria).is_none() {
        return Err((Reason::BadCpe, cut(raw.criteria, 128)));
    }
    let bound = |including: Option<String>, excluding: Option<String>| {
        let bound = match (including, excluding) {
            (None, None) => return Ok(None),
            (Some(version), None) => Bound { version, inclusive: true },
            (None, Some(version)) => Bound { version, inclusive: false },
            (Some(_), Some(_)) => return Err((Reason::BadRange, format!("{}: two ends on one side", raw.criteria))),
        };
        if is_version(&bound.version, limits) {
            Ok(Some(bound))
        } else {
            Err((Reason::BadRange, format!("{}: an end that is no version", raw.criteria)))
        }
    };
    let start = bound(raw.version_start_including, raw.version_start_excluding)?;
    let end = bound(raw.version_end_including, raw.version_end_excluding)?;
    Ok(CpeMatch { vulnerable: raw.vulnerable, start, end, criteria: raw.criteria })
}
