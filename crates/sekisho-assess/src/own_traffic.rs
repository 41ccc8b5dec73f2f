//! Whose traffic it is: a capture shows everybody on the network, and only what the component does speaks of the component.
//!
//! A device has several addresses, IPv6 ones above all, and product files name one. What ties the others to it is the hardware address that
//! sends from them, where that is certainly the device's: it was declared, or the device itself said so on the link (ARP, neighbour discovery,
//! DHCP). The hardware address of a router says nothing, for everybody's packets come from it. What cannot be told is said, and is a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use sekisho_model::Text;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::product::{Paths, Product, is_hardware_address};
use sekisho_model::traffic::TrafficHost;

/// Marks what is of the component itself, as the addresses in the product file tell. Where they tell nothing about a capture, nothing is marked.
pub(crate) fn mark(product: &Product, facts: &mut [Fact], coverage: &mut [Coverage]) {
    for component in &product.components {
        let declared: Vec<&str> = component.address.iter().flat_map(Paths::iter).collect();
        let captures: BTreeSet<String> = facts
            .iter()
            .filter(|fact| fact.subject == component.id && matches!(fact.observed, Observed::TrafficCapture(_)))
            .map(|fact| fact.source.artefact.clone())
            .collect();
        let hosts = facts.iter().filter(|fact| fact.subject == component.id).filter_map(host);
        let Some(own) = Own::new(&declared, hosts) else { continue };
        let mut undecided: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for fact in facts.iter_mut().filter(|fact| fact.subject == component.id) {
            let Some((from, mark)) = sender(&mut fact.observed) else { continue };
            *mark = own.is(from, &fact.source.artefact);
            if mark.is_none() && captures.contains(&fact.source.artefact) {
                undecided.entry(fact.source.artefact.clone()).or_default().insert(from.to_owned());
            }
        }
        for (artefact, addresses) in undecided {
            say(&component.id, &artefact, &addresses, coverage);
        }
    }
}

/// Who sent what a fact is about, and where it is marked whose that is.
fn sender(observed: &mut Observed) -> Option<(&str, &mut Option<bool>)> {
    Some(match observed {
        Observed::TrafficFlow(x) => (x.from.as_str(), &mut x.own),
        Observed::TrafficDestination(x) => (x.from.as_str(), &mut x.own),
        Observed::TrafficCredential(x) => (x.from.as_str(), &mut x.own),
        Observed::TrafficTls(x) => (x.client.as_str(), &mut x.own),
        _ => return None,
    })
}

/// The capture in which a station was seen, and the station.
fn host(fact: &Fact) -> Option<(&str, &TrafficHost)> {
    match &fact.observed {
        Observed::TrafficHost(host) => Some((fact.source.artefact.as_str(), host)),
        _ => None,
    }
}

/// What may be of the component was not looked at as the component's.
fn say(component: &str, artefact: &str, addresses: &BTreeSet<String>, coverage: &mut [Coverage]) {
    const SHOWN: usize = 3;
    let mut some: Vec<&str> = addresses.iter().take(SHOWN).map(String::as_str).collect();
    if addresses.len() > SHOWN {
        some.push("…");
    }
    let some = some.join(", ");
    let gap = Gap {
        path: None,
        offset: None,
        reason: Text::new(
            format!(
                "whether {} addresses are the component's cannot be told ({some}): name them, or the hardware address, in the product file",
                addresses.len()
            ),
            format!(
                "{}個のアドレス（{some}）がコンポーネントのものか判断できない。アドレスまたはMACアドレスを製品ファイルに記載すること",
                addresses.len()
            ),
        ),
    };
    let of = |one: &&mut Coverage| {
        one.subject == component && one.artefact == artefact && Aspect::CAPTURE.contains(&one.aspect)
    };
    for one in coverage.iter_mut().filter(of) {
        one.gaps.push(gap.clone());
        if one.extent == Extent::Complete {
            one.extent = Extent::Partial;
        }
    }
}

/// The addresses of a component.
struct Own {
    certain: BTreeSet<String>,
    /// Those whose hardware address is the component's and perhaps somebody else's, too.
    possible: BTreeSet<String>,
    /// The captures that show a hardware address of it, and whether others' packets come from one.
    shown_in: BTreeSet<String>,
    passes_on: bool,
}

impl Own {
    /// The addresses of the component in its captures: those declared, those of the stations whose hardware address or name is, and those that
    /// the same hardware address has besides. None where nothing is known.
    fn new<'f>(declared: &[&str], seen: impl Iterator<Item = (&'f str, &'f TrafficHost)>) -> Option<Self> {
        let seen: Vec<(&str, &TrafficHost)> = seen.collect();
        let hosts: Vec<&TrafficHost> = seen.iter().map(|(_, host)| *host).collect();
        let mut certain: BTreeSet<String> =
            declared.iter().filter_map(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_string()).collect();
        let mut hardware: BTreeSet<String> =
            declared.iter().filter(|text| is_hardware_address(text)).map(|text| octets(text)).collect();
        let mac = |host: &TrafficHost| host.mac.as_deref().map(octets);
        let by_hardware = |host: &&&TrafficHost| mac(host).is_some_and(|mac| hardware.contains(&mac));
        // A declared hardware address through which others send, too, does not tell theirs from its own.
        let declared_hosts = hosts.iter().filter(by_hardware).filter(|host| host.owns_mac || !host.forwards);
        certain.extend(declared_hosts.map(|host| host.address.clone()));
        let by_name =
            |host: &&&TrafficHost| host.names.iter().any(|name| declared.iter().any(|text| same_name(name, text)));
        certain.extend(hosts.iter().filter(by_name).map(|host| host.address.clone()));
        if certain.is_empty() {
            return None;
        }
        let tied = hosts.iter().filter(|host| host.owns_mac && certain.contains(&host.address));
        hardware.extend(tied.filter_map(|host| mac(host)));
        let (mut possible, mut passes_on) = (BTreeSet::new(), false);
        for hardware in &hardware {
            let same: Vec<&(&str, &TrafficHost)> =
                seen.iter().filter(|(_, host)| mac(host).as_ref() == Some(hardware)).collect();
            // A router, or who answers for others: a device itself has one address of IPv4 at a time.
            let mut v4: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for (capture, host) in same.iter().filter(|(_, host)| is_v4(host)) {
                v4.entry(capture).or_default().insert(&host.address);
            }
            let shared = v4.values().any(|addresses| addresses.len() > 1) || same.iter().any(|(_, host)| host.forwards);
            passes_on |= shared;
            for (_, host) in same {
                let addresses = if host.owns_mac && !shared { &mut certain } else { &mut possible };
                addresses.insert(host.address.clone());
            }
        }
        let shows = |host: &TrafficHost| mac(host).is_some_and(|mac| hardware.contains(&mac));
        let shown_in = seen.iter().filter(|(_, host)| shows(host)).map(|(capture, _)| (*capture).to_owned()).collect();
        Some(Self { certain, possible, shown_in, passes_on })
    }

    /// Whether an address in a capture is the component's; none where that cannot be told.
    fn is(&self, from: &str, capture: &str) -> Option<bool> {
        if self.certain.contains(from) {
            return Some(true);
        }
        if self.possible.contains(from) {
            return None;
        }
        // Another hardware address sends from it.
        if self.shown_in.contains(capture) && !self.passes_on {
            return Some(false);
        }
        // Hosts have many addresses of IPv6, of which some change, and mostly one of IPv4: who is known by that may have more of the other.
        let is_v6 = |address: &str| address.contains(':');
        (!is_v6(from) && self.certain.iter().any(|own| !is_v6(own))).then_some(false)
    }
}

/// Whether it has an address of IPv4 that it was given, and said to be its own.
fn is_v4(host: &TrafficHost) -> bool {
    host.owns_mac && matches!(host.address.parse(), Ok(IpAddr::V4(address)) if !address.is_link_local())
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
    use sekisho_model::traffic::{TrafficCapture, TrafficCredential};

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
        mark(&product, &mut facts, &mut []);
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

    const DEVICE: &str = "02:00:00:00:00:0a";
    const ROUTER: &str = "02:00:00:00:00:01";

    fn station(address: &str, mac: &str, owns_mac: bool, forwards: bool) -> Fact {
        fact(Observed::TrafficHost(TrafficHost {
            address: address.into(),
            mac: Some(mac.into()),
            owns_mac,
            forwards,
            ..TrafficHost::default()
        }))
    }

    /// Whose each address is where `declared` is the device's.
    fn whose(declared: &str, stations: &[Fact], addresses: &[&str]) -> Vec<Option<bool>> {
        let own = Own::new(&[declared], stations.iter().filter_map(host)).unwrap();
        addresses.iter().map(|address| own.is(address, "")).collect()
    }

    #[test]
    fn one_hardware_address_is_one_device() {
        let stations = [
            station("192.0.2.7", DEVICE, true, false),
            station("fe80::a", DEVICE, true, false),
            station("2001:db8::a", DEVICE, true, false),
            station("192.0.2.1", ROUTER, true, true),
            station("fe80::1", ROUTER, true, true),
            station("192.0.2.9", "02:00:00:00:00:09", true, false),
        ];
        let all = ["192.0.2.7", "fe80::a", "2001:db8::a", "fe80::1", "192.0.2.9", "2001:db8:ffff::1"];
        let expected = [Some(true), Some(true), Some(true), Some(false), Some(false), Some(false)];
        for declared in ["192.0.2.7", "fe80::a", DEVICE] {
            assert_eq!(whose(declared, &stations, &all), expected, "{declared}");
        }
    }

    #[test]
    fn a_routers_hardware_address_ties_nothing() {
        // The device is behind the router: its packets come from the router's hardware address.
        let stations = [
            station("192.0.2.7", ROUTER, false, true),
            station("192.0.2.1", ROUTER, true, true),
            station("fe80::1", ROUTER, true, true),
        ];
        assert_eq!(
            whose("192.0.2.7", &stations, &["192.0.2.7", "192.0.2.1", "fe80::1"]),
            [Some(true), Some(false), None]
        );
        // The device is the router: what it passes on may be its own.
        assert_eq!(
            whose("192.0.2.1", &stations, &["192.0.2.1", "192.0.2.7", "fe80::1", "2001:db8::9"]),
            [Some(true), None, None, None]
        );
        assert_eq!(whose(ROUTER, &stations, &["192.0.2.1", "192.0.2.7"]), [Some(true), None]);
        // Who answers for several is not one device.
        let stations = [
            station("192.0.2.7", DEVICE, true, false),
            station("192.0.2.8", DEVICE, true, false),
            station("fe80::a", DEVICE, true, false),
        ];
        assert_eq!(whose("192.0.2.7", &stations, &["192.0.2.8", "fe80::a"]), [None, None]);
    }

    #[test]
    fn without_hardware_addresses_the_other_family_is_undecided_and_a_gap() {
        assert_eq!(
            whose("192.0.2.7", &[], &["192.0.2.7", "192.0.2.8", "2001:db8::1"]),
            [Some(true), Some(false), None]
        );
        // Nor is another address of IPv6, for hosts have several and change them.
        assert_eq!(
            whose("2001:db8::a", &[], &["2001:db8::a", "2001:db8::b2f4", "192.0.2.8"]),
            [Some(true), None, None]
        );
        let component =
            Component { id: "camera".into(), address: Some(Paths::One("192.0.2.7".into())), ..Component::default() };
        let product = Product { components: vec![component], ..Product::default() };
        let mut facts = vec![
            fact(Observed::TrafficCapture(TrafficCapture::default())),
            fact(Observed::TrafficCredential(TrafficCredential { from: "2001:db8::1".into(), ..Default::default() })),
        ];
        let mut coverage = [Coverage {
            aspect: Aspect::TrafficCredentials,
            subject: "camera".into(),
            artefact: String::new(),
            extent: Extent::Complete,
            gaps: Vec::new(),
        }];
        mark(&product, &mut facts, &mut coverage);
        assert_eq!(coverage[0].extent, Extent::Partial);
        assert!(coverage[0].gaps[0].reason.en.contains("2001:db8::1"), "{coverage:?}");
    }
}
