//! What a misspelt word was meant to be.

/// A longer word is not a slip, and comparing it would cost its length times that of every candidate.
const MAX_WORD: usize = 100;

/// The one of `candidates` that `word` is most likely meant to be, if any is near enough.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MAX_WORD {
        return None;
    }
    let folded = fold(word);
    let length = folded.chars().count();
    // A third of the word may be wrong: enough for slips, too little to turn one word into another.
    let allowed = (length / 3).max(usize::from(length > 1));
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case and the choice between `-`, `_` and space are not worth a difference.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let words = ["markets", "components", "life-cycle"];
        assert_eq!(closest("markts", words), Some("markets"));
        assert_eq!(closest("LifeCycle", words), Some("life-cycle"));
        assert_eq!(closest("makrets", words), Some("markets"));
        assert_eq!(closest("owner", words), None);
    }
}
