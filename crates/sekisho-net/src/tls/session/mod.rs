//! A session of TLS 1.0 to 1.2, as far as is needed to ask for a second handshake inside it: the client's side of one handshake, records and
//! alerts. No library that is kept today lets a client do the first two versions, or renegotiate.
//!
//! The server's certificate is not verified, nor is its signature under the exchange of keys: who answers is the one that is looked at, and nothing
//! that is said here is secret or trusted. That both sides have the same keys shows in that each can read what finished the handshake.

mod exchange;
mod guard;
mod keys;
mod suite;

use std::time::Duration;

use sekisho_algorithms::tls::alert_name;
use sekisho_model::network::FailureKind;

use super::answer::{self, Reader, ServerHello};
use super::hello::{EXTENDED_MASTER_SECRET, Offer, RENEGOTIATION_INFO, client_hello, message, prefixed16};
use super::stream::{RECORDS, be24, next_message, next_record};
use super::version::Version;
use crate::connection::Connection;
use crate::failure::Failure;
use exchange::{Exchanged, GROUPS, exchange};
use guard::{Guard, Keys, Way, lengths};
use keys::Hash;
use suite::Suite;

/// Types of records.
const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// Types of messages of the handshake.
const HELLO_REQUEST: u8 = 0;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;
const CLIENT_KEY_EXCHANGE: u8 = 16;
const FINISHED: u8 = 20;

/// Bytes of what finishes a handshake (RFC 5246, section 7.4.9).
const VERIFY_DATA: usize = 12;

/// Whether a session can be held in a suite.
pub(super) fn is_spoken(suite: u16) -> bool {
    Suite::of(suite).is_some()
}

/// The curves over which keys can be exchanged.
pub(super) fn groups() -> &'static [u16] {
    &GROUPS
}

/// What comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A message of the handshake: its type and its body.
    Message(u8, Vec<u8>),
    /// The server protects its records from now on.
    Change,
    /// An alert: whether it is fatal, and its code.
    Alert(bool, u8),
    /// Data of the protocol inside.
    Data,
}

/// What became of a handshake.
pub(super) enum Opened<'b> {
    Session(Box<Session<'b>>),
    /// The server wants a certificate of the client, and broke off without one.
    WantsCertificate,
}

/// A session.
pub(super) struct Session<'b> {
    connection: Connection<'b>,
    version: Version,
    /// Whether the version is agreed on.
    agreed: bool,
    seal: Option<Guard>,
    open: Option<Guard>,
    /// Bytes of messages that have not been taken yet.
    waiting: Vec<u8>,
    /// All messages of the handshake so far, both sides'.
    spoken: Vec<u8>,
    /// Records that were read.
    records: usize,
    /// Whether the server binds a second handshake to the first (RFC 5746).
    safe: bool,
    /// What finished the client's half.
    finished: Vec<u8>,
}

/// The server's turn.
#[derive(Debug, Default)]
struct Turn {
    hello: ServerHello,
    random: Vec<u8>,
    /// Its own certificate in DER.
    certificate: Vec<u8>,
    key_exchange: Vec<u8>,
    asks_certificate: bool,
}

impl<'b> Session<'b> {
    /// Shakes hands over a connection, offering what is offered, which must be one of TLS 1.0 to 1.2.
    ///
    /// # Errors
    /// Where there is no session in the end.
    pub(super) fn open(connection: Connection<'b>, offer: &Offer<'_>) -> Result<Opened<'b>, Failure> {
        let mut session = Self {
            connection,
            version: offer.version,
            agreed: false,
            seal: None,
            open: None,
            waiting: Vec::new(),
            spoken: Vec::new(),
            records: 0,
            safe: false,
            finished: Vec::new(),
        };
        let hello = client_hello(offer, &[]);
        // After the version (RFC 5246, section 7.4.1.2).
        let random = hello.get(2..34).unwrap_or_default().to_vec();
        session.say(CLIENT_HELLO, &hello)?;
        let turn = session.turn()?;
        if turn.hello.version != offer.version.code() || !offer.suites.contains(&turn.hello.suite) {
            return Err(Failure::nonsense("the server agrees to what was not offered"));
        }
        session.agreed = true;
        match session.answer(offer.version, &random, &turn) {
            Ok(()) => Ok(Opened::Session(Box::new(session))),
            // Some say so in an alert, some go away.
            Err(failure)
                if turn.asks_certificate
                    && matches!(failure.kind, FailureKind::Refused | FailureKind::Closed | FailureKind::Reset) =>
            {
                Ok(Opened::WantsCertificate)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Reads the server's turn to its end.
    fn turn(&mut self) -> Result<Turn, Failure> {
        let mut turn = Turn::default();
        loop {
            let (kind, body) = self.expect_message()?;
            match kind {
                SERVER_HELLO => {
                    turn.hello = answer::server_hello(&body).ok_or_else(|| unexpected(kind))?;
                    turn.random = body.get(2..34).unwrap_or_default().to_vec();
                }
                CERTIFICATE => turn.certificate = answer::certificates(&body).into_iter().next().unwrap_or_default(),
                SERVER_KEY_EXCHANGE => turn.key_exchange = body,
                CERTIFICATE_REQUEST => turn.asks_certificate = true,
                SERVER_HELLO_DONE => return Ok(turn),
                _ => {}
            }
        }
    }

    /// Takes the client's turn, and reads what finishes the server's half.
    fn answer(&mut self, offered: Version, random: &[u8], turn: &Turn) -> Result<(), Failure> {
        let suite = Suite::of(turn.hello.suite).ok_or_else(|| unexpected(SERVER_HELLO))?;
        let hash = suite.hash(self.version);
        if turn.asks_certificate {
            // There is none (RFC 5246, section 7.4.6).
            self.say(CERTIFICATE, &[0; 3])?;
        }
        let Exchanged { message, secret } = exchange(suite.exchange, offered, &turn.key_exchange, &turn.certificate)?;
        self.say(CLIENT_KEY_EXCHANGE, &message)?;
        let master = if turn.hello.extensions.contains(&EXTENDED_MASTER_SECRET) {
            hash.derive(&secret, "extended master secret", &hash.digest(&self.spoken), 48)
        } else {
            hash.derive(&secret, "master secret", &[random, &turn.random].concat(), 48)
        };
        let (seal, open) = self.guards(&suite, &master, &[&turn.random, random].concat())?;
        self.send(CHANGE_CIPHER_SPEC, &[1])?;
        self.seal = Some(seal);
        self.finished = self.verify_data(hash, &master, "client finished");
        let finished = self.finished.clone();
        self.say(FINISHED, &finished)?;
        // A session ticket may come before (RFC 5077, section 3.3).
        loop {
            match self.next()? {
                Incoming::Message(..) => {}
                Incoming::Change => break,
                other => return Err(unwanted(&other)),
            }
        }
        self.open = Some(open);
        let expected = self.verify_data(hash, &master, "server finished");
        match self.expect_message()? {
            (FINISHED, body) if body == expected => {}
            (kind, _) => return Err(unexpected(kind)),
        }
        self.safe = turn.hello.extensions.contains(&RENEGOTIATION_INFO);
        Ok(())
    }

    /// The protection of both directions (RFC 5246, section 6.3).
    fn guards(&self, suite: &Suite, master: &[u8], seed: &[u8]) -> Result<(Guard, Guard), Failure> {
        let [mac, key, vector] = lengths(suite.cipher, self.version);
        let block = suite.hash(self.version).derive(master, "key expansion", seed, 2 * (mac + key + vector));
        let part = |from: usize, length: usize| block.get(from..from + length).unwrap_or_default();
        let keys = |side: usize| Keys {
            mac: part(side * mac, mac),
            key: part(2 * mac + side * key, key),
            vector: part(2 * (mac + key) + side * vector, vector),
        };
        Ok((
            Guard::new(Way::Seal, suite.cipher, self.version, &keys(0))?,
            Guard::new(Way::Open, suite.cipher, self.version, &keys(1))?,
        ))
    }

    fn verify_data(&self, hash: Hash, master: &[u8], label: &str) -> Vec<u8> {
        hash.derive(master, label, &hash.digest(&self.spoken), VERIFY_DATA)
    }

    /// Asks for a second handshake inside the session, safely where the server can do so.
    pub(super) fn say_hello_again(&mut self, offer: &Offer<'_>) -> Result<(), Failure> {
        let finished = self.finished.clone();
        let offer = Offer { renegotiation: self.safe.then_some(finished.as_slice()), ..offer.clone() };
        self.say(CLIENT_HELLO, &client_hello(&offer, &[]))
    }

    /// As [`Connection::patience`].
    pub(super) fn patience(&mut self, time: Duration) {
        self.connection.patience(Some(time));
    }

    /// Says good-bye. The server may be gone already.
    pub(super) fn close(mut self) {
        let _ = self.send(ALERT, &[1, 0]);
    }

    /// Sends a message of the handshake.
    fn say(&mut self, kind: u8, body: &[u8]) -> Result<(), Failure> {
        let whole = message(kind, body);
        self.spoken.extend(&whole);
        self.send(HANDSHAKE, &whole)
    }

    fn send(&mut self, kind: u8, data: &[u8]) -> Result<(), Failure> {
        let sealed = match &mut self.seal {
            Some(guard) => guard.seal(kind, data)?,
            None => data.to_vec(),
        };
        // Before a version is agreed on, the oldest: so that no server breaks on it (RFC 5246, appendix E.1).
        let version = if self.agreed { self.version } else { Version::Tls10 };
        let mut record = [&[kind], version.code().to_be_bytes().as_slice()].concat();
        prefixed16(&mut record, &sealed);
        self.connection.send(&record)
    }

    /// A message of the handshake, where nothing else can come.
    fn expect_message(&mut self) -> Result<(u8, Vec<u8>), Failure> {
        loop {
            match self.next()? {
                Incoming::Message(kind, body) => return Ok((kind, body)),
                // A warning, such as that the name is not known (RFC 6066, section 3), unless it says good-bye.
                Incoming::Alert(false, code) if code != 0 => {}
                other => return Err(unwanted(&other)),
            }
        }
    }

    /// What comes next.
    ///
    /// # Errors
    /// Where nothing comes in time, or it can't be read.
    pub(super) fn next(&mut self) -> Result<Incoming, Failure> {
        loop {
            if let Some((kind, body, rest)) = next_message(&self.waiting) {
                let taken = self.waiting.len() - rest.len();
                let incoming = Incoming::Message(kind, body.to_vec());
                let whole: Vec<u8> = self.waiting.drain(..taken).collect();
                // A request for a hello is no part of a handshake (RFC 5246, section 7.4.1.1).
                if kind != HELLO_REQUEST {
                    self.spoken.extend(whole);
                }
                return Ok(incoming);
            }
            let longest = self.waiting.get(1..4).is_some_and(|length| be24(length) > Reader::MOST);
            if longest || self.records >= RECORDS {
                return Err(Failure::new(FailureKind::TooMuch));
            }
            let (kind, body) = next_record(&mut self.connection, None)?;
            self.records += 1;
            let body = match &mut self.open {
                Some(guard) => guard.open(kind, body)?,
                None => body,
            };
            match (kind, body.as_slice()) {
                (HANDSHAKE, _) => self.waiting.extend(body),
                (CHANGE_CIPHER_SPEC, [1]) if self.waiting.is_empty() => return Ok(Incoming::Change),
                (ALERT, [level, code]) => return Ok(Incoming::Alert(*level != 1, *code)),
                (23, _) => return Ok(Incoming::Data),
                _ => return Err(Failure::nonsense(format!("a record of type {kind}"))),
            }
        }
    }
}

/// Whether a message is a server's hello, and so the begin of a handshake.
pub(super) fn is_server_hello(kind: u8) -> bool {
    kind == SERVER_HELLO
}

/// Whether a server asks with it for a handshake.
pub(super) fn is_hello_request(kind: u8) -> bool {
    kind == HELLO_REQUEST
}

fn unexpected(kind: u8) -> Failure {
    Failure::nonsense(format!("a message of type {kind}"))
}

/// What it is where something comes that has no place there. A fatal alert, or a good-bye, refuses.
fn unwanted(incoming: &Incoming) -> Failure {
    match incoming {
        Incoming::Alert(_, code) => Failure { kind: FailureKind::Refused, detail: Some(alert_name(*code)) },
        Incoming::Message(kind, _) => unexpected(*kind),
        Incoming::Change | Incoming::Data => Failure::nonsense("a record that has no place in the handshake"),
    }
}
