//! Whose traffic it is: a capture shows everybody on the network, and only what the component does speaks of the component.

use std::collections::BTreeSet;
use std::net::IpAddr;

use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::{Paths, Product, is_hardware_address};

/// Marks what is of the component itself, as the addresses in the product file tell. Where they tell nothing about a capture, nothing is marked.
pub(crate) fn mark(product: &Product, facts: &mut [Fact]) {
    for component in &product.components {
        let declared: Vec<&str> = component.address.iter().flat_map(Paths::iter).collect();
        let own = addresses(&declared, facts.iter().filter(|fact| fact.subject == component.id));
        if own.is_empty() {
            continue;
        }
        for fact in facts.iter_mut().filter(|fact| fact.subject == component.id) {
            match &mut fact.observed {
                Observed::TrafficFlow(x) => x.own = Some(own.contains(&x.from)),
                Observed::TrafficDestination(x) => x.own = Some(own.contains(&x.from)),
                Observed::TrafficCredential(x) => x.own = Some(own.contains(&x.from)),
                Observed::TrafficTls(x) => x.own = Some(own.contains(&x.client)),
                Observed::UndeclaredDestination(x) => x.own = Some(own.contains(&x.from)),
                _ => {}
            }
        }
    }
}

/// The addresses of the component in its captures: those declared, and those of the stations whose hardware address or name is.
fn addresses<'f>(declared: &[&str], facts: impl Iterator<Item = &'f Fact>) -> BTreeSet<String> {
    let mut own: BTreeSet<String> =
        declared.iter().filter_map(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_string()).collect();
    let hardware: Vec<String> =
        declared.iter().filter(|text| is_hardware_address(text)).map(|text| octets(text)).collect();
    for fact in facts {
        let Observed::TrafficHost(host) = &fact.observed else { continue };
        let by_hardware = host.mac.as_ref().is_some_and(|mac| hardware.contains(&octets(mac)));
        let by_name = host.names.iter().any(|name| declared.iter().any(|text| same_name(name, text)));
        if by_hardware || by_name {
            own.insert(host.address.clone());
        }
    }
    own
}

fn octets(address: &str) -> String {
    address.replace('-', ":").to_ascii_lowercase()
}

/// Whether a name that a station gives itself is the one declared; mDNS and DHCP write the same name with and without a domain.
fn same_name(given: &str, declared: &str) -> bool {
    let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let (given, declared) = (bare(given), bare(declared));
    let host = |name: &str| name.strip_suffix(".local").unwrap_or(name).to_owned();
    declared.parse::<IpAddr>().is_err() && (given == declared || host(&given) == host(&declared))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::Source;
    use sekisho_model::product::Component;
    use sekisho_model::traffic::{TrafficCredential, TrafficHost};

    fn fact(observed: Observed) -> Fact {
        Fact { observed, subject: "camera".into(), source: Source::default() }
    }

    fn marked(address: Option<&str>) -> Vec<Option<bool>> {
        let component = Component {
            id: "camera".into(),
            address: address.map(|address| Paths::One(address.into())),
            ..Component::default()
        };
        let product = Product { components: vec![component], ..Product::default() };
        let credential = |from: &str| {
            fact(Observed::TrafficCredential(TrafficCredential { from: from.into(), ..Default::default() }))
        };
        let mut facts = vec![
            fact(Observed::TrafficHost(TrafficHost {
                address: "192.0.2.7".into(),
                mac: Some("02:00:00:00:00:0a".into()),
                names: vec!["hikari-cam.local".into()],
                ..TrafficHost::default()
            })),
            credential("192.0.2.7"),
            credential("192.0.2.8"),
        ];
        mark(&product, &mut facts);
        facts
            .iter()
            .filter_map(|fact| match &fact.observed {
                Observed::TrafficCredential(x) => Some(x.own),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_device_is_told_by_address_hardware_address_or_name() {
        for address in ["192.0.2.7", "02-00-00-00-00-0A", "hikari-cam", "Hikari-Cam.local."] {
            assert_eq!(marked(Some(address)), [Some(true), Some(false)], "{address}");
        }
    }

    #[test]
    fn where_nothing_tells_the_device_nothing_is_said() {
        assert_eq!(marked(None), [None, None]);
        assert_eq!(marked(Some("other.local")), [None, None]);
        assert_eq!(marked(Some("02:00:00:00:00:0b")), [None, None]);
    }
}
