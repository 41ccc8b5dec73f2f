//! Names and stations: who is behind an address.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::neighbour::{Claim, is_link_local};
use crate::protocol::{dhcp, dns};
use sekisho_model::address::scope;

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
    /// Hardware addresses that packets came from.
    senders: HashMap<Mac, Sender>,
    /// Entries for which there was no room.
    pub(crate) left: u64,
}

/// A station of the local network.
#[derive(Debug, Default)]
pub(crate) struct Station {
    pub(crate) mac: Option<Mac>,
    /// Whether it is the station's own: it said so, or no router passes such packets on. Without that, it may be a router's.
    pub(crate) claimed: bool,
    /// Whether several stations say that the address is theirs.
    disputed: bool,
    pub(crate) names: BTreeSet<String>,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) first_frame: u64,
}

/// What is known of who has a hardware address.
#[derive(Debug, Default)]
struct Sender {
    says_router: bool,
    /// Addresses of the Internet that packets of it came from.
    from_internet: BTreeSet<IpAddr>,
}

/// What a station said to a DHCP server.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    pub(crate) host: Option<String>,
    pub(crate) vendor: Option<String>,
    pub(crate) mud: Option<String>,
}

/// What one end of a flow sent.
pub(crate) struct Sent {
    pub(crate) mac: Option<Mac>,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) first_frame: u64,
}

impl Names {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Packets of an address were seen: those of local stations are kept.
    pub(crate) fn sent(&mut self, address: IpAddr, sent: &Sent) {
        if address.is_unspecified() {
            return;
        }
        match scope(address) {
            "local" => {}
            "internet" => {
                self.note_source(address, sent.mac);
                // Only somebody who said so is a station of the link.
                if !self.stations.contains_key(&address) {
                    return;
                }
            }
            _ => return,
        }
        let Some(station) = self.station(address) else { return };
        if station.frames == 0 {
            station.first_frame = sent.first_frame;
        }
        station.first_frame = station.first_frame.min(sent.first_frame);
        station.frames += sent.frames;
        station.bytes += sent.bytes;
        if is_link_local(address)
            && let Some(mac) = sent.mac
        {
            station.claim(mac);
        }
        station.mac = station.mac.or(sent.mac);
    }

    fn station(&mut self, address: IpAddr) -> Option<&mut Station> {
        if self.stations.len() >= self.limit && !self.stations.contains_key(&address) {
            self.left += 1;
            return None;
        }
        Some(self.stations.entry(address).or_default())
    }

    fn sender(&mut self, mac: Mac) -> Option<&mut Sender> {
        if self.senders.len() >= self.limit && !self.senders.contains_key(&mac) {
            self.left += 1;
            return None;
        }
        Some(self.senders.entry(mac).or_default())
    }

    fn note_source(&mut self, address: IpAddr, mac: Option<Mac>) {
        /// A device has some; a router is known by the first that is not its own.
        const MOST: usize = 16;
        let Some(mac) = mac else { return };
        let Some(sender) = self.sender(mac) else { return };
        if sender.from_internet.len() < MOST {
            sender.from_internet.insert(address);
        }
    }

    /// Somebody says that an address is its own.
    pub(crate) fn claim(&mut self, claim: &Claim, frame: u64) {
        if matches!(scope(claim.address), "local" | "internet")
            && let Some(station) = self.station(claim.address)
        {
            if station.first_frame == 0 {
                station.first_frame = frame;
            }
            station.claim(claim.mac);
        }
        if claim.router
            && let Some(sender) = self.sender(claim.mac)
        {
            sender.says_router = true;
        }
    }

    /// Whether who has the hardware address passes on what others sent: it says so, or packets of the Internet come from it.
    pub(crate) fn forwards(&self, mac: Mac) -> bool {
        let own = |address: &IpAddr| {
            self.stations.get(address).is_some_and(|station| station.owns_mac() && station.mac == Some(mac))
        };
        self.senders
            .get(&mac)
            .is_some_and(|sender| sender.says_router || sender.from_internet.iter().any(|address| !own(address)))
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
                if *address == from
                    && scope(from) == "local"
                    && let Some(station) = self.station(from)
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
    pub(crate) fn dhcp(&mut self, message: dhcp::Message, frame: u64) {
        if message.reply {
            if let Some(given) = message.given {
                self.claim(&Claim { address: given.into(), mac: message.client, router: false }, frame);
            }
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

impl Station {
    fn claim(&mut self, mac: Mac) {
        // Of two that say so, neither is believed.
        self.disputed |= self.claimed && self.mac != Some(mac);
        self.claimed = true;
        self.mac = Some(mac);
    }

    /// Whether the hardware address is certainly its own.
    pub(crate) fn owns_mac(&self) -> bool {
        self.claimed && !self.disputed
    }
}
