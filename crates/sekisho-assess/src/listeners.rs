//! The ports that answer and the interfaces that the product file declares, put side by side.

use std::collections::BTreeMap;

use sekisho_model::fact::{Fact, Observed};
use sekisho_model::network::{NetworkService, UndeclaredListener};
use sekisho_model::product::{Component, Interface};

use crate::compare::kinds_of;

/// The ports that answer though the component declares nothing there, each once.
pub(crate) fn undeclared(component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let Some(declared) = &component.interfaces else { return Vec::new() };
    let mut found: BTreeMap<UndeclaredListener, Fact> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.subject == component.id) {
        let Observed::NetworkService(service) = &fact.observed else { continue };
        if declared.iter().any(|interface| is_of(service, interface)) {
            continue;
        }
        let value = UndeclaredListener {
            address: service.address.clone(),
            transport: service.transport.clone(),
            port: service.port,
            protocol: service.protocol.clone(),
        };
        found.entry(value.clone()).or_insert_with(|| Fact {
            observed: Observed::UndeclaredListener(value),
            subject: component.id.clone(),
            source: fact.source.clone(),
        });
    }
    found.into_values().collect()
}

/// Whether a service is a declared interface: by its port, or where none is declared, by what it speaks.
fn is_of(service: &NetworkService, interface: &Interface) -> bool {
    match interface.port {
        Some(port) => port == service.port && interface.usual_transport().name() == service.transport,
        None => {
            service.protocol.as_deref().is_some_and(|protocol| kinds_of(protocol).contains(&interface.kind.as_str()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::Source;

    fn service(transport: &str, port: u16, protocol: Option<&str>) -> Fact {
        Fact {
            observed: Observed::NetworkService(NetworkService {
                address: "127.0.0.1".into(),
                transport: transport.into(),
                port,
                protocol: protocol.map(str::to_owned),
                ..NetworkService::default()
            }),
            subject: "camera".into(),
            source: Source::default(),
        }
    }

    fn found(interfaces: Option<Vec<Interface>>, facts: &[Fact]) -> Vec<u16> {
        let component = Component { id: "camera".into(), interfaces, ..Component::default() };
        let undeclared = undeclared(&component, facts).into_iter().map(|fact| match fact.observed {
            Observed::UndeclaredListener(value) => value.port,
            other => panic!("{other:?}"),
        });
        undeclared.collect()
    }

    fn interface(kind: &str, port: Option<u16>) -> Interface {
        Interface { kind: kind.into(), port, ..Interface::default() }
    }

    #[test]
    fn a_port_is_declared_by_its_number_or_by_what_it_speaks() {
        let facts = [
            service("tcp", 443, Some("http")),
            service("tcp", 8080, Some("http")),
            service("tcp", 23, Some("telnet")),
            service("udp", 5683, Some("coap")),
            service("tcp", 9999, None),
        ];
        let ports = Some(vec![interface("web", Some(443)), interface("coap", Some(5683))]);
        assert_eq!(found(ports, &facts), [23, 8080, 9999]);
        assert_eq!(found(Some(vec![interface("web", None)]), &facts), [23, 9999, 5683]);
    }

    #[test]
    fn where_nothing_is_declared_nothing_is_undeclared() {
        let facts = [service("tcp", 23, Some("telnet"))];
        assert!(found(None, &facts).is_empty());
        assert_eq!(found(Some(Vec::new()), &facts), [23]);
    }

    #[test]
    fn the_other_transport_is_another_port() {
        let declared = Some(vec![interface("web", Some(161))]);
        assert_eq!(found(declared, &[service("udp", 161, Some("snmp"))]), [161]);
    }
}
