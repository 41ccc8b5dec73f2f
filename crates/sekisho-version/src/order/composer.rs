//! Composer's order, of Packagist.
//!
//! Sources: <https://getcomposer.org/doc/articles/versions.md> and <https://getcomposer.org/doc/04-schema.md#version> for what a version is
//! (`1.0` and `1.0.0.0` are the same), PHP's manual on `version_compare` for the order of the stabilities. A branch (`dev-main`) has no order.

use std::cmp::Ordering;

use super::digits;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version<'a> {
    numbers: Vec<&'a str>,
    stability: Stability,
    /// The numbers after the stability.
    level: Vec<&'a str>,
    /// Whether `-dev` stands at the end: the way to this version.
    development: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stability {
    Development,
    Alpha,
    Beta,
    Candidate,
    Stable,
    Patch,
}

/// The words, the longer of those with a common start first.
const STABILITIES: [(&str, Stability); 9] = [
    ("stable", Stability::Stable),
    ("alpha", Stability::Alpha),
    ("beta", Stability::Beta),
    ("patch", Stability::Patch),
    ("pl", Stability::Patch),
    ("rc", Stability::Candidate),
    ("a", Stability::Alpha),
    ("b", Stability::Beta),
    ("p", Stability::Patch),
];

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut numbers = Vec::new();
        let (mut number, mut rest) = digits::split(text);
        while digits::all(number) {
            numbers.push(number);
            match rest.strip_prefix('.').map(digits::split) {
                Some((next, after)) if digits::all(next) => (number, rest) = (next, after),
                _ => break,
            }
        }
        if numbers.is_empty() || numbers.len() > 4 {
            return None;
        }
        let mut stability = Stability::Stable;
        let mut level = Vec::new();
        let (mut development, label) = match strip_suffix_ignoring_case(rest, "dev") {
            Some(before) => (true, before.strip_suffix(['.', '-']).unwrap_or(before)),
            None => (false, rest),
        };
        let word = label.strip_prefix(['.', '-', '_']).unwrap_or(label);
        if !word.is_empty() {
            let (found, mut rest) = STABILITIES.iter().find_map(|(name, stability)| {
                let (head, rest) = word.split_at_checked(name.len())?;
                head.eq_ignore_ascii_case(name).then_some((*stability, rest))
            })?;
            while !rest.is_empty() {
                let (number, after) = digits::split(rest.strip_prefix(['.', '-']).unwrap_or(rest));
                level.push(digits::all(number).then_some(number)?);
                rest = after;
            }
            stability = found;
        } else if development {
            stability = Stability::Development;
        }
        if stability == Stability::Stable {
            // Said in words or not, Composer takes nothing after it into account.
            level.clear();
            development = false;
        }
        Some(Self { numbers, stability, level, development })
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (0..4)
            .map(|index| {
                let number = |version: &Self| version.numbers.get(index).copied().unwrap_or("");
                digits::compare(number(self), number(other))
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
            .then(self.stability.cmp(&other.stability))
            .then_with(|| self.compare_levels(other))
            .then(other.development.cmp(&self.development))
    }

    fn compare_levels(&self, other: &Self) -> Ordering {
        self.level
            .iter()
            .zip(&other.level)
            .map(|(a, b)| digits::compare(a, b))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or_else(|| self.level.len().cmp(&other.level.len()))
    }
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(head)
}
