//! What can be typed. Types only; what each command does stands in its own file.

mod catalog;
mod collect;
mod documents;
mod network;
mod product;
mod shared;
mod vulnerabilities;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use sekisho_model::Lang;

use crate::messages;

pub(crate) use catalog::{CatalogArgs, CatalogCommand, ExportArgs, ImportArgs, SchemaArgs, SuggestArgs};
pub(crate) use collect::{ClientArgs, CollectArgs, CollectFormat, Collector, DeclaredArgs, FileArgs, ShownArgs};
pub(crate) use documents::{
    CompareArgs, CrosswalkArgs, DocumentsArgs, GapArgs, MatrixArgs, PlanArgs, SearchArgs, ShowArgs,
};
pub(crate) use network::{ActiveArgs, NetworkArgs};
pub(crate) use product::{
    AssessArgs, ExplainArgs, GateArgs, InitArgs, IsolationArgs, MudArgs, ValidateArgs, WorkerArgs,
};
pub(crate) use shared::{Format, ListArgs};
pub(crate) use vulnerabilities::{
    VulndbArgs, VulndbCommand, VulndbExportArgs, VulndbImportArgs, VulndbStatusArgs, VulndbVerifyArgs,
    VulnerabilityArgs, VulnsArgs, VulnsFormat,
};

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
    /// Write the MUD file (RFC 8520) of a device: with whom it communicates, as the product file declares it
    Mud(MudArgs),
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
