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
//! blocks               records (MessagePack), about 8 KiB of them at a time, deflated
//! index                buckets of (32 bits of a key's hash, number of the record), sorted
//! contents             place and checksum of every block and bucket; the status
//! ```
//!
//! Records are sorted by the first package or product that they are about, so that what one look-up finds lies together. A look-up reads one
//! bucket and the blocks that it names; what it finds there is compared with what was asked, so hashes that collide cost time and nothing
//! else. Everything read is checked against a checksum that the table of contents has, and that against the header: bytes that changed are
//! an error, not another answer. The same records give the same bytes, in whatever order they came.
//!
//! # What was measured
//!
//! `examples/scale.rs` on two cores, release build: 350,000 OSV records in a zip and 300,000 of NVD in 150 compressed pages (419 MB), grown
//! from 6,100 real ones.
//!
//! | | |
//! | --- | --- |
//! | import | 19 s (35,000 records a second), 289 MB of memory at its peak; the same again 16 s |
//! | on disk | 129 MB. Generated records resemble each other, so real ones take more: 6,100 real advisories take 1.04 MB, 170 bytes each |
//! | opening | 2 to 3 ms, 19 MB of memory |
//! | packages | 5,000 with 147,000 advisories in 0.6 s; 620,000 a second that are not there |
//! | CPE names | 17,000 a second; a kernel with 30,000 advisories in 0.22 s |
//! | identifiers | 18,000 a second, advisories decoded |
//! | memory after all these | 109 MB, with 32 MB of blocks kept |
//!
//! Why not redb: 100,000 of these records (56 MB encoded) with five keys each take 81 MB in redb as they are and 56 MB with each record
//! deflated by itself, 5 MB in these blocks; redb finds 116,000 and 76,000 records a second, this file more than 10,000 with the aliases followed.
//! A database that people carry along has to be small first, and 10,000 look-ups are a second. Nor does a file that is written once and in
//! order need what redb is for. With blocks of 4, 8 and 16 KiB the file takes 152, 129 and 108 MB, and twice 10,000 components take 2.3, 2.6
//! and 3.2 s of CPU (`match_scale` of `sekisho-vulns`): 8 KiB.
//!
//! Nothing is mapped into memory (that would need `unsafe`, and a file cut short under a mapping kills the process); blocks are read where
//! they stand and the last ones used are kept.

mod age;
mod alias;
mod ecosystem;
pub mod entry_points;
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

pub use age::{AgeLimits, BadAgeLimits};
pub use alias::{gather, merge, sharing_names};
pub use error::DatabaseError;
pub use import::{Count, Example, FeedChanges, ImportOptions, ImportReport, Reason, Step, import};
pub use limits::Limits;
pub use lookup::{Advisories, Database, Statements, Vulnerability};
pub use model::{
    Advisory, AffectedPackage, AffectedProduct, Bound, Configuration, CpeMatch, EpssScore, Event, KevEntry, Node,
    Operator, Package, ProductStatus, ProductVersion, Range, RangeKind, Record, Reference, Severity, State,
    VexDocument, VexFormat, VexProduct, VexStatement, VexStatus,
};
pub use moment::Moment;
pub use source::Source;
pub use status::{FeedStatus, Sample, Stale, StaleReason, Status};

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
