//! What answers when a device is asked from the Internet. Who asks says from where (`NetworkHost::vantage`); a look from outside tells what can be
//! reached, and nothing of what a packet filter in between hides.

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::network::{InternetService, Vantage};
use sekisho_model::product::Component;

use crate::messages;

/// The artefacts of a device in which every host was asked from the Internet. A service is made to be reached from there: of it, such a look is
/// as good as any.
pub(crate) fn from_internet<'f>(component: &Component, facts: &'f [Fact]) -> BTreeSet<&'f str> {
    let (mut outside, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
    if component.kind.is_hardware() {
        for fact in facts.iter().filter(|fact| fact.subject == component.id) {
            let Observed::NetworkHost(host) = &fact.observed else { continue };
            let set = if host.vantage == Vantage::Internet { &mut outside } else { &mut elsewhere };
            set.insert(fact.source.artefact.as_str());
        }
    }
    outside.difference(&elsewhere).copied().collect()
}

/// Whether a look from the Internet leaves this aspect of a device as it was: what is not reached from there may be there all the same.
pub(crate) fn is_hidden(aspect: Aspect) -> bool {
    Aspect::NETWORK.contains(&aspect) && aspect != Aspect::NetworkReach
}

/// The services of a device that answered when it was asked from the Internet.
pub(crate) fn services(component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let artefacts = from_internet(component, facts);
    let own = || {
        facts.iter().filter(|fact| fact.subject == component.id && artefacts.contains(fact.source.artefact.as_str()))
    };
    let mut found = BTreeSet::new();
    for fact in own() {
        let Observed::NetworkService(service) = &fact.observed else { continue };
        let login = own().find_map(|other| match &other.observed {
            Observed::WebService(web)
                if other.source.artefact == fact.source.artefact
                    && (&web.address, web.port) == (&service.address, service.port) =>
            {
                web.login.clone()
            }
            _ => None,
        });
        let guessed = service.recognised_by.as_deref() == Some("port");
        let value = InternetService {
            address: service.address.clone(),
            transport: service.transport.clone(),
            port: service.port,
            protocol: service.protocol.clone().filter(|_| !guessed),
            tls: service.tls,
            login,
        };
        found.insert(Fact {
            observed: Observed::InternetService(value),
            subject: component.id.clone(),
            source: fact.source.clone(),
        });
    }
    found.into_iter().collect()
}

/// Protocols that carry what a product is for, and are not what it is managed by.
const NOT_FOR_MANAGEMENT: [&str; 9] = ["mqtt", "coap", "dns", "ntp", "smtp", "imap", "pop3", "rtsp", "sip"];

/// The services reached from the Internet of which nobody can tell whether they are for management: those that were not recognised, web pages
/// without a log-in that was seen, for scripts may build one, and protocols that can be for it, such as those of makers and of industry. What is
/// for management in any case is among them, too; a check finds it by itself.
pub(crate) fn undecided(component: &Component, facts: &[Fact]) -> Vec<Text> {
    facts
        .iter()
        .filter(|fact| fact.subject == component.id)
        .filter_map(|fact| match &fact.observed {
            Observed::InternetService(service) if service.transport == "tcp" => Some(service),
            _ => None,
        })
        .filter_map(|service| {
            let place = format!("{} {}/{}", service.address, service.transport, service.port);
            match service.protocol.as_deref() {
                None | Some("tls") => Some(messages::reached_but_not_recognised(&place)),
                Some("http") if service.login.is_none() => Some(messages::reached_page_without_login(&place)),
                Some("http") => None,
                Some(protocol) if NOT_FOR_MANAGEMENT.contains(&protocol) => None,
                Some(protocol) => Some(messages::reached_and_can_manage(&place, protocol)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aspects::aspects;
    use sekisho_model::coverage::{Coverage, Extent};
    use sekisho_model::fact::Source;
    use sekisho_model::network::{NetworkHost, NetworkService};
    use sekisho_model::product::{ComponentKind, Paths, Product};
    use sekisho_model::web::WebService;

    fn fact(artefact: &str, observed: Observed) -> Fact {
        let source = Source { artefact: artefact.into(), ..Source::default() };
        Fact { observed, subject: "camera".into(), source }
    }

    fn host(artefact: &str, vantage: Vantage) -> Fact {
        fact(artefact, Observed::NetworkHost(NetworkHost { vantage, ..NetworkHost::default() }))
    }

    fn service(artefact: &str, port: u16, protocol: &str) -> Fact {
        let protocol = Some(protocol.to_owned()).filter(|protocol| !protocol.is_empty());
        let service = NetworkService { transport: "tcp".into(), port, protocol, ..NetworkService::default() };
        fact(artefact, Observed::NetworkService(service))
    }

    fn component(kind: ComponentKind) -> Component {
        Component { id: "camera".into(), kind, ..Component::default() }
    }

    fn reached(kind: ComponentKind, facts: &[Fact]) -> Vec<(u16, Option<String>)> {
        let services = services(&component(kind), facts).into_iter().map(|fact| match fact.observed {
            Observed::InternetService(service) => (service.port, service.login),
            other => panic!("{other:?}"),
        });
        services.collect()
    }

    #[test]
    fn only_what_was_asked_from_the_internet_is_reached_from_there() {
        let web = WebService { port: 443, login: Some("form".into()), ..WebService::default() };
        let facts = [
            host("inside.json", Vantage::Local),
            service("inside.json", 22, "ssh"),
            host("outside.json", Vantage::Internet),
            service("outside.json", 443, "http"),
            fact("outside.json", Observed::WebService(Box::new(web))),
            host("somewhere.json", Vantage::Unknown),
            service("somewhere.json", 23, "telnet"),
            // Both in one: nobody knows which is which.
            host("both.json", Vantage::Local),
            host("both.json", Vantage::Internet),
            service("both.json", 5900, "vnc"),
        ];
        assert_eq!(reached(ComponentKind::Device, &facts), [(443, Some("form".to_owned()))]);
        // A service is made to be reached.
        assert!(reached(ComponentKind::CloudService, &facts).is_empty());
    }

    #[test]
    fn what_could_be_for_management_is_undecided() {
        let device = component(ComponentKind::Device);
        let mut facts = vec![
            host("outside.json", Vantage::Internet),
            service("outside.json", 22, "ssh"),
            service("outside.json", 80, "http"),
            service("outside.json", 9999, ""),
            service("outside.json", 9998, "tls"),
            service("outside.json", 502, "modbus"),
            service("outside.json", 8883, "mqtt"),
        ];
        facts.extend(services(&device, &facts));
        let places: Vec<String> = undecided(&device, &facts).into_iter().map(|text| text.en).collect();
        assert_eq!(places.len(), 5, "{places:?}");
        assert!(
            ["tcp/22", "tcp/80", "tcp/9999", "tcp/9998", "tcp/502"]
                .iter()
                .all(|port| places.iter().any(|text| text.contains(port)))
        );
    }

    #[test]
    fn a_look_from_the_internet_tells_of_reach_and_of_nothing_behind_a_filter() {
        let device = Component { address: Some(Paths::One("192.0.2.1".into())), ..component(ComponentKind::Device) };
        let product = Product { components: vec![device], ..Product::default() };
        let whole = |artefact: &str| {
            Aspect::NETWORK.map(|aspect| Coverage {
                aspect,
                subject: "camera".into(),
                artefact: artefact.into(),
                extent: Extent::Complete,
                gaps: Vec::new(),
            })
        };
        let complete = |artefacts: &[(&str, Vantage)]| {
            let coverage: Vec<Coverage> = artefacts.iter().flat_map(|(name, _)| whole(name)).collect();
            let facts: Vec<Fact> = artefacts.iter().map(|(name, vantage)| host(name, *vantage)).collect();
            let aspects = aspects(&product, &coverage, &[], &facts);
            [Aspect::NetworkReach, Aspect::NetworkPorts, Aspect::NetworkWeb]
                .map(|aspect| aspects[&("camera".to_owned(), aspect)].complete)
        };
        let (inside, outside) = (("inside.json", Vantage::Local), ("outside.json", Vantage::Internet));
        assert_eq!(complete(&[outside]), [true, false, false]);
        assert_eq!(complete(&[inside]), [false, true, true]);
        assert_eq!(complete(&[("somewhere.json", Vantage::Unknown)]), [false, true, true]);
        assert_eq!(complete(&[inside, outside]), [true, true, true]);
    }
}
