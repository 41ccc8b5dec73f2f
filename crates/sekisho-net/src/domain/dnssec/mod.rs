//! Whether records are signed as the owner of their zone wants it (DNSSEC, RFC 4033 to 4035, 6840): computed here, from trusted keys downwards,
//! and not taken from the name server's word.
//!
//! The name server only hands over the records. It is told not to check them (CD), so that what it would hold back is seen, too. What rests on it
//! all the same: that a zone is *not* signed. That there is no DS record would have to be proven by NSEC or NSEC3 records, which are not
//! verified here; so a name server that keeps one back makes a zone look unsigned, and never one look signed.

mod anchor;
mod key;
mod record_set;

use domain::base::ToName as _;
use domain::base::iana::Rtype;

pub use anchor::TrustAnchors;
use key::{Digest, Key, is_known};
use record_set::{RecordSet, Signature, canonical, labels};

use super::answer::{ALIASES, Owned};
use super::look::Look;

/// Keys of one zone, and digests of them, that are considered.
const KEYS: usize = 32;
/// Signatures over one set that are tried.
const SIGNATURES: usize = 8;
/// Signatures that are computed for one question: a zone can be made so that every one of many keys has to be tried on every one of many
/// signatures (`KeyTrap`, CVE-2023-50387).
const VERIFICATIONS: u32 = 64;

/// What came of validating a set of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Security {
    /// Signed, up to a trusted key; the algorithm of its own signature.
    Secure(String),
    /// In a zone whose parent names no key, as far as the name server tells.
    Insecure,
    /// It should be signed, and is not or not properly; a code says what is wrong.
    Bogus(&'static str),
    /// It cannot be told; a code says why.
    Unknown(&'static str),
}

impl Security {
    /// The word in facts.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Secure(_) => "secure",
            Self::Insecure => "insecure",
            Self::Bogus(_) => "bogus",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why it is not secure, by a code.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Secure(_) | Self::Insecure => None,
            Self::Bogus(reason) | Self::Unknown(reason) => Some(reason),
        }
    }
}

/// Validates the records of `kind` at `name`, behind its aliases.
pub(super) fn judge(look: &Look<'_>, name: &str, kind: Rtype) -> Security {
    let Ok(name) = name.parse::<Owned>() else { return Security::Unknown("no-answer") };
    // As RRSIG records count: modulo 2^32 (RFC 4034, section 3.1.5).
    let now = look.now.unix_timestamp().rem_euclid(1 << 32);
    let now = u32::try_from(now).unwrap_or_default();
    Walk { look, now, verifications: 0 }.judge(name, kind).unwrap_or_else(|security| security)
}

/// The way from a trusted key down to a name. What is an error ends it, and is its result.
struct Walk<'w> {
    look: &'w Look<'w>,
    now: u32,
    verifications: u32,
}

impl Walk<'_> {
    fn judge(&mut self, mut name: Owned, kind: Rtype) -> Result<Security, Security> {
        for _ in 0..=ALIASES {
            let set = self.ask(&name, kind)?;
            if !set.data.is_empty() {
                return self.trust(&set).map(Security::Secure);
            }
            let alias = self.ask(&name, Rtype::CNAME)?;
            let Some(next) = alias.alias.clone() else { return Err(Security::Unknown("no-records")) };
            self.trust(&alias)?;
            name = next;
        }
        Err(Security::Unknown("no-answer"))
    }

    /// Goes to the zone that says it signed the set, and verifies the signature; the algorithm's name.
    fn trust(&mut self, set: &RecordSet) -> Result<String, Security> {
        let signer =
            set.signatures.iter().map(|signature| &signature.signer).find(|signer| set.owner.ends_with(*signer));
        let Some(signer) = signer else {
            // Right where a zone on the way is not signed; that ends the walk.
            self.walk(&set.owner)?;
            return Err(Security::Bogus("no-signature"));
        };
        let (zone, keys) = self.walk(signer)?;
        if zone != *signer {
            return Err(Security::Bogus("no-key"));
        }
        self.check(set, &keys, &zone)
    }

    /// Goes from the trusted key nearest to `name` down to it: the last zone on the way, and its keys.
    fn walk(&mut self, name: &Owned) -> Result<(Owned, Vec<Key>), Security> {
        let (mut zone, digests) = self.look.resolver.anchors().above(name).ok_or(Security::Unknown("no-anchor"))?;
        let mut keys = self.keys(&zone, &digests).map_err(|security| match security {
            // The zone of the trusted key is signed: whoever gives it without is a name server that leaves signatures out.
            Security::Bogus("no-signature") => Security::Unknown("no-signature"),
            other => other,
        })?;
        let mut below: Vec<Owned> = name.iter_suffixes().map(|suffix| suffix.to_name()).collect();
        below.retain(|suffix| labels(suffix) > labels(&zone));
        for child in below.into_iter().rev() {
            let delegation = self.ask(&child, Rtype::DS)?;
            if !delegation.data.is_empty() {
                self.check(&delegation, &keys, &zone)?;
                keys = self.keys(&child, &delegation.digests)?;
                zone = child;
            } else if !self.ask(&child, Rtype::SOA)?.data.is_empty() {
                // A zone begins here that its parent names no key of.
                return Err(Security::Insecure);
            }
        }
        Ok((zone, keys))
    }

    /// The keys of a zone, which one that `digests` name has signed.
    fn keys(&mut self, zone: &Owned, digests: &[Digest]) -> Result<Vec<Key>, Security> {
        let known: Vec<&Digest> = digests.iter().filter(|digest| digest.is_known()).collect();
        if known.is_empty() {
            return Err(Security::Unknown("algorithm"));
        }
        let set = self.ask(zone, Rtype::DNSKEY)?;
        if set.keys.len() > KEYS || known.len() > KEYS {
            return Err(Security::Unknown("too-many"));
        }
        let owner = canonical(zone);
        let named: Vec<Key> =
            set.keys.iter().filter(|key| known.iter().any(|digest| digest.is_of(key, &owner))).cloned().collect();
        if named.is_empty() {
            return Err(Security::Bogus("no-key"));
        }
        self.check(&set, &named, zone)?;
        Ok(set.keys)
    }

    /// Whether one of `keys`, which are those of `zone`, has signed the set; the algorithm's name.
    fn check(&mut self, set: &RecordSet, keys: &[Key], zone: &Owned) -> Result<String, Security> {
        let own: Vec<&Signature> = set.signatures.iter().filter(|signature| signature.signer == *zone).collect();
        if own.is_empty() {
            return Err(Security::Bogus("no-signature"));
        }
        let known: Vec<&&Signature> = own.iter().filter(|signature| is_known(signature.algorithm)).collect();
        if known.is_empty() {
            return Err(Security::Unknown("algorithm"));
        }
        let mut why = Security::Bogus("no-key");
        for signature in known.iter().take(SIGNATURES) {
            if signature.labels < labels(&set.owner) {
                // That there is nothing nearer than the wildcard would have to be proven, too (RFC 4035, section 5.3.4).
                return Err(Security::Unknown("wildcard"));
            }
            if signature.labels > labels(&set.owner) {
                why = Security::Bogus("bad-signature");
                continue;
            }
            if is_after(signature.inception, self.now) {
                why = Security::Bogus("not-yet-valid");
                continue;
            }
            if is_after(self.now, signature.expiration) {
                why = Security::Bogus("expired");
                continue;
            }
            let message = set.signed_by(signature);
            for key in keys.iter().filter(|key| key.tag == signature.tag && key.algorithm == signature.algorithm) {
                self.verifications += 1;
                if self.verifications > VERIFICATIONS {
                    return Err(Security::Unknown("too-many"));
                }
                if key.signed(&message, &signature.bytes) {
                    return Ok(key::name(key.algorithm));
                }
                why = Security::Bogus("bad-signature");
            }
        }
        Err(if known.len() > SIGNATURES { Security::Unknown("too-many") } else { why })
    }

    fn ask(&self, name: &Owned, kind: Rtype) -> Result<RecordSet, Security> {
        let message = self.look.resolver.message(self.look.budget, name, kind);
        message.and_then(|message| RecordSet::read(&message, name, kind)).map_err(|_| Security::Unknown("no-answer"))
    }
}

/// Whether the moment `a` is after `b`, both modulo 2^32 (RFC 1982).
fn is_after(a: u32, b: u32) -> bool {
    a != b && a.wrapping_sub(b) < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_go_round() {
        assert!(is_after(2, 1) && !is_after(1, 2) && !is_after(1, 1));
        assert!(is_after(5, u32::MAX - 5) && !is_after(u32::MAX - 5, 5));
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), kind in 0..5_usize) {
            let kind = [Rtype::DNSKEY, Rtype::DS, Rtype::CNAME, Rtype::SOA, Rtype::RRSIG][kind];
            let name: Owned = "a.test".parse().unwrap();
            // A proper beginning, so that the records are reached.
            let head = b"\x12\x34\x81\xa0\x00\x01\x00\x02\x00\x00\x00\x00\x01a\x04test\x00\x00\x30\x00\x01\xc0\x0c";
            let [high, low] = kind.to_int().to_be_bytes();
            let message = [&head[..], &[high, low, 0, 1, 0, 0, 0, 60], &bytes].concat();
            if let Ok(set) = RecordSet::read(&message, &name, kind) {
                for key in &set.keys {
                    prop_assert!(!key.signed(&bytes, &bytes));
                }
            }
            if let Some(key) = Key::read(&bytes, 0) {
                prop_assert!(!key.signed(b"a", &bytes));
            }
        }
    }
}
