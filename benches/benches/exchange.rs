//! How long import and export take. Run on a quiet machine: `cargo bench -p sekisho-benches --bench exchange`.
//!
//! `benches/trestle.sh` times compliance-trestle on the same files.

use std::fs;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use sekisho_catalog::Catalog;
use sekisho_exchange::{
    ControlIds, ExportFormat, ExportRequest, ImportFormat, ImportRequest, Limits, export, import, verify,
};
use sekisho_model::Lang;
use sekisho_model::catalog::{Document, Modality};
use serde_json::{Value, json};
use time::macros::{date, datetime};

fn main() {
    divan::main();
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(sekisho_builtin::catalog);
static LIMITS: LazyLock<Limits> = LazyLock::new(Limits::default);

/// A catalog of 1,196 controls, as many as SP 800-53 rev 5 has, of about as much text: 9 MB.
static SYNTHETIC: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let prose = "Words of a requirement that go on for as long as those of a real one, with {{ insert: param, PARAM }} in them. ";
    let control = |group: usize, n: usize| {
        let id = format!("g{group}-{n}");
        let param = format!("{id}_prm_1");
        let item = |label: &str| json!({"id": format!("{id}_smt.{label}"), "name": "item", "props": [{"name": "label", "value": format!("{label}.")}], "prose": prose.replace("PARAM", &param)});
        let assessed: Vec<Value> = (0..12)
            .map(|i| json!({"id": format!("{id}_obj.{i}"), "name": "assessment-objective", "props": [{"name": "label", "value": format!("G{group}-{n}[{i:02}]"), "class": "sp800-53a"}], "prose": prose, "links": [{"href": format!("#{id}_smt.a"), "rel": "assessment-for"}]}))
            .collect();
        let links: Vec<Value> = (0..8).map(|i| json!({"href": format!("#g{i}-1"), "rel": "related"})).collect();
        let items = ["a", "b", "c", "d"].map(item);
        json!({
            "id": id, "class": "SP800-53", "title": format!("Control {n} of group {group}"),
            "params": [{"id": param, "props": [{"name": "alt-identifier", "value": "x"}], "label": "organization-defined value", "guidelines": [{"prose": "a value is defined;"}]}],
            "props": [{"name": "label", "value": format!("G{group}-{n}")}, {"name": "sort-id", "value": id}],
            "links": links,
            "parts": [
                {"id": format!("{id}_smt"), "name": "statement", "parts": items},
                {"id": format!("{id}_gdn"), "name": "guidance", "prose": prose.repeat(8)},
                {"id": format!("{id}_obj"), "name": "assessment-objective", "parts": assessed},
            ],
        })
    };
    let groups: Vec<Value> = (0..20)
        .map(|group| {
            let count = if group < 16 { 60 } else { 59 };
            let controls: Vec<Value> = (0..count).map(|n| control(group, n)).collect();
            json!({"id": format!("g{group}"), "class": "family", "title": format!("Group {group}"), "controls": controls})
        })
        .collect();
    let catalog = json!({"catalog": {"uuid": "6a6f3f3c-6c8e-4f1b-9b57-0b8f0c5d2a11", "metadata": {"title": "Synthetic", "last-modified": "2026-01-01T00:00:00Z", "version": "1", "oscal-version": "1.1.2"}, "groups": groups}});
    // Indented as NIST publishes its own.
    serde_json::to_vec_pretty(&catalog).unwrap_or_default()
});

/// The HIGH baseline of SP 800-53 rev 5 (370 controls) as NIST publishes it, where it is there.
static HIGH: LazyLock<Option<Vec<u8>>> = LazyLock::new(|| {
    let name = "oscal/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json";
    sekisho_test::shared_data(name).and_then(|file| fs::read(file).ok())
});

fn request(bytes: &[u8]) -> ImportRequest<'_> {
    ImportRequest {
        catalog: &CATALOG,
        file: "catalog.json",
        bytes,
        id: "imported",
        title: None,
        publisher: None,
        language: None,
        modality: Modality::Must,
        ids: ControlIds::Id,
        sheet: None,
        columns: &[],
        today: date!(2026 - 11 - 22),
        limits: &LIMITS,
    }
}

fn import_oscal(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    assert!(import(ImportFormat::Oscal, request(bytes)).is_ok(), "the catalog can be imported");
    bencher.bench_local(|| import(ImportFormat::Oscal, request(black_box(bytes))).map(|imported| imported.yaml.len()));
}

/// From the bytes of an OSCAL catalog to those of a document, SP 800-53 rev 5 HIGH.
#[divan::bench]
fn import_sp_800_53_high(bencher: Bencher<'_, '_>) {
    if let Some(bytes) = HIGH.as_deref() {
        import_oscal(bencher, bytes);
    }
}

/// The same with as many controls as all of SP 800-53 rev 5.
#[divan::bench]
fn import_1196_controls(bencher: Bencher<'_, '_>) {
    import_oscal(bencher, &SYNTHETIC);
}

/// What the command does after it: the lint of the document on top of the whole catalog.
#[divan::bench]
fn verify_1196_controls(bencher: Bencher<'_, '_>) {
    let Ok(imported) = import(ImportFormat::Oscal, request(&SYNTHETIC)) else { return };
    bencher.bench_local(|| verify(black_box(&imported), "imported.yaml", &CATALOG).0.len());
}

/// The floor on the same bytes in the same run: parsing the JSON into values and no more.
#[divan::bench]
fn floor_json_parse_1196_controls(bencher: Bencher<'_, '_>) {
    let bytes = &*SYNTHETIC;
    bencher.bench_local(|| serde_json::from_slice::<Value>(black_box(bytes)).is_ok());
}

/// All documents with the hub and the mappings.
#[divan::bench(args = ["oscal", "csv", "cyclonedx", "ciso"])]
fn export_everything(bencher: Bencher<'_, '_>, format: &str) {
    let documents: Vec<&Document> = CATALOG.documents().collect();
    let format = match format {
        "oscal" => ExportFormat::Oscal,
        "csv" => ExportFormat::Csv,
        "cyclonedx" => ExportFormat::CycloneDx,
        _ => ExportFormat::Ciso,
    };
    bencher.bench_local(|| {
        let request = ExportRequest {
            catalog: &CATALOG,
            documents: black_box(&documents),
            lang: Lang::En,
            now: datetime!(2026-11-22 10:00 UTC),
            byte_order_mark: false,
        };
        export(format, request).map(|files| files.len())
    });
}
