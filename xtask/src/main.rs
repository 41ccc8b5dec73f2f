//! Tasks of the developers: `cargo xtask generate [--check]` writes every file that is made from the code, or says which of them are stale;
//! `cargo xtask suggest` measures how good proposed objectives are.

mod documents;
mod facts;
mod generate;
mod sample;
mod suggest;
mod test_units;

use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage: cargo xtask generate [--check] | cargo xtask suggest";

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
        ["suggest"] => suggest::measure(),
        _ => bail!("{USAGE}"),
    }
}

#[expect(clippy::print_stderr, reason = "a tool of the developers speaks to their terminal")]
fn say(line: &str) {
    eprintln!("{line}");
}
