//! The client's hello (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2; RFC 6347, section 4.2.1).

use std::hash::{BuildHasher as _, Hasher as _};

use super::groups;
use super::version::Version;

/// What one hello offers.
#[derive(Debug, Clone)]
pub(super) struct Offer<'a> {
    pub(super) version: Version,
    pub(super) suites: &'a [u16],
    pub(super) groups: &'a [u16],
    /// Whether TLS 1.3's hello has shares of the usual groups. One without asks the server to name the group that it wants (RFC 8446, section
    /// 4.2.8), at the cost of nothing.
    pub(super) shares: bool,
    /// Whether it says that the client fell back to this version (RFC 7507).
    pub(super) fallback: bool,
    /// Whether it offers to compress.
    pub(super) compression: bool,
    /// What its extension on renegotiation holds (RFC 5746, section 3.2): nothing at first, what finished the handshake before in a second one.
    /// None leaves the extension out, which makes a second handshake an unsafe one.
    pub(super) renegotiation: Option<&'a [u8]>,
    pub(super) server_name: Option<&'a str>,
}

/// The signal that renegotiation is safe (RFC 5746, section 3.3), for SSL 3.0, which has no extensions.
const RENEGOTIATION_SIGNAL: u16 = 0x00ff;

/// The extension that binds a renegotiation to the session before (RFC 5746, section 3.2).
pub(super) const RENEGOTIATION_INFO: u16 = 0xff01;

/// The extension that binds the master secret to the handshake (RFC 7627).
pub(super) const EXTENDED_MASTER_SECRET: u16 = 23;

/// The signal of a client that fell back (RFC 7507).
const FALLBACK_SIGNAL: u16 = 0x5600;

/// Algorithms of signatures that are accepted: all that servers may have, old ones too, for it is what they have that is to be seen.
const SIGNATURES: [u16; 22] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x0301, 0x0303, 0x0201, 0x0203, 0x0202, 0x0402, 0x081a, 0x0101,
];

/// The body of the message; `cookie` is what a server of DTLS wants back.
pub(super) fn client_hello(offer: &Offer<'_>, cookie: &[u8]) -> Vec<u8> {
    let tls13 = offer.version == Version::Tls13;
    let mut body = Vec::with_capacity(512);
    // The version of TLS 1.3 stands in an extension (RFC 8446, section 4.1.2).
    put16(&mut body, if tls13 { Version::Tls12.code() } else { offer.version.code() });
    body.extend(random());
    // Servers behind middleboxes expect a session in TLS 1.3 (RFC 8446, appendix D.4); before, none is to be resumed.
    prefixed8(&mut body, if tls13 { &[0x5e; 32] } else { &[] });
    if offer.version.is_datagram() {
        prefixed8(&mut body, cookie);
    }
    let mut suites = Vec::new();
    for suite in offer.suites {
        put16(&mut suites, *suite);
    }
    if !offer.version.has_extensions() {
        put16(&mut suites, RENEGOTIATION_SIGNAL);
    }
    if offer.fallback {
        put16(&mut suites, FALLBACK_SIGNAL);
    }
    prefixed16(&mut body, &suites);
    // DEFLATE before none, so that a server that compresses shows it; TLS 1.3 forbids the offer.
    prefixed8(&mut body, if offer.compression && !tls13 { &[1, 0] } else { &[0] });
    if offer.version.has_extensions() {
        prefixed16(&mut body, &extensions(offer));
    }
    body
}

fn extensions(offer: &Offer<'_>) -> Vec<u8> {
    let tls13 = offer.version == Version::Tls13;
    let mut all = Vec::new();
    if let Some(name) = offer.server_name {
        let mut entry = vec![0];
        prefixed16(&mut entry, name.as_bytes());
        extension(&mut all, 0, |data| prefixed16(data, &entry));
    }
    // OCSP, with empty lists of responders and extensions (RFC 6066, section 8).
    extension(&mut all, 5, |data| data.extend([1, 0, 0, 0, 0]));
    extension(&mut all, 10, |data| prefixed16(data, &wide(offer.groups)));
    // RFC 5246, section 7.4.1.4.1: clients before 1.2 must not send it.
    if tls13 || offer.version.has_modern_suites() {
        extension(&mut all, 13, |data| prefixed16(data, &wide(&SIGNATURES)));
    }
    if tls13 {
        extension(&mut all, 43, |data| prefixed8(data, &Version::Tls13.code().to_be_bytes()));
        // Pre-shared keys only with an exchange (RFC 8446, section 4.2.9).
        extension(&mut all, 45, |data| data.extend([1, 1]));
        let mut shares = Vec::new();
        for group in offer.groups.iter().filter(|_| offer.shares) {
            if let Some(share) = groups::share(*group) {
                put16(&mut shares, *group);
                prefixed16(&mut shares, &share);
            }
        }
        extension(&mut all, 51, |data| prefixed16(data, &shares));
    } else {
        // Points that are not compressed (RFC 8422, section 5.1.2).
        extension(&mut all, 11, |data| data.extend([1, 0]));
        extension(&mut all, EXTENDED_MASTER_SECRET, |_| ());
        extension(&mut all, 35, |_| ());
        if let Some(finished) = offer.renegotiation {
            extension(&mut all, RENEGOTIATION_INFO, |data| prefixed8(data, finished));
        }
    }
    all
}

fn extension(all: &mut Vec<u8>, kind: u16, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut data = Vec::new();
    fill(&mut data);
    put16(all, kind);
    prefixed16(all, &data);
}

fn wide(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn put16(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend(value.to_be_bytes());
}

// What is sent is all of our own making and far shorter than these prefixes can say.
pub(super) fn prefixed8(bytes: &mut Vec<u8>, data: &[u8]) {
    bytes.push(data.len() as u8);
    bytes.extend(data);
}

pub(super) fn prefixed16(bytes: &mut Vec<u8>, data: &[u8]) {
    put16(bytes, data.len() as u16);
    bytes.extend(data);
}

/// 32 bytes that differ each time. They keep nothing secret: what is said in the sessions that come of some hellos could be said in the clear.
fn random() -> impl Iterator<Item = u8> {
    (0..4).flat_map(|_| std::hash::RandomState::new().build_hasher().finish().to_be_bytes())
}

/// A message of the handshake with its header.
pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

/// A record of TLS. The first has the oldest version that the record layer knows, so that no server breaks on it (RFC 8446, section 5.1).
pub(super) fn record(kind: u8, version: Version, body: &[u8]) -> Vec<u8> {
    let mut record = vec![kind, 3, u8::from(version != Version::Ssl3)];
    prefixed16(&mut record, body);
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::suites;

    #[test]
    fn hellos_are_read_as_they_are_meant() {
        for version in [Version::Ssl3, Version::Tls10, Version::Tls12, Version::Tls13] {
            let (suites, groups) = (suites::of(version), groups::of(version));
            let offer = Offer {
                version,
                suites: &suites,
                groups: &groups,
                shares: true,
                fallback: false,
                compression: true,
                renegotiation: Some(&[]),
                server_name: Some("device.example"),
            };
            let body = client_hello(&offer, &[]);
            let (rest, hello) = tls_parser::parse_tls_handshake_client_hello(&body).unwrap();
            assert!(rest.is_empty());
            assert_eq!(hello.ciphers.len(), suites.len() + usize::from(version == Version::Ssl3));
            assert_eq!(hello.ext.is_some(), version != Version::Ssl3);
            if let Some(extensions) = hello.ext {
                let (rest, extensions) = tls_parser::parse_tls_client_hello_extensions(extensions).unwrap();
                assert!(rest.is_empty() && extensions.len() >= 7, "{extensions:?}");
            }
        }
    }
}
