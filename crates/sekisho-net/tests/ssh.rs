//! SSH against OpenSSH and Dropbear from Debian, well and badly set up, and against servers that misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test stops where something is not as it should be, and says where it was skipped"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, FailureKind, LoginLimit};
use sekisho_model::product::{Authorized, Transport};
use sekisho_model::ssh::{SshHostKey, SshServer};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Login, Port, Stop, ssh};

/// A server that ends with the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program that listens at `address`, and waits until it does.
    fn start(command: &mut Command, address: SocketAddr) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { child, address };
        let end = Instant::now() + Duration::from_secs(20);
        while greeting(address).is_none() {
            assert!(Instant::now() < end, "the server does not start");
            thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

/// The first line that a server sends.
fn greeting(address: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 255 && stream.read(&mut byte).ok()? == 1 {
        line.push(byte[0]);
        if byte == *b"\n" {
            return String::from_utf8(line).ok().filter(|line| line.starts_with("SSH-"));
        }
    }
    None
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
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

fn look(address: SocketAddr, authorized: Authorized) -> Findings {
    let budget = Budget::new(Bounds::default(), Stop::default());
    ssh::look(&Endpoint::tcp(address, None), None, authorized, &budget)
}

fn seen(findings: &Findings) -> &SshServer {
    let server = findings.facts.iter().find_map(|(fact, _)| match fact {
        Observed::SshServer(server) => Some(&**server),
        _ => None,
    });
    server.unwrap_or_else(|| panic!("{findings:?}"))
}

fn keys(findings: &Findings) -> Vec<&SshHostKey> {
    let key = |fact| if let &(Observed::SshHostKey(ref key), _) = fact { Some(key) } else { None };
    findings.facts.iter().filter_map(key).collect()
}

fn failures(findings: &Findings) -> Vec<FailureKind> {
    let kind = |fact| if let &(Observed::ProbeFailure(ref it), _) = fact { Some(it.failure) } else { None };
    findings.facts.iter().filter_map(kind).collect()
}

fn limit(findings: &Findings) -> &LoginLimit {
    let limit = |fact| if let &(Observed::LoginLimit(ref limit), _) = fact { Some(limit) } else { None };
    findings.facts.iter().find_map(limit).unwrap_or_else(|| panic!("{findings:?}"))
}

const SSHD: &str = "/usr/sbin/sshd";
const KEYGEN: &str = "/usr/bin/ssh-keygen";

/// OpenSSH with host keys of these kinds and sizes, and these settings.
fn openssh(folder: &Path, keys: &[(&str, &str)], settings: &str) -> Server {
    let address = free();
    let mut config =
        format!("ListenAddress 127.0.0.1\nPort {}\nPidFile none\nUsePAM no\nStrictModes no\n", address.port());
    config += settings;
    for (kind, bits) in keys {
        let path = folder.join(format!("{kind}{bits}"));
        let mut keygen = Command::new(KEYGEN);
        keygen.args(["-q", "-t", kind, "-N", ""]).arg("-f").arg(&path);
        if !bits.is_empty() {
            keygen.args(["-b", bits]);
        }
        assert!(keygen.status().unwrap().success());
        config += &format!("\nHostKey {}", path.display());
    }
    let path = folder.join("sshd_config");
    fs::write(&path, config + "\n").unwrap();
    // Where it separates privileges it wants this folder.
    let _ = fs::create_dir_all("/run/sshd");
    Server::start(Command::new(SSHD).args(["-D", "-e", "-f"]).arg(path), address)
}

/// What `ssh-keygen` says of a public key: size and fingerprint.
fn told(path: &Path) -> (u32, String) {
    let output = Command::new(KEYGEN).arg("-lf").arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = text.split(' ');
    (words.next().unwrap().parse().unwrap(), words.next().unwrap().to_owned())
}

const GOOD: &str = "KexAlgorithms curve25519-sha256\nCiphers aes256-gcm@openssh.com,aes128-ctr\n\
    MACs hmac-sha2-256-etm@openssh.com\nHostKeyAlgorithms ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512\n\
    PasswordAuthentication no\nKbdInteractiveAuthentication no";

#[test]
fn a_sound_server_is_clean() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let made = [("ed25519", ""), ("ecdsa", "256"), ("rsa", "3072")];
    let server = openssh(folder.path(), &made, GOOD);
    let before = greeting(server.address);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!((offered.protocol.as_str(), offered.weak.len(), offered.broken.len()), ("2.0", 0, 0));
    assert!(offered.software.starts_with("OpenSSH_"));
    assert_eq!(offered.key_exchange, ["curve25519-sha256"]);
    assert_eq!(offered.ciphers, ["aes256-gcm@openssh.com", "aes128-ctr"]);
    assert_eq!(offered.macs, ["hmac-sha2-256-etm@openssh.com"]);
    assert_eq!(offered.authentication, ["publickey"]);
    assert_eq!(
        (offered.prefix_truncation, offered.password_login, offered.open_login),
        (Some(false), Some(false), Some(false))
    );
    let mut shown: Vec<_> = keys(&findings).iter().map(|key| (key.bits.unwrap(), key.fingerprint.clone())).collect();
    let mut own: Vec<_> =
        made.iter().map(|(kind, bits)| told(&folder.path().join(format!("{kind}{bits}.pub")))).collect();
    shown.sort();
    own.sort();
    assert_eq!(shown, own);
    assert_eq!(findings.gaps, []);
    assert_eq!(greeting(server.address), before);
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
fn what_is_weak_is_found() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bad = "KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1\nCiphers aes128-cbc,3des-cbc\n\
        MACs hmac-md5,hmac-sha1-etm@openssh.com\nHostKeyAlgorithms ssh-rsa\nRequiredRSASize 1024\n\
        PasswordAuthentication yes";
    let server = openssh(folder.path(), &[("rsa", "1024")], bad);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!(offered.broken, ["diffie-hellman-group1-sha1", "3des-cbc"]);
    let (methods, rest) = offered.weak.split_at(2);
    assert_eq!(methods, ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"]);
    assert_eq!(rest, ["ssh-rsa", "aes128-cbc", "3des-cbc", "hmac-md5"]);
    assert_eq!((offered.password_login, offered.open_login), (Some(true), Some(false)));
    assert!(offered.authentication.contains(&"password".to_owned()));
    // Its CBC with encrypt-then-MAC would allow it; Debian's OpenSSH knows the strict exchange.
    assert_eq!(offered.prefix_truncation, Some(false));
    let shown: Vec<_> = keys(&findings).iter().map(|key| (key.kind.as_str(), key.bits)).collect();
    assert_eq!(shown, [("ssh-rsa", Some(1024))]);
    assert_eq!(findings.gaps, []);
    assert!(greeting(server.address).is_some());
}

#[test]
fn a_protected_conversation_is_held_in_every_way() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    for (method, cipher, mac) in [
        ("curve25519-sha256", "chacha20-poly1305@openssh.com", "hmac-sha2-256"),
        ("curve25519-sha256@libssh.org", "aes128-gcm@openssh.com", "hmac-sha2-256"),
        ("ecdh-sha2-nistp256", "aes256-gcm@openssh.com", "hmac-md5"),
        ("ecdh-sha2-nistp384", "aes128-ctr", "hmac-sha2-256-etm@openssh.com"),
        ("diffie-hellman-group14-sha256", "aes192-ctr", "hmac-sha2-512-etm@openssh.com"),
        ("diffie-hellman-group16-sha512", "aes256-ctr", "hmac-sha2-256"),
        ("diffie-hellman-group14-sha1", "aes128-cbc", "hmac-sha2-512"),
        ("diffie-hellman-group1-sha1", "aes192-cbc", "hmac-sha1-etm@openssh.com"),
        ("diffie-hellman-group-exchange-sha256", "aes256-cbc", "hmac-sha1"),
        ("diffie-hellman-group-exchange-sha1", "3des-cbc", "hmac-sha1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!("KexAlgorithms {method}\nCiphers {cipher}\nMACs {mac}");
        let server = openssh(folder.path(), &[("ed25519", "")], &settings);
        let findings = look(server.address, Authorized::Probe);
        assert_eq!(seen(&findings).open_login, Some(false), "{method} {cipher} {mac} {findings:?}");
    }
}

#[test]
fn what_is_not_spoken_here_is_a_gap() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = openssh(folder.path(), &[("ed25519", "")], "KexAlgorithms sntrup761x25519-sha512@openssh.com");
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert_eq!((offered.weak.len(), offered.password_login, offered.open_login), (0, None, None));
    assert_eq!((failures(&findings), findings.gaps.len()), (vec![FailureKind::Other], 1));
}

#[test]
fn failing_log_ins_lead_to_what_is_said() {
    if !installed(&[SSHD, KEYGEN]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = openssh(folder.path(), &[("ed25519", "")], "PasswordAuthentication yes\nPermitRootLogin no");
    let findings = look(server.address, Authorized::Active);
    let limit = limit(&findings);
    // OpenSSH from 9.8 on shuts out who fails often.
    match limit.how.as_deref() {
        None => assert_eq!((limit.attempts, limit.limited), (10, false)),
        Some(how) => assert_eq!(how, "disconnected"),
    }
    assert!(findings.facts.iter().all(|(fact, _)| !matches!(fact, Observed::DefaultLogin(login) if login.accepted)));
    assert!(findings.gaps.iter().all(|(aspect, _)| *aspect == Aspect::NetworkLogins));
}

const DROPBEAR: &str = "/usr/sbin/dropbear";
const DROPBEARKEY: &str = "/usr/bin/dropbearkey";

/// Dropbear with an RSA and an Ed25519 key, which takes no passwords.
fn dropbear(folder: &Path) -> Server {
    let address = free();
    let mut command = Command::new(DROPBEAR);
    command.args(["-F", "-E", "-s", "-p", &address.to_string()]).arg("-P").arg(folder.join("pid"));
    for (kind, bits) in [("rsa", "2048"), ("ed25519", "256")] {
        let path = folder.join(kind);
        let made = Command::new(DROPBEARKEY).args(["-t", kind, "-s", bits, "-f"]).arg(&path).output().unwrap();
        assert!(made.status.success());
        command.arg("-r").arg(path);
    }
    Server::start(&mut command, address)
}

#[test]
fn dropbear_is_understood() {
    if !installed(&[DROPBEAR, DROPBEARKEY]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = dropbear(folder.path());
    let before = greeting(server.address);
    let findings = look(server.address, Authorized::Probe);
    let offered = seen(&findings);
    assert!(offered.software.starts_with("dropbear"), "{offered:?}");
    assert_eq!((offered.password_login, offered.open_login), (Some(false), Some(false)));
    let mut shown: Vec<_> = keys(&findings).iter().map(|key| (key.kind.as_str(), key.bits)).collect();
    shown.sort_unstable();
    assert_eq!(shown, [("ssh-ed25519", Some(256)), ("ssh-rsa", Some(2048))]);
    assert_eq!(findings.gaps, []);
    assert_eq!(greeting(server.address), before);
}

/// All that OpenSSH can be told to offer.
fn everything() -> String {
    let list = |what: &str| {
        let output = Command::new("/usr/bin/ssh").args(["-Q", what]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().replace('\n', ",")
    };
    let (methods, ciphers, macs) = (list("kex"), list("cipher"), list("mac"));
    format!("KexAlgorithms {methods}\nCiphers {ciphers}\nMACs {macs}\nHostKeyAlgorithms +ssh-rsa")
}

#[test]
fn another_tool_sees_the_same() {
    const AUDIT: &str = "/usr/bin/ssh-audit";
    if !installed(&[AUDIT, SSHD, KEYGEN, "/usr/bin/ssh", DROPBEAR, DROPBEARKEY]) {
        return;
    }
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = [("ed25519", ""), ("ecdsa", "521"), ("rsa", "3072")];
    for server in [openssh(one.path(), &made, &everything()), dropbear(two.path())] {
        let port = server.address.port().to_string();
        let output = Command::new(AUDIT).args(["-j", "-p", &port, "127.0.0.1"]).output().unwrap();
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        // Older versions list names, newer ones objects.
        let names = |list: &str| -> Vec<String> {
            let name = |entry: &serde_json::Value| entry.as_str().or(entry["algorithm"].as_str()).unwrap().to_owned();
            theirs[list].as_array().unwrap().iter().map(name).collect()
        };
        let findings = look(server.address, Authorized::Probe);
        let ours = seen(&findings);
        let signals = ["kex-strict-s-v00@openssh.com", "kexguess2@matt.ucc.asn.au", "ext-info-s"];
        let methods: Vec<_> = names("kex").into_iter().filter(|name| !signals.contains(&name.as_str())).collect();
        assert_eq!(ours.key_exchange, methods);
        assert_eq!(ours.host_keys, names("key"));
        assert_eq!(ours.ciphers, names("enc"));
        assert_eq!(ours.macs, names("mac"));
        for theirs in theirs["fingerprints"].as_array().unwrap() {
            if theirs["hash_alg"] == "SHA256" {
                let key = keys(&findings).into_iter().find(|key| theirs["hostkey"] == key.kind.as_str()).unwrap();
                assert_eq!(key.fingerprint, format!("SHA256:{}", theirs["hash"].as_str().unwrap()));
            }
        }
        for theirs in theirs["key"].as_array().unwrap() {
            if let Some(size) = theirs["keysize"].as_u64().filter(|_| theirs["algorithm"] == "rsa-sha2-256") {
                let key = keys(&findings).into_iter().find(|key| key.kind == "ssh-rsa").unwrap();
                assert_eq!(key.bits.map(u64::from), Some(size));
            }
        }
    }
}

/// A server by Paramiko, in one of its modes.
fn paramiko(mode: &str) -> Option<Server> {
    if !installed(&["/usr/bin/python3", "/usr/lib/python3/dist-packages/paramiko"]) {
        return None;
    }
    let address = free();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ssh_server.py");
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
    assert_eq!((limit(&findings).attempts, limit(&findings).limited), (10, false));
    // Without a test account no lock can be seen, which is said.
    assert_eq!(findings.gaps.len(), 1);
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
    };
    let budget = Budget::new(Bounds::default(), Stop::default());
    let findings = ssh::look(&Endpoint::tcp(server.address, None), Some(&port), Authorized::Active, &budget);
    assert_eq!((limit(&findings).limited, limit(&findings).how.as_deref()), (true, Some("locked")));
    assert_eq!((logins(&findings).0.len(), findings.gaps.len()), (0, 0));
}

/// A server that sends these pieces to everybody, with a pause between them, once or without end.
fn fake(pieces: Vec<Vec<u8>>, pause: Duration, endless: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let pieces = pieces.clone();
            thread::spawn(move || {
                loop {
                    for piece in &pieces {
                        if stream.write_all(piece).is_err() {
                            return;
                        }
                        thread::sleep(pause);
                    }
                    if !endless {
                        let _ = stream.shutdown(std::net::Shutdown::Write);
                        while stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {}
                        return;
                    }
                }
            });
        }
    });
    address
}

#[test]
fn whatever_answers_the_look_ends() {
    let banner = b"SSH-2.0-x\r\n".to_vec();
    let packet = |payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap() + 5;
        [&length.to_be_bytes()[..], &[4], payload, &[0; 4]].concat()
    };
    let list_bomb = [&[20][..], &[0; 16], &[0xff; 4], b"curve25519-sha256"].concat();
    let noise = packet(&[2, 0, 0, 0, 0]).repeat(100);
    let overlong_padding = vec![0, 0, 0, 8, 200, 20, 0, 0, 0, 0, 0, 0];
    let none = Duration::ZERO;
    for (case, address, kind) in [
        ("endless lines", fake(vec![b"hello\n".repeat(100)], none, true), FailureKind::TooMuch),
        ("endless banner", fake(vec![vec![b'S'; 4096]], none, true), FailureKind::TooMuch),
        ("drops", fake(vec![b"S".to_vec()], Duration::from_millis(30), true), FailureKind::TimedOut),
        ("another protocol", fake(vec![b"220 ready\r\n".to_vec()], none, false), FailureKind::Closed),
        ("early close", fake(vec![banner.clone()], none, false), FailureKind::Closed),
        ("huge packet", fake(vec![banner.clone(), vec![0xff; 64]], none, false), FailureKind::TooMuch),
        ("list bomb", fake(vec![banner.clone(), packet(&list_bomb)], none, false), FailureKind::Nonsense),
        ("only noise", fake(vec![[&banner[..], &noise].concat()], none, true), FailureKind::TooMuch),
        ("padding", fake(vec![banner, overlong_padding], none, false), FailureKind::Nonsense),
    ] {
        let bounds = Bounds { conversation: Duration::from_secs(1), ..Bounds::default() };
        let budget = Budget::new(bounds, Stop::default());
        let findings = ssh::look(&Endpoint::tcp(address, None), None, Authorized::Active, &budget);
        assert_eq!(failures(&findings), [kind], "{case}");
        let aspects: Vec<Aspect> = findings.gaps.iter().map(|(aspect, _)| *aspect).collect();
        assert_eq!(aspects, [Aspect::NetworkSsh, Aspect::NetworkLogins], "{case}");
    }
}

#[test]
fn the_first_protocol_is_told_and_left() {
    let address = fake(vec![b"SSH-1.5-1.2.27\n".to_vec()], Duration::ZERO, false);
    let findings = look(address, Authorized::Probe);
    assert_eq!((seen(&findings).protocol.as_str(), seen(&findings).software.as_str()), ("1.5", "1.2.27"));
    assert_eq!(findings.gaps.len(), 1);
}

#[test]
fn nothing_is_sent_where_nothing_is_allowed() {
    assert_eq!(look(free(), Authorized::Passive), Findings::default());
}
