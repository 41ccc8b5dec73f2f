//! The cipher suites in which a session can be held, as their names tell.

use ring::aead::{self, AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305};
use ring::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256, HMAC_SHA384};

use super::keys::Hash;
use crate::tls::suites;
use crate::tls::version::Version;

/// How keys are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    /// The client encrypts the secret for the key in the server's certificate (RFC 5246, section 7.4.7.1).
    Rsa,
    /// Over an elliptic curve (RFC 8422).
    Ecdhe,
    /// Over a prime field.
    Dhe,
}

/// How records are protected.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cipher {
    /// RFC 5288 where a part of each nonce is sent, RFC 7905 where none is.
    Aead { algorithm: &'static aead::Algorithm, explicit: bool },
    /// A block cipher in CBC, and a code for authentication (RFC 5246, section 6.2.3.2).
    Cbc { block: Block, mac: hmac::Algorithm },
}

/// A block cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Aes128,
    Aes256,
    TripleDes,
}

impl Block {
    /// Bytes of its key.
    pub(super) fn key(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes256 => 32,
            Self::TripleDes => 24,
        }
    }

    /// Bytes of a block.
    pub(super) fn size(self) -> usize {
        if self == Self::TripleDes { 8 } else { 16 }
    }
}

/// A suite in which a session can be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suite {
    pub(super) exchange: Exchange,
    pub(super) cipher: Cipher,
    /// From which TLS 1.2 derives its keys (RFC 5246, section 5; RFC 5288, section 3).
    hash: Hash,
}

impl Suite {
    /// The suite of a number; none where no session can be held in it.
    pub(super) fn of(code: u16) -> Option<Self> {
        let name = suites::name(code);
        let (exchange, protection) = name.strip_prefix("TLS_")?.split_once("_WITH_")?;
        let exchange = match exchange {
            "RSA" => Exchange::Rsa,
            "ECDHE_RSA" | "ECDHE_ECDSA" => Exchange::Ecdhe,
            "DHE_RSA" | "DHE_DSS" => Exchange::Dhe,
            _ => return None,
        };
        let (cipher, hash) = protection.rsplit_once('_')?;
        let mac = match hash {
            "SHA" => HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            "SHA256" => HMAC_SHA256,
            "SHA384" => HMAC_SHA384,
            _ => return None,
        };
        let cipher = match cipher {
            "AES_128_GCM" => Cipher::Aead { algorithm: &AES_128_GCM, explicit: true },
            "AES_256_GCM" => Cipher::Aead { algorithm: &AES_256_GCM, explicit: true },
            "CHACHA20_POLY1305" => Cipher::Aead { algorithm: &CHACHA20_POLY1305, explicit: false },
            "AES_128_CBC" => Cipher::Cbc { block: Block::Aes128, mac },
            "AES_256_CBC" => Cipher::Cbc { block: Block::Aes256, mac },
            "3DES_EDE_CBC" => Cipher::Cbc { block: Block::TripleDes, mac },
            _ => return None,
        };
        Some(Self { exchange, cipher, hash: if hash == "SHA384" { Hash::Sha384 } else { Hash::Sha256 } })
    }

    /// What keys are derived from in a version.
    pub(super) fn hash(&self, version: Version) -> Hash {
        if version.has_modern_suites() { self.hash } else { Hash::Md5Sha1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_read_from_their_names() {
        let spoken = |code: u16| Suite::of(code).is_some();
        // AES-GCM, ChaCha20-Poly1305, CBC with each code, 3DES.
        assert!([0xc02f, 0xc02c, 0xcca8, 0x009e, 0x002f, 0x003c, 0xc024, 0x000a].into_iter().all(spoken));
        // TLS 1.3's, pre-shared keys, CCM, Camellia, RC4, none at all, no such number.
        assert!(![0x1301, 0x00a8, 0xc0ac, 0x0041, 0x0005, 0x0002, 0xfefe].into_iter().any(spoken));
        assert_eq!(Suite::of(0xc02c).map(|suite| suite.hash(Version::Tls12)), Some(Hash::Sha384));
        assert_eq!(Suite::of(0x002f).map(|suite| suite.hash(Version::Tls12)), Some(Hash::Sha256));
        assert_eq!(Suite::of(0x002f).map(|suite| suite.hash(Version::Tls11)), Some(Hash::Md5Sha1));
    }
}
