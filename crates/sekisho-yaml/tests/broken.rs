//! Files as people write them by mistake, and what they are told: one snapshot for each file in `tests/broken`.

mod product;

use std::fs;
use std::path::Path;

use sekisho_diag::{Problem, Sources, render};
use sekisho_yaml::{Document, Limits, text};

fn problems_of(name: &str, bytes: &[u8]) -> Vec<Problem> {
    let schema = schemars::schema_for!(product::Product).to_value();
    match Document::parse(name, bytes, &Limits { depth: 8, ..Limits::default() }) {
        Ok(document) => {
            let mut problems = document.validate(&schema);
            let decoded = document.decode::<product::Product>();
            if problems.is_empty() {
                // What only decoding finds.
                problems.extend(decoded.err());
            } else {
                assert!(decoded.is_err(), "{name}: the schema refuses what the type takes");
            }
            problems
        }
        Err(problems) => problems.0,
    }
}

#[test]
fn every_mistake_is_named_at_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(&path).unwrap();
        let problems = problems_of(name, &bytes);
        assert!(!problems.is_empty(), "{name} is not broken");
        let source = text(name, &bytes).unwrap_or_default().to_owned();
        let sources = Sources::from([(name.to_owned(), source)]);
        let shown: Vec<String> = problems.iter().map(|problem| render(problem, &sources, false)).collect();
        insta::assert_snapshot!(name, shown.join("\n\n"));
    }
}

#[test]
fn a_good_file_has_no_mistakes() {
    assert_eq!(problems_of("good.yaml", product::GOOD.as_bytes()), []);
}
