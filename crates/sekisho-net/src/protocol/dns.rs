//! Queries in DNS's form: to name servers (RFC 1035), and for services (RFC 6762, 6763).

use std::collections::BTreeSet;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, TYPE};

/// Number of the queries that are made.
const ID: u16 = 0x5e01;

/// Asks a name server for the address of `localhost`, without passing the question on.
pub(crate) fn query() -> Vec<u8> {
    question("localhost", TYPE::A)
}

/// Asks a host for the kinds of services that it announces (RFC 6763, section 9), to be answered to the sender alone (RFC 6762, section 5.5).
pub(crate) fn services_query() -> Vec<u8> {
    question("_services._dns-sd._udp.local", TYPE::PTR)
}

fn question(name: &str, kind: TYPE) -> Vec<u8> {
    let mut packet = Packet::new_query(ID);
    let unicast = kind == TYPE::PTR;
    packet.questions.push(Question::new(
        Name::new_unchecked(name),
        QTYPE::TYPE(kind),
        QCLASS::CLASS(CLASS::IN),
        unicast,
    ));
    packet.build_bytes_vec().unwrap_or_default()
}

/// Whether this is a response to such a query. Only the head is looked at: a server that refuses may send no more.
pub(crate) fn is_answer(bytes: &[u8]) -> bool {
    use simple_dns::header_buffer::{has_flags, id};
    id(bytes) == Ok(ID) && has_flags(bytes, PacketFlag::RESPONSE) == Ok(true) && bytes.len() >= 12
}

/// The kinds of services that a response names, such as `_http._tcp.local`; none where it is no response.
pub(crate) fn services(bytes: &[u8]) -> Option<BTreeSet<String>> {
    let packet = Packet::parse(bytes).ok()?;
    if !packet.has_flags(PacketFlag::RESPONSE) {
        return None;
    }
    let records = packet.answers.iter().chain(&packet.additional_records).take(200);
    let names = records.filter_map(|record| match &record.rdata {
        RData::PTR(name) => Some(super::shown(name.to_string().as_bytes())),
        _ => None,
    });
    Some(names.collect())
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
        let mut packet = Packet::new_reply(ID);
        let name = Name::new_unchecked("_services._dns-sd._udp.local");
        let data = RData::PTR(simple_dns::rdata::PTR(Name::new_unchecked("_http._tcp.local")));
        packet.answers.push(simple_dns::ResourceRecord::new(name, CLASS::IN, 10, data));
        let bytes = packet.build_bytes_vec().unwrap();
        assert_eq!(services(&bytes).unwrap().into_iter().collect::<Vec<_>>(), ["_http._tcp.local"]);
        assert_eq!(services(&services_query()), None);
    }
}
