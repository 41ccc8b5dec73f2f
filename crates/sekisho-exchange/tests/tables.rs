//! Tables of an organisation's own standard: what is understood, and what is refused with row and column.

mod common;

use sekisho_exchange::{ImportFormat, ImportRequest, Limits};
use sekisho_model::Lang;
use sekisho_model::catalog::{Modality, Relationship};

use common::{Cell, archive, csv, imported, refused, request, workbook};

const ENGLISH: &str = "\
ID,Title,Requirement,Level,Group,Owner
PS-1,No default passwords,\"Every device has a password of its own.
It is on the label, \"\"unique\"\".\",shall,Access,Ann
PS-2,Updates,Updates are signed.,should,,Bob
PS-3,,Logs are kept for a year. They are read.,may,Logs,
";

#[test]
fn a_table_becomes_a_document() {
    let imported = csv(ENGLISH);
    insta::assert_snapshot!(imported.yaml);
    insta::assert_snapshot!("a_table_becomes_a_document_notes", common::list(&imported.notes));
}

#[test]
fn japanese_columns_are_known() {
    let document = csv("自社セキュリティ基準,,,,\n番号,項目,内容,区分,大項目\n1,初期パスワード,機器ごとに異なること。,必須,認証\n2,更新,署名を検証すること。,推奨,\n").document;
    assert_eq!(document.only_language, Some(Lang::Ja));
    assert_eq!(document.languages, ["ja"]);
    let [first, second] = &document.controls[..] else { panic!("{:?}", document.controls) };
    assert_eq!((first.id.as_str(), first.title.ja.as_str(), first.modality), ("1", "初期パスワード", Modality::Must));
    assert_eq!(first.title.en, first.title.ja, "there is no other text");
    assert_eq!((second.group.as_deref(), second.modality), (Some("認証"), Modality::Should));
}

#[test]
fn a_table_in_both_languages_has_both() {
    let document = csv("No.,Title (en),Title (ja),Text en,Text ja\n1,One,一,Do one.,一を行う。\n").document;
    assert_eq!(document.only_language, None);
    let control = &document.controls[0];
    assert_eq!((control.title.en.as_str(), control.title.ja.as_str()), ("One", "一"));
    assert_eq!((control.statement.en.as_str(), control.statement.ja.as_str()), ("Do one.", "一を行う。"));
}

#[test]
fn one_language_with_some_translations_is_one_language() {
    let document = csv("id,title_en,title_ja,text_en,text_ja\n1,One,一,Do one.,一を行う。\n2,Two,,Do two.,\n").document;
    assert_eq!(document.only_language, Some(Lang::En));
    assert_eq!(document.controls[0].title.ja, "一");
    assert_eq!(document.controls[1].title.ja, "Two");
    assert!(document.is_untranslated(&document.controls[1].title));
    assert!(!document.is_untranslated(&document.controls[0].title));
}

#[test]
fn columns_can_be_named() {
    let text = "Ref code,Remarks,Title\n1,a,b\n".as_bytes();
    let columns = [("id", "ref  code"), ("Title", "Remarks")];
    let request = ImportRequest { columns: &columns, ..request("own.csv", text) };
    let read = imported(ImportFormat::Csv, request);
    assert_eq!(read.document.controls[0].title.en, "a");
    assert!(common::list(&read.notes).contains("not read: Title"), "{:?}", read.notes);
    let request = ImportRequest { columns: &[("titel", "Remarks")], ..request };
    assert!(refused(ImportFormat::Csv, request).contains("'titel' is nothing that a column can hold"));
}

#[test]
fn mappings_are_taken_over() {
    let document = csv("id,title,text,objective,relation,rationale\n1,A,B,auth-no-default-password,equal,Same\n1,A,B,auth-password-strength,intersects-with,\n2,C,D,,,\n").document;
    let mappings = &document.controls[0].mappings;
    assert_eq!(mappings.len(), 2);
    assert_eq!((mappings[0].relation, mappings[0].rationale.en.as_str()), (Relationship::Equal, "Same"));
    assert_eq!(document.controls[0].unmapped, None);
    assert_eq!(document.controls[1].unmapped.as_ref().unwrap().en, "Not yet mapped.");
}

#[test]
fn other_separators_and_encodings_are_read() {
    let semicolons = csv("id;title;text\n1;a, b;c\n").document;
    assert_eq!(semicolons.controls[0].title.en, "a, b");
    let tabs = csv("id\ttitle\ttext\r1\ta, b\t\"c\r\nd\"\r").document;
    assert_eq!(tabs.controls[0].statement.en, "c\nd");
    let marked = csv("\u{feff}id,title,text\r\n1,a,'=b\r\n").document;
    assert_eq!(marked.controls[0].statement.en, "=b", "the apostrophe kept it from being a formula");
    let (shift_jis, _, _) = encoding_rs::SHIFT_JIS.encode("番号,項目,内容\n1,更新,署名を検証する。\n");
    let read = imported(ImportFormat::Csv, request("表.csv", &shift_jis));
    assert_eq!(read.document.controls[0].title.ja, "更新");
    assert!(common::list(&read.notes).contains("read as Shift_JIS"), "{:?}", read.notes);
    let utf16: Vec<u8> = "\u{feff}id\ttitle\ttext\n1\tä\tb\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(imported(ImportFormat::Csv, request("x.txt", &utf16)).document.controls[0].title.en, "ä");
}

#[test]
fn characters_that_nobody_sees_are_left_out() {
    let read = csv("id,title,text\n1,a\u{202e}b\u{1b}[31m,c\u{200b}\n");
    assert_eq!(read.document.controls[0].title.en, "ab[31m");
    assert!(common::list(&read.notes).contains("3 characters"), "{:?}", read.notes);
}

#[test]
fn what_is_wrong_with_a_table_is_said_with_row_and_column() {
    let cases = [
        "",
        "id,title,text\n",
        "a,b,c\n1,2,3\n",
        "id,title,text\n1,\"open,x\n",
        "id,title,text\n1,\"a\"b,c\n",
        "id,title,text\n1,a,b\n1,c,d\n,e,f\n2,,\n",
        "id,title,text,modality\n1,a,b,perhaps\n2,a,b,must\n",
        "id,title,text,objective,relation\n1,a,b,auth-no-defualt-password,equal\n2,a,b,auth-no-default-password,\n3,a,b,auth-no-default-password,same\n",
        "document,id,title,text\nx,1,a,b\ny,2,c,d\n",
        "id,title_en,title_ja,text_en,text_ja\n1,One,,Do one.,\n2,,二,,二を行う。\n",
        "id,title,text\nA,a,b\na,c,d\n",
    ];
    let said: Vec<String> = cases
        .iter()
        .map(|text| format!("{text}---\n{}", refused(ImportFormat::Csv, request("own.csv", text.as_bytes()))))
        .collect();
    insta::assert_snapshot!(said.join("\n=====\n"));
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 400, rows: 3, columns: 4, cell: 20, text: 60, ..Limits::default() };
    let refused = |text: &str| {
        let request = ImportRequest { limits: &limits, ..request("own.csv", text.as_bytes()) };
        refused(ImportFormat::Csv, request)
    };
    let long = "x".repeat(21);
    let cases = [
        "id,title,text\n".repeat(40),
        "id,title,text\n1,a,b\n2,a,b\n3,a,b\n".to_owned(),
        "id,title,text,a,b\n".to_owned(),
        format!("id,title,text\n1,a,{long}\n"),
        "id,title,text\n1,aaaaaaaaaaaaaaaaaaa,aaaaaaaaaaaaaaa\n2,aaaaaaaaaaaaaa,aaaaaaaa\n".to_owned(),
    ];
    for case in &cases {
        assert!(refused(case).contains("[too-"), "{case}");
    }
}

#[test]
fn a_workbook_is_read_like_a_table() {
    let bytes = workbook(&[
        ("表紙", &[("A1", Cell::Text("当社の基準"))]),
        (
            "基準",
            &[
                ("B2", Cell::Text("番号")),
                ("C2", Cell::Text("要求事項")),
                ("D2", Cell::Text("必須")),
                ("B3", Cell::Number(1.0)),
                ("C3", Cell::Text("ログを残すこと。二行目。")),
                ("D3", Cell::Text("○")),
                ("B4", Cell::Number(1.5)),
                ("C4", Cell::Text("暗号化すること。")),
                ("D4", Cell::Text("推奨")),
            ],
        ),
    ]);
    let read = imported(ImportFormat::Xlsx, request("基準.xlsx", &bytes));
    let controls: Vec<_> =
        read.document.controls.iter().map(|c| (c.id.as_str(), c.title.ja.as_str(), c.modality)).collect();
    assert_eq!(controls, [("1", "ログを残すこと。", Modality::Must), ("1.5", "暗号化すること。", Modality::Should)]);
    assert!(common::list(&read.notes).contains("read from 基準.xlsx[基準]"), "{:?}", read.notes);
}

#[test]
fn what_is_wrong_with_a_workbook_is_said_at_its_cell() {
    let head = || vec![("A1", Cell::Text("id")), ("B1", Cell::Text("title")), ("C1", Cell::Text("level"))];
    let book = |more: Vec<(&'static str, Cell)>| {
        let cells: Vec<_> = head().into_iter().chain(more).collect();
        workbook(&[("Sheet1", &cells)])
    };
    let cases = [
        book(vec![("A2", Cell::Date(45_000.0)), ("B2", Cell::Text("x"))]),
        book(vec![("A2", Cell::Text("1")), ("B2", Cell::Error("#REF!"))]),
        book(vec![("A2", Cell::Text("1")), ("B2", Cell::Text("x")), ("B7", Cell::Text("y"))]),
        workbook(&[("Sheet1", &[("A1", Cell::Text("nothing"))])]),
        archive(&[("xl/workbook.xml".to_owned(), "<workbook/>".to_owned())]),
        b"PK\x03\x04".to_vec(),
        b"no archive".to_vec(),
    ];
    let said: Vec<String> = cases.iter().map(|bytes| refused(ImportFormat::Xlsx, request("own.xlsx", bytes))).collect();
    insta::assert_snapshot!(said.join("=====\n"));
    let other = ImportRequest { sheet: Some("Sheet2"), ..request("own.xlsx", &cases[0]) };
    assert!(refused(ImportFormat::Xlsx, other).contains("the sheets are Sheet1"));
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let bytes = archive(&[("xl/sharedStrings.xml".to_owned(), " ".repeat(2 << 20))]);
    assert!(bytes.len() < 8_000);
    let request = ImportRequest { limits: &limits, ..request("own.xlsx", &bytes) };
    assert!(refused(ImportFormat::Xlsx, request).contains("[too-large]"));
    // One cell in the last row and column does not make a full sheet of it.
    let far = workbook(&[(
        "S",
        &[
            ("A1", Cell::Text("id")),
            ("B1", Cell::Text("title")),
            ("A1048576", Cell::Text("1")),
            ("B1048576", Cell::Text("x")),
        ],
    )]);
    assert_eq!(imported(ImportFormat::Xlsx, common::request("own.xlsx", &far)).document.controls.len(), 1);
}

#[test]
fn real_workbooks_are_read_or_refused_with_a_reason() {
    let cases = [
        ("owasp-istg-checklist.xlsx", Ok(101)),
        ("en18031-1-technical-documentation-v1.1.xlsx", Err("[no-columns]")),
        ("nist-iot-catalog-to-800-53.xlsx", Err("[no-columns]")),
        ("cyfun2025-self-assessment.xlsx", Err("[no-columns]")),
    ];
    for (name, expected) in cases {
        let Some(file) = sekisho_test::shared_data(&format!("questionnaires/{name}")) else { return };
        let bytes = std::fs::read(file).unwrap();
        match (sekisho_exchange::import(ImportFormat::Xlsx, request(name, &bytes)), expected) {
            (Ok(read), Ok(count)) => assert_eq!(read.document.controls.len(), count, "{name}"),
            (Err(problems), Err(code)) => assert!(common::list(&problems).contains(code), "{name}: {problems:?}"),
            (Ok(read), Err(code)) => panic!("{name}: {} controls and not {code}", read.document.controls.len()),
            (Err(problems), Ok(_)) => panic!("{name}: {}", common::list(&problems)),
        }
    }
}
