//! The piece of a text that shows best why it was found.

use std::collections::HashSet;
use std::ops::Range;

use sekisho_model::Lang;

use crate::fields::Entry;
use crate::lexicon::Lexicon;
use crate::normalise::{Script, fold};
use crate::query::Units;
use crate::token::{Token, tokens};

/// Characters of an excerpt: Japanese ones are twice as wide.
const LENGTH_EN: usize = 150;
const LENGTH_JA: usize = 75;

/// A piece of a text with what was looked for marked in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The piece, with `…` where the text goes on.
    pub text: String,
    /// Bytes of `text` that are what was looked for, in order, without overlap.
    pub marks: Vec<Range<usize>>,
}

/// What is marked: terms of the thesaurus and words.
pub(crate) struct Wanted<'a> {
    lexicon: &'a Lexicon,
    terms: HashSet<u16>,
    wider: HashSet<u16>,
    words: HashSet<&'a str>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn of(units: &'a Units, lexicon: &'a Lexicon) -> Self {
        Self { lexicon, terms: units.terms(), wider: units.wider_terms(), words: units.wording() }
    }

    /// The bytes of `text` that are wanted, with how much each says.
    fn marks(&self, text: &str) -> Vec<(Range<usize>, u32)> {
        let folded = fold(text);
        let tokens = tokens(&folded);
        let mut found: Vec<(Range<usize>, u32)> = Vec::new();
        for term in self.lexicon.matches(&folded, &tokens) {
            if self.terms.contains(&term.term) {
                found.push((term.at, 3));
            } else if self.wider.contains(&term.term) {
                found.push((term.at, 1));
            }
        }
        for run in tokens.chunk_by(|a, b| a.run == b.run) {
            let wanted = |token: &&Token| self.words.contains(token.text.as_str());
            // A piece of a katakana word is another word.
            if run[0].script == Script::Katakana && !run.iter().all(|token| wanted(&token)) {
                continue;
            }
            // The last character alone says nothing beside its pair.
            let single = |token: &Token| token.at.len() == 1 && run.len() > 1;
            found.extend(run.iter().filter(wanted).filter(|token| !single(token)).map(|token| (token.at.clone(), 1)));
        }
        found.sort_by_key(|(at, _)| (at.start, at.end));
        let mut marks: Vec<(Range<usize>, u32)> = Vec::new();
        for (at, weight) in found {
            match marks.last_mut() {
                Some((last, sum)) if at.start < last.end => {
                    last.end = last.end.max(at.end);
                    *sum = (*sum).max(weight);
                }
                _ => marks.push((at, weight)),
            }
        }
        let bytes = |at: &Range<usize>| folded[at.start].start as usize..folded[at.end - 1].end as usize;
        marks.into_iter().map(|(at, weight)| (bytes(&at), weight)).collect()
    }
}

impl Excerpt {
    /// The best piece of `entry` in `lang`; empty where it has a title only.
    pub(crate) fn of(entry: Entry<'_>, lang: Lang, wanted: &Wanted<'_>) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for field in entry.fields().into_iter().filter(|field| field.shown) {
            let text = if lang == Lang::Ja { field.ja } else { field.en };
            let (score, excerpt) = piece(text, &wanted.marks(text), lang);
            if best.as_ref().is_none_or(|(so_far, _)| score > *so_far) {
                best = Some((score, excerpt));
            }
        }
        best.map(|(_, excerpt)| excerpt).unwrap_or_default()
    }
}

/// The piece of `text` with the most in it, and how much that is.
fn piece(text: &str, marks: &[(Range<usize>, u32)], lang: Lang) -> (u32, Excerpt) {
    let length = if lang == Lang::Ja { LENGTH_JA } else { LENGTH_EN };
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let chars = places.len() - 1;
    let number = |byte: usize| places.binary_search(&byte).unwrap_or_else(|next| next);
    let window = |start: usize| start..(start + length).min(chars);
    let within = |window: &Range<usize>| -> u32 {
        let bytes = places[window.start]..places[window.end];
        marks.iter().filter(|(at, _)| at.start >= bytes.start && at.end <= bytes.end).map(|(_, weight)| weight).sum()
    };
    let mut best = window(0);
    for (at, _) in marks {
        let from = number(at.start).saturating_sub(length / 4).min(chars.saturating_sub(length));
        let start = beginning(text, &places, from, number(at.start));
        let window = window(start);
        if within(&window) > within(&best) {
            best = window;
        }
    }
    let score = within(&best);
    let start = places[best.start];
    let mut end = places[best.end];
    // English is cut between words, unless one word is all there is.
    if best.end < chars
        && let Some(space) = text[start..end].rfind(' ')
        && lang == Lang::En
        && space > 0
    {
        end = start + space;
    }
    let before = if start > 0 { "…" } else { "" };
    let after = if end < text.len() { "…" } else { "" };
    let body = text[start..end].trim_end();
    let kept = marks.iter().filter(|(at, _)| at.start >= start && at.end <= start + body.len());
    let marks = kept.map(|(at, _)| at.start - start + before.len()..at.end - start + before.len()).collect();
    (score, Excerpt { text: format!("{before}{body}{after}"), marks })
}

/// Where a piece begins well: after the end of a sentence or, failing that, of a word, between the characters `from` and `to`.
fn beginning(text: &str, places: &[usize], from: usize, to: usize) -> usize {
    if from == 0 {
        return 0;
    }
    let before = |at: usize| text[..places[at]].chars().next_back();
    let sentence = (from..=to).find(|at| matches!(before(*at), Some('。')) || text[..places[*at]].ends_with(". "));
    let word = || (from..=to).find(|at| matches!(before(*at), Some(' ' | '、' | '，')));
    sentence.or_else(word).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sekisho_model::catalog::Thesaurus;

    use super::*;

    fn excerpt(text: &str, query: &str, lang: Lang) -> Excerpt {
        let thesaurus = Thesaurus::default();
        let lexicon = Lexicon::new(&thesaurus);
        let units = Units::of(query, &lexicon, &thesaurus);
        let wanted = Wanted::of(&units, &lexicon);
        piece(text, &wanted.marks(text), lang).1
    }

    #[test]
    fn the_piece_holds_what_was_looked_for() {
        let text =
            format!("{}. Passwords are unique for each device. {}", "word ".repeat(60).trim(), "more ".repeat(60));
        let found = excerpt(&text, "unique password", Lang::En);
        assert!(found.text.starts_with("…Passwords are unique"), "{}", found.text);
        assert!(found.text.ends_with('…'));
        let marked: Vec<_> = found.marks.iter().map(|at| &found.text[at.clone()]).collect();
        assert_eq!(marked, ["Passwords", "unique"]);
    }

    #[test]
    fn a_piece_of_a_katakana_word_is_not_marked() {
        let found = excerpt("ソフトウェアの更新とファームウェアの更新", "ファームウェア", Lang::Ja);
        let marked: Vec<_> = found.marks.iter().map(|at| &found.text[at.clone()]).collect();
        assert_eq!(marked, ["ファームウェア"]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(機器|の|ﾊﾟ| |。|、|word |更新|é){0,80}", query in "(更新|word|機器|の| ){0,4}") {
            for lang in Lang::ALL {
                let found = excerpt(&text, &query, lang);
                for mark in found.marks {
                    prop_assert!(found.text.get(mark).is_some());
                }
            }
        }
    }
}
