//! The ranges and versions of OSV records.
//!
//! Source: <https://ossf.github.io/osv-schema/>, "Evaluation" under `affected[].ranges[].events`. There the events are sorted first and the
//! last one at or before the version decides. The same is found here in one pass without sorting: the latest of the events that the version
//! has reached.

use std::cmp::Ordering;

use super::{Basis, Reason, Verdict};
use crate::ecosystem::Ecosystem;
use crate::order::{Order, Version};

/// One of `affected[].ranges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range<'a> {
    /// Its type.
    pub kind: RangeKind,
    /// Its events, in any order.
    pub events: Vec<Event<'a>>,
}

/// The type of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RangeKind {
    /// Semantic versions.
    SemVer,
    /// Versions in the ecosystem's order.
    Ecosystem,
    /// Commits.
    Git,
}

/// An event of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event<'a> {
    /// From this version on; `0` is before every version.
    Introduced(&'a str),
    /// From this version on no longer.
    Fixed(&'a str),
    /// After this version no longer.
    LastAffected(&'a str),
    /// Nothing is said of this version and later ones; `*` is after every version.
    Limit(&'a str),
}

/// Whether `version` is affected by one of `affected` in an OSV record, with its ranges and its enumerated versions. It is if any of them says so;
/// if none does and one could not be evaluated, it is unknown.
pub fn affected(ecosystem: &Ecosystem, ranges: &[Range<'_>], versions: &[impl AsRef<str>], version: &str) -> Verdict {
    // The very text needs no order.
    if versions.iter().any(|listed| listed.as_ref() == version) {
        return Verdict::Affected(Basis::Listed);
    }
    if ranges.is_empty() && versions.is_empty() {
        return Verdict::Unknown(Reason::Nothing);
    }
    // Commits are another way to say the same as the versions beside them.
    let commits_only = versions.is_empty() && ranges.iter().all(|range| range.kind == RangeKind::Git);
    let mut unknown = commits_only.then_some(Reason::Commits);
    for range in ranges.iter().filter(|range| range.kind != RangeKind::Git) {
        match range.verdict(ecosystem, version) {
            Verdict::NotAffected => {}
            Verdict::Unknown(reason) => unknown = unknown.or(Some(reason)),
            found @ Verdict::Affected(_) => return found,
        }
    }
    if !versions.is_empty() {
        match listed(ecosystem, versions, version) {
            Verdict::NotAffected => {}
            Verdict::Unknown(reason) => unknown = unknown.or(Some(reason)),
            found @ Verdict::Affected(_) => return found,
        }
    }
    unknown.map_or(Verdict::NotAffected, Verdict::Unknown)
}

/// Whether one of `versions` is the same as `version`, though written differently: `1.0` and `1.0.0` are one version on `PyPI`.
fn listed(ecosystem: &Ecosystem, versions: &[impl AsRef<str>], version: &str) -> Verdict {
    let Some(order) = ecosystem.order() else { return Verdict::Unknown(Reason::NoOrder) };
    let Some(version) = order.parse(version) else { return Verdict::Unknown(Reason::Version) };
    let mut unknown = None;
    for listed in versions.iter().map(AsRef::as_ref) {
        match order.parse(listed).map(|bound| version.compare(&bound)) {
            Some(Some(Ordering::Equal)) => return Verdict::Affected(Basis::Listed),
            Some(None) => unknown = unknown.or_else(|| Some(Reason::Incomparable(listed.to_owned()))),
            // What the order cannot read is not the version that it could read.
            Some(Some(_)) | None => {}
        }
    }
    unknown.map_or(Verdict::NotAffected, Verdict::Unknown)
}

impl Range<'_> {
    /// Whether `version` lies in this range.
    pub fn verdict(&self, ecosystem: &Ecosystem, version: &str) -> Verdict {
        let order = match (self.kind, ecosystem.order()) {
            (RangeKind::Git, _) => return Verdict::Unknown(Reason::Commits),
            (RangeKind::SemVer, Some(order)) if order.is_semantic() => order,
            (RangeKind::SemVer, _) => Order::SemVer,
            (RangeKind::Ecosystem, Some(order)) => order,
            (RangeKind::Ecosystem, None) => return Verdict::Unknown(Reason::NoOrder),
        };
        let Some(version) = order.parse(version) else { return Verdict::Unknown(Reason::Version) };
        evaluate(order, &self.events, &version).unwrap_or_else(Verdict::Unknown)
    }
}

/// The latest event of a range that the version has reached.
#[derive(Default)]
struct Reached<'a> {
    /// None before every version.
    at: Option<Version<'a>>,
    /// Whether versions from there on are affected.
    affected: bool,
}

fn evaluate(order: Order, events: &[Event<'_>], version: &Version<'_>) -> Result<Verdict, Reason> {
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        return Err(Reason::NoBeginning);
    }
    let mut reached = Reached::default();
    let mut fix: Option<(&str, Version<'_>)> = None;
    // Whether the version is past every limit; none where there is no limit.
    let mut past_limits = None;
    for event in events {
        let (text, bound) = match *event {
            Event::Introduced("0") => {
                reached.affected |= reached.at.is_none();
                continue;
            }
            Event::Limit("*") => {
                past_limits = Some(false);
                continue;
            }
            Event::Introduced(text) | Event::Fixed(text) | Event::Limit(text) => (text, order.parse_bound(text)),
            Event::LastAffected(text) => (text, order.parse(text)),
        };
        let bound = bound.ok_or_else(|| Reason::Bound(text.to_owned()))?;
        let incomparable = || Reason::Incomparable(text.to_owned());
        let place = version.compare(&bound).ok_or_else(incomparable)?;
        match event {
            Event::Limit(_) => {
                past_limits = Some(past_limits.unwrap_or(true) && place.is_ge());
                continue;
            }
            Event::LastAffected(_) if place.is_le() => continue,
            Event::Introduced(_) if place.is_lt() => continue,
            Event::Fixed(_) if place.is_lt() => {
                if fix.as_ref().is_none_or(|(_, earlier)| bound.compare(earlier) == Some(Ordering::Less)) {
                    fix = Some((text, bound));
                }
                continue;
            }
            _ => {}
        }
        let later =
            reached.at.as_ref().map_or(Some(Ordering::Greater), |at| bound.compare(at)).ok_or_else(incomparable)?;
        // Of two at the same version the later in the record decides: records write an empty range as introduced and fixed in the same version,
        // and two ranges that touch as fixed and then introduced in it.
        if later.is_ge() {
            reached = Reached { at: Some(bound), affected: matches!(event, Event::Introduced(_)) };
        }
    }
    Ok(if reached.affected && past_limits != Some(true) {
        Verdict::Affected(Basis::InRange { fixed: fix.map(|(text, _)| text.to_owned()) })
    } else {
        Verdict::NotAffected
    })
}

#[cfg(test)]
mod tests {
    use Event::{Fixed, Introduced, LastAffected, Limit};
    use proptest::prelude::*;

    use super::*;

    fn verdict(ecosystem: &str, kind: RangeKind, events: &[Event<'_>], version: &str) -> Verdict {
        let range = Range { kind, events: events.to_vec() };
        affected(&Ecosystem::parse(ecosystem), &[range], &[] as &[&str], version)
    }

    fn in_range(fixed: Option<&str>) -> Verdict {
        Verdict::Affected(Basis::InRange { fixed: fixed.map(str::to_owned) })
    }

    #[test]
    fn events_in_any_order() {
        let events = [Fixed("1.0.2"), Introduced("0"), Fixed("3.0.2"), Introduced("3.0.0")];
        for (version, expected) in [
            ("0.0.1-alpha", in_range(Some("1.0.2"))),
            ("1.0.1", in_range(Some("1.0.2"))),
            ("1.0.2-rc.1", in_range(Some("1.0.2"))),
            ("1.0.2", Verdict::NotAffected),
            ("2.9.9", Verdict::NotAffected),
            ("3.0.0", in_range(Some("3.0.2"))),
            ("3.0.2", Verdict::NotAffected),
            ("3", Verdict::Unknown(Reason::Version)),
        ] {
            assert_eq!(verdict("crates.io", RangeKind::SemVer, &events, version), expected, "{version}");
        }
    }

    #[test]
    fn the_last_affected_version_is_affected() {
        let events = [Introduced("1:1.0-1"), LastAffected("1:1.0-3")];
        for (version, expected) in [
            ("1.0-2", Verdict::NotAffected),
            ("1:1.0-1", in_range(None)),
            ("1:1.0-3", in_range(None)),
            ("1:1.0-3+deb12u1", Verdict::NotAffected),
        ] {
            assert_eq!(verdict("Debian:12", RangeKind::Ecosystem, &events, version), expected, "{version}");
        }
        let one = [Introduced("2"), LastAffected("2")];
        assert_eq!(verdict("PyPI", RangeKind::Ecosystem, &one, "2.0"), in_range(None));
        assert_eq!(verdict("PyPI", RangeKind::Ecosystem, &one, "2.0.post1"), Verdict::NotAffected);
    }

    #[test]
    fn beyond_every_limit_nothing_is_said() {
        let events = [Introduced("1.0.0"), Limit("2.0.0"), Limit("3.0.0")];
        assert_eq!(verdict("npm", RangeKind::SemVer, &events, "2.5.0"), in_range(None));
        assert_eq!(verdict("npm", RangeKind::SemVer, &events, "3.0.0"), Verdict::NotAffected);
        let events = [Introduced("1.0.0"), Limit("*"), Limit("3.0.0")];
        assert_eq!(verdict("npm", RangeKind::SemVer, &events, "4.0.0"), in_range(None));
    }

    #[test]
    fn what_cannot_be_said_is_unknown() {
        let of = |ecosystem, kind, events: &[Event<'_>], version| match verdict(ecosystem, kind, events, version) {
            Verdict::Unknown(reason) => Some(reason),
            _ => None,
        };
        let any = [Introduced("0")];
        assert_eq!(of("OSS-Fuzz", RangeKind::Ecosystem, &any, "1.0"), Some(Reason::NoOrder));
        assert_eq!(of("npm", RangeKind::Git, &any, "1.0.0"), Some(Reason::Commits));
        assert_eq!(of("npm", RangeKind::SemVer, &any, "latest"), Some(Reason::Version));
        assert_eq!(of("npm", RangeKind::SemVer, &[], "1.0.0"), Some(Reason::NoBeginning));
        assert_eq!(of("npm", RangeKind::SemVer, &[Fixed("2.0.0")], "1.0.0"), Some(Reason::NoBeginning));
        let bound = [Introduced("0"), Fixed("<next>")];
        assert_eq!(of("npm", RangeKind::SemVer, &bound, "1.0.0"), Some(Reason::Bound("<next>".to_owned())));
        let release = [Introduced("0"), Fixed("1.1.1k-5.el8")];
        assert_eq!(
            of("Red Hat", RangeKind::Ecosystem, &release, "1.1.1k"),
            Some(Reason::Incomparable("1.1.1k-5.el8".to_owned()))
        );
        assert_eq!(of("Red Hat", RangeKind::Ecosystem, &release, "1.1.1g"), None);
        assert_eq!(affected(&Ecosystem::parse("npm"), &[], &[] as &[&str], "1.0.0"), Verdict::Unknown(Reason::Nothing));
    }

    #[test]
    fn a_short_bound_begins_or_ends_and_is_never_the_last() {
        assert_eq!(verdict("npm", RangeKind::SemVer, &[Introduced("1"), Fixed("2.1")], "2.0.9"), in_range(Some("2.1")));
        assert_eq!(verdict("npm", RangeKind::SemVer, &[Introduced("1"), Fixed("2")], "2.0.0"), Verdict::NotAffected);
        assert_eq!(
            verdict("npm", RangeKind::SemVer, &[Introduced("1"), LastAffected("2")], "2.5.0"),
            Verdict::Unknown(Reason::Bound("2".to_owned()))
        );
    }

    #[test]
    fn an_empty_range_and_two_that_touch() {
        let empty = [Introduced("0.8.0"), Fixed("0.8.2"), Introduced("0.10.0"), Fixed("0.10.0")];
        for version in ["0.9.0", "0.10.0", "0.11.0"] {
            assert_eq!(verdict("crates.io", RangeKind::SemVer, &empty, version), Verdict::NotAffected, "{version}");
        }
        let touching = [Introduced("0"), Fixed("3.1.1"), Introduced("3.1.1"), Fixed("3.1.3")];
        assert_eq!(verdict("PyPI", RangeKind::Ecosystem, &touching, "3.1.1"), in_range(Some("3.1.3")));
        assert_eq!(verdict("PyPI", RangeKind::Ecosystem, &touching, "3.1.3"), Verdict::NotAffected);
    }

    #[test]
    fn listed_versions() {
        let of = |ecosystem, version| affected(&Ecosystem::parse(ecosystem), &[], &["1.0", "2.0a1", "r7"], version);
        let listed = Verdict::Affected(Basis::Listed);
        assert_eq!(of("PyPI", "1.0.0"), listed);
        assert_eq!(of("PyPI", "2.0.alpha.1"), listed);
        assert_eq!(of("PyPI", "1.1"), Verdict::NotAffected);
        assert_eq!(of("PyPI", "r7"), listed);
        assert_eq!(of("PyPI", "r8"), Verdict::Unknown(Reason::Version));
        assert_eq!(of("OSS-Fuzz", "1.0"), listed);
        assert_eq!(of("OSS-Fuzz", "1.0.0"), Verdict::Unknown(Reason::NoOrder));
    }

    #[test]
    fn commits_count_only_where_there_is_nothing_else() {
        let commits = Range { kind: RangeKind::Git, events: vec![Introduced("0")] };
        let versions = Range { kind: RangeKind::SemVer, events: vec![Introduced("0"), Fixed("1.0.0")] };
        let npm = Ecosystem::parse("npm");
        assert_eq!(affected(&npm, &[commits.clone(), versions], &[] as &[&str], "1.0.0"), Verdict::NotAffected);
        assert_eq!(affected(&npm, &[commits], &["0.9.0"], "1.0.0"), Verdict::NotAffected);
    }

    #[test]
    fn the_type_of_the_range_decides_the_order() {
        let events = [Introduced("0"), Fixed("1.10.0")];
        assert_eq!(verdict("Debian", RangeKind::SemVer, &events, "1.9.0"), in_range(Some("1.10.0")));
        assert_eq!(verdict("Debian", RangeKind::SemVer, &events, "1:1.9.0"), Verdict::Unknown(Reason::Version));
        assert_eq!(
            verdict("Go", RangeKind::SemVer, &[Introduced("1.24.0-0"), Fixed("1.24.5")], "go1.24.4"),
            in_range(Some("1.24.5"))
        );
    }

    /// The specification's own words, carried out as they stand: sort (what is equal keeps its sequence), then let each event that is reached decide anew.
    fn as_specified(events: &[Event<'_>], version: i32) -> bool {
        let place = |event: &Event<'_>| match *event {
            Introduced("0") => -1,
            Introduced(text) | LastAffected(text) | Fixed(text) | Limit(text) => text.parse::<i32>().unwrap(),
        };
        let mut sorted = events.to_vec();
        sorted.sort_by_key(place);
        sorted.iter().fold(false, |vulnerable, event| match event {
            Introduced(_) if version >= place(event) => true,
            Fixed(_) if version >= place(event) => false,
            LastAffected(_) if version > place(event) => false,
            _ => vulnerable,
        })
    }

    proptest! {
        #[test]
        fn one_pass_is_the_specified_evaluation(
            events in prop::collection::vec((0_u8..3, 0_i32..8), 1..8),
            version in 0_i32..10,
        ) {
            let texts: Vec<(u8, String)> = events.iter().map(|(kind, at)| (*kind, at.to_string())).collect();
            let events: Vec<Event<'_>> = texts
                .iter()
                .map(|(kind, at)| match kind {
                    0 => Introduced(at),
                    1 => Fixed(at),
                    _ => LastAffected(at),
                })
                .collect();
            match verdict("Hackage", RangeKind::Ecosystem, &events, &version.to_string()) {
                Verdict::Affected(_) => prop_assert!(as_specified(&events, version)),
                Verdict::NotAffected => prop_assert!(!as_specified(&events, version)),
                Verdict::Unknown(Reason::NoBeginning) => prop_assert!(!events.iter().any(|e| matches!(e, Introduced(_)))),
                Verdict::Unknown(reason) => prop_assert!(false, "{reason:?}"),
            }
        }

        #[test]
        fn no_range_panics(ecosystem in "Debian|npm|PyPI|Maven|Red Hat|Alpine|Go|x", texts in prop::collection::vec(".{0,12}", 0..5), version in ".{0,12}") {
            let events: Vec<Event<'_>> = texts.iter().flat_map(|t| [Introduced(t), Fixed(t), LastAffected(t), Limit(t)]).collect();
            let _ = verdict(&ecosystem, RangeKind::Ecosystem, &events, &version);
            let _ = affected(&Ecosystem::parse(&ecosystem), &[], &texts, &version);
        }
    }
}
