//! Verifying a signature of mail (DKIM, RFC 6376; RFC 8301; Ed25519: RFC 8463).

use std::collections::BTreeMap;

use data_encoding::BASE64;
use ed25519_dalek::VerifyingKey;
use rsa::Pkcs1v15Sign;
use sha2::{Digest as _, Sha256};

use super::canonical::{self, Form};
use super::header::{Field, Message};
use crate::domain::dkim::{Key, Record};
use crate::domain::tags::Tags;

/// Bits that a key of RSA has at least (RFC 8301, section 3.2).
const BITS: u32 = 1024;

/// A signature as its field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature<'m> {
    field: Field<'m>,
    /// Domain that signed.
    pub(super) domain: String,
    /// Its name for the key.
    pub(super) selector: String,
    /// On whose behalf (`i`).
    agent: Option<String>,
    algorithm: Algorithm,
    forms: (Form, Form),
    /// Names of the fields that are signed.
    fields: Vec<String>,
    /// Bytes of the body that are signed.
    length: Option<usize>,
    body_hash: Vec<u8>,
    value: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    RsaSha256,
    Ed25519Sha256,
}

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail,
    BodyChanged,
    NoKey,
    Revoked,
    BadKey,
    Malformed,
    Unsupported,
    Weak,
    Partial,
    Unchecked,
}

impl Outcome {
    /// The word for it in facts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::BodyChanged => "body-changed",
            Self::NoKey => "no-key",
            Self::Revoked => "revoked",
            Self::BadKey => "bad-key",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Weak => "weak",
            Self::Partial => "partial",
            Self::Unchecked => "unchecked",
        }
    }
}

/// A field that is no signature that can be verified: whose it says to be, and what is wrong.
pub(super) type Unusable = (Option<(String, String)>, Outcome);

impl<'m> Signature<'m> {
    /// Reads the field of a signature.
    pub(super) fn parse(field: Field<'m>) -> Result<Self, Unusable> {
        let malformed = || (None, Outcome::Malformed);
        let text = std::str::from_utf8(field.value).map_err(|_| malformed())?;
        let tags = Tags::parse(text).ok_or_else(malformed)?;
        let required = |name| tags.packed(name).filter(|value| !value.is_empty()).ok_or_else(malformed);
        let domain = required("d")?.trim_end_matches('.').to_ascii_lowercase();
        let selector = required("s")?;
        let whose = || Some((domain.clone(), selector.clone()));
        let wrong = |outcome| (whose(), outcome);
        if !crate::domain::is_name(&format!("{selector}._domainkey.{domain}")) {
            return Err(malformed());
        }
        let algorithm = match required("a")?.to_ascii_lowercase().as_str() {
            "rsa-sha256" => Algorithm::RsaSha256,
            "ed25519-sha256" => Algorithm::Ed25519Sha256,
            // RFC 8301, section 3.1.
            "rsa-sha1" => return Err(wrong(Outcome::Weak)),
            _ => return Err(wrong(Outcome::Unsupported)),
        };
        if required("v")? != "1" {
            return Err(wrong(Outcome::Unsupported));
        }
        let forms = match tags.packed("c") {
            None => (Form::Simple, Form::Simple),
            Some(text) => canonical::forms(&text).ok_or_else(|| wrong(Outcome::Unsupported))?,
        };
        let fields: Vec<String> = required("h")?.split(':').map(str::to_ascii_lowercase).collect();
        let decode = |name| BASE64.decode(required(name)?.as_bytes()).map_err(|_| wrong(Outcome::Malformed));
        let (body_hash, value) = (decode("bh")?, decode("b")?);
        let agent = tags.packed("i").map(|agent| agent.to_ascii_lowercase());
        let below = agent.as_ref().is_none_or(|agent| {
            let host = agent.rsplit_once('@').map(|(_, host)| host);
            host.and_then(|host| host.strip_suffix(&domain)).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        let length = tags.packed("l").map(|text| text.parse::<usize>()).transpose();
        let length = length.map_err(|_| wrong(Outcome::Malformed))?;
        // RFC 6376, sections 6.1.1 and 5.4: without the author a signature means nothing.
        if !below || !fields.iter().any(|name| name == "from") {
            return Err(wrong(Outcome::Malformed));
        }
        Ok(Self { field, domain, selector, agent, algorithm, forms, fields, length, body_hash, value })
    }

    /// Verifies it with the key record that its domain publishes.
    pub(super) fn verify(&self, message: &Message<'_>, record: &Record) -> Outcome {
        if record.revoked {
            return Outcome::Revoked;
        }
        let host = self.agent.as_ref().and_then(|agent| agent.rsplit_once('@')).map(|(_, host)| host);
        let strict = record.strict && host.is_some_and(|host| host != self.domain);
        let Some(key) = record.key.as_ref().filter(|_| record.problems.is_empty() && record.mail && !strict) else {
            return Outcome::BadKey;
        };
        let body = canonical::body(self.forms.1, message.body);
        let signed = self.length.map_or(Some(&*body), |length| body.get(..length));
        // A body that is shorter than what was signed is another body.
        let Some(signed) = signed else { return Outcome::BodyChanged };
        if Sha256::digest(signed)[..] != self.body_hash {
            return Outcome::BodyChanged;
        }
        let hash = Sha256::digest(self.signed_header(message));
        let fits = match (self.algorithm, key) {
            (Algorithm::RsaSha256, Key::Rsa(_)) if key.bits() < BITS => return Outcome::Weak,
            (Algorithm::RsaSha256, Key::Rsa(key)) => {
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &self.value).is_ok()
            }
            (Algorithm::Ed25519Sha256, Key::Ed25519(key)) => {
                let signature = ed25519_dalek::Signature::from_slice(&self.value);
                match (VerifyingKey::from_bytes(key), signature) {
                    (Ok(key), Ok(signature)) => key.verify_strict(&hash, &signature).is_ok(),
                    (Err(_), _) => return Outcome::BadKey,
                    (_, Err(_)) => false,
                }
            }
            _ => return Outcome::BadKey,
        };
        match (fits, signed.len() < body.len()) {
            (false, _) => Outcome::Fail,
            (true, true) => Outcome::Partial,
            (true, false) => Outcome::Pass,
        }
    }

    /// What is signed of the header (section 3.7): for each name the last field that was not taken yet, then the signature itself without its
    /// value.
    fn signed_header(&self, message: &Message<'_>) -> Vec<u8> {
        // By name, for `h` may name as many fields as the header has room for.
        let mut left: BTreeMap<Vec<u8>, Vec<&Field<'_>>> = BTreeMap::new();
        for field in &message.fields {
            left.entry(field.name.trim_ascii().to_ascii_lowercase()).or_default().push(field);
        }
        let mut out = Vec::new();
        for name in &self.fields {
            if let Some(field) = left.get_mut(name.as_bytes()).and_then(Vec::pop) {
                out.extend(canonical::field(self.forms.0, field.raw));
            }
        }
        let mut own = canonical::field(self.forms.0, &without_value(self.field.raw));
        if own.ends_with(b"\r\n") {
            own.truncate(own.len() - 2);
        }
        out.extend(own);
        out
    }
}

/// The field with an empty `b`.
fn without_value(raw: &[u8]) -> Vec<u8> {
    let colon = raw.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
    let (name, value) = raw.split_at_checked(colon).unwrap_or((raw, &[]));
    let mut out = name.to_vec();
    for (index, part) in value.split(|byte| *byte == b';').enumerate() {
        if index > 0 {
            out.push(b';');
        }
        let equals = part.iter().position(|byte| *byte == b'=');
        match equals.and_then(|equals| part.split_at_checked(equals + 1)) {
            Some((tag, _)) if tag.trim_ascii().strip_suffix(b"=").is_some_and(|tag| tag.trim_ascii() == b"b") => {
                out.extend(tag);
            }
            _ => out.extend(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_of_b_goes() {
        assert_eq!(without_value(b"D: a=x; bh=y; b=z\r\n z"), b"D: a=x; bh=y; b=");
        assert_eq!(without_value(b"D: b = z; a=b=c"), b"D: b =; a=b=c");
    }
}
