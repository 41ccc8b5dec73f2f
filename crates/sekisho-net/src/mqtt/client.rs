//! One connection to a broker, as a client that leaves nothing behind.

use std::io::{Read, Write};
use std::time::Duration;

use sekisho_model::network::FailureKind;

use super::packet::{self, Message, Packet, Version};
use crate::budget::Budget;
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::random;
use crate::secure::Secure;

/// Where a broker is and how it is spoken to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Broker<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) tls: bool,
    pub(super) budget: &'a Budget,
}

/// A client that the broker has let in.
pub(super) struct Client<'a> {
    stream: Box<dyn Stream + 'a>,
    version: Version,
    budget: &'a Budget,
    identifier: u16,
    /// Messages that came while something else was waited for.
    messages: Vec<Message>,
}

trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

/// What a broker answers to whoever wants to be let in.
pub(super) enum Welcome<'a> {
    In(Client<'a>),
    /// Not let in, with the code of the answer.
    Refused(u8),
}

/// Most messages of one conversation.
const MOST_MESSAGES: usize = 4096;
/// Rounds of waiting for what a subscription brings, and how long each is.
const ROUNDS: usize = 4;
const ROUND: Duration = Duration::from_millis(250);

impl<'a> Broker<'a> {
    /// Asks to be let in under a client identifier of its own.
    pub(super) fn connect(&self, version: Version, login: Option<(&str, &str)>) -> Result<Welcome<'a>, Failure> {
        self.connect_as(version, &random::name()?, login)
    }

    /// Asks to be let in under this client identifier.
    pub(super) fn connect_as(
        &self,
        version: Version,
        client: &str,
        login: Option<(&str, &str)>,
    ) -> Result<Welcome<'a>, Failure> {
        let connection = Connection::open(self.budget, self.endpoint.address)?;
        let mut stream: Box<dyn Stream + 'a> = if self.tls {
            Box::new(Secure::open(connection, self.endpoint.name.as_deref())?)
        } else {
            Box::new(connection)
        };
        stream.write_all(&packet::connect(version, client, login))?;
        stream.flush()?;
        match Packet::read(&mut stream, version)? {
            Packet::ConnAck(0) => {
                let (budget, messages) = (self.budget, Vec::new());
                Ok(Welcome::In(Client { stream, version, budget, identifier: 0, messages }))
            }
            Packet::ConnAck(code) => Ok(Welcome::Refused(code)),
            other => Err(unexpected(&other)),
        }
    }
}

impl Client<'_> {
    /// Subscribes; whether the broker grants it.
    pub(super) fn subscribe(&mut self, filter: &str) -> Result<bool, Failure> {
        let identifier = self.next();
        self.send(&packet::subscribe(self.version, identifier, filter))?;
        loop {
            match self.receive()? {
                Packet::SubAck(code) => return Ok(code < 0x80),
                other => self.keep(other)?,
            }
        }
    }

    /// Publishes; whether the broker takes it, where it says so.
    pub(super) fn publish(&mut self, topic: &str, payload: &[u8]) -> Result<Option<bool>, Failure> {
        let identifier = self.next();
        self.send(&packet::publish(self.version, identifier, topic, payload))?;
        loop {
            match self.receive()? {
                Packet::PubAck(code) => return Ok(code.map(|code| code < 0x80)),
                other => self.keep(other)?,
            }
        }
    }

    /// Whether the broker still has this connection.
    pub(super) fn is_alive(&mut self) -> Result<bool, Failure> {
        match self.round() {
            Ok(()) => Ok(true),
            Err(Failure { kind: FailureKind::Closed | FailureKind::Reset, .. }) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Waits a moment for messages. A ping in each round tells when the broker has sent what it had, and the end is this side's: no deadline
    /// has to pass, and there is time left to take leave. False where they had not ceased.
    pub(super) fn listen(&mut self) -> Result<bool, Failure> {
        for _ in 0..ROUNDS {
            let before = self.messages.len();
            self.budget.sleep(ROUND)?;
            self.round()?;
            if self.messages.len() == before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The messages so far.
    pub(super) fn messages(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.messages)
    }

    /// Takes leave. Whether the broker still listens does not matter.
    pub(super) fn leave(mut self) {
        let _ = self.send(&packet::DISCONNECT);
    }

    fn round(&mut self) -> Result<(), Failure> {
        self.send(&packet::PING)?;
        loop {
            match self.receive()? {
                Packet::PingResp => return Ok(()),
                other => self.keep(other)?,
            }
        }
    }

    fn send(&mut self, packet: &[u8]) -> Result<(), Failure> {
        self.stream.write_all(packet)?;
        Ok(self.stream.flush()?)
    }

    fn receive(&mut self) -> Result<Packet, Failure> {
        Packet::read(&mut self.stream, self.version)
    }

    fn next(&mut self) -> u16 {
        self.identifier += 1;
        self.identifier
    }

    fn keep(&mut self, packet: Packet) -> Result<(), Failure> {
        match packet {
            Packet::Publish(_) if self.messages.len() >= MOST_MESSAGES => {
                Err(Failure { kind: FailureKind::TooMuch, detail: Some("number of messages".to_owned()) })
            }
            Packet::Publish(message) => {
                self.messages.push(message);
                Ok(())
            }
            Packet::Disconnect(code) => {
                Err(Failure { kind: FailureKind::Closed, detail: Some(format!("reason code 0x{code:02x}")) })
            }
            other => Err(unexpected(&other)),
        }
    }
}

fn unexpected(packet: &Packet) -> Failure {
    Failure::nonsense(match packet {
        Packet::ConnAck(_) => "an MQTT CONNACK out of turn",
        Packet::Publish(_) => "an MQTT PUBLISH out of turn",
        Packet::PubAck(_) => "an MQTT PUBACK out of turn",
        Packet::SubAck(_) => "an MQTT SUBACK out of turn",
        Packet::PingResp => "an MQTT PINGRESP out of turn",
        Packet::Disconnect(_) => "an MQTT DISCONNECT out of turn",
    })
}
