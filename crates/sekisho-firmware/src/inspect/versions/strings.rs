//! Strings in programs, as `strings` sees them.

use std::borrow::Cow;
use std::ops::Range;

/// Longest string looked at: no banner is longer.
const MAX_STRING: usize = 512;

/// A printable character of a string.
fn printable(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) || byte == b'\t'
}

/// The printable run around `hit`, cut to [`MAX_STRING`] on either side.
pub(super) fn around(bytes: &[u8], hit: Range<usize>) -> Range<usize> {
    let end = hit.end.min(bytes.len());
    let start = hit.start.min(end);
    let low = start.saturating_sub(MAX_STRING);
    let high = end.saturating_add(MAX_STRING).min(bytes.len());
    let before = bytes.get(low..start).unwrap_or_default();
    let after = bytes.get(end..high).unwrap_or_default();
    let from = before.iter().rposition(|&b| !printable(b)).map_or(low, |i| low + i + 1);
    let to = after.iter().position(|&b| !printable(b)).map_or(high, |i| end + i);
    from..to
}

/// The bytes of a range; none where it does not lie in `bytes`.
pub(super) fn slice<'a>(bytes: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    bytes.get(range.clone()).unwrap_or_default()
}

/// The same as text.
pub(super) fn text<'a>(bytes: &'a [u8], range: &Range<usize>) -> Cow<'a, str> {
    String::from_utf8_lossy(slice(bytes, range))
}

/// The strings just before and just after `string`.
pub(super) fn neighbours(bytes: &[u8], string: &Range<usize>) -> [Option<Range<usize>>; 2] {
    // Strings are aligned to four or eight bytes at most.
    const GAP: usize = 8;
    let is_printable = |at: usize| bytes.get(at).copied().is_some_and(printable);
    let before = (1..=GAP)
        .map_while(|i| string.start.checked_sub(i))
        .find(|&at| is_printable(at))
        .map(|at| around(bytes, at..at + 1));
    let after = (0..GAP)
        .map_while(|i| string.end.checked_add(i))
        .take_while(|&at| at < bytes.len())
        .find(|&at| is_printable(at))
        .map(|at| around(bytes, at..at + 1));
    [before, after]
}

/// The strings of a file that end with a NUL or a line break and begin behind one; or behind another byte that is not printable, if
/// they are longer than what code happens to look like.
pub(super) fn terminated(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    const NO_CHANCE: usize = 5;
    let mut from = 0;
    memchr::memchr2_iter(0, b'\n', bytes).chain(std::iter::once(bytes.len())).filter_map(move |end| {
        let begin = from;
        from = end.saturating_add(1);
        let chunk = slice(bytes, &(begin..end));
        let start = chunk.iter().rposition(|&b| !printable(b)).map_or(begin, |i| begin + i + 1);
        let len = end.saturating_sub(start);
        (len > 0 && len <= MAX_STRING && (start == begin || len >= NO_CHANCE)).then_some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_has_neighbours() {
        let bytes = b"one\0\0two\0three\x01\x02";
        let two = around(bytes, 6..7);
        assert_eq!(text(bytes, &two), "two");
        let [before, after] = neighbours(bytes, &two);
        assert_eq!((text(bytes, &before.unwrap()), text(bytes, &after.unwrap())), ("one".into(), "three".into()));
        assert_eq!(neighbours(bytes, &(0..bytes.len())), [None, None]);
        let all: Vec<_> = terminated(bytes).map(|r| text(bytes, &r).into_owned()).collect();
        assert_eq!(all, ["one", "two"]);
        let all: Vec<_> = terminated(b"\x88\x991.2\0\x88\x991.2.3\0").map(|r| r.len()).collect();
        assert_eq!(all, [5], "three bytes are printable by chance too often");
    }

    #[test]
    fn ranges_outside_are_empty() {
        assert_eq!(around(b"abc", 9..12), 0..3);
        assert!(slice(b"abc", &(5..7)).is_empty());
    }
}
