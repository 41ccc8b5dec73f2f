//! Tables: CSV and workbooks, rows and columns of texts that know where they stand.

mod columns;
mod csv;
mod encoding;
mod rows;
mod words;
mod xlsx;

use sekisho_diag::{Place, Problem};

use super::ImportRequest;
use super::draft::Draft;

/// A table.
#[derive(Debug)]
struct Table {
    /// How the table is named in problems: the file, and of a workbook the sheet.
    name: String,
    rows: Vec<Row>,
}

/// A row with at least one cell.
#[derive(Debug)]
struct Row {
    /// Number of the row, from 1, as a spreadsheet shows it.
    number: usize,
    cells: Vec<Cell>,
}

/// A cell that is not blank.
#[derive(Debug)]
struct Cell {
    /// Number of the column, from 0.
    column: usize,
    text: String,
    place: Place,
    fault: Option<Fault>,
}

/// Why a cell has no text that could be used. It matters only where the cell does.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Date,
    Error,
}

impl Fault {
    fn problem(self, row: usize, cell: &Cell) -> Problem {
        let at = cell_name(row, cell.column);
        let problem = match self {
            Self::Date => Problem::error("date-cell", format!("the cell {at} is a date")).hint(
                "a spreadsheet turns ids such as 1-2 into dates: set the cell's format to text and enter it again",
            ),
            Self::Error => Problem::error("error-cell", format!("the cell {at} is an error: {}", cell.text)),
        };
        problem.at(cell.place.clone())
    }
}

impl Row {
    /// The cell in a column.
    fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().and_then(|at| self.cells.get(at))
    }
}

/// Collects the cells of a table and holds them against the limits.
struct Builder<'a> {
    request: ImportRequest<'a>,
    table: Table,
    text: usize,
}

impl<'a> Builder<'a> {
    fn new(request: ImportRequest<'a>, name: String) -> Self {
        Self { request, table: Table { name, rows: Vec::new() }, text: 0 }
    }

    /// Adds a cell; rows and columns come in order, columns from 0, rows from 1. Blank cells are passed over.
    fn add(&mut self, row: usize, column: usize, text: &str, place: Place) -> Result<(), Problem> {
        let limits = self.request.limits;
        let too_large = |what: String| Problem::error("too-large", what).at(place.clone());
        let text = super::formula::unguarded(text).trim();
        if text.is_empty() {
            return Ok(());
        }
        if text.len() > limits.cell {
            let (at, size) = (cell_name(row, column), text.len());
            return Err(too_large(format!(
                "the cell {at} has {size} bytes, more than the {} that are read",
                limits.cell
            )));
        }
        if column >= limits.columns {
            return Err(too_large(format!("there are more than {} columns", limits.columns)));
        }
        self.text += text.len();
        if self.text > limits.text {
            return Err(too_large(format!("the table has more than {} bytes of text", limits.text)));
        }
        if self.table.rows.last().is_none_or(|last| last.number != row) {
            if self.table.rows.len() >= limits.rows {
                return Err(too_large(format!("there are more than {} rows", limits.rows)));
            }
            self.table.rows.push(Row { number: row, cells: Vec::new() });
        }
        if let Some(last) = self.table.rows.last_mut() {
            last.cells.push(Cell { column, text: text.to_owned(), place, fault: None });
        }
        Ok(())
    }

    /// Adds a cell that has no text; `shown` is what a spreadsheet shows of it.
    fn add_fault(&mut self, row: usize, column: usize, shown: &str, place: Place, fault: Fault) -> Result<(), Problem> {
        self.add(row, column, shown, place)?;
        if let Some(last) = self.table.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            last.fault = Some(fault);
        }
        Ok(())
    }

    /// The table, its rows and cells in order also where a file does not have them so.
    fn done(mut self) -> Table {
        self.table.rows.sort_by_key(|row| row.number);
        self.table.rows.dedup_by(|later, first| {
            let same = later.number == first.number;
            if same {
                first.cells.append(&mut later.cells);
            }
            same
        });
        for row in &mut self.table.rows {
            row.cells.sort_by_key(|cell| cell.column);
            row.cells.dedup_by_key(|cell| cell.column);
        }
        self.table
    }
}

/// A cell's name in a spreadsheet: `C7`.
fn cell_name(row: usize, column: usize) -> String {
    format!("{}{row}", column_name(column))
}

/// A column's name in a spreadsheet: `A` for the first, `AA` for the 27th.
fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(b'A' + (rest % 26) as u8);
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.reverse();
    String::from_utf8_lossy(&letters).into_owned()
}

/// Reads values separated by commas, semicolons or tabs.
pub(super) fn read_csv(request: ImportRequest<'_>) -> Result<Draft, Vec<Problem>> {
    let (text, note) = encoding::text(request).map_err(|problem| vec![problem])?;
    let table = csv::read(&text, request).map_err(|problem| vec![problem])?;
    let stated = stated(request)?;
    let Some(columns) = columns::find(&table, &stated) else { return Err(vec![no_columns(&[&table], request)]) };
    let mut draft = rows::read(&table, &columns, request)?;
    draft.notes.extend(note);
    Ok(draft)
}

/// Reads a sheet of a workbook.
pub(super) fn read_xlsx(request: ImportRequest<'_>) -> Result<Draft, Vec<Problem>> {
    let tables = xlsx::read(request).map_err(|problem| vec![problem])?;
    let stated = stated(request)?;
    let found = tables.iter().find_map(|table| Some((table, columns::find(table, &stated)?)));
    let Some((table, columns)) = found else {
        return Err(vec![no_columns(&tables.iter().collect::<Vec<_>>(), request)]);
    };
    let mut draft = rows::read(table, &columns, request)?;
    if tables.len() > 1 {
        let message = format!("read from {}; the workbook has {} sheets", table.name, tables.len());
        let note = Problem::note("one-sheet", message).at(Place::file(request.file));
        draft.notes.push(note.hint("--sheet NAME reads another one"));
    }
    Ok(draft)
}

fn stated(request: ImportRequest<'_>) -> Result<columns::Stated, Vec<Problem>> {
    columns::Stated::of(request.columns).map_err(|field| {
        let problem = request.problem("unknown-column", format!("'{}' is nothing that a column can hold", rows::shown(field)));
        vec![problem.hint("columns hold id, title, text, modality, group, objective, relation, rationale; `title en` is a title in English")]
    })
}

/// No row names the columns that are needed.
fn no_columns(tables: &[&Table], request: ImportRequest<'_>) -> Problem {
    let first = tables.iter().find_map(|table| table.rows.first());
    let seen = first.map(|row| {
        let names: Vec<&str> = row.cells.iter().take(12).map(|cell| cell.text.as_str()).collect();
        let names: String = names.join(", ").chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
        format!("; the first row has {names}")
    });
    let message = format!("no row names a column of ids and one of texts{}", seen.unwrap_or_default());
    let hint = "name the columns in one row: id (番号), title (項目), text (内容 or 要求事項), and as you have them modality (必須区分), group (分類), \
                objective (目標), relation (関係), rationale (対応付けの理由); or say --column title='NAME OF THE COLUMN'";
    request.problem("no-columns", message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        let names = [0, 25, 26, 701, 702].map(column_name);
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
        assert_eq!(cell_name(7, 2), "C7");
    }
}
