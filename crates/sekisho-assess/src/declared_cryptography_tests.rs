//! Declared cryptography beside seen: interfaces that are asked, flows in captures.

use sekisho_model::fact::Source;
use sekisho_model::network::{NetworkService, ProbeFailure};
use sekisho_model::product::Authentications;

use super::*;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn fact(observed: Observed) -> Fact {
    Fact { observed, subject: "camera".into(), source: Source::default() }
}

fn server(versions: &str, refused: &str, suites: &str) -> Fact {
    fact(Observed::TlsServer(Box::new(TlsServer {
        address: "192.0.2.1".into(),
        transport: "tcp".into(),
        port: 443,
        versions: words(versions),
        refused: words(refused),
        cipher_suites: words(suites),
        ..TlsServer::default()
    })))
}

fn web(tls: Option<TlsDeclaration>) -> Interface {
    let authentication = Some(Authentications::One(Authentication::Password));
    Interface { kind: "web".into(), port: Some(443), authentication, tls, ..Interface::default() }
}

fn tls(versions: &str, suites: Option<&str>) -> TlsDeclaration {
    TlsDeclaration { versions: words(versions), cipher_suites: suites.map(words), ..TlsDeclaration::default() }
}

fn camera(interfaces: Vec<Interface>) -> Component {
    Component { id: "camera".into(), interfaces: Some(interfaces), ..Component::default() }
}

/// About what they differ, what is not declared, what is missing.
fn found(product: &Product, component: &Component, facts: &[Fact]) -> Vec<(String, String, String)> {
    let differences = differences(product, component, facts).into_iter().map(|fact| match fact.observed {
        Observed::DeclarationDifference(x) => (x.about, x.undeclared.join(" "), x.missing.join(" ")),
        other => panic!("{other:?}"),
    });
    differences.collect()
}

fn of_interface(interface: Interface, facts: &[Fact]) -> Vec<(String, String, String)> {
    found(&Product::default(), &camera(vec![interface]), facts)
}

fn reasons(interface: Interface, facts: &[Fact]) -> Vec<String> {
    open(&Product::default(), &camera(vec![interface]), facts).into_iter().map(|reason| reason.en).collect()
}

fn is(about: &str, undeclared: &str, missing: &str) -> (String, String, String) {
    (about.into(), undeclared.into(), missing.into())
}

#[test]
fn versions_and_suites_of_an_interface() {
    let facts = [server("tls1.0 tls1.2", "ssl3 tls1.1 tls1.3", "A B")];
    assert_eq!(of_interface(web(Some(tls("tls1.0 tls1.2", Some("B A")))), &facts), []);
    assert_eq!(of_interface(web(Some(tls("tls1.2", None))), &facts), [is("tls-versions", "tls1.0", "")]);
    assert_eq!(
        of_interface(web(Some(tls("tls1.2 tls1.3", Some("A C")))), &facts),
        [is("tls-versions", "tls1.0", "tls1.3"), is("tls-cipher-suites", "B", "C")]
    );
    // No TLS is declared, and there is some.
    assert_eq!(of_interface(web(Some(tls("", None))), &facts), [is("tls-versions", "tls1.0 tls1.2", "")]);
    // Nothing is declared, or for another port.
    assert_eq!(of_interface(web(None), &facts), []);
    let other = Interface { port: Some(8443), ..web(Some(tls("tls1.2", None))) };
    assert_eq!(of_interface(other, &facts), []);
}

#[test]
fn what_a_failed_look_or_another_tool_did_not_see_is_not_missing() {
    let declared = || web(Some(tls("tls1.2 tls1.3", Some("A C"))));
    let seen = server("tls1.2", "tls1.3", "A");
    assert_eq!(
        of_interface(declared(), std::slice::from_ref(&seen)),
        [is("tls-versions", "", "tls1.3"), is("tls-cipher-suites", "", "C")]
    );
    let failure = fact(Observed::ProbeFailure(ProbeFailure {
        address: "192.0.2.1".into(),
        port: Some(443),
        ..ProbeFailure::default()
    }));
    assert_eq!(of_interface(declared(), &[seen.clone(), failure]), []);
    let mut other = seen;
    other.source.tool = Some("testssl.sh".into());
    assert_eq!(of_interface(declared(), &[other]), []);
}

#[test]
fn groups_and_keys_of_certificates() {
    let declared = |groups: &str, keys: &str| {
        let tls =
            TlsDeclaration { groups: Some(words(groups)), certificate_keys: Some(words(keys)), ..tls("tls1.3", None) };
        web(Some(tls))
    };
    let server = fact(Observed::TlsServer(Box::new(TlsServer {
        address: "192.0.2.1".into(),
        transport: "tcp".into(),
        port: 443,
        versions: words("tls1.3"),
        groups: words("secp256r1 x25519"),
        ..TlsServer::default()
    })));
    let certificate = |position, kind: &str, bits| {
        fact(Observed::TlsCertificate(Box::new(TlsCertificate {
            address: "192.0.2.1".into(),
            transport: "tcp".into(),
            port: 443,
            position,
            key_algorithm: kind.into(),
            key_bits: bits,
            ..TlsCertificate::default()
        })))
    };
    let facts = [server, certificate(0, "ec", Some(256)), certificate(1, "rsa", Some(4096))];
    assert_eq!(of_interface(declared("x25519 secp256r1 x448", "ec-256 rsa-2048"), &facts), []);
    assert_eq!(
        of_interface(declared("x25519", "rsa-2048"), &facts),
        [is("tls-groups", "secp256r1", ""), is("tls-certificate-keys", "ec-256", "")]
    );
    assert_eq!(of_interface(declared("", "ed25519"), &[certificate(0, "ed25519", Some(256))]), []);
}

#[test]
fn algorithms_of_ssh() {
    let seen = fact(Observed::SshServer(Box::new(SshServer {
        address: "192.0.2.1".into(),
        port: 22,
        key_exchange: words("curve25519-sha256 diffie-hellman-group14-sha256"),
        host_keys: words("ssh-ed25519"),
        ciphers: words("aes256-ctr"),
        macs: words("hmac-sha2-256"),
        ..SshServer::default()
    })));
    let declared = |key_exchange: &str, ciphers: &str| Interface {
        kind: "ssh".into(),
        port: Some(22),
        ssh: Some(SshDeclaration {
            key_exchange: Some(words(key_exchange)),
            ciphers: Some(words(ciphers)),
            ..SshDeclaration::default()
        }),
        ..Interface::default()
    };
    let facts = [seen];
    assert_eq!(
        of_interface(declared("curve25519-sha256", "aes256-ctr aes256-gcm@openssh.com"), &facts),
        [is("ssh-key-exchange", "diffie-hellman-group14-sha256", ""), is("ssh-ciphers", "", "aes256-gcm@openssh.com")]
    );
    let as_it_is = declared("diffie-hellman-group14-sha256 curve25519-sha256", "aes256-ctr");
    assert_eq!(of_interface(as_it_is.clone(), &facts), []);
    assert!(reasons(as_it_is.clone(), &facts).is_empty());
    assert_eq!(reasons(as_it_is, &[]), ["no SSH of 'ssh 22' was seen"]);
    assert_eq!(
        reasons(Interface { ssh: None, ..declared("", "") }, &facts),
        ["the product file does not declare the SSH of 'ssh 22'"]
    );
}

#[test]
fn what_was_not_told_keeps_the_comparison_open() {
    let declared = web(Some(tls("tls1.2 tls1.3", None)));
    assert!(reasons(declared.clone(), &[server("tls1.2", "tls1.3", "")]).is_empty());
    assert_eq!(reasons(declared.clone(), &[server("tls1.2", "", "")]), ["no tls1.3 of 'web 443' was seen"]);
    assert_eq!(reasons(declared, &[]), ["no TLS of 'web 443' was seen"]);
    assert_eq!(
        reasons(web(None), &[server("tls1.2", "", "")]),
        ["the product file does not declare the TLS of 'web 443'"]
    );
    // That there is none can be seen where something answers.
    let none = web(Some(tls("", None)));
    assert_eq!(reasons(none.clone(), &[]), ["no TLS of 'web 443' was seen"]);
    let answers = fact(Observed::NetworkService(NetworkService {
        address: "192.0.2.1".into(),
        transport: "tcp".into(),
        port: 443,
        ..NetworkService::default()
    }));
    assert!(reasons(none, &[answers]).is_empty());
}

#[test]
fn flows_are_held_against_what_the_component_itself_agreed_to() {
    let component = camera(Vec::new());
    let product = |versions, suites| Product {
        components: vec![component.clone()],
        flows: Some(vec![Flow {
            from: "camera".into(),
            to: "cloud.example".into(),
            tls: Some(tls(versions, suites)),
            ..Flow::default()
        }]),
        ..Product::default()
    };
    let agreed = |name: &str, version: &str, own| {
        fact(Observed::TrafficTls(TrafficTls {
            server: "198.51.100.1".into(),
            server_name: Some(name.into()),
            port: 443,
            version: Some(version.into()),
            cipher_suite: Some("A".into()),
            own,
            ..TrafficTls::default()
        }))
    };
    let facts = [agreed("Cloud.example", "tls1.2", Some(true)), agreed("cloud.example", "tls1.0", Some(false))];
    assert_eq!(found(&product("tls1.2 tls1.3", Some("A")), &component, &facts), []);
    assert_eq!(
        found(&product("tls1.3", Some("B")), &component, &facts),
        [is("tls-versions", "tls1.2", ""), is("tls-cipher-suites", "A", "")]
    );
    let open = |facts: &[Fact]| -> Vec<String> {
        super::open(&product("tls1.2", None), &component, facts).into_iter().map(|reason| reason.en).collect()
    };
    assert!(open(&facts).is_empty());
    assert_eq!(open(&facts[1..]), ["no TLS of 'cloud.example' was seen"]);
    assert_eq!(
        open(&[facts[0].clone(), agreed("other.example", "tls1.3", Some(true))]),
        ["the product file does not declare the TLS of 'other.example'"]
    );
    let nobody = open(&[agreed("cloud.example", "tls1.2", None)]);
    assert_eq!(nobody.len(), 2, "{nobody:?}");
    assert_eq!(needs(&product("tls1.2", None), &component), [Aspect::TrafficTls]);
}

#[test]
fn nothing_is_needed_where_nothing_is_declared() {
    assert!(needs(&Product::default(), &camera(vec![web(None)])).is_empty());
    let declared = camera(vec![web(Some(tls("tls1.3", None)))]);
    assert_eq!(needs(&Product::default(), &declared), [Aspect::NetworkServices, Aspect::NetworkTls]);
}
