//! From the product file to the hosts that may be contacted.

use std::collections::BTreeSet;
use std::net::{IpAddr, ToSocketAddrs};

use sekisho_model::network::FailureKind;
use sekisho_model::product::{Authorized, Component, Interface};

use crate::failure::Failure;
use crate::host::{Host, Login, Port};

/// Addresses of one name that are looked at: of more, it is a service spread over many machines and no device.
const MOST_ADDRESSES: usize = 4;

/// The addresses behind what the product file gives as `address`: itself, or those that the system's resolver tells for the name.
///
/// # Errors
/// Where the name has no address.
pub fn addresses(declared: &str) -> Result<Vec<IpAddr>, Failure> {
    let bare = declared.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return Ok(vec![address]);
    }
    let unresolved = |detail: String| Failure { kind: FailureKind::Unresolved, detail: Some(detail) };
    let found = (declared, 0).to_socket_addrs().map_err(|error| unresolved(error.to_string()))?;
    let addresses: BTreeSet<IpAddr> = found.map(|found| found.ip()).collect();
    if addresses.is_empty() {
        return Err(unresolved("no address".into()));
    }
    Ok(addresses.into_iter().take(MOST_ADDRESSES).collect())
}

/// The name in what the product file gives as `address`; none where that is an address.
pub fn name(declared: &str) -> Option<&str> {
    addresses_literal(declared).is_none().then_some(declared)
}

fn addresses_literal(declared: &str) -> Option<IpAddr> {
    declared.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// How far anything of a component may be looked at: what the component says, or more where one of its interfaces says more.
pub fn authorized(component: &Component) -> Authorized {
    let interfaces = component.interfaces.iter().flatten().filter_map(|interface| interface.authorized);
    interfaces.chain(component.authorized).max().unwrap_or_default()
}

/// The component as a host at `address`. `accounts` gives the test accounts of an interface with their passwords.
pub fn host(
    component: &Component,
    address: IpAddr,
    name: Option<&str>,
    tcp_ports: Vec<u16>,
    accounts: &dyn Fn(&Interface) -> Vec<Login>,
) -> Host {
    let whole = component.authorized.unwrap_or_default();
    let declared = component.interfaces.iter().flatten().filter_map(|interface| {
        Some(Port {
            transport: interface.usual_transport(),
            port: interface.port?,
            kind: interface.kind.clone(),
            authorized: interface.authorized.unwrap_or(whole),
            accounts: accounts(interface),
            path: interface.path.clone(),
        })
    });
    Host { address, name: name.map(str::to_owned), authorized: whole, tcp_ports, declared: declared.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::product::Transport;

    fn camera() -> Component {
        let interface =
            |kind: &str, port, authorized| Interface { kind: kind.into(), port, authorized, ..Interface::default() };
        Component {
            id: "camera".into(),
            authorized: Some(Authorized::Probe),
            interfaces: Some(vec![
                interface("web", Some(443), None),
                interface("modbus", Some(502), Some(Authorized::Passive)),
                interface("coap", Some(5683), Some(Authorized::Active)),
                interface("wifi", None, None),
            ]),
            ..Component::default()
        }
    }

    #[test]
    fn an_interface_says_for_itself_how_far_it_may_be_looked_at() {
        let host = host(&camera(), "192.0.2.1".parse().unwrap(), None, vec![22], &|_| Vec::new());
        assert_eq!(host.declared.len(), 3);
        assert_eq!(host.authorized_at(Transport::Tcp, 443), Authorized::Probe);
        assert_eq!(host.authorized_at(Transport::Tcp, 502), Authorized::Passive);
        assert_eq!(host.authorized_at(Transport::Udp, 5683), Authorized::Active);
        assert_eq!(host.authorized_at(Transport::Tcp, 8080), Authorized::Probe);
        assert_eq!(authorized(&camera()), Authorized::Active);
    }

    #[test]
    fn nothing_is_authorized_unless_it_is_said() {
        let silent = Component { authorized: None, interfaces: None, ..camera() };
        assert_eq!(authorized(&silent), Authorized::Passive);
        let host = host(&silent, "192.0.2.1".parse().unwrap(), None, Vec::new(), &|_| Vec::new());
        assert_eq!(host.authorized_at(Transport::Tcp, 443), Authorized::Passive);
    }

    #[test]
    fn addresses_are_taken_as_they_are() {
        assert_eq!(addresses("[::1]").unwrap(), ["::1".parse::<IpAddr>().unwrap()]);
        assert_eq!(name("192.0.2.1"), None);
        assert_eq!(name("camera.local"), Some("camera.local"));
    }
}
