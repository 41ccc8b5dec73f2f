//! What commands that work on catalogs and their files take.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use sekisho_catalog::FileKind;
use sekisho_exchange::{ControlIds, ExportFormat, ImportFormat};
use sekisho_model::catalog::Modality;

use super::shared::at_least_one;

#[derive(Debug, Args)]
pub(crate) struct CatalogArgs {
    #[command(subcommand)]
    pub(crate) command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Check a catalog folder: every mistake with file, line, column and hint
    Lint {
        /// The folder
        folder: PathBuf,
        /// Check it alone instead of on top of the built-in catalog
        #[arg(long)]
        alone: bool,
        /// Print the problems as JSON
        #[arg(long)]
        json: bool,
    },
    /// Propose objectives for the controls of a document that have no mapping yet, for a person to accept
    Suggest(SuggestArgs),
    /// Write documents, the hub and the mappings in other formats: OSCAL, CSV, CycloneDX, CISO Assistant
    Export(ExportArgs),
    /// Make a document of an OSCAL catalog or of your organisation's own standard (CSV, XLSX)
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SuggestArgs {
    /// A document of the catalog (id or alias), or a document file
    #[arg(value_name = "DOC|FILE")]
    pub(crate) document: String,
    /// How many objectives to propose for each control at most
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = at_least_one)]
    pub(crate) limit: usize,
    /// Also for controls that are mapped already, as if this document were not
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The format
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: ExportName,
    /// Only these documents (ids or aliases, separated by commas)
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) document: Vec<String>,
    /// File or folder to write to; by default standard output, where the format is one file
    #[arg(long, value_name = "FILE or DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Begin CSV with a byte-order mark, by which spreadsheets know UTF-8
    #[arg(long)]
    pub(crate) bom: bool,
    /// The moment that the files say they were written (RFC 3339); by default `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportName {
    Oscal,
    Csv,
    #[value(name = "cyclonedx")]
    CycloneDx,
    Ciso,
}

impl From<ExportName> for ExportFormat {
    fn from(name: ExportName) -> Self {
        match name {
            ExportName::Oscal => Self::Oscal,
            ExportName::Csv => Self::Csv,
            ExportName::CycloneDx => Self::CycloneDx,
            ExportName::Ciso => Self::Ciso,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file
    pub(crate) file: PathBuf,
    /// Its format; by default by its name and beginning
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<ImportName>,
    /// Id of the document, in kebab case
    #[arg(long)]
    pub(crate) id: String,
    /// Catalog folder to write documents/ID.yaml into; used with `--catalog DIR`
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Title of the document, in place of the file's own
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Who publishes it
    #[arg(long)]
    pub(crate) publisher: Option<String>,
    /// Language of texts that do not say theirs: en or ja; by default that of most characters
    #[arg(long, value_name = "LANG", value_parser = PossibleValuesParser::new(["en", "ja"]))]
    pub(crate) text_lang: Option<String>,
    /// How strongly a control asks that does not say so
    #[arg(long, value_name = "MODALITY", default_value = "must")]
    pub(crate) modality: ModalityName,
    /// Which name of an OSCAL control becomes its id
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub(crate) ids: IdsName,
    /// Sheet of a workbook; by default the first with columns that are known
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// What a column holds whose name does not say it, such as title=Remarks; may be given several times
    #[arg(long, value_name = "FIELD=NAME")]
    pub(crate) column: Vec<String>,
    /// Overwrite a file that exists
    #[arg(long)]
    pub(crate) force: bool,
    /// The moment of the import (RFC 3339); by default `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportName {
    Oscal,
    Csv,
    Xlsx,
}

impl From<ImportName> for ImportFormat {
    fn from(name: ImportName) -> Self {
        match name {
            ImportName::Oscal => Self::Oscal,
            ImportName::Csv => Self::Csv,
            ImportName::Xlsx => Self::Xlsx,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModalityName {
    Must,
    Should,
    May,
}

impl From<ModalityName> for Modality {
    fn from(name: ModalityName) -> Self {
        match name {
            ModalityName::Must => Self::Must,
            ModalityName::Should => Self::Should,
            ModalityName::May => Self::May,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IdsName {
    Id,
    Label,
}

impl From<IdsName> for ControlIds {
    fn from(name: IdsName) -> Self {
        match name {
            IdsName::Id => Self::Id,
            IdsName::Label => Self::Label,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which kind of file
    #[arg(value_parser = PossibleValuesParser::new(FileKind::ALL.map(FileKind::name)))]
    pub(crate) kind: String,
}
