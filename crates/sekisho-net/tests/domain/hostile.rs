//! A name server that means harm: nothing it says may be taken for an answer, and nothing goes on without end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use domain::base::iana::{Rcode, Rtype};
use domain::base::{Message, MessageBuilder, Name, ToName as _, Ttl};
use domain::rdata::{A, Cname, Mx, Ns, Soa, Txt};
use sekisho_model::coverage::Aspect;
use sekisho_model::network::FailureKind;
use sekisho_net::domain::{Reach, Resolver, look};
use sekisho_net::{Bounds, Budget, Findings, Stop};
use time::OffsetDateTime;

use super::{budget, domain, domains, failures, files, mail_servers};

type Owned = Name<Vec<u8>>;

/// Answers each datagram with what `answer` makes of it, until the test ends.
fn serve(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((count, from)) = socket.recv_from(&mut buffer) {
            let _ = socket.send_to(&answer(&buffer[..count]), from);
        }
    });
    address
}

/// What the look at a domain says when this server is asked: that it failed, and how.
fn failure(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> FailureKind {
    let resolver = Resolver::at(serve(answer)).with_time(Duration::from_millis(200));
    let findings = look(&domain("example.test"), &resolver, OffsetDateTime::now_utc(), &budget());
    assert!(domains(&findings).is_empty() && !findings.gaps.is_empty());
    failures(&findings)[0].failure
}

fn question(request: &[u8]) -> (Owned, Rtype) {
    let message = Message::from_octets(request).unwrap();
    let question = message.sole_question().unwrap();
    (question.qname().to_name(), question.qtype())
}

fn reply(request: &[u8], code: Rcode) -> domain::base::message_builder::AnswerBuilder<Vec<u8>> {
    let message = Message::from_octets(request).unwrap();
    MessageBuilder::from_target(Vec::new()).unwrap().start_answer(&message, code).unwrap()
}

#[test]
fn what_is_no_answer() {
    assert_eq!(failure(|_| Vec::new()), FailureKind::Nonsense);
    assert_eq!(failure(<[u8]>::to_vec), FailureKind::Nonsense);
    let other_number = |request: &[u8]| {
        let mut bytes = reply(request, Rcode::NOERROR).finish();
        bytes[0] ^= 1;
        bytes
    };
    assert_eq!(failure(other_number), FailureKind::Nonsense);
    let other_question = |request: &[u8]| {
        let mut bytes = reply(request, Rcode::NXDOMAIN).finish();
        bytes[13] ^= 1;
        bytes
    };
    assert_eq!(failure(other_question), FailureKind::Nonsense);
    let loop_of_names = |request: &[u8]| {
        let mut bytes = reply(request, Rcode::NOERROR).finish();
        bytes[7] = 1;
        let here = u16::try_from(bytes.len()).unwrap() | 0xc000;
        bytes.extend(here.to_be_bytes());
        bytes.extend([0, 6, 0, 1, 0, 0, 0, 9, 0, 2]);
        bytes.extend(here.to_be_bytes());
        bytes
    };
    assert_eq!(failure(loop_of_names), FailureKind::Nonsense);
    let referral = |request: &[u8]| {
        let (name, _) = question(request);
        let mut authority = reply(request, Rcode::NOERROR).authority();
        authority.push((&name, Ttl::ZERO, Ns::new(&name))).unwrap();
        authority.finish()
    };
    assert_eq!(failure(referral), FailureKind::Nonsense);
    let cut = |request: &[u8]| {
        let mut bytes = reply(request, Rcode::NOERROR).finish();
        bytes[7] = 200;
        bytes
    };
    assert_eq!(failure(cut), FailureKind::Nonsense);
}

#[test]
fn refusals_are_no_absence() {
    for code in [Rcode::SERVFAIL, Rcode::REFUSED, Rcode::FORMERR, Rcode::NOTIMP] {
        assert_eq!(failure(move |request| reply(request, code).finish()), FailureKind::Unresolved);
    }
    // Silence: the port is taken, nobody reads.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = Resolver::at(silent.local_addr().unwrap()).with_time(Duration::from_millis(200));
    let findings = look(&domain("example.test"), &resolver, OffsetDateTime::now_utc(), &budget());
    assert_eq!(failures(&findings)[0].failure, FailureKind::TimedOut);
}

#[test]
fn aliases_without_end() {
    let in_a_circle = |request: &[u8]| {
        let (name, _) = question(request);
        let other: Owned = "other.test".parse().unwrap();
        let mut answer = reply(request, Rcode::NOERROR);
        answer.push((&name, Ttl::ZERO, Cname::new(&other))).unwrap();
        answer.push((&other, Ttl::ZERO, Cname::new(&name))).unwrap();
        answer.finish()
    };
    assert_eq!(failure(in_a_circle), FailureKind::Nonsense);
    let ever_further = |request: &[u8]| {
        let (name, _) = question(request);
        let next: Owned = format!("x{name}").parse().unwrap_or_else(|_| "a.test".parse().unwrap());
        let mut answer = reply(request, Rcode::NOERROR);
        answer.push((&name, Ttl::ZERO, Cname::new(&next))).unwrap();
        answer.finish()
    };
    assert_eq!(failure(ever_further), FailureKind::Nonsense);
}

#[test]
fn drop_by_drop_over_tcp() {
    let (listener, address) = loop {
        let address = serve(|request| {
            let mut answer = reply(request, Rcode::NOERROR);
            answer.header_mut().set_tc(true);
            answer.finish()
        });
        if let Ok(listener) = TcpListener::bind(address) {
            break (listener, address);
        }
    };
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 512]);
                let _ = stream.write_all(&[0xff, 0xff]);
                while stream.write_all(&[0]).is_ok() {
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    let resolver = Resolver::at(address).with_time(Duration::from_millis(300));
    let findings = look(&domain("example.test"), &resolver, OffsetDateTime::now_utc(), &budget());
    assert_eq!(failures(&findings)[0].failure, FailureKind::TimedOut);
}

/// A name server for `example.test` with a mail server and a web server on this machine, and nothing else.
fn names(request: &[u8]) -> Vec<u8> {
    let (name, kind) = question(request);
    let mut answer = reply(request, Rcode::NOERROR);
    let mail: Owned = "mail.example.test".parse().unwrap();
    let text = name.to_string();
    match kind {
        Rtype::MX if text == "example.test" => answer.push((&name, Ttl::ZERO, Mx::new(1, &mail))).unwrap(),
        Rtype::A if ["example.test", "mail.example.test"].contains(&&*text) => {
            answer.push((&name, Ttl::ZERO, A::new([127, 0, 0, 1].into()))).unwrap();
        }
        _ => {
            let mut authority = answer.authority();
            let zero = Ttl::ZERO;
            authority.push((&name, zero, Soa::new(&name, &name, 1.into(), zero, zero, zero, zero))).unwrap();
            return authority.finish();
        }
    }
    answer.finish()
}

/// Looks at `example.test`, whose mail and web server does with each connection as `behave` says.
fn behind(behave: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> Findings {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let behave = Arc::new(behave);
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let behave = behave.clone();
            thread::spawn(move || behave(&mut stream));
        }
    });
    let reach = Reach { smtp: port, https: port, this_machine: true };
    let resolver = Resolver::at(serve(names)).with_reach(reach);
    let bounds = Bounds { conversation: Duration::from_millis(500), ..Bounds::default() };
    let findings =
        look(&domain("example.test"), &resolver, OffsetDateTime::now_utc(), &Budget::new(bounds, Stop::default()));
    // Nothing is concluded about the files of a web server that talks nonsense.
    assert!(files(&findings).is_empty());
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::DomainSecurityTxt));
    findings
}

/// How the question to the mail server failed, and whether it was seen to offer TLS.
fn mail(findings: &Findings) -> (FailureKind, Option<bool>) {
    let failure = failures(findings).into_iter().find(|failure| failure.probe.starts_with("smtp")).unwrap();
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::DomainMailServers));
    (failure.failure, mail_servers(findings)[0].starttls)
}

#[test]
fn mail_and_web_servers_that_mean_harm() {
    let endless = behind(|stream| {
        loop {
            stream.write_all(&[b'2'; 4096])?;
        }
    });
    assert_eq!(mail(&endless), (FailureKind::TooMuch, None));
    let lines = behind(|stream| {
        loop {
            stream.write_all(b"220-more\r\n")?;
        }
    });
    assert_eq!(mail(&lines), (FailureKind::TooMuch, None));
    let drops = behind(|stream| {
        loop {
            stream.write_all(b"2")?;
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(mail(&drops), (FailureKind::TimedOut, None));
    assert_eq!(mail(&behind(|stream| stream.write_all(b"\x00\xff\r\n"))), (FailureKind::Nonsense, None));
    let early = mail(&behind(|_| Ok(())));
    assert!(matches!(early.0, FailureKind::Closed | FailureKind::Reset) && early.1.is_none());
    let busy = behind(|stream| {
        stream.write_all(b"421 later\r\n")?;
        stream.read(&mut [0; 512]).map(|_| ())
    });
    assert_eq!(mail(&busy), (FailureKind::Other, None));
    // What is put before TLS is not taken for what comes inside it.
    let smuggled = behind(|stream| {
        stream.write_all(b"220 hello\r\n")?;
        let _ = stream.read(&mut [0; 512])?;
        stream.write_all(b"250-hello\r\n250 STARTTLS\r\n")?;
        let _ = stream.read(&mut [0; 512])?;
        stream.write_all(b"220 go\r\n250 inside\r\n")
    });
    assert_eq!(mail(&smuggled), (FailureKind::Nonsense, Some(true)));
}

#[test]
fn this_machine_is_not_contacted_for_strangers() {
    let findings = look(&domain("example.test"), &Resolver::at(serve(names)), OffsetDateTime::now_utc(), &budget());
    let found: Vec<_> = failures(&findings).into_iter().map(|failure| (&*failure.probe, failure.failure)).collect();
    assert_eq!(found, [("smtp-ehlo", FailureKind::Unreachable), ("http-get", FailureKind::Unreachable)]);
}

#[test]
fn a_bomb_of_includes() {
    let resolver = Resolver::at(serve(|request| {
        let (name, kind) = question(request);
        let mut answer = reply(request, Rcode::NOERROR);
        if kind == Rtype::TXT {
            let text = format!("v=spf1 include:a.{name} include:b.{name} -all");
            let text: Txt<Vec<u8>> = Txt::build_from_slice(text.as_bytes()).unwrap();
            answer.push((&name, Ttl::ZERO, text)).unwrap();
            return answer.finish();
        }
        let mut authority = answer.authority();
        let zero = Ttl::ZERO;
        authority.push((&name, zero, Soa::new(&name, &name, 1.into(), zero, zero, zero, zero))).unwrap();
        authority.finish()
    }));
    let budget = budget();
    let findings = look(&domain("example.test"), &resolver, OffsetDateTime::now_utc(), &budget);
    let domain = domains(&findings)[0];
    assert_eq!((domain.spf_valid, domain.spf_lookups), (Some(false), Some(20)));
    assert_eq!(
        (domain.spf_all.as_deref(), &domain.spf_problems[..]),
        (Some("fail"), &["too-many-lookups".to_owned()][..])
    );
    assert!(budget.spent() < 100, "{}", budget.spent());
}
