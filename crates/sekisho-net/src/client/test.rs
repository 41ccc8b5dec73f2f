//! What was presented to which client so far, and what comes next.

use std::collections::BTreeMap;
use std::net::IpAddr;

use sekisho_algorithms::tls::alert_name;
use sekisho_model::Text;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::tls::TlsClient;

use super::session::Seen;
use super::{ASPECTS, ClientTest, Presented};
use crate::findings::Findings;

/// Clients that are told apart, by their addresses.
const CLIENTS: usize = 32;

/// All clients of one test.
pub(super) struct Clients<'t> {
    test: &'t ClientTest<'t>,
    tried: BTreeMap<IpAddr, BTreeMap<Presented, Tried>>,
    /// Connections on which no certificate could be presented.
    without_tls: u32,
}

/// What came of presenting one certificate to one client.
#[derive(Debug, Clone, Default)]
struct Tried {
    attempts: u32,
    /// The connection that tells most.
    seen: Seen,
}

impl<'t> Clients<'t> {
    pub(super) fn new(test: &'t ClientTest<'t>) -> Self {
        Self { test, tried: BTreeMap::new(), without_tls: 0 }
    }

    fn presented(&self) -> impl Iterator<Item = Presented> {
        let counter_check = self.test.authority.is_some();
        Presented::ALL.into_iter().filter(move |presented| counter_check || *presented != Presented::Trusted)
    }

    /// What is presented to a client next; none where all of it is known, or there are too many clients.
    pub(super) fn next(&self, client: IpAddr) -> Option<Presented> {
        let Some(tried) = self.tried.get(&client) else {
            return if self.tried.len() < CLIENTS { self.presented().next() } else { None };
        };
        self.presented().find(|presented| {
            tried
                .get(presented)
                .is_none_or(|tried| tried.seen.accepted().is_none() && tried.attempts < self.test.attempts)
        })
    }

    pub(super) fn all_decided(&self) -> bool {
        !self.tried.is_empty() && self.tried.keys().all(|client| self.next(*client).is_none())
    }

    pub(super) fn note(&mut self, client: IpAddr, presented: Presented, seen: Seen) {
        if !seen.shown {
            // Something that does not speak TLS must not use up the attempts.
            self.without_tls = self.without_tls.saturating_add(1);
            return;
        }
        let tried = self.tried.entry(client).or_default().entry(presented).or_default();
        tried.attempts += 1;
        let tells_more = (seen.accepted().is_some(), seen.finished, seen.ended)
            >= (tried.seen.accepted().is_some(), tried.seen.finished, tried.seen.ended);
        if tells_more {
            tried.seen = seen;
        }
    }

    /// Everything as facts, and what is left open.
    pub(super) fn tell(&self, findings: &mut Findings, place: &str) {
        if self.tried.is_empty() {
            let reason = if self.without_tls == 0 {
                Text::new("no client connected", "クライアントからの接続がなかった")
            } else {
                Text::new("no client agreed to TLS 1.2 or 1.3", "TLS 1.2または1.3の接続を行ったクライアントがなかった")
            };
            findings.gap(ASPECTS, place, &reason);
        }
        for (client, tried) in &self.tried {
            let trusts = tried.get(&Presented::Trusted).is_some_and(|tried| tried.seen.sent);
            let mut open = Vec::new();
            for presented in self.presented() {
                let fact = tried.get(&presented).map(|tried| self.fact(*client, presented, tried, trusts));
                if fact.as_ref().is_none_or(|fact| fact.accepted.is_none()) {
                    open.push(presented.name());
                }
                if let Some(fact) = fact {
                    findings
                        .fact(Observed::TlsClient(fact), Source { path: Some(place.to_owned()), ..Source::default() });
                }
            }
            if !open.is_empty() {
                let names = open.join(", ");
                let reason = Text::new(
                    format!("{client} did not show what it makes of these certificates: {names}"),
                    format!("{client}が次の証明書を受け入れるか否かを確認できなかった：{names}"),
                );
                findings.gap(ASPECTS, place, &reason);
            }
            if self.test.authority.is_none() {
                let reason = Text::new(
                    "no authority that the client trusts was given, so whether it looks at names and dates can't be told from what it refuses",
                    "クライアントが信頼する認証局が指定されていないため、拒否の結果からは名前と有効期間を検証しているかどうかを判断できない",
                );
                findings.gap(ASPECTS, place, &reason);
            }
        }
    }

    fn fact(&self, client: IpAddr, presented: Presented, tried: &Tried, trusts: bool) -> TlsClient {
        let seen = &tried.seen;
        // It sends data where nothing is wrong, and went away without any here.
        let left = trusts && seen.ended && !seen.sent && seen.alert.is_none();
        TlsClient {
            client: client.to_string(),
            presented: presented.name().to_owned(),
            only_fault: self.test.authority.is_some() || presented.is_about_signer(),
            accepted: seen.accepted().or(left.then_some(false)),
            finished: seen.finished,
            attempts: tried.attempts,
            server_name: seen.server_name.clone(),
            version: seen.version.map(str::to_owned),
            alert: seen.alert.map(|alert| alert_name(alert.into())),
        }
    }
}
