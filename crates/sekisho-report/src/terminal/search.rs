//! What a search found.

use sekisho_model::Lang;
use sekisho_search::{Found, Hit, HitKind};

use super::Style;
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::bilingual::Bi;
use crate::messages::screen as m;

/// So many words of a term are named.
const NAMED_WORDS: usize = 3;

/// The hits, the best first, each with its place and the best piece of its text.
pub fn search_results(found: &Found, lang: Lang, style: Style) -> String {
    let mut lines = Vec::new();
    for term in &found.terms {
        let others = |words: &'_ [String]| -> Vec<String> {
            words.iter().filter(|word| !word.eq_ignore_ascii_case(&term.typed)).take(NAMED_WORDS).cloned().collect()
        };
        let words = [others(&term.en), others(&term.ja)].concat();
        let line = Line::new(Tone::Faint, format!("{}: ", m::UNDERSTOOD_AS.get(lang)));
        lines.push(line.and(Tone::Faint, words.join(if lang == Lang::Ja { "、" } else { ", " })));
    }
    for unknown in &found.unknown {
        let text = m::stands_nowhere(&unknown.word, &unknown.nearest);
        lines.push(Line::new(Tone::Warn, text.get(lang)));
    }
    if found.hits.is_empty() {
        lines.push(Line::new(Tone::Plain, m::NOTHING_FOUND.get(lang)));
    }
    for hit in &found.hits {
        if !lines.is_empty() {
            lines.push(Line::new(Tone::Plain, ""));
        }
        lines.push(head(hit, lang));
        let excerpt = hit.excerpt(lang);
        if !excerpt.text.is_empty() {
            lines.push(marked(&excerpt.text, &excerpt.marks).inset(2));
        }
    }
    if found.hits.len() < found.total && !found.hits.is_empty() {
        lines.push(Line::new(Tone::Plain, ""));
        lines.push(Line::new(Tone::Faint, m::shown_of(found.hits.len(), found.total).get(lang)));
    }
    let mut out = String::new();
    tree::lines(Painter { style }, &lines, &mut out);
    out
}

/// Where it is, what it is called, what it is.
fn head(hit: &Hit, lang: Lang) -> Line {
    let kind: Bi<'static> = match (hit.kind, &hit.section) {
        (HitKind::Document, Some(_)) => m::HIT_SECTION,
        (HitKind::Document, None) => m::HIT_DOCUMENT,
        (HitKind::Control, _) => m::HIT_CONTROL,
        (HitKind::Objective, _) => m::HIT_OBJECTIVE,
        (HitKind::Concept, _) => m::HIT_CONCEPT,
    };
    let mut about = kind.get(lang).to_owned();
    if let (HitKind::Document, Some(section)) = (hit.kind, &hit.section) {
        about = format!("{about} {section}");
    }
    if let Some(pages) = &hit.pages {
        about = format!("{about}, {} {pages}", m::PAGES.get(lang));
    }
    let about =
        if lang == Lang::Ja { format!("  （{}）", about.replace(", ", "、")) } else { format!("  ({about})") };
    Line::new(Tone::Heading, format!("{}  ", hit.name)).and(Tone::Plain, hit.title.get(lang)).and(Tone::Faint, about)
}

/// `text` with the bytes of `marks` in bold.
fn marked(text: &str, marks: &[std::ops::Range<usize>]) -> Line {
    let mut line = Line::new(Tone::Faint, "");
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone())) else { continue };
        line = line.and(Tone::Faint, before).and(Tone::Heading, inside);
        at = mark.end;
    }
    line.and(Tone::Faint, text.get(at..).unwrap_or_default())
}
