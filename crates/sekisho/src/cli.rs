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
use sekisho_search::HitKind;
use sekisho_vulndb::AgeLimits;

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
    /// Collect in a confined process; the program starts this itself
    #[command(hide = true)]
    Worker(WorkerArgs),
    /// Print the whole derivation of a control's or objective's verdict
    Explain(ExplainArgs),
    /// Show the known vulnerabilities of a product's components
    Vulns(VulnsArgs),
    /// Show a document, a control or an objective
    Show(ShowArgs),
    /// List the documents, all or by facets
    Documents(DocumentsArgs),
    /// Plan what to read: which documents and chapters, in which order, for the fewest pages
    Plan(PlanArgs),
    /// List the objectives of the hub
    Objectives(ListArgs),
    /// List where documents ask for what cannot both be done
    Conflicts(ListArgs),
    /// Compare two documents: for whom, how detailed, and what only one of them asks
    Compare(CompareArgs),
    /// List the pairs of controls of two documents that ask for the same or overlap
    Crosswalk(CrosswalkArgs),
    /// Show what meeting some documents leaves open in another
    Gap(GapArgs),
    /// Show which document asks for what
    Matrix(MatrixArgs),
    /// Find controls, documents, objectives and concepts by words of either language
    Search(SearchArgs),
    /// Write a commented product file
    Init(InitArgs),
    /// Check a product file and report every mistake at once
    Validate(ValidateArgs),
    /// Work on catalogs
    Catalog(CatalogArgs),
    /// Print the JSON Schema of a kind of file
    Schema(SchemaArgs),
    /// The database of known vulnerabilities: make it, see how old it is, carry it along signed
    Vulndb(VulndbArgs),
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
    /// Run only these collectors: firmware, sbom, capture, mud
    #[arg(long, value_name = "COLLECTOR,…", value_delimiter = ',')]
    pub(crate) only: Vec<CollectorName>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    #[command(flatten)]
    pub(crate) vulnerabilities: VulnerabilityArgs,
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

/// What `collect` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CollectFormat {
    Text,
    Json,
    Cyclonedx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CollectorName {
    Firmware,
    Sbom,
    Capture,
    Mud,
}

impl From<CollectorName> for ArtefactKind {
    fn from(name: CollectorName) -> Self {
        match name {
            CollectorName::Firmware => Self::Firmware,
            CollectorName::Sbom => Self::Sbom,
            CollectorName::Capture => Self::Capture,
            CollectorName::Mud => Self::Mud,
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
    /// The artefact; two of them with --diff, the older first
    #[arg(required = true, num_args = 1..=2)]
    pub(crate) files: Vec<PathBuf>,
    /// Show what changed from the first artefact to the second
    #[arg(long)]
    pub(crate) diff: bool,
    /// What to print: a list, everything as JSON, or the components of a firmware image as a bill of materials
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: CollectFormat,
    /// List every fact, also where there are many of a kind
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct IsolationArgs {
    /// Read images in this process and not in a confined one of their own
    #[arg(long)]
    pub(crate) no_isolation: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VulnsArgs {
    /// The product file
    pub(crate) product: PathBuf,
    #[command(flatten)]
    pub(crate) vulnerabilities: VulnerabilityArgs,
    /// What to print: a table, the whole report as JSON, a CycloneDX VDR, a CSAF 2.0 or an `OpenVEX` document
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: VulnsFormat,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// List every vulnerability and say of each why
    #[arg(long)]
    pub(crate) all: bool,
    /// Show what changed since a day (2026-11-01), since a report written with `--json`, or since an earlier database
    #[arg(long, value_name = "DATE|REPORT|DB")]
    pub(crate) since: Option<String>,
    /// Fail (exit code 1) where a component is affected by a vulnerability of this severity or worse, or by one known to be exploited
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<SeverityName>,
    /// Who issues the CSAF or `OpenVEX` document; by default the product's maker
    #[arg(long, value_name = "NAME", requires = "namespace")]
    pub(crate) publisher: Option<String>,
    /// A URI of theirs, such as `https://www.example.com`
    #[arg(long, value_name = "URI", requires = "publisher")]
    pub(crate) namespace: Option<String>,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

impl VulnsArgs {
    /// The format asked for.
    pub(crate) fn format(&self) -> VulnsFormat {
        if self.json { VulnsFormat::Json } else { self.format }
    }
}

/// What `vulns` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VulnsFormat {
    Table,
    Json,
    Cyclonedx,
    Csaf,
    Openvex,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct VulnerabilityArgs {
    /// The database of known vulnerabilities; by default what the product file names, `SEKISHO_VULNDB`, or
    /// `sekisho/vulnerabilities.db` in your folder for data where it is there
    #[arg(long, value_name = "FILE")]
    pub(crate) vulndb: Option<PathBuf>,
    /// Use no database of known vulnerabilities
    #[arg(long, conflicts_with = "vulndb")]
    pub(crate) no_vulndb: bool,
    /// How old the newest record may be, for all feeds (30) or by feed (kev=7,osv=30,osv/GO=60); there are defaults for each
    #[arg(long, value_name = "DAYS|FEED=DAYS,…")]
    pub(crate) max_age: Option<AgeLimits>,
}

#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Which collector
    pub(crate) collector: CollectorName,
    /// The artefact
    pub(crate) file: PathBuf,
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
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    #[command(flatten)]
    pub(crate) vulnerabilities: VulnerabilityArgs,
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
pub(crate) struct PlanArgs {
    /// A product file, from which roles, industries, markets and traits are taken
    #[arg(long, value_name = "FILE")]
    pub(crate) product: Option<PathBuf>,
    /// Your roles, such as developer,device-manufacturer
    #[arg(long = "role", alias = "roles", value_name = "ROLE,…", value_delimiter = ',')]
    pub(crate) roles: Vec<String>,
    /// Industries the product is for, such as consumer,smart-home
    #[arg(long = "industry", alias = "industries", value_name = "INDUSTRY,…", value_delimiter = ',')]
    pub(crate) industries: Vec<String>,
    /// Markets it is for: eu, uk, us, jp
    #[arg(long = "market", alias = "markets", value_name = "MARKET,…", value_delimiter = ',')]
    pub(crate) markets: Vec<String>,
    /// Phases of the life cycle you are busy with, such as design,implementation
    #[arg(long = "phase", alias = "phases", value_name = "PHASE,…", value_delimiter = ',')]
    pub(crate) phases: Vec<String>,
    /// Languages you read, such as en,ja; by default all
    #[arg(long = "language", alias = "languages", value_name = "LANG,…", value_delimiter = ',')]
    pub(crate) languages: Vec<String>,
    /// What you have read: documents, or chapters as DOCUMENT:CHAPTER
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) read: Vec<String>,
    /// Documents to read in any case
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) with: Vec<String>,
    /// Documents not to read
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) without: Vec<String>,
    /// How many pages you are willing to read
    #[arg(long, value_name = "N")]
    pub(crate) pages: Option<u64>,
    /// Print the whole plan as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to write the plan as an HTML page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DocumentsArgs {
    /// For whom it is written: developer, device-manufacturer, hospital …
    #[arg(long, value_name = "ROLE,…", value_delimiter = ',')]
    pub(crate) role: Vec<String>,
    /// For which industry; what is for all industries is listed too
    #[arg(long, value_name = "INDUSTRY,…", value_delimiter = ',')]
    pub(crate) industry: Vec<String>,
    /// Of which layer it speaks: hardware, firmware, cloud …
    #[arg(long, value_name = "LAYER,…", value_delimiter = ',')]
    pub(crate) layer: Vec<String>,
    /// For which phase of the life cycle
    #[arg(long, value_name = "PHASE,…", value_delimiter = ',')]
    pub(crate) phase: Vec<String>,
    /// What kind of document: law, standard, guideline …
    #[arg(long, value_name = "KIND,…", value_delimiter = ',')]
    pub(crate) kind: Vec<String>,
    /// How detailed: overview, intermediate, detailed
    #[arg(long, value_name = "DETAIL,…", value_delimiter = ',')]
    pub(crate) detail: Vec<String>,
    /// How far it binds: mandatory, certification-basis, voluntary
    #[arg(long, value_name = "FORCE,…", value_delimiter = ',')]
    pub(crate) binding: Vec<String>,
    /// In which market; what is for the whole world is listed too
    #[arg(long, value_name = "MARKET,…", value_delimiter = ',')]
    pub(crate) market: Vec<String>,
    /// Whether it is still the one to use: current, superseded, expired
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',')]
    pub(crate) status: Vec<String>,
    /// Who publishes it, by its abbreviation
    #[arg(long, value_name = "PUBLISHER,…", value_delimiter = ',')]
    pub(crate) publisher: Vec<String>,
    /// Print how many of them have each word of each facet
    #[arg(long)]
    pub(crate) facets: bool,
    /// Write a page that shows what each document became
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The one document
    pub(crate) a: String,
    /// The other
    pub(crate) b: String,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CrosswalkArgs {
    /// The document to start from
    #[arg(long, value_name = "DOC")]
    pub(crate) from: String,
    /// The document to go to
    #[arg(long, value_name = "DOC")]
    pub(crate) to: String,
    /// Leave out what bears less: 1 shows all, 4 what is certain, 7 containment, 10 equality
    #[arg(long, value_name = "1…10", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) strength: u8,
    /// Print the pairs as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GapArgs {
    /// The documents that are met, separated by commas
    #[arg(long, value_name = "DOC,…", value_delimiter = ',', required = true)]
    pub(crate) have: Vec<String>,
    /// The document that is wanted
    #[arg(long, value_name = "DOC")]
    pub(crate) want: String,
    /// Show the controls that are covered, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words in English or Japanese, or a name such as OTA:12
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only this kind of thing
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<KindName>,
    /// Only in this document (id or alias)
    #[arg(long, value_name = "DOC")]
    pub(crate) document: Option<String>,
    /// How many to show at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    pub(crate) limit: usize,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    /// Only these documents (ids or aliases, separated by commas)
    #[arg(long, value_name = "DOC,…", value_delimiter = ',')]
    pub(crate) documents: Vec<String>,
    /// The objectives of this area one by one, instead of counts for each area
    #[arg(long, value_name = "AREA")]
    pub(crate) area: Option<String>,
    /// Write the whole matrix as a picture in a page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the whole data as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    Control,
    Document,
    Objective,
    Concept,
}

impl From<KindName> for HitKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Control => Self::Control,
            KindName::Document => Self::Document,
            KindName::Objective => Self::Objective,
            KindName::Concept => Self::Concept,
        }
    }
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

#[derive(Debug, Args)]
pub(crate) struct VulndbArgs {
    #[command(subcommand)]
    pub(crate) command: VulndbCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VulndbCommand {
    /// Import what was downloaded: OSV, NVD, CVE records, KEV, EPSS, VEX documents
    Import(VulndbImportArgs),
    /// Show what the database holds and how old that is
    Status(VulndbStatusArgs),
    /// Write a signed copy of the database, for places without a network
    Export(VulndbExportArgs),
    /// Verify a signed copy
    Verify(VulndbVerifyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// The database; by default `SEKISHO_VULNDB`, or `sekisho/vulnerabilities.db` in your folder for data
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VulndbImportArgs {
    /// Files and folders, compressed or not; each file's format is told by its content
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) db: DatabaseArgs,
    /// The input is a part of its feeds, such as what changed: that it has fewer records than before means nothing
    #[arg(long)]
    pub(crate) update: bool,
    /// What to print: a report or all of it as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// The moment of the import (RFC 3339); by default `SOURCE_DATE_EPOCH` or the clock
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VulndbStatusArgs {
    #[command(flatten)]
    pub(crate) db: DatabaseArgs,
    /// What to print: a table or all of it as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// How old the newest record may be, for all feeds (30) or by feed (kev=7,osv=30,osv/GO=60); there are defaults for each
    #[arg(long, value_name = "DAYS|FEED=DAYS,…")]
    pub(crate) max_age: Option<AgeLimits>,
    /// Fail (exit code 1) where a feed is older than it may be, or has lost records
    #[arg(long)]
    pub(crate) fail_on_stale: bool,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VulndbExportArgs {
    /// Where to write the copy; its signature is written beside it
    pub(crate) pack: PathBuf,
    /// File with the secret key, as minisign makes it; its password is taken from `SEKISHO_MINISIGN_PASSWORD`
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    #[command(flatten)]
    pub(crate) db: DatabaseArgs,
    /// Overwrite a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VulndbVerifyArgs {
    /// The copy; its signature lies beside it
    pub(crate) pack: PathBuf,
    /// File with the public key of who signed it, or the key itself
    #[arg(long, value_name = "KEY")]
    pub(crate) key: String,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// A count of which none would make no sense.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1 is needed".to_owned()),
        Ok(count) => Ok(count),
        Err(error) => Err(error.to_string()),
    }
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
