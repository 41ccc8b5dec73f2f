//! A host that may be contacted, and how far. Made from the product file; nothing else is.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use sekisho_model::network::Vantage;
use sekisho_model::product::{Authorized, Transport, WebLogin};

/// A host of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its address.
    pub address: IpAddr,
    /// The name that the product file gives, where it gives one: it is asked for in TLS and HTTP.
    pub name: Option<String>,
    /// From where it is asked.
    pub vantage: Vantage,
    /// How far it may be looked at as a whole.
    pub authorized: Authorized,
    /// TCP ports to ask.
    pub tcp_ports: Vec<u16>,
    /// The ports of its declared interfaces.
    pub declared: Vec<Port>,
}

/// A declared interface that has a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Transport.
    pub transport: Transport,
    /// Number.
    pub port: u16,
    /// Kind of interface as the product file says: `web`, `ssh`, `mqtt` …
    pub kind: String,
    /// How far it may be looked at.
    pub authorized: Authorized,
    /// Test accounts.
    pub accounts: Vec<Login>,
    /// Path of its first page, for web interfaces.
    pub path: Option<String>,
    /// How one logs in, for web interfaces that do it by JSON.
    pub login: Option<WebLogin>,
}

/// Name and password of a test account. The password shows in no output.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Host {
    /// How far a port may be looked at: as its interface says, else as the host.
    pub fn authorized_at(&self, transport: Transport, port: u16) -> Authorized {
        self.port(transport, port).map_or(self.authorized, |declared| declared.authorized)
    }

    /// The declared interface at a port.
    pub fn port(&self, transport: Transport, port: u16) -> Option<&Port> {
        self.declared.iter().find(|declared| declared.transport == transport && declared.port == port)
    }

    /// How many TCP ports are asked: those listed and those declared, but for the ones that must not be.
    pub fn asked_tcp(&self) -> usize {
        let declared = self.declared.iter().filter(|port| port.transport == Transport::Tcp).map(|port| port.port);
        let all: BTreeSet<u16> = self.tcp_ports.iter().copied().chain(declared).collect();
        all.into_iter().filter(|port| self.authorized_at(Transport::Tcp, *port) > Authorized::Passive).count()
    }

    /// Takes back the authorization for active tests; what is harmless stays authorized.
    pub fn no_active_tests(&mut self) {
        self.authorized = self.authorized.min(Authorized::Probe);
        for port in &mut self.declared {
            port.authorized = port.authorized.min(Authorized::Probe);
        }
    }
}
