//! A service of a host: where it is, and how facts about it say where they come from.

use std::fmt;
use std::net::SocketAddr;

use sekisho_model::fact::Source;
use sekisho_model::product::Transport;

/// A service of a host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// Address and port.
    pub address: SocketAddr,
    /// Transport.
    pub transport: Transport,
    /// The name of the host, where the product file gives one: what is asked for in TLS and HTTP.
    pub name: Option<String>,
}

impl Endpoint {
    /// The service at a TCP port.
    pub fn tcp(address: SocketAddr, name: Option<&str>) -> Self {
        Self { address, transport: Transport::Tcp, name: name.map(str::to_owned) }
    }

    /// The service at a UDP port.
    pub fn udp(address: SocketAddr, name: Option<&str>) -> Self {
        Self { address, transport: Transport::Udp, name: name.map(str::to_owned) }
    }

    /// The host's address as facts write it.
    pub fn host(&self) -> String {
        self.address.ip().to_string()
    }

    /// Where a fact about it was seen; the artefact is filled in by the collection.
    pub fn source(&self) -> Source {
        Source { path: Some(self.to_string()), ..Source::default() }
    }
}

impl fmt::Display for Endpoint {
    /// As `tcp/443`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.transport.name(), self.address.port())
    }
}
