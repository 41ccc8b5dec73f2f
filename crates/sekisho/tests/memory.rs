//! Memory stays bounded: hostile input is read by a process that may not have more of it.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Address space that the process may take, in KiB: far below what the inputs unfold to.
const ALLOWED: &str = "900000";

/// Runs the program within [`ALLOWED`]; its exit code and what it printed.
fn confined(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new("sh")
        .args(["-c", "ulimit -v \"$0\" && exec \"$@\"", ALLOWED, SEKISHO])
        .args(arguments)
        .current_dir(folder)
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .expect("there is a shell");
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.code(), text)
}

#[test]
fn a_gzip_bomb() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = File::create(folder.path().join("bomb.gz")).expect("a file");
    let mut bomb = GzEncoder::new(file, Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..2048 {
        bomb.write_all(&zeros).expect("it is written");
    }
    bomb.finish().expect("it is written");
    let (code, text) = confined(folder.path(), &["collect", "firmware", "bomb.gz"]);
    assert!(matches!(code, Some(0 | 2)), "{code:?}: {text}");
    assert!(text.contains("gzip"), "{text}");
}

#[test]
fn anchors_that_explode() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut yaml = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let line = format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", "));
        yaml.push_str(&line);
    }
    std::fs::write(folder.path().join("product.yaml"), yaml).expect("it is written");
    let (code, text) = confined(folder.path(), &["validate", "product.yaml"]);
    assert_eq!(code, Some(2), "{text}");
}
