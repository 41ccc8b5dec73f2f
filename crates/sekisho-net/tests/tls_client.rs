//! The test of clients, with curl and OpenSSL as the clients.
#![allow(clippy::unwrap_used, reason = "a test may end so")]

mod openssl;

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use openssl::{Keys, is_installed};
use sekisho_model::fact::Observed;
use sekisho_model::tls::TlsClient;
use sekisho_net::client::{Authority, ClientTest, listen};
use sekisho_net::{Findings, Stop};

/// Runs the client against the test until the test is over; the arguments are made from the port.
fn outcome(authority: Option<&Authority>, client: impl Fn(u16) -> Command) -> Findings {
    let names = ["device.example".to_owned()];
    let mut test = ClientTest::new(([127, 0, 0, 1], 0).into(), &names, authority, Duration::from_mins(1));
    test.conversation = Duration::from_secs(3);
    let stop = Stop::default();
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let listening = scope.spawn(|| listen(&test, &stop, |address| sender.send(address.port()).unwrap()));
        let port = receiver.recv().unwrap();
        for _ in 0..40 {
            if listening.is_finished() {
                break;
            }
            let mut command = client(port);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let _ = command.status().unwrap();
        }
        stop.ask();
        listening.join().unwrap()
    })
}

fn facts(findings: &Findings) -> Vec<&TlsClient> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| if let Observed::TlsClient(client) = fact { Some(client) } else { None })
        .collect()
}

fn curl(keys: &Keys, port: u16, more: &[&str]) -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--max-time", "5", "--noproxy", "*"]).args(more);
    command.args([
        "--resolve",
        &format!("device.example:{port}:127.0.0.1"),
        &format!("https://device.example:{port}/"),
    ]);
    command.current_dir(keys.folder());
    command
}

fn authority(keys: &Keys) -> Authority {
    keys.authority("DNS:device.example");
    let read = |name: &str| std::fs::read_to_string(keys.path(name)).unwrap();
    Authority::from_pem(&read("root.pem"), &read("root.key")).unwrap()
}

#[test]
fn a_careful_client_refuses_all_but_the_good_one() {
    if !is_installed("openssl") || !is_installed("curl") {
        return;
    }
    let keys = Keys::new();
    let authority = authority(&keys);
    let findings = outcome(Some(&authority), |port| curl(&keys, port, &["--cacert", "root.pem"]));
    assert_eq!(findings.gaps, [], "{:?}", findings.facts);
    let facts = facts(&findings);
    assert_eq!(facts.len(), 6);
    for fact in facts {
        assert_eq!(fact.accepted, Some(fact.presented == "trusted"), "{fact:?}");
        assert!(fact.only_fault);
        assert_eq!(fact.server_name.as_deref(), Some("device.example"));
    }
}

#[test]
fn a_careless_client_takes_everything() {
    if !is_installed("openssl") || !is_installed("curl") {
        return;
    }
    let keys = Keys::new();
    let authority = authority(&keys);
    let findings = outcome(Some(&authority), |port| curl(&keys, port, &["--insecure"]));
    assert_eq!(findings.gaps, []);
    assert!(facts(&findings).iter().all(|fact| fact.accepted == Some(true) && fact.finished && fact.attempts == 1));
}

#[test]
fn a_client_that_finishes_and_says_nothing_has_accepted_nothing() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    let findings = outcome(None, |port| {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-connect", &format!("127.0.0.1:{port}")]);
        command
    });
    let facts = facts(&findings);
    assert_eq!(facts.len(), 5);
    assert!(facts.iter().all(|fact| fact.accepted.is_none() && fact.finished && fact.attempts == 3), "{facts:?}");
    assert!(!findings.gaps.is_empty());
    drop(keys);
}

#[test]
fn refusing_every_signer_says_nothing_of_names() {
    if !is_installed("openssl") {
        return;
    }
    let findings = outcome(None, |port| {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-verify_return_error", "-connect", &format!("127.0.0.1:{port}")]);
        command
    });
    for fact in facts(&findings) {
        assert_eq!(fact.accepted, Some(false), "{fact:?}");
        assert_eq!(fact.only_fault, ["self-signed", "untrusted-root"].contains(&fact.presented.as_str()));
        assert!(fact.alert.is_some());
    }
    assert_eq!(findings.gaps.len(), 1);
}

#[test]
fn nobody_comes() {
    let names = ["device.example".to_owned()];
    let test = ClientTest::new(([127, 0, 0, 1], 0).into(), &names, None, Duration::from_millis(100));
    let findings = listen(&test, &Stop::default(), |_| ());
    assert_eq!((findings.facts.len(), findings.gaps.len()), (0, 1));
}
