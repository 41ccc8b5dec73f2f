//! Makes input of full size out of real advisories, and measures the database with it.
//!
//! ```text
//! cargo run --release -p sekisho-vulndb --example scale -- generate FOLDER ADVISORIES-AS-JSON-FOLDER [OSV [NVD]]
//! cargo run --release -p sekisho-vulndb --example scale -- import FOLDER
//! cargo run --release -p sekisho-vulndb --example scale -- ask FOLDER
//! ```
//!
//! Each step is a process of its own, so that its peak of memory is its own. Generated records are real ones, of OSV and of CVE, under other
//! identifiers and package names; NVD records are made from CVE records, for there is no free copy of NVD at hand.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sekisho_vulndb::{Database, ImportOptions, Moment, import};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, default: usize| arguments.get(place).map_or(Ok(default), |text| text.parse());
    let folder = arguments.get(1).map(PathBuf::from).ok_or("no folder")?;
    match arguments.first().map(String::as_str) {
        Some("generate") => {
            let real = arguments.get(2).map(PathBuf::from).ok_or("no folder of advisories")?;
            generate(&folder, &real, number(3, 350_000)?, number(4, 300_000)?)?;
        }
        Some("import") => {
            let before = Instant::now();
            let paths = [folder.join("input")];
            let options = ImportOptions::new(Moment::parse("2026-09-01").ok_or("no date")?);
            let report = import(&paths, &folder.join("vulns.db"), &options, &mut |_| ControlFlow::Continue(()))?;
            let seconds = before.elapsed().as_secs_f64();
            println!("{} records read in {seconds:.1} s, {:.0} per second", report.read, report.read as f64 / seconds);
            println!("added {}, replaced {}, unchanged {}", report.added, report.replaced, report.unchanged);
            for (reason, count) in &report.problems {
                println!("{reason:?}: {}", count.count);
            }
            println!("{} bytes on disk", fs::metadata(folder.join("vulns.db"))?.len());
        }
        Some("ask") => ask(&folder)?,
        _ => return Err("generate, import or ask".into()),
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no peak of memory known"));
    Ok(())
}

/// All JSON records under a folder.
fn records(folder: &Path, found: &mut Vec<Value>) -> Outcome<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            records(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(serde_json::from_slice(&fs::read(path)?)?);
        }
    }
    Ok(())
}

fn generate(folder: &Path, real: &Path, osv: usize, nvd: usize) -> Outcome<()> {
    let mut found = Vec::new();
    records(real, &mut found)?;
    let (cves, advisories): (Vec<Value>, Vec<Value>) =
        found.into_iter().partition(|record| record.get("cveMetadata").is_some());
    let advisories: Vec<Value> = advisories.into_iter().filter(|record| record.get("affected").is_some()).collect();
    if advisories.is_empty() || cves.is_empty() {
        return Err("advisories and CVE records are needed".into());
    }
    let input = folder.join("input");
    fs::create_dir_all(&input)?;
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(input.join("osv.zip"))?));
    for (number, record) in advisories.iter().cycle().take(osv).enumerate() {
        let round = number / advisories.len();
        let mut record = record.clone();
        let id = format!("{}-{round}", record["id"].as_str().unwrap_or("X-1"));
        record["id"] = json!(id);
        record["aliases"] = json!([format!("CVE-{}-{}", 2000 + number % 25, 10_000 + number / 25)]);
        for affected in record["affected"].as_array_mut().into_iter().flatten() {
            if let Some(name) = affected["package"]["name"].as_str().filter(|_| round > 0) {
                affected["package"]["name"] = json!(format!("{name}-{round}"));
            }
        }
        zip.start_file(format!("{id}.json"), zip::write::SimpleFileOptions::default())?;
        serde_json::to_writer(&mut zip, &record)?;
    }
    zip.finish()?.flush()?;
    for page in 0..nvd.div_ceil(2000) {
        let elements: Vec<Value> = (page * 2000..nvd.min(page * 2000 + 2000))
            .map(|number| element(number, &cves[number % cves.len()]))
            .collect();
        let answer = json!({"resultsPerPage": elements.len(), "startIndex": page * 2000, "totalResults": nvd, "format": "NVD_CVE",
            "version": "2.0", "vulnerabilities": elements});
        let file = BufWriter::new(File::create(input.join(format!("nvd-{page}.json.gz")))?);
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        serde_json::to_writer(&mut packed, &answer)?;
        packed.finish()?.flush()?;
    }
    Ok(())
}

/// An element of NVD's answer out of a CVE record.
fn element(number: usize, record: &Value) -> Value {
    let cna = &record["containers"]["cna"];
    let affected = cna["affected"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Every tenth name is of one of a few products with thousands of vulnerabilities, as kernels have them.
    let product =
        if number.is_multiple_of(10) { "linux_kernel".to_owned() } else { format!("product_{}", number % 40_000) };
    let versions = affected.iter().flat_map(|affected| affected["versions"].as_array().into_iter().flatten());
    let matches: Vec<Value> = versions
        .map(|version| {
            json!({"vulnerable": true, "criteria": format!("cpe:2.3:a:vendor_{}:{product}:*:*:*:*:*:*:*:*", number % 10),
                "matchCriteriaId": format!("{number:08X}-0000-0000-0000-000000000000"),
                "versionStartIncluding": version["version"].as_str().unwrap_or("0"),
                "versionEndExcluding": version["lessThan"].as_str().unwrap_or("9")})
        })
        .collect();
    json!({"cve": {
        "id": format!("CVE-{}-{}", 2000 + number % 25, 10_000 + number / 25),
        "sourceIdentifier": "cve@example.org", "published": "2024-01-01T00:00:00.000", "lastModified": "2026-08-01T00:00:00.000",
        "vulnStatus": "Analyzed", "descriptions": cna["descriptions"].clone(),
        "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"version": "3.1",
            "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8, "baseSeverity": "CRITICAL"}}]},
        "weaknesses": [{"source": "nvd@nist.gov", "type": "Primary", "description": [{"lang": "en", "value": "CWE-787"}]}],
        "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": matches}]}],
        "references": cna["references"].clone(),
    }})
}

#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn ask(folder: &Path) -> Outcome<()> {
    let path = folder.join("vulns.db");
    let before = Instant::now();
    let database = Database::open(&path)?;
    println!("opened in {:.1} ms", before.elapsed().as_secs_f64() * 1000.0);
    let mut zip = zip::ZipArchive::new(std::io::BufReader::new(File::open(folder.join("input/osv.zip"))?))?;
    let mut packages = Vec::new();
    // Spread over all, in no order.
    for number in 0..5000 {
        let record: Value = serde_json::from_reader(zip.by_index(number * 7919 % 340_000)?)?;
        let package = &record["affected"][0]["package"];
        if let (Some(ecosystem), Some(name)) = (package["ecosystem"].as_str(), package["name"].as_str()) {
            packages.push((ecosystem.to_owned(), name.to_owned()));
        }
    }
    drop(zip);
    let memory = |name: &str| {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        println!("{name}: {}", status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default());
    };
    memory("before asking");
    for round in ["first", "second"] {
        let before = Instant::now();
        let mut found = 0;
        for (ecosystem, name) in &packages {
            for advisory in database.advisories(ecosystem, name)? {
                advisory?;
                found += 1;
            }
        }
        rate(&format!("packages, {round} time, {found} advisories"), packages.len(), before);
    }
    let before = Instant::now();
    for number in 0..10_000 {
        if database.advisories("npm", &format!("absent-{number}"))?.next().is_some() {
            return Err("found what is not there".into());
        }
    }
    rate("packages that are not there", 10_000, before);
    let before = Instant::now();
    let mut found = 0;
    for number in 1..5000 {
        for advisory in database.by_cpe(&format!("vendor_{}", number % 10), &format!("product_{number}"))? {
            advisory?;
            found += 1;
        }
    }
    rate(&format!("CPE names, {found} advisories"), 4999, before);
    let before = Instant::now();
    let kernel = database.by_cpe("vendor_0", "linux_kernel")?.collect::<Result<Vec<_>, _>>()?.len();
    rate(&format!("a kernel with {kernel} advisories"), 1, before);
    let before = Instant::now();
    for number in 0..5000 {
        database
            .by_id(&format!("CVE-{}-{}", 2000 + number % 25, 10_000 + number / 25))?
            .ok_or("an identifier is missing")?;
    }
    rate("identifiers", 5000, before);
    memory("after asking");
    let before = Instant::now();
    database.check()?;
    println!("checked in {:.1} s", before.elapsed().as_secs_f64());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn rate(what: &str, count: usize, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("{what}: {:.1} ms, {:.0} per second", seconds * 1000.0, count as f64 / seconds);
}
