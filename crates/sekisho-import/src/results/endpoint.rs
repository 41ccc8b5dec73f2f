//! A service as other tools name it, and what they tell about its TLS, put together.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_algorithms::tls::{Suite, group};
use sekisho_model::fact::Observed;
use sekisho_model::tls::{TlsCertificate, TlsServer, TlsSuite};

use crate::draft::Draft;

/// Host and port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Endpoint {
    /// Address, or the name where no address is told.
    pub(crate) address: String,
    pub(crate) port: u16,
}

impl Endpoint {
    /// `address:port`, with brackets where the address has colons.
    pub(crate) fn shown(&self) -> String {
        if self.address.contains(':') {
            format!("[{}]:{}", self.address, self.port)
        } else {
            format!("{}:{}", self.address, self.port)
        }
    }
}

/// Whether a host is named rather than given by its address.
pub(crate) fn is_name(host: &str) -> bool {
    !host.is_empty() && host.parse::<std::net::IpAddr>().is_err()
}

/// TLS of one service while it is read.
#[derive(Debug, Default)]
pub(crate) struct Tls {
    pub(crate) server: TlsServer,
    /// Suites by version; those whose version is not told under the empty one.
    suites: BTreeMap<String, BTreeSet<Suite>>,
    /// Whether all suites were listed, not only some.
    pub(crate) all_listed: bool,
    groups: BTreeSet<String>,
    dh_bits: Option<u32>,
    weaknesses: BTreeSet<String>,
    certificates: Vec<(TlsCertificate, Option<u32>)>,
    /// Line at which the tool begins to tell about it.
    pub(crate) line: Option<u32>,
    /// Whether anything was told at all.
    pub(crate) told: bool,
}

impl Tls {
    pub(crate) fn new(endpoint: &Endpoint) -> Self {
        let server = TlsServer {
            address: endpoint.address.clone(),
            transport: "tcp".to_owned(),
            port: endpoint.port,
            ..TlsServer::default()
        };
        Self { server, ..Self::default() }
    }

    pub(crate) fn suite(&mut self, version: &str, suite: Suite) {
        self.told = true;
        self.suites.entry(version.to_owned()).or_default().insert(suite);
    }

    /// A weakness of a suite that the tool does not name.
    pub(crate) fn weakness(&mut self, kind: &str) {
        self.weaknesses.insert(kind.to_owned());
    }

    /// A group as the tool calls it; says whether it is known.
    pub(crate) fn group(&mut self, name: &str) -> bool {
        let Some(group) = group(name) else { return false };
        if let Some(bits) = group.strip_prefix("ffdhe").and_then(|bits| bits.parse().ok()) {
            self.dh(bits);
        }
        self.groups.insert(group);
        true
    }

    /// A Diffie-Hellman group of so many bits.
    pub(crate) fn dh(&mut self, bits: u32) {
        self.dh_bits = Some(self.dh_bits.map_or(bits, |least| least.min(bits)));
    }

    pub(crate) fn certificate(&mut self, certificate: TlsCertificate, line: Option<u32>) {
        self.told = true;
        self.certificates.push((certificate, line));
    }

    pub(crate) fn certificates(&mut self) -> impl Iterator<Item = &mut TlsCertificate> {
        self.certificates.iter_mut().map(|(certificate, _)| certificate)
    }

    /// Makes the facts.
    pub(crate) fn finish(self, draft: &mut Draft) {
        if !self.told {
            return;
        }
        let Self { mut server, suites, all_listed, groups, dh_bits, mut weaknesses, certificates, line, .. } = self;
        let all: BTreeSet<&Suite> = suites.values().flatten().collect();
        for suite in &all {
            weaknesses.extend(suite.weaknesses().into_iter().map(str::to_owned));
        }
        server.cipher_suites = all.iter().map(|suite| suite.name.clone()).collect();
        server.cipher_suites.sort();
        server.weaknesses = weaknesses.into_iter().collect();
        server.groups = groups.into_iter().collect();
        server.dh_bits = dh_bits;
        // One without forward secrecy is enough to know; that all have it is known only of a whole list.
        server.forward_secrecy = if all.iter().any(|suite| !suite.forward_secrecy()) {
            Some(false)
        } else {
            (all_listed && !all.is_empty()).then_some(true)
        };
        for list in [&mut server.versions, &mut server.refused, &mut server.unknown] {
            list.sort();
            list.dedup();
        }
        for (version, suites) in &suites {
            if version.is_empty() {
                continue;
            }
            for suite in suites {
                let fact = TlsSuite {
                    address: server.address.clone(),
                    transport: server.transport.clone(),
                    port: server.port,
                    version: version.clone(),
                    suite: suite.name.clone(),
                    code: suite.code(),
                    forward_secrecy: suite.forward_secrecy(),
                    weaknesses: suite.weaknesses().into_iter().map(str::to_owned).collect(),
                };
                draft.fact(Observed::TlsSuite(fact), line);
            }
        }
        for (mut certificate, at) in certificates {
            certificate.address.clone_from(&server.address);
            certificate.transport.clone_from(&server.transport);
            certificate.port = server.port;
            super::certificate::seen_at(&mut certificate, draft.made.as_deref());
            draft.fact(Observed::TlsCertificate(Box::new(certificate)), at);
        }
        // A tool may have looked at the certificates only.
        if !server.versions.is_empty() || !server.refused.is_empty() || !server.cipher_suites.is_empty() {
            draft.fact(Observed::TlsServer(Box::new(server)), line);
        }
    }
}
