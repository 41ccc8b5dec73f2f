//! Comparing versions without knowing their ecosystem.

use std::cmp::Ordering;

use super::{digits, dpkg};

/// Compares two versions by the order that Debian's policy manual (5.6.12) gives for one part of a version: runs of digits as numbers,
/// everything else by character with letters before punctuation and `~` before everything, the end of the string included.
/// An epoch (`1:`) counts first. The order is total and fits every dotted version in practice; where the ecosystem is known, its
/// [own order](super::Order) is the one to ask.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (epoch_a, a) = split_epoch(a);
    let (epoch_b, b) = split_epoch(b);
    digits::compare(epoch_a, epoch_b).then_with(|| dpkg::compare_part(a, b))
}

/// The upstream part of a packaged version: without epoch, without the distribution's revision.
/// `2:1.1.1n-0+deb11u5` is `1.1.1n`, `2019.78-2` is `2019.78`, `1.2.11-r3` is `1.2.11`.
pub fn upstream(version: &str) -> &str {
    let (_, rest) = split_epoch(version);
    let rest = rest.rsplit_once('-').map_or(rest, |(upstream, _)| upstream);
    // Debian goes back to an older release under a newer number: `2.12.7+dfsg+really2.9.14` is 2.9.14.
    let rest = rest.split_once("+really").map_or(rest, |(_, really)| really);
    rest.split_once("+dfsg").map_or(rest, |(upstream, _)| upstream)
}

fn split_epoch(version: &str) -> (&str, &str) {
    match version.split_once(':') {
        Some((epoch, rest)) if digits::all(epoch) => (epoch, rest),
        _ => ("", version),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_pairs() {
        for (lower, higher) in [
            ("1.0", "1.1"),
            ("1.9", "1.10"),
            ("1.0~rc1", "1.0"),
            ("2019.78", "2020.81"),
            ("1.1.1g", "1.1.1w"),
            ("0.9.8g", "1.0.2f"),
            ("9.9", "1:0.1"),
            ("1.0", "1.0a"),
        ] {
            assert_eq!(compare(lower, higher), Ordering::Less, "{lower} < {higher}");
            assert_eq!(compare(higher, lower), Ordering::Greater, "{higher} > {lower}");
        }
        assert_eq!(compare("1.01", "1.1"), Ordering::Equal);
    }

    #[test]
    fn the_upstream_part() {
        for (packaged, expected) in [
            ("2.12.7+dfsg+really2.9.14-2.1", "2.9.14"),
            ("2:1.1.1n-0+deb11u5", "1.1.1n"),
            ("2019.78-2", "2019.78"),
            ("1.2.11-r3", "1.2.11"),
            ("1.30.1", "1.30.1"),
            ("1:1.2.13.dfsg-1", "1.2.13.dfsg"),
        ] {
            assert_eq!(upstream(packaged), expected);
        }
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[0-9a-z.~:+-]{0,12}", b in "[0-9a-z.~:+-]{0,12}", c in "[0-9a-z.~:+-]{0,12}") {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &a), Ordering::Equal);
            if compare(&a, &b) != Ordering::Greater && compare(&b, &c) != Ordering::Greater {
                prop_assert_ne!(compare(&a, &c), Ordering::Greater);
            }
        }

        #[test]
        fn no_input_panics(a in ".*", b in ".*") {
            let _ = compare(&a, &b);
            let _ = upstream(&a);
        }
    }
}
