//! `sekisho vulndb status`: what the database holds, and how old that is.

use std::collections::BTreeMap;

use sekisho_model::exit;
use sekisho_report::terminal::{self, VulnerabilityView};
use sekisho_vulndb::{AgeLimits, Database, FeedStatus, Moment, Stale, Status};
use serde::Serialize;

use super::moment;
use crate::cli::{Format, VulndbStatusArgs};
use crate::database;
use crate::printer::Printer;

pub(crate) fn run(args: &VulndbStatusArgs, printer: &Printer) -> anyhow::Result<u8> {
    let now = moment(args.now.as_deref())?;
    let file = database::required_path(args.db.db.as_deref(), printer)?;
    let database = Database::open(&file).map_err(|error| database::problem(&error))?;
    let limits = args.max_age.clone().unwrap_or_default();
    let (name, status) = (file.display().to_string(), database.status());
    let stale = status.stale(now, &limits);
    match args.format {
        Format::Text => {
            let view = VulnerabilityView { database: &name, now, limits: &limits };
            printer.data(&terminal::vulnerability_status(status, view, printer.lang, printer.style()))?;
        }
        Format::Json => printer.json(&shown(&name, status, now, &limits, &stale))?,
    }
    // An empty database says nothing about anything: that is as little to be relied on as an old one.
    let reliable = stale.is_empty() && status.records > 0;
    Ok(if args.fail_on_stale && !reliable { exit::GATE_FAILED } else { exit::OK })
}

/// The status as data.
#[derive(Serialize)]
struct Shown<'a> {
    format: &'static str,
    database: &'a str,
    now: Moment,
    digest: &'a str,
    records: u64,
    imported: Option<Moment>,
    feeds: BTreeMap<&'a str, ShownFeed<'a>>,
    stale: &'a [Stale],
}

#[derive(Serialize)]
struct ShownFeed<'a> {
    #[serde(flatten)]
    status: &'a FeedStatus,
    /// Whole days since the newest record; none where no record has a date.
    age_days: Option<i64>,
    /// How many they may be; none: the feed does not age.
    limit_days: Option<u32>,
}

fn shown<'a>(database: &'a str, status: &'a Status, now: Moment, limits: &AgeLimits, stale: &'a [Stale]) -> Shown<'a> {
    let feeds = status.feeds.iter().map(|(name, feed)| {
        let age_days = feed.newest.map(|newest| now.days_since(newest));
        (name.as_str(), ShownFeed { status: feed, age_days, limit_days: limits.days(name) })
    });
    Shown {
        format: "sekisho-vulndb-status/1",
        database,
        now,
        digest: &status.digest,
        records: status.records,
        imported: status.imported,
        feeds: feeds.collect(),
        stale,
    }
}
