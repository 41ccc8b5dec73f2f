//! Keys that a domain publishes to verify its signatures of mail (DKIM, RFC 6376, section 3.6.1; RFC 8463).

use data_encoding::BASE64;
use domain::base::iana::Rtype;
use rsa::RsaPublicKey;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::mail::DkimKey;

use super::look::{Look, source};
use super::resolver::is_name;
use super::tags::{Tags, is_version};
use crate::failure::Failure;

/// Selectors that are looked up.
const SELECTORS: usize = 50;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// RSA.
    Rsa(RsaPublicKey),
    /// Ed25519.
    Ed25519([u8; 32]),
}

impl Key {
    /// Size in bits.
    pub(crate) fn bits(&self) -> u32 {
        match self {
            Self::Rsa(key) => key.n().bits(),
            Self::Ed25519(_) => 256,
        }
    }
}

/// What a key record says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// `rsa`, `ed25519`, or another name.
    pub(crate) algorithm: String,
    /// The key, where it can be read.
    pub(crate) key: Option<Key>,
    /// Whether it was withdrawn.
    pub(crate) revoked: bool,
    /// Whether the domain is only testing.
    pub(crate) testing: bool,
    /// Whether signatures may be for the domain itself only, not for those below it.
    pub(crate) strict: bool,
    /// Whether it may be used for mail.
    pub(crate) mail: bool,
    /// What is wrong with it.
    pub(crate) problems: Vec<&'static str>,
}

impl Record {
    /// Reads the text of a key record.
    pub(crate) fn parse(text: &str) -> Self {
        let Some(tags) = Tags::parse(text).filter(|tags| match tags.get("v") {
            Some(version) => version == "DKIM1" && tags.first().is_some_and(|(name, _)| name == "v"),
            None => true,
        }) else {
            return Self { problems: vec!["syntax"], ..Self::default() };
        };
        let algorithm = tags.get("k").unwrap_or("rsa").to_ascii_lowercase();
        let mut record = Self {
            testing: tags.lists("t", "y"),
            strict: tags.lists("t", "s"),
            mail: tags.get("s").is_none() || tags.lists("s", "*") || tags.lists("s", "email"),
            ..Self::default()
        };
        if tags.get("h").is_some() && !tags.lists("h", "sha256") {
            record.problems.push("no-sha256");
        }
        match tags.packed("p") {
            None => record.problems.push("syntax"),
            Some(key) if key.is_empty() => record.revoked = true,
            Some(key) => {
                record.key = decode(&algorithm, &key);
                if !matches!(algorithm.as_str(), "rsa" | "ed25519") {
                    record.problems.push("unknown-algorithm");
                } else if record.key.is_none() {
                    record.problems.push("bad-key");
                }
            }
        }
        record.algorithm = algorithm;
        record
    }
}

fn decode(algorithm: &str, key: &str) -> Option<Key> {
    let bytes = BASE64.decode(key.as_bytes()).ok()?;
    match algorithm {
        // The RFC's text and its examples differ in the form; both are met (erratum 3017).
        "rsa" => RsaPublicKey::from_public_key_der(&bytes)
            .ok()
            .or_else(|| RsaPublicKey::from_pkcs1_der(&bytes).ok())
            .map(Key::Rsa),
        "ed25519" => bytes.try_into().ok().map(Key::Ed25519),
        _ => None,
    }
}

/// Whether a record is meant to be a key, as opposed to other texts at the name.
pub(crate) fn is_key(text: &str) -> bool {
    text.contains("p=") || is_version(text, "DKIM1")
}

/// Looks up the keys of the selectors that the product file names.
pub(super) fn look_at(look: &mut Look<'_>, domain: &str, selectors: &[String]) {
    for selector in selectors.iter().take(SELECTORS) {
        let name = format!("{selector}._domainkey.{domain}");
        if !is_name(&name) {
            let failure = Failure::nonsense("not a name of the DNS");
            look.unanswered(&[Aspect::DomainMail], &name, None, "dns-txt", &failure);
            continue;
        }
        let Some(answer) = look.ask(&[Aspect::DomainMail], &name, Rtype::TXT) else { continue };
        let records: Vec<&str> = answer.texts().filter(|text| is_key(text)).collect();
        let mut fact = DkimKey { domain: domain.to_owned(), selector: selector.clone(), ..DkimKey::default() };
        fact.found = !records.is_empty();
        if let [text] = records.as_slice() {
            let record = Record::parse(text);
            fact.key_bits = record.key.as_ref().map(Key::bits);
            fact.testing = record.testing;
            fact.revoked = record.revoked;
            fact.key_algorithm = (!record.algorithm.is_empty()).then_some(record.algorithm);
            fact.problems = record.problems.into_iter().map(str::to_owned).collect();
        } else if fact.found {
            fact.problems.push("several-records".to_owned());
        }
        look.findings.fact(Observed::DkimKey(fact), source(&name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys() {
        // RFC 8463, appendix A.
        let record = Record::parse("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assert_eq!((record.key.map(|key| key.bits()), record.problems.len()), (Some(256), 0));
        let record = Record::parse(
            "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/\
             byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        );
        assert_eq!((record.key.map(|key| key.bits()), record.problems.len()), (Some(1024), 0));
    }

    #[test]
    fn wrong_keys() {
        assert!(Record::parse("v=DKIM1; p=").revoked);
        assert!(Record::parse("p=; t=y:s").testing);
        for (text, problem) in [
            ("v=DKIM1; k=rsa", "syntax"),
            ("v=DKIM2; p=AAAA", "syntax"),
            ("p=AAAA; v=DKIM1", "syntax"),
            ("v=DKIM1; p=AAAA", "bad-key"),
            ("v=DKIM1; p=????", "bad-key"),
            ("v=DKIM1; k=ed25519; p=AAAA", "bad-key"),
            ("v=DKIM1; k=dsa; p=AAAA", "unknown-algorithm"),
            ("v=DKIM1; h=sha1; p=", "no-sha256"),
        ] {
            assert_eq!(Record::parse(text).problems, [problem], "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Record::parse(&text);
            for algorithm in ["rsa", "ed25519"] {
                let _ = Record::parse(&format!("v=DKIM1; k={algorithm}; p={}", BASE64.encode(&bytes)));
            }
        }
    }
}
