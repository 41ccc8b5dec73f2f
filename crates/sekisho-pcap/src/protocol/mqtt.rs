//! MQTT 3.1, 3.1.1 and 5: how a session begins.

use super::be16;

/// What a CONNECT says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Connect<'a> {
    pub(crate) user: Option<&'a [u8]>,
    pub(crate) password: Option<&'a [u8]>,
}

/// Whether the client connects, or the server answers to that (section 3.2 of MQTT 5) and nothing of the client was captured.
pub(super) fn is(client: &[u8], server: &[u8]) -> bool {
    let connack =
        |bytes: &[u8]| matches!(bytes, [0x20, 2, 0 | 1, 0..=5, rest @ ..] if rest.is_empty() || plausible(rest[0]));
    connect(client).is_some() || begins_connect(client) || (client.is_empty() && connack(server))
}

/// Whether the bits of a fixed header are allowed (section 2.1).
fn plausible(head: u8) -> bool {
    match head >> 4 {
        3 => head & 6 != 6,
        6 | 8 | 10 => head & 15 == 2,
        1 | 2 | 4 | 5 | 7 | 9 | 11..=15 => head.trailing_zeros() >= 4,
        _ => false,
    }
}

fn begins_connect(bytes: &[u8]) -> bool {
    head(bytes).is_some()
}

/// The variable header of a CONNECT: level and flags, and what follows.
fn head(bytes: &[u8]) -> Option<(u8, u8, &[u8])> {
    let body = remaining(bytes.strip_prefix(&[0x10])?)?;
    let (name, rest) = text(body)?;
    let [level, flags, _, _, rest @ ..] = rest else { return None };
    let known = matches!((name, *level), (b"MQTT", 4 | 5) | (b"MQIsdp", 3))
        || matches!((name, level & 0x7f), (b"MQTT", 4) | (b"MQIsdp", 3));
    // The lowest bit is reserved (section 3.1.2.3).
    (known && flags & 1 == 0).then_some((*level & 0x7f, *flags, rest))
}

/// Reads a CONNECT (section 3.1).
pub(crate) fn connect(bytes: &[u8]) -> Option<Connect<'_>> {
    let (level, flags, mut rest) = head(bytes)?;
    if level == 5 {
        rest = skip_properties(rest)?;
    }
    let (_, mut rest) = text(rest)?;
    if flags & 4 != 0 {
        if level == 5 {
            rest = skip_properties(rest)?;
        }
        rest = text(text(rest)?.1)?.1;
    }
    let mut field = |set: bool| -> Option<Option<&[u8]>> {
        if !set {
            return Some(None);
        }
        let (field, after) = text(rest)?;
        rest = after;
        Some(Some(field))
    };
    Some(Connect { user: field(flags & 0x80 != 0)?, password: field(flags & 0x40 != 0)? })
}

/// A variable-length number and what follows it (section 1.5.5).
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (i, &byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

/// What there is of the packet.
fn remaining(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = number(bytes)?;
    Some(&rest[..length.min(rest.len())])
}

fn skip_properties(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = number(bytes)?;
    rest.get(length..)
}

fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(be16(bytes, 0)?);
    bytes[2..].split_at_checked(length)
}
