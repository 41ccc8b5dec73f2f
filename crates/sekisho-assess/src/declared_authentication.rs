//! The ways to authenticate that the product file declares and those that services were seen to offer, put side by side.

use std::collections::BTreeSet;

use sekisho_model::Text;
use sekisho_model::coverage::Aspect;
use sekisho_model::declaration::DeclarationDifference;
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::network::NetworkService;
use sekisho_model::product::{Authentication, Component, Interface};

use crate::messages;

/// What shows ways to authenticate.
const SHOWN_BY: [Aspect; 7] = [
    Aspect::NetworkServices,
    Aspect::NetworkAccess,
    Aspect::NetworkTls,
    Aspect::NetworkSsh,
    Aspect::NetworkMqtt,
    Aspect::NetworkCoap,
    Aspect::NetworkWeb,
];

/// Protocols whose only log-in is a name and a password, so that a refusal tells the way.
const PASSWORD_ONLY: [&str; 4] = ["ftp", "telnet", "rtsp", "redis"];

/// What has to be looked at for the comparison; nothing where no interface with a port declares how to authenticate.
pub(crate) fn needs(component: &Component) -> &'static [Aspect] {
    let declared = |interface: &Interface| interface.port.is_some() && !interface.authentications().is_empty();
    if component.interfaces.iter().flatten().any(declared) { &SHOWN_BY } else { &[] }
}

/// Services that let in, or offer to authenticate, in ways that their interfaces do not declare.
pub(crate) fn differences(component: &Component, facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    for (service, fact) in services(component, facts) {
        let declared = declared(component, service);
        if declared.is_empty() {
            continue;
        }
        let seen = Seen::at(service, component, facts);
        let undeclared: Vec<String> =
            seen.ways.iter().filter(|way| !allows(&declared, **way)).map(|way| way.name().to_owned()).collect();
        if undeclared.is_empty() {
            continue;
        }
        let value = DeclarationDifference {
            about: "authentication".to_owned(),
            of: "interface".to_owned(),
            address: service.address.clone(),
            transport: service.transport.clone(),
            port: service.port,
            authenticated: Some(!declared.contains(&Authentication::None)),
            declared: declared.iter().map(|way| way.name().to_owned()).collect(),
            undeclared,
            missing: Vec::new(),
        };
        found.push(Fact {
            observed: Observed::DeclarationDifference(Box::new(value)),
            subject: component.id.clone(),
            source: fact.source.clone(),
        });
    }
    found
}

/// What keeps the comparison from being whole though everything that answers was looked at.
pub(crate) fn open(component: &Component, facts: &[Fact]) -> Vec<Text> {
    let mut reasons = Vec::new();
    for interface in component.interfaces.iter().flatten().filter(|i| i.enabled != Some(false) && i.port.is_some()) {
        let answers = || services(component, facts).any(|(service, _)| interface.is_service(service) == Some(true));
        match (interface.authentications().is_empty(), answers()) {
            (false, false) => reasons.push(messages::interface_silent(&interface.label())),
            (true, true) => reasons.push(messages::authentication_not_declared(&interface.label())),
            _ => {}
        }
    }
    for (service, _) in services(component, facts) {
        let mut interfaces = component.interfaces.iter().flatten().filter(|i| i.port.is_some());
        if declared(component, service).is_empty() {
            // Nothing that declares anything is this service; those with a port were named above.
            if !interfaces.any(|interface| interface.is_service(service) == Some(true)) {
                reasons.push(messages::authentication_not_declared(&place(service)));
            }
        } else if !Seen::at(service, component, facts).told {
            reasons.push(messages::authentication_not_told(&place(service), service.protocol.as_deref()));
        }
    }
    reasons
}

fn place(service: &NetworkService) -> String {
    format!("{} {}/{}", service.address, service.transport, service.port)
}

fn services<'f>(
    component: &'f Component,
    facts: &'f [Fact],
) -> impl Iterator<Item = (&'f NetworkService, &'f Fact)> + use<'f> {
    facts.iter().filter(|fact| fact.subject == component.id).filter_map(|fact| match &fact.observed {
        Observed::NetworkService(service) => Some((service, fact)),
        _ => None,
    })
}

/// The ways that the interfaces behind a service declare together.
fn declared(component: &Component, service: &NetworkService) -> BTreeSet<Authentication> {
    let interfaces =
        component.interfaces.iter().flatten().filter(|interface| interface.is_service(service) == Some(true));
    interfaces.flat_map(|interface| interface.authentications().iter().copied()).collect()
}

/// Whether what is declared covers a way that was seen. Of several factors each is seen by itself.
fn allows(declared: &BTreeSet<Authentication>, way: Authentication) -> bool {
    let factor = way != Authentication::None && declared.contains(&Authentication::MultiFactor);
    declared.contains(&way) || factor
}

/// The ways to authenticate that were seen of a service.
#[derive(Default)]
struct Seen {
    ways: BTreeSet<Authentication>,
    /// Whether anything tells how the service lets in.
    told: bool,
}

impl Seen {
    fn at(service: &NetworkService, component: &Component, facts: &[Fact]) -> Self {
        let mut seen = Self::default();
        let declared = declared(component, service);
        // What looks like the one may be the other, which is taken where only that is declared.
        let believed = |one, other| if declared.contains(&other) && !declared.contains(&one) { other } else { one };
        let own = || facts.iter().filter(|fact| fact.subject == component.id).map(|fact| &fact.observed);
        let here = |address: &str, port: u16| address == service.address && port == service.port;
        let asks_certificate = own().any(|fact| {
            matches!(fact, Observed::TlsServer(x)
                if here(&x.address, x.port) && x.transport == service.transport && x.client_certificate == Some(true))
        });
        if asks_certificate {
            seen.way(Authentication::Key);
        }
        for fact in own() {
            match fact {
                Observed::SshServer(x) if here(&x.address, x.port) => seen.ssh(&x.authentication, x.open_login),
                Observed::WebService(x) if here(&x.address, x.port) => {
                    let form = own().any(|fact| {
                        matches!(fact, Observed::WebForm(form)
                            if form.password && !form.logged_in && origin(&form.url) == origin(&x.url))
                    });
                    match x.login.as_deref() {
                        Some("basic" | "digest") => seen.way(Authentication::Password),
                        Some("certificate") => seen.way(Authentication::Key),
                        // A token is mostly what a log-in with a password gives.
                        Some("bearer") => seen.way(believed(Authentication::Key, Authentication::Password)),
                        // A field for a password on a page that is open to all may be for another: that of a wireless network, say.
                        login if form || login == Some("form") => {
                            if !declared.contains(&Authentication::None) {
                                seen.way(Authentication::Password);
                            }
                        }
                        // Scripts may build a log-in that does not show.
                        _ => seen.told |= declared.iter().eq([&Authentication::None]),
                    }
                }
                Observed::MqttBroker(x) if here(&x.address, x.port) => match x.anonymous {
                    Some(true) => seen.way(Authentication::None),
                    // CONNECT has a name and a password (MQTT 3.1.1, section 3.1.3). In the password's place a token may stand, and MQTT 5 has exchanges
                    // of its own (section 4.12): a refusal does not tell them apart, so that a declared one is believed.
                    Some(false) if !asks_certificate && !x.versions.is_empty() => {
                        seen.way(believed(Authentication::Password, Authentication::Key));
                    }
                    Some(false) => seen.told = true,
                    None => {}
                },
                Observed::CoapServer(x) if here(&x.address, x.port) && x.transport == service.transport => {
                    seen.told |= x.resources > 0;
                    if x.readable > 0 {
                        seen.way(Authentication::None);
                    }
                }
                Observed::ServiceAccess(x) if here(&x.address, x.port) && x.transport == service.transport => {
                    match x.granted {
                        Some(true) => seen.way(Authentication::None),
                        Some(false) if PASSWORD_ONLY.contains(&x.protocol.as_str()) => {
                            seen.way(Authentication::Password);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        seen
    }

    fn way(&mut self, way: Authentication) {
        self.told = true;
        self.ways.insert(way);
    }

    /// The methods of RFC 4252 and 4256 that a server lists.
    fn ssh(&mut self, methods: &[String], open: Option<bool>) {
        if open == Some(true) {
            self.way(Authentication::None);
        }
        for method in methods {
            match method.as_str() {
                "none" => self.way(Authentication::None),
                "password" | "keyboard-interactive" => self.way(Authentication::Password),
                // `publickey`, `hostbased`, the tickets of GSS-API: all prove a key.
                _ => self.way(Authentication::Key),
            }
        }
    }
}

/// Scheme, host and port of an address of the web.
fn origin(url: &str) -> &str {
    let end = url.match_indices('/').nth(2).map_or(url.len(), |(end, _)| end);
    url.get(..end).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::fact::Source;
    use sekisho_model::messaging::MqttBroker;
    use sekisho_model::network::ServiceAccess;
    use sekisho_model::product::Authentications;
    use sekisho_model::ssh::SshServer;
    use sekisho_model::tls::TlsServer;
    use sekisho_model::web::{WebForm, WebService};

    fn fact(observed: Observed) -> Fact {
        Fact { observed, subject: "camera".into(), source: Source::default() }
    }

    fn service(port: u16, protocol: &str) -> Fact {
        fact(Observed::NetworkService(NetworkService {
            address: "192.0.2.1".into(),
            transport: "tcp".into(),
            port,
            protocol: Some(protocol.into()),
            ..NetworkService::default()
        }))
    }

    fn ssh(methods: &[&str]) -> Fact {
        fact(Observed::SshServer(Box::new(SshServer {
            address: "192.0.2.1".into(),
            port: 22,
            authentication: methods.iter().map(|method| (*method).to_owned()).collect(),
            ..SshServer::default()
        })))
    }

    fn web(login: Option<&str>) -> Fact {
        fact(Observed::WebService(Box::new(WebService {
            url: "https://192.0.2.1/".into(),
            address: "192.0.2.1".into(),
            port: 443,
            login: login.map(str::to_owned),
            ..WebService::default()
        })))
    }

    fn broker(anonymous: bool) -> Fact {
        fact(Observed::MqttBroker(MqttBroker {
            address: "192.0.2.1".into(),
            port: 8883,
            versions: vec!["5.0".into()],
            anonymous: Some(anonymous),
            ..MqttBroker::default()
        }))
    }

    fn asks_certificate(port: u16) -> Fact {
        fact(Observed::TlsServer(Box::new(TlsServer {
            address: "192.0.2.1".into(),
            transport: "tcp".into(),
            port,
            client_certificate: Some(true),
            ..TlsServer::default()
        })))
    }

    fn interface(kind: &str, port: u16, ways: &[Authentication]) -> Interface {
        let authentication = (!ways.is_empty()).then(|| Authentications::Many(ways.to_vec()));
        Interface { kind: kind.into(), port: Some(port), authentication, ..Interface::default() }
    }

    fn undeclared(interfaces: &[Interface], facts: &[Fact]) -> Vec<(u16, String)> {
        let component =
            Component { id: "camera".into(), interfaces: Some(interfaces.to_vec()), ..Component::default() };
        let ways = differences(&component, facts).into_iter().map(|fact| match fact.observed {
            Observed::DeclarationDifference(x) => (x.port, x.undeclared.join(" ")),
            other => panic!("{other:?}"),
        });
        ways.collect()
    }

    fn reasons(interfaces: &[Interface], facts: &[Fact]) -> Vec<String> {
        let component =
            Component { id: "camera".into(), interfaces: Some(interfaces.to_vec()), ..Component::default() };
        open(&component, facts).into_iter().map(|reason| reason.en).collect()
    }

    #[test]
    fn a_way_that_is_not_declared_is_told() {
        use Authentication::{Key, MultiFactor, None, Password};
        let facts = [service(22, "ssh"), ssh(&["publickey", "password"])];
        assert_eq!(undeclared(&[interface("ssh", 22, &[Key])], &facts), [(22, "password".into())]);
        assert_eq!(undeclared(&[interface("ssh", 22, &[Key, Password])], &facts), []);
        assert_eq!(undeclared(&[interface("ssh", 22, &[MultiFactor])], &facts), []);
        let open = [service(8883, "mqtt"), broker(true)];
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Password])], &open), [(8883, "none".into())]);
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Password, None])], &open), []);
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[MultiFactor])], &open), [(8883, "none".into())]);
        // A broker that lets nobody in without a name wants a password, or what may stand in its place, unless it asks for a certificate.
        let shut = [service(8883, "mqtt"), broker(false)];
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[None])], &shut), [(8883, "password".into())]);
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Key])], &shut), []);
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Password])], &shut), []);
        let certificate = [service(8883, "mqtt"), broker(false), asks_certificate(8883)];
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Key])], &certificate), []);
        assert_eq!(undeclared(&[interface("mqtt", 8883, &[Password])], &certificate), [(8883, "key".into())]);
    }

    #[test]
    fn log_ins_of_the_web_are_on_its_first_page_or_in_its_forms() {
        use Authentication::{Key, None, Password};
        let basic = [service(443, "http"), web(Some("basic"))];
        assert_eq!(undeclared(&[interface("web", 443, &[Key])], &basic), [(443, "password".into())]);
        assert_eq!(undeclared(&[interface("web", 443, &[Password])], &basic), []);
        let form = |url: &str, logged_in| {
            fact(Observed::WebForm(WebForm { url: url.into(), password: true, logged_in, ..WebForm::default() }))
        };
        let with = |form| [service(443, "http"), web(Option::None), form];
        let declared = [interface("web", 443, &[None])];
        let with_a_key = [interface("web", 443, &[Key])];
        assert_eq!(undeclared(&with_a_key, &with(form("https://192.0.2.1/admin", false))), [(443, "password".into())]);
        // On a page that is open to all it may ask for another: nobody knows.
        assert_eq!(undeclared(&declared, &with(form("https://192.0.2.1/wireless", false))), []);
        assert_eq!(reasons(&declared, &with(form("https://192.0.2.1/wireless", false))).len(), 1);
        // A page without a log-in may build one; one that is declared open is.
        assert_eq!(reasons(&[interface("web", 443, &[Password])], &[service(443, "http"), web(Option::None)]).len(), 1);
        assert_eq!(reasons(&declared, &[service(443, "http"), web(Option::None)]), Vec::<String>::new());
        // A token is given for a password, where that is what is declared.
        let bearer = [service(443, "http"), web(Some("bearer"))];
        assert_eq!(undeclared(&[interface("web", 443, &[Password])], &bearer), []);
        assert_eq!(undeclared(&[interface("web", 443, &[None])], &bearer), [(443, "key".into())]);
        // One for changing the password, and one of another server.
        assert_eq!(undeclared(&declared, &with(form("https://192.0.2.1/account", true))), []);
        assert_eq!(undeclared(&declared, &with(form("https://192.0.2.1:8443/", false))), []);
    }

    #[test]
    fn two_interfaces_of_one_port_declare_together() {
        use Authentication::{Key, Password};
        let facts = [service(443, "http"), web(Some("basic")), asks_certificate(443)];
        let both = [interface("web", 443, &[Password]), interface("api", 443, &[Key])];
        assert_eq!(undeclared(&both, &facts), []);
        assert_eq!(undeclared(&both[..1], &facts), [(443, "key".into())]);
    }

    #[test]
    fn what_was_not_told_keeps_the_comparison_open() {
        use Authentication::{Key, Password};
        let ssh_key = interface("ssh", 22, &[Key]);
        assert_eq!(
            reasons(std::slice::from_ref(&ssh_key), &[service(22, "ssh"), ssh(&["publickey"])]),
            Vec::<String>::new()
        );
        assert_eq!(reasons(std::slice::from_ref(&ssh_key), &[]), ["nothing answers at 'ssh 22'"]);
        let unknown = reasons(&[interface("sip", 5060, &[Password])], &[service(5060, "sip")]);
        assert_eq!(unknown, ["how sip at 192.0.2.1 tcp/5060 authenticates was not told"]);
        let silent = reasons(
            &[ssh_key, interface("web", 443, &[])],
            &[service(22, "ssh"), ssh(&["publickey"]), service(443, "http"), web(None)],
        );
        assert_eq!(silent, ["the product file does not declare how 'web 443' authenticates"]);
        let unclear = fact(Observed::ServiceAccess(ServiceAccess {
            address: "192.0.2.1".into(),
            transport: "tcp".into(),
            port: 5900,
            protocol: "vnc".into(),
            attempt: "anonymous".into(),
            granted: Some(false),
            ..ServiceAccess::default()
        }));
        let vnc = reasons(&[interface("vnc", 5900, &[Password])], &[service(5900, "vnc"), unclear]);
        assert_eq!(vnc, ["how vnc at 192.0.2.1 tcp/5900 authenticates was not told"]);
    }

    #[test]
    fn what_no_interface_with_a_port_is_keeps_the_comparison_open() {
        use Authentication::{Key, Password};
        let portless = Interface { port: None, ..interface("web", 1, &[]) };
        let facts = [service(22, "ssh"), ssh(&["publickey"]), service(443, "http"), web(Some("basic"))];
        let says = ["the product file does not declare how '192.0.2.1 tcp/443' authenticates"];
        assert_eq!(reasons(&[interface("ssh", 22, &[Key]), portless], &facts), says);
        assert_eq!(reasons(&[interface("ssh", 22, &[Key])], &facts), says);
        let declared = Interface { port: None, ..interface("web", 1, &[Password]) };
        assert_eq!(reasons(&[interface("ssh", 22, &[Key]), declared], &facts), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_compared_where_nothing_is_declared() {
        let component = |interface| Component { interfaces: Some(vec![interface]), ..Component::default() };
        assert!(needs(&component(interface("web", 443, &[]))).is_empty());
        let empty = Interface { authentication: Some(Authentications::Many(Vec::new())), ..interface("web", 443, &[]) };
        assert!(needs(&component(empty)).is_empty());
        let wireless = Interface { port: None, ..interface("wifi", 1, &[Authentication::Key]) };
        assert!(needs(&component(wireless)).is_empty());
        assert!(!needs(&component(interface("web", 443, &[Authentication::Password]))).is_empty());
    }
}
