//! The reading plan: a table of what to read, with what each step brings.

use sekisho_model::Lang;
use sekisho_model::plan::{Chapter, Plan, Step, Uncovering, Why};

use super::Style;
use super::layout::{left, right, width, wrap};
use super::paint::{Painter, Tone};
use crate::bilingual::Bi;
use crate::messages::plan as m;
use crate::plain::visible;
use crate::reading;
use crate::texts::{Texts, name_of};

/// Columns of the numbers before the text.
const PAGES: usize = 6;
const ADDS: usize = 6;
const SO_FAR: usize = 9;
const GUTTER: usize = PAGES + ADDS + SO_FAR + 2;
/// How many of what is not covered, of areas and of other readers are named.
const NAMED: usize = 6;

/// What to read, in order, and what stays open.
pub fn plan(plan: &Plan, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let mut page = Page { plan, texts, lang, painter: Painter { style }, out: String::new() };
    page.head();
    page.steps();
    page.for_other_roles();
    page.over_budget();
    page.uncovered();
    page.passed_over();
    page.left_out();
    page.out
}

struct Page<'a> {
    plan: &'a Plan,
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
    out: String,
}

impl Page<'_> {
    fn mark(&self) -> &'static str {
        self.painter.either("≈", "~")
    }

    fn get(&self, text: &Bi<'_>) -> String {
        let text = text.get(self.lang);
        if self.painter.style.unicode { text.to_owned() } else { text.replace('≈', "~").replace('’', "'") }
    }

    /// Writes `text`, wrapped, with `gutter` before its first line.
    fn row(&mut self, gutter: &str, indent: usize, tone: Tone, text: &str) {
        let text = visible(text);
        let room = self.painter.style.width.saturating_sub(indent);
        for (n, line) in wrap(&text, room).iter().enumerate() {
            let before = if n == 0 { left(gutter, indent) } else { " ".repeat(indent) };
            let line = format!("{before}{}", self.painter.text(tone, line));
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn gap(&mut self) {
        self.out.push('\n');
    }

    fn head(&mut self) {
        let reader = reading::reader(&self.plan.reader, self.texts);
        let title = self.get(&m::TITLE);
        self.row("", 0, Tone::Heading, &title);
        if reader.is_empty() {
            let everybody = self.get(&m::EVERYBODY);
            self.row("", 0, Tone::Faint, &everybody);
        }
        let names = reader.iter().map(|(name, _)| width(name.get(self.lang))).max().unwrap_or(0);
        for (name, value) in &reader {
            let (name, value) = (self.get(name), self.get(value));
            self.row(&name, names + 2, Tone::Plain, &value);
        }
        self.gap();
        let claims: Vec<String> = reading::claims(self.plan, self.mark()).iter().map(|claim| self.get(claim)).collect();
        for (n, claim) in claims.iter().enumerate() {
            self.row("", 0, if n == 0 { Tone::Good } else { Tone::Plain }, claim);
        }
        self.gap();
    }

    fn steps(&mut self) {
        if self.plan.steps.is_empty() {
            return;
        }
        let [pages, adds, so_far] = [m::PAGES, m::ADDS, m::SO_FAR].map(|text| self.get(&text));
        let head = format!("{}{}{}", right(&pages, PAGES), right(&adds, ADDS), right(&so_far, SO_FAR));
        let head = self.painter.text(Tone::Faint, &head);
        self.out.push_str(head.trim_end());
        self.gap();
        for (n, step) in self.plan.steps.iter().enumerate() {
            self.step(n + 1, step);
        }
        let show = self.get(&m::SHOW);
        self.row("", 0, Tone::Faint, &show);
        let estimated = self.plan.pages.all_estimated > 0 || self.plan.steps.iter().any(|step| step.estimated);
        if estimated {
            let note = self.get(&m::ESTIMATE);
            self.row("", 0, Tone::Faint, &note);
        }
        self.gap();
    }

    fn numbers(&self, pages: u64, estimated: bool, adds: usize, so_far: &str) -> String {
        let pages = m::pages(pages, estimated, self.mark());
        let adds = if adds == 0 { self.painter.either("–", "-").to_owned() } else { adds.to_string() };
        format!("{}{}{}", right(&pages, PAGES), right(&adds, ADDS), right(so_far, SO_FAR))
    }

    fn step(&mut self, n: usize, step: &Step) {
        let so_far = format!("{}/{}", step.after.covered, self.plan.coverage.possible);
        let gutter = self.numbers(step.pages, step.estimated, reading::added(step), &so_far);
        let document = self.texts.document(&step.document);
        let (name, title) = document.map_or((step.document.as_str(), ""), |d| (name_of(d), d.title.get(self.lang)));
        self.row(&gutter, GUTTER, Tone::Heading, &format!("{n}. {name}  {title}"));
        let mut why = self.get(&reading::why(step, self.texts));
        if let Some(document) = document {
            if step.why == Why::Superseded
                && let Some(newest) = reading::successors(document).into_iter().next()
            {
                why = format!("{why}{}{}: {newest}", self.stop(), self.get(&m::BECAME));
            }
            if step.foreign {
                why = format!("{why}{}{}", self.stop(), self.get(&m::FOREIGN));
            }
            if step.foreign || !document.languages.iter().any(|tag| tag == self.lang.tag()) {
                why = format!("{why}{}{}: {}", self.stop(), self.get(&m::LANGUAGES), languages(&document.languages));
            }
        }
        let tone = if step.why <= Why::Label { Tone::Warn } else { Tone::Faint };
        self.row("", GUTTER, tone, &why);
        if !step.also_for.is_empty() {
            let roles =
                reading::labels(&self.texts.vocabulary().roles, &step.also_for[..step.also_for.len().min(NAMED)]);
            let more = step.also_for.len().saturating_sub(NAMED);
            let line = format!("{}: {}{}", self.get(&m::ALSO_FOR), self.get(&roles), self.more(more));
            self.row("", GUTTER, Tone::Faint, &line);
        }
        let areas = reading::areas(step, self.texts);
        if !areas.is_empty() {
            let more = areas.len().saturating_sub(NAMED);
            let shown = areas.iter().take(NAMED).map(|(area, count)| {
                Bi::made(format!("{} {count}", area.get(Lang::En)), format!("{} {count}", area.get(Lang::Ja)))
            });
            let line = format!("{}: {}{}", self.get(&m::SPEAKS_OF), self.get(&reading::listed(shown)), self.more(more));
            self.row("", GUTTER, Tone::Faint, &line);
        }
        if step.chapters.iter().any(|chapter| chapter.no.is_some()) {
            let numbers = step.chapters.iter().filter_map(|c| c.no.as_deref()).map(width).max().unwrap_or(0);
            for chapter in &step.chapters {
                self.chapter(chapter, numbers.min(12));
            }
        }
        self.gap();
    }

    fn chapter(&mut self, chapter: &Chapter, numbers: usize) {
        let gutter = self.numbers(chapter.pages, chapter.estimated, chapter.adds.len(), "");
        let whole = self.get(&m::WHOLE_DOCUMENT);
        let title = chapter.title.as_ref().map_or(whole.as_str(), |title| title.get(self.lang));
        let no = left(chapter.no.as_deref().unwrap_or_default(), numbers);
        let range = chapter.range.as_ref().map(|range| format!("  {} {range}", self.get(&m::WHERE)));
        let text = format!("{title}{}", range.unwrap_or_default());
        let gutter = format!("{}{no}  ", left(&gutter, GUTTER + 2));
        self.row(&gutter, GUTTER + 4 + numbers.max(width(no.trim_end())), Tone::Plain, &text);
    }

    fn for_other_roles(&mut self) {
        let others = reading::for_other_roles(self.plan, self.texts);
        if others.is_empty() {
            return;
        }
        let heading = self.get(&m::OTHER_ROLES);
        self.row("", 0, Tone::Warn, &heading);
        let names = others.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(24);
        for (name, roles) in others {
            let roles = self.get(&roles);
            self.row(&format!("  {name}"), names.max(width(name)) + 4, Tone::Plain, &roles);
        }
        self.gap();
    }

    fn over_budget(&mut self) {
        if self.plan.over_budget.is_empty() {
            return;
        }
        let heading = self.get(&m::OVER_BUDGET);
        self.row("", 0, Tone::Bad, &heading);
        for left_over in &self.plan.over_budget {
            let document = self.texts.document(&left_over.document);
            let name = document.map_or(left_over.document.as_str(), name_of);
            let section = document.and_then(|d| d.contents.iter().find(|s| Some(&s.no) == left_over.no.as_ref()));
            let title = match section {
                Some(section) => format!("{name} {}  {}", section.no, section.title.get(self.lang)),
                None => name.to_owned(),
            };
            let pages = m::pages(left_over.pages, left_over.estimated, self.mark());
            self.row(&right(&pages, PAGES), PAGES + 2, Tone::Plain, &title);
        }
        self.gap();
    }

    fn uncovered(&mut self) {
        if self.plan.uncovered.is_empty() {
            return;
        }
        let heading = self.get(&m::NOT_COVERED);
        self.row("", 0, Tone::Heading, &heading);
        for because in [Uncovering::Pages, Uncovering::ForOthers, Uncovering::NotAsked] {
            let open: Vec<_> = self.plan.uncovered.iter().filter(|u| u.because == because).collect();
            if open.is_empty() {
                continue;
            }
            let line = format!("{} ({})", self.get(&reading::uncovering(because)), open.len());
            self.row("", 2, Tone::Plain, &line);
            for uncovered in open.iter().take(NAMED) {
                let objective = self.texts.objective(&uncovered.objective);
                let title = objective.map_or(uncovered.objective.as_str(), |o| o.title.get(self.lang));
                let names: Vec<&str> = uncovered
                    .documents
                    .iter()
                    .take(3)
                    .map(|id| self.texts.document(id).map_or(id.as_str(), name_of))
                    .collect();
                let more = if uncovered.documents.len() > 3 { self.painter.ellipsis() } else { "" };
                let within = if names.is_empty() { String::new() } else { format!("  ({}{more})", names.join(", ")) };
                self.row("", 4, Tone::Faint, &format!("{title}{within}"));
            }
            if open.len() > NAMED {
                let more = self.get(&m::more(open.len() - NAMED));
                self.row("", 4, Tone::Faint, &more);
            }
        }
        self.gap();
    }

    fn passed_over(&mut self) {
        for (heading, documents) in reading::passed_over(self.plan, self.texts, self.mark()) {
            if documents.is_empty() {
                continue;
            }
            let heading = format!("{} ({})", self.get(&heading), documents.len());
            self.row("", 0, Tone::Heading, &heading);
            let names = documents.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(24);
            for (name, note) in documents {
                let note = self.get(&note);
                self.row(&format!("  {name}"), names.max(width(name)) + 4, Tone::Faint, &note);
            }
            self.gap();
        }
    }

    fn left_out(&mut self) {
        if self.plan.left_out.is_empty() {
            return;
        }
        let heading = format!("{} ({})", self.get(&m::LEFT_OUT), self.plan.left_out.len());
        self.row("", 0, Tone::Heading, &heading);
        let name = |id: &str| self.texts.document(id).map_or_else(|| id.to_owned(), |d| name_of(d).to_owned());
        let lines: Vec<(String, String)> =
            self.plan.left_out.iter().map(|l| (name(&l.id), l.because.get(self.lang).to_owned())).collect();
        let names = lines.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(24);
        for (name, because) in lines {
            self.row(&format!("  {name}"), names.max(width(&name)) + 4, Tone::Faint, &because);
        }
    }

    fn stop(&self) -> &'static str {
        if self.lang == Lang::Ja { "。" } else { ". " }
    }

    fn more(&self, count: usize) -> String {
        let between = if self.lang == Lang::Ja { "、" } else { ", " };
        if count == 0 { String::new() } else { format!("{between}{}", self.get(&m::more(count))) }
    }
}

/// Languages as people look for them: English first, and not all of the two dozen of an EU law.
pub(crate) fn languages(tags: &[String]) -> String {
    let mut tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    tags.sort_by_key(|tag| !tag.starts_with("en"));
    let shown = tags[..tags.len().min(3)].join(", ");
    if tags.len() > 3 { format!("{shown} (+{})", tags.len() - 3) } else { shown }
}
