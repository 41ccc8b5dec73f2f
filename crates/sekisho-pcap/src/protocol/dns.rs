//! Messages of DNS (RFC 1035) and of what shares its format: mDNS (RFC 6762), LLMNR (RFC 4795), `NetBIOS` names (RFC 1002).

use std::net::IpAddr;

use super::be16;

/// Records of one message that are read.
const RECORDS: usize = 256;

/// A message.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) response: bool,
    /// Names that are asked for.
    pub(crate) questions: Vec<String>,
    /// Records with an address or another name, by their owners.
    pub(crate) answers: Vec<(String, Data)>,
}

/// What a record says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// A, AAAA.
    Address(IpAddr),
    /// CNAME.
    Alias(String),
    Other,
}

/// Whether what both sides sent are messages behind their lengths (RFC 1035, section 4.2.2).
pub(super) fn is_over_tcp(client: &[u8], server: &[u8]) -> bool {
    let is = |bytes: &[u8], response: bool| {
        be16(bytes, 0)
            .and_then(|length| bytes.get(2..2 + usize::from(length)))
            .and_then(|message| parse(message, true))
            .is_some_and(|message| message.response == response)
    };
    is(client, false) || (client.is_empty() && is(server, true))
}

/// Whether the name is one of `NetBIOS` in its first encoding (RFC 1001, section 14.1).
pub(super) fn is_netbios(name: &str) -> bool {
    let label = name.split('.').next().unwrap_or_default();
    label.len() == 32 && label.bytes().all(|byte| (b'a'..=b'p').contains(&byte))
}

/// Reads a message. Where `exact`, it must end where the bytes end: then other data do not pass for it.
pub(crate) fn parse(bytes: &[u8], exact: bool) -> Option<Message> {
    let flags = be16(bytes, 2)?;
    let response = flags & 0x8000 != 0;
    let operation = flags >> 11 & 15;
    let count = |at| be16(bytes, at).map(usize::from);
    let (questions, answers, authorities, additional) = (count(4)?, count(6)?, count(8)?, count(10)?);
    // Registrations of NetBIOS are operations 5 to 9.
    let plausible = operation <= 9
        && flags & 0x0040 == 0
        && questions + answers + authorities + additional >= 1
        && questions <= 32
        && answers + authorities + additional <= RECORDS
        && (response || questions > 0 || answers > 0);
    if !plausible {
        return None;
    }
    let mut message = Message { response, ..Message::default() };
    let mut at = 12;
    for _ in 0..questions {
        let (name, next) = name(bytes, at)?;
        let kind = be16(bytes, next)?;
        // The classes that exist; mDNS uses the highest bit of its own.
        if !matches!(be16(bytes, next + 2)? & 0x7fff, 1..=4 | 254 | 255) || kind == 0 {
            return None;
        }
        message.questions.push(name);
        at = next + 4;
    }
    for number in 0..answers + authorities + additional {
        let (owner, next) = name(bytes, at)?;
        let kind = be16(bytes, next)?;
        let length = usize::from(be16(bytes, next + 8)?);
        let start = next + 10;
        let data = bytes.get(start..start + length)?;
        let data = match (kind, data) {
            (1, data) => Data::Address(<[u8; 4]>::try_from(data).ok()?.into()),
            (28, data) => Data::Address(<[u8; 16]>::try_from(data).ok()?.into()),
            (5, _) => Data::Alias(name_at(bytes, start)?),
            _ => Data::Other,
        };
        if data != Data::Other || number < answers {
            message.answers.push((owner, data));
        }
        at = start + length;
    }
    (!exact || at == bytes.len()).then_some(message)
}

fn name_at(bytes: &[u8], at: usize) -> Option<String> {
    name(bytes, at).map(|(name, _)| name)
}

/// A name in lower case and the place after it. Pointers lead backwards only (section 4.1.4), so it ends.
fn name(bytes: &[u8], start: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let (mut at, mut end, mut lowest) = (start, None, start);
    loop {
        let length = *bytes.get(at)?;
        match length {
            0 => {
                let end = end.unwrap_or(at + 1);
                return Some((name, end));
            }
            1..=63 => {
                let label = bytes.get(at + 1..at + 1 + usize::from(length))?;
                if name.len() + label.len() > 254 {
                    return None;
                }
                if !name.is_empty() {
                    name.push('.');
                }
                let printable = |c: char| if c.is_control() || c == '.' { '\u{fffd}' } else { c.to_ascii_lowercase() };
                name.extend(String::from_utf8_lossy(label).chars().map(printable));
                at += 1 + usize::from(length);
            }
            0xc0.. => {
                let target = usize::from(be16(bytes, at)? & 0x3fff);
                if target >= lowest {
                    return None;
                }
                end.get_or_insert(at + 2);
                (at, lowest) = (target, target);
            }
            _ => return None,
        }
    }
}
