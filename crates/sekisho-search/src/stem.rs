//! Light English stemming: inflections and the commonest derivations, so that "encrypted" finds "encryption".
//!
//! The result is for comparing only; it need not be a word.

/// Words that would meet others that mean something else: who certifies a product holds no certificate of a key.
const APART: &[(&str, &str)] = &[("certification", "certifi"), ("certifications", "certifi"), ("certified", "certifi")];

/// The stem of a lower-case word. Words of three letters and less, without a vowel or with digits are abbreviations and names: they stay.
pub fn stem(word: &str) -> String {
    if let Some((_, stem)) = APART.iter().find(|(apart, _)| *apart == word) {
        return (*stem).to_owned();
    }
    if word.len() <= 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) || !has_vowel(word) {
        return word.to_owned();
    }
    let mut stem = word.to_owned();
    plural(&mut stem);
    participle(&mut stem);
    derivation(&mut stem);
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    if stem.len() > 3 && stem.ends_with('y') {
        stem.pop();
        stem.push('i');
    }
    stem
}

fn has_vowel(word: &str) -> bool {
    word.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

fn plural(stem: &mut String) {
    if stem.ends_with("ies") && stem.len() > 4 {
        swap(stem, 3, "y");
    } else if ["ches", "shes", "xes", "zes", "sses"].iter().any(|end| stem.ends_with(end)) {
        swap(stem, 2, "");
    } else if stem.ends_with('s') && !["ss", "us", "is"].iter().any(|end| stem.ends_with(end)) {
        swap(stem, 1, "");
    }
}

fn participle(stem: &mut String) {
    let cut = if stem.ends_with("ing") {
        3
    } else if stem.ends_with("ed") && !stem.ends_with("eed") {
        2
    } else {
        return;
    };
    let rest = &stem[..stem.len() - cut];
    if rest.len() < 3 || !has_vowel(rest) {
        return;
    }
    swap(stem, cut, "");
    let bytes = stem.as_bytes();
    if let [.., before, last] = bytes
        && before == last
        && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o')
    {
        stem.pop();
    }
}

/// Endings of derived words, the longest first: the ending, what must be left at least, what takes its place.
const DERIVATIONS: &[(&str, usize, &str)] = &[
    ("ability", 3, "abl"),
    ("ibility", 3, "ibl"),
    ("isation", 3, "iz"),
    ("ization", 3, "iz"),
    ("ation", 3, "at"),
    ("ment", 5, ""),
    ("tion", 3, "t"),
    ("sion", 3, "s"),
    ("ness", 4, ""),
    ("ity", 4, ""),
    ("ise", 4, "iz"),
    ("ize", 4, "iz"),
    ("ly", 4, ""),
];

fn derivation(stem: &mut String) {
    for (ending, least, replacement) in DERIVATIONS {
        if stem.ends_with(ending) && stem.len() - ending.len() >= *least {
            swap(stem, ending.len(), replacement);
            break;
        }
    }
    // "authenticate", "authentication" and "authentic" meet here.
    let without_e = stem.strip_suffix('e').unwrap_or(stem);
    if without_e.ends_with("at") && without_e.len() >= 6 {
        let length = without_e.len() - 2;
        stem.truncate(length);
    }
}

fn swap(stem: &mut String, cut: usize, replacement: &str) {
    stem.truncate(stem.len() - cut);
    stem.push_str(replacement);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_one_word_meet() {
        for forms in [
            ["update", "updates", "updated", "updating"].as_slice(),
            &["encrypt", "encrypted", "encryption", "encrypting"],
            &["authenticate", "authentication", "authenticated", "authenticity", "authenticating"],
            &["vulnerability", "vulnerabilities", "vulnerable"],
            &["log", "logs", "logging", "logged"],
            &["security", "secure", "securely"],
            &["patch", "patches", "patching"],
            &["organisation", "organization"],
            &["manage", "management", "managed"],
            &["anonymise", "anonymize", "anonymisation"],
            &["policy", "policies"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn other_words_and_abbreviations_stay_apart() {
        assert_eq!(stem("dos"), "dos");
        assert_eq!(stem("tls1"), "tls1");
        assert_eq!(stem("string"), "string");
        assert_ne!(stem("access"), stem("acces"));
        assert_ne!(stem("private"), stem("privacy"));
        assert_ne!(stem("https"), stem("http"));
        assert_ne!(stem("certification"), stem("certificate"));
    }

    proptest! {
        #[test]
        fn no_word_panics_or_vanishes(word in "\\PC{1,20}") {
            prop_assert!(!stem(&word).is_empty());
        }

        #[test]
        fn no_english_word_panics_or_vanishes(word in "[a-z]{1,6}(ing|ed|ation|ity|ies|es|s|ment|ly|ise|ate)?") {
            prop_assert!(!stem(&word).is_empty());
        }
    }
}
