//! SSH against OpenSSH and Dropbear from Debian, well and badly set up, and against servers that misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test stops where something is not as it should be, and says where it was skipped"
)]

mod hostile;
mod logins;
mod servers;

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sekisho_model::fact::Observed;
use sekisho_model::network::FailureKind;
use sekisho_model::product::Authorized;
use sekisho_model::ssh::{SshHostKey, SshServer};
use sekisho_net::{Bounds, Budget, Endpoint, Findings, Stop, ssh};

/// A server that ends with the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program that listens at `address`, and waits until it does.
    fn start(command: &mut Command, address: SocketAddr) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { child, address };
        let end = Instant::now() + Duration::from_secs(20);
        while greeting(address).is_none() {
            assert!(Instant::now() < end, "the server does not start");
            thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

/// The first line that a server sends.
fn greeting(address: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 255 && stream.read(&mut byte).ok()? == 1 {
        line.push(byte[0]);
        if byte == *b"\n" {
            return String::from_utf8(line).ok().filter(|line| line.starts_with("SSH-"));
        }
    }
    None
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Whether the programs are there. On the project's own machines they have to be.
fn installed(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let there = Path::new(program).exists();
        assert!(there || std::env::var_os("CI").is_none(), "{program} is not installed");
        if !there {
            eprintln!("skipped: {program} is not installed");
        }
        there
    })
}

fn look(address: SocketAddr, authorized: Authorized) -> Findings {
    let budget = Budget::new(Bounds::default(), Stop::default());
    ssh::look(&Endpoint::tcp(address, None), None, authorized, &budget)
}

fn seen(findings: &Findings) -> &SshServer {
    let server = findings.facts.iter().find_map(|(fact, _)| match fact {
        Observed::SshServer(server) => Some(&**server),
        _ => None,
    });
    server.unwrap_or_else(|| panic!("{findings:?}"))
}

fn keys(findings: &Findings) -> Vec<&SshHostKey> {
    let key = |fact| if let &(Observed::SshHostKey(ref key), _) = fact { Some(key) } else { None };
    findings.facts.iter().filter_map(key).collect()
}

fn failures(findings: &Findings) -> Vec<FailureKind> {
    let kind = |fact| if let &(Observed::ProbeFailure(ref it), _) = fact { Some(it.failure) } else { None };
    findings.facts.iter().filter_map(kind).collect()
}
