//! How long a reading plan takes: `cargo bench -p sekisho-benches --bench plan`.

use divan::Bencher;
use sekisho_catalog::Catalog;
use sekisho_model::plan::Reader;

fn main() {
    divan::main();
}

/// The built-in catalog with everything decoded, which is not what is measured here.
fn catalog() -> Catalog {
    let catalog = sekisho_builtin::catalog();
    assert!(catalog.documents().count() + catalog.objectives().count() > 0);
    catalog
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn lock(pages: Option<u64>) -> Reader {
    Reader {
        roles: words(&["developer", "device-manufacturer"]),
        industries: words(&["consumer", "smart-home"]),
        markets: words(&["jp", "eu"]),
        pages,
        ..Reader::default()
    }
}

fn plan(bencher: Bencher<'_, '_>, reader: &Reader) {
    let catalog = catalog();
    bencher.bench_local(|| sekisho_plan::plan(&catalog, reader, &[]).map(|plan| plan.steps.len()));
}

/// A smart lock for two markets.
#[divan::bench]
fn smart_lock(bencher: Bencher<'_, '_>) {
    plan(bencher, &lock(None));
}

/// The same with as many pages as an afternoon has.
#[divan::bench]
fn smart_lock_in_sixty_pages(bencher: Bencher<'_, '_>) {
    plan(bencher, &lock(Some(60)));
}

/// The most there is: a reader of whom nothing is known.
#[divan::bench]
fn everybody(bencher: Bencher<'_, '_>) {
    plan(bencher, &Reader::default());
}

/// The part of it that is neither choosing nor arranging: looking at every control.
#[divan::bench]
fn candidates_alone(bencher: Bencher<'_, '_>) {
    let catalog = catalog();
    let reader = Reader::default();
    bencher.bench_local(|| sekisho_plan::candidates(&catalog, &reader, &[]).map(|found| found.items.len()));
}
