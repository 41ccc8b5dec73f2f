//! One host looked at whole: its ports, what is behind them, and each service by those who speak its protocol.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use sekisho_model::Text;
use sekisho_model::collect::{OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::interface;
use sekisho_model::network::NetworkService;
use sekisho_model::product::{Authorized, Transport};
use time::OffsetDateTime;

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::findings::Findings;
use crate::host::{Host, Port};
use crate::tls::{self, Roots, Starttls};
use crate::{access, coap, mqtt, scan, ssh, web};

/// The aspects that only active tests look at.
pub const ACTIVE: [Aspect; 2] = [Aspect::NetworkLogins, Aspect::NetworkSessions];

/// Services that are looked at at the same time. Small devices take few connections at once.
const SERVICES_AT_ONCE: usize = 4;

/// The TCP ports that there are; 0 is none.
const EVERY_PORT: usize = 65_535;

/// Protocols that change over to TLS when asked.
const STARTTLS: [(&str, Starttls); 4] =
    [("smtp", Starttls::Smtp), ("imap", Starttls::Imap), ("pop3", Starttls::Pop3), ("ftp", Starttls::Ftp)];

/// With what, and as of when, hosts are looked at.
#[derive(Clone, Copy)]
pub struct Survey<'a> {
    /// The moment for which validity is told.
    pub now: OffsetDateTime,
    /// Roots that certificates are held against.
    pub roots: Option<&'a Roots>,
    /// What may be asked in all.
    pub budget: &'a Budget,
    /// Who wants to know how far it is.
    pub progress: OnProgress<'a>,
}

/// A service that answered, and what it is.
type Found = (Endpoint, NetworkService);

impl Survey<'_> {
    /// Looks at a host: asks its ports, finds out what answers, and looks at each service as far as its interface is authorized.
    pub fn host(&self, host: &Host) -> Findings {
        let progress = |step: &str| (self.progress)(Progress::Step(step));
        let (listening, mut findings) = scan::host(host, self.budget, &progress);
        let asked = host.asked_tcp();
        if asked < EVERY_PORT {
            findings.gap(&[Aspect::NetworkPorts, Aspect::NetworkReach], "tcp", &some_ports(asked));
        }
        progress("services");
        let identified = at_once(&listening.tcp, |endpoint| {
            scan::identify(endpoint, host.port(endpoint.transport, endpoint.address.port()), self.budget)
        });
        let mut found: Vec<Found> = listening.udp;
        for (endpoint, (service, more)) in listening.tcp.iter().zip(identified) {
            findings.extend(more);
            found.push((endpoint.clone(), service));
        }
        for more in at_once(&found, |(endpoint, service)| {
            progress(&format!("{endpoint} {}", service.protocol.as_deref().unwrap_or("?")));
            self.service(host, endpoint, service)
        }) {
            findings.extend(more);
        }
        for port in host.declared.iter().filter(|port| is_dtls(port)) {
            findings.extend(self.dtls(host, port));
        }
        // What locks accounts comes last of all.
        for (endpoint, service) in &found {
            findings.extend(access::logins(endpoint, service, host, self.budget));
        }
        if let Err(failure) = self.budget.check() {
            findings.gap(&Aspect::NETWORK, &host.address.to_string(), &failure.reason());
        }
        findings
    }

    /// A declared service inside DTLS. Silence over UDP tells nothing, so that it is asked only where it is declared.
    fn dtls(&self, host: &Host, port: &Port) -> Findings {
        let endpoint = Endpoint::udp(SocketAddr::new(host.address, port.port), host.name.as_deref());
        (self.progress)(Progress::Step(&format!("{endpoint} dtls")));
        let mut findings = tls::look(&endpoint, None, self.roots, self.now, self.budget);
        let agreed = findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::TlsServer(_)));
        let inside = [Aspect::NetworkServices, Aspect::NetworkAccess, Aspect::NetworkCoap];
        let shared_key = tls::wants_shared_key(&endpoint, self.budget);
        if agreed || shared_key == Ok(true) {
            let service = NetworkService {
                address: endpoint.host(),
                transport: endpoint.transport.name().to_owned(),
                port: port.port,
                protocol: Some("tls".to_owned()),
                tls: true,
                recognised_by: Some("handshake".to_owned()),
                cleartext: Some(false),
                ..NetworkService::default()
            };
            findings.fact(Observed::NetworkService(service), endpoint.source());
        } else {
            findings.gap(&[Aspect::NetworkPorts], &endpoint.to_string(), &no_dtls());
        }
        let reason = if shared_key == Ok(true) { needs_key() } else { inside_dtls() };
        findings.gap(&inside, &endpoint.to_string(), &reason);
        // That nothing answers is said already.
        if let (true, Err(failure)) = (agreed, shared_key) {
            findings.failed(&inside, &endpoint, "dtls-shared-key", &failure);
        }
        findings
    }

    fn service(&self, host: &Host, endpoint: &Endpoint, service: &NetworkService) -> Findings {
        let mut findings = Findings::default();
        let port = host.port(endpoint.transport, endpoint.address.port());
        let authorized = host.authorized_at(endpoint.transport, endpoint.address.port());
        if authorized == Authorized::Passive {
            return findings;
        }
        let protocol = service.protocol.as_deref().unwrap_or_default();
        let starttls =
            STARTTLS.iter().find(|(name, _)| *name == protocol && !service.tls).map(|(_, starttls)| *starttls);
        if service.tls || starttls.is_some() {
            findings.extend(tls::look(endpoint, starttls, self.roots, self.now, self.budget));
        }
        findings.extend(match protocol {
            "ssh" => ssh::look(endpoint, port, authorized, self.budget),
            "mqtt" => mqtt::look(endpoint, service.tls, port, authorized, self.budget),
            "http" => web::look(endpoint, service.tls, port, authorized, self.budget),
            "coap" => coap::look(endpoint, service.tls, self.budget),
            _ => access::look(endpoint, service, host, self.budget),
        });
        if authorized < Authorized::Active && ["ssh", "mqtt"].contains(&protocol) {
            findings.gap(&[Aspect::NetworkLogins], &endpoint.to_string(), &only_active());
        }
        findings
    }
}

/// Whether a declared interface is looked at as DTLS: its kind says so.
fn is_dtls(port: &Port) -> bool {
    port.transport == Transport::Udp && port.authorized >= Authorized::Probe && interface::is_inside_tls(&port.kind)
}

fn no_dtls() -> Text {
    Text::new("no answer to DTLS", "DTLSへの応答がない")
}

fn needs_key() -> Text {
    Text::new(
        "the server wants a pre-shared key, without which nobody sees what is inside DTLS",
        "サーバーが事前共有鍵を求めており、鍵なしではDTLSの内側を確認できない",
    )
}

fn inside_dtls() -> Text {
    Text::new("what is inside DTLS is not looked at", "DTLSの内側は調べていない")
}

fn only_active() -> Text {
    Text::new(
        "seen only by active tests, which the product file does not authorize here (`authorized: active`)",
        "能動的な試験でのみ確認できるが、製品ファイルで許可されていない（`authorized: active`）",
    )
}

fn some_ports(asked: usize) -> Text {
    Text::new(
        format!("{asked} of 65535 TCP ports were asked (`tcp_ports: 1-65535` asks all)"),
        format!("65535個のTCPポートのうち{asked}個を調べた（`tcp_ports: 1-65535`で全数）"),
    )
}

/// Does `work` for each of `items`, a few at a time; the results stand in the items' order.
fn at_once<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..SERVICES_AT_ONCE.min(items.len()) {
            scope.spawn(|| {
                while let Some((item, result)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).zip(results.get(index))
                } {
                    *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(item));
                }
            });
        }
    });
    results.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_their_items() {
        let items: Vec<u32> = (0..50).collect();
        assert_eq!(at_once(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert!(at_once(&Vec::<u32>::new(), |item| *item).is_empty());
    }
}
