//! Digests that are signed.

use sha2::Digest as _;

/// An algorithm of digests (RFC 5754, section 2; RFC 3370, section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1, which collisions can be made for.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Algorithm {
    /// The one with this object identifier.
    pub(crate) fn of(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The digest of bytes in memory.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }

    /// The beginning of a `DigestInfo` (RFC 8017, section 9.2, note 1).
    pub(crate) fn info(self) -> Vec<u8> {
        let (oid, length): (&[u8], u8) = match self {
            Self::Sha1 => (&[0x2b, 0x0e, 0x03, 0x02, 0x1a], 20),
            Self::Sha256 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], 32),
            Self::Sha384 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02], 48),
            Self::Sha512 => (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03], 64),
        };
        let inner = oid.len() as u8 + 4;
        let mut out = vec![0x30, inner + 4 + length, 0x30, inner, 0x06, oid.len() as u8];
        out.extend_from_slice(oid);
        out.extend([0x05, 0x00, 0x04, length]);
        out
    }
}
