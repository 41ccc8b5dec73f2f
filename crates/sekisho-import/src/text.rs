//! From bytes to text, and from text to what fits into a fact.

use std::borrow::Cow;

use sekisho_diag::{Place, Problem};

/// The text of a file that should be one: UTF-8, or UTF-16 with a byte order mark. Broken bytes become U+FFFD.
pub(crate) fn decode<'a>(bytes: &'a [u8], name: &str, known: &'static str) -> Result<Cow<'a, str>, Problem> {
    let refuse = |message: String, hint: &'static str| {
        Err(Problem::error("import-unknown", message).at(Place::file(name)).hint(hint))
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse("the file is empty".to_owned(), known);
    }
    if let Some(what) = foreign(bytes) {
        return refuse(format!("this is {what}, not a text"), "unpack or convert it, and give the text inside");
    }
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0);
    }
    if bytes.contains(&0) {
        return refuse("this is not text".to_owned(), known);
    }
    Ok(String::from_utf8_lossy(bytes))
}

/// Formats that are taken for a text by mistake.
pub(crate) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [b'P', b'K', 3, 4, ..] => "a ZIP archive or an office document",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an office document of the old kind",
        [0x1f, 0x8b, ..] => "compressed with gzip",
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "compressed with xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "compressed with zstd",
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => "compressed with bzip2",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => "an image",
        [0x7f, b'E', b'L', b'F', ..] => "a program",
        _ => return None,
    })
}

/// `text` on one line, without control characters, of at most `most` characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut out = String::new();
    let (mut count, mut gap) = (0, false);
    for c in text.trim().chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if count + usize::from(gap) >= most {
            out.push('…');
            break;
        }
        if gap && !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        gap = false;
        out.push(c);
        count += 1;
    }
    out
}

/// Line and column, both from 1, of the byte at `offset`, the column in characters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().iter().filter(|&&byte| byte & 0xc0 != 0x80).count() + 1;
    (line, column)
}

/// Counts lines along a text, at places that come in order.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), counted: 0, line: 1 }
    }

    /// The line of the byte at `offset`; of one before the last that was asked for, the last one's.
    pub(crate) fn at(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.text.get(self.counted..offset) {
            let lines = memchr::memchr_iter(b'\n', between).count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.counted = offset;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_in_a_fact_is_short_and_on_one_line() {
        assert_eq!(shortened("  a \n\t b\u{7}c ", 10), "a b c");
        assert_eq!(shortened("abcdef", 3), "abc…");
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("日本 語", 2), "日本…");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b""[..], b" \n", b"PK\x03\x04", b"%PDF-1.4", b"a\0b\x01"] {
            assert!(decode(bytes, "a", "hint").is_err());
        }
        assert_eq!(decode(b"\xff\xfe{\0}\0", "a", "hint").unwrap(), "{}");
        assert_eq!(decode(b"\xef\xbb\xbf{}", "a", "hint").unwrap(), "{}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), offset in 0_usize..300) {
            if let Ok(text) = decode(&bytes, "a", "hint") {
                let _ = (shortened(&text, 20), position(&text, offset), Lines::new(&text).at(offset));
            }
        }
    }
}
