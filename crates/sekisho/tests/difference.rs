//! What `collect firmware OLD NEW --diff` says of the example's two versions.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use sekisho_test::{root, run};

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");
const OLD: &str = "examples/smart-camera/firmware/camera-2.4.0.bin";
const NEW: &str = "examples/smart-camera/firmware/camera-2.5.0.bin";

fn collect(arguments: &[&str]) -> sekisho_test::Transcript {
    let fixed = ["collect", "firmware", "--now", "2026-01-01T00:00:00Z"];
    run(SEKISHO, &root(), &[fixed.as_slice(), arguments].concat())
}

#[test]
fn the_mended_weaknesses_are_gone() {
    let transcript = collect(&[OLD, NEW, "--diff", "--format", "json"]);
    assert_eq!((transcript.code, transcript.stderr.as_str()), (0, ""));
    let value: serde_json::Value = serde_json::from_str(&transcript.stdout).unwrap();
    let has = |change: &str, side: &str, name: &str, path: &str| {
        value["changes"].as_array().unwrap().iter().any(|c| {
            c["change"] == change && c[side]["name"] == name && c[side]["source"]["path"].as_str() == Some(path)
        })
    };
    assert!(has("removed", "old", "service", "/etc/init.d/rcS"), "telnetd");
    assert!(has("removed", "old", "private-key", "/etc/lighttpd/server.key"));
    assert!(has("changed", "new", "account", "/etc/shadow"), "root");
    assert!(has("changed", "new", "component", "/etc/os-release"));
    assert!(!has("changed", "new", "account", "/etc/passwd"));
}

#[test]
fn an_image_does_not_differ_from_itself() {
    for (lang, words) in [("en", "Nothing that is looked at changed."), ("ja", "確認対象に変化はありません。")]
    {
        let transcript = collect(&[OLD, OLD, "--diff", "--lang", lang]);
        assert!(transcript.stdout.contains(words), "{}", transcript.stdout);
    }
}

#[test]
fn one_or_two_artefacts_as_the_case_demands() {
    for arguments in [[OLD, NEW].as_slice(), &[OLD, "--diff"]] {
        let transcript = collect(arguments);
        assert_eq!(transcript.code, 2);
        assert!(transcript.stderr.contains("--diff"), "{}", transcript.stderr);
    }
}
