//! Two documents side by side.

use sekisho_model::Lang;
use sekisho_model::catalog::{Document, Modality, Term};
use sekisho_model::crosswalk::Comparison;

use super::Style;
use super::layout::{left, width, wrap};
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::bilingual::Bi;
use crate::messages::{self as words, navigate as m};
use crate::texts::{Texts, label, label_of, name_of};

/// What each is, next to the other; then what both ask for and what only one of them does, area by area.
pub fn comparison(comparison: &Comparison, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let (Some(a), Some(b)) = (texts.document(&comparison.a), texts.document(&comparison.b)) else {
        return String::new();
    };
    let painter = Painter { style };
    let mut out = table(&rows(a, b, texts, lang), lang, painter);
    let mut lines = Vec::new();
    let only = |document: &Document| {
        let (only, name) = (m::ONLY, name_of(document));
        if lang == Lang::Ja { format!("{name}{}", only.get(lang)) } else { format!("{} {name}", only.get(lang)) }
    };
    let lists = [
        (m::BOTH.get(lang).to_owned(), &comparison.both),
        (only(a), &comparison.only_a),
        (only(b), &comparison.only_b),
    ];
    for (title, objectives) in lists {
        lines.push(Line::new(Tone::Plain, ""));
        lines.push(Line::new(Tone::Heading, title).and(Tone::Faint, format!("  {}", objectives.len())));
        if objectives.is_empty() {
            lines.push(Line::new(Tone::Faint, m::NOTHING.get(lang)).inset(2));
        }
        for area in texts.areas() {
            let titles: Vec<&str> = area
                .objectives
                .iter()
                .filter(|objective| objectives.contains(&objective.id))
                .map(|objective| objective.title.get(lang))
                .collect();
            if !titles.is_empty() {
                let between = if lang == Lang::Ja { "、" } else { "; " };
                let line = Line::new(Tone::Faint, format!("{}: ", area.title.get(lang)));
                lines.push(line.and(Tone::Plain, titles.join(between)).inset(2));
            }
        }
    }
    tree::lines(painter, &lines, &mut out);
    out
}

fn rows(a: &Document, b: &Document, texts: &dyn Texts, lang: Lang) -> Vec<(Bi<'static>, String, String)> {
    let vocabulary = texts.vocabulary();
    let list = |terms: &[Term], words: &[String]| {
        let labels: Vec<String> = words.iter().map(|word| label(terms, word).get(lang).to_owned()).collect();
        labels.join(if lang == Lang::Ja { "、" } else { ", " })
    };
    let controls = |document: &Document| {
        let counts = [Modality::Must, Modality::Should, Modality::May].map(|modality| {
            let count = document.controls.iter().filter(|control| control.modality == modality).count();
            format!("{} {count}", words::modality(modality).get(lang))
        });
        format!("{} ({})", document.controls.len(), counts.join(", "))
    };
    let binding = |document: &Document| {
        let each = document.binding.iter().map(|binding| {
            let force = label_of(&vocabulary.forces, binding.force);
            let market = binding.market.as_ref().map(|market| label(&vocabulary.markets, market).get(lang).to_owned());
            let market = market.map(|market| format!(" ({market})")).unwrap_or_default();
            format!("{}{market}", force.get(lang))
        });
        each.collect::<Vec<_>>().join(", ")
    };
    let pages = |document: &Document| document.pages.map_or_else(|| "?".to_owned(), |pages| pages.to_string());
    let publisher = |document: &Document| {
        if lang == Lang::Ja { document.publisher.ja.clone() } else { document.publisher.en.clone() }
    };
    let mut rows = vec![(Bi::same(""), name_of(a).to_owned(), name_of(b).to_owned())];
    let mut row = |title: Bi<'static>, of: &dyn Fn(&Document) -> String| rows.push((title, of(a), of(b)));
    row(m::KIND, &|d| label_of(&vocabulary.document_kinds, d.kind).get(lang).to_owned());
    row(m::BY, &publisher);
    row(m::PUBLISHED, &|d| d.published.clone());
    row(m::DOC_STATUS, &|d| label_of(&vocabulary.statuses, d.status).get(lang).to_owned());
    row(m::FORCE, &binding);
    row(m::ROLE, &|d| list(&vocabulary.roles, &d.audience));
    row(m::INDUSTRY, &|d| list(&vocabulary.industries, &d.industries));
    row(m::LAYER, &|d| list(&vocabulary.layers, &d.layers));
    row(m::PHASE, &|d| list(&vocabulary.phases, &d.phases));
    row(m::DETAIL, &|d| label_of(&vocabulary.details, d.detail).get(lang).to_owned());
    row(m::CONTROL_COUNT, &controls);
    row(m::CONCEPT_COUNT, &|d| d.concepts.len().to_string());
    row(m::PAGE_COUNT, &pages);
    row(m::LANGUAGES, &|d| d.languages.join(", "));
    rows
}

fn table(rows: &[(Bi<'static>, String, String)], lang: Lang, painter: Painter) -> String {
    let titles = rows.iter().map(|(title, ..)| width(title.get(lang))).max().unwrap_or(0);
    let column = painter.style.width.saturating_sub(titles + 4) / 2;
    let mut out = String::new();
    for (i, (title, a, b)) in rows.iter().enumerate() {
        let tone = if i == 0 { Tone::Heading } else { Tone::Plain };
        let (a, b) = (wrap(a, column), wrap(b, column));
        for line in 0..a.len().max(b.len()) {
            let title = if line == 0 { title.get(lang) } else { "" };
            let cell = |column: &[String]| column.get(line).cloned().unwrap_or_default();
            out += &painter.text(Tone::Faint, &left(title, titles));
            let row = format!("  {}  {}", left(&cell(&a), column), cell(&b));
            out += &painter.text(tone, row.trim_end());
            out.push('\n');
        }
    }
    out
}
