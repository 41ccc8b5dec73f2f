//! Version orders: one for each family of ecosystems, and one for when the ecosystem is not known.
//!
//! Each order is in a file of its own that names its source. An order that cannot read a version says so; it never guesses.

use std::cmp::Ordering;
use std::str::FromStr;

mod apk;
mod composer;
mod digits;
mod dotted;
mod dpkg;
mod loose;
mod maven;
mod nuget;
mod numbers;
mod rpm;
mod rubygems;
mod semver;
#[cfg(test)]
mod tests;

pub use loose::{compare, upstream};

/// Longer texts are no versions. The only published limit is 256 (`MAX_LENGTH` of node-semver); this leaves room and bounds the work that a
/// hostile bill of materials can ask for.
pub const LONGEST: usize = 1024;

/// An order of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// Debian's, Ubuntu's, opkg's.
    Dpkg,
    /// RPM's.
    Rpm,
    /// Alpine's.
    Apk,
    /// Semantic versions, complete.
    SemVer,
    /// Semantic versions, of which tags may leave out numbers at the end.
    SwiftTag,
    /// Go modules and Go itself.
    Go,
    /// Semantic versions with build metadata ordered.
    Pub,
    /// Python's.
    Pep440,
    /// Maven's.
    Maven,
    /// `RubyGems`'.
    RubyGems,
    /// Composer's.
    Composer,
    /// `NuGet`'s.
    NuGet,
    /// Numbers and nothing else.
    Numbers,
    /// What CPE names, the NVD, the Linux kernel and OpenSSL use.
    Dotted,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 14] = [
        Self::Dpkg,
        Self::Rpm,
        Self::Apk,
        Self::SemVer,
        Self::SwiftTag,
        Self::Go,
        Self::Pub,
        Self::Pep440,
        Self::Maven,
        Self::RubyGems,
        Self::Composer,
        Self::NuGet,
        Self::Numbers,
        Self::Dotted,
    ];

    /// Reads a version; none where this order does not know what it says.
    pub fn parse(self, text: &str) -> Option<Version<'_>> {
        if text.len() > LONGEST {
            return None;
        }
        Some(Version(match self {
            Self::Dpkg => Form::Dpkg(dpkg::Version::parse(text)?),
            Self::Rpm => Form::Rpm(rpm::Version::parse(text)?),
            Self::Apk => Form::Apk(apk::Version::parse(text)?),
            Self::SemVer => Form::SemVer(semver::parse(text)?),
            Self::SwiftTag => Form::SemVer(semver::parse_short(text)?),
            Self::Go => Form::SemVer(semver::parse_go(text)?),
            Self::Pub => Form::Pub(semver::parse(text)?),
            Self::Pep440 => Form::Pep440(pep440_rs::Version::from_str(text).ok()?),
            Self::Maven => Form::Maven(maven::Version::parse(text)?),
            Self::RubyGems => Form::RubyGems(rubygems::Version::parse(text)?),
            Self::Composer => Form::Composer(composer::Version::parse(text)?),
            Self::NuGet => Form::NuGet(nuget::Version::parse(text)?),
            Self::Numbers => Form::Numbers(numbers::Version::parse(text)?),
            Self::Dotted => Form::Dotted(dotted::Version::parse(text)?),
        }))
    }

    /// Reads a version at which a range begins or before which it ends. There a semantic version may leave out numbers, which are zero then:
    /// "before 2" is before 2.0.0. A component's own version may not: 2 can be any of the second series.
    pub fn parse_bound(self, text: &str) -> Option<Version<'_>> {
        if text.len() > LONGEST {
            return None;
        }
        match self {
            Self::SemVer => Some(Version(Form::SemVer(semver::parse_short(text)?))),
            Self::Pub => Some(Version(Form::Pub(semver::parse_short(text)?))),
            _ => self.parse(text),
        }
    }

    /// Compares two versions; none where one cannot be read, or where only something that has no order tells them apart.
    pub fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        self.parse(a)?.compare(&self.parse(b)?)
    }

    /// Whether it is one of the orders of semantic versions.
    pub fn is_semantic(self) -> bool {
        matches!(self, Self::SemVer | Self::SwiftTag | Self::Go | Self::Pub)
    }
}

/// A version as its order reads it.
#[derive(Debug, Clone)]
pub struct Version<'a>(Form<'a>);

#[derive(Debug, Clone)]
enum Form<'a> {
    Dpkg(dpkg::Version<'a>),
    Rpm(rpm::Version<'a>),
    Apk(apk::Version<'a>),
    SemVer(::semver::Version),
    Pub(::semver::Version),
    Pep440(pep440_rs::Version),
    Maven(maven::Version<'a>),
    RubyGems(rubygems::Version<'a>),
    Composer(composer::Version<'a>),
    NuGet(nuget::Version<'a>),
    Numbers(numbers::Version<'a>),
    Dotted(dotted::Version<'a>),
}

impl Version<'_> {
    /// Compares two versions of one order; none where they are of different orders, or where only something that has no order tells them
    /// apart.
    pub fn compare(&self, other: &Version<'_>) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Form::Dpkg(a), Form::Dpkg(b)) => Some(a.compare(b)),
            (Form::Rpm(a), Form::Rpm(b)) => a.compare(b),
            (Form::Apk(a), Form::Apk(b)) => a.compare(b),
            (Form::SemVer(a), Form::SemVer(b)) => Some(a.cmp_precedence(b)),
            (Form::Pub(a), Form::Pub(b)) => Some(a.cmp(b)),
            (Form::Pep440(a), Form::Pep440(b)) => Some(a.cmp(b)),
            (Form::Maven(a), Form::Maven(b)) => Some(a.compare(b)),
            (Form::RubyGems(a), Form::RubyGems(b)) => Some(a.compare(b)),
            (Form::Composer(a), Form::Composer(b)) => Some(a.compare(b)),
            (Form::NuGet(a), Form::NuGet(b)) => Some(a.compare(b)),
            (Form::Numbers(a), Form::Numbers(b)) => Some(a.compare(b)),
            (Form::Dotted(a), Form::Dotted(b)) => a.compare(b),
            _ => None,
        }
    }

    /// Whether the two belong to one release in the [dotted](Order::Dotted) order, as a release and its pre-releases do.
    pub(crate) fn same_release(&self, other: &Version<'_>) -> bool {
        matches!((&self.0, &other.0), (Form::Dotted(a), Form::Dotted(b)) if a.same_release(b))
    }

    /// Whether it is a release and nothing more in the [dotted](Order::Dotted) order: no pre-release, nobody's addition.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(&self.0, Form::Dotted(version) if version.is_plain())
    }

    /// Whether it is a pre-release in the [dotted](Order::Dotted) order.
    pub(crate) fn is_pre_release(&self) -> bool {
        matches!(&self.0, Form::Dotted(version) if version.is_pre_release())
    }
}
