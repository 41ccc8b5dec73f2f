//! The thesaurus, made ready to be found in texts.

use std::collections::HashMap;
use std::ops::Range;

use sekisho_model::catalog::Thesaurus;

use crate::normalise::{Folded, Script, fold};
use crate::token::{Token, tokens};

/// From so many characters on a katakana word may also be a part of a longer one: アップデート in ソフトウェアアップデート, but not ログ in
/// プログラム.
const SAFE_WITHIN_KATAKANA: usize = 4;

/// The words of the thesaurus by what they begin with.
pub(crate) struct Lexicon {
    /// Of words and phrases that stand between spaces: the tokens after the first, and the term.
    phrases: HashMap<String, Vec<(Vec<String>, u16)>>,
    /// Of words written without spaces: the characters after the first, and the term.
    words: HashMap<char, Vec<(Vec<char>, u16)>>,
}

/// A term found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// Position of the term in the thesaurus.
    pub(crate) term: u16,
    /// Where it stands, in folded characters.
    pub(crate) at: Range<usize>,
}

impl Lexicon {
    /// Makes the words ready. Terms beyond the 65,535th are left out.
    pub(crate) fn new(thesaurus: &Thesaurus) -> Self {
        let mut lexicon = Self { phrases: HashMap::new(), words: HashMap::new() };
        for (number, term) in (0..u16::MAX).zip(&thesaurus.terms) {
            for word in term.en.iter().chain(&term.ja) {
                lexicon.add(word, number);
            }
        }
        lexicon
    }

    fn add(&mut self, word: &str, term: u16) {
        let folded = fold(word);
        if folded.iter().any(|f| matches!(f.script, Script::Han | Script::Katakana | Script::Hiragana)) {
            let mut chars = folded.iter().map(|f| f.ch);
            if let Some(first) = chars.next() {
                self.words.entry(first).or_default().push((chars.collect(), term));
            }
        } else {
            let mut words = tokens(&folded).into_iter().map(|token| token.text);
            if let Some(first) = words.next() {
                self.phrases.entry(first).or_default().push((words.collect(), term));
            }
        }
    }

    /// Every term in a text, also those that overlap: `初期パスワード` holds `パスワード` too. Sorted by where they begin, the longest first.
    pub(crate) fn matches(&self, folded: &[Folded], tokens: &[Token]) -> Vec<Match> {
        let mut found = Vec::new();
        self.phrases_in(tokens, &mut found);
        self.words_in(folded, &mut found);
        found.sort_by_key(|m: &Match| (m.at.start, std::cmp::Reverse(m.at.end), m.term));
        found.dedup();
        found
    }

    fn phrases_in(&self, tokens: &[Token], found: &mut Vec<Match>) {
        let words: Vec<&Token> = tokens.iter().filter(|token| token.script == Script::Word).collect();
        for (i, first) in words.iter().enumerate() {
            for (rest, term) in self.phrases.get(&first.text).into_iter().flatten() {
                let Some(following) = words.get(i + 1..i + 1 + rest.len()) else { continue };
                if following.iter().zip(rest).all(|(token, word)| token.text == *word) {
                    let end = following.last().map_or(first.at.end, |last| last.at.end);
                    found.push(Match { term: *term, at: first.at.start..end });
                }
            }
        }
    }

    fn words_in(&self, folded: &[Folded], found: &mut Vec<Match>) {
        for (start, first) in folded.iter().enumerate() {
            for (rest, term) in self.words.get(&first.ch).into_iter().flatten() {
                let end = start + 1 + rest.len();
                let Some(following) = folded.get(start + 1..end) else { continue };
                if following.iter().zip(rest).all(|(f, c)| f.ch == *c) && stands_alone(folded, start..end) {
                    found.push(Match { term: *term, at: start..end });
                }
            }
        }
    }
}

/// Whether what stands at `at` is not merely a piece of a longer word.
fn stands_alone(folded: &[Folded], at: Range<usize>) -> bool {
    let free = |inside: Option<&Folded>, outside: Option<&Folded>| match (inside, outside) {
        (Some(inside), Some(outside)) if inside.script == outside.script => match inside.script {
            Script::Word => false,
            Script::Katakana => at.len() >= SAFE_WITHIN_KATAKANA,
            Script::Hiragana => at.len() > 2,
            Script::Han | Script::Other => true,
        },
        _ => true,
    };
    let before = at.start.checked_sub(1).and_then(|before| folded.get(before));
    free(folded.get(at.start), before) && free(folded.get(at.end - 1), folded.get(at.end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sekisho_model::catalog::SearchTerm;

    use super::*;

    fn lexicon() -> (Lexicon, Vec<String>) {
        let term = |id: &str, en: &[&str], ja: &[&str]| SearchTerm {
            id: id.to_owned(),
            en: en.iter().map(|&w| w.to_owned()).collect(),
            ja: ja.iter().map(|&w| w.to_owned()).collect(),
        };
        let terms = vec![
            term("update", &["update"], &["更新", "アップデート"]),
            term("firmware-update", &["firmware update", "OTA"], &["ファームウェア更新", "OTA更新"]),
            term("log", &["log"], &["ログ"]),
            term("spoofing", &["spoofing"], &["なりすまし"]),
        ];
        let ids = terms.iter().map(|t| t.id.clone()).collect();
        (Lexicon::new(&Thesaurus { terms }), ids)
    }

    fn found(text: &str) -> Vec<String> {
        let (lexicon, ids) = lexicon();
        let folded = fold(text);
        lexicon.matches(&folded, &tokens(&folded)).iter().map(|m| ids[usize::from(m.term)].clone()).collect()
    }

    #[test]
    fn terms_are_found_in_both_languages() {
        assert_eq!(found("The firmware updates of the device"), ["firmware-update", "update"]);
        assert_eq!(found("ファームウェア更新を行う"), ["firmware-update", "update"]);
        assert_eq!(found("OTA更新"), ["firmware-update", "firmware-update", "update"]);
        assert_eq!(found("ソフトウェアアップデートの手順"), ["update"]);
        assert_eq!(found("第三者によるなりすましを防ぐ"), ["spoofing"]);
    }

    #[test]
    fn a_piece_of_a_longer_word_is_not_the_word() {
        assert!(found("プログラムのカタログ").is_empty());
        assert_eq!(found("監査ログを残す"), ["log"]);
        assert!(found("catalog").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PCログ更新OTA ]*") {
            let folded = fold(&text);
            let (lexicon, _) = lexicon();
            for m in lexicon.matches(&folded, &tokens(&folded)) {
                prop_assert!(m.at.end <= folded.len());
            }
        }
    }
}
