//! One device, looked at by Sekisho and by other tools: what both can see, both see. Each difference stands here as a field that is left out of
//! a comparison, and is explained in `docs/network.md`.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod device;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use device::Device;
use sekisho_test::{root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// The facts of one name as lines: of each the given fields, those that are left out as nothing. Of chains of certificates the server's own
/// only, for these tools write no other.
fn facts(collection: &Value, name: &str, fields: &[&str]) -> BTreeSet<String> {
    let collections = collection.as_array().map_or_else(|| std::slice::from_ref(collection), Vec::as_slice);
    let facts = collections.iter().flat_map(|collection| collection["facts"].as_array().unwrap());
    let own = facts.filter(|fact| fact["name"] == name && fact["value"]["position"].as_u64().unwrap_or(0) == 0);
    own.map(|fact| fields.iter().map(|field| fact["value"][field].to_string()).collect::<Vec<_>>().join(" ")).collect()
}

/// Has a tool write its result, and reads that as `results:` would; none where the tool is not installed, which only CI may not let pass.
fn told_by(tool: &str, file: &str, arguments: &[&str]) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(tool).args(arguments).current_dir(folder.path()).stdin(Stdio::null()).output();
    let Ok(output) = output else {
        assert!(std::env::var_os("CI").is_none(), "{tool} is not installed");
        eprintln!("skipped: {tool} is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let path = folder.path().join(file);
    assert!(path.exists(), "{tool}: {said}");
    let transcript = run(SEKISHO, &root(), &["collect", "results", &path.display().to_string(), "--format", "json"]);
    assert_eq!(transcript.code, 0, "{}\n{said}", transcript.stderr);
    Some(transcript.json())
}

/// Compares the facts of one name by the given fields, of which there have to be some.
fn agree(tool: &str, own: &Value, other: &Value, name: &str, fields: &[&str]) {
    let (own, other) = (facts(own, name, fields), facts(other, name, fields));
    assert!(!own.is_empty(), "no {name}");
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(own, other, "{name}: only Sekisho\n{}\nonly {tool}\n{}", only(&own, &other), only(&other, &own));
}

const SUITE: [&str; 5] = ["address", "port", "version", "name", "forward_secrecy"];
const CERTIFICATE: [&str; 10] = [
    "port",
    "position",
    "subject",
    "issuer",
    "not_before",
    "not_after",
    "key_algorithm",
    "key_bits",
    "signature",
    "fingerprint",
];

#[test]
fn other_tools_see_the_same_of_the_same_device() {
    for variant in ["bad", "good"] {
        // Its ports are fixed: one after the other.
        let Some(_device) = Device::play(variant) else { return };
        let product = format!("examples/smart-camera/live/product-{variant}.yaml");
        let transcript = run(SEKISHO, &root(), &["collect", "host", &product, "--format", "json"]);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        let own = transcript.json();

        let mut arguments = vec!["-n", "-Pn", "-sV", "-p", "11883,18022,18080,18443,18883", "-oX", "nmap.xml"];
        arguments.extend(["--script", "ssl-enum-ciphers,ssl-cert,ssh2-enum-algos", "127.0.0.1"]);
        if let Some(nmap) = told_by("nmap", "nmap.xml", &arguments) {
            // Nmap does not recognise MQTT where its port is not the usual one, also inside TLS: the protocol is compared of the others.
            agree("nmap", &own, &nmap, "network-service", &["address", "transport", "port", "tls"]);
            let known = facts(&nmap, "network-service", &["port", "protocol"]);
            let ours = facts(&own, "network-service", &["port", "protocol"]);
            let recognised: BTreeSet<String> =
                known.into_iter().filter(|line| !line.ends_with("null") && !line.ends_with("\"tls\"")).collect();
            assert!(recognised.len() >= 2 && recognised.is_subset(&ours), "{recognised:?} {ours:?}");
            agree("nmap", &own, &nmap, "tls-suite", &SUITE);
            agree("nmap", &own, &nmap, "tls-server", &["port", "versions", "cipher_suites", "weaknesses"]);
            agree("nmap", &own, &nmap, "tls-certificate", &CERTIFICATE);
            if variant == "bad" {
                let ssh = ["port", "key_exchange", "host_keys", "ciphers", "macs", "weak", "prefix_truncation"];
                agree("nmap", &own, &nmap, "ssh-server", &ssh);
            }
        }

        let testssl = [
            "--color",
            "0",
            "--warnings",
            "off",
            "--quiet",
            "-p",
            "-E",
            "-S",
            "--jsonfile",
            "t.json",
            "127.0.0.1:18443",
        ];
        if let Some(testssl) = told_by("testssl", "t.json", &testssl) {
            // Of one port of several.
            let own = at(&own, 18443);
            agree("testssl.sh", &own, &testssl, "tls-suite", &SUITE);
            agree("testssl.sh", &own, &testssl, "tls-certificate", &CERTIFICATE);
            // Not session tickets: testssl.sh counts those of TLS 1.3, too, where they come in time.
            let server = ["versions", "refused", "cipher_suites", "weaknesses", "forward_secrecy"];
            agree("testssl.sh", &own, &testssl, "tls-server", &server);
        }
    }
}

/// The facts about one port.
fn at(collection: &Value, port: u16) -> Value {
    let collections = collection.as_array().map_or_else(|| std::slice::from_ref(collection), Vec::as_slice);
    let facts = collections.iter().flat_map(|collection| collection["facts"].as_array().unwrap());
    serde_json::json!({ "facts": facts.filter(|fact| fact["value"]["port"] == port).collect::<Vec<_>>() })
}
