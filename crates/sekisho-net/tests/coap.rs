//! CoAP servers and their resources, on a real server and on hostile ones.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests, and what they share")]

#[allow(dead_code, reason = "each test file uses a part of it")]
mod servers;

use std::net::{IpAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::messaging::{CoapResource, CoapServer};
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop, coap, scan};
use servers::{budget, free_udp, host, local, program, start};

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
    let Some(program) = program("coap-server-notls") else { return };
    for address in ["127.0.0.1", "::1"] {
        let dir = tempfile::tempdir().unwrap();
        let port = free_udp();
        let Ok(ip) = address.parse::<IpAddr>() else { return };
        if UdpSocket::bind((ip, 0)).is_err() {
            println!("skipped: no {address}");
            continue;
        }
        let _server = start(&program, dir.path(), &["-A", address, "-p", &port.to_string(), "-d", "4"]);
        let host = host(ip, Transport::Udp, port, "coap", Authorized::Probe);
        let endpoint = (0..20)
            .find_map(|_| {
                thread::sleep(Duration::from_millis(200));
                let (listening, _) = scan::host(&host, &budget(), &|_| {});
                listening.udp.into_iter().find(|(_, service)| service.protocol.as_deref() == Some("coap"))
            })
            .expect("the server does not answer")
            .0;
        let findings = coap::look(&endpoint, &budget());
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
        assert_eq!(coap::look(&endpoint, &budget()).facts.len(), findings.facts.len());
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
    let findings = coap::look(&endpoint, &budget());
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
    let findings = coap::look(&endpoint, &budget());
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
    let findings = coap::look(&endless, &budget());
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap));
    // A list of very many.
    let many = answering(|request| {
        let list: Vec<u8> = (0..3000).flat_map(|number| format!("</{number}>,").into_bytes()).collect();
        vec![reply(request, 2, 0x45, &[], &list)]
    });
    let findings = coap::look(&many, &budget());
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
        let findings = coap::look(&answering(answer), &short());
        assert!(server(&findings).is_none() && findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkCoap));
    }
    let nobody = coap::look(&Endpoint::udp(local(free_udp()), None), &short());
    assert!(server(&nobody).is_none() && !nobody.gaps.is_empty());
}
