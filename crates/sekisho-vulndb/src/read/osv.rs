//! OSV records.
//!
//! Source: the OSV schema 1.7 (`ossf/osv-schema`), its evaluation algorithm included: a package is affected in the versions listed and in
//! the ranges; an event object has exactly one of four keys; a range begins with `introduced`.

use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, ids, is_id, is_version, json, summary};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{Advisory, AffectedPackage, Event, Package, Range, RangeKind, Record, Reference, Severity, State};
use crate::moment::Moment;
use crate::source::Source;

/// What Go writes for a time that was never set. The records in the repository of Go's database have it: they get a date when they are
/// published.
const UNSET: &str = "0001-01-01T00:00:00Z";

#[derive(Deserialize)]
struct Raw {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    modified: String,
    #[serde(default, deserialize_with = "or_default")]
    published: String,
    withdrawn: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    upstream: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    related: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    summary: String,
    #[serde(default, deserialize_with = "or_default")]
    details: String,
    #[serde(default, deserialize_with = "or_default")]
    severity: Vec<RawSeverity>,
    #[serde(default, deserialize_with = "or_default")]
    affected: Vec<RawAffected>,
    #[serde(default, deserialize_with = "or_default")]
    references: Vec<RawReference>,
}

#[derive(Deserialize)]
struct RawSeverity {
    #[serde(rename = "type")]
    kind: String,
    score: String,
}

#[derive(Deserialize)]
struct RawAffected {
    package: Option<RawPackage>,
    #[serde(default, deserialize_with = "or_default")]
    ranges: Vec<RawRange>,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    severity: Vec<RawSeverity>,
    #[serde(default, deserialize_with = "or_default")]
    ecosystem_specific: RawSpecific,
}

/// What an ecosystem says in a field of its own, as far as it bears on the severity.
#[derive(Deserialize, Default)]
struct RawSpecific {
    /// Debian's: `unimportant` is no security problem, or not in what is built.
    #[serde(default, deserialize_with = "or_default")]
    urgency: String,
}

#[derive(Deserialize)]
struct RawPackage {
    #[serde(default, deserialize_with = "or_default")]
    ecosystem: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    purl: String,
}

#[derive(Deserialize)]
struct RawRange {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    repo: String,
    #[serde(default, deserialize_with = "or_default")]
    events: Vec<RawEvent>,
}

#[derive(Deserialize)]
struct RawEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct RawReference {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    url: String,
}

/// Reads one record.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |raw, parsed| read_record(raw, limits, parsed))
}

fn read_record(raw: Raw, limits: &Limits, parsed: &mut Parsed) {
    if !is_id(&raw.id) {
        parsed.note(Reason::BadId, &raw.id, "no usable `id`");
        return;
    }
    let modified = Moment::parse(&raw.modified).filter(|_| raw.modified != UNSET);
    if modified.is_none() {
        parsed.note(Reason::BadDate, &raw.id, "no usable `modified`");
    }
    if raw.affected.len() > limits.list {
        // What is left out would be silently unaffected.
        parsed.note(Reason::TooLarge, &raw.id, format_args!("{} affected packages", raw.affected.len()));
        return;
    }
    let packages = raw.affected.into_iter().map(|affected| package(affected, &raw.id, limits, parsed)).collect();
    let text = if raw.summary.trim().is_empty() { &raw.details } else { &raw.summary };
    let advisory = Advisory {
        source: Source::Osv,
        aliases: ids(raw.aliases, &raw.id, limits),
        upstream: ids(raw.upstream, &raw.id, limits),
        related: ids(raw.related, &raw.id, limits),
        summary: summary(text),
        state: if raw.withdrawn.is_some() { State::Withdrawn } else { State::Published },
        status: String::new(),
        disputed: false,
        published: Moment::parse(&raw.published),
        modified,
        withdrawn: raw.withdrawn.as_deref().and_then(Moment::parse),
        severities: severities(raw.severity, limits),
        weaknesses: Vec::new(),
        packages,
        products: Vec::new(),
        configurations: Vec::new(),
        references: raw
            .references
            .into_iter()
            .filter(|reference| !reference.url.is_empty() && reference.url.len() <= limits.text)
            .take(limits.list)
            .map(|reference| Reference { kind: cut(reference.kind, 64), url: reference.url })
            .collect(),
        id: raw.id,
    };
    parsed.records.push(Record::Advisory(Box::new(advisory)));
}

fn severities(raw: Vec<RawSeverity>, limits: &Limits) -> Vec<Severity> {
    raw.into_iter()
        .take(limits.list)
        .map(|severity| Severity { scheme: cut(severity.kind, 64), value: cut(severity.score, 512), by: String::new() })
        .collect()
}

/// Reads one affected package; what cannot be read of its versions makes it incomplete.
fn package(raw: RawAffected, id: &str, limits: &Limits, parsed: &mut Parsed) -> AffectedPackage {
    let mut incomplete = false;
    let mut fault = |reason, detail: String| {
        incomplete = true;
        parsed.note(reason, id, detail);
    };
    let name = cut(raw.package.as_ref().map_or_else(String::new, |package| package.name.clone()), 64);
    let package = raw.package.and_then(|package| {
        let usable = |text: &str| !text.is_empty() && text.len() <= limits.text && !text.chars().any(char::is_control);
        if usable(&package.ecosystem) && usable(&package.name) {
            Some(Package { ecosystem: package.ecosystem, name: package.name, purl: cut(package.purl, limits.text) })
        } else {
            fault(Reason::BadPackage, "a package without ecosystem or name".to_owned());
            None
        }
    });
    if raw.ranges.is_empty() && raw.versions.is_empty() {
        fault(Reason::NoRange, format!("{name}: neither ranges nor versions"));
    }
    let mut ranges = Vec::new();
    for raw in raw.ranges {
        match range(raw, limits) {
            Ok(range) => ranges.push(range),
            Err(detail) => fault(Reason::BadRange, format!("{name}: {detail}")),
        }
    }
    let mut versions = raw.versions;
    let all = versions.len();
    versions.retain(|version| is_version(version, limits));
    // A package with many builds can have tens of thousands of versions, but a list has its limit all the same.
    versions.truncate(limits.list);
    if versions.len() < all {
        fault(Reason::BadRange, format!("{name}: {} listed versions cannot be used", all - versions.len()));
    }
    let mut severities = severities(raw.severity, limits);
    let urgency = cut(raw.ecosystem_specific.urgency, 64);
    if !urgency.is_empty() {
        severities.push(Severity { scheme: "urgency".to_owned(), value: urgency, by: String::new() });
    }
    AffectedPackage { package, ranges, versions, severities, incomplete }
}

fn range(raw: RawRange, limits: &Limits) -> Result<Range, String> {
    let kind = match raw.kind.as_str() {
        "SEMVER" => RangeKind::Semver,
        "ECOSYSTEM" => RangeKind::Ecosystem,
        "GIT" => RangeKind::Git,
        other => return Err(format!("a range of the kind `{}`", cut(other.to_owned(), 32))),
    };
    if raw.events.len() > limits.list {
        return Err(format!("a range of {} events", raw.events.len()));
    }
    let events = raw.events.into_iter().map(event).collect::<Result<Vec<_>, _>>()?;
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        return Err("a range without `introduced`".to_owned());
    }
    let unusable = events.iter().any(|event| match event {
        Event::Introduced(version) | Event::Fixed(version) | Event::LastAffected(version) | Event::Limit(version) => {
            !is_version(version, limits)
        }
    });
    if unusable {
        return Err("an event whose version is none".to_owned());
    }
    Ok(Range { kind, repo: cut(raw.repo, limits.text), events })
}

fn event(raw: RawEvent) -> Result<Event, String> {
    match (raw.introduced, raw.fixed, raw.last_affected, raw.limit) {
        (Some(version), None, None, None) => Ok(Event::Introduced(version)),
        (None, Some(version), None, None) => Ok(Event::Fixed(version)),
        (None, None, Some(version), None) => Ok(Event::LastAffected(version)),
        (None, None, None, Some(version)) => Ok(Event::Limit(version)),
        _ => Err("an event that is not exactly one of introduced, fixed, last_affected, limit".to_owned()),
    }
}
