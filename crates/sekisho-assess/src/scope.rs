//! The scope: which traits the product has, from what its file says and from what was seen.
//!
//! What the file declares is a claim. Where evidence shows that a trait is there, the trait is true, whatever the file says; evidence never makes a
//! trait false. What neither says is unknown, and what is unknown applies.

use std::collections::BTreeMap;

use sekisho_model::assessment::TraitState;
use sekisho_model::fact::{Fact, Observed, PasswordState, Start};
use sekisho_model::product::{Authentication, ComponentKind, Data, Interface, Product, Reach};
use sekisho_model::trait_id::Trait;

use crate::messages;

/// The state of every trait, in the vocabulary's order.
pub fn traits(product: &Product, facts: &[Fact]) -> Vec<TraitState> {
    let seen = seen(facts);
    let derived = derived(product);
    Trait::ALL
        .iter()
        .map(|&id| {
            let stated = product.traits.get(&id).copied();
            let (value, because) = match (seen.get(&id), stated, derived.get(&id)) {
                (Some(fact), Some(false), _) => (Some(true), messages::trait_seen_against_claim(fact)),
                (Some(fact), ..) => (Some(true), messages::trait_seen(fact)),
                (None, Some(value), _) => (Some(value), messages::trait_stated()),
                (None, None, Some((value, what))) => (Some(*value), messages::trait_derived(what)),
                (None, None, None) => (None, messages::trait_unknown()),
            };
            TraitState { id, value, because }
        })
        .collect()
}

/// Traits that evidence shows, each with the first fact that does.
fn seen(facts: &[Fact]) -> BTreeMap<Trait, &Fact> {
    let mut seen = BTreeMap::new();
    for fact in facts {
        let shown: &[Trait] = match &fact.observed {
            Observed::Service(service) if matches!(service.start, Start::Boot | Start::Conditional) => {
                match service.protocol.as_deref() {
                    Some("http" | "https") => &[Trait::WebInterface, Trait::ListeningServices, Trait::Network],
                    Some("ssh" | "telnet") => {
                        &[Trait::RemoteManagement, Trait::UserAuthentication, Trait::ListeningServices, Trait::Network]
                    }
                    Some("console") => &[Trait::DebugInterface],
                    Some("dhcp-client" | "ntp-client" | "syslog" | "cron") | None => &[],
                    Some(_) => &[Trait::ListeningServices, Trait::Network],
                }
            }
            Observed::Account(account)
                if account.login_shell && matches!(account.password, PasswordState::Hash | PasswordState::Empty) =>
            {
                &[Trait::PresetPasswords, Trait::Passwords, Trait::UserAuthentication, Trait::SecureParameters]
            }
            Observed::Endpoint(endpoint) if endpoint.purpose == "update" => &[Trait::Updatable, Trait::NetworkUpdates],
            Observed::Setting(setting) if setting.setting == "wifi-security" => &[Trait::Wireless, Trait::Network],
            Observed::PrivateKey(_) | Observed::Credential(_) => &[Trait::SecureParameters],
            Observed::Component(_) => &[Trait::ThirdPartyComponents, Trait::Software],
            Observed::Binary(_) => &[Trait::Software],
            _ => &[],
        };
        for &id in shown {
            seen.entry(id).or_insert(fact);
        }
    }
    seen
}

/// What follows from the file, each with the field it follows from.
type Derived = BTreeMap<Trait, (bool, &'static str)>;

fn derived(product: &Product) -> Derived {
    let mut traits = Derived::new();
    from_components(product, &mut traits);
    from_interfaces(product, &mut traits);
    if let Some(data) = &product.data {
        from_data(product, data, &mut traits);
    }
    from_users_and_updates(product, &mut traits);
    if !product.industries.is_empty() {
        let has = |names: &[&str]| product.industries.iter().any(|i| names.contains(&i.as_str()));
        if has(&["consumer", "smart-home"]) {
            traits.insert(Trait::Consumer, (true, "industries"));
        }
        if has(&["critical-infrastructure", "energy", "public-transport", "airport", "hospital"]) {
            traits.insert(Trait::CriticalService, (true, "industries"));
        }
    }
    traits
}

fn from_components(product: &Product, traits: &mut Derived) {
    let any = |kinds: &[ComponentKind]| product.components.iter().any(|c| kinds.contains(&c.kind));
    let hardware = product.components.iter().any(|c| c.kind.is_hardware());
    traits.insert(Trait::Hardware, (hardware, "components"));
    // The components are the whole product, so a kind that is not among them is not there.
    traits.insert(Trait::MobileApp, (any(&[ComponentKind::App]), "components"));
    let services = any(&[ComponentKind::CloudService, ComponentKind::WebService]);
    traits.insert(Trait::CloudService, (services, "components"));
    if product.components.len() > 1 {
        traits.insert(Trait::Interconnected, (true, "components"));
    }
}

fn from_interfaces(product: &Product, traits: &mut Derived) {
    let all: Vec<&Interface> = product.components.iter().filter_map(|c| c.interfaces.as_ref()).flatten().collect();
    // Absence means something only where every component says what it has.
    let complete = product.components.iter().all(|c| c.interfaces.is_some()) && all.iter().all(|i| i.kind != "other");
    let mut derive = |id: Trait, test: &dyn Fn(&Interface) -> bool| {
        if all.iter().any(|i| test(i)) {
            traits.insert(id, (true, "interfaces"));
        } else if complete {
            traits.insert(id, (false, "interfaces"));
        }
    };
    let kind = |kinds: &'static [&'static str]| move |i: &Interface| kinds.contains(&i.kind.as_str());
    derive(Trait::Wireless, &kind(&["wifi", "bluetooth", "zigbee", "zwave", "thread", "lora", "cellular", "nfc"]));
    derive(Trait::WebInterface, &kind(&["web"]));
    derive(Trait::Api, &kind(&["api"]));
    derive(Trait::RemovableMedia, &kind(&["sd-card", "usb"]));
    derive(Trait::PhysicalPorts, &kind(&["usb", "serial", "jtag", "sd-card", "ethernet"]));
    derive(Trait::DebugInterface, &kind(&["serial", "jtag", "telnet"]));
    derive(Trait::UserInterface, &kind(&["web", "display", "button"]));
    derive(Trait::RemoteManagement, &kind(&["web", "ssh", "telnet", "snmp", "api"]));
    derive(Trait::ListeningServices, &is_listening);
    derive(Trait::Network, &is_network);
    derive(Trait::ExternalInput, &|_| true);
    let outside = |name: &String| product.components.iter().all(|c| c.id != *name);
    let leaves = product.flows.iter().flatten().any(|f| outside(&f.from) || outside(&f.to));
    if all.iter().any(|i| i.reach == Some(Reach::Internet)) {
        traits.insert(Trait::Internet, (true, "interfaces"));
    } else if leaves {
        traits.insert(Trait::Internet, (true, "flows"));
    } else if complete && product.flows.is_some() && all.iter().all(|i| i.reach.is_some()) {
        traits.insert(Trait::Internet, (false, "interfaces"));
    }
    let authenticated = |wanted| all.iter().any(|i| i.authentications().contains(&wanted));
    if authenticated(Authentication::Password) {
        traits.insert(Trait::Passwords, (true, "interfaces"));
        traits.insert(Trait::UserAuthentication, (true, "interfaces"));
    }
    if authenticated(Authentication::MultiFactor) {
        traits.insert(Trait::UserAuthentication, (true, "interfaces"));
    }
    if authenticated(Authentication::Key) {
        traits.insert(Trait::MachineAuthentication, (true, "interfaces"));
        traits.insert(Trait::SecureParameters, (true, "interfaces"));
    }
    if product.components.iter().any(|c| c.kind == ComponentKind::App) {
        traits.insert(Trait::UserInterface, (true, "components"));
    }
    if product.components.iter().any(|c| matches!(c.kind, ComponentKind::CloudService | ComponentKind::WebService)) {
        traits.insert(Trait::Network, (true, "components"));
        traits.insert(Trait::Internet, (true, "components"));
    }
}

/// Whether an interface is something that listens on a network.
fn is_listening(interface: &Interface) -> bool {
    interface.port.is_some()
        || matches!(
            interface.kind.as_str(),
            "web"
                | "api"
                | "ssh"
                | "telnet"
                | "ftp"
                | "tftp"
                | "rtsp"
                | "onvif"
                | "snmp"
                | "modbus"
                | "bacnet"
                | "upnp"
        )
}

/// Whether an interface carries traffic to other machines.
fn is_network(interface: &Interface) -> bool {
    !matches!(interface.kind.as_str(), "usb" | "serial" | "jtag" | "sd-card" | "display" | "button" | "other")
}

fn from_data(product: &Product, data: &[Data], traits: &mut Derived) {
    let mut derive = |id: Trait, value: bool| traits.insert(id, (value, "data"));
    let personal = |d: &Data| d.personal == Some(true) || d.sensitive == Some(true);
    // «No» needs a word on every kind of data; what is left out is not known.
    if data.iter().any(personal) {
        derive(Trait::PersonalData, true);
    } else if data.iter().all(|d| d.personal == Some(false)) {
        derive(Trait::PersonalData, false);
    }
    if data.iter().any(|d| d.sensitive == Some(true)) {
        derive(Trait::SensitiveData, true);
    } else if data.iter().all(|d| d.sensitive == Some(false) || d.personal == Some(false)) {
        derive(Trait::SensitiveData, false);
    }
    if data.iter().any(|d| !d.shared_with.is_empty()) || data.is_empty() {
        derive(Trait::ThirdPartySharing, !data.is_empty());
    }
    let stored_in = |test: &dyn Fn(ComponentKind) -> bool| {
        data.iter().any(|d| {
            let mut components = d.stored_in.iter().filter_map(|id| product.components.iter().find(|c| c.id == *id));
            d.personal != Some(false) && components.any(|c| test(c.kind))
        })
    };
    // Where it is not said where data are stored, nothing follows.
    if data.iter().all(|d| !d.stored_in.is_empty()) {
        let on_device = stored_in(&|k| k.is_hardware() || k == ComponentKind::App);
        let in_service = stored_in(&|k| matches!(k, ComponentKind::CloudService | ComponentKind::WebService));
        derive(Trait::StoredUserData, on_device);
        derive(Trait::DataInServices, in_service);
    }
    if data.iter().any(|d| d.consent == Some(true)) {
        derive(Trait::ConsentBasis, true);
    } else if data.iter().all(|d| d.consent == Some(false) || d.personal == Some(false)) {
        derive(Trait::ConsentBasis, false);
    }
}

fn from_users_and_updates(product: &Product, traits: &mut Derived) {
    if let Some(users) = &product.users {
        // One entry is one role; how many people have it is not said.
        if users.len() > 1 {
            traits.insert(Trait::MultiUser, (true, "users"));
        }
        if users.iter().any(|u| u.login.is_some_and(|l| l != Authentication::None)) {
            traits.insert(Trait::UserAuthentication, (true, "users"));
        }
        if users.iter().any(|u| u.login == Some(Authentication::Password)) {
            traits.insert(Trait::Passwords, (true, "users"));
        }
    }
    if let Some(updates) = &product.updates {
        traits.insert(Trait::Updatable, (updates.possible, "updates"));
        let mut derive = |id: Trait, value: Option<bool>| {
            if !updates.possible {
                traits.insert(id, (false, "updates"));
            } else if let Some(value) = value {
                traits.insert(id, (value, "updates"));
            }
        };
        derive(Trait::NetworkUpdates, updates.network);
        derive(Trait::AutomaticUpdates, updates.automatic);
        derive(Trait::UpdateNotifications, updates.notifications);
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::{Service, Source};
    use sekisho_model::product::Component;

    use super::*;

    fn camera(interfaces: Option<Vec<Interface>>) -> Product {
        let component = Component { id: "camera".into(), interfaces, ..Component::default() };
        Product { name: "Camera".into(), components: vec![component], ..Product::default() }
    }

    fn value(states: &[TraitState], id: Trait) -> Option<bool> {
        states.iter().find(|s| s.id == id).unwrap().value
    }

    #[test]
    fn what_is_not_said_is_unknown() {
        let states = traits(&camera(None), &[]);
        assert_eq!(value(&states, Trait::WebInterface), None);
        assert_eq!(value(&states, Trait::PersonalData), None);
        assert_eq!(value(&states, Trait::Hardware), Some(true));
    }

    #[test]
    fn an_empty_list_says_none() {
        let states = traits(&camera(Some(Vec::new())), &[]);
        assert_eq!(value(&states, Trait::WebInterface), Some(false));
    }

    #[test]
    fn evidence_overrules_a_claim_and_never_denies_a_trait() {
        let service = Service {
            program: "lighttpd".into(),
            protocol: Some("http".into()),
            start: Start::Boot,
            ..Service::default()
        };
        let fact = Fact { observed: Observed::Service(service), subject: "camera".into(), source: Source::default() };
        let mut product = camera(Some(Vec::new()));
        product.traits.insert(Trait::WebInterface, false);
        let states = traits(&product, &[fact]);
        assert_eq!(value(&states, Trait::WebInterface), Some(true));
        product.traits.insert(Trait::WebInterface, true);
        assert_eq!(value(&traits(&product, &[]), Trait::WebInterface), Some(true));
    }
}
