use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::budget::{Bounds, Stop};
use crate::host::Port;
use sekisho_model::product::{Authorized, Transport};

/// A service that does the same on every connection, and counts them. It ends with the test.
fn service(act: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> (Endpoint, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::tcp(listener.local_addr().unwrap(), None);
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let act = Arc::new(act);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
            let act = act.clone();
            thread::spawn(move || act(&mut stream.unwrap()));
        }
    });
    (endpoint, count)
}

fn budget() -> Budget {
    Budget::new(
        Bounds { per_second: 10_000, conversation: Duration::from_secs(8), ..Bounds::default() },
        Stop::default(),
    )
}

fn declared(kind: &str, endpoint: &Endpoint) -> Port {
    Port {
        transport: Transport::Tcp,
        port: endpoint.address.port(),
        kind: kind.to_owned(),
        authorized: Authorized::Probe,
        accounts: Vec::new(),
        path: None,
        login: None,
    }
}

/// Answers the first request by what it begins with, and leaves.
fn answering(answers: &'static [(&'static [u8], &'static [u8])]) -> impl Fn(&mut TcpStream) + Send + Sync {
    move |stream| {
        let mut buffer = [0; 2048];
        let read = stream.read(&mut buffer).unwrap_or(0);
        let answer = answers.iter().find(|(start, _)| buffer[..read].starts_with(start));
        if let Some((_, answer)) = answer {
            let _ = stream.write_all(answer);
        }
    }
}

fn protocol(endpoint: &Endpoint, kind: Option<&str>) -> (Option<String>, Findings) {
    let port = kind.map(|kind| declared(kind, endpoint));
    let (service, findings) = identify(endpoint, port.as_ref(), &budget());
    (service.protocol, findings)
}

#[test]
fn a_greeting_needs_one_connection() {
    let (endpoint, count) = service(|stream| {
        let _ = stream.write_all(b"SSH-2.0-dropbear_2022.83\r\n");
        let _ = stream.read(&mut [0; 10]);
    });
    let (service, findings) = identify(&endpoint, None, &budget());
    assert_eq!(service.protocol.as_deref(), Some("ssh"));
    assert_eq!(service.recognised_by.as_deref(), Some("banner"));
    assert_eq!((service.cleartext, findings.gaps.len()), (Some(false), 0));
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[test]
fn files_and_mail_are_told_apart() {
    let (files, _) = service(|stream| {
        let _ = stream.write_all(b"220 Operation successful\r\n");
        let _ = stream.read(&mut [0; 10]);
        let _ = stream.write_all(b"530 Login with USER and PASS\r\n");
    });
    assert_eq!(protocol(&files, None).0.as_deref(), Some("ftp"));
    let (mail, _) = service(|stream| {
        let _ = stream.write_all(b"220 ready\r\n");
        let _ = stream.read(&mut [0; 10]);
        let _ = stream.write_all(b"250 OK\r\n");
    });
    assert_eq!(protocol(&mail, None).0.as_deref(), Some("smtp"));
}

#[test]
fn modbus_is_asked_once_and_for_nothing_else() {
    let (endpoint, count) = service(answering(&[(
        &modbus::REQUEST,
        &[0x5e, 1, 0, 0, 0, 19, 0xff, 0x2b, 0x0e, 1, 1, 0, 0, 2, 0, 3, b'A', b'c', b'm', 1, 4, b'P', b'L', b'C', b'1'],
    )]));
    let (service, findings) = identify(&endpoint, Some(&declared("modbus", &endpoint)), &budget());
    assert_eq!((service.protocol.as_deref(), service.product.as_deref()), (Some("modbus"), Some("Acm PLC1")));
    assert_eq!((findings.gaps.len(), count.load(Ordering::Relaxed)), (0, 1));
}

#[test]
fn a_controller_that_is_silent_is_left_alone() {
    let (endpoint, count) = service(|stream| {
        let _ = stream.read(&mut [0; 100]);
    });
    let (told, findings) = protocol(&endpoint, Some("modbus"));
    assert_eq!((told, count.load(Ordering::Relaxed)), (None, 1));
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkServices));
}

#[test]
fn old_tls_is_still_tls() {
    // An alert: protocol_version.
    let (endpoint, _) = service(answering(&[(b"GET", b""), (&[22, 3], &[21, 3, 1, 0, 2, 2, 70])]));
    let (service, findings) = identify(&endpoint, None, &budget());
    assert_eq!((service.protocol.as_deref(), service.tls), (Some("tls"), true));
    assert_eq!(service.cleartext, Some(false));
    // It may be a web server, which nobody looks at then.
    for aspect in [Aspect::NetworkServices, Aspect::NetworkWeb, Aspect::NetworkMqtt] {
        assert!(findings.gaps.iter().any(|(of, _)| *of == aspect), "{aspect:?}");
    }
    assert!(!findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkTls));
}

#[test]
fn hostile_services_do_no_harm() {
    type Act = fn(&mut TcpStream);
    let hostile: [(&str, Act); 6] = [
        ("endless", |stream| while stream.write_all(&[b'x'; 4096]).is_ok() {}),
        ("endless greeting", |stream| while stream.write_all(b"220-more\r\n").is_ok() {}),
        ("drop by drop", |stream| {
            while stream.write_all(b"S").is_ok() {
                thread::sleep(Duration::from_millis(50));
            }
        }),
        ("early close", |_| {}),
        ("telnet that never stops", |stream| while stream.write_all(&[255, 251, 7, 255, 253, 99]).is_ok() {}),
        ("half of TLS", |stream| {
            let _ = stream.write_all(&[22, 3, 3, 0xff, 0xff, 2, 0xff, 0xff, 0xff]);
            let _ = stream.read(&mut [0; 100]);
        }),
    ];
    thread::scope(|scope| {
        for (name, act) in hostile {
            scope.spawn(move || {
                let (endpoint, count) = service(act);
                let (service, findings) = identify(&endpoint, None, &budget());
                assert!(count.load(Ordering::Relaxed) <= CONNECTIONS, "{name}");
                let unknown = service.protocol.is_none_or(|protocol| protocol == "tls");
                assert!(!unknown || !findings.gaps.is_empty(), "{name}");
            });
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_answer_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        for ask in [Ask::Postgres, Ask::Dns, Ask::Adb, Ask::Modbus, Ask::Http] {
            let _ = own_answer(ask, &bytes);
        }
        let _ = whole(&bytes);
    }
}
