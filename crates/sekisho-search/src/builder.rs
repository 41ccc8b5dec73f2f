//! Making the index of a catalog.

use std::collections::{BTreeMap, HashMap};

use sekisho_catalog::Catalog;
use sekisho_model::Lang;
use sekisho_model::catalog::Thesaurus;

use crate::fields::{Entry, Field};
use crate::index::{DIGEST_LENGTH, Index, ItemKind, MAGIC, NAME, TERM_OF_THESAURUS, put_leb128};
use crate::lexicon::Lexicon;
use crate::normalise::{fold, normalise};
use crate::token::tokens;

/// How soon a further occurrence of a word no longer counts (BM25's k1).
const SATURATION: f32 = 1.2;
/// How much a long text is held against its words (BM25's b).
const LENGTH: f32 = 0.5;

/// The words of one item: how often each occurs, fields weighted, and how many there are, by language.
#[derive(Default)]
struct Words {
    counts: HashMap<String, [f32; 2]>,
    lengths: [f32; 2],
}

impl Words {
    fn of(fields: &[Field<'_>], lexicon: &Lexicon, thesaurus: &Thesaurus) -> Self {
        let mut words = Self::default();
        for field in fields {
            for (lang, text) in [(Lang::En, field.en), (Lang::Ja, field.ja)] {
                words.add(text, lang as usize, field.weight, lexicon, thesaurus);
            }
        }
        words
    }

    fn add(&mut self, text: &str, lang: usize, weight: f32, lexicon: &Lexicon, thesaurus: &Thesaurus) {
        let folded = fold(text);
        let tokens = tokens(&folded);
        for found in lexicon.matches(&folded, &tokens) {
            if let Some(term) = thesaurus.terms.get(usize::from(found.term)) {
                self.counts.entry(format!("{TERM_OF_THESAURUS}{}", term.id)).or_default()[lang] += weight;
            }
        }
        for token in tokens {
            self.lengths[lang] += weight;
            self.counts.entry(token.text).or_default()[lang] += weight;
        }
    }
}

impl Index {
    /// Makes the index of `catalog`. Decodes all of it.
    pub fn build(catalog: &Catalog) -> Self {
        let lexicon = Lexicon::new(catalog.thesaurus());
        let mut items = Vec::new();
        let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut words = Vec::new();
        for (parent, number, entry) in Entry::all(catalog) {
            for name in entry.names() {
                let found = names.entry(format!("{NAME}{}", normalise(name))).or_default();
                let item = words.len() as u32;
                if found.last() != Some(&item) {
                    found.push(item);
                }
            }
            let kind = match entry {
                Entry::Document(_) => ItemKind::Document,
                Entry::Section(..) => ItemKind::Section,
                Entry::Control(..) => ItemKind::Control,
                Entry::Concept(..) => ItemKind::Concept,
                Entry::Objective(_) => ItemKind::Objective,
            };
            items.extend([kind.byte(), 0]);
            items.extend((parent as u16).to_le_bytes());
            items.extend((number as u32).to_le_bytes());
            words.push(Words::of(&entry.fields(), &lexicon, catalog.thesaurus()));
        }
        let mut postings = weigh(&words);
        postings.extend(names.into_iter().map(|(name, found)| (name, found.into_iter().map(|i| (i, 255)).collect())));
        let documents: Vec<&str> = catalog.documents().map(|document| document.id.as_str()).collect();
        let bytes = lay_out(catalog.digest(), &documents, &items, &postings);
        Self::open(bytes).expect("what was just laid out is of this layout")
    }
}

/// The weight of every word in every item: BM25 without the inverse document frequency, as a 255th of the greatest there can be.
fn weigh(items: &[Words]) -> BTreeMap<String, Vec<(u32, u8)>> {
    let mut mean = [0.0f32; 2];
    for words in items {
        mean[0] += words.lengths[0];
        mean[1] += words.lengths[1];
    }
    let mean = mean.map(|sum| (sum / items.len().max(1) as f32).max(1.0));
    let mut postings: BTreeMap<String, Vec<(u32, u8)>> = BTreeMap::new();
    for (item, words) in (0u32..).zip(items) {
        let scale = [0, 1].map(|lang| 1.0 - LENGTH + LENGTH * words.lengths[lang] / mean[lang]);
        for (word, counts) in &words.counts {
            // The languages say the same: what one of them says more often counts, not both together.
            let count = (counts[0] / scale[0]).max(counts[1] / scale[1]);
            let weight = count / (count + SATURATION);
            #[expect(clippy::cast_sign_loss, reason = "it lies between 1 and 255")]
            let weight = (weight * 255.0).round().clamp(1.0, 255.0) as u8;
            postings.entry(word.clone()).or_default().push((item, weight));
        }
    }
    postings
}

fn lay_out(digest: &str, documents: &[&str], items: &[u8], terms: &BTreeMap<String, Vec<(u32, u8)>>) -> Vec<u8> {
    let mut texts = Vec::new();
    let mut postings = Vec::new();
    let mut text_ends = Vec::new();
    let mut posting_ends = Vec::new();
    for (term, found) in terms {
        texts.extend(term.as_bytes());
        text_ends.extend((texts.len() as u32).to_le_bytes());
        put_leb128(found.len() as u32, &mut postings);
        let mut before = 0;
        for (item, weight) in found {
            put_leb128(item - before, &mut postings);
            postings.push(*weight);
            before = *item;
        }
        posting_ends.extend((postings.len() as u32).to_le_bytes());
    }
    let mut out = MAGIC.to_vec();
    out.extend(digest.bytes().chain(std::iter::repeat(b' ')).take(DIGEST_LENGTH));
    let counts = [documents.len(), items.len() / crate::index::ITEM_LENGTH, terms.len(), texts.len(), postings.len()];
    for count in counts {
        out.extend((count as u32).to_le_bytes());
    }
    for id in documents {
        out.extend((id.len() as u16).to_le_bytes());
        out.extend(id.as_bytes());
    }
    for section in [items, &text_ends, &posting_ends, &texts, &postings] {
        out.extend(section);
    }
    out
}
