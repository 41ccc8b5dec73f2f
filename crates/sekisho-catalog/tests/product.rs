//! Product files: the shortest is enough, and every mistake is reported at once.

#![expect(clippy::unwrap_used, reason = "a test may")]

use sekisho_catalog::{Catalog, FileKind, Parts, Source, compile, digest_of, read_product};

/// A catalog with nothing but the words that the files below use.
fn catalog() -> Catalog {
    let vocabulary = "\
roles: [{id: operator, label: {en: Operator, ja: 運用者}}]
industries: []
layers: []
phases: []
document_kinds: []
details: []
statuses: []
forces: []
markets: [{id: eu, label: {en: EU, ja: EU}}]
control_kinds: []
concept_kinds: []
modalities: []
component_kinds: []
interface_kinds: [{id: web, label: {en: Web, ja: Web}}]
traits: []
";
    let source = Source { name: "vocabulary.yaml".into(), kind: FileKind::Vocabulary, bytes: vocabulary.into() };
    let (parts, problems) = Parts::read(&[source]);
    assert_eq!(problems, []);
    let bytes = compile(&parts);
    Catalog::open(&bytes, &digest_of(&bytes)).unwrap()
}

#[test]
fn a_name_and_a_component_are_enough() {
    let text = "name: Lock\ncomponents: [{id: lock, kind: device, firmware: a.bin}]\n";
    let (product, warnings) = read_product("p.yaml", text.as_bytes(), &catalog()).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(product.components[0].firmware.as_ref().unwrap().iter().collect::<Vec<_>>(), ["a.bin"]);
    assert!(product.data.is_none(), "what is not said is not known");
}

#[test]
fn every_mistake_at_once_each_at_its_place() {
    let text = "\
name: Lock
markets: [eu, jpn]
roles: [opperator]
components:
  - id: lock
    kind: device
    interfaces: [{kind: wbe}]
  - id: lock
    kind: gateway
flows: [{from: a, to: b}]
answers:
  auth-nothing: yes
data: [{name: video, stored_in: [clod]}]
";
    let problems = read_product("p.yaml", text.as_bytes(), &catalog()).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn mistakes_of_form_are_all_reported_with_hints() {
    let text = "name: 5\ncomponent: []\ncomponents: [{id: a b, knd: device}]\nversion: 2.10\n";
    let problems = read_product("p.yaml", text.as_bytes(), &catalog()).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn answers_need_their_reasons_and_days_that_exist() {
    let text = "\
name: Lock
components: [{id: lock, kind: device}]
answers:
  a-b: {answer: partly, date: '2026-02-30'}
";
    let problems = read_product("p.yaml", text.as_bytes(), &catalog()).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|p| p.code.as_ref()).collect();
    assert!(codes.contains(&"missing-reason") && codes.contains(&"bad-date"), "{problems:?}");
}

#[test]
fn what_is_said_of_the_network_must_make_sense() {
    let text = "\
name: Lock
components:
  - id: lock
    kind: device
    address: 192.0.2.1
    authorized: active
    tcp_ports: 22,80-70
    domains: [{name: 'https://lock.example', dmarc_since: 2026-02-30}]
    interfaces:
      - {kind: web, port: 443, accounts: [{user: a}, {user: b, password_env: B}, {user: c, password_env: C, password_file: c}]}
  - {id: app, kind: app, authorized: probe}
  - {id: site, kind: web-service, authorized: probe, published: 'https://lock.example/privacy'}
";
    let problems = read_product("p.yaml", text.as_bytes(), &catalog()).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn what_is_declared_can_be_compared() {
    let with = |interface: &str| {
        let text = format!(
            "name: Lock\ncomponents:\n  - id: lock\n    kind: device\n    interfaces: [{{kind: web, {interface}}}]\n"
        );
        read_product("p.yaml", text.as_bytes(), &catalog()).map(|(product, _)| product)
    };
    let ways = |interface: &str| -> Vec<&str> {
        let product = with(interface).unwrap();
        product.components[0].interfaces.as_ref().unwrap()[0].authentications().iter().map(|way| way.name()).collect()
    };
    assert_eq!(ways("authentication: password"), ["password"]);
    assert_eq!(ways("authentication: [password, key]"), ["password", "key"]);
    with("port: 443, tls: {versions: [tls1.2, tls1.3], cipher_suites: [TLS_AES_128_GCM_SHA256]}").unwrap();
    with("port: 443, tls: {versions: []}, enabled: false").unwrap();
    for (wrong, says) in [
        ("tls: {versions: [tls1.3]}", "declared-without-port"),
        ("ssh: {macs: [hmac-sha2-256]}", "declared-without-port"),
        ("port: 443, tls: {versions: [TLSv1.3]}", "p.yaml:5:"),
        ("port: 443, authentication: [badge]", "p.yaml:5:"),
    ] {
        let problems: Vec<String> = with(wrong).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(problems.iter().any(|problem| problem.contains(says)), "{wrong}: {problems:?}");
    }
}
