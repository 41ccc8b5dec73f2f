//! From bytes to text: byte order marks, UTF-16, declared encodings, and what is no text at all.

use std::borrow::Cow;

use sekisho_diag::{Place, Problem};

use crate::fault::Fault;

/// A file's text.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What to add to an offset in the text to get one in the file; none where the text was recoded.
    pub(crate) shift: Option<u64>,
    /// What was not as it should be.
    pub(crate) fault: Option<Fault>,
}

/// Decodes the text of the file called `name`.
pub(crate) fn decode<'a>(bytes: &'a [u8], name: &str) -> Result<Decoded<'a>, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::error("not-an-sbom", "the file is empty")
            .at(Place::file(name))
            .hint(crate::detect::KNOWN));
    }
    if let Some((what, hint)) = foreign(bytes) {
        return Err(Problem::error("not-an-sbom", format!("this is {what}, not a bill of materials"))
            .at(Place::file(name))
            .hint(hint));
    }
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, false)),
        [0xfe, 0xff, rest @ ..] => Some((rest, true)),
        // Without a mark: the first character of every format is ASCII.
        [first, 0, ..] if *first != 0 => Some((bytes, false)),
        [0, second, ..] if *second != 0 => Some((bytes, true)),
        _ => None,
    };
    if let Some((rest, big)) = utf16 {
        let (text, replaced) = from_utf16(rest, big);
        // XML may be in UTF-16 (XML 1.0, 2.2); JSON (RFC 8259, 8.1) and SPDX tag-value (2.3, clause 6.2) must be in UTF-8.
        let xml = text.trim_start().starts_with('<');
        let fault =
            if replaced > 0 { Some(Fault::Bytes(replaced)) } else { (!xml).then_some(Fault::Encoding("UTF-16")) };
        return Ok(Decoded { text: Cow::Owned(text), shift: None, fault });
    }
    let (body, shift) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(body) => (body, 3),
        None => (bytes, 0),
    };
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Decoded { text: Cow::Borrowed(text), shift: Some(shift), fault: None }),
        Err(_) if declares_latin1(body) => {
            let text = body.iter().map(|&byte| char::from(byte)).collect();
            Ok(Decoded { text: Cow::Owned(text), shift: None, fault: None })
        }
        Err(error) => {
            let start = error.valid_up_to();
            if body.contains(&0) {
                return Err(Problem::error("not-an-sbom", "this is not text, so it is no bill of materials")
                    .at(Place::Offset { file: name.to_owned(), offset: start as u64 + shift })
                    .hint(crate::detect::KNOWN));
            }
            let replaced = body.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count() as u64;
            let text = String::from_utf8_lossy(body).into_owned();
            Ok(Decoded { text: Cow::Owned(text), shift: None, fault: Some(Fault::Bytes(replaced)) })
        }
    }
}

/// Files that people take for a bill of materials, and what to do with them.
fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it and give the document inside";
    Some(match bytes {
        [b'P', b'K', 3, 4, ..] => {
            ("a ZIP archive or spreadsheet", "unpack it, or export the SPDX spreadsheet as JSON or tag-value")
        }
        [0x1f, 0x8b, ..] => ("compressed with gzip", UNPACK),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => ("compressed with xz", UNPACK),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ("compressed with zstd", UNPACK),
        [b'B', b'Z', b'h', ..] => ("compressed with bzip2", UNPACK),
        [b'%', b'P', b'D', b'F', ..] => ("a PDF document", "ask for the document as CycloneDX or SPDX"),
        [0x7f, b'E', b'L', b'F', ..] => ("a program", "make a bill of materials of it first"),
        _ => return None,
    })
}

fn from_utf16(bytes: &[u8], big: bool) -> (String, u64) {
    let pairs = bytes.chunks(2).map(|pair| match *pair {
        [a, b] if big => u16::from_be_bytes([a, b]),
        [a, b] => u16::from_le_bytes([a, b]),
        // Half a unit at the end is broken: a lone surrogate stands for it.
        _ => 0xd800,
    });
    let mut replaced = 0;
    let mut text = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(pairs) {
        text.push(c.unwrap_or_else(|_| {
            replaced += 1;
            char::REPLACEMENT_CHARACTER
        }));
    }
    (text, replaced)
}

/// Whether an XML declaration says ISO 8859-1, the one other encoding that can be told apart from broken UTF-8.
fn declares_latin1(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(200)).unwrap_or_default();
    let Some(end) = memchr::memmem::find(head, b"?>").filter(|_| head.starts_with(b"<?xml")) else { return false };
    let declaration = head[..end].to_ascii_lowercase();
    memchr::memmem::find(&declaration, b"iso-8859-1").is_some()
        || memchr::memmem::find(&declaration, b"latin1").is_some()
}

/// Line and column, both from 1, of the byte at `offset`, the column in characters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    // Counting the bytes that begin a character works in the midst of one, too.
    let column = before[start..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count() + 1;
    (line, column)
}

/// Counts lines along a text, from places that mostly come in order.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, counted: 0, line: 1 }
    }

    /// The line of the byte at `offset`. An offset before the last one gets the last one's line: counting anew for each of many
    /// would take time squared.
    pub(crate) fn at(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.text.as_bytes().get(self.counted..offset) {
            let lines = memchr::memchr_iter(b'\n', between).count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.counted = offset;
        }
        self.line
    }

    /// Where `part`, a slice of the text, begins; none where it is no slice of it.
    pub(crate) fn offset_of(&self, part: &str) -> Option<usize> {
        (part.as_ptr() as usize)
            .checked_sub(self.text.as_ptr() as usize)
            .filter(|&at| at + part.len() <= self.text.len())
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        for unit in mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()) {
            bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        bytes
    }

    #[test]
    fn utf16_is_decoded_with_and_without_mark() {
        for (big, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            let bytes = utf16("{\"é\": 1}", big, mark);
            let decoded = decode(&bytes, "a").unwrap();
            assert_eq!(decoded.text, "{\"é\": 1}");
            assert_eq!(decoded.fault, Some(Fault::Encoding("UTF-16")));
            assert!(decode(&utf16("<a/>", big, mark), "a").unwrap().fault.is_none());
        }
        let mut broken = utf16("{}", false, true);
        broken.push(0);
        assert_eq!(decode(&broken, "a").unwrap().fault, Some(Fault::Bytes(1)));
    }

    #[test]
    fn a_mark_shifts_offsets() {
        assert_eq!(decode(b"\xef\xbb\xbf{}", "a").unwrap().shift, Some(3));
        assert_eq!(decode(b"{}", "a").unwrap().shift, Some(0));
    }

    #[test]
    fn other_encodings() {
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "a").unwrap().text.matches('é').count(),
            1
        );
        assert_eq!(decode(b"SPDXVersion: \x93a\x94", "a").unwrap().fault, Some(Fault::Bytes(2)));
    }

    #[test]
    fn what_is_no_text_is_refused_with_a_hint() {
        for bytes in [&b"PK\x03\x04"[..], b"\x1f\x8b\x08", b"%PDF-1.4", b"", b" \n", b"\xff\xff\x80\0\0"] {
            let problem = decode(bytes, "a").unwrap_err();
            assert_eq!(problem.code, "not-an-sbom");
            assert!(problem.hint.is_some());
        }
    }

    #[test]
    fn lines_and_columns() {
        assert_eq!(position("a\nbé c", 6), (2, 4));
        let text = "a\nb\nc";
        let mut lines = Lines::new(text);
        assert_eq!((lines.at(0), lines.at(2), lines.at(4)), (1, 2, 3));
        assert_eq!(lines.offset_of(&text[2..]), Some(2));
        assert_eq!(lines.offset_of("elsewhere"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, "a");
        }
    }
}
