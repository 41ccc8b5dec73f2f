//! Names and stations: who is behind an address.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::address::scope;
use crate::protocol::{dhcp, dns};

/// Names of one station that are kept.
const NAMES: usize = 8;

/// A name and how it was learnt.
pub(crate) type Name = (String, &'static str);

/// Hardware address.
pub(crate) type Mac = [u8; 6];

/// What is known of stations and of names of addresses.
#[derive(Debug, Default)]
pub(crate) struct Names {
    limit: usize,
    /// The name that was last resolved to an address.
    resolved: HashMap<IpAddr, String>,
    pub(crate) stations: BTreeMap<IpAddr, Station>,
    /// What stations say of themselves when asking for an address.
    pub(crate) leases: BTreeMap<Mac, Lease>,
    /// Entries for which there was no room.
    pub(crate) left: u64,
}

/// A station of the local network.
#[derive(Debug, Default)]
pub(crate) struct Station {
    pub(crate) mac: Option<Mac>,
    pub(crate) names: BTreeSet<String>,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) first_frame: u64,
}

/// What a station said to a DHCP server.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    pub(crate) host: Option<String>,
    pub(crate) vendor: Option<String>,
    pub(crate) mud: Option<String>,
}

impl Names {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// A packet of a local station was seen.
    pub(crate) fn station(&mut self, address: IpAddr, mac: Option<Mac>, bytes: u32, frame: u64) {
        if scope(address) != "local" || address.is_unspecified() {
            return;
        }
        if self.stations.len() >= self.limit && !self.stations.contains_key(&address) {
            self.left += 1;
            return;
        }
        let station =
            self.stations.entry(address).or_insert_with(|| Station { first_frame: frame, ..Station::default() });
        station.mac = station.mac.or(mac);
        station.frames += 1;
        station.bytes += u64::from(bytes);
    }

    /// The name last resolved to the address.
    pub(crate) fn of(&self, address: IpAddr) -> Option<Name> {
        self.resolved.get(&address).map(|name| (name.clone(), "dns"))
    }

    /// Learns from a DNS message that `from` sent.
    pub(crate) fn dns(&mut self, message: &dns::Message, from: IpAddr, multicast: bool) {
        if !message.response {
            return;
        }
        for (owner, data) in &message.answers {
            let dns::Data::Address(address) = data else { continue };
            if multicast {
                // A station that tells its own address tells its name.
                if let Some(station) = self.stations.get_mut(&from).filter(|_| *address == from)
                    && station.names.len() < NAMES
                {
                    station.names.insert(owner.clone());
                }
                continue;
            }
            // What was asked for is the name that somebody wanted; aliases lead from there to the address.
            let name = message.questions.first().unwrap_or(owner);
            if name.is_empty() || address.is_unspecified() {
                continue;
            }
            if self.resolved.len() >= self.limit && !self.resolved.contains_key(address) {
                self.left += 1;
                continue;
            }
            self.resolved.insert(*address, name.clone());
        }
    }

    /// Learns from a DHCP message.
    pub(crate) fn dhcp(&mut self, message: dhcp::Message) {
        if message.reply {
            return;
        }
        if self.leases.len() >= self.limit && !self.leases.contains_key(&message.client) {
            self.left += 1;
            return;
        }
        let lease = self.leases.entry(message.client).or_default();
        lease.host = message.host.or(lease.host.take());
        lease.vendor = message.vendor.or(lease.vendor.take());
        lease.mud = message.mud.or(lease.mud.take());
    }
}
