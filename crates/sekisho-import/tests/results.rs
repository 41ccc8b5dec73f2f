//! Results of other tools, measured on services of known settings: `tests/data/README.md`.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use sekisho_import::ResultsCollector;
use sekisho_model::collect::Collection;
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::published::ToolFinding;
use sekisho_model::tls::{TlsCertificate, TlsServer};
use time::macros::datetime;

fn collect(bytes: &[u8], name: &str) -> Collection {
    let collector = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC));
    let found = collector.read(bytes, name, "device", &|_| {}).unwrap();
    assert!(found.facts.is_sorted(), "facts are in order");
    assert_eq!((found.coverage.len(), found.coverage[0].aspect), (1, Aspect::ResultsTool));
    found
}

fn data(name: &str) -> Collection {
    let path = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    collect(&std::fs::read(path).unwrap(), name)
}

fn complete(found: &Collection) {
    assert_eq!(found.coverage[0].extent, Extent::Complete, "{:?}", found.coverage[0].gaps);
}

macro_rules! values {
    ($found:expr, $kind:ident) => {
        $found
            .facts
            .iter()
            .filter_map(|fact| if let Observed::$kind(value) = &fact.observed { Some((fact, value)) } else { None })
            .collect::<Vec<_>>()
    };
}

fn server(found: &Collection, port: u16) -> (&Fact, &TlsServer) {
    let all = values!(found, TlsServer);
    let (fact, value) = all.into_iter().find(|(_, value)| value.port == port).unwrap();
    (fact, value)
}

fn certificate(found: &Collection, port: u16) -> &TlsCertificate {
    values!(found, TlsCertificate).into_iter().find(|(_, value)| value.port == port).unwrap().1
}

fn finding<'f>(found: &'f Collection, rule: &str) -> &'f ToolFinding {
    values!(found, ToolFinding).into_iter().find(|(_, value)| value.rule == rule).unwrap().1
}

/// The certificate is the same one, whichever tool shows it.
fn is_the_certificate(certificate: &TlsCertificate) {
    assert_eq!((certificate.address.as_str(), certificate.position), ("127.0.0.1", 0));
    assert_eq!(
        (certificate.subject.as_str(), certificate.names.as_slice()),
        ("CN=device.example", &["device.example".to_owned()][..])
    );
    assert_eq!((certificate.key_algorithm.as_str(), certificate.key_bits), ("rsa", Some(2048)));
    assert_eq!((certificate.signature.as_str(), certificate.self_signed), ("sha256-rsa", true));
    assert_eq!((certificate.valid_now, certificate.days_left), (Some(true), Some(392)));
    assert_eq!(certificate.name_matches, None, "a host without a name");
    assert_eq!(certificate.not_after, "2027-12-28T16:03:09Z");
    assert_eq!(certificate.fingerprint.len(), 64);
}

/// `openssl s_server` with everything that it has.
fn is_the_bad_one(server: &TlsServer) {
    assert_eq!(server.versions, ["tls1.0", "tls1.1", "tls1.2", "tls1.3"]);
    for weakness in ["anonymous", "cbc-sha1", "no-forward-secrecy", "null"] {
        assert!(server.weaknesses.iter().any(|known| known == weakness), "{weakness}: {:?}", server.weaknesses);
    }
    assert_eq!(server.forward_secrecy, Some(false));
    for suite in ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_256_CBC_SHA"] {
        assert!(server.cipher_suites.iter().any(|known| known == suite), "{suite}");
    }
}

#[test]
fn nmap() {
    let found = data("nmap.xml");
    complete(&found);
    assert_eq!(found.artefact.made.as_deref(), Some("2026-11-23T16:03:11Z"));
    assert!(
        found.facts.iter().all(|fact| fact.source.tool.as_deref() == Some("nmap 7.93") && fact.source.line.is_some())
    );
    let host = values!(found, NetworkHost)[0].1;
    assert_eq!((host.tcp_asked, host.tcp_open, host.tcp_refused, host.tcp_silent), (6, 5, 1, 0));
    let services: Vec<_> = values!(found, NetworkService)
        .into_iter()
        .map(|(_, s)| (s.port, s.protocol.clone().unwrap(), s.tls, s.cleartext, s.version.clone()))
        .collect();
    let is = |port, protocol: &str, tls, clear, version: Option<&str>| {
        (port, protocol.to_owned(), tls, Some(clear), version.map(str::to_owned))
    };
    assert_eq!(
        services,
        [
            is(28021, "ftp", false, true, Some("3.0.3")),
            is(28022, "ssh", false, false, Some("9.2p1 Debian 2+deb12u10")),
            is(28080, "http", false, true, Some("1.22.1")),
            is(28443, "http", true, false, Some("1.22.1")),
            is(28444, "http", true, false, services[4].4.as_deref()),
        ]
    );
    assert_eq!(values!(found, NetworkService)[0].0.source.excerpt.as_deref(), Some("cpe:/a:vsftpd:vsftpd:3.0.3"));
    let access = values!(found, ServiceAccess)[0].1;
    assert_eq!((access.protocol.as_str(), access.attempt.as_str(), access.granted), ("ftp", "anonymous", Some(true)));
    is_the_certificate(certificate(&found, 28443));
    is_the_bad_one(server(&found, 28444).1);
    let (_, good) = server(&found, 28443);
    assert_eq!(
        (good.versions.as_slice(), good.server_order),
        (&["tls1.2".to_owned(), "tls1.3".to_owned()][..], Some(false))
    );
    assert_eq!(good.compression, Some(false));
    assert!(good.refused.is_empty(), "nmap does not say what was refused");
    assert_eq!(good.groups, ["secp256r1", "x25519"]);
    assert_eq!(finding(&found, "http-title").outcome, "note");
    ssh(&found, 28022);
    let keys: Vec<_> = values!(found, SshHostKey)
        .into_iter()
        .map(|(_, key)| (key.kind.as_str(), key.bits, key.fingerprint.as_str()))
        .collect();
    assert_eq!(keys, [("ssh-ed25519", Some(256), "SHA256:n7zaVhWcpkLyMvdMVVRiRd/p0BjDW5Y4oOH96t6+LJ8")]);
}

/// OpenSSH of Debian 12 with two old exchanges of keys and two old ciphers.
fn ssh(found: &Collection, port: u16) {
    let server = values!(found, SshServer)[0].1;
    assert_eq!((server.port, server.protocol.as_str()), (port, "2.0"));
    assert_eq!(server.software, "OpenSSH_9.2p1 Debian-2+deb12u10");
    assert_eq!(server.broken, ["3des-cbc", "diffie-hellman-group1-sha1"]);
    assert_eq!(server.weak, ["3des-cbc", "aes128-cbc", "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"]);
    assert_eq!(server.prefix_truncation, Some(false), "the strict exchange prevents it");
    assert!(!server.key_exchange.iter().any(|name| name.starts_with("kex-strict")));
    assert_eq!(server.password_login, None, "nobody asked");
}

#[test]
fn ssh_audit() {
    let found = data("ssh-audit.json");
    complete(&found);
    ssh(&found, 22);
    let keys: Vec<_> = values!(found, SshHostKey).into_iter().map(|(_, key)| (key.kind.as_str(), key.bits)).collect();
    assert_eq!(keys, [("ssh-ed25519", Some(256)), ("ssh-rsa", Some(2048))]);
    assert_eq!(values!(found, SshHostKey)[0].1.fingerprint, "SHA256:n7zaVhWcpkLyMvdMVVRiRd/p0BjDW5Y4oOH96t6+LJ8");
}

#[test]
fn testssl_of_a_bad_server() {
    let found = data("testssl-bad.json");
    complete(&found);
    let (fact, bad) = server(&found, 28444);
    assert_eq!(fact.source.tool.as_deref(), Some("testssl.sh"));
    assert!(fact.source.line.is_some());
    is_the_bad_one(bad);
    assert_eq!(bad.refused, ["ssl2", "ssl3"]);
    assert_eq!((bad.server_order, bad.fallback_refused, bad.compression), (Some(false), Some(true), Some(false)));
    assert_eq!((bad.secure_renegotiation, bad.client_renegotiation), (Some(true), Some(false)));
    assert_eq!(
        (bad.session_tickets, bad.extended_master_secret, bad.ocsp_stapled),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!(bad.dh_bits, Some(1024));
    assert!(bad.groups.contains(&"x448".to_owned()));
    is_the_certificate(certificate(&found, 28444));
    assert_eq!(certificate(&found, 28444).trusted, Some(false));
    assert_eq!(finding(&found, "heartbleed").outcome, "passed");
    assert_eq!(finding(&found, "BEAST").outcome, "finding");
    assert_eq!(finding(&found, "BEAST").weaknesses, ["CWE-20"]);
    assert_eq!(finding(&found, "engine_problem").outcome, "failed");
    let web = values!(found, WebService)[0].1;
    assert_eq!((web.status, web.hsts_seconds), (200, None));
    assert_eq!(web.missing_headers.len(), 4);
}

#[test]
fn testssl_of_a_good_server_in_both_forms() {
    let (pretty, csv) = (data("testssl-good-pretty.json"), data("testssl-good.csv"));
    for found in [&pretty, &csv] {
        complete(found);
        let (_, good) = server(found, 28443);
        assert_eq!(good.versions, ["tls1.2", "tls1.3"]);
        assert_eq!(good.refused, ["ssl2", "ssl3", "tls1.0", "tls1.1"]);
        is_the_certificate(certificate(found, 28443));
        let web = values!(found, WebService)[0].1;
        assert_eq!((web.status, web.hsts_seconds, web.version_told), (200, Some(31_536_000), true));
        assert_eq!(web.missing_headers, ["content-security-policy", "x-content-type-options", "x-frame-options"]);
    }
    assert_eq!(server(&pretty, 28443).0.source.tool.as_deref(), Some("testssl.sh 3.0.8"));
    let plain = |found: &Collection| -> Vec<Observed> {
        let kept = |fact: &&Fact| {
            matches!(fact.observed, Observed::TlsServer(_) | Observed::TlsCertificate(_) | Observed::WebService(_))
        };
        found.facts.iter().filter(kept).map(|fact| fact.observed.clone()).collect()
    };
    assert_eq!(plain(&pretty), plain(&csv));
}

#[test]
fn sslyze() {
    let found = data("sslyze-bad.json");
    complete(&found);
    let (fact, bad) = server(&found, 28444);
    assert_eq!(fact.source.tool.as_deref(), Some("sslyze 6.3.1"));
    assert_eq!(found.artefact.made.as_deref(), Some("2026-11-23T16:11:17Z"));
    is_the_bad_one(bad);
    assert_eq!(bad.refused, ["ssl2", "ssl3"]);
    assert_eq!(
        (bad.compression, bad.fallback_refused, bad.extended_master_secret),
        (Some(false), Some(true), Some(true))
    );
    assert_eq!((bad.client_certificate, bad.ocsp_stapled, bad.server_order), (Some(false), Some(false), None));
    is_the_certificate(certificate(&found, 28444));
    let suites = values!(found, TlsSuite);
    assert!(suites.iter().any(|(_, s)| s.version == "tls1.0"
        && s.suite == "TLS_RSA_WITH_NULL_SHA"
        && s.code == "0x0002"
        && !s.forward_secrecy));
    assert_eq!(finding(&found, "heartbleed").outcome, "passed");
    let found = data("sslyze-good.json");
    complete(&found);
    assert_eq!(server(&found, 28443).1.refused, ["ssl2", "ssl3", "tls1.0", "tls1.1"]);
}

/// Three tools that listed the suites of one server list the same ones, but for those that one of them does not know.
#[test]
fn the_tools_agree() {
    let [nmap, sslyze, testssl] = ["nmap.xml", "sslyze-bad.json", "testssl-bad.json"].map(|name| {
        let found = data(name);
        let list: Vec<String> = server(&found, 28444).1.cipher_suites.clone();
        list
    });
    let beyond = |list: &[String], other: &[String]| -> Vec<String> {
        list.iter().filter(|suite| !other.contains(suite)).cloned().collect()
    };
    assert!(beyond(&sslyze, &testssl).is_empty());
    assert!(beyond(&nmap, &testssl).is_empty());
    assert_eq!(
        beyond(&testssl, &sslyze),
        ["TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"]
    );
}

#[test]
fn zap() {
    let json = br#"{"@programName":"ZAP","@version":"2.16.1","site":[{"@name":"https://192.0.2.1","@host":"192.0.2.1","@port":"443","@ssl":"true","alerts":[
{"pluginid":"10038","alertRef":"10038-1","alert":"CSP missing","name":"CSP missing","riskcode":"2","confidence":"3","cweid":"693","instances":[{"uri":"https://192.0.2.1/","method":"GET"},{"uri":"https://192.0.2.1/a"}],"count":"2"},
{"pluginid":"10096","alertRef":"10096","name":"Timestamp","riskcode":"0","confidence":"1","cweid":"-1","instances":[]}]}]}"#;
    let xml = br#"<?xml version="1.0"?><OWASPZAPReport programName="ZAP" version="2.16.1"><site name="https://192.0.2.1" host="192.0.2.1" port="443" ssl="true"><alerts><alertitem><pluginid>10038</pluginid><alertRef>10038-1</alertRef><name>CSP missing</name><riskcode>2</riskcode><confidence>3</confidence><desc>&lt;p&gt;x&lt;/p&gt;</desc><instances><instance><uri>https://192.0.2.1/</uri></instance><instance><uri>https://192.0.2.1/a</uri></instance></instances><cweid>693</cweid></alertitem></alerts></site></OWASPZAPReport>"#;
    for (bytes, name) in [(&json[..], "zap.json"), (&xml[..], "zap.xml")] {
        let found = collect(bytes, name);
        complete(&found);
        let missing = finding(&found, "10038-1");
        assert_eq!((missing.severity.as_deref(), missing.outcome.as_str()), (Some("medium"), "finding"));
        assert_eq!(missing.location.as_deref(), Some("https://192.0.2.1/ (+1)"));
        assert_eq!(missing.weaknesses, ["CWE-693"]);
        assert_eq!(found.facts[0].source.tool.as_deref(), Some("zap 2.16.1"));
    }
    assert_eq!(finding(&collect(json, "zap.json"), "10096").outcome, "note");
}

#[test]
fn sarif() {
    let text = br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"Checker","semanticVersion":"1.2.3","rules":[
{"id":"R1","shortDescription":{"text":"buffer"},"defaultConfiguration":{"level":"error"},"properties":{"tags":["security","external/cwe/cwe-120"]}}]}},
"results":[
{"ruleId":"R1","ruleIndex":0,"message":{"text":"strcpy"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.c"},"region":{"startLine":7}}}]},
{"ruleId":"R2","kind":"pass","message":{"text":"fine"}},
{"ruleId":"R3","level":"note","message":{"text":"hm"}},
{"ruleId":"R4","message":{"text":"known"},"suppressions":[{"kind":"inSource"}]}]}]}"#;
    let found = collect(text, "a.sarif");
    complete(&found);
    let first = finding(&found, "R1");
    assert_eq!(
        (first.tool.as_str(), first.severity.as_deref(), first.outcome.as_str()),
        ("checker", Some("error"), "finding")
    );
    assert_eq!(
        (first.location.as_deref(), first.weaknesses.as_slice()),
        (Some("src/a.c:7"), &["CWE-120".to_owned()][..])
    );
    let outcomes: Vec<_> = ["R2", "R3", "R4"].map(|rule| finding(&found, rule).outcome.clone()).into();
    assert_eq!(outcomes, ["passed", "note", "note"]);
    assert_eq!(found.facts[0].source.tool.as_deref(), Some("Checker 1.2.3"));
    let nothing = collect(br#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}"#, "a");
    assert_eq!(nothing.coverage[0].extent, Extent::Partial, "no list of results is not an empty one");
}

#[test]
fn testrun() {
    let text = br#"{"testrun":{"version":"2.0"},"device":{"mac_addr":"00:00:5e:00:53:01"},"status":"Non-Compliant","started":"2026-01-02 03:04:05","finished":"2026-01-02 03:14:05","tests":{"total":5,"results":[
{"name":"security.services.ftp","description":"FTP server found","required_result":"Required","result":"Non-Compliant"},
{"name":"security.tls.v1_2_server","description":"ok","required_result":"Required if Applicable","result":"Compliant"},
{"name":"protocol.valid_bacnet","description":"","required_result":"Recommended","result":"Feature Not Detected"},
{"name":"dns.mdns","description":"","required_result":"Informational","result":"Puzzled"}]}}"#;
    let found = collect(text, "report.json");
    assert_eq!(found.artefact.made.as_deref(), Some("2026-01-02T03:14:05Z"));
    let outcomes: Vec<_> = ["security.services.ftp", "security.tls.v1_2_server", "protocol.valid_bacnet", "dns.mdns"]
        .map(|rule| finding(&found, rule).outcome.clone())
        .into();
    assert_eq!(outcomes, ["finding", "passed", "note", "failed"]);
    let gaps: Vec<_> = found.coverage[0].gaps.iter().map(|gap| gap.reason.en.as_str()).collect();
    assert_eq!(gaps.len(), 2, "one test without a result, one result that is not known: {gaps:?}");
}

/// What breaks off is no whole result.
#[test]
fn results_that_break_off() {
    let path = format!("{}/tests/data/nmap.xml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    let found = collect(&bytes[..bytes.len() - 200], "nmap.xml");
    assert_eq!(found.coverage[0].extent, Extent::Partial);
    assert_eq!(values!(found, NetworkService).len(), 5);
    let collector = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC));
    let problem = collector.read(b"[{\"id\":\"a\",\"finding\":\"b\"},\n", "t.json", "device", &|_| {}).unwrap_err();
    assert!(problem.to_string().starts_with("t.json:") && problem.hint.is_some(), "{problem}");
}

#[test]
fn a_bill_of_materials_is_sent_to_its_place() {
    let collector = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC));
    for text in [
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"}",
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"/>",
    ] {
        let problem = collector.read(text.as_bytes(), "emba.json", "device", &|_| {}).unwrap_err();
        assert_eq!(problem.code, "import-is-sbom");
        assert!(problem.hint.unwrap().contains("sbom:"));
    }
}
