//! What a text is found by: stems of words, and pairs of neighbouring characters where words are written without spaces.

use std::ops::Range;

use crate::normalise::{Folded, Script};
use crate::stem::stem;

/// Words that stand in nearly every English text.
const STOP_WORDS: &[&str] = &[
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does",
    "each", "for", "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "more", "no", "not",
    "of", "on", "one", "only", "or", "other", "s", "shall", "should", "so", "such", "t", "than", "that", "the",
    "their", "them", "then", "there", "they", "this", "those", "to", "was", "what", "when", "where", "which", "who",
    "will", "with",
];

/// No word of the field is longer; what is, such as a digest, is found by its beginning.
const LONGEST_WORD: usize = 40;

/// Something that a text is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What is compared.
    pub(crate) text: String,
    /// Where it stands, in folded characters.
    pub(crate) at: Range<usize>,
    /// Of what it is made.
    pub(crate) script: Script,
    /// The number of the word or of the run of characters that it belongs to.
    pub(crate) run: usize,
}

/// The tokens of a folded text, in its order. Stop words and single hiragana, which are particles, are left out.
pub(crate) fn tokens(folded: &[Folded]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut run = 0;
    while let Some(first) = folded.get(start) {
        let script = first.script;
        let length = folded[start..].iter().take_while(|f| f.script == script).count();
        let at = start..start + length;
        match script {
            Script::Other => {}
            Script::Word => word(folded, at, run, &mut tokens),
            Script::Han | Script::Katakana | Script::Hiragana => pairs(folded, at, script, run, &mut tokens),
        }
        start += length;
        run += 1;
    }
    tokens
}

fn word(folded: &[Folded], at: Range<usize>, run: usize, tokens: &mut Vec<Token>) {
    let text: String = folded[at.clone()].iter().take(LONGEST_WORD).map(|f| f.ch).collect();
    if !STOP_WORDS.contains(&text.as_str()) {
        tokens.push(Token { text: stem(&text), at, script: Script::Word, run });
    }
}

fn pairs(folded: &[Folded], at: Range<usize>, script: Script, run: usize, tokens: &mut Vec<Token>) {
    for first in at.start..at.end.saturating_sub(1) {
        let text = [folded[first].ch, folded[first + 1].ch].iter().collect();
        tokens.push(Token { text, at: first..first + 2, script, run });
    }
    // The last character alone, so that a single one can be looked for: every occurrence is the beginning of a pair or the end of a run.
    if script == Script::Han || (script == Script::Katakana && at.len() == 1) {
        let last = at.end - 1;
        tokens.push(Token { text: folded[last].ch.to_string(), at: last..at.end, script, run });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::normalise::fold;

    fn of(text: &str) -> Vec<String> {
        tokens(&fold(text)).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn english_words_are_stemmed_and_stop_words_left_out() {
        assert_eq!(of("The devices are updated over-the-air"), ["device", "updat", "over", "air"].map(stem));
    }

    #[test]
    fn japanese_is_cut_into_pairs_within_one_script() {
        assert_eq!(of("ログの保護"), ["ログ", "保護", "護"]);
        assert_eq!(of("TLS通信"), ["tls", "通信", "信"]);
        assert_eq!(of("キー"), ["キ"]);
        assert_eq!(of("鍵"), ["鍵"]);
    }

    proptest! {
        #[test]
        fn tokens_lie_in_the_text(text in "\\PC*") {
            let folded = fold(&text);
            for token in tokens(&folded) {
                prop_assert!(token.at.start < token.at.end && token.at.end <= folded.len());
            }
        }
    }
}
