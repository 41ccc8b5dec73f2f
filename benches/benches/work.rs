//! How long the parts of the main job take. Run on a quiet machine: `cargo bench -p sekisho-benches`.

use divan::{Bencher, black_box};
use sekisho_crosswalk::{Links, crosswalk, gap};
use sekisho_sbom::SbomCollector;
use sekisho_search::{Index, Query, Search, Suggester, Weights};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// A bill of materials of `count` components that look like Debian's.
fn bill(count: usize) -> Vec<u8> {
    let components: Vec<Value> = (0..count)
        .map(|i| {
            json!({
                "type": "library",
                "bom-ref": format!("ref-{i}"),
                "name": format!("package-{i}"),
                "version": format!("1.{}.{}-1", i % 50, i % 7),
                "purl": format!("pkg:deb/debian/package-{i}@1.{}.{}-1", i % 50, i % 7),
                "supplier": { "name": "Debian" },
            })
        })
        .collect();
    let bill = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components });
    bill.to_string().into_bytes()
}

/// Opening the embedded catalog and finding one control: what `show OTA:1` does besides starting.
#[divan::bench]
fn find_one_control() -> usize {
    sekisho_builtin::catalog().control("OTA:1").map_or(0, |found| found.control.mappings.len())
}

/// Decoding the whole catalog: what `assess` does before anything else.
#[divan::bench]
fn decode_the_catalog() -> usize {
    let catalog = sekisho_builtin::catalog();
    catalog.documents().count() + catalog.objectives().count() + catalog.checks().len()
}

/// Every pair of documents crosswalked, from the embedded bytes on.
#[divan::bench]
fn crosswalk_all_pairs() -> usize {
    let catalog = sekisho_builtin::catalog();
    let links = Links::new(&catalog, catalog.documents());
    let ids: Vec<&str> = catalog.documents().map(|document| document.id.as_str()).collect();
    let others =
        |from: &str| ids.iter().filter(|to| **to != from).map(|to| crosswalk(&links, from, to, 1).len()).sum::<usize>();
    ids.iter().map(|from| others(from)).sum()
}

/// A single gap, with the catalog loaded.
#[divan::bench]
fn gap_of_two(bencher: Bencher<'_, '_>) {
    let catalog = sekisho_builtin::catalog();
    let links = Links::new(&catalog, catalog.documents());
    bencher.bench_local(|| gap(black_box(&links), &["ota-iot-trust-framework-v2"], "etsi-en-303-645"));
}

/// What people ask, in both languages.
const QUERIES: [&str; 4] =
    ["firmware update", "ファームウェア更新", "初期パスワードの変更", "who must tell users that support ends"];

fn query(text: &str) -> Query {
    Query { text: text.to_owned(), limit: 10, ..Query::default() }
}

/// A query where everything has been used before: what a server pays for each.
#[divan::bench(args = QUERIES)]
fn search_warm(bencher: Bencher<'_, '_>, text: &str) {
    let catalog = sekisho_builtin::catalog();
    let index = sekisho_builtin::index(&catalog);
    let search = Search::new(&catalog, &index);
    let query = query(text);
    bencher.bench_local(|| search.find(black_box(&query)).total);
}

/// The first query with the index that the program embeds: what the command does besides starting.
#[divan::bench(args = QUERIES)]
fn search_cold(text: &str) -> usize {
    let catalog = sekisho_builtin::catalog();
    let index = sekisho_builtin::index(&catalog);
    Search::new(&catalog, &index).find(&query(text)).total
}

/// The first query where the index is made on first use: what it would be without, and is with a catalog of one's own.
#[divan::bench(sample_count = 20)]
fn search_cold_without_embedded_index() -> usize {
    let catalog = sekisho_builtin::catalog();
    let index = Index::build(&catalog);
    Search::new(&catalog, &index).find(&query(QUERIES[0])).total
}

/// The floor under it: looking for the words in every title and statement, as `grep` would, in one language and without ranking.
#[divan::bench]
fn search_floor_scan(bencher: Bencher<'_, '_>) {
    let catalog = sekisho_builtin::catalog();
    let texts: Vec<String> = catalog
        .documents()
        .flat_map(|document| &document.controls)
        .map(|control| format!("{} {}", control.title.en, control.statement.en).to_lowercase())
        .collect();
    bencher.bench_local(|| texts.iter().filter(|text| text.contains(black_box("firmware update"))).count());
}

/// Proposing objectives for one control.
#[divan::bench]
fn suggest_for_one_control(bencher: Bencher<'_, '_>) {
    let catalog = sekisho_builtin::catalog();
    let index = sekisho_builtin::index(&catalog);
    let suggester = Suggester::new(&catalog, &index, Weights::default());
    let Ok(found) = catalog.control("OTA:12") else { return };
    let languages = sekisho_search::Languages::Both;
    bencher.bench_local(|| suggester.suggest(found.document, black_box(found.control), languages, None, 5).len());
}

/// A bill of materials to facts.
#[divan::bench(args = [1_000, 10_000])]
fn sbom(bencher: Bencher<'_, '_>, components: usize) {
    let bytes = bill(components);
    let collector = SbomCollector::new(time::Date::MIN);
    bencher.bench_local(|| collector.read(black_box(&bytes), "sbom", "-", &|_| ()).map(|c| c.facts.len()));
}

/// The floor under it on the same bytes in the same run: parsing the JSON into values and no more.
#[divan::bench(args = [1_000, 10_000])]
fn sbom_floor_json_parse(bencher: Bencher<'_, '_>, components: usize) {
    let bytes = bill(components);
    bencher.bench_local(|| serde_json::from_slice::<Value>(black_box(&bytes)).is_ok());
}
