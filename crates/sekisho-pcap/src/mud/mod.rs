//! Manufacturer Usage Descriptions (RFC 8520): what a device's maker says that it communicates with.
//!
//! A MUD file is JSON after two YANG modules: `ietf-mud` (RFC 8520) and `ietf-access-control-list` (RFC 8519). [`read`] gives a typed
//! [`Mud`] and everything that is wrong with the file; [`write()`] gives a file from it; [`from_product`] makes one from a product file;
//! [`Mud::declares`] tells whether a destination is among what the device may talk to.

mod collector;
mod declared;
mod product;
mod read;
mod signature;
mod write;

use std::net::IpAddr;

pub use collector::MudCollector;
pub use product::{Draft, from_product};
pub use read::read;
pub use write::write;

/// A MUD file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mud {
    /// Where its lists stand.
    pub form: Form,
    /// `mud-version`; this model is of version 1 (RFC 8520, section 3.1).
    pub version: Option<u64>,
    /// `mud-url` (section 3.2).
    pub url: Option<String>,
    /// `last-update`, a date and time of RFC 3339 (section 3.4).
    pub last_update: Option<String>,
    /// `mud-signature`: where the detached signature is to be found (section 13).
    pub signature: Option<String>,
    /// `cache-validity` in hours, 1 to 168; 48 where it is not given (section 3.5).
    pub cache_validity: Option<u64>,
    /// `is-supported` (section 3.6).
    pub supported: Option<bool>,
    /// `systeminfo` for people, up to 60 characters (section 3.7).
    pub system_info: Option<String>,
    /// `mfg-name` (section 3.8).
    pub manufacturer: Option<String>,
    /// `model-name` (section 3.8).
    pub model: Option<String>,
    /// `firmware-rev` (section 3.8).
    pub firmware_rev: Option<String>,
    /// `software-rev` (section 3.8).
    pub software_rev: Option<String>,
    /// `documentation` (section 4.3).
    pub documentation: Option<String>,
    /// `extensions` (section 3.9).
    pub extensions: Vec<String>,
    /// Names of the lists for what the device sends (section 3.3).
    pub from_device: Vec<String>,
    /// Names of the lists for what the device receives.
    pub to_device: Vec<String>,
    /// The access lists.
    pub lists: Vec<AccessList>,
}

/// Where the access lists stand in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// `ietf-access-control-list:acls`, as RFC 8519 and RFC 8520 say.
    #[default]
    Rfc8520,
    /// `ietf-access-control-list:access-lists`, as the drafts before them said; many files in the field do.
    Draft,
}

/// An access list (RFC 8519).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessList {
    /// Its name.
    pub name: String,
    /// Its type: `ipv4-acl-type`, `ipv6-acl-type`, `eth-acl-type` …
    pub kind: Option<String>,
    /// Its entries, in the order in which they are tried.
    pub rules: Vec<Rule>,
}

/// An access control entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Whom the device communicates with; all of them must fit. None means anybody.
    pub peers: Vec<Peer>,
    /// Number of the protocol over IP (IANA); none means any.
    pub protocol: Option<u8>,
    /// Ports that packets of this rule come from.
    pub source_port: Option<Ports>,
    /// Ports that they go to.
    pub destination_port: Option<Ports>,
    /// Who begins a TCP connection (RFC 8520, section 4.8).
    pub initiated: Option<Direction>,
    /// Type and code of ICMP.
    pub icmp: Option<(Option<u8>, Option<u8>)>,
    /// What happens to what fits.
    pub forwarding: Option<Forwarding>,
    /// Names of conditions that this reader does not know. The rule then says less than it seems to.
    pub not_understood: Vec<String>,
}

/// Whom a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// A host by its name (`src-dnsname`, `dst-dnsname`; section 8).
    Dns(String),
    /// Addresses.
    Network(Prefix),
    /// Whoever is on the local networks.
    LocalNetworks,
    /// Things whose MUD URL has this authority.
    Manufacturer(String),
    /// Things whose MUD URL has the same authority.
    SameManufacturer,
    /// Things with this MUD URL.
    Model(String),
    /// Whoever the network's administrator knows as of this class.
    Controller(String),
    /// Whoever the administrator says to control this device.
    MyController,
    /// An Ethernet address or type, as it stands there.
    Ethernet(String),
}

/// Addresses with the same beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// The address; bits after the prefix are kept as they stand there.
    pub address: IpAddr,
    /// Length in bits.
    pub length: u8,
}

/// Ports of TCP or UDP (RFC 8519, `port-range-or-operator`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ports {
    /// `eq`.
    One(u16),
    /// `neq`.
    Not(u16),
    /// `lte`.
    UpTo(u16),
    /// `gte`.
    From(u16),
    /// `lower-port` to `upper-port`.
    Range(u16, u16),
}

/// From the device's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The device sends, or begins.
    FromDevice,
    /// The device receives, or the other side begins.
    ToDevice,
}

impl Direction {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::FromDevice => "from-device",
            Self::ToDevice => "to-device",
        }
    }
}

/// What a rule does (RFC 8519, `forwarding-action`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarding {
    /// Lets it pass.
    Accept,
    /// Drops it.
    Drop,
    /// Drops it and says so to the sender.
    Reject,
}

impl Forwarding {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Drop => "drop",
            Self::Reject => "reject",
        }
    }
}

impl Ports {
    /// Whether `port` is among them.
    pub fn contains(self, port: u16) -> bool {
        match self {
            Self::One(one) => port == one,
            Self::Not(one) => port != one,
            Self::UpTo(last) => port <= last,
            Self::From(first) => port >= first,
            Self::Range(first, last) => (first..=last).contains(&port),
        }
    }
}

impl std::fmt::Display for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(port) => write!(f, "{port}"),
            Self::Not(port) => write!(f, "!={port}"),
            Self::UpTo(port) => write!(f, "<={port}"),
            Self::From(port) => write!(f, ">={port}"),
            Self::Range(first, last) => write!(f, "{first}-{last}"),
        }
    }
}

impl Prefix {
    /// Whether `address` begins with the same bits.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.length.min(32));
                u32::from(own).checked_shr(shift) == u32::from(other).checked_shr(shift)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.length.min(128));
                u128::from(own).checked_shr(shift) == u128::from(other).checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl std::str::FromStr for Prefix {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = text.split_once('/').ok_or(())?;
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let length = length.parse().map_err(|_| ())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        if length > most { Err(()) } else { Ok(Self { address, length }) }
    }
}

impl Mud {
    /// In which direction the policies use the list called `name`; none where they do not. A list of both counts as from the device.
    pub fn direction(&self, name: &str) -> Option<Direction> {
        if self.from_device.iter().any(|list| list == name) {
            Some(Direction::FromDevice)
        } else if self.to_device.iter().any(|list| list == name) {
            Some(Direction::ToDevice)
        } else {
            None
        }
    }
}

impl Peer {
    /// What it is given by, as facts call it, and the name itself where there is one.
    pub fn parts(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Dns(name) => ("dns", Some(name.clone())),
            Self::Network(prefix) => ("network", Some(prefix.to_string())),
            Self::LocalNetworks => ("local-networks", None),
            Self::Manufacturer(authority) => ("manufacturer", Some(authority.clone())),
            Self::SameManufacturer => ("same-manufacturer", None),
            Self::Model(url) => ("model", Some(url.clone())),
            Self::Controller(class) => ("controller", Some(class.clone())),
            Self::MyController => ("my-controller", None),
            Self::Ethernet(what) => ("ethernet", Some(what.clone())),
        }
    }
}
