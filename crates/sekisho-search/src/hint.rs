//! What a word that is not found may have been meant to be.

use std::collections::HashSet;

use sekisho_diag::nearest;
use sekisho_model::catalog::Thesaurus;

use crate::normalise::normalise;

/// At most so many words are suggested.
const MOST: usize = 3;
/// How much of two words must be the same pairs of characters.
const ALIKE: f32 = 0.4;

/// The words of the thesaurus that are nearest to `word`: slips of the pen, else those with the most in common.
pub(crate) fn nearest_words(word: &str, thesaurus: &Thesaurus) -> Vec<String> {
    let folded = normalise(word);
    let words: Vec<(&str, String)> = thesaurus
        .terms
        .iter()
        .flat_map(|term| term.en.iter().chain(&term.ja))
        .map(|w| (w.as_str(), normalise(w)))
        .collect();
    let near = nearest(&folded, words.iter().map(|(_, folded)| folded.as_str()).collect::<Vec<_>>());
    let mut found: Vec<String> = near
        .into_iter()
        .filter_map(|near| words.iter().find(|(_, folded)| folded == near).map(|(word, _)| (*word).to_owned()))
        .collect();
    if found.is_empty() {
        let pairs = pairs(&folded);
        let mut alike: Vec<(f32, &str)> = words
            .iter()
            .map(|(word, folded)| (likeness(&pairs, folded), *word))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        found = alike.into_iter().map(|(_, word)| word.to_owned()).collect();
    }
    found.dedup();
    found.truncate(MOST);
    found
}

fn pairs(folded: &str) -> HashSet<(char, char)> {
    folded.chars().zip(folded.chars().skip(1)).collect()
}

/// Dice's coefficient of the pairs of characters.
fn likeness(pairs_of_one: &HashSet<(char, char)>, other: &str) -> f32 {
    let other = pairs(other);
    let both = pairs_of_one.intersection(&other).count();
    2.0 * both as f32 / (pairs_of_one.len() + other.len()).max(1) as f32
}

#[cfg(test)]
mod tests {
    use sekisho_model::catalog::SearchTerm;

    use super::*;

    #[test]
    fn slips_are_recognised_in_both_languages() {
        let term = SearchTerm {
            id: "password".to_owned(),
            en: vec!["password".to_owned(), "bill of materials".to_owned()],
            ja: vec!["パスワード".to_owned(), "脆弱性開示ポリシー".to_owned()],
        };
        let thesaurus = Thesaurus { terms: vec![term] };
        assert_eq!(nearest_words("pasword", &thesaurus), ["password"]);
        assert_eq!(nearest_words("ぱすわど", &thesaurus), ["パスワード"]);
        assert_eq!(nearest_words("脆弱性の開示", &thesaurus), ["脆弱性開示ポリシー"]);
        assert!(nearest_words("zzzz", &thesaurus).is_empty());
        assert!(nearest_words("", &thesaurus).is_empty());
    }
}
