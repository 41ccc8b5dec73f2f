//! Writes a MUD file in the form of RFC 8520.

use serde_json::{Map, Value, json};

use super::{Direction, Mud, Peer, Ports, Rule};

/// The file for `mud`, always in the form of RFC 8520. Conditions that were not understood when it was read cannot be written.
pub fn write(mud: &Mud) -> Value {
    let mut head = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            head.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    put("mud-version", mud.version.map(Value::from));
    put("mud-url", text(&mud.url));
    put("mud-signature", text(&mud.signature));
    put("last-update", text(&mud.last_update));
    put("cache-validity", mud.cache_validity.map(Value::from));
    put("is-supported", mud.supported.map(Value::from));
    put("systeminfo", text(&mud.system_info));
    put("mfg-name", text(&mud.manufacturer));
    put("documentation", text(&mud.documentation));
    put("model-name", text(&mud.model));
    put("firmware-rev", text(&mud.firmware_rev));
    put("software-rev", text(&mud.software_rev));
    put("extensions", (!mud.extensions.is_empty()).then(|| json!(mud.extensions)));
    for (key, names) in [("from-device-policy", &mud.from_device), ("to-device-policy", &mud.to_device)] {
        let lists: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        put(key, (!names.is_empty()).then(|| json!({ "access-lists": { "access-list": lists } })));
    }
    let lists = mud.lists.iter().map(|list| {
        let direction = mud.direction(&list.name).unwrap_or(Direction::FromDevice);
        let six = list.kind.as_deref().is_some_and(|kind| kind.contains("ipv6"));
        let rules: Vec<Value> = list.rules.iter().map(|rule| entry(rule, direction, six)).collect();
        let mut object = json!({ "name": list.name, "aces": { "ace": rules } });
        if let Some(kind) = &list.kind {
            object["type"] = json!(kind);
        }
        object
    });
    json!({ "ietf-mud:mud": head, "ietf-access-control-list:acls": { "acl": lists.collect::<Vec<_>>() } })
}

fn entry(rule: &Rule, direction: Direction, six: bool) -> Value {
    let from_device = direction == Direction::FromDevice;
    let (mut network, mut abstraction, mut ethernet) = (Map::new(), Map::new(), Map::new());
    if let Some(protocol) = rule.protocol {
        network.insert("protocol".to_owned(), json!(protocol));
    }
    let mut version = if six { "ipv6" } else { "ipv4" };
    for peer in &rule.peers {
        // A leaf of type empty is `[null]` (RFC 7951, section 6.9).
        let (key, value) = match peer {
            Peer::Dns(name) => {
                let side = if from_device { "dst" } else { "src" };
                network.insert(format!("ietf-acldns:{side}-dnsname"), json!(name));
                continue;
            }
            Peer::Network(prefix) => {
                version = if prefix.address.is_ipv4() { "ipv4" } else { "ipv6" };
                let side = if from_device { "destination" } else { "source" };
                network.insert(format!("{side}-{version}-network"), json!(prefix.to_string()));
                continue;
            }
            Peer::Ethernet(what) => {
                let (field, value) = what.split_once(' ').unwrap_or((what, ""));
                ethernet.insert(field.to_owned(), json!(value));
                continue;
            }
            Peer::LocalNetworks => ("local-networks", json!([null])),
            Peer::SameManufacturer => ("same-manufacturer", json!([null])),
            Peer::MyController => ("my-controller", json!([null])),
            Peer::Manufacturer(name) => ("manufacturer", json!(name)),
            Peer::Model(url) => ("model", json!(url)),
            Peer::Controller(class) => ("controller", json!(class)),
        };
        abstraction.insert(key.to_owned(), value);
    }
    let mut transport = Map::new();
    for (key, ports) in [("source-port", rule.source_port), ("destination-port", rule.destination_port)] {
        if let Some(ports) = ports {
            transport.insert(key.to_owned(), port(ports));
        }
    }
    if let Some(initiated) = rule.initiated {
        transport.insert("ietf-mud:direction-initiated".to_owned(), json!(initiated.name()));
    }
    let mut matches = Map::new();
    let mut put = |key: &str, map: Map<String, Value>| {
        if !map.is_empty() {
            matches.insert(key.to_owned(), Value::Object(map));
        }
    };
    put("ietf-mud:mud", abstraction);
    put("eth", ethernet);
    put(version, network);
    put(if rule.protocol == Some(17) { "udp" } else { "tcp" }, transport);
    if let Some((kind, code)) = rule.icmp {
        let mut icmp = Map::new();
        for (key, value) in [("type", kind), ("code", code)] {
            if let Some(value) = value {
                icmp.insert(key.to_owned(), json!(value));
            }
        }
        matches.insert("icmp".to_owned(), Value::Object(icmp));
    }
    let mut entry = json!({ "name": rule.name, "matches": matches });
    if let Some(forwarding) = rule.forwarding {
        entry["actions"] = json!({ "forwarding": forwarding.name() });
    }
    entry
}

fn port(ports: Ports) -> Value {
    match ports {
        Ports::One(port) => json!({ "operator": "eq", "port": port }),
        Ports::Not(port) => json!({ "operator": "neq", "port": port }),
        Ports::UpTo(port) => json!({ "operator": "lte", "port": port }),
        Ports::From(port) => json!({ "operator": "gte", "port": port }),
        Ports::Range(first, last) => json!({ "lower-port": first, "upper-port": last }),
    }
}
