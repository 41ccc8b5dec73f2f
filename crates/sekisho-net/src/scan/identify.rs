//! What is behind a TCP port, told by what it says.

use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{FailureKind, NetworkService};

use super::BEHIND_TCP;
use super::hearing::{Heard, Talk, hear, say};
use super::order::{Ask, Order, Spared, order};
use crate::budget::Budget;
use crate::coap::stream;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Port;
use crate::protocol::head::Head;
use crate::protocol::{Told, adb, datagram, dns, greeting, modbus, mqtt, tls};
use crate::secure::Secure;

/// Connections that one port is asked by, at most.
const CONNECTIONS: u32 = 5;
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(4);
/// What rests on knowing what is inside TLS.
const INSIDE_TLS: [Aspect; 5] =
    [Aspect::NetworkServices, Aspect::NetworkAccess, Aspect::NetworkMqtt, Aspect::NetworkCoap, Aspect::NetworkWeb];

/// Finds out what is behind a port that accepts connections: listens for a greeting, then asks in the protocols that are usual there and
/// everywhere. `port` is its interface in the product file. The service is among the findings, too.
pub fn identify(endpoint: &Endpoint, port: Option<&Port>, budget: &Budget) -> (NetworkService, Findings) {
    let mut findings = Findings::default();
    let mut service = NetworkService {
        address: endpoint.host(),
        transport: endpoint.transport.name().to_owned(),
        port: endpoint.address.port(),
        ..NetworkService::default()
    };
    let order = order(service.port, port.map(|port| port.kind.as_str()));
    let mut look =
        Look { endpoint, budget, left: CONNECTIONS, last: Failure::new(FailureKind::TimedOut), bad_request: false };
    let seen = look.outside(&order);
    match &seen {
        Ok(Some(seen)) if seen.told.protocol == "tls" => {
            service.tls = true;
            service.recognised_by = Some("handshake".to_owned());
            match look.inside(&order) {
                Ok(inside) => fill(&mut service, &inside),
                Err((probe, failure)) => {
                    fill(&mut service, seen);
                    service.recognised_by = Some("handshake".to_owned());
                    findings.failed(&INSIDE_TLS, endpoint, probe, &failure);
                }
            }
        }
        Ok(Some(seen)) => fill(&mut service, seen),
        Ok(None) => match order.spared {
            Some(spared) => findings.gap(&BEHIND_TCP, &endpoint.to_string(), &reason(spared)),
            None => findings.failed(&BEHIND_TCP, endpoint, "identify", &look.last),
        },
        Err(failure) => findings.failed(&BEHIND_TCP, endpoint, "identify", failure),
    }
    findings.fact(Observed::NetworkService(service.clone()), endpoint.source());
    (service, findings)
}

/// What was recognised, and whether it was said unasked.
struct Seen {
    told: Told,
    unasked: bool,
}

fn fill(service: &mut NetworkService, seen: &Seen) {
    let told = &seen.told;
    service.protocol = Some(told.protocol.to_owned());
    service.product.clone_from(&told.product);
    service.version.clone_from(&told.version);
    service.recognised_by = Some(if seen.unasked { "banner" } else { "probe" }.to_owned());
    service.cleartext = Some(!service.tls && !matches!(told.protocol, "tls" | "ssh"));
}

fn reason(spared: Spared) -> Text {
    match spared {
        Spared::Printer => Text::new(
            "not asked, for printers print whatever is sent to such a port",
            "この種のポートに送られた内容はプリンターがそのまま印刷するため、問い合わせていない",
        ),
        Spared::Industrial => Text::new(
            "not asked for other protocols, for a controller of machines could be disturbed",
            "制御機器の動作を妨げるおそれがあるため、ほかのプロトコルでは問い合わせていない",
        ),
    }
}

struct Look<'a> {
    endpoint: &'a Endpoint,
    budget: &'a Budget,
    /// Connections left.
    left: u32,
    /// Why the last question told nothing.
    last: Failure,
    /// Whether the last answer was HTTP's "400 Bad Request": so servers of HTTP inside TLS say in the clear that they want TLS.
    bad_request: bool,
}

impl<'a> Look<'a> {
    /// A connection; none where no more are to be made.
    fn open(&mut self) -> Result<Option<Connection<'a>>, Failure> {
        if self.left == 0 {
            return Ok(None);
        }
        let first = self.left == CONNECTIONS;
        self.left -= 1;
        match Connection::open(self.budget, self.endpoint.address) {
            Ok(connection) => Ok(Some(connection)),
            // Later ones may be refused because the service takes only a few at a time.
            Err(failure) if first || failure.ends_everything() => Err(failure),
            Err(failure) => {
                self.last = failure;
                Ok(None)
            }
        }
    }

    /// Asks until something is recognised.
    fn outside(&mut self, order: &Order) -> Result<Option<Seen>, Failure> {
        let mut open = None;
        if !order.greeting.is_zero() {
            let Some(mut connection) = self.open()? else { return Ok(None) };
            let heard = hear(&mut connection, order.greeting, &whole);
            if let Some(told) = self.told(None, &heard)? {
                return Ok(Some(Seen { told, unasked: true }));
            }
            if heard.bytes.starts_with(b"220") {
                return Ok(which_220(&mut connection).map(|told| Seen { told, unasked: false }));
            }
            if stream::begins(&heard.bytes) {
                drop(connection);
                let Some(mut connection) = self.open()? else { return Ok(None) };
                let told = self.question(&mut connection, Ask::Coap)?;
                return Ok(told.map(|told| Seen { told, unasked: false }));
            }
            if heard.end.kind == FailureKind::TimedOut {
                open = Some(connection);
            }
        }
        for &ask in &order.asks {
            let connection = match open.take() {
                Some(connection) => Some(connection),
                None => self.open()?,
            };
            let Some(mut connection) = connection else { continue };
            let Some(told) = self.question(&mut connection, ask)? else { continue };
            drop(connection);
            if told.protocol == "http"
                && self.bad_request
                && let Some(mut connection) = self.open()?
                && let Some(other) = self.question(&mut connection, Ask::Tls)?
                && other.protocol == "tls"
            {
                return Ok(Some(Seen { told: other, unasked: false }));
            }
            return Ok(Some(Seen { told, unasked: false }));
        }
        Ok(None)
    }

    /// What is inside TLS; where that can't be told, the question that failed.
    fn inside(&mut self, order: &Order) -> Result<Seen, (&'static str, Failure)> {
        for (number, &ask) in order.inside.iter().enumerate() {
            let connection = self.open().map_err(|failure| ("tls-handshake", failure))?;
            let Some(connection) = connection else { break };
            let mut secure = Secure::open(connection, self.endpoint.name.as_deref())
                .map_err(|failure| ("tls-handshake", failure))?;
            // Mail servers greet inside TLS as they do outside.
            if number == 0 && ask == Ask::Http {
                let heard = hear(&mut secure, greeting_inside(self.endpoint.address.port()), &whole);
                if let Some(told) = self.told(None, &heard).map_err(|failure| ("tls-inside", failure))? {
                    return Ok(Seen { told, unasked: true });
                }
            }
            if let Some(told) = self.question(&mut secure, ask).map_err(|failure| ("tls-inside", failure))? {
                return Ok(Seen { told, unasked: false });
            }
        }
        Err(("tls-inside", self.last.clone()))
    }

    fn question(&mut self, talk: &mut dyn Talk, ask: Ask) -> Result<Option<Told>, Failure> {
        if let Err(failure) = say(talk, &request(ask, self.endpoint)) {
            self.last = failure;
        }
        // What was said before the connection broke is still heard.
        let heard = hear(talk, ANSWER, &whole);
        let told = self.told(Some(ask), &heard)?;
        if told.as_ref().is_some_and(|told| told.protocol == "mqtt") {
            let _ = say(talk, &mqtt::DISCONNECT);
        }
        Ok(told)
    }

    fn told(&mut self, ask: Option<Ask>, heard: &Heard) -> Result<Option<Told>, Failure> {
        if heard.end.ends_everything() {
            return Err(heard.end.clone());
        }
        let told = ask.and_then(|ask| own_answer(ask, &heard.bytes)).or_else(|| greeting::recognise(&heard.bytes));
        self.bad_request = Head::read(&heard.bytes).is_some_and(|head| head.status == 400);
        if told.is_none() {
            self.last = if heard.bytes.is_empty() { heard.end.clone() } else { Failure::new(FailureKind::Nonsense) };
        }
        Ok(told)
    }
}

/// Whether more need not be waited for.
fn whole(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"HTTP/") || bytes.starts_with(b"RTSP/") || bytes.starts_with(b"SIP/") {
        return bytes.windows(4).any(|four| four == b"\r\n\r\n");
    }
    greeting::recognise(bytes).is_some_and(|told| !matches!(told.protocol, "smtp" | "ftp" | "telnet"))
}

fn greeting_inside(port: u16) -> Duration {
    match port {
        443 | 8443 => Duration::ZERO,
        465 | 563 | 990..=995 => Duration::from_secs(5),
        _ => Duration::from_millis(800),
    }
}

/// What is sent.
fn request(ask: Ask, endpoint: &Endpoint) -> Vec<u8> {
    let at = endpoint.address;
    match ask {
        // Without a Host header, which Redis takes for an attack: it does nothing worse then than to close the connection, but logs it.
        Ask::Http => b"GET / HTTP/1.0\r\n\r\n".to_vec(),
        Ask::Tls => tls::hello(endpoint.name.as_deref()),
        Ask::Mqtt => mqtt::CONNECT.to_vec(),
        Ask::Coap => stream::question(),
        Ask::Rtsp => format!("OPTIONS rtsp://{at}/ RTSP/1.0\r\nCSeq: 1\r\n\r\n").into_bytes(),
        Ask::Sip => datagram::options(),
        Ask::Redis => b"PING\r\n".to_vec(),
        Ask::Amqp => b"AMQP\0\0\x09\x01".to_vec(),
        // SSLRequest (PostgreSQL's protocol 3.0, section 54.2.11).
        Ask::Postgres => vec![0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f],
        Ask::Dns => {
            let query = dns::query();
            [&(query.len() as u16).to_be_bytes()[..], &query].concat()
        }
        Ask::Adb => adb::connect(),
        Ask::Modbus => modbus::REQUEST.to_vec(),
    }
}

/// What an answer tells that can be understood only by who asked.
fn own_answer(ask: Ask, bytes: &[u8]) -> Option<Told> {
    match ask {
        Ask::Coap => stream::is_server(bytes).then(|| Told::new("coap")),
        Ask::Postgres => matches!(bytes, b"S" | b"N").then(|| Told::new("postgresql")),
        Ask::Dns => bytes.get(2..).filter(|bytes| dns::is_answer(bytes)).map(|_| Told::new("dns")),
        Ask::Adb => adb::read(bytes).map(|_| Told::new("adb")),
        Ask::Modbus => modbus::read(bytes).map(|answer| match answer {
            modbus::Answer::Identification(texts) => {
                let mut texts = texts.into_iter();
                let maker = texts.next();
                let product = texts.next();
                let product =
                    [maker, product].into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>();
                let product = (!product.is_empty()).then(|| product.join(" "));
                Told { protocol: "modbus", product, version: texts.next().filter(|text| !text.is_empty()) }
            }
            modbus::Answer::Exception(_) => Told::new("modbus"),
        }),
        _ => None,
    }
}

/// Mail and file servers both greet with 220. To doing nothing, the one says 250 (RFC 5321, section 4.1.1.9), the other 200, or that a log-in
/// comes first (RFC 959, section 5.4).
fn which_220(talk: &mut dyn Talk) -> Option<Told> {
    say(talk, b"NOOP\r\n").ok()?;
    let heard = hear(talk, ANSWER, &|bytes| bytes.ends_with(b"\n"));
    match heard.bytes.get(..3)? {
        b"250" => Some(Told::new("smtp")),
        b"200" | b"530" => Some(Told::new("ftp")),
        _ => None,
    }
}

#[cfg(test)]
#[path = "identify_tests.rs"]
mod tests;
