//! Servers that misbehave, or are none.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::network::FailureKind;
use sekisho_model::product::Authorized;
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop, ssh};

use super::{failures, free, look, seen};

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
