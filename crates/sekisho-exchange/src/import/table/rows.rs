//! Rows to controls: every row below the names of the columns is one, or one more mapping of the one above, or is reported.

use std::collections::{BTreeSet, HashMap};

use sekisho_diag::{Place, Problem, nearest};
use sekisho_model::Lang;
use sekisho_model::catalog::ControlKind;

use super::columns::Columns;
use super::words::{self, Field};
use super::{Cell, Row, Table, cell_name};
use crate::import::ImportRequest;
use crate::import::draft::{Draft, DraftControl, DraftGroup, DraftMapping, Words};
use crate::markup::one_line;

/// Characters of a title that is made from a text.
const TITLE: usize = 80;

/// The controls of a table.
pub(super) fn read(table: &Table, columns: &Columns, request: ImportRequest<'_>) -> Result<Draft, Vec<Problem>> {
    let mut reader = Reader {
        columns,
        request,
        objectives: request.catalog.objectives().map(|objective| objective.id.as_str()).collect(),
        draft: Draft::default(),
        by_id: HashMap::new(),
        group: None,
        documents: BTreeSet::new(),
        filled: 0,
        strange: BTreeSet::new(),
        problems: Vec::new(),
    };
    for row in table.rows.iter().skip(columns.head + 1) {
        reader.row(row);
    }
    reader.groups_are_no_controls();
    let Reader { mut draft, problems, filled, strange, .. } = reader;
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut note = |code, message: String| {
        draft.notes.push(Problem::note(code, message).at(Place::file(&table.name)));
    };
    if !columns.unknown.is_empty() {
        let names: Vec<String> = columns.unknown.iter().map(|name| one_line(name).chars().take(40).collect()).collect();
        note("columns-not-read", format!("columns that were not read: {}", names.join(", ")));
    }
    if !strange.is_empty() {
        let words: Vec<&str> = strange.iter().take(12).map(String::as_str).collect();
        note(
            "words-not-known",
            format!("roles and phases that the vocabulary does not have were left out: {}", words.join(", ")),
        );
    }
    if filled > 0 {
        note("group-from-above", format!("rows without a group of their own that got the one above them: {filled}"));
    }
    if columns.of(Field::Modality).is_none() {
        note("no-modality", "no column says how strongly a control asks; all ask alike".to_owned());
    }
    Ok(draft)
}

struct Reader<'a> {
    columns: &'a Columns,
    request: ImportRequest<'a>,
    objectives: BTreeSet<&'a str>,
    draft: Draft,
    /// Where in the draft a control stands.
    by_id: HashMap<String, usize>,
    group: Option<String>,
    documents: BTreeSet<&'a str>,
    filled: usize,
    /// Words in the columns of addressees and phases that the vocabulary does not have.
    strange: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn fail(&mut self, problem: Problem) {
        if self.problems.len() < self.request.limits.problems {
            self.problems.push(problem);
        }
    }

    fn cell(&self, row: &'a Row, field: Field) -> Option<&'a Cell> {
        row.cell(self.columns.of(field)?)
    }

    fn text(&self, row: &'a Row, field: Field) -> Option<&'a str> {
        self.cell(row, field).map(|cell| cell.text.as_str())
    }

    /// The text of a row in the languages in which it has one.
    fn words(&self, row: &Row, field: Field) -> Words {
        let of = |column: Option<usize>| column.and_then(|column| row.cell(column)).map(|cell| cell.text.clone());
        Words {
            en: of(self.columns.of_language(field, Lang::En)),
            ja: of(self.columns.of_language(field, Lang::Ja)),
            plain: of(self.columns.of(field)),
        }
    }

    fn row(&mut self, row: &'a Row) {
        let columns = self.columns;
        for cell in row.cells.iter().filter(|cell| columns.reads(cell.column)) {
            if let Some(fault) = cell.fault {
                self.fail(fault.problem(row.number, cell));
            }
        }
        if let Some(document) = self.text(row, Field::Document) {
            self.documents.insert(document);
            if self.documents.len() == 2 {
                let message = format!("the table holds more than one document: {}", join(&self.documents));
                let place = self.cell(row, Field::Document).map(|cell| cell.place.clone());
                let problem = Problem::error("several-documents", message).hint("import one at a time");
                self.fail(Problem { place, ..problem });
            }
        }
        let (title, text) = (self.words(row, Field::Title), self.words(row, Field::Text));
        let Some(id) = self.cell(row, Field::Id) else {
            return self.without_id(row, &title, &text);
        };
        let mapping = self.mapping(row);
        let name = one_line(&id.text);
        if let Some(&at) = self.by_id.get(&name) {
            self.another(row, at, id, &title, mapping);
            return;
        }
        let (title, statement) = match (title.is_empty(), text.is_empty()) {
            (true, true) => {
                let message = format!("row {} has an id, but neither a title nor a text", row.number);
                return self.fail(Problem::error("no-text", message).at(id.place.clone()));
            }
            (false, true) => (title.clone(), title),
            (true, false) => (shortened(&text), text),
            (false, false) => (title, text),
        };
        let group = self.group(row);
        let modality = self.cell(row, Field::Modality).and_then(|cell| {
            let found = words::modality(&cell.text);
            if found.is_none() {
                let message = format!("{}: '{}' does not say how strongly", at(row, cell), shown(&cell.text));
                let hint = format!("known are {}", words::MODALITIES);
                self.fail(Problem::error("bad-modality", message).at(cell.place.clone()).hint(hint));
            }
            found
        });
        let (addressees, phases) = (self.terms(row, Field::Addressees), self.terms(row, Field::Phases));
        let control = DraftControl {
            id: name.clone(),
            place: id.place.clone(),
            kind: self.text(row, Field::Kind).and_then(words::kind).unwrap_or(ControlKind::Requirement),
            group,
            classes: self.text(row, Field::Class).map(one_line).into_iter().collect(),
            title: title.each(one_line),
            statement,
            modality,
            addressees,
            phases,
            applies_when: self.text(row, Field::AppliesWhen).map(str::to_owned),
            superseded_in: None,
            complete: self.text(row, Field::Complete).is_some_and(|cell| cell.eq_ignore_ascii_case("true")),
            mappings: mapping.into_iter().collect(),
            unmapped: Some(self.words(row, Field::Unmapped)).filter(|words| !words.is_empty()),
            related: Vec::new(),
        };
        self.by_id.insert(name, self.draft.controls.len());
        self.draft.controls.push(control);
    }

    /// A row without id is a heading if it names a group and nothing else; else something would be lost.
    fn without_id(&mut self, row: &'a Row, title: &Words, text: &Words) {
        let is_heading = title.is_empty() && text.is_empty();
        if is_heading {
            if self.cell(row, Field::Group).is_some() {
                self.group(row);
            }
            return;
        }
        let place = row.cells.first().map(|cell| cell.place.clone());
        let problem = Problem::error("no-id", format!("row {} has a text, but no id", row.number))
            .hint("give it one, or take the row out; nothing is left out silently");
        self.fail(Problem { place, ..problem });
    }

    /// A row with an id that was there before: one more mapping of the same control.
    fn another(&mut self, row: &Row, at: usize, id: &Cell, title: &Words, mapping: Option<DraftMapping>) {
        let Some(control) = self.draft.controls.get_mut(at) else { return };
        let is_same = title.is_empty() || title.clone().each(one_line) == control.title;
        match mapping {
            Some(mapping) if is_same => control.mappings.push(mapping),
            _ => {
                let message = format!("row {} has the id '{}' again", row.number, shown(&id.text));
                let first = control.place.clone();
                self.fail(
                    Problem::error("duplicate-id", message)
                        .at(id.place.clone())
                        .hint(format!("it was first seen at {first}")),
                );
            }
        }
    }

    fn mapping(&mut self, row: &'a Row) -> Option<DraftMapping> {
        let objective = self.cell(row, Field::Objective)?;
        let id = one_line(&objective.text);
        if !self.objectives.contains(id.as_str()) {
            let near = nearest(&id, self.objectives.iter().copied());
            let message = format!("{}: unknown objective '{}'", at(row, objective), shown(&id));
            let mut problem = Problem::error("unknown-id", message).at(objective.place.clone());
            if !near.is_empty() {
                problem = problem.hint(format!("did you mean {}?", near.join(" or ")));
            }
            self.fail(problem);
            return None;
        }
        let Some(cell) = self.cell(row, Field::Relation) else {
            let message = format!("row {} names an objective, but no relation to it", row.number);
            let hint = "write equal, subset-of, superset-of or intersects-with into a column called relation (関係)";
            self.fail(Problem::error("no-relation", message).at(objective.place.clone()).hint(hint));
            return None;
        };
        let Some(relation) = words::relation(&cell.text) else {
            let message = format!("{}: unknown relation '{}'", at(row, cell), shown(&cell.text));
            let hint = "known are equal, subset-of, superset-of, intersects-with";
            self.fail(Problem::error("bad-relation", message).at(cell.place.clone()).hint(hint));
            return None;
        };
        let rationale = Some(self.words(row, Field::Rationale)).filter(|words| !words.is_empty());
        Some(DraftMapping { objective: id, relation, rationale })
    }

    /// Words of the vocabulary in a cell, by their ids or labels. Others are the table's own; they are left out, and named in a note.
    fn terms(&mut self, row: &'a Row, field: Field) -> Vec<String> {
        let vocabulary = self.request.catalog.vocabulary();
        let terms = if field == Field::Phases { &vocabulary.phases } else { &vocabulary.roles };
        let find = |word: &str| {
            let is = |label: &str| label.eq_ignore_ascii_case(word);
            terms.iter().find(|term| is(&term.id) || is(&term.label.en) || is(&term.label.ja)).map(|term| &term.id)
        };
        let cell = self.text(row, field).unwrap_or_default();
        let mut found: Vec<String> = Vec::new();
        for part in cell.split([',', ';', '、', '・', '/', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            // A label may have blanks in it, and blanks may stand between ids.
            let whole = find(part).is_some();
            for word in part.split(|c: char| !whole && c.is_whitespace()).filter(|word| !word.is_empty()) {
                match find(word) {
                    Some(id) if !found.contains(id) => found.push(id.clone()),
                    Some(_) => {}
                    None => {
                        self.strange.insert(shown(word));
                    }
                }
            }
        }
        found
    }

    /// The group of a row; where it names none, that of the row above, as merged cells leave it.
    fn group(&mut self, row: &'a Row) -> Option<String> {
        let title = self.words(row, Field::GroupTitle);
        let Some(id) = self.text(row, Field::Group).map(one_line) else {
            self.filled += usize::from(self.group.is_some());
            return self.group.clone();
        };
        if !self.draft.groups.iter().any(|group| group.id == id) {
            let title = if title.is_empty() { Words::plain(id.clone()) } else { title.each(one_line) };
            self.draft.groups.push(DraftGroup { id: id.clone(), title, statement: None, parent: None });
        }
        self.group = Some(id.clone());
        Some(id)
    }

    /// A group with the id of a control is that control.
    fn groups_are_no_controls(&mut self) {
        let by_id = &self.by_id;
        self.draft.groups.retain(|group| !by_id.contains_key(&group.id));
    }
}

impl Words {
    /// The same with `change` made to each text.
    fn each(self, change: impl Fn(&str) -> String) -> Self {
        let change = |text: Option<String>| text.map(|text| change(&text));
        Self { en: change(self.en), ja: change(self.ja), plain: change(self.plain) }
    }
}

/// A title from a text: its first sentence, cut where it is long.
fn shortened(text: &Words) -> Words {
    text.clone().each(|text| {
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let line = one_line(line);
        let end = line.find('。').map(|at| at + '。'.len_utf8()).or_else(|| line.find(". ").map(|at| at + 1));
        let sentence = &line[..end.unwrap_or(line.len())];
        if sentence.chars().count() <= TITLE {
            return sentence.to_owned();
        }
        let cut: String = sentence.chars().take(TITLE - 1).collect();
        format!("{}…", cut.trim_end())
    })
}

fn at(row: &Row, cell: &Cell) -> String {
    format!("row {}, cell {}", row.number, cell_name(row.number, cell.column))
}

/// What a cell holds, short and without what cannot be printed.
pub(super) fn shown(text: &str) -> String {
    let text = one_line(text);
    let short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if text.chars().count() > 60 { format!("{short}…") } else { short }
}

fn join(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", ")
}
