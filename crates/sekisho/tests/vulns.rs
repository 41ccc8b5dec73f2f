//! `sekisho vulns` as a user runs it. The transcripts are read by people: look at a difference before accepting it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;

use sekisho_test::feeds::osv;
use sekisho_test::{Transcript, root, run};
use serde_json::{Value, json};

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

const PRODUCT: &str = "\
name: Gateway
vendor: Acme
version: '4.2'
components:
  - id: gateway
    kind: device
    name: Gateway
    sbom: sbom.cdx.json
    interfaces:
      - {kind: web, port: 443, reach: internet}
";

/// A folder with a product whose components are affected, fixed, and of a version that no order reads; and a database for it.
fn gateway(folder: &Path) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let component = |kind: &str, name: &str, version: &str| json!({"type": "library", "name": name, "version": version, "purl": format!("pkg:{kind}/{name}@{version}")});
    let sbom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": "2026-11-20T00:00:00Z", "component": {"type": "firmware", "name": "gateway", "version": "4.2", "purl": "pkg:generic/acme/gateway@4.2"}},
        "components": [
            component("pypi", "affected", "1.2.0"),
            component("pypi", "fixed", "1.2.3"),
            component("pypi", "nightly", "last-tuesday"),
            component("pypi", "unlisted", "9.0"),
        ],
    });
    write("product.yaml", PRODUCT);
    write("sbom.cdx.json", &sbom.to_string());
    fs::create_dir(folder.join("feeds")).unwrap();
    for (number, package) in ["affected", "fixed", "nightly"].into_iter().enumerate() {
        let rest = format!(
            r#","aliases":["CVE-2026-1000{number}"],"severity":[{{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]"#
        );
        let id = format!("PYSEC-2026-{number}");
        write(&format!("feeds/{id}.json"), &osv(&id, "2026-11-20T00:00:00Z", "PyPI", package, &rest));
    }
    assert_eq!(sekisho(folder, &["vulndb", "import", "feeds", "--quiet"]).code, 0);
}

fn sekisho(folder: &Path, arguments: &[&str]) -> Transcript {
    let transcript = run(SEKISHO, folder, arguments);
    assert!(!transcript.stderr.contains("panicked"), "{}", transcript.stderr);
    transcript
}

/// The standing of every vulnerability in a report, by its component.
fn standings(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
    let mut standings: Vec<_> = report["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| (text(&fact["value"]["component"]), text(&fact["value"]["standing"])))
        .collect();
    standings.sort();
    standings
}

#[test]
fn what_is_known_is_shown_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    for lang in ["en", "ja"] {
        let transcript = sekisho(folder.path(), &["vulns", "product.yaml", "--all", "--lang", lang]);
        assert_eq!(transcript.code, 0);
        insta::assert_snapshot!(format!("what_is_known_{lang}"), transcript.page());
    }
    let report = sekisho(folder.path(), &["vulns", "product.yaml", "--json", "--all"]).json();
    assert_eq!(
        standings(&report),
        [("affected", "affected"), ("nightly", "unknown")].map(|(a, b)| (a.into(), b.into()))
    );
}

#[test]
fn a_statement_settles_what_it_names_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let statement = |purl: &str| {
        json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex", "author": "Acme",
            "timestamp": "2026-11-21T00:00:00Z", "version": 1,
            "statements": [{"vulnerability": {"name": "CVE-2026-10000"}, "products": [{"@id": purl}],
                "status": "not_affected", "justification": "vulnerable_code_not_present"}]})
        .to_string()
    };
    let affected =
        || standings(&sekisho(folder.path(), &["vulns", "product.yaml", "--json", "--all"]).json())[0].1.clone();
    for (purl, expected) in [("pkg:pypi/affected@1.1.0", "affected"), ("pkg:pypi/affected@1.2.0", "not-affected")] {
        fs::write(folder.path().join("feeds/vex.json"), statement(purl)).unwrap();
        assert_eq!(sekisho(folder.path(), &["vulndb", "import", "feeds", "--quiet"]).code, 0);
        assert_eq!(affected(), expected, "{purl}");
    }
}

#[test]
fn what_changed_since_a_day_a_report_and_a_database() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let at = |name: &str| folder.path().join(name);
    let before = sekisho(folder.path(), &["vulns", "product.yaml", "--json"]);
    fs::write(at("before.json"), before.stdout).unwrap();
    fs::copy(at("vulnerabilities.db"), at("before.db")).unwrap();
    let unchanged = sekisho(folder.path(), &["vulns", "product.yaml", "--since", "before.json", "--json"]).json();

    let more = osv("PYSEC-2026-9", "2026-11-22T00:00:00Z", "PyPI", "unlisted", "").replace("1.2.3", "9.1");
    fs::write(at("feeds/PYSEC-2026-9.json"), more).unwrap();
    assert_eq!(sekisho(folder.path(), &["vulndb", "import", "feeds", "--quiet"]).code, 0);
    let pages = ["before.json", "before.db", "2026-11-21"].map(|since| {
        let transcript = sekisho(folder.path(), &["vulns", "product.yaml", "--since", since]);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        assert!(transcript.stdout.contains("PYSEC-2026-9"), "{}", transcript.stdout);
        assert_ne!(unchanged, sekisho(folder.path(), &["vulns", "product.yaml", "--since", since, "--json"]).json());
        format!("$ sekisho vulns product.yaml --since {since}\n{}", transcript.page())
    });
    insta::assert_snapshot!(pages.join("\n==========\n\n"));
}

#[test]
fn a_gate_is_failed_by_what_is_affected_only() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let code = |arguments: &[&str]| sekisho(folder.path(), &[&["vulns", "product.yaml"], arguments].concat()).code;
    assert_eq!(code(&["--fail-on", "critical"]), 1);
    // Without the affected component, what is not known remains, and fails nothing.
    let sbom = fs::read_to_string(folder.path().join("sbom.cdx.json")).unwrap();
    fs::write(folder.path().join("sbom.cdx.json"), sbom.replace("affected@1.2.0", "affected@1.2.4")).unwrap();
    assert_eq!(code(&["--fail-on", "info"]), 0);
    // What nobody has scored fails the lowest limit only.
    let unscored = osv("PYSEC-2026-9", "2026-11-22T00:00:00Z", "PyPI", "unlisted", "").replace("1.2.3", "9.1");
    fs::write(folder.path().join("feeds/PYSEC-2026-9.json"), unscored).unwrap();
    assert_eq!(sekisho(folder.path(), &["vulndb", "import", "feeds", "--quiet"]).code, 0);
    assert_eq!((code(&["--fail-on", "low"]), code(&["--fail-on", "info"])), (0, 1));
}

#[test]
fn other_tools_get_their_formats() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let written = |format: &str| sekisho(folder.path(), &["vulns", "product.yaml", "--format", format]).json();
    assert_eq!(written("cyclonedx")["vulnerabilities"][0]["id"], "CVE-2026-10000");
    assert_eq!(written("openvex")["author"], "Acme");
    assert_eq!(written("csaf")["document"]["category"], "csaf_vex");
}

#[test]
fn without_a_database_nothing_is_claimed() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let database = folder.path().join("vulnerabilities.db");
    let bytes = fs::read(&database).unwrap();
    let page = |arguments: &[&str]| {
        let transcript = sekisho(folder.path(), arguments);
        assert_ne!(transcript.code, 0);
        assert_eq!(transcript.stdout, "");
        format!("$ sekisho {}\n{}", arguments.join(" "), transcript.page())
    };
    let mut pages = vec![
        page(&["vulns", "product.yaml", "--no-vulndb"]),
        page(&["vulns", "product.yaml", "--vulndb", "gone.db", "--lang", "ja"]),
        page(&["vulns", "product.yaml", "--vulndb", "sbom.cdx.json"]),
        page(&["vulns", "product.yaml", "--since", "sbom.cdx.json"]),
        page(&["vulns", "product.yaml", "--since", "gone.json"]),
        page(&["vulns", "product.yaml", "--since", "2026-11-01", "--format", "csaf"]),
    ];
    fs::write(&database, &bytes[..bytes.len() / 2]).unwrap();
    pages.push(page(&["vulns", "product.yaml"]));
    fs::remove_file(&database).unwrap();
    pages.push(page(&["vulns", "product.yaml"]));
    insta::assert_snapshot!(pages.join("\n==========\n\n"));
}

#[test]
fn an_assessment_says_what_it_could_not_see() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    // What `vuln-no-known` is judged as, and by which check.
    let judged = |arguments: &[&str]| {
        let fixed = ["assess", "product.yaml", "--documents", "CRA", "--format", "json"];
        let report = sekisho(folder.path(), &[fixed.as_slice(), arguments].concat()).json();
        let find = |list: &Value, key: &str, id: &str| {
            list.as_array()
                .unwrap()
                .iter()
                .find(|one| one[key] == id)
                .cloned()
                .unwrap_or_else(|| panic!("{id}: {list}"))
        };
        let objective = find(&report["objectives"], "id", "vuln-no-known");
        let check = find(&objective["checks"], "check", "vuln-known-unanswered");
        let reasons = check["reasons"].to_string();
        (objective["verdict"].clone(), check["outcome"].clone(), report["database"]["records"].clone(), reasons)
    };
    let (verdict, outcome, records, _) = judged(&[]);
    assert_eq!((verdict, outcome, records), (json!("not-met"), json!("fail"), json!(3)));
    let (verdict, outcome, records, reasons) = judged(&["--no-vulndb"]);
    assert_eq!((verdict, outcome, records), (json!("open"), json!("inconclusive"), Value::Null));
    assert!(reasons.contains("were not held against a database of known vulnerabilities"), "{reasons}");
}

#[test]
fn a_database_that_is_named_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    gateway(folder.path());
    let status = |arguments: &[&str]| {
        let mut command = std::process::Command::new(SEKISHO);
        command.args(["assess", "product.yaml", "--documents", "CRA", "--no-html"]).args(arguments);
        let output = command.current_dir(folder.path()).env("SEKISHO_VULNDB", "gone.db").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(status(&[]).contains("gone.db"), "{}", status(&[]));
    assert!(!status(&["--no-vulndb"]).contains("gone.db"));
}

#[test]
fn the_example_shows_true_vulnerabilities() {
    for product in ["product", "product-mended"] {
        for lang in ["en", "ja"] {
            let file = format!("{product}.yaml");
            let transcript = sekisho(&root().join("examples/smart-camera"), &["vulns", &file, "--lang", lang]);
            assert_eq!(transcript.code, 0, "{}", transcript.stderr);
            insta::assert_snapshot!(format!("the_example_{product}_{lang}"), transcript.page());
        }
    }
}
