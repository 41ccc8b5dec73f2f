//! How well items answer weighted words.

use crate::index::{Index, Postings};

/// The weight of a word by how rare it is (BM25's inverse document frequency).
pub(crate) fn rarity(items: usize, with_word: u32) -> f32 {
    let (all, with) = (items as f32, with_word as f32);
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}

/// Something to look for that counts as one: a word, or the pairs of characters that begin with one character.
pub(crate) struct Sought<'a> {
    /// Where it stands.
    found: Vec<Postings<'a>>,
    /// Its rarity.
    pub(crate) rarity: f32,
}

impl<'a> Sought<'a> {
    /// The word `text`. One that stands nowhere is as rare as can be.
    pub(crate) fn word(index: &'a Index, text: &str) -> Self {
        Self::any(index, index.postings(text).into_iter().collect())
    }

    /// All words that begin with `text`.
    pub(crate) fn beginning(index: &'a Index, text: &str) -> Self {
        Self::any(index, index.beginning_with(text).collect())
    }

    fn any(index: &'a Index, found: Vec<Postings<'a>>) -> Self {
        let count = found.iter().map(|postings| postings.count).fold(0, u32::saturating_add);
        Self { rarity: rarity(index.len(), count.min(index.len() as u32)), found }
    }

    /// Whether it stands anywhere.
    pub(crate) fn exists(&self) -> bool {
        !self.found.is_empty()
    }

    /// Tells `take` every item with its weight there.
    pub(crate) fn each(self, mut take: impl FnMut(usize, f32)) {
        for postings in self.found {
            for (item, weight) in postings {
                take(item, weight);
            }
        }
    }
}
