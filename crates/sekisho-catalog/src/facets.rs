//! Facets of documents: by which words they can be chosen, and how many documents have each.

use std::collections::BTreeMap;

use sekisho_model::catalog::{Document, Vocabulary};
use serde::Serialize;
use serde_json::Value;

/// A property by which documents are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// For whom it is written.
    Role,
    /// For which industry.
    Industry,
    /// Of which layer of a product it speaks.
    Layer,
    /// For which phase of the life cycle.
    Phase,
    /// What kind of document it is.
    Kind,
    /// How detailed it is.
    Detail,
    /// How far it binds.
    Binding,
    /// In which market.
    Market,
    /// Whether it is still the one to use.
    Status,
    /// Who publishes it, by the usual abbreviation.
    Publisher,
}

impl Facet {
    /// All facets, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Role,
        Self::Industry,
        Self::Layer,
        Self::Phase,
        Self::Kind,
        Self::Detail,
        Self::Binding,
        Self::Market,
        Self::Status,
        Self::Publisher,
    ];

    /// The word in options and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Industry => "industry",
            Self::Layer => "layer",
            Self::Phase => "phase",
            Self::Kind => "kind",
            Self::Detail => "detail",
            Self::Binding => "binding",
            Self::Market => "market",
            Self::Status => "status",
            Self::Publisher => "publisher",
        }
    }

    /// The words that a document has under this facet.
    pub fn of(self, document: &Document) -> Vec<String> {
        match self {
            Self::Role => document.audience.clone(),
            Self::Industry => document.industries.clone(),
            Self::Layer => document.layers.clone(),
            Self::Phase => document.phases.clone(),
            Self::Kind => vec![word(document.kind)],
            Self::Detail => vec![word(document.detail)],
            Self::Binding => document.binding.iter().map(|binding| word(binding.force)).collect(),
            Self::Market => document.binding.iter().filter_map(|binding| binding.market.clone()).collect(),
            Self::Status => vec![word(document.status)],
            Self::Publisher => vec![document.publisher.short.clone()],
        }
    }

    /// The words that the vocabulary allows; for publishers those that there are.
    pub fn words<'a>(self, vocabulary: &Vocabulary, documents: impl Iterator<Item = &'a Document>) -> Vec<String> {
        let terms = match self {
            Self::Role => &vocabulary.roles,
            Self::Industry => &vocabulary.industries,
            Self::Layer => &vocabulary.layers,
            Self::Phase => &vocabulary.phases,
            Self::Kind => &vocabulary.document_kinds,
            Self::Detail => &vocabulary.details,
            Self::Binding => &vocabulary.forces,
            Self::Market => &vocabulary.markets,
            Self::Status => &vocabulary.statuses,
            Self::Publisher => {
                let mut publishers: Vec<String> = documents.map(|d| d.publisher.short.clone()).collect();
                publishers.sort();
                publishers.dedup();
                return publishers;
            }
        };
        terms.iter().map(|term| term.id.clone()).collect()
    }

    /// The word that takes in every other of its facet.
    fn every(self) -> Option<&'static str> {
        match self {
            Self::Industry => Some("cross-sector"),
            Self::Market => Some("world"),
            _ => None,
        }
    }
}

/// The word of an enumeration's value.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Words wanted for each facet: a document must have one of them for every facet that is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(BTreeMap<Facet, Vec<String>>);

impl Wanted {
    /// Adds words for a facet; none leaves it open.
    pub fn add(&mut self, facet: Facet, words: &[String]) {
        if !words.is_empty() {
            self.0.entry(facet).or_default().extend_from_slice(words);
        }
    }

    /// Whether a document has what is wanted. What is for every industry or market is for the one that is wanted too.
    pub fn fits(&self, document: &Document) -> bool {
        self.0.iter().all(|(facet, wanted)| {
            let has = facet.of(document);
            let fits = |word: &String| {
                Some(word.as_str()) == facet.every() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(word))
            };
            has.iter().any(fits)
        })
    }
}

/// How many of `documents` have each word of each facet, in the order of the facets and then the commonest first.
pub fn counts(documents: &[&Document]) -> Vec<(Facet, Vec<(String, usize)>)> {
    let of = |facet: Facet| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for document in documents {
            let mut words = facet.of(document);
            words.sort();
            words.dedup();
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        (facet, counts)
    };
    Facet::ALL.into_iter().map(of).collect()
}
