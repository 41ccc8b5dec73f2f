//! Comparing versions without knowing their ecosystem.

use std::cmp::Ordering;

/// Compares two versions by the order that Debian's policy manual (5.6.12) gives for one part of a version: runs of digits as numbers,
/// everything else by character with letters before punctuation and `~` before everything, the end of the string included.
/// An epoch (`1:`) counts first. The order is total and fits every dotted version in practice.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (epoch_a, a) = split_epoch(a);
    let (epoch_b, b) = split_epoch(b);
    compare_digits(epoch_a, epoch_b).then_with(|| compare_part(a, b))
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
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit()) => (epoch, rest),
        _ => ("", version),
    }
}

fn compare_digits(a: &str, b: &str) -> Ordering {
    let a = a.trim_start_matches('0');
    let b = b.trim_start_matches('0');
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (text_a, rest_a) = split_at_digits(a, false);
        let (text_b, rest_b) = split_at_digits(b, false);
        let (number_a, rest_a) = split_at_digits(rest_a, true);
        let (number_b, rest_b) = split_at_digits(rest_b, true);
        let order = compare_text(text_a, text_b).then_with(|| compare_digits(number_a, number_b));
        if order != Ordering::Equal || (rest_a.is_empty() && rest_b.is_empty()) {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// Splits off the leading run of digits, or of anything but digits.
fn split_at_digits(s: &str, digits: bool) -> (&str, &str) {
    s.split_at(s.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(s.len()))
}

fn compare_text(a: &str, b: &str) -> Ordering {
    // The end of the string sorts after `~` and before everything else.
    let weight = |c: Option<char>| match c {
        Some('~') => (0, '~'),
        None => (1, '\0'),
        Some(c) if c.is_ascii_alphabetic() => (2, c),
        Some(c) => (3, c),
    };
    let (mut a, mut b) = (a.chars(), b.chars());
    loop {
        let (x, y) = (a.next(), b.next());
        let order = weight(x).cmp(&weight(y));
        if order != Ordering::Equal || x.is_none() {
            return order;
        }
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
