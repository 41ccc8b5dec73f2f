//! Results that other projects keep as samples. They may be read, not copied: where the folder is absent, there is nothing to do.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::PathBuf;

use sekisho_import::ResultsCollector;
use sekisho_model::collect::Collection;
use sekisho_model::fact::Observed;
use time::macros::datetime;

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("SEKISHO_SHARED_DATA").map(PathBuf::from);
    let found = given.or_else(|| {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().map(|above| above.join("shared/data")).find(|folder| folder.is_dir())
    });
    let scans = found.map(|folder| folder.join("scans")).filter(|folder| folder.is_dir());
    if scans.is_none() {
        eprintln!("skipped: the folder of shared data is not here (SEKISHO_SHARED_DATA)");
    }
    scans
}

fn read(path: &str) -> Option<Collection> {
    let bytes = std::fs::read(folder()?.join(path)).unwrap();
    Some(ResultsCollector::new(datetime!(2026-12-01 00:00 UTC)).read(&bytes, path, "device", &|_| {}).unwrap())
}

fn count(found: &Collection, name: &str) -> usize {
    found.facts.iter().filter(|fact| fact.observed.name() == name).count()
}

/// File, and for some facts how many there are (counted by hand or with another program).
#[test]
fn samples() {
    for (path, expected) in [
        ("defectdojo/nmap/issue4406.xml", &[("network-host", 1), ("network-service", 25)][..]),
        ("defectdojo/nmap/nmap_0port.xml", &[("network-service", 0)]),
        ("defectdojo/ssh_audit/many_vulns.json", &[("ssh-server", 1)]),
        ("defectdojo/ssh_audit/bug_fix.json", &[("ssh-server", 1)]),
        ("defectdojo/sslyze/one_target_many_vuln_new.json", &[("tls-server", 1), ("tls-certificate", 2)]),
        ("defectdojo/testssl/defectdojo_many_vuln.csv", &[("tls-server", 4), ("web-service", 4)]),
        ("defectdojo/testssl/failed_target.csv", &[("tool-finding", 1)]),
        ("testssl-default.csv", &[("tls-server", 1), ("web-service", 1)]),
        ("defectdojo/zap/zap_2.16.1_with_req_resp.xml", &[]),
        ("defectdojo/sarif/bash-report.sarif", &[]),
        ("defectdojo/sarif/appendix_k.sarif", &[]),
        ("defectdojo/sarif/suppression_test.sarif", &[]),
        ("toolsaf/testssl/all-skipped.json", &[("tool-finding", 5)]),
        ("toolsaf/testssl/not-skipped.json", &[]),
        ("toolsaf/ssh-audit/backend.json", &[("tool-finding", 5)]),
        ("toolsaf/zap/backend.json", &[("tool-finding", 2)]),
    ] {
        let Some(found) = read(path) else { return };
        assert!(!found.facts.is_empty(), "{path}");
        for (name, number) in expected {
            assert_eq!(count(&found, name), *number, "{name} of {path}: {:#?}", found.coverage);
        }
    }
}

#[test]
fn a_server_with_old_versions() {
    let Some(found) = read("testssl-default.csv") else { return };
    let server = found
        .facts
        .iter()
        .find_map(|fact| if let Observed::TlsServer(s) = &fact.observed { Some(s) } else { None })
        .unwrap();
    assert_eq!(server.versions, ["tls1.0", "tls1.1", "tls1.2", "tls1.3"]);
    assert_eq!(server.server_name.as_deref(), Some("testssl.sh"));
    assert_eq!((server.forward_secrecy, server.server_order), (Some(false), Some(true)));
    assert!(found.facts.iter().any(|fact| matches!(&fact.observed, Observed::TlsSuite(s) if s.version == "tls1.0" && s.suite == "TLS_RSA_WITH_AES_256_CBC_SHA")));
}

#[test]
fn what_is_not_read_is_refused() {
    let Some(folder) = folder() else { return };
    let collector = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC));
    for (path, code) in [
        ("defectdojo/cyclonedx/valid-vulnerability-1.4.json", "import-is-sbom"),
        ("defectdojo/spdx/spdx_many_vuln.json", "import-is-sbom"),
        ("defectdojo/nuclei/many_findings.json", "import-syntax"),
        ("defectdojo/nikto/juice-shop.json", "import-unknown"),
        ("toolsaf/har/browser.json", "import-unknown"),
        ("toolsaf/censys/backend.json", "import-unknown"),
    ] {
        let bytes = std::fs::read(folder.join(path)).unwrap();
        let problem = collector.read(&bytes, path, "device", &|_| {}).unwrap_err();
        assert_eq!(problem.code, code, "{path}: {problem}");
        assert!(problem.hint.is_some(), "{path}");
    }
}
