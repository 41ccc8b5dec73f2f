//! The bundled examples, each held against the list of what was planted in it: all found, nothing else claimed; and the mended twins come out
//! clean.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use sekisho_test::planted::{Planted, Truth, has_fields};
use sekisho_test::{Transcript, root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// The examples, and how many objectives of the mended one are met on evidence at least: a microcontroller's program shows less of itself.
const EXAMPLES: [(&str, usize); 2] = [("smart-camera", 5), ("sensor-node", 1)];

/// A product of an example, assessed once for all tests.
fn assess(product: &str) -> Value {
    static DONE: LazyLock<Mutex<BTreeMap<String, Value>>> = LazyLock::new(Mutex::default);
    let mut done = DONE.lock().unwrap();
    let assessment = done.entry(product.to_owned()).or_insert_with(|| {
        let transcript = run(SEKISHO, &root(), &["assess", product, "--format", "json"]);
        assert_eq!(transcript.code, 0, "{}", transcript.stderr);
        transcript.json()
    });
    assessment.clone()
}

/// Each example's list and the assessment of its weak product.
fn weak() -> impl Iterator<Item = (&'static str, Truth, Value)> {
    EXAMPLES.iter().map(|&(name, _)| (name, Truth::read(name), assess(&format!("examples/{name}/product.yaml"))))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list '{name}'"))
}

/// The facts that findings rest on.
fn facts_of_findings(assessment: &Value) -> Vec<(&Value, &Value)> {
    let facts = list(assessment, "facts");
    list(assessment, "findings")
        .iter()
        .flat_map(|finding| {
            list(finding, "facts").iter().map(move |index| (finding, &facts[index.as_u64().unwrap() as usize]))
        })
        .collect()
}

#[test]
fn everything_planted_is_seen_and_refutes_its_objective() {
    let mut missed = Vec::new();
    for (example, truth, assessment) in weak() {
        let facts = list(&assessment, "facts");
        for planted in &truth.planted {
            if !facts.iter().any(|fact| planted.is_shown_by(fact)) {
                missed.push(format!("{example}: {}: no fact shows it", planted.id));
            }
            let objective = list(&assessment, "objectives").iter().find(|o| o["id"] == planted.objective.as_str());
            let verdict = objective.map_or("(not asked)", |o| o["verdict"].as_str().unwrap());
            if !matches!(verdict, "not-met" | "contradicted") {
                missed.push(format!("{example}: {}: {} is {verdict}", planted.id, planted.objective));
            }
        }
        for unseen in &truth.unseen {
            let looked = list(&assessment, "coverage").iter().find(|c| c["aspect"] == unseen.aspect.as_str());
            if looked.is_none_or(|c| c["extent"] == "complete") {
                missed.push(format!("{example}: {} counts as looked at: {}", unseen.aspect, unseen.what));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_finding_rests_on_something_planted() {
    let mut claimed = BTreeSet::new();
    for (example, truth, assessment) in weak() {
        for (finding, fact) in facts_of_findings(&assessment) {
            let planted = truth.planted.iter().any(|planted| planted.is_shown_by(fact) || same_thing(planted, fact));
            if !planted && !truth.has_vulnerability(fact) {
                claimed.insert(format!("{example}: {} by {fact}", finding["check"]));
            }
        }
    }
    assert!(claimed.is_empty(), "claimed but not planted:\n{}", claimed.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Whether a fact is another view of a planted thing: a plant is listed with one fact, and a program that is a weakness as a service may show one
/// as a setting of the same file.
fn same_thing(planted: &Planted, fact: &Value) -> bool {
    planted.path.as_deref().is_some_and(|path| fact["source"]["path"].as_str() == Some(path))
        && fact["name"] == planted.fact.as_str()
        && ["program", "user", "protocol"]
            .iter()
            .any(|key| planted.expect.get(*key).is_some_and(|expected| fact["value"].get(*key) == Some(expected)))
}

#[test]
fn twins_are_not_taken_for_the_real_thing() {
    let mut wrong = Vec::new();
    for (_, truth, assessment) in weak() {
        let facts = list(&assessment, "facts");
        for twin in &truth.twins {
            if let Some(name) = &twin.fact
                && !facts.iter().any(|f| f["name"] == name.as_str() && twin.is_about(f) && has_fields(f, &twin.expect))
            {
                wrong.push(format!("{}: expected a fact {name} with {:?}", twin.name(), twin.expect));
            }
            if let Some(name) = &twin.not_fact {
                let planted_here = |fact: &Value| truth.planted.iter().any(|p| p.is_shown_by(fact));
                let active = |fact: &Value| match name.as_str() {
                    "cleartext endpoint in use" => {
                        fact["name"] == "endpoint"
                            && fact["value"]["cleartext"] == true
                            && !matches!(fact["value"]["purpose"].as_str(), Some("namespace" | "documentation"))
                    }
                    "credential" => fact["name"] == "credential" && fact["value"]["inactive"] == false,
                    other => fact["name"] == other,
                };
                for fact in facts.iter().filter(|f| twin.is_about(f) && active(f) && !planted_here(f)) {
                    wrong.push(format!("{}: claimed as {name}: {fact}", twin.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_package_database_is_read_whole_and_exactly() {
    for (example, truth, assessment) in weak() {
        assert_eq!(package_database(&assessment), truth.packages, "{example}");
        let mended = assess(&format!("examples/{example}/product-mended.yaml"));
        assert_eq!(package_database(&mended), truth.mended_packages(), "{example}, mended");
    }
}

/// Names and versions of the packages that an image's package database lists.
fn package_database(assessment: &Value) -> BTreeMap<String, String> {
    list(assessment, "facts")
        .iter()
        .filter(|f| f["name"] == "component" && f["value"]["found_by"] == "package-database")
        .map(|f| (f["value"]["name"].as_str().unwrap().into(), f["value"]["version"].as_str().unwrap().into()))
        .collect()
}

/// What `sekisho vulns` reports on a product.
fn vulns(product: &str) -> Value {
    let transcript = run(SEKISHO, &root(), &["vulns", product, "--json"]);
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    transcript.json()
}

/// Of the vulnerabilities in a report those of the given standing, each with the component that has it.
fn standing<'a>(report: &'a Value, standing: &str) -> BTreeMap<&'a str, &'a str> {
    list(report, "vulnerabilities")
        .iter()
        .map(|fact| &fact["value"])
        .filter(|known| known["standing"] == standing)
        .map(|known| (known["id"].as_str().unwrap(), known["component"].as_str().unwrap()))
        .collect()
}

/// The package of this version was judged. It may be in the inventory once more, under the image's own distribution: nobody publishes
/// advisories for that one, and it is not judged.
fn assert_judged(report: &Value, name: &str, version: &str) {
    let listed = |part| list(report, part).iter().filter(|i| i["name"] == name && i["version"] == version).count();
    let (all, left_out) = (listed("inventory"), listed("not_judged"));
    assert!(all > left_out, "{name} {version}: {left_out} of {all} not judged: {}", report["not_judged"]);
}

#[test]
fn the_weak_camera_has_exactly_the_listed_vulnerabilities() {
    let truth = Truth::read("smart-camera");
    let report = vulns("examples/smart-camera/product.yaml");
    let expected: BTreeMap<&str, &str> = truth.vulnerabilities.iter().map(|(id, of)| (&**id, &**of)).collect();
    assert_eq!(expected.len(), 13);
    assert_eq!(standing(&report, "affected"), expected);
    // Nothing else either: what the maker states on 2.5.0 says nothing about this version.
    assert_eq!(list(&report, "vulnerabilities").len(), expected.len());
    assert_judged(&report, "openssl", &truth.packages["openssl"]);
    assert_judged(&report, "pcre2", &truth.packages["libpcre2-8-0"]);
}

#[test]
fn the_mended_camera_has_none_of_them() {
    let truth = Truth::read("smart-camera");
    let report = vulns("examples/smart-camera/product-mended.yaml");
    // Not affected, and not for want of looking: its versions were judged, and what they leave open is settled by its maker's statements.
    let packages = truth.mended_packages();
    assert_judged(&report, "openssl", &packages["openssl"]);
    assert_judged(&report, "pcre2", &packages["libpcre2-8-0"]);
    let settled = standing(&report, "not-affected");
    let expected: BTreeSet<&str> = truth.vulnerabilities_stated.iter().map(String::as_str).collect();
    assert_eq!(settled.keys().copied().collect::<BTreeSet<_>>(), expected);
    for (id, component) in &settled {
        assert_eq!(truth.vulnerabilities[*id], *component, "{id}");
    }
    assert_eq!(list(&report, "vulnerabilities").len(), expected.len(), "{}", report["vulnerabilities"]);
    for known in list(&report, "vulnerabilities") {
        let statement = &known["value"]["statement"];
        assert_eq!((&statement["status"], &statement["by"]), (&"not-affected".into(), &"Hikari Devices".into()));
    }
}

#[test]
fn answers_that_the_image_contradicts_are_contradicted() {
    for (example, truth, assessment) in weak() {
        let contradicted: BTreeSet<&str> = list(&assessment, "objectives")
            .iter()
            .filter(|o| o["verdict"] == "contradicted")
            .map(|o| o["id"].as_str().unwrap())
            .collect();
        let expected: BTreeSet<&str> = truth.contradictions.iter().map(|c| c.objective.as_str()).collect();
        assert_eq!(contradicted, expected, "{example}");
        for expired in &truth.expired_answers {
            let objective = list(&assessment, "objectives").iter().find(|o| o["id"] == expired.as_str()).unwrap();
            assert_eq!(objective["answer_expired"], true, "{expired}");
        }
        for contradiction in &truth.contradictions {
            for id in &contradiction.by_planted {
                let planted = truth.planted(id);
                let shown = facts_of_findings(&assessment).iter().any(|(finding, fact)| {
                    finding["objective"] == contradiction.objective.as_str() && planted.is_shown_by(fact)
                });
                assert!(shown, "{}: no finding rests on {id}", contradiction.objective);
            }
        }
    }
}

#[test]
fn the_mended_product_comes_out_clean() {
    for (example, on_evidence) in EXAMPLES {
        let assessment = assess(&format!("examples/{example}/product-mended.yaml"));
        let findings: Vec<String> = facts_of_findings(&assessment)
            .iter()
            .map(|(finding, fact)| format!("{} by {fact}", finding["check"]))
            .collect();
        assert!(findings.is_empty(), "{example}: {}", findings.join("\n"));
        let failing: Vec<String> = list(&assessment, "controls")
            .iter()
            .filter(|c| matches!(c["verdict"].as_str(), Some("not-met" | "contradicted")))
            .map(|c| c["id"].to_string())
            .collect();
        assert!(failing.is_empty(), "{example}: {failing:?}");
        // Clean is not empty: evidence speaks for it.
        let verified = list(&assessment, "objectives").iter().filter(|o| o["basis"] == "verified").count();
        assert!(verified >= on_evidence, "{example}: only {verified} objectives are met on evidence");
    }
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let once = |_| run(SEKISHO, &root(), &["assess", "examples/smart-camera/product.yaml", "--format", "json"]);
    let transcripts: Vec<Transcript> = (0..2).map(once).collect();
    assert_eq!(transcripts[0], transcripts[1]);
}

#[test]
fn the_gate_has_its_exit_codes() {
    let run = |arguments: &[&str]| run(SEKISHO, &root(), arguments).code;
    let weak = "examples/smart-camera/product.yaml";
    let mended = "examples/smart-camera/product-mended.yaml";
    assert_eq!(run(&["assess", weak, "--no-html", "--fail-on", "critical"]), 1);
    assert_eq!(run(&["assess", mended, "--no-html", "--fail-on", "info"]), 0);
    assert_eq!(run(&["assess", mended, "--no-html", "--only", "sbom", "--require-evidence"]), 3);
    assert_eq!(run(&["assess", "no-such-file.yaml"]), 2);
    assert_eq!(run(&["assess"]), 2);
}

#[test]
fn explain_prints_the_whole_derivation() {
    let product = "examples/smart-camera/product.yaml";
    let explained = run(SEKISHO, &root(), &["explain", "EN303645:5.1-1", product]);
    assert_eq!(explained.code, 0, "{}", explained.stderr);
    for expected in ["auth-no-default-password", "auth-account-known-password", "/etc/shadow", "camera-2.4.0.bin"] {
        assert!(explained.stdout.contains(expected), "{expected} is missing in\n{}", explained.stdout);
    }
    let unknown = run(SEKISHO, &root(), &["explain", "EN303645:5.1-99", product]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("5.1-9") || unknown.stderr.contains("did you mean"), "{}", unknown.stderr);
}
