//! One way of writing: what is compared is folded first.
//!
//! Width and compatibility forms (NFKC), case, hiragana and katakana, small and large kana, and the long vowel at the end of a word, which
//! Japanese technical writing sets or leaves out (サーバー, サーバ). Every folded character knows which bytes of the text it comes from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What kind of writing a character belongs to, before kana are folded into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Script {
    /// Letters and digits that stand in words with spaces between them.
    Word,
    /// Chinese characters.
    Han,
    /// Katakana.
    Katakana,
    /// Hiragana.
    Hiragana,
    /// Spaces, punctuation, signs.
    Other,
}

/// A folded character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Folded {
    /// The character that is compared.
    pub(crate) ch: char,
    /// What it was.
    pub(crate) script: Script,
    /// The bytes of the text that it stands for.
    pub(crate) start: u32,
    /// The end of these bytes.
    pub(crate) end: u32,
}

/// The folded characters of a text. Of a text over 4 GiB nothing is read.
pub(crate) fn fold(text: &str) -> Vec<Folded> {
    if u32::try_from(text.len()).is_err() {
        return Vec::new();
    }
    let mut folded = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let plain = chars.peek().is_none_or(|(_, next)| next.is_ascii());
        if first.is_ascii() && plain {
            push(&mut folded, first.to_ascii_lowercase(), start, start + 1);
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some((at, mark)) =
            chars.next_if(|(_, c)| is_combining_mark(*c) || matches!(c, '\u{ff9e}' | '\u{ff9f}'))
        {
            end = at + mark.len_utf8();
        }
        // Twice, because a lower-case letter may have a compatibility form of its own.
        let composed = text[start..end].nfkc().flat_map(char::to_lowercase).nfkc();
        for c in composed.filter(|c| !is_combining_mark(*c)) {
            push(&mut folded, c, start, end);
        }
    }
    drop_long_vowels(&mut folded);
    folded
}

/// The text as it is compared. Doing it again changes nothing.
pub fn normalise(text: &str) -> String {
    fold(text).into_iter().map(|folded| folded.ch).collect()
}

fn push(folded: &mut Vec<Folded>, c: char, start: usize, end: usize) {
    let script = match c {
        // The long vowel belongs to the kana before it.
        'ー' => folded.last().map_or(Script::Other, |before| match before.script {
            kana @ (Script::Katakana | Script::Hiragana) => kana,
            _ => Script::Other,
        }),
        'ァ'..='ヺ' | 'ㇰ'..='ㇿ' => Script::Katakana,
        'ぁ'..='ゖ' => Script::Hiragana,
        '々'
        | '〆'
        | '〇'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' => Script::Han,
        _ if c.is_alphanumeric() => Script::Word,
        _ => Script::Other,
    };
    folded.push(Folded { ch: large_katakana(c), script, start: start as u32, end: end as u32 });
}

/// Hiragana as katakana, and small kana as large ones.
fn large_katakana(c: char) -> char {
    let c = match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    };
    match c {
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
            char::from_u32(c as u32 + 1).unwrap_or(c)
        }
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        _ => c,
    }
}

/// Leaves out the long vowels at the end of a word: those after which no kana of the same kind follows.
fn drop_long_vowels(folded: &mut Vec<Folded>) {
    let mut kept = folded.len();
    let mut next = None;
    for at in (0..folded.len()).rev() {
        let Folded { ch, script, .. } = folded[at];
        if ch == 'ー' && (script == Script::Other || next != Some(script)) {
            continue;
        }
        kept -= 1;
        folded[kept] = folded[at];
        next = Some(script);
    }
    folded.drain(..kept);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_of_writing_the_same_meet() {
        for (one, other) in [
            ("ﾌｧｰﾑｳｪｱ", "ファームウェア"),
            ("ファームウエア", "ファームウェア"),
            ("ぱすわーど", "パスワード"),
            ("サーバ", "サーバー"),
            ("ＴＬＳ　１．３", "tls 1.3"),
            ("ｶﾞｲﾄﾞ", "ガイド"),
            ("Wi‑Fi", "wi‐fi"),
        ] {
            assert_eq!(normalise(one), normalise(other));
        }
        assert_eq!(normalise("サーバーを守る"), "サーバヲ守ル");
        assert_ne!(normalise("ルート"), normalise("ルト"), "a long vowel within a word stays");
    }

    #[test]
    fn a_folded_character_knows_its_bytes() {
        let text = "機器ＡＢがﾊﾟｽ";
        for folded in fold(text) {
            assert!(text.get(folded.start as usize..folded.end as usize).is_some());
        }
        let last = fold(text)[5];
        assert_eq!(&text[last.start as usize..last.end as usize], "ﾊﾟ");
    }

    proptest! {
        #[test]
        fn normalising_again_changes_nothing(text in "\\PC*") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn normalising_again_changes_nothing_in_japanese(text in "[ー-ヿぁ-ゖァ-ヺｦ-ﾟ゛゜\u{3099}\u{309a}漢字aA１ ]{0,12}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
