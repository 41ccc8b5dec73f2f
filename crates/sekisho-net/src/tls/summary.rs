//! What was seen of a server, as facts.

use std::collections::BTreeSet;

use sekisho_algorithms::tls;
use sekisho_model::fact::Observed;
use sekisho_model::tls::{TlsServer, TlsSuite};

use super::answer::Flight;
use super::hello::{EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO};
use super::renegotiation::Renegotiation;
use super::survey::Seen;
use super::version::Version;
use super::{ASPECTS, Details, Starttls, groups, suites};
use crate::endpoint::Endpoint;
use crate::findings::Findings;

/// The extension in which a server announces a session ticket.
const SESSION_TICKET: u16 = 35;

/// Adds the facts about the server and its suites.
pub(super) fn add(
    findings: &mut Findings,
    endpoint: &Endpoint,
    starttls: Option<Starttls>,
    server_name: Option<&str>,
    seen: &[Seen],
    details: &Details,
) {
    let suites: Vec<TlsSuite> = seen.iter().flat_map(|seen| of_version(seen, endpoint)).collect();
    // Before TLS 1.3, hellos and turns say the rest. SSL 2.0 and 3.0 have no extensions.
    let flights = |from: Version| {
        let old = seen.iter().filter(move |seen| seen.version >= from && seen.version != Version::Tls13);
        old.flat_map(|seen| &seen.flights)
    };
    let turns: Vec<&Flight> = flights(Version::Ssl3)
        .chain(details.inside.as_ref().and_then(|inside| inside.as_ref().ok()))
        .filter(|flight| flight.done)
        .collect();
    let failure = flights(Version::Ssl3).find_map(|flight| flight.failure.as_ref());
    if let Some(failure) = failure.filter(|_| turns.is_empty()) {
        findings.failed(ASPECTS, endpoint, "handshake", failure);
    }
    let said_by_all = |extension: u16, from: Version| {
        let mut flights = flights(from).peekable();
        flights.peek().is_some().then(|| flights.all(|flight| flight.hello.extensions.contains(&extension)))
    };
    let all_groups: BTreeSet<u16> = details.groups.iter().flatten().flatten().copied().collect();
    let dh = seen.iter().flat_map(|seen| &seen.flights).filter_map(|flight| flight.dh_bits);
    let named = |chosen: fn(&Seen) -> bool| -> Vec<String> {
        seen.iter().filter(|seen| chosen(seen)).map(|seen| seen.version.name().to_owned()).collect()
    };
    let complete = seen.iter().all(|seen| seen.failure.is_none());
    let hellos = seen.iter().filter(|seen| seen.version != Version::Ssl2).flat_map(|seen| &seen.flights);
    // With the certificate its turn has what could be with it; suites without one have nothing to staple and nobody to ask.
    let with_certificate: Vec<&&Flight> = turns.iter().filter(|flight| !flight.chain.is_empty()).collect();
    let server = TlsServer {
        address: endpoint.host(),
        transport: endpoint.transport.name().to_owned(),
        port: endpoint.address.port(),
        server_name: server_name.map(str::to_owned),
        starttls: starttls.map(|starttls| starttls.name().to_owned()),
        login_in_clear: details.login.as_ref().ok().copied().flatten(),
        versions: named(Seen::is_agreed),
        refused: named(Seen::is_refused),
        unknown: named(|seen| !seen.is_agreed() && !seen.is_refused()),
        cipher_suites: distinct(suites.iter().map(|suite| suite.suite.clone())),
        weaknesses: distinct(suites.iter().flat_map(|suite| suite.weaknesses.clone())),
        groups: all_groups.iter().map(|group| groups::name(*group)).collect(),
        dh_bits: dh.chain(all_groups.iter().filter_map(|group| groups::dh_bits(*group))).min(),
        // One suite without it is enough for no; yes needs all to be known.
        forward_secrecy: if suites.iter().any(|suite| !suite.forward_secrecy) {
            Some(false)
        } else {
            (complete && !suites.is_empty()).then_some(true)
        },
        server_order: details.order.as_ref().ok().copied().flatten(),
        compression: any(hellos, |flight| flight.hello.compressed),
        secure_renegotiation: said_by_all(RENEGOTIATION_INFO, Version::Tls10),
        client_renegotiation: match details.renegotiation {
            Some(Ok(Renegotiation::Accepted)) => Some(true),
            Some(Ok(Renegotiation::Refused)) => Some(false),
            _ => None,
        },
        fallback_refused: details.fallback.as_ref().ok().copied().flatten(),
        session_tickets: any(flights(Version::Tls10), |flight| flight.hello.extensions.contains(&SESSION_TICKET)),
        extended_master_secret: said_by_all(EXTENDED_MASTER_SECRET, Version::Tls10),
        client_certificate: any(with_certificate.iter().copied().copied(), |flight| flight.asks_certificate),
        ocsp_stapled: any(with_certificate.iter().copied().copied(), |flight| flight.stapled),
    };
    findings.fact(Observed::TlsServer(Box::new(server)), endpoint.source());
    for suite in suites {
        findings.fact(Observed::TlsSuite(suite), endpoint.source());
    }
}

/// Whether any of them does; absent where there is none to tell.
fn any<'f>(flights: impl Iterator<Item = &'f Flight>, does: impl Fn(&Flight) -> bool) -> Option<bool> {
    let mut flights = flights.peekable();
    flights.peek().is_some().then(|| flights.any(does))
}

fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn of_version(seen: &Seen, endpoint: &Endpoint) -> Vec<TlsSuite> {
    let fact = |suite: String, code: String| TlsSuite {
        address: endpoint.host(),
        transport: endpoint.transport.name().to_owned(),
        port: endpoint.address.port(),
        version: seen.version.name().to_owned(),
        weaknesses: tls::weaknesses(&suite).into_iter().map(str::to_owned).collect(),
        forward_secrecy: tls::forward_secrecy(&suite),
        suite,
        code,
    };
    let ssl2 = seen.flights.iter().flat_map(|flight| &flight.ssl2_suites).map(|code| {
        let name = tls::SSL2.iter().find(|(known, _)| known == code).map_or("", |(_, name)| name);
        fact(name.to_owned(), format!("{code:#08x}"))
    });
    let others = seen.suites.iter().map(|code| fact(suites::name(*code), format!("{code:#06x}")));
    ssl2.chain(others).collect()
}
