//! Groups for the exchange of keys: IANA's registry "TLS Supported Groups".

use super::version::Version;

/// x25519 and secp256r1, of which every hello of TLS 1.3 has a share.
pub(super) const X25519: u16 = 29;
pub(super) const SECP256R1: u16 = 23;
pub(super) const SECP384R1: u16 = 24;

/// All of them, the ones that are used most first. Elliptic curves of the days before TLS 1.3 are there too (RFC 8422, section 5.1.1; RFC 7027).
const ALL: [(u16, &str); 50] = [
    (29, "x25519"),
    (23, "secp256r1"),
    (24, "secp384r1"),
    (25, "secp521r1"),
    (30, "x448"),
    (0x11ec, "x25519mlkem768"),
    (0x11eb, "secp256r1mlkem768"),
    (0x11ed, "secp384r1mlkem1024"),
    (0x6399, "x25519kyber768draft00"),
    (0x0200, "mlkem512"),
    (0x0201, "mlkem768"),
    (0x0202, "mlkem1024"),
    (256, "ffdhe2048"),
    (257, "ffdhe3072"),
    (258, "ffdhe4096"),
    (259, "ffdhe6144"),
    (260, "ffdhe8192"),
    (31, "brainpoolp256r1tls13"),
    (32, "brainpoolp384r1tls13"),
    (33, "brainpoolp512r1tls13"),
    (41, "curvesm2"),
    (34, "gc256a"),
    (35, "gc256b"),
    (36, "gc256c"),
    (37, "gc256d"),
    (22, "secp256k1"),
    (26, "brainpoolp256r1"),
    (27, "brainpoolp384r1"),
    (28, "brainpoolp512r1"),
    (1, "sect163k1"),
    (2, "sect163r1"),
    (3, "sect163r2"),
    (4, "sect193r1"),
    (5, "sect193r2"),
    (6, "sect233k1"),
    (7, "sect233r1"),
    (8, "sect239k1"),
    (9, "sect283k1"),
    (10, "sect283r1"),
    (11, "sect409k1"),
    (12, "sect409r1"),
    (13, "sect571k1"),
    (14, "sect571r1"),
    (15, "secp160k1"),
    (16, "secp160r1"),
    (17, "secp160r2"),
    (18, "secp192k1"),
    (19, "secp192r1"),
    (20, "secp224k1"),
    (21, "secp224r1"),
];

/// The name of a group, or its number.
pub(super) fn name(code: u16) -> String {
    ALL.iter().find(|(known, _)| *known == code).map_or_else(|| format!("{code:#06x}"), |(_, name)| (*name).to_owned())
}

/// The groups that can be offered in a version.
pub(super) fn of(version: Version) -> Vec<u16> {
    let codes = ALL.iter().map(|(code, _)| *code);
    if version == Version::Tls13 {
        // Those of the days before have no place in TLS 1.3 (RFC 8446, section 4.2.7).
        codes.filter(|code| *code >= 23 && !(26..=28).contains(code)).collect()
    } else {
        // Before, the list holds curves. The groups over prime fields (RFC 7919) go with suites that name none.
        codes.filter(|code| *code <= 41).collect()
    }
}

/// Size of a group over a prime field, in bits (RFC 7919).
pub(super) fn dh_bits(code: u16) -> Option<u32> {
    match code {
        256 => Some(2048),
        257 => Some(3072),
        258 => Some(4096),
        259 => Some(6144),
        260 => Some(8192),
        _ => None,
    }
}

/// A public key in a group: the group's generator, which is what a private key of 1 leads to. It is a valid key that no server refuses, and no
/// secret is needed for it, for nothing is ever sent under what the exchange yields.
pub(super) fn share(code: u16) -> Option<Vec<u8>> {
    match code {
        // RFC 7748, section 4.1.
        X25519 => Some([&[9], [0; 31].as_slice()].concat()),
        // SEC 2, section 2.4.2, not compressed.
        SECP256R1 => Some(P256_GENERATOR.to_vec()),
        _ => None,
    }
}

const P256_GENERATOR: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
    0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe,
    0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
    0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];
