//! MQTT against Mosquitto from Debian, well and badly set up, and against brokers that misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test stops where something is not as it should be, and says where it was skipped"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::{Observed, Source};
use sekisho_model::messaging::MqttBroker;
use sekisho_model::network::{DefaultLogin, FailureKind, LoginLimit};
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Login, Port, Stop, mqtt};

const MOSQUITTO: &str = "/usr/sbin/mosquitto";
const PASSWD: &str = "/usr/bin/mosquitto_passwd";
const OPENSSL: &str = "/usr/bin/openssl";

/// A broker that ends with the test.
struct Broker {
    child: Child,
    address: SocketAddr,
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Broker {
    /// Starts Mosquitto with these settings.
    fn start(folder: &Path, settings: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let path = folder.join("mosquitto.conf");
        // Started by root it would become another user, who can't read the folder.
        fs::write(&path, format!("user root\nlistener {} 127.0.0.1\n{settings}\n", address.port())).unwrap();
        let mut command = Command::new(MOSQUITTO);
        command.arg("-c").arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let broker = Self { child: command.spawn().unwrap(), address };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < end, "the broker does not start");
            thread::sleep(Duration::from_millis(50));
        }
        broker
    }

    /// What it answers to a client without a name, over plain TCP.
    fn answer(&self) -> [u8; 4] {
        let mut answer = [0; 4];
        self.plain().read_exact(&mut answer).unwrap();
        answer
    }

    fn plain(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04test").unwrap();
        stream
    }

    /// Leaves messages for whoever subscribes later.
    fn retain(&self, messages: &[(&str, &str)]) {
        let mut stream = self.plain();
        for (topic, payload) in messages {
            let mut body = vec![0, u8::try_from(topic.len()).unwrap()];
            body.extend_from_slice(topic.as_bytes());
            body.extend_from_slice(payload.as_bytes());
            stream.write_all(&[0x31, u8::try_from(body.len()).unwrap()]).unwrap();
            stream.write_all(&body).unwrap();
        }
        // All of them have arrived when the ping is answered.
        stream.write_all(&[0xc0, 0]).unwrap();
        stream.read_exact(&mut [0; 6]).unwrap();
    }

    fn look(&self, tls: bool, accounts: &[(&str, &str)], authorized: Authorized) -> Findings {
        let budget = Budget::new(Bounds::default(), Stop::default());
        let login = |(user, password): &(&str, &str)| Login { user: (*user).into(), password: (*password).into() };
        let port = Port {
            transport: Transport::Tcp,
            port: self.address.port(),
            kind: "mqtt".to_owned(),
            authorized,
            accounts: accounts.iter().map(login).collect(),
            path: None,
            login: None,
        };
        mqtt::look(&Endpoint::tcp(self.address, None), tls, Some(&port), authorized, &budget)
    }
}

/// Whether the programs are there. On the project's own machines they have to be.
fn installed(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let there = Path::new(program).exists();
        assert!(there || std::env::var_os("CI").is_none(), "{program} is not installed");
        if !there {
            eprintln!("skipped: {program} is not installed");
        }
        there
    })
}

fn seen(findings: &Findings) -> (&MqttBroker, &Source) {
    let broker = |fact| if let &(Observed::MqttBroker(ref it), ref source) = fact { Some((it, source)) } else { None };
    findings.facts.iter().find_map(broker).unwrap_or_else(|| panic!("{findings:?}"))
}

fn limit(findings: &Findings) -> Option<&LoginLimit> {
    findings.facts.iter().find_map(|(fact, _)| if let Observed::LoginLimit(it) = fact { Some(it) } else { None })
}

fn defaults(findings: &Findings) -> Vec<&DefaultLogin> {
    let login = |fact| if let &(Observed::DefaultLogin(ref it), _) = fact { Some(it) } else { None };
    findings.facts.iter().filter_map(login).collect()
}

fn failures(findings: &Findings) -> Vec<FailureKind> {
    let kind = |fact| if let &(Observed::ProbeFailure(ref it), _) = fact { Some(it.failure) } else { None };
    findings.facts.iter().filter_map(kind).collect()
}

/// Settings for these accounts and these lines of access control.
fn accounts(folder: &Path, accounts: &[(&str, &str)], acl: Option<&str>) -> String {
    let passwords = folder.join("passwords");
    fs::write(&passwords, "").unwrap();
    for (user, password) in accounts {
        let made = Command::new(PASSWD).arg("-b").arg(&passwords).args([user, password]).output().unwrap();
        assert!(made.status.success());
    }
    let mut settings = format!("password_file {}\n", passwords.display());
    if let Some(acl) = acl {
        let path = folder.join("acl");
        fs::write(&path, format!("{acl}\n")).unwrap();
        settings += &format!("acl_file {}\n", path.display());
    }
    settings
}

/// Settings for TLS with a certificate made for the test.
fn tls(folder: &Path) -> String {
    let (key, certificate) = (folder.join("key.pem"), folder.join("cert.pem"));
    let made = Command::new(OPENSSL)
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success());
    format!("keyfile {}\ncertfile {}\ncafile {2}\n", key.display(), certificate.display(), certificate.display())
}

const ACCOUNTS: [(&str, &str); 2] = [("one", "correct horse"), ("two", "battery staple")];

#[test]
fn a_sound_broker_lets_nobody_see_anything() {
    if !installed(&[MOSQUITTO, PASSWD, OPENSSL]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = accounts(folder.path(), &ACCOUNTS, Some("pattern readwrite %u/#"));
    let settings = format!("allow_anonymous false\n{settings}{}", tls(folder.path()));
    let broker = Broker::start(folder.path(), &settings);
    let findings = broker.look(true, &ACCOUNTS, Authorized::Active);
    let (fact, _) = seen(&findings);
    assert_eq!((fact.tls, &fact.versions[..]), (true, &["3.1.1".to_owned(), "5.0".to_owned()][..]));
    assert_eq!((fact.anonymous, fact.anonymous_wildcard, fact.anonymous_publish), (Some(false), None, None));
    assert_eq!((fact.reads_others, fact.retained), (Some(false), 0));
    // As the standard demands.
    assert_eq!(fact.takeover, Some(true));
    assert!(defaults(&findings).len() > 5 && defaults(&findings).iter().all(|login| !login.accepted));
    // Mosquitto has no limit of its own.
    let limit = limit(&findings).unwrap();
    assert_eq!((limit.attempts, limit.limited, limit.protocol.as_str()), (10, false, "mqtt"));
    assert_eq!(findings.gaps, []);
    // As before.
    assert_eq!(seen(&broker.look(true, &[], Authorized::Probe)).0.anonymous, Some(false));
}

#[test]
fn an_open_broker_tells_everything() {
    if !installed(&[MOSQUITTO]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let broker = Broker::start(folder.path(), "allow_anonymous true");
    broker.retain(&[("home/temperature", "21.5"), ("home/setup", r#"{"wifi_password":"correct horse"}"#)]);
    let before = broker.answer();
    let findings = broker.look(false, &[], Authorized::Probe);
    let (fact, source) = seen(&findings);
    assert_eq!((fact.anonymous, fact.anonymous_wildcard, fact.anonymous_system), (Some(true), Some(true), Some(true)));
    assert_eq!((fact.retained, fact.retained_secrets, fact.anonymous_publish), (2, 1, None));
    assert_eq!(fact.anonymous_topics, 2);
    assert_eq!(source.excerpt.as_deref(), Some("home/setup: wifi_password=c******e"));
    assert_eq!(findings.gaps, []);
    assert_eq!(broker.answer(), before);
}

#[test]
fn an_open_broker_takes_everything() {
    if !installed(&[MOSQUITTO]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let broker = Broker::start(folder.path(), "allow_anonymous true");
    let findings = broker.look(false, &ACCOUNTS, Authorized::Active);
    let (fact, _) = seen(&findings);
    assert_eq!((fact.anonymous_publish, fact.anonymous_wildcard), (Some(true), Some(true)));
    // Where any name and password come in, none of them says anything.
    assert_eq!((defaults(&findings).len(), limit(&findings)), (0, None));
    assert_eq!((fact.reads_others, fact.takeover), (Some(true), Some(true)));
    assert_eq!(findings.gaps, []);
    // Nothing stays behind.
    assert_eq!(seen(&broker.look(false, &[], Authorized::Probe)).0.retained, 0);
}

#[test]
fn a_granted_subscription_is_not_taken_for_access() {
    if !installed(&[MOSQUITTO, PASSWD]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = accounts(folder.path(), &ACCOUNTS, Some("topic read public/#"));
    let broker = Broker::start(folder.path(), &format!("allow_anonymous true\n{settings}"));
    let findings = broker.look(false, &[], Authorized::Probe);
    let (fact, _) = seen(&findings);
    assert_eq!((fact.anonymous, fact.anonymous_wildcard, fact.anonymous_system), (Some(true), None, None));
    assert_eq!(findings.gaps.len(), 2);
    let findings = broker.look(false, &[], Authorized::Active);
    assert_eq!(seen(&findings).0.anonymous_publish, Some(false));
}

#[test]
fn a_public_topic_is_not_taken_for_all() {
    if !installed(&[MOSQUITTO, PASSWD]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let acl = "topic readwrite public/#\ntopic write hidden/#";
    let settings = accounts(folder.path(), &ACCOUNTS, Some(acl));
    let broker = Broker::start(folder.path(), &format!("allow_anonymous true\n{settings}"));
    broker.retain(&[("public/time", "12:00"), ("hidden/door", "open")]);
    let findings = broker.look(false, &[], Authorized::Probe);
    let (fact, _) = seen(&findings);
    // Messages come, but of one topic of two: how far an access list lets, the number of topics tells.
    assert_eq!((fact.anonymous_wildcard, fact.anonymous_topics, fact.retained), (Some(true), 1, 1));
}

#[test]
fn users_that_share_everything_are_found() {
    if !installed(&[MOSQUITTO, PASSWD]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let shipped = [("admin", "admin"), ("other", "battery staple")];
    let settings = accounts(folder.path(), &shipped, None);
    let broker = Broker::start(folder.path(), &format!("allow_anonymous false\n{settings}"));
    let findings = broker.look(false, &shipped, Authorized::Active);
    let (fact, _) = seen(&findings);
    assert_eq!((fact.anonymous, fact.reads_others), (Some(false), Some(true)));
    let accepted: Vec<_> = defaults(&findings).into_iter().filter(|login| login.accepted).collect();
    assert_eq!(
        accepted.iter().map(|login| (login.user.as_str(), login.masked.as_str())).collect::<Vec<_>>(),
        [("admin", "******")]
    );
}

#[test]
fn a_broker_that_wants_certificates_lets_nobody_in() {
    if !installed(&[MOSQUITTO, OPENSSL]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("allow_anonymous true\nrequire_certificate true\n{}", tls(folder.path()));
    let broker = Broker::start(folder.path(), &settings);
    let findings = broker.look(true, &[], Authorized::Active);
    assert_eq!(seen(&findings).0.anonymous, Some(false), "{findings:?}");
    assert_eq!(findings.gaps, []);
}

/// A broker that sends these pieces to everybody, with a pause between them, once or without end.
fn fake(pieces: Vec<Vec<u8>>, pause: Duration, endless: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let pieces = pieces.clone();
            thread::spawn(move || {
                for at in 0.. {
                    let Some(piece) = pieces.get(if endless { at.min(pieces.len() - 1) } else { at }) else { break };
                    if stream.write_all(piece).is_err() {
                        return;
                    }
                    thread::sleep(pause);
                }
                let _ = stream.shutdown(Shutdown::Write);
                while stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {}
            });
        }
    });
    address
}

#[test]
fn whatever_answers_the_look_ends() {
    let welcome = b"\x20\x02\x00\x00".to_vec();
    let message = b"\x31\x05\x00\x01a\x00x".to_vec();
    let none = Duration::ZERO;
    let drip = Duration::from_millis(20);
    for (case, address, kind) in [
        (
            "drops",
            fake(vec![b"\x20".to_vec(), b"\xff".to_vec()], Duration::from_millis(400), true),
            FailureKind::TimedOut,
        ),
        ("length bomb", fake(vec![b"\x20\xff\xff\xff\x7f".to_vec()], none, false), FailureKind::TooMuch),
        ("length without end", fake(vec![b"\x20".to_vec(), vec![0xff; 64]], none, true), FailureKind::Nonsense),
        ("another protocol", fake(vec![b"SSH-2.0-OpenSSH\r\n".to_vec()], none, false), FailureKind::Closed),
        ("early close", fake(vec![], none, false), FailureKind::Closed),
        ("flood of messages", fake(vec![welcome.clone(), message.repeat(100)], none, true), FailureKind::TooMuch),
        ("messages drop by drop", fake(vec![welcome.clone(), message], drip, true), FailureKind::TimedOut),
        ("silence", fake(vec![welcome, vec![]], Duration::from_millis(200), true), FailureKind::TimedOut),
    ] {
        let bounds = Bounds { conversation: Duration::from_secs(1), ..Bounds::default() };
        let budget = Budget::new(bounds, Stop::default());
        let findings = mqtt::look(&Endpoint::tcp(address, None), false, None, Authorized::Active, &budget);
        assert!(failures(&findings).contains(&kind), "{case}: {findings:?}");
        assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkMqtt), "{case}");
    }
}

#[test]
fn nothing_is_sent_where_nothing_is_allowed() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let budget = Budget::new(Bounds::default(), Stop::default());
    let findings = mqtt::look(&Endpoint::tcp(address, None), false, None, Authorized::Passive, &budget);
    assert_eq!((findings, budget.spent()), (Findings::default(), 0));
}
