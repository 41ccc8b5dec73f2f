//! What people see.

use sekisho_model::Lang;
use sekisho_model::fact::{Fact, Observed};
use sekisho_model::vulnerability::{
    GoneBecause, NewBecause, RecentEvent, RecentKind, RecentVulnerability, ReportName, VulnerabilitiesSince,
    VulnerabilityChange, VulnerabilityChanges, VulnerabilityReport,
};
use sekisho_report::terminal::Style;
use sekisho_report::vulnerabilities::{Shown, changes_table, json, since_table, table};
use unicode_width::UnicodeWidthStr;

use super::report::{before_and_after, clean, facts, report, vulnerability};

const WIDE: Style = Style { color: false, width: 120, unicode: true };
const NARROW: Style = Style { color: false, width: 80, unicode: true };

#[test]
fn the_report_en() {
    insta::assert_snapshot!(table(&report(), Shown::default(), Lang::En, WIDE));
}

#[test]
fn the_report_ja() {
    insta::assert_snapshot!(table(&report(), Shown::default(), Lang::Ja, WIDE));
}

#[test]
fn a_narrow_terminal() {
    insta::assert_snapshot!(table(&report(), Shown { rows: 3, explained: 1 }, Lang::En, NARROW));
}

#[test]
fn a_narrow_terminal_ja() {
    insta::assert_snapshot!(table(&report(), Shown { rows: 3, explained: 1 }, Lang::Ja, NARROW));
}

#[test]
fn nothing_known() {
    insta::assert_snapshot!(table(&clean(), Shown::default(), Lang::En, NARROW));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_nothing_steers_it() {
    for lang in Lang::ALL {
        for width in [60, 80, 100, 160] {
            let shown = table(&report(), Shown::ALL, lang, Style { width, ..WIDE });
            for line in shown.lines() {
                assert!(line.width() <= width, "{width} columns: {line}");
            }
            assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{shown}");
        }
    }
}

#[test]
fn a_plain_terminal_gets_ascii() {
    let mut report = report();
    report.not_judged.retain(|component| component.name.is_ascii());
    report.vulnerabilities = facts(vec![vulnerability("CVE-1", "openssl", "1")]);
    let shown = table(&report, Shown::ALL, Lang::En, Style { unicode: false, ..WIDE });
    assert!(shown.is_ascii(), "{shown}");
}

fn of<'a>(report: &'a VulnerabilityReport, id: &str) -> &'a Fact {
    let is = |fact: &&Fact| matches!(&fact.observed, Observed::KnownVulnerability(value) if value.id == id);
    report.vulnerabilities.iter().find(is).unwrap()
}

/// What changed from one report to the other, as `sekisho-assess` finds it, and with every reason that there is.
fn changes() -> VulnerabilityChanges {
    use sekisho_model::vulnerability::ChangedPart::{Epss, Exploited, Exposure, FixKnown, Severity, Standing, Version};
    let (old, new) = before_and_after();
    let added = |id: &str, why| VulnerabilityChange::New { new: Box::new(of(&new, id).clone()), why };
    let gone = |id: &str, why| VulnerabilityChange::Gone { old: Box::new(of(&old, id).clone()), why };
    let changed = |before: &str, after: &str, what: &[_]| VulnerabilityChange::Changed {
        old: Box::new(of(&old, before).clone()),
        new: Box::new(of(&new, after).clone()),
        what: what.to_vec(),
    };
    VulnerabilityChanges {
        format: VulnerabilityChanges::FORMAT.into(),
        old: ReportName::from(&old),
        new: ReportName::from(&new),
        database_changed: true,
        changes: vec![
            added("CVE-2026-3003", NewBecause::Advisory),
            added("CVE-2026-4004", NewBecause::Component),
            added("CVE-2022-0778", NewBecause::Version { from: vec!["1.1.1j".into()] }),
            added("CVE-2024-99999", NewBecause::NowJudged),
            added("CVE-2023-38546", NewBecause::Unknown),
            changed("CVE-2023-0286", "CVE-2023-0286", &[Exploited, Severity, Epss]),
            changed("GHSA-4r97-2c2q-9h5h", "CVE-2026-2002", &[FixKnown, Version]),
            changed("CVE-2020-11022", "CVE-2020-11022", &[Standing, Exposure]),
            gone("CVE-2021-44228", GoneBecause::Version { to: vec!["2.17.1".into()] }),
            gone("CVE-2021-42374", GoneBecause::Component),
            gone("CVE-2026-1001", GoneBecause::Advisory),
            gone("CVE-2022-37434", GoneBecause::NotJudged),
            gone("CVE-2023-38545", GoneBecause::Unknown),
        ],
        unchanged: 5,
        no_longer_judged: new.not_judged.clone(),
    }
}

#[test]
fn what_changed_en() {
    insta::assert_snapshot!(changes_table(&changes(), Lang::En, WIDE));
}

#[test]
fn what_changed_ja() {
    insta::assert_snapshot!(changes_table(&changes(), Lang::Ja, WIDE));
}

#[test]
fn nothing_changed() {
    let mut same = changes();
    same.new = same.old.clone();
    same.new.product.name = "Garden Camera".into();
    same.database_changed = false;
    same.changes.clear();
    same.no_longer_judged.clear();
    insta::assert_snapshot!(changes_table(&same, Lang::En, NARROW));
}

fn since() -> VulnerabilitiesSince {
    let (_, report) = before_and_after();
    let recent = |id: &str, events: &[(&str, RecentKind)]| RecentVulnerability {
        fact: of(&report, id).clone(),
        events: events.iter().map(|(day, what)| RecentEvent { day: (*day).into(), what: *what }).collect(),
    };
    VulnerabilitiesSince {
        format: VulnerabilitiesSince::FORMAT.into(),
        since: "2026-11-01".into(),
        report: ReportName::from(&report),
        vulnerabilities: vec![
            recent("CVE-2023-0286", &[("2026-11-12", RecentKind::Exploited), ("2026-11-03", RecentKind::Mended)]),
            recent("CVE-2026-3003", &[("2026-11-01", RecentKind::Published)]),
        ],
        undated: 2,
    }
}

#[test]
fn what_happened_since_a_day() {
    let both = Lang::ALL.map(|lang| since_table(&since(), lang, NARROW)).join("\n");
    insta::assert_snapshot!(both);
}

#[test]
fn json_reads_back() {
    let report = report();
    assert_eq!(serde_json::from_str::<VulnerabilityReport>(&json(&report)).unwrap(), report);
    let changes = changes();
    assert_eq!(serde_json::from_str::<VulnerabilityChanges>(&json(&changes)).unwrap(), changes);
    let since = since();
    assert_eq!(serde_json::from_str::<VulnerabilitiesSince>(&json(&since)).unwrap(), since);
    insta::assert_snapshot!(json(&since));
}
