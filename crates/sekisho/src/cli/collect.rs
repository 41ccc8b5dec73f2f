//! What `collect` takes: each collector the options that it uses.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use sekisho_model::artefact::ArtefactKind;

use super::network::{ActiveArgs, PaceArgs, ResolverArgs, RootsArgs, TimeArgs, VantageArgs};
use super::product::IsolationArgs;
use super::shared::Format;

#[derive(Debug, Args)]
pub(crate) struct CollectArgs {
    #[command(subcommand)]
    pub(crate) collector: Collector,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Collector {
    /// From a firmware image: components, accounts, keys, services, settings
    Firmware(FileArgs),
    /// From a bill of materials
    Sbom(FileArgs),
    /// From a capture of traffic (pcap, pcapng)
    Capture(FileArgs),
    /// From a MUD file (RFC 8520)
    Mud(FileArgs),
    /// From the hosts that a product file declares, over the network
    Host(HostArgs),
    /// From the domains that a product file declares: DNS, mail, security.txt
    Domain(DomainArgs),
    /// From a client that connects here: which bad certificates it accepts
    Client(ClientArgs),
    /// From a sample of mail (.eml): signatures, sender, TLS on the way
    Message(FileArgs),
    /// From published documents, a folder or a file: text, Markdown, HTML, PDF
    Published(FileArgs),
    /// From the configuration or manifest of a build
    Build(FileArgs),
    /// From the results of another tool: nmap, testssl.sh, sslyze, ssh-audit, ZAP, SARIF, Testrun
    Results(FileArgs),
}

impl Collector {
    /// The kind of artefact and its options, of what reads files.
    pub(crate) fn file(&self) -> Option<(ArtefactKind, &FileArgs)> {
        Some(match self {
            Self::Firmware(args) => (ArtefactKind::Firmware, args),
            Self::Sbom(args) => (ArtefactKind::Sbom, args),
            Self::Capture(args) => (ArtefactKind::Capture, args),
            Self::Mud(args) => (ArtefactKind::Mud, args),
            Self::Message(args) => (ArtefactKind::Message, args),
            Self::Published(args) => (ArtefactKind::Published, args),
            Self::Build(args) => (ArtefactKind::Build, args),
            Self::Results(args) => (ArtefactKind::Results, args),
            Self::Host(_) | Self::Domain(_) | Self::Client(_) => return None,
        })
    }
}

/// What is printed of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CollectFormat {
    Text,
    Json,
    Cyclonedx,
}

#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// The artefact; two of them with --diff, the older first
    #[arg(num_args = 0..=2, value_name = "FILE")]
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

/// What is printed of what was looked at over the network.
#[derive(Debug, Clone, Args)]
pub(crate) struct ShownArgs {
    /// What to print: a list or everything as JSON
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// List every fact, also where there are many of a kind
    #[arg(long)]
    pub(crate) all: bool,
    /// The moment from which ages are counted (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Of which product, and of which of its components.
#[derive(Debug, Clone, Args)]
pub(crate) struct DeclaredArgs {
    /// The product file that declares them
    pub(crate) product: Option<PathBuf>,
    /// The component of the product to look at; by default all that can be
    #[arg(long, value_name = "ID")]
    pub(crate) component: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct HostArgs {
    #[command(flatten)]
    pub(crate) declared: DeclaredArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    #[command(flatten)]
    pub(crate) active: ActiveArgs,
    #[command(flatten)]
    pub(crate) vantage: VantageArgs,
    #[command(flatten)]
    pub(crate) roots: RootsArgs,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DomainArgs {
    #[command(flatten)]
    pub(crate) declared: DeclaredArgs,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    #[command(flatten)]
    pub(crate) resolver: ResolverArgs,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct ClientArgs {
    /// Where to wait for the device to connect
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// The name by which the device calls the server
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Certificate of an authority that the device trusts (PEM), by which wrong names and dates are told from wrong signers
    #[arg(long, value_name = "FILE")]
    pub(crate) authority: Option<PathBuf>,
    /// The authority's private key (PEM), where it does not stand in the file of its certificate
    #[arg(long, value_name = "FILE", requires = "authority")]
    pub(crate) authority_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) time: TimeArgs,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}
