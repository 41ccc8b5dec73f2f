//! Libraries of CISO Assistant (YAML): a framework per document and one of the hub, and a set of mappings per document.
//!
//! The shape is that of its public library format. Texts are in the language asked for, with the other one as translation where it exists.
//! There, URNs do not tell case apart, and a library that others depend on is loaded with them.

use std::collections::BTreeMap;

use sekisho_model::catalog::{Document, Relationship};
use sekisho_model::{Lang, Text};

use super::groups::{Entry, Tree};
use super::{ExportFile, ExportRequest, HUB, about, how_mapped, hub_description, hub_title, is_imported, publisher};
use crate::identity::{Unique, urn_part};
use crate::markup::one_line;
use crate::yaml::Yaml;

/// The files: `frameworks/ID.yaml`, `frameworks/sekisho-objectives.yaml`, `mappings/ID.yaml`.
pub(super) fn export(request: ExportRequest<'_>) -> Vec<ExportFile> {
    let mut files = Vec::new();
    let mut mappings = Vec::new();
    for document in request.documents.iter().filter(|document| !document.controls.is_empty()) {
        let urns = urns(document);
        let id = &document.id;
        files.push(file(format!("frameworks/{id}.yaml"), &framework(document, &urns, request)));
        if let Some(library) = mapping_set(document, &urns, request) {
            mappings.push(file(format!("mappings/{id}-to-{HUB}.yaml"), &library));
        }
    }
    files.push(file(format!("frameworks/{HUB}.yaml"), &hub(request)));
    files.extend(mappings);
    files
}

fn file(path: String, library: &Yaml) -> ExportFile {
    ExportFile { path, content: library.write() }
}

fn urn(kind: &str, rest: &str) -> String {
    format!("urn:sekisho:risk:{kind}:{rest}")
}

/// The URN of each group and control: groups by `Err`, controls by `Ok`.
type Urns<'a> = BTreeMap<Result<&'a str, &'a str>, String>;

fn urns(document: &Document) -> Urns<'_> {
    let mut unique = Unique::default();
    let mut urns = Urns::new();
    for (_, _, entry) in Tree::of(document).flat() {
        let key = key(entry);
        let (Ok(id) | Err(id)) = key;
        let part: String = urn_part(id).chars().take(ID_LENGTH).collect();
        urns.insert(key, urn("req_node", &format!("{}:{}", document.id, unique.take(&part))));
    }
    urns
}

fn key(entry: Entry<'_>) -> Result<&str, &str> {
    match entry {
        Entry::Group(id, _) => Err(id),
        Entry::Control(control) => Ok(&control.id),
    }
}

/// How many characters CISO Assistant's database takes.
const LENGTHS: [(&str, usize); 5] =
    [("name", 200), ("ref_id", 100), ("provider", 200), ("packager", 100), ("copyright", 4096)];

/// Characters of an id within a URN, all of which has at most 255.
const ID_LENGTH: usize = 100;

fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit - 1).collect();
    cut.push('…');
    cut
}

/// Fields of a mapping in the order in which they are written, those without value left out.
struct Fields(Vec<(String, Yaml)>);

impl Fields {
    fn text(mut self, name: &str, value: &str) -> Self {
        let value = value.trim();
        if !value.is_empty() {
            let limit = LENGTHS.iter().find(|(limited, _)| *limited == name).map_or(usize::MAX, |(_, limit)| *limit);
            self.0.push((name.to_owned(), Yaml::Text(cut(value, limit))));
        }
        self
    }

    fn value(mut self, name: &str, value: Yaml) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// `name` and `description` in the language of the library, and as a translation in the other one where it is one.
    fn texts(mut self, name: &Text, description: Option<&Text>, lang: Lang, translated: bool) -> Self {
        let get = |lang: Lang| (one_line(name.get(lang)), description.map(|d| d.get(lang).trim()).unwrap_or_default());
        let (here, text) = get(lang);
        self = self.text("name", &here).text("description", text);
        if translated {
            let other = if lang == Lang::En { Lang::Ja } else { Lang::En };
            let (there, text) = get(other);
            let translation = Self(Vec::new()).text("name", &there).text("description", text);
            self = self.value("translations", Yaml::Map(vec![(other.tag().to_owned(), translation.done())]));
        }
        self
    }

    fn done(self) -> Yaml {
        Yaml::Map(self.0)
    }
}

/// What a library begins with.
struct Library<'a> {
    id: String,
    name: Text,
    description: Text,
    copyright: &'a str,
    date: String,
    provider: &'a str,
    translated: bool,
    dependencies: Vec<String>,
}

impl Library<'_> {
    fn with(self, objects: Yaml, lang: Lang) -> Yaml {
        let mut fields = Fields(Vec::new())
            .text("urn", &urn("library", &self.id))
            .text("locale", lang.tag())
            .text("ref_id", &self.id)
            .texts(&self.name, Some(&self.description), lang, self.translated)
            .text("copyright", self.copyright)
            .value("version", Yaml::Integer(1))
            .text("publication_date", &self.date)
            .text("provider", self.provider)
            .text("packager", "sekisho");
        if !self.dependencies.is_empty() {
            let dependencies = self.dependencies.into_iter().map(Yaml::Text).collect();
            fields = fields.value("dependencies", Yaml::List(dependencies));
        }
        fields.value("objects", objects).done()
    }
}

fn framework(document: &Document, urns: &Urns<'_>, request: ExportRequest<'_>) -> Yaml {
    let (id, lang) = (&document.id, request.lang);
    let translated = document.only_language.is_none();
    let nodes = Tree::of(document)
        .flat()
        .into_iter()
        .map(|(depth, parent, entry)| {
            let parent = parent.and_then(|parent| urns.get(&Err(parent)).or_else(|| urns.get(&Ok(parent))));
            let node = Fields(Vec::new())
                .text("urn", urns.get(&key(entry)).map_or("", String::as_str))
                .value("assessable", Yaml::Bool(matches!(entry, Entry::Control(_))))
                .value("depth", Yaml::Integer(i64::try_from(depth).unwrap_or(1)))
                .text("parent_urn", parent.map_or("", String::as_str));
            match entry {
                Entry::Group(group, title) => {
                    let name = title.cloned().unwrap_or_else(|| Text::new(group, group));
                    let node = node.text("ref_id", group);
                    node.texts(&name, None, lang, translated && title.is_some()).done()
                }
                Entry::Control(control) => node
                    .text("ref_id", &control.id)
                    .texts(&control.title, Some(&control.statement), lang, translated)
                    .done(),
            }
        })
        .collect();
    let about = Text::new(
        format!("{} {}", document.summary.en.trim(), about(document, Lang::En)),
        format!("{}{}", document.summary.ja.trim(), about(document, Lang::Ja)),
    );
    let name = Text::new(one_line(&document.title.en), one_line(&document.title.ja));
    let framework = Fields(Vec::new())
        .text("urn", &urn("framework", id))
        .text("ref_id", id)
        .texts(&name, Some(&about), lang, translated)
        .value("requirement_nodes", Yaml::List(nodes))
        .done();
    let library = Library {
        id: id.clone(),
        name,
        description: about,
        copyright: &document.licence.original,
        date: full_date(&document.published),
        provider: publisher(document, lang),
        translated,
        dependencies: Vec::new(),
    };
    library.with(Yaml::Map(vec![("framework".to_owned(), framework)]), lang)
}

/// A date with month and day, the first where the document does not say.
fn full_date(published: &str) -> String {
    match published.len() {
        4 => format!("{published}-01-01"),
        7 => format!("{published}-01"),
        _ => published.to_owned(),
    }
}

fn objective_urn(id: &str) -> String {
    urn("req_node", &format!("{HUB}:{}", urn_part(id)))
}

fn hub(request: ExportRequest<'_>) -> Yaml {
    let lang = request.lang;
    let mut nodes = Vec::new();
    for area in request.catalog.areas() {
        let parent = urn("req_node", &format!("{HUB}:area:{}", urn_part(&area.area)));
        let node = Fields(Vec::new())
            .text("urn", &parent)
            .value("assessable", Yaml::Bool(false))
            .value("depth", Yaml::Integer(1))
            .text("ref_id", &area.area)
            .texts(&area.title, None, lang, true);
        nodes.push(node.done());
        for objective in &area.objectives {
            let node = Fields(Vec::new())
                .text("urn", &objective_urn(&objective.id))
                .value("assessable", Yaml::Bool(true))
                .value("depth", Yaml::Integer(2))
                .text("parent_urn", &parent)
                .text("ref_id", &objective.id)
                .text("annotation", objective.advice.get(lang))
                .text("typical_evidence", objective.how_to_check.get(lang))
                .texts(&objective.title, Some(&objective.met_when), lang, true);
            nodes.push(node.done());
        }
    }
    let framework = Fields(Vec::new())
        .text("urn", &urn("framework", HUB))
        .text("ref_id", HUB)
        .texts(&hub_title(), Some(&hub_description()), lang, true)
        .value("requirement_nodes", Yaml::List(nodes))
        .done();
    library_of_sekisho(HUB.to_owned(), hub_title(), hub_description(), Vec::new(), request)
        .with(Yaml::Map(vec![("framework".to_owned(), framework)]), lang)
}

fn mapping_set(document: &Document, urns: &Urns<'_>, request: ExportRequest<'_>) -> Option<Yaml> {
    let mut mappings = Vec::new();
    for control in &document.controls {
        let Some(source) = urns.get(&Ok(control.id.as_str())) else { continue };
        for mapping in &control.mappings {
            let entry = Fields(Vec::new())
                .text("source_requirement_urn", source)
                .text("target_requirement_urn", &objective_urn(&mapping.objective))
                .text("relationship", relationship(mapping.relation))
                .text("rationale", "semantic")
                .text("annotation", mapping.rationale.get(request.lang));
            mappings.push(entry.done());
        }
    }
    if mappings.is_empty() {
        return None;
    }
    let id = format!("mapping-{}-to-{HUB}", document.id);
    let (title, hub) = (&document.title, hub_title());
    let name = Text::new(format!("{} -> {}", title.en, hub.en), format!("{} → {}", title.ja, hub.ja));
    let set = Fields(Vec::new())
        .text("urn", &urn("req_mapping_set", &format!("{}-to-{HUB}", document.id)))
        .text("ref_id", &id)
        .texts(&name, None, request.lang, true)
        .text("source_framework_urn", &urn("framework", &document.id))
        .text("target_framework_urn", &urn("framework", HUB))
        .value("requirement_mappings", Yaml::List(mappings))
        .done();
    let dependencies = vec![urn("library", &document.id), urn("library", HUB)];
    let mut library = library_of_sekisho(id, name, how_mapped(document), dependencies, request);
    if is_imported(document) {
        library.copyright = &document.licence.original;
        library.provider = publisher(document, request.lang);
    }
    let sets = Yaml::List(vec![set]);
    Some(library.with(Yaml::Map(vec![("requirement_mapping_sets".to_owned(), sets)]), request.lang))
}

fn library_of_sekisho(
    id: String,
    name: Text,
    description: Text,
    dependencies: Vec<String>,
    request: ExportRequest<'_>,
) -> Library<'static> {
    let (year, month, day) = request.now.to_calendar_date();
    Library {
        id,
        name,
        description,
        copyright: "CC BY 4.0",
        date: format!("{year:04}-{:02}-{day:02}", u8::from(month)),
        provider: "Sekisho",
        translated: true,
        dependencies,
    }
}

/// CISO Assistant's word for a relationship, read from the source.
fn relationship(relation: Relationship) -> &'static str {
    match relation {
        Relationship::Equal => "equal",
        Relationship::SubsetOf => "subset",
        Relationship::SupersetOf => "superset",
        Relationship::IntersectsWith => "intersect",
    }
}
