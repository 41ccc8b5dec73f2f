//! What keys and the messages that finish a handshake are derived from: the pseudo-random function of TLS 1.0 and 1.1 (RFC 4346, section 5) and
//! that of TLS 1.2 (RFC 5246, section 5).

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use ring::{digest, hmac as ring_hmac};

/// What everything is derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    /// MD5 and SHA-1 together, before TLS 1.2.
    Md5Sha1,
    Sha256,
    Sha384,
}

impl Hash {
    /// The digest of all messages so far.
    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let ring = |algorithm| digest::digest(algorithm, bytes).as_ref().to_vec();
        match self {
            Self::Md5Sha1 => [Md5::digest(bytes).as_slice(), &ring(&digest::SHA1_FOR_LEGACY_USE_ONLY)].concat(),
            Self::Sha256 => ring(&digest::SHA256),
            Self::Sha384 => ring(&digest::SHA384),
        }
    }

    /// `length` bytes from a secret, a label and a seed.
    pub(super) fn derive(self, secret: &[u8], label: &str, seed: &[u8], length: usize) -> Vec<u8> {
        let seed = [label.as_bytes(), seed].concat();
        match self {
            Self::Md5Sha1 => {
                // Each half of the secret for one of them; an odd byte is in both.
                let half = secret.len().div_ceil(2);
                let first = secret.get(..half).unwrap_or_default();
                let second = secret.get(secret.len() - half..).unwrap_or_default();
                let sha1 = expand(sign(ring_hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, second), &seed, length);
                expand(sign_md5(first), &seed, length).iter().zip(sha1).map(|(one, other)| one ^ other).collect()
            }
            Self::Sha256 => expand(sign(ring_hmac::HMAC_SHA256, secret), &seed, length),
            Self::Sha384 => expand(sign(ring_hmac::HMAC_SHA384, secret), &seed, length),
        }
    }
}

/// `P_hash` of both documents.
fn expand(sign: impl Fn(&[u8]) -> Vec<u8>, seed: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 64);
    let mut link = sign(seed);
    while bytes.len() < length {
        bytes.extend(sign(&[&link, seed].concat()));
        link = sign(&link);
    }
    bytes.truncate(length);
    bytes
}

fn sign(algorithm: ring_hmac::Algorithm, key: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> {
    let key = ring_hmac::Key::new(algorithm, key);
    move |data| ring_hmac::sign(&key, data).as_ref().to_vec()
}

fn sign_md5(key: &[u8]) -> impl Fn(&[u8]) -> Vec<u8> {
    // A key of any length will do (RFC 2104, section 3).
    let keyed = Hmac::<Md5>::new_from_slice(key).ok();
    move |data| {
        let mut keyed = keyed.clone();
        if let Some(keyed) = &mut keyed {
            keyed.update(data);
        }
        keyed.map(|keyed| keyed.finalize().into_bytes().to_vec()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_of_tls_1_2_gives_what_others_get() {
        // Test vector for SHA-256 that was made known on the mailing list of the TLS working group.
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let secret = hex("9bbe436ba940f017b17652849a71db35");
        let seed = hex("a0ba9f936cda311827a6f796ffd5198c");
        let bytes = Hash::Sha256.derive(&secret, "test label", &seed, 100);
        assert_eq!(bytes[..32], hex("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"));
        assert_eq!(bytes[96..], hex("87347b66"));
    }
}
