//! The usual services over UDP, each asked in its own protocol.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::interface;
use sekisho_model::network::{FailureKind, NetworkHost, NetworkService};
use sekisho_model::product::{Authorized, Transport};

use super::ports::not_authorized;
use crate::budget::Budget;
use crate::connection::{ask_any_port, ask_for};
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Host;
use crate::protocol::Told;
use crate::protocol::datagram::{QUESTIONS, Question};

/// How long the answer to one request may take, with one repetition.
const TIME: Duration = Duration::from_secs(2);
/// What rests on knowing what answers.
const ASPECTS: [Aspect; 4] =
    [Aspect::NetworkPorts, Aspect::NetworkServices, Aspect::NetworkAccess, Aspect::NetworkCoap];

/// Asks the usual services over UDP, and the declared ones by their kind, except where nothing may be sent; counts in `sum`. That a service
/// which is not declared says nothing means nothing, and is no gap.
pub fn datagrams(
    host: &Host,
    budget: &Budget,
    sum: &mut NetworkHost,
    progress: &(dyn Fn(&str) + Sync),
) -> (Vec<(Endpoint, NetworkService)>, Findings) {
    let mut findings = Findings::default();
    let mut asked: Vec<(u16, &Question)> = Vec::new();
    for port in host.declared.iter().filter(|port| port.transport == Transport::Udp) {
        let place = format!("udp/{}", port.port);
        if port.authorized < Authorized::Probe {
            findings.gap(&ASPECTS, &place, &not_authorized());
        } else if interface::is_inside_tls(&port.kind) {
            // Looked at as DTLS, with what is inside.
        } else if let Some(question) = by_kind(&port.kind).or_else(|| by_number(port.port)) {
            asked.push((port.port, question));
        } else {
            findings.gap(&ASPECTS, &place, &no_question(&port.kind));
        }
    }
    for question in &QUESTIONS {
        let declared = host.port(Transport::Udp, question.port).is_some();
        if !declared && host.authorized >= Authorized::Probe {
            asked.push((question.port, question));
        }
    }
    progress(&format!("udp {} services", asked.len()));
    let answers = Mutex::new(Vec::new());
    let work = |&(port, question): &(u16, &Question)| {
        let told = one(budget, SocketAddr::new(host.address, port), question);
        answers.lock().unwrap_or_else(PoisonError::into_inner).push((port, question.protocol, told));
    };
    thread::scope(|scope| {
        for one in &asked {
            let work = &work;
            // Where the system gives no more threads, one after the other.
            if thread::Builder::new().spawn_scoped(scope, move || work(one)).is_err() {
                work(one);
            }
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(port, ..)| *port);
    let mut services = Vec::new();
    for (port, probe, told) in answers {
        let endpoint = Endpoint::udp(SocketAddr::new(host.address, port), host.name.as_deref());
        sum.udp_asked += 1;
        match told {
            Ok(told) => {
                sum.udp_open += 1;
                services.push((endpoint.clone(), service(&endpoint, told)));
            }
            // What is not declared may be silent, but not be left out.
            Err(failure) if host.port(Transport::Udp, port).is_some() || failure.ends_everything() => {
                findings.failed(&ASPECTS, &endpoint, probe, &failure);
            }
            // Something listens and says what is none of the protocol's.
            Err(failure) if failure.kind == FailureKind::Nonsense => {
                sum.udp_open += 1;
                findings.failed(&ASPECTS, &endpoint, probe, &failure);
                services.push((endpoint.clone(), service(&endpoint, Told::default())));
            }
            Err(_) => {}
        }
    }
    (services, findings)
}

fn by_kind(kind: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| interface::speaks(kind, question.protocol))
}

fn by_number(port: u16) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.port == port)
}

fn one(budget: &Budget, address: SocketAddr, question: &Question) -> Result<Told, Failure> {
    let mut last = Failure::new(FailureKind::TimedOut);
    for request in (question.requests)() {
        let answer = if question.any_port {
            ask_any_port(budget, address, &request, 2, TIME)
        } else {
            ask_for(budget, address, &request, 2, TIME, |_| true)
        };
        match answer {
            Ok(bytes) => return (question.told)(&bytes).ok_or_else(|| Failure::new(FailureKind::Nonsense)),
            Err(failure) if failure.kind == FailureKind::TimedOut => last = failure,
            Err(failure) => return Err(failure),
        }
    }
    Err(last)
}

fn service(endpoint: &Endpoint, told: Told) -> NetworkService {
    let known = !told.protocol.is_empty();
    NetworkService {
        address: endpoint.host(),
        transport: endpoint.transport.name().to_owned(),
        port: endpoint.address.port(),
        protocol: known.then(|| told.protocol.to_owned()),
        tls: false,
        product: told.product,
        version: told.version,
        recognised_by: known.then(|| "probe".to_owned()),
        cleartext: known.then_some(true),
    }
}

fn no_question(kind: &str) -> Text {
    Text::new(
        format!("there is no question for services of the kind '{kind}' over UDP"),
        format!("UDP の「{kind}」という種類のサービスに対する問い合わせ方法がない"),
    )
}
