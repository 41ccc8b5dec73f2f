//! How long the parts of the main job take. Run on a quiet machine: `cargo bench -p sekisho-benches`.

use divan::{Bencher, black_box};
use sekisho_crosswalk::{Links, crosswalk, gap};
use sekisho_sbom::SbomCollector;
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
