//! Published documents from nginx on loopback: fetched where the server is the one that was declared, and nowhere else.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where something is not as it should be")]

mod openssl;
#[allow(dead_code, reason = "each test uses a part")]
mod servers;

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use openssl::{Keys, is_installed};
use sekisho_model::fact::Observed;
use sekisho_model::network::FailureKind;
use sekisho_net::document::{Document, bounds, fetch};
use sekisho_net::domain::Resolver;
use sekisho_net::tls::Roots;
use sekisho_net::{Bounds, Budget, Findings, Stop};
use servers::{Server, accepts, free_tcp, local, program, start};
use time::OffsetDateTime;

const MOST: usize = 100_000;

/// nginx with a certificate for 127.0.0.1, and the authority that signed it.
struct Site {
    keys: Keys,
    port: u16,
    _server: Server,
}

impl Site {
    fn start() -> Option<Self> {
        let nginx = program("nginx")?;
        if !is_installed("openssl") {
            return None;
        }
        let keys = Keys::new();
        keys.authority("IP:127.0.0.1,DNS:docs.test");
        fs::create_dir(keys.path("www")).unwrap();
        fs::write(keys.path("www/manual.txt"), "Manual\n\nThe default password is on the label.\n").unwrap();
        fs::write(keys.path("www/large.txt"), vec![b'x'; MOST + 1]).unwrap();
        let (port, folder) = (free_tcp(), keys.folder().display().to_string());
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n\
             http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;\n\
             uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n\
             server {{ listen 127.0.0.1:{port} ssl; listen 127.0.0.2:{port} ssl; root {folder}/www;\n\
             ssl_certificate {folder}/own.pem; ssl_certificate_key {folder}/own.key;\n\
             location = /moved {{ return 301 https://127.0.0.1:{port}/manual.txt; }}\n\
             location = /below {{ return 302 /moved; }}\n\
             location = /away {{ return 302 https://elsewhere.example/manual; }}\n\
             location = /plain {{ return 301 http://127.0.0.1:{port}/manual.txt; }}\n\
             location = /loop {{ return 302 /loop; }} }} }}\n"
        );
        fs::write(keys.path("nginx.conf"), configuration).unwrap();
        let server = start(&nginx, keys.folder(), &["-c", &format!("{folder}/nginx.conf")]);
        accepts(local(port));
        Some(Self { keys, port, _server: server })
    }

    fn roots(&self) -> Roots {
        Roots::from_pem(&fs::read(self.keys.path("root.pem")).unwrap()).unwrap()
    }

    fn get(&self, path: &str) -> Result<Document, Findings> {
        let url = format!("https://127.0.0.1:{}{path}", self.port);
        get(&url, &self.roots(), OffsetDateTime::now_utc(), Bounds::default())
    }
}

fn get(url: &str, roots: &Roots, now: OffsetDateTime, given: Bounds) -> Result<Document, Findings> {
    let budget = Budget::new(bounds(given, MOST as u64), Stop::default());
    // No name is looked up here: the addresses are written as numbers.
    fetch(url, MOST, &Resolver::at(local(1)), roots, now, &budget)
}

/// The kind of the one failure, where there is one, and the one gap.
fn why(result: Result<Document, Findings>) -> (Option<FailureKind>, String) {
    let findings = result.unwrap_err();
    assert_eq!(findings.gaps.len(), 1, "{findings:?}");
    let kinds: Vec<_> = findings
        .facts
        .iter()
        .filter_map(|(fact, _)| if let Observed::ProbeFailure(failure) = fact { Some(failure.failure) } else { None })
        .collect();
    assert!(kinds.len() <= 1, "{findings:?}");
    (kinds.first().copied(), findings.gaps[0].1.reason.en.clone())
}

#[test]
fn documents_and_what_is_none() {
    let Some(site) = Site::start() else { return };
    for (path, found) in [("/manual.txt", "/manual.txt"), ("/moved", "/manual.txt"), ("/below", "/manual.txt")] {
        let document = site.get(path).unwrap();
        assert!(document.bytes.starts_with(b"Manual") && document.url.ends_with(found), "{path}: {}", document.url);
    }
    let (kind, reason) = why(site.get("/away"));
    assert!(kind.is_none() && reason.contains("https://elsewhere.example/manual"), "{reason}");
    let (kind, reason) = why(site.get("/plain"));
    assert!(kind.is_none() && reason.contains("http://127.0.0.1"), "{reason}");
    let (kind, reason) = why(site.get("/loop"));
    assert!(kind == Some(FailureKind::Nonsense) && reason.contains("redirects without end"), "{reason}");
    let (kind, reason) = why(site.get("/none.txt"));
    assert!(kind == Some(FailureKind::Nonsense) && reason.contains("status 404"), "{reason}");
    assert_eq!(why(site.get("/large.txt")).0, Some(FailureKind::TooMuch));
}

#[test]
fn a_server_that_is_not_to_be_trusted_is_not_asked() {
    let Some(site) = Site::start() else { return };
    let url = format!("https://127.0.0.1:{}/manual.txt", site.port);
    let now = OffsetDateTime::now_utc();
    let untrusted = |result| {
        let (kind, reason) = why(result);
        assert_eq!(kind, Some(FailureKind::Untrusted), "{reason}");
    };
    // Of no known authority; for another address; of a time that is over.
    untrusted(get(&url, &Roots::bundled(), now, Bounds::default()));
    untrusted(get(&url.replace("127.0.0.1", "127.0.0.2"), &site.roots(), now, Bounds::default()));
    untrusted(get(&url, &site.roots(), now + Duration::from_hours(24 * 40), Bounds::default()));
    assert!(get(&url, &Roots::bundled().with(&site.roots()), now, Bounds::default()).is_ok());
}

#[test]
fn what_cannot_be_fetched() {
    let now = OffsetDateTime::now_utc();
    let (kind, reason) = why(get("http://127.0.0.1/manual", &Roots::bundled(), now, Bounds::default()));
    assert!(kind.is_none() && reason.contains("https"), "{reason}");
    let (kind, _) = why(get("https://", &Roots::bundled(), now, Bounds::default()));
    assert_eq!(kind, None);
    let refused = format!("https://127.0.0.1:{}/", free_tcp());
    assert_eq!(why(get(&refused, &Roots::bundled(), now, Bounds::default())).0, Some(FailureKind::Refused));
    // One that takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let hurried = Bounds { total: Duration::from_secs(1), ..Bounds::default() };
    let (kind, _) = why(get(&url, &Roots::bundled(), now, hurried));
    assert!(matches!(kind, Some(FailureKind::TimedOut | FailureKind::BudgetSpent)), "{kind:?}");
}
