//! Searching: exact names first, then by rank.

use std::collections::HashSet;

use sekisho_catalog::Catalog;
use sekisho_model::{Lang, Text};
use serde::Serialize;

use crate::excerpt::{Excerpt, Wanted};
use crate::fields::Entry;
use crate::hint::nearest_words;
use crate::index::{Index, Item, ItemKind, NAME};
use crate::lexicon::Lexicon;
use crate::normalise::normalise;
use crate::query::Units;
use crate::score::Sought;

/// How much of a query a hit must answer, each of its words weighed by its rarity.
const LEAST_ANSWERED: f32 = 0.4;

/// How much an objective counts against a single statement.
const OBJECTIVE: f32 = 1.2;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The words, in either language or both, or a name.
    pub text: String,
    /// Only this kind.
    pub kind: Option<HitKind>,
    /// Only in the document of this id.
    pub document: Option<String>,
    /// At most so many hits.
    pub limit: usize,
}

/// Kinds of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HitKind {
    /// A control.
    Control,
    /// A document or a section of one.
    Document,
    /// An objective.
    Objective,
    /// A concept.
    Concept,
}

impl HitKind {
    fn of(kind: ItemKind) -> Self {
        match kind {
            ItemKind::Document | ItemKind::Section => Self::Document,
            ItemKind::Control => Self::Control,
            ItemKind::Concept => Self::Concept,
            ItemKind::Objective => Self::Objective,
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Where it is, with the document's id: `DOCUMENT:CONTROL`, `DOCUMENT:CONCEPT`, `DOCUMENT`, or the objective's id.
    pub id: String,
    /// The same, with the document's short name: what people type.
    pub name: String,
    /// Id of the document; none for an objective.
    pub document: Option<String>,
    /// The section of the document that was found, or in which the control stands.
    pub section: Option<String>,
    /// Pages of that section.
    pub pages: Option<String>,
    /// Title.
    pub title: Text,
    /// The best piece of the text in English and in Japanese; empty where there is only a title.
    pub excerpts: [Excerpt; 2],
    /// Rank; comparable within one answer only. 0 for what only its name was asked for.
    pub score: f32,
    /// Whether it is what the query names.
    pub exact: bool,
}

impl Hit {
    /// The excerpt in `lang`.
    pub fn excerpt(&self, lang: Lang) -> &Excerpt {
        &self.excerpts[lang as usize]
    }
}

/// A term of the thesaurus that the query was understood as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermMatch {
    /// Its id.
    pub id: String,
    /// What was typed.
    pub typed: String,
    /// Its English words.
    pub en: Vec<String>,
    /// Its Japanese words.
    pub ja: Vec<String>,
}

/// A word of the query that stands nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownWord {
    /// As typed.
    pub word: String,
    /// The nearest words of the thesaurus.
    pub nearest: Vec<String>,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The best hits, at most as many as asked for.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub total: usize,
    /// The terms that the query was understood as.
    pub terms: Vec<TermMatch>,
    /// Words that stand nowhere.
    pub unknown: Vec<UnknownWord>,
}

/// A catalog, ready to be searched.
pub struct Search<'a> {
    catalog: &'a Catalog,
    index: &'a Index,
    lexicon: Lexicon,
}

impl<'a> Search<'a> {
    /// `index` must be that of `catalog`; see [`Index::digest`].
    pub fn new(catalog: &'a Catalog, index: &'a Index) -> Self {
        Self { catalog, index, lexicon: Lexicon::new(catalog.thesaurus()) }
    }

    /// Answers `query`.
    pub fn find(&self, query: &Query) -> Found {
        let thesaurus = self.catalog.thesaurus();
        let units = Units::of(&query.text, &self.lexicon, thesaurus);
        let filter = Filter { kind: query.kind, document: self.position(query.document.as_deref()) };
        let exact: Vec<usize> = self.named(&query.text).into_iter().filter(|n| filter.takes(self.index, *n)).collect();
        // What stands behind a name is no list of words: with `OTA:12` nobody asks for updates, and of `5.1-1` every part must be there.
        let named_only = !exact.is_empty() && normalise(&query.text).contains(':');
        let units = if named_only { Units::default() } else { units };
        let whole = !exact.is_empty() && query.text.contains(|c: char| c.is_ascii_digit());
        let (ranked, unknown) = self.ranked(&units, &filter, if whole { 0.99 } else { LEAST_ANSWERED });
        let score_of = |number: usize| ranked.iter().find(|(item, _)| *item == number).map_or(0.0, |(_, score)| *score);
        let mut all: Vec<(usize, f32, bool)> = exact.iter().map(|number| (*number, score_of(*number), true)).collect();
        all.extend(ranked.iter().filter(|(item, _)| !exact.contains(item)).map(|(item, score)| (*item, *score, false)));
        let wanted = Wanted::of(&units, &self.lexicon);
        let hits = all.iter().take(query.limit);
        let hits = hits.filter_map(|(item, score, exact)| self.hit(*item, *score, *exact, &wanted)).collect();
        let terms = units.units.iter().filter_map(|unit| {
            let term = thesaurus.terms.get(usize::from(unit.term?))?;
            let typed = unit.typed.clone();
            Some(TermMatch { id: term.id.clone(), typed, en: term.en.clone(), ja: term.ja.clone() })
        });
        let mut unknown: Vec<UnknownWord> = if exact.is_empty() { unknown } else { Vec::new() }
            .into_iter()
            .map(|word| UnknownWord { nearest: nearest_words(&word, thesaurus), word })
            .collect();
        if all.is_empty() && unknown.is_empty() {
            let word = query.text.trim().to_owned();
            unknown.push(UnknownWord { nearest: nearest_words(&word, thesaurus), word });
        }
        Found { hits, total: all.len(), terms: terms.collect(), unknown }
    }

    /// Position of a document in the index; beyond the last for one that it does not have.
    fn position(&self, id: Option<&str>) -> Option<usize> {
        let id = id?;
        let documents = self.index.documents();
        Some(documents.iter().position(|document| document == id).unwrap_or(documents.len()))
    }

    /// The items that the query names: by id, by `DOCUMENT:ID` or `DOCUMENT ID`, also as one word among others.
    fn named(&self, text: &str) -> Vec<usize> {
        let text = normalise(text.trim());
        let mut found = self.with_name(&text, None);
        let halves = [text.split_once(':'), text.split_once(char::is_whitespace)];
        let words = text.split_whitespace().map(|word| word.split_once(':'));
        for (document, id) in halves.into_iter().chain(words).flatten() {
            // The document's short name may stand with its spaces: "EN 303 645".
            if let Ok(document) = self.catalog.document(document.trim()) {
                found.extend(self.with_name(id.trim(), self.position(Some(&document.id))));
            }
        }
        let mut seen = HashSet::new();
        found.retain(|item| seen.insert(*item));
        found
    }

    fn with_name(&self, name: &str, document: Option<usize>) -> Vec<usize> {
        if name.is_empty() || name.len() > 200 {
            return Vec::new();
        }
        let filter = Filter { kind: None, document };
        let name = format!("{NAME}{}", normalise(name));
        let found = self.index.postings(&name).into_iter().flatten().map(|(item, _)| item);
        found.filter(|item| filter.takes(self.index, *item)).collect()
    }

    /// The items that answer enough of the query, the best first; and the words that stand nowhere.
    fn ranked(&self, units: &Units, filter: &Filter, least: f32) -> (Vec<(usize, f32)>, Vec<String>) {
        let count = self.index.len();
        let mut scores = vec![0.0f32; count];
        let mut answered = vec![0.0f32; count];
        let mut asked = 0.0;
        let mut unknown = Vec::new();
        for unit in &units.units {
            let sought: Vec<(f32, Sought<'_>)> =
                unit.words.iter().map(|word| (word.weight, word.sought(self.index))).collect();
            // A term answers its unit alone, other words each a part of it.
            let answering = if unit.term.is_some() { 1 } else { sought.len() };
            let possible: f32 = sought.iter().take(answering).map(|(_, word)| word.rarity).sum();
            let existing = sought.iter().take(answering).filter(|(_, word)| word.exists());
            if existing.map(|(_, word)| word.rarity).sum::<f32>() < possible / 2.0 {
                unknown.push(unit.typed.clone());
            }
            let rarest = sought.iter().take(answering).map(|(_, word)| word.rarity).fold(f32::MIN_POSITIVE, f32::max);
            asked += rarest;
            for (number, (weight, word)) in sought.into_iter().enumerate() {
                let worth = word.rarity * weight;
                let part =
                    if number < answering { rarest * word.rarity / possible.max(f32::MIN_POSITIVE) } else { 0.0 };
                word.each(|item, here| {
                    if let (Some(score), Some(answered)) = (scores.get_mut(item), answered.get_mut(item)) {
                        *score += worth * here;
                        *answered += part;
                    }
                });
            }
        }
        let mut ranked: Vec<(usize, f32)> = (0..count)
            .filter(|item| answered[*item] >= least * asked && scores[*item] > 0.0)
            .filter(|item| filter.takes(self.index, *item))
            .map(|item| (item, scores[item] * (answered[item] / asked).min(1.0) * self.standing(item)))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        (ranked, unknown)
    }

    /// An objective is where what all documents say of a subject meets: it comes before single statements as good as it.
    fn standing(&self, item: usize) -> f32 {
        if self.index.item(item).is_some_and(|item| item.kind == ItemKind::Objective) { OBJECTIVE } else { 1.0 }
    }

    fn hit(&self, number: usize, score: f32, exact: bool, wanted: &Wanted<'_>) -> Option<Hit> {
        let item = self.index.item(number)?;
        let entry = self.entry(item)?;
        let document = entry.document();
        let short = document.map(|d| d.aliases.first().unwrap_or(&d.id).as_str()).unwrap_or_default();
        let (id, name, section) = match entry {
            Entry::Document(d) => (d.id.clone(), short.to_owned(), None),
            Entry::Section(d, section) => (d.id.clone(), short.to_owned(), Some(section.no.clone())),
            Entry::Control(d, c) => (format!("{}:{}", d.id, c.id), format!("{short}:{}", c.id), c.section.clone()),
            Entry::Concept(d, c) => (format!("{}:{}", d.id, c.id), format!("{short}:{}", c.id), None),
            Entry::Objective(objective) => (objective.id.clone(), objective.id.clone(), None),
        };
        let pages = section.as_ref().and_then(|no| document?.contents.iter().find(|s| s.no == *no)?.pages.clone());
        Some(Hit {
            kind: HitKind::of(item.kind),
            id,
            name,
            document: document.map(|d| d.id.clone()),
            section,
            pages,
            title: entry.title().clone(),
            excerpts: Lang::ALL.map(|lang| Excerpt::of(entry, lang, wanted)),
            score,
            exact,
        })
    }

    fn entry(&self, item: Item) -> Option<Entry<'a>> {
        let entry = item.entry as usize;
        let parent = usize::from(item.parent);
        if item.kind == ItemKind::Objective {
            return self.catalog.areas().get(parent)?.objectives.get(entry).map(Entry::Objective);
        }
        let document = self.catalog.document(self.index.documents().get(parent)?).ok()?;
        match item.kind {
            ItemKind::Document => Some(Entry::Document(document)),
            ItemKind::Section => document.contents.get(entry).map(|section| Entry::Section(document, section)),
            ItemKind::Control => document.controls.get(entry).map(|control| Entry::Control(document, control)),
            ItemKind::Concept => document.concepts.get(entry).map(|concept| Entry::Concept(document, concept)),
            ItemKind::Objective => None,
        }
    }
}

/// What is left out of an answer.
struct Filter {
    kind: Option<HitKind>,
    document: Option<usize>,
}

impl Filter {
    fn takes(&self, index: &Index, number: usize) -> bool {
        let Some(item) = index.item(number) else { return false };
        let in_document = |document| item.kind != ItemKind::Objective && usize::from(item.parent) == document;
        self.kind.is_none_or(|kind| HitKind::of(item.kind) == kind) && self.document.is_none_or(in_document)
    }
}
