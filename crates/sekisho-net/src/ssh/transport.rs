//! Packets over a connection (RFC 4253, section 6), and the messages that may come between others.

use std::io::{Read, Write};

use sekisho_model::network::FailureKind;

use super::cipher::Guard;
use super::wire::{Reader, Writer, printable};
use crate::failure::Failure;

const DISCONNECT: u8 = 1;
/// Messages that say nothing to whoever asks: ignore, unimplemented, debug, and the extensions of RFC 8308.
const PASSED_OVER: [u8; 4] = [2, 3, 4, 7];
/// Of them, so many in a row.
const MOST_PASSED_OVER: usize = 32;
/// The reason for leaving: by application (RFC 4253, section 11.1).
const BY_APPLICATION: u32 = 11;

/// A connection that carries packets.
pub(super) struct Transport<S> {
    pub(super) stream: S,
    up: Guard,
    down: Guard,
    sent: u32,
    received: u32,
}

impl<S: Read + Write> Transport<S> {
    /// Without protection, as every connection begins.
    pub(super) fn new(stream: S) -> Self {
        Self { stream, up: Guard::Plain, down: Guard::Plain, sent: 0, received: 0 }
    }

    /// Protects what is sent from now on.
    pub(super) fn protect_up(&mut self, guard: Guard) {
        self.up = guard;
    }

    /// Expects what is received from now on to be protected.
    pub(super) fn protect_down(&mut self, guard: Guard) {
        self.down = guard;
    }

    pub(super) fn send(&mut self, payload: &[u8]) -> Result<(), Failure> {
        let packet = self.up.seal(self.sent, payload)?;
        self.sent = self.sent.wrapping_add(1);
        Ok(self.stream.write_all(&packet)?)
    }

    /// The next message that says something.
    pub(super) fn receive(&mut self) -> Result<Vec<u8>, Failure> {
        for _ in 0..MOST_PASSED_OVER {
            let payload = self.down.open(self.received, &mut self.stream)?;
            self.received = self.received.wrapping_add(1);
            match payload.first() {
                None => return Err(Failure::nonsense("an empty SSH message")),
                Some(&DISCONNECT) => {
                    let mut reader = Reader::new(&payload);
                    let said = reader.bytes(5).and_then(|_| reader.string()).map(printable).ok();
                    return Err(Failure { kind: FailureKind::Closed, detail: said.filter(|said| !said.is_empty()) });
                }
                Some(number) if PASSED_OVER.contains(number) => {}
                Some(_) => return Ok(payload),
            }
        }
        Err(Failure { kind: FailureKind::TooMuch, detail: Some("SSH messages that say nothing".to_owned()) })
    }

    /// The next message, which has to be the one of this number; without the number.
    pub(super) fn expect(&mut self, number: u8) -> Result<Vec<u8>, Failure> {
        let payload = self.receive()?;
        match payload.split_first() {
            Some((first, rest)) if *first == number => Ok(rest.to_vec()),
            first => Err(Failure::nonsense(format!(
                "SSH message {} where {number} belongs",
                first.map_or(0, |(first, _)| *first)
            ))),
        }
    }

    /// Takes leave. Whether the other side still listens does not matter.
    pub(super) fn leave(mut self) {
        let _ = self.send(&Writer::message(DISCONNECT).uint32(BY_APPLICATION).string(b"").string(b"").0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// What a server sends, unprotected.
    fn from(payloads: &[&[u8]]) -> Transport<Cursor<Vec<u8>>> {
        let mut bytes = Vec::new();
        for payload in payloads {
            bytes.extend(Guard::Plain.seal(0, payload).unwrap());
        }
        Transport::new(Cursor::new(bytes))
    }

    #[test]
    fn messages_between_others_are_passed_over() {
        let mut transport = from(&[&[2, 0, 0, 0, 0], &[4, 0], &[52]]);
        assert_eq!(transport.receive().unwrap(), [52]);
        assert_eq!(transport.receive().unwrap_err().kind, FailureKind::Closed);
    }

    #[test]
    fn messages_that_say_nothing_end() {
        let nothing: Vec<&[u8]> = vec![&[2]; 100];
        assert_eq!(from(&nothing).receive().unwrap_err().kind, FailureKind::TooMuch);
    }

    #[test]
    fn a_farewell_is_kept() {
        let bye = Writer::message(1).uint32(2).string(b"Too many failures\x1b").string(b"").0;
        let failure = from(&[&bye]).receive().unwrap_err();
        assert_eq!((failure.kind, failure.detail.as_deref()), (FailureKind::Closed, Some("Too many failures?")));
    }

    #[test]
    fn a_length_beyond_reason_is_not_believed() {
        let mut transport = Transport::new(Cursor::new(vec![0xff; 64]));
        assert_eq!(transport.receive().unwrap_err().kind, FailureKind::TooMuch);
    }
}
