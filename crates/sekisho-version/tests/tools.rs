//! The orders against the answers of the ecosystems' own tools (`data/README.md`).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sekisho_version::order::Order;

#[test]
fn the_answers_of_the_ecosystems_own_tools() {
    let mut pairs: BTreeMap<Order, usize> = BTreeMap::new();
    for line in include_str!("data/tools.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [name, a, answer, b] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let order = Order::ALL.into_iter().find(|order| format!("{order:?}") == name).unwrap();
        let expected = match answer {
            "<" => Some(Ordering::Less),
            "=" => Some(Ordering::Equal),
            ">" => Some(Ordering::Greater),
            "!" => None,
            _ => panic!("{line}"),
        };
        assert_eq!(order.compare(a, b), expected, "{line}");
        *pairs.entry(order).or_default() += 1;
    }
    assert_eq!(pairs.len(), 7);
    assert!(pairs.values().all(|count| *count >= 106), "{pairs:?}");
}
