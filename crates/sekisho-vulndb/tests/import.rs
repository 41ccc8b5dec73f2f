//! Importing, from all kinds of sources and of bad input, and what look-ups then find.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs::{self, File};
use std::io::Write as _;
use std::ops::ControlFlow;

use common::{all_kinds, now, nvd, nvd_cve, nvd_cves, options, osv, run, run_with, with_all_kinds};
use sekisho_vulndb::{
    AgeLimits, Database, DatabaseError, Event, FeedChanges, ImportOptions, ImportReport, Limits, Moment, Operator,
    ProductStatus, Reason, StaleReason, State, Step, VexFormat, VexStatus, import, merge,
};

fn count(report: &ImportReport, reason: Reason) -> u64 {
    report.problems.get(&reason).map_or(0, |count| count.count)
}

#[test]
fn every_kind_is_read_and_found() {
    let (_folder, input, path) = with_all_kinds();
    let report = run(&[&input], &path);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!((report.files, report.read, report.added), (11, 12, 12));
    let database = Database::open(&path).unwrap();
    database.check().unwrap();
    assert_eq!(database.status(), &report.status);

    // Packages: whatever spelling the ecosystem takes for the same; withdrawn ones are not matched; merged into one vulnerability.
    let merged = database.advisories("PyPI", "foo.bar").unwrap().merged().unwrap();
    let ids: Vec<Vec<&str>> =
        merged.iter().map(|group| group.iter().map(|advisory| advisory.id.as_str()).collect()).collect();
    assert_eq!(ids, [["GHSA-1111-2222-3333", "PYSEC-2024-1"]]);
    let range = &merged[0][0].packages[0].ranges[0];
    assert_eq!(range.events, [Event::Introduced("0".to_owned()), Event::Fixed("1.2.3".to_owned())]);
    let gone = database.by_id("GHSA-gone-gone-gone").unwrap().unwrap();
    assert_eq!(gone.advisories[0].state, State::Withdrawn);
    for (ecosystem, found) in [("Debian:11", 1), ("Debian", 1), ("Debian:12", 0), ("Ubuntu", 0)] {
        assert_eq!(database.advisories(ecosystem, "busybox").unwrap().count(), found, "{ecosystem}");
    }

    // CPE names: rejected ones are not matched, what something only runs on is not found.
    let found: Vec<_> = database.by_cpe("BusyBox", "busybox").unwrap().map(Result::unwrap).collect();
    assert_eq!(found.len(), 1);
    let configuration = &found[0].configurations[0];
    assert_eq!(
        (configuration.operator, configuration.nodes.len(), configuration.incomplete),
        (Operator::And, 2, false)
    );
    let end = configuration.nodes[0].matches[0].end.as_ref().unwrap();
    assert_eq!((end.version.as_str(), end.inclusive), ("1.36.1", false));
    assert_eq!((found[0].summary.as_str(), found[0].weaknesses.as_slice()), ("a flaw", &["CWE-787".to_owned()][..]));
    assert_eq!(database.by_cpe("acme", "router").unwrap().count(), 0);
    assert_eq!(database.by_id("CVE-2024-10003").unwrap().unwrap().advisories[0].state, State::Rejected);

    let found: Vec<_> = database.by_product("busybox", "BUSYBOX").unwrap().map(Result::unwrap).collect();
    assert_eq!(found[0].products[0].versions[0].changes, [("1.35.9".to_owned(), ProductStatus::Unaffected)]);
    assert!(found[0].disputed);
    assert_eq!(found[0].severities[0].scheme, "CVSS_V4");

    let by_id = database.by_id("CVE-2024-10001").unwrap().unwrap();
    assert_eq!(by_id.ids, ["CVE-2024-10001", "GHSA-1111-2222-3333", "PYSEC-2024-1"]);
    assert_eq!(by_id.advisories.len(), 2);
    // NVD and CVE say the same thing twice; the distribution's advisory is only related.
    assert_eq!(database.by_id("CVE-2024-10002").unwrap().unwrap().advisories.len(), 2);
    assert_eq!(database.by_id("CVE-2024-99999").unwrap(), None);

    let kev = database.kev("CVE-2024-10002").unwrap().unwrap();
    assert!(kev.ransomware);
    assert_eq!(kev.due, Moment::parse("2026-09-15"));
    assert!((database.epss("CVE-2024-10002").unwrap().unwrap().probability - 0.5).abs() < 1e-9);
    assert_eq!(database.epss("CVE-2024-10001").unwrap(), None);

    let mut vex: Vec<_> = database.vex("CVE-2024-10002").unwrap().map(Result::unwrap).collect();
    vex.sort_by_key(|(document, _)| document.modified);
    let formats: Vec<_> = vex.iter().map(|(document, _)| document.format).collect();
    assert_eq!(formats, [VexFormat::OpenVex, VexFormat::Csaf, VexFormat::CycloneDx]);
    let open = &vex[0].1[0];
    assert_eq!(
        (open.status, open.products[0].components[0].purls[0].as_str()),
        (VexStatus::NotAffected, "pkg:deb/debian/busybox@1.35")
    );
    let csaf = &vex[1].1;
    assert_eq!((csaf[0].status, csaf[0].justification.as_str()), (VexStatus::NotAffected, "component_not_present"));
    assert_eq!(
        (csaf[0].detail.as_str(), csaf[0].products[0].purls[0].as_str()),
        ("left out", "pkg:generic/router@4.2")
    );
    assert_eq!(csaf[0].products[0].components[0].cpes, ["cpe:/a:busybox:busybox"]);
    assert_eq!((csaf[1].status, csaf[1].products[0].version.as_str()), (VexStatus::Fixed, "4.2"));
    assert_eq!(vex[2].1[0].products[0].purls, ["pkg:generic/busybox@1.35"]);
}

#[test]
fn a_sample_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let (records, others) = (folder.path().join("records"), folder.path().join("others"));
    let path = folder.path().join("vulns.db");
    for (folder, id) in [(&records, "DEBIAN-CVE-2026-0001"), (&others, "DEBIAN-CVE-2026-0002")] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("a.json"), osv(id, "2026-01-01", "Debian:12", "openssl", "")).unwrap();
    }
    assert_eq!(run(&[&others], &path).status.sample, None);
    // The records were there already: the mark alone is a change.
    fs::write(others.join("about.json"), r#"{"sekishoDatabase": 1, "sample": {"en": "A sample.", "ja": "見本。"}}"#)
        .unwrap();
    let report = run(&[&others], &path);
    assert!(report.problems.is_empty() && report.changed, "{report:?}");
    run(&[&records], &path);
    let database = Database::open(&path).unwrap();
    assert_eq!(database.status().records, 2);
    assert_eq!(database.status().sample.as_ref().unwrap().en, "A sample.");
}

#[test]
fn the_same_again_changes_nothing() {
    let (_folder, input, path) = with_all_kinds();
    run(&[&input], &path);
    let bytes = fs::read(&path).unwrap();
    let report = run(&[&input], &path);
    assert_eq!((report.changed, report.added, report.replaced, report.unchanged), (false, 0, 0, 12));
    assert_eq!(fs::read(&path).unwrap(), bytes);
    // Later, only the date is another.
    let later = ImportOptions { now: now().plus_days(7), ..options() };
    let report = run_with(&[&input], &path, &later);
    assert!(report.changed);
    let database = Database::open(&path).unwrap();
    database.check().unwrap();
    assert_eq!(database.status().imported, Some(later.now));
    assert_eq!(database.advisories("PyPI", "foo-bar").unwrap().count(), 2);
    fs::remove_file(&path).unwrap();
    assert_eq!(run(&[&input], &path).status.digest, database.status().digest);
}

#[test]
fn the_order_the_threads_and_the_memory_do_not_show() {
    let (folder, input, _) = with_all_kinds();
    for number in 0..3000 {
        let record =
            osv(&format!("GHSA-x-{number}"), "2026-08-01T00:00:00Z", "npm", &format!("package-{}", number % 700), "");
        fs::write(input.join(format!("osv/n{number}.json")), record).unwrap();
    }
    let (one, two, three) = (folder.path().join("1.db"), folder.path().join("2.db"), folder.path().join("3.db"));
    run(&[&input], &one);
    // With so little memory, runs are put aside many times.
    let limits = Limits { sorting: 10_000, ..Limits::default() };
    let threads = std::num::NonZeroUsize::new(5).unwrap();
    run_with(&[&input], &two, &ImportOptions { limits, threads, ..options() });
    let bytes = fs::read(&one).unwrap();
    assert_eq!(fs::read(&two).unwrap(), bytes);
    // In parts, the last first.
    run(&[&input.join("osv/n2999.json")], &three);
    run(&[&input.join("nvd.json"), &input.join("kev.json")], &three);
    run(&[&input.join("osv")], &three);
    run(&[&input], &three);
    let (one, three) = (Database::open(&one).unwrap(), Database::open(&three).unwrap());
    three.check().unwrap();
    assert_eq!(one.status().digest, three.status().digest);
    assert_eq!(three.advisories("npm", "package-650").unwrap().count(), 4);
    assert_eq!(one.advisories("npm", "package-50").unwrap().count(), 5);
}

#[test]
fn the_newer_state_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vulns.db");
    let file = folder.path().join("a.json");
    let put = |modified: &str, package: &str| {
        fs::write(&file, osv("GO-1", modified, "Go", package, "")).unwrap();
        run(&[&file], &path)
    };
    put("2026-02-01T00:00:00Z", "b");
    let report = put("2026-01-01T00:00:00Z", "a");
    assert_eq!((count(&report, Reason::Older), report.changed), (1, false));
    let report = put("2026-03-01T00:00:00Z", "c");
    assert_eq!((report.replaced, report.added, report.status.records), (1, 0, 1));
    // Corrected without a new date: what comes later counts.
    put("2026-03-01T00:00:00Z", "d");
    let database = Database::open(&path).unwrap();
    let found = |package: &str| database.advisories("Go", package).unwrap().count();
    assert_eq!(["a", "b", "c", "d"].map(found), [0, 0, 0, 1]);
    // Within one import, too.
    let other = folder.path().join("b.json");
    fs::write(&other, osv("GO-1", "2026-02-01T00:00:00Z", "Go", "z", "")).unwrap();
    let report = run(&[&file, &other], &path);
    assert_eq!((count(&report, Reason::Different), report.unchanged), (1, 1));
}

#[test]
fn a_time_that_was_never_set_is_no_date() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file) = (folder.path().join("vulns.db"), folder.path().join("a.json"));
    fs::write(&file, osv("GO-1", "0001-01-01T00:00:00Z", "Go", "a", "")).unwrap();
    let report = run(&[&file], &path);
    assert_eq!((count(&report, Reason::BadDate), report.added), (1, 1));
    let stale = report.status.stale(now(), &AgeLimits::all(30));
    assert!(matches!(stale.as_slice(), [stale] if stale.reason == StaleReason::Undated), "{stale:?}");
    // One with a date is newer.
    fs::write(&file, osv("GO-1", "2026-03-01T00:00:00Z", "Go", "b", "")).unwrap();
    assert_eq!(run(&[&file], &path).replaced, 1);
}

#[test]
fn bad_input_is_counted_and_fatal_to_nothing_else() {
    let (folder, input, path) = with_all_kinds();
    let write = |name: &str, text: &str| fs::write(input.join(name), text).unwrap();
    write("x1.json", r#"{"id":"GHSA-x","modified":"#);
    write("x2.json", r#"{"id":"","modified":"2026-01-01T00:00:00Z"}"#);
    write("x3.txt", "hello");
    let broken = r#"{"id":"GHSA-broken","modified":"someday","affected":[{"package":{"ecosystem":"npm","name":"broken"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"fixed":"1"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0","fixed":"1"}]},
                  {"type":"WHIM","events":[{"introduced":"0"}]},{"type":"SEMVER","events":[{"introduced":"1.0.0"}]}],
        "versions":["1","\u0000"]},{"package":{"ecosystem":"npm","name":"nothing"}},{"package":{"ecosystem":"","name":"x"},"versions":["1"]}]}"#;
    write("x4.json", broken);
    let good = nvd_cve("CVE-2024-20001", "2026-08-30T10:00:00.000", "Analyzed", "cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:*");
    let bad = nvd_cve("CVE-2024-20002", "2026-08-30T10:00:00.000", "Analyzed", "cpe:/a:acme:thing");
    write("x5.json", &nvd(9, &[good.clone(), r#"{"cve":{"id":7}}"#.to_owned(), bad]));
    write("x6.json", nvd(2, &[good.replace("20001", "20003"), good]).trim_end_matches("]}"));
    write("x7.csv", "CVE-2024-1;0.5;0.5\nCVE-2024-20001;0.5;0.5\nCVE-2024-20001;5;0.5\n");
    write("x8.json", r#"{"resultsPerPage":0}"#);
    let report = run(&[&input, &folder.path().join("absent")], &path);
    let expected = [
        (Reason::Unreadable, 1),
        (Reason::NotRecognised, 2),
        (Reason::CutOff, 1),
        (Reason::BadJson, 2),
        (Reason::BadId, 1),
        (Reason::BadDate, 1),
        (Reason::BadPackage, 1),
        (Reason::NoRange, 1),
        (Reason::BadRange, 4),
        (Reason::BadCpe, 1),
        (Reason::Incomplete, 1),
    ];
    let found: Vec<_> = report.problems.iter().map(|(reason, count)| (*reason, count.count)).collect();
    assert_eq!(found, expected, "{:#?}", report.problems);
    let example = &report.problems[&Reason::BadRange].examples[0];
    assert!(
        example.place.ends_with("x4.json") && example.id == "GHSA-broken" && example.detail.contains("introduced"),
        "{example:?}"
    );

    let database = Database::open(&path).unwrap();
    assert_eq!(database.advisories("PyPI", "foo-bar").unwrap().count(), 2);
    // What could be read stands, and says that it is not all.
    let broken = database.advisories("npm", "broken").unwrap().next().unwrap().unwrap();
    assert!(broken.packages[0].incomplete && broken.packages[1].incomplete);
    assert_eq!((broken.packages[0].ranges.len(), broken.packages[0].versions.len()), (1, 1));
    assert!(database.by_id("CVE-2024-20002").unwrap().unwrap().advisories[0].configurations[0].incomplete);
    // The list that was cut off gave what came before the cut.
    assert!(database.by_id("CVE-2024-20003").unwrap().is_some());
    let stale = database.status().stale(now(), &AgeLimits::all(30));
    assert!(
        stale
            .iter()
            .any(|stale| stale.feed == "nvd"
                && matches!(stale.reason, StaleReason::Incomplete { announced: 9, seen: 5 })),
        "{stale:?}"
    );
}

#[test]
fn archives_whole_and_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    for number in 0..20 {
        zip.start_file(format!("../../GHSA-{number}.json"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(osv(&format!("GHSA-{number}"), "2026-01-01T00:00:00Z", "npm", "zipped", "").as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let database = folder.path().join("1.db");
    let report = run(&[&path], &database);
    assert_eq!((report.added, report.problems.len()), (20, 0));
    assert_eq!(Database::open(&database).unwrap().advisories("npm", "zipped").unwrap().count(), 20);
    let bytes = fs::read(&path).unwrap();
    // At 90 per cent only the directory at the end is cut off.
    for part in [10, 30, 50, 90] {
        fs::write(&path, &bytes[..bytes.len() * part / 100]).unwrap();
        let database = folder.path().join(format!("{part}.db"));
        let report = run(&[&path], &database);
        assert!(count(&report, Reason::CutOff) > 0 && (report.added < 20 || part == 90), "{part}: {report:?}");
        assert!(part < 30 || report.added > 0, "{part}: {report:?}");
    }
    // One compressed file, whole and cut off.
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let elements = nvd_cves(10_000..12_000);
    gz.write_all(nvd(2000, &elements).as_bytes()).unwrap();
    let bytes = gz.finish().unwrap();
    let path = folder.path().join("nvd.json.gz");
    fs::write(&path, &bytes).unwrap();
    let report = run(&[&path], &folder.path().join("2.db"));
    assert_eq!((report.added, report.problems.len()), (2000, 0));
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let report = run(&[&path], &folder.path().join("3.db"));
    assert!(report.added > 100 && report.added < 2000 && count(&report, Reason::CutOff) == 1, "{report:?}");
}

#[test]
fn too_much_is_refused_or_left_out() {
    let (_folder, input, path) = with_all_kinds();
    let limited = |limits: Limits| {
        import(std::slice::from_ref(&input), &path, &ImportOptions { limits, ..options() }, &mut |_| {
            ControlFlow::Continue(())
        })
    };
    assert!(matches!(limited(Limits { records: 3, ..Limits::default() }), Err(DatabaseError::TooManyRecords(3))));
    assert!(!path.exists());
    let report = limited(Limits { document: 600, ..Limits::default() }).unwrap();
    assert!(count(&report, Reason::TooLarge) >= 4 && report.added >= 4, "{report:?}");
    let report = limited(Limits { decompressed: 700, ..Limits::default() }).unwrap();
    assert!(count(&report, Reason::TooLarge) + count(&report, Reason::CutOff) >= 1, "{report:?}");
}

#[test]
fn a_feed_that_shrinks_or_ages_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vulns.db");
    let file = folder.path().join("nvd.json");
    let elements = nvd_cves(1000..1010);
    fs::write(&file, nvd(10, &elements)).unwrap();
    let status = run(&[&file], &path).status;
    assert_eq!(status.stale(now(), &AgeLimits::all(30)), []);
    let reasons = |days: u32| {
        status
            .stale(now().plus_days(days), &AgeLimits::all(30))
            .into_iter()
            .map(|stale| stale.reason)
            .collect::<Vec<_>>()
    };
    let newest = Moment::parse("2026-08-30T10:00:00").unwrap();
    assert_eq!(reasons(60), [StaleReason::Old { newest, limit: 30 }]);
    fs::write(&file, nvd(6, &elements[..6])).unwrap();
    // An update says nothing about the number.
    let update = ImportOptions { full: false, ..options() };
    assert_eq!(run_with(&[&file], &path, &update).status.stale(now(), &AgeLimits::all(30)), []);
    let report = run(&[&file], &path);
    let fell = StaleReason::Fell { before: 10, now: 6 };
    assert_eq!(
        report.status.stale(now(), &AgeLimits::all(30)).into_iter().map(|stale| stale.reason).collect::<Vec<_>>(),
        [fell]
    );
    assert_eq!(report.status.records, 10, "nothing goes because a mirror lost it");
    fs::write(&file, nvd(10, &elements)).unwrap();
    assert_eq!(run(&[&file], &path).status.stale(now(), &AgeLimits::all(30)), []);
    // A date in the future does not make a feed young.
    fs::write(
        &file,
        nvd(10, &[nvd_cve("CVE-2024-1000", "9999-01-01T00:00:00.000", "Analyzed", "cpe:2.3:a:a:b:*:*:*:*:*:*:*:*")]),
    )
    .unwrap();
    let report = run_with(&[&file], &path, &update);
    assert_eq!((count(&report, Reason::Future), report.status.feeds["nvd"].newest), (1, Some(newest)));
}

#[test]
fn killed_at_any_step_a_whole_database_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    all_kinds(&before);
    all_kinds(&after);
    for number in 0..300 {
        let record = osv(&format!("GHSA-y-{number}"), "2026-08-01T00:00:00Z", "npm", "added", "");
        fs::write(after.join(format!("osv/n{number}.json")), record).unwrap();
    }
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    run(&[&before], &home.join("vulns.db"));
    // What lies on the disk at each step is what a kill there would leave.
    let mut left = Vec::new();
    let limits = Limits { sorting: 20_000, ..Limits::default() };
    let small = ImportOptions { limits, ..options() };
    import(std::slice::from_ref(&after), &home.join("vulns.db"), &small, &mut |step| {
        let copy = folder.path().join(format!("killed-{}", left.len()));
        copy_all(&home, &copy);
        left.push((step, copy));
        ControlFlow::Continue(())
    })
    .unwrap();
    let whole = Database::open(&home.join("vulns.db")).unwrap().status().digest.clone();
    for step in [Step::PutAside, Step::Compared, Step::Written, Step::Replaced] {
        assert!(left.iter().any(|(at, _)| *at == step), "{step:?}");
    }
    for (step, copy) in left {
        let path = copy.join("vulns.db");
        let database = Database::open(&path).unwrap();
        database.check().unwrap();
        let added = if step == Step::Replaced { 300 } else { 0 };
        assert_eq!(database.advisories("npm", "added").unwrap().count(), added, "{step:?}");
        assert_eq!(database.advisories("PyPI", "foo-bar").unwrap().count(), 2);
        // The next import makes the same of it as if nothing had happened, and clears away what was left.
        run(&[&after], &path);
        assert_eq!(Database::open(&path).unwrap().status().digest, whole, "{step:?}");
        assert!(!copy.join("vulns.db.import").exists());
    }
    // The database opened before goes on serving while another takes its place; stopping leaves nothing behind.
    let stopped = import(&[before], &home.join("vulns.db"), &options(), &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(DatabaseError::Stopped)));
    assert!(!home.join("vulns.db.import").exists());
}

#[test]
fn what_happened_is_told_by_feed() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    all_kinds(&before);
    fs::create_dir(&after).unwrap();
    let path = folder.path().join("vulns.db");
    let first = run(&[&before], &path);
    assert!(first.feeds.values().all(|feed| feed.seen == feed.added && feed.absent == 0));
    assert_eq!(first.feeds.values().map(|feed| feed.added).sum::<u64>(), first.added);
    // Newer, older, as it was, new; one of the two of NVD is not there.
    fs::write(after.join("newer.json"), osv("GHSA-1111-2222-3333", "2026-08-30T00:00:00Z", "PyPI", "foo", "")).unwrap();
    fs::write(after.join("older.json"), osv("PYSEC-2024-1", "2026-08-01T00:00:00Z", "PyPI", "foo", "")).unwrap();
    fs::write(after.join("new.json"), osv("DSA-5001-1", "2026-08-30T00:00:00Z", "Debian:11", "dropbear", "")).unwrap();
    fs::copy(before.join("osv/DSA.json"), after.join("same.json")).unwrap();
    let cpe = "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*";
    let same = nvd_cve("CVE-2024-10002", "2026-08-30T10:00:00.000", "Analyzed", cpe);
    fs::write(after.join("nvd.json"), nvd(1, &[same])).unwrap();
    let report = run(&[&after], &path);
    let changes = |seen, added, replaced, unchanged, older, absent| FeedChanges {
        seen,
        added,
        replaced,
        unchanged,
        older,
        absent,
    };
    let expected = [
        ("nvd", changes(1, 0, 0, 1, 0, 1)),
        ("osv/DSA", changes(2, 1, 0, 1, 0, 0)),
        ("osv/GHSA", changes(1, 0, 1, 0, 0, 1)),
        ("osv/PYSEC", changes(1, 0, 0, 0, 1, 0)),
    ];
    assert_eq!(report.feeds, expected.map(|(name, feed)| (name.to_owned(), feed)).into());
    assert_eq!((report.added, report.replaced, report.unchanged), (1, 1, 2));
}

#[test]
fn without_a_record_there_is_no_database_and_none_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (input, nothing) = (folder.path().join("in"), folder.path().join("nothing.json"));
    all_kinds(&input);
    fs::write(&nothing, nvd(0, &[])).unwrap();
    let path = folder.path().join("vulns.db");
    let report = run(&[&nothing], &path);
    assert_eq!((report.files, report.read, report.changed, path.exists()), (1, 0, false, false));
    run(&[&input], &path);
    let bytes = fs::read(&path).unwrap();
    let later = ImportOptions { now: now().plus_days(9), ..options() };
    assert!(!run_with(&[&nothing], &path, &later).changed);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(!folder.path().join("vulns.db.import").exists());
}

#[test]
fn what_has_to_be_unpacked_first_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let record = osv("GHSA-1", "2026-01-01T00:00:00Z", "npm", "packed", "");
    let zipped = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(record.len() as u64);
    tar.append_data(&mut header, "GHSA-1.json", record.as_bytes()).unwrap();
    let inner = zipped("GHSA-1.json", record.as_bytes());
    fs::write(folder.path().join("1.zip"), zipped("cves.zip", &inner)).unwrap();
    fs::write(folder.path().join("2.tar"), tar.into_inner().unwrap()).unwrap();
    fs::write(folder.path().join("3.json.xz"), b"\xfd7zXZ\0\0\x04").unwrap();
    let report = run(&[folder.path()], &folder.path().join("vulns.db"));
    let told: Vec<&str> =
        report.problems[&Reason::NotRecognised].examples.iter().map(|example| example.detail.as_str()).collect();
    let expected = [
        "an archive in another: unpack it first",
        "a tar archive: unpack it first",
        "compressed with xz: unpack it first",
    ];
    assert_eq!(told[..3], expected);
    assert_eq!(report.read, 0);
}

fn copy_all(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            assert!(fs::copy(entry.path(), target).is_ok());
        }
    }
}

#[test]
fn two_imports_at_once_are_refused() {
    let (_folder, input, path) = with_all_kinds();
    let mut refused = false;
    import(std::slice::from_ref(&input), &path, &options(), &mut |_| {
        let second = import(std::slice::from_ref(&input), &path, &options(), &mut |_| ControlFlow::Continue(()));
        refused = matches!(second, Err(DatabaseError::Busy { .. }));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(refused);
}

#[test]
fn aliases_in_circles_and_by_the_hundred() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    for number in 0..400 {
        let alias = format!(r#","aliases":["X-{}"]"#, (number + 1) % 400);
        fs::write(
            input.join(format!("{number}.json")),
            osv(&format!("X-{number}"), "2026-01-01T00:00:00Z", "npm", "round", &alias),
        )
        .unwrap();
    }
    let path = folder.path().join("vulns.db");
    run(&[&input], &path);
    let database = Database::open(&path).unwrap();
    let found = database.by_id("X-7").unwrap().unwrap();
    assert!(found.truncated && found.ids.len() == 256);
    let advisories: Vec<_> = database.advisories("npm", "round").unwrap().map(Result::unwrap).collect();
    assert_eq!(merge(&advisories).len(), 1);
    assert_eq!(merge(&advisories[..0]).len(), 0);
    let mut apart = advisories;
    apart.retain(|advisory| advisory.id == "X-1" || advisory.id == "X-100");
    assert_eq!(merge(&apart), [[0], [1]]);
}
