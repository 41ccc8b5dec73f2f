//! The documents, as a list and by facets.

use sekisho_catalog::facets::Facet;
use sekisho_model::Lang;
use sekisho_model::catalog::{Document, Force, Status, Term};

use super::Style;
use super::layout::{cut, left, right, width};
use super::paint::{Painter, Tone};
use super::tree::{self, Line};
use crate::bilingual::Bi;
use crate::messages::navigate as m;
use crate::texts::{Texts, label, name_of};

/// A line for each document: name, date, controls, how far it binds and where, title.
pub fn documents(documents: &[&Document], lang: Lang, style: Style) -> String {
    let painter = Painter { style };
    let mut out = String::new();
    if documents.is_empty() {
        tree::lines(painter, &[Line::new(Tone::Plain, m::NO_DOCUMENT.get(lang))], &mut out);
        return out;
    }
    let names = documents.iter().map(|d| width(name_of(d))).max().unwrap_or(0);
    let binding: Vec<String> = documents.iter().map(|d| binding(d, lang)).collect();
    let bindings = binding.iter().map(|text| width(text)).max().unwrap_or(0);
    let room = style.width.saturating_sub(names + 2 + 10 + 2 + 4 + 2 + bindings + 2).max(16);
    for (document, binding) in documents.iter().zip(&binding) {
        let tone = if document.status == Status::Current { Tone::Plain } else { Tone::Faint };
        out += &painter.text(Tone::Heading, &left(name_of(document), names));
        out += &painter.text(Tone::Faint, &format!("  {}", left(&document.published, 10)));
        out += &painter.text(Tone::Plain, &format!("  {}", right(&document.controls.len().to_string(), 4)));
        let strong = document.binding.iter().any(|b| b.force == Force::Mandatory);
        out += &painter.text(if strong { Tone::Warn } else { Tone::Faint }, &format!("  {}", left(binding, bindings)));
        let title = cut(document.title.get(lang), room, painter.ellipsis());
        out += &painter.text(tone, &format!("  {title}"));
        out.push('\n');
    }
    let controls = documents.iter().map(|document| document.controls.len()).sum();
    out += &painter.text(Tone::Faint, m::documents_listed(documents.len(), controls).get(lang));
    out.push('\n');
    out
}

/// How far a document binds and where, in a word: `law EU`, `certificate JP, UK`; of what is voluntary only where it is from.
fn binding(document: &Document, lang: Lang) -> String {
    let Some(force) = document.binding.iter().map(|binding| binding.force).max() else { return String::new() };
    let mut markets: Vec<String> = document
        .binding
        .iter()
        .filter(|binding| binding.force == force)
        .filter_map(|binding| binding.market.as_deref())
        .filter(|market| *market != "world")
        .map(str::to_uppercase)
        .collect();
    markets.dedup();
    let markets = markets.join(", ");
    let force = match force {
        Force::Mandatory => m::LAW,
        Force::CertificationBasis => m::CERTIFICATE,
        Force::Voluntary => return markets,
    };
    format!("{} {markets}", force.get(lang)).trim_end().to_owned()
}

/// How many documents have each word of each facet.
pub fn facets(counts: &[(Facet, Vec<(String, usize)>)], texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let painter = Painter { style };
    let vocabulary = texts.vocabulary();
    let mut lines = Vec::new();
    for (facet, words) in counts {
        let (title, terms): (Bi<'_>, &[Term]) = match facet {
            Facet::Role => (m::ROLE, &vocabulary.roles),
            Facet::Industry => (m::INDUSTRY, &vocabulary.industries),
            Facet::Layer => (m::LAYER, &vocabulary.layers),
            Facet::Phase => (m::PHASE, &vocabulary.phases),
            Facet::Kind => (m::KIND, &vocabulary.document_kinds),
            Facet::Detail => (m::DETAIL, &vocabulary.details),
            Facet::Binding => (m::FORCE, &vocabulary.forces),
            Facet::Market => (m::MARKET, &vocabulary.markets),
            Facet::Status => (m::DOC_STATUS, &vocabulary.statuses),
            Facet::Publisher => (m::BY, &[]),
        };
        lines.push(Line::new(Tone::Heading, title.get(lang)).and(Tone::Faint, format!("  --{}", facet.name())));
        for (word, count) in words {
            let name = label(terms, word);
            let mut line =
                Line::new(Tone::Plain, format!("{}  ", right(&count.to_string(), 3))).and(Tone::Plain, word.clone());
            if name.get(lang) != word {
                line = line.and(Tone::Faint, format!("  {}", name.get(lang)));
            }
            lines.push(line.inset(2));
        }
    }
    let mut out = String::new();
    tree::lines(painter, &lines, &mut out);
    out
}
