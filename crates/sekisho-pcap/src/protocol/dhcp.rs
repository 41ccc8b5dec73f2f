//! DHCP (RFC 2131): what a station says of itself when it asks for an address.

/// A message.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// Whether it is from a server.
    pub(crate) reply: bool,
    /// Hardware address of the client.
    pub(crate) client: [u8; 6],
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
    let mut message =
        Message { reply: operation == 2, client: payload.get(28..34)?.try_into().ok()?, ..Message::default() };
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
            12 => message.host = text(),
            60 => message.vendor = text(),
            161 => message.mud = text(),
            _ => {}
        }
        rest = &after[usize::from(length)..];
    }
    Some(message)
}
