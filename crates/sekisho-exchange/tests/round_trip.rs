//! What is exported and imported again is the same, as far as the format can say it.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use sekisho_exchange::{ExportFormat, ExportRequest, ImportFormat, export, import};
use sekisho_model::Lang;
use sekisho_model::catalog::{Control, Document};

use common::{CATALOG, NOW, request};

fn exported(format: ExportFormat, document: &Document, lang: Lang, now: time::OffsetDateTime) -> String {
    let request = ExportRequest { catalog: &CATALOG, documents: &[document], lang, now, byte_order_mark: true };
    export(format, request).unwrap().swap_remove(0).content
}

fn sorted(document: &Document) -> Vec<&Control> {
    let mut controls: Vec<&Control> = document.controls.iter().collect();
    controls.sort_by_key(|control| control.id.as_str());
    controls
}

#[test]
fn oscal() {
    for document in CATALOG.documents().filter(|document| !document.controls.is_empty()) {
        for lang in Lang::ALL {
            let text = exported(ExportFormat::Oscal, document, lang, NOW);
            let again = import(ImportFormat::Oscal, request("x.json", text.as_bytes())).unwrap().document;
            assert_eq!(again.only_language, Some(lang), "{}", document.id);
            assert_eq!(again.title.get(lang), document.title.get(lang));
            assert_eq!(again.licence, document.licence);
            assert_eq!(again.published, document.published);
            // A file is in the order of its groups; the ids, titles and all else are the same.
            assert_eq!(again.controls.len(), document.controls.len());
            for (found, control) in sorted(&again).into_iter().zip(sorted(document)) {
                assert_eq!(found.id, control.id);
                assert_eq!(found.title.get(lang), control.title.get(lang), "{}", control.id);
                assert_eq!(found.statement.get(lang), control.statement.get(lang), "{}", control.id);
                assert_eq!(found.modality, control.modality);
                assert_eq!(found.kind, control.kind);
                assert_eq!(found.group, control.group, "{}", control.id);
                assert_eq!(found.addressees, control.addressees);
                assert_eq!(found.phases, control.phases);
                assert_eq!(found.applies_when, control.applies_when);
                assert_eq!(found.superseded_in, control.superseded_in);
                assert_eq!(found.classes, control.classes);
            }
        }
    }
}

#[test]
fn csv() {
    for document in CATALOG.documents().filter(|document| !document.controls.is_empty()) {
        for lang in Lang::ALL {
            let text = exported(ExportFormat::Csv, document, lang, NOW);
            let again = import(ImportFormat::Csv, request("x.csv", text.as_bytes())).unwrap().document;
            assert_eq!(again.controls.len(), document.controls.len(), "{}", document.id);
            for (found, control) in again.controls.iter().zip(&document.controls) {
                assert_eq!(found.id, control.id);
                assert_eq!(found.title.get(lang), control.title.get(lang));
                assert_eq!(found.statement.get(lang), control.statement.get(lang));
                assert_eq!(found.modality, control.modality);
                assert_eq!(found.kind, control.kind);
                assert_eq!(found.addressees, control.addressees);
                assert_eq!(found.complete, control.complete, "{}", control.id);
                let mappings = |control: &Control| -> Vec<_> {
                    control
                        .mappings
                        .iter()
                        .map(|m| (m.objective.clone(), m.relation, m.rationale.get(lang).to_owned()))
                        .collect()
                };
                assert_eq!(mappings(found), mappings(control), "{}", control.id);
            }
        }
    }
}

#[test]
fn the_same_catalog_gives_the_same_bytes_and_the_moment_changes_only_itself() {
    let document = CATALOG.document("OTA").unwrap();
    for format in [ExportFormat::Oscal, ExportFormat::Csv, ExportFormat::CycloneDx, ExportFormat::Ciso] {
        let first = exported(format, document, Lang::En, NOW);
        assert_eq!(first, exported(format, document, Lang::En, NOW));
        let later = exported(format, document, Lang::En, NOW + time::Duration::DAY);
        assert_eq!(first, later.replace("2026-11-23", "2026-11-22"));
    }
}
