//! What the database holds, as plain data.

mod advisory;
mod exploited;
mod vex;

use serde::{Deserialize, Serialize};

pub use advisory::{
    Advisory, AffectedPackage, AffectedProduct, Bound, Configuration, CpeMatch, Event, Node, Operator, Package,
    ProductStatus, ProductVersion, Range, RangeKind, Reference, Severity, State,
};
pub use exploited::{EpssScore, KevEntry};
pub use vex::{VexDocument, VexFormat, VexProduct, VexStatement, VexStatus};

use crate::moment::Moment;
use crate::source::Source;

/// One record of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// An advisory: OSV, NVD, CVE.
    Advisory(Box<Advisory>),
    /// An entry of the catalogue of known exploited vulnerabilities.
    Kev(Box<KevEntry>),
    /// An exploit prediction score.
    Epss(EpssScore),
    /// A document with statements on products.
    Vex(Box<VexDocument>),
}

impl Record {
    /// Where it comes from.
    pub fn source(&self) -> Source {
        match self {
            Self::Advisory(advisory) => advisory.source,
            Self::Kev(_) => Source::Kev,
            Self::Epss(_) => Source::Epss,
            Self::Vex(_) => Source::Vex,
        }
    }

    /// Its identifier: one source has one record with it.
    pub fn id(&self) -> &str {
        match self {
            Self::Advisory(advisory) => &advisory.id,
            Self::Kev(entry) => &entry.cve,
            Self::Epss(score) => &score.cve,
            Self::Vex(document) => &document.id,
        }
    }

    /// When it was last changed, as far as the source says.
    pub fn modified(&self) -> Option<Moment> {
        match self {
            Self::Advisory(advisory) => advisory.modified,
            Self::Kev(entry) => entry.as_of,
            Self::Epss(score) => score.as_of,
            Self::Vex(document) => document.modified,
        }
    }
}
