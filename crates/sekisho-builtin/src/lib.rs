//! The catalog that ships with the program, compiled in.
//!
//! The build script lints the YAML under `catalog/` and packs it; a mistake there fails the build with its place and a hint.

use std::borrow::Cow;

use sekisho_catalog::Catalog;
use sekisho_search::Index;

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/search.bin"));

/// SHA-256 of the compiled catalog, lower-case hexadecimal.
pub const DIGEST: &str = env!("SEKISHO_CATALOG_DIGEST");

/// Opens the catalog. Cheap: documents are decoded when they are asked for.
pub fn catalog() -> Catalog {
    Catalog::open(COMPILED, DIGEST).expect("the build script packed it with this very layout")
}

/// The search index of `catalog`: the embedded one, read in place, where it is the built-in catalog; made anew for any other.
pub fn index(catalog: &Catalog) -> Index {
    match Index::open(Cow::Borrowed(INDEX)) {
        Ok(index) if index.digest() == catalog.digest() => index,
        _ => Index::build(catalog),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_decodes() {
        let catalog = catalog();
        assert!(catalog.documents().all(|document| !document.controls.is_empty() || !document.concepts.is_empty()));
        assert!(catalog.objectives().count() >= 110);
        assert!(catalog.checks().len() >= 60);
        assert!(!catalog.vocabulary().traits.is_empty());
    }

    #[test]
    fn every_document_is_in_our_own_words_and_in_both_languages() {
        for document in catalog().documents() {
            assert_eq!(document.licence.text, "paraphrase", "{}", document.id);
            assert_eq!(document.only_language, None, "{}", document.id);
        }
    }

    #[test]
    fn the_vocabulary_names_the_traits_that_the_program_knows() {
        let named: Vec<_> = catalog().vocabulary().traits.iter().map(|t| t.id.clone()).collect();
        let known: Vec<_> = sekisho_model::trait_id::Trait::ALL.iter().map(|t| t.name()).collect();
        assert_eq!(named, known);
    }
}
