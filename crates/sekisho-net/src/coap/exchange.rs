//! How requests and answers of `CoAP` travel: in datagrams, or on a connection.

use std::io::{Read, Write};
use std::time::Duration;

use coap_lite::{MessageClass, MessageType, Packet};
use sekisho_model::network::FailureKind;

use super::message::{TOKEN, request};
use super::stream::{ABORT, Frame, HELLO, PING, RELEASE};
use crate::budget::Budget;
use crate::connection::{Connection, ask_for};
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::protocol::shown;
use crate::secure::Secure;

/// A request and its three repetitions (RFC 7252, section 4.8, takes longer for networks that are slower).
const TRIES: u32 = 3;
const TIME: Duration = Duration::from_secs(6);
/// Messages that are passed over before an answer.
const PASSED_OVER: usize = 64;

/// What carries requests and answers.
pub(super) trait Exchange {
    /// Reads a resource, or one block of it.
    fn get(&mut self, path: &str, block: Option<u32>) -> Result<Packet, Failure>;

    /// Whether nothing more can be asked after a failure.
    fn is_over(&self) -> bool;
}

/// Over UDP.
pub(super) struct Datagrams<'a> {
    endpoint: &'a Endpoint,
    budget: &'a Budget,
    message: u16,
}

impl<'a> Datagrams<'a> {
    pub(super) fn new(endpoint: &'a Endpoint, budget: &'a Budget) -> Self {
        Self { endpoint, budget, message: 0x5e01 }
    }
}

impl Exchange for Datagrams<'_> {
    fn get(&mut self, path: &str, block: Option<u32>) -> Result<Packet, Failure> {
        self.message = self.message.wrapping_add(1);
        let request = request(path, block, self.message).ok_or_else(too_long)?;
        // The receipt may come before the answer (RFC 7252, section 5.2.2).
        let wanted = |bytes: &[u8]| {
            Packet::from_bytes(bytes).is_ok_and(|packet| match packet.header.code {
                MessageClass::Response(_) => packet.get_token() == TOKEN,
                _ => packet.header.get_type() == MessageType::Reset,
            })
        };
        let bytes = ask_for(self.budget, self.endpoint.address, &request, TRIES, TIME, wanted)?;
        let answer = Packet::from_bytes(&bytes).map_err(|error| Failure::nonsense(error.to_string()))?;
        if answer.header.get_type() == MessageType::Reset { Err(Failure::new(FailureKind::Reset)) } else { Ok(answer) }
    }

    fn is_over(&self) -> bool {
        false
    }
}

trait Talk: Read + Write {}
impl<T: Read + Write> Talk for T {}

/// Over TCP, inside TLS or not: one connection for everything.
pub(super) struct Stream<'a> {
    endpoint: &'a Endpoint,
    tls: bool,
    budget: &'a Budget,
    open: Option<Box<dyn Talk + 'a>>,
    failed: bool,
}

impl<'a> Stream<'a> {
    pub(super) fn new(endpoint: &'a Endpoint, tls: bool, budget: &'a Budget) -> Self {
        Self { endpoint, tls, budget, open: None, failed: false }
    }

    fn connect(&self) -> Result<Box<dyn Talk + 'a>, Failure> {
        let connection = Connection::open(self.budget, self.endpoint.address)?;
        let mut stream: Box<dyn Talk + 'a> = if self.tls {
            Box::new(Secure::open(connection, self.endpoint.name.as_deref())?)
        } else {
            Box::new(connection)
        };
        stream.write_all(&HELLO)?;
        Ok(stream)
    }

    fn ask(&mut self, request: &Frame) -> Result<Packet, Failure> {
        let mut stream = match self.open.take() {
            Some(stream) => {
                self.budget.spend()?;
                stream
            }
            None => self.connect()?,
        };
        stream.write_all(&request.bytes())?;
        stream.flush()?;
        for _ in 0..PASSED_OVER {
            let frame = Frame::read(&mut stream)?;
            match frame.code {
                PING => {
                    stream.write_all(&Frame::pong(frame.token).bytes())?;
                    stream.flush()?;
                }
                RELEASE => return Err(Failure::new(FailureKind::Closed)),
                ABORT => {
                    let why = frame.packet().map(|packet| shown(&packet.payload)).unwrap_or_default();
                    return Err(Failure { kind: FailureKind::Closed, detail: Some(format!("CoAP 7.05 {why}")) });
                }
                // Settings, answers to nothing.
                code if code >> 5 == 7 => {}
                _ if frame.token == TOKEN => {
                    let packet = frame.packet()?;
                    if matches!(packet.header.code, MessageClass::Response(_)) {
                        self.open = Some(stream);
                        return Ok(packet);
                    }
                }
                _ => {}
            }
        }
        Err(Failure::new(FailureKind::TooMuch))
    }
}

impl Exchange for Stream<'_> {
    fn get(&mut self, path: &str, block: Option<u32>) -> Result<Packet, Failure> {
        let request = request(path, block, 0).and_then(|message| Frame::of(&message)).ok_or_else(too_long)?;
        let answer = self.ask(&request);
        self.failed |= answer.is_err();
        answer
    }

    fn is_over(&self) -> bool {
        self.failed
    }
}

fn too_long() -> Failure {
    Failure::nonsense("path too long")
}
