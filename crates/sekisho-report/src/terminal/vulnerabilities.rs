//! The report of known vulnerabilities: what is affected, the most urgent first, what cannot be said, what was settled, what to do next.

use std::collections::BTreeMap;

use sekisho_model::Lang;
use sekisho_model::fact::Observed;
use sekisho_model::verdict::Severity;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, VulnerabilityReport};

use super::Style;
use super::layout::{cut, width, wrap};
use super::paint::{Painter, Tone, of_severity};
use super::tree::{self, Line};
use crate::bilingual::Bi;
use crate::messages::{screen, severity as severity_word, vulnerabilities as m};
use crate::plain::{grouped, visible};
use crate::vulnerabilities::updates::updates;
use crate::{age, plain};

/// How much of a report of known vulnerabilities is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Vulnerabilities of each group that are listed; the rest is counted.
    pub rows: usize,
    /// Those among them, from the first, under which stands why.
    pub explained: usize,
}

impl Shown {
    /// All of it.
    pub const ALL: Self = Self { rows: usize::MAX, explained: usize::MAX };
}

impl Default for Shown {
    fn default() -> Self {
        Self { rows: 100, explained: 20 }
    }
}

/// Components named with each reason for which some could not be judged.
const NAMED: usize = 6;
/// Updates named at the end.
const UPDATES: usize = 3;
/// Columns by which what stands below a row is set in.
const BELOW: usize = 6;
/// Columns that no identifier, component or fixed version is given more of.
const WIDEST: usize = 28;
/// Columns that the long ones keep as long as something else can go, and however narrow the terminal is.
const COMFORTABLE: usize = 20;
const NARROWEST: usize = 12;
/// The places of the columns that can be long: the component, and what follows in the one table or the other.
const LONG: [usize; 4] = [1, 3, 4, 5];
/// Columns between two columns.
const GAP: usize = 2;

/// What is known about the vulnerabilities of a product's components.
pub fn vulnerabilities(report: &VulnerabilityReport, shown: Shown, lang: Lang, style: Style) -> String {
    let mut view = View { report, shown, lang, painter: Painter { style }, out: String::new() };
    view.head();
    view.warnings();
    view.counts();
    view.findings(Standing::Affected, &m::AFFECTED);
    view.findings(Standing::Unknown, &m::UNDECIDED);
    view.settled();
    view.not_judged();
    view.next();
    spelt(view.out, style)
}

struct View<'a> {
    report: &'a VulnerabilityReport,
    shown: Shown,
    lang: Lang,
    painter: Painter,
    out: String,
}

/// A row of a table: its cells with their tones, and what is said of it below.
struct Row {
    cells: Vec<(Tone, String)>,
    below: Option<String>,
}

impl<'a> View<'a> {
    fn of(&self, standing: Standing) -> impl Iterator<Item = &'a KnownVulnerability> + use<'a> {
        self.all().filter(move |value| value.standing == standing)
    }

    fn all(&self) -> impl Iterator<Item = &'a KnownVulnerability> + use<'a> {
        self.report.vulnerabilities.iter().filter_map(|fact| match &fact.observed {
            Observed::KnownVulnerability(value) => Some(&**value),
            _ => None,
        })
    }

    fn lines(&mut self, lines: &[Line]) {
        tree::lines(self.painter, lines, &mut self.out);
    }

    fn line(&mut self, line: Line) {
        self.lines(&[line]);
    }

    fn heading(&mut self, title: &Bi<'_>, count: usize) {
        let count = format!("  {}", grouped(count as u64));
        let heading = Line::new(Tone::Heading, title.get(self.lang)).and(Tone::Faint, count);
        self.lines(&[Line::new(Tone::Plain, ""), heading]);
    }

    fn head(&mut self) {
        let report = self.report;
        let product = &report.product;
        let name = screen::NAME;
        let name = name.get(if self.painter.style.unicode { Lang::Ja } else { Lang::En });
        let about: Vec<&str> =
            [&product.vendor, &product.model, &product.version].into_iter().flatten().map(String::as_str).collect();
        let title = Line::new(Tone::Bad, name).and(Tone::Heading, format!("  {}", product.name));
        self.line(title.and(Tone::Plain, format!("  {}", about.join(" / "))));
        let made = m::made(&age::minute_of(&report.made), &report.tool);
        let database = database(report);
        let feeds: Vec<&str> = report.database.feeds.iter().map(|feed| feed.name.as_str()).collect();
        self.lines(&[Line::new(Tone::Faint, made.get(self.lang)), Line::new(Tone::Faint, database.get(self.lang))]);
        if !feeds.is_empty() {
            self.line(Line::new(Tone::Faint, feeds.join(", ")).inset(2));
        }
    }

    fn warnings(&mut self) {
        let warnings = &self.report.database.warnings;
        if !warnings.is_empty() {
            self.line(Line::new(Tone::Plain, ""));
        }
        for warning in warnings {
            let mark = self.painter.either("‼ ", "! ");
            self.line(Line::new(Tone::Worst, format!("{mark}{}", warning.get(self.lang))));
        }
    }

    fn counts(&mut self) {
        let affected: Vec<_> = self.of(Standing::Affected).collect();
        let mut line = Line::new(Tone::Heading, m::AFFECTED.get(self.lang))
            .and(Tone::Heading, format!(" {}", grouped(affected.len() as u64)));
        let of = |severity| affected.iter().filter(|value| value.severity == severity).count();
        for severity in Severity::ALL {
            let (count, word) = (of(Some(severity)), severity_word(severity));
            if count > 0 {
                line = line.and(of_severity(severity), format!("   {} {count}", word.get(self.lang)));
            }
        }
        let unscored = of(None);
        if unscored > 0 {
            line = line.and(Tone::Unsettled, format!("   {} {unscored}", m::NOT_SCORED.get(self.lang)));
        }
        let exploited = affected.iter().filter(|value| value.exploited).count();
        if exploited > 0 {
            let mark = self.painter.either("‼", "!");
            line = line.and(Tone::Worst, format!("   {mark} {} {exploited}", m::KNOWN_EXPLOITED.get(self.lang)));
        }
        let settled = self.of(Standing::NotAffected).count() + self.of(Standing::Fixed).count();
        let rest = m::counts(
            &grouped(self.of(Standing::Unknown).count() as u64),
            &grouped(settled as u64),
            &grouped(self.report.not_judged.len() as u64),
            &grouped(self.report.components as u64),
        );
        self.lines(&[Line::new(Tone::Plain, ""), line, Line::new(Tone::Plain, rest.get(self.lang))]);
    }

    fn findings(&mut self, standing: Standing, title: &Bi<'_>) {
        let found: Vec<_> = self.of(standing).collect();
        if found.is_empty() {
            return;
        }
        self.heading(title, found.len());
        let headings = [m::ID, m::COMPONENT, m::SEVERITY, m::EPSS, m::KEV, m::FIXED_IN, m::EXPOSURE, m::MATCH];
        let rows = found.iter().take(self.shown.rows).enumerate().map(|(i, value)| Row {
            cells: self.cells(value),
            below: (i < self.shown.explained).then(|| self.why(value)),
        });
        let rows = rows.collect();
        self.table(&headings, rows, 2);
        self.more(found.len());
    }

    fn cells(&self, value: &KnownVulnerability) -> Vec<(Tone, String)> {
        let lang = self.lang;
        let severity_cell = match (value.severity, &value.score) {
            (Some(severity), score) => {
                let word = severity_word(severity);
                (
                    of_severity(severity),
                    format!("{} {}", score.as_deref().unwrap_or(""), word.get(lang)).trim().to_owned(),
                )
            }
            (None, Some(score)) => (Tone::Plain, score.clone()),
            (None, None) => (Tone::Unsettled, m::NOT_SCORED.get(lang).to_owned()),
        };
        let mark = if value.exploited { self.painter.either("‼ KEV", "! KEV") } else { "" };
        vec![
            (Tone::Heading, value.id.clone()),
            (Tone::Plain, component(value)),
            severity_cell,
            (Tone::Plain, value.epss.as_deref().map(probability).unwrap_or_default()),
            (Tone::Worst, mark.to_owned()),
            (Tone::Good, value.fixed_in.clone().unwrap_or_default()),
            (Tone::Plain, m::exposure(value.exposure).get(lang).to_owned()),
            (Tone::Faint, m::confidence(value.confidence).get(lang).to_owned()),
        ]
    }

    /// Why it stands where it does, in a line.
    fn why(&self, value: &KnownVulnerability) -> String {
        let mut parts = Vec::new();
        if value.disputed {
            parts.push(m::DISPUTED.get(self.lang).to_owned());
        }
        if let Some(statement) = &value.statement {
            parts.push(m::stated(&m::status(&statement.status), &statement.by).get(self.lang).to_owned());
        }
        parts.extend(value.because.last().map(|why| why.get(self.lang).to_owned()));
        if parts.is_empty() {
            parts.push(value.summary.clone());
        }
        parts.join(" · ")
    }

    fn settled(&mut self) {
        let found: Vec<_> = self.of(Standing::NotAffected).chain(self.of(Standing::Fixed)).collect();
        if found.is_empty() {
            return;
        }
        self.heading(&m::SETTLED, found.len());
        let lang = self.lang;
        let rows = found.iter().take(self.shown.rows).enumerate().map(|(i, value)| {
            let stands = if value.standing == Standing::Fixed { m::IS_FIXED } else { m::IS_NOT_AFFECTED };
            let statement = value.statement.as_ref();
            let reason = statement.map(|statement| m::justification(&statement.justification).get(lang).to_owned());
            Row {
                cells: vec![
                    (Tone::Heading, value.id.clone()),
                    (Tone::Plain, component(value)),
                    (Tone::Good, stands.get(lang).to_owned()),
                    (Tone::Plain, reason.unwrap_or_default()),
                    (Tone::Faint, statement.map(|statement| statement.by.clone()).unwrap_or_default()),
                ],
                below: statement.map(|s| s.detail.clone()).filter(|d| !d.is_empty() && i < self.shown.explained),
            }
        });
        let rows = rows.collect();
        self.table(&[m::ID, m::COMPONENT, m::STATED, m::BECAUSE, m::BY], rows, 0);
        self.more(found.len());
    }

    /// Columns as wide as what stands in them. Where that is wider than the terminal, the long ones give way a little; then the last
    /// `optional` columns go below the row; then the long ones give way further, and at last columns are left out.
    fn table(&mut self, headings: &[Bi<'static>], rows: Vec<Row>, optional: usize) {
        let mark = self.painter.ellipsis();
        let room = self.painter.style.width;
        let rows: Vec<Row> = rows.into_iter().map(|row| shown(row, mark)).collect();
        // A column in which nothing stands says nothing, and takes no room.
        let mut widths: Vec<Option<usize>> = Vec::new();
        for (i, heading) in headings.iter().enumerate() {
            let cells = rows.iter().filter_map(|row| row.cells.get(i)).map(|(_, cell)| width(cell));
            let widest = cells.max().filter(|widest| *widest > 0);
            widths.push(widest.map(|widest| widest.max(width(heading.get(self.lang)))));
        }
        shrink(&mut widths, headings.len(), room, COMFORTABLE);
        let mut columns = leave_out(&widths, headings.len(), headings.len().saturating_sub(optional), room);
        shrink(&mut widths, columns, room, NARROWEST);
        columns = leave_out(&widths, columns, 2, room);

        let unknown = m::NOT_KNOWN;
        let mut out = String::new();
        let titles: Vec<_> = headings.iter().map(|title| (Tone::Faint, title.get(self.lang).to_owned())).collect();
        self.row(&titles, &widths[..columns], &mut out);
        for row in &rows {
            self.row(&row.cells, &widths[..columns], &mut out);
            if let Some(below) = &row.below {
                let left_out = row.cells.iter().skip(columns).map(|(_, cell)| cell.as_str());
                let left_out = left_out.filter(|cell| *cell != unknown.get(self.lang));
                let parts: Vec<&str> = left_out.chain([below.as_str()]).filter(|part| !part.is_empty()).collect();
                let (text, room) = (parts.join(" · "), room.saturating_sub(BELOW));
                // Who asks for all of it gets the reason whole.
                let lines = if self.shown == Shown::ALL { wrap(&text, room) } else { vec![cut(&text, room, mark)] };
                for line in lines.iter().filter(|line| !line.is_empty()) {
                    out.push_str(&" ".repeat(BELOW));
                    out.push_str(&self.painter.text(Tone::Faint, line));
                    out.push('\n');
                }
            }
        }
        self.out += &out;
    }

    fn row(&self, cells: &[(Tone, String)], widths: &[Option<usize>], out: &mut String) {
        let shown: Vec<_> = cells.iter().zip(widths).filter_map(|(cell, width)| Some((cell, (*width)?))).collect();
        let filled = shown.iter().rposition(|((_, text), _)| !text.is_empty()).map_or(0, |last| last + 1);
        for (i, ((tone, text), columns)) in shown.into_iter().take(filled).enumerate() {
            let cell = cut(text, columns, self.painter.ellipsis());
            let fill = if i + 1 < filled { columns.saturating_sub(width(&cell)) } else { 0 };
            out.push_str(&" ".repeat(GAP));
            out.push_str(&self.painter.text(*tone, &cell));
            out.push_str(&" ".repeat(fill));
        }
        out.push('\n');
    }

    fn more(&mut self, count: usize) {
        let left = count.saturating_sub(self.shown.rows);
        if left > 0 {
            let text = format!("{} {}", self.painter.ellipsis(), m::more(&grouped(left as u64)).get(self.lang));
            self.line(Line::new(Tone::Faint, text).inset(2));
        }
    }

    fn not_judged(&mut self) {
        let components = &self.report.not_judged;
        if components.is_empty() {
            return;
        }
        self.heading(&m::NOT_JUDGED, components.len());
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for component in components {
            let named = [Some(component.name.as_str()), component.version.as_deref()];
            let named = named.into_iter().flatten().collect::<Vec<_>>().join(" ");
            reasons.entry(component.reason.get(self.lang)).or_default().push(named);
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        let between = if self.lang == Lang::Ja { "、" } else { ", " };
        for (reason, names) in reasons {
            let mut listed = names.iter().take(NAMED).map(|name| plain::shortened(name, WIDEST)).collect::<Vec<_>>();
            if names.len() > NAMED {
                listed.push(format!("{} (+{})", self.painter.ellipsis(), names.len() - NAMED));
            }
            let line = Line::new(Tone::Unsettled, format!("{}  {reason}", grouped(names.len() as u64)));
            self.line(line.and(Tone::Faint, format!("  {}", listed.join(between))).inset(2));
        }
    }

    fn next(&mut self) {
        let affected = self.of(Standing::Affected).count();
        let updates = updates(self.report);
        let said = |update: &crate::vulnerabilities::updates::Update<'_>| {
            m::update(update.component, update.from, update.to, update.removes, update.of)
        };
        let text = if affected == 0 {
            m::NONE_AFFECTED
        } else if updates.is_empty() {
            m::NONE_MENDED
        } else {
            let list: Vec<_> = updates.iter().take(UPDATES).map(said).collect();
            let join = |lang, by: &str| list.iter().map(|bi| bi.get(lang)).collect::<Vec<_>>().join(by);
            m::updates(&Bi::made(join(Lang::En, "; "), join(Lang::Ja, "、")))
        };
        let arrow = self.painter.either("→ ", "-> ");
        self.lines(&[
            Line::new(Tone::Plain, ""),
            Line::new(Tone::Heading, m::NEXT.get(self.lang)),
            Line::new(Tone::Plain, format!("{arrow}{}", text.get(self.lang))).inset(2),
        ]);
    }
}

/// The columns that a row takes.
fn taken(widths: &[Option<usize>]) -> usize {
    widths.iter().flatten().map(|width| width + GAP).sum()
}

/// Makes the columns whose contents can be long narrower, one after the other, until the first `columns` fit into `room`.
fn shrink(widths: &mut [Option<usize>], columns: usize, room: usize, least: usize) {
    for column in LONG {
        let over = taken(widths.get(..columns).unwrap_or_default()).saturating_sub(room);
        if let Some(width) = widths.get_mut(column).and_then(Option::as_mut).filter(|width| **width > least) {
            *width = width.saturating_sub(over).max(least);
        }
    }
}

/// How many of the first `columns` fit into `room`, but no fewer than `least`.
fn leave_out(widths: &[Option<usize>], columns: usize, least: usize, room: usize) -> usize {
    let fits = |count: &usize| widths.get(..*count).is_some_and(|widths| taken(widths) <= room);
    (least..=columns).rev().find(fits).unwrap_or(least)
}

/// The cells as they are shown, none wider than it may be.
fn shown(row: Row, mark: &str) -> Row {
    let cells = row.cells.into_iter().map(|(tone, text)| (tone, cut(&visible(&text), WIDEST, mark)));
    Row { cells: cells.collect(), below: row.below.map(|below| visible(&below).into_owned()) }
}

/// The line on the database of a report.
fn database(report: &VulnerabilityReport) -> Bi<'static> {
    let database = &report.database;
    let digest = database.digest.get(..12).unwrap_or(&database.digest);
    let imported = database.imported.as_deref().map(|at| (age::day_of(at), age::old(at, &report.made)));
    let imported = imported.as_ref().map(|(day, old)| (day.as_str(), old.as_ref()));
    m::database(digest, &grouped(database.records), imported)
}

/// Our own signs as the terminal shows them, each as wide as before.
pub(super) fn spelt(text: String, style: Style) -> String {
    const SIGNS: [(char, &str); 5] = [('\u{202f}', " "), ('·', "-"), ('–', "-"), ('→', ">"), ('‼', "!")];
    if style.unicode {
        return text;
    }
    SIGNS.iter().fold(text, |text, (sign, ascii)| text.replace(*sign, ascii))
}

/// A component with its version.
pub(super) fn component(value: &KnownVulnerability) -> String {
    match &value.version {
        Some(version) => format!("{} {version}", value.component),
        None => value.component.clone(),
    }
}

/// A probability to two places; what is less is said to be less, and what is no number stays as it is.
pub(super) fn probability(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if (0.0..0.005).contains(&value) => "<0.01".to_owned(),
        Ok(value) if (0.0..=1.0).contains(&value) => format!("{value:.2}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_probabilities_are_not_nothing() {
        assert_eq!(["0.97565", "0.00043", "0.01", "1", "x"].map(probability), ["0.98", "<0.01", "0.01", "1.00", "x"]);
    }
}
