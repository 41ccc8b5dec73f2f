//! What was seen of hosts, domains and published material, as people read it: a made-up collection, on the terminal and in HTML.

mod fixture;

use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Coverage, Extent, Gap};
use sekisho_model::declaration::{DeclarationDifference, ReviewDifference};
use sekisho_model::fact::{Fact, Observed, Source};
use sekisho_model::mail::{DkimKey, MailDomain, MailMessage, MailServer, SecurityTxt};
use sekisho_model::messaging::{CoapResource, CoapServer, MqttBroker};
use sekisho_model::network::{
    DefaultLogin, FailureKind, InternetService, LoginLimit, NetworkHost, NetworkService, ProbeFailure, ServiceAccess,
    UndeclaredListener, Vantage,
};
use sekisho_model::published::{PublishedDocument, PublishedPassage, ToolFinding};
use sekisho_model::ssh::{SshHostKey, SshServer};
use sekisho_model::tls::{TlsCertificate, TlsClient, TlsServer, TlsSuite};
use sekisho_model::web::{WebCookie, WebForm, WebPassword, WebReflection, WebService, WebSession};
use sekisho_model::{Lang, Text};
use sekisho_report::{html, terminal};
use terminal::Style;

const WIDE: Style = Style { color: false, width: 120, unicode: true };

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn at(port: &str, observed: Observed) -> Fact {
    let source = Source { artefact: "192.0.2.1".into(), path: Some(port.into()), ..Source::default() };
    Fact { observed, subject: "device".into(), source }
}

/// Suites as servers offer them: more than a line has room for.
fn suites() -> Vec<String> {
    let ciphers = ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256", "AES_128_CBC_SHA"];
    let exchanges = ["ECDHE_RSA", "ECDHE_ECDSA", "DHE_RSA", "RSA"];
    exchanges.iter().flat_map(|x| ciphers.iter().map(move |cipher| format!("TLS_{x}_WITH_{cipher}"))).collect()
}

fn address() -> String {
    "192.0.2.1".to_owned()
}

fn services() -> Vec<Fact> {
    let service = |port, protocol: Option<&str>, tls| NetworkService {
        address: address(),
        transport: "tcp".into(),
        port,
        protocol: protocol.map(str::to_owned),
        tls,
        cleartext: protocol.map(|_| !tls),
        recognised_by: protocol.map(|_| "banner".into()),
        ..NetworkService::default()
    };
    vec![
        at("tcp/23", Observed::NetworkService(service(23, Some("telnet"), false))),
        at("tcp/443", Observed::NetworkService(service(443, Some("http"), true))),
        at("tcp/4000", Observed::NetworkService(service(4000, None, false))),
        at(
            "udp/161",
            Observed::ServiceAccess(ServiceAccess {
                address: address(),
                transport: "udp".into(),
                port: 161,
                protocol: "snmp".into(),
                attempt: "community-public".into(),
                granted: Some(true),
                kind: "read".into(),
                detail: Some("Hikari Cam".into()),
            }),
        ),
        at(
            "tcp/4000",
            Observed::UndeclaredListener(UndeclaredListener {
                address: address(),
                transport: "tcp".into(),
                port: 4000,
                protocol: None,
            }),
        ),
        at(
            "tcp/22",
            Observed::InternetService(InternetService {
                address: address(),
                transport: "tcp".into(),
                port: 22,
                protocol: Some("ssh".into()),
                ..InternetService::default()
            }),
        ),
        at(
            "tcp/22",
            Observed::DeclarationDifference(Box::new(DeclarationDifference {
                about: "authentication".into(),
                of: "interface".into(),
                address: address(),
                transport: "tcp".into(),
                port: 22,
                authenticated: Some(true),
                declared: vec!["key".into()],
                undeclared: vec!["password".into()],
                missing: Vec::new(),
            })),
        ),
        at(
            "/usr/lib/libmbedtls.so.14",
            Observed::ReviewDifference(ReviewDifference {
                component: "mbedtls".into(),
                reviewed: "2.28.8".into(),
                seen: "2.28.3".into(),
            }),
        ),
        at(
            "tcp/443",
            Observed::LoginLimit(LoginLimit {
                address: address(),
                port: 443,
                protocol: "http".into(),
                attempts: 5,
                limited: true,
                how: Some("delayed".into()),
                after: Some(4),
            }),
        ),
        at(
            "tcp/23",
            Observed::DefaultLogin(DefaultLogin {
                address: address(),
                port: 23,
                protocol: "telnet".into(),
                user: "root".into(),
                masked: "x…5".into(),
                accepted: true,
            }),
        ),
    ]
}

fn channels() -> Vec<Fact> {
    let mut facts: Vec<Fact> = suites()
        .into_iter()
        .map(|suite| {
            let value = TlsSuite {
                address: address(),
                transport: "tcp".into(),
                port: 443,
                version: "tls1.2".into(),
                forward_secrecy: !suite.starts_with("TLS_RSA"),
                suite,
                code: "0xC02F".into(),
                ..TlsSuite::default()
            };
            at("tcp/443", Observed::TlsSuite(value))
        })
        .collect();
    facts.extend([
        at(
            "tcp/443",
            Observed::TlsServer(Box::new(TlsServer {
                address: address(),
                transport: "tcp".into(),
                port: 443,
                versions: strings(&["tls1.0", "tls1.2"]),
                refused: strings(&["ssl3"]),
                unknown: strings(&["tls1.3"]),
                cipher_suites: suites(),
                weaknesses: strings(&["cbc-sha1", "no-forward-secrecy"]),
                forward_secrecy: Some(false),
                ..TlsServer::default()
            })),
        ),
        at(
            "tcp/443",
            Observed::TlsCertificate(Box::new(TlsCertificate {
                address: address(),
                transport: "tcp".into(),
                port: 443,
                subject: "CN=cam.local".into(),
                issuer: "CN=cam.local".into(),
                not_before: "2015-01-01T00:00:00Z".into(),
                not_after: "2025-01-01T00:00:00Z".into(),
                valid_now: Some(false),
                days_left: Some(-691),
                self_signed: true,
                key_algorithm: "rsa".into(),
                key_bits: Some(1024),
                signature: "sha1-rsa".into(),
                ..TlsCertificate::default()
            })),
        ),
        at(
            "client",
            Observed::TlsClient(TlsClient {
                client: "192.0.2.7".into(),
                presented: "wrong-name".into(),
                accepted: Some(true),
                ..TlsClient::default()
            }),
        ),
        at(
            "tcp/22",
            Observed::SshServer(Box::new(SshServer {
                address: address(),
                port: 22,
                protocol: "2.0".into(),
                software: "dropbear_2014.63".into(),
                weak: strings(&["hmac-md5", "3des-cbc"]),
                prefix_truncation: Some(true),
                password_login: Some(true),
                ..SshServer::default()
            })),
        ),
        at(
            "tcp/22",
            Observed::SshHostKey(SshHostKey {
                address: address(),
                port: 22,
                kind: "ssh-rsa".into(),
                bits: Some(1024),
                fingerprint: "SHA256:abc".into(),
            }),
        ),
        at(
            "tcp/1883",
            Observed::MqttBroker(MqttBroker {
                address: address(),
                port: 1883,
                versions: strings(&["3.1.1", "5.0"]),
                anonymous: Some(true),
                retained: 2,
                retained_secrets: 1,
                ..MqttBroker::default()
            }),
        ),
        at(
            "udp/5683",
            Observed::CoapServer(CoapServer {
                address: address(),
                port: 5683,
                transport: "udp".into(),
                lists_resources: true,
                resources: 1,
                readable: 1,
                ..CoapServer::default()
            }),
        ),
        at(
            "udp/5683",
            Observed::CoapResource(CoapResource {
                address: address(),
                port: 5683,
                path: "/config".into(),
                code: Some("2.05".into()),
                readable: Some(true),
                ..CoapResource::default()
            }),
        ),
    ]);
    facts
}

fn pages() -> Vec<Fact> {
    let url = "https://192.0.2.1/".to_owned();
    vec![
        at(
            "tcp/443",
            Observed::WebService(Box::new(WebService {
                url: url.clone(),
                address: address(),
                port: 443,
                tls: true,
                status: 200,
                login: Some("form".into()),
                title: Some("<script>alert(1)</script>".into()),
                software: strings(&["lighttpd/1.4.35"]),
                version_told: true,
                missing_headers: strings(&["strict-transport-security"]),
                ..WebService::default()
            })),
        ),
        at(
            "tcp/443",
            Observed::WebCookie(WebCookie {
                url: url.clone(),
                cookie: "SESSIONID".into(),
                session: true,
                ..WebCookie::default()
            }),
        ),
        at(
            "tcp/443",
            Observed::WebForm(WebForm {
                url: url.clone(),
                action: "/login".into(),
                method: "post".into(),
                password: true,
                forgery_token: Some(false),
                ..WebForm::default()
            }),
        ),
        at(
            "tcp/443",
            Observed::WebSession(WebSession {
                url: url.clone(),
                user: "test".into(),
                logged_in: true,
                survives_logout: Some(true),
                ..WebSession::default()
            }),
        ),
        at(
            "tcp/443",
            Observed::WebReflection(WebReflection { url: url.clone(), parameter: "q".into(), unescaped: true }),
        ),
        at(
            "tcp/443",
            Observed::WebPassword(WebPassword {
                url,
                tried: "name".into(),
                accepted: Some(true),
                restored: Some(true),
            }),
        ),
    ]
}

fn domains() -> Vec<Fact> {
    let domain = "example.com".to_owned();
    vec![
        at(
            "dns",
            Observed::MailDomain(Box::new(MailDomain {
                domain: domain.clone(),
                spf_all: Some("softfail".into()),
                dmarc_policy: Some("none".into()),
                dmarc_weak_days: Some(400),
                ..MailDomain::default()
            })),
        ),
        at(
            "dns",
            Observed::DkimKey(DkimKey {
                domain: domain.clone(),
                selector: "s1".into(),
                found: true,
                key_bits: Some(1024),
                ..DkimKey::default()
            }),
        ),
        at(
            "dns",
            Observed::MailServer(MailServer {
                domain: domain.clone(),
                host: "mx.example.com".into(),
                starttls: Some(false),
                ..MailServer::default()
            }),
        ),
        at(
            "mail",
            Observed::MailMessage(MailMessage {
                domain,
                signatures: strings(&["example.com/s1: pass"]),
                aligned: Some(true),
                ..MailMessage::default()
            }),
        ),
        at(
            "web",
            Observed::SecurityTxt(Box::new(SecurityTxt {
                url: "https://example.com/.well-known/security.txt".into(),
                found: true,
                problems: strings(&["expired"]),
                expires: Some("2026-01-01T00:00:00Z".into()),
                days_left: Some(-326),
                ..SecurityTxt::default()
            })),
        ),
        at(
            "page",
            Observed::PublishedDocument(PublishedDocument {
                kind: "privacy-notice".into(),
                characters: 5200,
                ..PublishedDocument::default()
            }),
        ),
        at(
            "page",
            Observed::PublishedPassage(PublishedPassage {
                topic: "support-period".into(),
                quote: "We provide updates until 2030.".into(),
                document: None,
            }),
        ),
        at(
            "zap.json",
            Observed::ToolFinding(ToolFinding {
                tool: "zap".into(),
                rule: "10038".into(),
                title: "CSP header not set".into(),
                severity: Some("medium".into()),
                outcome: "finding".into(),
                ..ToolFinding::default()
            }),
        ),
    ]
}

/// Every fact from the network once at least.
fn collection() -> Collection {
    let host = NetworkHost {
        address: address(),
        name: Some("cam.local".into()),
        vantage: Vantage::Internet,
        tcp_asked: 1000,
        tcp_open: 4,
        tcp_refused: 996,
        udp_asked: 12,
        udp_open: 2,
        ..NetworkHost::default()
    };
    let failure = ProbeFailure {
        address: address(),
        transport: Some("tcp".into()),
        port: Some(443),
        probe: "tls1.3".into(),
        failure: FailureKind::TimedOut,
        detail: None,
    };
    let mut facts = vec![at("tcp/443", Observed::ProbeFailure(failure)), at("host", Observed::NetworkHost(host))];
    facts.extend([services(), channels(), pages(), domains()].into_iter().flatten());
    facts.sort();
    let reason = Text::new("tls1.3: no answer in time", "tls1.3：時間内に応答なし");
    let gap = Gap { path: Some("tcp/443".into()), offset: None, reason };
    let coverage = Coverage {
        aspect: Aspect::NetworkTls,
        subject: "device".into(),
        artefact: address(),
        extent: Extent::Partial,
        gaps: vec![gap],
    };
    let artefact = Artefact {
        name: address(),
        kind: ArtefactKind::Host,
        subject: "device".into(),
        sha256: None,
        size: None,
        made: None,
    };
    Collection { artefact, facts, coverage: vec![coverage] }
}

#[test]
fn every_fact_from_the_network_is_in_the_example() {
    let shown: Vec<_> = collection().facts.iter().map(|fact| fact.observed.name()).collect();
    let first = Observed::NAMES.iter().position(|&name| name == "network-host").expect("there is such a fact");
    for name in &Observed::NAMES[first..] {
        assert!(shown.contains(name), "{name}");
    }
}

#[test]
fn collected_evidence_en() {
    insta::assert_snapshot!(terminal::evidence(&collection(), true, Lang::En, WIDE));
}

#[test]
fn collected_evidence_ja() {
    insta::assert_snapshot!(terminal::evidence(&collection(), true, Lang::Ja, WIDE));
}

#[test]
fn what_was_not_answered_stands_last() {
    let told = terminal::evidence(&collection(), false, Lang::En, WIDE);
    let order = ["Hosts on the network", "Services on the network", "TLS servers", "SSH servers", "Web interfaces"];
    let last = "Questions without a proper answer";
    let at: Vec<_> = order.iter().chain([&last]).map(|title| told.find(title).expect(title)).collect();
    assert!(at.is_sorted(), "{at:?}");
    assert!(!told[at[order.len()]..].contains("Results of other tools"));
}

#[test]
fn long_lists_stay_readable_in_the_page() {
    let mut assessment = fixture::assessment();
    assessment.facts.extend(collection().facts);
    let page = html::report(&assessment, &fixture::texts(), Lang::En).expect("the templates render");
    assert!(!page.contains("<script>alert"));
    let table = |name: &str| {
        let (_, table) = page.split_once(&format!("id=\"t-{name}\"")).expect("there is a table of them");
        table.split_once("</table>").expect("it ends").0
    };
    // The server's row holds as many whole names as there is room for, and says how many more there are; each suite has its own row.
    let server = table("tls-server");
    assert!(server.contains("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "));
    assert!(server.contains(", … +12"), "{server}");
    for suite in suites() {
        assert!(table("tls-suite").contains(&suite), "{suite}");
    }
    assert!(table("probe-failure").contains("時間内に応答なし"));
    assert!(page.find("id=\"t-probe-failure\"") > page.find("id=\"t-tool-finding\""));
}
