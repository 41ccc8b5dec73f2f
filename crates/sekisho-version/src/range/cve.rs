//! The version ranges of CVE records.
//!
//! Source: the CVE record format 5 (<https://github.com/CVEProject/cve-schema/blob/main/schema/docs/versions.md>), whose evaluation this is: the
//! first entry that the version falls under decides, with its changes; what falls under none has the default status.

use std::cmp::Ordering;

use super::{Basis, Reason, Verdict};
use crate::order::Order;

/// The status that a record gives a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CveStatus {
    /// Affected.
    Affected,
    /// Not affected.
    Unaffected,
    /// Not known, which is also what it is where the record does not say.
    Unknown,
}

/// Where a range ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CveBound<'a> {
    /// The version; `*` is after every version.
    pub version: &'a str,
    /// Whether it belongs to the range (`lessThanOrEqual`).
    pub inclusive: bool,
}

/// An entry of `versions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CveVersion<'a> {
    /// The one version, or where the range begins.
    pub version: &'a str,
    /// What holds for it.
    pub status: CveStatus,
    /// `versionType`: the name of the order.
    pub order: &'a str,
    /// Where the range ends; none for one version.
    pub end: Option<CveBound<'a>>,
    /// From which version on, within the range, something else holds.
    pub changes: Vec<(&'a str, CveStatus)>,
}

/// Whether `version` is affected according to the entries of one of `affected` in a CVE record.
pub fn cve_affected(entries: &[CveVersion<'_>], default: CveStatus, version: &str) -> Verdict {
    let mut unknown = None;
    for entry in entries {
        match entry.status(version) {
            Ok(Some((CveStatus::Affected, basis))) => return Verdict::Affected(basis),
            Ok(Some((CveStatus::Unaffected, _))) => return Verdict::NotAffected,
            Ok(Some((CveStatus::Unknown, _))) => return Verdict::Unknown(Reason::Nothing),
            Ok(None) => {}
            // An entry that cannot be evaluated might be the one that decides; a later one that surely matches still does.
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    match (unknown, default) {
        (Some(reason), _) => Verdict::Unknown(reason),
        (None, CveStatus::Affected) => Verdict::Affected(Basis::Every),
        (None, CveStatus::Unaffected) => Verdict::NotAffected,
        (None, CveStatus::Unknown) => Verdict::Unknown(Reason::Nothing),
    }
}

/// The order that a record names. Records that name none, or one of their own, number their versions as the NVD does; and so do those that
/// say semantic versions and mean ones of two numbers, as the kernel's do.
fn order(name: &str, version: &str) -> Result<Order, Reason> {
    match name.to_ascii_lowercase().as_str() {
        "git" => Err(Reason::Commits),
        "semver" if Order::SemVer.parse(version).is_some() => Ok(Order::SemVer),
        "rpm" => Ok(Order::Rpm),
        "maven" => Ok(Order::Maven),
        "python" => Ok(Order::Pep440),
        _ => Ok(Order::Dotted),
    }
}

impl CveVersion<'_> {
    /// The status that this entry gives the version; none where it does not fall under it.
    fn status(&self, version: &str) -> Result<Option<(CveStatus, Basis)>, Reason> {
        let order = order(self.order, version)?;
        let Some(end) = self.end else {
            if matches!(self.version, "*" | "all" | "All Versions" | "all versions") {
                return Ok(Some((self.status, Basis::Every)));
            }
            // The very text needs no order.
            let same = self.version == version || compare(order, version, self.version)? == Ordering::Equal;
            return Ok(same.then_some((self.status, Basis::Listed)));
        };
        if !matches!(self.version, "0" | "*" | "" | "unspecified" | "n/a")
            && compare(order, version, self.version)? == Ordering::Less
        {
            return Ok(None);
        }
        let before_end = match end.version {
            "*" => true,
            text if text.ends_with(".*") => in_or_before(order, version, text.trim_end_matches(".*"))?,
            text => match compare(order, version, text)? {
                Ordering::Less => true,
                Ordering::Equal => end.inclusive,
                Ordering::Greater => false,
            },
        };
        if !before_end {
            return Ok(None);
        }
        // The latest change that the version has reached.
        let mut reached: Option<(&str, CveStatus)> = None;
        let mut fixed = (!end.inclusive && end.version != "*").then_some(end.version);
        for &(at, status) in &self.changes {
            if compare(order, version, at)? == Ordering::Less {
                if status == CveStatus::Unaffected {
                    fixed = fixed.filter(|to| compare(order, to, at) == Ok(Ordering::Less)).or(Some(at));
                }
            } else if match reached {
                Some((before, _)) => compare(order, before, at)? == Ordering::Less,
                None => true,
            } {
                reached = Some((at, status));
            }
        }
        let status = reached.map_or(self.status, |(_, status)| status);
        Ok(Some((status, Basis::InRange { fixed: fixed.map(str::to_owned) })))
    }
}

/// Whether a version lies before a series of versions, or in it: the kernel's records end ranges with `5.10.*`.
fn in_or_before(order: Order, version: &str, series: &str) -> Result<bool, Reason> {
    let within = version.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']));
    Ok(within || compare(order, version, series)? == Ordering::Less)
}

/// Compares the component's version with one of the record.
fn compare(order: Order, version: &str, of_record: &str) -> Result<Ordering, Reason> {
    let component = order.parse(version).ok_or(Reason::Version)?;
    let bound = order.parse_bound(of_record).ok_or_else(|| Reason::Bound(of_record.to_owned()))?;
    component.compare(&bound).ok_or_else(|| Reason::Incomparable(of_record.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry<'a>(version: &'a str, end: Option<(&'a str, bool)>, status: CveStatus) -> CveVersion<'a> {
        let end = end.map(|(version, inclusive)| CveBound { version, inclusive });
        CveVersion { version, status, order: "custom", end, changes: Vec::new() }
    }

    #[test]
    fn ranges_and_the_default() {
        use CveStatus::{Affected, Unaffected, Unknown};
        // OpenSSL's own records have this form.
        let entries =
            [entry("3.0.0", Some(("3.0.14", false)), Affected), entry("1.1.1", Some(("1.1.1y", false)), Affected)];
        let fixed = |version: &str| Verdict::Affected(Basis::InRange { fixed: Some(version.to_owned()) });
        for (version, expected) in [
            ("3.0.13", fixed("3.0.14")),
            ("3.0.14", Verdict::NotAffected),
            ("1.1.1x", fixed("1.1.1y")),
            ("1.1.1y", Verdict::NotAffected),
            ("1.0.2", Verdict::NotAffected),
        ] {
            assert_eq!(cve_affected(&entries, Unaffected, version), expected, "{version}");
        }
        assert_eq!(cve_affected(&entries, Unknown, "1.0.2"), Verdict::Unknown(Reason::Nothing));
        assert_eq!(cve_affected(&entries, Affected, "1.0.2"), Verdict::Affected(Basis::Every));
        assert_eq!(cve_affected(&entries, Unaffected, "what"), Verdict::Unknown(Reason::Version));
    }

    #[test]
    fn one_version_all_versions_and_an_end_that_belongs_to_it() {
        use CveStatus::{Affected, Unaffected};
        assert_eq!(cve_affected(&[entry("2.0", None, Affected)], Unaffected, "2.0"), Verdict::Affected(Basis::Listed));
        assert_eq!(cve_affected(&[entry("2.0", None, Affected)], Unaffected, "2.1"), Verdict::NotAffected);
        assert_eq!(cve_affected(&[entry("*", None, Affected)], Unaffected, "2.1"), Verdict::Affected(Basis::Every));
        let to = [entry("0", Some(("2.3", true)), Affected)];
        assert_eq!(cve_affected(&to, Unaffected, "2.3"), Verdict::Affected(Basis::InRange { fixed: None }));
        assert_eq!(cve_affected(&to, Unaffected, "2.3.1"), Verdict::NotAffected);
        let open = [entry("4.0", Some(("*", false)), Affected)];
        assert_eq!(cve_affected(&open, Unaffected, "9"), Verdict::Affected(Basis::InRange { fixed: None }));
    }

    #[test]
    fn changes_within_a_range() {
        use CveStatus::{Affected, Unaffected};
        let mut range = entry("2.0", Some(("3.0", false)), Affected);
        range.changes = vec![("2.5.1", Unaffected), ("2.7", Affected)];
        let entries = [range];
        let fixed = |version: &str| Verdict::Affected(Basis::InRange { fixed: Some(version.to_owned()) });
        assert_eq!(cve_affected(&entries, Unaffected, "2.4"), fixed("2.5.1"));
        assert_eq!(cve_affected(&entries, Unaffected, "2.5.1"), Verdict::NotAffected);
        assert_eq!(cve_affected(&entries, Unaffected, "2.6.9"), Verdict::NotAffected);
        assert_eq!(cve_affected(&entries, Unaffected, "2.7"), fixed("3.0"));
        assert_eq!(cve_affected(&entries, Unaffected, "3.0"), Verdict::NotAffected);
    }

    #[test]
    fn the_kernels_series() {
        use CveStatus::{Affected, Unaffected};
        let mut entries = [
            entry("4.19", None, Affected),
            entry("0", Some(("4.19", false)), Unaffected),
            entry("5.10.200", Some(("5.10.*", true)), Unaffected),
            entry("6.6", Some(("*", true)), Unaffected),
        ];
        for entry in &mut entries {
            entry.order = "semver";
        }
        for (version, affected) in [
            ("4.18", false),
            ("4.19", true),
            ("5.10.199", true),
            ("5.10.200", false),
            ("5.10.214", false),
            ("5.11.0", true),
            ("6.6.1", false),
        ] {
            let verdict = cve_affected(&entries, Affected, version);
            assert_eq!(matches!(verdict, Verdict::Affected(_)), affected, "{version}: {verdict:?}");
        }
    }

    #[test]
    fn commits_say_nothing_of_versions() {
        let mut commits = entry("1da177e4c3f4", Some(("abcdef012345", false)), CveStatus::Affected);
        commits.order = "git";
        assert_eq!(cve_affected(&[commits], CveStatus::Unaffected, "5.4"), Verdict::Unknown(Reason::Commits));
    }

    proptest! {
        #[test]
        fn no_entry_panics(texts in prop::collection::vec(".{0,10}", 3), version in ".{0,10}") {
            let mut range = entry(&texts[0], Some((&texts[1], true)), CveStatus::Affected);
            range.changes = vec![(&texts[2], CveStatus::Unaffected)];
            let _ = cve_affected(&[range], CveStatus::Unknown, &version);
        }
    }
}
