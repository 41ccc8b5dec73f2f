//! Frames of radio networks (IEEE 802.11, clause 9), with what a receiver writes in front of them (radiotap) or without.

use super::link::{Read, typed};
use super::names::Mac;
use crate::protocol::be16;

/// A frame behind a radiotap header (radiotap.org): of its fields, the flags tell how the frame ends and whether it is damaged.
pub(super) fn radiotap(data: &[u8]) -> Read<'_> {
    let [0, _, low, high, ..] = *data else { return Read::Broken };
    let length = usize::from(u16::from_le_bytes([low, high]));
    let Some((header, mut frame)) = data.split_at_checked(length) else { return Read::Broken };
    let flags = flags(header).unwrap_or_default();
    if flags & BAD_CHECKSUM != 0 {
        return Read::Broken;
    }
    if flags & CHECKSUM != 0 {
        let Some(without) = frame.len().checked_sub(4) else { return Read::Broken };
        frame = &frame[..without];
    }
    frame_of(frame, flags & PADDED != 0)
}

/// A frame without such a header.
pub(super) fn read(data: &[u8]) -> Read<'_> {
    frame_of(data, false)
}

/// The frame ends with a check sequence.
const CHECKSUM: u8 = 0x10;
/// Between its header and its body it is filled up to four bytes.
const PADDED: u8 = 0x20;
/// The check sequence was wrong.
const BAD_CHECKSUM: u8 = 0x40;

/// The field of flags. Which fields there are, words of bits tell, of which the last has its highest bit clear; a field lies where its size
/// divides.
fn flags(header: &[u8]) -> Option<u8> {
    let word = |at: usize| Some(u32::from_le_bytes(*header.get(at..)?.first_chunk()?));
    let first = word(4)?;
    let mut at = 8;
    while word(at - 4)? & 1 << 31 != 0 {
        at += 4;
    }
    if first & 2 == 0 {
        return None;
    }
    // The time stands first, in eight bytes.
    let at = if first & 1 == 0 { at } else { at.next_multiple_of(8) + 8 };
    header.get(at).copied()
}

fn frame_of(frame: &[u8], padded: bool) -> Read<'_> {
    let [control, flags, ..] = *frame else { return Read::Broken };
    let (kind, subtype) = (control >> 2 & 3, control >> 4);
    if control & 3 != 0 {
        return Read::Broken;
    }
    // Management and control, and data frames that carry none.
    if kind != 2 || subtype & 4 != 0 {
        return Read::Other;
    }
    let (to_network, from_network) = (flags & 1 != 0, flags & 2 != 0);
    let (more, protected, ordered) = (flags & 4 != 0, flags & 0x40 != 0, flags & 0x80 != 0);
    let relayed = to_network && from_network;
    let mut length: usize = if relayed { 30 } else { 24 };
    let quality = (subtype & 8 != 0).then_some(length);
    if quality.is_some() {
        length += if ordered { 6 } else { 2 };
    }
    if padded {
        length = length.next_multiple_of(4);
    }
    let (Some(sequence), Some(body)) = (frame.get(22), frame.get(length..)) else { return Read::Broken };
    if protected {
        return Read::Encrypted;
    }
    // A fragment of a frame, or several packets in one.
    let aggregated = quality.and_then(|at| frame.get(at)).is_some_and(|control| control & 0x80 != 0);
    if more || sequence & 0x0f != 0 || aggregated {
        return Read::Split;
    }
    let sender = match (to_network, from_network) {
        (_, false) => 10,
        (false, true) => 16,
        (true, true) => 24,
    };
    let mac: Option<Mac> = frame.get(sender..).and_then(<[u8]>::first_chunk).copied();
    // LLC with a type as Ethernet has it (IEEE 802.2, RFC 1042).
    match body {
        [0xaa, 0xaa, 3, 0, 0, 0, rest @ ..] => match (be16(rest, 0), rest.get(2..)) {
            (Some(kind), Some(payload)) => typed(kind, payload, mac),
            _ => Read::Broken,
        },
        [] => Read::Broken,
        _ => Read::Other,
    }
}
