//! The advisories that lie beside the repository: all of them are read, and known ones found. Skipped, with a word, where they are absent.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::Read;
use std::path::Path;

use common::{now, run};
use sekisho_test::shared_data;
use sekisho_vulndb::{AgeLimits, Database, Event, Moment, Reason, StaleReason, VexStatus};

/// Unpacks an archive of the shared data.
fn unpack(archive: &str, folder: &Path) -> Option<()> {
    let path = shared_data(archive)?;
    let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
    let packed: Box<dyn Read> = if archive.contains(".tar.xz") {
        Box::new(lzma_rust2::XzReader::new(file, true))
    } else {
        Box::new(flate2::read::GzDecoder::new(file))
    };
    tar::Archive::new(packed).unpack(folder).unwrap();
    Some(())
}

#[test]
fn real_advisories() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    for archive in [
        "osv/go.tar.xz",
        "osv/rustsec.tar.gz",
        "osv/almalinux-iot.tar.gz",
        "cve5/openssl-secjson.tar.gz",
        "cve5/vulnrichment-iot.tar.gz",
    ] {
        if unpack(&format!("vuln/{archive}"), &input.join(archive.replace(['/', '.'], "_"))).is_none() {
            return;
        }
    }
    unpack("csaf/examples.tar.gz", &input.join("csaf")).unwrap();
    unpack("sbom/cyclonedx/vex-examples.tar.gz", &input.join("cyclonedx")).unwrap();
    let (kev, epss) = (shared_data("vuln/kev").unwrap(), shared_data("vuln/epss").unwrap());
    let path = folder.path().join("vulns.db");
    let report = run(&[&input, &kev, &epss], &path);
    println!("{:#?}", report.problems);
    let status = &report.status;
    let records = |feed: &str| status.feeds.get(feed).map_or(0, |feed| feed.records);
    assert_eq!(records("osv/GO"), 4291);
    assert_eq!(records("osv/RUSTSEC"), 1206);
    // Security, bug-fix and enhancement advisories.
    assert_eq!(records("osv/ALSA") + records("osv/ALBA") + records("osv/ALEA"), 260);
    assert_eq!(records("epss"), 360_142);
    // 272, beside one file that is none, and 82, of which 12 are the same.
    let cve = records("cve");
    assert_eq!(cve, 342);
    assert!(records("kev") >= 1404 && records("vex") > 30, "{} {}", records("kev"), records("vex"));
    // The schema of the catalogue, read-me files, the examples of other formats: nothing else is unknown, nothing at all unreadable.
    for reason in
        [Reason::BadJson, Reason::BadCsv, Reason::Unreadable, Reason::CutOff, Reason::TooLarge, Reason::Incomplete]
    {
        let count = report.problems.get(&reason);
        assert!(
            count.is_none_or(|count| count.examples.iter().all(|example| example.id.is_empty())),
            "{reason:?}: {count:?}"
        );
    }

    let database = Database::open(&path).unwrap();
    database.check().unwrap();
    // CVE-2019-25002 by any of its names.
    let found = database.by_id("CVE-2019-25002").unwrap().unwrap();
    assert_eq!(found.ids, ["CVE-2019-25002", "GHSA-wrvc-72w7-xpmj", "RUSTSEC-2019-0026"]);
    let sodium: Vec<_> = database.advisories("crates.io", "sodiumoxide").unwrap().map(Result::unwrap).collect();
    let advisory = sodium.iter().find(|advisory| advisory.id == "RUSTSEC-2019-0026").unwrap();
    let events = [Event::Introduced("0.0.0-0".to_owned()), Event::Fixed("0.2.5".to_owned())];
    assert_eq!(advisory.packages[0].ranges[0].events, events);
    assert_eq!(database.by_product("openssl", "openssl").unwrap().count(), 272);
    assert!(database.advisories("AlmaLinux:8", "openssl-libs").unwrap().count() > 0);
    // The recorded answer of osv-scanner for Go 1.24.4 has 49 advisories; all of them are among those of its two packages.
    let expected =
        std::fs::read_to_string(shared_data("vuln/osv-known-answers/expected-go-stdlib-1.24.4.txt").unwrap()).unwrap();
    let ids: std::collections::BTreeSet<String> = ["stdlib", "toolchain"]
        .iter()
        .flat_map(|name| database.advisories("Go", name).unwrap())
        .map(|advisory| advisory.unwrap().id)
        .collect();
    let wanted: std::collections::BTreeSet<&str> = expected
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| word.starts_with("GO-2"))
        .collect();
    assert_eq!(wanted.len(), 49);
    assert!(wanted.iter().all(|id| ids.contains(*id)), "{wanted:?}");

    let kev = database.kev("CVE-2025-48384").unwrap().unwrap();
    assert_eq!((kev.vendor.as_str(), kev.added), ("Git", Moment::parse("2025-08-25")));
    let epss = database.epss("CVE-2010-5340").unwrap().unwrap();
    assert_eq!((epss.probability, epss.percentile), (0.008_36, 0.547_05));
    let stale = database.status().stale(now(), &AgeLimits::all(30));
    assert!(stale.iter().any(|stale| stale.feed == "epss" && stale.reason == StaleReason::Undated), "{stale:?}");
    assert!(stale.iter().any(|stale| stale.feed == "kev" && matches!(stale.reason, StaleReason::Old { .. })));
    let vex: Vec<_> = database.vex("CVE-2021-44228").unwrap().map(Result::unwrap).collect();
    let stated =
        vex.iter().flat_map(|(_, statements)| statements).filter(|on| on.status == VexStatus::NotAffected).count();
    assert!(stated > 0, "{vex:?}");
    let size = std::fs::metadata(&path).unwrap().len();
    println!("{} records, {size} bytes", status.records);
}
