//! Which ports of a host answer, and what is behind them.

mod datagrams;
pub(crate) mod hearing;
mod identify;
mod order;
mod ports;
mod usual;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::network::{NetworkHost, NetworkService};

use crate::budget::Budget;
use crate::endpoint::Endpoint;
use crate::findings::Findings;
use crate::host::Host;

pub use datagrams::datagrams;
pub use identify::identify;
pub use ports::ports;
pub use usual::usual_ports;

/// What rests on knowing what is behind a TCP port: it may be anything that is looked at further on.
const BEHIND_TCP: [Aspect; 7] = [
    Aspect::NetworkServices,
    Aspect::NetworkAccess,
    Aspect::NetworkTls,
    Aspect::NetworkSsh,
    Aspect::NetworkMqtt,
    Aspect::NetworkCoap,
    Aspect::NetworkWeb,
];

/// What answers on a host.
#[derive(Debug, Clone, Default)]
pub struct Listening {
    /// TCP ports that accept connections; what they are, [`identify`] finds out.
    pub tcp: Vec<Endpoint>,
    /// Services that answered over UDP, with what they are.
    pub udp: Vec<(Endpoint, NetworkService)>,
}

/// Asks a host's TCP ports and the usual services over UDP, and sums both up. The services over UDP are among the findings, too.
pub fn host(host: &Host, budget: &Budget, progress: &(dyn Fn(&str) + Sync)) -> (Listening, Findings) {
    let mut sum = NetworkHost {
        address: host.address.to_string(),
        name: host.name.clone(),
        vantage: host.vantage,
        ..NetworkHost::default()
    };
    let (tcp, mut findings) = ports(host, budget, &mut sum, progress);
    let (udp, more) = datagrams(host, budget, &mut sum, progress);
    findings.extend(more);
    for (endpoint, service) in &udp {
        findings.fact(Observed::NetworkService(service.clone()), endpoint.source());
    }
    findings.fact(Observed::NetworkHost(sum), Source::default());
    (Listening { tcp, udp }, findings)
}
