//! `cargo xtask generate [--check]`: writes every file that is made from the code, or says which of them are stale.

mod documents;
mod facts;
mod generate;

use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage: cargo xtask generate [--check]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> anyhow::Result<()> {
    match arguments {
        ["generate"] => generate::write(),
        ["generate", "--check"] => generate::check(),
        _ => bail!("{USAGE}"),
    }
}

#[expect(clippy::print_stderr, reason = "a tool of the developers speaks to their terminal")]
fn say(line: &str) {
    eprintln!("{line}");
}
