//! Which column holds what: found by the names in the first row that has enough of them.

use std::collections::BTreeMap;

use sekisho_model::Lang;

use super::words::{Field, field, field_of_option, folded, modality};
use super::{Row, Table};

/// Titles and remarks may stand above the names of the columns, but not more than this.
const HEAD_ROWS: usize = 30;

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    /// Position in the table's rows of the one with the names.
    pub(super) head: usize,
    /// By what they hold; texts may have one per language and one that does not say.
    found: BTreeMap<(Field, Option<Lang>), usize>,
    /// Names of columns that are not known.
    pub(super) unknown: Vec<String>,
}

impl Columns {
    /// The number of a column without language.
    pub(super) fn of(&self, field: Field) -> Option<usize> {
        self.found.get(&(field, None)).copied()
    }

    /// The number of a column in a language.
    pub(super) fn of_language(&self, field: Field, lang: Lang) -> Option<usize> {
        self.found.get(&(field, Some(lang))).copied()
    }

    /// Whether a column of this number is read.
    pub(super) fn reads(&self, column: usize) -> bool {
        self.found.values().any(|found| *found == column)
    }

    fn has(&self, field: Field) -> bool {
        self.found.keys().any(|(found, _)| *found == field)
    }
}

/// The columns; none where no row names those of ids and of titles or texts.
pub(super) fn find(table: &Table, stated: &Stated) -> Option<Columns> {
    let rows = table.rows.iter().take(HEAD_ROWS).enumerate();
    let mut columns = rows
        .map(|(at, row)| named(at, row, stated))
        .find(|c| c.has(Field::Id) && (c.has(Field::Title) || c.has(Field::Text)))?;
    // A column that may be either is how strongly something is asked if most of its cells say so.
    if !columns.has(Field::Modality)
        && let Some(column) = columns.of(Field::Class)
    {
        let cells = table.rows.iter().skip(columns.head + 1).filter_map(|row| row.cell(column));
        let (known, all) =
            cells.fold((0, 0), |(known, all), cell| (known + usize::from(modality(&cell.text).is_some()), all + 1));
        if known * 2 > all {
            columns.found.remove(&(Field::Class, None));
            columns.found.insert((Field::Modality, None), column);
        }
    }
    Some(columns)
}

/// What the user says of columns: it goes before what their names say.
#[derive(Debug, Default)]
pub(super) struct Stated {
    by_name: BTreeMap<String, (Field, Option<Lang>)>,
}

impl Stated {
    /// From pairs such as `title` and `Test name`; the first that is no field is the error.
    pub(super) fn of<'a>(columns: &'a [(&'a str, &'a str)]) -> Result<Self, &'a str> {
        let mut by_name = BTreeMap::new();
        for (field, name) in columns {
            by_name.insert(folded(name), field_of_option(field).ok_or(*field)?);
        }
        Ok(Self { by_name })
    }

    fn field(&self, name: &str) -> Option<(Field, Option<Lang>, usize)> {
        if let Some((field, lang)) = self.by_name.get(&folded(name)) {
            return Some((*field, *lang, 0));
        }
        let found = field(name)?;
        let is_taken = self.by_name.values().any(|(field, lang)| (*field, *lang) == (found.0, found.1));
        (!is_taken).then_some(found)
    }
}

fn named(head: usize, row: &Row, stated: &Stated) -> Columns {
    let mut ranks: BTreeMap<(Field, Option<Lang>), (usize, usize)> = BTreeMap::new();
    let mut unknown = Vec::new();
    for cell in &row.cells {
        let Some((field, lang, rank)) = stated.field(&cell.text) else {
            unknown.push(cell.text.clone());
            continue;
        };
        // Of two columns that may hold the same, the one with the surer name does; the other one is not read.
        match ranks.get(&(field, lang)) {
            Some((_, found)) if *found <= rank => unknown.push(cell.text.clone()),
            Some((column, _)) => {
                let lost = row.cell(*column).map(|cell| cell.text.clone());
                unknown.extend(lost);
                ranks.insert((field, lang), (cell.column, rank));
            }
            None => {
                ranks.insert((field, lang), (cell.column, rank));
            }
        }
    }
    Columns { head, found: ranks.into_iter().map(|(key, (column, _))| (key, column)).collect(), unknown }
}
