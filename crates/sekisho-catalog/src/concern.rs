//! Which documents concern somebody, by industries, markets and roles.

use std::cmp::Reverse;

use sekisho_model::Text;
use sekisho_model::assessment::LeftOut;
use sekisho_model::catalog::{Document, Force};
use sekisho_model::product::Product;

use crate::index::Catalog;

/// The word for an industry, and for a market, that takes in all of them.
const EVERY_INDUSTRY: &str = "cross-sector";
const EVERY_MARKET: &str = "world";

/// What decides which documents concern somebody: a product's makers, a reader. An empty list says nothing, and what is not said leaves
/// nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interest {
    /// Roles, such as `device-manufacturer`.
    pub roles: Vec<String>,
    /// Industries, such as `smart-home`.
    pub industries: Vec<String>,
    /// Markets: `eu`, `jp` …
    pub markets: Vec<String>,
}

impl From<&Product> for Interest {
    fn from(product: &Product) -> Self {
        Self { roles: product.roles.clone(), industries: product.industries.clone(), markets: product.markets.clone() }
    }
}

impl Interest {
    /// The documents of the catalog that are of concern, and the others with the reason. What binds comes first, then what is in use.
    pub fn documents<'a>(&self, catalog: &'a Catalog) -> (Vec<&'a Document>, Vec<LeftOut>) {
        let (mut wanted, mut left_out) = (Vec::new(), Vec::new());
        for document in catalog.documents() {
            match self.speaks_against(document) {
                None => wanted.push(document),
                Some(because) => left_out.push(LeftOut { id: document.id.clone(), because }),
            }
        }
        wanted.sort_by_key(|document| (Reverse(self.force(document)), document.status, document.id.clone()));
        (wanted, left_out)
    }

    /// Whether what binds in `market` binds here; a binding without a market binds everywhere.
    pub fn is_in(&self, market: Option<&str>) -> bool {
        let here = |market: &str| {
            self.markets.is_empty() || market == EVERY_MARKET || self.markets.iter().any(|m| m == market)
        };
        market.is_none_or(here)
    }

    /// The strongest force with which a document binds in these markets.
    pub fn force(&self, document: &Document) -> Option<Force> {
        document.binding.iter().filter(|b| self.is_in(b.market.as_deref())).map(|b| b.force).max()
    }

    /// Why a document is of no concern; none where nothing speaks against it.
    pub fn speaks_against(&self, document: &Document) -> Option<Text> {
        if document.controls.is_empty() {
            return Some(asks_nothing());
        }
        let strange = |theirs: &[String], ours: &[String], every: &str| {
            !ours.is_empty() && !theirs.is_empty() && !theirs.iter().any(|word| word == every || ours.contains(word))
        };
        if strange(&document.industries, &self.industries, EVERY_INDUSTRY) {
            return Some(other_industries(&document.industries.join(", ")));
        }
        // Good advice from abroad is good advice; a law or label of another market asks nothing here.
        let binds_elsewhere = !document.binding.is_empty()
            && document.binding.iter().all(|binding| {
                let market: Vec<String> = binding.market.iter().cloned().collect();
                binding.force != Force::Voluntary && strange(&market, &self.markets, EVERY_MARKET)
            });
        if binds_elsewhere {
            let markets: Vec<&str> = document.binding.iter().filter_map(|b| b.market.as_deref()).collect();
            return Some(other_markets(&markets.join(", ")));
        }
        strange(&document.audience, &self.roles, "").then(|| addressed_to_others(&document.audience.join(", ")))
    }
}

fn asks_nothing() -> Text {
    Text::new("it explains and asks for nothing", "解説のみの文書であり、要求事項がない")
}

fn other_industries(industries: &str) -> Text {
    Text::new(format!("it is for other industries: {industries}"), format!("対象業種が異なる：{industries}"))
}

fn other_markets(markets: &str) -> Text {
    Text::new(format!("it binds in other markets only: {markets}"), format!("対象市場が異なる：{markets}"))
}

fn addressed_to_others(addressees: &str) -> Text {
    Text::new(
        format!("it is addressed to others than your roles: {addressees}"),
        format!("指定された役割とは異なる読者に向けた文書である：{addressees}"),
    )
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

    fn of(industries: &[&str], markets: &[&str], roles: &[&str]) -> Interest {
        let words = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect();
        Interest { industries: words(industries), markets: words(markets), roles: words(roles) }
    }

    #[test]
    fn what_is_not_said_leaves_nothing_out() {
        assert_eq!(of(&[], &[], &[]).speaks_against(&law("uk")), None);
    }

    #[test]
    fn industry_market_and_role_leave_out() {
        assert_eq!(of(&["consumer"], &["uk", "jp"], &["device-manufacturer"]).speaks_against(&law("uk")), None);
        assert!(of(&["hospital"], &["uk"], &[]).speaks_against(&law("uk")).is_some());
        assert!(of(&["consumer"], &["jp"], &[]).speaks_against(&law("uk")).is_some());
        assert!(of(&["consumer"], &["uk"], &["municipality"]).speaks_against(&law("uk")).is_some());
    }

    #[test]
    fn advice_from_abroad_and_what_is_for_everybody_stay() {
        let mut document = law("us");
        document.binding[0].force = Force::Voluntary;
        document.industries = vec![EVERY_INDUSTRY.into()];
        assert_eq!(of(&["hospital"], &["jp"], &[]).speaks_against(&document), None);
        document.controls.clear();
        assert!(of(&[], &[], &[]).speaks_against(&document).is_some(), "it asks nothing");
    }
}
