//! The version ranges of the NVD's CPE matches.
//!
//! Sources: NVD's CVE API 2.0 (`versionStartIncluding` and its like in `cpeMatch`) and NIST IR 7696, section 6.2, for what `*` and `-` match.

use std::cmp::Ordering;

use super::{Basis, Reason, Verdict};
use crate::order::{Order, Version};

/// The version and update of a CPE name, unescaped, and the range that may stand beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpeRange<'a> {
    /// The name's version; `*` is any, `-` none.
    pub version: &'a str,
    /// The name's update, such as `rc1`; `*` is any, `-` none.
    pub update: &'a str,
    /// `versionStartIncluding`.
    pub start_including: Option<&'a str>,
    /// `versionStartExcluding`.
    pub start_excluding: Option<&'a str>,
    /// `versionEndIncluding`.
    pub end_including: Option<&'a str>,
    /// `versionEndExcluding`.
    pub end_excluding: Option<&'a str>,
}

impl CpeRange<'_> {
    /// Whether `version` is meant.
    pub fn verdict(&self, version: &str) -> Verdict {
        self.evaluate(version).unwrap_or_else(Verdict::Unknown)
    }

    fn evaluate(&self, version: &str) -> Result<Verdict, Reason> {
        let bounds = [
            (self.start_including, [Ordering::Greater, Ordering::Equal]),
            (self.start_excluding, [Ordering::Greater; 2]),
            (self.end_including, [Ordering::Less, Ordering::Equal]),
            (self.end_excluding, [Ordering::Less; 2]),
        ];
        let bounded = bounds.iter().any(|(bound, _)| bound.is_some());
        match self.version {
            // "Not applicable" has nothing in common with any version; but the NVD writes it also where it knew none.
            "-" => return Err(Reason::Nothing),
            "*" if !bounded => return Ok(Verdict::Affected(Basis::Every)),
            "*" => {}
            named => return self.names(named, version),
        }
        let component = Order::Dotted.parse(version).ok_or(Reason::Version)?;
        let mut unknown = None;
        for (bound, within) in bounds {
            let Some(text) = bound else { continue };
            match Order::Dotted.parse(text).map(|bound| component.compare(&bound)) {
                Some(Some(place)) if within.contains(&place) => {}
                // Outside at one end is outside, whatever the other.
                Some(Some(_)) => return Ok(Verdict::NotAffected),
                Some(None) => unknown = Some(Reason::Incomparable(text.to_owned())),
                None => unknown = Some(Reason::Bound(text.to_owned())),
            }
        }
        unknown
            .map_or_else(|| Ok(Verdict::Affected(Basis::InRange { fixed: self.end_excluding.map(str::to_owned) })), Err)
    }

    /// Whether `version` is the one that the name holds.
    fn names(&self, named: &str, version: &str) -> Result<Verdict, Reason> {
        let full = match self.update {
            "" | "*" | "-" => named.to_owned(),
            update => format!("{named}{update}"),
        };
        if full == version {
            return Ok(Verdict::Affected(Basis::Listed));
        }
        let component = Order::Dotted.parse(version).ok_or(Reason::Version)?;
        let bound = Order::Dotted.parse(&full).ok_or_else(|| Reason::Bound(full.clone()))?;
        if self.any_update_of(&bound, &component) {
            return Ok(Verdict::Affected(Basis::Listed));
        }
        match component.compare(&bound) {
            Some(Ordering::Equal) => Ok(Verdict::Affected(Basis::Listed)),
            Some(_) => Ok(Verdict::NotAffected),
            None => Err(Reason::Incomparable(full)),
        }
    }

    /// A name that leaves the update open means the pre-releases, too.
    fn any_update_of(&self, bound: &Version<'_>, component: &Version<'_>) -> bool {
        matches!(self.update, "" | "*")
            && bound.is_plain()
            && component.is_pre_release()
            && component.same_release(bound)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any() -> CpeRange<'static> {
        CpeRange { version: "*", update: "*", ..CpeRange::default() }
    }

    #[test]
    fn both_ends() {
        let range = CpeRange { start_including: Some("1.0.2"), end_excluding: Some("1.0.2zf"), ..any() };
        let affected = Verdict::Affected(Basis::InRange { fixed: Some("1.0.2zf".to_owned()) });
        for (version, expected) in [
            ("1.0.1u", Verdict::NotAffected),
            ("1.0.2-beta3", Verdict::NotAffected),
            ("1.0.2", affected.clone()),
            ("1.0.2u", affected.clone()),
            ("1.0.2za", affected.clone()),
            ("1.0.2zf", Verdict::NotAffected),
            ("1.1.0", Verdict::NotAffected),
            ("unknown", Verdict::Unknown(Reason::Version)),
        ] {
            assert_eq!(range.verdict(version), expected, "{version}");
        }
        let range = CpeRange { start_excluding: Some("4.4"), end_including: Some("4.9.3"), ..any() };
        assert_eq!(range.verdict("4.4.0"), Verdict::NotAffected);
        assert_eq!(range.verdict("4.4.1"), Verdict::Affected(Basis::InRange { fixed: None }));
        assert_eq!(range.verdict("4.9.3"), Verdict::Affected(Basis::InRange { fixed: None }));
        assert_eq!(range.verdict("4.9.4"), Verdict::NotAffected);
        // A vendor's addition to the very bound: nobody knows.
        assert_eq!(range.verdict("4.9.3-vendor7"), Verdict::Unknown(Reason::Incomparable("4.9.3".to_owned())));
        assert_eq!(range.verdict("4.8.0-vendor7"), Verdict::Affected(Basis::InRange { fixed: None }));
        assert_eq!(range.verdict("5.0-vendor7"), Verdict::NotAffected);
    }

    #[test]
    fn outside_at_one_end_is_outside() {
        let range = CpeRange { start_including: Some("?"), end_excluding: Some("2.0"), ..any() };
        assert_eq!(range.verdict("3.0"), Verdict::NotAffected);
        assert_eq!(range.verdict("1.0"), Verdict::Unknown(Reason::Bound("?".to_owned())));
    }

    #[test]
    fn named_versions() {
        let named = |version, update| CpeRange { version, update, ..CpeRange::default() };
        let listed = Verdict::Affected(Basis::Listed);
        assert_eq!(named("*", "*").verdict("whatever"), Verdict::Affected(Basis::Every));
        assert_eq!(named("-", "*").verdict("1.0"), Verdict::Unknown(Reason::Nothing));
        assert_eq!(named("1.31.0", "*").verdict("1.31.0"), listed);
        assert_eq!(named("1.31.0", "*").verdict("1.31"), listed);
        assert_eq!(named("1.31.0", "*").verdict("1.31.1"), Verdict::NotAffected);
        assert_eq!(named("2023.01", "rc4").verdict("2023.01-rc4"), listed);
        assert_eq!(named("2023.01", "rc4").verdict("2023.01"), Verdict::NotAffected);
        assert_eq!(named("2023.01", "*").verdict("2023.01-rc4"), listed);
        assert_eq!(named("2023.01", "-").verdict("2023.01-rc4"), Verdict::NotAffected);
        assert_eq!(named("6.6", "p1").verdict("6.6p1"), listed);
        assert_eq!(named("r5p0", "*").verdict("r5p0"), listed);
        assert_eq!(named("r5p0", "*").verdict("1.0"), Verdict::Unknown(Reason::Bound("r5p0".to_owned())));
    }

    proptest! {
        #[test]
        fn no_text_panics(a in ".{0,12}", b in ".{0,12}", c in ".{0,12}") {
            let range = CpeRange { version: &a, update: &b, start_including: Some(&b), end_excluding: Some(&a), ..any() };
            let _ = range.verdict(&c);
            let _ = CpeRange { version: "*", ..range }.verdict(&c);
        }
    }
}
