//! From what was read to a document of the catalog, and to its file.

use std::collections::BTreeSet;

use sekisho_diag::{Place, Problem};
use sekisho_model::catalog::{
    Basis, Binding, Concept, ConceptKind, Control, Detail, Document, DocumentKind, Force, Licence, Mapping,
    NOT_YET_MAPPED, Provenance, Publisher, Reading, Relation, RelationKind, Status,
};
use sekisho_model::{Lang, Text};

use super::draft::{Draft, DraftControl, Words};
use super::harmless;
use super::language::Languages;
use super::{ImportRequest, Imported};
use crate::markup::one_line;
use crate::yaml::Yaml;

/// The document of a draft with its file.
pub(super) fn write(mut draft: Draft, request: ImportRequest<'_>) -> Result<Imported, Vec<Problem>> {
    if draft.controls.is_empty() {
        return Err(vec![request.problem("no-controls", "there is no control in the file")]);
    }
    if let Some(title) = request.title {
        draft.title = Some(Words::plain(one_line(title)));
    }
    let tricks = harmless::make(&mut draft);
    duplicates(&draft, request)?;
    let languages = Languages::of(&draft, request.language).map_err(|mixed| {
        let message = format!(
            "no language has all texts: '{}' has no English text, '{}' no Japanese one",
            mixed.without_en, mixed.without_ja
        );
        vec![request.problem("mixed-languages", message).hint("fill in one of the two languages throughout")]
    })?;
    let mut notes = std::mem::take(&mut draft.notes);
    if tricks > 0 {
        let message = format!("{tricks} characters that cannot be seen or turn the direction of writing were left out");
        notes.push(Problem::warning("invisible-characters", message).at(Place::file(request.file)));
    }
    if let Some(only) = languages.only {
        let message =
            format!("the texts exist in '{only}' only; the document says so, and they are shown untranslated");
        notes.push(Problem::note("one-language", message).at(Place::file(request.file)));
    }
    let document = document(&draft, languages, request);
    let unmapped = document.controls.iter().filter(|control| control.mappings.is_empty()).count();
    if unmapped > 0 {
        let message = format!("{unmapped} of {} controls are not yet mapped to objectives", document.controls.len());
        let hint = "each has the reason 'not yet mapped'; replace it with mappings, as CONTRIBUTING.md describes them";
        notes.push(Problem::note("not-yet-mapped", message).at(Place::file(request.file)).hint(hint));
    }
    let yaml = Yaml::of(&document)
        .map_err(|error| vec![request.problem("not-written", format!("the document cannot be written: {error}"))])?
        .write();
    let name = base_name(request.file);
    let yaml = format!("# Imported from {name} on {}\n{yaml}", date(request));
    Ok(Imported { document, yaml, notes })
}

/// Every id that two controls have, at the second one's place. Ids are found in any case, so case does not tell two apart.
fn duplicates(draft: &Draft, request: ImportRequest<'_>) -> Result<(), Vec<Problem>> {
    let mut seen = BTreeSet::new();
    let problems: Vec<Problem> = draft
        .controls
        .iter()
        .filter(|control| control.id.is_empty() || !seen.insert(control.id.to_lowercase()))
        .take(request.limits.problems)
        .map(|control| {
            if control.id.is_empty() {
                return Problem::error("no-id", "a control has an id that cannot be seen").at(control.place.clone());
            }
            Problem::error("duplicate-id", format!("the control '{}' exists already", control.id))
                .at(control.place.clone())
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn date(request: ImportRequest<'_>) -> String {
    let (year, month, day) = request.today.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

fn document(draft: &Draft, languages: Languages, request: ImportRequest<'_>) -> Document {
    let title = draft.title.as_ref().and_then(|title| languages.text(title));
    let title = title.unwrap_or_else(|| Text::new(request.id, request.id));
    let publisher = request.publisher.map(one_line).or_else(|| draft.publisher.clone()).filter(|name| !name.is_empty());
    let publisher = match publisher {
        Some(name) => Publisher {
            short: match (&draft.publisher_short, request.publisher) {
                (Some(short), None) => short.clone(),
                _ => name.clone(),
            },
            en: name.clone(),
            ja: name,
        },
        None => Publisher { en: "Own organisation".into(), ja: "自組織".into(), short: "own".into() },
    };
    let count = draft.controls.len();
    let ids: BTreeSet<&str> =
        draft.controls.iter().map(|c| c.id.as_str()).chain(draft.groups.iter().map(|g| g.id.as_str())).collect();
    let notes = format!(
        "Imported on {}, word for word where the file has the text. What the file does not say has the value that claims least.",
        date(request)
    );
    Document {
        id: request.id.to_owned(),
        aliases: Vec::new(),
        handbook: None,
        kind: DocumentKind::Standard,
        publisher,
        title,
        edition: draft.edition.clone(),
        published: draft.published.clone().unwrap_or_else(|| date(request)),
        earlier_editions: Vec::new(),
        status: Status::Current,
        successors: Vec::new(),
        url: draft.url.clone().unwrap_or_else(|| format!("file:{}", base_name(request.file))),
        languages: match languages.only {
            Some(only) => vec![only.tag().to_owned()],
            None => Lang::ALL.map(|lang| lang.tag().to_owned()).into(),
        },
        only_language: languages.only,
        pages: None,
        licence: Licence {
            original: draft.licence.clone().unwrap_or_else(|| "not stated in the imported file".to_owned()),
            text: if draft.is_paraphrase { "paraphrase" } else { "original" }.to_owned(),
        },
        binding: vec![Binding { force: Force::Voluntary, market: None, since: None, note: None }],
        audience: Vec::new(),
        industries: vec!["cross-sector".to_owned()],
        layers: Vec::new(),
        phases: Vec::new(),
        detail: Detail::Detailed,
        summary: Text::new(format!("Imported: {count} controls."), format!("取り込んだ文書。項目は{count}件。")),
        read_first: Text::new("Not stated in the imported file.", "取り込んだファイルに記載なし。"),
        contents: Vec::new(),
        conditions: Vec::new(),
        provenance: Reading { seen_at: vec![base_name(request.file)], notes: Some(notes) },
        controls: draft.controls.iter().map(|c| control(c, &ids, languages, request)).collect(),
        concepts: concepts(draft, languages),
    }
}

fn control(draft: &DraftControl, ids: &BTreeSet<&str>, languages: Languages, request: ImportRequest<'_>) -> Control {
    let text = |words: &Words| languages.text(words).unwrap_or_else(|| Text::new(&draft.id, &draft.id));
    let mappings: Vec<Mapping> = draft
        .mappings
        .iter()
        .map(|mapping| Mapping {
            objective: mapping.objective.clone(),
            relation: mapping.relation,
            decided_by: Vec::new(),
            rationale: mapping.rationale.as_ref().and_then(|words| languages.text(words)).unwrap_or_else(|| {
                Text::new(
                    "Stated in the imported file, without a reason.",
                    "取り込んだファイルの記載による。理由の記載なし。",
                )
            }),
        })
        .collect();
    let unmapped = mappings.is_empty().then(|| {
        let stated = draft.unmapped.as_ref().and_then(|words| languages.text(words));
        stated.unwrap_or_else(|| Text::new(NOT_YET_MAPPED[0], NOT_YET_MAPPED[1]))
    });
    let mut related: Vec<&str> = draft.related.iter().map(String::as_str).collect();
    related.retain(|to| ids.contains(to) && *to != draft.id);
    Control {
        id: draft.id.clone(),
        kind: draft.kind,
        group: draft.group.clone().filter(|group| ids.contains(group.as_str())),
        section: None,
        classes: draft.classes.clone(),
        title: text(&draft.title),
        statement: text(&draft.statement),
        modality: draft.modality.unwrap_or(request.modality),
        addressees: draft.addressees.clone(),
        phases: draft.phases.clone(),
        applies_when: draft.applies_when.clone(),
        editions: Vec::new(),
        change: None,
        superseded_in: draft.superseded_in.clone(),
        provenance: Provenance { basis: Basis::Source, seen_at: None },
        complete: draft.complete && !mappings.is_empty(),
        mappings,
        inherits: None,
        unmapped,
        relations: related.into_iter().map(|to| Relation { to: to.to_owned(), kind: RelationKind::Related }).collect(),
    }
}

fn concepts(draft: &Draft, languages: Languages) -> Vec<Concept> {
    let title = |words: &Words, id: &str| languages.text(words).unwrap_or_else(|| Text::new(id, id));
    draft
        .groups
        .iter()
        .map(|group| Concept {
            id: group.id.clone(),
            kind: ConceptKind::RequirementGroup,
            title: title(&group.title, &group.id),
            statement: group.statement.as_ref().and_then(|words| languages.text(words)),
            parent: group.parent.clone(),
            severity: None,
            addressees: Vec::new(),
            relations: Vec::new(),
            provenance: Provenance { basis: Basis::Source, seen_at: None },
        })
        .collect()
}

/// The file's name without the folders that it lay in, which are nobody else's business.
fn base_name(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.chars().map(|c| if harmless::is_trick(c) || c == '\n' { '\u{fffd}' } else { c }).collect()
}
