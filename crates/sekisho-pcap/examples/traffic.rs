//! Prints the facts of a capture, or of a MUD file where the name ends in `.json`:
//! `cargo run --release -p sekisho-pcap --example traffic -- FILE [--quiet]`. With `--quiet` only how long it took.

use std::path::Path;
use std::time::Instant;

use sekisho_model::collect::Collector;
use sekisho_pcap::{CaptureCollector, MudCollector};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "an example is a program")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: traffic FILE [--quiet]")?;
    let quiet = arguments.next().is_some();
    let path = Path::new(&file);
    let collector: &dyn Collector = if path.extension().is_some_and(|extension| extension == "json") {
        &MudCollector::default()
    } else {
        &CaptureCollector::default()
    };
    let start = Instant::now();
    let collection = collector.collect(path, &file, "device", &|_| ())?;
    let seconds = start.elapsed().as_secs_f64();
    if !quiet {
        for fact in &collection.facts {
            println!("{}", serde_json::to_string(fact)?);
        }
        println!("{}", serde_json::to_string_pretty(&collection.coverage)?);
    }
    let megabytes = collection.artefact.size.unwrap_or_default() as f64 / 1e6;
    eprintln!("{} facts, {megabytes:.1} MB in {seconds:.3} s, {:.0} MB/s", collection.facts.len(), megabytes / seconds);
    Ok(())
}
