//! Servers that mean no good: the look at them ends, says that it did not see everything, and asks nobody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{FailureKind, ProbeFailure};
use sekisho_model::product::Authorized;
use sekisho_net::{Bounds, Findings};

use super::{all, gaps, look_within, service};

/// A server that answers every request so.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || {
                let mut request = [0; 4096];
                let read = stream.read(&mut request).unwrap_or_default();
                answer(&String::from_utf8_lossy(&request[..read]), &mut stream);
            });
        }
    });
    address
}

fn examine(address: SocketAddr) -> Findings {
    let bounds =
        Bounds { conversation: Duration::from_millis(700), total: Duration::from_secs(20), ..Bounds::default() };
    look_within(bounds, address, false, Authorized::Active, &[("tester", "secret-of-tester")])
}

fn failures(findings: &Findings) -> Vec<FailureKind> {
    let failures: Vec<&ProbeFailure> = all(findings, |observed| match observed {
        Observed::ProbeFailure(failure) => Some(failure),
        _ => None,
    });
    failures.into_iter().map(|failure| failure.failure).collect()
}

/// A failure is a fact, and no aspect counts as looked at.
fn ends_with(findings: &Findings, kind: FailureKind) {
    assert!(failures(findings).contains(&kind), "{findings:#?}");
    assert!(!gaps(findings, Aspect::NetworkWeb).is_empty() && !gaps(findings, Aspect::NetworkSessions).is_empty());
}

#[test]
fn heads_without_end() {
    let address = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-More: and more and more and more\r\n").is_ok() {}
    });
    ends_with(&examine(address), FailureKind::TooMuch);
}

#[test]
fn drop_by_drop() {
    let address = serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    ends_with(&examine(address), FailureKind::TimedOut);
}

#[test]
fn another_protocol_and_nothing() {
    let banner = serve(|_, stream| drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n")));
    ends_with(&examine(banner), FailureKind::Nonsense);
    let closed = serve(|_, _| ());
    assert!(!gaps(&examine(closed), Aspect::NetworkWeb).is_empty());
}

#[test]
fn redirects_without_end() {
    let hops = AtomicUsize::new(0);
    let address = serve(move |_, stream| {
        let hop = hops.fetch_add(1, Ordering::Relaxed);
        let _ = write!(stream, "HTTP/1.1 302 Found\r\nLocation: /{hop}\r\nContent-Length: 0\r\n\r\n");
    });
    let findings = examine(address);
    ends_with(&findings, FailureKind::Nonsense);
    assert_eq!(service(&findings).status, 302);
}

#[test]
fn two_hundred_to_everything() {
    let address = serve(|_, stream| {
        let body = "<title>Camera</title><p>A=1 admin:admin ref: refs/heads/main phpinfo() Apache Status Index of /";
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    });
    let findings = examine(address);
    assert_eq!((service(&findings).exposed.len(), service(&findings).listings.len()), (0, 0));
    // Whatever is asked for, it looks like the file.
    let address = serve(|request, stream| {
        let echo = if request.starts_with("TRACE") { "TRACE / HTTP/1.1" } else { "ref: refs/heads/main" };
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{echo}", echo.len());
    });
    assert_eq!(service(&examine(address)).exposed, Vec::<String>::new());
}

#[test]
fn a_page_that_is_small_only_while_packed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'<'; 64 << 20]).unwrap();
    let packed = encoder.finish().unwrap();
    let address = serve(move |request, stream| {
        assert!(request.contains("Accept-Encoding: identity"));
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
        let _ = stream.write_all(&packed);
    });
    ends_with(&examine(address), FailureKind::TooMuch);
}

#[test]
fn forms_and_tags_without_end() {
    for unit in ["<form method=post><input type=password name=p><input name=a>", "<div><a href=/x?y=1><b>"] {
        let address = serve(move |_, stream| {
            let body = unit.repeat((10 << 20) / unit.len());
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(body.as_bytes());
        });
        let findings = examine(address);
        ends_with(&findings, FailureKind::TooMuch);
        assert!(findings.facts.len() < 200);
    }
}

#[test]
fn nobody_else_is_asked() {
    let asked = Arc::new(AtomicBool::new(false));
    let seen = asked.clone();
    let other = serve(move |_, _| seen.store(true, Ordering::Relaxed));
    let address = serve(move |request, stream| {
        let body = format!(
            "<base href='http://{other}/'><title>x</title><link href='http://{other}/a/b.css'><a href='http://{other}/login?q=1'>login</a>\
             <form action='http://{other}/in' method=post><input name=u><input type=password name=p></form>\
             <form action='http://{other}/search'><input name=q></form>"
        );
        let head = if request.starts_with("GET / ") {
            format!("HTTP/1.1 302 Found\r\nLocation: http://{other}/")
        } else {
            "HTTP/1.1 200 OK".to_owned()
        };
        let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    });
    let findings = examine(address);
    assert_eq!(service(&findings).redirect, Some(format!("http://{other}/")));
    let bounds = Bounds { conversation: Duration::from_secs(2), ..Bounds::default() };
    look_within(bounds, address, false, Authorized::Active, &[("tester", "secret-of-tester")]);
    assert!(!asked.load(Ordering::Relaxed));
}

#[test]
fn pages_made_by_scripts_cannot_be_logged_into() {
    let address = serve(|_, stream| {
        let body = "<title>App</title><div id=app></div><script src=/app.js></script>";
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    });
    let findings = examine(address);
    assert!(gaps(&findings, Aspect::NetworkSessions)[0].contains("scripts"), "{findings:#?}");
    assert!(failures(&findings).is_empty());
}

/// Everybody is let in after the third failing log-in, it seems: the page for those who are locked out asks for no password.
#[test]
fn a_page_for_the_locked_out_is_no_log_in() {
    let posts = AtomicUsize::new(0);
    let address = serve(move |request, stream| {
        let form = "<form method=post action=/in><input name=u><input type=password name=p></form>";
        let failed = request.starts_with("POST") && posts.fetch_add(1, Ordering::Relaxed) >= 3;
        let body = if failed { "<p>Come back tomorrow." } else { form };
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    });
    let findings = examine(address);
    let accepted =
        findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::DefaultLogin(login) if login.accepted));
    assert!(!accepted, "{findings:#?}");
}
