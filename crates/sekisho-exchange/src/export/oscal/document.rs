//! A document as an OSCAL catalog.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sekisho_model::Lang;
use sekisho_model::catalog::{Control, Document};

use super::super::groups::{Entry, Tree};
use super::super::{ExportRequest, word};
use super::metadata;
use super::model;
use super::model::{CatalogFile, Link, Part, Prop};
use crate::identity::{NAMESPACE, Unique, token, uuid};
use crate::markup::{one_line, to_markdown, to_markdown_line};

/// What the groups and controls of a document are called in OSCAL, whose ids may not hold all that ours may.
pub(super) struct Names<'a> {
    controls: BTreeMap<&'a str, String>,
    groups: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut unique = Unique::default();
        // Ids that can stay as they are have the right to it.
        let (kept, changed): (Vec<_>, Vec<_>) =
            document.controls.iter().map(|c| c.id.as_str()).partition(|id| token(id) == **id);
        let controls = kept.into_iter().chain(changed).map(|id| (id, unique.take(&token(id)))).collect();
        let groups = document.controls.iter().filter_map(|control| control.group.as_deref());
        let mut names = Self { controls, groups: BTreeMap::new() };
        for group in groups {
            if !names.controls.contains_key(group) && !names.groups.contains_key(group) {
                names.groups.insert(group, unique.take(&token(group)));
            }
        }
        names
    }

    /// The control's id in OSCAL.
    pub(super) fn control(&self, id: &str) -> String {
        self.controls.get(id).cloned().unwrap_or_else(|| token(id))
    }
}

/// The catalog of a document.
pub(super) fn catalog(document: &Document, names: &Names<'_>, request: ExportRequest<'_>) -> CatalogFile {
    let writer = Writer { names, lang: request.lang, tree: Tree::of(document) };
    let mut controls = Vec::new();
    let mut groups = Vec::new();
    for root in writer.tree.roots() {
        match root {
            Entry::Control(control) => controls.push(writer.control(control)),
            Entry::Group(id, title) => groups.push(model::Group {
                id: names.groups.get(id).cloned().unwrap_or_else(|| token(id)),
                title: to_markdown_line(title.map_or(*id, |title| title.get(request.lang))),
                props: props(&[("label", id)], &[("id", id)]),
                controls: writer.tree.of_group(id).iter().map(|control| writer.control(control)).collect(),
            }),
        }
    }
    let content = serde_json::to_string(document).unwrap_or_default();
    let uuid = uuid(&format!("catalog:{}:{}:{content}", document.id, request.lang));
    CatalogFile {
        catalog: model::Catalog { uuid, metadata: metadata::of_document(document, request), controls, groups },
    }
}

/// Those of the properties that have a value: first OSCAL's own, then ours.
fn props(of_oscal: &[(&'static str, &str)], of_ours: &[(&'static str, &str)]) -> Vec<Prop> {
    let oscal = of_oscal.iter().filter_map(|(name, value)| Prop::of_oscal(name, value));
    oscal.chain(of_ours.iter().filter_map(|(name, value)| Prop::of_ours(name, value))).collect()
}

struct Writer<'a> {
    names: &'a Names<'a>,
    lang: Lang,
    tree: Tree<'a>,
}

impl Writer<'_> {
    fn control(&self, control: &Control) -> model::Control {
        let id = self.names.control(&control.id);
        let list = |words: &[String]| words.join(" ");
        let mut properties = props(
            &[("label", &control.id), ("status", if control.superseded_in.is_some() { "withdrawn" } else { "" })],
            &[
                ("id", &control.id),
                ("kind", &word(control.kind)),
                ("modality", &word(control.modality)),
                ("section", control.section.as_deref().unwrap_or_default()),
                ("addressees", &list(&control.addressees)),
                ("phases", &list(&control.phases)),
                ("applies-when", control.applies_when.as_deref().unwrap_or_default()),
                ("superseded-in", control.superseded_in.as_deref().unwrap_or_default()),
                ("provenance", &word(control.provenance.basis)),
                ("complete", if control.complete { "true" } else { "" }),
                ("inherits", control.inherits.as_deref().unwrap_or_default()),
                ("unmapped", control.unmapped.as_ref().map_or("", |why| why.get(self.lang))),
            ],
        );
        properties.extend(control.classes.iter().filter_map(|class| Prop::of_ours("class", class)));
        for edition in &control.editions {
            let status = format!("{}: {} {}", edition.edition, edition.status, edition.conditions.join(" "));
            properties.extend(Prop::of_ours("edition-status", &status));
        }
        let links = control
            .relations
            .iter()
            .filter(|relation| self.names.controls.contains_key(relation.to.as_str()))
            .map(|relation| Link { href: format!("#{}", percent(&self.names.control(&relation.to))), rel: "related" })
            .collect();
        let mut parts = vec![Part {
            id: format!("{id}_smt"),
            name: "statement",
            ns: None,
            prose: to_markdown(control.statement.get(self.lang)),
        }];
        if let Some(change) = &control.change {
            parts.push(Part {
                id: format!("{id}_chg"),
                name: "change",
                ns: Some(NAMESPACE),
                prose: to_markdown(change.get(self.lang)),
            });
        }
        model::Control {
            class: String::new(),
            title: to_markdown_line(&title(control, self.lang)),
            props: properties,
            links,
            parts,
            controls: self.tree.of_control(&control.id).iter().map(|control| self.control(control)).collect(),
            id,
        }
    }
}

/// The title, or where that is blank the id: OSCAL has no control without one.
fn title(control: &Control, lang: Lang) -> String {
    let title = one_line(control.title.get(lang));
    if title.is_empty() { control.id.clone() } else { title }
}

/// A fragment of a URI: what is not ASCII is percent-encoded.
fn percent(token: &str) -> String {
    token.bytes().fold(String::with_capacity(token.len()), |mut out, byte| {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
