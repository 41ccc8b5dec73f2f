//! Lints and packs the catalog and makes its search index; a mistake in it fails the build at its place.

use std::path::Path;
use std::{env, fs, process};

use sekisho_catalog::{Catalog, Parts, compile, digest_of, lint, read_folder};
use sekisho_diag::{Severity, render};
use sekisho_search::Index;

#[expect(clippy::print_stderr, reason = "a build script tells Cargo's user by printing")]
fn main() {
    // Asked for when it runs: checkouts that share a target folder share the compiled script too.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets CARGO_MANIFEST_DIR for build scripts");
    let folder = &Path::new(&manifest).join("../../catalog");
    println!("cargo::rerun-if-changed={}", folder.display());
    let (sources, mut problems) = read_folder(folder);
    let (parts, found) = Parts::read(&sources);
    problems.extend(found);
    problems.extend(lint(&parts));
    let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    if !errors.is_empty() {
        for problem in &errors {
            eprintln!("{}", render(problem, &parts.texts, false));
        }
        eprintln!("the catalog has {} mistakes", errors.len());
        process::exit(1);
    }
    let bytes = compile(&parts);
    let out = env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts");
    let out = Path::new(&out);
    fs::write(out.join("catalog.bin"), &bytes).expect("OUT_DIR can be written to");
    let digest = digest_of(&bytes);
    let catalog = Catalog::open(&bytes, &digest).expect("what was just packed opens");
    fs::write(out.join("search.bin"), Index::build(&catalog).bytes()).expect("OUT_DIR can be written to");
    println!("cargo::rustc-env=SEKISHO_CATALOG_DIGEST={digest}");
}
