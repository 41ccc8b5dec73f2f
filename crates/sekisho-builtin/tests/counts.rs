//! How many controls and concepts of each document the catalog holds: one that gets lost is noticed.

/// Document, controls, concepts; the same numbers stand in `docs/documents.md`.
const COUNTS: [(&str, usize, usize); 30] = [
    ("dhs-strategic-principles-2016", 32, 13),
    ("enisa-iot-baseline-2017", 83, 119),
    ("enisa-public-transport-2016", 30, 86),
    ("enisa-reading-method", 0, 54),
    ("enisa-smart-airports-2016", 30, 147),
    ("enisa-smart-cars-2017", 111, 133),
    ("enisa-smart-cities-2016", 19, 36),
    ("enisa-smart-home-2015", 54, 67),
    ("enisa-smart-hospitals-2016", 30, 94),
    ("etsi-en-303-645", 85, 15),
    ("eu-cra-annex-i", 23, 2),
    ("ftc-connected-world-2015", 56, 86),
    ("iec-62443-4-2", 77, 27),
    ("ietf-iot-bcp-2016", 61, 25),
    ("iic-iisf-2016", 105, 34),
    ("iotac-guideline-2016", 64, 21),
    ("ipa-design-guide-2016", 45, 73),
    ("ipa-development-guidelines-2017", 80, 21),
    ("isaca-iot-risk-value-2015", 25, 20),
    ("itu-t-y4806-2017", 6, 23),
    ("jc-star-level-1", 16, 4),
    ("nisc-framework-2016", 22, 8),
    ("nist-ir-8259a", 29, 0),
    ("nist-ir-8425", 47, 0),
    ("nist-sp800-160-2016", 588, 65),
    ("ota-iot-trust-framework-v2", 37, 4),
    ("owasp-iot-guidance-2017", 158, 11),
    ("owasp-isvs", 169, 31),
    ("uk-dcms-code-of-practice-2018", 49, 0),
    ("uk-psti-2023", 13, 1),
];

#[test]
fn no_control_and_no_concept_is_lost() {
    let catalog = sekisho_builtin::catalog();
    let found: Vec<_> =
        catalog.documents().map(|document| (&*document.id, document.controls.len(), document.concepts.len())).collect();
    assert_eq!(found, COUNTS);
}
