//! Real advisories and the official tests of package URLs, read from the artefacts beside the repository; skipped aloud where they are absent.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::purl;
use sekisho_version::range::{CpeRange, Event, Range, RangeKind, Reason, Verdict, affected};
use serde_json::Value;

/// The JSON files of an archive.
fn records(archive: &str) -> Option<Vec<(String, Value)>> {
    let path = sekisho_test::shared_data(archive)?;
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(path).unwrap()));
    let mut records = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        if Path::new(&path).extension().is_some_and(|extension| extension == "json") {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            records.push((path, serde_json::from_str(&text).unwrap()));
        }
    }
    Some(records)
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The ranges of an `affected` object, and the versions that its events name, with the events' kind.
fn ranges(affected: &Value) -> Vec<Range<'_>> {
    array(affected, "ranges")
        .iter()
        .map(|range| Range {
            kind: match range["type"].as_str().unwrap() {
                "SEMVER" => RangeKind::SemVer,
                "ECOSYSTEM" => RangeKind::Ecosystem,
                _ => RangeKind::Git,
            },
            events: array(range, "events")
                .iter()
                .flat_map(|event| event.as_object().unwrap())
                .map(|(kind, version)| {
                    let version = version.as_str().unwrap();
                    match kind.as_str() {
                        "introduced" => Event::Introduced(version),
                        "fixed" => Event::Fixed(version),
                        "last_affected" => Event::LastAffected(version),
                        "limit" => Event::Limit(version),
                        other => panic!("{other}"),
                    }
                })
                .collect(),
        })
        .collect()
}

/// Every version with which a range begins is affected, none with which one ends is; but for ranges that begin and end in the same version.
fn bounds_agree(archive: &str, expected: usize) {
    let Some(records) = records(archive) else { return };
    let mut seen = 0;
    for (path, record) in records {
        for object in array(&record, "affected") {
            let ecosystem = Ecosystem::parse(object["package"]["ecosystem"].as_str().unwrap());
            for range in ranges(object) {
                for event in &range.events {
                    let (version, expect_affected) = match *event {
                        Event::Introduced("0") => continue,
                        Event::Introduced(version) => (version, !range.events.contains(&Event::Fixed(version))),
                        Event::Fixed(version) => (version, false),
                        other => panic!("{other:?}"),
                    };
                    match range.verdict(&ecosystem, version) {
                        Verdict::Affected(_) => assert!(expect_affected, "{path}: {event:?}"),
                        Verdict::NotAffected => assert!(!expect_affected, "{path}: {event:?}"),
                        Verdict::Unknown(reason) => panic!("{path}: {event:?}: {reason:?}"),
                    }
                    seen += 1;
                }
            }
            // A version beyond all ranges that are closed is not affected.
            let open = ranges(object).iter().any(|range| matches!(range.events.last(), Some(Event::Introduced(_))));
            if !open {
                let last = if archive.contains("almalinux") { "99:9.0.0-1" } else { "999999.0.0" };
                assert_eq!(affected(&ecosystem, &ranges(object), &[] as &[&str], last), Verdict::NotAffected, "{path}");
            }
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn the_bounds_of_almalinux_advisories() {
    bounds_agree("vuln/osv/almalinux-iot.tar.gz", 1892);
}

#[test]
fn the_bounds_of_rustsec_advisories() {
    bounds_agree("vuln/osv/rustsec.tar.gz", 2466);
}

/// OpenSSL's own records against the list of what was found in the two camera images.
#[test]
fn the_records_of_openssl() {
    let (Some(records), Some(truth)) = (
        records("vuln/cve5/openssl-secjson.tar.gz"),
        sekisho_test::shared_data("firmware/truth/openssl-expected-cves.json"),
    ) else {
        return;
    };
    let truth: Value = serde_json::from_reader(File::open(truth).unwrap()).unwrap();
    for version in ["0.9.8g", "1.0.2f"] {
        let mut found = BTreeSet::new();
        for (_, record) in &records {
            for statement in
                array(&record["containers"]["cna"], "affected").iter().flat_map(|product| array(product, "versions"))
            {
                let text = |key: &str| statement[key].as_str();
                let bounded = text("lessThan").is_some() || text("lessThanOrEqual").is_some();
                let range = CpeRange {
                    version: if bounded { "*" } else { text("version").unwrap() },
                    update: "*",
                    start_including: text("version").filter(|_| bounded),
                    end_excluding: text("lessThan"),
                    end_including: text("lessThanOrEqual"),
                    ..CpeRange::default()
                };
                match range.verdict(version) {
                    Verdict::Affected(_) if text("status") == Some("affected") => {
                        found.insert(record["cveMetadata"]["cveId"].as_str().unwrap());
                    }
                    // Versions of its FIPS module, a product of its own.
                    Verdict::Unknown(Reason::Bound(bound)) if bound.starts_with("fips-") => {}
                    Verdict::Unknown(reason) => panic!("{statement}: {reason:?}"),
                    _ => {}
                }
            }
        }
        let expected: BTreeSet<&str> = array(&truth, version).iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(found, expected, "{version}");
    }
}

/// What the official tests of package URLs ask of reading them. Those that differ are of types whose own rules the crate that reads them does
/// not have (no fact names one), and two keys of qualifiers in upper case, which it takes and the tests refuse.
#[test]
fn the_official_tests_of_package_urls() {
    let Some(records) = records("versions/purl-spec-tests.tar.gz") else { return };
    let (mut agree, mut differ) = (0, BTreeMap::new());
    for (path, document) in &records {
        for test in array(document, "tests").iter().filter(|test| test["test_type"] == "parse") {
            let fails = test["expected_failure"] == true;
            let text = |key: &str| test["expected_output"][key].as_str().map(str::to_owned);
            let right = match purl::parse(test["input"].as_str().unwrap()) {
                None => fails,
                Some(parsed) => {
                    !fails
                        && Some(&parsed.kind) == text("type").as_ref()
                        && parsed.namespace == text("namespace")
                        && Some(&parsed.name) == text("name").as_ref()
                        && parsed.version == text("version")
                }
            };
            if right {
                agree += 1;
            } else {
                *differ.entry(path.as_str()).or_insert(0) += 1;
            }
        }
    }
    let known = [
        ("types/brew-test.json", 2),
        ("types/cpan-test.json", 4),
        ("types/gem-test.json", 1),
        ("types/git-test.json", 2),
        ("types/rpm-test.json", 1),
    ];
    assert_eq!(differ, BTreeMap::from(known));
    assert_eq!(agree, 196);
}
