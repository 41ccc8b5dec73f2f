//! One vulnerability, several names.

use std::collections::HashMap;

use crate::model::Advisory;

/// Groups advisories that are about the same vulnerability: those that share an identifier among their own and their aliases, also through
/// others. Each group has the places in `advisories`, in order; the groups stand in the order of their first. What is only `related`, or
/// `upstream` of a distribution's advisory, joins nothing. Aliases that go in circles are as good as others.
pub fn merge(advisories: &[Advisory]) -> Vec<Vec<usize>> {
    sharing_names(
        advisories.iter().map(|advisory| std::iter::once(&advisory.id).chain(&advisory.aliases).map(String::as_str)),
    )
}

/// Groups things by the names that each has: those that share one, also through others. Each group has the places of its things, in order;
/// the groups stand in the order of their first. However the names hang together, this takes hardly more time than to read them.
pub fn sharing_names<'a>(names: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = Vec::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (place, names) in names.into_iter().enumerate() {
        parent.push(place);
        for name in names {
            let other = *by_name.entry(name).or_insert(place);
            let (a, b) = (root(&mut parent, other), root(&mut parent, place));
            // The smaller is the root, so that a group's root is its first.
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for place in 0..parent.len() {
        let root = root(&mut parent, place);
        let group = *group_of.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(group) {
            group.push(place);
        }
    }
    groups
}

/// Puts things into groups that name them by their places. A place that was named before or has nothing is passed over.
pub fn gather<T>(things: Vec<T>, groups: Vec<Vec<usize>>) -> Vec<Vec<T>> {
    let mut things: Vec<Option<T>> = things.into_iter().map(Some).collect();
    let mut take = |place: usize| things.get_mut(place).and_then(Option::take);
    groups.into_iter().map(|group| group.into_iter().filter_map(&mut take).collect()).collect()
}

/// The root of a place's tree; the way to it is halved.
fn root(parent: &mut [usize], mut place: usize) -> usize {
    while let Some(&above) = parent.get(place) {
        if above == place {
            break;
        }
        let two_above = parent.get(above).copied().unwrap_or(above);
        if let Some(slot) = parent.get_mut(place) {
            *slot = two_above;
        }
        place = two_above;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::{gather, sharing_names};

    /// A chain of names given from its end: each thing joins two groups, and what was joined is not gone through again.
    #[test]
    fn a_long_chain_is_one_group() {
        let names: Vec<[String; 2]> =
            (0..100_000).rev().map(|number| [number, number + 1].map(|name| name.to_string())).collect();
        let of = |pairs: &[[String; 2]]| sharing_names(pairs.iter().map(|pair| pair.iter().map(String::as_str)));
        assert_eq!(of(&names).len(), 1);
        // Every second link gone, nothing hangs together; they come last, and each joins two.
        let (even, odd): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|[name, _]| name.ends_with(['0', '2', '4', '6', '8']));
        assert_eq!(of(&even).len(), even.len());
        let all = [even, odd].concat();
        assert_eq!(of(&all), [(0..all.len()).collect::<Vec<_>>()]);
    }

    #[test]
    fn gathered_by_their_places() {
        assert_eq!(gather(vec!['a', 'b', 'c'], vec![vec![0, 2], vec![1, 1, 9]]), [vec!['a', 'c'], vec!['b']]);
    }
}
