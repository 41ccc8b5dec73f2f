//! The servers, from Debian's packages.

use std::fmt::Write as _;
use std::fs;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use data_encoding::HEXLOWER;
use sekisho_net::domain::{Reach, Resolver, TrustAnchors};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use x509_parser::prelude::{FromDer as _, X509Certificate};

const PROGRAMS: [&str; 8] = [
    "/usr/sbin/knotd",
    "/usr/sbin/unbound",
    "/usr/sbin/nginx",
    "/usr/bin/ldns-keygen",
    "/usr/bin/ldns-signzone",
    "/usr/bin/openssl",
    "/usr/lib/python3/dist-packages/aiosmtpd",
    "/usr/lib/python3/dist-packages/dkim",
];

const MAIL: &str = r#"
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP
from aiosmtpd.handlers import Sink
good = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
good.load_cert_chain(sys.argv[2], sys.argv[3])
async def main():
    loop = asyncio.get_running_loop()
    port = int(sys.argv[1])
    await loop.create_server(lambda: SMTP(Sink(), tls_context=good), "127.0.0.1", port)
    await loop.create_server(lambda: SMTP(Sink()), "127.0.0.2", port)
    other = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    other.load_cert_chain(sys.argv[4], sys.argv[5])
    await loop.create_server(lambda: SMTP(Sink(), tls_context=other), "127.0.0.3", port)
    await asyncio.Event().wait()
asyncio.run(main())
"#;

const SIGN: &str = r#"
import dkim, sys
key = open(sys.argv[1], "rb").read()
forms = (sys.argv[2].encode(), sys.argv[3].encode())
text = (b"Received: from a.example (a.example [192.0.2.1])\r\n\tby b.example with ESMTPS id 1;\r\n\tMon, 23 Nov 2026 12:00:00 +0000\r\n"
    b"From: Maker  <news@good.test>\r\nTo: x@example.org\r\nSubject: An\r\n update\r\n"
    b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n\r\nHello  there \r\n\r\n.\r\n\r\n\r\n")
signature = dkim.sign(text, b"rsa", b"good.test", key, canonicalize=forms, length=sys.argv[4] == "length")
sys.stdout.buffer.write(signature + text)
"#;

/// Further zones, each signed in its own way.
const OTHERS: [&str; 6] = ["rsa", "p384", "ed25519", "sha512", "expired", "wrong-ds"];

/// All servers; they end with this.
pub(crate) struct Servers {
    children: Vec<Child>,
    folder: TempDir,
    name_server: u16,
    authority: u16,
    reach: Reach,
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Servers {
    /// Starts them; none where a program is not there.
    pub(crate) fn start() -> Option<Self> {
        if let Some(missing) = PROGRAMS.iter().find(|program| !Path::new(program).exists()) {
            assert!(std::env::var_os("CI").is_none(), "{missing} is not installed");
            eprintln!("skipped: {missing} is not installed");
            return None;
        }
        let reach = Reach { smtp: free(), https: free(), this_machine: true };
        let mut servers = Self {
            children: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
            name_server: free(),
            authority: free(),
            reach,
        };
        let pin = servers.certificate();
        servers.zones(&pin);
        servers.web();
        let script = servers.write("mail.py", MAIL);
        let mut arguments = vec![script, servers.reach.smtp.to_string().into()];
        arguments.extend(["good.pem", "good.key", "other.pem", "other.key"].map(|name| servers.path(name)));
        servers.run("/usr/bin/python3", &arguments);
        for (address, port) in [
            ("127.0.0.1", reach.smtp),
            ("127.0.0.2", reach.smtp),
            ("127.0.0.3", reach.smtp),
            ("127.0.0.1", reach.https),
        ] {
            wait(|| TcpStream::connect((address, port)).is_ok());
        }
        let port = servers.name_server;
        wait(|| TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(servers)
    }

    /// The verifying name server.
    pub(crate) fn resolver(&self) -> Resolver {
        let anchor = fs::read_to_string(self.path("anchor")).unwrap();
        self.bare(self.name_server).with_trust_anchors(TrustAnchors::parse(&anchor).unwrap())
    }

    /// The server that holds the zones: it verifies nothing and claims nothing.
    pub(crate) fn authority(&self) -> Resolver {
        let anchor = fs::read_to_string(self.path("anchor")).unwrap();
        self.bare(self.authority).with_trust_anchors(TrustAnchors::parse(&anchor).unwrap())
    }

    /// The verifying name server, without the trusted key of these zones.
    pub(crate) fn without_anchor(&self) -> Resolver {
        let elsewhere = TrustAnchors::parse("elsewhere. IN DS 1 13 2 00").unwrap();
        self.bare(self.name_server).with_trust_anchors(elsewhere)
    }

    fn bare(&self, port: u16) -> Resolver {
        Resolver::at(([127, 0, 0, 1], port).into()).with_reach(self.reach)
    }

    /// A message of the good domain that is signed with these forms of header and body.
    pub(crate) fn message(&self, header: &str, body: &str, length: bool) -> Vec<u8> {
        let length = if length { "length" } else { "whole" };
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", SIGN, "mail.key", header, body, length]);
        let output = command.current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn run(&mut self, program: &str, arguments: &[PathBuf]) {
        let log = fs::File::create(self.path(&format!("{}.log", program.rsplit('/').next().unwrap()))).unwrap();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        self.children.push(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap());
    }

    /// Runs a tool to its end; what it prints.
    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A certificate for the good domain and one for another; the TLSA record of the first.
    fn certificate(&self) -> String {
        for (name, names) in [
            ("good", "subjectAltName=DNS:good.test,DNS:mail.good.test,DNS:mta-sts.good.test"),
            ("other", "subjectAltName=DNS:other.test"),
        ] {
            let (key, file) = (format!("{name}.key"), format!("{name}.pem"));
            let request =
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
            let rest = ["-subj", "/CN=x", "-addext", names, "-keyout", &key, "-out", &file];
            self.tool("/usr/bin/openssl", &[&request[..], &rest[..]].concat());
        }
        self.tool("/usr/bin/openssl", &["x509", "-in", "good.pem", "-outform", "der", "-out", "good.der"]);
        let der = fs::read(self.path("good.der")).unwrap();
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        let hash = Sha256::digest(certificate.tbs_certificate.subject_pki.raw);
        format!("3 1 1 {}", HEXLOWER.encode(&hash))
    }

    /// A key to sign mail with; its record.
    fn mail_key(&self) -> String {
        self.tool("/usr/bin/openssl", &["genrsa", "-traditional", "-out", "mail.key", "2048"]);
        let public = self.tool("/usr/bin/openssl", &["rsa", "-in", "mail.key", "-pubout"]);
        let public: String = public.lines().filter(|line| !line.starts_with('-')).collect();
        let (first, rest) = public.split_at(200);
        format!("rsa._domainkey TXT \"v=DKIM1; k=rsa; p={first}\" \"{rest}\"\n")
    }

    /// Signs a zone; its DS record.
    fn sign(&self, zone: &str) -> String {
        self.sign_with(zone, &["-a", "ECDSAP256SHA256"], &[])
    }

    fn sign_with(&self, zone: &str, kind: &[&str], more: &[&str]) -> String {
        let key = self.tool("/usr/bin/ldns-keygen", &[kind, &["-k", zone]].concat());
        let (signed, plain) = (format!("{zone}.zone.signed"), format!("{zone}.zone"));
        self.tool("/usr/bin/ldns-signzone", &[more, &["-f", &signed, &plain, &key]].concat());
        fs::read_to_string(self.path(&format!("{key}.ds"))).unwrap()
    }

    fn zones(&mut self, pin: &str) {
        let head = |zone: &str| {
            format!("$ORIGIN {zone}.\n$TTL 60\n@ SOA ns.test. x.test. 1 3600 600 86400 60\n@ NS ns.test.\n")
        };
        let good = format!(
            "{}@ A 127.0.0.1\n@ MX 10 mail\nmail A 127.0.0.1\nmta-sts A 127.0.0.1\n\
             @ TXT \"v=spf1 mx include:_spf.good.test -all\"\n_spf TXT \"v=spf1 ip4:192.0.2.0/24 ?all\"\n\
             _dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@good.test\"\n\
             now._domainkey TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n\
             old._domainkey TXT \"v=DKIM1; p=\"\n_mta-sts TXT \"v=STSv1; id=1;\"\n\
             _smtp._tls TXT \"v=TLSRPTv1; rua=mailto:t@good.test\"\n_25._tcp.mail TLSA {pin}\n@ CAA 0 issue \"ca.test\"\n",
            head("good.test")
        );
        self.write("good.test.zone", &(good + &self.mail_key()));
        let pinned = format!("{}@ MX 1 mail\nmail A 127.0.0.3\n_25._tcp.mail TLSA {pin}\n", head("pinned.test"));
        self.write("pinned.test.zone", &pinned);
        let bad = format!(
            "{}@ A 127.0.0.2\n@ MX 10 mail\nmail A 127.0.0.2\nmta-sts A 127.0.0.2\n\
             @ TXT \"v=spf1 include:a.bad.test include:none.bad.test +all\"\na TXT \"v=spf1 include:bad.test -all\"\n\
             _dmarc TXT \"v=DMARC1; p=none\"\n_mta-sts TXT \"v=STSv1; id=1;\"\n_25._tcp.mail TLSA {pin}\n",
            head("bad.test")
        );
        self.write("bad.test.zone", &bad);
        let parked = format!("{}@ MX 0 .\n@ TXT \"v=spf1 -all\"\n", head("parked.test"));
        self.write("parked.test.zone", &parked);
        self.write("bogus.test.zone", &format!("{}@ TXT \"v=spf1 -all\"\n", head("bogus.test")));
        for zone in OTHERS.map(|zone| format!("{zone}.test")) {
            self.write(&format!("{zone}.zone"), &format!("{}@ TXT \"v=spf1 -all\"\n", head(&zone)));
        }
        let mut top = head("test");
        top.push_str("ns A 127.0.0.1\n_dmarc TXT \"v=DMARC1; p=none; sp=quarantine\"\n");
        for zone in ["good", "bad", "parked", "pinned", "bogus"].iter().chain(&OTHERS) {
            writeln!(top, "{zone} NS ns.test.").unwrap();
        }
        top.push_str(&self.sign("good.test"));
        top.push_str(&self.sign("pinned.test"));
        top.push_str(&self.sign("bogus.test"));
        top.push_str(&self.sign_with("rsa.test", &["-a", "RSASHA256", "-b", "2048"], &[]));
        top.push_str(&self.sign_with("p384.test", &["-a", "ECDSAP384SHA384"], &[]));
        top.push_str(&self.sign_with("ed25519.test", &["-a", "ED25519"], &[]));
        top.push_str(&self.sign_with("sha512.test", &["-a", "RSASHA512", "-b", "2048"], &[]));
        let past = ["-i", "20200101", "-e", "20200201"];
        top.push_str(&self.sign_with("expired.test", &["-a", "ECDSAP256SHA256"], &past));
        // The parent names a key that the zone does not have.
        top.push_str(&self.sign("wrong-ds.test"));
        self.sign("wrong-ds.test");
        // What was signed is not what is served.
        let signed = fs::read_to_string(self.path("bogus.test.zone.signed")).unwrap();
        let changed = signed.replace("x.test. 1 3600", "x.test. 2 3600");
        assert_ne!(signed, changed);
        self.write("bogus.test.zone.signed", &changed);
        self.write("test.zone", &top);
        let anchor = self.sign("test");
        self.write("anchor", &anchor);

        let authority = self.authority;
        let mut knot = format!(
            "server:\n  listen: 127.0.0.1@{authority}\n  rundir: .\ndatabase:\n  storage: .\nlog:\n- target: stderr\n  any: info\n\
             template:\n- id: default\n  storage: .\n  journal-content: none\n  zonefile-sync: -1\n  semantic-checks: off\nzone:\n"
        );
        let mut unbound = format!(
            "server:\n  interface: 127.0.0.1\n  port: {}\n  do-not-query-localhost: no\n  do-ip6: no\n  chroot: \"\"\n  username: \"\"\n  \
             directory: \"{}\"\n  pidfile: \"\"\n  use-syslog: no\n  logfile: \"\"\n  local-zone: \"test.\" nodefault\n  \
             trust-anchor-file: \"anchor\"\n  qname-minimisation: no\nremote-control:\n  control-enable: no\n",
            self.name_server,
            self.folder.path().display()
        );
        let others = OTHERS.map(|zone| (format!("{zone}.test"), format!("{zone}.test.zone.signed")));
        let others = others.iter().map(|(zone, file)| (zone.as_str(), file.as_str()));
        for (zone, file) in [
            ("test", "test.zone.signed"),
            ("good.test", "good.test.zone.signed"),
            ("bad.test", "bad.test.zone"),
            ("parked.test", "parked.test.zone"),
            ("pinned.test", "pinned.test.zone.signed"),
            ("bogus.test", "bogus.test.zone.signed"),
        ]
        .into_iter()
        .chain(others)
        {
            write!(knot, "- domain: {zone}\n  file: {file}\n").unwrap();
            write!(unbound, "stub-zone:\n  name: \"{zone}\"\n  stub-addr: 127.0.0.1@{authority}\n").unwrap();
        }
        // Nobody else is ever asked.
        write!(unbound, "stub-zone:\n  name: \".\"\n  stub-addr: 127.0.0.1@{authority}\n").unwrap();
        let (knot, unbound) = (self.write("knot.conf", &knot), self.write("unbound.conf", &unbound));
        self.run("/usr/sbin/knotd", &["-c".into(), knot]);
        wait(|| TcpStream::connect(("127.0.0.1", authority)).is_ok());
        self.run("/usr/sbin/unbound", &["-d".into(), "-c".into(), unbound]);
    }

    fn web(&mut self) {
        let year = time::OffsetDateTime::now_utc() + time::Duration::days(200);
        let expires = format!("{}T00:00:00Z", year.date());
        self.write(
            "good/.well-known/security.txt",
            &format!("Contact: mailto:s@good.test\nExpires: {expires}\nCanonical: https://good.test/.well-known/security.txt\n"),
        );
        let policy = "version: STSv1\nmode: enforce\nmx: mail.good.test\nmax_age: 86400\n";
        self.write("good/.well-known/mta-sts.txt", policy);
        self.write("bad/.well-known/mta-sts.txt", policy);
        self.write(
            "bad/security.txt",
            "Contact: s@bad.test\nPolicy: http://bad.test/\nExpires: 2020-01-01T00:00:00Z\n",
        );
        let folder = self.folder.path().display();
        let mut config = format!(
            "daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off; \
             types {{ text/plain txt; }} client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; \
             uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;\n"
        );
        for (address, root, certificate) in [("127.0.0.1", "good", "good"), ("127.0.0.2", "bad", "other")] {
            let port = self.reach.https;
            writeln!(
                config,
                "server {{ listen {address}:{port} ssl; root {folder}/{root}; ssl_certificate {folder}/{certificate}.pem; \
                 ssl_certificate_key {folder}/{certificate}.key; }}"
            )
            .unwrap();
        }
        config.push_str("}\n");
        let config = self.write("nginx.conf", &config);
        self.run("/usr/sbin/nginx", &["-p".into(), self.folder.path().into(), "-c".into(), config]);
    }
}

/// A port that is free for TCP and UDP.
fn free() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() && TcpListener::bind(("127.0.0.2", port)).is_ok() {
            return port;
        }
    }
}

fn wait(ready: impl Fn() -> bool) {
    for _ in 0..600 {
        if ready() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("a server did not start");
}
