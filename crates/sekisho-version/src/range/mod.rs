//! Whether a version lies in the ranges that an advisory names: those of OSV records, of CVE records and of the NVD.
//!
//! Three answers, never two: what cannot be evaluated is unknown with its reason, and unknown is not "not affected".

mod cpe;
mod cve;
mod osv;

pub use cpe::CpeRange;
pub use cve::{CveBound, CveStatus, CveVersion, cve_affected};
pub use osv::{Event, Range, RangeKind, affected};

/// Whether an advisory's statement is about a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The version is affected.
    Affected(Basis),
    /// It is not.
    NotAffected,
    /// It cannot be said.
    Unknown(Reason),
}

/// What makes a version affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// It is among the versions that the advisory lists, or is the one that it names.
    Listed,
    /// It lies in a range.
    InRange {
        /// The version with which the range ends and which is no longer affected, where one is named.
        fixed: Option<String>,
    },
    /// Every version is meant.
    Every,
}

/// Why it cannot be said whether a version is affected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The versions of the ecosystem have no order that is known.
    NoOrder,
    /// The component's version cannot be read in its ecosystem's order.
    Version,
    /// A version that the advisory names cannot be read in its ecosystem's order.
    Bound(String),
    /// The component's version and one of the advisory differ in something only that has no order.
    Incomparable(String),
    /// A range never begins.
    NoBeginning,
    /// The advisory names commits, not versions.
    Commits,
    /// The advisory names no versions.
    Nothing,
    /// The advisory has one answer for one release of the distribution and another for another, and the component's is not known.
    Release,
    /// A part of the advisory could not be read.
    Incomplete,
}
