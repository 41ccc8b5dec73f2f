//! Documents: every word known, every relation with an end, every control mapped or excused.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_diag::{Place, Problem};
use sekisho_model::Text;
use sekisho_model::catalog::{Concept, Control, Document};

use super::{Found, Known, is_kebab, text};
use crate::files::{Parsed, Parts};

pub(super) fn lint(parts: &Parts, known: &Known<'_>, found: &mut Found) {
    let mut names = BTreeMap::new();
    for file in &parts.documents {
        let document = &file.value;
        found.unique("document", &document.id, &mut names, file.place("id"));
        for (i, alias) in document.aliases.iter().enumerate() {
            found.unique("document name", alias, &mut names, file.place(format!("aliases[{i}]").as_str()));
        }
        if file.is_new() {
            Linted { file, known, inner: inner_ids(document) }.lint(found);
        }
    }
}

/// The ids that relations inside a document may name.
fn inner_ids(document: &Document) -> BTreeSet<&str> {
    let controls = document.controls.iter().map(|c| c.id.as_str());
    let concepts = document.concepts.iter().map(|c| c.id.as_str());
    let sections = document.contents.iter().map(|s| s.no.as_str());
    controls.chain(concepts).chain(sections).collect()
}

struct Linted<'a> {
    file: &'a Parsed<Document>,
    known: &'a Known<'a>,
    inner: BTreeSet<&'a str>,
}

impl Linted<'_> {
    fn place(&self, path: &str) -> Option<Place> {
        self.file.place(path)
    }

    fn lint(&self, found: &mut Found) {
        let document = &self.file.value;
        if !is_kebab(&document.id) {
            found.error("bad-id", self.place("id"), format!("'{}' is not in kebab case", document.id));
        }
        let terms = &self.known.terms;
        self.words("role", &document.audience, &terms.roles, "audience", found);
        self.words("industry", &document.industries, &terms.industries, "industries", found);
        self.words("layer", &document.layers, &terms.layers, "layers", found);
        self.words("phase", &document.phases, &terms.phases, "phases", found);
        for (field, content) in
            [("title", &document.title), ("summary", &document.summary), ("read_first", &document.read_first)]
        {
            self.text(content, |lang| self.place(&format!("{field}.{lang}")), found);
        }
        for (i, section) in document.contents.iter().enumerate() {
            self.text(&section.title, |lang| self.place(&format!("contents[{i}].title.{lang}")), found);
            self.words("role", &section.readers, &terms.roles, &format!("contents[{i}].readers"), found);
        }
        for (i, binding) in document.binding.iter().enumerate() {
            if let Some(market) = &binding.market {
                found.reference("market", market, &terms.markets, || self.place(&format!("binding[{i}].market")));
            }
        }
        for (i, condition) in document.conditions.iter().enumerate() {
            self.text(&condition.text, |lang| self.place(&format!("conditions[{i}].text.{lang}")), found);
            if let Some(expr) = &condition.applies_when {
                found.condition(
                    expr,
                    &self.known.traits,
                    self.place(&format!("conditions[{i}].applies_when")).as_ref(),
                );
            }
        }
        let mut ids = BTreeMap::new();
        for (i, control) in document.controls.iter().enumerate() {
            found.unique("control", &control.id, &mut ids, self.place(&format!("controls[{i}].id")));
            self.control(i, control, found);
        }
        for (i, concept) in document.concepts.iter().enumerate() {
            found.unique("concept", &concept.id, &mut ids, self.place(&format!("concepts[{i}].id")));
            self.concept(i, concept, found);
        }
    }

    fn text(&self, text: &Text, place: impl Fn(&str) -> Option<Place>, found: &mut Found) {
        text::lint_of(&self.file.value, text, place, found);
    }

    fn words(&self, what: &str, words: &[String], known: &BTreeSet<&str>, path: &str, found: &mut Found) {
        for (i, word) in words.iter().enumerate() {
            found.reference(what, word, known, || self.place(&format!("{path}[{i}]")));
        }
    }

    fn inner(&self, what: &str, id: &str, path: &str, found: &mut Found) {
        if !self.inner.contains(id) {
            let message = format!("the {what} '{id}' does not exist in this document");
            found.error("dangling-relation", self.place(path), message);
        }
    }

    fn control(&self, i: usize, control: &Control, found: &mut Found) {
        let at = |field: &str| format!("controls[{i}].{field}");
        self.text(&control.title, |lang| self.place(&at(&format!("title.{lang}"))), found);
        self.text(&control.statement, |lang| self.place(&at(&format!("statement.{lang}"))), found);
        self.words("role", &control.addressees, &self.known.terms.roles, &at("addressees"), found);
        self.words("phase", &control.phases, &self.known.terms.phases, &at("phases"), found);
        if let Some(group) = &control.group {
            self.inner("group", group, &at("group"), found);
        }
        if let Some(section) = &control.section
            && !self.file.value.contents.iter().any(|s| &s.no == section)
        {
            let message = format!("the section '{section}' does not stand in `contents`");
            found.error("dangling-relation", self.place(&at("section")), message);
        }
        for (r, relation) in control.relations.iter().enumerate() {
            self.inner("relation's end", &relation.to, &at(&format!("relations[{r}].to")), found);
        }
        if let Some(expr) = &control.applies_when {
            found.condition(expr, &self.known.traits, self.place(&at("applies_when")).as_ref());
        }
        let conditions: BTreeSet<&str> = self.file.value.conditions.iter().map(|c| c.id.as_str()).collect();
        for (e, status) in control.editions.iter().enumerate() {
            for (c, condition) in status.conditions.iter().enumerate() {
                let path = at(&format!("editions[{e}].conditions[{c}]"));
                found.reference("condition", condition, &conditions, || self.place(&path));
            }
        }
        if let Some(whole) = &control.inherits {
            self.inherits(i, control, whole, found);
            return;
        }
        match (&control.unmapped, control.mappings.is_empty()) {
            (None, true) => found.push(
                Problem::error("unmapped-control", format!("'{}' maps to no objective", control.id))
                    .hint("give it mappings, or say in `unmapped` why it has none"),
                self.place(&at("id")),
            ),
            (Some(_), false) => found.error(
                "mapped-and-unmapped",
                self.place(&at("unmapped")),
                format!("'{}' has mappings and a reason for having none", control.id),
            ),
            (Some(reason), true) => self.text(reason, |lang| self.place(&at(&format!("unmapped.{lang}"))), found),
            (None, false) => self.mappings(i, control, found),
        }
    }

    /// A part takes the mappings of a control that has some of its own, and has none beside them.
    fn inherits(&self, i: usize, control: &Control, whole: &str, found: &mut Found) {
        let place = || self.place(&format!("controls[{i}].inherits"));
        match self.file.value.controls.iter().find(|c| c.id == whole) {
            None => {
                let message = format!("the control '{whole}' does not exist in this document");
                found.error("dangling-relation", place(), message);
            }
            Some(whole) if whole.inherits.is_some() => {
                found.error("inherits-twice", place(), format!("'{}' inherits its own mappings", whole.id));
            }
            Some(_) => {}
        }
        if !control.mappings.is_empty() || control.unmapped.is_some() || control.complete {
            let message = format!("'{}' inherits mappings and has its own", control.id);
            found.error("mapped-and-inherits", place(), message);
        }
    }

    fn mappings(&self, i: usize, control: &Control, found: &mut Found) {
        let at = |m: usize, field: &str| format!("controls[{i}].mappings[{m}].{field}");
        let mut seen = BTreeSet::new();
        for (m, mapping) in control.mappings.iter().enumerate() {
            let objective = || self.place(&at(m, "objective"));
            found.reference("objective", &mapping.objective, &self.known.objectives, objective);
            if !seen.insert(&mapping.objective) {
                let message = format!("'{}' maps to '{}' twice", control.id, mapping.objective);
                found.error("duplicate-mapping", objective(), message);
            }
            for (d, check) in mapping.decided_by.iter().enumerate() {
                found.reference("check", check, &self.known.checks, || self.place(&at(m, &format!("decided_by[{d}]"))));
            }
            self.text(&mapping.rationale, |lang| self.place(&at(m, &format!("rationale.{lang}"))), found);
        }
    }

    fn concept(&self, i: usize, concept: &Concept, found: &mut Found) {
        let at = |field: &str| format!("concepts[{i}].{field}");
        self.text(&concept.title, |lang| self.place(&at(&format!("title.{lang}"))), found);
        if let Some(statement) = &concept.statement {
            self.text(statement, |lang| self.place(&at(&format!("statement.{lang}"))), found);
        }
        self.words("role", &concept.addressees, &self.known.terms.roles, &at("addressees"), found);
        if let Some(parent) = &concept.parent {
            self.inner("parent", parent, &at("parent"), found);
        }
        for (r, relation) in concept.relations.iter().enumerate() {
            self.inner("relation's end", &relation.to, &at(&format!("relations[{r}].to")), found);
        }
    }
}
