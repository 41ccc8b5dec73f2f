//! Runs of digits as numbers of any size: no version is too large to be compared, and none overflows.

use std::cmp::Ordering;

/// Compares two runs of ASCII digits by value; the empty run is zero.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let a = a.trim_start_matches('0');
    let b = b.trim_start_matches('0');
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Whether `text` is a run of at least one ASCII digit.
pub(super) fn all(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Splits off the leading run of digits, which may be empty.
pub(super) fn split(text: &str) -> (&str, &str) {
    split_while(text, |b| b.is_ascii_digit())
}

/// Splits off the leading run of the bytes that `wanted` names. Of bytes beyond ASCII it must name all or none, so that no character is cut.
pub(super) fn split_while(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let at = text.bytes().position(|b| !wanted(b)).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}
