//! RPM's order, of Red Hat, `AlmaLinux`, Rocky Linux, SUSE, openSUSE, Mageia, Azure Linux, openEuler, Photon OS.
//!
//! Source: rpm-version(7), sections "Version comparison" and "Epoch"; checked against the table that RPM ships with its tests.

use std::cmp::Ordering;

use super::digits;

/// `[epoch:]version[-release]`.
#[derive(Debug, Clone)]
pub(super) struct Version<'a> {
    epoch: &'a str,
    upstream: &'a str,
    release: Option<&'a str>,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        // An epoch is a number; a colon after anything else is a character like another.
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if digits::all(epoch) => (epoch, rest),
            _ => ("", text),
        };
        let (upstream, release) = rest.rsplit_once('-').map_or((rest, None), |(v, r)| (v, Some(r)));
        // RPM would order `unknown` and `latest`, too; but those name no version.
        upstream.contains(|c: char| c.is_ascii_digit()).then_some(Self { epoch, upstream, release })
    }

    /// None where only a release tells two versions apart and one of them names none: RPM itself takes such a pair for equal, other tools for
    /// ordered, and an advisory's `fixed` is a release of the very version that stands without one.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        let order = digits::compare(self.epoch, other.epoch).then_with(|| compare_part(self.upstream, other.upstream));
        match (order, self.release, other.release) {
            (Ordering::Equal, Some(a), Some(b)) => Some(compare_part(a, b)),
            (Ordering::Equal, Some(_), None) | (Ordering::Equal, None, Some(_)) => None,
            (order, ..) => Some(order),
        }
    }
}

/// Compares one part: segments of digits or letters, whatever else stands between them only separates; a number is newer than a word; `~`
/// sorts before everything, `^` after the end and before everything else.
fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    let separator = |c: char| !c.is_ascii_alphanumeric() && c != '~' && c != '^';
    loop {
        (a, b) = (a.trim_start_matches(separator), b.trim_start_matches(separator));
        match (a.strip_prefix('~'), b.strip_prefix('~')) {
            (Some(rest_a), Some(rest_b)) => {
                (a, b) = (rest_a, rest_b);
                continue;
            }
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        match (a.strip_prefix('^'), b.strip_prefix('^')) {
            (Some(rest_a), Some(rest_b)) => {
                (a, b) = (rest_a, rest_b);
                continue;
            }
            (Some(_), None) => return if b.is_empty() { Ordering::Greater } else { Ordering::Less },
            (None, Some(_)) => return if a.is_empty() { Ordering::Less } else { Ordering::Greater },
            (None, None) => {}
        }
        if a.is_empty() || b.is_empty() {
            return b.is_empty().cmp(&a.is_empty());
        }
        let (digits_a, digits_b) = (starts_with_digit(a), starts_with_digit(b));
        if digits_a != digits_b {
            return digits_a.cmp(&digits_b);
        }
        let order = if digits_a {
            let ((x, rest_a), (y, rest_b)) = (digits::split(a), digits::split(b));
            (a, b) = (rest_a, rest_b);
            digits::compare(x, y)
        } else {
            let letter = |b: u8| b.is_ascii_alphabetic();
            let ((x, rest_a), (y, rest_b)) = (digits::split_while(a, letter), digits::split_while(b, letter));
            (a, b) = (rest_a, rest_b);
            x.cmp(y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
