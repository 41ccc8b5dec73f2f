//! `sekisho plan`, asked as a newcomer would ask.

#![expect(clippy::unwrap_used, reason = "a test may")]

use sekisho_test::{Transcript, root, run};
use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// "I make a smart lock for Japan and the EU, I am the developer."
const LOCK: [&str; 7] =
    ["plan", "--role", "developer,device-manufacturer", "--industry", "consumer,smart-home", "--market", "jp,eu"];

fn plan(more: &[&str]) -> Transcript {
    let folder = tempfile::tempdir().unwrap();
    let transcript = run(SEKISHO, folder.path(), &[&LOCK[..], more].concat());
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    transcript
}

fn names(plan: &Value, list: &str, field: &str) -> Vec<String> {
    plan[list].as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_smart_lock_in_english() {
    insta::assert_snapshot!(plan(&["--lang", "en"]).stdout);
}

#[test]
fn a_smart_lock_in_japanese() {
    insta::assert_snapshot!(plan(&["--lang", "ja"]).stdout);
}

#[test]
fn sixty_pages_and_something_read_before() {
    insta::assert_snapshot!(plan(&["--lang", "en", "--pages", "60", "--read", "EN303645:5.1,EN303645:5.2"]).stdout);
}

#[test]
fn the_law_comes_first_then_the_label_then_the_standard() {
    let plan = plan(&["--json"]).json();
    let documents = names(&plan, "steps", "document");
    assert_eq!(documents[..2], ["eu-cra-annex-i", "jc-star-level-1"]);
    let standard = documents.iter().position(|id| id == "etsi-en-303-645").unwrap();
    let advice = plan["steps"].as_array().unwrap().iter().position(|s| s["why"] == "adds").unwrap();
    assert!(standard < advice, "what a label rests on stands before mere advice");
    assert!(names(&plan, "left_out", "id").contains(&"uk-psti-2023".to_owned()), "nothing is sold there");
    assert!(plan["pages"]["plan"].as_u64().unwrap() * 3 < plan["pages"]["all"].as_u64().unwrap());
}

#[test]
fn what_was_read_is_not_read_again_and_counts() {
    let plan = plan(&["--json", "--read", "CRA,EN303645", "--without", "JC-STAR"]).json();
    let documents = names(&plan, "steps", "document");
    for gone in ["eu-cra-annex-i", "etsi-en-303-645", "jc-star-level-1"] {
        assert!(!documents.contains(&gone.to_owned()));
    }
    assert!(plan["coverage"]["before"].as_u64().unwrap() > 60);
    assert_eq!(plan["reader"]["read"][0], "eu-cra-annex-i", "names are settled");
}

#[test]
fn what_binds_is_read_in_whatever_language_it_is() {
    let plan = plan(&["--json", "--language", "ja"]).json();
    let documents = names(&plan, "steps", "document");
    assert!(documents.contains(&"eu-cra-annex-i".to_owned()));
    assert_eq!(plan["steps"][0]["foreign"], true);
    assert!(names(&plan, "left_out", "id").contains(&"etsi-en-303-645".to_owned()));
}

#[test]
fn the_page_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let transcript = run(SEKISHO, folder.path(), &[&LOCK[..], &["--html", "plan.html", "--lang", "ja"]].concat());
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    let page = std::fs::read_to_string(folder.path().join("plan.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("lang=\"ja\"") && page.contains("読むべき文書と順序"));
    // Links to the originals are the only addresses; nothing is loaded from elsewhere.
    assert!(!page.contains("src=") && !page.contains("<script") && !page.contains("url("));
}

#[test]
fn a_product_file_says_who_reads() {
    let product = root().join("examples/smart-camera/product.yaml");
    let folder = tempfile::tempdir().unwrap();
    let with = |more: &[&str]| {
        let arguments = [&["plan", "--json", "--product", product.to_str().unwrap()], more].concat();
        run(SEKISHO, folder.path(), &arguments).json()
    };
    let plan = with(&[]);
    assert!(!plan["reader"]["roles"].as_array().unwrap().is_empty());
    let apply = plan["coverage"]["apply"].as_u64().unwrap();
    assert!(apply < 149, "the product's traits take some objectives out: {apply}");
    assert_eq!(with(&["--market", "us"])["reader"]["markets"][0], "us", "the command line counts");
}

#[test]
fn mistakes_are_told_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let page = |arguments: &[&str]| {
        let transcript = run(SEKISHO, folder.path(), &[&["plan"], arguments].concat());
        assert_eq!(transcript.code, 2);
        assert!(transcript.stdout.is_empty());
        format!("$ sekisho plan {}\n{}", arguments.join(" "), transcript.stderr)
    };
    let runs: [&[&str]; 8] = [
        &["--role", "developper"],
        &["--market", "mars"],
        &["--industry", "smart_home"],
        &["--phase", "desing"],
        &["--language", "jp"],
        &["--read", "EN303654"],
        &["--read", "CRA:IX"],
        &["--pages", "few"],
    ];
    insta::assert_snapshot!(runs.map(page).join("\n"));
}
