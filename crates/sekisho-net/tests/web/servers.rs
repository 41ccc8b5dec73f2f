//! nginx, lighttpd and `BusyBox` httpd from Debian's packages.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sekisho_model::coverage::Aspect;
use sekisho_model::fact::Observed;
use sekisho_model::product::Authorized;
use sekisho_net::Findings;
use tempfile::TempDir;

use super::{gaps, look, service};

/// A server that ends with the test.
pub(super) struct Server {
    pub(super) child: Child,
    pub(super) address: SocketAddr,
    pub(super) _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn installed(program: &str) -> bool {
    let there = Command::new(program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        println!("skipped: {program} is not installed");
    }
    there
}

/// Starts `program` with a configuration in which PORT and FOLDER are filled in. None where it is not installed.
fn start(program: &str, arguments: &[&str], configuration: &str, prepare: impl Fn(&Path)) -> Option<Server> {
    if !installed(program) {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    fs::create_dir(folder.path().join("www")).unwrap();
    prepare(folder.path());
    let path = folder.path().to_str().unwrap();
    let fill = |text: &str| text.replace("PORT", &port.to_string()).replace("FOLDER", path);
    fs::write(folder.path().join("server.conf"), fill(configuration)).unwrap();
    let child = Command::new(program)
        .args(arguments.iter().map(|argument| fill(argument)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let server = Server { child, address, _folder: folder };
    for _ in 0..200 {
        if TcpStream::connect(address).is_ok() {
            return Some(server);
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{program} does not start");
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join("www").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

const NGINX: [&str; 6] = ["-p", "FOLDER", "-c", "FOLDER/server.conf", "-e", "FOLDER/error.log"];
const NGINX_HEAD: &str = "daemon off; master_process off; pid FOLDER/pid; events {}
http {
  access_log off; types { text/html html; text/css css; } default_type application/octet-stream;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
";

const PAGE: &str = "<!doctype html><title>Camera</title><link rel=stylesheet href=/css/a.css><p>Hello";

#[test]
fn nginx_as_it_should_be() {
    if !installed("openssl") {
        return;
    }
    let configuration = format!(
        "{NGINX_HEAD} server_tokens off;
        server {{ listen 127.0.0.1:PORT ssl; ssl_certificate FOLDER/cert.pem; ssl_certificate_key FOLDER/key.pem; root FOLDER/www;
          location ~ /\\. {{ deny all; }}
          add_header Strict-Transport-Security 'max-age=63072000' always;
          add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\" always;
          add_header X-Content-Type-Options nosniff always;
          add_header Set-Cookie 'sid=31d4d96e407aad42; Secure; HttpOnly; SameSite=Lax' always; }} }}"
    );
    let server = start("nginx", &NGINX, &configuration, |folder| {
        write(folder, "index.html", PAGE);
        write(folder, "css/a.css", "p {}");
        write(folder, ".git/HEAD", "ref: refs/heads/main\n");
        let subject =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=camera"];
        let made = Command::new("openssl")
            .args(subject)
            .arg("-keyout")
            .arg(folder.join("key.pem"))
            .arg("-out")
            .arg(folder.join("cert.pem"))
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
    });
    let Some(server) = server else { return };
    let findings = look(server.address, true, Authorized::Probe, &[]);
    let web = service(&findings);
    assert_eq!((web.status, web.tls, web.title.as_deref()), (200, true, Some("Camera")));
    assert_eq!((web.hsts_seconds, web.missing_headers.len()), (Some(63_072_000), 0));
    assert_eq!((web.exposed.len(), web.listings.len(), web.version_told), (0, 0, false));
    assert_eq!((web.login.as_deref(), web.login_in_clear, web.redirects_to_tls), (None, false, None));
    let good =
        |fact: &Observed| matches!(fact, Observed::WebCookie(c) if c.session && c.secure && c.http_only && !c.in_clear);
    assert!(findings.facts.iter().any(|(fact, _)| good(fact)));
    assert_eq!(gaps(&findings, Aspect::NetworkWeb), Vec::<&str>::new());
    assert_eq!(findings, look(server.address, true, Authorized::Probe, &[]));
}

#[test]
fn nginx_in_the_clear_with_all_open() {
    let configuration = format!("{NGINX_HEAD} server {{ listen 127.0.0.1:PORT; root FOLDER/www; autoindex on; }} }}");
    let server = start("nginx", &NGINX, &configuration, |folder| {
        write(folder, "index.html", PAGE);
        write(folder, "css/a.css", "p {}");
        write(folder, ".git/HEAD", "ref: refs/heads/main\n");
        write(folder, ".env", "DB_PASSWORD=hunter2\n");
    });
    let Some(server) = server else { return };
    let findings = look(server.address, false, Authorized::Probe, &[]);
    let web = service(&findings);
    assert_eq!(
        (web.exposed.as_slice(), web.listings.as_slice()),
        (&["/.git/HEAD".into(), "/.env".into()][..], &["/css/".into()][..])
    );
    assert!(web.version_told && web.software[0].starts_with("nginx/"));
    assert_eq!((web.redirects_to_tls, web.hsts_seconds, web.missing_headers.len()), (Some(false), None, 3));
    assert_eq!(findings, look(server.address, false, Authorized::Probe, &[]));
}

#[test]
fn nginx_that_sends_on_to_tls() {
    let configuration = format!(
        "{NGINX_HEAD} server_tokens off; server {{ listen 127.0.0.1:PORT; return 301 https://$host$request_uri; }} }}"
    );
    let Some(server) = start("nginx", &NGINX, &configuration, |_| ()) else { return };
    let findings = look(server.address, false, Authorized::Probe, &[]);
    let web = service(&findings);
    assert_eq!(
        (web.status, web.redirects_to_tls, web.redirect.as_deref()),
        (301, Some(true), Some("https://127.0.0.1/"))
    );
    assert_eq!((web.missing_headers.len(), web.exposed.len()), (0, 0));
}

fn logged_in(findings: &Findings) -> bool {
    findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::WebSession(session) if session.logged_in))
}

#[test]
fn lighttpd_with_a_digest() {
    let configuration = r#"
        server.modules = ("mod_auth", "mod_authn_file")
        server.document-root = "FOLDER/www"
        server.bind = "127.0.0.1"
        server.port = PORT
        index-file.names = ("index.html")
        auth.backend = "htdigest"
        auth.backend.htdigest.userfile = "FOLDER/users"
        auth.require = ("/" => ("method" => "digest", "realm" => "camera", "require" => "valid-user"))
    "#;
    let server = start("lighttpd", &["-D", "-f", "FOLDER/server.conf"], configuration, |folder| {
        write(folder, "index.html", "<title>Camera</title><p>Hello <a href=/a/b.html>more</a>");
        write(folder, "a/b.html", "<p>more");
        // HTTP digest of tester:camera:Kirishima-4.
        fs::write(folder.join("users"), "tester:camera:DIGEST\n".replace("DIGEST", &digest())).unwrap();
    });
    let Some(server) = server else { return };
    let findings = look(server.address, false, Authorized::Active, &[("tester", "Kirishima-4")]);
    let web = service(&findings);
    assert_eq!((web.status, web.login.as_deref(), web.login_in_clear), (401, Some("digest"), true));
    assert!(web.listings.is_empty() && web.version_told && logged_in(&findings), "{findings:#?}");
    let accepted =
        findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::DefaultLogin(login) if login.accepted));
    assert!(!accepted);
    // It lets everybody wait who fails.
    let delayed = |fact: &Observed| matches!(fact, Observed::LoginLimit(limit) if limit.limited && limit.how.as_deref() == Some("delayed"));
    assert!(findings.facts.iter().any(|(fact, _)| delayed(fact)), "{findings:#?}");
}

fn digest() -> String {
    use md5::{Digest, Md5};
    data_encoding::HEXLOWER.encode(&Md5::digest("tester:camera:Kirishima-4"))
}

#[test]
fn lighttpd_that_lists_its_files() {
    let configuration = r#"
        server.modules = ("mod_dirlisting")
        server.document-root = "FOLDER/www"
        server.bind = "127.0.0.1"
        server.port = PORT
        server.tag = "httpd"
        dir-listing.activate = "enable"
    "#;
    let server = start("lighttpd", &["-D", "-f", "FOLDER/server.conf"], configuration, |folder| {
        write(folder, "data/log.html", "log");
    });
    let Some(server) = server else { return };
    let findings = look(server.address, false, Authorized::Probe, &[]);
    let web = service(&findings);
    assert_eq!((web.listings.as_slice(), web.version_told), (&["/".to_owned(), "/data/".to_owned()][..], false));
}

#[test]
fn busybox_with_a_common_password() {
    let arguments = ["httpd", "-f", "-p", "127.0.0.1:PORT", "-h", "FOLDER/www", "-c", "FOLDER/server.conf"];
    let server = start("busybox", &arguments, "/:admin:admin\n/:tester:Kirishima-4\n", |folder| {
        write(folder, "index.html", PAGE);
    });
    let Some(server) = server else { return };
    let findings = look(server.address, false, Authorized::Active, &[("tester", "Kirishima-4")]);
    assert_eq!(service(&findings).login.as_deref(), Some("basic"));
    assert!(logged_in(&findings));
    let accepted: Vec<&str> = findings
        .facts
        .iter()
        .filter_map(|(fact, _)| match fact {
            Observed::DefaultLogin(login) if login.accepted => Some(login.masked.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(accepted, ["******"]);
    // With one account nobody is locked out, and no claim is made.
    assert!(!findings.facts.iter().any(|(fact, _)| matches!(fact, Observed::LoginLimit(_))));
    assert_eq!(service(&findings), service(&look(server.address, false, Authorized::Probe, &[])));
}
