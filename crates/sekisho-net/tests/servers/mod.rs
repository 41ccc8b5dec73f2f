//! Real servers on loopback, started for one test and ended with it.

pub(crate) mod daemons;

use std::fs;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sekisho_model::network::Vantage;
use sekisho_model::product::{Authorized, Transport};
use sekisho_net::{Bounds, Budget, Endpoint, Host, Port, Stop};

/// A program that runs until this is dropped.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a program is; where it is nowhere the test is skipped, except in CI.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let found = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"]
        .iter()
        .map(|dir| Path::new(dir).join(name))
        .find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{name} is not installed");
        println!("skipped: {name} is not installed");
    }
    found
}

/// Starts a program in a folder.
pub(crate) fn start(program: &Path, dir: &Path, arguments: &[&str]) -> Server {
    let log = fs::File::create(dir.join("log")).unwrap();
    let child = Command::new(program)
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    Server(child)
}

/// Runs a program to its end.
pub(crate) fn run(program: &Path, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A TCP port on which nothing listens.
pub(crate) fn free_tcp() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A UDP port on which nothing listens.
pub(crate) fn free_udp() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until a server accepts connections.
pub(crate) fn accepts(address: SocketAddr) {
    for _ in 0..200 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing accepts connections at {address}");
}

pub(crate) fn budget() -> Budget {
    Budget::new(
        Bounds { per_second: 1000, conversation: Duration::from_secs(15), ..Bounds::default() },
        Stop::default(),
    )
}

/// A host on which one port is declared.
pub(crate) fn host(address: IpAddr, transport: Transport, port: u16, kind: &str, authorized: Authorized) -> Host {
    let declared =
        Port { transport, port, kind: kind.to_owned(), authorized, accounts: Vec::new(), path: None, login: None };
    Host {
        address,
        name: None,
        vantage: Vantage::Unknown,
        authorized: Authorized::Passive,
        tcp_ports: Vec::new(),
        declared: vec![declared],
    }
}

pub(crate) fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

pub(crate) fn tcp(port: u16) -> Endpoint {
    Endpoint::tcp(local(port), None)
}

/// Gives each connection to a process of its own, as inetd does; a few, one after the other or at once.
pub(crate) fn inetd(program: PathBuf, arguments: Vec<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let input = OwnedFd::from(stream.try_clone().unwrap());
            let output = OwnedFd::from(stream);
            let child = Command::new(&program)
                .args(&arguments)
                .stdin(Stdio::from(input))
                .stdout(Stdio::from(output))
                .stderr(Stdio::null())
                .spawn();
            thread::spawn(move || child.map(|mut child| child.wait()));
        }
    });
    address
}

impl Server {
    /// Whether it ended by itself.
    pub(crate) fn ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}
