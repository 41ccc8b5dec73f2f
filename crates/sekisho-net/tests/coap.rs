//! CoAP servers and their resources, on a real server and on hostile ones.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests, and what they share")]

#[allow(dead_code, reason = "each test file uses a part of it")]
mod servers;

use std::io::{Read, Write};
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::{Aspect, Gap};
use sekisho_model::fact::Observed;
use sekisho_model::messaging::{CoapResource, CoapServer};
use sekisho_model::network::NetworkService;
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop, Survey, coap, scan};
use servers::{accepts, budget, daemons, free_tcp, free_udp, host, local, program, run, start};
use time::OffsetDateTime;

fn server(findings: &Findings) -> Option<CoapServer> {
    findings.facts.iter().find_map(|(fact, _)| match fact {
        Observed::CoapServer(server) => Some(server.clone()),
        _ => None,
    })
}

fn resources(findings: &Findings) -> Vec<CoapResource> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| match fact {
            Observed::CoapResource(resource) => Some(resource.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_server_that_lists_its_resources() {
    for address in ["127.0.0.1", "::1"] {
        let dir = tempfile::tempdir().unwrap();
        let Ok(ip) = address.parse::<IpAddr>() else { return };
        if UdpSocket::bind((ip, 0)).is_err() {
            println!("skipped: no {address}");
            continue;
        }
        let Some((_server, port)) = daemons::coap(dir.path(), address) else { return };
        let host = host(ip, Transport::Udp, port, "coap", Authorized::Probe);
        let endpoint = (0..20)
            .find_map(|_| {
                thread::sleep(Duration::from_millis(200));
                let (listening, _) = scan::host(&host, &budget(), &|_| {});
                listening.udp.into_iter().find(|(_, service)| service.protocol.as_deref() == Some("coap"))
            })
            .expect("the server does not answer")
            .0;
        let findings = coap::look(&endpoint, false, &budget());
        let server = server(&findings).unwrap();
        assert!(server.lists_resources, "{findings:?}");
        assert_eq!(findings.gaps, []);
        let resources = resources(&findings);
        assert_eq!(server.resources as usize, resources.len());
        assert!(server.readable >= 2, "{findings:?}");
        let time = resources.iter().find(|resource| resource.path == "/time").unwrap();
        assert_eq!((time.code.as_deref(), time.readable, time.observable), (Some("2.05"), Some(true), true));
        assert!(!time.types.is_empty());
        // As before afterwards.
        assert_eq!(coap::look(&endpoint, false, &budget()).facts.len(), findings.facts.len());
    }
}

/// A server over UDP that answers every datagram so.
fn answering(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> Endpoint {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::udp(socket.local_addr().unwrap(), None);
    thread::spawn(move || {
        let mut buffer = [0; 2000];
        while let Ok((read, from)) = socket.recv_from(&mut buffer) {
            for answer in answer(&buffer[..read]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    endpoint
}

/// An answer to a request: type, code, options after the token, content.
fn reply(request: &[u8], kind: u8, code: u8, options: &[u8], content: &[u8]) -> Vec<u8> {
    let token = &request[4..8];
    let head = [0x40 | kind << 4 | 4, code, request[2], request[3]];
    [&head[..], token, options, &[0xff], content].concat()
}

#[test]
fn a_server_that_asks_for_a_log_in() {
    let endpoint = answering(|request| vec![[&[0x64, 0x81, request[2], request[3]][..], &request[4..8]].concat()]);
    let findings = coap::look(&endpoint, false, &budget());
    let server = server(&findings).unwrap();
    assert_eq!((server.lists_resources, server.resources, server.readable), (false, 0, 0));
    assert_eq!(findings.gaps, []);
}

#[test]
fn a_list_in_blocks_and_an_answer_after_its_receipt() {
    let endpoint = answering(|request| {
        let later = [&[0x60, 0][..], &request[2..4]].concat();
        if !request.windows(4).any(|four| four == b"core") {
            return vec![later, reply(request, 0, 0x45, &[], b"1")];
        }
        // Block2 is option 23: after 11 (twice) its distance is 12.
        let second = request.windows(2).any(|two| two[0] == 0xc1 && two[1] == 0x10);
        let (block, part): (u8, &[u8]) = if second { (0x10, b"/b>;obs") } else { (0x08, b"</aaaaaaaaaaaa>,<") };
        vec![reply(request, 2, 0x45, &[0xd1, 10, block], part)]
    });
    let findings = coap::look(&endpoint, false, &budget());
    let paths: Vec<_> = resources(&findings)
        .into_iter()
        .map(|resource| (resource.path, resource.observable, resource.readable))
        .collect();
    assert_eq!(
        paths,
        [("/aaaaaaaaaaaa".to_owned(), false, Some(true)), ("/b".to_owned(), true, Some(true))],
        "{findings:?}"
    );
    assert_eq!(findings.gaps, []);
}

/// What a server sends back for a datagram.
type Answer = fn(&[u8]) -> Vec<Vec<u8>>;

#[test]
fn hostile_servers_do_no_harm() {
    // Blocks without end.
    let endless = answering(|request| {
        let more = request.windows(2).position(|two| two[0] == 0xc1 || two[0] == 0xc2);
        let number = more.map_or(0, |at| if request[at] == 0xc1 { request[at + 1] >> 4 } else { request[at + 2] >> 4 });
        vec![reply(request, 2, 0x45, &[0xd1, 10, number << 4 | 8], b"</x>,")]
    });
    let findings = coap::look(&endless, false, &budget());
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap));
    // A list of very many.
    let many = answering(|request| {
        let list: Vec<u8> = (0..3000).flat_map(|number| format!("</{number}>,").into_bytes()).collect();
        vec![reply(request, 2, 0x45, &[], &list)]
    });
    let findings = coap::look(&many, false, &budget());
    assert!(resources(&findings).len() <= 256 && !findings.gaps.is_empty());
    assert!(server(&findings).unwrap().readable <= 32);
    // Nonsense, an echo, refusal, silence.
    let short = || Budget::new(Bounds { total: Duration::from_secs(4), ..Bounds::default() }, Stop::default());
    let odd: [Answer; 4] = [
        |_| vec![vec![0xff; 1400]],
        |request| vec![request.to_vec()],
        |request| vec![vec![0x70, 0, request[2], request[3]]],
        |_| Vec::new(),
    ];
    for answer in odd {
        let findings = coap::look(&answering(answer), false, &short());
        assert!(server(&findings).is_none() && findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap));
    }
    let nobody = coap::look(&Endpoint::udp(local(free_udp()), None), false, &short());
    assert!(server(&nobody).is_none() && !nobody.gaps.is_empty());
}

/// Identifies the service at a port, and looks at it where it is CoAP.
fn seen_over_tcp(port: u16, kind: &str) -> (NetworkService, Findings) {
    let host = host(local(port).ip(), Transport::Tcp, port, kind, Authorized::Probe);
    let endpoint = Endpoint::tcp(local(port), None);
    let (service, mut findings) = scan::identify(&endpoint, host.port(Transport::Tcp, port), &budget());
    if service.protocol.as_deref() == Some("coap") {
        findings.extend(coap::look(&endpoint, service.tls, &budget()));
    }
    (service, findings)
}

/// A port above which another is free, too: the one for TLS.
fn two_free_ports() -> u16 {
    (0..100)
        .map(|_| free_tcp())
        .find(|port| *port < u16::MAX && TcpListener::bind(local(port + 1)).is_ok())
        .expect("no two free ports")
}

#[test]
fn a_server_over_tcp() {
    let Some(program) = program("coap-server-notls") else { return };
    let dir = tempfile::tempdir().unwrap();
    let port = free_tcp();
    let _server = start(&program, dir.path(), &["-A", "127.0.0.1", "-p", &port.to_string()]);
    accepts(local(port));
    // Whether the product file says so or not.
    for kind in ["coap", "other"] {
        let (service, findings) = seen_over_tcp(port, kind);
        assert_eq!((service.protocol.as_deref(), service.tls, service.cleartext), (Some("coap"), false, Some(true)));
        let server = server(&findings).unwrap_or_else(|| panic!("{findings:?}"));
        assert_eq!((server.transport.as_str(), server.tls, server.lists_resources), ("tcp", false, true));
        assert!(server.readable >= 2, "{findings:?}");
        let time = resources(&findings).into_iter().find(|resource| resource.path == "/time").unwrap();
        assert_eq!((time.transport.as_deref(), time.code.as_deref()), (Some("tcp"), Some("2.05")));
        assert_eq!(findings.gaps, []);
    }
}

#[test]
fn a_server_inside_tls_that_lets_in_anybody_and_one_that_wants_certificates() {
    let (Some(program), Some(openssl)) = (program("coap-server-openssl"), program("openssl")) else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (key, certificate) = (path("key.pem"), path("cert.pem"));
    let subject = ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=device.example", "-newkey", "ec"];
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", &key, "-out", &certificate];
    run(&openssl, &[&subject[..], &curve].concat());
    let serve = |more: &[&str]| {
        let port = two_free_ports();
        let number = port.to_string();
        let common = ["-A", "127.0.0.1", "-p", &number, "-c", &certificate, "-j", &key];
        let server = start(&program, dir.path(), &[&common[..], more].concat());
        accepts(local(port + 1));
        (server, port + 1)
    };
    // Bad: whoever comes reads.
    let (_open, port) = serve(&["-n"]);
    let (service, findings) = seen_over_tcp(port, "coaps");
    assert_eq!((service.protocol.as_deref(), service.tls, service.cleartext), (Some("coap"), true, Some(false)));
    let seen = server(&findings).unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!((seen.transport.as_str(), seen.tls, seen.lists_resources), ("tcp", true, true));
    assert!(seen.readable >= 2, "{findings:?}");
    assert_eq!(findings.gaps, []);
    // Good: nobody without a certificate. What is inside is not known then.
    let (_closed, port) = serve(&["-C", &certificate]);
    let (service, findings) = seen_over_tcp(port, "coaps");
    assert_eq!((service.protocol.as_deref(), service.tls), (Some("tls"), true), "{findings:?}");
    assert!(server(&findings).is_none());
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap));
}

/// A server over TCP that says this to everybody, again and again where `endless`.
fn saying(bytes: Vec<u8>, endless: bool) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::tcp(listener.local_addr().unwrap(), None);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let bytes = bytes.clone();
            thread::spawn(move || {
                while stream.write_all(&bytes).is_ok() && endless {}
                let mut rest = [0; 1000];
                while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
            });
        }
    });
    endpoint
}

#[test]
fn hostile_servers_over_tcp_do_no_harm() {
    let short = || Budget::new(Bounds { conversation: Duration::from_secs(2), ..Bounds::default() }, Stop::default());
    let settings = [0x00, 0xe1];
    let listed = [&settings[..], &[0x54, 0x45], b"seki", b"\xff</a>"].concat();
    for (case, bytes, endless) in [
        ("pings without end", vec![0x00, 0xe2], true),
        ("settings without end", settings.to_vec(), true),
        ("a length of gigabytes", vec![0xf0, 0xff, 0xff, 0xff, 0xff, 0x45], false),
        ("an abort", vec![0x00, 0xe1, 0x00, 0xe5], false),
        ("another protocol", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), false),
        ("silence", Vec::new(), false),
    ] {
        let findings = coap::look(&saying(bytes, endless), false, &short());
        assert!(server(&findings).is_none(), "{case}: {findings:?}");
        assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap), "{case}");
    }
    // A list, and nothing more.
    let findings = coap::look(&saying(listed, false), false, &short());
    assert_eq!((server(&findings).unwrap().resources, findings.gaps.len()), (1, 1), "{findings:?}");
}

#[test]
fn a_server_inside_dtls_that_wants_a_shared_key_says_so() {
    let Some(program) = program("coap-server-openssl") else { return };
    let dir = tempfile::tempdir().unwrap();
    let port = two_free_ports();
    let _server = start(&program, dir.path(), &["-A", "127.0.0.1", "-p", &port.to_string(), "-k", "a key of its own"]);
    accepts(local(port));
    let host = host(local(port).ip(), Transport::Udp, port + 1, "coaps", Authorized::Probe);
    let budget = budget();
    let survey = Survey { now: OffsetDateTime::now_utc(), roots: None, budget: &budget, progress: &|_| {} };
    let findings = survey.host(&host);
    let is_there = |(fact, _): &(Observed, _)| matches!(fact, Observed::NetworkService(service) if service.tls);
    assert!(findings.facts.iter().any(is_there), "{findings:?}");
    let inside =
        |(aspect, gap): &&(Aspect, Gap)| *aspect == Aspect::NetworkCoap && gap.reason.en.contains("pre-shared key");
    assert_eq!(findings.gaps.iter().filter(inside).count(), 1, "{findings:?}");
}
