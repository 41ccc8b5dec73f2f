//! The collector held against what is known of real images: what must be found, what must not be claimed.
//!
//! The expectations stand in `truth/*.yaml`. The images cannot be part of the repository; where they are missing the test says so and is
//! skipped. The outcome is the table in `docs/firmware-scores.md`; `SEKISHO_WRITE_SCORES=1 cargo test -p sekisho-firmware --test score`
//! writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::shared;
use sekisho_expr::{Expr, Scope, Type};
use sekisho_firmware::FirmwareCollector;
use sekisho_model::Text;
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::fact::{Fact, Observed};
use sekisho_yaml::{Document, Limits};
use serde::Deserialize;
use time::macros::date;

/// What is known of one image.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Image {
    /// Path below the shared folder of firmware.
    #[serde(rename = "image")]
    path: String,
    must_find: Vec<Expectation>,
    must_not_claim: Vec<Expectation>,
}

/// One fact that is expected, or must not be there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Expectation {
    /// In words.
    what: String,
    /// The fact's name.
    fact: String,
    /// The condition on its `value`, `path` and `offset`.
    r#where: String,
    /// The file it must lie in.
    path: Option<String>,
    /// How many such facts there must be; else at least one.
    count: Option<usize>,
    /// Why it is not found, where that is known and accepted.
    missed_because: Option<Text>,
}

impl Expectation {
    /// How many facts of the collection fit.
    fn fitting(&self, collection: &Collection) -> usize {
        let schema =
            Observed::schema(&self.fact).unwrap_or_else(|| panic!("no fact is called {}", self.fact)).to_value();
        let scope = Scope::new()
            .variable("value", Type::from_json_schema(&schema))
            .variable("path", Type::String)
            .variable("offset", Type::Int);
        let condition = Expr::condition(&self.r#where, &scope).unwrap_or_else(|e| panic!("{}: {e:?}", self.r#where));
        let fits = |fact: &&Fact| {
            if fact.observed.name() != self.fact || (self.path.is_some() && fact.source.path != self.path) {
                return false;
            }
            let value = serde_json::to_value(&fact.observed).unwrap()["value"].take();
            let path = serde_json::to_value(fact.source.path.as_deref().unwrap_or_default()).unwrap();
            let offset = serde_json::to_value(fact.source.offset.unwrap_or_default()).unwrap();
            condition.eval_bool(&[("value", &value), ("path", &path), ("offset", &offset)]).unwrap()
        };
        collection.facts.iter().filter(fits).count()
    }

    fn is_found(&self, collection: &Collection) -> bool {
        let fitting = self.fitting(collection);
        self.count.map_or(fitting > 0, |count| fitting == count)
    }
}

/// What came out for one image.
struct Score {
    image: String,
    found: usize,
    must_find: usize,
    claimed: usize,
    must_not_claim: usize,
    missed: Vec<(String, Text)>,
}

fn truth() -> BTreeMap<String, Vec<Image>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("truth");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let document = Document::parse(&name, fs::read(&path).unwrap(), &Limits::default()).unwrap();
        files.insert(name, document.decode::<Vec<Image>>().unwrap());
    }
    files
}

#[test]
fn real_images_are_as_they_are_known_to_be() {
    let Some(firmware) = shared("firmware") else { return };
    let mut wrong = Vec::new();
    let mut scores = Vec::new();
    for image in truth().into_values().flatten() {
        let collection = FirmwareCollector::new(date!(2026 - 01 - 01))
            .collect(&firmware.join(&image.path), &image.path, "device", &|_| {})
            .unwrap_or_else(|error| panic!("{}: {error}", image.path));
        let mut score = Score {
            image: image.path.clone(),
            found: 0,
            must_find: image.must_find.len(),
            claimed: 0,
            must_not_claim: image.must_not_claim.len(),
            missed: Vec::new(),
        };
        for expected in &image.must_find {
            match (expected.is_found(&collection), &expected.missed_because) {
                (true, None) => score.found += 1,
                (false, Some(reason)) => score.missed.push((expected.what.clone(), reason.clone())),
                (false, None) => {
                    let fitting = expected.fitting(&collection);
                    wrong.push(format!("{}: not found: {} ({fitting} facts fit)", image.path, expected.what));
                }
                (true, Some(_)) => wrong.push(format!("{}: found after all: {}", image.path, expected.what)),
            }
        }
        for claim in &image.must_not_claim {
            if claim.fitting(&collection) > 0 {
                score.claimed += 1;
                wrong.push(format!("{}: claimed: {}", image.path, claim.what));
            }
        }
        scores.push(score);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    compare_with_docs(&scores);
}

/// Every condition is well typed, also where the images are missing.
#[test]
fn the_expectations_can_be_read() {
    let nothing = Collection {
        artefact: sekisho_model::artefact::Artefact {
            name: String::new(),
            kind: sekisho_model::artefact::ArtefactKind::Firmware,
            subject: String::new(),
            size: None,
            sha256: None,
            made: None,
        },
        facts: Vec::new(),
        coverage: Vec::new(),
    };
    for image in truth().into_values().flatten() {
        assert!(!image.must_find.is_empty(), "{}", image.path);
        for expectation in image.must_find.iter().chain(&image.must_not_claim) {
            assert_eq!(expectation.fitting(&nothing), 0);
        }
    }
}

fn compare_with_docs(scores: &[Score]) {
    for (file, text) in [("firmware-scores.md", english(scores)), ("firmware-scores.ja.md", japanese(scores))] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
        if std::env::var_os("SEKISHO_WRITE_SCORES").is_some() {
            fs::write(&path, text).unwrap();
        } else {
            let written = fs::read_to_string(&path).unwrap_or_default();
            assert!(written == text, "docs/{file} is stale: SEKISHO_WRITE_SCORES=1 writes it anew\n{text}");
        }
    }
}

fn table(scores: &[Score], out: &mut String) {
    for s in scores {
        let _ =
            writeln!(out, "| `{}` | {} / {} | {} / {} |", s.image, s.found, s.must_find, s.claimed, s.must_not_claim);
    }
    let sum = |of: fn(&Score) -> usize| scores.iter().map(of).sum::<usize>();
    let (found, must_find) = (sum(|s| s.found), sum(|s| s.must_find));
    let (claimed, must_not_claim) = (sum(|s| s.claimed), sum(|s| s.must_not_claim));
    let _ = writeln!(out, "| | **{found} / {must_find}** | **{claimed} / {must_not_claim}** |");
}

fn english(scores: &[Score]) -> String {
    let mut out = String::from(
        "<!-- Made by `SEKISHO_WRITE_SCORES=1 cargo test -p sekisho-firmware --test score`. -->\n\n\
         # Firmware: how well real images are read\n\n\
         What is known of each image was written down beforehand (`crates/sekisho-firmware/truth/`), from other tools' \
         output and from the makers' own sources: what a correct analysis must find, and what it must not claim. The \
         images are other people's property and not part of this repository.\n\n\
         | image | found of what must be | claimed of what must not be |\n| --- | ---: | ---: |\n",
    );
    table(scores, &mut out);
    let missed: Vec<_> = scores.iter().flat_map(|s| s.missed.iter().map(move |m| (s, m))).collect();
    if !missed.is_empty() {
        out.push_str("\nNot found, and why:\n\n");
        for (score, (what, reason)) in missed {
            let _ = writeln!(out, "- `{}`: {what}: {}", score.image, reason.en);
        }
    }
    out
}

fn japanese(scores: &[Score]) -> String {
    let mut out = String::from(
        "<!-- `SEKISHO_WRITE_SCORES=1 cargo test -p sekisho-firmware --test score`で生成。 -->\n\n\
         # ファームウェア：実物のイメージをどこまで読めるか\n\n\
         各イメージについて、正しく解析すれば必ず見つかること、主張してはならないことを、他のツールの出力や公開情報から\
         あらかじめ書き出した（`crates/sekisho-firmware/truth/`）。イメージそのものは第三者の所有物であり、このリポジトリには含まれない。\n\n\
         | イメージ | 見つけるべきもの（検出数 / 総数） | 主張してはならないもの（誤った主張 / 総数） |\n| --- | ---: | ---: |\n",
    );
    table(scores, &mut out);
    let missed: Vec<_> = scores.iter().flat_map(|s| s.missed.iter().map(move |m| (s, m))).collect();
    if !missed.is_empty() {
        out.push_str("\n検出できていないものと理由：\n\n");
        for (score, (what, reason)) in missed {
            let _ = writeln!(out, "- `{}`: {what}：{}", score.image, reason.ja);
        }
    }
    out
}
