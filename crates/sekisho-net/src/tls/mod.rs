//! What a TLS or DTLS server agrees to, found by offering it one thing after the other.
//!
//! The hellos are our own, so that also what no library speaks any more can be offered; the client does not go on after the server's turn. Two
//! things need a whole handshake: what TLS 1.3 says inside its encryption, which is asked with a library's, and whether a client may begin a second
//! one inside a session, which no library asks any more.

mod answer;
mod certificate;
mod datagrams;
mod dialogue;
mod encrypted;
mod groups;
mod hello;
mod login;
mod renegotiation;
mod roots;
mod session;
mod shared_key;
mod ssl2;
mod starttls;
mod stream;
mod suites;
mod summary;
mod survey;
mod version;

use std::thread;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::FailureKind;
use time::OffsetDateTime;

pub use roots::Roots;
pub use shared_key::wants_shared_key;
pub use starttls::{Starttls, upgrade};

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use answer::Flight;
use renegotiation::Renegotiation;
use survey::{Refusal, Seen, Target};
use version::Version;

const ASPECTS: &[Aspect] = &[Aspect::NetworkTls];

/// Chains of one server that are kept: one for each kind of key, and some more.
const CHAINS: usize = 8;

/// Looks at a TLS server (or, over UDP, a DTLS server): versions, suites, groups, certificates, and the other things that it agrees to. `starttls`
/// is the protocol in which the change to TLS is asked for first, `roots` are the certificates that chains are held against, `now` the moment for
/// which validity is told.
pub fn look(
    endpoint: &Endpoint,
    starttls: Option<Starttls>,
    roots: Option<&Roots>,
    now: OffsetDateTime,
    budget: &Budget,
) -> Findings {
    let mut findings = Findings::default();
    let mut target = Target::new(endpoint, starttls, budget);
    let mut seen = versions(&target);
    let unknown_name = |seen: &Seen| seen.refusal == Some(Refusal::Alert(survey::UNKNOWN_NAME));
    if target.server_name.is_some() && !seen.iter().any(Seen::is_agreed) && seen.iter().any(unknown_name) {
        // It has no certificate for the name, but may have one for those who don't ask by name.
        target.server_name = None;
        seen = versions(&target);
    }
    ask_again(&target, &mut seen);
    if !settle(&mut findings, endpoint, &mut seen) {
        return findings;
    }
    let details = details(&target, &seen);
    let mut chains: Vec<&Vec<Vec<u8>>> = Vec::new();
    for flight in seen
        .iter()
        .flat_map(|seen| &seen.flights)
        .chain(details.inside.as_ref().and_then(|inside| inside.as_ref().ok()))
    {
        let new = !flight.chain.is_empty() && !chains.iter().any(|chain| chain.first() == flight.chain.first());
        if new && chains.len() < CHAINS {
            chains.push(&flight.chain);
        }
    }
    for chain in chains {
        let facts = certificate::facts(chain, endpoint, roots, now);
        if facts.len() < chain.len() {
            findings.failed(ASPECTS, endpoint, "certificate", &Failure::nonsense("a certificate can't be read"));
        }
        for fact in facts {
            findings.fact(Observed::TlsCertificate(Box::new(fact)), endpoint.source());
        }
    }
    for (probe, failure) in details.failures() {
        findings.failed(ASPECTS, endpoint, probe, failure);
    }
    if let Some(Ok(Renegotiation::NoSuite)) = details.renegotiation {
        findings.gap(ASPECTS, &endpoint.to_string(), &renegotiation::no_suite());
    }
    summary::add(&mut findings, endpoint, starttls, target.server_name.as_deref(), &seen, &details);
    findings
}

/// What each version brings, asked all at the same time.
fn versions(target: &Target<'_>) -> Vec<Seen> {
    thread::scope(|scope| {
        let threads: Vec<_> = Version::over(target.transport())
            .iter()
            .map(|&version| (version, scope.spawn(move || survey::suites_of(target, version))))
            .collect();
        threads
            .into_iter()
            .map(|(version, thread)| {
                thread.join().unwrap_or_else(|_| Seen::failed(version, Failure::new(FailureKind::Other)))
            })
            .collect()
    })
}

/// Asks once more, and alone, where a connection failed or was cut off while others went well: a small device may not bear several at a time.
fn ask_again(target: &Target<'_>, seen: &mut [Seen]) {
    if !seen.iter().any(Seen::is_agreed) {
        return;
    }
    for seen in seen {
        let cut = matches!(seen.refusal, Some(Refusal::Cut(_))) && !seen.is_agreed();
        let failed = seen.failure.as_ref().is_some_and(|failure| !failure.ends_everything());
        if cut || failed {
            let again = survey::suites_of(target, seen.version);
            if again.failure.is_none() || again.suites.len() > seen.suites.len() {
                *seen = again;
            }
        }
    }
}

/// Decides which versions are refused and which unknown, and says what failed. False where nothing is known at all.
///
/// An alert refuses. A connection that is cut off refuses only where the server goes on with another version: else it may be no TLS server at
/// all, or a filter in between. Silence never refuses.
fn settle(findings: &mut Findings, endpoint: &Endpoint, seen: &mut [Seen]) -> bool {
    let any_agreed = seen.iter().any(Seen::is_agreed);
    for seen in seen.iter_mut().filter(|seen| !seen.is_agreed()) {
        if let (Some(Refusal::Cut(kind)), false, None) = (seen.refusal, any_agreed, &seen.failure) {
            seen.failure = Some(Failure::new(kind));
        }
    }
    if !any_agreed && !seen.iter().any(Seen::is_refused) {
        // One reason, not one for each version: that of the version that most servers have.
        let newest_old = seen.iter().rfind(|seen| seen.version != Version::Tls13);
        if let Some(failure) = newest_old.and_then(|seen| seen.failure.as_ref()) {
            findings.failed(ASPECTS, endpoint, "tls", failure);
        }
        return false;
    }
    for seen in seen.iter() {
        if let Some(failure) = &seen.failure {
            findings.failed(ASPECTS, endpoint, seen.version.name(), failure);
        }
    }
    if !any_agreed {
        let reason = Text::new(
            "the server agrees to none of the versions and cipher suites that were offered",
            "提示したバージョンと暗号スイートのいずれにもサーバーが応じなかった",
        );
        findings.gap(ASPECTS, &endpoint.to_string(), &reason);
    }
    true
}

/// What was asked once it was known what works.
#[derive(Debug)]
struct Details {
    groups: Vec<Result<Vec<u16>, Failure>>,
    order: Result<Option<bool>, Failure>,
    fallback: Result<Option<bool>, Failure>,
    /// Whether a password is taken before the change to TLS.
    login: Result<Option<bool>, Failure>,
    /// What is said only inside TLS 1.3; asked only where no other version shows it.
    inside: Option<Result<Flight, Failure>>,
    /// What becomes of a second handshake that a client begins inside a session; asked over TCP, in versions from TLS 1.0 to 1.2.
    renegotiation: Option<Result<Renegotiation, Failure>>,
}

impl Details {
    fn failures(&self) -> impl Iterator<Item = (&'static str, &Failure)> {
        let groups = self.groups.iter().filter_map(|groups| Some(("groups", groups.as_ref().err()?)));
        let order = self.order.as_ref().err().map(|failure| ("suite-order", failure));
        let fallback = self.fallback.as_ref().err().map(|failure| ("fallback", failure));
        let login = self.login.as_ref().err().map(|failure| ("login-in-clear", failure));
        let inside = self.inside.as_ref().and_then(|inside| Some(("certificate", inside.as_ref().err()?)));
        let renegotiation = self.renegotiation.as_ref().and_then(|told| Some(("renegotiation", told.as_ref().err()?)));
        groups.chain(order).chain(fallback).chain(login).chain(inside).chain(renegotiation)
    }
}

fn details(target: &Target<'_>, seen: &[Seen]) -> Details {
    let agreed: Vec<&Seen> = seen.iter().filter(|seen| seen.is_agreed() && seen.version != Version::Ssl2).collect();
    let new = agreed.iter().copied().find(|seen| seen.version == Version::Tls13);
    // Older versions take the same groups as the newest of them.
    let old = agreed.iter().copied().rfind(|seen| seen.version != Version::Tls13);
    let ordered = [old, new].into_iter().flatten().find(|seen| seen.suites.len() > 1);
    // A client that fell back from the newest would come with the one before.
    let fallen_back = agreed.iter().rev().nth(1).copied();
    let inside = new.filter(|_| seen.iter().flat_map(|seen| &seen.flights).all(|flight| flight.chain.is_empty()));
    let sessions: Vec<&Seen> =
        agreed.iter().rev().copied().filter(|seen| renegotiation::VERSIONS.contains(&seen.version)).collect();
    let crashed = || Failure::new(FailureKind::Other);
    thread::scope(|scope| {
        let groups: Vec<_> =
            [old, new].into_iter().flatten().map(|seen| scope.spawn(move || survey::groups_of(target, seen))).collect();
        let order = ordered.map(|seen| scope.spawn(move || survey::server_order(target, seen)));
        let fallback = fallen_back.map(|seen| scope.spawn(move || survey::fallback_refused(target, seen)));
        let inside = inside.map(|_| scope.spawn(move || survey::encrypted(target)));
        let login = scope.spawn(move || survey::login_in_clear(target));
        let renegotiation =
            (!sessions.is_empty()).then(|| scope.spawn(move || renegotiation::attempt(target, &sessions)));
        Details {
            groups: groups.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(crashed()))).collect(),
            order: order.map_or(Ok(None), |thread| thread.join().unwrap_or_else(|_| Err(crashed()))),
            fallback: fallback.map_or(Ok(None), |thread| thread.join().unwrap_or_else(|_| Err(crashed()))),
            login: login.join().unwrap_or_else(|_| Err(crashed())),
            inside: inside.map(|thread| thread.join().unwrap_or_else(|_| Err(crashed()))),
            renegotiation: renegotiation.map(|thread| thread.join().unwrap_or_else(|_| Err(crashed()))),
        }
    })
}
