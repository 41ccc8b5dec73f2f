//! Sets of pages: what chapters cost, with pages that they share counted once.

/// A set of page numbers, as ranges that neither touch nor overlap, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages(Vec<(u64, u64)>);

impl Pages {
    /// The pages from `first` to `last`, both included; none where `last` comes before `first`.
    pub fn range(first: u64, last: u64) -> Self {
        if last < first { Self::default() } else { Self(vec![(first, last)]) }
    }

    /// The pages that a table of contents gives: `05-12`, `4`, `12, 14–16`. None where it is not of this form or a range runs backwards.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse::<u32>().ok().map(u64::from);
        let mut all = Self::default();
        for piece in text.split([',', '、']) {
            let (first, last) = match piece.split_once(['-', '–', '—', '~', '～']) {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(piece)?, number(piece)?),
            };
            if last < first {
                return None;
            }
            all = all.union(&Self::range(first, last));
        }
        Some(all)
    }

    /// How many pages.
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum: u64, (first, last)| sum.saturating_add((last - first).saturating_add(1)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lowest number.
    pub fn first(&self) -> Option<u64> {
        self.0.first().map(|(first, _)| *first)
    }

    /// The highest number.
    pub fn last(&self) -> Option<u64> {
        self.0.last().map(|(_, last)| *last)
    }

    /// The pages of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut ranges: Vec<(u64, u64)> = self.0.iter().chain(&other.0).copied().collect();
        ranges.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The pages of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(first, last) in &self.0 {
            let mut from = first;
            let mut open = true;
            for &(cut, end) in other.0.iter().filter(|(cut, end)| *end >= first && *cut <= last) {
                if cut > from {
                    left.push((from, cut - 1));
                }
                match end.checked_add(1) {
                    Some(next) if next <= last => from = next,
                    _ => open = false,
                }
            }
            if open {
                left.push((from, last));
            }
        }
        Self(left)
    }

    /// Whether all pages of the other are in this set.
    pub fn holds(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    /// The numbers as people write them: `5-12, 14`.
    pub fn text(&self) -> String {
        let range =
            |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
        self.0.iter().map(range).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_tables_of_contents_say() {
        assert_eq!(Pages::parse("05-12"), Some(Pages::range(5, 12)));
        assert_eq!(Pages::parse("4"), Some(Pages::range(4, 4)));
        assert_eq!(Pages::parse("12, 14–16").map(|p| (p.count(), p.text())), Some((4, "12, 14-16".to_owned())));
        for bad in ["", "xi-xv", "12-5", "-", "3-", "1-99999999999"] {
            assert_eq!(Pages::parse(bad), None, "{bad}");
        }
    }

    fn of(numbers: &BTreeSet<u64>) -> Pages {
        numbers.iter().fold(Pages::default(), |all, &page| all.union(&Pages::range(page, page)))
    }

    proptest! {
        #[test]
        fn they_are_sets(a in prop::collection::btree_set(0u64..30, 0..20), b in prop::collection::btree_set(0u64..30, 0..20)) {
            let (x, y) = (of(&a), of(&b));
            prop_assert_eq!(x.count(), a.len() as u64);
            prop_assert_eq!(x.union(&y), of(&(&a | &b)));
            prop_assert_eq!(x.minus(&y), of(&(&a - &b)));
            prop_assert_eq!(x.holds(&y), b.is_subset(&a));
            if !a.is_empty() {
                prop_assert_eq!(Pages::parse(&x.text()), Some(x));
            }
        }

        #[test]
        fn no_text_panics(text in "[-–0-9, a-z～、]{0,24}") {
            if let Some(pages) = Pages::parse(&text) {
                prop_assert!(pages.count() > 0);
            }
        }
    }
}
