//! How the records of one direction are protected. Nothing that is protected here is secret: it need not take the same time whatever is in it.

use aes::{Aes128, Aes256};
use des::TdesEde3;
use ring::aead::{Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use sekisho_model::network::FailureKind;

use super::suite::{Block, Cipher};
use crate::blocks::{Apply, decryptor, encryptor};
use crate::failure::Failure;
use crate::random;
use crate::tls::version::Version;

/// Which way records go through this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Seal,
    Open,
}

/// The protection of one direction.
pub(super) struct Guard {
    /// The version's number on the wire.
    version: u16,
    /// Number of the next record.
    number: u64,
    kind: Kind,
}

enum Kind {
    Aead {
        key: Box<LessSafeKey>,
        vector: Vec<u8>,
        explicit: bool,
    },
    /// `explicit`: before the data stands a block that makes each record begin anew (RFC 4346, section 6.2.3.2).
    Cbc {
        apply: Apply,
        block: usize,
        mac: hmac::Key,
        explicit: bool,
    },
}

/// The keys of one direction.
pub(super) struct Keys<'k> {
    pub(super) mac: &'k [u8],
    pub(super) key: &'k [u8],
    pub(super) vector: &'k [u8],
}

/// Bytes of the three keys of one direction (RFC 5246, section 6.3).
pub(super) fn lengths(cipher: Cipher, version: Version) -> [usize; 3] {
    match cipher {
        Cipher::Aead { algorithm, explicit } => [0, algorithm.key_len(), if explicit { 4 } else { 12 }],
        Cipher::Cbc { block, mac } => {
            let vector = if version == Version::Tls10 { block.size() } else { 0 };
            [mac.digest_algorithm().output_len(), block.key(), vector]
        }
    }
}

impl Guard {
    /// The protection with these keys, whose lengths are those of [`lengths`].
    pub(super) fn new(way: Way, cipher: Cipher, version: Version, keys: &Keys<'_>) -> Result<Self, Failure> {
        let kind = match cipher {
            Cipher::Aead { algorithm, explicit } => {
                let key = UnboundKey::new(algorithm, keys.key).map_err(|_| internal())?;
                Kind::Aead { key: Box::new(LessSafeKey::new(key)), vector: keys.vector.to_vec(), explicit }
            }
            Cipher::Cbc { block, mac } => {
                let explicit = version != Version::Tls10;
                // With a block before the data, the chain begins with that one, whatever stands before.
                let vector = if explicit { vec![0; block.size()] } else { keys.vector.to_vec() };
                let apply = match (block, way) {
                    (Block::Aes128, Way::Seal) => encryptor::<cbc::Encryptor<Aes128>>(keys.key, &vector),
                    (Block::Aes128, Way::Open) => decryptor::<cbc::Decryptor<Aes128>>(keys.key, &vector),
                    (Block::Aes256, Way::Seal) => encryptor::<cbc::Encryptor<Aes256>>(keys.key, &vector),
                    (Block::Aes256, Way::Open) => decryptor::<cbc::Decryptor<Aes256>>(keys.key, &vector),
                    (Block::TripleDes, Way::Seal) => encryptor::<cbc::Encryptor<TdesEde3>>(keys.key, &vector),
                    (Block::TripleDes, Way::Open) => decryptor::<cbc::Decryptor<TdesEde3>>(keys.key, &vector),
                };
                let apply = apply.ok_or_else(internal)?;
                Kind::Cbc { apply, block: block.size(), mac: hmac::Key::new(mac, keys.mac), explicit }
            }
        };
        Ok(Self { version: version.code(), number: 0, kind })
    }

    /// Protects the data of the next record.
    pub(super) fn seal(&mut self, kind: u8, data: &[u8]) -> Result<Vec<u8>, Failure> {
        let head = head(self.number, kind, self.version, data.len())?;
        let sealed = match &mut self.kind {
            Kind::Aead { key, vector, explicit } => {
                let own = self.number.to_be_bytes();
                let mut sealed = data.to_vec();
                key.seal_in_place_append_tag(nonce(vector, own)?, Aad::from(&head), &mut sealed)
                    .map_err(|_| internal())?;
                [if *explicit { own.as_slice() } else { &[] }, &sealed].concat()
            }
            Kind::Cbc { apply, block, mac, explicit } => {
                let mut record = vec![0; if *explicit { *block } else { 0 }];
                random::fill(&mut record)?;
                record.extend(data);
                record.extend(hmac::sign(mac, &[&head, data].concat()).as_ref());
                let padding = *block - record.len() % *block;
                // Each byte of the padding says how many follow the first.
                record.extend(std::iter::repeat_n(u8::try_from(padding - 1).unwrap_or_default(), padding));
                apply(&mut record);
                record
            }
        };
        self.number = self.number.wrapping_add(1);
        Ok(sealed)
    }

    /// Takes the protection from the next record.
    pub(super) fn open(&mut self, kind: u8, mut record: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let data = match &mut self.kind {
            Kind::Aead { key, vector, explicit } => {
                let own = if *explicit {
                    let own = record.first_chunk().copied().ok_or_else(forged)?;
                    record.drain(..8);
                    own
                } else {
                    self.number.to_be_bytes()
                };
                let nonce = nonce(vector, own)?;
                let length = record.len().checked_sub(key.algorithm().tag_len()).ok_or_else(forged)?;
                let head = head(self.number, kind, self.version, length)?;
                key.open_in_place(nonce, Aad::from(&head), &mut record).map_err(|_| forged())?.to_vec()
            }
            Kind::Cbc { apply, block, mac, explicit } => {
                if !record.len().is_multiple_of(*block) {
                    return Err(forged());
                }
                apply(&mut record);
                let record = record.get(if *explicit { *block } else { 0 }..).ok_or_else(forged)?;
                let padding = usize::from(*record.last().ok_or_else(forged)?) + 1;
                let rest = record.len().checked_sub(padding).and_then(|end| record.get(..end)).ok_or_else(forged)?;
                let tag = mac.algorithm().digest_algorithm().output_len();
                let (data, tag) = rest.len().checked_sub(tag).map(|end| rest.split_at(end)).ok_or_else(forged)?;
                let head = head(self.number, kind, self.version, data.len())?;
                hmac::verify(mac, &[&head, data].concat(), tag).map_err(|_| forged())?;
                data.to_vec()
            }
        };
        self.number = self.number.wrapping_add(1);
        Ok(data)
    }
}

/// What is authenticated beside a record's data: its number, type, version and length.
fn head(number: u64, kind: u8, version: u16, length: usize) -> Result<Vec<u8>, Failure> {
    let length = u16::try_from(length).map_err(|_| Failure::new(FailureKind::TooMuch))?;
    let [high, low] = version.to_be_bytes();
    Ok([number.to_be_bytes().as_slice(), &[kind, high, low], &length.to_be_bytes()].concat())
}

/// The nonce of a record: a short vector with the record's own part behind it (RFC 5288, section 3), a long one with that part laid over its end
/// (RFC 7905, section 2).
fn nonce(vector: &[u8], own: [u8; 8]) -> Result<Nonce, Failure> {
    let mut nonce = [0; 12];
    for (place, byte) in nonce.iter_mut().zip(vector) {
        *place = *byte;
    }
    for (place, byte) in nonce.iter_mut().skip(4).zip(own) {
        *place ^= byte;
    }
    if matches!(vector.len(), 4 | 12) { Ok(Nonce::assume_unique_for_key(nonce)) } else { Err(internal()) }
}

fn forged() -> Failure {
    Failure::nonsense("a record is not authentic")
}

/// Keys of another length than was asked for.
fn internal() -> Failure {
    Failure { kind: FailureKind::Other, detail: Some("protecting a record".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::session::suite::Suite;
    use proptest::prelude::*;

    const SUITES: [u16; 7] = [0xc02f, 0xc030, 0xcca8, 0x002f, 0x003d, 0xc028, 0x000a];
    const VERSIONS: [Version; 3] = [Version::Tls10, Version::Tls11, Version::Tls12];

    /// Both ends of a direction.
    fn pair(suite: u16, version: Version) -> (Guard, Guard) {
        let cipher = Suite::of(suite).unwrap().cipher;
        let bytes: Vec<u8> = (0..200).collect();
        let [mac, key, vector] = lengths(cipher, version);
        let keys = Keys { mac: &bytes[..mac], key: &bytes[100..100 + key], vector: &bytes[180..180 + vector] };
        let guard = |way| Guard::new(way, cipher, version, &keys).unwrap();
        (guard(Way::Seal), guard(Way::Open))
    }

    #[test]
    fn every_record_comes_through_every_protection_and_none_that_is_altered() {
        for version in VERSIONS {
            for suite in SUITES {
                let (mut seal, mut open) = pair(suite, version);
                for length in 0..70 {
                    let data = vec![7; length];
                    let sealed = seal.seal(22, &data).unwrap();
                    assert_eq!(open.open(22, sealed).unwrap(), data, "{suite:#x} {version:?}");
                }
                let sealed = seal.seal(22, b"something").unwrap();
                let mut altered = sealed.clone();
                altered[sealed.len() - 1] ^= 1;
                assert!(open.open(22, altered).is_err(), "{suite:#x} {version:?}");
                assert!(pair(suite, version).1.open(23, pair(suite, version).0.seal(22, b"x").unwrap()).is_err());
            }
        }
    }

    proptest! {
        #[test]
        fn no_record_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..SUITES.len(), version in 0..VERSIONS.len()) {
            let (_, mut open) = pair(SUITES[at], VERSIONS[version]);
            let _ = open.open(22, bytes.clone());
            let _ = open.open(22, bytes.get(..bytes.len() / 16 * 16).unwrap_or_default().to_vec());
        }
    }
}
