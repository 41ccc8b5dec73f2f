//! Writes a capture of a size that looks like a small network with devices, the same every time:
//! `cargo run --release -p sekisho-pcap --example traffic_generate -- FILE MEGABYTES`.

use std::fs::File;
use std::io::{BufWriter, Write as _};

#[expect(clippy::print_stderr, reason = "an example is a program")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    const USAGE: &str = "usage: traffic_generate FILE MEGABYTES";
    let mut arguments = std::env::args().skip(1);
    let (file, megabytes) = (arguments.next().ok_or(USAGE)?, arguments.next().ok_or(USAGE)?);
    let mut out = BufWriter::new(File::create(file)?);
    let size = sekisho_test::traffic::capture(&mut out, megabytes.parse::<u64>()? * 1_000_000)?;
    out.flush()?;
    eprintln!("{size} bytes");
    Ok(())
}
