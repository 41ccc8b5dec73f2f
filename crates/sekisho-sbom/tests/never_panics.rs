//! No input panics, whatever it is; what comes back stays within the limits.

mod common;

use common::{components, read_with};
use proptest::prelude::*;
use sekisho_sbom::{Limits, detect};

const LIMITS: Limits =
    Limits { file: 1 << 20, components: 20, relationships: 20, nesting: 4, text: 64, entries: 4, gaps: 5 };

const DOCUMENTS: [&[u8]; 4] = [
    include_bytes!("data/camera.cdx.json"),
    include_bytes!("data/camera.cdx.xml"),
    include_bytes!("data/camera.spdx"),
    include_bytes!("data/camera.spdx3.json"),
];

/// Pieces that documents are made of: put together at random, they get further than random bytes.
const PIECES: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\n",
    "\\u0000",
    "\"name\":",
    "\"type\":\"library\"",
    "\"components\":[",
    "\"bom-ref\":\"a\"",
    "\"bomFormat\":\"CycloneDX\"",
    "\"specVersion\":\"1.6\"",
    "\"dependencies\":[",
    "\"dependsOn\":[\"a\"]",
    "\"ref\":\"a\"",
    "\"metadata\":{",
    "\"component\":{",
    "\"spdxVersion\":\"SPDX-2.3\"",
    "\"packages\":[",
    "\"relationships\":[",
    "\"SPDXID\":\"a\"",
    "\"@context\":\"https://spdx.org/rdf/3.0.1/\"",
    "\"@graph\":[",
    "\"type\":\"software_Package\"",
    "\"spdxId\":\"a\"",
    "\"rootElement\":[\"a\"]",
    "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>",
    "</bom>",
    "<components>",
    "</components>",
    "<component type='library'>",
    "</component>",
    "<name>",
    "</name>",
    "<dependency ref='a'>",
    "&amp;",
    "&x;",
    "<!DOCTYPE a>",
    "SPDXVersion: SPDX-2.3\n",
    "PackageName: a\n",
    "<text>",
];

fn check(bytes: &[u8]) {
    if let Ok(collection) = read_with(bytes, LIMITS) {
        assert!(components(&collection).len() <= LIMITS.components);
        for coverage in &collection.coverage {
            assert!(coverage.gaps.len() <= LIMITS.gaps + 1);
        }
        for component in components(&collection) {
            assert!(!component.name.is_empty() && component.name.len() <= LIMITS.text);
            assert!(component.hashes.len() <= LIMITS.entries && component.licences.len() <= 3 * LIMITS.entries);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn on_any_text(text in ".{0,200}") {
        let _ = detect(&text, "a");
        check(text.as_bytes());
    }

    #[test]
    fn on_pieces_of_documents(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40), start in 0..4_usize) {
        let start = [
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","#,
            r#"{"spdxVersion":"SPDX-2.3","#,
            "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>",
            r#"{"@context":"https://spdx.org/rdf/3.0.1/x","@graph":["#,
        ][start];
        check((start.to_owned() + &pieces.concat()).as_bytes());
    }

    #[test]
    fn on_damaged_documents(document in 0..4_usize, damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>(), whole in any::<bool>()) {
        let mut bytes = DOCUMENTS[document].to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&bytes);
    }
}
