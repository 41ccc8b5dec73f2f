//! Digests that containers keep of what they hold.

use std::io;

use sha2::Digest;

use crate::blob::Blob;
use crate::layout::hex;
use crate::limits::Budget;

/// An algorithm, by the name that containers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl From<sekisho_cms::Algorithm> for Algorithm {
    fn from(algorithm: sekisho_cms::Algorithm) -> Self {
        match algorithm {
            sekisho_cms::Algorithm::Sha1 => Self::Sha1,
            sekisho_cms::Algorithm::Sha256 => Self::Sha256,
            sekisho_cms::Algorithm::Sha384 => Self::Sha384,
            sekisho_cms::Algorithm::Sha512 => Self::Sha512,
        }
    }
}

impl Algorithm {
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "crc32" => Self::Crc32,
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    /// The digest of a whole blob; none where it cannot be read or a limit is reached: many names for the same bytes could make many times
    /// the work of them.
    pub(crate) fn digest(self, data: &Blob, budget: &Budget) -> Option<Vec<u8>> {
        if !budget.expand(data.len()) {
            return None;
        }
        match self {
            Self::Crc32 => super::crc32_of(data).ok().map(|crc| crc.to_be_bytes().to_vec()),
            Self::Md5 => over::<md5::Md5>(data, budget),
            Self::Sha1 => over::<sha1::Sha1>(data, budget),
            Self::Sha256 => over::<sha2::Sha256>(data, budget),
            Self::Sha384 => over::<sha2::Sha384>(data, budget),
            Self::Sha512 => over::<sha2::Sha512>(data, budget),
        }
    }
}

/// SHA-256 of a whole blob in lower-case hexadecimal.
pub(crate) fn sha256(data: &Blob, budget: &Budget) -> Option<String> {
    Algorithm::Sha256.digest(data, budget).map(|digest| hex(&digest))
}

fn over<D: Digest>(data: &Blob, budget: &Budget) -> Option<Vec<u8>> {
    let mut digest = D::new();
    in_pieces(data, budget, |piece| digest.update(piece)).ok()?;
    Some(digest.finalize().to_vec())
}

/// Shows every byte of `data` in order.
fn in_pieces(data: &Blob, budget: &Budget, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut at = 0;
    while at < data.len() {
        let piece = data.window(at, 1 << 20)?;
        if piece.is_empty() || budget.out_of_time() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        each(&piece);
        at += piece.len() as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn digests_are_those_of_the_standard_tools() {
        let budget = Budget::new(Limits::default());
        let of =
            |name: &str| hex(&Algorithm::of(name).unwrap().digest(&Blob::memory(b"abc".to_vec()), &budget).unwrap());
        assert_eq!(of("crc32"), "352441c2");
        assert_eq!(of("md5"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(of("sha1"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(of("sha256").starts_with("ba7816bf8f01cfea"));
        assert_eq!((of("sha384").len(), of("sha512").len()), (96, 128));
        assert!(Algorithm::of("whirlpool").is_none());
    }
}
