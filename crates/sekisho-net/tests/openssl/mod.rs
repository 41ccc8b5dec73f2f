//! Keys, certificates and servers of the OpenSSL program, for the tests of TLS.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may end so, and says what it skips")]

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Whether a program is there; where it has to be, its absence is an error.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = Command::new("which").arg(program).stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !found {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        println!("skipped: {program} is not installed");
    }
    found
}

/// A process that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder with keys and certificates.
pub(crate) struct Keys(TempDir);

impl Keys {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(self.0.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A key and a certificate that signs itself: `NAME.key`, `NAME.pem`.
    pub(crate) fn self_signed(&self, name: &str, key: &[&str], subject: &str, days: &str, more: &[&str]) {
        let (key_file, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        let mut arguments = vec!["req", "-x509", "-nodes", "-keyout", &key_file, "-out", &certificate];
        arguments.extend(["-days", days, "-subj", subject, "-newkey"]);
        arguments.extend(key);
        arguments.extend(more);
        self.openssl(&arguments);
    }

    /// An authority, `root.pem`, and a certificate that it signed, `own.pem` with `own.key`.
    pub(crate) fn authority(&self, names: &str) {
        let ec = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        self.self_signed("root", &ec, "/CN=Test root", "30", &[]);
        let mut request =
            vec!["req", "-nodes", "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=device", "-newkey"];
        request.extend(ec);
        self.openssl(&request);
        let extensions = format!(
            "subjectAltName={names}\nauthorityInfoAccess=OCSP;URI:http://ocsp.example/\n\
             crlDistributionPoints=URI:http://crl.example/\nextendedKeyUsage=serverAuth\n"
        );
        std::fs::write(self.path("extensions"), extensions).unwrap();
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            "own.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "20",
            "-out",
            "own.pem",
            "-extfile",
            "extensions",
        ]);
    }
}

/// `openssl s_server` without the system's settings, which forbid what is old.
pub(crate) fn s_server(keys: &Keys, certificate: &str, arguments: &[&str]) -> (Running, SocketAddr) {
    let datagrams = arguments.iter().any(|argument| argument.starts_with("-dtls"));
    let address = free(datagrams);
    let mut command = Command::new("openssl");
    command.args(["s_server", "-quiet", "-accept", &address.port().to_string()]);
    command.args(["-cert", &format!("{certificate}.pem"), "-key", &format!("{certificate}.key")]).args(arguments);
    let server = command
        .current_dir(keys.folder())
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut server = Running(server);
    if datagrams {
        thread::sleep(Duration::from_millis(500));
    } else {
        wait(&mut server, address);
    }
    (server, address)
}

/// Waits until something listens.
pub(crate) fn wait(server: &mut Running, address: SocketAddr) {
    for _ in 0..200 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        assert!(server.0.try_wait().unwrap().is_none(), "the server ended");
        thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing listens at {address}");
}

/// A free port.
pub(crate) fn free(datagrams: bool) -> SocketAddr {
    let any = (Ipv4Addr::LOCALHOST, 0);
    if datagrams { UdpSocket::bind(any).unwrap().local_addr() } else { TcpListener::bind(any).unwrap().local_addr() }
        .unwrap()
}
