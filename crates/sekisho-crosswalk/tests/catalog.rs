//! The crosswalk of the real catalog.

use std::collections::BTreeMap;

use sekisho_crosswalk::{Links, algebra, compare, crosswalk, gap, matrix};
use sekisho_model::crosswalk::{CERTAIN, Covered};

fn links() -> Links<'static> {
    static CATALOG: std::sync::LazyLock<sekisho_catalog::Catalog> = std::sync::LazyLock::new(sekisho_builtin::catalog);
    Links::new(&CATALOG, CATALOG.documents())
}

#[test]
fn the_way_back_is_the_converse() {
    let links = links();
    let there = crosswalk(&links, "ota-iot-trust-framework-v2", "etsi-en-303-645", 1);
    let back = crosswalk(&links, "etsi-en-303-645", "ota-iot-trust-framework-v2", 1);
    let back: BTreeMap<_, _> = back.iter().map(|pair| ((&pair.to, &pair.from), pair)).collect();
    assert!(there.len() > 50, "{}", there.len());
    assert_eq!(there.len(), back.len());
    for pair in &there {
        let other = back[&(&pair.from, &pair.to)];
        assert_eq!(other.relationship, algebra::converse(pair.relationship));
        assert_eq!((other.strength, other.via.len()), (pair.strength, pair.via.len()));
    }
}

#[test]
fn a_pair_rests_on_its_paths() {
    let links = links();
    for pair in crosswalk(&links, "uk-dcms-code-of-practice-2018", "etsi-en-303-645", 1) {
        assert!(!pair.via.is_empty());
        let strongest = pair.via.iter().map(|via| via.strength).max();
        assert!(strongest >= Some(pair.strength), "{pair:?}");
        assert!(!pair.via.iter().any(|via| {
            use sekisho_model::catalog::Relationship::IntersectsWith;
            via.from == IntersectsWith && via.to == IntersectsWith
        }));
    }
}

#[test]
fn less_is_asked_for_with_more_strength() {
    let links = links();
    let all = crosswalk(&links, "ota-iot-trust-framework-v2", "etsi-en-303-645", 1).len();
    let certain = crosswalk(&links, "ota-iot-trust-framework-v2", "etsi-en-303-645", CERTAIN).len();
    assert!(0 < certain && certain < all, "{certain} of {all}");
    assert!(crosswalk(&links, "ota-iot-trust-framework-v2", "no-such-document", 1).is_empty());
}

#[test]
fn a_document_that_is_met_leaves_nothing_open_in_itself() {
    let gap = gap(&links(), &["etsi-en-303-645"], "etsi-en-303-645");
    assert!(gap.controls.iter().all(|control| control.covered == Covered::Yes && control.missing.is_empty()));
}

#[test]
fn more_documents_leave_less_open() {
    let links = links();
    let open = |have: &[&str]| {
        let gap = gap(&links, have, "etsi-en-303-645");
        gap.controls.iter().filter(|control| control.covered != Covered::Yes).count()
    };
    let one = open(&["ota-iot-trust-framework-v2"]);
    let two = open(&["ota-iot-trust-framework-v2", "owasp-iot-guidance-2017"]);
    assert!(two < one && one < open(&[]), "{two} {one}");
    assert!(gap(&links, &[], "etsi-en-303-645").controls.iter().all(|control| control.by.is_empty()));
}

#[test]
fn what_is_covered_is_no_longer_missing() {
    let gap = gap(&links(), &["ota-iot-trust-framework-v2"], "etsi-en-303-645");
    for control in &gap.controls {
        match control.covered {
            Covered::Yes => assert!(control.missing.is_empty()),
            Covered::No => assert!(control.by.is_empty() && !control.missing.is_empty(), "{control:?}"),
            Covered::Partly => assert!(!control.by.is_empty()),
            Covered::Unmapped => assert!(control.by.is_empty() && control.missing.is_empty()),
        }
    }
}

#[test]
fn the_matrix_and_the_comparison_agree() {
    let links = links();
    let (a, b) = ("ota-iot-trust-framework-v2", "etsi-en-303-645");
    let matrix = matrix(&links, &[a, b]);
    let comparison = compare(&links, a, b);
    let asked = |column: usize| matrix.rows.iter().filter(|row| row.cells[column].controls > 0).count();
    assert_eq!(asked(0), comparison.both.len() + comparison.only_a.len());
    assert_eq!(asked(1), comparison.both.len() + comparison.only_b.len());
}
