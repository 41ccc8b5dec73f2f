//! Published documents as users give them: a folder with a PDF, and an address on the web, both read in confined processes.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use sekisho_test::{root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");
const NOW: &str = "2026-11-20T00:00:00Z";

fn manual() -> std::path::PathBuf {
    root().join("crates/sekisho-import/tests/data/published/manual.pdf")
}

#[test]
fn a_folder_is_read_the_same_confined_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("documents");
    fs::create_dir_all(documents.join("ja")).unwrap();
    fs::copy(manual(), documents.join("manual.pdf")).unwrap();
    fs::copy(manual().with_file_name("privacy-ja.pdf"), documents.join("ja/privacy.pdf")).unwrap();
    fs::copy(manual().with_file_name("locked.pdf"), documents.join("locked.pdf")).unwrap();
    fs::write(documents.join("ja/notes.txt"), "注意\n\n個人情報は収集しません。\n").unwrap();
    let arguments = ["collect", "published", "documents", "--format", "json", "--now", NOW];
    let confined = run(SEKISHO, folder.path(), &arguments);
    let here = run(SEKISHO, folder.path(), &[arguments.as_slice(), &["--no-isolation"]].concat());
    assert_eq!((confined.code, confined.stderr.as_str()), (0, ""));
    assert_eq!(confined.stdout, here.stdout);
    let found = confined.json();
    let facts = found["facts"].as_array().unwrap();
    let place = |fact: &Value| (fact["source"]["path"].as_str().map(str::to_owned), fact["source"]["page"].as_u64());
    let quoted = facts.iter().find(|fact| fact["value"]["topic"] == "support-period").unwrap();
    assert_eq!(place(quoted), (Some("manual.pdf".to_owned()), Some(2)));
    let gaps = found["coverage"][0]["gaps"].as_array().unwrap();
    assert_eq!((gaps.len(), gaps[0]["path"].as_str()), (1, Some("locked.pdf")));
    let shown = run(SEKISHO, folder.path(), &["collect", "published", "documents", "--lang", "ja"]);
    assert!(shown.stdout.contains("manual.pdf p.2"), "{}", shown.stdout);
    assert!(shown.stdout.contains("パスワードで保護されたPDF"), "{}", shown.stdout);
}

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// nginx with the manual, and a certificate that signs itself for 127.0.0.1, which the test takes for a root. None where it is not installed.
fn serve(folder: &Path) -> Option<(Server, u16)> {
    let path = folder.to_str().unwrap();
    let key = format!("{path}/root.key");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "3650"])
        .args(["-subj", "/CN=Test root", "-keyout", &key, "-out", &format!("{path}/root.pem")])
        .output();
    let sign = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).exists());
    let (Ok(_), Some(nginx)) = (made, nginx) else {
        assert!(std::env::var_os("CI").is_none(), "nginx or openssl is not installed");
        eprintln!("skipped: nginx or openssl is not installed");
        return None;
    };
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    sign(&["req", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=site", "-keyout", "own.key", "-out", "own.csr"]);
    let ca = ["x509", "-req", "-in", "own.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
    sign(&[ca.as_slice(), &["-days", "3650", "-out", "own.pem", "-extfile", "names"]].concat());
    fs::create_dir(folder.join("www")).unwrap();
    fs::copy(manual(), folder.join("www/manual.pdf")).unwrap();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {path}/{name};"))
        .join(" ");
    let configuration = format!(
        "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log; events {{}}\n\
         http {{ access_log {path}/access.log; {temporary} server {{ listen 127.0.0.1:{port} ssl; root {path}/www;\n\
         ssl_certificate {path}/own.pem; ssl_certificate_key {path}/own.key; }} }}\n"
    );
    fs::write(folder.join("nginx.conf"), configuration).unwrap();
    let child = Command::new(nginx)
        .args(["-c", &format!("{path}/nginx.conf")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child);
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some((server, port));
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("nginx does not answer: {:?}", fs::read_to_string(folder.join("error.log")));
}

#[test]
fn an_address_is_fetched_where_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let Some((_server, port)) = serve(folder.path()) else { return };
    let address = format!("https://127.0.0.1:{port}/manual.pdf");
    let product = |authorized: &str| {
        let text = format!(
            "name: Test\ndocuments: [EN303645]\ncomponents:\n  - id: site\n    kind: web-service\n    published: ['{address}']\n{authorized}"
        );
        fs::write(folder.path().join("product.yaml"), text).unwrap();
    };
    let asked = || fs::read_to_string(folder.path().join("access.log")).unwrap_or_default().lines().count();
    let assessed = |more: &[&str]| {
        // The certificate is of today, and tests run as of a fixed day unless they say otherwise.
        let now = time::OffsetDateTime::now_utc().format(&time::format_description::well_known::Rfc3339).unwrap();
        let fixed = ["assess", "product.yaml", "--no-html", "--format", "json", "--now", &now];
        let arguments = [fixed.as_slice(), more].concat();
        let transcript = run(SEKISHO, folder.path(), &arguments);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        transcript.json()
    };
    let probe = "    authorized: probe\n";

    product("");
    let silent = assessed(&["--roots", "root.pem"]);
    assert!(silent["not_looked_at"].to_string().contains("does not authorize"), "{}", silent["not_looked_at"]);
    product(probe);
    let offline = assessed(&["--roots", "root.pem", "--offline"]);
    assert!(offline["not_looked_at"].to_string().contains("nothing was contacted"), "{}", offline["not_looked_at"]);
    let untrusted = assessed(&[]);
    assert!(untrusted["coverage"].to_string().contains("not to be trusted"), "{}", untrusted["coverage"]);
    assert_eq!(asked(), 0);

    let found = assessed(&["--roots", "root.pem"]);
    let facts = found["facts"].as_array().unwrap();
    let passage = facts.iter().find(|fact| fact["value"]["topic"] == "support-period");
    let passage = passage.unwrap_or_else(|| panic!("{}", found["coverage"]));
    assert_eq!(
        (passage["source"]["artefact"].as_str(), passage["source"]["page"].as_u64()),
        (Some(&*address), Some(2))
    );
    let artefact = found["artefacts"].as_array().unwrap().iter().find(|artefact| artefact["name"] == *address).unwrap();
    assert!(artefact["made"].is_string() && artefact["sha256"].is_string(), "{artefact}");
}
