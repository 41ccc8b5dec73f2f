//! The line by which each side says what it is (RFC 4253, section 4.2).

use std::io::Read;

use sekisho_model::network::FailureKind;

use super::wire::printable;
use crate::failure::Failure;

/// How this side introduces itself. Some servers have work-arounds for clients by name; this one has no faults to work around.
pub(super) const CLIENT: &str = "SSH-2.0-Sekisho";

/// Bytes of the line itself, with its end: the standard allows 255.
const LONGEST: usize = 255;
/// Bytes of everything before it. The standard names no limit; what is longer is no greeting.
const LONGEST_PREAMBLE: usize = 16 << 10;

/// How a server introduces itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Banner {
    /// The line without its end, which goes into the exchange hash.
    pub(super) line: Vec<u8>,
    /// `2.0`, `1.99`, `1.5`.
    pub(super) protocol: String,
    /// What follows the protocol: software and comment.
    pub(super) software: String,
}

impl Banner {
    /// Whether it speaks the protocol of today; `1.99` stands for both (RFC 4253, section 5.1).
    pub(super) fn speaks_2(&self) -> bool {
        matches!(self.protocol.as_str(), "2.0" | "1.99")
    }

    /// Reads it byte for byte, for what follows belongs to the packets. Lines before it are passed over.
    pub(super) fn read(from: &mut impl Read) -> Result<Self, Failure> {
        let mut before = 0;
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            if from.read(&mut byte)? == 0 {
                return Err(Failure::new(FailureKind::Closed));
            }
            if byte != *b"\n" {
                line.push(byte[0]);
            } else if let Some(banner) = Self::parse(&line) {
                return Ok(banner);
            } else {
                before += line.len() + 1;
                line.clear();
            }
            let limit = if line.starts_with(b"SSH-") { LONGEST } else { LONGEST_PREAMBLE.saturating_sub(before) };
            if line.len() >= limit {
                return Err(Failure { detail: Some("no SSH banner".to_owned()), kind: FailureKind::TooMuch });
            }
        }
    }

    /// A line that may be it, without the line feed.
    fn parse(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let rest = line.strip_prefix(b"SSH-")?;
        let dash = rest.iter().position(|byte| *byte == b'-')?;
        let (protocol, software) = rest.split_at_checked(dash)?;
        Some(Self {
            line: line.to_vec(),
            protocol: printable(protocol),
            software: printable(software.get(1..).unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<Banner, Failure> {
        Banner::read(&mut &*bytes)
    }

    #[test]
    fn banners_as_servers_send_them() {
        let banner = read(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n\0\0").unwrap();
        assert_eq!(banner.line, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3");
        assert_eq!((banner.protocol.as_str(), banner.software.as_str()), ("2.0", "OpenSSH_9.2p1 Debian-2+deb12u3"));
        let banner = read(b"Unauthorised use is prohibited\r\nSSH is watched\nSSH-1.99-dropbear-0.5\n").unwrap();
        assert_eq!((banner.protocol.as_str(), banner.software.as_str()), ("1.99", "dropbear-0.5"));
        assert!(banner.speaks_2());
        assert!(!read(b"SSH-1.5-x\n").unwrap().speaks_2());
    }

    #[test]
    fn what_never_ends_ends_at_a_limit() {
        assert_eq!(read(&b"x".repeat(20_000)).unwrap_err().kind, FailureKind::TooMuch);
        assert_eq!(read(&b"x\n".repeat(20_000)).unwrap_err().kind, FailureKind::TooMuch);
        assert_eq!(read(&[b"SSH-2.0-", &[b'x'; 300][..]].concat()).unwrap_err().kind, FailureKind::TooMuch);
        assert_eq!(read(b"HTTP/1.1 400 Bad Request\r\n").unwrap_err().kind, FailureKind::Closed);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = read(&bytes);
            let _ = read(&[b"SSH-", &bytes[..], b"\n"].concat());
        }
    }
}
