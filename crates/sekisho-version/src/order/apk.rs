//! Alpine's order, of Wolfi, Chainguard, Alpaquita and everything else that apk installs.
//!
//! Source: apk-package(5), "Package version": `number{.number}…{letter}{_suffix{number}}…{~hash}{-r#}`, and the order that it gives to the
//! suffixes; checked against the table that apk-tools ships with its tests. What that grammar does not hold has no order here, though apk
//! compares it somehow: it differs between its versions.

use std::cmp::Ordering;

use super::digits;

/// Suffixes in their order; those before [`RELEASE`] stand for versions before the one that they follow.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
/// Where in [`SUFFIXES`] a version without a suffix stands: after `rc`, before `cvs`.
const RELEASE: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Version<'a> {
    /// `1.2.3`.
    numbers: &'a str,
    letter: Option<char>,
    /// `_rc1_p2`.
    suffixes: &'a str,
    /// Of a commit, in hexadecimal.
    hash: Option<&'a str>,
    /// The number after `-r`.
    release: Option<&'a str>,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (text, release) = match text.split_once("-r") {
            Some((before, release)) => (before, Some(digits::all(release).then_some(release)?)),
            None => (text, None),
        };
        let (text, hash) = match text.split_once('~') {
            Some((before, hash)) => {
                let hexadecimal = !hash.is_empty() && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                (before, Some(hexadecimal.then_some(hash)?))
            }
            None => (text, None),
        };
        let (text, suffixes) = text.split_at(text.find('_').unwrap_or(text.len()));
        for suffix in suffixes.split('_').skip(1) {
            suffix_rank(suffix)?;
        }
        let letter = text.chars().next_back().filter(char::is_ascii_lowercase);
        let numbers = letter.and_then(|letter| text.strip_suffix(letter)).unwrap_or(text);
        numbers.split('.').all(digits::all).then_some(Self { numbers, letter, suffixes, hash, release })
    }

    /// None where only a commit's hash tells two versions apart and one of them names none: their order is not documented.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        let order = compare_numbers(self.numbers, other.numbers)
            .then(self.letter.cmp(&other.letter))
            .then_with(|| compare_suffixes(self.suffixes, other.suffixes));
        if order == Ordering::Equal && self.hash.is_some() != other.hash.is_some() {
            return None;
        }
        let release = || match (self.release, other.release) {
            (Some(a), Some(b)) => digits::compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        Some(order.then_with(|| self.hash.cmp(&other.hash)).then_with(release))
    }
}

/// Numbers after the first are compared like decimal fractions where one of them starts with zero: 1.06 is older than 1.1.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    let mut first = true;
    loop {
        let order = match (a.next(), b.next()) {
            (Some(x), Some(y)) if !first && (x.starts_with('0') || y.starts_with('0')) => x.cmp(y),
            (Some(x), Some(y)) => digits::compare(x, y),
            (None, None) => return Ordering::Equal,
            (x, y) => x.is_some().cmp(&y.is_some()),
        };
        if order != Ordering::Equal {
            return order;
        }
        first = false;
    }
}

fn compare_suffixes(a: &str, b: &str) -> Ordering {
    let mut a = a.split('_').skip(1).filter_map(suffix_rank);
    let mut b = b.split('_').skip(1).filter_map(suffix_rank);
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let ((rank_x, number_x), (rank_y, number_y)) = (x.unwrap_or((RELEASE * 2, "")), y.unwrap_or((RELEASE * 2, "")));
        let order = rank_x.cmp(&rank_y).then_with(|| digits::compare(number_x, number_y));
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The place of a suffix such as `rc1`, on a scale with room for "no suffix" in between, and its number.
fn suffix_rank(suffix: &str) -> Option<(usize, &str)> {
    let (word, number) = digits::split_while(suffix, |b| !b.is_ascii_digit());
    let place = SUFFIXES.iter().position(|known| *known == word)?;
    (number.is_empty() || digits::all(number)).then_some((place * 2 + usize::from(place >= RELEASE), number))
}
