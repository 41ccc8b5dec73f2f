//! Checks the rule files of `components/` and packs them; a mistake in one fails the build at its place.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use regex::bytes::Regex;
use sekisho_diag::{Place as At, Problem};
use sekisho_yaml::{Document, Limits};

#[allow(dead_code, reason = "shared with the crate, which uses the rest")]
#[path = "src/inspect/versions/rule.rs"]
mod rule;

use rule::{Place, Rule};

#[allow(clippy::print_stderr, reason = "a build script tells Cargo's user by printing")]
#[allow(clippy::expect_used, reason = "without its folders a build script can only stop")]
fn main() {
    // Asked for when it runs: checkouts that share a target folder share the compiled script too.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets CARGO_MANIFEST_DIR for build scripts");
    let folder = Path::new(&manifest).join("components");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=src/inspect/versions/rule.rs");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of the rules can be listed")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    let schema = serde_json::to_value(schemars::schema_for!(Rule)).expect("a schema is JSON");
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for path in &files {
        match read(path, &schema) {
            Ok(rule) => rules.push(rule),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        for problem in &problems {
            eprintln!("{problem}");
        }
        eprintln!("the rules of components have {} mistakes", problems.len());
        process::exit(1);
    }
    let out = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts");
    let packed = serde_json::to_vec(&rules).expect("rules are JSON");
    fs::write(Path::new(&out).join("components.json"), packed).expect("OUT_DIR can be written to");
}

fn read(path: &Path, schema: &serde_json::Value) -> Result<Rule, Vec<Problem>> {
    let file = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|error| vec![Problem::error("unreadable", error.to_string()).at(At::file(&file))])?;
    let document = Document::parse(&file, bytes, &Limits::default()).map_err(|found| found.0)?;
    let mut problems = document.validate(schema);
    if !problems.is_empty() {
        return Err(problems);
    }
    let rule: Rule = document.decode().map_err(|problem| vec![problem])?;
    let mut wrong = |path: String, message: String| {
        problems.push(Problem::error("component-rule", message).at(document.place_of(path.as_str())));
    };
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(&rule.name) {
        wrong("name".into(), "the name is not that of the file".into());
    }
    if let Some(cpe) = &rule.cpe
        && (cpe.split(':').count() != 3 || !matches!(cpe.split(':').next(), Some("a" | "o" | "h")))
    {
        wrong("cpe".into(), "expected 'part:vendor:product'".into());
    }
    if let Some(licence) = &rule.licence
        && spdx::Expression::parse(licence).is_err()
    {
        wrong("licence".into(), "not an SPDX licence expression".into());
    }
    for (index, sign) in rule.signs.iter().enumerate() {
        let at = format!("signs[{index}]");
        match sign.place() {
            None => wrong(at.clone(), "exactly one of 'string', 'beside', 'alone' and 'file-name' is needed".into()),
            Some(place) => {
                if matches!(place, Place::FileName(_)) != sign.literal.is_none() {
                    wrong(at.clone(), "a literal is needed, but for 'file-name'".into());
                }
                match Regex::new(place.pattern()) {
                    Err(error) => wrong(at.clone(), error.to_string()),
                    Ok(pattern) if pattern.captures_len() < 2 => wrong(at.clone(), "the pattern has no group".into()),
                    Ok(pattern) if pattern.captures_len() > 2 && sign.version.is_none() => {
                        wrong(at.clone(), "several groups need 'version'".into());
                    }
                    Ok(_) => {}
                }
            }
        }
        // A shorter one is found everywhere.
        if sign.literal.as_ref().is_some_and(|literal| literal.len() < 4) {
            wrong(at, "the literal has less than four bytes".into());
        }
    }
    for (wanted, what) in [(true, "finds a version"), (false, "finds none")] {
        if !rule.examples.iter().any(|example| example.version.is_some() == wanted) {
            wrong("examples".into(), format!("there is no example that {what}"));
        }
    }
    if problems.is_empty() { Ok(rule) } else { Err(problems) }
}
