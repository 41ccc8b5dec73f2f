//! The matcher against answers that are not its own: `golden/cases.tsv`, found with the ecosystems' own tools and by hand
//! (`golden/README.md`). The records are those in `golden/records`, and the real artefacts beside the repository; where these are absent, their
//! cases are skipped aloud.

#![expect(clippy::unwrap_used, reason = "a test may")]

#[path = "golden/sources.rs"]
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sekisho_model::fact::Component;
use sekisho_vulndb::{Database, ImportOptions, Moment, import};
use sekisho_vulns::{Judgement, Matcher, Outcome};

/// A line of `cases.tsv`.
struct Case<'a> {
    /// Whose records.
    from: &'a str,
    /// Package URL without its version, or the beginning of a CPE name.
    component: &'a str,
    version: &'a str,
    id: &'a str,
    answer: &'a str,
    /// How the answer was found.
    how: &'a str,
}

/// The lines of `cases.tsv`.
fn cases() -> Vec<Case<'static>> {
    let lines = include_str!("golden/cases.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [from, component, version, id, answer, how] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("six columns: {line}")
            };
            assert!(["affected", "not-affected", "unknown", "absent"].contains(&answer), "{line}");
            Case { from, component, version, id, answer, how }
        })
        .collect()
}

fn records() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/records")
}

/// The component as a bill of materials or a look at an image gives it.
fn component(case: &Case<'_>) -> Component {
    let Case { component, version, .. } = case;
    let (mut purl, mut cpe) = (None, None);
    let name;
    if component.starts_with("cpe:") {
        name = component.rsplit(':').next().unwrap();
        let mut text = format!("{component}:");
        for c in version.chars() {
            // NIST IR 7695, 6.2: all but these is quoted.
            if !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_') {
                text.push('\\');
            }
            text.push(c);
        }
        cpe = Some(text + ":*:*:*:*:*:*:*");
    } else {
        let (path, qualifiers) = component.split_once('?').unwrap_or((component, ""));
        name = path.rsplit('/').next().unwrap();
        // Package URLs of RPM packages have the epoch as a qualifier.
        let (epoch, rest) = match version.split_once(':') {
            Some((epoch, rest)) if path.starts_with("pkg:rpm/") => (format!("epoch={epoch}"), rest),
            _ => (String::new(), *version),
        };
        let mut text = format!("{path}@");
        for byte in rest.bytes() {
            if byte.is_ascii_alphanumeric() || b".-_~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                write!(text, "%{byte:02X}").unwrap();
            }
        }
        let qualifiers = [qualifiers, &epoch].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        purl = Some(if qualifiers.is_empty() { text } else { format!("{text}?{qualifiers}") });
    }
    Component { name: name.to_owned(), version: Some((*version).to_owned()), purl, cpe, ..Component::default() }
}

/// What the matcher says of the case: as in the column `answer`. An advisory on several vulnerabilities is not a name of any of them, but each
/// of them names it as its source.
fn said(matcher: &Matcher<'_>, case: &Case<'_>) -> &'static str {
    let judged = matcher.judge(&component(case)).unwrap().judgements;
    let is_about = |judgement: &&Judgement| {
        let source = |advisory: &String| advisory.split_once(':').is_some_and(|(_, id)| id == case.id);
        judgement.ids.iter().any(|id| id == case.id) || judgement.advisories.iter().any(source)
    };
    let outcomes: BTreeSet<Outcome> = judged.iter().filter(is_about).map(|judgement| judgement.outcome).collect();
    match outcomes.into_iter().collect::<Vec<_>>()[..] {
        [] => "absent",
        [Outcome::Affected] => "affected",
        [Outcome::NotAffected] => "not-affected",
        [Outcome::Unknown] => "unknown",
        _ => "one and the other",
    }
}

/// Whose records and which kind of package: a line of the table.
fn group(case: &Case<'_>) -> String {
    if case.from == "own" {
        format!("own {}", case.component.split('/').next().unwrap().split(':').take(2).collect::<Vec<_>>().join(":"))
    } else {
        case.from.to_owned()
    }
}

#[test]
fn the_answers_of_the_ecosystems() {
    let cases = cases();
    let (mut table, mut differences) = (BTreeMap::<String, (usize, usize)>::new(), String::new());
    let mut skipped = BTreeMap::<&str, usize>::new();
    for from in cases.iter().map(|case| case.from).collect::<BTreeSet<_>>() {
        let of_this = || cases.iter().filter(|case| case.from == from);
        // A database for each source: they name some of the same vulnerabilities.
        let folder = tempfile::tempdir().unwrap();
        let input = if from == "own" { Some(records()) } else { sources::unpack(from, &folder.path().join("in")) };
        let Some(input) = input else {
            skipped.insert(from, of_this().count());
            continue;
        };
        let path = folder.path().join("vulns.db");
        let options = ImportOptions::new(Moment::parse("2026-09-01").unwrap());
        import(&[input], &path, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let database = Database::open(&path).unwrap();
        let matcher = Matcher::new(&database);
        for case in of_this() {
            let said = said(&matcher, case);
            // Of what nothing may be said, that it is not affected may.
            let agrees = said == case.answer || (case.answer == "absent" && said == "not-affected");
            let counts = table.entry(group(case)).or_default();
            if agrees {
                counts.0 += 1;
            } else {
                counts.1 += 1;
                let Case { from, component, version, id, answer, how } = case;
                writeln!(differences, "{from} {component} {version} {id}: {said}, not {answer} ({how})").unwrap();
            }
        }
    }
    println!("{:<20} {:>6} {:>9}", "", "agree", "disagree");
    for (group, (agree, disagree)) in &table {
        println!("{group:<20} {agree:>6} {disagree:>9}");
    }
    for (from, count) in skipped {
        println!("{from:<20} {count:>6} cases skipped: the real artefacts are not here");
    }
    assert!(differences.is_empty(), "\n{differences}");
}

/// The file itself: in order, nothing twice, and no record without a case.
#[test]
fn the_file_of_cases() {
    let cases = cases();
    let keys: Vec<_> = cases.iter().map(|case| [case.from, case.component, case.version, case.id]).collect();
    assert!(keys.is_sorted_by(|a, b| a < b));
    let own = cases.iter().filter(|case| case.from == "own");
    assert!(own.clone().count() >= 800 && cases.len() >= 1900);
    let named: BTreeSet<&str> = own.map(|case| case.id).collect();
    let mut ids = 0;
    for file in fs::read_dir(records()).unwrap() {
        let document: serde_json::Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let list = document.as_array().or_else(|| document["vulnerabilities"].as_array()).unwrap();
        for record in list {
            let id = [&record["id"], &record["cve"]["id"], &record["cveMetadata"]["cveId"]];
            let id = id.into_iter().find_map(serde_json::Value::as_str).unwrap();
            assert!(named.contains(id), "{id} has no case");
            ids += 1;
        }
    }
    assert!(ids >= 70, "{ids}");
}
