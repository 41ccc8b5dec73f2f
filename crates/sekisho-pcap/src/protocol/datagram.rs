//! Protocols over UDP.

use std::net::IpAddr;

use super::{Told, be16, dhcp, dns, quic, tls};

/// Recognises the protocol of one datagram. `turned` is set where it is an answer.
pub(crate) fn datagram(payload: &[u8], from: u16, to: u16, receiver: IpAddr) -> Option<Told> {
    let either = |port: u16| from == port || to == port;
    let told = |name, answer| Some(Told { name, turned: answer });
    if payload.is_empty() {
        return None;
    }
    if let Some(message) = dhcp::parse(payload) {
        return told("dhcp", message.reply);
    }
    if tls::is_dtls(payload) {
        return told("dtls", matches!(payload.get(13), Some(2..=4 | 11 | 12)) && payload[0] == 22);
    }
    if let Some(kind) = text(payload) {
        return Some(kind);
    }
    if is_stun(payload) {
        return told("stun", payload[0] & 1 == 1);
    }
    if let Some(answer) = quic::is(payload, either(443)) {
        return told("quic", answer || from == 443);
    }
    if let Some(community) = snmp_version(payload) {
        // Answers and reports are of the types 2 and 8 (RFC 3416, section 3).
        return told("snmp", matches!(community, 0xa2 | 0xa8));
    }
    if payload.len() >= 4
        && payload[0] == 0x81
        && payload[1] <= 0x0c
        && be16(payload, 2).map(usize::from) == Some(payload.len())
    {
        return told("bacnet", false);
    }
    if let Some(message) = dns::parse(payload, true) {
        // The same format serves several protocols (RFC 6762, RFC 4795, RFC 1002).
        let netbios = message
            .questions
            .iter()
            .chain(message.answers.iter().map(|(name, _)| name))
            .any(|name| dns::is_netbios(name));
        let name = match receiver {
            _ if either(5353) => "mdns",
            _ if either(5355) => "llmnr",
            _ if netbios && either(137) => "netbios-ns",
            receiver if receiver.is_multicast() => return None,
            _ => "dns",
        };
        return told(name, message.response && name == "dns");
    }
    if let Some(answer) = ntp(payload).filter(|_| either(123)) {
        return told("ntp", answer);
    }
    if let Some(answer) = coap(payload, either(5683)) {
        return told("coap", answer);
    }
    if is_tftp(payload) {
        return told("tftp", false);
    }
    if (either(546) || either(547)) && is_dhcpv6(payload) {
        return told("dhcpv6", from == 547);
    }
    if is_syslog(payload, either(514)) {
        return told("syslog", false);
    }
    None
}

/// SSDP (`UPnP` Device Architecture 2.0, section 1.1.2), SIP (RFC 3261), WS-Discovery.
fn text(payload: &[u8]) -> Option<Told> {
    let head = payload.get(..payload.len().min(1400)).unwrap_or_default();
    let has = |text: &[u8]| head.windows(text.len()).any(|w| w.eq_ignore_ascii_case(text));
    if payload.starts_with(b"M-SEARCH * HTTP/1.1\r\n") || payload.starts_with(b"NOTIFY * HTTP/1.1\r\n") {
        return Some(Told::new("ssdp"));
    }
    if payload.starts_with(b"HTTP/1.1 200 OK\r\n") && has(b"\r\nST:") && has(b"\r\nUSN:") {
        return Some(Told::turned("ssdp"));
    }
    if super::text::is_sip(payload, &[]) {
        return Some(Told::new("sip"));
    }
    if payload.starts_with(b"SIP/2.0 ") {
        return Some(Told::turned("sip"));
    }
    if payload.starts_with(b"<") && has(b"schemas.xmlsoap.org/ws/2005/04/discovery") {
        return Some(Told::new("ws-discovery"));
    }
    None
}

/// STUN (RFC 8489, section 5): the two highest bits are zero, the cookie stands, and the length is right.
fn is_stun(payload: &[u8]) -> bool {
    payload.len() >= 20
        && payload[0] & 0xc0 == 0
        && payload[4..8] == [0x21, 0x12, 0xa4, 0x42]
        && be16(payload, 2).is_some_and(|length| usize::from(length) + 20 == payload.len() && length.is_multiple_of(4))
}

/// The type of the message of SNMP v1 and v2c (RFC 1157, section 4; RFC 1901, section 3), with the community where it stands.
pub(super) fn snmp(payload: &[u8]) -> Option<(&[u8], u8)> {
    let (rest, body) = ber(payload, 0x30)?;
    let (body, version) = ber(body, 0x02)?;
    let (body, community) = ber(body, 0x04)?;
    (rest.is_empty() && matches!(version, [0 | 1]))
        .then_some((community, *body.first().filter(|kind| (0xa0..=0xa8).contains(*kind))?))
}

/// The type of a message of any version; 0 for version 3, which encrypts it.
fn snmp_version(payload: &[u8]) -> Option<u8> {
    if let Some((_, kind)) = snmp(payload) {
        return Some(kind);
    }
    // RFC 3412, section 6: version 3, then a sequence of four: an identifier, a size, flags, a model.
    let (rest, body) = ber(payload, 0x30)?;
    let (body, version) = ber(body, 0x02)?;
    let (_, head) = ber(body, 0x30)?;
    let (head, _) = ber(head, 0x02)?;
    let (head, _) = ber(head, 0x02)?;
    let (_, flags) = ber(head, 0x04)?;
    (rest.is_empty() && version == [3] && flags.len() == 1).then_some(0)
}

/// An element with the tag: what follows it, and what is in it.
fn ber(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        0x82 => (usize::from(be16(rest, 0)?), &rest[2..]),
        _ => return None,
    };
    (first == tag && length <= rest.len()).then(|| (&rest[length..], &rest[..length]))
}

/// NTP (RFC 5905, section 7.3; control messages RFC 9327). Whether it is an answer.
fn ntp(payload: &[u8]) -> Option<bool> {
    let (&first, rest) = payload.split_first()?;
    let (version, mode) = (first >> 3 & 7, first & 7);
    if !(1..=4).contains(&version) {
        return None;
    }
    match mode {
        1..=5 => {
            (payload.len() >= 48 && payload.len().is_multiple_of(4) && rest[0] <= 16).then_some(matches!(mode, 2 | 4))
        }
        // Control messages, and the private ones of old servers.
        6 => (payload.len() >= 12).then(|| first & 0x80 != 0 || rest[0] & 0x80 != 0),
        7 => (payload.len() >= 8).then_some(first & 0x80 != 0),
        _ => None,
    }
}

/// CoAP (RFC 7252, section 3): every option registered and in order, and a length that is right. Whether it is an answer. A message without
/// options could be anything: there the port must agree.
fn coap(payload: &[u8], on_port: bool) -> Option<bool> {
    let (&first, rest) = payload.split_first()?;
    let token = usize::from(first & 0x0f);
    let code = *rest.first()?;
    let answer = match code {
        1..=7 => false,
        0x40..=0x5f | 0x80..=0x8f | 0xa0..=0xa5 => true,
        // Empty messages are four bytes.
        0 => return (first >> 6 == 1 && payload.len() == 4 && on_port).then_some(first >> 4 & 3 >= 2),
        _ => return None,
    };
    if first >> 6 != 1 || token > 8 {
        return None;
    }
    let mut at = 4 + token;
    let (mut number, mut options) = (0_u32, 0);
    while let Some(&head) = payload.get(at) {
        if head == 0xff {
            if at + 1 == payload.len() {
                return None;
            }
            break;
        }
        at += 1;
        let mut extended = |nibble: u8| -> Option<u32> {
            match nibble {
                13 => {
                    at += 1;
                    Some(u32::from(*payload.get(at - 1)?) + 13)
                }
                14 => {
                    at += 2;
                    Some(u32::from(be16(payload, at - 2)?) + 269)
                }
                15 => None,
                other => Some(u32::from(other)),
            }
        };
        number += extended(head >> 4)?;
        let length = extended(head & 15)? as usize;
        // The registry of option numbers (RFC 7252, 7641, 7959, 8613, 8768, 9175, 9177).
        if !matches!(number, 1 | 3..=9 | 11..=17 | 19..=21 | 23 | 27 | 28 | 31 | 35 | 39 | 60 | 252 | 258 | 292 | 2049 | 2053)
        {
            return None;
        }
        at = at.checked_add(length)?;
        options += 1;
    }
    if at > payload.len() || 4 + token > payload.len() {
        return None;
    }
    let plausible = on_port || (options >= 2 && payload.len() > 8);
    plausible.then_some(answer)
}

/// A request of TFTP (RFC 1350, section 5): file name and mode, each with its end.
fn is_tftp(payload: &[u8]) -> bool {
    let [0, 1 | 2, rest @ ..] = payload else { return false };
    let mut parts = rest.split(|&byte| byte == 0);
    let name = parts.next().unwrap_or_default();
    let mode = parts.next().unwrap_or_default();
    let modes: [&[u8]; 3] = [b"octet", b"netascii", b"mail"];
    rest.last() == Some(&0)
        && !name.is_empty()
        && name.iter().all(|byte| (0x20..0x7f).contains(byte))
        && modes.iter().any(|known| mode.eq_ignore_ascii_case(known))
}

/// `DHCPv6` (RFC 8415, sections 8 and 21.1): options to the end.
fn is_dhcpv6(payload: &[u8]) -> bool {
    let Some(mut rest) = payload.get(4..).filter(|_| (1..=11).contains(&payload[0])) else { return false };
    while let (Some(_), Some(length)) = (be16(rest, 0), be16(rest, 2)) {
        let Some(next) = rest.get(4 + usize::from(length)..) else { return false };
        rest = next;
    }
    rest.is_empty()
}

/// Syslog: a priority, then a version (RFC 5424, section 6.2) or a month (RFC 3164, section 4.1.2). Many senders write something else behind the
/// priority: a text that is sent to syslog's port counts, too.
fn is_syslog(payload: &[u8], on_port: bool) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ", b"Dec "];
    let Some(end) = payload.iter().take(5).position(|&byte| byte == b'>') else { return false };
    let priority = payload.get(1..end).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u8>().ok());
    let after = &payload[end + 1..];
    let is_text =
        || std::str::from_utf8(after).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    payload[0] == b'<'
        && priority.is_some_and(|priority| priority <= 191)
        && (after.starts_with(b"1 ") || MONTHS.iter().any(|month| after.starts_with(month)) || (on_port && is_text()))
}
