//! How long whole commands take, from start to end of the process: `cargo bench -p sekisho`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::Bencher;

fn main() {
    divan::main();
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn sekisho(bencher: Bencher<'_, '_>, arguments: &[&str]) {
    assert!(run(env!("CARGO_BIN_EXE_sekisho"), arguments), "{arguments:?} fails");
    bencher.bench_local(|| run(env!("CARGO_BIN_EXE_sekisho"), arguments));
}

/// The floor: starting any process at all.
#[divan::bench]
fn floor_true(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| run("true", &[]));
}

/// Start-up without looking at the catalog.
#[divan::bench]
fn help(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["--help"]);
}

/// Start-up, finding one control and printing it.
#[divan::bench]
fn show_control(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["show", "OTA:1"]);
}

/// Start-up and one search in the embedded index.
#[divan::bench]
fn search(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["search", "ファームウェア更新"]);
}

/// Start-up and a document's worth of proposed objectives.
#[divan::bench(sample_count = 20)]
fn suggest(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["catalog", "suggest", "OTA", "--all"]);
}

/// Start-up with every document decoded.
#[divan::bench]
fn list_documents(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["documents"]);
}

/// The main job on the bundled example without the report.
#[divan::bench(sample_count = 10)]
fn assess(bencher: Bencher<'_, '_>) {
    sekisho(bencher, &["assess", "examples/smart-camera/product.yaml", "--no-html"]);
}

/// The main job on the bundled example with the HTML report.
#[divan::bench(sample_count = 10)]
fn assess_with_report(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let html = folder.path().join("report.html");
    sekisho(bencher, &["assess", "examples/smart-camera/product.yaml", "--html", &html.to_string_lossy()]);
}
