//! Which documents concern a product.

use std::cmp::Reverse;

use sekisho_catalog::Catalog;
use sekisho_model::Text;
use sekisho_model::assessment::LeftOut;
use sekisho_model::catalog::{Document, Force};
use sekisho_model::product::Product;

use crate::messages;

/// The word for an industry, and for a market, that takes in all of them.
const EVERY_INDUSTRY: &str = "cross-sector";
const EVERY_MARKET: &str = "world";

/// The documents to assess, and those that the catalog has beside them with the reason for leaving them out.
///
/// Documents that the product file names are assessed as they are. Where it names none, a document concerns the product unless what the file
/// says of industries, markets and roles speaks against it: what the file does not say leaves nothing out.
pub(crate) fn documents<'a>(catalog: &'a Catalog, product: &Product) -> (Vec<&'a Document>, Vec<LeftOut>) {
    if !product.documents.is_empty() {
        let mut wanted: Vec<&Document> = Vec::new();
        for document in product.documents.iter().filter_map(|name| catalog.document(name).ok()) {
            if !wanted.iter().any(|d| d.id == document.id) {
                wanted.push(document);
            }
        }
        return (wanted, Vec::new());
    }
    let (mut wanted, mut left_out) = (Vec::new(), Vec::new());
    for document in catalog.documents() {
        match speaks_against(document, product) {
            None => wanted.push(document),
            Some(because) => left_out.push(LeftOut { id: document.id.clone(), because }),
        }
    }
    // What binds comes first, then what is in use.
    wanted.sort_by_key(|document| (Reverse(force(document, product)), document.status, document.id.clone()));
    (wanted, left_out)
}

/// The strongest force with which a document binds in the product's markets.
fn force(document: &Document, product: &Product) -> Option<Force> {
    let here =
        |market: &String| product.markets.is_empty() || market == EVERY_MARKET || product.markets.contains(market);
    document
        .binding
        .iter()
        .filter(|binding| binding.market.as_ref().is_none_or(here))
        .map(|binding| binding.force)
        .max()
}

fn speaks_against(document: &Document, product: &Product) -> Option<Text> {
    if document.controls.is_empty() {
        return Some(messages::asks_nothing());
    }
    let strange = |theirs: &[String], ours: &[String], every: &str| {
        !ours.is_empty() && !theirs.is_empty() && !theirs.iter().any(|word| word == every || ours.contains(word))
    };
    if strange(&document.industries, &product.industries, EVERY_INDUSTRY) {
        return Some(messages::other_industries(&document.industries.join(", ")));
    }
    // Good advice from abroad is good advice; a law or label of another market asks nothing here.
    let binds_elsewhere = !document.binding.is_empty()
        && document.binding.iter().all(|binding| {
            let market: Vec<String> = binding.market.iter().cloned().collect();
            binding.force != Force::Voluntary && strange(&market, &product.markets, EVERY_MARKET)
        });
    if binds_elsewhere {
        let markets: Vec<&str> = document.binding.iter().filter_map(|b| b.market.as_deref()).collect();
        return Some(messages::other_markets(&markets.join(", ")));
    }
    strange(&document.audience, &product.roles, "")
        .then(|| messages::addressed_to_others(&document.audience.join(", ")))
}

#[cfg(test)]
mod tests {
    use sekisho_model::catalog::Binding;

    use super::*;

    fn law(market: &str) -> Document {
        let binding = Binding { force: Force::Mandatory, market: Some(market.into()), since: None, note: None };
        Document { binding: vec![binding], ..document() }
    }

    fn document() -> Document {
        serde_json::from_value(serde_json::json!({
            "id": "d", "kind": "law", "publisher": {"en": "P", "ja": "P", "short": "P"}, "title": {"en": "T", "ja": "T"},
            "published": "2024", "status": "current", "url": "https://example.com/", "languages": ["en"],
            "licence": {"original": "x", "text": "paraphrase"}, "binding": [], "audience": ["device-manufacturer"],
            "industries": ["consumer"], "layers": [], "phases": [], "detail": "overview",
            "summary": {"en": "S", "ja": "S"}, "read_first": {"en": "R", "ja": "R"}, "provenance": {},
            "controls": [{"id": "1", "kind": "requirement", "title": {"en": "C", "ja": "C"}, "statement": {"en": "C", "ja": "C"},
                          "modality": "must", "provenance": {"basis": "source"}}]
        }))
        .expect("a document")
    }

    fn product(industries: &[&str], markets: &[&str], roles: &[&str]) -> Product {
        let words = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect();
        Product {
            name: "P".into(),
            industries: words(industries),
            markets: words(markets),
            roles: words(roles),
            ..Product::default()
        }
    }

    #[test]
    fn what_is_not_said_leaves_nothing_out() {
        assert_eq!(speaks_against(&law("uk"), &product(&[], &[], &[])), None);
    }

    #[test]
    fn industry_market_and_role_leave_out() {
        assert_eq!(speaks_against(&law("uk"), &product(&["consumer"], &["uk", "jp"], &["device-manufacturer"])), None);
        assert!(speaks_against(&law("uk"), &product(&["hospital"], &["uk"], &[])).is_some());
        assert!(speaks_against(&law("uk"), &product(&["consumer"], &["jp"], &[])).is_some());
        assert!(speaks_against(&law("uk"), &product(&["consumer"], &["uk"], &["municipality"])).is_some());
    }

    #[test]
    fn advice_from_abroad_and_what_is_for_everybody_stay() {
        let mut document = law("us");
        document.binding[0].force = Force::Voluntary;
        document.industries = vec![EVERY_INDUSTRY.into()];
        assert_eq!(speaks_against(&document, &product(&["hospital"], &["jp"], &[])), None);
        document.controls.clear();
        assert!(speaks_against(&document, &product(&[], &[], &[])).is_some(), "it asks nothing");
    }
}
