//! Whether clients may renegotiate, asked of OpenSSL and `GnuTLS`, which do as they are told, and of servers that behave as none should.
#![allow(clippy::unwrap_used, reason = "a test may end so")]

mod openssl;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use openssl::{Keys, Running, free, is_installed, s_server, wait};
use sekisho_model::fact::Observed;
use sekisho_model::tls::TlsServer;
use sekisho_net::tls::look;
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop};
use time::OffsetDateTime;

fn seen(address: SocketAddr) -> Findings {
    let bounds = Bounds { per_second: 2000, conversation: Duration::from_secs(10), ..Bounds::default() };
    let budget = Budget::new(bounds, Stop::default());
    look(&Endpoint::tcp(address, None), None, None, OffsetDateTime::now_utc(), &budget)
}

fn server(findings: &Findings) -> &TlsServer {
    let mut servers = findings.facts.iter().filter_map(|(fact, _)| match fact {
        Observed::TlsServer(server) => Some(server),
        _ => None,
    });
    servers.next().expect("a server")
}

/// Keys of both kinds.
fn keys() -> Keys {
    let keys = Keys::new();
    keys.self_signed("rsa", &["rsa:2048"], "/CN=device.example", "30", &[]);
    keys.self_signed("ec", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "/CN=device.example", "30", &[]);
    keys
}

#[test]
fn openssl_in_every_version_and_kind_of_suite() {
    if !is_installed("openssl") {
        return;
    }
    let keys = keys();
    for (key, arguments) in [
        ("rsa", ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"].as_slice()),
        ("rsa", &["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384", "-groups", "P-384"]),
        ("ec", &["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305", "-groups", "P-256"]),
        ("rsa", &["-tls1_2", "-cipher", "DHE-RSA-AES256-SHA256"]),
        ("rsa", &["-tls1_2", "-cipher", "AES128-SHA256", "-no_ticket"]),
        ("rsa", &["-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384"]),
        ("rsa", &["-tls1_1", "-cipher", "AES256-SHA:@SECLEVEL=0"]),
        ("rsa", &["-tls1", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"]),
        ("rsa", &["-tls1", "-cipher", "DHE-RSA-AES256-SHA:@SECLEVEL=0"]),
    ] {
        for allowed in [true, false] {
            let mut arguments = arguments.to_vec();
            arguments.extend(allowed.then_some("-client_renegotiation"));
            let (_running, address) = s_server(&keys, key, &arguments);
            let findings = seen(address);
            assert_eq!(findings.gaps, [], "{arguments:?}: {:?}", findings.facts);
            let server = server(&findings);
            assert_eq!(
                (server.client_renegotiation, server.secure_renegotiation),
                (Some(allowed), Some(true)),
                "{arguments:?}"
            );
        }
    }
}

#[test]
fn gnutls_with_and_without_the_safe_way() {
    if !is_installed("openssl") || !is_installed("gnutls-serv") {
        return;
    }
    let keys = keys();
    for (more, safe, allowed) in [
        ("", true, true),
        (":%DISABLE_SAFE_RENEGOTIATION", false, true),
        (":%DISABLE_SAFE_RENEGOTIATION:-ECDHE-RSA:-DHE-RSA:+RSA", false, true),
    ] {
        let address = free(false);
        let gnutls = Command::new("gnutls-serv")
            .args(["--quiet", "--echo", "--nocookie", "--port", &address.port().to_string()])
            .args(["--x509certfile", "rsa.pem", "--x509keyfile", "rsa.key"])
            .args(["--priority", &format!("NORMAL:-VERS-ALL:+VERS-TLS1.2{more}")])
            .current_dir(keys.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut gnutls = Running(gnutls);
        wait(&mut gnutls, address);
        let findings = seen(address);
        assert_eq!(findings.gaps, [], "{more}: {:?}", findings.facts);
        let server = server(&findings);
        assert_eq!((server.secure_renegotiation, server.client_renegotiation), (Some(safe), Some(allowed)), "{more}");
    }
}

#[test]
fn where_there_is_none_it_is_not_told() {
    if !is_installed("openssl") {
        return;
    }
    let keys = keys();
    // TLS 1.3 has none; without a certificate of the client there is no session.
    for arguments in [&["-tls1_3"][..], &["-tls1_2", "-Verify", "1", "-client_renegotiation"]] {
        let (_running, address) = s_server(&keys, "rsa", arguments);
        let findings = seen(address);
        assert_eq!(findings.gaps, [], "{arguments:?}: {:?}", findings.facts);
        assert_eq!(server(&findings).client_renegotiation, None, "{arguments:?}");
    }
    // One that asks for a certificate and does without.
    let (_running, address) = s_server(&keys, "rsa", &["-tls1_2", "-verify", "1", "-client_renegotiation"]);
    let findings = seen(address);
    assert_eq!((findings.gaps.len(), server(&findings).client_renegotiation), (0, Some(true)));
    // In CCM no session is held here.
    let (_running, address) = s_server(&keys, "rsa", &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-CCM:AES128-CCM"]);
    let findings = seen(address);
    assert_eq!((findings.gaps.len(), server(&findings).client_renegotiation), (1, None), "{:?}", findings.gaps);
}

#[test]
fn a_session_that_breaks_is_a_gap() {
    if !is_installed("openssl") {
        return;
    }
    let keys = keys();
    let (_running, behind) = s_server(&keys, "rsa", &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"]);
    // Somebody in between who lets the server's first turn through, and alters or swallows what comes after it.
    for alters in [true, false] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let mut inner = std::net::TcpStream::connect(behind).ok()?;
                    let (mut from, mut to) = (stream.try_clone().ok()?, inner.try_clone().ok()?);
                    thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(std::net::Shutdown::Both);
                    });
                    loop {
                        let mut header = [0; 5];
                        inner.read_exact(&mut header).ok()?;
                        let mut body = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
                        inner.read_exact(&mut body).ok()?;
                        // The ticket, and what follows: 4 is no message of the first turn.
                        if header[0] == 20 || body.first() == Some(&4) {
                            if !alters {
                                thread::sleep(Duration::from_secs(12));
                                return Some(());
                            }
                            body[0] ^= 0x55;
                        }
                        stream.write_all(&header).ok()?;
                        stream.write_all(&body).ok()?;
                    }
                });
            }
        });
        let findings = seen(address);
        assert_eq!(server(&findings).client_renegotiation, None);
        assert!(!findings.gaps.is_empty());
        let told = findings
            .facts
            .iter()
            .any(|(fact, _)| matches!(fact, Observed::ProbeFailure(failure) if failure.probe == "renegotiation"));
        assert!(told, "{:?}", findings.facts);
    }
}
