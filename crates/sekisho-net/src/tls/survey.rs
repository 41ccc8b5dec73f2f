//! Offers a server one thing after the other and notes what it takes.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sekisho_model::network::FailureKind;
use sekisho_model::product::Transport;

use super::answer::{Answer, Flight};
use super::hello::Offer;
use super::starttls::{Starttls, upgrade};
use super::version::Version;
use super::{datagrams, encrypted, groups, login, stream, suites};
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// `unrecognized_name` (RFC 6066, section 3).
pub(super) const UNKNOWN_NAME: u8 = 112;
/// `protocol_version`.
const WRONG_VERSION: u8 = 70;
/// `inappropriate_fallback` (RFC 7507).
const FALLBACK: u8 = 86;

/// The server that is asked.
#[derive(Debug)]
pub(super) struct Target<'a> {
    endpoint: &'a Endpoint,
    starttls: Option<Starttls>,
    pub(super) server_name: Option<String>,
    budget: &'a Budget,
    /// Held during an exchange of datagrams: many servers of DTLS can have but one client at a time.
    turn: Mutex<()>,
}

impl<'a> Target<'a> {
    pub(super) fn new(endpoint: &'a Endpoint, starttls: Option<Starttls>, budget: &'a Budget) -> Self {
        // An address is no name that could be asked for (RFC 6066, section 3).
        let is_name =
            |name: &String| !name.is_empty() && name.len() <= 255 && name.is_ascii() && name.parse::<IpAddr>().is_err();
        let server_name =
            endpoint.name.as_ref().filter(|name| is_name(name)).map(|name| name.trim_end_matches('.').to_owned());
        Self { endpoint, starttls, server_name, budget, turn: Mutex::new(()) }
    }

    pub(super) fn transport(&self) -> Transport {
        self.endpoint.transport
    }

    /// A fresh connection on which the next byte is TLS's.
    pub(super) fn connect(&self) -> Result<Connection<'a>, Failure> {
        let connection = Connection::open(self.budget, self.endpoint.address)?;
        match self.starttls {
            Some(starttls) => upgrade(connection, starttls),
            None => Ok(connection),
        }
    }

    fn ask(&self, offer: &Offer<'_>) -> Result<Answer, Failure> {
        match self.endpoint.transport {
            Transport::Tcp => stream::ask(self.connect()?, offer),
            Transport::Udp => {
                let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
                datagrams::ask(self.budget, self.endpoint.address, offer)
            }
        }
    }

    pub(super) fn offer<'o>(&'o self, version: Version, suites: &'o [u16], groups: &'o [u16]) -> Offer<'o> {
        Offer {
            version,
            suites,
            groups,
            shares: true,
            fallback: false,
            compression: true,
            renegotiation: Some(&[]),
            server_name: self.server_name.as_deref(),
        }
    }

    /// Whether the server takes the offer in the version that it is made in. A server that names another version does not agree to this one; the
    /// other is asked about on its own.
    fn agreed(&self, offer: &Offer<'_>) -> Result<Result<Box<Flight>, Refusal>, Failure> {
        Ok(match self.ask(offer)? {
            Answer::Agreed(flight) if flight.hello.version == offer.version.code() => Ok(flight),
            Answer::Agreed(_) => Err(Refusal::Alert(WRONG_VERSION)),
            Answer::Alert(code) => Err(Refusal::Alert(code)),
            Answer::Cut(kind) => Err(Refusal::Cut(kind)),
        })
    }
}

/// How a server does not take an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// In words.
    Alert(u8),
    /// By ending the connection. Many old servers refuse so; but so does one that is overwhelmed. It counts where the server goes on in another
    /// version, and did so at the second time of asking.
    Cut(FailureKind),
}

/// What is known of one version.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) version: Version,
    /// The suites that the server took, in the order in which it did.
    pub(super) suites: Vec<u16>,
    pub(super) flights: Vec<Flight>,
    /// How it refused the first hello that it did not take, where it took none.
    pub(super) refusal: Option<Refusal>,
    /// Why asking ended before it was at its end.
    pub(super) failure: Option<Failure>,
}

impl Seen {
    pub(super) fn failed(version: Version, failure: Failure) -> Self {
        Self { version, suites: Vec::new(), flights: Vec::new(), refusal: None, failure: Some(failure) }
    }

    pub(super) fn is_refused(&self) -> bool {
        !self.is_agreed() && self.refusal.is_some() && self.failure.is_none()
    }

    pub(super) fn is_agreed(&self) -> bool {
        !self.flights.is_empty()
    }
}

/// Finds all suites that the server takes in a version: each that it chose is left out of the next hello, until it refuses.
pub(super) fn suites_of(target: &Target<'_>, version: Version) -> Seen {
    let mut seen = Seen { version, suites: Vec::new(), flights: Vec::new(), refusal: None, failure: None };
    if version == Version::Ssl2 {
        match target.agreed(&target.offer(version, &[], &[])) {
            // One that agrees to no suite agrees to nothing.
            Ok(Ok(flight)) if flight.ssl2_suites.is_empty() => seen.refusal = Some(Refusal::Alert(WRONG_VERSION)),
            Ok(Ok(flight)) => seen.flights.push(*flight),
            Ok(Err(refusal)) => seen.refusal = Some(refusal),
            Err(failure) => seen.failure = Some(failure),
        }
        return seen;
    }
    let groups = groups::of(version);
    for batch in suites::of(version).chunks(suites::BATCH) {
        let mut left = batch.to_vec();
        let mut again = true;
        while !left.is_empty() {
            match target.agreed(&target.offer(version, &left, &groups)) {
                Ok(Ok(flight)) => {
                    let suite = flight.hello.suite;
                    let before = left.len();
                    left.retain(|offered| *offered != suite);
                    if left.len() == before {
                        seen.failure = Some(Failure::nonsense(format!("suite {suite:#06x} was not offered")));
                        return seen;
                    }
                    seen.suites.push(suite);
                    seen.flights.push(*flight);
                    again = true;
                }
                // Some end the connection now and then; whether they mean it shows the second time.
                Ok(Err(Refusal::Cut(_))) if again && !seen.suites.is_empty() => again = false,
                Ok(Err(refusal)) => {
                    seen.refusal.get_or_insert(refusal);
                    break;
                }
                Err(failure) => {
                    seen.failure = Some(failure);
                    return seen;
                }
            }
        }
        // It does not know the version, whatever else is offered in it.
        if seen.suites.is_empty() && matches!(seen.refusal, Some(Refusal::Alert(WRONG_VERSION | UNKNOWN_NAME))) {
            break;
        }
    }
    seen
}

/// Finds all groups that the server takes in a version: each that it chose is left out of the next hello, until it refuses.
pub(super) fn groups_of(target: &Target<'_>, seen: &Seen) -> Result<Vec<u16>, Failure> {
    let tls13 = seen.version == Version::Tls13;
    let mut found = Vec::new();
    let over_curves: Vec<u16> = if tls13 {
        seen.suites.clone()
    } else {
        seen.suites.iter().copied().filter(|suite| suites::exchange(*suite).0 == suites::Exchange::Ec).collect()
    };
    if over_curves.is_empty() {
        return Ok(found);
    }
    let mut left = groups::of(seen.version);
    let mut shares = false;
    while !left.is_empty() {
        let offer = Offer { shares, ..target.offer(seen.version, &over_curves, &left) };
        let group = match target.agreed(&offer)? {
            Ok(flight) => {
                if tls13 {
                    flight.hello.group
                } else {
                    flight.group
                }
            }
            // It may not know what to do without a share.
            Err(_) if tls13 && !shares && found.is_empty() => {
                shares = true;
                continue;
            }
            Err(_) => break,
        };
        // A group that was not offered would be chosen for ever.
        let Some(at) = left.iter().position(|offered| Some(*offered) == group) else { break };
        found.push(left.remove(at));
    }
    Ok(found)
}

/// Whether the server's order of suites decides: it chooses the same from all of them in two orders.
pub(super) fn server_order(target: &Target<'_>, seen: &Seen) -> Result<Option<bool>, Failure> {
    let groups = groups::of(seen.version);
    let mut choices = Vec::new();
    let forwards: Vec<u16> = seen.suites.iter().copied().take(suites::BATCH).collect();
    let backwards: Vec<u16> = forwards.iter().rev().copied().collect();
    for order in [forwards, backwards] {
        match target.agreed(&target.offer(seen.version, &order, &groups))? {
            Ok(flight) => choices.push(flight.hello.suite),
            Err(_) => return Ok(None),
        }
    }
    Ok(choices.first().zip(choices.last()).map(|(first, last)| first == last))
}

/// Whether the server refuses a client that says that it fell back to this version, where both know a newer one.
pub(super) fn fallback_refused(target: &Target<'_>, seen: &Seen) -> Result<Option<bool>, Failure> {
    let groups = groups::of(seen.version);
    let suites = seen.suites.get(..suites::BATCH).unwrap_or(&seen.suites);
    let offer = Offer { fallback: true, ..target.offer(seen.version, suites, &groups) };
    Ok(match target.agreed(&offer)? {
        Ok(_) => Some(false),
        Err(Refusal::Alert(FALLBACK)) => Some(true),
        Err(_) => None,
    })
}

/// Whether the server takes a password before the change to TLS; none where TLS comes first.
pub(super) fn login_in_clear(target: &Target<'_>) -> Result<Option<bool>, Failure> {
    let Some(starttls) = target.starttls else { return Ok(None) };
    login::in_clear(Connection::open(target.budget, target.endpoint.address)?, starttls)
}

/// What the server says only inside TLS 1.3.
pub(super) fn encrypted(target: &Target<'_>) -> Result<Flight, Failure> {
    encrypted::look(target.connect()?, target.server_name.as_deref())
}
