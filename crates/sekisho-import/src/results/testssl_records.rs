//! The records of testssl.sh that the facts have words for.

use std::collections::BTreeSet;

use sekisho_algorithms::tls::Suite;
use sekisho_model::fact::Observed;
use sekisho_model::web::WebService;
use time::OffsetDateTime;

use super::Record;
use crate::draft::Draft;
use crate::results::certificate;
use crate::results::endpoint::{Endpoint, Tls};

/// The headers that [`WebService::missing_headers`] is about, but for HSTS, in lower case.
const WANTED: [&str; 3] = ["content-security-policy", "x-content-type-options", "x-frame-options"];

/// Further headers that testssl.sh has records for and that [`WebService::security_headers`] names.
const OTHERS: [&str; 5] = [
    "referrer-policy",
    "permissions-policy",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
];

/// What the records say of one service.
#[derive(Debug)]
pub(super) struct Service {
    endpoint: Endpoint,
    pub(super) tls: Tls,
    trusted: Option<bool>,
    name_matches: Option<bool>,
    web: Web,
}

/// What they say of its web server.
#[derive(Debug, Default)]
struct Web {
    line: Option<u32>,
    status: Option<u16>,
    /// Whether the headers were looked at.
    headers_seen: bool,
    hsts: Option<u64>,
    hsts_seen: bool,
    headers: BTreeSet<String>,
    server: Option<String>,
}

impl Service {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        Self {
            endpoint: endpoint.clone(),
            tls: Tls::new(endpoint),
            trusted: None,
            name_matches: None,
            web: Web::default(),
        }
    }

    /// Reads one record; says whether it was understood as more than a finding.
    pub(super) fn read(&mut self, record: &Record<'_>, now: OffsetDateTime) -> bool {
        let finding = record.finding.as_str();
        // With several certificates: `cert <hostCert#1>`, `intermediate_cert <#2> <hostCert#1>`.
        let (id, place) = record.id.split_once(" <").unwrap_or((record.id, ""));
        if let Some(version) = version(id) {
            return self.version(version, finding);
        }
        if let Some(rest) = id.strip_prefix("cipher-").or_else(|| id.strip_prefix("cipher_"))
            && let Some((version, code)) = rest.rsplit_once("_x").or_else(|| Some(("", rest.strip_prefix('x')?)))
        {
            return self.cipher(version, code, finding);
        }
        if self.web(id, record) {
            return true;
        }
        let server = &mut self.tls.server;
        match id {
            "cipherlist_NULL" | "cipherlist_aNULL" | "cipherlist_EXPORT" if finding.starts_with("offered") => {
                self.tls.weakness(match id {
                    "cipherlist_NULL" => "null",
                    "cipherlist_aNULL" => "anonymous",
                    _ => "export",
                });
                // It stays a finding, too: this says of no suite that it is offered.
                false
            }
            "PFS_ECDHE_curves" | "FS_ECDHE_curves" | "DH_groups" | "FS_KEMs" => {
                finding.split_whitespace().take(64).filter(|name| !self.tls.group(name)).count() == 0
            }
            "cipher_order" => told(&mut server.server_order, finding, &["server"], &["NOT a cipher order", "client"]),
            "secure_renego" => {
                told(&mut server.secure_renegotiation, finding, &["supported"], &["not supported", "VULNERABLE"])
            }
            "secure_client_renego" => {
                told(&mut server.client_renegotiation, finding, &["VULNERABLE", "vulnerable"], &["not vulnerable"])
            }
            "CRIME_TLS" => told(&mut server.compression, finding, &["VULNERABLE"], &["not vulnerable"]),
            "fallback_SCSV" => {
                told(&mut server.fallback_refused, finding, &["supported"], &["not supported", "NOT supported"])
            }
            "TLS_session_ticket" => told(&mut server.session_tickets, finding, &["valid for"], &["no"]),
            "OCSP_stapling" => told(&mut server.ocsp_stapled, finding, &["offered"], &["not offered"]),
            "clientAuth" => told(&mut server.client_certificate, finding, &["required", "optional"], &["none"]),
            "TLS_extensions" if !finding.contains("(none)") => {
                server.extended_master_secret = Some(finding.contains("extended master secret"));
                true
            }
            "cert" | "intermediate_cert" => {
                let Some(mut read) = certificate::read(finding, now) else { return false };
                read.position = if id == "cert" { 0 } else { number(place).unwrap_or(1) };
                self.tls.certificate(read, Some(record.line));
                true
            }
            "cert_chain_of_trust" => {
                told(&mut self.trusted, finding, &["passed"], &["failed"]) && finding.starts_with("passed")
            }
            "cert_trust" => {
                told(&mut self.name_matches, finding, &["Ok via"], &["certificate does not match"]);
                // How it matches is worth its words.
                false
            }
            _ => false,
        }
    }

    fn version(&mut self, version: &str, finding: &str) -> bool {
        let server = &mut self.tls.server;
        let list = if finding.starts_with("not offered") || finding.starts_with("not supported") {
            &mut server.refused
        } else if finding.starts_with("offered")
            || finding.starts_with("supported")
            || finding.starts_with("vulnerable with")
        {
            &mut server.versions
        } else {
            server.unknown.push(version.to_owned());
            return false;
        };
        list.push(version.to_owned());
        self.tls.told = true;
        true
    }

    /// `cipher-tls1_2_xc030`, of one version; `cipher_xc030`, of any.
    fn cipher(&mut self, version: &str, code: &str, finding: &str) -> bool {
        let version = match version {
            "" => "",
            "ssl2" | "sslv2" => "ssl2",
            "ssl3" | "sslv3" => "ssl3",
            "tls1" => "tls1.0",
            "tls1_1" => "tls1.1",
            "tls1_2" => "tls1.2",
            "tls1_3" => "tls1.3",
            _ => return false,
        };
        let suite = u16::from_str_radix(code, 16).ok().filter(|_| code.len() <= 4).and_then(Suite::numbered);
        let suite = suite.or_else(|| Suite::named(finding.split_whitespace().last()?));
        let Some(suite) = suite else { return false };
        self.tls.suite(version, suite);
        self.tls.all_listed = true;
        let mut words = finding.split_whitespace();
        if words.any(|word| word == "DH")
            && let Some(bits) = words.next().and_then(|bits| bits.parse().ok())
        {
            self.tls.dh(bits);
        }
        true
    }

    fn web(&mut self, id: &str, record: &Record<'_>) -> bool {
        let (web, finding) = (&mut self.web, record.finding.as_str());
        match id {
            "HTTP_status_code" => {
                web.status = finding.get(..3).and_then(|status| status.parse().ok());
                web.line = Some(record.line);
                web.status.is_some()
            }
            "HSTS_time" => {
                web.hsts_seen = true;
                let seconds = finding
                    .split_once('=')
                    .map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
                web.hsts = seconds.and_then(|seconds| seconds.parse().ok());
                web.hsts.is_some()
            }
            "HSTS" if finding.starts_with("not offered") => {
                web.hsts_seen = true;
                true
            }
            "security_headers" => {
                web.headers_seen = true;
                finding == "--"
            }
            "banner_server" => {
                web.server = (!finding.starts_with("No Server banner")).then(|| finding.to_owned());
                true
            }
            _ => {
                let lower = id.to_ascii_lowercase();
                if !WANTED.contains(&lower.as_str()) && !OTHERS.contains(&lower.as_str()) {
                    return false;
                }
                web.headers_seen = true;
                if finding != "--" && record.severity == "OK" {
                    web.headers.insert(lower);
                    return true;
                }
                false
            }
        }
    }

    pub(super) fn finish(mut self, draft: &mut Draft) {
        let (trusted, matches) = (self.trusted, self.name_matches);
        let named = self.tls.server.server_name.is_some();
        for certificate in self.tls.certificates().filter(|certificate| certificate.position == 0) {
            certificate.trusted = trusted;
            certificate.name_matches = matches.filter(|_| named);
        }
        let host = self.tls.server.server_name.clone();
        self.tls.finish(draft);
        self.web.finish(&self.endpoint, host.as_deref(), draft);
    }
}

impl Web {
    /// A web server's fact, where its first answer is known.
    fn finish(self, endpoint: &Endpoint, host: Option<&str>, draft: &mut Draft) {
        let Some(status) = self.status else { return };
        let shown = match host {
            Some(host) => format!("{host}:{}", endpoint.port),
            None => endpoint.shown(),
        };
        let software: Vec<String> = self.server.iter().map(|server| draft.short(server)).collect();
        let mut missing = Vec::new();
        if self.headers_seen {
            missing.extend(WANTED.into_iter().filter(|header| !self.headers.contains(*header)).map(str::to_owned));
        }
        if self.hsts_seen && self.hsts.is_none_or(|seconds| seconds == 0) {
            missing.push("strict-transport-security".to_owned());
        }
        let fact = WebService {
            url: format!("https://{shown}/"),
            address: endpoint.address.clone(),
            port: endpoint.port,
            tls: true,
            status,
            version_told: software.iter().any(|text| text.contains(|c: char| c.is_ascii_digit())),
            software,
            hsts_seconds: self.hsts,
            security_headers: self.headers.into_iter().collect(),
            missing_headers: missing,
            ..WebService::default()
        };
        draft.fact(Observed::WebService(Box::new(fact)), self.line);
    }
}

fn version(id: &str) -> Option<&'static str> {
    Some(match id {
        "SSLv2" => "ssl2",
        "SSLv3" => "ssl3",
        "TLS1" => "tls1.0",
        "TLS1_1" => "tls1.1",
        "TLS1_2" => "tls1.2",
        "TLS1_3" => "tls1.3",
        _ => return None,
    })
}

/// Sets `field` by how the words begin, the negative first; says whether they begin as expected.
fn told(field: &mut Option<bool>, words: &str, yes: &[&str], no: &[&str]) -> bool {
    let begins = |with: &[&str]| with.iter().any(|beginning| words.starts_with(beginning));
    let value = if begins(no) {
        false
    } else if begins(yes) {
        true
    } else {
        return false;
    };
    *field = Some(value);
    true
}

/// The number in `#2> <hostCert#1>`.
fn number(place: &str) -> Option<u32> {
    let digits: String = place.strip_prefix('#')?.chars().take_while(char::is_ascii_digit).take(3).collect();
    digits.parse().ok()
}
