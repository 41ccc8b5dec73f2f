//! The look at TLS servers, against OpenSSL, nginx, and servers that behave as none should.
#![allow(clippy::unwrap_used, reason = "a test may end so")]

mod openssl;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use openssl::{Keys, Running, free, is_installed, s_server, wait};
use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{FailureKind, ProbeFailure};
use sekisho_model::product::{Authorized, Transport};
use sekisho_model::tls::{TlsCertificate, TlsServer, TlsSuite};
use sekisho_net::tls::{Roots, Starttls, look};
use sekisho_net::{Bounds, Budget, Connection, Endpoint, Findings, Host, Port, Secure, Stop, Survey};
use time::OffsetDateTime;

const RSA: [&str; 1] = ["rsa:2048"];

fn budget(conversation: u64) -> Budget {
    let conversation = Duration::from_secs(conversation);
    Budget::new(Bounds { per_second: 2000, conversation, ..Bounds::default() }, Stop::default())
}

fn seen(endpoint: &Endpoint, starttls: Option<Starttls>, roots: Option<&Roots>) -> (Findings, u32) {
    let budget = budget(10);
    // Certificates are made in the moment of the test: an hour later the days that are left do not change between two looks.
    let now = OffsetDateTime::now_utc() + Duration::from_hours(1);
    let findings = look(endpoint, starttls, roots, now, &budget);
    (findings, budget.spent())
}

fn server(findings: &Findings) -> &TlsServer {
    let mut servers = findings.facts.iter().filter_map(|(fact, _)| match fact {
        Observed::TlsServer(server) => Some(server),
        _ => None,
    });
    servers.next().expect("a server")
}

fn certificates(findings: &Findings) -> Vec<&TlsCertificate> {
    findings
        .facts
        .iter()
        .filter_map(
            |(fact, _)| if let Observed::TlsCertificate(certificate) = fact { Some(&**certificate) } else { None },
        )
        .collect()
}

fn suites(findings: &Findings) -> Vec<&TlsSuite> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| if let Observed::TlsSuite(suite) = fact { Some(suite) } else { None })
        .collect()
}

fn failures(findings: &Findings) -> Vec<&ProbeFailure> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| if let Observed::ProbeFailure(failure) = fact { Some(failure) } else { None })
        .collect()
}

/// Whether a client can still log on.
fn still_serves(address: SocketAddr) -> bool {
    let budget = budget(10);
    Connection::open(&budget, address).and_then(|connection| Secure::open(connection, None)).is_ok()
}

#[test]
fn a_good_server_is_clean() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.authority("DNS:*.example,IP:127.0.0.1");
    let good = ["-www", "-cipher", "ECDHE+AESGCM:ECDHE+CHACHA20", "-serverpref", "-groups", "X25519:P-256"];
    let chain = [good.as_slice(), &["-no_tls1", "-no_tls1_1", "-CAfile", "root.pem"]].concat();
    let (_running, address) = s_server(&keys, "own", &chain);
    let roots = Roots::from_pem(&std::fs::read(keys.path("root.pem")).unwrap()).unwrap();
    let endpoint = Endpoint::tcp(address, Some("device.example"));
    let (findings, spent) = seen(&endpoint, None, Some(&roots));
    assert_eq!(findings.gaps, []);
    let server = server(&findings);
    assert_eq!(server.versions, ["tls1.2", "tls1.3"]);
    assert_eq!(server.refused, ["ssl2", "ssl3", "tls1.0", "tls1.1"]);
    assert_eq!((&server.weaknesses[..], &server.unknown[..]), (&[][..], &[][..]));
    assert_eq!(server.groups, ["secp256r1", "x25519"]);
    assert_eq!(
        (server.forward_secrecy, server.server_order, server.compression),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!((server.secure_renegotiation, server.fallback_refused, server.dh_bits), (Some(true), Some(true), None));
    assert_eq!((server.extended_master_secret, server.client_certificate), (Some(true), Some(false)));
    assert_eq!(server.server_name.as_deref(), Some("device.example"));
    let certificates = certificates(&findings);
    let own = certificates[0];
    assert_eq!((own.position, own.name_matches, own.trusted, own.valid_now), (0, Some(true), Some(true), Some(true)));
    assert!(matches!(own.days_left, Some(19 | 20)) && !own.self_signed && !own.authority);
    assert_eq!(own.names, ["*.example", "127.0.0.1"]);
    assert_eq!(own.revocation.iter().filter(|place| place.ends_with(".example/")).count(), 2, "{:?}", own.revocation);
    assert_eq!((own.key_algorithm.as_str(), own.key_bits, own.signature.as_str()), ("ec", Some(256), "ecdsa-sha256"));
    assert!(spent < 60, "{spent} connections");
    assert!(still_serves(address));
    // Nothing of it stands against other roots or names.
    let (findings, _) = seen(&Endpoint::tcp(address, Some("device.elsewhere")), None, Some(&Roots::bundled()));
    let own = self::certificates(&findings)[0].clone();
    assert_eq!((own.name_matches, own.trusted), (Some(false), Some(false)));
}

#[test]
fn what_is_old_and_weak_is_found() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("weak", &["rsa:1024"], "/CN=device.example", "400", &["-sha1"]);
    let weak = ["-www", "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-legacy_renegotiation", "-no_ticket"];
    let (_running, address) = s_server(&keys, "weak", &weak);
    let (findings, _) = seen(&Endpoint::tcp(address, Some("device.example")), None, None);
    assert_eq!(findings.gaps, []);
    let server = server(&findings);
    assert_eq!(server.versions, ["tls1.0", "tls1.1", "tls1.2", "tls1.3"]);
    assert_eq!(server.weaknesses, ["anonymous", "cbc-sha1", "md5", "no-forward-secrecy", "null"]);
    assert_eq!((server.forward_secrecy, server.session_tickets), (Some(false), Some(false)));
    assert!(server.dh_bits.is_some_and(|bits| bits <= 1024), "{:?}", server.dh_bits);
    assert!(suites(&findings).iter().any(|suite| suite.version == "tls1.0" && suite.code == "0x002f"));
    let own = certificates(&findings)[0].clone();
    assert_eq!((own.key_bits, own.signature.as_str(), own.self_signed), (Some(1024), "sha1-rsa", true));
    assert_eq!((own.name_matches, own.trusted), (Some(true), None));
    let again = seen(&Endpoint::tcp(address, Some("device.example")), None, None).0;
    assert_eq!(self::server(&again), server, "the service answers as before");
}

#[test]
fn what_tls_1_3_encrypts_is_seen() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &RSA, "/CN=device.example", "30", &[]);
    let (_running, address) = s_server(&keys, "own", &["-www", "-tls1_3", "-verify", "1"]);
    let (findings, _) = seen(&Endpoint::tcp(address, None), None, None);
    assert_eq!(findings.gaps, []);
    let server = server(&findings);
    assert_eq!(server.versions, ["tls1.3"]);
    assert_eq!((server.client_certificate, server.secure_renegotiation), (Some(true), None));
    assert_eq!((server.fallback_refused, server.session_tickets, server.forward_secrecy), (None, None, Some(true)));
    assert!(server.groups.contains(&"x448".to_owned()) && server.groups.contains(&"ffdhe2048".to_owned()));
    let own = certificates(&findings)[0].clone();
    assert_eq!((own.subject.as_str(), own.name_matches), ("CN=device.example", None));
}

#[test]
fn datagrams() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &["rsa:4096"], "/CN=device.example", "30", &[]);
    for (arguments, versions) in [
        (["-dtls1_2", "-mtu", "500"].as_slice(), ["dtls1.2"].as_slice()),
        (&["-dtls", "-cipher", "ALL:@SECLEVEL=0"], &["dtls1.0", "dtls1.2"]),
    ] {
        let (_running, address) = s_server(&keys, "own", arguments);
        let (findings, _) = seen(&Endpoint::udp(address, Some("device.example")), None, None);
        assert_eq!(findings.gaps, [], "{arguments:?}");
        let server = server(&findings);
        assert_eq!(
            (server.transport.as_str(), server.versions.as_slice()),
            ("udp", versions.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>().as_slice())
        );
        assert!(server.groups.contains(&"x25519".to_owned()));
        assert_eq!(certificates(&findings)[0].key_bits, Some(4096));
    }
}

#[test]
fn a_server_of_datagrams_that_wants_its_cookie_back() {
    if !is_installed("openssl") || !is_installed("gnutls-serv") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &RSA, "/CN=device.example", "30", &[]);
    // GnuTLS's, for OpenSSL's with cookies (`-listen`) hears nobody any more but its first client.
    let address = free(true);
    let gnutls = Command::new("gnutls-serv")
        .args(["--udp", "--echo", "--quiet", "--port", &address.port().to_string()])
        .args(["--x509certfile", "own.pem", "--x509keyfile", "own.key"])
        .args(["--priority", "NORMAL:-VERS-ALL:+VERS-DTLS1.2"])
        .current_dir(keys.folder())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _gnutls = Running(gnutls);
    assert!(verifies_hellos(address));
    // It has one client at a time and is slow to let it go: some questions get no answer, which are gaps.
    let (findings, _) = seen(&Endpoint::udp(address, Some("device.example")), None, None);
    assert_eq!(server(&findings).versions, ["dtls1.2"]);
    assert_eq!(server(&findings).client_renegotiation, None, "not asked over datagrams");
    let (own, suites) = (certificates(&findings)[0], suites(&findings));
    assert_eq!((own.subject.as_str(), own.transport.as_str()), ("CN=device.example", "udp"));
    assert!(!suites.is_empty() && suites.iter().all(|suite| suite.transport == "udp"));
}

/// Whether a server answers the hello of somebody unknown with nothing but a cookie (`HelloVerifyRequest`, type 3).
fn verifies_hellos(address: SocketAddr) -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 and no extensions.
    let hello = [&[0xfe, 0xfd], [7; 32].as_slice(), &[0, 0, 0, 2, 0xc0, 0x2f, 1, 0]].concat();
    let length = [0, 0, hello.len() as u8];
    let message = [&[1], length.as_slice(), &[0; 5], &length, &hello].concat();
    let record = [&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, message.len() as u8], message.as_slice()].concat();
    // It may still be starting.
    (0..40).any(|_| {
        let mut answer = [0; 2048];
        let answered = socket.send(&record).and_then(|_| socket.recv(&mut answer));
        if answered.is_err() {
            thread::sleep(Duration::from_millis(50));
        }
        answered.is_ok_and(|_| answer[0] == 22 && answer[13] == 3)
    })
}

#[test]
fn proof_of_non_revocation() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.authority("DNS:device.example");
    // The authority knows of the certificate, and signs that it is good.
    keys.openssl(&["ocsp", "-issuer", "root.pem", "-cert", "own.pem", "-no_nonce", "-reqout", "request"]);
    let serial = Command::new("openssl")
        .args(["x509", "-in", "own.pem", "-noout", "-serial"])
        .current_dir(keys.folder())
        .output()
        .unwrap();
    let serial = String::from_utf8(serial.stdout).unwrap().trim().replace("serial=", "");
    std::fs::write(keys.path("index"), format!("V\t491231235959Z\t\t{serial}\tunknown\t/CN=device\n")).unwrap();
    keys.openssl(&[
        "ocsp", "-index", "index", "-rsigner", "root.pem", "-rkey", "root.key", "-CA", "root.pem", "-reqin", "request",
        "-respout", "response", "-ndays", "7",
    ]);
    for (version, more, stapled) in [
        ("-tls1_2", ["-status_file", "response"].as_slice(), true),
        ("-tls1_3", &["-status_file", "response"], true),
        ("-tls1_2", &[], false),
        ("-tls1_3", &[], false),
    ] {
        let (_running, address) = s_server(&keys, "own", &[&["-www", version], more].concat());
        let (findings, _) = seen(&Endpoint::tcp(address, Some("device.example")), None, None);
        assert_eq!(findings.gaps, [], "{version}");
        assert_eq!(server(&findings).ocsp_stapled, Some(stapled), "{version} {more:?}");
    }
}

#[test]
fn after_the_change_in_smtp() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &RSA, "/CN=mail.example", "30", &[]);
    let (_running, behind) = s_server(&keys, "own", &["-www"]);
    // A mail server's first words, and what is behind them.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                stream.write_all(b"220 mail.example ESMTP\r\n").ok()?;
                let _line = stream.read(&mut buffer).ok()?;
                stream.write_all(b"250-mail.example\r\n250 STARTTLS\r\n").ok()?;
                let _line = stream.read(&mut buffer).ok()?;
                stream.write_all(b"220 go ahead\r\n").ok()?;
                let mut inner = TcpStream::connect(behind).ok()?;
                let (mut from, mut to) = (stream.try_clone().ok()?, inner.try_clone().ok()?);
                thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Write);
                });
                std::io::copy(&mut inner, &mut stream).ok()?;
                stream.shutdown(std::net::Shutdown::Both).ok()
            });
        }
    });
    let (findings, _) = seen(&Endpoint::tcp(address, Some("mail.example")), Some(Starttls::Smtp), None);
    assert_eq!(findings.gaps, []);
    let server = server(&findings);
    assert_eq!((server.starttls.as_deref(), server.versions.len()), (Some("smtp"), 2));
}

#[test]
fn nginx_in_two_configurations() {
    if !is_installed("openssl") || !is_installed("nginx") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &RSA, "/CN=device.example", "30", &["-addext", "subjectAltName=DNS:device.example"]);
    for (settings, versions, weak) in [
        ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;", ["tls1.2", "tls1.3"].as_slice(), false),
        (
            "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0; ssl_verify_client optional_no_ca;",
            &["tls1.0", "tls1.1"],
            true,
        ),
    ] {
        let address = free(false);
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr; events {{}} http {{ access_log off; server {{
             listen {address} ssl; ssl_certificate own.pem; ssl_certificate_key own.key; {settings} return 204; }} }}"
        );
        std::fs::write(keys.path("nginx.conf"), configuration).unwrap();
        let nginx = Command::new("nginx")
            .args(["-p", keys.folder().to_str().unwrap(), "-c", "nginx.conf"])
            .env("OPENSSL_CONF", "/dev/null")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut nginx = Running(nginx);
        wait(&mut nginx, address);
        let (findings, spent) = seen(&Endpoint::tcp(address, Some("device.example")), None, None);
        assert_eq!(findings.gaps, []);
        let server = server(&findings);
        assert_eq!(server.versions, versions);
        assert_eq!((server.weaknesses.is_empty(), server.client_certificate), (!weak, Some(weak)));
        assert!(spent < 60, "{spent} connections");
        let again = seen(&Endpoint::tcp(address, Some("device.example")), None, None).0;
        assert_eq!(again, findings, "the service answers as before");
    }
}

/// A server that answers each connection's first bytes with what the function makes of them.
fn fake(answer: impl Fn(&[u8], &mut TcpStream) + Send + Sync + Copy + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut hello = [0; 4096];
                let read = stream.read(&mut hello).unwrap_or(0);
                answer(&hello[..read], &mut stream);
            });
        }
    });
    address
}

/// A server's whole turn in SSL 3.0 or TLS up to 1.2, where it has one of the suites offered.
fn turn(hello: &[u8], version: u8, has: &[u16]) -> Option<Vec<u8>> {
    let count = usize::from(u16::from_be_bytes([*hello.get(44)?, *hello.get(45)?]));
    let offered: Vec<u16> =
        hello.get(46..46 + count)?.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let suite = has.iter().find(|suite| offered.contains(suite))?;
    let body = [&[3, version], [7; 32].as_slice(), &[0], &suite.to_be_bytes(), &[0]].concat();
    let messages = [&[2, 0, 0, body.len() as u8], body.as_slice(), &[14, 0, 0, 0]].concat();
    Some([&[22, 3, version, 0, messages.len() as u8], messages.as_slice()].concat())
}

#[test]
fn ssl_2_and_3_with_what_libraries_forgot() {
    let address = fake(|hello, stream| {
        let _ = match hello {
            [0x80, ..] => {
                let body = [&[4, 0, 1, 0, 2, 0, 0, 0, 6, 0, 16, 2, 0, 0x80, 6, 0, 0x40], [9; 16].as_slice()].concat();
                stream.write_all(&[&[0x80, body.len() as u8], body.as_slice()].concat())
            }
            // Version of the hello itself.
            [22, _, _, _, _, _, _, _, _, 3, 0, ..] => match turn(hello, 0, &[0x0005, 0x0003, 0x0009]) {
                Some(turn) => stream.write_all(&turn),
                None => stream.write_all(&[21, 3, 0, 0, 2, 2, 40]),
            },
            // All others are cut off.
            _ => Ok(()),
        };
    });
    let (findings, _) = seen(&Endpoint::tcp(address, None), None, None);
    assert_eq!(findings.gaps, []);
    let server = server(&findings);
    assert_eq!(server.versions, ["ssl2", "ssl3"]);
    assert_eq!(server.refused, ["tls1.0", "tls1.1", "tls1.2", "tls1.3"]);
    assert_eq!(server.weaknesses, ["cbc-sha1", "des", "export", "md5", "no-forward-secrecy", "rc4"]);
    let codes: Vec<&str> = suites(&findings).iter().map(|suite| suite.code.as_str()).collect();
    assert_eq!(codes, ["0x020080", "0x060040", "0x0005", "0x0003", "0x0009"]);
}

#[test]
fn new_groups_are_seen_without_their_keys() {
    // A server that wants X25519MLKEM768, and takes x25519 too; it answers with requests for another hello.
    let address = fake(|hello, stream| {
        let wants =
            |group: [u8; 2], at: usize| hello.get(at..).is_some_and(|rest| rest.windows(2).any(|pair| pair == group));
        let tls13 = hello.windows(7).any(|bytes| bytes == [0, 43, 0, 3, 2, 3, 4]);
        // The list of groups: extension 10.
        let groups = hello.windows(4).position(|bytes| bytes[..2] == [0, 10] && bytes[2] == 0 && bytes[3] > 2);
        let (Some(groups), true) = (groups, tls13) else {
            let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]);
            return;
        };
        let group = if wants([0x11, 0xec], groups) { [0x11, 0xec] } else { [0, 29] };
        if !hello.windows(2).any(|pair| pair == [0x13, 0x01]) || !hello[groups..].windows(2).any(|pair| pair == group) {
            let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 40]);
            return;
        }
        let retry: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&RETRY[at * 2..at * 2 + 2], 16).unwrap()).collect();
        let extensions = [&[0, 43, 0, 2, 3, 4, 0, 51, 0, 2], group.as_slice()].concat();
        let body = [&[3, 3], retry.as_slice(), &[0, 0x13, 0x01, 0, 0, 12], &extensions].concat();
        let message = [&[2, 0, 0, body.len() as u8], body.as_slice()].concat();
        let _ = stream.write_all(&[&[22, 3, 3, 0, message.len() as u8], message.as_slice()].concat());
    });
    let (findings, _) = seen(&Endpoint::tcp(address, None), None, None);
    let server = server(&findings);
    assert_eq!(server.versions, ["tls1.3"]);
    assert!(server.groups.contains(&"x25519mlkem768".to_owned()), "{:?}", server.groups);
}

/// RFC 8446, section 4.1.3.
const RETRY: &str = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

#[test]
fn hostile_servers_come_to_an_end() {
    let brief = |address: SocketAddr| {
        let budget = Budget::new(
            Bounds {
                per_second: 2000,
                conversation: Duration::from_secs(1),
                total: Duration::from_secs(20),
                ..Bounds::default()
            },
            Stop::default(),
        );
        look(&Endpoint::tcp(address, None), None, None, OffsetDateTime::now_utc(), &budget)
    };
    let kinds = |findings: &Findings| failures(findings).iter().map(|failure| failure.failure).collect::<Vec<_>>();
    let has_server =
        |findings: &Findings| findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::TlsServer(_)));
    // Nobody there; somebody who speaks something else; silence; an early end; a record drop by drop; a message of 16 MB.
    let findings = brief(free(false));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::Refused], false));
    let findings = brief(fake(|_, stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"))));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::Nonsense], false));
    let findings = brief(fake(|_, _| thread::sleep(Duration::from_secs(3))));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::TimedOut], false));
    let findings = brief(fake(|_, _| ()));
    assert_eq!(kinds(&findings).len(), 1);
    assert!(!has_server(&findings), "that it closes says nothing");
    let findings = brief(fake(|_, stream| {
        for byte in [22, 3, 3, 0x3f, 0xff].into_iter().chain(std::iter::repeat_n(0, 100)) {
            let _ = stream.write_all(&[byte]);
            thread::sleep(Duration::from_millis(50));
        }
    }));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::TimedOut], false));
    let findings = brief(fake(|_, stream| {
        let _ = stream.write_all(&[22, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff]);
        let _ = stream.write_all(&[22, 3, 3, 0x40, 0].iter().copied().chain([0; 0x4000]).collect::<Vec<_>>());
    }));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::TooMuch], false));
    // Empty records for ever; random bytes.
    let findings = brief(fake(|_, stream| while stream.write_all(&[22, 3, 3, 0, 0]).is_ok() {}));
    assert_eq!((kinds(&findings), has_server(&findings)), (vec![FailureKind::TooMuch], false));
    let findings =
        brief(fake(|hello, stream| drop(stream.write_all(&hello.iter().rev().copied().collect::<Vec<_>>()))));
    assert!(!findings.gaps.is_empty());
}

#[test]
fn a_chain_without_end_is_cut_off() {
    // It agrees to one suite of TLS 1.2, and then sends a message of certificates that never ends.
    let address = fake(|hello, stream| {
        let is_tls12 = hello.get(9..11) == Some(&[3, 3]) && !hello.windows(4).any(|bytes| bytes == [0, 43, 0, 3]);
        let Some(turn) = turn(hello, 3, &[0xc02f]).filter(|_| is_tls12) else {
            let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]);
            return;
        };
        // Without the end of its turn.
        let mut turn = turn[..turn.len() - 4].to_vec();
        turn[4] -= 4;
        let _ = stream.write_all(&turn);
        let _ = stream.write_all(&[22, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff]);
        let record: Vec<u8> = [22, 3, 3, 0x40, 0].into_iter().chain([0x30; 0x4000]).collect();
        while stream.write_all(&record).is_ok() {}
    });
    let (findings, _) = seen(&Endpoint::tcp(address, None), None, None);
    let server = server(&findings);
    assert_eq!((server.versions.as_slice(), server.cipher_suites.len()), (["tls1.2".to_owned()].as_slice(), 1));
    // What its turn would have shown is not known.
    assert_eq!((server.client_certificate, server.ocsp_stapled), (None, None));
    assert!(
        failures(&findings)
            .iter()
            .any(|failure| failure.probe == "handshake" && failure.failure == FailureKind::TooMuch)
    );
    assert!(!findings.gaps.is_empty() && certificates(&findings).is_empty());
}

#[test]
fn a_declared_service_inside_dtls_is_looked_at_and_one_that_is_silent_is_a_gap() {
    if !is_installed("openssl") {
        return;
    }
    let keys = Keys::new();
    keys.self_signed("own", &RSA, "/CN=device.example", "30", &[]);
    let (running, address) = s_server(&keys, "own", &["-dtls1_2"]);
    let port = Port {
        transport: Transport::Udp,
        port: address.port(),
        kind: "coaps".into(),
        authorized: Authorized::Probe,
        accounts: Vec::new(),
        path: None,
        login: None,
    };
    let host = Host {
        address: address.ip(),
        name: None,
        vantage: sekisho_model::network::Vantage::Unknown,
        // Nothing else is asked.
        authorized: Authorized::Passive,
        tcp_ports: Vec::new(),
        declared: vec![port],
    };
    let look = || {
        let survey = Survey { now: OffsetDateTime::now_utc(), roots: None, budget: &budget(10), progress: &|_| {} };
        survey.host(&host)
    };
    let open = |findings: &Findings, aspect: Aspect| findings.gaps.iter().any(|(of, _)| *of == aspect);
    let findings = look();
    assert_eq!(server(&findings).versions, ["dtls1.2"]);
    assert!(findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::NetworkService(service) if service.tls)));
    // What is inside was not asked.
    assert!(!open(&findings, Aspect::NetworkTls) && open(&findings, Aspect::NetworkCoap));
    drop(running);
    let findings = look();
    assert!(open(&findings, Aspect::NetworkTls) && open(&findings, Aspect::NetworkServices));
}
