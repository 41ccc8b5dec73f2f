//! sslyze 5 and 6: `--json_out`. The format: `sslyze/json` in its source, whose schema it publishes.

use sekisho_algorithms::tls::Suite;
use sekisho_model::Text;
use sekisho_model::fact::Observed;
use sekisho_model::network::{FailureKind, ProbeFailure};
use time::OffsetDateTime;

use super::certificate;
use super::endpoint::{Endpoint, Tls, is_name};
use super::finding::{Finding, Outcome};
use crate::draft::Draft;
use crate::json::Node;

const TOOL: &str = "sslyze";

/// Entries of one list that are read.
const MOST: usize = 1024;

pub(super) fn read(root: &Node, now: OffsetDateTime, draft: &mut Draft) {
    let version = root.text_of("sslyze_version").unwrap_or_default();
    draft.tool = Some(draft.short(format!("{TOOL} {version}").trim()));
    draft.made = root.text_of("date_scans_started").and_then(moment);
    for result in root.items_of("server_scan_results") {
        server(result, now, draft);
    }
    for invalid in root.items_of("invalid_server_strings") {
        let reason = Text::new("sslyze could not make sense of a target", "sslyzeは対象の指定を解釈できなかった");
        draft.gap(Some(format!("line {}", invalid.line)), reason);
    }
}

/// RFC 3339, or without a zone in version 5, which is taken as UTC.
fn moment(text: &str) -> Option<String> {
    let format = &time::format_description::well_known::Rfc3339;
    let zoned =
        time::OffsetDateTime::parse(text, format).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), format));
    zoned.ok()?.replace_nanosecond(0).ok()?.format(format).ok()
}

fn server(result: &Node, now: OffsetDateTime, draft: &mut Draft) {
    let line = Some(result.line);
    let location = result.get("server_location");
    let text = |key: &str| location.and_then(|location| location.text_of(key));
    let host = text("hostname").unwrap_or_default();
    let address = text("ip_address").unwrap_or(host);
    let port = location.and_then(|location| location.word_of("port")).and_then(|port| port.parse().ok());
    let (Some(port), false) = (port, address.is_empty()) else {
        return draft.strange("result without a server", line);
    };
    let endpoint = Endpoint { address: draft.short(address), port };
    if result.text_of("connectivity_status").is_some_and(|status| status != "COMPLETED") {
        let trace = result.text_of("connectivity_error_trace").unwrap_or_default();
        let detail = trace.lines().rev().find(|line| !line.trim().is_empty()).map(|last| draft.short(last));
        let fact = ProbeFailure {
            address: endpoint.address.clone(),
            transport: Some("tcp".to_owned()),
            port: Some(port),
            probe: "connect".to_owned(),
            failure: FailureKind::Other,
            detail,
        };
        draft.fact(Observed::ProbeFailure(fact), line);
        let reason = Text::new("sslyze could not connect to the service", "sslyzeはこのサービスに接続できなかった");
        return draft.gap(Some(endpoint.shown()), reason);
    }
    let mut tls = Tls::new(&endpoint);
    tls.line = line;
    let named =
        result.at(&["network_configuration", "tls_server_name_indication"]).and_then(Node::text).unwrap_or(host);
    tls.server.server_name = is_name(named).then(|| draft.short(named));
    let starttls = result.at(&["network_configuration", "tls_opportunistic_encryption"]).and_then(Node::text);
    tls.server.starttls = starttls.map(|protocol| draft.short(&protocol.to_lowercase()));
    tls.server.client_certificate =
        match result.at(&["connectivity_result", "client_auth_requirement"]).and_then(Node::text) {
            Some("DISABLED") => Some(false),
            Some("OPTIONAL" | "REQUIRED") => Some(true),
            _ => None,
        };
    let mut failed_suites = false;
    for (command, outcome) in result.get("scan_result").map_or(&[][..], Node::members) {
        let done = outcome.get("result").filter(|result| !result.is_null());
        let version = version(command);
        match (done, outcome.text_of("status")) {
            (Some(done), _) => {
                let understood = match version {
                    Some(version) => suites(done, version, &mut tls),
                    None => self::command(command, done, &mut tls, &endpoint, now, draft),
                };
                if understood.is_none() {
                    draft.strange(command, Some(outcome.line));
                }
            }
            // Not asked for: nothing is said.
            (None, Some("NOT_SCHEDULED") | None) => failed_suites |= version.is_some(),
            (None, Some(_)) => {
                if let Some(version) = version {
                    tls.server.unknown.push(version.to_owned());
                    failed_suites = true;
                }
                let reason =
                    outcome.text_of("error_reason").map_or_else(|| "error".to_owned(), |reason| draft.short(reason));
                let command = draft.short(command);
                let text = Text::new(
                    format!("sslyze failed at {command}: {reason}"),
                    format!("sslyzeは{command}に失敗した：{reason}"),
                );
                draft.gap(Some(endpoint.shown()), text);
            }
        }
    }
    tls.all_listed = !failed_suites;
    let only_newest = tls.server.versions.iter().all(|version| version == "tls1.3");
    if only_newest {
        tls.server.secure_renegotiation = None;
        tls.server.fallback_refused = None;
    }
    tls.finish(draft);
}

fn version(command: &str) -> Option<&'static str> {
    Some(match command {
        "ssl_2_0_cipher_suites" => "ssl2",
        "ssl_3_0_cipher_suites" => "ssl3",
        "tls_1_0_cipher_suites" => "tls1.0",
        "tls_1_1_cipher_suites" => "tls1.1",
        "tls_1_2_cipher_suites" => "tls1.2",
        "tls_1_3_cipher_suites" => "tls1.3",
        _ => return None,
    })
}

fn suites(result: &Node, version: &str, tls: &mut Tls) -> Option<()> {
    tls.told = true;
    let accepted = result.items_of("accepted_cipher_suites");
    if accepted.is_empty() {
        tls.server.refused.push(version.to_owned());
        return Some(());
    }
    tls.server.versions.push(version.to_owned());
    let mut all = Some(());
    for suite in accepted.iter().take(MOST) {
        let name = |key: &str| suite.at(&["cipher_suite", key]).and_then(Node::text);
        let Some(known) = name("name").and_then(Suite::named).or_else(|| Suite::named(name("openssl_name")?)) else {
            all = None;
            continue;
        };
        tls.suite(version, known);
        let key = suite.get("ephemeral_key");
        if let Some(curve) = key.and_then(|key| key.text_of("curve_name")) {
            tls.group(curve);
        }
        if key.and_then(|key| key.text_of("type_name")) == Some("DH")
            && let Some(bits) = key.and_then(|key| key.word_of("size")).and_then(|bits| bits.parse().ok())
        {
            tls.dh(bits);
        }
    }
    all
}

/// The result of a command other than those that list suites.
fn command(
    command: &str,
    result: &Node,
    tls: &mut Tls,
    endpoint: &Endpoint,
    now: OffsetDateTime,
    draft: &mut Draft,
) -> Option<()> {
    let flag = |key: &str| result.get(key).and_then(Node::bool);
    match command {
        "certificate_info" => certificates(result, tls, now),
        "tls_compression" => tls.server.compression = Some(flag("supports_compression")?),
        "tls_fallback_scsv" => tls.server.fallback_refused = Some(flag("supports_fallback_scsv")?),
        "tls_extended_master_secret" => tls.server.extended_master_secret = Some(flag("supports_ems_extension")?),
        "session_renegotiation" => {
            tls.server.secure_renegotiation = Some(flag("supports_secure_renegotiation")?);
            // Whether it lets clients do it: since version 5 counted; before, only whether they can overburden it so.
            let count =
                result.word_of("client_renegotiations_success_count").and_then(|count| count.parse::<u32>().ok());
            tls.server.client_renegotiation =
                count.map(|count| count > 0).or_else(|| flag("is_vulnerable_to_client_renegotiation_dos"));
        }
        "elliptic_curves" => {
            let curves =
                result.items_of("supported_curves").iter().take(MOST).filter_map(|curve| curve.text_of("name"));
            let strange = curves.filter(|name| !tls.group(name)).count();
            return (strange == 0).then_some(());
        }
        "heartbleed" => verdict(
            command,
            "heartbleed (CVE-2014-0160)",
            flag("is_vulnerable_to_heartbleed")?,
            result,
            endpoint,
            draft,
        ),
        "openssl_ccs_injection" => {
            verdict(
                command,
                "early CCS (CVE-2014-0224)",
                flag("is_vulnerable_to_ccs_injection")?,
                result,
                endpoint,
                draft,
            );
        }
        "robot" => {
            let told = result.text_of("robot_result")?;
            let title = format!("ROBOT: {told}");
            match told {
                "VULNERABLE_WEAK_ORACLE" | "VULNERABLE_STRONG_ORACLE" => {
                    verdict(command, &title, true, result, endpoint, draft);
                }
                told if told.starts_with("NOT_VULNERABLE") => verdict(command, &title, false, result, endpoint, draft),
                _ => put(command, &title, Outcome::Failed, result, endpoint, draft),
            }
        }
        "tls_1_3_early_data" => {
            let title = format!("supports_early_data: {}", flag("supports_early_data")?);
            put(command, &title, Outcome::Note, result, endpoint, draft);
        }
        "session_resumption" => {
            let told = |key: &str| result.text_of(key).unwrap_or("unknown");
            let title = format!(
                "session ids: {}, session tickets: {}",
                told("session_id_resumption_result"),
                told("tls_ticket_resumption_result")
            );
            put(command, &title, Outcome::Note, result, endpoint, draft);
        }
        "http_headers" => {
            let header = result.get("strict_transport_security_header").filter(|header| !header.is_null());
            let seconds = header.and_then(|header| header.word_of("max_age"));
            let title = seconds.map_or_else(
                || "no Strict-Transport-Security".to_owned(),
                |seconds| format!("Strict-Transport-Security: max-age={seconds}"),
            );
            put(command, &title, Outcome::Note, result, endpoint, draft);
        }
        _ => return None,
    }
    Some(())
}

fn verdict(rule: &str, title: &str, vulnerable: bool, at: &Node, endpoint: &Endpoint, draft: &mut Draft) {
    put(rule, title, if vulnerable { Outcome::Finding } else { Outcome::Passed }, at, endpoint, draft);
}

fn put(rule: &str, title: &str, outcome: Outcome, at: &Node, endpoint: &Endpoint, draft: &mut Draft) {
    let finding = Finding { rule, title, location: Some(endpoint.shown()), ..Finding::default() };
    finding.put(TOOL, outcome, Some(at.line), draft);
}

fn certificates(result: &Node, tls: &mut Tls, now: OffsetDateTime) {
    let named = tls.server.server_name.is_some();
    for deployment in result.items_of("certificate_deployments").iter().take(8) {
        let paths = deployment.items_of("path_validation_results");
        let valid = |path: &Node| path.get("was_validation_successful").and_then(Node::bool) == Some(true);
        let error = |path: &Node| {
            path.text_of("validation_error")
                .or_else(|| path.text_of("openssl_error_string"))
                .unwrap_or_default()
                .to_owned()
        };
        // Version 6 validates the name in the same step, and says so in the error only.
        let by_name = !paths.is_empty() && paths.iter().all(|path| error(path).contains("subjectAltName"));
        let trusted =
            if paths.iter().any(valid) { Some(true) } else { (!paths.is_empty() && !by_name).then_some(false) };
        let matches = deployment.get("leaf_certificate_subject_matches_hostname").and_then(Node::bool);
        let matches = matches.or_else(|| by_name.then_some(false)).or_else(|| (trusted == Some(true)).then_some(true));
        tls.server.ocsp_stapled = deployment.get("ocsp_response").map(|response| !response.is_null());
        for (position, certificate) in deployment.items_of("received_certificate_chain").iter().take(16).enumerate() {
            let pem = certificate.text_of("as_pem").unwrap_or_default();
            let Some(mut read) = certificate::read(pem, now) else { continue };
            read.position = u32::try_from(position).unwrap_or(u32::MAX);
            if position == 0 {
                read.trusted = trusted;
                read.name_matches = matches.filter(|_| named);
            }
            tls.certificate(read, Some(certificate.line));
        }
    }
}
