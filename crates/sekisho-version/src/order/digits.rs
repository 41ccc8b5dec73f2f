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
    split_while(text, |c| c.is_ascii_digit())
}

/// Splits off the leading run of the characters that `wanted` names.
pub(super) fn split_while(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !wanted(c)).unwrap_or(text.len()))
}
