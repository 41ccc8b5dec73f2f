//! What can be typed. Types only; what each command does stands in its own file.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use sekisho_catalog::FileKind;
use sekisho_exchange::{ControlIds, ExportFormat, ImportFormat};
use sekisho_model::Lang;
use sekisho_model::artefact::ArtefactKind;
use sekisho_model::catalog::Modality;
use sekisho_model::verdict::Severity;

use crate::messages;

/// Where a connected product stands in every IoT security document at once, from evidence
#[derive(Debug, Parser)]
#[command(name = "sekisho", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Language of what is shown: en or ja; by default that of the locale
    #[arg(long, global = true, value_name = "LANG", value_parser = PossibleValuesParser::new(["en", "ja"]))]
    pub(crate) lang: Option<String>,
    /// Folder with documents, objectives and checks of your own, added to the built-in catalog
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) catalog: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Show no progress and no notes
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Assess a product: read its artefacts, evaluate every document, write the report
    Assess(AssessArgs),
    /// Run one collector on one artefact and print the facts
    Collect(CollectArgs),
    /// Print the whole derivation of a control's or objective's verdict
    Explain(ExplainArgs),
    /// Show a document, a control or an objective
    Show(ShowArgs),
    /// List the documents
    Documents(ListArgs),
    /// List the objectives of the hub
    Objectives(ListArgs),
    /// Write a commented product file
    Init(InitArgs),
    /// Check a product file and report every mistake at once
    Validate(ValidateArgs),
    /// Work on catalogs
    Catalog(CatalogArgs),
    /// Print the JSON Schema of a kind of file
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    /// The product file
    pub(crate) product: PathBuf,
    /// What to print: the summary or the whole assessment as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// Where to write the HTML report; with `--format json` none is written unless this is given
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write no HTML report
    #[arg(long, conflicts_with = "html")]
    pub(crate) no_html: bool,
    /// Where to write the assessment as JSON as well
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Assess only these documents (ids or aliases, separated by commas)
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) documents: Vec<String>,
    /// Run only these collectors: firmware, sbom
    #[arg(long, value_name = "COLLECTOR,…", value_delimiter = ',')]
    pub(crate) only: Vec<CollectorName>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    /// The moment of the assessment (RFC 3339), for repeatable results; by default `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    /// Fail (exit code 1) on a finding of this severity or worse, or on any contradiction
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityName>,
    /// Fail (exit code 3) where an artefact is missing or was not read completely
    #[arg(long)]
    pub(crate) require_evidence: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CollectorName {
    Firmware,
    Sbom,
}

impl From<CollectorName> for ArtefactKind {
    fn from(name: CollectorName) -> Self {
        match name {
            CollectorName::Firmware => Self::Firmware,
            CollectorName::Sbom => Self::Sbom,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityName {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Info => Self::Info,
            SeverityName::Low => Self::Low,
            SeverityName::Medium => Self::Medium,
            SeverityName::High => Self::High,
            SeverityName::Critical => Self::Critical,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    /// Which collector
    pub(crate) collector: CollectorName,
    /// The artefact
    pub(crate) file: PathBuf,
    /// What to print: a short list or everything as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// DOCUMENT:CONTROL or an objective's id
    pub(crate) id: String,
    /// A product file, or an assessment written with `assess --json`
    pub(crate) input: PathBuf,
    /// The moment of the assessment (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// A document (id or alias), DOCUMENT:CONTROL, or an objective's id
    pub(crate) id: String,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to write it
    #[arg(default_value = "product.yaml")]
    pub(crate) file: PathBuf,
    /// Ask nothing, even on a terminal
    #[arg(long)]
    pub(crate) no_questions: bool,
    /// Overwrite a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// The product file
    pub(crate) product: PathBuf,
    /// Print the problems as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

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
    /// Write documents, the hub and the mappings in other formats: OSCAL, CSV, CycloneDX, CISO Assistant
    Export(ExportArgs),
    /// Make a document of an OSCAL catalog or of your organisation's own standard (CSV, XLSX)
    Import(ImportArgs),
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

/// The language that the arguments ask for, before they are parsed: help is shown in it too. Else that of the locale.
pub(crate) fn lang_of_arguments(arguments: impl IntoIterator<Item = OsString>) -> Lang {
    let mut arguments = arguments.into_iter().filter_map(|a| a.into_string().ok());
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--lang") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(lang) = value.and_then(|v| v.parse().ok()) {
            return lang;
        }
    }
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .map_or(Lang::En, |locale| Lang::from_locale(&locale))
}

/// The command with its help in `lang`.
pub(crate) fn localised(command: clap::Command, lang: Lang) -> clap::Command {
    match lang {
        Lang::En => command,
        Lang::Ja => messages::japanese_help(command),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_is_consistent() {
        Cli::command().debug_assert();
        localised(Cli::command(), Lang::Ja).debug_assert();
    }

    #[test]
    fn the_language_is_known_before_parsing() {
        let of = |args: &[&str]| lang_of_arguments(args.iter().map(OsString::from));
        assert_eq!(of(&["sekisho", "--lang", "ja", "assess"]), Lang::Ja);
        assert_eq!(of(&["sekisho", "assess", "--lang=ja"]), Lang::Ja);
    }

    #[test]
    fn every_help_text_has_its_japanese() {
        fn texts(command: &clap::Command, found: &mut Vec<String>) {
            found.extend(command.get_about().map(ToString::to_string));
            found.extend(command.get_arguments().filter_map(|a| a.get_help().map(ToString::to_string)));
            command.get_subcommands().for_each(|c| texts(c, found));
        }
        let mut found = Vec::new();
        texts(&Cli::command(), &mut found);
        for text in found {
            assert!(messages::japanese(&text).is_some(), "no Japanese for the help text: {text}");
        }
    }
}
