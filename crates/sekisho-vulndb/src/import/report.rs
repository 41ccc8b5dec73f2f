//! What an import did, and what it could not use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::status::Status;

/// Why something in the input could not be used, or not wholly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A file, or an entry of an archive, that could not be read. Left out.
    Unreadable,
    /// A file that is none of the formats. Left out.
    NotRecognised,
    /// A link or a special file in a folder. Left out.
    NotAFile,
    /// A file that ends too early. What came before was taken.
    CutOff,
    /// JSON that is none, or not of the format. The record was left out.
    BadJson,
    /// A line of a CSV file that does not have the right columns. Left out.
    BadCsv,
    /// A record without a usable identifier. Left out.
    BadId,
    /// A record without a usable date. Taken, as older than any with one.
    BadDate,
    /// A state or status that the format does not have. The record, or the statement, was left out.
    BadState,
    /// A package that is not named. Taken without it.
    BadPackage,
    /// A package of which nothing says which versions are affected. Taken, as incomplete.
    NoRange,
    /// A range or version that cannot be used. Taken without it, as incomplete.
    BadRange,
    /// A CPE name that is none, or that leaves open whose product it is. Taken without it, as incomplete.
    BadCpe,
    /// A statement about a product that the document does not say enough about. Taken, and it applies to nothing.
    UnknownProduct,
    /// A bill of materials without statements. Left out.
    NoStatement,
    /// More than the limits allow. Left out.
    TooLarge,
    /// The same identifier twice in one import, with different content. The newer was taken; of two equally old, the later.
    Different,
    /// A record older than the one that the database has. Left out.
    Older,
    /// A record dated after the import. Taken; its date says nothing about how old the feed is.
    Future,
    /// A full import with fewer records than it said itself.
    Incomplete,
}

/// How often something was met, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How often.
    pub count: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

/// One place where something was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The file, and behind `!` the entry in it.
    pub place: String,
    /// The record, where it is known.
    pub id: String,
    /// What was wrong.
    pub detail: String,
}

/// What an import did to one feed. Each different record of the input is new, replaced, unchanged or older.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedChanges {
    /// Different records in the input.
    pub seen: u64,
    /// Those of them that are new to the database.
    pub added: u64,
    /// Those that took the place of an older state.
    pub replaced: u64,
    /// Those that the database had already.
    pub unchanged: u64,
    /// Those of which the database has a newer state, which stayed.
    pub older: u64,
    /// Records that the database had and the input did not have. They stay.
    pub absent: u64,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Files and entries of archives that were recognised.
    pub files: u64,
    /// Records read.
    pub read: u64,
    /// Records that were there more than once with the same content.
    pub repeated: u64,
    /// Records new to the database.
    pub added: u64,
    /// Records that took the place of an older state.
    pub replaced: u64,
    /// Records that the database had already.
    pub unchanged: u64,
    /// The same by feed, for those of which the input had something.
    pub feeds: BTreeMap<String, FeedChanges>,
    /// What could not be used, or not wholly.
    pub problems: BTreeMap<Reason, Count>,
    /// Whether the database file is another one now.
    pub changed: bool,
    /// What the database holds now.
    pub status: Status,
}

/// Examples kept for each reason.
const EXAMPLES: usize = 5;

impl ImportReport {
    pub(super) fn note(&mut self, reason: Reason, place: &str, id: &str, detail: &str) {
        let count = self.problems.entry(reason).or_default();
        count.count += 1;
        if count.examples.len() < EXAMPLES {
            // Long enough for what people write; what comes from a file can have any length.
            let short = |text: &str| crate::read::cut(text.to_owned(), 300);
            count.examples.push(Example { place: short(place), id: short(id), detail: short(detail) });
        }
    }
}
