//! What a declared interface is on an IP network: which protocols its kind speaks, over which transport, and whether something that answers is it.

use crate::network::NetworkService;
use crate::product::{Interface, Transport};

/// Kinds that are no service of an IP network by themselves: media, sockets, and what people touch.
const NO_SERVICE: [&str; 15] = [
    "wifi",
    "bluetooth",
    "zigbee",
    "zwave",
    "thread",
    "lora",
    "cellular",
    "ethernet",
    "nfc",
    "usb",
    "serial",
    "jtag",
    "sd-card",
    "display",
    "button",
];

/// Kinds whose name says that TLS or DTLS lies around the protocol.
const INSIDE_TLS: [&str; 12] =
    ["https", "mqtts", "coaps", "ftps", "smtps", "imaps", "pop3s", "rtsps", "sips", "amqps", "tls", "dtls"];

/// The protocols that a kind of interface speaks, as facts name them (`NetworkService::protocol`, `Service::protocol`): mostly its own name, but
/// `web` and `api` are the product file's words for HTTP.
pub fn protocols(kind: &str) -> Vec<&str> {
    match kind {
        "web" | "api" => vec!["http", "https"],
        // ONVIF is SOAP over HTTP, found by WS-Discovery.
        "onvif" => vec!["onvif", "http", "https", "ws-discovery"],
        "upnp" => vec!["upnp", "ssdp"],
        other if is_inside_tls(other) => match other.strip_suffix('s') {
            // `https`: facts name what is inside TLS.
            Some(inside) if other != "tls" && other != "dtls" => vec![other, inside],
            _ => vec![other],
        },
        other => vec![other],
    }
}

/// Whether this kind of interface speaks this protocol.
pub fn speaks(kind: &str, protocol: &str) -> bool {
    kind == protocol || protocols(kind).contains(&protocol)
}

/// Whether the kind says that TLS, or DTLS over UDP, lies around the protocol.
pub fn is_inside_tls(kind: &str) -> bool {
    INSIDE_TLS.contains(&kind)
}

/// The transports of a kind, the usual one first. Those with two answer over both in many products (RFC 7766 for DNS, RFC 8323 for `CoAP`).
pub fn transports(kind: &str) -> &'static [Transport] {
    match kind {
        "dns" | "coap" | "coaps" | "sip" | "upnp" | "ssdp" => &[Transport::Udp, Transport::Tcp],
        "snmp" | "tftp" | "bacnet" | "mdns" | "dhcp" | "ntp" | "dtls" | "ws-discovery" | "netbios" => &[Transport::Udp],
        "onvif" | "other" => &[Transport::Tcp, Transport::Udp],
        _ => &[Transport::Tcp],
    }
}

impl Interface {
    /// Its transport: the one given, else what is usual for its kind.
    pub fn usual_transport(&self) -> Transport {
        self.transport.unwrap_or_else(|| transports(&self.kind).first().copied().unwrap_or_default())
    }

    /// Whether it can be over this transport: the one given, else any that its kind has.
    pub fn can_be_over(&self, transport: Transport) -> bool {
        self.transport.map_or_else(|| transports(&self.kind).contains(&transport), |own| own == transport)
    }

    /// Whether a service that answers is this interface; none is, where it is declared not to be enabled. None where nobody can tell: the interface has no port, and what the service speaks was
    /// not recognised, or guessed from its port.
    pub fn is_service(&self, service: &NetworkService) -> Option<bool> {
        if self.enabled == Some(false) {
            return Some(false);
        }
        if !Transport::named(&service.transport).is_some_and(|transport| self.can_be_over(transport)) {
            return Some(false);
        }
        if let Some(port) = self.port {
            return Some(port == service.port);
        }
        if NO_SERVICE.contains(&self.kind.as_str()) {
            return Some(false);
        }
        let guessed = service.recognised_by.as_deref() == Some("port");
        match service.protocol.as_deref() {
            // TLS with something unknown in it is anything.
            Some(protocol) if !guessed && !matches!(protocol, "tls" | "dtls") && self.kind != "other" => {
                // What a kind says is inside TLS is another thing in the clear.
                let in_clear = is_inside_tls(&self.kind) && protocol != self.kind && !service.tls;
                Some(speaks(&self.kind, protocol) && !in_clear)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface(kind: &str, port: Option<u16>, transport: Option<Transport>) -> Interface {
        Interface { kind: kind.into(), port, transport, ..Interface::default() }
    }

    fn service(transport: &str, port: u16, protocol: Option<&str>) -> NetworkService {
        let protocol = protocol.map(str::to_owned);
        NetworkService { transport: transport.into(), port, protocol, ..NetworkService::default() }
    }

    #[test]
    fn the_transport_is_the_one_given_or_the_usual_one() {
        assert_eq!(interface("web", None, None).usual_transport(), Transport::Tcp);
        assert_eq!(interface("coaps", None, None).usual_transport(), Transport::Udp);
        assert_eq!(interface("coap", None, Some(Transport::Tcp)).usual_transport(), Transport::Tcp);
        assert!(interface("dns", None, None).can_be_over(Transport::Tcp));
        assert!(!interface("dns", None, Some(Transport::Udp)).can_be_over(Transport::Tcp));
    }

    #[test]
    fn a_port_tells_whatever_was_recognised() {
        let web = interface("web", Some(443), None);
        assert_eq!(web.is_service(&service("tcp", 443, None)), Some(true));
        assert_eq!(web.is_service(&service("tcp", 8443, Some("http"))), Some(false));
        assert_eq!(web.is_service(&service("udp", 443, None)), Some(false));
        assert_eq!(interface("dns", Some(53), None).is_service(&service("tcp", 53, Some("dns"))), Some(true));
    }

    #[test]
    fn without_a_port_only_what_was_recognised_tells() {
        let web = interface("web", None, None);
        assert_eq!(web.is_service(&service("tcp", 8080, Some("http"))), Some(true));
        assert_eq!(web.is_service(&service("tcp", 23, Some("telnet"))), Some(false));
        assert_eq!(web.is_service(&service("tcp", 9999, None)), None);
        assert_eq!(web.is_service(&service("tcp", 9999, Some("tls"))), None);
        assert_eq!(web.is_service(&service("udp", 9999, None)), Some(false));
        let guess = NetworkService { recognised_by: Some("port".into()), ..service("tcp", 23, Some("telnet")) };
        assert_eq!(web.is_service(&guess), None);
        let inside = |port, protocol| NetworkService { tls: true, ..service("tcp", port, Some(protocol)) };
        assert_eq!(interface("https", None, None).is_service(&inside(443, "http")), Some(true));
        assert_eq!(interface("https", None, None).is_service(&service("tcp", 80, Some("http"))), Some(false));
        assert_eq!(interface("mqtts", None, None).is_service(&inside(8883, "mqtt")), Some(true));
        assert_eq!(interface("mqtts", None, None).is_service(&inside(8883, "http")), Some(false));
        assert!(speaks("mqtts", "mqtt") && speaks("tls", "tls") && !speaks("tls", "tl"));
        assert_eq!(interface("other", None, None).is_service(&service("tcp", 23, Some("telnet"))), None);
        assert_eq!(interface("wifi", None, None).is_service(&service("tcp", 9999, None)), Some(false));
    }
}
