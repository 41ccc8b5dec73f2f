//! What the tests share: a request with everything at its default, and workbooks made by hand.

#![allow(dead_code, reason = "not every test uses everything")]
#![expect(clippy::unwrap_used, reason = "a test may")]
#![expect(clippy::format_collect, clippy::format_push_string, reason = "plain to read, and small")]

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use sekisho_catalog::Catalog;
use sekisho_diag::Problem;
use sekisho_exchange::{ControlIds, ImportFormat, ImportRequest, Imported, Limits, import};
use sekisho_model::catalog::Modality;
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};

pub(crate) static CATALOG: LazyLock<Catalog> = LazyLock::new(sekisho_builtin::catalog);
pub(crate) static LIMITS: LazyLock<Limits> = LazyLock::new(Limits::default);

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);
pub(crate) const TODAY: Date = date!(2026 - 11 - 22);

pub(crate) fn request<'a>(file: &'a str, bytes: &'a [u8]) -> ImportRequest<'a> {
    ImportRequest {
        catalog: &CATALOG,
        file,
        bytes,
        id: "own-standard",
        title: None,
        publisher: None,
        language: None,
        modality: Modality::Must,
        ids: ControlIds::Id,
        sheet: None,
        columns: &[],
        today: TODAY,
        limits: &LIMITS,
    }
}

/// Imports, and holds what came out against the lint.
pub(crate) fn imported(format: ImportFormat, request: ImportRequest<'_>) -> Imported {
    let imported = import(format, request).unwrap_or_else(|problems| panic!("{}", list(&problems)));
    let (problems, _) = sekisho_exchange::reread(&imported, "own.yaml", &CATALOG);
    assert_eq!(problems, sekisho_exchange::verify(&imported, "own.yaml", &CATALOG).0);
    assert_eq!(list(&problems), "");
    imported
}

pub(crate) fn csv(text: &str) -> Imported {
    imported(ImportFormat::Csv, request("own.csv", text.as_bytes()))
}

/// The problems of a table that is refused.
pub(crate) fn refused(format: ImportFormat, request: ImportRequest<'_>) -> String {
    list(&import(format, request).unwrap_err())
}

pub(crate) fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// A cell of a workbook made by hand.
pub(crate) enum Cell {
    Text(&'static str),
    Number(f64),
    Date(f64),
    Error(&'static str),
}

/// A workbook with these sheets, each a list of rows with the name of each cell.
pub(crate) fn workbook(sheets: &[(&str, &[(&str, Cell)])]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#.to_owned()),
        ("_rels/.rels".to_owned(), r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()),
        ("xl/styles.xml".to_owned(), r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#.to_owned()),
    ];
    let mut list = String::new();
    let mut relations = String::new();
    for (i, (name, cells)) in sheets.iter().enumerate() {
        let n = i + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#
        );
        parts.push((format!("xl/worksheets/sheet{n}.xml"), sheet(cells)));
    }
    parts.push(("xl/workbook.xml".to_owned(), format!(r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#)));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!(r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#)));
    archive(&parts)
}

fn sheet(cells: &[(&str, Cell)]) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for (name, cell) in cells {
        let row: String = name.chars().filter(char::is_ascii_digit).collect();
        let cell = match cell {
            Cell::Text(text) => format!(r#"<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>"#),
            Cell::Number(number) => format!(r#"<c r="{name}"><v>{number}</v></c>"#),
            Cell::Date(number) => format!(r#"<c r="{name}" s="1"><v>{number}</v></c>"#),
            Cell::Error(error) => format!(r#"<c r="{name}" t="e"><v>{error}</v></c>"#),
        };
        match rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push_str(&cell),
            _ => rows.push((row, cell)),
        }
    }
    let rows: String = rows.iter().map(|(row, cells)| format!(r#"<row r="{row}">{cells}</row>"#)).collect();
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

pub(crate) fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
