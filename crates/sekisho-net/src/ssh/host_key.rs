//! What a host key is: kind, size and fingerprint.

use data_encoding::BASE64_NOPAD;
use ring::digest;

use super::wire::{Reader, Writer, printable, without_zeros};
use crate::failure::Failure;

/// A host key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostKey {
    pub(super) kind: String,
    pub(super) bits: Option<u32>,
    pub(super) fingerprint: String,
}

/// What ends the name of a certificate's kind (OpenSSH, `PROTOCOL.certkeys`).
const CERTIFICATE: &str = "-cert-v01@openssh.com";

impl HostKey {
    /// Reads it as the server sends it (RFC 4253, section 6.6). Of a certificate the key in it.
    pub(super) fn read(blob: &[u8]) -> Result<Self, Failure> {
        let kind = printable(Reader::new(blob).string()?);
        match kind.strip_suffix(CERTIFICATE) {
            Some(plain) => Self::of_plain(plain, &in_certificate(plain, blob)?),
            None => Self::of_plain(&kind, blob),
        }
    }

    fn of_plain(kind: &str, blob: &[u8]) -> Result<Self, Failure> {
        let fingerprint = BASE64_NOPAD.encode(digest::digest(&digest::SHA256, blob).as_ref());
        Ok(Self { kind: kind.to_owned(), bits: bits(kind, blob)?, fingerprint: format!("SHA256:{fingerprint}") })
    }
}

/// The algorithms whose signatures are made with one kind of key (RFC 8332): asking for one of them is enough.
pub(super) fn kind_of(algorithm: &str) -> String {
    let (name, end) = algorithm.strip_suffix(CERTIFICATE).map_or((algorithm, ""), |name| (name, CERTIFICATE));
    let kind = if matches!(name, "rsa-sha2-256" | "rsa-sha2-512") { "ssh-rsa" } else { name };
    format!("{kind}{end}")
}

fn bits(kind: &str, blob: &[u8]) -> Result<Option<u32>, Failure> {
    let mut reader = Reader::new(blob);
    reader.string()?;
    Ok(match kind {
        "ssh-ed25519" | "ecdsa-sha2-nistp256" => Some(256),
        // The size of the curve's field, as OpenSSH counts.
        "ssh-ed448" => Some(448),
        "ecdsa-sha2-nistp384" => Some(384),
        "ecdsa-sha2-nistp521" => Some(521),
        "ssh-rsa" => {
            reader.mpint()?;
            Some(length(reader.mpint()?))
        }
        "ssh-dss" => Some(length(reader.mpint()?)),
        _ => None,
    })
}

/// Bits of a number.
fn length(number: &[u8]) -> u32 {
    let number = without_zeros(number);
    let whole = u32::try_from(number.len()).unwrap_or(u32::MAX / 8) * 8;
    whole - number.first().map_or(0, |first| first.leading_zeros())
}

/// The key that a certificate of a kind holds: its fields stand behind a random string.
fn in_certificate(plain: &str, blob: &[u8]) -> Result<Vec<u8>, Failure> {
    let fields = match plain {
        "ssh-ed25519" => 1,
        "ssh-dss" => 4,
        _ => 2,
    };
    let mut reader = Reader::new(blob);
    let (_kind, _nonce) = (reader.string()?, reader.string()?);
    let mut key = Writer::default().string(plain.as_bytes());
    for _ in 0..fields {
        key = key.string(reader.string()?);
    }
    Ok(key.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Public keys, the last two as certificates, and what `ssh-keygen -l` says of them.
    const KNOWN: [(&str, &str, u32, &str); 5] = [
        (
            "\
             AAAAB3NzaC1yc2EAAAADAQABAAABAQCkpr/QNqXzPji7BaIqVoUtl4UfnAAJQDLgTxuUrCNdG3SaCrrQn2ziFbph9hg5o48fvhkc\
             S5SiVu6Pfk+tlhYlL56tFyyxGfzY3SngGI/vKyps7kdP+8TMIhvccx5aZPO4i5bTBQYUWyt+MnR98eORA9r6TXB6ICqVJ6fWCDVE\
             yvB1Bm3W6XXT2QOUN/JbPy6oHGjerCJAOYJSB1q4HG6ziwBUm+JIDeRvyXYlUlXQsAee0XO1jv8pzYZfufsLwfVY6sFR1qBU9NMw\
             2aXzxpHe42rDRL1MDTPUwm4/FeTpgEcTZCAgTHnOQhYz4AspmX2p+bKln8YN/u5WS5jDO6u5",
            "ssh-rsa",
            2048,
            "SHA256:OyzR7RpuIf+cTGNoUHyw6N6cy5LG7gKEQpGv0lbVEyg",
        ),
        (
            "\
             AAAAC3NzaC1lZDI1NTE5AAAAIGfBg3FtBUEvWxg7vOwtvrn+wftNUrBU0RmycWebhWs/",
            "ssh-ed25519",
            256,
            "SHA256:U0bmEQztGnNKG/AUWKN2ff26kcN00PVibepPzVpacu4",
        ),
        (
            "\
             AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAApDRnw0xSPy86ijUoXjsuPZC/KUhyguOIUDDkw1S7ntU/7\
             bIETL5EWgXfgqyVYcVwmvHSP76DjYK7/N5ce3m5ACQG4x9gWPJCjhOQtM76OQuxRCFfYJNqAEhN2xzomiRKPoItwgwHjqKDjDTQm\
             0K58EMHDjiL4UHkaYdbXPH7GVXTLuA==",
            "ecdsa-sha2-nistp521",
            521,
            "SHA256:dyRor18N4h4Ss1jnbPb+R/uNXh/Ax1EnZkqoKeWlLXw",
        ),
        (
            "\
             AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg9U0qPiuSYud9NZtZh0HUruHnwuPXfNqeD5caGPaX1hMAAAADAQAB\
             AAABAQCkpr/QNqXzPji7BaIqVoUtl4UfnAAJQDLgTxuUrCNdG3SaCrrQn2ziFbph9hg5o48fvhkcS5SiVu6Pfk+tlhYlL56tFyyx\
             GfzY3SngGI/vKyps7kdP+8TMIhvccx5aZPO4i5bTBQYUWyt+MnR98eORA9r6TXB6ICqVJ6fWCDVEyvB1Bm3W6XXT2QOUN/JbPy6o\
             HGjerCJAOYJSB1q4HG6ziwBUm+JIDeRvyXYlUlXQsAee0XO1jv8pzYZfufsLwfVY6sFR1qBU9NMw2aXzxpHe42rDRL1MDTPUwm4/\
             FeTpgEcTZCAgTHnOQhYz4AspmX2p+bKln8YN/u5WS5jDO6u5AAAAAAAAAAAAAAACAAAAAXgAAAAFAAAAAWgAAAAAAAAAAP//////\
             ////AAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDYg3OUIzqcv45BlomU4zkTbryjfSfYThdUAlGtIg8hYQAAAFMA\
             AAALc3NoLWVkMjU1MTkAAABAZcUk+ob3Jj2q3RTy5iLc9j71aBs+bWHFDlzV4dFH59twJL6I4q31yH706clY39ZvtFMdK3WgUm7W\
             HyDtEW8ODQ==",
            "ssh-rsa",
            2048,
            "SHA256:OyzR7RpuIf+cTGNoUHyw6N6cy5LG7gKEQpGv0lbVEyg",
        ),
        (
            "\
             AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIIlYETFSr/0t0Kp4u9CUEohMhMVLj2v8xFu+mBO1WXhTAAAA\
             IGfBg3FtBUEvWxg7vOwtvrn+wftNUrBU0RmycWebhWs/AAAAAAAAAAAAAAACAAAAAXgAAAAFAAAAAWgAAAAAAAAAAP//////////\
             AAAAAAAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDYg3OUIzqcv45BlomU4zkTbryjfSfYThdUAlGtIg8hYQAAAFMAAAAL\
             c3NoLWVkMjU1MTkAAABAHIw9jN80JIsvnIUsIzuexreb9hWK10WoneUr/PnsuIqkW+QXxSjEMhwBob5Pq2SK3kwfbr7dM0iP4wW9\
             bpFVAA==",
            "ssh-ed25519",
            256,
            "SHA256:U0bmEQztGnNKG/AUWKN2ff26kcN00PVibepPzVpacu4",
        ),
    ];

    #[test]
    fn sizes_and_fingerprints_as_openssh_tells_them() {
        for (blob, kind, bits, fingerprint) in KNOWN {
            let key = HostKey::read(&data_encoding::BASE64.decode(blob.as_bytes()).unwrap()).unwrap();
            assert_eq!((key.kind.as_str(), key.bits, key.fingerprint.as_str()), (kind, Some(bits), fingerprint));
        }
    }

    #[test]
    fn algorithms_share_a_key() {
        for (algorithm, kind) in [
            ("rsa-sha2-512", "ssh-rsa"),
            ("ssh-rsa", "ssh-rsa"),
            ("ssh-ed25519", "ssh-ed25519"),
            ("rsa-sha2-256-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com"),
        ] {
            assert_eq!(kind_of(algorithm), kind);
        }
    }

    #[test]
    fn numbers_of_any_length_have_a_size() {
        assert_eq!((length(&[]), length(&[0, 0]), length(&[0, 1]), length(&[0xff, 0])), (0, 0, 1, 16));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = HostKey::read(&bytes);
            for kind in ["ssh-rsa", "ssh-dss", "ssh-rsa-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"] {
                let _ = HostKey::read(&Writer::default().string(kind.as_bytes()).bytes(&bytes).0);
            }
        }
    }
}
