//! One vulnerability, several names.

use std::collections::HashMap;

use crate::model::Advisory;

/// Groups advisories that are about the same vulnerability: those that share an identifier among their own and their aliases, also through
/// others. Each group has the places in `advisories`, in order; the groups stand in the order of their first. What is only `related`, or
/// `upstream` of a distribution's advisory, joins nothing. Aliases that go in circles are as good as others.
pub fn merge(advisories: &[Advisory]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..advisories.len()).collect();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    for (place, advisory) in advisories.iter().enumerate() {
        for name in std::iter::once(&advisory.id).chain(&advisory.aliases) {
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
    for place in 0..advisories.len() {
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
