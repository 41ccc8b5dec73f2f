//! What commands about a product and its artefacts take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sekisho_model::artefact::ArtefactKind;

use super::network::NetworkArgs;
use super::shared::{Format, SeverityName};
use super::vulnerabilities::VulnerabilityArgs;

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
    /// Run only these collectors, such as firmware, sbom, host
    #[arg(long, value_name = "COLLECTOR,…", value_delimiter = ',')]
    pub(crate) only: Vec<CollectorName>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    #[command(flatten)]
    pub(crate) vulnerabilities: VulnerabilityArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
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
pub(crate) enum CollectorName {
    Firmware,
    Sbom,
    Capture,
    Mud,
    Host,
    Domain,
    Client,
    Message,
    Published,
    Build,
    Results,
}

impl From<CollectorName> for ArtefactKind {
    fn from(name: CollectorName) -> Self {
        match name {
            CollectorName::Firmware => Self::Firmware,
            CollectorName::Sbom => Self::Sbom,
            CollectorName::Capture => Self::Capture,
            CollectorName::Mud => Self::Mud,
            CollectorName::Host => Self::Host,
            CollectorName::Domain => Self::Domain,
            CollectorName::Client => Self::Client,
            CollectorName::Message => Self::Message,
            CollectorName::Published => Self::Published,
            CollectorName::Build => Self::Build,
            CollectorName::Results => Self::Results,
        }
    }
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct IsolationArgs {
    /// Read artefacts in this process and not in confined ones of their own
    #[arg(long)]
    pub(crate) no_isolation: bool,
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
pub(crate) struct MudArgs {
    /// The product file
    pub(crate) product: PathBuf,
    /// Where the MUD file is going to be published: an https address
    #[arg(long, value_name = "URL")]
    pub(crate) url: String,
    /// The component that it is about; by default the product's only device
    #[arg(long, value_name = "ID")]
    pub(crate) component: Option<String>,
    /// The moment that is written as that of the last update (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
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
