//! The command line of Sekisho: one file per command, thin.

mod cli;
mod commands;
mod database;
mod evidence;
mod inputs;
mod live;
mod messages;
mod output;
mod printer;
mod reading;
mod vulnerabilities;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use sekisho_model::exit;

use crate::cli::{Cli, Command};
use crate::printer::Printer;

fn main() -> ExitCode {
    let lang = cli::lang_of_arguments(std::env::args_os());
    let matches = match cli::localised(Cli::command(), lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are asked for; everything else is wrong usage.
            let code = if error.use_stderr() { exit::BAD_INPUT } else { exit::OK };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let printer = Printer::new(lang, cli.global.quiet, cli.global.color);
    let code = match run(&cli, &printer) {
        Ok(code) => code,
        Err(error) => {
            printer.error(&error);
            exit::BAD_INPUT
        }
    };
    ExitCode::from(code)
}

fn run(cli: &Cli, printer: &Printer) -> anyhow::Result<u8> {
    let global = &cli.global;
    match &cli.command {
        Command::Assess(args) => commands::assess::run(args, global, printer),
        Command::Collect(args) => commands::collect::run(args, global, printer),
        Command::Worker(args) => commands::worker::run(args),
        Command::Explain(args) => commands::explain::run(args, global, printer),
        Command::Vulns(args) => commands::vulns::run(args, global, printer),
        Command::Mud(args) => commands::mud::run(args, global, printer),
        Command::Show(args) => commands::show::run(args, global, printer),
        Command::Plan(args) => commands::plan::run(args, global, printer),
        Command::Documents(args) => commands::documents::run(args, global, printer),
        Command::Search(args) => commands::search::run(args, global, printer),
        Command::Objectives(args) => commands::objectives::run(args, global, printer),
        Command::Conflicts(args) => commands::conflicts::run(args, global, printer),
        Command::Compare(args) => commands::compare::run(args, global, printer),
        Command::Crosswalk(args) => commands::crosswalk::run(args, global, printer),
        Command::Gap(args) => commands::gap::run(args, global, printer),
        Command::Matrix(args) => commands::matrix::run(args, global, printer),
        Command::Init(args) => commands::init::run(args, printer),
        Command::Validate(args) => commands::validate::run(args, global, printer),
        Command::Catalog(args) => commands::catalog::run(args, global, printer),
        Command::Schema(args) => commands::schema::run(args, printer),
        Command::Vulndb(args) => commands::vulndb::run(args, printer),
    }
}
