//! What commands that look at things over the network take.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct NetworkArgs {
    /// Contact nothing over the network
    #[arg(long)]
    pub(crate) offline: bool,
    /// Make the active tests that the product file authorizes without asking
    #[arg(long, conflicts_with = "offline")]
    pub(crate) yes: bool,
    /// Most requests to one host in a second
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// Most seconds to spend on one host or domain
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) time: u32,
    /// Name server for questions about domains, as ADDRESS or ADDRESS:PORT; by default the system's
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) resolver: Option<String>,
    /// File with the root certificates (PEM) that servers' chains are held against
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
}
