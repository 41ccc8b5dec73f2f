//! The summary of an assessment: what fits on a screen, the worst first.

use sekisho_model::Lang;
use sekisho_model::artefact::Artefact;
use sekisho_model::assessment::{Assessment, Counts, DocumentResult, Finding, NotLookedAt, ObjectiveResult};
use sekisho_model::coverage::Extent;
use sekisho_model::verdict::{Severity, Verdict};

use super::Style;
use super::layout::{cut, left, right, width};
use super::paint::{Painter, Tone, of_severity, of_standing};
use crate::bilingual::Bi;
use crate::messages::screen as m;
use crate::messages::{self, artefact_kind};
use crate::standing::Standing;
use crate::texts::{Texts, name_of};
use crate::{age, place, plain};

// How many of each are shown; together they keep the summary within 45 lines.
const ARTEFACTS: usize = 3;
const DOCUMENTS: usize = 5;
const CONTRADICTIONS: usize = 2;
const FINDINGS: usize = 5;
const NOT_LOOKED_AT: usize = 2;

/// A short summary of `assessment`: what was read, where each document stands, contradictions, the worst findings, what was not looked at.
/// `report` is where the full report was written to.
pub fn summary(assessment: &Assessment, texts: &dyn Texts, lang: Lang, style: Style, report: Option<&str>) -> String {
    let mut summary = Summary { assessment, texts, lang, painter: Painter { style }, out: String::new() };
    summary.head();
    summary.read();
    summary.documents();
    summary.contradictions();
    summary.findings();
    summary.not_looked_at();
    if let Some(report) = report {
        let heading = summary.painter.text(Tone::Heading, m::REPORT.get(lang));
        let path = summary.painter.text(Tone::Plain, report);
        summary.put(&format!("{heading}  {path}"));
    }
    summary.out
}

struct Summary<'a> {
    assessment: &'a Assessment,
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
    out: String,
}

impl Summary<'_> {
    fn put(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let painted = self.painter.text(Tone::Heading, text);
        self.put(&painted);
    }

    fn width(&self) -> usize {
        self.painter.style.width
    }

    fn cut(&self, text: &str, columns: usize) -> String {
        cut(&plain::visible(text), columns, self.painter.ellipsis())
    }

    fn head(&mut self) {
        let product = &self.assessment.product;
        let name = m::NAME;
        let name = name.get(if self.painter.style.unicode { Lang::Ja } else { Lang::En });
        let about = [&product.vendor, &product.model, &product.version];
        let about: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
        let room = self.width().saturating_sub(width(name) + 2);
        let title = self.cut(&product.name, room);
        let rest = self.cut(&about.join(" / "), room.saturating_sub(width(&title) + 2));
        let line = format!(
            "{}  {}  {}",
            self.painter.text(Tone::Bad, name),
            self.painter.text(Tone::Heading, &title),
            self.painter.text(Tone::Plain, &rest)
        );
        self.put(&line);
        let catalog = self.assessment.catalog.get(..12).unwrap_or(&self.assessment.catalog);
        let made = m::made(&age::minute_of(&self.assessment.made), &self.assessment.tool, catalog);
        let made = self.cut(made.get(self.lang), self.width());
        let made = self.painter.text(Tone::Faint, &made);
        self.put(&made);
        self.put("");
    }

    fn read(&mut self) {
        self.heading(m::WHAT_WAS_READ.get(self.lang));
        let artefacts = &self.assessment.artefacts;
        if artefacts.is_empty() {
            self.put(&format!("  {}", m::NOTHING_READ.get(self.lang)));
        }
        let shown = &artefacts[..artefacts.len().min(ARTEFACTS)];
        let names: Vec<String> = shown.iter().map(|a| self.file_name(&a.name)).collect();
        let names_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
        let kinds_width = shown.iter().map(|a| width(artefact_kind(a.kind).get(self.lang))).max().unwrap_or(0);
        for (artefact, name) in shown.iter().zip(&names) {
            let kind = left(artefact_kind(artefact.kind).get(self.lang), kinds_width);
            let before = format!("  {kind}  {}", left(name, names_width));
            let room = self.width().saturating_sub(width(&before) + 2);
            let state = self.state_of(artefact);
            let state = self.cut(&state, room);
            let line =
                format!("{}  {}", self.painter.text(Tone::Plain, &before), self.painter.text(Tone::Faint, &state));
            self.put(&line);
        }
        self.more(artefacts.len() - shown.len());
        self.database();
        self.put("");
    }

    /// Which vulnerability database was used, and loudly what speaks against relying on it.
    fn database(&mut self) {
        let Some(database) = &self.assessment.database else { return };
        let named = m::database(database).get(self.lang).to_owned();
        let named = self.cut(&format!("  {named}"), self.width());
        let named = self.painter.text(Tone::Faint, &named);
        self.put(&named);
        for warning in &database.warnings {
            let line = self.cut(&format!("  {} {}", m::WARNING.get(self.lang), warning.get(self.lang)), self.width());
            let line = self.painter.text(of_severity(Severity::High), &line);
            self.put(&line);
        }
    }

    /// The name of an artefact; of a long path only its end, which tells files apart.
    fn file_name(&self, name: &str) -> String {
        let room = self.width() / 4;
        match name.rsplit_once('/') {
            Some((_, end)) if width(name) > room => self.cut(&format!("{}/{end}", self.painter.ellipsis()), room),
            _ => self.cut(name, room),
        }
    }

    /// Size and age of an artefact, and whether all of it was looked at.
    fn state_of(&self, artefact: &Artefact) -> String {
        let coverage: Vec<_> = self
            .assessment
            .coverage
            .iter()
            .filter(|c| c.artefact == artefact.name && c.subject == artefact.subject)
            .collect();
        // Hosts, domains and folders are looked at and have no size.
        let mut state = match artefact.size {
            Some(size) => vec![right(&plain::size(size), 8)],
            None if coverage.is_empty() => return m::NOT_READ.get(self.lang).to_owned(),
            None => Vec::new(),
        };
        if coverage.iter().any(|c| c.extent != Extent::Complete) {
            state.push(messages::PARTIAL.get(self.lang).to_owned());
        }
        if let Some(made) = &artefact.made {
            let old = age::old(made, &self.assessment.made);
            state.push(m::artefact_made(&age::day_of(made), old.as_ref()).get(self.lang).to_owned());
        }
        state.join(if self.lang == Lang::Ja { "、" } else { ", " })
    }

    fn documents(&mut self) {
        const COLUMN: usize = 4;
        let documents = &self.assessment.documents;
        if documents.is_empty() {
            return;
        }
        let shown = &documents[..documents.len().min(DOCUMENTS)];
        let names: Vec<String> = shown.iter().map(|document| self.document_name(document)).collect();
        let heading = m::DOCUMENTS;
        let heading = heading.get(self.lang);
        let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0).max(width(heading) - 2).min(20);
        let numbers = COLUMN * Standing::ALL.len();
        let total_width = width(m::of_total(9999).get(self.lang)) + 2;
        let bar = self.width().saturating_sub(2 + name_width + 1 + numbers + total_width).min(32);

        let mut line = self.painter.text(Tone::Heading, &left(heading, 2 + name_width + 1 + bar));
        for standing in Standing::ALL {
            line += &self.painter.text(of_standing(standing), &right(self.painter.symbol(standing), COLUMN));
        }
        self.put(&line);
        for (document, name) in shown.iter().zip(&names) {
            let mut line = format!("  {} ", left(&self.cut(name, name_width), name_width));
            line += &self.bar(&document.counts, bar);
            for standing in Standing::ALL {
                let count = standing.count(&document.counts);
                let tone = if count == 0 { Tone::Faint } else { of_standing(standing) };
                line += &self.painter.text(tone, &right(&count.to_string(), COLUMN));
            }
            let total = m::of_total(document.counts.total());
            line += &self.painter.text(Tone::Faint, &format!("  {}", total.get(self.lang)));
            self.put(&line);
        }
        self.more(documents.len() - shown.len());
        let left_out = self.assessment.left_out.len();
        if left_out > 0 {
            let text = format!("  {}", m::left_out(left_out).get(self.lang));
            let painted = self.painter.text(Tone::Faint, &text);
            self.put(&painted);
        }
        self.legend();
        self.put("");
    }

    fn document_name(&self, document: &DocumentResult) -> String {
        self.texts.document(&document.id).map_or(&*document.id, name_of).to_owned()
    }

    /// The parts of a bar: how many, how drawn, what they are.
    fn bar_parts(&self, counts: &Counts) -> [(u32, &'static str, Bi<'static>, Tone); 4] {
        [
            (counts.failed(), self.painter.either("█", "#"), m::BAR_FAILS, Tone::Bad),
            (counts.partly_met, self.painter.either("▓", "/"), m::BAR_PARTLY, Tone::Warn),
            (counts.unsettled(), self.painter.either("░", "."), m::BAR_UNSETTLED, Tone::Unsettled),
            (counts.met(), self.painter.either("▒", "="), m::BAR_MET, Tone::Good),
        ]
    }

    /// A bar of `columns` over what applies. What is there at all takes one column at least.
    fn bar(&self, counts: &Counts, columns: usize) -> String {
        let parts = self.bar_parts(counts);
        let total: u32 = parts.iter().map(|(count, ..)| count).sum();
        let mut lengths = parts.each_ref().map(|(count, ..)| match count {
            0 => 0,
            count => ((*count as usize * columns + total as usize / 2) / total as usize).max(1),
        });
        // What rounding and that one column add is taken from the longest part.
        while lengths.iter().sum::<usize>() > columns {
            match lengths.iter_mut().max() {
                Some(longest) if *longest > 0 => *longest -= 1,
                _ => break,
            }
        }
        let drawn: usize = lengths.iter().sum();
        let blocks = parts.iter().zip(lengths);
        let bar: String = blocks.map(|((_, block, _, tone), n)| self.painter.text(*tone, &block.repeat(n))).collect();
        bar + &" ".repeat(columns.saturating_sub(drawn))
    }

    fn legend(&mut self) {
        let standings = Standing::ALL.iter().map(|&s| (self.painter.symbol(s), s.label(), of_standing(s)));
        let parts = self.bar_parts(&Counts::default()).map(|(_, block, word, tone)| (block, word, tone));
        for entries in [standings.collect::<Vec<_>>(), parts.to_vec()] {
            let mut line = String::new();
            let mut used = 0;
            for (symbol, word, tone) in entries {
                let needed = width(symbol) + 1 + width(word.get(self.lang));
                if used > 0 && 2 + used + 3 + needed > self.width() {
                    self.put(&format!("  {line}"));
                    line.clear();
                    used = 0;
                }
                if used > 0 {
                    line.push_str("   ");
                    used += 3;
                }
                line += &self.painter.text(tone, symbol);
                line += &self.painter.text(Tone::Faint, &format!(" {}", word.get(self.lang)));
                used += needed;
            }
            self.put(&format!("  {line}"));
        }
    }

    fn contradictions(&mut self) {
        let contradicted: Vec<&ObjectiveResult> =
            self.assessment.objectives.iter().filter(|o| o.verdict == Verdict::Contradicted).collect();
        if contradicted.is_empty() {
            return;
        }
        self.heading(m::CONTRADICTIONS.get(self.lang));
        for objective in contradicted.iter().take(CONTRADICTIONS) {
            let title = self.texts.objective(&objective.id).map_or(&*objective.id, |o| o.title.get(self.lang));
            let symbol = self.painter.text(Tone::Worst, self.painter.symbol(Standing::Contradicted));
            let title = self.cut(title, self.width().saturating_sub(4));
            let line = format!("  {symbol} {}", self.painter.text(Tone::Heading, &title));
            self.put(&line);

            let said = objective.answer.as_ref().map(|answer| {
                let reply = messages::reply(answer.answer);
                let answered = m::answered(&reply, answer.by.as_deref(), answer.date.as_deref());
                format!("{}  {}", m::STATED.get(self.lang), answered.get(self.lang))
            });
            let finding = self.assessment.findings.iter().find(|f| f.objective == objective.id);
            let seen = finding.map(|finding| {
                let dash = self.painter.either("–", "-");
                let place = self.place_of(finding).map(|place| format!(" {dash} {place}")).unwrap_or_default();
                let label = left(m::SEEN.get(self.lang), width(m::STATED.get(self.lang)));
                format!("{label}  {}{place}", finding.title.get(self.lang))
            });
            for line in said.into_iter().chain(seen) {
                let line = self.cut(&line, self.width().saturating_sub(4));
                let line = format!("    {}", self.painter.text(Tone::Plain, &line));
                self.put(&line);
            }
        }
        self.more(contradicted.len().saturating_sub(CONTRADICTIONS));
        self.put("");
    }

    fn place_of(&self, finding: &Finding) -> Option<String> {
        let fact = self.assessment.facts.get(*finding.facts.first()?)?;
        Some(place::short(&fact.source))
    }

    fn findings(&mut self) {
        let findings = &self.assessment.findings;
        let heading = m::FINDINGS.get(self.lang).to_owned();
        if findings.is_empty() {
            self.heading(&heading);
            self.put(&format!("  {}", m::NO_FINDINGS.get(self.lang)));
            self.put("");
            return;
        }
        let mut line = self.painter.text(Tone::Heading, &heading);
        for severity in Severity::ALL {
            let count = findings.iter().filter(|f| f.severity == severity).count();
            if count > 0 {
                let word = messages::severity(severity);
                line += &self.painter.text(of_severity(severity), &format!("   {} {count}", word.get(self.lang)));
            }
        }
        self.put(&line);
        let words = Severity::ALL.map(|severity| width(messages::severity(severity).get(self.lang)));
        let word_width = words.into_iter().max().unwrap_or(0);
        for finding in findings.iter().take(FINDINGS) {
            let word = left(messages::severity(finding.severity).get(self.lang), word_width);
            let room = self.width().saturating_sub(2 + word_width + 2);
            let place = self.place_of(finding).map(|place| match finding.facts.len() {
                0 | 1 => place,
                more => format!("{place} (+{})", more - 1),
            });
            let place = self.cut(&place.unwrap_or_default(), room / 2);
            let title_width = room.saturating_sub(width(&place) + 2);
            let title = left(&self.cut(finding.title.get(self.lang), title_width), title_width);
            let line = format!(
                "  {}  {}  {}",
                self.painter.text(of_severity(finding.severity), &word),
                self.painter.text(Tone::Plain, &title),
                self.painter.text(Tone::Faint, &place)
            );
            self.put(&line);
        }
        self.more(findings.len().saturating_sub(FINDINGS));
        self.put("");
    }

    fn not_looked_at(&mut self) {
        if self.assessment.not_looked_at.is_empty() {
            return;
        }
        self.heading(m::NOT_LOOKED_AT.get(self.lang));
        let (evidence, questions): (Vec<&NotLookedAt>, Vec<&NotLookedAt>) =
            self.assessment.not_looked_at.iter().partition(|gap| messages::evidence_named(&gap.what).is_some());
        for gap in evidence.iter().take(NOT_LOOKED_AT) {
            self.open(gap.reason.get(self.lang), gap.settled_by.get(self.lang));
        }
        self.more(evidence.len().saturating_sub(NOT_LOOKED_AT));
        let count: usize = questions.iter().map(|entry| entry.objectives.len()).sum();
        if let Some(first) = questions.first() {
            self.open(m::open_questions(count).get(self.lang), first.settled_by.get(self.lang));
        }
        self.put("");
    }

    /// What is open, and under it what would settle it.
    fn open(&mut self, why: &str, settled_by: &str) {
        let room = self.width().saturating_sub(4);
        let symbol = self.painter.text(Tone::Unsettled, "?");
        let why = self.painter.text(Tone::Plain, &self.cut(why, room));
        self.put(&format!("  {symbol} {why}"));
        let settled_by = format!("{} {settled_by}", self.painter.either("→", "->"));
        let settled_by = self.painter.text(Tone::Faint, &self.cut(&settled_by, room));
        self.put(&format!("    {settled_by}"));
    }

    fn more(&mut self, count: usize) {
        if count > 0 {
            let text = format!("  {} {}", self.painter.ellipsis(), m::more(count).get(self.lang));
            let painted = self.painter.text(Tone::Faint, &text);
            self.put(&painted);
        }
    }
}
