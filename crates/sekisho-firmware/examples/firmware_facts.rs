//! Prints what the firmware collector sees in an image, as JSON.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its terminal")]

use std::path::Path;
use std::process::ExitCode;

use sekisho_firmware::FirmwareCollector;
use sekisho_model::collect::{Collector, Progress};
use time::macros::date;

fn main() -> ExitCode {
    let Some(image) = std::env::args().nth(1) else {
        eprintln!("usage: firmware_facts IMAGE [--steps]");
        return ExitCode::from(2);
    };
    let steps = std::env::args().any(|a| a == "--steps");
    let progress = |progress: Progress<'_>| {
        if let (true, Progress::Step(step)) = (steps, progress) {
            eprintln!("{step}");
        }
    };
    match FirmwareCollector::new(date!(2026 - 01 - 01)).collect(Path::new(&image), &image, "device", &progress) {
        Ok(found) => {
            let json =
                serde_json::json!({ "artefact": found.artefact, "facts": found.facts, "coverage": found.coverage });
            println!("{json:#}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
