//! DHCP (RFC 2131): what a station says of itself when it asks for an address, and which one it gets.

use std::net::Ipv4Addr;

/// A message.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// Whether it is from a server.
    pub(crate) reply: bool,
    /// Hardware address of the client.
    pub(crate) client: [u8; 6],
    /// The address that the server gives it.
    pub(crate) given: Option<Ipv4Addr>,
    /// Host name (option 12).
    pub(crate) host: Option<String>,
    /// Vendor class (option 60).
    pub(crate) vendor: Option<String>,
    /// URL of the MUD file (option 161; RFC 8520, section 10).
    pub(crate) mud: Option<String>,
}

/// Reads a message: the fixed part with its cookie, then options (RFC 2132). A part that is cut off is left out.
pub(crate) fn parse(payload: &[u8]) -> Option<Message> {
    let [operation @ (1 | 2), 1, 6, ..] = *payload else { return None };
    if payload.get(236..240)? != [0x63, 0x82, 0x53, 0x63] {
        return None;
    }
    let given = Ipv4Addr::from(*payload.get(16..)?.first_chunk::<4>()?);
    let mut message = Message {
        reply: operation == 2,
        client: payload.get(28..34)?.try_into().ok()?,
        given: Some(given).filter(|given| operation == 2 && !given.is_unspecified()),
        ..Message::default()
    };
    let mut acknowledged = false;
    let mut rest = payload.get(240..)?;
    while let Some((&code, after)) = rest.split_first() {
        if code == 0 {
            rest = after;
            continue;
        }
        let Some((&length, after)) = after.split_first().filter(|_| code != 255) else { break };
        let Some(value) = after.get(..usize::from(length)) else { break };
        let text = || Some(super::shown(value)).filter(|text| !text.is_empty());
        match code {
            53 => acknowledged = value == [5],
            12 => message.host = text(),
            60 => message.vendor = text(),
            161 => message.mud = text(),
            _ => {}
        }
        rest = &after[usize::from(length)..];
    }
    // An offer is not yet an address that somebody has.
    message.given = message.given.filter(|_| acknowledged);
    Some(message)
}
