//! `RubyGems`' order.
//!
//! Source: <https://docs.ruby-lang.org/en/master/Gem/Version.html>.

use std::cmp::Ordering;

use super::digits;

/// How the names of platforms start that stand after the version in the names of gem files, and so in bills of materials: `1.15.0-java`.
/// They are no part of the version, and read as one they would make it a pre-release.
const PLATFORMS: [&str; 12] =
    ["aarch64", "arm", "darwin", "java", "jruby", "linux", "mingw", "mswin", "ruby", "universal", "x64", "x86"];

/// The segments: numbers and words, without the zeros at the end of the numbers before the first word and of the whole.
#[derive(Debug, Clone)]
pub(super) struct Version<'a>(Vec<&'a str>);

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (release, label) = text.split_once('-').map_or((text, None), |(release, label)| (release, Some(label)));
        let part = |part: &str, more: &[u8]| {
            part.split('.').all(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b)))
        };
        let platform = |label: &str| PLATFORMS.iter().any(|platform| label.starts_with(platform));
        if !digits::all(text.split(['.', '-']).next().unwrap_or(""))
            || !part(release, b"")
            || label.is_some_and(|label| platform(label) || !part(label, b"-"))
        {
            return None;
        }
        let mut segments = Vec::new();
        push_segments(release, &mut segments);
        for label in label.into_iter().flat_map(|label| label.split('-')) {
            // Every hyphen stands for `.pre.`.
            segments.push("pre");
            push_segments(label, &mut segments);
        }
        let words = segments.iter().position(|segment| !digits::all(segment)).unwrap_or(segments.len());
        let tail = segments.split_off(words);
        trim_zeros(&mut segments);
        segments.extend(tail);
        trim_zeros(&mut segments);
        Some(Self(segments))
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let longest = self.0.len().max(other.0.len());
        let segment = |version: &Self, index: usize| version.0.get(index).copied().unwrap_or("0");
        (0..longest)
            .map(|index| {
                let (a, b) = (segment(self, index), segment(other, index));
                match (digits::all(a), digits::all(b)) {
                    (true, true) => digits::compare(a, b),
                    (false, false) => a.cmp(b),
                    // Words sort before numbers.
                    (a, b) => a.cmp(&b),
                }
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }
}

/// Runs of digits and runs of letters.
fn push_segments<'a>(mut text: &'a str, segments: &mut Vec<&'a str>) {
    while !text.is_empty() {
        text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let (segment, rest) = match digits::split(text) {
            ("", _) => digits::split_while(text, |b| b.is_ascii_alphabetic()),
            found => found,
        };
        if !segment.is_empty() {
            segments.push(segment);
        }
        text = rest;
    }
}

fn trim_zeros(segments: &mut Vec<&str>) {
    while segments.last().is_some_and(|segment| segment.bytes().all(|b| b == b'0')) {
        segments.pop();
    }
}
