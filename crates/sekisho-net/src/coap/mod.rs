//! `CoAP` servers over UDP (RFC 7252), TCP and TLS (RFC 8323): the list of their resources (RFC 6690), and which of them are read without a log-in.

mod exchange;
mod message;
pub(crate) mod stream;

use std::collections::BTreeMap;

use coap_lite::link_format::{LINK_ATTR_OBSERVABLE, LINK_ATTR_RESOURCE_TYPE, LinkFormatParser};
use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::messaging::{CoapResource, CoapServer};
use sekisho_model::network::FailureKind;
use sekisho_model::product::Transport;

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::protocol::shown;
use exchange::{Datagrams, Exchange, Stream};
use message::{block, is_content};

pub(crate) use message::{is_answer, well_known};

/// Resources that are read, and that are shown.
const READ: usize = 32;
const LISTED: usize = 256;
/// Blocks and bytes of the list (RFC 7959).
const BLOCKS: u32 = 256;
const BYTES: usize = 64 << 10;

/// Asks a server for its resources, and reads them; inside TLS where `tls` says so.
pub fn look(endpoint: &Endpoint, tls: bool, budget: &Budget) -> Findings {
    match endpoint.transport {
        Transport::Udp => look_by(&mut Datagrams::new(endpoint, budget), endpoint, tls),
        Transport::Tcp => look_by(&mut Stream::new(endpoint, tls, budget), endpoint, tls),
    }
}

/// As [`look`], by whatever carries requests and answers.
fn look_by(exchange: &mut dyn Exchange, endpoint: &Endpoint, tls: bool) -> Findings {
    let mut findings = Findings::default();
    let mut server = CoapServer {
        address: endpoint.host(),
        port: endpoint.address.port(),
        transport: endpoint.transport.name().to_owned(),
        tls,
        ..CoapServer::default()
    };
    let list = match list(exchange) {
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
            transport: Some(server.transport.clone()),
            path,
            types: link.types,
            observable: link.observable,
            ..CoapResource::default()
        };
        if number < READ && over.is_none() {
            match exchange.get(&resource.path, None) {
                Ok(answer) => {
                    resource.readable = Some(is_content(&answer));
                    resource.code = Some(answer.header.get_code());
                }
                Err(failure) => {
                    findings.failed(&[Aspect::NetworkCoap], endpoint, "coap-get", &failure);
                    over = Some(failure).filter(|failure| failure.ends_everything() || exchange.is_over());
                }
            }
        }
        // Discovery is meant to be open (RFC 6690, section 4), and some servers list the list itself.
        let discovery = resource.path.starts_with("/.well-known/");
        server.readable += u32::from(resource.readable == Some(true) && !discovery);
        findings.fact(Observed::CoapResource(resource), endpoint.source());
    }
    findings.fact(Observed::CoapServer(server), endpoint.source());
    findings
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

fn list(exchange: &mut dyn Exchange) -> Result<List, Failure> {
    const PATH: &str = "/.well-known/core";
    let first = exchange.get(PATH, None)?;
    if !is_content(&first) {
        return Ok(List::default());
    }
    let mut bytes = first.payload.clone();
    let mut broken = None;
    let mut answer = first;
    let mut number = 0;
    // The number of a block stands above three bits of size and one that says whether more follow (RFC 7959, section 2.2).
    while let Some(size) = block(&answer).filter(|block| block & 8 != 0).map(|block| block & 7) {
        // Size 7 is over TCP: several blocks of 1024 bytes in one message (RFC 8323, section 6).
        number += if size == 7 { (answer.payload.len() as u32 / 1024).max(1) } else { 1 };
        if number > BLOCKS || bytes.len() > BYTES {
            broken = Some(Failure::new(FailureKind::TooMuch));
            break;
        }
        match exchange.get(PATH, Some(number << 4 | size)) {
            Ok(next) if is_content(&next) && block(&next).is_some_and(|own| own >> 4 == number) => {
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

    proptest! {
        #[test]
        fn any_list_does_no_harm(text in "[<>/a-c;=\",% \\\\]{0,80}") {
            for path in links(&text).keys() {
                let _ = message::request(path, None, 1);
            }
        }
    }
}
