//! `UPnP`: what a device tells of itself and its services (`UPnP` device architecture 2.0, sections 1.3 and 2), and whether it opens ports of the
//! router for whoever asks (Internet gateway device).

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;
use sekisho_model::Text;
use sekisho_model::network::{FailureKind, ServiceAccess};
use sekisho_model::product::{Authorized, Transport};

use super::datagrams::listed;
use super::{ASPECT, access, add};
use crate::budget::Budget;
use crate::connection::{Connection, ask_for};
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::Host;
use crate::protocol::head::Head;
use crate::protocol::{datagram, shown};

/// Longest description that is read.
const BYTES: usize = 256 << 10;
/// Services of a description that are read.
const SERVICES: usize = 100;

/// Asks for the description's address, and reads it where it lies on the same host.
pub(super) fn look(endpoint: &Endpoint, host: &Host, budget: &Budget, findings: &mut Findings) {
    let wanted = |bytes: &[u8]| Head::read(bytes).is_some();
    let answer = ask_for(budget, endpoint.address, &datagram::search(), 2, Duration::from_secs(4), wanted);
    let location = match answer.map(|bytes| Head::read(&bytes)) {
        Ok(Some(head)) => head.header("location").map(str::to_owned),
        Ok(None) => None,
        Err(failure) => {
            findings.failed(&ASPECT, endpoint, "ssdp-search", &failure);
            return;
        }
    };
    let Some(location) = location else {
        add(findings, endpoint, access(endpoint, "ssdp", "read", "read", Some(true)));
        return;
    };
    let Some(place) = Location::of(&location, host) else {
        findings.gap(&ASPECT, &endpoint.to_string(), &elsewhere());
        let fact = access(endpoint, "ssdp", "read", "read", Some(true));
        add(findings, endpoint, ServiceAccess { detail: Some(shown(location.as_bytes())), ..fact });
        return;
    };
    if host.authorized_at(Transport::Tcp, place.address.port()) < Authorized::Probe {
        findings.gap(&ASPECT, &format!("tcp/{}", place.address.port()), &not_authorized());
        return;
    }
    let at = Endpoint::tcp(place.address, host.name.as_deref());
    let text = match fetch(budget, &place) {
        Ok(text) => text,
        Err(failure) => {
            findings.failed(&ASPECT, &at, "upnp-description", &failure);
            return;
        }
    };
    let description = Description::read(&text);
    if !description.whole {
        findings.failed(&ASPECT, &at, "upnp-description", &Failure::new(FailureKind::Nonsense));
    }
    let names: Vec<String> = description.names.iter().chain(&description.services).cloned().collect();
    let detail = (!names.is_empty()).then(|| listed(&names));
    add(findings, endpoint, ServiceAccess { detail, ..access(endpoint, "ssdp", "read", "read", Some(true)) });
    let maps = |kind: &&String| kind.contains(":WANIPConnection:") || kind.contains(":WANPPPConnection:");
    if let Some(kind) = description.services.iter().find(maps) {
        // It is there; whether it would open a port is not tried, for that would.
        let fact = access(&at, "upnp", "port-mapping", "write", None);
        add(findings, &at, ServiceAccess { detail: Some(kind.clone()), ..fact });
    }
}

/// Where a description lies on the host that was asked.
#[derive(Debug, PartialEq, Eq)]
struct Location {
    address: SocketAddr,
    authority: String,
    path: String,
}

impl Location {
    /// Reads an address; none where it is not on this host, or is not plain HTTP.
    fn of(location: &str, host: &Host) -> Option<Self> {
        let rest = location.strip_prefix("http://")?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        if !rest.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()?),
            _ => (authority, 80),
        };
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        let same = bare.parse::<IpAddr>().is_ok_and(|ip| ip == host.address)
            || host.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name));
        let address = SocketAddr::new(host.address, port);
        same.then(|| Self { address, authority: authority.to_owned(), path: path.to_owned() })
    }
}

fn fetch(budget: &Budget, place: &Location) -> Result<String, Failure> {
    let mut connection = Connection::open(budget, place.address)?;
    let request = format!("GET {} HTTP/1.0\r\nHost: {}\r\nConnection: close\r\n\r\n", place.path, place.authority);
    connection.send(request.as_bytes())?;
    let mut bytes = Vec::new();
    loop {
        let part = connection.receive(8 << 10)?;
        bytes.extend_from_slice(&part);
        if bytes.len() > BYTES {
            return Err(Failure::new(FailureKind::TooMuch));
        }
        let length = Head::read(&bytes).and_then(|head| {
            let length: usize = head.header("content-length")?.parse().ok()?;
            Some(head.body.len() >= length)
        });
        if part.is_empty() || length == Some(true) {
            break;
        }
    }
    match Head::read(&bytes) {
        Some(head) if head.status == 200 => Ok(String::from_utf8_lossy(&head.body).into_owned()),
        Some(head) => Err(Failure { kind: FailureKind::Other, detail: Some(format!("status {}", head.status)) }),
        None => Err(Failure::new(FailureKind::Nonsense)),
    }
}

/// What a description says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Description {
    /// Maker, model and name.
    names: Vec<String>,
    services: Vec<String>,
    /// Whether it could be read to its end.
    whole: bool,
}

impl Description {
    fn read(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut description = Self::default();
        let mut element = String::new();
        let mut seen = false;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    start.local_name().as_ref().clone_into(&mut element);
                    seen |= element == "root";
                }
                Ok(Event::End(_)) => element.clear(),
                Ok(Event::Text(text)) => {
                    let value = shown(text.as_ref().as_bytes());
                    match element.as_str() {
                        "serviceType" if description.services.len() < SERVICES => description.services.push(value),
                        // Of the device itself, not of those inside it.
                        "friendlyName" | "manufacturer" | "modelName" | "modelNumber"
                            if description.names.len() < 4 =>
                        {
                            description.names.push(value);
                        }
                        _ => {}
                    }
                }
                Ok(Event::Eof) => {
                    description.whole = seen;
                    return description;
                }
                Ok(_) => {}
                Err(_) => return description,
            }
        }
    }
}

fn elsewhere() -> Text {
    Text::new(
        "the description of the device lies on another host, or in TLS, and was not read",
        "デバイス記述が別のホストまたは TLS 上にあるため、読み取っていない",
    )
}

fn not_authorized() -> Text {
    Text::new(
        "the description of the device lies at a port where the product file does not authorize to send anything",
        "デバイス記述が、製品ファイルで送信を許可していないポートにある",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn host() -> Host {
        Host {
            address: "192.0.2.1".parse().unwrap(),
            name: Some("cam.example".into()),
            vantage: sekisho_model::network::Vantage::Unknown,
            authorized: Authorized::Probe,
            tcp_ports: vec![],
            declared: vec![],
        }
    }

    #[test]
    fn only_the_same_host_is_read() {
        let of = |text: &str| Location::of(text, &host()).map(|location| (location.address.port(), location.path));
        assert_eq!(of("http://192.0.2.1:5000/rootDesc.xml"), Some((5000, "/rootDesc.xml".into())));
        assert_eq!(of("http://cam.example/x"), Some((80, "/x".into())));
        for other in [
            "http://192.0.2.2/x",
            "https://192.0.2.1/x",
            "http://192.0.2.1@evil.example/",
            "http://192.0.2.1:99999/",
            "x",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        let six = Host { address: "2001:db8::1".parse().unwrap(), ..host() };
        assert_eq!(Location::of("http://[2001:db8::1]:80/d", &six).unwrap().path, "/d");
        assert_eq!(Location::of("http://[2001:db8::1]/d", &six).unwrap().address.port(), 80);
    }

    #[test]
    fn a_description() {
        let text = "<?xml version=\"1.0\"?><root><device><friendlyName>Router</friendlyName><serviceList><service>\
                    <serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType></service></serviceList></device></root>";
        let description = Description::read(text);
        assert!(description.whole);
        assert_eq!(description.names, ["Router"]);
        assert_eq!(description.services, ["urn:schemas-upnp-org:service:WANIPConnection:1"]);
        assert!(!Description::read("<root><a></b>").whole);
        assert!(!Description::read("hello").whole);
    }

    proptest! {
        #[test]
        fn any_text_does_no_harm(text in ".{0,120}") {
            let _ = (Description::read(&text), Location::of(&format!("http://{text}"), &host()));
        }
    }
}
