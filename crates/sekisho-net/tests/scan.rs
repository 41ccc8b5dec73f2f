//! Ports, services and what they let in, on real servers.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests, and what they share")]

#[allow(dead_code, reason = "each test file uses a part of it")]
mod servers;

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::network::{DefaultLogin, LoginLimit, NetworkHost, NetworkService, ServiceAccess};
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Endpoint, Findings, Host, Login, access, scan};
use servers::{budget, daemons, free_tcp, free_udp, host, inetd, local, program, start, tcp};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn identified(endpoint: &Endpoint, host: &Host) -> NetworkService {
    let port = host.port(endpoint.transport, endpoint.address.port());
    scan::identify(endpoint, port, &budget()).0
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

fn defaults(findings: &Findings) -> Vec<DefaultLogin> {
    findings
        .facts
        .iter()
        .filter_map(|(fact, _)| match fact {
            Observed::DefaultLogin(login) => Some(login.clone()),
            _ => None,
        })
        .collect()
}

fn limit(findings: &Findings) -> Option<LoginLimit> {
    findings.facts.iter().find_map(|(fact, _)| match fact {
        Observed::LoginLimit(limit) => Some(limit.clone()),
        _ => None,
    })
}

fn summary(findings: &Findings) -> NetworkHost {
    findings
        .facts
        .iter()
        .find_map(|(fact, _)| match fact {
            Observed::NetworkHost(host) => Some(host.clone()),
            _ => None,
        })
        .unwrap()
}

/// Identifies a service and looks at what it lets in; the service is as before afterwards.
fn seen(endpoint: &Endpoint, host: &Host) -> (NetworkService, Findings) {
    let service = identified(endpoint, host);
    let findings = access::look(endpoint, &service, host, &budget());
    assert_eq!(identified(endpoint, host), service, "the service changed");
    (service, findings)
}

#[test]
fn ports_of_a_host() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().port();
    let (closed, kept) = (free_tcp(), free_tcp());
    let mut host = host(HERE, Transport::Tcp, kept, "web", Authorized::Passive);
    host.authorized = Authorized::Probe;
    host.tcp_ports = vec![open, closed, kept];
    let (listening, findings) = scan::host(&host, &budget(), &|_| {});
    assert_eq!(listening.tcp.iter().map(|endpoint| endpoint.address.port()).collect::<Vec<_>>(), [open]);
    let sum = summary(&findings);
    assert_eq!((sum.tcp_asked, sum.tcp_open, sum.tcp_refused, sum.tcp_silent), (2, 1, 1, 0));
    assert!(findings.gaps.iter().all(|(_, gap)| gap.path == Some(format!("tcp/{kept}"))));
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkPorts));
}

#[test]
fn a_declared_port_that_refuses_is_a_gap() {
    let port = free_tcp();
    let host = host(HERE, Transport::Tcp, port, "web", Authorized::Probe);
    let (listening, findings) = scan::host(&host, &budget(), &|_| {});
    assert!(listening.tcp.is_empty());
    // What was to be behind it was not looked at, whatever it is.
    for aspect in [Aspect::NetworkServices, Aspect::NetworkWeb, Aspect::NetworkTls] {
        assert!(findings.gaps.iter().any(|(of, _)| *of == aspect), "{aspect:?}");
    }
    assert!(!findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkPorts));
}

#[test]
fn nothing_is_sent_where_it_is_not_authorized() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut host = host(HERE, Transport::Tcp, port, "telnet", Authorized::Passive);
    host.tcp_ports = vec![port];
    let budget = budget();
    let (listening, _) = scan::host(&host, &budget, &|_| {});
    assert!(listening.tcp.is_empty());
    let service = NetworkService { protocol: Some("telnet".into()), ..NetworkService::default() };
    access::look(&tcp(port), &service, &host, &budget);
    access::logins(&tcp(port), &service, &host, &budget);
    assert_eq!(budget.spent(), 0);
    assert!(listener.accept().is_err());
}

#[test]
fn telnet_with_a_login_and_without() {
    let Some(telnetd) = program("telnetd") else { return };
    let dir = tempfile::tempdir().unwrap();
    let script = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        format!("--exec-login={}", path.display())
    };
    let arguments = |login: String| vec!["-h".to_owned(), login];
    let login = script(
        "login",
        "#!/bin/sh\nfor i in 1 2 3; do printf 'camera login: '; read user; printf 'Password: '; read password\n\
         if [ \"$user/$password\" = root/xc3511 ]; then exec /bin/sh; fi; echo; echo 'Login incorrect'; done\n",
    );
    let asks = inetd(telnetd.clone(), arguments(login));
    let open = inetd(telnetd, arguments(script("open", "#!/bin/sh\nPS1='~ # ' exec /bin/sh\n")));

    let declared = |address: SocketAddr| host(HERE, Transport::Tcp, address.port(), "telnet", Authorized::Active);
    let (service, findings) = seen(&tcp(asks.port()), &declared(asks));
    assert_eq!((service.protocol.as_deref(), service.cleartext), (Some("telnet"), Some(true)));
    assert_eq!(accesses(&findings)[0].granted, Some(false));
    let (service, findings) = seen(&tcp(open.port()), &declared(open));
    assert_eq!(service.protocol.as_deref(), Some("telnet"));
    assert_eq!(accesses(&findings)[0].granted, Some(true), "{findings:?}");

    let service = identified(&tcp(asks.port()), &declared(asks));
    let findings = access::logins(&tcp(asks.port()), &service, &declared(asks), &budget());
    let accepted: Vec<_> = defaults(&findings).into_iter().filter(|login| login.accepted).collect();
    assert_eq!(accepted.len(), 1, "{findings:?}");
    assert_eq!((accepted[0].user.as_str(), accepted[0].masked.as_str()), ("root", "******"));
    // Without a test account that nothing is limited is not said.
    assert_eq!((limit(&findings), findings.gaps.len()), (None, 1), "{findings:?}");
}

#[test]
fn ftp_with_anonymous_log_ins_and_without() {
    for anonymous in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let Some((_server, port)) = daemons::vsftpd(dir.path(), anonymous) else { return };
        let active = host(HERE, Transport::Tcp, port, "ftp", Authorized::Active);
        let (service, findings) = seen(&tcp(port), &active);
        assert_eq!((service.protocol.as_deref(), service.product.as_deref()), (Some("ftp"), Some("vsFTPd")));
        assert!(service.version.is_some());
        assert_eq!(accesses(&findings)[0].granted, Some(anonymous), "{findings:?}");
        // Without leave to log in, it is not known.
        let findings =
            access::look(&tcp(port), &service, &host(HERE, Transport::Tcp, port, "ftp", Authorized::Probe), &budget());
        assert!(accesses(&findings).is_empty() && findings.gaps.len() == 1);
    }
}

/// A server whose accounts can be made up: it locks an account after three failures, or never.
fn ftp_with_accounts(locks: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut failures = 0;
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"220 (FTP)\r\n");
            let user = line(&mut stream);
            let _ = stream.write_all(b"331 Password\r\n");
            let password = line(&mut stream);
            let known =
                ["USER admin PASS 1234", "USER tester PASS secret"].contains(&format!("{user} {password}").as_str());
            let mine = user == "USER tester";
            let answer: &[u8] = if mine && locks && failures >= 3 {
                b"530 Login incorrect.\r\n"
            } else if known {
                b"230 Welcome\r\n"
            } else {
                failures += u32::from(mine);
                b"530 Login incorrect.\r\n"
            };
            let _ = stream.write_all(answer);
            let _ = line(&mut stream);
        }
    });
    address
}

fn line(stream: &mut TcpStream) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|read| read == 1) && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    String::from_utf8_lossy(&line).trim_end().to_owned()
}

#[test]
fn default_log_ins_and_their_limit() {
    for locks in [true, false] {
        let address = ftp_with_accounts(locks);
        let mut host = host(HERE, Transport::Tcp, address.port(), "ftp", Authorized::Active);
        host.declared[0].accounts = vec![Login { user: "tester".into(), password: "secret".into() }];
        let service = NetworkService { protocol: Some("ftp".into()), ..NetworkService::default() };
        let findings = access::logins(&tcp(address.port()), &service, &host, &budget());
        let accepted: Vec<_> = defaults(&findings).into_iter().filter(|login| login.accepted).collect();
        assert_eq!(accepted.len(), 1, "{findings:?}");
        assert_eq!((accepted[0].user.as_str(), accepted[0].masked.as_str()), ("admin", "******"));
        let limit = limit(&findings).unwrap();
        assert_eq!((limit.attempts, limit.limited), (10, locks));
        assert!(findings.gaps.is_empty(), "{findings:?}");
    }
}

#[test]
fn snmp_with_the_usual_community_and_without() {
    for public in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let settings = if public { "rocommunity public\nsysDescr Example camera 1.0\n" } else { "rocommunity other\n" };
        let Some((_server, port)) = daemons::snmpd(dir.path(), settings) else { return };
        let host = host(HERE, Transport::Udp, port, "snmp", Authorized::Probe);
        let service = (0..20)
            .find_map(|_| {
                thread::sleep(Duration::from_millis(250));
                scan::host(&host, &budget(), &|_| {}).0.udp.pop().map(|(_, service)| service)
            })
            .expect("snmpd does not answer");
        assert_eq!(service.protocol.as_deref(), Some("snmp"));
        let findings = access::look(&Endpoint::udp(local(port), None), &service, &host, &budget());
        let access = &accesses(&findings)[0];
        assert_eq!(access.granted, Some(public), "{findings:?}");
        if public {
            assert_eq!(access.detail.as_deref(), Some("Example camera 1.0"));
        }
        assert_eq!(scan::host(&host, &budget(), &|_| {}).0.udp.len(), 1);
    }
}

#[test]
fn redis_with_a_password_and_without_also_over_ipv6() {
    for open in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let Some((_server, port)) = daemons::redis(dir.path(), (!open).then_some("correct-horse")) else { return };
        let mut places = vec![local(port)];
        let six: SocketAddr = format!("[::1]:{port}").parse().unwrap();
        places.extend(TcpStream::connect(six).is_ok().then_some(six));
        for place in places {
            for kind in ["redis", "other"] {
                let host = host(place.ip(), Transport::Tcp, port, kind, Authorized::Probe);
                let (listening, _) = scan::host(&host, &budget(), &|_| {});
                let (service, findings) = seen(&listening.tcp[0], &host);
                assert_eq!(service.protocol.as_deref(), Some("redis"), "{kind} {place}");
                assert_eq!(accesses(&findings)[0].granted, Some(open), "{findings:?}");
            }
        }
    }
}

#[test]
fn tftp_answers_from_another_port() {
    let Some(tftpd) = program("in.tftpd") else { return };
    let dir = tempfile::tempdir().unwrap();
    let port = free_udp();
    let listen = format!("127.0.0.1:{port}");
    let mut server = start(&tftpd, dir.path(), &["-L", "-a", &listen, "-s", dir.path().to_str().unwrap()]);
    let host = host(HERE, Transport::Udp, port, "tftp", Authorized::Probe);
    let service = (0..5).find_map(|_| scan::host(&host, &budget(), &|_| {}).0.udp.pop().map(|(_, service)| service));
    let Some(service) = service else {
        // It changes its root and user, which only root can.
        assert!(server.ended(), "in.tftpd does not answer");
        println!("skipped: in.tftpd runs as root only");
        return;
    };
    assert_eq!(service.protocol.as_deref(), Some("tftp"));
    let findings = access::look(&Endpoint::udp(local(port), None), &service, &host, &budget());
    assert_eq!(accesses(&findings)[0].granted, Some(true), "{findings:?}");
}

#[test]
fn ssh_servers_by_their_greetings() {
    let (open, small) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    if let Some((_server, port)) = daemons::openssh(open.path()) {
        let service = identified(&tcp(port), &host(HERE, Transport::Tcp, port, "other", Authorized::Probe));
        assert_eq!((service.protocol.as_deref(), service.product.as_deref()), (Some("ssh"), Some("OpenSSH")));
        assert!(service.version.is_some() && service.cleartext == Some(false));
    }
    if let Some((_server, port)) = daemons::dropbear(small.path()) {
        let service = identified(&tcp(port), &host(HERE, Transport::Tcp, port, "other", Authorized::Probe));
        assert_eq!((service.protocol.as_deref(), service.product.as_deref()), (Some("ssh"), Some("dropbear")));
        assert!(service.version.is_some());
    }
}

#[test]
fn a_web_server_in_the_clear_and_inside_tls() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_server, [plain, secure, old])) = daemons::nginx(dir.path()) else { return };
    for (port, kind, tls) in
        [(plain, "web", false), (plain, "other", false), (secure, "other", true), (secure, "https", true)]
    {
        let host = host(HERE, Transport::Tcp, port, kind, Authorized::Probe);
        let (service, findings) = seen(&tcp(port), &host);
        assert_eq!((service.protocol.as_deref(), service.tls), (Some("http"), tls), "{kind}");
        assert_eq!(service.product.as_deref(), Some("nginx"));
        assert_eq!(service.cleartext, Some(!tls));
        assert!(findings.gaps.is_empty());
    }
    let host = host(HERE, Transport::Tcp, old, "other", Authorized::Probe);
    let (service, findings) = scan::identify(&tcp(old), host.port(Transport::Tcp, old), &budget());
    assert_eq!((service.protocol.as_deref(), service.tls), (Some("tls"), true));
    assert!(findings.gaps.iter().any(|(aspect, _)| *aspect == Aspect::NetworkServices));
}

#[test]
fn a_broker_in_the_clear_and_inside_tls() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_server, [plain, secure])) = daemons::mosquitto(dir.path()) else { return };
    for (port, kind, tls) in
        [(plain, "mqtt", false), (plain, "other", false), (secure, "mqtts", true), (secure, "other", true)]
    {
        let host = host(HERE, Transport::Tcp, port, kind, Authorized::Probe);
        let service = identified(&tcp(port), &host);
        assert_eq!((service.protocol.as_deref(), service.tls), (Some("mqtt"), tls), "{kind}");
    }
}
