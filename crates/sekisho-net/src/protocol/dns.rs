//! Queries in DNS's form: to name servers (RFC 1035), and for services (RFC 6762, 6763).

use std::collections::BTreeSet;
use std::str::FromStr;

use domain::base::iana::Class;
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::Ptr;

/// Number of the queries that are made.
const ID: u16 = 0x5e01;

/// Asks a name server for the address of `localhost`, without passing the question on.
pub(crate) fn query() -> Vec<u8> {
    question("localhost", Rtype::A, Class::IN).unwrap_or_default()
}

/// Asks a host for the kinds of services that it announces (RFC 6763, section 9), to be answered to the sender alone (RFC 6762, section 5.4).
pub(crate) fn services_query() -> Vec<u8> {
    question("_services._dns-sd._udp.local", Rtype::PTR, Class::from_int(0x8001)).unwrap_or_default()
}

fn question(name: &str, kind: Rtype, class: Class) -> Option<Vec<u8>> {
    let name = Name::<Vec<u8>>::from_str(name).ok()?;
    let mut message = MessageBuilder::new_vec();
    message.header_mut().set_id(ID);
    let mut message = message.question();
    message.push((name, kind, class)).ok()?;
    Some(message.finish())
}

/// Whether this is a response to such a query. Only the head is looked at: a server that refuses may send no more.
pub(crate) fn is_answer(bytes: &[u8]) -> bool {
    Message::from_octets(bytes).is_ok_and(|message| message.header().qr() && message.header().id() == ID)
}

/// The kinds of services that a response names, such as `_http._tcp.local`; none where it is no response.
pub(crate) fn services(bytes: &[u8]) -> Option<BTreeSet<String>> {
    // An answer over multicast DNS to who is not part of it repeats the number (RFC 6762, section 6.7); some write none, as among themselves.
    let message = Message::from_octets(bytes)
        .ok()
        .filter(|message| message.header().qr() && [ID, 0].contains(&message.header().id()))?;
    let records = message.answer().ok()?.limit_to::<Ptr<_>>().take(200);
    Some(records.flatten().map(|record| super::shown(record.data().ptrdname().to_string().as_bytes())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_told_from_a_query() {
        let query = query();
        assert!(!is_answer(&query));
        let mut answer = query;
        answer[2] |= 0x80;
        assert!(is_answer(&answer));
        answer[0] ^= 1;
        assert!(!is_answer(&answer));
    }

    #[test]
    fn services_that_a_host_names() {
        let name = |text| Name::<Vec<u8>>::from_str(text).unwrap();
        let mut message = MessageBuilder::new_vec();
        message.header_mut().set_id(ID);
        message.header_mut().set_qr(true);
        let mut message = message.answer();
        message.push((name("_services._dns-sd._udp.local"), 10, Ptr::new(name("_http._tcp.local")))).unwrap();
        let bytes = message.finish();
        assert_eq!(services(&bytes).unwrap().into_iter().collect::<Vec<_>>(), ["_http._tcp.local"]);
        assert_eq!(services(&services_query()), None);
        // As python-zeroconf answers, which repeats the question.
        let real = b"^\x01\x84\0\0\x01\0\x01\0\0\0\0\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\0\x01\xc0\x0c\0\x0c\0\x01\0\0\x11\x94\0\x0d\x05_http\x04_tcp\xc0#";
        assert_eq!(services(real).unwrap().into_iter().collect::<Vec<_>>(), ["_http._tcp.local"]);
    }
}
