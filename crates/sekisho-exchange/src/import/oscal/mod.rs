//! OSCAL catalogs: groups, controls and the controls in them, parameters in their places, statements with their items.

mod model;
mod params;
mod prose;

use std::collections::BTreeSet;

use sekisho_diag::{Place, Problem};
use sekisho_model::Lang;
use sekisho_model::catalog::{ControlKind, Modality};
use serde::Deserialize;
use serde_json::Value;

use self::model::{Catalog, Control, File, Group, Metadata, ours, prop};
use self::params::{Params, TooLong};
use super::draft::{Draft, DraftControl, DraftGroup, Words};
use super::{ControlIds, ImportRequest};
use crate::markup::{one_line, to_plain};

/// Reads a catalog, JSON or YAML.
pub(super) fn read(request: ImportRequest<'_>) -> Result<Draft, Vec<Problem>> {
    let text = sekisho_yaml::text(request.file, request.bytes).map_err(|problem| vec![problem])?;
    let is_json = text.trim_start().starts_with('{');
    if is_json {
        let file = serde_json::from_str(text).map_err(|error| {
            let place = Place::text(request.file, error.line().max(1), error.column().max(1));
            let message = error.to_string();
            // The place is said by itself.
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            vec![not_oscal(format!("this is not an OSCAL catalog: {message}")).at(place)]
        })?;
        return of_file(&file, request);
    }
    let limits = sekisho_yaml::Limits::default();
    let document = sekisho_yaml::Document::parse(request.file, request.bytes, &limits).map_err(|found| found.0)?;
    let value: Value = document.to_json();
    if !value.is_object() {
        let problem = not_oscal("this is not an OSCAL catalog: it should begin with `catalog`".to_owned());
        return Err(vec![problem.at(Place::file(request.file))]);
    }
    // Nothing can be borrowed from the value, but the types do not mind.
    let file = File::deserialize(&value).map_err(|error| {
        vec![not_oscal(format!("this is not an OSCAL catalog: {error}")).at(Place::file(request.file))]
    })?;
    of_file(&file, request)
}

fn not_oscal(message: String) -> Problem {
    Problem::error("not-oscal", message)
}

fn of_file(file: &File<'_>, request: ImportRequest<'_>) -> Result<Draft, Vec<Problem>> {
    let Some(catalog) = &file.catalog else {
        let problem = request.problem("not-oscal", "there is no `catalog` in the file");
        return Err(vec![
            problem.hint("a profile must be resolved to a catalog first; other OSCAL files have no controls"),
        ]);
    };
    let mut reader = Reader {
        request,
        params: Params::of(catalog),
        labels: labels(catalog),
        group_ids: BTreeSet::new(),
        control_ids: BTreeSet::new(),
        draft: of_metadata(&catalog.metadata),
        text: 0,
        problems: Vec::new(),
    };
    each_control(catalog, &mut |control| {
        let id = reader.id(control);
        reader.control_ids.insert(id);
    });
    reader.controls(&catalog.controls, None);
    for group in &catalog.groups {
        reader.group(group, None);
    }
    if reader.problems.is_empty() { Ok(reader.draft) } else { Err(reader.problems) }
}

fn of_metadata(metadata: &Metadata<'_>) -> Draft {
    let by = |role: &str| {
        let found = metadata.responsible_parties.iter().find(|party| party.role_id == role);
        let uuid = found.and_then(|party| party.party_uuids.first())?;
        metadata.parties.iter().find(|party| party.uuid == *uuid)
    };
    let publisher = by("publisher").or_else(|| by("creator")).or_else(|| metadata.parties.first());
    let date = metadata.published.as_deref().or(metadata.last_modified.as_deref()).and_then(|at| at.get(..10));
    let stated = ours(&metadata.props, "document-published").next();
    let url = metadata.links.iter().find(|link| {
        matches!(link.rel.as_deref(), Some("canonical" | "reference" | "alternate")) && link.href.starts_with("http")
    });
    Draft {
        title: Some(Words::plain(one_line(&to_plain(&metadata.title)))).filter(|t| t.plain.as_deref() != Some("")),
        publisher: publisher.and_then(|party| party.name.as_deref()).map(one_line),
        publisher_short: publisher.and_then(|party| party.short_name.as_deref()).map(one_line),
        edition: metadata.version.as_deref().map(one_line).filter(|version| !version.is_empty()),
        published: stated.or(date).filter(|date| is_date(date)).map(str::to_owned),
        url: url.map(|link| one_line(&link.href)),
        licence: ours(&metadata.props, "document-licence").next().map(str::to_owned),
        is_paraphrase: ours(&metadata.props, "document-text").next() == Some("paraphrase"),
        language: ours(&metadata.props, "language").next().and_then(|tag| tag.parse::<Lang>().ok()),
        ..Draft::default()
    }
}

/// Whether a text is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('-');
    parts.next().is_some_and(|year| digits(year, 4)) && text.len() <= 10 && parts.all(|part| digits(part, 2))
}

/// Calls `each` with every control, those inside others after them.
fn each_control<'c>(catalog: &'c Catalog<'c>, each: &mut dyn FnMut(&'c Control<'c>)) {
    fn controls<'c>(list: &'c [Control<'c>], each: &mut dyn FnMut(&'c Control<'c>)) {
        for control in list {
            each(control);
            controls(&control.controls, each);
        }
    }
    fn group<'c>(of: &'c Group<'c>, each: &mut dyn FnMut(&'c Control<'c>)) {
        controls(&of.controls, each);
        of.groups.iter().for_each(|inner| group(inner, each));
    }
    controls(&catalog.controls, each);
    catalog.groups.iter().for_each(|of| group(of, each));
}

/// The labels that one control only has.
fn labels<'c>(catalog: &'c Catalog<'c>) -> BTreeSet<&'c str> {
    let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
    each_control(catalog, &mut |control| {
        if let Some(label) = prop(&control.props, "label")
            && !once.insert(label)
        {
            twice.insert(label);
        }
    });
    &once - &twice
}

struct Reader<'c> {
    request: ImportRequest<'c>,
    params: Params<'c>,
    labels: BTreeSet<&'c str>,
    group_ids: BTreeSet<String>,
    control_ids: BTreeSet<String>,
    draft: Draft,
    /// Bytes of text so far.
    text: usize,
    problems: Vec<Problem>,
}

impl<'c> Reader<'c> {
    /// The id that the control gets. A file of ours says what it was called before it went through OSCAL.
    fn id(&self, control: &Control<'_>) -> String {
        if let Some(id) = ours(&control.props, "id").next() {
            return id.to_owned();
        }
        let label = prop(&control.props, "label").filter(|label| self.labels.contains(label));
        match (self.request.ids, label) {
            (ControlIds::Label, Some(label)) => label.to_owned(),
            _ => control.id.trim().to_owned(),
        }
    }

    fn fail(&mut self, code: &'static str, message: String) {
        if self.problems.len() < self.request.limits.problems {
            let problem = self.request.problem(code, message);
            self.problems.push(problem);
        }
    }

    /// A text with its parameters in place. Counts it.
    fn plain(&mut self, id: &str, text: &str) -> String {
        let left = self.request.limits.cell.min(self.request.limits.text.saturating_sub(self.text));
        if let Ok(text) = self.params.plain(text, left) {
            self.text += text.len();
            text
        } else {
            let TooLong = TooLong;
            self.fail("too-large", format!("the text of '{id}' is longer than what is read ({left} bytes are left)"));
            String::new()
        }
    }

    fn group(&mut self, group: &'c Group<'c>, parent: Option<&str>) {
        let wanted = ours(&group.props, "id").next().or(group.id.as_deref()).map_or("group", str::trim);
        let mut id = wanted.to_owned();
        let mut count = 1;
        while self.control_ids.contains(&id) || !self.group_ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}-group-{count}");
        }
        let title = one_line(&self.plain(&id, &group.title));
        let statement = prose::of_group(group);
        let statement = (!statement.is_empty()).then(|| self.plain(&id, &statement));
        self.draft.groups.push(DraftGroup {
            title: Words::plain(if title.is_empty() { id.clone() } else { title }),
            statement: statement.filter(|text| !text.trim().is_empty()).map(Words::plain),
            parent: parent.map(str::to_owned),
            id: id.clone(),
        });
        self.controls(&group.controls, Some(&id));
        for inner in &group.groups {
            self.group(inner, Some(&id));
        }
    }

    fn controls(&mut self, controls: &'c [Control<'c>], group: Option<&str>) {
        for control in controls {
            if self.draft.controls.len() >= self.request.limits.rows {
                let limit = self.request.limits.rows;
                if self.problems.iter().all(|problem| problem.code != "too-many-controls") {
                    self.fail("too-many-controls", format!("there are more than {limit} controls"));
                }
                return;
            }
            let id = self.control(control, group);
            self.controls(&control.controls, Some(&id));
        }
    }

    fn control(&mut self, control: &'c Control<'c>, group: Option<&str>) -> String {
        let id = self.id(control);
        if id.is_empty() {
            self.fail("no-id", "a control has an empty id".to_owned());
        }
        let title = one_line(&self.plain(&id, &control.title));
        let title = if title.is_empty() { id.clone() } else { title };
        let withdrawn = prop(&control.props, "status").is_some_and(|status| status.eq_ignore_ascii_case("withdrawn"));
        let statement = prose::of_control(control);
        let mut statement = self.plain(&id, &statement).trim().to_owned();
        if statement.is_empty() {
            let moved: Vec<&str> = control
                .links
                .iter()
                .filter(|link| matches!(link.rel.as_deref(), Some("incorporated-into" | "moved-to")))
                .filter_map(|link| link.href.strip_prefix('#'))
                .collect();
            statement = match (withdrawn, moved.is_empty()) {
                (true, false) => format!("Withdrawn: incorporated into {}.", moved.join(", ")),
                (true, true) => "Withdrawn.".to_owned(),
                _ => title.clone(),
            };
        }
        let edition = || self.draft.edition.clone().unwrap_or_else(|| "this".to_owned());
        let superseded_in = match ours(&control.props, "superseded-in").next() {
            Some(edition) => Some(edition.to_owned()),
            None => withdrawn.then(edition),
        };
        let words = |name| ours(&control.props, name).next().unwrap_or_default().split(' ').filter(|w| !w.is_empty());
        let related = control
            .links
            .iter()
            .filter(|link| matches!(link.rel.as_deref(), Some("related" | "required")))
            .filter_map(|link| link.href.strip_prefix('#'));
        let draft = DraftControl {
            place: Place::file(self.request.file),
            kind: enumerated(ours(&control.props, "kind").next()).unwrap_or(ControlKind::Requirement),
            group: group.map(str::to_owned),
            classes: ours(&control.props, "class").map(str::to_owned).collect(),
            title: Words::plain(title),
            statement: Words::plain(statement),
            modality: enumerated::<Modality>(ours(&control.props, "modality").next()),
            addressees: words("addressees").map(str::to_owned).collect(),
            phases: words("phases").map(str::to_owned).collect(),
            applies_when: ours(&control.props, "applies-when").next().map(str::to_owned),
            superseded_in,
            complete: false,
            mappings: Vec::new(),
            unmapped: None,
            related: related.map(str::to_owned).collect(),
            id: id.clone(),
        };
        self.draft.controls.push(draft);
        id
    }
}

/// A value of an enumeration by its word.
fn enumerated<'a, T: Deserialize<'a>>(word: Option<&'a str>) -> Option<T> {
    T::deserialize(serde::de::value::BorrowedStrDeserializer::<serde::de::value::Error>::new(word?)).ok()
}
