//! The beginning of a QUIC connection (RFC 9000). Its Initial packets are encrypted with keys that follow from what stands in the client's first
//! one (RFC 9001, section 5.2; version 2: RFC 9369): everybody on the way can read the two hellos in them, and nothing behind them.
//!
//! Whose packet it is, the encryption proves: only a client's opens with the key that its own connection identifier gives.

mod keys;

use super::tls::{self, Handshake};
use crate::stream::Stream;
use keys::{Keys, Version};

/// Initial packets of one flow that are tried: a handshake has few of them.
const TRIES: u32 = 32;
/// Bytes of one side's hello that are kept. Those with keys that withstand quantum computers have some 2 kB.
const HELLO: usize = 16 << 10;

/// The longest connection identifier (RFC 9000, section 17.2).
const LONGEST: usize = 20;

/// What was seen of the beginning.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    keys: Option<Keys>,
    /// Which end of the flow is the client.
    client: Option<usize>,
    /// What each end said of its handshake.
    said: [Stream; 2],
    tries: u32,
}

impl Opening {
    /// Takes a datagram of the end `sender`. Returns which end is the client, once that is proven.
    pub(crate) fn take(&mut self, datagram: &[u8], sender: usize, frame: u64) -> Option<usize> {
        let mut rest = datagram;
        while let Some(initial) = Packet::read(rest).filter(|_| self.tries < TRIES) {
            if let Some(version) = initial.version.filter(|_| initial.is_initial) {
                self.tries += 1;
                if let Some(frames) = self.open(version, &initial, sender) {
                    self.frames(&frames, sender, frame);
                }
            }
            rest = initial.rest;
        }
        self.client
    }

    fn open(&mut self, version: Version, packet: &Packet<'_>, sender: usize) -> Option<Vec<u8>> {
        if let (Some(keys), Some(client)) = (&self.keys, self.client)
            && let Some(frames) = keys.open(packet.bytes, packet.number_at, sender == client)
        {
            return Some(frames);
        }
        // The first of the client, or its first after a Retry or another version, which change the keys.
        if self.client.is_some_and(|client| client != sender) {
            return None;
        }
        let keys = Keys::new(version, packet.to)?;
        let frames = keys.open(packet.bytes, packet.number_at, true)?;
        (self.keys, self.client, self.said) = (Some(keys), Some(sender), Default::default());
        Some(frames)
    }

    /// The frames that an Initial packet may have (RFC 9000, section 12.4): of interest is what they carry of the handshake.
    fn frames(&mut self, frames: &[u8], sender: usize, frame: u64) {
        let mut reader = Reader(frames);
        while let Some(kind) = reader.number() {
            let read = match kind {
                // PADDING, PING.
                0 | 1 => Some(()),
                // ACK.
                2 | 3 => reader.acknowledgement(kind == 3),
                // CRYPTO.
                6 => reader.number().zip(reader.vector()).map(|(offset, bytes)| {
                    if let Ok(offset) = u32::try_from(offset) {
                        // The first byte follows a number that is counted from the end of all numbers.
                        self.said[sender].begin(u32::MAX);
                        self.said[sender].push(offset, bytes, frame, HELLO);
                    }
                }),
                // CONNECTION_CLOSE, or what must not be here.
                _ => None,
            };
            if read.is_none() {
                break;
            }
        }
    }

    /// The hellos, as far as they were read to their end.
    pub(crate) fn handshake(&self) -> Option<Handshake> {
        let client = self.client?;
        let mut seen = Handshake::default();
        for (stream, from_client) in [(&self.said[client], true), (&self.said[1 - client], false)] {
            for (at, kind, body) in tls::split(stream.bytes()) {
                tls::take(&mut seen, kind, body, at, from_client);
            }
        }
        seen.hello.is_some().then_some(seen)
    }

    /// The frame in which the client's hello begins.
    pub(crate) fn hello_frame(&self) -> Option<u64> {
        self.said[self.client?].frame(0)
    }

    /// Bytes kept.
    pub(crate) fn kept(&self) -> usize {
        self.said.iter().map(Stream::kept).sum()
    }
}

/// A packet with a long header (RFC 9000, section 17.2), and what follows it in the datagram.
struct Packet<'a> {
    version: Option<Version>,
    is_initial: bool,
    /// The destination's connection identifier.
    to: &'a [u8],
    bytes: &'a [u8],
    /// Where the packet number stands.
    number_at: usize,
    rest: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads the header as far as it is not encrypted. Packets whose end cannot be told end the reading.
    fn read(datagram: &'a [u8]) -> Option<Self> {
        let first = *datagram.first()?;
        let mut reader = Reader(datagram.get(5..)?);
        let version = Version::of(datagram.get(1..5)?);
        let to = reader.identifier()?;
        reader.identifier()?;
        let kind = first >> 4 & 3;
        let is_initial = version.is_some_and(|version| version.initial() == kind);
        if first & 0xc0 != 0xc0 || version.is_none_or(|version| version.retry() == kind) {
            return None;
        }
        if is_initial {
            reader.vector()?;
        }
        let length = usize::try_from(reader.number()?).ok()?;
        let number_at = datagram.len() - reader.0.len();
        let end = number_at.checked_add(length)?;
        let (bytes, rest) = datagram.split_at_checked(end)?;
        Some(Self { version, is_initial, to, bytes, number_at, rest })
    }
}

/// Whether it is a long header of QUIC (RFC 8999, section 5.1; RFC 9000, section 17.2) of a version that exists, or the list of versions with
/// which a server answers to one that it does not know; drafts and Google's versions were spoken on 443. Whether it is such an answer.
pub(super) fn is(payload: &[u8], on_443: bool) -> Option<bool> {
    let version = payload.get(1..5)?;
    let mut reader = Reader(payload.get(5..)?);
    reader.identifier()?;
    reader.identifier()?;
    if version == [0; 4] {
        // RFC 9000, section 17.2.1.
        let offered = reader.0.as_chunks::<4>();
        return (payload[0] & 0x80 != 0
            && offered.1.is_empty()
            && offered.0.iter().any(|version| Version::of(version).is_some()))
        .then_some(true);
    }
    let known = Version::of(version).is_some() || (on_443 && matches!(version, [0xff, 0, 0, _]));
    (payload[0] & 0xc0 == 0xc0 && known).then_some(false)
}

/// Reads numbers and what they announce.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A number of one to eight bytes (RFC 9000, section 16).
    fn number(&mut self) -> Option<u64> {
        let length = 1 << (*self.0.first()? >> 6);
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let value = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        Some(value & (u64::MAX >> (66 - 8 * length as u32)))
    }

    /// Bytes behind their number.
    fn vector(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A connection identifier behind the byte that says how long it is.
    fn identifier(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first()?;
        let (bytes, rest) = rest.split_at_checked(usize::from(*length)).filter(|(bytes, _)| bytes.len() <= LONGEST)?;
        self.0 = rest;
        Some(bytes)
    }

    /// An ACK frame behind its type (RFC 9000, section 19.3).
    fn acknowledgement(&mut self, counts: bool) -> Option<()> {
        self.number()?;
        self.number()?;
        let ranges = self.number()?;
        self.number()?;
        for _ in 0..ranges {
            self.number()?;
            self.number()?;
        }
        for _ in 0..if counts { 3 } else { 0 } {
            self.number()?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
