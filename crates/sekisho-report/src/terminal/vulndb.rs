//! The vulnerability database: what an import did, and what it holds.

use sekisho_model::Lang;
use sekisho_vulndb::{AgeLimits, Example, ImportReport, Moment, Stale, Status};

use super::Style;
use super::layout::{left, right, width};
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::age;
use crate::messages::vulndb as m;
use crate::plain::grouped;

/// Feeds that are listed; the rest is counted. OSV has some 50 databases.
const LISTED: usize = 80;
/// Examples that are shown of each reason.
const EXAMPLES: usize = 3;

/// The database that is spoken of, and from when.
#[derive(Debug, Clone, Copy)]
pub struct VulnerabilityView<'a> {
    /// What the user calls the file.
    pub database: &'a str,
    /// The moment from which ages are counted.
    pub now: Moment,
    /// How old feeds may be.
    pub limits: &'a AgeLimits,
}

/// What an import did: by feed, what could not be used and why, and which of the feeds it touched should not be relied on.
pub fn vulnerability_import(report: &ImportReport, view: VulnerabilityView<'_>, lang: Lang, style: Style) -> String {
    let read = m::read_into(report.files, report.read, view.database);
    let mut lines = vec![Line::new(Tone::Heading, read.get(lang))];
    if report.read == 0 {
        lines.push(Line::new(Tone::Bad, m::NOTHING_READ.get(lang)));
    } else if report.added + report.replaced == 0 {
        lines.push(Line::new(Tone::Good, m::NOTHING_CHANGED.get(lang)));
    }
    if !report.feeds.is_empty() {
        let older = report.feeds.values().any(|feed| feed.older > 0);
        let absent = report.feeds.values().any(|feed| feed.absent > 0);
        let mut heads = vec![m::FEED, m::NEW, m::REPLACED, m::UNCHANGED];
        heads.extend(older.then_some(m::OLDER));
        heads.extend(absent.then_some(m::ABSENT));
        let rows = report.feeds.iter().map(|(name, feed)| {
            let mut numbers = vec![feed.added, feed.replaced, feed.unchanged];
            numbers.extend(older.then_some(feed.older));
            numbers.extend(absent.then_some(feed.absent));
            Row { tone: Tone::Plain, name, cells: numbers.into_iter().map(number).collect() }
        });
        let heads: Vec<&str> = heads.iter().map(|head| head.get(lang)).collect();
        lines.push(Line::new(Tone::Plain, ""));
        table(&heads, rows.collect(), lang, &mut lines);
        for (shown, meaning) in [(older, m::OLDER_MEANS), (absent, m::ABSENT_MEANS)] {
            lines.extend(shown.then(|| Line::new(Tone::Faint, meaning.get(lang)).inset(2)));
        }
    }
    if report.repeated > 0 {
        lines.push(Line::new(Tone::Faint, m::repeated(report.repeated).get(lang)).inset(2));
    }
    problems(report, lang, &mut lines);
    let touched = view.unreliable(&report.status).into_iter().filter(|stale| report.feeds.contains_key(&stale.feed));
    warnings(&touched.collect::<Vec<_>>(), view, lang, style, &mut lines);
    drawn(&lines, style)
}

/// What a database holds, how old it is, and which feeds should not be relied on.
pub fn vulnerability_status(status: &Status, view: VulnerabilityView<'_>, lang: Lang, style: Style) -> String {
    let imported = status.imported.map(|at| age::minute_of(&at.to_string()));
    let mut lines = vec![
        Line::new(Tone::Heading, view.database),
        Line::new(Tone::Plain, m::holds(status.records, imported.as_deref()).get(lang)).inset(2),
        Line::new(Tone::Faint, format!("{}  {}", m::DIGEST.get(lang), status.digest)).inset(2),
        Line::new(Tone::Plain, ""),
    ];
    let unreliable = view.unreliable(status);
    if status.feeds.is_empty() {
        lines.push(Line::new(Tone::Bad, m::NO_RECORDS.get(lang)));
    } else {
        let heads = [m::FEED, m::RECORDS, m::WITHDRAWN, m::NEWEST, m::AGE, m::LIMIT, m::IMPORTED];
        let heads: Vec<&str> = heads.iter().map(|head| head.get(lang)).collect();
        let dash = || "-".to_owned();
        let day = |at: Option<Moment>| at.map_or_else(dash, |at| age::day_of(&at.to_string()));
        let rows = status.feeds.iter().map(|(name, feed)| {
            let cells = vec![
                number(feed.records),
                number(feed.withdrawn),
                day(feed.newest),
                feed.newest.map_or_else(dash, |newest| m::age(newest, view.now).get(lang).to_owned()),
                view.limits.days(name).map_or_else(dash, |days| m::days(u64::from(days)).get(lang).to_owned()),
                day(feed.imported),
            ];
            let bad = unreliable.iter().any(|stale| stale.feed == *name);
            Row { tone: if bad { Tone::Bad } else { Tone::Plain }, name, cells }
        });
        table(&heads, rows.collect(), lang, &mut lines);
        if unreliable.is_empty() {
            lines.push(Line::new(Tone::Plain, ""));
            lines.push(Line::new(Tone::Good, m::NOT_STALE.get(lang)));
        }
    }
    warnings(&unreliable, view, lang, style, &mut lines);
    drawn(&lines, style)
}

/// What verifying a pack says before the status of what is in it.
pub fn vulnerability_pack_verified(lang: Lang, style: Style) -> String {
    drawn(&[Line::new(Tone::Good, m::SIGNATURE_FITS.get(lang))], style)
}

impl VulnerabilityView<'_> {
    fn unreliable(&self, status: &Status) -> Vec<Stale> {
        status.stale(self.now, self.limits)
    }
}

/// What could not be used, the most frequent first.
fn problems(report: &ImportReport, lang: Lang, lines: &mut Vec<Line>) {
    if report.problems.is_empty() {
        return;
    }
    lines.push(Line::new(Tone::Plain, ""));
    lines.push(Line::new(Tone::Heading, m::NOT_USED.get(lang)));
    let mut problems: Vec<_> = report.problems.iter().collect();
    problems.sort_by_key(|(_, count)| std::cmp::Reverse(count.count));
    let numbers = problems.iter().map(|(_, count)| width(&grouped(count.count))).max().unwrap_or(0);
    for (reason, count) in problems {
        let number = right(&grouped(count.count), numbers);
        let said = m::reason(*reason);
        lines.push(Line::new(Tone::Warn, number).and(Tone::Plain, format!("  {}", said.get(lang))).inset(2));
        for example in count.examples.iter().take(EXAMPLES) {
            lines.push(Line::new(Tone::Faint, place(example)).inset(numbers + 4));
        }
        if count.count > EXAMPLES as u64 {
            lines.push(Line::new(Tone::Faint, "…").inset(numbers + 4));
        }
    }
}

fn place(example: &Example) -> String {
    let parts = [&example.place, &example.id, &example.detail];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("  ")
}

fn warnings(unreliable: &[Stale], view: VulnerabilityView<'_>, lang: Lang, style: Style, lines: &mut Vec<Line>) {
    if unreliable.is_empty() {
        return;
    }
    let mark = Painter { style }.either("‼", "!");
    lines.push(Line::new(Tone::Plain, ""));
    lines.push(Line::new(Tone::Worst, format!("{mark} {}", m::STALE.get(lang))));
    let names = unreliable.iter().map(|stale| width(&stale.feed)).max().unwrap_or(0);
    for stale in unreliable.iter().take(LISTED) {
        let said = m::stale(&stale.reason, view.now);
        lines.push(
            Line::new(Tone::Bad, left(&stale.feed, names)).and(Tone::Plain, format!("  {}", said.get(lang))).inset(2),
        );
    }
    beyond(unreliable.len(), lang, lines);
}

/// A line of a table: a name, and cells set to the right.
struct Row<'a> {
    tone: Tone,
    name: &'a str,
    cells: Vec<String>,
}

fn table(heads: &[&str], mut rows: Vec<Row<'_>>, lang: Lang, lines: &mut Vec<Line>) {
    let all = rows.len();
    rows.truncate(LISTED);
    let (first, others) = heads.split_first().unwrap_or((&"", &[]));
    let names = rows.iter().map(|row| width(row.name)).chain([width(first)]).max().unwrap_or(0);
    let columns: Vec<usize> = others
        .iter()
        .enumerate()
        .map(|(n, head)| {
            let cells = rows.iter().filter_map(|row| row.cells.get(n)).map(|cell| width(cell));
            cells.chain([width(head)]).max().unwrap_or(0)
        })
        .collect();
    let set = |name: &str, cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells.zip(&columns).map(|(cell, column)| format!("  {}", right(cell, *column)));
        left(name, names) + &cells.collect::<String>()
    };
    lines.push(Line::new(Tone::Faint, set(first, &mut others.iter().copied())).inset(2));
    for row in &rows {
        lines.push(Line::new(row.tone, set(row.name, &mut row.cells.iter().map(String::as_str))).inset(2));
    }
    beyond(all, lang, lines);
}

fn beyond(all: usize, lang: Lang, lines: &mut Vec<Line>) {
    if all > LISTED {
        lines.push(Line::new(Tone::Faint, m::more(all - LISTED).get(lang)).inset(2));
    }
}

/// A number in a table; none is a dash, so that what is there stands out.
fn number(number: u64) -> String {
    if number == 0 { "-".to_owned() } else { grouped(number) }
}

fn drawn(lines: &[Line], style: Style) -> String {
    let mut out = String::new();
    tree::lines(Painter { style }, lines, &mut out);
    out
}
