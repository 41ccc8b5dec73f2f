//! Active tests. All messages go to topics that nobody else uses, none is retained, and only this program's own connections are pushed out.

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;

use super::client::{Client, Welcome};
use super::packet::Version;
use super::{Look, refused};
use crate::attempts::{Attempts, Reply};
use crate::failure::Failure;
use crate::host::{Login, Port};
use crate::logins::DEFAULTS;
use crate::random;

/// Names and passwords that brokers and their instructions come with, beside those of devices.
const OF_BROKERS: &[(&str, &str)] = &[("guest", "guest"), ("mqtt", "mqtt"), ("mosquitto", "mosquitto")];

impl<'a> Look<'a> {
    /// All active tests.
    pub(super) fn active(&mut self, version: Version, port: Option<&Port>) {
        if self.fact.anonymous == Some(true) {
            let tried = self.publish(version);
            self.kept("mqtt-publish", tried);
        }
        let accounts = port.map_or(&[][..], |port| &port.accounts);
        if let [first, second, ..] = accounts {
            let tried = self.separation(version, first, second);
            self.kept("mqtt-separation", tried);
            let tried = self.takeover(version, first, second);
            self.kept("mqtt-takeover", tried);
        }
        self.logins(version, accounts.first());
    }

    fn kept(&mut self, probe: &str, outcome: Result<(), Failure>) {
        if let Err(failure) = outcome {
            self.failed(probe, &failure);
        }
    }

    /// Whether a client without a name may publish, and whether its subscription to everything is more than granted.
    fn publish(&mut self, version: Version) -> Result<(), Failure> {
        let Some(mut client) = self.anonymous(version, "mqtt-publish") else { return Ok(()) };
        let topic = own_topic()?;
        let granted = client.subscribe("#")?;
        if granted && comes_back(&mut client, &topic)? {
            self.fact.anonymous_wildcard = Some(true);
            self.fact.anonymous_publish = Some(true);
        } else {
            // Where it comes back under its own topic, only the subscription to everything was held back.
            client.subscribe(&topic)?;
            let taken = client.publish(&topic, b"sekisho")?;
            client.listen()?;
            let back = client.messages().iter().any(|message| message.topic == topic);
            if back {
                self.fact.anonymous_wildcard = self.fact.anonymous_wildcard.or(Some(false));
            }
            self.fact.anonymous_publish = if back { Some(true) } else { taken };
            if self.fact.anonymous_publish.is_none() {
                self.gap(&Text::new(
                    "a test message did not come back: whether it was taken is not told in this version of MQTT",
                    "試験メッセージが戻ってこなかった。この版の MQTT では発行が受け付けられたかどうかは通知されない",
                ));
            }
        }
        client.leave();
        Ok(())
    }

    /// Whether the second user reads what the first publishes, under a topic of nobody and one that begins with the first one's name.
    fn separation(&mut self, version: Version, first: &Login, second: &Login) -> Result<(), Failure> {
        let (Some(mut one), Some(mut two)) = (self.enter(version, None, first)?, self.enter(version, None, second)?)
        else {
            return Ok(());
        };
        let mut told = None;
        for topic in [own_topic()?, format!("{}/{}", first.user, own_topic()?)] {
            // A broker may grant less than it says or hang up on what it does not allow; what counts is what arrives.
            two.subscribe(&topic)?;
            one.subscribe(&topic)?;
            let sent = comes_back(&mut one, &topic)?;
            two.listen()?;
            let read = two.messages().iter().any(|message| message.topic == topic);
            if read {
                told = Some(true);
            } else if sent {
                told = told.or(Some(false));
            }
        }
        one.leave();
        two.leave();
        if told.is_none() {
            self.gap(&Text::new(
                "the first test account could publish under none of the topics that were tried",
                "1 つ目のテスト用アカウントは、試したいずれのトピックにも発行できなかった",
            ));
        }
        self.fact.reads_others = told;
        Ok(())
    }

    /// Whether the second user pushes out the first by its client identifier, which nobody but this program has.
    fn takeover(&mut self, version: Version, first: &Login, second: &Login) -> Result<(), Failure> {
        let client = random::name()?;
        let Some(mut one) = self.enter(version, Some(&client), first)? else { return Ok(()) };
        match self.broker.connect_as(version, &client, Some((&second.user, &second.password))) {
            Ok(Welcome::In(two)) => {
                self.fact.takeover = Some(!one.is_alive()?);
                two.leave();
            }
            // It was let in before under an identifier of its own.
            Ok(Welcome::Refused(_)) => self.fact.takeover = Some(!one.is_alive()?),
            Err(failure) => return Err(failure),
        }
        one.leave();
        Ok(())
    }

    /// A client with a test account. None where it is not let in, which is noted.
    fn enter(&mut self, version: Version, client: Option<&str>, login: &Login) -> Result<Option<Client<'a>>, Failure> {
        let by = Some((login.user.as_str(), login.password.as_str()));
        let welcome = match client {
            Some(client) => self.broker.connect_as(version, client, by)?,
            None => self.broker.connect(version, by)?,
        };
        match welcome {
            Welcome::In(client) => Ok(Some(client)),
            Welcome::Refused(_) => {
                self.gap(&Text::new("a test account was not let in", "テスト用アカウントで接続できなかった"));
                Ok(None)
            }
        }
    }

    /// Tries known passwords and fails on purpose, unless every client comes in anyway, whatever its password.
    fn logins(&mut self, version: Version, account: Option<&Login>) {
        let broker = self.broker;
        let log_in = |user: &str, password: &str| match broker.connect(version, Some((user, password)))? {
            Welcome::In(client) => {
                client.leave();
                Ok(Reply::Accepted)
            }
            // Unavailable, busy, too fast: no answer to the password.
            Welcome::Refused(code @ (3 | 0x88 | 0x89 | 0x9f)) => Err(refused(code)),
            Welcome::Refused(_) => Ok(Reply::Refused(String::new())),
        };
        let anybody = random::name().and_then(|user| log_in(&user, &random::word()?));
        match anybody {
            Ok(Reply::Accepted) if self.fact.anonymous == Some(true) => {}
            Err(failure) => {
                self.findings.failed(&[Aspect::NetworkLogins], broker.endpoint, "mqtt-default-login", &failure);
            }
            Ok(_) => {
                let attempts = Attempts::new(broker.endpoint, broker.budget, "mqtt", &log_in);
                self.findings.extend(attempts.run(DEFAULTS.iter().chain(OF_BROKERS), account));
            }
        }
    }
}

/// A topic that nobody uses.
fn own_topic() -> Result<String, Failure> {
    Ok(format!("sekisho/test/{}", random::word()?))
}

/// Publishes under a topic that the client has subscribed to; whether the message comes back.
fn comes_back(client: &mut Client<'_>, topic: &str) -> Result<bool, Failure> {
    client.publish(topic, b"sekisho")?;
    client.listen()?;
    Ok(client.messages().iter().any(|message| message.topic == topic))
}
