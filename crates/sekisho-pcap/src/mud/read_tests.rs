use proptest::prelude::*;

use super::*;
use crate::mud::{from_product, write};

fn good() -> serde_json::Value {
    serde_json::json!({
        "ietf-mud:mud": {
            "mud-version": 1, "mud-url": "https://iot.example/camera", "mud-signature": "https://iot.example/camera.p7s",
            "last-update": "2026-01-31T12:00:00+01:00", "cache-validity": 48, "is-supported": true, "systeminfo": "A camera",
            "from-device-policy": {"access-lists": {"access-list": [{"name": "fr"}]}}
        },
        "ietf-access-control-list:acls": {"acl": [{"name": "fr", "type": "ipv4-acl-type", "aces": {"ace": [{
            "name": "a",
            "matches": {
                "ipv4": {"protocol": 6, "ietf-acldns:dst-dnsname": "cloud.example"},
                "tcp": {"destination-port": {"operator": "eq", "port": 443}, "ietf-mud:direction-initiated": "from-device"}
            },
            "actions": {"forwarding": "accept"}
        }]}}]}
    })
}

fn problems(json: &serde_json::Value) -> Vec<Problem> {
    read(json.to_string().as_bytes(), "m.json", &Limits::default()).unwrap().1
}

fn changed(pointer: &str, value: serde_json::Value) -> Vec<Problem> {
    let mut json = good();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap()[key] = value;
    problems(&json)
}

#[test]
fn a_good_file_has_no_problem() {
    let (mud, problems) = read(good().to_string().as_bytes(), "m", &Limits::default()).unwrap();
    assert_eq!(problems, []);
    let address = "192.0.2.1".parse().unwrap();
    assert!(mud.declares(&["Cloud.Example."], address, 6, Some(443)));
    assert!(!mud.declares(&["cloud.example"], address, 6, Some(80)));
    assert!(!mud.declares(&["other.example"], address, 6, Some(443)));
}

#[test]
fn what_is_wrong_is_told_with_place_and_hint() {
    let mud = "/ietf-mud:mud";
    let matches = "/ietf-access-control-list:acls/acl/0/aces/ace/0/matches";
    for (pointer, value, code) in [
        (format!("{mud}/mud-version"), serde_json::json!(2), "mud-version"),
        (format!("{mud}/mud-url"), "http://iot.example/camera".into(), "mud-not-https"),
        (format!("{mud}/mud-url"), format!("https://iot.example/{}", "x".repeat(300)).into(), "mud-url-length"),
        (format!("{mud}/cache-validity"), 169.into(), "mud-cache-validity"),
        (format!("{mud}/cache-validity"), 0.into(), "mud-cache-validity"),
        (format!("{mud}/last-update"), "yesterday".into(), "mud-date"),
        (format!("{mud}/is-supported"), false.into(), "mud-not-supported"),
        (format!("{mud}/is-supported"), "yes".into(), "mud-wrong-type"),
        (format!("{mud}/systeminfo"), "x".repeat(61).into(), "mud-systeminfo"),
        (format!("{mud}/extensions"), serde_json::json!(["ol"]), "mud-extension"),
        (format!("{mud}/colour"), "red".into(), "mud-unknown-field"),
        (format!("{mud}/from-device-policy/access-lists/access-list/0/name"), "frr".into(), "mud-missing-list"),
        (format!("{matches}/tcp/destination-port/port"), 70_000.into(), "mud-number"),
        (format!("{matches}/tcp/destination-port/port"), 0.into(), "mud-port"),
        (format!("{matches}/tcp/destination-port/operator"), "about".into(), "mud-port"),
        (format!("{matches}/ipv4/protocol"), 17.into(), "mud-protocol"),
        (format!("{matches}/ipv4/dscp"), 1.into(), "mud-unknown-match"),
        (format!("{matches}/ipv4/ietf-acldns:dst-dnsname"), "https://cloud.example/".into(), "mud-host"),
        (format!("{matches}/ipv4/destination-ipv4-network"), "10.0.0.0/33".into(), "mud-prefix"),
        (format!("{matches}/weather"), serde_json::json!({}), "mud-unknown-match"),
        (format!("{matches}/ietf-mud:mud"), serde_json::json!({"local-networks": true}), "mud-wrong-type"),
    ] {
        let problems = changed(&pointer, value);
        let problem = problems.iter().find(|problem| problem.code == code);
        let problem = problem.unwrap_or_else(|| panic!("{pointer}: {code} is not among {problems:?}"));
        assert!(problem.place.is_some() && problem.hint.is_some(), "{problem}");
    }
}

#[test]
fn a_near_miss_in_a_name_is_guessed() {
    let problems = changed("/ietf-mud:mud/from-device-policy/access-lists/access-list/0/name", "fro".into());
    let missing = problems.iter().find(|problem| problem.code == "mud-missing-list").unwrap();
    assert!(missing.to_string().contains("m.json:1:"), "{missing}");
}

#[test]
fn a_missing_leaf_and_a_missing_signature_are_told() {
    for (key, code) in [("mud-url", "mud-missing"), ("is-supported", "mud-missing"), ("mud-signature", "mud-unsigned")]
    {
        let mut json = good();
        json["ietf-mud:mud"].as_object_mut().unwrap().remove(key);
        assert!(problems(&json).iter().any(|problem| problem.code == code), "{key}");
    }
}

#[test]
fn what_is_no_mud_file_is_refused() {
    for (text, code) in
        [("{}", "not-a-mud-file"), ("{", "mud-syntax"), ("[1]", "not-a-mud-file"), ("\u{1}", "mud-syntax")]
    {
        let problem = read(text.as_bytes(), "m", &Limits::default()).unwrap_err();
        assert_eq!(problem.code, code);
        assert!(problem.place.is_some() && problem.hint.is_some());
    }
    assert_eq!(read(&[0xff], "m", &Limits::default()).unwrap_err().code, "mud-syntax");
    let limits = Limits { mud: 10, ..Limits::default() };
    assert_eq!(read(&[b' '; 11], "m", &limits).unwrap_err().code, "mud-too-large");
}

#[test]
fn a_product_file_gives_a_valid_mud_file() {
    use sekisho_model::product::{Component, ComponentKind, Flow, Interface, Product, Reach};
    let flow = |from: &str, to: &str, protocol: &str| Flow {
        from: from.into(),
        to: to.into(),
        protocol: Some(protocol.into()),
        ..Flow::default()
    };
    let product = Product {
        name: "Camera".into(),
        components: vec![
            Component {
                id: "camera".into(),
                interfaces: Some(vec![Interface {
                    kind: "web".into(),
                    port: Some(8443),
                    reach: Some(Reach::Local),
                    ..Interface::default()
                }]),
                ..Component::default()
            },
            Component { id: "cloud".into(), kind: ComponentKind::CloudService, ..Component::default() },
        ],
        flows: Some(vec![flow("camera", "cloud", "mqtts"), flow("camera", "update.example", "https")]),
        ..Product::default()
    };
    let draft = from_product(&product, "camera", "https://iot.example/m", "2026-01-31T12:00:00Z").unwrap();
    assert_eq!(draft.notes.len(), 1, "{:?}", draft.notes);
    let text = write(&draft.mud).to_string();
    let (again, problems) = read(text.as_bytes(), "m", &Limits::default()).unwrap();
    assert_eq!(problems.iter().map(|p| &*p.code).collect::<Vec<_>>(), ["mud-unsigned"]);
    assert_eq!(again, draft.mud);
    assert!(again.declares(&["update.example"], "192.0.2.1".parse().unwrap(), 6, Some(443)));
    assert!(!again.declares(&["evil.example"], "192.0.2.1".parse().unwrap(), 6, Some(443)));
    assert!(from_product(&product, "nobody", "", "").is_none());
}

fn ports() -> impl Strategy<Value = Option<Ports>> {
    prop_oneof![
        Just(None),
        (1..=u16::MAX).prop_map(|p| Some(Ports::One(p))),
        (1..=u16::MAX).prop_map(|p| Some(Ports::Not(p))),
        (1..=u16::MAX).prop_map(|p| Some(Ports::UpTo(p))),
        (1..=u16::MAX).prop_map(|p| Some(Ports::From(p))),
        (1..1000_u16, 1001..=u16::MAX).prop_map(|(a, b)| Some(Ports::Range(a, b))),
    ]
}

fn peer() -> impl Strategy<Value = Peer> {
    prop_oneof![
        "[a-z]{1,8}(\\.[a-z]{1,5}){1,2}".prop_map(Peer::Dns),
        any::<([u8; 4], u8)>().prop_map(|(a, l)| Peer::Network(Prefix { address: a.into(), length: l % 33 })),
        Just(Peer::LocalNetworks),
        Just(Peer::SameManufacturer),
        Just(Peer::MyController),
        "[a-z]{1,8}".prop_map(Peer::Manufacturer),
        "https://[a-z]{1,8}".prop_map(Peer::Model),
        "urn:[a-z]{1,8}".prop_map(Peer::Controller),
    ]
}

prop_compose! {
    fn rule()(
        peer in proptest::option::of(peer()),
        tcp in any::<bool>(),
        source_port in ports(),
        destination_port in ports(),
        begins in any::<Option<bool>>(),
        action in 0..3_u8,
    ) -> Rule {
        Rule {
            name: String::new(),
            peers: peer.into_iter().collect(),
            protocol: Some(if tcp { 6 } else { 17 }),
            source_port,
            destination_port,
            initiated: begins.filter(|_| tcp).map(|from| if from { Direction::FromDevice } else { Direction::ToDevice }),
            forwarding: Some([Forwarding::Accept, Forwarding::Drop, Forwarding::Reject][usize::from(action)]),
            ..Rule::default()
        }
    }
}

prop_compose! {
    fn mud()(
        lists in proptest::collection::vec((any::<bool>(), proptest::collection::vec(rule(), 1..4)), 1..4),
        hours in 1..=168_u64,
        supported in any::<bool>(),
        info in "[ -~]{0,60}",
    ) -> Mud {
        let mut mud = Mud {
            version: Some(1),
            url: Some("https://iot.example/m".into()),
            last_update: Some("2026-01-31T12:00:00Z".into()),
            cache_validity: Some(hours),
            supported: Some(supported),
            system_info: Some(info),
            ..Mud::default()
        };
        for (number, (from, mut rules)) in lists.into_iter().enumerate() {
            let name = format!("list-{number}");
            if from { mud.from_device.push(name.clone()) } else { mud.to_device.push(name.clone()) }
            for (number, rule) in rules.iter_mut().enumerate() {
                rule.name = format!("rule-{number}");
            }
            mud.lists.push(AccessList { name, kind: Some("ipv4-acl-type".into()), rules });
        }
        mud
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(mud in mud()) {
        let text = serde_json::to_string_pretty(&write(&mud)).unwrap();
        let (again, problems) = read(text.as_bytes(), "m", &Limits::default()).unwrap();
        prop_assert!(problems.iter().all(|problem| problem.severity != Severity::Error), "{problems:?}\n{text}");
        prop_assert_eq!(again, mud);
    }

    #[test]
    fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, "m", &Limits::default());
    }

    #[test]
    fn no_damage_to_a_file_panics(at in 0..600_usize, byte in any::<u8>()) {
        let mut bytes = good().to_string().into_bytes();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        let _ = crate::MudCollector::default().read(&bytes, "m", "device");
    }
}
