//! Versions that are numbers and nothing else: Hackage, CRAN, Bioconductor.
//!
//! Sources: <https://pvp.haskell.org/> ("ordered lexicographically by their components") and R's `package_version`
//! (<https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html>), which takes a hyphen like a dot.

use std::cmp::Ordering;

use super::digits;

#[derive(Debug, Clone)]
pub(super) struct Version<'a>(&'a str);

const SEPARATORS: [char; 2] = ['.', '-'];

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        text.split(SEPARATORS).all(digits::all).then_some(Self(text))
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.0.split(SEPARATORS), other.0.split(SEPARATORS));
        loop {
            let order = match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (Some(x), Some(y)) => digits::compare(x, y),
                (x, y) => x.is_some().cmp(&y.is_some()),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
    }
}
