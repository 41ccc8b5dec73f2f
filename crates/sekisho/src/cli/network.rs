//! What commands that look at things over the network take: each the parts that it uses.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sekisho_model::network::Vantage;

/// All of it.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct NetworkArgs {
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    #[command(flatten)]
    pub(crate) active: ActiveArgs,
    #[command(flatten)]
    pub(crate) vantage: VantageArgs,
    #[command(flatten)]
    pub(crate) resolver: ResolverArgs,
    #[command(flatten)]
    pub(crate) roots: RootsArgs,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PaceArgs {
    /// Contact nothing over the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// Most requests to one host in a second
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    #[command(flatten)]
    pub(crate) time: TimeArgs,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TimeArgs {
    /// Most seconds to spend on one host or domain
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) time: u32,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ActiveArgs {
    /// Make the active tests that the product file authorizes without asking
    #[arg(long, conflicts_with = "offline")]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct VantageArgs {
    /// From where this machine asks the hosts: their own network, or the Internet; what can be reached from there is concluded only where it is said
    #[arg(long, value_name = "WHERE", conflicts_with = "offline")]
    pub(crate) from: Option<Place>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ResolverArgs {
    /// Name server for questions about domains, as ADDRESS or ADDRESS:PORT; by default the system's
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) resolver: Option<String>,
    /// File with trusted keys of zones (DS records) that DNSSEC is computed from; by default those of the root
    #[arg(long, value_name = "FILE")]
    pub(crate) trust_anchor: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RootsArgs {
    /// File with the root certificates (PEM) that servers' chains are held against
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
}

/// From where hosts are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// The network that the device is on
    Local,
    /// The Internet, from outside of that network
    Internet,
}

impl From<Place> for Vantage {
    fn from(place: Place) -> Self {
        match place {
            Place::Local => Self::Local,
            Place::Internet => Self::Internet,
        }
    }
}
