//! The local database of known vulnerabilities.
//!
//! [`import()`] makes one file of what people can download and carry along: OSV, NVD, CVE records, CISA's catalogue of known exploited
//! vulnerabilities, EPSS, and VEX statements. [`Database`] opens it and looks things up, [`Status`] says what is in it and how old that is,
//! [`pack`] signs it for places without a network. Matching components, and the orders of versions, are elsewhere: versions are strings
//! here.
//!
//! # The file
//!
//! ```text
//! header    64 bytes   magic, format, where the table of contents is, its SHA-256
//! blocks               records (MessagePack), about 16 KiB of them at a time, deflated
//! index                buckets of (32 bits of a key's hash, number of the record), sorted
//! contents             place and checksum of every block and bucket; the status
//! ```
//!
//! Records are sorted by the first package or product that they are about, so that what one look-up finds lies together. A look-up reads one
//! bucket and the blocks that it names; what it finds there is compared with what was asked, so hashes that collide cost time and nothing
//! else. Everything read is checked against a checksum that the table of contents has, and that against the header: bytes that changed are
//! an error, not another answer. The same records give the same bytes, in whatever order they came.
//!
//! Nothing is mapped into memory (that would need `unsafe`, and a file cut short under a mapping kills the process); blocks are read where
//! they stand and the last ones used are kept.

mod alias;
mod cpe;
mod ecosystem;
mod error;
mod import;
mod limits;
mod lookup;
mod model;
mod moment;
pub mod pack;
mod read;
mod source;
mod status;
mod store;

pub use alias::merge;
pub use error::DatabaseError;
pub use import::{Count, Example, ImportOptions, ImportReport, Reason, Step, import};
pub use limits::Limits;
pub use lookup::{Advisories, Database, Statements, Vulnerability};
pub use model::{
    Advisory, AffectedPackage, AffectedProduct, Bound, Configuration, CpeMatch, EpssScore, Event, KevEntry, Node,
    Operator, Package, ProductStatus, ProductVersion, Range, RangeKind, Record, Reference, Severity, State,
    VexDocument, VexFormat, VexProduct, VexStatement, VexStatus,
};
pub use moment::Moment;
pub use source::Source;
pub use status::{FeedStatus, Stale, StaleReason, Status};

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
