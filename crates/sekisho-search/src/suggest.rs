//! Proposing objectives for a control, for a person to accept or refuse.
//!
//! Two opinions are put together. The objectives' own texts are searched with the words of the control. And the controls that are mapped
//! already are searched: those most alike vote for the objectives that they map to, the more alike and the closer the relationship, the more
//! a vote counts.

use std::collections::{BTreeMap, HashMap};

use sekisho_catalog::Catalog;
use sekisho_model::catalog::{Control, Document, Relationship};
use serde::Serialize;

use crate::fields::Entry;
use crate::index::{Index, TERM_OF_THESAURUS};
use crate::lexicon::Lexicon;
use crate::normalise::{Script, fold};
use crate::score::Sought;
use crate::token::tokens;

/// Which languages of the control are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Languages {
    /// Both.
    Both,
    /// English only, as in an imported English standard.
    English,
    /// Japanese only.
    Japanese,
}

/// How the opinions are weighed. The defaults were found by leaving each document of the catalog out (`cargo xtask suggest`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Share of the objectives' own texts; the votes have the rest.
    pub own_texts: f32,
    /// How many of the most similar controls vote.
    pub voters: usize,
    /// The power to which likeness is raised: the greater, the less the less similar count.
    pub sharpness: f32,
    /// The power to which a word's rarity is raised.
    pub rarity: f32,
    /// How much a term of the thesaurus counts against a word.
    pub terms: f32,
    /// How much a relationship other than `equal` counts: a part of the other, and sharing a part.
    pub part: f32,
    /// See `part`.
    pub shared: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { own_texts: 0.6, voters: 30, sharpness: 3.0, rarity: 1.75, terms: 1.5, part: 0.9, shared: 0.8 }
    }
}

/// A proposed objective.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// Its id.
    pub objective: String,
    /// How much speaks for it, from 0 to 1, within this control's suggestions.
    pub score: f32,
    /// The similar controls that map to it, the most similar first.
    pub voters: Vec<Voter>,
}

/// A control that is mapped to a proposed objective.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Voter {
    /// `DOCUMENT:CONTROL`.
    pub control: String,
    /// How it relates to the objective.
    pub relation: Relationship,
    /// How alike it is to the control in question, from 0 to 1; 1 is the most similar one.
    pub likeness: f32,
}

/// How soon a further occurrence of a word in the control no longer counts (BM25's k3).
const SATURATION: f32 = 1.0;

/// At most so many voters are named.
const NAMED_VOTERS: usize = 3;

/// Proposes objectives from one catalog.
pub struct Suggester<'a> {
    catalog: &'a Catalog,
    index: &'a Index,
    lexicon: Lexicon,
    weights: Weights,
    /// Of each item that is an objective, its id.
    objectives: HashMap<usize, &'a str>,
    /// Of each item that is a mapped control, the control and what it maps to; a part has the mappings of its whole.
    mapped: HashMap<usize, Mapped<'a>>,
}

struct Mapped<'a> {
    document: &'a Document,
    control: &'a Control,
    mappings: Vec<(&'a str, Relationship)>,
}

impl<'a> Suggester<'a> {
    /// `index` must be that of `catalog`. Decodes all of the catalog.
    pub fn new(catalog: &'a Catalog, index: &'a Index, weights: Weights) -> Self {
        let mut objectives = HashMap::new();
        let mut mapped = HashMap::new();
        for (number, (_, _, entry)) in Entry::all(catalog).enumerate() {
            match entry {
                Entry::Objective(objective) => {
                    objectives.insert(number, objective.id.as_str());
                }
                Entry::Control(document, control) if !control.mappings.is_empty() => {
                    let mappings = control.mappings.iter().map(|m| (m.objective.as_str(), m.relation)).collect();
                    mapped.insert(number, Mapped { document, control, mappings });
                }
                _ => {}
            }
        }
        Self { catalog, index, lexicon: Lexicon::new(catalog.thesaurus()), weights, objectives, mapped }
    }

    /// Objectives for `control` of `document`, the likeliest first, at most `limit`. The mappings of the document whose id is `without` do not
    /// count, nor do the control's own.
    pub fn suggest(
        &self,
        document: &Document,
        control: &Control,
        languages: Languages,
        without: Option<&str>,
        limit: usize,
    ) -> Vec<Suggestion> {
        let likeness = self.likeness(document, control, languages);
        let mut own: Vec<(usize, f32)> = Vec::new();
        let mut voters: Vec<(usize, f32)> = Vec::new();
        for (number, score) in likeness.into_iter().enumerate().filter(|(_, score)| *score > 0.0) {
            if self.objectives.contains_key(&number) {
                own.push((number, score));
            } else if let Some(voter) = self.mapped.get(&number) {
                let itself = voter.document.id == document.id && voter.control.id == control.id;
                if !itself && without != Some(voter.document.id.as_str()) {
                    voters.push((number, score));
                }
            }
        }
        voters.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        voters.truncate(self.weights.voters);
        let mut elected: HashMap<&str, (f32, Vec<Voter>)> = HashMap::new();
        let most_alike = voters.first().map_or(1.0, |(_, score)| *score);
        for (number, score) in voters {
            let Some(voter) = self.mapped.get(&number) else { continue };
            let likeness = score / most_alike;
            for (objective, relation) in &voter.mappings {
                let (sum, named) = elected.entry(objective).or_default();
                *sum += likeness.powf(self.weights.sharpness) * self.closeness(*relation);
                if named.len() < NAMED_VOTERS {
                    let control = format!("{}:{}", voter.document.id, voter.control.id);
                    named.push(Voter { control, relation: *relation, likeness });
                }
            }
        }
        let most_votes = elected.values().map(|(sum, _)| *sum).fold(f32::MIN_POSITIVE, f32::max);
        let best_text = own.iter().map(|(_, score)| *score).fold(f32::MIN_POSITIVE, f32::max);
        let mut suggestions: Vec<Suggestion> = own
            .into_iter()
            .filter_map(|(number, score)| {
                let objective = *self.objectives.get(&number)?;
                let (sum, named) = elected.remove(objective).unwrap_or_default();
                let own = self.weights.own_texts * score / best_text;
                let score = own + (1.0 - self.weights.own_texts) * sum / most_votes;
                Some(Suggestion { objective: objective.to_owned(), score, voters: named })
            })
            .collect();
        suggestions.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.objective.cmp(&b.objective)));
        suggestions.truncate(limit);
        suggestions
    }

    fn closeness(&self, relation: Relationship) -> f32 {
        match relation {
            Relationship::Equal => 1.0,
            Relationship::SubsetOf | Relationship::SupersetOf => self.weights.part,
            Relationship::IntersectsWith => self.weights.shared,
        }
    }

    /// How alike every item of the index is to the control.
    fn likeness(&self, document: &Document, control: &Control, languages: Languages) -> Vec<f32> {
        // In a fixed order, so that sums come out the same every time.
        let mut words: BTreeMap<String, f32> = BTreeMap::new();
        for field in Entry::Control(document, control).fields() {
            let texts = match languages {
                Languages::Both => [field.en, field.ja],
                Languages::English => [field.en, ""],
                Languages::Japanese => ["", field.ja],
            };
            for text in texts {
                let folded = fold(text);
                let tokens = tokens(&folded);
                for found in self.lexicon.matches(&folded, &tokens) {
                    if let Some(term) = self.catalog.thesaurus().terms.get(usize::from(found.term)) {
                        let word = format!("{TERM_OF_THESAURUS}{}", term.id);
                        *words.entry(word).or_default() += field.weight * self.weights.terms;
                    }
                }
                for token in tokens.into_iter().filter(|token| token.script != Script::Hiragana) {
                    *words.entry(token.text).or_default() += field.weight;
                }
            }
        }
        let mut likeness = vec![0.0f32; self.index.len()];
        for (word, count) in words {
            let sought = Sought::word(self.index, &word);
            let worth = count / (count + SATURATION) * sought.rarity.powf(self.weights.rarity);
            sought.each(|item, weight| {
                if let Some(sum) = likeness.get_mut(item) {
                    *sum += worth * weight;
                }
            });
        }
        likeness
    }
}
