//! Cipher suites: IANA's registry as `tls-parser` has it, with the kinds of weakness that a name tells.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::version::Version;

/// The most suites that one hello offers: some servers break off at more than 128.
pub(super) const BATCH: usize = 110;

/// Suites of the registry that `tls-parser` does not know: GOST (RFC 9189, RFC 9367).
const GOST: [(u16, &str); 7] = [
    (0xc100, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC"),
    (0xc101, "TLS_GOSTR341112_256_WITH_MAGMA_CTR_OMAC"),
    (0xc102, "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT"),
    (0xc103, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L"),
    (0xc104, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_L"),
    (0xc105, "TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_S"),
    (0xc106, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_S"),
];

fn registry() -> &'static BTreeMap<u16, &'static str> {
    static REGISTRY: OnceLock<BTreeMap<u16, &'static str>> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let known = tls_parser::CIPHERS.entries().map(|(code, suite)| (*code, suite.name));
        // 0 is no suite that can be agreed to (RFC 5246, appendix A.5), 0x00ff and 0x5600 are signals.
        known.filter(|(code, _)| ![0, 0x00ff, 0x5600].contains(code)).chain(GOST).collect()
    })
}

/// IANA's name of a suite, or its number.
pub(super) fn name(code: u16) -> String {
    registry().get(&code).map_or_else(|| format!("{code:#06x}"), |name| (*name).to_owned())
}

/// The suites that can be offered in a version, the ones that are used most first.
pub(super) fn of(version: Version) -> Vec<u16> {
    let fits = |code: u16, name: &str| match version {
        Version::Ssl2 => false,
        Version::Tls13 => is_tls13(code),
        // RC4 must not be used over datagrams (RFC 6347, section 4.1.2.2): its state would be lost with the first packet.
        _ if version.is_datagram() && name.contains("_RC4_") => false,
        _ => !is_tls13(code) && (version.has_modern_suites() || name.ends_with("_SHA") || name.ends_with("_MD5")),
    };
    let mut suites: Vec<u16> =
        registry().iter().filter(|(code, name)| fits(**code, name)).map(|(code, _)| *code).collect();
    suites.sort_by_key(|code| rank(&name(*code)));
    suites
}

/// RFC 8446, appendix B.4, RFC 8998 (SM), RFC 9150 (integrity only), RFC 9367 (GOST).
fn is_tls13(code: u16) -> bool {
    matches!(code, 0x1301..=0x13ff | 0x00c6 | 0x00c7 | 0xc0b4 | 0xc0b5 | 0xc103..=0xc106)
}

/// Which suites are offered first. Exchanges over a prime field come after all that is usual: a server without a prime of its own chooses one all
/// the same where it stands first, and breaks off (Dovecot 2.3 without `ssl_dh`).
fn rank(name: &str) -> u8 {
    match name {
        _ if is_rare(name) => 3,
        _ if name.contains("_DHE_") || name.contains("_DH_") => 2,
        _ if name.contains("_ECDHE_") => 0,
        _ => 1,
    }
}

fn is_rare(name: &str) -> bool {
    ["PSK", "SRP", "KRB5", "ARIA", "GOST", "ECCPWD", "_DH_RSA", "_DH_DSS", "_ECDH_ECDSA", "_ECDH_RSA"]
        .iter()
        .any(|part| name.contains(part))
}

/// How the server's share of the exchange stands in its message, which the suite decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    /// Over an elliptic curve.
    Ec,
    /// Over a prime field.
    Dh,
    /// Not as one of them.
    Other,
}

/// How a suite exchanges keys, and whether a hint for a pre-shared key comes first (RFC 4279, section 2; RFC 5489, section 2).
pub(super) fn exchange(code: u16) -> (Exchange, bool) {
    let name = name(code);
    let exchange = if name.contains("_ECDHE_") || name.contains("_ECDH_anon") {
        Exchange::Ec
    } else if name.contains("_DHE_") || name.contains("_DH_anon") {
        Exchange::Dh
    } else {
        Exchange::Other
    };
    (exchange, name.contains("_PSK_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_algorithms::tls::{SSL2, weaknesses};

    fn weak(code: u16) -> Vec<&'static str> {
        weaknesses(&name(code))
    }

    #[test]
    fn weaknesses_by_name() {
        assert_eq!(weak(0x1301), [""; 0]);
        assert_eq!(weak(0xc02f), [""; 0]); // ECDHE_RSA_WITH_AES_128_GCM_SHA256
        assert_eq!(weak(0x0004), ["rc4", "md5", "no-forward-secrecy"]);
        assert_eq!(weak(0x0009), ["des", "cbc-sha1", "no-forward-secrecy"]);
        assert_eq!(weak(0x0008), ["export", "des", "cbc-sha1", "no-forward-secrecy"]);
        assert_eq!(weak(0xc012), ["3des", "cbc-sha1"]); // ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
        assert_eq!(weak(0x0034), ["anonymous", "cbc-sha1"]);
        assert_eq!(weak(0x003c), ["no-forward-secrecy"]); // RSA_WITH_AES_128_CBC_SHA256
        assert_eq!(weak(0x0002), ["null", "no-forward-secrecy"]);
        assert_eq!(weak(0xc0b4), ["null"]);
        assert_eq!(weaknesses(SSL2[6].1), ["3des", "md5", "no-forward-secrecy"]);
        assert_eq!(weaknesses(SSL2[5].1), ["des", "md5", "no-forward-secrecy"]);
    }

    #[test]
    fn every_version_is_offered_its_suites() {
        assert!(of(Version::Tls13).starts_with(&[0x00c6, 0x00c7, 0x1301]) && of(Version::Tls13).len() < BATCH);
        assert!(of(Version::Tls12).len() > 300 && of(Version::Tls12).contains(&0xc02f));
        assert!(of(Version::Tls12).len() <= 4 * BATCH && of(Version::Tls10).len() <= 2 * BATCH);
        assert!(!of(Version::Tls10).contains(&0xc02f) && of(Version::Tls10).contains(&0x0004));
        assert!(!of(Version::Dtls12).contains(&0x0004));
        let place = |code: u16| of(Version::Tls12).iter().position(|other| *other == code).unwrap();
        // ECDHE, RSA, DHE, PSK.
        assert!(place(0xc030) < place(0x002f) && place(0x002f) < place(0x0033) && place(0x0033) < place(0x00a8));
    }
}
