//! The cryptography that the product file declares of interfaces and flows and what was seen of it, put side by side.

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::declaration::{DeclarationDifference, SshDeclaration, TlsDeclaration};
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::{Authentication, Component, Flow, Interface, Product, Transport};
use sekisho_model::ssh::SshServer;
use sekisho_model::tls::{TlsCertificate, TlsServer};
use sekisho_model::traffic::TrafficTls;

use crate::{destinations, messages};

/// What has to be looked at for the comparison; nothing where no cryptography is declared.
pub(crate) fn needs(product: &Product, component: &Component) -> Vec<Aspect> {
    let interfaces = || component.interfaces.iter().flatten().filter(|interface| interface.port.is_some());
    [
        (interfaces().any(|i| i.tls.is_some() || i.ssh.is_some()), Aspect::NetworkServices),
        (interfaces().any(|i| i.tls.is_some()), Aspect::NetworkTls),
        (interfaces().any(|i| i.ssh.is_some()), Aspect::NetworkSsh),
        (flows(product, component).next().is_some(), Aspect::TrafficTls),
    ]
    .into_iter()
    .filter_map(|(needed, aspect)| needed.then_some(aspect))
    .collect()
}

/// Where what was seen differs from what is declared.
pub(crate) fn differences(product: &Product, component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    for fact in own(component, facts) {
        let differing = match &fact.observed {
            Observed::TlsServer(server) => {
                // Another tool may not have asked for everything, and neither did a look that failed.
                let whole = fact.source.tool.is_none() && !failed_at(component, facts, &server.address, server.port);
                of_tls(component, server, whole)
            }
            Observed::TlsCertificate(certificate) if certificate.position == 0 => {
                of_certificate(component, certificate)
            }
            Observed::SshServer(server) => of_ssh(component, server),
            Observed::TrafficTls(agreed) => of_flow(product, component, agreed),
            _ => continue,
        };
        found.extend(differing.into_iter().map(|value| Fact {
            observed: Observed::DeclarationDifference(Box::new(value)),
            subject: component.id.clone(),
            source: fact.source.clone(),
        }));
    }
    found
}

/// What keeps the comparison from being whole though everything that answers was looked at.
pub(crate) fn open(product: &Product, component: &Component, facts: &[Fact]) -> Vec<Text> {
    let mut reasons = Vec::new();
    for interface in component.interfaces.iter().flatten().filter(|i| i.enabled != Some(false) && i.port.is_some()) {
        let label = interface.label();
        let tls: Vec<&TlsServer> = own(component, facts)
            .filter_map(|fact| match &fact.observed {
                Observed::TlsServer(server) if is_at(interface, &server.transport, server.port) => Some(&**server),
                _ => None,
            })
            .collect();
        let ssh = own(component, facts).any(|fact| {
            matches!(&fact.observed, Observed::SshServer(server)
                if is_at(interface, "tcp", server.port) && !server.key_exchange.is_empty())
        });
        let answers = own(component, facts).any(|fact| {
            matches!(&fact.observed, Observed::NetworkService(service)
                if is_at(interface, &service.transport, service.port))
        });
        match &interface.tls {
            None if !tls.is_empty() => reasons.push(messages::cryptography_not_declared(&label, "TLS")),
            Some(declared) if tls.is_empty() && !(declared.versions.is_empty() && answers) => {
                reasons.push(messages::cryptography_not_seen(&label, "TLS"));
            }
            Some(declared) => {
                let told = |server: &&TlsServer, version| {
                    server.versions.contains(version) || server.refused.contains(version)
                };
                let untold = declared.versions.iter().filter(|version| !tls.iter().all(|server| told(server, version)));
                reasons.extend(untold.map(|version| messages::cryptography_not_seen(&label, version)));
            }
            None => {}
        }
        match (&interface.ssh, ssh) {
            (None, true) => reasons.push(messages::cryptography_not_declared(&label, "SSH")),
            (Some(_), false) => reasons.push(messages::cryptography_not_seen(&label, "SSH")),
            _ => {}
        }
    }
    reasons.extend(of_no_interface(component, facts));
    if flows(product, component).next().is_some() {
        reasons.extend(open_flows(product, component, facts));
    }
    reasons
}

/// Servers at a place where no interface is declared.
fn of_no_interface<'f>(component: &'f Component, facts: &'f [Fact]) -> impl Iterator<Item = Text> + use<'f> {
    own(component, facts).filter_map(|fact| {
        let (what, address, transport, port) = match &fact.observed {
            Observed::TlsServer(server) => ("TLS", &server.address, server.transport.as_str(), server.port),
            Observed::SshServer(server) if !server.key_exchange.is_empty() => {
                ("SSH", &server.address, "tcp", server.port)
            }
            _ => return None,
        };
        let declared = component.interfaces.iter().flatten().any(|interface| is_at(interface, transport, port));
        (!declared).then(|| messages::cryptography_not_declared(&format!("{address} {transport}/{port}"), what))
    })
}

fn open_flows(product: &Product, component: &Component, facts: &[Fact]) -> Vec<Text> {
    let mut reasons = BTreeSet::new();
    let agreed = || {
        own(component, facts).filter_map(|fact| match &fact.observed {
            Observed::TrafficTls(agreed) if agreed.version.is_some() => Some(agreed),
            _ => None,
        })
    };
    if agreed().any(|agreed| agreed.own.is_none()) {
        reasons.insert(messages::traffic_of_nobody(&component.id));
    }
    for (flow, end) in flows(product, component) {
        let nothing = flow.tls.as_ref().is_some_and(|tls| tls.versions.is_empty());
        if !nothing && !agreed().any(|agreed| agreed.own == Some(true) && is_with(product, end, agreed)) {
            reasons.insert(messages::cryptography_not_seen(end, "TLS"));
        }
    }
    for agreed in agreed().filter(|agreed| agreed.own == Some(true)) {
        if !flows(product, component).any(|(_, end)| is_with(product, end, agreed)) {
            let to = agreed.server_name.as_ref().unwrap_or(&agreed.server);
            reasons.insert(messages::cryptography_not_declared(to, "TLS"));
        }
    }
    reasons.into_iter().collect()
}

fn own<'f>(component: &'f Component, facts: &'f [Fact]) -> impl Iterator<Item = &'f Fact> + use<'f> {
    facts.iter().filter(|fact| fact.subject == component.id)
}

fn failed_at(component: &Component, facts: &[Fact], address: &str, port: u16) -> bool {
    own(component, facts).any(|fact| {
        matches!(&fact.observed, Observed::ProbeFailure(failure)
            if failure.address == address && failure.port == Some(port))
    })
}

fn is_at(interface: &Interface, transport: &str, port: u16) -> bool {
    interface.port == Some(port)
        && Transport::named(transport).is_some_and(|transport| interface.can_be_over(transport))
}

/// The flows of a component that declare their TLS, each with its other end.
fn flows<'p>(product: &'p Product, component: &'p Component) -> impl Iterator<Item = (&'p Flow, &'p str)> {
    product.flows.iter().flatten().filter_map(|flow| {
        flow.tls.as_ref()?;
        Some((flow, destinations::other_end(&flow.from, &flow.to, component)?))
    })
}

/// Whether the component agreed on it with this end of a flow.
fn is_with(product: &Product, end: &str, agreed: &TrafficTls) -> bool {
    let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    destinations::hosts_of(product, end)
        .into_iter()
        .any(|host| agreed.server == host || agreed.server_name.as_deref().is_some_and(|name| bare(name) == bare(host)))
}

/// How a list that is declared differs from what was `seen` at a `place`; `refused` says of what is declared whether it surely is not there.
fn difference(
    about: &str,
    declared: &[String],
    seen: &[String],
    refused: impl Fn(&String) -> bool,
    place: DeclarationDifference,
) -> Option<DeclarationDifference> {
    let undeclared: BTreeSet<&String> = seen.iter().filter(|name| !declared.contains(name)).collect();
    let missing: BTreeSet<&String> = declared.iter().filter(|name| refused(name)).collect();
    (!undeclared.is_empty() || !missing.is_empty()).then(|| DeclarationDifference {
        about: about.to_owned(),
        declared: declared.to_vec(),
        undeclared: undeclared.into_iter().cloned().collect(),
        missing: missing.into_iter().cloned().collect(),
        ..place
    })
}

fn place_of(interface: &Interface, address: &str, transport: &str, port: u16) -> DeclarationDifference {
    let ways = interface.authentications();
    DeclarationDifference {
        of: "interface".to_owned(),
        address: address.to_owned(),
        transport: transport.to_owned(),
        port,
        authenticated: (!ways.is_empty()).then(|| ways.iter().any(|way| *way != Authentication::None)),
        ..DeclarationDifference::default()
    }
}

fn of_tls(component: &Component, server: &TlsServer, whole: bool) -> Vec<DeclarationDifference> {
    let mut found = Vec::new();
    for interface in component.interfaces.iter().flatten() {
        let Some(TlsDeclaration { versions, cipher_suites, groups, .. }) = &interface.tls else { continue };
        if !is_at(interface, &server.transport, server.port) {
            continue;
        }
        let place = || place_of(interface, &server.address, &server.transport, server.port);
        // A version that nobody asked for may be there all the same.
        let refused = |version: &String| whole && server.refused.contains(version);
        found.extend(difference("tls-versions", versions, &server.versions, refused, place()));
        if let Some(suites) = cipher_suites {
            let refused = |suite: &String| whole && server.unknown.is_empty() && !server.cipher_suites.contains(suite);
            found.extend(difference("tls-cipher-suites", suites, &server.cipher_suites, refused, place()));
        }
        if let Some(groups) = groups {
            // Not every group is asked for, and of another tool's result some servers' groups are absent.
            found.extend(difference("tls-groups", groups, &server.groups, |_| false, place()));
        }
    }
    found
}

/// The key of a server's own certificate.
fn of_certificate(component: &Component, certificate: &TlsCertificate) -> Vec<DeclarationDifference> {
    let kind = &certificate.key_algorithm;
    // The curves of Edwards are of one size each, which their names say.
    let bits = certificate.key_bits.filter(|_| !kind.starts_with("ed"));
    let key = [bits.map_or_else(|| kind.clone(), |bits| format!("{kind}-{bits}"))];
    let interfaces = component.interfaces.iter().flatten();
    let here = interfaces.filter(|interface| is_at(interface, &certificate.transport, certificate.port));
    let declared = here.filter_map(|i| Some((i, i.tls.as_ref()?.certificate_keys.as_ref()?)));
    let differing = declared.filter_map(|(interface, keys)| {
        let place = place_of(interface, &certificate.address, &certificate.transport, certificate.port);
        difference("tls-certificate-keys", keys, &key, |_| false, place)
    });
    differing.collect()
}

fn of_ssh(component: &Component, server: &SshServer) -> Vec<DeclarationDifference> {
    // A server of the protocol before version 2 lists none.
    if server.key_exchange.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for interface in component.interfaces.iter().flatten().filter(|interface| is_at(interface, "tcp", server.port)) {
        let Some(SshDeclaration { key_exchange, host_keys, ciphers, macs }) = &interface.ssh else { continue };
        for (about, declared, seen) in [
            ("ssh-key-exchange", key_exchange, &server.key_exchange),
            ("ssh-host-keys", host_keys, &server.host_keys),
            ("ssh-ciphers", ciphers, &server.ciphers),
            ("ssh-macs", macs, &server.macs),
        ] {
            let Some(declared) = declared else { continue };
            let place = place_of(interface, &server.address, "tcp", server.port);
            found.extend(difference(about, declared, seen, |algorithm| !seen.contains(algorithm), place));
        }
    }
    found
}

/// What was agreed on in traffic; what else the other end would have agreed to does not show.
fn of_flow(product: &Product, component: &Component, agreed: &TrafficTls) -> Vec<DeclarationDifference> {
    // Of several flows with one end it may be any.
    let declared: Vec<&TlsDeclaration> = flows(product, component)
        .filter(|(_, end)| agreed.own == Some(true) && is_with(product, end, agreed))
        .filter_map(|(flow, _)| flow.tls.as_ref())
        .collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let over_udp = agreed.version.as_deref().is_some_and(|version| version.starts_with("dtls"));
    let place = || DeclarationDifference {
        of: "flow".to_owned(),
        address: agreed.server_name.clone().unwrap_or_else(|| agreed.server.clone()),
        transport: if over_udp { "udp" } else { "tcp" }.to_owned(),
        port: agreed.port,
        ..DeclarationDifference::default()
    };
    let versions: Vec<String> = declared.iter().flat_map(|tls| tls.versions.iter().cloned()).collect();
    let seen: Vec<String> = agreed.version.iter().cloned().collect();
    let mut found: Vec<_> = difference("tls-versions", &versions, &seen, |_| false, place()).into_iter().collect();
    let suites: Option<Vec<&Vec<String>>> = declared.iter().map(|tls| tls.cipher_suites.as_ref()).collect();
    if let Some(suites) = suites {
        let suites: Vec<String> = suites.into_iter().flatten().cloned().collect();
        let seen: Vec<String> = agreed.cipher_suite.iter().cloned().collect();
        found.extend(difference("tls-cipher-suites", &suites, &seen, |_| false, place()));
    }
    found
}

#[cfg(test)]
#[path = "declared_cryptography_tests.rs"]
mod tests;
