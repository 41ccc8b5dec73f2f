//! The versions of SSL, TLS and DTLS, and how they stand on the wire.

use sekisho_model::product::Transport;

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// SSL 2.0, prohibited by RFC 6176.
    Ssl2,
    /// SSL 3.0, deprecated by RFC 7568.
    Ssl3,
    /// TLS 1.0, deprecated by RFC 8996.
    Tls10,
    /// TLS 1.1, deprecated by RFC 8996.
    Tls11,
    Tls12,
    Tls13,
    /// DTLS 1.0, deprecated by RFC 8996.
    Dtls10,
    Dtls12,
}

impl Version {
    /// The versions over a transport, oldest first.
    pub(super) fn over(transport: Transport) -> &'static [Self] {
        match transport {
            Transport::Tcp => &[Self::Ssl2, Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13],
            Transport::Udp => &[Self::Dtls10, Self::Dtls12],
        }
    }

    /// The word used in facts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ssl2 => "ssl2",
            Self::Ssl3 => "ssl3",
            Self::Tls10 => "tls1.0",
            Self::Tls11 => "tls1.1",
            Self::Tls12 => "tls1.2",
            Self::Tls13 => "tls1.3",
            Self::Dtls10 => "dtls1.0",
            Self::Dtls12 => "dtls1.2",
        }
    }

    /// Its number on the wire; that of DTLS is the complement of TLS's (RFC 6347, section 4.1).
    pub(super) fn code(self) -> u16 {
        match self {
            Self::Ssl2 => 0x0002,
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
            Self::Dtls10 => 0xfeff,
            Self::Dtls12 => 0xfefd,
        }
    }

    pub(super) fn is_datagram(self) -> bool {
        matches!(self, Self::Dtls10 | Self::Dtls12)
    }

    /// Whether its suites may be those of TLS 1.2: AEAD, and SHA-256 in their names.
    pub(super) fn has_modern_suites(self) -> bool {
        matches!(self, Self::Tls12 | Self::Dtls12)
    }

    /// Whether hellos have extensions. SSL 3.0's may not; many of its servers break on them.
    pub(super) fn has_extensions(self) -> bool {
        !matches!(self, Self::Ssl2 | Self::Ssl3)
    }
}
