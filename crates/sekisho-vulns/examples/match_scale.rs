//! Measures matching against a database of full size, as `cargo run --release -p sekisho-vulndb --example scale -- generate` and `-- import`
//! make it in a folder.
//!
//! ```text
//! cargo run --release -p sekisho-vulns --example match_scale -- FOLDER [COMPONENTS [OF-TEN]]        the whole inventory at once, twice
//! cargo run --release -p sekisho-vulns --example match_scale -- FOLDER COMPONENTS OF-TEN stream     one component after the other
//! cargo run --release -p sekisho-vulns --example match_scale -- FOLDER COMPONENTS OF-TEN naive      every record read for the occasion, by name
//! ```
//!
//! Of ten components so many (one, unless told) are such that the database has advisories for: packages, and for two of nine CPE names. The
//! generated records are dense: a component that has any is affected by a dozen.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use sekisho_model::fact::{Component, Fact, FoundBy, Observed, Source};
use sekisho_model::product::Product;
use sekisho_vulndb::{Database, Moment};
use sekisho_vulns::{Matcher, Outcome, Subject, examine};
use serde_json::Value;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().map(PathBuf::from).ok_or("no folder")?;
    let count = arguments.get(1).map_or(Ok(10_000), |text| text.parse())?;
    let share = arguments.get(2).map_or(Ok(1), |text| text.parse())?;
    let components = components(&folder, count, share)?;
    peak("before");
    match arguments.get(3).map(String::as_str) {
        None => {
            let facts: Vec<Fact> = components.into_iter().map(fact).collect();
            let product = Product { name: "scale".to_owned(), ..Product::default() };
            let now = Moment::parse("2026-09-01").ok_or("no date")?;
            let start = Instant::now();
            let database = Database::open(&folder.join("vulns.db"))?;
            println!("opened in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
            for round in ["first", "second"] {
                let start = Instant::now();
                let found = examine(&database, Subject { product: &product, facts: &facts, now })?;
                println!(
                    "{round}: {} components, {} vulnerabilities, {} not judged, {:.0} ms",
                    found.inventory.len(),
                    found.vulnerabilities.len(),
                    found.not_judged.len(),
                    start.elapsed().as_secs_f64() * 1000.0
                );
            }
        }
        Some("stream") => {
            let start = Instant::now();
            let database = Database::open(&folder.join("vulns.db"))?;
            let matcher = Matcher::new(&database);
            let affected: usize = components
                .par_iter()
                .map(|component| {
                    matcher.judge(component).map(|judged| {
                        judged.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Affected).count()
                    })
                })
                .sum::<Result<usize, _>>()?;
            println!("{count} streamed, {affected} affected, {:.0} ms", start.elapsed().as_secs_f64() * 1000.0);
        }
        Some("naive") => naive(&folder, &components)?,
        Some(other) => return Err(format!("'{other}'").into()),
    }
    peak("after");
    Ok(())
}

fn fact(component: Component) -> Fact {
    Fact {
        observed: Observed::Component(component),
        subject: "device".to_owned(),
        source: Source { artefact: "scale".to_owned(), ..Source::default() },
    }
}

/// Components that have something to do with the generated records, spread over all of them in no order.
fn components(folder: &Path, count: usize, share: usize) -> Result<Vec<Component>, Failure> {
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(folder.join("input/osv.zip"))?))?;
    let records = zip.len();
    (0..count)
        .map(|number| {
            let version = format!("1.{}.{}", number % 20, number % 7);
            let mut component =
                Component { version: Some(version.clone()), found_by: FoundBy::Sbom, ..Component::default() };
            match (number % 10 < share, number / 10 % 9) {
                (false, _) => {
                    component.name = format!("absent-{number}");
                    component.purl = Some(format!("pkg:npm/absent-{number}@{version}"));
                }
                (true, 0 | 1) => {
                    let product = (number * 7919) % 40_000;
                    component.name = format!("product_{product}");
                    let vendor = product % 10;
                    component.cpe =
                        Some(format!("cpe:2.3:a:vendor_{vendor}:product_{product}:{version}:*:*:*:*:*:*:*"));
                }
                (true, _) => {
                    let record: Value = serde_json::from_reader(zip.by_index((number * 7919) % records)?)?;
                    let package = &record["affected"][0]["package"];
                    let name = package["name"].as_str().unwrap_or("none");
                    let kind = match package["ecosystem"].as_str().unwrap_or_default() {
                        "Go" => "golang",
                        "PyPI" => "pypi",
                        "crates.io" => "cargo",
                        ecosystem if ecosystem.starts_with("AlmaLinux") => "rpm/almalinux",
                        _ => "generic",
                    };
                    name.clone_into(&mut component.name);
                    component.purl = Some(format!("pkg:{kind}/{name}@{version}"));
                }
            }
            Ok(component)
        })
        .collect()
}

/// What a script does: reads every record, keeps it by the name of its packages, and asks for each component.
#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn naive(folder: &Path, components: &[Component]) -> Result<(), Failure> {
    let start = Instant::now();
    let mut by_name: HashMap<String, Vec<Value>> = HashMap::new();
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(folder.join("input/osv.zip"))?))?;
    for at in 0..zip.len() {
        let record: Value = serde_json::from_reader(zip.by_index(at)?)?;
        if let Some(name) = record["affected"][0]["package"]["name"].as_str().map(str::to_owned) {
            by_name.entry(name).or_default().push(record);
        }
    }
    let hits: usize = components.iter().map(|component| by_name.get(&component.name).map_or(0, Vec::len)).sum();
    println!(
        "{} components, {hits} advisories by name, {:.0} ms",
        components.len(),
        start.elapsed().as_secs_f64() * 1000.0
    );
    Ok(())
}

/// The peak of memory so far.
#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn peak(when: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{when}: {}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no peak of memory known"));
}
