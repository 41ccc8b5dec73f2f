//! `NuGet`'s order: semantic versions with a fourth number, one to four of them given, and labels without regard to case.
//!
//! Source: <https://learn.microsoft.com/en-us/nuget/concepts/package-versioning>.

use std::cmp::Ordering;

use super::digits;

#[derive(Debug, Clone)]
pub(super) struct Version<'a> {
    /// `1.2.3.4`.
    numbers: &'a str,
    /// `beta.1`.
    label: Option<&'a str>,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = text.split_once('+').map_or((text, None), |(text, metadata)| (text, Some(metadata)));
        let (numbers, label) = text.split_once('-').map_or((text, None), |(numbers, label)| (numbers, Some(label)));
        let identifiers = |part: &str| {
            part.split('.').all(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        };
        (numbers.split('.').all(digits::all)
            && numbers.split('.').count() <= 4
            && label.is_none_or(identifiers)
            && metadata.is_none_or(identifiers))
        .then_some(Self { numbers, label })
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.numbers.split('.'), other.numbers.split('.'));
        for _ in 0..4 {
            let order = digits::compare(a.next().unwrap_or(""), b.next().unwrap_or(""));
            if order != Ordering::Equal {
                return order;
            }
        }
        match (self.label, other.label) {
            (Some(a), Some(b)) => compare_labels(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

fn compare_labels(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(x), Some(y)) => match (digits::all(x), digits::all(y)) {
                (true, true) => digits::compare(x, y),
                (false, false) => {
                    x.bytes().map(|b| b.to_ascii_lowercase()).cmp(y.bytes().map(|b| b.to_ascii_lowercase()))
                }
                // Numbers sort before words.
                (x, y) => y.cmp(&x),
            },
            (x, y) => x.is_some().cmp(&y.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}
