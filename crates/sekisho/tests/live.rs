//! Looking at what answers, as users do it: the example's device on loopback, good and bad; what may not be contacted is not; Ctrl-C keeps what
//! was seen.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod device;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use device::Device;
use sekisho_test::{root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

fn assessed(product: &str, more: &[&str]) -> Value {
    let arguments = [&["assess", product, "--no-html", "--format", "json"], more].concat();
    let transcript = run(SEKISHO, &root(), &arguments);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    transcript.json()
}

fn findings(assessment: &Value) -> BTreeSet<&str> {
    assessment["findings"].as_array().unwrap().iter().map(|finding| finding["check"].as_str().unwrap()).collect()
}

/// What a check came to.
fn outcome<'a>(assessment: &'a Value, check: &str) -> &'a str {
    let objectives = assessment["objectives"].as_array().unwrap();
    let mut results = objectives.iter().flat_map(|objective| objective["checks"].as_array().into_iter().flatten());
    results.find(|result| result["check"] == check).map_or("not run", |result| result["outcome"].as_str().unwrap())
}

fn gaps(assessment: &Value) -> String {
    let coverage = assessment["coverage"].as_array().unwrap();
    let gaps = coverage.iter().flat_map(|c| c["gaps"].as_array().into_iter().flatten());
    gaps.map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// What `device.sh bad` does wrong.
const PLANTED: [&str; 18] = [
    "auth-cryptography-differs",
    "auth-form-in-clear",
    "auth-mqtt-open",
    "auth-open-though-declared",
    "auth-session-cookie-in-clear",
    "auth-session-cookie-scripts",
    "auth-web-login-in-clear",
    "comm-mqtt-answers-in-clear",
    "comm-old-tls-answered",
    "comm-ssh-sha1-key-exchange",
    "comm-tls-no-forward-secrecy",
    "comm-undeclared-tls-version",
    "comm-web-login-in-clear",
    "cryp-served-certificate-weak-key",
    "cryp-ssh-weak-host-key",
    "iface-mqtt-retained-secrets",
    "iface-undeclared-listener",
    "iface-web-exposed-files",
];

#[test]
fn the_bad_device_is_found_out_and_the_good_one_is_clean() {
    // One after the other: both play on the same ports.
    if let Some(_device) = Device::play("bad") {
        let first = assessed("examples/smart-camera/live/product-bad.yaml", &[]);
        assert_eq!(findings(&first), BTreeSet::from(PLANTED));
        assert!(gaps(&first).contains("5 of 65535 TCP ports"), "{}", gaps(&first));
        // It works as before, and tells the same.
        let again = assessed("examples/smart-camera/live/product-bad.yaml", &[]);
        assert_eq!(findings(&again), BTreeSet::from(PLANTED));
        let hosts =
            run(SEKISHO, &root(), &["collect", "host", "examples/smart-camera/live/product-bad.yaml", "--lang", "ja"]);
        assert_eq!(hosts.code, 0, "{}", hosts.stderr);
        assert!(hosts.stdout.contains("18443") && hosts.stdout.contains("tls1.0"), "{}", hosts.stdout);
        assert!(!hosts.stdout.contains("correct horse"), "a secret is shown:\n{}", hosts.stdout);
    }
    if let Some(_device) = Device::play("good") {
        let assessment = assessed("examples/smart-camera/live/product-good.yaml", &[]);
        assert_eq!(findings(&assessment), BTreeSet::new());
        let facts = assessment["facts"].as_array().unwrap();
        assert!(facts.iter().all(|fact| fact["name"] != "probe-failure"), "{facts:#?}");
        // What is declared was seen, whole, and is so.
        for check in [
            "auth-undeclared-way",
            "auth-open-though-declared",
            "auth-cryptography-differs",
            "comm-undeclared-tls-version",
        ] {
            assert_eq!(outcome(&assessment, check), "pass", "{check}");
        }
    }
}

/// A product whose component stands at a port of this machine.
fn product(folder: &Path, port: u16, more: &str) -> String {
    let file = folder.join("product.yaml");
    let text = format!(
        "name: Test\ndocuments: [EN303645]\ncomponents:\n  - id: device\n    kind: web-service\n    address: 127.0.0.1\n    tcp_ports: '{port}'\n{more}"
    );
    fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn what_is_not_authorized_is_not_contacted() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let untouched = || assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);

    let silent = assessed(&product(folder.path(), port, ""), &[]);
    untouched();
    assert!(silent["not_looked_at"].to_string().contains("does not authorize"), "{}", silent["not_looked_at"]);

    let offline = assessed(&product(folder.path(), port, "    authorized: probe\n"), &["--offline"]);
    untouched();
    assert!(offline["not_looked_at"].to_string().contains("nothing was contacted"), "{}", offline["not_looked_at"]);

    let passive =
        format!("    authorized: probe\n    interfaces: [{{kind: web, port: {port}, authorized: passive}}]\n");
    assessed(&product(folder.path(), port, &passive), &[]);
    untouched();

    // Explaining is no reason to contact a device.
    let file = product(folder.path(), port, "    authorized: probe\n");
    assert_eq!(run(SEKISHO, &root(), &["explain", "comm-current-protocols", &file]).code, 0);
    untouched();

    assessed(&file, &[]);
    assert!(listener.accept().is_ok(), "what is authorized is contacted");
}

#[test]
fn a_private_address_is_not_what_the_internet_reaches() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let file = product(folder.path(), port, "    authorized: probe\n");
    let reach = |from: &str| {
        let transcript = run(SEKISHO, &root(), &["collect", "host", &file, "--from", from, "--format", "json"]);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        let coverage = transcript.json()[0]["coverage"].as_array().unwrap().clone();
        coverage.into_iter().find(|coverage| coverage["aspect"] == "network.reach")
    };
    let outside = reach("internet").unwrap();
    assert!(outside["gaps"].to_string().contains("an address of a local network"), "{outside}");
    // From inside nothing is said of it at all.
    assert_eq!(reach("local"), None);
}

#[test]
fn active_tests_are_not_made_unless_somebody_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let file = product(folder.path(), port, "    authorized: active\n");
    let transcript = run(SEKISHO, &root(), &["assess", &file, "--no-html", "--format", "json", "--time", "5"]);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    assert!(transcript.stderr.contains("there is nobody to ask"), "{}", transcript.stderr);
    assert!(gaps(&transcript.json()).contains("were not confirmed"));
}

#[test]
fn an_interrupt_keeps_what_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = product(folder.path(), 1, "    authorized: probe\n").clone();
    let text = fs::read_to_string(&file).unwrap().replace("'1'", "'20000-40000'");
    fs::write(&file, text).unwrap();
    let child = Command::new(SEKISHO)
        .args(["assess", &file, "--no-html", "--format", "json", "--rate", "50", "--lang", "en"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Long enough to have begun, also on a busy machine; far too short to be done: 20,001 ports at 50 a second.
    thread::sleep(Duration::from_secs(10));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let assessment: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(gaps(&assessment).contains("stopped by the user"), "{}", gaps(&assessment));
    assert!(assessment["facts"].as_array().unwrap().iter().any(|fact| fact["name"] == "network-host"));
}

#[test]
fn wrong_usage_is_told() {
    for (arguments, words) in [
        (["collect", "host"].as_slice(), "product.yaml"),
        (&["collect", "host", "examples/smart-camera/product.yaml"], "declares no `address:`"),
        (&["collect", "domain", "examples/smart-camera/product.yaml", "--lang", "ja"], "`domains:`の記載がない"),
        (&["collect", "client"], "--listen"),
        (&["collect", "mud"], "name the artefact"),
        (&["assess", "examples/smart-camera/live/product-bad.yaml", "--resolver", "x"], "no address such as"),
        // Each collector takes what it uses.
        (&["collect", "mud", "mud.json", "--rate", "5"], "unexpected argument '--rate'"),
        (&["collect", "published", "documents", "--offline"], "unexpected argument '--offline'"),
        (&["collect", "domain", "product.yaml", "--roots", "a.pem"], "unexpected argument '--roots'"),
        (&["collect", "host", "product.yaml", "--diff"], "unexpected argument '--diff'"),
        (&["collect", "firmware", "image.bin", "--listen", "127.0.0.1:1"], "unexpected argument '--listen'"),
        (&["collect", "published", "https://hikaricam.example/"], "--only published"),
        (&["collect", "host", "examples/smart-camera/live/product-bad.yaml", "--roots", "nowhere.pem"], "nowhere.pem"),
    ] {
        let transcript = run(SEKISHO, &root(), arguments);
        assert_eq!((transcript.code, transcript.stdout.as_str()), (2, ""), "{arguments:?}: {}", transcript.stderr);
        assert!(transcript.stderr.contains(words), "{words}: {}", transcript.stderr);
    }
}
