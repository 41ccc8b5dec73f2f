//! The ports that answer and the interfaces that the product file declares, put side by side.

use std::collections::BTreeMap;

use sekisho_model::Text;
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::network::{NetworkService, UndeclaredListener};
use sekisho_model::product::{Component, Interface};

use crate::messages;

/// The ports that answer though the component declares nothing there, each once.
pub(crate) fn undeclared(component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let Some(declared) = &component.interfaces else { return Vec::new() };
    let mut found: BTreeMap<UndeclaredListener, Fact> = BTreeMap::new();
    for (fact, service) in services(component, facts) {
        if is_declared(service, declared) != Some(false) {
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

/// Why it is not known of a port that answers whether it is declared, for each of them.
pub(crate) fn undecided(component: &Component, facts: &[Fact]) -> Vec<Text> {
    let Some(declared) = &component.interfaces else { return Vec::new() };
    services(component, facts)
        .filter(|(_, service)| is_declared(service, declared).is_none())
        .map(|(_, service)| {
            let kinds = declared.iter().filter(|interface| interface.is_service(service).is_none());
            let kinds: Vec<&str> = kinds.map(|interface| interface.kind.as_str()).collect();
            messages::may_be_declared(&format!("{}/{}", service.transport, service.port), &kinds.join(", "))
        })
        .collect()
}

fn services<'f>(component: &Component, facts: &'f [Fact]) -> impl Iterator<Item = (&'f Fact, &'f NetworkService)> {
    facts.iter().filter(|fact| fact.subject == component.id).filter_map(|fact| match &fact.observed {
        Observed::NetworkService(service) => Some((fact, service)),
        _ => None,
    })
}

/// Whether a service is one of the declared interfaces; none where that cannot be told, as [`Interface::is_service`] says.
fn is_declared(service: &NetworkService, declared: &[Interface]) -> Option<bool> {
    let each = || declared.iter().map(|interface| interface.is_service(service));
    if each().any(|is| is == Some(true)) {
        Some(true)
    } else if each().any(|is| is.is_none()) {
        None
    } else {
        Some(false)
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
        // What was not recognised may be the web interface that has no port.
        assert_eq!(found(Some(vec![interface("web", None)]), &facts), [23, 5683]);
    }

    #[test]
    fn what_was_not_recognised_is_undecided_where_an_interface_has_no_port() {
        let facts = [service("tcp", 9999, None), service("tcp", 23, Some("telnet"))];
        let reasons = |interface: Interface| -> Vec<String> {
            let interfaces = Some(vec![interface]);
            let component = Component { id: "camera".into(), interfaces, ..Component::default() };
            undecided(&component, &facts).into_iter().map(|text| text.en).collect()
        };
        let web = reasons(interface("web", None));
        assert!(matches!(&web[..], [one] if one.contains("tcp/9999") && one.contains("web")), "{web:?}");
        assert_eq!(reasons(interface("web", Some(443))), Vec::<String>::new());
        assert_eq!(reasons(interface("wifi", None)), Vec::<String>::new());
        // It is over UDP only.
        assert_eq!(reasons(interface("snmp", None)), Vec::<String>::new());
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

    #[test]
    fn what_answers_on_a_disabled_interface_is_not_declared() {
        let disabled = Interface { enabled: Some(false), ..interface("ssh", Some(22)) };
        let facts = [service("tcp", 22, Some("ssh"))];
        assert_eq!(found(Some(vec![disabled]), &facts), [22]);
        let enabled = Interface { enabled: Some(true), ..interface("ssh", Some(22)) };
        assert!(found(Some(vec![enabled]), &facts).is_empty());
    }
}
