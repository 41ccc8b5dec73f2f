//! Messages of `CoAP` over TCP and TLS (RFC 8323): the same code, token, options and content as over UDP, in a frame that tells its length, and
//! signals between the two ends of a connection.

use std::io::Read;

use coap_lite::Packet;
use sekisho_model::network::FailureKind;

use super::message::{TOKEN, well_known};
use crate::failure::Failure;

/// Longest message that is read; the other side is told so.
const LONGEST: usize = 64 << 10;

/// Signals (RFC 8323, section 5): settings, ping and its answer, good-bye, abort.
pub(super) const SETTINGS: u8 = 0xe1;
pub(super) const PING: u8 = 0xe2;
pub(super) const PONG: u8 = 0xe3;
pub(super) const RELEASE: u8 = 0xe4;
pub(super) const ABORT: u8 = 0xe5;

/// The settings that begin a connection: a Max-Message-Size (option 2) of 65,536 bytes. Transfer in blocks is not offered, so that a list comes
/// whole where it can.
pub(super) const HELLO: [u8; 6] = [0x40, SETTINGS, 0x23, 0x01, 0x00, 0x00];

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) code: u8,
    pub(super) token: Vec<u8>,
    /// Options and content.
    rest: Vec<u8>,
}

impl Frame {
    /// Reads the next message.
    pub(super) fn read(stream: &mut dyn Read) -> Result<Self, Failure> {
        let [first] = array(stream)?;
        let (length, token) = (first >> 4, usize::from(first & 15));
        if token > 8 {
            return Err(Failure::nonsense("a CoAP token of more than 8 bytes"));
        }
        let length = match length {
            13 => usize::from(array::<1>(stream)?[0]) + 13,
            14 => usize::from(u16::from_be_bytes(array(stream)?)) + 269,
            15 => usize::try_from(u32::from_be_bytes(array(stream)?)).unwrap_or(usize::MAX).saturating_add(65_805),
            short => usize::from(short),
        };
        if length > LONGEST {
            return Err(Failure::new(FailureKind::TooMuch));
        }
        let [code] = array(stream)?;
        let (mut own, mut rest) = (vec![0; token], vec![0; length]);
        stream.read_exact(&mut own)?;
        stream.read_exact(&mut rest)?;
        Ok(Self { code, token: own, rest })
    }

    /// A message of [`Packet`], which knows only the form over UDP.
    pub(super) fn of(message: &[u8]) -> Option<Self> {
        let (head, rest) = message.split_first_chunk::<4>()?;
        let (token, rest) = rest.split_at_checked(usize::from(head[0] & 15))?;
        Some(Self { code: head[1], token: token.to_vec(), rest: rest.to_vec() })
    }

    /// The answer to a ping.
    pub(super) fn pong(token: Vec<u8>) -> Self {
        Self { code: PONG, token, rest: Vec::new() }
    }

    /// As bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (length, token) = (self.rest.len(), self.token.len() as u8);
        let (nibble, more) = match length {
            0..13 => (length as u8, Vec::new()),
            13..269 => (13, vec![(length - 13) as u8]),
            269..65_805 => (14, ((length - 269) as u16).to_be_bytes().to_vec()),
            _ => (15, ((length - 65_805) as u32).to_be_bytes().to_vec()),
        };
        [&[nibble << 4 | token][..], &more, &[self.code], &self.token, &self.rest].concat()
    }

    /// As [`Packet`] has it.
    pub(super) fn packet(&self) -> Result<Packet, Failure> {
        let head = [0x60 | self.token.len() as u8, self.code, 0, 0];
        let message = [&head[..], &self.token, &self.rest].concat();
        Packet::from_bytes(&message).map_err(|error| Failure::nonsense(error.to_string()))
    }

    fn is_answer(&self) -> bool {
        self.token == TOKEN && matches!(self.code >> 5, 2 | 4 | 5)
    }
}

fn array<const N: usize>(stream: &mut dyn Read) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// What is sent to find out whether a server is there: the settings, and the request for the list of its resources.
pub(crate) fn question() -> Vec<u8> {
    let request = Frame::of(&well_known()).map(|frame| frame.bytes()).unwrap_or_default();
    [&HELLO[..], &request].concat()
}

/// Whether this is what a server says: its settings first, which both sides must begin with (RFC 8323, section 5.3), then an answer to
/// [`question`] or an abort.
pub(crate) fn is_server(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut first = true;
    while let Ok(frame) = Frame::read(&mut rest) {
        if first && (frame.code != SETTINGS || frame.packet().is_err()) {
            return false;
        }
        if !first && (frame.is_answer() || frame.code == ABORT) && frame.packet().is_ok() {
            return true;
        }
        first = false;
    }
    false
}

/// Whether settings are what was said unasked: enough to ask in this protocol, too little to tell it by.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    Frame::read(&mut rest).is_ok_and(|frame| frame.code == SETTINGS && frame.token.is_empty() && frame.packet().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(code: u8, token: &[u8], rest: &[u8]) -> Frame {
        Frame { code, token: token.to_vec(), rest: rest.to_vec() }
    }

    #[test]
    fn lengths_of_every_form() {
        for length in [0, 12, 13, 268, 269, 65_535] {
            let frame = frame(0x45, b"seki", &vec![0xff; length]);
            let bytes = frame.bytes();
            assert_eq!(Frame::read(&mut &bytes[..]).unwrap(), frame, "{length}");
        }
        let long = frame(0x45, b"", &vec![0; 70_000]).bytes();
        assert_eq!(long[0], 0xf0);
        assert_eq!(Frame::read(&mut &long[..]).unwrap_err().kind, FailureKind::TooMuch);
        assert_eq!(Frame::read(&mut &[0xff_u8; 5][..]).unwrap_err().kind, FailureKind::Nonsense);
    }

    #[test]
    fn the_settings_say_what_is_meant() {
        let settings = Frame::read(&mut &HELLO[..]).unwrap();
        assert_eq!((settings.code, settings.bytes()), (SETTINGS, HELLO.to_vec()));
        assert!(begins(&HELLO));
    }

    #[test]
    fn a_server_says_its_settings_and_an_answer() {
        let answer = frame(0x45, &TOKEN, b"\xff</a>").bytes();
        assert!(is_server(&[&[0x00, SETTINGS][..], &answer].concat()));
        assert!(is_server(&[&HELLO[..], &frame(ABORT, b"", b"").bytes()].concat()));
        // Without settings, without an answer, an echo, HTTP.
        assert!(!is_server(&answer) && !is_server(&HELLO) && !is_server(&question()));
        assert!(!is_server(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    }

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (is_server(&bytes), begins(&bytes), is_server(&[&HELLO[..], &bytes].concat()));
            if let Ok(frame) = Frame::read(&mut &bytes[..]) {
                let _ = frame.packet();
            }
        }
    }
}
