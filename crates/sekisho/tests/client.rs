//! `collect client` with an authority that the client trusts: what a real client makes of each certificate.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use sekisho_test::{root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Whether the programs that play the client are there; only CI may not let their absence pass.
fn is_installed(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let found = Command::new(program).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
        assert!(found || std::env::var_os("CI").is_none(), "{program} is not installed");
        if !found {
            eprintln!("skipped: {program} is not installed");
        }
        found
    })
}

/// An authority: `root.pem` with its certificate, `root.key`, and both in `both.pem`.
fn authority(folder: &Path) {
    let output = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "30"])
        .args(["-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Test root"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let both = ["root.pem", "root.key"].map(|name| fs::read_to_string(folder.join(name)).unwrap()).concat();
    fs::write(folder.join("both.pem"), both).unwrap();
}

/// Whether curl, told to trust the authority, accepted each certificate, by what was presented; only those that have one fault.
fn accepted(folder: &Path, authority: &[&str], curl: &[&str]) -> BTreeMap<String, bool> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(SEKISHO)
        .args(["collect", "client", "--name", "device.example", "--format", "json", "--time", "60", "--quiet"])
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(authority)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        let place = format!("device.example:{port}");
        let _ = Command::new("curl")
            .args(["--silent", "--max-time", "5", "--noproxy", "*", "--resolve", &format!("{place}:127.0.0.1")])
            .args(curl)
            .arg(format!("https://{place}/"))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let collection: Value = serde_json::from_slice(&output.stdout).unwrap();
    let facts = collection["facts"].as_array().unwrap();
    facts
        .iter()
        .map(|fact| &fact["value"])
        .filter(|value| value["only_fault"] == true)
        .map(|value| (value["presented"].as_str().unwrap().to_owned(), value["accepted"].as_bool().unwrap()))
        .collect()
}

#[test]
fn wrong_names_and_dates_are_told_from_unknown_roots() {
    if !is_installed(&["openssl", "curl"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    authority(folder.path());
    let all = ["expired", "not-yet-valid", "self-signed", "trusted", "untrusted-root", "wrong-name"];
    let careful = accepted(folder.path(), &["--authority", "both.pem"], &["--cacert", "root.pem"]);
    assert_eq!(careful, all.map(|name| (name.to_owned(), name == "trusted")).into());
    let careless =
        accepted(folder.path(), &["--authority", "root.pem", "--authority-key", "root.key"], &["--insecure"]);
    assert_eq!(careless, all.map(|name| (name.to_owned(), true)).into());
    // Without the authority, only what is wrong with the signer has one fault.
    let alone = accepted(folder.path(), &[], &["--cacert", "root.pem"]);
    assert_eq!(alone.keys().collect::<Vec<_>>(), ["self-signed", "untrusted-root"]);
}

#[test]
fn what_is_no_authority_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some.pem");
    fs::write(&file, "nothing").unwrap();
    let file = file.to_str().unwrap();
    for (more, words) in [
        (["--authority", file].as_slice(), "PEM with the authority's certificate"),
        (&["--authority", "nowhere.pem"], "nowhere.pem"),
        (&["--authority-key", file], "--authority"),
    ] {
        let transcript = run(SEKISHO, &root(), &[&["collect", "client", "--listen", "127.0.0.1:0"], more].concat());
        assert_eq!(transcript.code, 2, "{}", transcript.stderr);
        assert!(transcript.stderr.contains(words), "{}", transcript.stderr);
    }
}
