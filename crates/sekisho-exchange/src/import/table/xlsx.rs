//! Workbooks (XLSX). They are archives of compressed XML, so how much is in one is counted before it is read.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use sekisho_diag::{Place, Problem};

use super::{Builder, Fault, Table};
use crate::import::ImportRequest;

/// Parts of a workbook, of which a plain one has about ten.
const PARTS: usize = 2_000;

/// The visible sheets with their texts, or the one that is asked for.
pub(super) fn read(request: ImportRequest<'_>) -> Result<Vec<Table>, Problem> {
    unpacks_within_limits(request)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(request.bytes)).map_err(|error| broken(&error, request))?;
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    let is_wanted = |name: &str, visible| match request.sheet {
        Some(wanted) => name == wanted,
        None => visible == SheetVisible::Visible,
    };
    let mut tables = Vec::new();
    for sheet in &sheets {
        if sheet.typ == SheetType::WorkSheet && is_wanted(&sheet.name, sheet.visible) {
            tables.push(table(&mut workbook, &sheet.name, request)?);
        }
    }
    if tables.is_empty() {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).take(40).collect();
        let message = match request.sheet {
            Some(wanted) => format!("there is no sheet '{wanted}'"),
            None => "there is no sheet with a table".to_owned(),
        };
        return Err(request.problem("no-sheet", message).hint(format!("the sheets are {}", names.join(", "))));
    }
    Ok(tables)
}

fn broken(error: &dyn std::fmt::Display, request: ImportRequest<'_>) -> Problem {
    let message: String = format!("this is not a workbook that can be read: {error}").chars().take(400).collect();
    request.problem("bad-xlsx", message).hint("save it as .xlsx, or as CSV")
}

/// Decompresses everything once without keeping it: what an archive says of its sizes need not be true.
fn unpacks_within_limits(request: ImportRequest<'_>) -> Result<(), Problem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(request.bytes)).map_err(|error| broken(&error, request))?;
    if archive.len() > PARTS {
        let message = format!("the workbook has {} parts, more than the {PARTS} that are read", archive.len());
        return Err(request.problem("too-large", message));
    }
    let mut left = request.limits.unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(&error, request))?;
        let size = std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink())
            .map_err(|error| broken(&error, request))?;
        left = left.checked_sub(size).ok_or_else(|| {
            let limit = request.limits.unpacked;
            request.problem("too-large", format!("the workbook holds more than {limit} bytes when it is unpacked"))
        })?;
    }
    Ok(())
}

fn table(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, request: ImportRequest<'_>) -> Result<Table, Problem> {
    let shown: String = sheet.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = format!("{}[{shown}]", request.file);
    let mut builder = Builder::new(request, name.clone());
    // Cell by cell: a sheet with one cell in its last row and column would fill the memory as a whole.
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| broken(&error, request))?;
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error, request))? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize + 1, column as usize);
        let place = || Place::text(name.clone(), row, column + 1);
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::SharedString(text) => builder.add(row, column, text, place())?,
            DataRef::Int(number) => builder.add(row, column, &number.to_string(), place())?,
            DataRef::Float(number) => builder.add(row, column, &number.to_string(), place())?,
            DataRef::Bool(value) => builder.add(row, column, if *value { "true" } else { "false" }, place())?,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                builder.add(row, column, text, place())?;
            }
            DataRef::DateTime(date) => {
                builder.add_fault(row, column, &date.as_f64().to_string(), place(), Fault::Date)?;
            }
            DataRef::Error(error) => builder.add_fault(row, column, &error.to_string(), place(), Fault::Error)?,
        }
    }
    Ok(builder.done())
}
