//! What all parts of the look at a domain share: whom to ask, what was found so far.

use std::net::{IpAddr, SocketAddr};

use domain::base::iana::Rtype;
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::network::{FailureKind, ProbeFailure};
use time::OffsetDateTime;

use super::answer::Answer;
use super::resolver::Resolver;
use crate::budget::Budget;
use crate::failure::Failure;
use crate::findings::Findings;

/// Characters of a record that facts keep.
const KEPT: usize = 1000;

/// A look at one domain.
pub(crate) struct Look<'l> {
    pub(crate) resolver: &'l Resolver,
    pub(crate) budget: &'l Budget,
    pub(crate) now: OffsetDateTime,
    pub(crate) findings: Findings,
}

impl Look<'_> {
    /// Asks for the records of `kind` at `name`; where there is no proper answer, says so and that it leaves `aspects` open.
    pub(crate) fn ask(&mut self, aspects: &[Aspect], name: &str, kind: Rtype) -> Option<Answer> {
        match self.resolver.ask(self.budget, name, kind) {
            Ok(answer) => Some(answer),
            Err(failure) => {
                let probe = format!("dns-{}", kind.to_string().to_ascii_lowercase());
                self.unanswered(aspects, name, None, &probe, &failure);
                None
            }
        }
    }

    /// Says that the question `probe` about `name` failed, which leaves `aspects` open.
    pub(crate) fn unanswered(
        &mut self,
        aspects: &[Aspect],
        name: &str,
        port: Option<u16>,
        probe: &str,
        failure: &Failure,
    ) {
        let value = ProbeFailure {
            address: name.to_owned(),
            transport: port.map(|_| "tcp".to_owned()),
            port,
            probe: probe.to_owned(),
            failure: failure.kind,
            detail: failure.detail.clone(),
        };
        self.findings.fact(Observed::ProbeFailure(value), source(name));
        let reason = failure.reason();
        let detail = failure.detail.as_deref();
        let en = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
        let ja = detail.map_or_else(String::new, |detail| format!("（{detail}）"));
        let reason = Text::new(format!("{probe}: {}{en}", reason.en), format!("{probe}：{}{ja}", reason.ja));
        self.findings.gap(aspects, name, &reason);
    }

    /// The addresses of `name`, those of IPv4 first; `None` where that could not be told.
    pub(crate) fn addresses(&mut self, aspects: &[Aspect], name: &str) -> Option<Vec<IpAddr>> {
        let four = self.ask(aspects, name, Rtype::A);
        let six = self.ask(aspects, name, Rtype::AAAA);
        let found: Vec<IpAddr> =
            [&four, &six].into_iter().flatten().flat_map(|answer| answer.addresses().take(2)).collect();
        (!found.is_empty() || (four.is_some() && six.is_some())).then_some(found)
    }

    /// Where to contact a service at one of `addresses`.
    pub(crate) fn endpoints(&self, addresses: &[IpAddr], port: u16) -> Result<Vec<SocketAddr>, Failure> {
        let may = |address: &IpAddr| self.resolver.reach().this_machine || !is_this_machine(*address);
        let endpoints: Vec<SocketAddr> =
            addresses.iter().copied().filter(may).map(|address| (address, port).into()).collect();
        if endpoints.is_empty() {
            let detail = Some("the name leads to this machine or to no single one".to_owned());
            return Err(Failure { kind: FailureKind::Unreachable, detail });
        }
        Ok(endpoints)
    }
}

/// Whether an address leads to this machine, its link, or to no single machine.
fn is_this_machine(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            four.is_loopback()
                || four.is_unspecified()
                || four.is_link_local()
                || four.is_multicast()
                || four.is_broadcast()
        }
        IpAddr::V6(six) => {
            six.is_loopback() || six.is_unspecified() || six.is_unicast_link_local() || six.is_multicast()
        }
    }
}

/// Where something that is said of `name` was seen.
pub(crate) fn source(name: &str) -> Source {
    Source { path: Some(name.to_owned()), ..Source::default() }
}

/// A record as facts keep it.
pub(crate) fn shortened(text: &str) -> String {
    let mut out: String = text.chars().take(KEPT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(KEPT).is_some() {
        out.push('…');
    }
    out
}
