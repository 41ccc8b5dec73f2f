//! Products by their CPE names, with what is around them.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::ops::ControlFlow;

use sekisho_model::fact::Component;
use sekisho_test::feeds::{nvd, nvd_cve};
use sekisho_version::cpe::Name;
use sekisho_vulndb::{Database, ImportOptions, Moment, import};
use sekisho_vulns::{Context, Matcher, Outcome};

/// What is said of a component by one answer of the NVD, with others around it.
fn said(answer: &str, component: &Component, around: &[&str]) -> Vec<Outcome> {
    let folder = tempfile::tempdir().unwrap();
    let (input, path) = (folder.path().join("nvd.json"), folder.path().join("vulns.db"));
    std::fs::write(&input, answer).unwrap();
    let options = ImportOptions::new(Moment::parse("2026-09-01").unwrap());
    import(&[input], &path, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    let database = Database::open(&path).unwrap();
    let inventory = around.iter().map(|name| Name::parse(name).unwrap()).collect();
    let matcher = Matcher::within(&database, Context { inventory, ..Context::default() });
    matcher.judge(component).unwrap().judgements.into_iter().map(|judgement| judgement.outcome).collect()
}

/// One node often lists several products that are each vulnerable by itself: that the other one is there, too, is no news about this one.
#[test]
fn another_vulnerable_product_of_the_same_list() {
    let (curl, libcurl) = ("cpe:2.3:a:haxx:curl:8.3.0:*:*:*:*:*:*:*", "cpe:2.3:a:haxx:libcurl:8.3.0:*:*:*:*:*:*:*");
    let matched = |product: &str| {
        format!(
            r#"{{"vulnerable":true,"criteria":"cpe:2.3:a:haxx:{product}:*:*:*:*:*:*:*:*","versionEndExcluding":"8.4.0"}}"#
        )
    };
    let list = [matched("libcurl"), matched("curl")].join(",");
    let cve = format!(
        r#"{{"cve":{{"id":"CVE-2023-38545","lastModified":"2026-08-01T00:00:00.000","vulnStatus":"Analyzed",
        "configurations":[{{"nodes":[{{"operator":"OR","negate":false,"cpeMatch":[{list}]}}]}}]}}}}"#
    );
    let answer = nvd(1, &[cve]);
    for (name, around) in [(curl, &[][..]), (curl, &[curl, libcurl]), (libcurl, &[curl, libcurl])] {
        let component = Component { cpe: Some(name.to_owned()), ..Component::default() };
        assert_eq!(said(&answer, &component, around), [Outcome::Affected], "{name} {around:?}");
    }
}

/// Bills of materials write the version of the package into the CPE name as it is: its epoch is none of the project's numbers. What the
/// distribution mended is not known here, so it is not said that it is affected, but neither that it is not.
#[test]
fn the_version_of_a_package_in_a_cpe_name() {
    let modified = "2026-08-01T00:00:00.000";
    let cve = nvd_cve("CVE-2024-0001", modified, "Analyzed", "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*");
    let cve = cve.replace("\"versionEnd", "\"versionStartIncluding\":\"1.30.0\",\"versionEnd");
    let component = Component {
        name: "busybox".to_owned(),
        version: Some("1:1.35.0-4+b3".to_owned()),
        purl: Some("pkg:deb/debian/busybox@1:1.35.0-4%2Bb3".to_owned()),
        cpe: Some(r"cpe:2.3:a:busybox:busybox:1\:1.35.0-4\+b3:*:*:*:*:*:*:*".to_owned()),
        ..Component::default()
    };
    assert_eq!(said(&nvd(1, &[cve]), &component, &[]), [Outcome::Unknown]);
}
