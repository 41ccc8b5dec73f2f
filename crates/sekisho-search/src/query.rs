//! A query, taken apart into what is looked for.

use std::collections::HashSet;

use sekisho_model::catalog::Thesaurus;

use crate::index::{Index, TERM_OF_THESAURUS};
use crate::lexicon::{Lexicon, Match};
use crate::normalise::{Script, fold};
use crate::score::Sought;
use crate::token::{Token, tokens};

/// How much the query's own wording counts beside the term of the thesaurus that it is.
const WORDING: f32 = 0.5;
/// How much a wider term within a narrower one counts: `password` in `default password`.
const WIDER: f32 = 0.2;

/// A longer query is no query; what is beyond is left out.
const LONGEST: usize = 1000;

/// One thing that is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unit {
    /// As it was typed.
    pub(crate) typed: String,
    /// The term of the thesaurus that it is.
    pub(crate) term: Option<u16>,
    /// The wider terms within it.
    pub(crate) wider: Vec<u16>,
    /// What is looked for, with its weight; the term first.
    pub(crate) words: Vec<Word>,
}

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// As in the index.
    pub(crate) text: String,
    /// Its weight.
    pub(crate) weight: f32,
    /// Whether every word that begins so is meant.
    pub(crate) beginning: bool,
}

/// The query as units.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Units {
    pub(crate) units: Vec<Unit>,
}

impl Units {
    /// Takes `text` apart.
    pub(crate) fn of(text: &str, lexicon: &Lexicon, thesaurus: &Thesaurus) -> Self {
        let text: String = text.chars().take(LONGEST).collect();
        let folded = fold(&text);
        let tokens = tokens(&folded);
        let matches = lexicon.matches(&folded, &tokens);
        let typed = |start: usize, end: usize| {
            let bytes = folded.get(start).zip(end.checked_sub(1).and_then(|last| folded.get(last)));
            bytes.and_then(|(a, b)| text.get(a.start as usize..b.end as usize)).unwrap_or_default().to_owned()
        };
        let id = |found: &Match| thesaurus.terms.get(usize::from(found.term)).map(|term| term.id.as_str());
        let mut units = Vec::new();
        let mut rest: Vec<&Token> = Vec::new();
        let mut covered = 0;
        let mut wide = Vec::new();
        for found in &matches {
            if found.at.start >= covered {
                wide.push(found.clone());
                covered = found.at.end;
            }
        }
        for found in &wide {
            let within = |at: &std::ops::Range<usize>| at.start >= found.at.start && at.end <= found.at.end;
            let mut words: Vec<Word> = id(found).map(|id| Word::term(id, 1.0)).into_iter().collect();
            let mut wider: Vec<u16> = Vec::new();
            for part in matches.iter().filter(|m| within(&m.at) && m.term != found.term) {
                if !wider.contains(&part.term) {
                    wider.push(part.term);
                    words.extend(id(part).map(|id| Word::term(id, WIDER)));
                }
            }
            let wording: Vec<&Token> = tokens.iter().filter(|token| within(&token.at)).collect();
            words.extend(wording.iter().map(|token| Word::of(token, WORDING / wording.len() as f32)));
            let typed = typed(found.at.start, found.at.end);
            units.push(Unit { typed, term: Some(found.term), wider, words });
        }
        let outside = |token: &Token| wide.iter().all(|m| token.at.end <= m.at.start || token.at.start >= m.at.end);
        rest.extend(tokens.iter().filter(|token| outside(token)));
        // Hiragana between words are particles and endings; alone they are a word.
        let only_hiragana = units.is_empty() && rest.iter().all(|token| token.script == Script::Hiragana);
        rest.retain(|token| only_hiragana || token.script != Script::Hiragana);
        for run in rest.chunk_by(|a, b| a.run == b.run) {
            let weight = 1.0 / run.len() as f32;
            let single = run.len() == 1 && run[0].script == Script::Han && run[0].at.len() == 1;
            let words = run.iter().map(|token| Word { beginning: single, ..Word::of(token, weight) }).collect();
            let typed = typed(run[0].at.start, run[run.len() - 1].at.end);
            units.push(Unit { typed, term: None, wider: Vec::new(), words });
        }
        Self { units }
    }

    /// The terms of the thesaurus that are asked for.
    pub(crate) fn terms(&self) -> HashSet<u16> {
        self.units.iter().filter_map(|unit| unit.term).collect()
    }

    /// The wider terms within those that are asked for.
    pub(crate) fn wider_terms(&self) -> HashSet<u16> {
        self.units.iter().flat_map(|unit| &unit.wider).copied().collect()
    }

    /// The words that are looked for, without the terms.
    pub(crate) fn wording(&self) -> HashSet<&str> {
        let words = self.units.iter().flat_map(|unit| &unit.words).map(|word| word.text.as_str());
        words.filter(|word| !word.starts_with(TERM_OF_THESAURUS)).collect()
    }
}

impl Word {
    /// Where it stands.
    pub(crate) fn sought<'a>(&self, index: &'a Index) -> Sought<'a> {
        if self.beginning { Sought::beginning(index, &self.text) } else { Sought::word(index, &self.text) }
    }

    fn of(token: &Token, weight: f32) -> Self {
        Self { text: token.text.clone(), weight, beginning: false }
    }

    fn term(id: &str, weight: f32) -> Self {
        Self { text: format!("{TERM_OF_THESAURUS}{id}"), weight, beginning: false }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sekisho_model::catalog::SearchTerm;

    use super::*;

    fn units(text: &str) -> Vec<(String, Option<u16>)> {
        let term = |id: &str, en: &str, ja: &str| SearchTerm {
            id: id.to_owned(),
            en: vec![en.to_owned()],
            ja: vec![ja.to_owned()],
        };
        let terms = vec![
            term("default-password", "default password", "初期パスワード"),
            term("password", "password", "パスワード"),
        ];
        let thesaurus = Thesaurus { terms };
        let units = Units::of(text, &Lexicon::new(&thesaurus), &thesaurus);
        units.units.into_iter().map(|unit| (unit.typed, unit.term)).collect()
    }

    #[test]
    fn the_longest_term_is_what_is_meant() {
        assert_eq!(units("初期パスワードの変更"), [("初期パスワード".to_owned(), Some(0)), ("変更".to_owned(), None)]);
        assert_eq!(units("Default  passwords"), [("Default  passwords".to_owned(), Some(0))]);
        assert_eq!(units("device password"), [("password".to_owned(), Some(1)), ("device".to_owned(), None)]);
        assert!(units("the of …").is_empty());
    }

    proptest! {
        #[test]
        fn no_query_panics(text in "\\PC*") {
            units(&text);
        }

        #[test]
        fn no_mixed_query_panics(text in "(パスワード|初期|default |password|の|ー|ﾊﾟ|:|-|[a-z0-9]{1,3}|漢字?){0,12}") {
            units(&text);
        }
    }
}
