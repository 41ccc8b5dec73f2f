//! Collector: captures of network traffic ([`CaptureCollector`]) and MUD files ([`MudCollector`]), offline.
//!
//! | what | source |
//! | --- | --- |
//! | pcap, also with nanoseconds, of both byte orders | draft-ietf-opsawg-pcap |
//! | pcapng: sections, interfaces, enhanced and simple packets | draft-ietf-opsawg-pcapng |
//! | link types: Ethernet with VLAN tags and `PPPoE`, 802.11 with and without radiotap, PPP, raw IP, BSD loopback, Linux cooked 1 and 2; others are counted and said | draft-ietf-opsawg-pcaplinktype |
//! | IPv4 and IPv6 with fragments put together, TCP, UDP | RFC 791, 8200, 9293, 768 |
//! | QUIC 1 and 2: the hellos in its first packets | RFC 9000, 9001, 9369 |
//! | MUD files in the form of the RFC and of the drafts before it | RFC 8520, 8519 |
//!
//! A capture gives one `traffic-capture` fact, then in this order `traffic-host`, `traffic-flow`, `traffic-destination`, `traffic-credential`,
//! `traffic-tls` and `traffic-certificate`, each with the number of the frame in which it was seen first. What connections have in common is
//! one fact, so that their number depends on whom a device talks to and not on how long somebody recorded.
//!
//! - *Protocols* are told by content, never by port: the module `protocol`. What it does not recognise stays unknown.
//! - *Client* is who sends the first SYN; where that was not captured, who sends what a client sends; else who has the higher port.
//! - *Names* of destinations: the server name of TLS or the host of HTTP in the connection itself, else the name that was last resolved to
//!   the address.
//! - *Log-ins* leave this crate with the secret masked.
//! - *Intervals* are told from six contacts on, *entropies* from one kilobyte on.
//!
//! A MUD file gives one `mud-file` fact and one `mud-rule` fact for each rule. Its signature is a file of its own (RFC 8520, section 13),
//! which is verified where it lies beside it (`*.p7s` in the same folder); the signer's certificate is not held against a root.
//!
//! Input is hostile until shown otherwise: everything is limited ([`Limits`]), and what goes over a limit is a gap.

mod capture;
mod json;
mod limits;
pub mod mud;
mod protocol;
mod stream;

pub use capture::CaptureCollector;
pub use limits::Limits;
pub use mud::MudCollector;

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
