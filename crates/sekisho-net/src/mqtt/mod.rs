//! Talks MQTT to a broker: whether it lets in a client without a name, what that client may read, and which retained messages hold secrets. And,
//! where active tests are authorized, what may be published, what one user sees of another, and whether known passwords open it.

mod active;
mod client;
mod packet;
mod secrets;

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::messaging::MqttBroker;
use sekisho_model::network::FailureKind;
use sekisho_model::product::Authorized;

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Port;
use client::{Broker, Client, Welcome};
use packet::{Message, Version};

/// Secrets that are shown, masked.
const MOST_SHOWN: usize = 5;

/// Looks at the MQTT broker at `endpoint`, within TLS where `tls` says so. `port` is the interface that is declared there.
///
/// Nothing is said of [`Aspect::NetworkLogins`] unless `authorized` allows active tests.
pub fn look(endpoint: &Endpoint, tls: bool, port: Option<&Port>, authorized: Authorized, budget: &Budget) -> Findings {
    let broker = Broker { endpoint, tls, budget };
    let fact = MqttBroker { address: endpoint.host(), port: endpoint.address.port(), tls, ..MqttBroker::default() };
    let mut look = Look { broker, fact, shown: Vec::new(), granted: false, findings: Findings::default() };
    if authorized < Authorized::Probe {
        return look.findings;
    }
    let active = authorized >= Authorized::Active;
    let Some(spoken) = look.doors(active) else { return look.findings };
    if look.fact.anonymous == Some(true) {
        look.everything(spoken);
        look.system(spoken);
    }
    if active {
        look.active(spoken, port);
    }
    look.finish()
}

/// What is found of one broker.
struct Look<'a> {
    broker: Broker<'a>,
    fact: MqttBroker,
    /// Secrets, masked.
    shown: Vec<String>,
    /// Whether the subscription to everything was granted, which by itself tells nothing.
    granted: bool,
    findings: Findings,
}

/// What an answer to a connection without a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Door {
    Open,
    Shut,
    /// The version is not spoken.
    Foreign,
    Unclear(Failure),
}

impl<'a> Look<'a> {
    /// Asks in each version to be let in without name and password. The version to go on with: the latest that is spoken; none where nothing more
    /// can be asked.
    fn doors(&mut self, active: bool) -> Option<Version> {
        let doors = [Version::V3, Version::V5].map(|version| (version, self.door(version)));
        let answered = doors.iter().any(|(_, door)| matches!(door, Door::Open | Door::Shut));
        let mut spoken = None;
        for (version, door) in doors {
            match door {
                Door::Foreign => {}
                Door::Open => {
                    self.fact.anonymous = Some(true);
                    // What goes on needs a version in which it goes on.
                    spoken = Some(version);
                }
                Door::Shut => {
                    self.fact.anonymous = self.fact.anonymous.or(Some(false));
                    if self.fact.anonymous == Some(false) {
                        spoken = Some(version);
                    }
                }
                // Who speaks one version hangs up on the other.
                Door::Unclear(Failure { kind: FailureKind::Closed | FailureKind::Reset, .. }) if answered => continue,
                Door::Unclear(failure) if needs_certificate(&failure) => {
                    self.fact.anonymous = Some(false);
                    continue;
                }
                Door::Unclear(failure) => {
                    let aspects: &[Aspect] =
                        if active { &[Aspect::NetworkMqtt, Aspect::NetworkLogins] } else { &[Aspect::NetworkMqtt] };
                    let probe = format!("mqtt{}-connect", version.name());
                    self.findings.failed(aspects, self.broker.endpoint, &probe, &failure);
                    continue;
                }
            }
            if door != Door::Foreign {
                self.fact.versions.push(version.name().to_owned());
            }
        }
        if spoken.is_none() && self.fact.anonymous.is_some() {
            self.note();
        }
        spoken
    }

    fn door(&self, version: Version) -> Door {
        match self.broker.connect(version, None) {
            Ok(Welcome::In(client)) => {
                client.leave();
                Door::Open
            }
            Ok(Welcome::Refused(code)) => match (version, code) {
                (_, 1 | 0x84) => Door::Foreign,
                // Bad name or password, not authorized, bad way to authenticate.
                (Version::V3, 4 | 5) | (Version::V5, 4 | 5 | 0x86 | 0x87 | 0x8c) => Door::Shut,
                _ => Door::Unclear(refused(code)),
            },
            Err(failure) => Door::Unclear(failure),
        }
    }

    /// Subscribes to everything and reads what is retained.
    fn everything(&mut self, version: Version) {
        let Some((granted, messages)) = self.subscribe(version, "#") else { return };
        let retained: Vec<&Message> = messages.iter().filter(|message| message.retained).collect();
        let secrets: Vec<String> = retained.iter().filter_map(|message| secrets::find(message)).collect();
        let topics: BTreeSet<&str> = messages.iter().map(|message| message.topic.as_str()).collect();
        self.fact.anonymous_topics = count(topics.len());
        self.fact.retained = count(retained.len());
        self.fact.retained_secrets = count(secrets.len());
        self.shown = secrets;
        self.granted = granted;
        self.fact.anonymous_wildcard = told(granted, !messages.is_empty());
    }

    /// Subscribes to the broker's own state.
    fn system(&mut self, version: Version) {
        if let Some((granted, messages)) = self.subscribe(version, "$SYS/#") {
            self.fact.anonymous_system = told(granted, !messages.is_empty());
            if self.fact.anonymous_system.is_none() {
                self.silent("$SYS/#");
            }
        }
    }

    /// Subscribes without a name, and listens: whether it was granted, and what came.
    fn subscribe(&mut self, version: Version, filter: &str) -> Option<(bool, Vec<Message>)> {
        let probe = format!("mqtt-subscribe:{filter}");
        let mut client = self.anonymous(version, &probe)?;
        let listened = client.subscribe(filter).and_then(|granted| Ok((granted, granted && !client.listen()?)));
        let messages = client.messages();
        match listened {
            Ok((granted, more)) => {
                client.leave();
                if more {
                    let reason = Text::new(
                        "more messages came than were read",
                        "読み取りを終えた時点でメッセージがまだ届き続けていた",
                    );
                    self.gap(&reason);
                }
                Some((granted, messages))
            }
            Err(failure) => {
                self.failed(&probe, &failure);
                // What came before stands.
                (!messages.is_empty()).then_some((true, messages))
            }
        }
    }

    /// A client without a name.
    fn anonymous(&mut self, version: Version, probe: &str) -> Option<Client<'a>> {
        match self.broker.connect(version, None) {
            Ok(Welcome::In(client)) => return Some(client),
            Ok(Welcome::Refused(code)) => self.failed(probe, &refused(code)),
            Err(failure) => self.failed(probe, &failure),
        }
        None
    }

    fn finish(mut self) -> Findings {
        if self.granted && self.fact.anonymous_wildcard.is_none() {
            self.silent("#");
        }
        self.note();
        self.findings
    }

    /// Notes what is known of the broker.
    fn note(&mut self) {
        let shown: Vec<&str> = self.shown.iter().take(MOST_SHOWN).map(String::as_str).collect();
        let excerpt = (!shown.is_empty()).then(|| shown.join("; "));
        let source = Source { excerpt, ..self.broker.endpoint.source() };
        self.findings.fact(Observed::MqttBroker(self.fact.clone()), source);
    }

    fn silent(&mut self, filter: &str) {
        let reason = Text::new(
            format!(
                "the subscription to {filter} was granted, but no message came that would tell whether it can be read"
            ),
            format!(
                "{filter} の購読は受け付けられたが、メッセージが届かず、実際に読み取れるかどうかは確認できなかった"
            ),
        );
        self.gap(&reason);
    }

    fn gap(&mut self, reason: &Text) {
        self.findings.gap(&[Aspect::NetworkMqtt], &self.broker.endpoint.to_string(), reason);
    }

    fn failed(&mut self, probe: &str, failure: &Failure) {
        self.findings.failed(&[Aspect::NetworkMqtt], self.broker.endpoint, probe, failure);
    }
}

/// Whether a subscription brings messages. Some brokers grant every one and hold back what the client may not read: only a message tells that it
/// may read something, and none that it may read all.
fn told(granted: bool, messages: bool) -> Option<bool> {
    if messages { Some(true) } else { (!granted).then_some(false) }
}

/// A refusal that does not say whether a client without a name may come in.
fn refused(code: u8) -> Failure {
    Failure { kind: FailureKind::Refused, detail: Some(format!("CONNACK 0x{code:02x}")) }
}

/// Whether the broker asks for a client's certificate, which says that no client gets in without one (RFC 8446, section 6.2).
fn needs_certificate(failure: &Failure) -> bool {
    failure.detail.as_deref().is_some_and(|detail| detail.contains("CertificateRequired"))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
