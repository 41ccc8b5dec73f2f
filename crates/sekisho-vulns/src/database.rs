//! What a report says of the database that it rests on.

use sekisho_model::vulnerability::{DatabaseUse, FeedUse};
use sekisho_vulndb::{AgeLimits, Moment, Status};

use crate::messages;

/// The database as a report names it, with what speaks against relying on it at the moment `now`.
pub fn database_use(status: &Status, now: Moment, limits: &AgeLimits) -> DatabaseUse {
    let sample = status.sample.iter().map(messages::sample);
    DatabaseUse {
        digest: status.digest.clone(),
        records: status.records,
        imported: status.imported.map(|moment| moment.to_string()),
        feeds: status
            .feeds
            .iter()
            .map(|(name, feed)| FeedUse {
                name: name.clone(),
                records: feed.records,
                newest: feed.newest.map(|moment| moment.to_string()),
            })
            .collect(),
        warnings: sample.chain(status.stale(now, limits).iter().map(messages::stale)).collect(),
    }
}
