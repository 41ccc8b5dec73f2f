//! From the product file to the hosts that may be contacted.

use std::collections::BTreeSet;
use std::net::{IpAddr, ToSocketAddrs};

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::network::{FailureKind, Vantage};
use sekisho_model::product::{Component, Interface};

use crate::failure::Failure;
use crate::findings::Findings;
use crate::host::{Host, Login, Port};

/// Addresses of one name that are looked at: of more, it is a service spread over many machines and no device.
const MOST_ADDRESSES: usize = 4;

/// The addresses behind what the product file gives as `address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Those that are looked at.
    pub looked_at: Vec<IpAddr>,
    /// Those that are not, for there are too many.
    pub left_out: Vec<IpAddr>,
}

impl Addresses {
    fn new(all: impl IntoIterator<Item = IpAddr>) -> Self {
        let mut looked_at: Vec<IpAddr> = all.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let left_out = looked_at.split_off(looked_at.len().min(MOST_ADDRESSES));
        Self { looked_at, left_out }
    }

    /// That some are left out, as a gap of every aspect of the host of this name.
    pub fn gaps(&self, name: &str) -> Findings {
        let mut findings = Findings::default();
        if !self.left_out.is_empty() {
            let left: Vec<String> = self.left_out.iter().map(IpAddr::to_string).collect();
            findings.gap(&Aspect::NETWORK, name, &too_many(self.looked_at.len(), &left.join(", ")));
        }
        findings
    }
}

fn too_many(looked_at: usize, left: &str) -> Text {
    Text::new(
        format!("of the addresses of this name only {looked_at} were looked at, not {left}"),
        format!("この名前のアドレスのうち{looked_at}個だけを調べ、{left}は調べていない"),
    )
}

/// The addresses behind what the product file gives as `address`: itself, or those that the system's resolver tells for the name.
///
/// # Errors
/// Where the name has no address.
pub fn addresses(declared: &str) -> Result<Addresses, Failure> {
    if let Some(address) = literal(declared) {
        return Ok(Addresses::new([address]));
    }
    let unresolved = |detail: String| Failure { kind: FailureKind::Unresolved, detail: Some(detail) };
    let found = (declared, 0).to_socket_addrs().map_err(|error| unresolved(error.to_string()))?;
    let addresses = Addresses::new(found.map(|found| found.ip()));
    if addresses.looked_at.is_empty() { Err(unresolved("no address".into())) } else { Ok(addresses) }
}

/// The name in what the product file gives as `address`; none where that is an address.
pub fn name(declared: &str) -> Option<&str> {
    literal(declared).is_none().then_some(declared)
}

fn literal(declared: &str) -> Option<IpAddr> {
    declared.trim_start_matches('[').trim_end_matches(']').parse().ok()
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
            login: interface.login.clone(),
        })
    });
    Host {
        address,
        name: name.map(str::to_owned),
        vantage: Vantage::Unknown,
        authorized: whole,
        tcp_ports,
        declared: declared.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::product::{Authorized, Transport};

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
        assert_eq!(camera().most_authorized(), Authorized::Active);
    }

    #[test]
    fn nothing_is_authorized_unless_it_is_said() {
        let silent = Component { authorized: None, interfaces: None, ..camera() };
        assert_eq!(silent.most_authorized(), Authorized::Passive);
        let host = host(&silent, "192.0.2.1".parse().unwrap(), None, Vec::new(), &|_| Vec::new());
        assert_eq!(host.authorized_at(Transport::Tcp, 443), Authorized::Passive);
    }

    #[test]
    fn addresses_are_taken_as_they_are() {
        assert_eq!(addresses("[::1]").unwrap().looked_at, ["::1".parse::<IpAddr>().unwrap()]);
        assert_eq!(name("192.0.2.1"), None);
        assert_eq!(name("camera.local"), Some("camera.local"));
    }

    #[test]
    fn addresses_that_are_left_out_are_a_gap() {
        let many = |count: u8| Addresses::new((1..=count).map(|last| IpAddr::from([192, 0, 2, last])));
        assert_eq!(many(4).gaps("camera.local"), Findings::default());
        let five = many(5);
        assert_eq!((five.looked_at.len(), five.left_out.len()), (4, 1));
        let gaps = five.gaps("camera.local").gaps;
        assert_eq!(gaps.len(), Aspect::NETWORK.len());
        assert!(gaps.iter().all(|(_, gap)| gap.reason.en.contains("192.0.2.5")));
    }
}
