//! What a database holds, and how old that is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::age::AgeLimits;
use crate::moment::Moment;

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Status {
    /// SHA-256 over all records. The same records have the same digest, whenever and however they were imported.
    pub digest: String,
    /// Records in all.
    pub records: u64,
    /// The last import that said something about the database, also that nothing had changed.
    pub imported: Option<Moment>,
    /// By feed: `nvd`, `kev`, `osv/GHSA`.
    pub feeds: BTreeMap<String, FeedStatus>,
    /// Records that name packages of an ecosystem, by the ecosystem without its release: `Debian`. That nothing is found for a package means
    /// something only where its ecosystem is here.
    #[serde(default)]
    pub ecosystems: BTreeMap<String, u64>,
    /// What the input says, where it is a sample: then the database shows how things work, and is none to rely on. Whoever uses it says so.
    /// Once a sample is in a database, it stays one.
    #[serde(default)]
    pub sample: Option<Sample>,
}

/// What a sample says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sample {
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
}

/// What a database has from one feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeedStatus {
    /// Records in the database.
    pub records: u64,
    /// Those of them that were withdrawn or rejected.
    pub withdrawn: u64,
    /// The newest date of change among them that did not lie in the future when it was imported.
    pub newest: Option<Moment>,
    /// The last import that had anything from this feed.
    pub imported: Option<Moment>,
    /// Different records that the last full import of this feed had.
    pub seen: u64,
    /// The same of the full import before, as far as it was another number.
    pub seen_before: Option<u64>,
    /// How many records the last full import said itself that it had.
    pub announced: Option<u64>,
}

/// A feed that should not be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// The feed.
    pub feed: String,
    /// Why.
    pub reason: StaleReason,
}

/// Why a feed should not be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaleReason {
    /// Its newest record is older than the limit.
    Old {
        /// The newest record.
        newest: Moment,
        /// How many days old it may be.
        limit: u32,
    },
    /// No record of it has a date: nobody can say how old it is.
    Undated,
    /// Its newest record is dated after now: the clock or the data are wrong.
    Future {
        /// The newest record.
        newest: Moment,
    },
    /// A full import had fewer records than the one before.
    Fell {
        /// Records before.
        before: u64,
        /// Records now.
        now: u64,
    },
    /// The import had fewer records than it said itself.
    Incomplete {
        /// Records announced.
        announced: u64,
        /// Records there.
        seen: u64,
    },
}

impl Status {
    /// The feeds that should not be relied on at the moment `now`.
    pub fn stale(&self, now: Moment, limits: &AgeLimits) -> Vec<Stale> {
        let mut stale = Vec::new();
        for (feed, status) in &self.feeds {
            let mut add = |reason| stale.push(Stale { feed: feed.clone(), reason });
            if let Some(limit) = limits.days(feed) {
                match status.newest {
                    None => add(StaleReason::Undated),
                    Some(newest) if newest > now.plus_days(1) => add(StaleReason::Future { newest }),
                    Some(newest) if newest.plus_days(limit) < now => add(StaleReason::Old { newest, limit }),
                    Some(_) => {}
                }
            }
            if let Some(before) = status.seen_before.filter(|before| *before > status.seen) {
                add(StaleReason::Fell { before, now: status.seen });
            }
            if let Some(announced) = status.announced.filter(|announced| *announced > status.seen) {
                add(StaleReason::Incomplete { announced, seen: status.seen });
            }
        }
        stale
    }
}
