//! What commands about known vulnerabilities and their database take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use sekisho_vulndb::AgeLimits;

use super::product::IsolationArgs;
use super::shared::{Format, SeverityName};

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
