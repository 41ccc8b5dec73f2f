//! Application protocols, told from what stands in the payload.
//!
//! A port proves nothing: whatever is not recognised by its content stays unknown. Only where a format is so loose that other data could pass
//! for it (CoAP without options, NTP, syslog, `DHCPv6`, `NetBIOS` names) the registered port must agree, too.

pub(crate) mod dhcp;
pub(crate) mod dns;
pub(crate) mod login;
pub(crate) mod mqtt;
pub(crate) mod quic;
pub(crate) mod tls;

mod datagram;
mod industrial;
mod text;

pub(crate) use datagram::datagram;
pub(crate) use text::{host, upgrade};

/// A protocol that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: &'static str,
    /// Whether the side that was taken for the client is the server.
    pub(crate) turned: bool,
}

impl Told {
    fn new(name: &'static str) -> Self {
        Self { name, turned: false }
    }

    fn turned(name: &'static str) -> Self {
        Self { name, turned: true }
    }
}

/// Whether what the protocol carries is encrypted.
pub(crate) fn is_encrypted(name: &str) -> bool {
    matches!(name, "tls" | "dtls" | "ssh" | "quic")
}

/// Recognises what two sides of a TCP connection sent first. Where it is `certain` that the first is the client, it is not tried the other way
/// round.
pub(crate) fn stream(client: &[u8], server: &[u8], certain: bool) -> Option<Told> {
    let tried = |client: &[u8], server: &[u8]| {
        RECOGNISERS.iter().find(|(_, recognise)| recognise(client, server)).map(|(name, _)| *name)
    };
    if let Some(name) = tried(client, server) {
        return Some(Told::new(name));
    }
    if certain { None } else { tried(server, client).map(Told::turned) }
}

type Recogniser = fn(&[u8], &[u8]) -> bool;

/// What is surest comes first.
const RECOGNISERS: [(&str, Recogniser); 19] = [
    ("tls", tls::is),
    ("ssh", text::is_ssh),
    ("http", text::is_http),
    ("rtsp", text::is_rtsp),
    ("sip", text::is_sip),
    ("mqtt", mqtt::is),
    ("smtp", text::is_smtp),
    ("ftp", text::is_ftp),
    ("pop3", text::is_pop3),
    ("imap", text::is_imap),
    ("xmpp", text::is_xmpp),
    ("amqp", text::is_amqp),
    ("smb", industrial::is_smb),
    ("s7comm", industrial::is_s7comm),
    ("modbus", industrial::is_modbus),
    ("dnp3", industrial::is_dnp3),
    ("ethernet-ip", industrial::is_ethernet_ip),
    ("dns", dns::is_over_tcp),
    ("telnet", text::is_telnet),
];

/// A number of two bytes at a place.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A number of three bytes at a place.
pub(crate) fn be24(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(3)?)?;
    Some(usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2]))
}

/// What is shown of bytes of a payload: printable, and no longer than names are.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
