//! testssl.sh 3.0 to 3.2: `--jsonfile`, `--jsonfile-pretty`, `--csvfile`.
//!
//! All three hold the same records: an id, a host, a port, a severity, a finding in words. Those ids that the facts have words for are read in
//! `testssl_records`; what is said in other words than those expected, and all other ids, become findings as they stand.

#[path = "testssl_records.rs"]
mod records;

use std::collections::BTreeMap;

use sekisho_model::Text;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::endpoint::{Endpoint, is_name};
use super::finding::{Finding, Outcome};
use crate::draft::Draft;
use crate::json::Node;

const TOOL: &str = "testssl.sh";

/// One line of the results.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    pub(super) id: &'a str,
    pub(super) severity: &'a str,
    pub(super) finding: String,
    pub(super) cve: &'a str,
    pub(super) cwe: &'a str,
    pub(super) line: u32,
}

/// Services in the order of their addresses, each with what is told of it.
#[derive(Default)]
struct Services(BTreeMap<Endpoint, records::Service>);

impl Services {
    /// `host/address`, as the flat forms write it.
    fn take(&mut self, host: &str, port: &str, record: &Record<'_>, now: OffsetDateTime, draft: &mut Draft) {
        let (name, address) = host.rsplit_once('/').unwrap_or((host, host));
        let address = if address.is_empty() { name } else { address };
        let (Ok(port), false) = (port.parse::<u16>(), address.is_empty()) else {
            return general(record, None, draft);
        };
        let address = address.trim_start_matches('[').trim_end_matches(']');
        let endpoint = Endpoint { address: crate::text::shortened(address, 255), port };
        let service = self.0.entry(endpoint.clone()).or_insert_with(|| {
            let mut service = records::Service::new(&endpoint);
            service.tls.line = Some(record.line);
            service.tls.server.server_name = is_name(name).then(|| crate::text::shortened(name, 255));
            service
        });
        if !service.read(record, now) {
            general(record, Some(endpoint.shown()), draft);
        }
    }

    fn finish(self, draft: &mut Draft) {
        for (_, service) in self.0 {
            service.finish(draft);
        }
    }
}

/// A record that the facts have no words for.
fn general(record: &Record<'_>, location: Option<String>, draft: &mut Draft) {
    let outcome = match record.severity {
        "OK" => Outcome::Passed,
        "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" => Outcome::Finding,
        "WARN" | "FATAL" => Outcome::Failed,
        _ => Outcome::Note,
    };
    let interrupted = record.severity == "FATAL" || record.finding.contains("interrupted");
    if interrupted {
        let finding = draft.short(&record.finding);
        let reason = Text::new(
            format!("testssl.sh could not test the service: {finding}"),
            format!("testssl.shはこのサービスを検査できなかった：{finding}"),
        );
        draft.gap(location.clone(), reason);
    }
    let title =
        if record.cve.is_empty() { record.finding.clone() } else { format!("{} ({})", record.finding, record.cve) };
    let finding = Finding {
        rule: record.id,
        title: &title,
        severity: Some(record.severity),
        location,
        weaknesses: vec![record.cwe],
    };
    finding.put(TOOL, outcome, Some(record.line), draft);
}

/// `--jsonfile`: a list of records.
pub(super) fn flat(root: &Node, now: OffsetDateTime, draft: &mut Draft) {
    draft.tool = Some(TOOL.to_owned());
    let mut services = Services::default();
    for item in root.items() {
        let Some(record) = record(item, draft) else { continue };
        let port = item.word_of("port").unwrap_or_default();
        services.take(item.text_of("ip").unwrap_or_default(), &port, &record, now, draft);
    }
    services.finish(draft);
}

fn record<'a>(item: &'a Node, draft: &mut Draft) -> Option<Record<'a>> {
    let text = |key: &str| item.text_of(key).unwrap_or_default();
    let (Some(id), Some(finding)) = (item.text_of("id"), item.word_of("finding")) else {
        draft.strange("record without id or finding", Some(item.line));
        return None;
    };
    Some(Record { id, severity: text("severity"), finding, cve: text("cve"), cwe: text("cwe"), line: item.line })
}

/// `--jsonfile-pretty`: for each host, lists of records by subject.
pub(super) fn pretty(root: &Node, now: OffsetDateTime, draft: &mut Draft) {
    let version = root.text_of("version").unwrap_or_default();
    let version = version.split_whitespace().next().unwrap_or_default();
    draft.tool = Some(draft.short(format!("{TOOL} {version}").trim()));
    let start = root.word_of("startTime").and_then(|start| start.parse().ok());
    draft.made = start
        .and_then(|start| OffsetDateTime::from_unix_timestamp(start).ok())
        .and_then(|start| start.format(&Rfc3339).ok());
    let mut services = Services::default();
    for (_, list) in root.members().iter().filter(|(key, _)| key.starts_with("clientProblem")) {
        for item in list.items() {
            if let Some(record) = record(item, draft) {
                general(&record, None, draft);
            }
        }
    }
    for target in root.items_of("scanResult") {
        // A host that could not be reached is a record of its own.
        if target.get("id").is_some() && target.get("finding").is_some() {
            if let Some(record) = record(target, draft) {
                general(&record, None, draft);
            }
            continue;
        }
        let host = target.text_of("targetHost").unwrap_or_default();
        let address = target.text_of("ip").unwrap_or_default();
        let port = target.word_of("port").unwrap_or_default();
        for item in target.members().iter().flat_map(|(_, list)| list.items()) {
            if let Some(record) = record(item, draft) {
                services.take(&format!("{host}/{address}"), &port, &record, now, draft);
            }
        }
    }
    services.finish(draft);
    if root.get("scanTime").is_none() {
        draft.gap(None, Text::new("testssl.sh did not finish its run", "testssl.shの実行が最後まで完了していない"));
    }
}

/// The columns of `--csvfile`.
const COLUMNS: [&str; 7] = ["id", "fqdn/ip", "port", "severity", "finding", "cve", "cwe"];

/// Whether a text begins with the head of `--csvfile`.
pub(super) fn is_csv(text: &str) -> bool {
    let head = text.trim_start().lines().next().unwrap_or_default();
    head.split(',').map(|column| column.trim().trim_matches('"')).take(5).eq(COLUMNS.into_iter().take(5))
}

/// `--csvfile`.
pub(super) fn csv(text: &str, now: OffsetDateTime, draft: &mut Draft) {
    draft.tool = Some(TOOL.to_owned());
    let mut services = Services::default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start().as_bytes());
    let skipped = text.len() - text.trim_start().len();
    let before = text.as_bytes().get(..skipped).map_or(0, |start| memchr::memchr_iter(b'\n', start).count());
    for row in reader.records() {
        let Ok(row) = row else {
            draft.strange("line", None);
            continue;
        };
        let line = row.position().map_or(0, csv::Position::line) + before as u64;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let field = |index: usize| row.get(index).unwrap_or_default().trim();
        if row.len() < 5 {
            draft.strange("line", Some(line));
            continue;
        }
        let record = Record {
            id: field(0),
            severity: field(3),
            finding: field(4).to_owned(),
            cve: field(5),
            cwe: field(6),
            line,
        };
        services.take(field(1), field(2), &record, now, draft);
    }
    services.finish(draft);
}
