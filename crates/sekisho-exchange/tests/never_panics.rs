//! Whatever bytes are imported: an answer, never a panic; and what is accepted is a document that the lint accepts.

mod common;

use proptest::prelude::*;
use sekisho_exchange::{ImportFormat, ImportRequest, Limits, import};

use common::{Cell, request, workbook};

fn reads(bytes: &[u8]) {
    let limits = Limits { rows: 200, text: 1 << 20, unpacked: 4 << 20, ..Limits::default() };
    for format in [ImportFormat::Oscal, ImportFormat::Csv, ImportFormat::Xlsx] {
        let request = ImportRequest { limits: &limits, ..request("x", bytes) };
        match import(format, request) {
            Ok(read) => assert!(!read.document.controls.is_empty()),
            Err(problems) => assert!(!problems.is_empty()),
        }
    }
}

/// `bytes` with some of them changed, left out or doubled.
fn damaged(bytes: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = bytes.len();
    prop::collection::vec((0..length, any::<u8>(), 0..4_u8), 1..12).prop_map(move |damages| {
        let mut bytes = bytes.clone();
        for (at, byte, how) in damages {
            let at = at.min(bytes.len().saturating_sub(1));
            match how {
                0 | 1 if !bytes.is_empty() => bytes[at] = byte,
                2 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

/// A sheet whose XML is damaged within a sound archive, where a damaged archive would not let it be reached.
fn damaged_sheet() -> impl Strategy<Value = Vec<u8>> {
    let sheet = r#"<?xml version="1.0"?><worksheet><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>title</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>A2&amp;"x"</f><v>x</v></c><c r="C2" s="1"><v>45000</v></c></row></sheetData></worksheet>"#;
    damaged(sheet.as_bytes().to_vec()).prop_map(|sheet| {
        let part = |name: &str, content: &str| (name.to_owned(), content.to_owned());
        common::archive(&[
            part("xl/workbook.xml", r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
            part("xl/_rels/workbook.xml.rels", r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
            part("xl/sharedStrings.xml", "<sst><si><t>id</t></si></sst>"),
            part("xl/worksheets/sheet1.xml", &String::from_utf8_lossy(&sheet)),
        ])
    })
}

fn book() -> Vec<u8> {
    let cells =
        [("A1", Cell::Text("id")), ("B1", Cell::Text("title")), ("A2", Cell::Number(1.0)), ("B2", Cell::Text("x"))];
    workbook(&[("Sheet1", &cells)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        reads(&bytes);
    }

    #[test]
    fn on_any_table(text in "(id|title|text|番号|内容)(,|;|\t)(title|text|項目)(\n|\r\n|\r)([a-c=,;\"'\n\r\té番]{0,12}(,|\n)){0,12}") {
        reads(text.as_bytes());
    }

    #[test]
    fn on_a_damaged_workbook(bytes in damaged(book())) {
        reads(&bytes);
    }

    #[test]
    fn on_a_damaged_sheet(bytes in damaged_sheet()) {
        reads(&bytes);
    }

    #[test]
    fn on_a_damaged_catalog(bytes in damaged(include_bytes!("data/small-catalog.json").to_vec())) {
        reads(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_accepted_passes_the_lint(
        cells in prop::collection::vec(("[A-Za-z0-9 .:#&*!|>%@`-]{1,8}", r"\PC{0,30}", r"[\PC\n]{1,60}"), 1..8)
    ) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut table = "id,title,text\n".to_owned();
        for (id, title, text) in &cells {
            table += &[quoted(id), quoted(title), quoted(text) + "\n"].join(",");
        }
        if let Ok(read) = import(ImportFormat::Csv, request("x.csv", table.as_bytes())) {
            let (problems, _) = sekisho_exchange::reread(&read, "x.yaml", &common::CATALOG);
            let quick = sekisho_exchange::verify(&read, "x.yaml", &common::CATALOG).0;
            prop_assert_eq!(&quick, &problems, "the quick look finds what the slow one does");
            let errors = problems.iter().filter(|p| p.severity == sekisho_diag::Severity::Error).count();
            prop_assert_eq!(errors, 0, "{}\n{}", common::list(&problems), read.yaml);
        }
    }
}
