//! What services let in: without a log-in, and, where active tests are authorized, with log-ins that are known.

mod datagrams;
mod ftp;
mod rtsp;
mod telnet;
mod terminal;
mod upnp;

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{NetworkService, ServiceAccess};
use sekisho_model::product::Authorized;

use crate::attempts::Attempts;
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Host;
use crate::logins::DEFAULTS;
use crate::protocol::{adb, greeting};
use crate::scan::hearing::{hear, say};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);
const ASPECT: [Aspect; 1] = [Aspect::NetworkAccess];

/// Protocols in which what is let in is looked at elsewhere, or in which there is nothing to let in.
const ELSEWHERE: [&str; 7] = ["http", "ssh", "mqtt", "coap", "tls", "dns", "ntp"];

/// Protocols that have log-ins of their own, of which none is tried: that none is known to work says nothing of these.
const ALSO_LOG_IN: [&str; 12] =
    ["rtsp", "vnc", "redis", "mysql", "postgresql", "smtp", "imap", "pop3", "amqp", "xmpp", "nats", "sip"];

/// Looks at what a service lets in without a log-in. Nothing is sent where the product file does not authorize it.
pub fn look(endpoint: &Endpoint, service: &NetworkService, host: &Host, budget: &Budget) -> Findings {
    let mut findings = Findings::default();
    let port = host.port(endpoint.transport, endpoint.address.port());
    let authorized = host.authorized_at(endpoint.transport, endpoint.address.port());
    let place = endpoint.to_string();
    // What is not recognised is a gap already.
    let Some(protocol) = service.protocol.as_deref() else { return findings };
    if authorized < Authorized::Probe || ELSEWHERE.contains(&protocol) {
        return findings;
    }
    if service.tls {
        findings.gap(&ASPECT, &place, &inside_tls(protocol));
        return findings;
    }
    match protocol {
        "telnet" => telnet::look(endpoint, budget, &mut findings),
        "ftp" if authorized == Authorized::Active => ftp::look(endpoint, budget, &mut findings),
        "ftp" => findings.gap(&ASPECT, &place, &needs_active()),
        "rtsp" => rtsp::look(endpoint, port, budget, &mut findings),
        "redis" => redis(endpoint, budget, &mut findings),
        "vnc" => vnc(endpoint, budget, &mut findings),
        "adb" => android(endpoint, budget, &mut findings),
        "snmp" => datagrams::snmp(endpoint, budget, &mut findings),
        "mdns" => datagrams::mdns(endpoint, budget, &mut findings),
        "tftp" => datagrams::tftp(endpoint, budget, &mut findings),
        "ssdp" => upnp::look(endpoint, host, budget, &mut findings),
        "modbus" | "bacnet" => industrial(endpoint, protocol, service, &mut findings),
        // That it answered is all that it lets in.
        "ws-discovery" | "netbios" => {
            add(&mut findings, endpoint, access(endpoint, protocol, "read", "read", Some(true)));
        }
        other => findings.gap(&ASPECT, &place, &no_question(other)),
    }
    findings
}

/// Tries log-ins that are known, and whether failing ones are limited, where active tests are authorized. What locks an account is last of
/// all: nothing else that needs to log in should come after it.
pub fn logins(endpoint: &Endpoint, service: &NetworkService, host: &Host, budget: &Budget) -> Findings {
    let mut findings = Findings::default();
    let authorized = host.authorized_at(endpoint.transport, endpoint.address.port());
    let protocol = match service.protocol.as_deref() {
        Some(protocol @ ("telnet" | "ftp")) => protocol,
        Some(other) if ALSO_LOG_IN.contains(&other) && authorized >= Authorized::Probe => {
            findings.gap(&[Aspect::NetworkLogins], &endpoint.to_string(), &not_tried(other));
            return findings;
        }
        _ => return findings,
    };
    if authorized < Authorized::Active {
        findings.gap(&[Aspect::NetworkLogins], &endpoint.to_string(), &needs_active());
    } else if service.tls {
        findings.gap(&[Aspect::NetworkLogins], &endpoint.to_string(), &inside_tls(protocol));
    } else {
        let account = host.port(endpoint.transport, endpoint.address.port()).and_then(|port| port.accounts.first());
        let log_in = |user: &str, password: &str| match protocol {
            "telnet" => telnet::log_in(endpoint, budget, user, password),
            _ => ftp::log_in(endpoint, budget, user, password),
        };
        return Attempts::new(endpoint, budget, protocol, &log_in).run(&DEFAULTS, account);
    }
    findings
}

/// A fact about what was let in, without what is optional in it.
fn access(endpoint: &Endpoint, protocol: &str, attempt: &str, kind: &str, granted: Option<bool>) -> ServiceAccess {
    ServiceAccess {
        address: endpoint.host(),
        transport: endpoint.transport.name().to_owned(),
        port: endpoint.address.port(),
        protocol: protocol.to_owned(),
        attempt: attempt.to_owned(),
        granted,
        kind: kind.to_owned(),
        detail: None,
    }
}

fn add(findings: &mut Findings, endpoint: &Endpoint, access: ServiceAccess) {
    findings.fact(Observed::ServiceAccess(access), endpoint.source());
}

/// Redis answers PING only to who is logged in, where it wants that.
fn redis(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    match ask(endpoint, budget, b"PING\r\n") {
        Ok(bytes) => {
            let granted = if bytes.starts_with(b"+PONG") {
                Some(true)
            } else if bytes.starts_with(b"-NOAUTH") || bytes.starts_with(b"-DENIED") {
                Some(false)
            } else {
                None
            };
            if granted.is_none() {
                findings.failed(&ASPECT, endpoint, "redis-ping", &Failure::nonsense(crate::protocol::shown(&bytes)));
            }
            add(findings, endpoint, access(endpoint, "redis", "anonymous", "write", granted));
        }
        Err(failure) => findings.failed(&ASPECT, endpoint, "redis-ping", &failure),
    }
}

/// A bridge for debugging lets in whoever comes, or asks for a key.
fn android(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    match ask(endpoint, budget, &adb::connect()) {
        Ok(bytes) => match adb::read(&bytes) {
            Some(granted) => add(findings, endpoint, access(endpoint, "adb", "shell", "write", Some(granted))),
            None => findings.failed(&ASPECT, endpoint, "adb-connect", &Failure::nonsense("no answer of the protocol")),
        },
        Err(failure) => findings.failed(&ASPECT, endpoint, "adb-connect", &failure),
    }
}

/// Sends one request and returns what came.
fn ask(endpoint: &Endpoint, budget: &Budget, request: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut connection = Connection::open(budget, endpoint.address)?;
    say(&mut connection, request)?;
    let heard = hear(&mut connection, ANSWER, &|bytes| bytes.ends_with(b"\n"));
    if heard.bytes.is_empty() { Err(heard.end) } else { Ok(heard.bytes) }
}

/// The ways to log in that a VNC server offers (RFC 6143, section 7.1.2): 1 is none at all. No log-in is begun.
fn vnc(endpoint: &Endpoint, budget: &Budget, findings: &mut Findings) {
    match vnc_security(endpoint, budget) {
        Ok(types) => {
            let granted = vnc_granted(&types);
            if granted.is_none() {
                findings.gap(&ASPECT, &endpoint.to_string(), &unknown_security(&types));
            }
            let detail = Some(format!("security types {types:?}"));
            add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, "vnc", "anonymous", "write", granted) });
        }
        Err(failure) => findings.failed(&ASPECT, endpoint, "vnc-security", &failure),
    }
}

/// Whether a server of VNC lets in without a password, by the ways that it offers (IANA, "Remote Framebuffer Security Types"). Those that carry
/// another way inside them, such as TLS and `VeNCrypt`, do not tell.
fn vnc_granted(types: &[u8]) -> Option<bool> {
    /// VNC's own password, `RealVNC`'s RA2 and `RA2ne`, Apple's log-in by Diffie-Hellman.
    const BY_PASSWORD: [u8; 4] = [2, 5, 6, 30];
    if types.contains(&1) { Some(true) } else { types.iter().all(|kind| BY_PASSWORD.contains(kind)).then_some(false) }
}

fn unknown_security(types: &[u8]) -> Text {
    Text::new(
        format!("whether the security types {types:?} of VNC let in without a password is not known"),
        format!("VNCのセキュリティタイプ {types:?} がパスワードなしの接続を許すかどうかは判断できない"),
    )
}

fn vnc_security(endpoint: &Endpoint, budget: &Budget) -> Result<Vec<u8>, Failure> {
    let mut connection = Connection::open(budget, endpoint.address)?;
    let version = connection.receive_exactly(12)?;
    if greeting::recognise(&version).is_none_or(|told| told.protocol != "vnc") {
        return Err(Failure::nonsense(crate::protocol::shown(&version)));
    }
    // Before version 3.7 the server chooses one, in four bytes.
    if version.as_slice() < b"RFB 003.007\n".as_slice() {
        connection.send(b"RFB 003.003\n")?;
        return match connection.receive_exactly(4)?.last() {
            // It gives a reason instead (RFC 6143, section 7.1.2).
            None | Some(0) => Err(Failure::nonsense("no security types")),
            Some(chosen) => Ok(vec![*chosen]),
        };
    }
    connection.send(b"RFB 003.008\n")?;
    let count = connection.receive_exactly(1)?.first().copied().unwrap_or_default();
    if count == 0 {
        return Err(Failure::nonsense("no security types"));
    }
    connection.receive_exactly(usize::from(count))
}

/// These protocols know no log-in: the request by which the service was recognised was answered with what it asked for. It is not made again.
fn industrial(endpoint: &Endpoint, protocol: &str, service: &NetworkService, findings: &mut Findings) {
    let told = [service.product.as_deref(), service.version.as_deref()];
    let told: Vec<&str> = told.into_iter().flatten().collect();
    let granted = (!told.is_empty()).then_some(true);
    let detail = granted.map(|_| told.join(" "));
    add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, protocol, "read", "read", granted) });
}

fn needs_active() -> Text {
    Text::new(
        "log-ins are tried only where the product file authorizes active tests",
        "製品ファイルがアクティブテストを許可している場合に限り、ログインを試みる",
    )
}

fn inside_tls(protocol: &str) -> Text {
    Text::new(
        format!("what {protocol} lets in is not looked at inside TLS"),
        format!("TLS 内の {protocol} が何を許可するかは調べていない"),
    )
}

fn not_tried(protocol: &str) -> Text {
    Text::new(format!("log-ins of {protocol} are not tried"), format!("{protocol} のログインは試行していない"))
}

fn no_question(protocol: &str) -> Text {
    Text::new(
        format!("there is no question for what {protocol} lets in without a log-in"),
        format!("{protocol} がログインなしで何を許可するかを調べる方法がない"),
    )
}
