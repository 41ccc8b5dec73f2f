//! Debian's order, and opkg's.
//!
//! Source: deb-version(7) and section 5.6.12 of the Debian Policy Manual. opkg documents its version field as Debian's and orders it so.

use std::cmp::Ordering;

use super::digits;

/// `[epoch:]upstream[-revision]`.
#[derive(Debug, Clone)]
pub(super) struct Version<'a> {
    epoch: &'a str,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (digits::all(epoch).then_some(epoch)?, rest),
            None => ("", text),
        };
        // "The absence of a debian_revision is equivalent to a debian_revision of 0."; an empty one dpkg refuses.
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
        let allowed =
            |more: &'static [u8]| move |b: u8| b.is_ascii_alphanumeric() || b"+.~".contains(&b) || more.contains(&b);
        (upstream.contains(|c: char| c.is_ascii_digit())
            && upstream.bytes().all(allowed(b"-:"))
            && !revision.is_empty()
            && revision.bytes().all(allowed(b"")))
        .then_some(Self { epoch, upstream, revision })
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| compare_part(self.upstream, other.upstream))
            .then_with(|| compare_part(self.revision, other.revision))
    }
}

/// Compares one part of two versions: runs of digits as numbers, everything else by character with letters before punctuation and `~` before
/// everything, the end of the string included.
pub(super) fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    let text = |b: u8| !b.is_ascii_digit();
    loop {
        let (text_a, rest_a) = digits::split_while(a, text);
        let (text_b, rest_b) = digits::split_while(b, text);
        let (number_a, rest_a) = digits::split(rest_a);
        let (number_b, rest_b) = digits::split(rest_b);
        let order = compare_text(text_a, text_b).then_with(|| digits::compare(number_a, number_b));
        if order != Ordering::Equal || (rest_a.is_empty() && rest_b.is_empty()) {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

fn compare_text(a: &str, b: &str) -> Ordering {
    // The end of the text sorts after `~` and before everything else.
    let weight = |b: Option<u8>| match b {
        Some(b'~') => (0, b'~'),
        None => (1, 0),
        Some(b) if b.is_ascii_alphabetic() => (2, b),
        Some(b) => (3, b),
    };
    let (mut a, mut b) = (a.bytes(), b.bytes());
    loop {
        let (x, y) = (a.next(), b.next());
        let order = weight(x).cmp(&weight(y));
        if order != Ordering::Equal || x.is_none() {
            return order;
        }
    }
}
