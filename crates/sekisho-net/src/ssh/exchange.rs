//! The exchange of keys (RFC 4253, section 8; RFC 4419, 5656, 8731), up to the server's reply, which holds its host key.
//!
//! The server's signature is not verified: no server is trusted here, and whoever answers is the one that is looked at. That it holds the
//! private part of the key that it shows is therefore not known.

use std::io::{Read, Write};

use num_bigint::BigUint;
use ring::agreement::{ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::digest;
use ring::rand::SystemRandom;
use sekisho_model::network::FailureKind;

use super::cipher::Part;
use super::groups::{GROUP_1, GROUP_14, GROUP_16};
use super::transport::Transport;
use super::wire::{Reader, Writer};
use crate::diffie_hellman::{Pair, improper};
use crate::failure::Failure;
use crate::random;

/// A method for the exchange of keys.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    hash: &'static digest::Algorithm,
    group: Group,
}

#[derive(Debug)]
enum Group {
    Curve(&'static ring::agreement::Algorithm),
    /// A prime in hexadecimal, with the generator 2.
    Prime(&'static str),
    /// The server sends prime and generator (RFC 4419).
    OfTheServer,
}

/// The methods that this side speaks, the cheapest for the server first.
pub(super) static METHODS: [Method; 10] = [
    Method { name: "curve25519-sha256", hash: &digest::SHA256, group: Group::Curve(&X25519) },
    Method { name: "curve25519-sha256@libssh.org", hash: &digest::SHA256, group: Group::Curve(&X25519) },
    Method { name: "ecdh-sha2-nistp256", hash: &digest::SHA256, group: Group::Curve(&ECDH_P256) },
    Method { name: "ecdh-sha2-nistp384", hash: &digest::SHA384, group: Group::Curve(&ECDH_P384) },
    Method { name: "diffie-hellman-group14-sha256", hash: &digest::SHA256, group: Group::Prime(GROUP_14) },
    Method { name: "diffie-hellman-group16-sha512", hash: &digest::SHA512, group: Group::Prime(GROUP_16) },
    Method { name: "diffie-hellman-group14-sha1", hash: SHA1, group: Group::Prime(GROUP_14) },
    Method { name: "diffie-hellman-group1-sha1", hash: SHA1, group: Group::Prime(GROUP_1) },
    Method { name: "diffie-hellman-group-exchange-sha256", hash: &digest::SHA256, group: Group::OfTheServer },
    Method { name: "diffie-hellman-group-exchange-sha1", hash: SHA1, group: Group::OfTheServer },
];

const SHA1: &digest::Algorithm = &digest::SHA1_FOR_LEGACY_USE_ONLY;

/// Bits of a group that this side asks for: least, preferred, most (RFC 4419, section 3).
const SIZES: [u32; 3] = [1024, 2048, 8192];

/// What both sides said before the exchange; all of it is hashed.
pub(super) struct Before<'a> {
    pub(super) client_banner: &'a [u8],
    pub(super) server_banner: &'a [u8],
    pub(super) client_offer: &'a [u8],
    pub(super) server_offer: &'a [u8],
}

/// What the exchange brought.
pub(super) struct Exchanged {
    /// The server's host key, as it sent it.
    pub(super) host_key: Vec<u8>,
    hash: &'static digest::Algorithm,
    secret: Vec<u8>,
    session: Vec<u8>,
}

impl Method {
    /// Exchanges keys, up to and with the server's reply.
    pub(super) fn run<S: Read + Write>(
        &self,
        transport: &mut Transport<S>,
        before: &Before<'_>,
    ) -> Result<Exchanged, Failure> {
        let spoken = Writer::default()
            .string(before.client_banner)
            .string(before.server_banner)
            .string(before.client_offer)
            .string(before.server_offer);
        let (host_key, spoken, secret) = match &self.group {
            Group::Curve(curve) => {
                let private = EphemeralPrivateKey::generate(curve, &SystemRandom::new()).map_err(|_| random::none())?;
                let public = private.compute_public_key().map_err(|_| random::none())?;
                transport.send(&Writer::message(30).string(public.as_ref()).0)?;
                let reply = transport.expect(31)?;
                let mut reader = Reader::new(&reply);
                let (host_key, theirs) = (reader.string()?, reader.string()?);
                let secret = agree_ephemeral(private, &UnparsedPublicKey::new(curve, theirs), <[u8]>::to_vec)
                    .map_err(|_| improper())?;
                let spoken = spoken.string(host_key).string(public.as_ref()).string(theirs);
                (host_key.to_vec(), spoken, secret)
            }
            Group::Prime(prime) => {
                let prime = BigUint::parse_bytes(prime.as_bytes(), 16).ok_or_else(improper)?;
                let pair = Pair::new(prime, &BigUint::from(2_u8))?;
                let Reply { host_key, theirs, secret } = agree(&pair, transport, 30, 31)?;
                let spoken = spoken.string(&host_key).mpint(&pair.public()).mpint(&theirs);
                (host_key, spoken, secret)
            }
            Group::OfTheServer => {
                let [least, preferred, most] = SIZES;
                transport.send(&Writer::message(34).uint32(least).uint32(preferred).uint32(most).0)?;
                let group = transport.expect(31)?;
                let mut reader = Reader::new(&group);
                let (prime, generator) = (reader.mpint()?, reader.mpint()?);
                if prime.len() * 8 > SIZES[2] as usize {
                    return Err(Failure { kind: FailureKind::TooMuch, detail: Some("size of a group".to_owned()) });
                }
                let pair = Pair::new(BigUint::from_bytes_be(prime), &BigUint::from_bytes_be(generator))?;
                let Reply { host_key, theirs, secret } = agree(&pair, transport, 32, 33)?;
                let spoken = spoken.string(&host_key).uint32(least).uint32(preferred).uint32(most);
                let spoken = spoken.mpint(prime).mpint(generator).mpint(&pair.public()).mpint(&theirs);
                (host_key, spoken, secret)
            }
        };
        let session = digest::digest(self.hash, &spoken.mpint(&secret).0).as_ref().to_vec();
        Ok(Exchanged { host_key, hash: self.hash, secret, session })
    }
}

impl Exchanged {
    /// Derives `size` bytes for `part` of the direction towards the server (`up`) or from it (RFC 4253, section 7.2).
    pub(super) fn derive(&self, up: bool, part: Part, size: usize) -> Vec<u8> {
        let letter = match (part, up) {
            (Part::Vector, true) => b'A',
            (Part::Vector, false) => b'B',
            (Part::Key, true) => b'C',
            (Part::Key, false) => b'D',
            (Part::Integrity, true) => b'E',
            (Part::Integrity, false) => b'F',
        };
        let beginning = Writer::default().mpint(&self.secret).bytes(&self.session).0;
        let hash = |rest: &[u8]| digest::digest(self.hash, &[&beginning, rest].concat());
        let mut key = hash(&[&[letter][..], &self.session].concat()).as_ref().to_vec();
        while key.len() < size {
            let more = hash(&key);
            key.extend_from_slice(more.as_ref());
        }
        key.truncate(size);
        key
    }
}

/// The server's half of it.
struct Reply {
    host_key: Vec<u8>,
    /// Its public key.
    theirs: Vec<u8>,
    /// What both sides share now.
    secret: Vec<u8>,
}

/// Sends the public key and takes the reply.
fn agree<S: Read + Write>(pair: &Pair, transport: &mut Transport<S>, init: u8, reply: u8) -> Result<Reply, Failure> {
    transport.send(&Writer::message(init).mpint(&pair.public()).0)?;
    let reply = transport.expect(reply)?;
    let mut reader = Reader::new(&reply);
    let (host_key, theirs) = (reader.string()?, reader.mpint()?);
    Ok(Reply { host_key: host_key.to_vec(), theirs: theirs.to_vec(), secret: pair.secret(theirs)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A connection whose other side sends these payloads, whatever it is asked.
    struct Scripted(Cursor<Vec<u8>>);

    impl Read for Scripted {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Scripted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn run(method: &Method, payloads: &[Vec<u8>]) -> Result<Exchanged, Failure> {
        let sent = payloads.iter().flat_map(|payload| super::super::cipher::Guard::Plain.seal(0, payload).unwrap());
        let mut transport = Transport::new(Scripted(Cursor::new(sent.collect())));
        let before = Before { client_banner: b"", server_banner: b"", client_offer: b"", server_offer: b"" };
        method.run(&mut transport, &before)
    }

    fn named(name: &str) -> &'static Method {
        METHODS.iter().find(|method| method.name == name).unwrap()
    }

    #[test]
    fn groups_that_are_none_are_refused() {
        let method = named("diffie-hellman-group-exchange-sha256");
        for (prime, generator) in
            [(vec![], vec![2]), (vec![0xff; 32], vec![2]), (vec![0xfe; 256], vec![2]), (vec![0xff; 256], vec![1])]
        {
            let group = Writer::message(31).mpint(&prime).mpint(&generator).0;
            assert_eq!(run(method, &[group]).err().unwrap().kind, FailureKind::Nonsense);
        }
        let huge = Writer::message(31).mpint(&[0xff; 8000]).mpint(&[2]).0;
        assert_eq!(run(method, &[huge]).err().unwrap().kind, FailureKind::TooMuch);
    }

    #[test]
    fn public_keys_that_are_none_are_refused() {
        for (name, theirs) in [
            ("diffie-hellman-group14-sha256", vec![]),
            ("diffie-hellman-group14-sha256", vec![0xff; 256]),
            ("curve25519-sha256", vec![1; 31]),
            // The point of small order that all private keys take to zero.
            ("curve25519-sha256", vec![0; 32]),
            ("ecdh-sha2-nistp256", vec![4; 65]),
        ] {
            let reply = Writer::message(31).string(b"key").string(&theirs).string(b"signature").0;
            assert_eq!(run(named(name), &[reply]).err().unwrap().kind, FailureKind::Nonsense, "{name}");
        }
    }

    #[test]
    fn keys_of_any_size_can_be_derived() {
        let exchanged = Exchanged { host_key: vec![], hash: SHA1, secret: vec![1], session: vec![2; 20] };
        let long = exchanged.derive(true, Part::Key, 64);
        assert_eq!(long.len(), 64);
        assert_eq!(exchanged.derive(true, Part::Key, 20), long[..20]);
        assert_ne!(exchanged.derive(false, Part::Key, 20), long[..20]);
    }

    proptest! {
        #[test]
        fn no_reply_panics(reply in proptest::collection::vec(any::<u8>(), 0..200), at in 0..METHODS.len()) {
            let _ = run(&METHODS[at], &[[&[31][..], &reply].concat()]);
        }
    }
}
