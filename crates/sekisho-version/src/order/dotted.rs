//! The order of versions that no package manager defines: what CPE names and the NVD's ranges hold, the Linux kernel, OpenSSL, U-Boot, BusyBox.
//!
//! Sources: the releases of those projects. Numbers by value, missing ones zero (`6.1` is `6.1.0`, as the NVD writes the kernel's); letters
//! after a number count on (OpenSSL's `1.0.2`, `1.0.2a` … `1.0.2z`, `1.0.2za`, OpenSSH's `6.6p1`);
//! `rc`, `beta` and the like stand before the release (`6.1-rc3`, `2023.01-rc4`). What follows after that, a vendor's or a packager's
//! addition (`5.10.0-21-amd64`), has no order: where it alone would decide, there is no answer.

use std::cmp::Ordering;

use super::digits;

/// Words for what comes before a release, each with its stage where it has one: only those with a stage have an order among each other.
const EARLY: [(&str, Option<u8>); 8] = [
    ("alpha", Some(0)),
    ("beta", Some(1)),
    ("cr", Some(2)),
    ("rc", Some(2)),
    ("dev", None),
    ("pre", None),
    ("preview", None),
    ("snapshot", None),
];
/// The longest run of letters that counts on: OpenSSL had one and two.
const LETTERS: usize = 2;

#[derive(Debug, Clone)]
pub(super) struct Version<'a> {
    components: Vec<Component<'a>>,
    /// A pre-release: the word's place in [`EARLY`] and its number.
    early: Option<(usize, &'a str)>,
    /// What has no order.
    rest: &'a str,
}

#[derive(Debug, Clone, Copy)]
struct Component<'a> {
    number: &'a str,
    letters: &'a str,
    /// After the letters, as in `6.6p1`.
    count: &'a str,
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut components = Vec::new();
        let mut early = None;
        loop {
            let (number, after) = digits::split(rest);
            if number.is_empty() {
                break;
            }
            let (word, after_word) = digits::split_while(after, |b| b.is_ascii_alphabetic());
            let (count, after_count) = digits::split(after_word);
            if let Some(place) = early_word(word) {
                components.push(Component { number, letters: "", count: "" });
                early = Some((place, count));
                rest = after_count;
                break;
            }
            let counts_on = !word.is_empty() && word.len() <= LETTERS && word.bytes().all(|b| b.is_ascii_lowercase());
            // Of letters with a number only these are known for patches of a release; `b2` may as well be a beta.
            let numbered = matches!(word, "p" | "pl");
            components.push(Component {
                number,
                letters: if counts_on { word } else { "" },
                count: if numbered { count } else { "" },
            });
            rest = match (counts_on, numbered) {
                (true, true) => after_count,
                (true, false) => after_word,
                (false, _) => after,
            };
            match rest.strip_prefix(['.', '_']) {
                Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        if components.is_empty() {
            return None;
        }
        if early.is_none() {
            let (word, after) =
                digits::split_while(rest.trim_start_matches(['-', '.', '_', '~']), |b| b.is_ascii_alphabetic());
            if let Some(place) = early_word(word) {
                let (number, after_number) = digits::split(after.strip_prefix(['-', '.', '_']).unwrap_or(after));
                early = Some((place, number));
                rest = after_number;
            }
        }
        // Letters that run on without a sign of their own (`2.4.18smp`) may be anybody's addition or a count like OpenSSL's.
        (!rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && !is_placeholder(rest)).then_some(Self {
            components,
            early,
            rest,
        })
    }

    /// None where the two are of one release and what has no order tells them apart: it can stand for more or for less than the release.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self.compare_release(other), self.early, other.early) {
            (Ordering::Equal, ..) if self.rest != other.rest => None,
            (Ordering::Equal, Some((a, x)), Some((b, y))) => {
                Some(compare_early(a, b)?.then_with(|| digits::compare(x, y)))
            }
            (Ordering::Equal, a, b) => Some(a.is_none().cmp(&b.is_none())),
            (order, ..) => Some(order),
        }
    }

    /// Whether the two are the same release, or on the way to the same, or a vendor's of the same.
    pub(super) fn same_release(&self, other: &Self) -> bool {
        self.compare_release(other) == Ordering::Equal
    }

    /// Whether it is neither on the way to a release nor a vendor's of one.
    pub(super) fn is_plain(&self) -> bool {
        self.early.is_none() && self.rest.is_empty()
    }

    /// Whether it is on the way to a release.
    pub(super) fn is_pre_release(&self) -> bool {
        self.early.is_some() && self.rest.is_empty()
    }

    fn compare_release(&self, other: &Self) -> Ordering {
        let longest = self.components.len().max(other.components.len());
        let component = |version: &Self, index: usize| {
            version.components.get(index).copied().unwrap_or(Component { number: "", letters: "", count: "" })
        };
        (0..longest)
            .map(|index| {
                let (a, b) = (component(self, index), component(other, index));
                digits::compare(a.number, b.number)
                    .then_with(|| a.letters.cmp(b.letters))
                    .then_with(|| digits::compare(a.count, b.count))
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }
}

/// Whether what follows the numbers stands for any number: `1.0.x` and `4.14.*` are series, and can be before or after any version of theirs.
fn is_placeholder(rest: &str) -> bool {
    rest.strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(['x', 'X', '*']))
        .is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn early_word(word: &str) -> Option<usize> {
    EARLY.iter().position(|(name, _)| word.eq_ignore_ascii_case(name))
}

/// Compares two words by their places in [`EARLY`].
fn compare_early(a: usize, b: usize) -> Option<Ordering> {
    let stage = |place: usize| EARLY.get(place).and_then(|(_, stage)| *stage);
    if a == b { Some(Ordering::Equal) } else { Some(stage(a)?.cmp(&stage(b)?)) }
}
