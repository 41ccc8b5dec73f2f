//! From bytes to text: what was saved in another encoding is recognised and named.

use sekisho_diag::{Place, Problem};

/// The text of a file, without a byte-order mark; this is what columns and lines are counted in.
///
/// # Errors
///
/// Anything but UTF-8 is a problem at its first byte, with a guess at what it is instead.
pub fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    let problem = |offset: usize, message: &str, encoding: Option<&str>| {
        let hint = match encoding {
            Some(name) => {
                format!("it looks like {name}: save it as UTF-8, or convert it with `iconv -f {name} -t UTF-8`")
            }
            None => "save it as UTF-8 in your editor".to_owned(),
        };
        Problem::error("not-utf8", message)
            .at(Place::Offset { file: file.to_owned(), offset: offset as u64 })
            .hint(hint)
    };
    if let Some(encoding) = utf16(bytes) {
        return Err(problem(0, "the file is not UTF-8", Some(encoding)));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => Err(problem(error.valid_up_to(), "the file is not UTF-8 here", japanese(bytes))),
    }
}

/// UTF-16, by its mark or, without one, by the zero bytes that its ASCII characters have.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=0x7f, 0, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] | [0, 1..=0x7f, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

/// The Japanese encoding that all of `bytes` is valid in, if there is one.
fn japanese(bytes: &[u8]) -> Option<&'static str> {
    if pairs(bytes, |b| matches!(b, 0xa1..=0xfe | 0x8e), |b| b >= 0xa1, |_| false) {
        return Some("EUC-JP");
    }
    // Western 8-bit texts are often valid Shift_JIS too, but hardly ever use 0x81 to 0x9f, where kana and common
    // kanji begin.
    let shift_jis = bytes.iter().any(|b| matches!(b, 0x81..=0x9f))
        && pairs(
            bytes,
            |b| matches!(b, 0x81..=0x9f | 0xe0..=0xfc),
            |b| matches!(b, 0x40..=0x7e | 0x80..=0xfc),
            |b| matches!(b, 0xa1..=0xdf),
        );
    shift_jis.then_some("SHIFT_JIS")
}

/// Whether `bytes` consists of ASCII, of `single` bytes, and of pairs of a `lead` and a `trail` byte.
fn pairs(bytes: &[u8], lead: fn(u8) -> bool, trail: fn(u8) -> bool, single: fn(u8) -> bool) -> bool {
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        let good = byte.is_ascii() || single(byte) || (lead(byte) && rest.next().is_some_and(trail));
        if !good {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(bytes: &[u8]) -> String {
        text("p.yaml", bytes).unwrap_err().to_string()
    }

    #[test]
    fn utf8_is_read_with_and_without_a_mark() {
        assert_eq!(text("p", "名前: 錠".as_bytes()), Ok("名前: 錠"));
        assert_eq!(text("p", b"\xef\xbb\xbfa: 1"), Ok("a: 1"));
    }

    #[test]
    fn what_japanese_editors_save_is_named() {
        // "名前" (name) in three encodings.
        assert!(guess(b"\x96\xbc\x91\x4f: a").contains("SHIFT_JIS"));
        assert!(guess(b"\xcc\xbe\xc1\xb0: a").contains("EUC-JP"));
        assert!(guess(b"\xff\xfea\0:\0").contains("UTF-16LE"));
        assert!(guess(b"\0a\0:").contains("UTF-16BE"));
    }

    #[test]
    fn the_first_bad_byte_is_the_place() {
        let problem = guess(b"a: caf\xe9 \xff");
        assert!(problem.starts_with("p.yaml at byte 6") && problem.contains("save it as UTF-8"), "{problem}");
    }
}
