//! Words in a sentence.

/// `'a', 'b' and 'c'`, cut short when there are many.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 24;
    let words: Vec<String> = words.into_iter().map(|word| format!("'{word}'")).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        many if many.len() > SHOWN => format!("{} and {} more", many[..SHOWN].join(", "), many.len() - SHOWN),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_words_reads_as_one() {
        assert_eq!(listed(["a"]), "'a'");
        assert_eq!(listed(["a", "b", "c"]), "'a', 'b' and 'c'");
    }
}
