//! In: an OSCAL catalog or a table of an organisation's own standard becomes a document of the catalog.

mod check;
mod document;
mod draft;
pub(crate) mod formula;
mod harmless;
mod language;
mod limits;
mod oscal;
mod table;

use sekisho_catalog::Catalog;
use sekisho_diag::{Place, Problem};
use sekisho_model::Lang;
use sekisho_model::catalog::{Document, Modality};
use time::Date;

pub use check::{reread, verify};
pub use limits::Limits;

/// A format to import from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// An OSCAL catalog, as JSON or YAML.
    Oscal,
    /// Values separated by commas, semicolons or tabs.
    Csv,
    /// A workbook.
    Xlsx,
}

impl ImportFormat {
    /// The format of a file, by how it begins and else by its name.
    pub fn of(name: &str, bytes: &[u8]) -> Option<Self> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        match extension.as_str() {
            _ if bytes.starts_with(b"PK\x03\x04") => Some(Self::Xlsx),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "json" | "yaml" | "yml" => Some(Self::Oscal),
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            _ => {
                let begin = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !byte.is_ascii_control());
                (begin == Some(&b'{')).then_some(Self::Oscal)
            }
        }
    }
}

/// Which of an OSCAL control's names becomes its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlIds {
    /// The id, as other OSCAL files refer to it: `ac-2.1`.
    #[default]
    Id,
    /// The label, as the document prints it: `AC-2(1)`.
    Label,
}

/// What to import, and what the file does not say itself.
#[derive(Clone, Copy)]
pub struct ImportRequest<'a> {
    /// The catalog that the document is to stand in.
    pub catalog: &'a Catalog,
    /// The file as the user named it.
    pub file: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The document's id.
    pub id: &'a str,
    /// Its title, in place of the file's own.
    pub title: Option<&'a str>,
    /// Who publishes it, in place of what the file says.
    pub publisher: Option<&'a str>,
    /// The language of texts that do not say theirs; by default that of most characters.
    pub language: Option<Lang>,
    /// How strongly a control asks that does not say so.
    pub modality: Modality,
    /// Which name of an OSCAL control becomes its id.
    pub ids: ControlIds,
    /// The sheet of a workbook; by default the first with columns that are known.
    pub sheet: Option<&'a str>,
    /// What columns of a table hold whose names do not say it: `title`, `Name of the test`.
    pub columns: &'a [(&'a str, &'a str)],
    /// The day of the import.
    pub today: Date,
    /// How much is read.
    pub limits: &'a Limits,
}

impl ImportRequest<'_> {
    /// An error on the file as a whole.
    fn problem(&self, code: &'static str, message: impl Into<String>) -> Problem {
        Problem::error(code, message).at(Place::file(self.file))
    }
}

/// An imported document.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The document.
    pub document: Document,
    /// The same as a file of the catalog, `documents/ID.yaml`.
    pub yaml: String,
    /// What is to be known about how it was read: warnings and notes.
    pub notes: Vec<Problem>,
}

/// Reads a file into a document.
///
/// # Errors
/// All problems that keep the file from being used, each at its place: of a table, the row and the column of the sheet.
pub fn import(format: ImportFormat, request: ImportRequest<'_>) -> Result<Imported, Vec<Problem>> {
    if request.bytes.len() > request.limits.bytes {
        let (size, limit) = (request.bytes.len(), request.limits.bytes);
        let message = format!("the file has {size} bytes, more than the {limit} that are read");
        return Err(vec![request.problem("too-large", message)]);
    }
    let draft = match format {
        ImportFormat::Oscal => oscal::read(request),
        ImportFormat::Csv => table::read_csv(request),
        ImportFormat::Xlsx => table::read_xlsx(request),
    }?;
    document::write(draft, request)
}
