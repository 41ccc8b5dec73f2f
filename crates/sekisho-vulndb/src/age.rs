//! How old the newest record of a feed may be before the feed should not be relied on.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::source::Source;

/// How many days old the newest record of each feed may be. What is not set is as in [`AgeLimits::default`]:
///
/// | feed | days | why |
/// | --- | ---: | --- |
/// | `epss` | 7 | all scores are computed anew every day |
/// | `nvd`, `cve` | 7 | something changes in them every hour |
/// | `kev` | 21 | some additions a week; the longest time without one from June 2022 to August 2025 was 18 days |
/// | `osv/GHSA`, `osv/CVE`, `osv/MAL` and those of Debian, Ubuntu, Red Hat, SUSE and Alpine | 14 | changes on nearly every working day, but for holidays |
/// | `osv/GO`, `osv/RUSTSEC`, `osv/PYSEC` | 45 | one language each: the longest time without a change in `RustSec` from 2023 to August 2026 was 33 days |
/// | other `osv/…` | 90 | single projects and small distributions, which publish as things come |
/// | `vex` | none | what a supplier said about a product stands until it says something else |
///
/// A limit is somewhat above the longest time that its feed itself was silent, as far as that could be measured: a warning that comes while
/// all is well is soon not read any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgeLimits {
    all: Option<u32>,
    feeds: BTreeMap<String, u32>,
}

/// A text that is no limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is neither a number of days (30) nor one for a feed (kev=7, osv=30, osv/GO=60)")]
pub struct BadAgeLimits(String);

impl AgeLimits {
    /// The same limit for all feeds but VEX statements, which do not age.
    pub fn all(days: u32) -> Self {
        Self { all: Some(days), feeds: BTreeMap::new() }
    }

    /// The same with a limit for one feed (`kev`, `osv/GO`), or for all of OSV that have none of their own (`osv`).
    #[must_use]
    pub fn with(mut self, feed: &str, days: u32) -> Self {
        self.feeds.insert(feed.to_owned(), days);
        self
    }

    /// How many days old the newest record of a feed may be; none: it does not age.
    pub fn days(&self, feed: &str) -> Option<u32> {
        let source = feed.split_once('/').map_or(feed, |(source, _)| source);
        let set = self.feeds.get(feed).or_else(|| self.feeds.get(source));
        set.copied().or_else(|| match self.all {
            Some(days) if feed != Source::Vex.name() => Some(days),
            _ => usual(feed),
        })
    }
}

/// The limits that hold where nothing is set.
fn usual(feed: &str) -> Option<u32> {
    match feed {
        "vex" => None,
        "epss" | "nvd" | "cve" => Some(7),
        "kev" => Some(21),
        "osv/GHSA" | "osv/CVE" | "osv/MAL" | "osv/DSA" | "osv/DLA" | "osv/DEBIAN" | "osv/UBUNTU" | "osv/USN"
        | "osv/RHSA" | "osv/SUSE" | "osv/openSUSE" | "osv/ALPINE" => Some(14),
        "osv/GO" | "osv/RUSTSEC" | "osv/PYSEC" => Some(45),
        _ => Some(90),
    }
}

/// Reads `30`, `kev=7,osv/GO=60`, or both: `30,kev=7`.
impl FromStr for AgeLimits {
    type Err = BadAgeLimits;

    fn from_str(text: &str) -> Result<Self, BadAgeLimits> {
        let mut limits = Self::default();
        for part in text.split(',').map(str::trim) {
            let bad = || BadAgeLimits(part.to_owned());
            match part.split_once('=') {
                None => limits.all = Some(part.parse().map_err(|_| bad())?),
                Some((feed, days)) if is_feed(feed.trim()) => {
                    limits = limits.with(feed.trim(), days.trim().parse().map_err(|_| bad())?);
                }
                Some(_) => return Err(bad()),
            }
        }
        Ok(limits)
    }
}

/// Whether a feed can have this name: a misspelt one would be a limit that never holds.
fn is_feed(name: &str) -> bool {
    let sources = [Source::Osv, Source::Nvd, Source::Cve, Source::Kev, Source::Epss, Source::Vex];
    sources.iter().any(|source| source.name() == name)
        || name
            .strip_prefix("osv/")
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::AgeLimits;

    #[test]
    fn from_the_special_to_the_general() {
        let limits: AgeLimits = "30, kev=3,osv=60,osv/GO=5".parse().unwrap();
        let days = ["kev", "osv/GO", "osv/GHSA", "nvd", "vex"].map(|feed| limits.days(feed));
        assert_eq!(days, [Some(3), Some(5), Some(60), Some(30), None]);
        assert_eq!("vex=365".parse::<AgeLimits>().unwrap().days("vex"), Some(365));
        let usual = AgeLimits::default();
        let days = ["epss", "kev", "osv/GHSA", "osv/GO", "osv/other", "vex"].map(|feed| usual.days(feed));
        assert_eq!(days, [Some(7), Some(21), Some(14), Some(45), Some(90), None]);
    }

    #[test]
    fn what_is_no_limit_is_told() {
        for text in ["", "soon", "-1", "kve=7", "kev=", "kev=x", "osv/=3", "7,,8", "99999999999"] {
            assert!(text.parse::<AgeLimits>().is_err(), "{text}");
        }
    }
}
