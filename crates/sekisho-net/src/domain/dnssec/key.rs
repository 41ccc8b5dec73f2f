//! Keys of zones (DNSKEY, RFC 4034), their digests (DS), and whether a signature is of a key.

use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use sha2::{Digest as _, Sha256, Sha384};

/// A digest of a key (DS, RFC 4034, section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) tag: u16,
    pub(super) algorithm: u8,
    /// How it was made: 2 is SHA-256, 4 SHA-384 (RFC 4509, RFC 6605).
    pub(super) kind: u8,
    pub(super) bytes: Vec<u8>,
}

impl Digest {
    /// Whether it can be held against a key here.
    pub(super) fn is_known(&self) -> bool {
        matches!(self.kind, 2 | 4) && is_known(self.algorithm)
    }

    /// Whether it is of `key`, which stands at the zone `owner` (in canonical form).
    pub(super) fn is_of(&self, key: &Key, owner: &[u8]) -> bool {
        let digest = match self.kind {
            2 => Sha256::new().chain_update(owner).chain_update(&key.data).finalize().to_vec(),
            4 => Sha384::new().chain_update(owner).chain_update(&key.data).finalize().to_vec(),
            _ => return false,
        };
        self.tag == key.tag && self.algorithm == key.algorithm && self.bytes == digest
    }
}

/// A key of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) tag: u16,
    pub(super) algorithm: u8,
    /// The whole record.
    data: Vec<u8>,
}

impl Key {
    /// The key of a record; none where it does not sign zones (RFC 4034, section 2.1) or was revoked (RFC 5011).
    pub(super) fn read(data: &[u8], tag: u16) -> Option<Self> {
        let [high, low, protocol, algorithm, _, ..] = *data else { return None };
        let signs = high & 1 != 0 && low & 0x80 == 0 && protocol == 3;
        signs.then(|| Self { tag, algorithm, data: data.to_vec() })
    }

    /// Whether `signature` over `message` is of this key. One of an algorithm that is not known here is of none.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = self.data.get(4..).unwrap_or_default();
        match self.algorithm {
            8 => rsa(public).is_some_and(|key| {
                // Short keys sign some zones to this day; whether they are strong enough is another question.
                key.verify(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, message, signature).is_ok()
            }),
            // RFC 6605, section 4: the point without its first byte.
            13 => fits(&ECDSA_P256_SHA256_FIXED, &[&[4], public].concat(), message, signature),
            14 => fits(&ECDSA_P384_SHA384_FIXED, &[&[4], public].concat(), message, signature),
            15 => fits(&ED25519, public, message, signature),
            _ => false,
        }
    }
}

/// Whether signatures of an algorithm can be verified here.
pub(super) fn is_known(algorithm: u8) -> bool {
    matches!(algorithm, 8 | 13 | 14 | 15)
}

/// The name of an algorithm (IANA, DNS Security Algorithm Numbers).
pub(super) fn name(algorithm: u8) -> String {
    match algorithm {
        5 => "rsasha1".to_owned(),
        7 => "rsasha1-nsec3-sha1".to_owned(),
        8 => "rsasha256".to_owned(),
        10 => "rsasha512".to_owned(),
        13 => "ecdsap256sha256".to_owned(),
        14 => "ecdsap384sha384".to_owned(),
        15 => "ed25519".to_owned(),
        16 => "ed448".to_owned(),
        other => other.to_string(),
    }
}

fn fits(kind: &'static dyn signature::VerificationAlgorithm, public: &[u8], message: &[u8], signed: &[u8]) -> bool {
    UnparsedPublicKey::new(kind, public).verify(message, signed).is_ok()
}

/// The key in the form of RFC 3110, section 2: the exponent's length in one byte or three, the exponent, the modulus.
fn rsa(public: &[u8]) -> Option<RsaPublicKeyComponents<&[u8]>> {
    let (length, rest) = match *public {
        [0, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), public.get(3..)?),
        [length, ..] => (usize::from(length), public.get(1..)?),
        [] => return None,
    };
    let (e, n) = rest.split_at_checked(length)?;
    // Numbers begin with their first byte that is not zero.
    let start = n.iter().position(|byte| *byte != 0)?;
    Some(RsaPublicKeyComponents { n: n.get(start..)?, e })
}
