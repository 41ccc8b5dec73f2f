//! A MUD file from a product file: what the maker declares there, in the words of RFC 8520.

use sekisho_model::Text;
use sekisho_model::interface;
use sekisho_model::product::{Component, Flow, Product, Reach, Transport};

use super::{AccessList, Direction, Form, Forwarding, Mud, Peer, Ports, Rule};

/// A MUD file made from a product file, and what could not be said in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The file.
    pub mud: Mud,
    /// What the product file leaves open, for whoever completes it.
    pub notes: Vec<Text>,
}

/// Makes the MUD file of the component called `component`. The product file says neither where the MUD file is to be published (`url`) nor
/// when (`last_update`, RFC 3339). None where there is no such component.
pub fn from_product(product: &Product, component: &str, url: &str, last_update: &str) -> Option<Draft> {
    let own = product.components.iter().find(|other| other.id == component)?;
    let mut draft = Draft::default();
    let mut flows: Vec<Between> = Vec::new();
    for flow in product.flows.iter().flatten() {
        if let Some(between) = of_flow(product, own, flow, &mut draft.notes)
            && !flows.contains(&between)
        {
            flows.push(between);
        }
    }
    for interface in own.interfaces.iter().flatten() {
        let Some(port) = interface.port else { continue };
        let peer = match interface.reach {
            Some(Reach::Physical) => continue,
            Some(Reach::Internet) => None,
            Some(Reach::Local) | None => Some(Peer::LocalNetworks),
        };
        let protocol = match interface.usual_transport() {
            Transport::Tcp => 6,
            Transport::Udp => 17,
        };
        let between = Between { peer, protocol, port: Some(port), begins: Direction::ToDevice };
        if !flows.contains(&between) {
            flows.push(between);
        }
    }
    draft.mud = Mud {
        form: Form::Rfc8520,
        version: Some(1),
        url: Some(url.to_owned()),
        last_update: Some(last_update.to_owned()),
        cache_validity: Some(48),
        supported: Some(true),
        system_info: Some(product.name.chars().take(60).collect()),
        manufacturer: product.vendor.clone(),
        model: product.model.clone(),
        software_rev: product.version.clone(),
        ..Mud::default()
    };
    // Lists are of one version of IP (RFC 8519, `acl-type`), and the product file speaks of none: each rule stands in both.
    for version in ["4", "6"] {
        for direction in [Direction::FromDevice, Direction::ToDevice] {
            let end = if direction == Direction::FromDevice { "fr" } else { "to" };
            let name = format!("{}-v{version}{end}", own.id);
            let rules: Vec<Rule> = flows
                .iter()
                .enumerate()
                .map(|(number, flow)| flow.rule(&format!("{name}-{number}"), direction))
                .collect();
            if rules.is_empty() {
                continue;
            }
            match direction {
                Direction::FromDevice => draft.mud.from_device.push(name.clone()),
                Direction::ToDevice => draft.mud.to_device.push(name.clone()),
            }
            draft.mud.lists.push(AccessList { name, kind: Some(format!("ipv{version}-acl-type")), rules });
        }
    }
    if flows.is_empty() {
        draft.notes.push(Text::new(
            format!("the product file declares no communication of '{component}' over a network"),
            format!("製品ファイルに「{component}」のネットワーク通信が記載されていない"),
        ));
    }
    Some(draft)
}

/// One communication, seen from the device.
#[derive(Debug, PartialEq, Eq)]
struct Between {
    peer: Option<Peer>,
    protocol: u8,
    /// Port of the side that is asked.
    port: Option<u16>,
    begins: Direction,
}

impl Between {
    fn rule(&self, name: &str, direction: Direction) -> Rule {
        let port = self.port.map(Ports::One);
        let towards_server = direction == self.begins;
        Rule {
            name: name.to_owned(),
            peers: self.peer.iter().cloned().collect(),
            protocol: Some(self.protocol),
            source_port: port.filter(|_| !towards_server),
            destination_port: port.filter(|_| towards_server),
            initiated: (self.protocol == 6).then_some(self.begins),
            forwarding: Some(Forwarding::Accept),
            ..Rule::default()
        }
    }
}

fn of_flow(product: &Product, own: &Component, flow: &Flow, notes: &mut Vec<Text>) -> Option<Between> {
    let (other, begins) = match (flow.from == own.id, flow.to == own.id) {
        (true, false) => (&flow.to, Direction::FromDevice),
        (false, true) => (&flow.from, Direction::ToDevice),
        _ => return None,
    };
    let component = product.components.iter().find(|component| component.id == *other);
    let peer = match component {
        None => Peer::Dns(other.clone()),
        // Where a part of the product is found, a product file does not say: the network's administrator knows its controllers.
        Some(component) if component.kind.is_hardware() => Peer::SameManufacturer,
        Some(component) if component.kind == sekisho_model::product::ComponentKind::App => Peer::LocalNetworks,
        Some(_) => {
            notes.push(Text::new(
                format!(
                    "'{other}' has no host name: its rule says 'my-controller'; name the host as the end of the flow"
                ),
                format!(
                    "「{other}」のホスト名が不明なため規則を「my-controller」とした。通信の相手にホスト名を記載すること"
                ),
            ));
            Peer::MyController
        }
    };
    let known = flow.protocol.as_deref().and_then(service);
    if known.is_none() {
        let what = flow.protocol.as_deref().unwrap_or("–");
        notes.push(Text::new(
            format!("the port of '{what}' to '{other}' is not known: its rule allows every TCP port"),
            format!("「{other}」との「{what}」のポートが不明なため、規則は全TCPポートを許可している"),
        ));
    }
    let (protocol, default) = known.map_or((6, None), |(protocol, port)| (protocol, Some(port)));
    // The interface at the end that is asked may say another port.
    let asked = if begins == Direction::FromDevice { component } else { Some(own) };
    let stated = asked.and_then(|component| {
        let kind = flow.protocol.as_deref()?;
        component.interfaces.iter().flatten().find(|interface| interface::speaks(&interface.kind, kind))?.port
    });
    Some(Between { peer: Some(peer), protocol, port: stated.or(default), begins })
}

/// Protocol over IP and port of a service, by IANA's registry.
fn service(name: &str) -> Option<(u8, u16)> {
    const TCP: u8 = 6;
    const UDP: u8 = 17;
    Some(match name.to_ascii_lowercase().as_str() {
        "https" | "wss" => (TCP, 443),
        "http" | "web" | "ws" => (TCP, 80),
        "mqtt" => (TCP, 1883),
        "mqtts" => (TCP, 8883),
        "amqps" => (TCP, 5671),
        "amqp" => (TCP, 5672),
        "coap" => (UDP, 5683),
        "coaps" => (UDP, 5684),
        "ssh" | "sftp" => (TCP, 22),
        "telnet" => (TCP, 23),
        "ftp" => (TCP, 21),
        "rtsp" => (TCP, 554),
        "rtsps" => (TCP, 322),
        "ntp" => (UDP, 123),
        "dns" => (UDP, 53),
        "dot" => (TCP, 853),
        "snmp" => (UDP, 161),
        "syslog" => (UDP, 514),
        "tftp" => (UDP, 69),
        "smtp" => (TCP, 25),
        "smtps" => (TCP, 465),
        "modbus" => (TCP, 502),
        "opc-ua" => (TCP, 4840),
        "bacnet" => (UDP, 47808),
        _ => return None,
    })
}
