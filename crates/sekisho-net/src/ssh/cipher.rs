//! How packets are protected once keys are agreed: the ciphers and message authentication codes that this side speaks.
//!
//! Old ones are among them, for without them nothing could be asked of an old server. Nothing that is protected here is secret.

use std::io::Read;

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, StreamCipher};
use ctr::Ctr128BE;
use des::TdesEde3;
use ring::aead::chacha20_poly1305_openssh as chacha;
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use sekisho_model::network::FailureKind;

use crate::blocks::{self, Apply};
use crate::failure::Failure;
use crate::random;

/// Ciphers, the ones that this side would rather have first.
pub(super) const CIPHERS: [&str; 10] = [
    "chacha20-poly1305@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "aes128-cbc",
    "aes192-cbc",
    "aes256-cbc",
    "3des-cbc",
];

/// Message authentication codes, the ones that this side would rather have first.
pub(super) const MACS: [&str; 6] = [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha1",
];

/// Longest packet. Implementations must take 35000 bytes (RFC 4253, section 6.1); what anybody sends here is far shorter.
const LONGEST: usize = 64 << 10;
/// Bytes of the tags of both modes that authenticate by themselves.
const TAG: usize = 16;

/// Which way a direction's packets go through this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Seal,
    Open,
}

/// Takes so many bytes from the keys of one direction: of its initialisation vector (`A`, `B`), key (`C`, `D`) or integrity key (`E`, `F`).
pub(super) type Derive<'a> = &'a dyn Fn(Part, usize) -> Vec<u8>;

/// What keys are derived for (RFC 4253, section 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Vector,
    Key,
    Integrity,
}

/// The protection of one direction.
pub(super) enum Guard {
    Plain,
    ChaChaSeal(Box<chacha::SealingKey>),
    ChaChaOpen(Box<chacha::OpeningKey>),
    Gcm { key: Box<LessSafeKey>, nonce: [u8; 12] },
    Block { cipher: Apply, block: usize, mac: hmac::Key, encrypt_then_mac: bool },
}

impl Guard {
    /// The protection under these names; none where this side does not speak them.
    pub(super) fn new(way: Way, cipher: &str, mac: &str, derive: Derive<'_>) -> Option<Self> {
        match cipher {
            "chacha20-poly1305@openssh.com" => {
                let key: [u8; chacha::KEY_LEN] = derive(Part::Key, chacha::KEY_LEN).try_into().ok()?;
                return Some(match way {
                    Way::Seal => Self::ChaChaSeal(Box::new(chacha::SealingKey::new(&key))),
                    Way::Open => Self::ChaChaOpen(Box::new(chacha::OpeningKey::new(&key))),
                });
            }
            "aes128-gcm@openssh.com" | "aes256-gcm@openssh.com" => {
                let (mode, size) = if cipher.starts_with("aes128") { (&AES_128_GCM, 16) } else { (&AES_256_GCM, 32) };
                let key = Box::new(LessSafeKey::new(UnboundKey::new(mode, &derive(Part::Key, size)).ok()?));
                return Some(Self::Gcm { key, nonce: derive(Part::Vector, 12).try_into().ok()? });
            }
            _ => {}
        }
        let (cipher, block) = match (cipher, way) {
            ("aes128-ctr", _) => (counter::<Ctr128BE<Aes128>>(16, derive)?, 16),
            ("aes192-ctr", _) => (counter::<Ctr128BE<Aes192>>(24, derive)?, 16),
            ("aes256-ctr", _) => (counter::<Ctr128BE<Aes256>>(32, derive)?, 16),
            ("aes128-cbc", Way::Seal) => (encryptor::<cbc::Encryptor<Aes128>>(16, 16, derive)?, 16),
            ("aes128-cbc", Way::Open) => (decryptor::<cbc::Decryptor<Aes128>>(16, 16, derive)?, 16),
            ("aes192-cbc", Way::Seal) => (encryptor::<cbc::Encryptor<Aes192>>(24, 16, derive)?, 16),
            ("aes192-cbc", Way::Open) => (decryptor::<cbc::Decryptor<Aes192>>(24, 16, derive)?, 16),
            ("aes256-cbc", Way::Seal) => (encryptor::<cbc::Encryptor<Aes256>>(32, 16, derive)?, 16),
            ("aes256-cbc", Way::Open) => (decryptor::<cbc::Decryptor<Aes256>>(32, 16, derive)?, 16),
            ("3des-cbc", Way::Seal) => (encryptor::<cbc::Encryptor<TdesEde3>>(24, 8, derive)?, 8),
            ("3des-cbc", Way::Open) => (decryptor::<cbc::Decryptor<TdesEde3>>(24, 8, derive)?, 8),
            _ => return None,
        };
        let (algorithm, size) = match mac.trim_end_matches("-etm@openssh.com") {
            "hmac-sha2-256" => (hmac::HMAC_SHA256, 32),
            "hmac-sha2-512" => (hmac::HMAC_SHA512, 64),
            "hmac-sha1" => (hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, 20),
            _ => return None,
        };
        let encrypt_then_mac = mac.ends_with("-etm@openssh.com");
        let mac = hmac::Key::new(algorithm, &derive(Part::Integrity, size));
        Some(Self::Block { cipher, block, mac, encrypt_then_mac })
    }

    /// Packs `payload` as packet number `sequence`.
    pub(super) fn seal(&mut self, sequence: u32, payload: &[u8]) -> Result<Vec<u8>, Failure> {
        // Where the length is not encrypted with the rest, it does not count towards whole blocks.
        let (block, outside) = match self {
            Self::Plain => (8, 0),
            Self::ChaChaSeal(_) | Self::ChaChaOpen(_) => (8, 4),
            Self::Gcm { .. } => (16, 4),
            Self::Block { block, encrypt_then_mac, .. } => (*block, if *encrypt_then_mac { 4 } else { 0 }),
        };
        let padding = 4 + (block - (4 + 1 + payload.len() + 4 - outside) % block) % block;
        let length = u32::try_from(1 + payload.len() + padding).map_err(|_| Failure::new(FailureKind::TooMuch))?;
        let mut packet = length.to_be_bytes().to_vec();
        packet.push(u8::try_from(padding).unwrap_or_default());
        packet.extend_from_slice(payload);
        let mut filling = vec![0; padding];
        random::fill(&mut filling)?;
        packet.extend_from_slice(&filling);
        match self {
            Self::Plain => {}
            Self::ChaChaSeal(key) => {
                let mut tag = [0; TAG];
                key.seal_in_place(sequence, &mut packet, &mut tag);
                packet.extend_from_slice(&tag);
            }
            Self::ChaChaOpen(_) => return Err(internal()),
            Self::Gcm { key, nonce } => {
                let (head, body) = packet.split_at_mut_checked(4).ok_or_else(internal)?;
                let tag = key
                    .seal_in_place_separate_tag(next_nonce(nonce), Aad::from(&*head), body)
                    .map_err(|_| internal())?;
                packet.extend_from_slice(tag.as_ref());
            }
            Self::Block { cipher, mac, encrypt_then_mac: true, .. } => {
                cipher(packet.get_mut(4..).unwrap_or_default());
                let tag = authenticate(mac, sequence, &packet).sign();
                packet.extend_from_slice(tag.as_ref());
            }
            Self::Block { cipher, mac, encrypt_then_mac: false, .. } => {
                let tag = authenticate(mac, sequence, &packet).sign();
                cipher(&mut packet);
                packet.extend_from_slice(tag.as_ref());
            }
        }
        Ok(packet)
    }

    /// Reads packet number `sequence` and unpacks its payload.
    pub(super) fn open(&mut self, sequence: u32, from: &mut impl Read) -> Result<Vec<u8>, Failure> {
        let mut head = [0; 4];
        let packet = match self {
            Self::Plain => {
                from.read_exact(&mut head)?;
                exactly(from, length(head)?)?
            }
            Self::ChaChaSeal(_) => return Err(internal()),
            Self::ChaChaOpen(key) => {
                from.read_exact(&mut head)?;
                let rest = exactly(from, length(key.decrypt_packet_length(sequence, head))? + TAG)?;
                let mut packet = [&head[..], &rest].concat();
                let (body, tag) = packet.split_last_chunk_mut::<TAG>().ok_or_else(internal)?;
                key.open_in_place(sequence, body, tag).map_err(|_| forged())?.to_vec()
            }
            Self::Gcm { key, nonce } => {
                from.read_exact(&mut head)?;
                let mut rest = exactly(from, length(head)? + TAG)?;
                key.open_in_place(next_nonce(nonce), Aad::from(&head), &mut rest).map_err(|_| forged())?.to_vec()
            }
            Self::Block { cipher, block, mac, encrypt_then_mac: true } => {
                from.read_exact(&mut head)?;
                let mut packet = exactly(from, whole(length(head)?, *block)?)?;
                let tag = exactly(from, tag_size(mac))?;
                authenticate(mac, sequence, &[&head[..], &packet].concat()).verify(&tag)?;
                cipher(&mut packet);
                packet
            }
            Self::Block { cipher, block, mac, encrypt_then_mac: false } => {
                let mut first = exactly(from, *block)?;
                cipher(&mut first);
                let size = length(*first.first_chunk().ok_or_else(internal)?)?;
                let rest = whole(size + 4, *block)?.checked_sub(*block).ok_or_else(misshapen)?;
                let mut rest = exactly(from, rest)?;
                cipher(&mut rest);
                let packet = [first, rest].concat();
                let tag = exactly(from, tag_size(mac))?;
                authenticate(mac, sequence, &packet).verify(&tag)?;
                packet.get(4..).unwrap_or_default().to_vec()
            }
        };
        let (padding, rest) = packet.split_first().ok_or_else(misshapen)?;
        let payload = rest.len().checked_sub(usize::from(*padding)).ok_or_else(misshapen)?;
        Ok(rest.get(..payload).unwrap_or_default().to_vec())
    }
}

/// A message authentication code over the number of a packet and its bytes.
struct Authenticated<'a> {
    key: &'a hmac::Key,
    message: Vec<u8>,
}

fn authenticate<'a>(key: &'a hmac::Key, sequence: u32, bytes: &[u8]) -> Authenticated<'a> {
    Authenticated { key, message: [&sequence.to_be_bytes()[..], bytes].concat() }
}

impl Authenticated<'_> {
    fn sign(&self) -> hmac::Tag {
        hmac::sign(self.key, &self.message)
    }

    fn verify(&self, tag: &[u8]) -> Result<(), Failure> {
        hmac::verify(self.key, &self.message, tag).map_err(|_| forged())
    }
}

fn tag_size(mac: &hmac::Key) -> usize {
    mac.algorithm().digest_algorithm().output_len()
}

fn length(head: [u8; 4]) -> Result<usize, Failure> {
    match usize::try_from(u32::from_be_bytes(head)) {
        Ok(length) if length <= LONGEST => Ok(length),
        _ => Err(Failure { kind: FailureKind::TooMuch, detail: Some("length of an SSH packet".to_owned()) }),
    }
}

fn whole(length: usize, block: usize) -> Result<usize, Failure> {
    if length.is_multiple_of(block) { Ok(length) } else { Err(misshapen()) }
}

fn exactly(from: &mut impl Read, count: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![0; count];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The number of this packet: a fixed part and a counter (RFC 5647, section 7.1).
fn next_nonce(nonce: &mut [u8; 12]) -> Nonce {
    let now = Nonce::assume_unique_for_key(*nonce);
    if let Some(counter) = nonce.last_chunk_mut::<8>() {
        *counter = u64::from_be_bytes(*counter).wrapping_add(1).to_be_bytes();
    }
    now
}

fn counter<C: KeyIvInit + StreamCipher + 'static>(key: usize, derive: Derive<'_>) -> Option<Apply> {
    let mut cipher = C::new_from_slices(&derive(Part::Key, key), &derive(Part::Vector, 16)).ok()?;
    Some(Box::new(move |data| cipher.apply_keystream(data)))
}

fn encryptor<C: KeyIvInit + BlockModeEncrypt + 'static>(key: usize, block: usize, derive: Derive<'_>) -> Option<Apply> {
    blocks::encryptor::<C>(&derive(Part::Key, key), &derive(Part::Vector, block))
}

fn decryptor<C: KeyIvInit + BlockModeDecrypt + 'static>(key: usize, block: usize, derive: Derive<'_>) -> Option<Apply> {
    blocks::decryptor::<C>(&derive(Part::Key, key), &derive(Part::Vector, block))
}

fn forged() -> Failure {
    Failure::nonsense("an SSH packet is not authentic")
}

fn misshapen() -> Failure {
    Failure::nonsense("an SSH packet has impossible lengths")
}

/// A direction was used the wrong way round.
fn internal() -> Failure {
    Failure { kind: FailureKind::Other, detail: Some("protecting an SSH packet".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both ends of a direction.
    fn pair(cipher: &str, mac: &str) -> (Guard, Guard) {
        let derive = |part: Part, size: usize| (0..size).map(|at| at as u8 ^ part as u8).collect();
        (Guard::new(Way::Seal, cipher, mac, &derive).unwrap(), Guard::new(Way::Open, cipher, mac, &derive).unwrap())
    }

    #[test]
    fn every_packet_comes_through_every_protection() {
        for cipher in CIPHERS {
            for mac in MACS {
                let (mut seal, mut open) = pair(cipher, mac);
                for sequence in 0..40 {
                    let payload = vec![sequence as u8; sequence as usize];
                    let packet = seal.seal(sequence, &payload).unwrap();
                    assert_eq!(open.open(sequence, &mut &packet[..]).unwrap(), payload, "{cipher} {mac}");
                }
            }
        }
    }

    #[test]
    fn an_altered_packet_is_refused() {
        for cipher in CIPHERS {
            for mac in MACS {
                let (mut seal, mut open) = pair(cipher, mac);
                let mut packet = seal.seal(0, b"something").unwrap();
                let last = packet.len() - 1;
                packet[last] ^= 1;
                assert!(open.open(0, &mut &packet[..]).is_err(), "{cipher} {mac}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0..CIPHERS.len(), mac in 0..MACS.len()) {
            let _ = Guard::Plain.open(0, &mut &bytes[..]);
            let small = [&[0, 0, 0, 16][..], &bytes].concat();
            for bytes in [&bytes, &small] {
                let (_, mut open) = pair(CIPHERS[at], MACS[mac]);
                let _ = open.open(0, &mut &bytes[..]);
            }
        }
    }
}
