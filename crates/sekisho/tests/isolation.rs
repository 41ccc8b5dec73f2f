//! Reading in a confined process gives the same as reading here.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::fs;
use std::path::Path;

use sekisho_test::{Transcript, root, run};

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// `collect firmware FILE`, confined and not; the two must not differ.
fn both(folder: &Path, file: &str) -> Transcript {
    let arguments = ["collect", "firmware", file, "--format", "json", "--now", "2026-01-01T00:00:00Z"];
    let confined = run(SEKISHO, folder, &arguments);
    let here = run(SEKISHO, folder, &[arguments.as_slice(), &["--no-isolation"]].concat());
    assert_eq!(confined.code, here.code);
    assert_eq!(confined.stdout, here.stdout);
    assert_eq!(confined.stderr, here.stderr);
    confined
}

#[test]
fn a_confined_process_sees_the_same() {
    let transcript = both(&root(), "examples/smart-camera/firmware/camera-2.4.0.bin");
    assert_eq!((transcript.code, transcript.stderr.as_str()), (0, ""));
    let value: serde_json::Value = serde_json::from_str(&transcript.stdout).unwrap();
    assert!(value["facts"].as_array().unwrap().len() > 100);
}

#[test]
fn what_cannot_be_read_is_said_in_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.bin"), b"").unwrap();
    fs::write(folder.path().join("notes.txt"), "Notes of a meeting that nobody remembers.\n".repeat(9)).unwrap();
    for file in ["empty.bin", "notes.txt", "missing.bin", "."] {
        let transcript = both(folder.path(), file);
        assert_eq!(transcript.code, 2, "{file}");
        assert!(transcript.stderr.contains(file), "{}", transcript.stderr);
    }
}

#[test]
fn the_worker_tells_first_of_all_how_it_is_confined() {
    let transcript = run(
        SEKISHO,
        &root(),
        &["worker", "firmware", "examples/smart-camera/firmware/camera-2.4.0.bin", "--now", "2026-01-01T00:00:00Z"],
    );
    assert_eq!(transcript.code, 0, "{}", transcript.stderr);
    let first: serde_json::Value = serde_json::from_str(transcript.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(first["say"], "confined");
    if cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))) {
        assert_eq!(first["of"], serde_json::json!(["files", "system-calls", "resources"]));
    }
}
