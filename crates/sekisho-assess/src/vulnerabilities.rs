//! What changed between two reports of known vulnerabilities, and what happened lately.
//!
//! A vulnerability of the one report and one of the other are the same where they share a name, whichever of its names is the first, and are
//! about a component of the same name in the same part of the product. What is gone is never called mended: a report tells what concerns what
//! is there, not why nothing does any more.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Fact, Observed};
use sekisho_model::vulnerability::{
    ChangedPart, GoneBecause, KnownVulnerability, NewBecause, NotJudged, RecentEvent, RecentKind, RecentVulnerability,
    ReportName, VulnerabilitiesSince, VulnerabilityChange, VulnerabilityChanges, VulnerabilityReport,
};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

/// What changed from `old` to `new`, two reports on the same product.
pub fn vulnerability_changes(old: &VulnerabilityReport, new: &VulnerabilityReport) -> VulnerabilityChanges {
    let (before, after) = (Inventory::of(old), Inventory::of(new));
    let mut left: Vec<Option<Entry<'_>>> = entries(old).map(Some).collect();
    let mut by_name: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, entry) in left.iter().enumerate().filter_map(|(at, entry)| Some((at, entry.as_ref()?))) {
        for id in names(entry.1) {
            by_name.entry((&entry.0.subject, &entry.1.component, id)).or_default().push(at);
        }
    }
    // The version that both have is paired first; what is left of a component then goes with what is left of it.
    let news: Vec<Entry<'_>> = entries(new).collect();
    let mut partners: Vec<Option<Entry<'_>>> = vec![None; news.len()];
    for same_version in [true, false] {
        for ((fact, value), partner) in news.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            let candidates = names(value).filter_map(|id| by_name.get(&(&*fact.subject, &*value.component, id)));
            let found = candidates.flatten().copied().find(|&at| {
                let old = left.get(at).and_then(Option::as_ref);
                old.is_some_and(|(_, old)| !same_version || old.version == value.version)
            });
            *partner = found.and_then(|at| left.get_mut(at)).and_then(Option::take);
        }
    }

    let (mut added, mut changed, mut unchanged) = (Vec::new(), Vec::new(), 0);
    for ((fact, value), partner) in news.iter().zip(&partners) {
        match partner {
            None => {
                let why = before.why_new(fact, value);
                added.push(VulnerabilityChange::New { new: Box::new((*fact).clone()), why });
            }
            Some((old, was)) => {
                let what = changed_parts(was, value);
                if what.is_empty() {
                    unchanged += 1;
                } else {
                    let (old, new) = (Box::new((*old).clone()), Box::new((*fact).clone()));
                    changed.push(VulnerabilityChange::Changed { old, new, what });
                }
            }
        }
    }
    let gone = left.into_iter().flatten().map(|(fact, value)| {
        let why = after.why_gone(fact, value);
        VulnerabilityChange::Gone { old: Box::new(fact.clone()), why }
    });
    VulnerabilityChanges {
        format: VulnerabilityChanges::FORMAT.to_owned(),
        old: ReportName::from(old),
        new: ReportName::from(new),
        database_changed: old.database.digest != new.database.digest,
        changes: added.into_iter().chain(changed).chain(gone).collect(),
        unchanged,
        no_longer_judged: new
            .not_judged
            .iter()
            .filter(|component| before.judged(&component.subject, &component.name))
            .cloned()
            .collect(),
    }
}

/// What happened about the vulnerabilities of `report` on the day `since` or later: which were published, listed as exploited, or first given
/// a fix.
pub fn vulnerabilities_since(report: &VulnerabilityReport, since: Date) -> VulnerabilitiesSince {
    let made = day(&report.made);
    let mut undated = 0;
    let mut vulnerabilities = Vec::new();
    for (fact, value) in entries(report) {
        let published = value.published.as_deref().and_then(day);
        undated += usize::from(published.is_none());
        let days_ago = |days: Option<u32>| made?.checked_sub(Duration::days(i64::from(days?)));
        let events = [
            (published, RecentKind::Published),
            (days_ago(value.exploited_days).filter(|_| value.exploited), RecentKind::Exploited),
            (days_ago(value.fix_days), RecentKind::Mended),
        ];
        let mut events: Vec<RecentEvent> = events
            .into_iter()
            .filter_map(|(day, what)| Some((day.filter(|day| *day >= since)?, what)))
            .map(|(day, what)| RecentEvent { day: day.to_string(), what })
            .collect();
        if !events.is_empty() {
            events.sort_by(|a, b| b.day.cmp(&a.day));
            vulnerabilities.push(RecentVulnerability { fact: fact.clone(), events });
        }
    }
    VulnerabilitiesSince {
        format: VulnerabilitiesSince::FORMAT.to_owned(),
        since: since.to_string(),
        report: ReportName::from(report),
        vulnerabilities,
        undated,
    }
}

/// A fact with what it says.
type Entry<'a> = (&'a Fact, &'a KnownVulnerability);

fn entries(report: &VulnerabilityReport) -> impl Iterator<Item = Entry<'_>> {
    report.vulnerabilities.iter().filter_map(|fact| match &fact.observed {
        Observed::KnownVulnerability(value) => Some((fact, &**value)),
        _ => None,
    })
}

/// All names of a vulnerability.
fn names(value: &KnownVulnerability) -> impl Iterator<Item = &str> {
    std::iter::once(&value.id).chain(&value.aliases).map(String::as_str)
}

fn changed_parts(old: &KnownVulnerability, new: &KnownVulnerability) -> Vec<ChangedPart> {
    let said = |value: &KnownVulnerability| value.statement.as_ref().map(|statement| statement.status.clone());
    let parts = [
        (ChangedPart::Exploited, old.exploited != new.exploited),
        // A statement that changes nothing about where it stands is news all the same: "affected" is now somebody's word.
        (ChangedPart::Standing, old.standing != new.standing || said(old) != said(new)),
        (ChangedPart::Severity, old.severity != new.severity),
        (ChangedPart::Epss, is_epss_step(old.epss.as_deref(), new.epss.as_deref())),
        (ChangedPart::FixKnown, old.fixed_in.is_none() && new.fixed_in.is_some()),
        (ChangedPart::Exposure, old.exposure != new.exposure),
        (ChangedPart::Version, old.version != new.version),
    ];
    parts.into_iter().filter_map(|(part, changed)| changed.then_some(part)).collect()
}

/// Whether two probabilities differ by 0.1 or more; a first one counts from nothing.
fn is_epss_step(old: Option<&str>, new: Option<&str>) -> bool {
    // In millionths, for 0.3 less 0.2 is less than 0.1 in binary.
    let millionths =
        |text: &str| text.parse::<f64>().ok().filter(|p| (0.0..=1.0).contains(p)).map(|p| (p * 1e6).round());
    match (old.and_then(millionths), new.and_then(millionths)) {
        (Some(old), Some(new)) => (old - new).abs() >= 1e5,
        (None, Some(new)) => new >= 1e5,
        (_, None) => false,
    }
}

/// The components that a report is about, as far as it tells.
struct Inventory<'a> {
    /// Whether it tells of all of them.
    whole: bool,
    /// The versions of each, by part of the product and name.
    versions: BTreeMap<(&'a str, &'a str), BTreeSet<Option<&'a str>>>,
    /// Those that could not be judged, with their version.
    not_judged: BTreeSet<(&'a str, &'a str, Option<&'a str>)>,
}

impl<'a> Inventory<'a> {
    fn of(report: &'a VulnerabilityReport) -> Self {
        let listed = report.inventory.iter().map(|entry| (&entry.subject, &entry.name, entry.version.as_deref()));
        let concerned =
            entries(report).map(|(fact, value)| (&fact.subject, &value.component, value.version.as_deref()));
        let unjudged = report.not_judged.iter().map(|entry: &NotJudged| {
            let NotJudged { subject, name, version, .. } = entry;
            (subject, name, version.as_deref())
        });
        let mut versions: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (subject, name, version) in listed.chain(concerned).chain(unjudged.clone()) {
            versions.entry((&**subject, &**name)).or_default().insert(version);
        }
        let not_judged = unjudged.map(|(subject, name, version)| (&**subject, &**name, version)).collect();
        Self { whole: !report.inventory.is_empty(), versions, not_judged }
    }

    /// Whether the component was there, and all of its versions could be judged.
    fn judged(&self, subject: &str, name: &str) -> bool {
        let there = self.versions.get(&(subject, name));
        there.is_some_and(|versions| versions.iter().all(|v| !self.not_judged.contains(&(subject, name, *v))))
    }

    fn other_versions(versions: &BTreeSet<Option<&str>>) -> Vec<String> {
        versions.iter().flatten().map(|version| (*version).to_owned()).collect()
    }

    fn why_new(&self, fact: &Fact, value: &KnownVulnerability) -> NewBecause {
        let version = value.version.as_deref();
        match self.versions.get(&(&*fact.subject, &*value.component)) {
            None if self.whole => NewBecause::Component,
            None => NewBecause::Unknown,
            Some(_) if !self.judged(&fact.subject, &value.component) => NewBecause::NowJudged,
            Some(versions) if versions.contains(&version) => NewBecause::Advisory,
            Some(versions) => NewBecause::Version { from: Self::other_versions(versions) },
        }
    }

    fn why_gone(&self, fact: &Fact, value: &KnownVulnerability) -> GoneBecause {
        let version = value.version.as_deref();
        match self.versions.get(&(&*fact.subject, &*value.component)) {
            None if self.whole => GoneBecause::Component,
            None => GoneBecause::Unknown,
            Some(_) if !self.judged(&fact.subject, &value.component) => GoneBecause::NotJudged,
            Some(versions) if versions.contains(&version) => GoneBecause::Advisory,
            Some(versions) => GoneBecause::Version { to: Self::other_versions(versions) },
        }
    }
}

/// The day of a moment or a date; none where it is neither.
fn day(text: &str) -> Option<Date> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::date);
    moment.or_else(|| Date::parse(text, format_description!("[year]-[month]-[day]")).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sekisho_model::Text;
    use sekisho_model::fact::Source;
    use sekisho_model::verdict::Severity;
    use sekisho_model::vulnerability::{DatabaseUse, InventoryEntry, ProductName, Standing, Statement};
    use time::macros::date;

    use super::*;

    fn vulnerability(id: &str, component: &str, version: &str) -> KnownVulnerability {
        KnownVulnerability {
            id: id.into(),
            component: component.into(),
            version: Some(version.into()),
            standing: Standing::Affected,
            ..KnownVulnerability::default()
        }
    }

    fn fact(value: KnownVulnerability) -> Fact {
        let observed = Observed::KnownVulnerability(Box::new(value));
        Fact { observed, subject: "device".into(), source: Source::default() }
    }

    fn report(database: &str, inventory: &[(&str, &str)], found: Vec<KnownVulnerability>) -> VulnerabilityReport {
        VulnerabilityReport {
            format: VulnerabilityReport::FORMAT.into(),
            tool: "sekisho 0".into(),
            made: "2026-11-20T10:00:00Z".into(),
            product: ProductName::default(),
            database: DatabaseUse { digest: database.into(), ..DatabaseUse::default() },
            components: inventory.len(),
            inventory: inventory
                .iter()
                .map(|(name, version)| InventoryEntry {
                    subject: "device".into(),
                    name: (*name).into(),
                    version: Some((*version).into()),
                })
                .collect(),
            not_judged: Vec::new(),
            vulnerabilities: found.into_iter().map(fact).collect(),
        }
    }

    fn not_judged(name: &str, version: Option<&str>) -> NotJudged {
        NotJudged {
            subject: "device".into(),
            name: name.into(),
            version: version.map(Into::into),
            reason: Text::new("no version", "バージョンなし"),
        }
    }

    fn only(changes: &VulnerabilityChanges) -> &VulnerabilityChange {
        let [change] = changes.changes.as_slice() else { panic!("{changes:?}") };
        change
    }

    #[test]
    fn why_something_is_gone() {
        let old = report("a", &[("openssl", "1.1.1n")], vec![vulnerability("CVE-1", "openssl", "1.1.1n")]);
        let gone = |new: &VulnerabilityReport| match only(&vulnerability_changes(&old, new)) {
            VulnerabilityChange::Gone { why, .. } => why.clone(),
            other => panic!("{other:?}"),
        };
        let updated = report("a", &[("openssl", "3.0.15")], vec![]);
        assert_eq!(gone(&updated), GoneBecause::Version { to: vec!["3.0.15".into()] });
        assert_eq!(gone(&report("a", &[("busybox", "1")], vec![])), GoneBecause::Component);
        assert_eq!(gone(&report("b", &[("openssl", "1.1.1n")], vec![])), GoneBecause::Advisory);
        // Without an inventory nothing can be said, but of what other findings name.
        assert_eq!(gone(&report("b", &[], vec![])), GoneBecause::Unknown);
        // A component of which nothing can be told any more is no component that became well.
        let mut lost = report("a", &[("openssl", "1.1.1n")], vec![]);
        lost.inventory[0].version = None;
        lost.not_judged = vec![not_judged("openssl", None)];
        assert_eq!(gone(&lost), GoneBecause::NotJudged);
        assert_eq!(vulnerability_changes(&old, &lost).no_longer_judged, lost.not_judged);
        // The same the other way round.
        assert!(vulnerability_changes(&lost, &lost).no_longer_judged.is_empty());
        let changes = vulnerability_changes(&lost, &old);
        assert!(matches!(only(&changes), VulnerabilityChange::New { why: NewBecause::NowJudged, .. }), "{changes:?}");
    }

    #[test]
    fn why_something_is_new() {
        let new = report("b", &[("openssl", "3.0.1")], vec![vulnerability("CVE-1", "openssl", "3.0.1")]);
        let why = |old: &VulnerabilityReport| match only(&vulnerability_changes(old, &new)) {
            VulnerabilityChange::New { why, .. } => why.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(why(&report("a", &[("openssl", "3.0.1")], vec![])), NewBecause::Advisory);
        assert_eq!(why(&report("a", &[("openssl", "1.1")], vec![])), NewBecause::Version { from: vec!["1.1".into()] });
        assert_eq!(why(&report("a", &[("zlib", "1.1")], vec![])), NewBecause::Component);
        assert_eq!(why(&report("a", &[], vec![])), NewBecause::Unknown);
        assert!(vulnerability_changes(&report("a", &[], vec![]), &new).database_changed);
        assert!(!vulnerability_changes(&report("b", &[], vec![]), &new).database_changed);
    }

    #[test]
    fn another_first_name_is_the_same_vulnerability() {
        let before = KnownVulnerability { id: "GHSA-1".into(), ..vulnerability("", "openssl", "1") };
        let after = KnownVulnerability { aliases: vec!["GHSA-1".into()], ..vulnerability("CVE-1", "openssl", "1") };
        let changes = vulnerability_changes(&report("a", &[], vec![before.clone()]), &report("b", &[], vec![after]));
        assert_eq!((changes.changes.len(), changes.unchanged), (0, 1));
        // Of another component it is another one.
        let elsewhere = KnownVulnerability { component: "libssl".into(), ..before.clone() };
        let changes = vulnerability_changes(&report("a", &[], vec![before]), &report("b", &[], vec![elsewhere]));
        assert_eq!(changes.changes.len(), 2);
    }

    #[test]
    fn the_same_version_is_paired_before_others() {
        let of = |versions: &[&str]| {
            let found = versions.iter().map(|version| vulnerability("CVE-1", "zlib", version)).collect();
            report("a", &[], found)
        };
        let changes = vulnerability_changes(&of(&["1", "2"]), &of(&["3", "1"]));
        let VulnerabilityChange::Changed { old, new, what } = only(&changes) else { panic!("{changes:?}") };
        assert_eq!(what, &[ChangedPart::Version]);
        assert_eq!(
            (&**old, &**new),
            (&fact(vulnerability("CVE-1", "zlib", "2")), &fact(vulnerability("CVE-1", "zlib", "3")))
        );
        assert_eq!(changes.unchanged, 1);
    }

    #[test]
    fn what_can_change_about_one() {
        use ChangedPart::{Epss, Exploited, FixKnown, Severity as Severe, Standing as Stands};
        let base = vulnerability("CVE-1", "openssl", "1");
        let change = |edit: &dyn Fn(&mut KnownVulnerability)| {
            let mut after = base.clone();
            edit(&mut after);
            changed_parts(&base, &after)
        };
        assert_eq!(change(&|v| v.exploited = true), [Exploited]);
        assert_eq!(change(&|v| v.fixed_in = Some("2".into())), [FixKnown]);
        assert_eq!(change(&|v| v.severity = Some(Severity::High)), [Severe]);
        assert_eq!(change(&|v| v.epss = Some("0.1".into())), [Epss]);
        assert_eq!(change(&|v| v.epss = Some("0.09".into())), []);
        assert_eq!(change(&|v| v.summary = "in other words".into()), []);
        let stated = |v: &mut KnownVulnerability| {
            v.standing = Standing::NotAffected;
            v.statement = Some(Statement { status: "not-affected".into(), ..Statement::default() });
        };
        assert_eq!(change(&stated), [Stands]);
    }

    #[test]
    fn a_step_of_a_probability() {
        for (old, new, step) in [
            (Some("0.2"), Some("0.3"), true),
            (Some("0.3"), Some("0.2"), true),
            (Some("0.20001"), Some("0.3"), false),
            (None, Some("0.5"), true),
            (Some("0.5"), None, false),
            (Some("0.1"), Some("NaN"), false),
            (Some("0.1"), Some("7"), false),
        ] {
            assert_eq!(is_epss_step(old, new), step, "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_happened_since_a_day() {
        let found = vec![
            KnownVulnerability {
                published: Some("2026-11-01".into()),
                exploited: true,
                exploited_days: Some(5),
                ..vulnerability("CVE-1", "openssl", "1")
            },
            KnownVulnerability {
                published: Some("2020-01-01T00:00:00Z".into()),
                fix_days: Some(10),
                ..vulnerability("CVE-2", "openssl", "1")
            },
            KnownVulnerability { published: Some("2020-01-01".into()), ..vulnerability("CVE-3", "openssl", "1") },
            vulnerability("CVE-4", "openssl", "1"),
        ];
        let since = vulnerabilities_since(&report("a", &[], found), date!(2026 - 11 - 01));
        let told: Vec<Vec<String>> = since
            .vulnerabilities
            .iter()
            .map(|recent| recent.events.iter().map(|event| format!("{:?} {}", event.what, event.day)).collect())
            .collect();
        assert_eq!(told, [vec!["Exploited 2026-11-15", "Published 2026-11-01"], vec!["Mended 2026-11-10"]]);
        assert_eq!(since.undated, 1);
        let later = vulnerabilities_since(&report("a", &[], vec![]), date!(2026 - 11 - 16));
        assert!(later.vulnerabilities.is_empty());
    }

    fn any_report() -> impl Strategy<Value = VulnerabilityReport> {
        let one = (0..4u8, 0..3u8, 0..3u8, any::<bool>()).prop_map(|(id, component, version, exploited)| {
            let value = vulnerability(&format!("CVE-{id}"), &format!("c{component}"), &version.to_string());
            KnownVulnerability { exploited, ..value }
        });
        prop::collection::vec(one, 0..12).prop_map(|found| report("a", &[], found))
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_counted_twice(old in any_report(), new in any_report()) {
            let changes = vulnerability_changes(&old, &new);
            let count = |kind: fn(&VulnerabilityChange) -> bool| changes.changes.iter().filter(|c| kind(c)).count();
            let added = count(|c| matches!(c, VulnerabilityChange::New { .. }));
            let both = count(|c| matches!(c, VulnerabilityChange::Changed { .. })) + changes.unchanged;
            let gone = count(|c| matches!(c, VulnerabilityChange::Gone { .. }));
            prop_assert_eq!(added + both, new.vulnerabilities.len());
            prop_assert_eq!(gone + both, old.vulnerabilities.len());
        }

        #[test]
        fn a_report_does_not_differ_from_itself(report in any_report()) {
            let changes = vulnerability_changes(&report, &report);
            prop_assert_eq!((changes.changes.len(), changes.unchanged), (0, report.vulnerabilities.len()));
        }
    }
}
