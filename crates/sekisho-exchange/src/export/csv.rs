//! Comma-separated values (RFC 4180): a row per mapping, and one for a control without any.

use std::collections::BTreeMap;

use sekisho_model::Text;
use sekisho_model::catalog::{Control, Document, Mapping};

use super::{ExportFile, ExportRequest, word};

/// The columns, as the import knows them again.
const COLUMNS: [(&str, &str); 16] = [
    ("document", "文書"),
    ("id", "番号"),
    ("kind", "種別"),
    ("group", "分類"),
    ("group title", "分類名"),
    ("title", "項目"),
    ("text", "内容"),
    ("modality", "必須区分"),
    ("addressees", "対象者"),
    ("phases", "工程"),
    ("applies when", "適用条件"),
    ("objective", "目標"),
    ("relation", "関係"),
    ("complete", "網羅"),
    ("rationale", "対応付けの理由"),
    ("unmapped", "対応付けがない理由"),
];

/// The one file with everything.
pub(super) fn export(request: ExportRequest<'_>) -> Vec<ExportFile> {
    let mut out = String::new();
    if request.byte_order_mark {
        out.push('\u{feff}');
    }
    row(&COLUMNS.map(|(en, ja)| Text::new(en, ja).get(request.lang).to_owned()), &mut out);
    for document in request.documents {
        let titles: BTreeMap<&str, &Text> =
            (document.contents.iter().map(|section| (section.no.as_str(), &section.title)))
                .chain(document.concepts.iter().map(|concept| (concept.id.as_str(), &concept.title)))
                .collect();
        for control in &document.controls {
            let group = control.group.as_deref().unwrap_or_default();
            let group = (group, titles.get(group).map_or("", |title| title.get(request.lang)));
            if control.mappings.is_empty() {
                row(&cells(document, control, group, None, request), &mut out);
            }
            for mapping in &control.mappings {
                row(&cells(document, control, group, Some(mapping), request), &mut out);
            }
        }
    }
    let name = match request.documents {
        [one] => one.id.as_str(),
        _ => "catalog",
    };
    vec![ExportFile { path: format!("{name}.csv"), content: out }]
}

fn cells(
    document: &Document,
    control: &Control,
    group: (&str, &str),
    mapping: Option<&Mapping>,
    request: ExportRequest<'_>,
) -> [String; 16] {
    let text = |text: &Text| text.get(request.lang).to_owned();
    [
        document.id.clone(),
        control.id.clone(),
        word(control.kind),
        group.0.to_owned(),
        group.1.to_owned(),
        text(&control.title),
        text(&control.statement),
        word(control.modality),
        control.addressees.join("; "),
        control.phases.join("; "),
        control.applies_when.clone().unwrap_or_default(),
        mapping.map(|m| m.objective.clone()).unwrap_or_default(),
        mapping.map(|m| m.relation.name().to_owned()).unwrap_or_default(),
        if control.complete { "true".to_owned() } else { String::new() },
        mapping.map(|m| text(&m.rationale)).unwrap_or_default(),
        control.unmapped.as_ref().map(text).unwrap_or_default(),
    ]
}

fn row(cells: &[String], out: &mut String) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let cell = neutral(cell);
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// The cell as a spreadsheet takes it for text: one that begins like a formula, also in full width, gets an apostrophe before it. One that
/// already begins with apostrophes before such a sign gets one more, so that the import can take it away again.
fn neutral(cell: &str) -> String {
    if crate::import::formula::begins_like_one(cell) { format!("'{cell}") } else { cell.to_owned() }
}
