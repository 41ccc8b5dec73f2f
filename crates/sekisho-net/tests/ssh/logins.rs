//! Log-ins: which are let in, and what failing ones lead to.

use std::path::Path;
use std::process::Command;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, LoginLimit};
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Login, Port, Stop, ssh};

use super::servers::{DROPBEAR, DROPBEARKEY, GOOD, KEYGEN, SSHD, dropbear, openssh};
use super::{Server, free, greeting, installed, keys, look, seen};

fn limit(findings: &Findings) -> Option<&LoginLimit> {
    let limit = |fact| if let &(Observed::LoginLimit(ref limit), _) = fact { Some(limit) } else { None };
    findings.facts.iter().find_map(limit)
}

#[test]
fn where_no_password_is_taken_none_is_tried() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = openssh(folder.path(), &[("ed25519", "")], GOOD);
    let findings = look(server.address, Authorized::Active);
    assert_eq!((findings.facts.len(), findings.gaps), (2, vec![]));
}

#[test]
fn failing_log_ins_lead_to_what_is_said() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = openssh(folder.path(), &[("ed25519", "")], "PasswordAuthentication yes\nPermitRootLogin no");
    let findings = look(server.address, Authorized::Active);
    // OpenSSH from 9.8 on shuts out who fails often. Without a test account nothing is said where it does not.
    assert!(limit(&findings).is_none_or(|limit| limit.how.as_deref() == Some("disconnected")), "{findings:?}");
    assert!(findings.facts.iter().all(|(fact, _)| !matches!(fact, Observed::DefaultLogin(login) if login.accepted)));
    assert!(findings.gaps.iter().all(|(aspect, _)| *aspect == Aspect::NetworkLogins));
}

/// A server by Paramiko, in one of its modes.
fn paramiko(mode: &str) -> Option<Server> {
    if !installed(&["/usr/bin/python3", "/usr/lib/python3/dist-packages/paramiko"]) {
        return None;
    }
    let address = free();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ssh/server.py");
    let mut command = Command::new("/usr/bin/python3");
    command.arg(script).args([&address.port().to_string(), mode]);
    Some(Server::start(&mut command, address))
}

#[test]
fn a_server_without_a_door_is_found() {
    let Some(server) = paramiko("open") else { return };
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!((offered.open_login, offered.password_login), (Some(true), None));
    assert_eq!(offered.authentication, ["none"]);
    assert_eq!((keys(&findings)[0].kind.as_str(), keys(&findings)[0].bits), ("ecdsa-sha2-nistp384", Some(384)));
}

/// Names of the log-ins that were accepted, and how many were refused.
fn logins(findings: &Findings) -> (Vec<(&str, &str)>, usize) {
    let login = |fact| if let &(Observed::DefaultLogin(ref it), _) = fact { Some(it) } else { None };
    let (accepted, refused): (Vec<&DefaultLogin>, Vec<_>) =
        findings.facts.iter().filter_map(login).partition(|login| login.accepted);
    (accepted.iter().map(|login| (login.user.as_str(), login.masked.as_str())).collect(), refused.len())
}

#[test]
fn a_password_that_makers_ship_is_found() {
    let Some(server) = paramiko("interactive") else { return };
    let findings = look(server.address, Authorized::Active);
    assert_eq!(
        (seen(&findings).password_login, &seen(&findings).authentication[..]),
        (Some(true), &["keyboard-interactive".to_owned()][..])
    );
    let (accepted, refused) = logins(&findings);
    assert_eq!((accepted[0].0, accepted.len()), ("admin", 1));
    assert!(refused > 5);
    // Without a test account no lock can be seen, which is said.
    assert_eq!((limit(&findings), findings.gaps.len()), (None, 1));
    assert!(greeting(server.address).is_some());
}

#[test]
fn a_lock_shows_on_a_test_account() {
    let Some(server) = paramiko("lock") else { return };
    let port = Port {
        transport: Transport::Tcp,
        port: server.address.port(),
        kind: "ssh".to_owned(),
        authorized: Authorized::Active,
        accounts: vec![Login { user: "tester".to_owned(), password: "correct".to_owned() }],
        path: None,
        login: None,
    };
    let budget = Budget::new(Bounds::default(), Stop::default());
    let findings = ssh::look(&Endpoint::tcp(server.address, None), Some(&port), Authorized::Active, &budget);
    assert_eq!(limit(&findings).and_then(|limit| limit.how.as_deref()), Some("locked"), "{findings:?}");
    assert_eq!((logins(&findings).0.len(), findings.gaps.len()), (0, 0));
}

#[test]
fn who_is_shut_out_says_after_how_many() {
    let Some(server) = paramiko("shut") else { return };
    let findings = look(server.address, Authorized::Active);
    let limit = limit(&findings).unwrap();
    assert_eq!((limit.how.as_deref(), limit.after, limit.attempts), (Some("disconnected"), Some(5), 5));
    // The known passwords that could not be tried any more are a gap.
    assert_eq!((logins(&findings).1, findings.gaps.len()), (5, 1));
}

#[test]
fn dropbear_answers_every_password() {
    if !installed(&[DROPBEAR, DROPBEARKEY]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = dropbear(folder.path(), &[]);
    let before = greeting(server.address);
    let findings = look(server.address, Authorized::Active);
    assert_eq!(seen(&findings).password_login, Some(true));
    assert_eq!((limit(&findings), findings.gaps.len()), (None, 1));
    assert_eq!(greeting(server.address), before);
}
