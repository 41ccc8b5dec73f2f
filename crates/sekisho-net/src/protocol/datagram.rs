//! One harmless question for each of the usual services over UDP.

use super::head::Head;
use super::{Told, bacnet, dns, snmp, software, tftp};

/// A question to a service over UDP.
pub(crate) struct Question {
    /// Protocol, and how a failure to ask it is called.
    pub(crate) protocol: &'static str,
    /// Its registered port.
    pub(crate) port: u16,
    /// What is sent; the second where the first gets no answer.
    pub(crate) requests: fn() -> Vec<Vec<u8>>,
    /// What the answer tells; none where it is not the protocol's.
    pub(crate) told: fn(&[u8]) -> Option<Told>,
    /// Whether the answer comes from another port.
    pub(crate) any_port: bool,
}

/// All that are asked. DTLS is looked at with TLS.
pub(crate) const QUESTIONS: [Question; 11] = [
    question("dns", 53, || vec![dns::query()], |bytes| dns::is_answer(bytes).then(|| Told::new("dns"))),
    Question {
        any_port: true,
        ..question("tftp", 69, || vec![tftp::REQUEST.to_vec()], |bytes| tftp::read(bytes).map(|_| Told::new("tftp")))
    },
    question("ntp", 123, || vec![time()], |bytes| is_time(bytes).then(|| Told::new("ntp"))),
    question("netbios", 137, || vec![names()], |bytes| is_names(bytes).then(|| Told::new("netbios"))),
    question(
        "snmp",
        161,
        || vec![snmp::get(snmp::Version::Two), snmp::discovery(), snmp::get(snmp::Version::One)],
        |bytes| snmp::read(bytes).map(|_| Told::new("snmp")),
    ),
    question("ssdp", 1900, || vec![search()], ssdp),
    question(
        "ws-discovery",
        3702,
        || vec![probe()],
        |bytes| super::mentions(&String::from_utf8_lossy(bytes), "ProbeMatches").then(|| Told::new("ws-discovery")),
    ),
    question(
        "sip",
        5060,
        || vec![options()],
        |bytes| Head::read(bytes).and_then(|head| head.told()).filter(|told| told.protocol == "sip"),
    ),
    question("mdns", 5353, || vec![dns::services_query()], |bytes| dns::services(bytes).map(|_| Told::new("mdns"))),
    question(
        "coap",
        5683,
        || vec![crate::coap::well_known()],
        |bytes| crate::coap::is_answer(bytes).then(|| Told::new("coap")),
    ),
    question(
        "bacnet",
        47808,
        || vec![bacnet::REQUEST.to_vec()],
        |bytes| {
            bacnet::read(bytes).map(|answer| match answer {
                bacnet::Answer::Name(name) => Told { product: Some(name), ..Told::new("bacnet") },
                bacnet::Answer::Refused => Told::new("bacnet"),
            })
        },
    ),
];

const fn question(
    protocol: &'static str,
    port: u16,
    requests: fn() -> Vec<Vec<u8>>,
    told: fn(&[u8]) -> Option<Told>,
) -> Question {
    Question { protocol, port, requests, told, any_port: false }
}

/// A client's request for the time (RFC 5905, section 7.3), with a moment of its own that the answer repeats.
fn time() -> Vec<u8> {
    let mut request = vec![0; 48];
    request[0] = 0x23;
    request[40..].copy_from_slice(b"sekisho!");
    request
}

fn is_time(bytes: &[u8]) -> bool {
    // A server's answer (mode 4) holds the moment of the request.
    bytes.len() >= 48 && bytes.first().is_some_and(|first| first & 7 == 4) && bytes.get(24..32) == Some(b"sekisho!")
}

/// A request for all names of a node (RFC 1002, section 4.2.17).
fn names() -> Vec<u8> {
    let any = [&b" CK"[..], &[b'A'; 30], &[0]].concat();
    [&[0x5e, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &any, &[0, 0x21, 0, 1]].concat()
}

fn is_names(bytes: &[u8]) -> bool {
    bytes.len() >= 57 && bytes.starts_with(&[0x5e, 1]) && bytes.get(2).is_some_and(|flags| flags & 0x80 != 0)
}

/// A search that is sent to one device alone (`UPnP` device architecture 2.0, section 1.3.2).
pub(crate) fn search() -> Vec<u8> {
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n".to_vec()
}

fn ssdp(bytes: &[u8]) -> Option<Told> {
    let head = Head::read(bytes).filter(|head| head.protocol == "HTTP")?;
    head.header("st").or(head.header("usn")).or(head.header("location"))?;
    // System, architecture, product: the last is the maker's own.
    let product = head.header("server").and_then(|server| server.split_whitespace().rfind(|word| word.contains('/')));
    Some(Told::with("ssdp", product.map(software).unwrap_or_default()))
}

/// Asks a camera or printer what it is (WS-Discovery 1.1, section 5.2).
fn probe() -> Vec<u8> {
    br#"<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header><w:MessageID>uuid:5e6b1500-0000-4000-8000-5e6b15000001</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe/></e:Body></e:Envelope>"#.to_vec()
}

/// A SIP server is asked what it can do (RFC 3261, section 11).
pub(crate) fn options() -> Vec<u8> {
    b"OPTIONS sip:sekisho@host.invalid SIP/2.0\r\nVia: SIP/2.0/UDP client.invalid;branch=z9hG4bK5e6b15;rport\r\nMax-Forwards: 70\r\n\
      To: <sip:sekisho@host.invalid>\r\nFrom: <sip:sekisho@client.invalid>;tag=5e6b15\r\nCall-ID: 5e6b15@client.invalid\r\n\
      CSeq: 1 OPTIONS\r\nContact: <sip:sekisho@client.invalid>\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n"
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_question_answers_itself() {
        for question in &QUESTIONS {
            for request in (question.requests)() {
                assert_eq!((question.told)(&request), None, "{}", question.protocol);
            }
        }
    }

    #[test]
    fn ssdp_names_its_product() {
        let told = ssdp(
            b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: Linux/4.9 UPnP/1.1 MiniUPnPd/2.3.1\r\nLOCATION: http://192.0.2.1:5000/x\r\n\r\n",
        )
        .unwrap();
        assert_eq!((told.product.as_deref(), told.version.as_deref()), (Some("MiniUPnPd"), Some("2.3.1")));
        assert_eq!(ssdp(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None);
    }
}
