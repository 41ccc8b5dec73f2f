//! Requests of `CoAP` (RFC 7252) and what tells their answers.

use coap_lite::option_value::OptionValueU32;
use coap_lite::{CoapOption, MessageClass, MessageType, Packet, RequestType};

/// The token of every request.
pub(super) const TOKEN: [u8; 4] = *b"seki";

/// The request for the list of resources, as it is sent to find out whether a server is there.
pub(crate) fn well_known() -> Vec<u8> {
    request("/.well-known/core", None, 0x5e00).unwrap_or_default()
}

/// Whether this is an answer to any of the requests: the message itself, its receipt or its refusal.
pub(crate) fn is_answer(bytes: &[u8]) -> bool {
    // Version 1, our number and token; or a message without content, which has neither.
    let Ok(packet) = Packet::from_bytes(bytes) else { return false };
    packet.header.get_version() == 1
        && match packet.header.code {
            MessageClass::Response(_) => packet.get_token() == TOKEN,
            MessageClass::Empty => {
                matches!(packet.header.get_type(), MessageType::Acknowledgement | MessageType::Reset)
                    && packet.header.message_id >> 8 == 0x5e
                    && bytes.len() == 4
            }
            _ => false,
        }
}

/// A request to read, over UDP.
pub(super) fn request(path: &str, block: Option<u32>, message: u16) -> Option<Vec<u8>> {
    let mut packet = Packet::new();
    packet.header.set_type(MessageType::Confirmable);
    packet.header.code = MessageClass::Request(RequestType::Get);
    packet.header.message_id = message;
    packet.set_token(TOKEN.to_vec());
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        packet.add_option(CoapOption::UriPath, decoded(segment));
    }
    for part in query.split('&').filter(|part| !part.is_empty()) {
        packet.add_option(CoapOption::UriQuery, decoded(part));
    }
    if let Some(block) = block {
        packet.add_option_as(CoapOption::Block2, OptionValueU32(block));
    }
    packet.to_bytes().ok()
}

/// A part of a path without percent encoding (RFC 7252, section 6.4).
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = code.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes
}

/// Number, size and whether more follow, of an answer in blocks (RFC 7959, section 2.2).
pub(super) fn block(packet: &Packet) -> Option<u32> {
    packet.get_first_option_as::<OptionValueU32>(CoapOption::Block2)?.ok().map(|value| value.0)
}

/// Whether it gives what was asked for: 2.05 Content.
pub(super) fn is_content(packet: &Packet) -> bool {
    packet.header.get_code() == "2.05"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_sent_in_parts() {
        let bytes = request("/a%20b/c?x=1", Some(0x12), 7).unwrap();
        let packet = Packet::from_bytes(&bytes).unwrap();
        let parts: Vec<_> = packet.get_option(CoapOption::UriPath).unwrap().iter().cloned().collect();
        assert_eq!(parts, [b"a b".to_vec(), b"c".to_vec()]);
        assert_eq!(block(&packet), Some(0x12));
        assert!(!is_answer(&bytes));
    }

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = (is_answer(&bytes), Packet::from_bytes(&bytes).ok().and_then(|packet| block(&packet)));
        }
    }
}
