//! What services let in, on small services of our own where no package has one, and on hostile ones.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests, and what they share")]

#[allow(dead_code, reason = "each test file uses a part of it")]
mod servers;

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{NetworkService, ServiceAccess};
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop, access, scan};
use servers::{budget, host, tcp};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A service over TCP that does the same on every connection.
fn service(act: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let act = Arc::new(act);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let act = act.clone();
            thread::spawn(move || act(&mut stream.unwrap()));
        }
    });
    port
}

/// A service over UDP that answers every datagram so.
fn datagrams(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> Endpoint {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::udp(socket.local_addr().unwrap(), None);
    thread::spawn(move || {
        let mut buffer = [0; 2000];
        while let Ok((read, from)) = socket.recv_from(&mut buffer) {
            let _ = socket.send_to(&answer(&buffer[..read]), from);
        }
    });
    endpoint
}

fn request(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 2000];
    let read = stream.read(&mut buffer).unwrap_or(0);
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

fn looked(endpoint: &Endpoint, protocol: &str, authorized: Authorized, budget: &Budget) -> Findings {
    let service = NetworkService { protocol: Some(protocol.to_owned()), ..NetworkService::default() };
    let mut host = host(HERE, endpoint.transport, endpoint.address.port(), protocol, authorized);
    host.authorized = authorized;
    access::look(endpoint, &service, &host, budget)
}

fn accesses(findings: &Findings) -> Vec<ServiceAccess> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| match fact {
            Observed::ServiceAccess(access) => Some(access.clone()),
            _ => None,
        })
        .collect()
}

fn granted(port: u16, protocol: &str) -> (Option<bool>, usize) {
    let findings = looked(&tcp(port), protocol, Authorized::Probe, &budget());
    (accesses(&findings).first().and_then(|access| access.granted), findings.gaps.len())
}

#[test]
fn streams_that_are_open_and_that_are_not() {
    let answering = |status: &'static str| {
        service(move |stream| {
            let asked = request(stream);
            assert!(asked.starts_with("DESCRIBE rtsp://127.0.0.1:"), "{asked}");
            let _ = write!(stream, "RTSP/1.0 {status}\r\nCSeq: 2\r\n\r\n");
        })
    };
    assert_eq!(granted(answering("200 OK"), "rtsp"), (Some(true), 0));
    assert_eq!(granted(answering("401 Unauthorized"), "rtsp"), (Some(false), 0));
    assert_eq!(granted(answering("404 Not Found"), "rtsp"), (None, 1));
}

#[test]
fn screens_that_are_open_and_that_are_not() {
    let with = |types: &'static [u8]| {
        service(move |stream| {
            let _ = stream.write_all(b"RFB 003.008\n");
            let _ = request(stream);
            let _ = stream.write_all(types);
            let _ = request(stream);
        })
    };
    assert_eq!(granted(with(&[2, 1, 2]), "vnc"), (Some(true), 0));
    assert_eq!(granted(with(&[1, 2]), "vnc"), (Some(false), 0));
    assert_eq!(granted(with(&[0]), "vnc"), (None, 1));
    // VeNCrypt carries other ways, among them none at all.
    assert_eq!(granted(with(&[2, 2, 19]), "vnc"), (None, 1));
    let old = |chosen: u8| {
        service(move |stream| {
            let _ = stream.write_all(b"RFB 003.003\n");
            let _ = request(stream);
            let _ = stream.write_all(&[0, 0, 0, chosen]);
            let _ = request(stream);
        })
    };
    assert_eq!(granted(old(1), "vnc"), (Some(true), 0));
    // "Too many attempts" is no answer.
    assert_eq!(granted(old(0), "vnc"), (None, 1));
}

#[test]
fn a_server_of_files_that_is_busy_does_not_answer() {
    let says = |greeting: &'static str, reply: &'static str| {
        let port = service(move |stream| {
            let _ = stream.write_all(greeting.as_bytes());
            let _ = request(stream);
            let _ = stream.write_all(reply.as_bytes());
            let _ = request(stream);
        });
        let findings = looked(&tcp(port), "ftp", Authorized::Active, &budget());
        (accesses(&findings).first().and_then(|access| access.granted), findings.gaps.len())
    };
    assert_eq!(says("220 ready\r\n", "530 no\r\n"), (Some(false), 0));
    assert_eq!(says("220 ready\r\n", "430 no\r\n"), (Some(false), 0));
    assert_eq!(says("421 too many users\r\n", ""), (None, 1));
    assert_eq!(says("220 ready\r\n", "421 too many users\r\n"), (None, 1));
}

#[test]
fn log_ins_that_are_not_tried_are_a_gap() {
    let host = host(HERE, Transport::Tcp, 554, "rtsp", Authorized::Active);
    let gaps = |protocol: &str| {
        let service = NetworkService { protocol: Some(protocol.into()), ..NetworkService::default() };
        access::logins(&tcp(554), &service, &host, &budget()).gaps.len()
    };
    assert_eq!((gaps("rtsp"), gaps("dns")), (1, 0));
}

#[test]
fn controllers_answer_whoever_asks() {
    let port = service(|stream| {
        let mut buffer = [0; 100];
        while let Ok(read) = stream.read(&mut buffer) {
            // Reading the identification, and nothing else, is asked.
            assert!(read == 0 || buffer[7..10] == [0x2b, 0x0e, 1], "{:?}", &buffer[..read]);
            if read == 0
                || stream
                    .write_all(&[
                        0x5e, 1, 0, 0, 0, 16, 0xff, 0x2b, 0x0e, 1, 1, 0, 0, 2, 0, 3, b'A', b'c', b'm', 1, 1, b'X',
                    ])
                    .is_err()
            {
                break;
            }
        }
    });
    let host = host(HERE, Transport::Tcp, port, "modbus", Authorized::Probe);
    let (told, _) = scan::identify(&tcp(port), host.port(Transport::Tcp, port), &budget());
    let findings = access::look(&tcp(port), &told, &host, &budget());
    let access = &accesses(&findings)[0];
    assert_eq!(
        (access.protocol.as_str(), access.granted, access.detail.as_deref()),
        ("modbus", Some(true), Some("Acm X"))
    );
}

#[test]
fn a_router_that_opens_ports() {
    let description = service(|stream| {
        assert!(request(stream).starts_with("GET /root.xml HTTP/1.0\r\nHost: 127.0.0.1:"));
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\n\r\n<?xml version=\"1.0\"?><root><device><friendlyName>Router</friendlyName><serviceList><service>\
              <serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType></service></serviceList></device></root>",
        );
    });
    let search = |location: String| {
        datagrams(move |asked| {
            assert!(asked.starts_with(b"M-SEARCH"));
            format!("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: {location}\r\n\r\n").into_bytes()
        })
    };
    let findings =
        looked(&search(format!("http://127.0.0.1:{description}/root.xml")), "ssdp", Authorized::Probe, &budget());
    let all = accesses(&findings);
    assert_eq!(all.len(), 2, "{findings:?}");
    assert!(all[0].detail.as_deref().is_some_and(|detail| detail.contains("Router")));
    assert_eq!((all[1].protocol.as_str(), all[1].attempt.as_str(), all[1].granted), ("upnp", "port-mapping", None));
    // Another host is never contacted.
    let budget = budget();
    let findings = looked(&search("http://192.0.2.1/root.xml".into()), "ssdp", Authorized::Probe, &budget);
    assert_eq!((budget.spent(), findings.gaps.len()), (1, 1));
}

#[test]
fn hostile_services_do_no_harm() {
    type Act = fn(&mut TcpStream);
    let hostile: [Act; 5] = [
        |stream| while stream.write_all(&[b'x'; 4096]).is_ok() {},
        |stream| while stream.write_all(b"220-x\r\n").is_ok() {},
        |stream| {
            while stream.write_all(&[255, 253, 1, b'$']).is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        },
        |_| {},
        |stream| {
            let _ = stream.write_all(b"RFB 003.008\n\xff RTSP/1.0 99999999999\r\n220 \xff\xff\r\n");
            let _ = request(stream);
        },
    ];
    thread::scope(|scope| {
        for act in hostile {
            let port = service(act);
            for protocol in ["telnet", "ftp", "rtsp", "redis", "vnc", "adb"] {
                scope.spawn(move || {
                    let bounds = Bounds {
                        conversation: Duration::from_secs(5),
                        total: Duration::from_secs(40),
                        ..Bounds::default()
                    };
                    let budget = Budget::new(bounds, Stop::default());
                    let findings = looked(&tcp(port), protocol, Authorized::Active, &budget);
                    let said = accesses(&findings).iter().any(|access| access.granted.is_some());
                    assert!(
                        said || findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkAccess),
                        "{protocol}"
                    );
                });
            }
        }
        for answer in
            [vec![0xff; 1400], Vec::new(), b"HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1:x/\r\n\r\n".to_vec()]
        {
            let endpoint = datagrams(move |_| answer.clone());
            for protocol in ["snmp", "mdns", "tftp", "ssdp"] {
                let endpoint = endpoint.clone();
                scope.spawn(move || {
                    let findings = looked(&endpoint, protocol, Authorized::Active, &budget());
                    assert!(!findings.gaps.is_empty(), "{protocol}");
                });
            }
        }
    });
}

#[test]
fn an_echo_is_none_of_the_services() {
    let echo = datagrams(<[u8]>::to_vec);
    let port = echo.address.port();
    for kind in ["dns", "tftp", "ntp", "netbios", "snmp", "ssdp", "ws-discovery", "sip", "mdns", "coap", "bacnet"] {
        let host = host(HERE, Transport::Udp, port, kind, Authorized::Probe);
        let (listening, findings) = scan::host(&host, &budget(), &|_| {});
        assert!(listening.udp.is_empty(), "{kind}");
        assert!(!findings.gaps.is_empty(), "{kind}");
    }
}
