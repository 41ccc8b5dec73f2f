//! The packets of MQTT 3.1.1 and 5.0 (OASIS), as far as a client that only asks needs them.
//!
//! A reader of its own: what is needed is little, and the crates for it trust the broker's lengths or are no longer kept.

use std::io::Read;

use sekisho_model::network::FailureKind;

use crate::failure::Failure;

/// Versions of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V3,
    V5,
}

impl Version {
    /// As facts write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::V3 => "3.1.1",
            Self::V5 => "5.0",
        }
    }

    fn level(self) -> u8 {
        match self {
            Self::V3 => 4,
            Self::V5 => 5,
        }
    }
}

/// Longest packet that is read. A client of version 5 says so to the broker; of version 3.1.1 it has no way to.
const LONGEST: usize = 128 << 10;

/// A packet of the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packet {
    /// The answer to a connection, with its code.
    ConnAck(u8),
    /// A message.
    Publish(Message),
    /// The answer to a message of quality 1, with its code in version 5.
    PubAck(Option<u8>),
    /// The answer to a subscription of one filter, with its code.
    SubAck(u8),
    /// The answer to a ping.
    PingResp,
    /// The broker takes leave (version 5), with its code.
    Disconnect(u8),
}

/// A message under a topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) topic: String,
    pub(super) payload: Vec<u8>,
    /// Whether it was kept for whoever subscribes later.
    pub(super) retained: bool,
}

impl Packet {
    /// Reads the next one.
    pub(super) fn read(from: &mut impl Read, version: Version) -> Result<Self, Failure> {
        let head = byte(from)?;
        let length = length(from)?;
        if length > LONGEST {
            return Err(Failure { kind: FailureKind::TooMuch, detail: Some("length of an MQTT packet".to_owned()) });
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        Self::parse(head, &body, version).ok_or_else(|| Failure::nonsense(format!("MQTT packet of type {}", head >> 4)))
    }

    /// A packet with this first byte; none where it is not one that a broker sends to this client.
    fn parse(head: u8, body: &[u8], version: Version) -> Option<Self> {
        match (head, body) {
            (0x20, [_, code, ..]) => Some(Self::ConnAck(*code)),
            // Only quality 0 was asked for, but a broker may send what it likes: the identifier is passed over then.
            (0x30..=0x3d, _) if head & 6 != 6 => {
                let (topic, rest) = string(body)?;
                let rest = if head & 6 == 0 { rest } else { rest.get(2..)? };
                let payload = if version == Version::V5 { after_properties(rest)? } else { rest };
                let topic = String::from_utf8_lossy(topic).into_owned();
                Some(Self::Publish(Message { topic, payload: payload.to_vec(), retained: head & 1 == 1 }))
            }
            (0x40, [_, _]) => Some(Self::PubAck((version == Version::V5).then_some(0))),
            (0x40, [_, _, code, ..]) => Some(Self::PubAck(Some(*code))),
            (0x90, [_, _, rest @ ..]) => {
                let codes = if version == Version::V5 { after_properties(rest)? } else { rest };
                codes.first().copied().map(Self::SubAck)
            }
            (0xd0, []) => Some(Self::PingResp),
            (0xe0, _) if version == Version::V5 => Some(Self::Disconnect(body.first().copied().unwrap_or_default())),
            _ => None,
        }
    }
}

/// Asks to be let in. Nothing of the session is kept afterwards.
pub(super) fn connect(version: Version, client: &str, login: Option<(&str, &str)>) -> Vec<u8> {
    let mut body = Vec::new();
    put(&mut body, b"MQTT");
    body.push(version.level());
    body.push(if login.is_some() { 0xc2 } else { 0x02 });
    body.extend_from_slice(&60_u16.to_be_bytes());
    if version == Version::V5 {
        // The largest packet that this side takes (section 3.1.2.11.4).
        body.extend_from_slice(&[5, 0x27]);
        body.extend_from_slice(&(64_u32 << 10).to_be_bytes());
    }
    put(&mut body, client.as_bytes());
    if let Some((user, password)) = login {
        put(&mut body, user.as_bytes());
        put(&mut body, password.as_bytes());
    }
    packet(0x10, &body)
}

/// Subscribes to one filter, with quality 0.
pub(super) fn subscribe(version: Version, identifier: u16, filter: &str) -> Vec<u8> {
    let mut body = identifier.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
    }
    put(&mut body, filter.as_bytes());
    body.push(0);
    packet(0x82, &body)
}

/// Publishes with quality 1, not to be retained.
pub(super) fn publish(version: Version, identifier: u16, topic: &str, payload: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    put(&mut body, topic.as_bytes());
    body.extend_from_slice(&identifier.to_be_bytes());
    if version == Version::V5 {
        body.push(0);
    }
    body.extend_from_slice(payload);
    packet(0x32, &body)
}

/// Asks for a sign of life.
pub(super) const PING: [u8; 2] = [0xc0, 0];
/// Takes leave.
pub(super) const DISCONNECT: [u8; 2] = [0xe0, 0];

fn packet(head: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![head];
    let mut left = body.len();
    loop {
        let low = u8::try_from(left & 0x7f).unwrap_or_default();
        left >>= 7;
        packet.push(if left > 0 { low | 0x80 } else { low });
        if left == 0 {
            break;
        }
    }
    packet.extend_from_slice(body);
    packet
}

/// A string with its length before it; what is longer than that can say is cut off.
fn put(body: &mut Vec<u8>, text: &[u8]) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    body.extend_from_slice(&length.to_be_bytes());
    body.extend(text.iter().take(usize::from(length)));
}

fn byte(from: &mut impl Read) -> Result<u8, Failure> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// A number of one to four bytes (section 1.5.5 of version 5).
fn length(from: &mut impl Read) -> Result<usize, Failure> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let byte = byte(from)?;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Failure::nonsense("an MQTT length of more than four bytes"))
}

fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// What follows the properties of version 5.
fn after_properties(mut bytes: &[u8]) -> Option<&[u8]> {
    let length = length(&mut bytes).ok()?;
    bytes.get(length..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], version: Version) -> Result<Packet, Failure> {
        Packet::read(&mut &*bytes, version)
    }

    #[test]
    fn packets_as_brokers_send_them() {
        use Version::{V3, V5};
        let message = |retained| Packet::Publish(Message { topic: "a/b".into(), payload: b"hi".to_vec(), retained });
        for (bytes, version, expected) in [
            (&b"\x20\x02\x00\x05"[..], V3, Packet::ConnAck(5)),
            (b"\x20\x06\x00\x87\x03\x21\x00\x14", V5, Packet::ConnAck(0x87)),
            (b"\x31\x07\x00\x03a/bhi", V3, message(true)),
            (b"\x30\x08\x00\x03a/b\x00hi", V5, message(false)),
            (b"\x32\x09\x00\x03a/b\x00\x01hi", V3, message(false)),
            (b"\x40\x02\x00\x01", V3, Packet::PubAck(None)),
            (b"\x40\x02\x00\x01", V5, Packet::PubAck(Some(0))),
            (b"\x40\x03\x00\x01\x87", V5, Packet::PubAck(Some(0x87))),
            (b"\x90\x03\x00\x01\x80", V3, Packet::SubAck(0x80)),
            (b"\x90\x04\x00\x01\x00\x87", V5, Packet::SubAck(0x87)),
            (b"\xd0\x00", V3, Packet::PingResp),
            (b"\xe0\x01\x8e", V5, Packet::Disconnect(0x8e)),
        ] {
            assert_eq!(read(bytes, version), Ok(expected), "{bytes:x?}");
        }
    }

    #[test]
    fn lengths_beyond_reason_are_not_believed() {
        assert_eq!(read(b"\x30\xff\xff\xff\x7f", Version::V3).unwrap_err().kind, FailureKind::TooMuch);
        assert_eq!(read(b"\x30\xff\xff\xff\xff\x01", Version::V3).unwrap_err().kind, FailureKind::Nonsense);
        assert_eq!(read(b"\x30\x04\xff\xffab", Version::V3).unwrap_err().kind, FailureKind::Nonsense);
        assert_eq!(read(b"\x30\x08\x00\x03a/b\xff\xff\x01", Version::V5).unwrap_err().kind, FailureKind::Nonsense);
        assert_eq!(read(b"HTTP/1.1 400", Version::V5).unwrap_err().kind, FailureKind::Closed);
    }

    #[test]
    fn what_is_sent_is_as_in_the_standard() {
        assert_eq!(
            connect(Version::V3, "c", Some(("u", "p"))),
            b"\x10\x13\x00\x04MQTT\x04\xc2\x00\x3c\x00\x01c\x00\x01u\x00\x01p"
        );
        assert_eq!(
            connect(Version::V5, "c", None),
            b"\x10\x13\x00\x04MQTT\x05\x02\x00\x3c\x05\x27\x00\x01\x00\x00\x00\x01c"
        );
        assert_eq!(subscribe(Version::V5, 1, "#"), b"\x82\x07\x00\x01\x00\x00\x01#\x00");
        assert_eq!(publish(Version::V3, 2, "t", b"x"), b"\x32\x06\x00\x01t\x00\x02x");
        assert_eq!(packet(0x30, &[0; 200])[..3], [0x30, 0xc8, 0x01]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(head: u8, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for version in [Version::V3, Version::V5] {
                let _ = read(&bytes, version);
                let _ = read(&packet(head, &bytes), version);
                let _ = Packet::parse(head, &bytes, version);
            }
        }
    }
}
