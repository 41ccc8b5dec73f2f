//! What a misspelt word was meant to be.

/// A longer word is not a slip, and comparing it would cost its length times that of every candidate.
const MAX_WORD: usize = 100;

/// At most so many words are suggested.
const MAX_SUGGESTIONS: usize = 3;

/// The one of `candidates` that `word` is most likely meant to be, if any is near enough.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    slips(word, candidates).into_iter().next()
}

/// The few of `candidates` that `word` is likely meant to be, the likeliest first: slips of the pen, else those that contain it.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let mut found = slips(word, candidates.clone());
    let folded = fold(word);
    if found.is_empty() && folded.chars().count() > 2 {
        found = candidates.into_iter().filter(|candidate| fold(candidate).contains(&folded)).collect();
    }
    found.truncate(MAX_SUGGESTIONS);
    found
}

fn slips<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > MAX_WORD {
        return Vec::new();
    }
    let folded = fold(word);
    let length = folded.chars().count();
    // A third of the word may be wrong: enough for slips, too little to turn one word into another.
    let allowed = (length / 3).max(usize::from(length > 1));
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().map(|(_, candidate)| candidate).collect()
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

    #[test]
    fn a_part_of_a_name_finds_it() {
        assert_eq!(nearest("enisa", ["enisa-iot-baseline-2017", "ota"]), ["enisa-iot-baseline-2017"]);
        assert_eq!(nearest("OAT", ["OTA", "OWASP"]), ["OTA"]);
        assert!(nearest("zzz", ["OTA"]).is_empty());
    }
}
