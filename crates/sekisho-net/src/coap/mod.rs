//! CoAP servers over UDP (RFC 7252): the list of their resources (RFC 6690), and which of them are read without a log-in.

use std::collections::BTreeMap;
use std::time::Duration;

use coap_lite::link_format::{LINK_ATTR_OBSERVABLE, LINK_ATTR_RESOURCE_TYPE, LinkFormatParser};
use coap_lite::option_value::OptionValueU32;
use coap_lite::{CoapOption, MessageClass, MessageType, Packet, RequestType};
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::messaging::{CoapResource, CoapServer};
use sekisho_model::network::FailureKind;

use crate::budget::Budget;
use crate::connection::ask_for;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::protocol::shown;

/// Resources that are read, and that are shown.
const READ: usize = 32;
const LISTED: usize = 256;
/// Blocks and bytes of the list (RFC 7959).
const BLOCKS: u32 = 256;
const BYTES: usize = 64 << 10;
/// A request and its three repetitions (RFC 7252, section 4.8, takes longer for networks that are slower).
const TRIES: u32 = 3;
const TIME: Duration = Duration::from_secs(6);
const TOKEN: [u8; 4] = *b"seki";

/// Asks a server for its resources, and reads them.
pub fn look(endpoint: &Endpoint, budget: &Budget) -> Findings {
    let mut findings = Findings::default();
    let mut conversation = Conversation { endpoint, budget, message: 0x5e01 };
    let mut server = CoapServer {
        address: endpoint.host(),
        port: endpoint.address.port(),
        transport: "udp".to_owned(),
        ..CoapServer::default()
    };
    let list = match conversation.list() {
        Ok(list) => list,
        Err(failure) => {
            findings.failed(&[Aspect::NetworkCoap], endpoint, "coap-well-known", &failure);
            return findings;
        }
    };
    server.lists_resources = list.given;
    if let Some(failure) = &list.broken {
        findings.failed(&[Aspect::NetworkCoap], endpoint, "coap-block", failure);
    }
    let links = links(&list.text);
    server.resources = links.len() as u32;
    if links.len() > READ {
        findings.gap(&[Aspect::NetworkCoap], &endpoint.to_string(), &not_all_read(links.len()));
    }
    let mut over = None;
    for (number, (path, link)) in links.into_iter().take(LISTED).enumerate() {
        let mut resource = CoapResource {
            address: server.address.clone(),
            port: server.port,
            path,
            types: link.types,
            observable: link.observable,
            ..CoapResource::default()
        };
        if number < READ && over.is_none() {
            match conversation.get(&resource.path, None) {
                Ok(answer) => {
                    resource.readable = Some(is_content(&answer));
                    resource.code = Some(answer.header.get_code());
                }
                Err(failure) => {
                    findings.failed(&[Aspect::NetworkCoap], endpoint, "coap-get", &failure);
                    over = Some(failure).filter(Failure::ends_everything);
                }
            }
        }
        server.readable += u32::from(resource.readable == Some(true));
        findings.fact(Observed::CoapResource(resource), endpoint.source());
    }
    findings.fact(Observed::CoapServer(server), endpoint.source());
    findings
}

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

fn request(path: &str, block: Option<u32>, message: u16) -> Option<Vec<u8>> {
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

struct Conversation<'a> {
    endpoint: &'a Endpoint,
    budget: &'a Budget,
    message: u16,
}

/// The list of resources as it came.
#[derive(Default)]
struct List {
    /// Whether the server gave one.
    given: bool,
    text: String,
    /// Why it is not whole.
    broken: Option<Failure>,
}

impl Conversation<'_> {
    /// Reads a resource, or one block of it.
    fn get(&mut self, path: &str, block: Option<u32>) -> Result<Packet, Failure> {
        self.message = self.message.wrapping_add(1);
        let request = request(path, block, self.message).ok_or_else(|| Failure::nonsense("path too long"))?;
        // The receipt may come before the answer (RFC 7252, section 5.2.2).
        let wanted = |bytes: &[u8]| {
            Packet::from_bytes(bytes).is_ok_and(|packet| match packet.header.code {
                MessageClass::Response(_) => packet.get_token() == TOKEN,
                _ => packet.header.get_type() == MessageType::Reset,
            })
        };
        let bytes = ask_for(self.budget, self.endpoint.address, &request, TRIES, TIME, wanted)?;
        let answer = Packet::from_bytes(&bytes).map_err(|error| Failure::nonsense(error.to_string()))?;
        if answer.header.get_type() == MessageType::Reset { Err(Failure::new(FailureKind::Reset)) } else { Ok(answer) }
    }

    fn list(&mut self) -> Result<List, Failure> {
        const PATH: &str = "/.well-known/core";
        let first = self.get(PATH, None)?;
        if !is_content(&first) {
            return Ok(List::default());
        }
        let mut bytes = first.payload.clone();
        let mut broken = None;
        let mut answer = first;
        // The number of a block stands above three bits of size and one that says whether more follow (RFC 7959, section 2.2).
        for number in 1.. {
            let Some(block) = block(&answer).filter(|block| block & 8 != 0) else { break };
            if number > BLOCKS || bytes.len() > BYTES {
                broken = Some(Failure::new(FailureKind::TooMuch));
                break;
            }
            match self.get(PATH, Some(number << 4 | block & 7)) {
                Ok(next) if is_content(&next) && self::block(&next).is_some_and(|block| block >> 4 == number) => {
                    bytes.extend_from_slice(&next.payload);
                    answer = next;
                }
                Ok(_) => {
                    broken = Some(Failure::new(FailureKind::Nonsense));
                    break;
                }
                Err(failure) => {
                    broken = Some(failure);
                    break;
                }
            }
        }
        Ok(List { given: true, text: String::from_utf8_lossy(&bytes).into_owned(), broken })
    }
}

fn block(packet: &Packet) -> Option<u32> {
    packet.get_first_option_as::<OptionValueU32>(CoapOption::Block2)?.ok().map(|value| value.0)
}

/// Whether it gives what was asked for: 2.05 Content.
fn is_content(packet: &Packet) -> bool {
    packet.header.get_code() == "2.05"
}

/// What a list says of a resource.
#[derive(Debug, Default, PartialEq, Eq)]
struct Link {
    types: Vec<String>,
    observable: bool,
}

/// The resources of the server itself in a list; those on other hosts are left out.
fn links(text: &str) -> BTreeMap<String, Link> {
    let mut links = BTreeMap::new();
    for (target, attributes) in LinkFormatParser::new(text).flatten() {
        if !target.starts_with('/') || target.starts_with("//") {
            continue;
        }
        let mut link = Link::default();
        for (key, value) in attributes {
            match key {
                LINK_ATTR_RESOURCE_TYPE => {
                    link.types = value.to_cow().split_whitespace().take(8).map(|kind| shown(kind.as_bytes())).collect();
                }
                LINK_ATTR_OBSERVABLE => link.observable = true,
                _ => {}
            }
        }
        links.insert(shown(target.as_bytes()), link);
    }
    links
}

fn not_all_read(listed: usize) -> Text {
    Text::new(
        format!("of {listed} resources only the first {READ} were read"),
        format!("{listed} 個のリソースのうち、最初の {READ} 個だけを読み取った"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn resources_of_a_list() {
        let text =
            "</sensors/temp>;rt=\"temperature-c core.x\";if=\"sensor\";obs,</admin%20x>,<coap://other.example/x>";
        let links = links(text);
        assert_eq!(links.keys().collect::<Vec<_>>(), ["/admin%20x", "/sensors/temp"]);
        let link = &links["/sensors/temp"];
        assert!(link.observable);
        assert_eq!(link.types, ["temperature-c", "core.x"]);
    }

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
        fn any_list_does_no_harm(text in "[<>/a-c;=\",% \\\\]{0,80}") {
            for path in links(&text).keys() {
                let _ = request(path, None, 1);
            }
        }

        #[test]
        fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = (is_answer(&bytes), Packet::from_bytes(&bytes).ok().and_then(|packet| block(&packet)));
        }
    }
}
