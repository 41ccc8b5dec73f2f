//! Whether a destination is among what a MUD file lets the device talk to.

use std::net::IpAddr;

use super::{Direction, Forwarding, Mud, Peer, Rule};

impl Mud {
    /// Whether the file lets the device send to `port` of `address`, which is known by `names`. Classes that only an administrator can
    /// fill (controllers, other makers' things) are taken to hold for local addresses only.
    pub fn declares(&self, names: &[&str], address: IpAddr, protocol: u8, port: Option<u16>) -> bool {
        let from_device = |list: &&super::AccessList| self.direction(&list.name) == Some(Direction::FromDevice);
        // Entries are tried in their order, and the first that fits decides (RFC 8519, section 4.1).
        self.lists.iter().filter(from_device).any(|list| {
            let first = list.rules.iter().find(|rule| fits(rule, names, address, protocol, port));
            first.is_some_and(|rule| rule.forwarding == Some(Forwarding::Accept))
        })
    }
}

fn fits(rule: &Rule, names: &[&str], address: IpAddr, protocol: u8, port: Option<u16>) -> bool {
    rule.protocol.is_none_or(|number| number == protocol)
        && rule.destination_port.is_none_or(|ports| port.is_some_and(|port| ports.contains(port)))
        && rule.icmp.is_none_or(|_| matches!(protocol, 1 | 58))
        && rule.peers.iter().all(|peer| match peer {
            Peer::Dns(name) => {
                names.iter().any(|other| other.trim_end_matches('.').eq_ignore_ascii_case(name.trim_end_matches('.')))
            }
            Peer::Network(prefix) => prefix.contains(address),
            Peer::LocalNetworks
            | Peer::Manufacturer(_)
            | Peer::SameManufacturer
            | Peer::Model(_)
            | Peer::Controller(_)
            | Peer::MyController => sekisho_model::address::is_local(address),
            Peer::Ethernet(_) => false,
        })
}
