//! Prints what a bill of materials says: `cargo run -p sekisho-sbom --example facts -- FILE [--quiet]`.
//!
//! `--quiet` prints counts and the time instead of the facts.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use sekisho_model::collect::Collector as _;
use sekisho_sbom::SbomCollector;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: facts FILE [--quiet]");
        return ExitCode::from(2);
    };
    let quiet = arguments.next().is_some_and(|argument| argument == "--quiet");
    let collector = SbomCollector::new(time::OffsetDateTime::now_utc().date());
    let start = Instant::now();
    match collector.collect(Path::new(&file), &file, "product", &|_| ()) {
        Ok(collection) => {
            let taken = start.elapsed();
            if quiet {
                println!("{} facts in {taken:?}", collection.facts.len());
                println!(
                    "{}",
                    serde_json::json!({ "facts": collection.facts.first(), "coverage": collection.coverage })
                );
            } else {
                let all = serde_json::json!({
                    "artefact": collection.artefact,
                    "facts": collection.facts,
                    "coverage": collection.coverage,
                });
                println!("{all:#}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
