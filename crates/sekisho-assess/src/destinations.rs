//! The destinations in captures and what the product file and the MUD file declare, put side by side.

use std::net::IpAddr;

use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::{Component, ComponentKind, Paths, Product};
use sekisho_model::traffic::{MudRule, TrafficDestination, UndeclaredDestination};

/// What the destinations of a component's traffic can be held against: the product file where it lists flows, a MUD file where there is one.
pub(crate) fn held_against(product: &Product, component: &str, facts: &[Fact]) -> Vec<&'static str> {
    let mud = facts.iter().any(|fact| fact.subject == component && matches!(fact.observed, Observed::MudFile(_)));
    let declared = [(product.flows.is_some(), "product"), (mud, "mud")];
    declared.into_iter().filter_map(|(there, name)| there.then_some(name)).collect()
}

/// The destinations that neither names. Which of the stations in a capture is the device, nobody says: each fact names the one that it is of.
pub(crate) fn undeclared(product: &Product, component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let against = held_against(product, &component.id, facts);
    if against.is_empty() || nameless(product, component).is_some() {
        return Vec::new();
    }
    let own = || facts.iter().filter(|fact| fact.subject == component.id);
    let hosts: Vec<&str> = other_ends(product, component).flat_map(|end| hosts_of(product, end)).collect();
    let rules: Vec<&MudRule> = own()
        .filter_map(|fact| match &fact.observed {
            Observed::MudRule(rule) if is_allowing(rule) => Some(rule),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for fact in own() {
        let Observed::TrafficDestination(destination) = &fact.observed else { continue };
        if hosts.iter().any(|host| names(destination, host)) {
            continue;
        }
        for service in &destination.services {
            if rules.iter().any(|rule| allows(rule, destination, service)) {
                continue;
            }
            let value = UndeclaredDestination {
                from: destination.from.clone(),
                host: destination.host.clone(),
                service: service.clone(),
                held_against: against.iter().map(|name| (*name).to_owned()).collect(),
                bytes_sent: destination.bytes_sent,
                own: destination.own,
            };
            found.push(Fact {
                observed: Observed::UndeclaredDestination(value),
                subject: component.id.clone(),
                source: fact.source.clone(),
            });
        }
    }
    found
}

/// With whom the product file says that a component communicates: other components, or hosts.
fn other_ends<'p>(product: &'p Product, component: &'p Component) -> impl Iterator<Item = &'p str> {
    product.flows.iter().flatten().filter_map(|flow| other_end(&flow.from, &flow.to, component))
}

/// A component on the Internet with which a flow is declared, and of which no address is: any destination may be that one. Apps and devices have
/// no names there.
pub(crate) fn nameless<'p>(product: &'p Product, component: &'p Component) -> Option<&'p str> {
    other_ends(product, component).find(|end| {
        product.components.iter().any(|other| {
            other.id == *end && other.address.is_none() && !other.kind.is_hardware() && other.kind != ComponentKind::App
        })
    })
}

/// Names and addresses of what a flow names as its end: of a component those declared, else the end itself.
pub(crate) fn hosts_of<'p>(product: &'p Product, end: &'p str) -> Vec<&'p str> {
    match product.components.iter().find(|other| other.id == end) {
        Some(other) => other.address.iter().flat_map(Paths::iter).collect(),
        None => vec![end],
    }
}

/// The end of a flow that is not the component; none where the flow is not of the component.
pub(crate) fn other_end<'p>(from: &'p str, to: &'p str, component: &Component) -> Option<&'p str> {
    if from == component.id {
        Some(to)
    } else if to == component.id {
        Some(from)
    } else {
        None
    }
}

/// Whether the destination is the host, by name or by address.
fn names(destination: &TrafficDestination, host: &str) -> bool {
    let host = host.trim_end_matches('.');
    destination.host.trim_end_matches('.').eq_ignore_ascii_case(host)
        || destination.addresses.iter().any(|address| address == host)
}

fn is_allowing(rule: &MudRule) -> bool {
    rule.direction.as_deref() == Some("from-device") && rule.action.as_deref() == Some("accept")
}

/// Whether a rule of a MUD file lets the device talk to the destination by the service, such as `tcp/443`.
fn allows(rule: &MudRule, destination: &TrafficDestination, service: &str) -> bool {
    let (transport, port) = service.split_once('/').unwrap_or((service, ""));
    let fits = rule.protocol.as_deref().is_none_or(|protocol| protocol == transport)
        && rule.peer_port.as_deref().is_none_or(|ports| port.parse().is_ok_and(|port| contains(ports, port)));
    let value = rule.value.as_deref().unwrap_or_default();
    fits && match rule.peer.as_str() {
        "any" => true,
        "dns" => names(destination, value),
        "network" => destination.addresses.iter().all(|address| is_within(value, address)),
        // Local networks, controllers and things of the maker's are not on the Internet.
        _ => false,
    }
}

/// Ports as facts about MUD files have them: `443`, `1000-2000`, `!=80`, `<=1023`, `>=1024`.
fn contains(ports: &str, port: u16) -> bool {
    let number = |text: &str| text.parse::<u16>().ok();
    if let Some(not) = ports.strip_prefix("!=") {
        number(not).is_some_and(|not| port != not)
    } else if let Some(last) = ports.strip_prefix("<=") {
        number(last).is_some_and(|last| port <= last)
    } else if let Some(first) = ports.strip_prefix(">=") {
        number(first).is_some_and(|first| port >= first)
    } else if let Some((first, last)) = ports.split_once('-') {
        number(first).zip(number(last)).is_some_and(|(first, last)| (first..=last).contains(&port))
    } else {
        number(ports) == Some(port)
    }
}

/// Whether an address has the prefix, as `192.0.2.0/24`.
fn is_within(prefix: &str, address: &str) -> bool {
    let Some((network, length)) = prefix.split_once('/') else { return false };
    let (Ok(network), Ok(length), Ok(address)) = (network.parse(), length.parse::<u32>(), address.parse()) else {
        return false;
    };
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            length <= 32 && (u32::from(network) ^ u32::from(address)).checked_shr(32 - length).unwrap_or(0) == 0
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            length <= 128 && (u128::from(network) ^ u128::from(address)).checked_shr(128 - length).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::Source;
    use sekisho_model::product::Flow;
    use sekisho_model::traffic::MudFile;

    fn fact(observed: Observed) -> Fact {
        Fact { observed, subject: "camera".into(), source: Source::default() }
    }

    fn destination(host: &str, address: &str, services: &[&str]) -> Fact {
        fact(Observed::TrafficDestination(TrafficDestination {
            from: "192.168.1.20".into(),
            host: host.into(),
            addresses: vec![address.into()],
            services: services.iter().map(|service| (*service).to_owned()).collect(),
            ..TrafficDestination::default()
        }))
    }

    fn rule(peer: &str, value: &str, port: &str) -> Fact {
        fact(Observed::MudRule(MudRule {
            direction: Some("from-device".into()),
            action: Some("accept".into()),
            peer: peer.into(),
            value: Some(value.into()),
            protocol: Some("tcp".into()),
            peer_port: Some(port.into()),
            ..MudRule::default()
        }))
    }

    fn found(flows: Option<Vec<Flow>>, facts: &[Fact]) -> Vec<(String, String)> {
        let component = Component { id: "camera".into(), ..Component::default() };
        let product = Product { components: vec![component.clone()], flows, ..Product::default() };
        let undeclared = undeclared(&product, &component, facts).into_iter().map(|fact| match fact.observed {
            Observed::UndeclaredDestination(value) => (value.host, value.service),
            other => panic!("{other:?}"),
        });
        undeclared.collect()
    }

    #[test]
    fn what_the_product_file_or_the_mud_file_names_is_declared() {
        let flow = |from: &str, to: &str| Flow { from: from.into(), to: to.into(), ..Flow::default() };
        let traffic = [
            destination("Cloud.example", "192.0.2.1", &["tcp/443"]),
            destination("update.example", "192.0.2.2", &["tcp/443", "tcp/80"]),
            destination("198.51.100.7", "198.51.100.7", &["tcp/9999"]),
            destination("tracker.example", "203.0.113.1", &["udp/443"]),
        ];
        assert_eq!(found(None, &traffic), []);
        let flows = Some(vec![flow("camera", "cloud.example"), flow("app", "tracker.example")]);
        let of =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        let undeclared = [
            ("update.example", "tcp/443"),
            ("update.example", "tcp/80"),
            ("198.51.100.7", "tcp/9999"),
            ("tracker.example", "udp/443"),
        ];
        assert_eq!(found(flows.clone(), &traffic), of(&undeclared));
        let mut both = traffic.to_vec();
        both.extend([
            fact(Observed::MudFile(MudFile::default())),
            rule("dns", "update.example", "443"),
            rule("network", "198.51.100.0/24", "9000-9999"),
            rule("local-networks", "", "443"),
        ]);
        assert_eq!(found(flows, &both), of(&[("update.example", "tcp/80"), ("tracker.example", "udp/443")]));
    }

    #[test]
    fn a_component_at_the_other_end_is_told_by_its_address() {
        let camera = Component { id: "camera".into(), ..Component::default() };
        let cloud = |address: Option<&str>| Component {
            id: "cloud".into(),
            kind: ComponentKind::CloudService,
            address: address.map(|address| Paths::One(address.into())),
            ..Component::default()
        };
        let traffic = [
            destination("api.example", "192.0.2.1", &["tcp/443"]),
            destination("tracker.example", "203.0.113.1", &["tcp/443"]),
        ];
        let hosts = |cloud: Component| -> Vec<String> {
            let flow = Flow { from: "camera".into(), to: "cloud".into(), ..Flow::default() };
            let components = vec![camera.clone(), cloud];
            let product = Product { components, flows: Some(vec![flow]), ..Product::default() };
            let found = undeclared(&product, &camera, &traffic).into_iter().map(|fact| match fact.observed {
                Observed::UndeclaredDestination(value) => value.host,
                other => panic!("{other:?}"),
            });
            found.collect()
        };
        assert_eq!(hosts(cloud(Some("api.example"))), ["tracker.example"]);
        // Each of them may be the cloud.
        assert!(hosts(cloud(None)).is_empty());
    }

    #[test]
    fn ports_and_prefixes() {
        assert!(contains("443", 443) && !contains("443", 444));
        assert!(contains("1-9", 9) && !contains("1-9", 10));
        assert!(contains("!=80", 81) && !contains("!=80", 80));
        assert!(contains("<=9", 9) && contains(">=9", 9) && !contains(">=9", 8));
        assert!(is_within("0.0.0.0/0", "192.0.2.1") && is_within("2001:db8::/32", "2001:db8::1"));
        assert!(!is_within("192.0.2.0/33", "192.0.2.0") && !is_within("192.0.2.0/25", "192.0.2.128"));
    }
}
