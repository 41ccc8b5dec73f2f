//! Texts: both languages there, and each the language it says.

use sekisho_diag::{Place, Problem};
use sekisho_model::Text;
use sekisho_model::catalog::Document;

use super::Found;

/// Reports what is wrong with a text of `document`, which may say that its texts exist in one language only.
pub(super) fn lint_of(document: &Document, text: &Text, place: impl Fn(&str) -> Option<Place>, found: &mut Found) {
    if document.is_untranslated(text) && !text.en.trim().is_empty() {
        return;
    }
    lint(text, place, found);
}

/// Reports what is wrong with a text.
pub(super) fn lint(text: &Text, place: impl Fn(&str) -> Option<Place>, found: &mut Found) {
    for (lang, content) in [("en", &text.en), ("ja", &text.ja)] {
        if content.trim().is_empty() {
            found.error("blank-text", place(lang), format!("the text is empty in '{lang}'"));
        }
    }
    if text.en.chars().any(is_japanese) {
        let problem = Problem::warning("untranslated", "the English text has Japanese characters in it");
        found.push(problem, place("en"));
    }
    // A name or an abbreviation may stand unchanged in Japanese; a sentence may not.
    if text.en == text.ja && text.en.split_whitespace().count() > 3 {
        let problem = Problem::warning("untranslated", "the Japanese text is the English one");
        found.push(problem.hint("every text exists in English and Japanese"), place("ja"));
    }
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}
