//! TLS and DTLS: what client and server say before they encrypt (RFC 5246, RFC 8446, RFC 6347, RFC 9147), and the hello of SSL 2.
//!
//! The hellos themselves are read by `tls-parser`, which also knows IANA's names of the cipher suites. Records, extensions and chains are
//! walked here: a capture ends where it likes, and what stands before that counts.

use tls_parser::{TlsCipherSuite, parse_tls_handshake_client_hello, parse_tls_handshake_server_hello};

use super::{be16, be24};

/// Certificates of one chain that are read.
const CHAIN: usize = 8;
/// Protocols of one client that are read.
const PROTOCOLS: usize = 16;

/// What was seen of a handshake.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Handshake {
    pub(crate) hello: Option<ClientHello>,
    pub(crate) version: Option<u16>,
    pub(crate) suite: Option<u16>,
    /// Where in its direction each certificate stands, and its DER; first the server's, then the client's.
    pub(crate) server_chain: Vec<(usize, Vec<u8>)>,
    pub(crate) client_chain: Vec<(usize, Vec<u8>)>,
    pub(crate) asked_for_certificate: bool,
    /// Whether the server's part was seen to its end: then what was not in it was not there.
    pub(crate) server_done: bool,
    /// Code of the fatal alert.
    pub(crate) alert: Option<u8>,
    /// Whether a message of DTLS came in fragments, and was not read.
    pub(crate) fragments: bool,
}

/// What the client offers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct ClientHello {
    pub(crate) versions: Vec<u16>,
    pub(crate) suites: Vec<u16>,
    pub(crate) server_name: Option<String>,
    /// Protocols that the client would speak inside (ALPN, RFC 7301).
    pub(crate) alpn: Vec<String>,
    /// Whether the client hides the name that it asks for (Encrypted Client Hello, draft-ietf-tls-esni).
    pub(crate) hidden_name: bool,
}

/// Whether the first bytes of both sides are records.
pub(super) fn is(client: &[u8], server: &[u8]) -> bool {
    let hello = |bytes: &[u8], kind: u8| {
        is_record(bytes)
            && bytes[0] == 22
            && bytes.get(5) == Some(&kind)
            && be24(bytes, 6).is_some_and(|length| (34..=1 << 17).contains(&length))
    };
    let alert = |bytes: &[u8]| is_record(bytes) && bytes[0] == 21;
    // In the middle of a connection only whole records tell: two of them, or one that fills what there is.
    let records = |bytes: &[u8]| {
        is_record(bytes)
            && be16(bytes, 3).is_some_and(|length| {
                let next = bytes.get(5 + usize::from(length)..);
                next.is_some_and(|next| next.is_empty() || is_record(next))
            })
    };
    (hello(client, 1) && (server.is_empty() || is_record(server)))
        || ssl2_hello(client).is_some()
        || (hello(server, 2) && (client.is_empty() || is_record(client)))
        || (records(client) && records(server))
        || (alert(server) && hello(client, 1))
}

/// A record's header: a type, a version that exists, a length that is allowed.
fn is_record(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=24, 3, 0..=4, high, low, ..]
        if (1..=(1 << 14) + 2048).contains(&u16::from_be_bytes([*high, *low])))
}

/// What both sides said. `client` and `server` begin with a record.
pub(crate) fn handshake(client: &[u8], server: &[u8]) -> Handshake {
    let mut seen = Handshake { hello: ssl2_hello(client), ..Handshake::default() };
    let (messages, alert) = messages(client);
    seen.alert = alert;
    for (at, kind, body) in &messages {
        take(&mut seen, *kind, body, *at, true);
    }
    let (messages, alert) = self::messages(server);
    seen.alert = alert.or(seen.alert);
    for (at, kind, body) in &messages {
        take(&mut seen, *kind, body, *at, false);
    }
    seen
}

/// Takes one message of the handshake.
pub(super) fn take(seen: &mut Handshake, kind: u8, body: &[u8], at: usize, from_client: bool) {
    match (kind, from_client) {
        (1, true) if seen.hello.is_none() => seen.hello = client_hello(body),
        (2, false) => {
            if let Some((version, suite)) = server_hello(body) {
                (seen.version, seen.suite) = (Some(version), Some(suite));
            }
        }
        // In version 1.3 certificates are encrypted, and no such message is seen.
        (11, _) => {
            let chain = if from_client { &mut seen.client_chain } else { &mut seen.server_chain };
            if chain.is_empty() {
                *chain = certificates(body, at);
            }
        }
        (13, false) => seen.asked_for_certificate = true,
        (14, false) => seen.server_done = true,
        _ => {}
    }
}

/// A message of the handshake: its place, its type, its body.
type Message = (usize, u8, Vec<u8>);

/// The messages of the handshake before anything is encrypted, each with its place, and the code of a fatal alert.
fn messages(bytes: &[u8]) -> (Vec<Message>, Option<u8>) {
    let (mut joined, mut places, mut alert, mut at) = (Vec::new(), Vec::new(), None, 0);
    while let Some(record) = bytes.get(at..).filter(|rest| is_record(rest)) {
        let length = usize::from(u16::from_be_bytes([record[3], record[4]]));
        let body = &record[5..record.len().min(5 + length)];
        match record[0] {
            22 => {
                places.push((joined.len(), at));
                joined.extend_from_slice(body);
            }
            21 => {
                // A fatal one; warnings such as `close_notify` end nothing that went wrong.
                if let [2, code] = body {
                    alert = Some(*code);
                }
                break;
            }
            _ => break,
        }
        at += 5 + length;
    }
    let place = |from| places.iter().rev().find(|(start, _)| *start <= from).map_or(0, |(_, at)| *at);
    let messages = split(&joined).map(|(from, kind, body)| (place(from), kind, body.to_vec()));
    (messages.collect(), alert)
}

/// The messages of a handshake that are there as a whole: the place, type and body of each (RFC 8446, section 4).
pub(super) fn split(joined: &[u8]) -> impl Iterator<Item = (usize, u8, &[u8])> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (kind, length) = (*joined.get(from)?, be24(joined, from + 1)?);
        let (at, body) = (from, joined.get(from + 4..from + 4 + length)?);
        from += 4 + length;
        Some((at, kind, body))
    })
}

fn client_hello(body: &[u8]) -> Option<ClientHello> {
    let (_, hello) = parse_tls_handshake_client_hello(body).ok()?;
    let suites = hello.ciphers.iter().map(|suite| suite.0).filter(|suite| !is_grease(*suite)).collect();
    let mut read = ClientHello { versions: vec![hello.version.0], suites, ..ClientHello::default() };
    for (kind, data) in extensions(hello.ext.unwrap_or_default()) {
        match kind {
            // RFC 6066, section 3: a list of names, of which the first kind is a host's.
            0 => {
                let length = be16(data, 3).map_or(0, usize::from);
                let name = data.get(5..5 + length).filter(|_| data.get(2) == Some(&0));
                read.server_name =
                    name.map(super::shown).filter(|name| !name.is_empty()).map(|name| name.to_ascii_lowercase());
            }
            // RFC 7301, section 3.1.
            16 => {
                let mut list = data.get(2..).unwrap_or_default();
                while let Some((&length, rest)) = list.split_first().filter(|_| read.alpn.len() < PROTOCOLS) {
                    let Some((name, rest)) = rest.split_at_checked(usize::from(length)) else { break };
                    if !matches!(name, [a, b] if is_grease(u16::from_be_bytes([*a, *b]))) {
                        read.alpn.push(super::shown(name));
                    }
                    list = rest;
                }
            }
            // RFC 8446, section 4.2.1.
            43 => {
                let list = data.get(1..).unwrap_or_default();
                let versions = list.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                let versions: Vec<u16> = versions.filter(|version| !is_grease(*version)).collect();
                if !versions.is_empty() {
                    read.versions = versions;
                }
            }
            0xfe0d | 0xffce => read.hidden_name = true,
            _ => {}
        }
    }
    Some(read)
}

/// Version and suite that the server chose.
fn server_hello(body: &[u8]) -> Option<(u16, u16)> {
    let (_, hello) = parse_tls_handshake_server_hello(body).ok()?;
    let selected =
        extensions(hello.ext.unwrap_or_default()).find(|(kind, _)| *kind == 43).and_then(|(_, data)| be16(data, 0));
    Some((selected.unwrap_or(hello.version.0), hello.cipher.0))
}

fn extensions(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (be16(rest, 0)?, usize::from(be16(rest, 2)?));
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, data))
    })
}

/// A chain (RFC 5246, section 7.4.2).
fn certificates(body: &[u8], at: usize) -> Vec<(usize, Vec<u8>)> {
    let mut rest = body.get(3..).unwrap_or_default();
    let mut chain = Vec::new();
    while let Some(length) = be24(rest, 0).filter(|_| chain.len() < CHAIN) {
        let Some(der) = rest.get(3..3 + length) else { break };
        chain.push((at, der.to_vec()));
        rest = &rest[3 + length..];
    }
    chain
}

/// The hello of SSL 2, which later versions also began with (RFC 5246, appendix E.2).
fn ssl2_hello(bytes: &[u8]) -> Option<ClientHello> {
    let [high, low, 1, ..] = *bytes else { return None };
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let version = be16(bytes, 3)?;
    let (suites, session, challenge) = (be16(bytes, 5)?, be16(bytes, 7)?, be16(bytes, 9)?);
    let parts = usize::from(suites) + usize::from(session) + usize::from(challenge);
    let known = matches!(version, 0x0002 | 0x0300..=0x0303);
    let sound = high & 0x80 != 0
        && known
        && suites % 3 == 0
        && suites > 0
        && (16..=32).contains(&challenge)
        && length == 9 + parts;
    let list = bytes.get(11..11 + usize::from(suites)).filter(|_| sound)?;
    // Suites of later versions have a zero in front; those of SSL 2 itself have no names in the registry.
    let suites =
        list.chunks_exact(3).filter(|suite| suite[0] == 0).map(|suite| u16::from_be_bytes([suite[1], suite[2]]));
    Some(ClientHello { versions: vec![version], suites: suites.collect(), ..ClientHello::default() })
}

/// Whether it is a record of DTLS up to 1.2, or a plain one of 1.3 (RFC 9147, section 4).
pub(super) fn is_dtls(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=25, 0xfe, 0xff | 0xfd, ..] | [20..=23, 1, 0, ..])
        && be16(bytes, 11).is_some_and(|length| {
            let next = bytes.get(13 + usize::from(length)..);
            length > 0 && next.is_some_and(|next| next.is_empty() || next[0] == bytes[0] || is_dtls(next))
        })
}

/// Takes one datagram of DTLS. Messages in several fragments are not put together.
pub(crate) fn take_dtls(seen: &mut Handshake, datagram: &[u8], from_client: bool) {
    let mut rest = datagram;
    while let Some(length) = be16(rest, 11).map(usize::from) {
        let Some(body) = rest.get(13..13 + length) else { break };
        let encrypted = be16(rest, 3) != Some(0);
        match rest[0] {
            22 if !encrypted => {
                let mut body = body;
                while let (Some(whole), Some(offset), Some(part)) = (be24(body, 1), be24(body, 6), be24(body, 9)) {
                    let Some(message) = body.get(12..12 + part) else { break };
                    seen.fragments |= part != whole;
                    if offset == 0 && part == whole {
                        if body[0] == 1 {
                            // Between session and suites a cookie stands (RFC 6347, section 4.2.1): without it, it is TLS's.
                            if let Some(plain) = without_cookie(message) {
                                take(seen, 1, &plain, 0, from_client);
                            }
                        } else {
                            take(seen, body[0], message, 0, from_client);
                        }
                    }
                    body = &body[12 + part..];
                }
            }
            21 if !encrypted => {
                if let [2, code] = body {
                    seen.alert = Some(*code);
                }
            }
            _ => {}
        }
        rest = &rest[13 + length..];
    }
}

fn without_cookie(hello: &[u8]) -> Option<Vec<u8>> {
    let session = 34 + 1 + usize::from(*hello.get(34)?);
    let cookie = session + 1 + usize::from(*hello.get(session)?);
    Some([hello.get(..session)?, hello.get(cookie..)?].concat())
}

/// Values that clients throw in so that servers stay tolerant (RFC 8701).
fn is_grease(value: u16) -> bool {
    value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff
}

/// A version's name.
pub(crate) fn version_name(version: u16) -> String {
    match version {
        0x0002 => "ssl2".to_owned(),
        0x0300 => "ssl3".to_owned(),
        0x0301..=0x0304 => format!("tls1.{}", version - 0x0301),
        0x0100 => "dtls0.9".to_owned(),
        0xfeff => "dtls1.0".to_owned(),
        0xfefd => "dtls1.2".to_owned(),
        0xfefc => "dtls1.3".to_owned(),
        0x7f00..=0x7fff => format!("tls1.3-draft{}", version & 0xff),
        other => format!("{other:#06x}"),
    }
}

/// Whether the version encrypts its certificates.
pub(crate) fn hides_certificates(version: u16) -> bool {
    matches!(version, 0x0304 | 0xfefc | 0x7f00..=0x7fff)
}

/// A suite's name in IANA's registry, or its number.
pub(crate) fn suite_name(suite: u16) -> String {
    TlsCipherSuite::from_id(suite).map_or_else(|| format!("{suite:#06x}"), |suite| suite.name.to_owned())
}

/// Whether a suite does without encryption or authentication, or has RC4, DES, 3DES or export-grade keys (RFC 9325, section 4.1: must or
/// should not be negotiated).
pub(crate) fn is_weak(suite: u16) -> bool {
    const PARTS: [&str; 7] = ["_NULL", "_anon_", "_EXPORT", "_RC4_", "_RC2_", "_DES", "_3DES"];
    TlsCipherSuite::from_id(suite).is_some_and(|suite| PARTS.iter().any(|part| suite.name.contains(part)))
}
