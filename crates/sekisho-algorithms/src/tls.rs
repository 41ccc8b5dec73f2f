//! Cipher suites and groups of TLS: IANA's names for what tools call otherwise, kinds of weakness, names of alerts.

use std::collections::HashMap;
use std::sync::LazyLock;

use tls_parser::TlsCipherSuite;

/// The suites of SSL 2.0, by the numbers and names in its specification.
pub const SSL2: [(u32, &str); 7] = [
    (0x01_0080, "SSL_CK_RC4_128_WITH_MD5"),
    (0x02_0080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"),
    (0x03_0080, "SSL_CK_RC2_128_CBC_WITH_MD5"),
    (0x04_0080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"),
    (0x05_0080, "SSL_CK_IDEA_128_CBC_WITH_MD5"),
    (0x06_0040, "SSL_CK_DES_64_CBC_WITH_MD5"),
    (0x07_00c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"),
];

/// A suite by IANA's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suite {
    /// IANA's name; of SSL 2.0 the name in its draft (`SSL_CK_…`).
    pub name: String,
    /// Its number; absent where the name is not registered.
    pub number: Option<u16>,
}

impl Suite {
    /// The suite with this number, if it is registered.
    pub fn numbered(number: u16) -> Option<Self> {
        TlsCipherSuite::from_id(number).map(|suite| Self { name: suite.name.to_owned(), number: Some(number) })
    }

    /// The suite that a tool calls `name`: by IANA's name, by OpenSSL's, or by nmap's for those of TLS 1.3. None where it is neither of them.
    pub fn named(name: &str) -> Option<Self> {
        let known = |name: &str| NUMBERS.get(name).map(|&number| Self { name: name.to_owned(), number: Some(number) });
        // nmap's ssl-enum-ciphers before 7.94 wrote the suites of TLS 1.3 so.
        let plain = name.strip_prefix("TLS_AKE_WITH_").map(|rest| format!("TLS_{rest}"));
        if let Some(suite) = known(plain.as_deref().unwrap_or(name)).or_else(|| known(&openssl(name)?)) {
            return Some(suite);
        }
        (name.starts_with("SSL_CK_") && name.len() < 64).then(|| Self { name: name.to_owned(), number: None })
    }

    /// The number as facts write it.
    pub fn code(&self) -> String {
        let old = || {
            SSL2.iter()
                .find(|(_, name)| *name == self.name)
                .map_or_else(String::new, |(number, _)| format!("{number:#08x}"))
        };
        self.number.map_or_else(old, |number| format!("{number:#06x}"))
    }

    /// Whether past traffic stays secret when the server's key becomes known.
    pub fn forward_secrecy(&self) -> bool {
        forward_secrecy(&self.name)
    }

    /// Kinds of weakness, by the name.
    pub fn weaknesses(&self) -> Vec<&'static str> {
        weaknesses(&self.name)
    }
}

/// Whether past traffic stays secret under the suite of this name when the server's key becomes known: the keys are exchanged anew each time
/// (RFC 5246, F.1.1.3; RFC 8446).
pub fn forward_secrecy(name: &str) -> bool {
    if name.starts_with("SSL_CK_") {
        return false;
    }
    // The suites of TLS 1.3 name no exchange of keys: it is always ephemeral, but for that with a key shared before, which no suite tells.
    let old = name.contains("_WITH_") || name.starts_with("TLS_GOST");
    let ephemeral = ["TLS_ECDHE_", "TLS_DHE_", "TLS_DH_anon_", "TLS_ECDH_anon_", "TLS_PSK_DHE_", "TLS_ECCPWD_"];
    !old || ephemeral.iter().any(|beginning| name.starts_with(beginning))
}

/// Kinds of weakness that a suite's name tells. RFC 9325, section 4.1, forbids or advises against suites without encryption, export-grade keys,
/// RC4 (RFC 7465), ciphers under 128 bits such as DES and 3DES, and static key exchange; RFC 5246, appendix A.5, against suites without
/// authentication; RFC 5469 says why DES and IDEA were given up (obsolete since RFC 8996, as the versions of TLS that had them); RFC 6151,
/// section 2, advises against MD5 in new designs; CBC with a SHA-1 MAC is what Lucky Thirteen (CVE-2013-0169) makes use of.
pub fn weaknesses(name: &str) -> Vec<&'static str> {
    let has = |part: &str| name.contains(part);
    let triple = has("3DES") || has("_EDE3");
    [
        // RFC 9150: integrity only.
        ("null", has("_NULL") || name.starts_with("TLS_SHA")),
        ("anonymous", has("_anon_")),
        ("export", has("EXPORT")),
        ("rc2", has("_RC2_")),
        ("rc4", has("_RC4_")),
        ("des", !triple && (has("_DES_") || has("_DES40"))),
        ("3des", triple),
        ("idea", has("_IDEA_")),
        ("md5", name.ends_with("_MD5")),
        ("cbc-sha1", has("_CBC") && name.ends_with("_SHA")),
        ("no-forward-secrecy", !forward_secrecy(name)),
    ]
    .into_iter()
    .filter_map(|(kind, is)| is.then_some(kind))
    .collect()
}

static NUMBERS: LazyLock<HashMap<&str, u16>> = LazyLock::new(|| {
    (0..=u16::MAX).filter_map(|number| TlsCipherSuite::from_id(number).map(|suite| (suite.name, number))).collect()
});

/// Beginnings of OpenSSL's names, and how IANA names that exchange of keys.
const EXCHANGES: [(&str, &str); 18] = [
    ("ECDHE-ECDSA-", "ECDHE_ECDSA"),
    ("ECDHE-RSA-", "ECDHE_RSA"),
    ("ECDHE-PSK-", "ECDHE_PSK"),
    ("ECDHE-ARIA", "ECDHE_RSA"),
    ("ECDH-ECDSA-", "ECDH_ECDSA"),
    ("ECDH-RSA-", "ECDH_RSA"),
    ("AECDH-", "ECDH_anon"),
    ("DHE-RSA-", "DHE_RSA"),
    ("DHE-DSS-", "DHE_DSS"),
    ("DHE-PSK-", "DHE_PSK"),
    ("EDH-RSA-", "DHE_RSA"),
    ("EDH-DSS-", "DHE_DSS"),
    ("ADH-", "DH_anon"),
    ("RSA-PSK-", "RSA_PSK"),
    ("PSK-", "PSK"),
    ("SRP-RSA-", "SRP_SHA_RSA"),
    ("SRP-DSS-", "SRP_SHA_DSS"),
    ("SRP-", "SRP_SHA"),
];

/// IANA's name for a name of OpenSSL's, by the rules that those follow (openssl-ciphers(1)); whether there is such a suite is not said.
fn openssl(name: &str) -> Option<String> {
    if name.len() > 64 {
        return None;
    }
    let (export, rest) = match name.strip_prefix("EXP-") {
        Some(rest) => (true, rest),
        None => (false, name),
    };
    let (exchange, rest) = EXCHANGES
        .iter()
        .find_map(|(prefix, exchange)| {
            let skip = if prefix.ends_with('-') { prefix.len() } else { "ECDHE-".len() };
            rest.starts_with(prefix).then(|| (*exchange, rest.get(skip..).unwrap_or_default()))
        })
        .unwrap_or(("RSA", rest));
    let cipher = match rest {
        "RC4-SHA" => "RC4_128_SHA".to_owned(),
        "RC4-MD5" if export => "RC4_40_MD5".to_owned(),
        "RC4-MD5" => "RC4_128_MD5".to_owned(),
        "RC2-CBC-MD5" if export => "RC2_CBC_40_MD5".to_owned(),
        "DES-CBC-SHA" if export => "DES40_CBC_SHA".to_owned(),
        "DES-CBC-SHA" => "DES_CBC_SHA".to_owned(),
        "DES-CBC3-SHA" | "3DES-EDE-CBC-SHA" => "3DES_EDE_CBC_SHA".to_owned(),
        "IDEA-CBC-SHA" => "IDEA_CBC_SHA".to_owned(),
        "SEED-SHA" => "SEED_CBC_SHA".to_owned(),
        "CHACHA20-POLY1305" => "CHACHA20_POLY1305_SHA256".to_owned(),
        _ => sized(rest)?,
    };
    let export = if export { "_EXPORT" } else { "" };
    Some(format!("TLS_{exchange}{export}_WITH_{cipher}"))
}

/// `AES256-GCM-SHA384`, `AES128-SHA`, `AES-256-CBC-SHA`, `AES128-CCM8`, `NULL-SHA256`.
fn sized(rest: &str) -> Option<String> {
    if let Some(digest) = rest.strip_prefix("NULL-") {
        return Some(format!("NULL_{digest}"));
    }
    let (cipher, rest) =
        [("AES", "AES"), ("CAMELLIA", "CAMELLIA"), ("ARIA", "ARIA")].iter().find_map(|(cipher, name)| {
            rest.strip_prefix(cipher).map(|rest| (*name, rest.strip_prefix('-').unwrap_or(rest)))
        })?;
    let (size, rest) = [("128", "128"), ("256", "256")]
        .iter()
        .find_map(|(size, name)| rest.strip_prefix(size).map(|rest| (*name, rest)))?;
    let mode = match rest {
        "-CCM8" => "CCM_8".to_owned(),
        "-CCM" => "CCM".to_owned(),
        _ => match rest.strip_prefix("-GCM-") {
            Some(digest) => format!("GCM_{digest}"),
            None => format!("CBC_{}", rest.strip_prefix("-CBC-").or_else(|| rest.strip_prefix('-'))?),
        },
    };
    Some(format!("{cipher}_{size}_{mode}"))
}

/// A group for the exchange of keys by IANA's name (RFC 8446, section 4.2.7), whatever a tool calls it; none where it is none of those known.
pub fn group(name: &str) -> Option<String> {
    let lower = name.trim().to_ascii_lowercase();
    let lower = lower.strip_prefix("ecdh_").unwrap_or(&lower);
    let known = match lower {
        "prime256v1" | "p-256" | "p256" | "nistp256" => "secp256r1",
        "prime192v1" | "p-192" => "secp192r1",
        "p-384" | "nistp384" => "secp384r1",
        "p-521" | "nistp521" => "secp521r1",
        "p-224" => "secp224r1",
        other => {
            let listed = [
                "brainpoolp256r1",
                "brainpoolp384r1",
                "brainpoolp512r1",
                "x25519",
                "x448",
                "x25519mlkem768",
                "secp256r1mlkem768",
                "secp384r1mlkem1024",
            ];
            let regular = |prefix: &str| {
                other
                    .strip_prefix(prefix)
                    .is_some_and(|rest| rest.len() < 8 && rest.starts_with(|c: char| c.is_ascii_digit()))
            };
            if listed.contains(&other) || ["secp", "sect", "ffdhe"].into_iter().any(regular) {
                other
            } else {
                return None;
            }
        }
    };
    Some(known.to_owned())
}

/// An alert's name as RFC 8446 (section 6) and those before it write it, or its number.
pub fn alert_name(code: u8) -> String {
    match code {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        109 => "missing_extension",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        116 => "certificate_required",
        120 => "no_application_protocol",
        other => return other.to_string(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pairs as `openssl ciphers -stdname ALL:COMPLEMENTOFALL` of OpenSSL 3.0 writes them, and older ones from its manual.
    const PAIRS: [(&str, &str); 30] = [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-ECDSA-AES256-CCM8", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"),
        ("ECDHE-ARIA256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384"),
        ("ECDHE-ECDSA-ARIA128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256"),
        ("DHE-DSS-ARIA256-GCM-SHA384", "TLS_DHE_DSS_WITH_ARIA_256_GCM_SHA384"),
        ("ADH-AES256-GCM-SHA384", "TLS_DH_anon_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ("ECDHE-RSA-CAMELLIA128-SHA256", "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"),
        ("AECDH-AES256-SHA", "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"),
        ("AECDH-NULL-SHA", "TLS_ECDH_anon_WITH_NULL_SHA"),
        ("DHE-RSA-SEED-SHA", "TLS_DHE_RSA_WITH_SEED_CBC_SHA"),
        ("RSA-PSK-AES256-GCM-SHA384", "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384"),
        ("PSK-AES128-CBC-SHA256", "TLS_PSK_WITH_AES_128_CBC_SHA256"),
        ("PSK-CHACHA20-POLY1305", "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256"),
        ("SRP-RSA-AES-256-CBC-SHA", "TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA"),
        ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("AES128-CCM8", "TLS_RSA_WITH_AES_128_CCM_8"),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("NULL-SHA256", "TLS_RSA_WITH_NULL_SHA256"),
        ("NULL-MD5", "TLS_RSA_WITH_NULL_MD5"),
        ("DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("EDH-RSA-DES-CBC-SHA", "TLS_DHE_RSA_WITH_DES_CBC_SHA"),
        ("EXP-EDH-RSA-DES-CBC-SHA", "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"),
        ("EXP-RC4-MD5", "TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
        ("EXP-RC2-CBC-MD5", "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5"),
        ("RC4-SHA", "TLS_RSA_WITH_RC4_128_SHA"),
        ("IDEA-CBC-SHA", "TLS_RSA_WITH_IDEA_CBC_SHA"),
        ("TLS_AKE_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
    ];

    #[test]
    fn other_names_become_ianas() {
        for (other, iana) in PAIRS {
            assert_eq!(Suite::named(other).map(|suite| suite.name).as_deref(), Some(iana), "{other}");
        }
        assert_eq!(Suite::named("ECDHE-RSA-ROT13"), None);
        assert_eq!(Suite::named("TLS_AES_128_GCM_SHA256").unwrap().code(), "0x1301");
        assert_eq!(Suite::numbered(0xc030).unwrap().name, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    #[test]
    fn weaknesses_by_name() {
        let of = |name: &str| Suite::named(name).unwrap().weaknesses();
        assert!(of("TLS_AES_128_GCM_SHA256").is_empty());
        assert!(of("ECDHE-RSA-AES128-GCM-SHA256").is_empty());
        assert_eq!(of("ECDHE-RSA-AES128-SHA"), ["cbc-sha1"]);
        assert_eq!(of("AES128-GCM-SHA256"), ["no-forward-secrecy"]);
        assert_eq!(of("DES-CBC3-SHA"), ["3des", "cbc-sha1", "no-forward-secrecy"]);
        assert_eq!(of("EXP-RC4-MD5"), ["export", "rc4", "md5", "no-forward-secrecy"]);
        assert_eq!(of("EXP-EDH-RSA-DES-CBC-SHA"), ["export", "des", "cbc-sha1"]);
        assert_eq!(of("AECDH-NULL-SHA"), ["null", "anonymous"]);
        assert_eq!(of("SSL_CK_DES_192_EDE3_CBC_WITH_MD5"), ["3des", "md5", "no-forward-secrecy"]);
    }

    #[test]
    fn groups() {
        for (other, iana) in [
            ("prime256v1", "secp256r1"),
            ("X25519", "x25519"),
            ("ecdh_x25519", "x25519"),
            ("ffdhe2048", "ffdhe2048"),
            ("X25519MLKEM768", "x25519mlkem768"),
            ("secp521r1", "secp521r1"),
        ] {
            assert_eq!(group(other).as_deref(), Some(iana));
        }
        assert_eq!(group("rsa 2048"), None);
    }

    proptest! {
        #[test]
        fn no_name_panics(name in "\\PC{0,80}") {
            let _ = (Suite::named(&name), group(&name), openssl(&name));
        }
    }
}
