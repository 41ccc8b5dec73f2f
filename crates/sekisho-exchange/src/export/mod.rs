//! Out: documents, the hub and the mappings in other people's formats.

mod ciso;
mod csv;
mod cyclonedx;
mod groups;
mod oscal;

use sekisho_catalog::Catalog;
use sekisho_diag::Problem;
use sekisho_model::catalog::Document;
use sekisho_model::{Lang, Text};
use time::OffsetDateTime;

/// A format to export to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// OSCAL 1.2.1 as JSON: a catalog per document and one of the hub, mapping collections between them, profiles.
    Oscal,
    /// Comma-separated values (RFC 4180): a row per mapping of a control.
    Csv,
    /// `CycloneDX` 1.6 with `definitions.standards`.
    CycloneDx,
    /// Libraries of CISO Assistant as YAML: a framework per document and one of the hub, and the mappings between them.
    Ciso,
}

/// What to export, and how.
#[derive(Clone, Copy)]
pub struct ExportRequest<'a> {
    /// The catalog that the documents stand in.
    pub catalog: &'a Catalog,
    /// The documents, in the order in which they are to come.
    pub documents: &'a [&'a Document],
    /// The language of the texts.
    pub lang: Lang,
    /// When, for the formats that say it.
    pub now: OffsetDateTime,
    /// Whether a CSV file begins with a byte-order mark, by which spreadsheets know that it is UTF-8.
    pub byte_order_mark: bool,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Where, below the folder of the export.
    pub path: String,
    /// What it holds.
    pub content: String,
}

/// The files of an export. The first holds the first document; formats that put everything into one file give one. A library of CISO Assistant
/// must have requirements, so documents without controls are left out of those.
///
/// # Errors
/// Where no document is left, or a value cannot be written, which no catalog that was linted leads to.
pub fn export(format: ExportFormat, request: ExportRequest<'_>) -> Result<Vec<ExportFile>, Problem> {
    if format == ExportFormat::Ciso && request.documents.iter().all(|document| document.controls.is_empty()) {
        let problem = Problem::error("no-controls", "no document that is to be exported has controls");
        return Err(problem.hint("CISO Assistant takes no library without requirements"));
    }
    let written = match format {
        ExportFormat::Oscal => oscal::export(request),
        ExportFormat::Csv => Ok(csv::export(request)),
        ExportFormat::CycloneDx => cyclonedx::export(request),
        ExportFormat::Ciso => Ok(ciso::export(request)),
    };
    written.map_err(|error| Problem::error("not-exported", format!("the catalog cannot be written: {error}")))
}

/// JSON with its line end.
fn json_file(path: String, value: &impl serde::Serialize) -> serde_json::Result<ExportFile> {
    let content = serde_json::to_string_pretty(value)? + "\n";
    Ok(ExportFile { path, content })
}

/// The words of an enumeration's value in data.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What the texts of an export are, for whoever gets it.
fn about(document: &Document, lang: Lang) -> String {
    let text = if is_imported(document) {
        Text::new(
            "The statements are the document's own text, imported into the catalog.",
            "各項目の文言は、カタログに取り込んだ文書自体の文言です。",
        )
    } else {
        Text::new(
            "The statements are Sekisho's own paraphrases, not the text of the document; read the original for that.",
            "各項目の文言はSekishoによる要約であり、文書の原文ではありません。原文は原典を参照してください。",
        )
    };
    let missing = match document.only_language {
        Some(only) if only != lang => {
            Text::new(format!(" They exist in '{only}' only."), format!("文言は「{only}」のみで、翻訳はありません。"))
        }
        _ => Text::default(),
    };
    format!("{}{}", text.get(lang), missing.get(lang))
}

/// Whether somebody imported the document, with its own text and whatever mappings they made: not the project's work.
fn is_imported(document: &Document) -> bool {
    document.licence.text == "original"
}

/// How the mappings of a document were made.
fn how_mapped(document: &Document) -> Text {
    if is_imported(document) {
        return Text::new(
            "Set-theory relationships (NIST IR 8477) of the document's controls to the objectives of Sekisho, as whoever imported the document \
             states them.",
            "文書の各項目とSekishoの目標との集合論的関係（NIST IR 8477）。文書を取り込んだ者の記載による。",
        );
    }
    Text::new(
        "Set-theory relationships (NIST IR 8477) of the document's controls to the objectives of Sekisho, made control by control from the \
         meaning of both sides.",
        "文書の各項目とSekishoの目標との集合論的関係（NIST IR 8477）。両者の意味を読み、項目ごとに定めた。",
    )
}

/// The edition, or where it has no number the year.
fn version(document: &Document) -> &str {
    document.edition.as_deref().map(str::trim).filter(|edition| !edition.is_empty()).unwrap_or(&document.published)
}

/// The name of the publisher.
fn publisher(document: &Document, lang: Lang) -> &str {
    match lang {
        Lang::En => &document.publisher.en,
        Lang::Ja => &document.publisher.ja,
    }
}

/// The id and the name of the hub in an export.
const HUB: &str = "sekisho-objectives";

fn hub_title() -> Text {
    Text::new("Sekisho objectives", "Sekisho 目標")
}

fn hub_description() -> Text {
    Text::new(
        "The hub of Sekisho: each objective is one thing that a connected product, or the people behind it, can be seen to do. The controls of \
         the documents map to it.",
        "Sekishoの目標一覧。各目標は、コネクテッド製品またはその提供者について確認できる事柄を一つずつ表す。各文書の項目はここに対応付けられる。",
    )
}
