//! Real captures and MUD files, held against what others say of them.

#![expect(
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test of files whose names are known"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sekisho_model::collect::{Collection, Collector};
use sekisho_model::coverage::Extent;
use sekisho_model::fact::Observed;
use sekisho_model::traffic::{MudFile, TrafficCredential, TrafficFlow, TrafficHost, TrafficTls};
use sekisho_pcap::{CaptureCollector, MudCollector};
use sekisho_test::shared_data;

fn read(path: &Path) -> Collection {
    CaptureCollector::default().collect(path, "capture", "device", &|_| ()).unwrap()
}

macro_rules! all {
    ($name:ident, $variant:ident) => {
        fn $name(collection: &Collection) -> Vec<&$variant> {
            let found = collection.facts.iter().filter_map(|fact| match &fact.observed {
                Observed::$variant(value) => Some(value),
                _ => None,
            });
            found.collect()
        }
    };
}
all!(flows, TrafficFlow);
all!(hosts, TrafficHost);
all!(credentials, TrafficCredential);
all!(handshakes, TrafficTls);

fn files(folder: &str, name: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Some(folder) = shared_data(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| name(path.file_name().unwrap().to_str().unwrap()));
    files.sort();
    files
}

type Told = (BTreeSet<(String, u16)>, String, String);

/// One flow of nDPI's report: ends without order, transport, and the protocol without what runs over it.
fn of_ndpi(line: &str) -> Option<Told> {
    let mut words = line.split_whitespace().skip(1);
    let transport = words.next().filter(|word| matches!(*word, "TCP" | "UDP"))?.to_lowercase();
    let end = |word: &str| {
        let (address, port) = word.rsplit_once(':')?;
        Some((address.trim_matches(['[', ']']).to_owned(), port.parse().ok()?))
    };
    let from = end(words.next()?)?;
    let to = end(words.nth(1)?)?;
    let protocol = line.split("[proto: ").nth(1)?.split(']').next()?.split('/').nth(1)?;
    let protocol = protocol.split('.').next()?.to_owned();
    Some(([from, to].into(), transport, protocol))
}

/// What we call what nDPI calls so; none for what we do not claim to know.
fn ours(ndpi: &str) -> Option<&'static str> {
    Some(match ndpi {
        "TLS" | "DoH_DoT" => "tls",
        "HTTP" => "http",
        "MQTT" => "mqtt",
        "SSH" => "ssh",
        "DNS" => "dns",
        "MDNS" => "mdns",
        "LLMNR" => "llmnr",
        "DHCP" => "dhcp",
        "DHCPV6" => "dhcpv6",
        "NTP" => "ntp",
        "SSDP" => "ssdp",
        "COAP" => "coap",
        "RTSP" => "rtsp",
        "FTP_CONTROL" => "ftp",
        "Telnet" => "telnet",
        "SMTP" => "smtp",
        "SIP" => "sip",
        "DTLS" => "dtls",
        "Modbus" => "modbus",
        "TFTP" => "tftp",
        "Syslog" => "syslog",
        "s7comm" => "s7comm",
        "DNP3" => "dnp3",
        "EthernetIP" => "ethernet-ip",
        "QUIC" => "quic",
        "STUN" => "stun",
        "SNMP" => "snmp",
        "WSD" => "ws-discovery",
        "NetBIOS" => "netbios-ns",
        "IMAP" => "imap",
        "POP3" => "pop3",
        _ => return None,
    })
}

#[test]
fn protocols_are_those_that_ndpi_tells() {
    let (mut wrong, mut missing, mut right) = (Vec::new(), Vec::new(), 0);
    for path in files("pcap", |name| name.starts_with("ndpi-") && !name.ends_with(".out")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let report = fs::read_to_string(path.with_file_name(format!("{name}.out"))).unwrap();
        let told: Vec<_> = report.lines().filter_map(of_ndpi).collect();
        let collection = read(&path);
        let all = flows(&collection);
        let same = |flow: &TrafficFlow, (ends, transport, _): &Told| {
            let addresses: BTreeSet<&str> = ends.iter().map(|(address, _)| address.as_str()).collect();
            flow.transport == *transport
                && addresses == [flow.from.as_str(), flow.to.as_str()].into()
                && ends.iter().any(|(address, port)| *address == flow.to && Some(*port) == flow.port)
        };
        for flow in &all {
            let Some(claim) = flow.protocol.as_deref() else { continue };
            let theirs: BTreeSet<&str> = told.iter().filter(|t| same(flow, t)).map(|t| t.2.as_str()).collect();
            if theirs.iter().any(|theirs| ours(theirs) == Some(claim)) {
                right += 1;
            } else {
                wrong.push(format!("{name}: {} {:?} {claim}, nDPI {theirs:?}", flow.to, flow.port));
            }
        }
        for flow in &told {
            let claims: BTreeSet<_> =
                all.iter().filter(|f| same(f, flow)).filter_map(|f| f.protocol.as_deref()).collect();
            if let Some(ours) = ours(&flow.2)
                && !claims.contains(ours)
            {
                missing.push(format!("{name}: {:?} {ours}", flow.0));
            }
        }
    }
    println!("right {right}\nwrong {wrong:#?}\nmissing {missing:#?}");
    // nDPI says Dropbox for whatever is on port 17500; these are requests of CoAP with the path `/r/Bus17Cmd`.
    wrong.retain(|wrong| !wrong.starts_with("ndpi-coap_mqtt.pcap: 192.168.56.101 Some(17500) coap"));
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The data of a TFTP transfer, on ports of their own and without the request, have nothing that tells them from noise.
    missing.retain(|missing| !missing.starts_with("ndpi-tftp.pcap"));
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_real_capture_is_read_to_its_end() {
    let mut paths = files("pcap", |name| !name.ends_with(".out"));
    paths.extend(files("pcap/iot-sentinel", |name| name.ends_with(".pcap")));
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let collection = read(&path);
        let size = fs::metadata(&path).unwrap().len();
        assert_eq!(collection.artefact.size, Some(size), "{}", path.display());
        assert!(collection.artefact.sha256.is_some());
        let ended = collection.coverage.iter().flat_map(|c| &c.gaps).filter(|gap| gap.offset.is_some());
        assert_eq!(ended.count(), 0, "{}: {:?}", path.display(), collection.coverage);
        assert!(collection.coverage.iter().all(|c| (c.extent == Extent::Complete) == c.gaps.is_empty()));
        assert!(!flows(&collection).is_empty(), "{}", path.display());
        let frames = collection.facts.iter().filter_map(|fact| fact.source.frame);
        assert!(frames.min() > Some(0));
    }
}

#[test]
fn a_password_in_a_real_capture_is_found_and_masked() {
    let Some(path) = shared_data("pcap/ndpi-http_auth.pcap") else { return };
    let collection = read(&path);
    let found = credentials(&collection);
    let [login] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (login.kind.as_str(), login.user.as_deref(), login.masked.as_str()),
        ("http-basic", Some("test"), "******")
    );
    assert!(!serde_json::to_string(&collection).unwrap().contains("dGVzd"));
}

#[test]
fn tls_in_real_captures() {
    let Some(path) = shared_data("pcap/ndpi-ftp-start-tls.pcap") else { return };
    let collection = read(&path);
    let found = handshakes(&collection);
    let [tls] = found.as_slice() else { panic!("{found:?}") };
    assert!(tls.upgraded && tls.weak_chosen);
    assert_eq!(
        (tls.version.as_deref(), tls.cipher_suite.as_deref()),
        (Some("tls1.0"), Some("TLS_RSA_WITH_3DES_EDE_CBC_SHA"))
    );

    let collection = read(&shared_data("pcap/ndpi-tls_verylong_certificate.pcap").unwrap());
    let names = collection.facts.iter().filter_map(|fact| match &fact.observed {
        Observed::TrafficCertificate(certificate) if certificate.position == 0 => Some(certificate.names.len()),
        _ => None,
    });
    assert!(names.max() > Some(10), "the certificate with many names");

    // What Testrun's own unit tests say of these captures.
    let collection = read(&shared_data("pcap/testrun-tls-no_tls.pcap").unwrap());
    assert!(handshakes(&collection).is_empty());
}

#[test]
fn stations_say_who_they_are() {
    let Some(path) = shared_data("pcap/iot-sentinel/TP-LinkPlugHS100-Setup-A-1-STA.pcap") else { return };
    let collection = read(&path);
    let names: Vec<&String> = hosts(&collection).iter().flat_map(|host| &host.names).collect();
    assert!(names.iter().any(|name| name.contains("HS100")), "{names:?}");
}

#[test]
fn every_real_mud_file_is_read() {
    let mut drafts = 0;
    for path in files("mud", |name| name.ends_with(".json")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let collection = MudCollector::default().collect(&path, &name, "device", &|_| ()).unwrap();
        let Observed::MudFile(MudFile { form, rules, errors, .. }) = &collection.facts[0].observed else { panic!() };
        assert_eq!(collection.facts.len() as u64, rules + 1);
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let lists =
            json.get("ietf-access-control-list:acls").or(json.get("ietf-access-control-list:access-lists")).unwrap();
        let entries = lists["acl"].as_array().unwrap().iter().map(|acl| {
            let aces = if acl.get("aces").is_some() { &acl["aces"] } else { &acl["access-list-entries"] };
            aces["ace"].as_array().unwrap().len() as u64
        });
        assert_eq!(*rules, entries.sum::<u64>(), "{name}");
        assert_eq!(form == "draft", json.get("ietf-access-control-list:acls").is_none(), "{name}");
        drafts += usize::from(form == "draft");
        println!("{name}: {rules} rules, {form}, {errors:?}");
        for fact in &collection.facts[1..] {
            let Observed::MudRule(rule) = &fact.observed else { panic!() };
            assert!(rule.not_understood.is_empty(), "{name}: {rule:?}");
            assert!(rule.direction.is_some() && rule.action.is_some(), "{name}: {rule:?}");
        }
    }
    assert!(drafts == 0 || drafts == 23, "{drafts}");
}
