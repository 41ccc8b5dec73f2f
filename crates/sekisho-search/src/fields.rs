//! What can be found, and the texts by which it is found.

use sekisho_catalog::Catalog;
use sekisho_model::Text;
use sekisho_model::catalog::{Concept, Control, Document, Objective, Section};

/// Something that a search finds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry<'a> {
    /// A document as a whole.
    Document(&'a Document),
    /// A section of a document.
    Section(&'a Document, &'a Section),
    /// A control.
    Control(&'a Document, &'a Control),
    /// A concept.
    Concept(&'a Document, &'a Concept),
    /// An objective.
    Objective(&'a Objective),
}

/// A text of an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// How much a word in it counts, against one in the body of a text.
    pub(crate) weight: f32,
    /// Whether it can be shown as an excerpt: the title stands beside the excerpt anyway.
    pub(crate) shown: bool,
    /// The English text.
    pub(crate) en: &'a str,
    /// The Japanese text.
    pub(crate) ja: &'a str,
}

impl<'a> Field<'a> {
    fn title(text: &'a Text) -> Self {
        Self { weight: 3.0, shown: false, en: &text.en, ja: &text.ja }
    }

    fn body(weight: f32, text: &'a Text) -> Self {
        Self { weight, shown: true, en: &text.en, ja: &text.ja }
    }

    fn name(weight: f32, text: &'a str) -> Self {
        Self { weight, shown: false, en: text, ja: "" }
    }
}

impl<'a> Entry<'a> {
    /// All entries of a catalog with their place in it: the position of the document, or of the area, and the position within.
    pub(crate) fn all(catalog: &'a Catalog) -> impl Iterator<Item = (usize, usize, Self)> {
        let documents = catalog.documents().enumerate().flat_map(|(d, document)| {
            let numbered = move |n, entry| (d, n, entry);
            let sections = document.contents.iter().enumerate();
            let controls = document.controls.iter().enumerate();
            let concepts = document.concepts.iter().enumerate();
            std::iter::once((d, 0, Self::Document(document)))
                .chain(sections.map(move |(n, section)| numbered(n, Self::Section(document, section))))
                .chain(controls.map(move |(n, control)| numbered(n, Self::Control(document, control))))
                .chain(concepts.map(move |(n, concept)| numbered(n, Self::Concept(document, concept))))
        });
        let objectives = catalog.areas().iter().enumerate().flat_map(|(a, area)| {
            let objectives = area.objectives.iter().enumerate();
            objectives.map(move |(n, objective)| (a, n, Self::Objective(objective)))
        });
        documents.chain(objectives)
    }

    /// The texts, the weightiest first.
    pub(crate) fn fields(self) -> Vec<Field<'a>> {
        match self {
            Self::Document(document) => {
                let mut fields = vec![
                    Field { weight: 4.0, ..Field::title(&document.title) },
                    Field::name(2.0, &document.publisher.short),
                    Field { weight: 2.0, shown: false, en: &document.publisher.en, ja: &document.publisher.ja },
                    Field::body(1.0, &document.summary),
                    Field::body(0.5, &document.read_first),
                ];
                fields.extend(document.aliases.iter().map(|alias| Field::name(2.0, alias)));
                fields
            }
            Self::Section(_, section) => {
                let mut fields = vec![Field::title(&section.title)];
                fields.extend(section.summary.as_ref().map(|summary| Field::body(1.0, summary)));
                fields
            }
            Self::Control(document, control) => {
                let mut fields = vec![Field::title(&control.title), Field::body(1.0, &control.statement)];
                fields.extend(control.change.as_ref().map(|change| Field::body(0.3, change)));
                fields.extend(group_title(document, control.group.as_deref()));
                fields
            }
            Self::Concept(document, concept) => {
                let mut fields = vec![Field::title(&concept.title)];
                fields.extend(concept.statement.as_ref().map(|statement| Field::body(1.0, statement)));
                fields.extend(group_title(document, concept.parent.as_deref()));
                fields
            }
            Self::Objective(objective) => vec![
                Field::title(&objective.title),
                Field::body(1.5, &objective.question),
                Field::body(1.0, &objective.met_when),
                Field::body(0.7, &objective.intent),
                Field::body(0.4, &objective.advice),
                Field::body(0.4, &objective.how_to_check),
            ],
        }
    }

    /// What it is called.
    pub(crate) fn title(self) -> &'a Text {
        match self {
            Self::Document(document) => &document.title,
            Self::Section(_, section) => &section.title,
            Self::Control(_, control) => &control.title,
            Self::Concept(_, concept) => &concept.title,
            Self::Objective(objective) => &objective.title,
        }
    }

    /// The document it stands in.
    pub(crate) fn document(self) -> Option<&'a Document> {
        match self {
            Self::Document(document)
            | Self::Section(document, _)
            | Self::Control(document, _)
            | Self::Concept(document, _) => Some(document),
            Self::Objective(_) => None,
        }
    }

    /// The names by which exactly this is meant.
    pub(crate) fn names(self) -> Vec<&'a str> {
        match self {
            Self::Document(document) => {
                let aliases = document.aliases.iter().map(String::as_str);
                std::iter::once(document.id.as_str()).chain(aliases).collect()
            }
            Self::Section(..) => Vec::new(),
            Self::Control(_, control) => vec![&control.id],
            Self::Concept(_, concept) => vec![&concept.id],
            Self::Objective(objective) => vec![&objective.id],
        }
    }
}

/// The title of the concept, control or section that something stands under.
fn group_title<'a>(document: &'a Document, group: Option<&str>) -> Option<Field<'a>> {
    let group = group?;
    let concept = || document.concepts.iter().find(|concept| concept.id == group).map(|concept| &concept.title);
    let control = || document.controls.iter().find(|control| control.id == group).map(|control| &control.title);
    let section = || document.contents.iter().find(|section| section.no == group).map(|section| &section.title);
    let title = concept().or_else(control).or_else(section)?;
    Some(Field { weight: 0.5, ..Field::title(title) })
}
