//! One connection or exchange of datagrams, and what stood in it.

use std::net::IpAddr;

use super::link::Segment;
use super::names::{Mac, Name, Sent};
use crate::protocol::login::{self, Login};
use crate::protocol::quic::Opening;
use crate::protocol::tls::{self, Handshake};
use crate::protocol::{self, Told};
use crate::stream::Stream;

/// Datagrams of a flow that are tried before its protocol counts as unknown.
const TRIES: u32 = 8;
/// Bytes of datagrams of an unknown protocol that are kept.
const SAMPLE: usize = 1024;
/// Moments of contact that are kept.
const CONTACTS: usize = 256;
/// Silence of the client after which it makes contact anew, in nanoseconds.
const SILENCE: i64 = 2_000_000_000;

/// Address and port.
pub(crate) type End = (IpAddr, u16);

/// The two ends in order, so that both directions are one flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) protocol: u8,
    pub(crate) ends: [End; 2],
}

impl Key {
    /// The key, and which of its ends sent.
    pub(crate) fn new(protocol: u8, from: End, to: End) -> (Self, usize) {
        if from <= to { (Self { protocol, ends: [from, to] }, 0) } else { (Self { protocol, ends: [to, from] }, 1) }
    }
}

/// What one end sent.
#[derive(Debug, Default)]
struct Side {
    mac: Option<Mac>,
    frames: u64,
    first_frame: u64,
    bytes: u64,
    payload: u64,
    fin: bool,
    stream: Stream,
}

/// A connection or exchange of datagrams.
#[derive(Debug)]
pub(crate) struct Flow {
    sides: [Side; 2],
    /// Which end is the client.
    pub(crate) client: usize,
    /// Whether that was seen, and not guessed.
    certain: bool,
    pub(crate) first_frame: u64,
    pub(crate) last_frame: u64,
    pub(crate) time: Option<i64>,
    last_client: Option<i64>,
    pub(crate) contacts: Vec<i64>,
    pub(crate) name: Option<Name>,
    pub(crate) seen: Seen,
    tries: u32,
    sample: Vec<u8>,
    opening: Option<Box<Opening>>,
    /// Whether the payload was examined and let go.
    pub(crate) examined: bool,
    reset: bool,
}

/// What was recognised in a flow.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) protocol: Option<&'static str>,
    pub(crate) tls: Option<Box<Handshake>>,
    /// Whether TLS began after a beginning in the clear.
    pub(crate) upgraded: bool,
    /// Log-ins with the frame of each.
    pub(crate) logins: Vec<(Login, u64)>,
    /// Frames of the two hellos and of the certificates.
    pub(crate) hello_frame: Option<u64>,
    pub(crate) certificate_frame: Option<u64>,
    /// Payload of an unknown protocol.
    pub(crate) unknown: Vec<u8>,
    /// Whether parts of a connection in the clear were not looked at: its beginning, a part in between, what followed the beginning.
    pub(crate) incomplete: bool,
}

impl Flow {
    pub(crate) fn new(key: &Key, sender: usize, frame: u64, time: Option<i64>) -> Self {
        // Until something better is seen: who speaks first is the client, but for TCP in the middle, where the lower port is the server's.
        let lower = usize::from(key.ends[1].1 < key.ends[0].1);
        let client = if key.protocol == 6 { 1 - lower } else { sender };
        Self {
            sides: Default::default(),
            client,
            certain: false,
            first_frame: frame,
            last_frame: frame,
            time,
            last_client: None,
            contacts: Vec::new(),
            name: None,
            seen: Seen::default(),
            tries: 0,
            sample: Vec::new(),
            opening: None,
            examined: false,
            reset: false,
        }
    }

    /// Counts a packet.
    pub(crate) fn packet(&mut self, sender: usize, mac: Option<Mac>, bytes: u32, frame: u64, time: Option<i64>) {
        self.last_frame = frame;
        let side = &mut self.sides[sender];
        if side.frames == 0 {
            (side.mac, side.first_frame) = (mac, frame);
        }
        side.frames += 1;
        side.bytes += u64::from(bytes);
        if sender == self.client
            && let Some(now) = time
        {
            if self.last_client.is_none_or(|last| now.saturating_sub(last) > SILENCE) && self.contacts.len() < CONTACTS
            {
                self.contacts.push(now);
            }
            self.last_client = Some(now);
        }
    }

    /// Whether a segment begins a new connection with the same ports.
    pub(crate) fn is_over(&self, segment: &Segment<'_>) -> bool {
        segment.syn && !segment.ack && (self.reset || self.sides.iter().any(|side| side.fin))
    }

    /// Takes a segment; `limit` is the most bytes to keep.
    pub(crate) fn segment(&mut self, sender: usize, segment: &Segment<'_>, frame: u64, limit: usize) {
        if segment.syn && !self.certain {
            self.client = if segment.ack { 1 - sender } else { sender };
            self.certain = true;
        }
        let side = &mut self.sides[sender];
        if segment.syn {
            side.stream.begin(segment.sequence);
        } else if !segment.payload.is_empty() {
            side.payload += segment.payload.len() as u64;
            if self.examined {
                // What comes when the payload was let go is not looked at.
                self.seen.incomplete |= !self.is_encrypted() && !self.is_closed();
            } else {
                side.stream.push(segment.sequence, segment.payload, frame, limit);
            }
        }
        self.sides[sender].fin |= segment.fin;
        self.reset |= segment.rst;
    }

    /// Whether nothing more is to come.
    pub(crate) fn is_closed(&self) -> bool {
        self.reset || self.sides.iter().all(|side| side.fin)
    }

    /// Bytes of payload that are kept.
    pub(crate) fn kept(&self) -> usize {
        self.sides.iter().map(|side| side.stream.kept()).sum::<usize>()
            + self.sample.len()
            + self.opening.as_ref().map_or(0, |opening| opening.kept())
    }

    /// Takes a datagram. Returns the protocol where it is known.
    pub(crate) fn datagram(&mut self, key: &Key, sender: usize, payload: &[u8], frame: u64) -> Option<&'static str> {
        self.sides[sender].payload += payload.len() as u64;
        if self.seen.protocol.is_none() && self.tries < TRIES {
            self.tries += 1;
            let (from, to) = (key.ends[sender], key.ends[1 - sender]);
            if let Some(Told { name, turned }) = protocol::datagram(payload, from.1, to.1, to.0) {
                self.seen.protocol = Some(name);
                self.client = if turned { 1 - sender } else { sender };
                self.sample = Vec::new();
            }
        }
        match self.seen.protocol {
            Some("dtls") => {
                let from_client = sender == self.client;
                let handshake = self.seen.tls.get_or_insert_default();
                tls::take_dtls(handshake, payload, from_client);
                self.seen.hello_frame.get_or_insert(frame);
                self.seen.certificate_frame.get_or_insert(frame);
            }
            Some("quic") if !self.examined => {
                if let Some(client) = self.opening.get_or_insert_default().take(payload, sender, frame) {
                    self.client = client;
                }
            }
            Some(name @ "snmp") => {
                if let Some(login) = login::in_datagram(name, payload)
                    && !self.seen.logins.iter().any(|(other, _)| *other == login)
                    && self.seen.logins.len() < 16
                {
                    self.seen.logins.push((login, frame));
                }
            }
            None => {
                let room = SAMPLE.saturating_sub(self.sample.len());
                self.sample.extend_from_slice(&payload[..payload.len().min(room)]);
            }
            Some(_) => {}
        }
        self.seen.protocol
    }

    fn is_encrypted(&self) -> bool {
        self.seen.upgraded || self.seen.protocol.is_some_and(protocol::is_encrypted)
    }

    /// Looks at the payload that was kept, and lets it go.
    pub(crate) fn examine(&mut self, tcp: bool) {
        if std::mem::replace(&mut self.examined, true) {
            return;
        }
        if !tcp {
            self.seen.unknown = std::mem::take(&mut self.sample);
            if let Some(opening) = self.opening.take() {
                self.seen.hello_frame = opening.hello_frame();
                self.seen.tls = opening.handshake().map(Box::new);
                self.name_from_hello();
            }
            return;
        }
        let [a, b] = &mut self.sides;
        let (a, b) = (std::mem::take(&mut a.stream), std::mem::take(&mut b.stream));
        let (mut client, mut server) = if self.client == 0 { (a, b) } else { (b, a) };
        if let Some(told) = protocol::stream(client.bytes(), server.bytes(), self.certain) {
            self.seen.protocol = Some(told.name);
            if told.turned {
                self.client = 1 - self.client;
                (client, server) = (server, client);
            }
        }
        let seen = &mut self.seen;
        match seen.protocol {
            Some("tls") => seen.tls = Some(Box::new(tls::handshake(client.bytes(), server.bytes()))),
            Some(name @ ("smtp" | "ftp" | "imap" | "pop3" | "xmpp")) => {
                let plain = match protocol::upgrade(client.bytes(), 1) {
                    Some(at) => {
                        let hello = protocol::upgrade(server.bytes(), 2).unwrap_or(server.bytes().len());
                        seen.upgraded = true;
                        seen.tls = Some(Box::new(tls::handshake(&client.bytes()[at..], &server.bytes()[hello..])));
                        at
                    }
                    None => client.bytes().len(),
                };
                seen.logins = logins(name, &client, &server, plain);
            }
            Some(name) => {
                seen.logins = logins(name, &client, &server, client.bytes().len());
                if matches!(name, "http" | "rtsp") {
                    self.name = protocol::host(client.bytes()).map(|host| (host, "http")).or(self.name.take());
                }
            }
            None => {
                seen.unknown = client.bytes().to_vec();
                seen.unknown.extend_from_slice(server.bytes());
            }
        }
        seen.hello_frame = client.frame(0).or_else(|| server.frame(0));
        let certificate = seen.tls.as_ref().and_then(|tls| tls.server_chain.first().map(|(at, _)| *at));
        seen.certificate_frame = certificate.and_then(|at| server.frame(at));
        // A handshake is at the beginning; who logs in may do so later, too.
        let missing = !client.from_start || client.longer || client.has_hole();
        let some = !client.bytes().is_empty() || client.has_hole();
        self.seen.incomplete |= !self.is_encrypted() && some && missing;
        self.name_from_hello();
    }

    /// The name that the client asked the server for is better than one that was resolved to its address.
    fn name_from_hello(&mut self) {
        if let Some(name) = self.seen.tls.as_ref().and_then(|tls| tls.hello.as_ref()?.server_name.clone()) {
            self.name = Some((name, "tls"));
        }
    }

    /// What each end sent, in the order of the key.
    pub(crate) fn sent(&self) -> [Sent; 2] {
        let of =
            |side: &Side| Sent { mac: side.mac, frames: side.frames, bytes: side.bytes, first_frame: side.first_frame };
        [of(&self.sides[0]), of(&self.sides[1])]
    }

    /// Bytes that the client and the server sent.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        (self.sides[self.client].bytes, self.sides[1 - self.client].bytes)
    }

    /// Whether anything was carried, and whether the server sent anything but a refusal.
    pub(crate) fn carried(&self) -> (bool, bool) {
        let server = &self.sides[1 - self.client];
        let refused = self.reset && server.payload == 0;
        (self.sides.iter().any(|side| side.payload > 0), server.bytes > 0 && !refused)
    }
}

/// Log-ins in the part of a connection that is in the clear.
fn logins(name: &str, client: &Stream, server: &Stream, plain: usize) -> Vec<(Login, u64)> {
    let found = login::in_stream(name, client.bytes().get(..plain).unwrap_or_default(), server.bytes());
    found
        .into_iter()
        .map(|login| (client.frame(login.at).unwrap_or_default(), login))
        .map(|(frame, login)| (login, frame))
        .collect()
}
