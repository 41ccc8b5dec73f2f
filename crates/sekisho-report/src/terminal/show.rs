//! What the catalog says about a document, a control or an objective.

use std::collections::BTreeSet;

use sekisho_model::catalog::{Basis, Conflict, Control, Document, Objective, Term};
use sekisho_model::{Lang, Text};
use serde::Serialize;

use super::Style;
use super::layout::{left, width};
use super::paint::{Painter, Tone};
use super::tree::{self, Line, Node};
use crate::bilingual::Bi;
use crate::messages::navigate as n;
use crate::messages::screen as m;
use crate::messages::{self as words};
use crate::texts::{Texts, group_title, label, label_of, name_of, short_control_id};

/// A document: what it is, for whom, what it became, its contents and how many controls each group has.
pub fn show_document(document: &Document, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let show = Show { texts, lang, painter: Painter { style }, lines: Vec::new() };
    show.document(document)
}

/// A control: what it asks, how strongly, of whom, and which objectives it asks for.
pub fn show_control(document: &Document, control: &Control, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let show = Show { texts, lang, painter: Painter { style }, lines: Vec::new() };
    show.control(document, control)
}

/// An objective: all its texts, and the controls of all documents that ask for it.
pub fn show_objective(objective: &Objective, texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let show = Show { texts, lang, painter: Painter { style }, lines: Vec::new() };
    show.objective(objective)
}

/// All conflicts between documents.
pub fn conflicts(texts: &dyn Texts, lang: Lang, style: Style) -> String {
    let mut show = Show { texts, lang, painter: Painter { style }, lines: Vec::new() };
    if texts.conflicts().is_empty() {
        show.lines.push(Line::new(Tone::Plain, n::NO_CONFLICTS.get(lang)));
    }
    for conflict in texts.conflicts() {
        show.conflict(conflict);
    }
    show.finish(&[])
}

/// Whether one of a conflict's sides names such a control.
fn names(conflict: &Conflict, wanted: &dyn Fn(&str) -> bool) -> bool {
    conflict.sides.iter().flat_map(|side| &side.controls).any(|id| wanted(id))
}

/// The title of a control or concept of a document.
fn item_title<'a>(document: &'a Document, id: &str) -> Option<&'a Text> {
    let control = document.controls.iter().find(|control| control.id == id).map(|control| &control.title);
    control.or_else(|| group_title(document, id))
}

struct Show<'a> {
    texts: &'a dyn Texts,
    lang: Lang,
    painter: Painter,
    lines: Vec<Line>,
}

impl<'a> Show<'a> {
    fn document(mut self, document: &'a Document) -> String {
        let vocabulary = self.texts.vocabulary();
        self.lines.push(
            Line::new(Tone::Heading, document.title.get(self.lang))
                .and(Tone::Faint, format!("  {}", name_of(document))),
        );
        let by = &document.publisher;
        self.field(&m::PUBLISHER, if self.lang == Lang::Ja { &by.ja } else { &by.en });
        let edition = document.edition.as_deref().unwrap_or_default();
        self.field(&m::EDITION, format!("{edition} ({})", document.published).trim_start());
        self.field(&m::STATUS, &self.value(&vocabulary.statuses, document.status));
        let binding: Vec<String> = document
            .binding
            .iter()
            .map(|binding| {
                let market = binding.market.as_ref().map(|market| self.term(&vocabulary.markets, market));
                let market = market.map(|market| format!(" ({market})")).unwrap_or_default();
                format!("{}{market}", self.value(&vocabulary.forces, binding.force))
            })
            .collect();
        self.field(&m::BINDING, &self.list(&binding));
        let audience: Vec<String> = document.audience.iter().map(|role| self.term(&vocabulary.roles, role)).collect();
        if !audience.is_empty() {
            self.field(&m::AUDIENCE, &self.list(&audience));
        }
        self.field(&m::ORIGINAL, &document.url);
        self.field(&m::LICENCE, &document.licence.original);
        self.language_note(document);
        self.paragraph(&m::SUMMARY, &document.summary);
        self.paragraph(&m::READ_FIRST, &document.read_first);
        if !document.successors.is_empty() {
            self.section(&m::BECAME);
            for successor in &document.successors {
                let published = successor.published.as_ref().map(|p| format!(" ({p})")).unwrap_or_default();
                self.lines.push(Line::new(Tone::Plain, format!("{}{published}", successor.title)).inset(2));
            }
        }
        if !document.contents.is_empty() {
            self.section(&m::CONTENTS);
            let numbers = document.contents.iter().map(|section| width(&section.no)).max().unwrap_or(0);
            for section in &document.contents {
                let pages = section.pages.as_ref().map(|numbers| format!("  {} {numbers}", m::PAGES.get(self.lang)));
                let line = Line::new(Tone::Faint, format!("{}  ", left(&section.no, numbers)))
                    .and(Tone::Plain, section.title.get(self.lang))
                    .and(Tone::Faint, pages.unwrap_or_default());
                self.lines.push(line.inset(2));
            }
        }
        self.lines.push(Line::new(Tone::Plain, ""));
        let count = Line::new(Tone::Heading, format!("{} ", m::CONTROLS.get(self.lang)));
        self.lines.push(count.and(Tone::Faint, document.controls.len().to_string()));
        let ids = document.controls.iter().map(|control| width(&control.id)).max().unwrap_or(0);
        let modalities = document.controls.iter().map(|c| width(words::modality(c.modality).get(self.lang)));
        let modalities = modalities.max().unwrap_or(0);
        let mut group = None;
        let above: BTreeSet<&str> = document.controls.iter().map(|control| control.id.as_str()).collect();
        for control in &document.controls {
            // What stands under another control follows it, further in.
            let is_under_control = control.group.as_deref().is_some_and(|group| above.contains(group));
            if control.group != group && !is_under_control {
                group.clone_from(&control.group);
                let title = group.as_deref().and_then(|group| group_title(document, group));
                let name = group.as_deref().unwrap_or_default().to_owned();
                let line = Line::new(Tone::Faint, format!("{name}  "))
                    .and(Tone::Heading, title.map_or("", |title| title.get(self.lang)));
                self.lines.push(line.inset(2));
            }
            let modality = words::modality(control.modality);
            let line = Line::new(Tone::Plain, format!("{}  ", left(&control.id, ids)))
                .and(Tone::Faint, format!("{}  ", left(modality.get(self.lang), modalities)))
                .and(Tone::Plain, control.title.get(self.lang));
            self.lines.push(line.inset(if is_under_control { 6 } else { 4 }));
        }
        self.finish(&[])
    }

    fn control(mut self, document: &'a Document, control: &'a Control) -> String {
        let vocabulary = self.texts.vocabulary();
        let id = format!("{}:{}", name_of(document), control.id);
        self.lines.push(Line::new(Tone::Heading, format!("{id}  ")).and(Tone::Heading, control.title.get(self.lang)));
        let kind = self.value(&vocabulary.control_kinds, control.kind);
        let modality = words::modality(control.modality);
        let mut about = vec![modality.get(self.lang).to_owned(), kind];
        about.extend(control.addressees.iter().map(|role| self.term(&vocabulary.roles, role)));
        self.lines.push(Line::new(Tone::Faint, about.join(" · ")));
        let group = control.group.as_deref();
        if let Some(title) = group.and_then(|group| group_title(document, group)) {
            let group = group.unwrap_or_default();
            self.lines.push(Line::new(Tone::Faint, format!("{group} {}", title.get(self.lang))));
        }
        match control.provenance.basis {
            Basis::Source => {}
            Basis::Handbook => self.lines.push(Line::new(Tone::Faint, m::HANDBOOK_NOTE.get(self.lang))),
            Basis::Unverified => {
                let note = format!("! {}", m::UNVERIFIED_NOTE.get(self.lang));
                self.lines.push(Line::new(Tone::Warn, note));
            }
        }
        if document.is_untranslated(&control.statement) {
            self.language_note(document);
        }
        let statement = if document.licence.text == "original" { &m::STATEMENT_AS_IS } else { &m::STATEMENT };
        self.paragraph(statement, &control.statement);
        if let Some(section) = control.section.as_deref() {
            let found = document.contents.iter().find(|s| s.no == section);
            let title = found.map_or("", |section| section.title.get(self.lang));
            self.field(&n::SECTION, format!("{section} {title}").trim_end());
        }
        if !control.classes.is_empty() {
            self.field(&n::CLASSES, &self.list(&control.classes));
        }
        for relation in &control.relations {
            let title = item_title(document, &relation.to).map_or("", |title| title.get(self.lang));
            self.field(&n::RELATED, format!("{} {title}", relation.to).trim_end());
        }
        if let Some(condition) = &control.applies_when {
            self.field(&m::APPLIES_WHEN, condition);
        }
        for edition in &control.editions {
            let conditions = edition.conditions.join(", ");
            let status = format!("{}: {} {conditions}", edition.edition, edition.status);
            self.field(&m::EDITIONS, status.trim_end());
        }
        if let Some(change) = &control.change {
            self.field(&m::CHANGE, change.get(self.lang));
        }
        if let Some(edition) = &control.superseded_in {
            self.field(&m::GONE_IN, edition);
        }
        let full = format!("{}:{}", document.id, control.id);
        let texts = self.texts;
        self.conflicts(&texts.conflicts().iter().filter(|c| names(c, &|id| id == full)).collect::<Vec<_>>());
        if let Some(why) = &control.unmapped {
            self.paragraph(&m::UNMAPPED, why);
            return self.finish(&[]);
        }
        let whole = control.inherits.as_ref().and_then(|id| document.controls.iter().find(|c| c.id == *id));
        if let Some(whole) = whole {
            self.field(&n::PART_OF, &format!("{}:{} {}", name_of(document), whole.id, whole.title.get(self.lang)));
        }
        self.section(&m::MAPPINGS);
        let mut nodes: Vec<Node> = Vec::new();
        let control = whole.unwrap_or(control);
        for mapping in &control.mappings {
            let relation = m::relates(&words::relation(mapping.relation));
            let title = self.texts.objective(&mapping.objective).map_or("", |o| o.title.get(self.lang));
            let mut lines = vec![
                Line::new(Tone::Faint, format!("{}: ", relation.get(self.lang)))
                    .and(Tone::Heading, title)
                    .and(Tone::Faint, format!("  {}", mapping.objective)),
                Line::new(Tone::Plain, mapping.rationale.get(self.lang)),
            ];
            if !mapping.decided_by.is_empty() {
                let checks = format!("{}: {}", m::DECIDED_BY.get(self.lang), mapping.decided_by.join(", "));
                lines.push(Line::new(Tone::Faint, checks));
            }
            nodes.push(Node { lines, children: Vec::new() });
        }
        if control.complete {
            let lines = vec![Line::new(Tone::Faint, m::COMPLETE_SET.get(self.lang))];
            nodes.push(Node { lines, children: Vec::new() });
        }
        self.finish(&nodes)
    }

    fn objective(mut self, objective: &'a Objective) -> String {
        self.lines.push(
            Line::new(Tone::Heading, objective.title.get(self.lang)).and(Tone::Faint, format!("  {}", objective.id)),
        );
        if let Some(area) = self.texts.area_of(&objective.id) {
            self.lines.push(Line::new(Tone::Faint, area.title.get(self.lang)));
        }
        self.paragraph(&m::INTENT, &objective.intent);
        self.paragraph(&m::MET_WHEN, &objective.met_when);
        self.paragraph(&m::HOW_TO_CHECK, &objective.how_to_check);
        self.paragraph(&m::QUESTION, &objective.question);
        self.paragraph(&m::ADVICE, &objective.advice);
        if objective.applies_when != "true" {
            self.lines.push(Line::new(Tone::Plain, ""));
            self.field(&m::APPLIES_WHEN, &objective.applies_when);
        }
        let texts = self.texts;
        let asking: std::collections::BTreeSet<String> =
            texts.controls_of(&objective.id).iter().map(|(document, c)| format!("{}:{}", document.id, c.id)).collect();
        self.conflicts(&texts.conflicts().iter().filter(|c| names(c, &|id| asking.contains(id))).collect::<Vec<_>>());
        self.section(&m::ASKED_BY);
        let mut nodes: Vec<Node> = Vec::new();
        for (document, control) in self.texts.controls_of(&objective.id) {
            for mapping in control.mappings.iter().filter(|mapping| mapping.objective == objective.id) {
                let relation = m::relates(&words::relation(mapping.relation));
                let id = format!("{}:{}  ", name_of(document), control.id);
                let modality = words::modality(control.modality);
                let about = format!("  ({}, {})", modality.get(self.lang), relation.get(self.lang));
                let lines = vec![
                    Line::new(Tone::Heading, id).and(Tone::Plain, control.title.get(self.lang)).and(Tone::Faint, about),
                    Line::new(Tone::Plain, control.statement.get(self.lang)),
                ];
                nodes.push(Node { lines, children: Vec::new() });
            }
        }
        if nodes.is_empty() {
            let why = objective.unmapped.as_ref().map_or(m::NOT_ASKED, Bi::from);
            nodes.push(Node { lines: vec![Line::new(Tone::Plain, why.get(self.lang))], children: Vec::new() });
        }
        self.finish(&nodes)
    }

    /// Conflicts, each with its sides and the way out.
    fn conflicts(&mut self, conflicts: &[&'a Conflict]) {
        if !conflicts.is_empty() {
            self.section(&n::CONFLICTS);
        }
        for conflict in conflicts {
            self.conflict(conflict);
        }
    }

    fn conflict(&mut self, conflict: &'a Conflict) {
        let title = Line::new(Tone::Warn, conflict.title.get(self.lang)).and(Tone::Faint, format!("  {}", conflict.id));
        self.lines.push(title.inset(2));
        self.lines.push(Line::new(Tone::Plain, conflict.statement.get(self.lang)).inset(4));
        for side in &conflict.sides {
            let controls: Vec<String> = side.controls.iter().map(|id| short_control_id(self.texts, id)).collect();
            let line = Line::new(Tone::Plain, format!("- {}", side.asks.get(self.lang)));
            self.lines.push(line.and(Tone::Faint, format!("  {}", controls.join(", "))).inset(4));
        }
        let way = Line::new(Tone::Faint, format!("{}: ", n::RESOLUTION.get(self.lang)));
        self.lines.push(way.and(Tone::Plain, conflict.resolution.get(self.lang)).inset(4));
    }

    /// Says that texts are shown in a language that was not asked for because there is no other.
    fn language_note(&mut self, document: &Document) {
        if let Some(only) = document.only_language {
            let note = match only {
                Lang::En => m::ONLY_ENGLISH,
                Lang::Ja => m::ONLY_JAPANESE,
            };
            self.lines.push(Line::new(Tone::Faint, note.get(self.lang)));
        }
    }

    fn section(&mut self, title: &Bi<'static>) {
        self.lines.push(Line::new(Tone::Plain, ""));
        self.lines.push(Line::new(Tone::Heading, title.get(self.lang)));
    }

    fn paragraph(&mut self, title: &Bi<'static>, text: &'a Text) {
        self.section(title);
        for line in text.get(self.lang).lines() {
            let words = line.trim_start_matches(' ');
            // Items of a list stand further in, but a hostile text does not push them off the screen.
            let indent = (line.len() - words.len()).min(20);
            self.lines.push(Line::new(Tone::Plain, words).inset(2 + indent));
        }
    }

    fn field(&mut self, name: &Bi<'static>, value: &str) {
        self.lines.push(Line::new(Tone::Faint, format!("{}: ", name.get(self.lang))).and(Tone::Plain, value));
    }

    fn list(&self, items: &[String]) -> String {
        items.join(if self.lang == Lang::Ja { "、" } else { ", " })
    }

    /// The label of a word of the vocabulary.
    fn term(&self, terms: &[Term], id: &str) -> String {
        label(terms, id).get(self.lang).to_owned()
    }

    /// The label of an enumeration's value.
    fn value(&self, terms: &[Term], value: impl Serialize) -> String {
        label_of(terms, value).get(self.lang).to_owned()
    }

    fn finish(self, nodes: &[Node]) -> String {
        let mut out = String::new();
        tree::lines(self.painter, &self.lines, &mut out);
        tree::draw(self.painter, nodes, &mut out);
        out
    }
}
