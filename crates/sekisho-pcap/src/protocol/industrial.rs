//! Protocols of plants and offices that begin with a binary header over TCP.

use super::{be16, be24};

/// Modbus over TCP (Modbus Messaging on TCP/IP, section 3.1.3): request and answer with the same transaction, both of the length they say.
pub(super) fn is_modbus(client: &[u8], server: &[u8]) -> bool {
    let header = |bytes: &[u8]| {
        let length = usize::from(be16(bytes, 4)?);
        let function = bytes.get(7)? & 0x7f;
        let known = matches!(function, 1..=8 | 11 | 12 | 15..=17 | 20..=24 | 43);
        // What follows is the next message, or nothing.
        let next = bytes.get(6 + length..)?;
        let framed = next.is_empty() || be16(next, 2).is_none_or(|protocol| protocol == 0);
        (be16(bytes, 2)? == 0 && (2..=254).contains(&length) && known && framed).then_some((
            be16(bytes, 0)?,
            bytes[6],
            function,
        ))
    };
    header(client).is_some_and(|request| header(server) == Some(request))
}

/// S7 communication: TPKT (RFC 1006, section 6), COTP (ISO 8073), and the protocol id 0x32 of the data that follow.
pub(super) fn is_s7comm(client: &[u8], server: &[u8]) -> bool {
    let has = |bytes: &[u8]| {
        let mut rest = bytes;
        for _ in 0..4 {
            let [3, 0, high, low, cotp_length, cotp, ..] = *rest else { return false };
            let length = usize::from(u16::from_be_bytes([high, low]));
            if cotp == 0xf0 && cotp_length == 2 && rest.get(7) == Some(&0x32) {
                return true;
            }
            if !matches!(cotp, 0xd0 | 0xe0 | 0xf0) || length < 7 {
                return false;
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        false
    };
    has(client) || has(server)
}

/// DNP3 (IEEE 1815, data link layer): start bytes, a length of at least 5, and the checksum over the header.
pub(super) fn is_dnp3(client: &[u8], server: &[u8]) -> bool {
    let is = |bytes: &[u8]| {
        let Some(header) = bytes.get(..10) else { return false };
        header[0] == 0x05 && header[1] == 0x64 && header[2] >= 5 && {
            let checksum = header[..8].iter().fold(0_u16, |sum, byte| {
                (0..8).fold(sum ^ u16::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xa6bc } else { sum >> 1 })
            });
            (!checksum).to_le_bytes() == [header[8], header[9]]
        }
    };
    is(client) || is(server)
}

/// EtherNet/IP's encapsulation (ODVA, volume 2, section 2-3): a registered command, the length that follows, no status in a request.
pub(super) fn is_ethernet_ip(client: &[u8], server: &[u8]) -> bool {
    let is = |bytes: &[u8]| {
        let Some(header) = bytes.get(..24) else { return false };
        let word = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let command = matches!(word(0), 0x04 | 0x63..=0x66 | 0x6f | 0x70);
        let length = usize::from(word(2));
        let status = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        let options = u32::from_le_bytes([header[20], header[21], header[22], header[23]]);
        let next = bytes.get(24 + length..).unwrap_or_default();
        let framed =
            next.len() < 2 || matches!(u16::from_le_bytes([next[0], next[1]]), 0x04 | 0x63..=0x66 | 0x6f | 0x70);
        command && length <= 65_511 && status <= 0x69 && options == 0 && framed && bytes.len() >= 24 + length
    };
    is(client) && (server.is_empty() || is(server))
}

/// SMB over TCP ([MS-SMB2], section 2.1) or a `NetBIOS` session (RFC 1002, section 4.3.1).
pub(super) fn is_smb(client: &[u8], server: &[u8]) -> bool {
    let is = |bytes: &[u8]| {
        matches!(bytes.get(..8), Some([0, _, _, _, 0xfd..=0xff, b'S', b'M', b'B']))
            && be24(bytes, 1).is_some_and(|length| length >= 32)
    };
    is(client) || is(server)
}
