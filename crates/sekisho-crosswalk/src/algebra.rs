//! The algebra of relationships.
//!
//! Take what a control asks for, and what an objective asks for, as sets of single demands. A link from `a` to `b` says how the sets relate,
//! read from `a` (NIST IR 8477, section 4). From a link `a → o` and a link `o → b` follows for `a` and `b`:
//!
//! | `a → o` ＼ `o → b` | equal | subset-of | superset-of | intersects-with |
//! | --- | --- | --- | --- | --- |
//! | equal | equal | subset-of | superset-of | intersects-with |
//! | subset-of | subset-of | subset-of | *may intersect* | *may intersect* |
//! | superset-of | superset-of | intersects-with | superset-of | intersects-with |
//! | intersects-with | intersects-with | intersects-with | *may intersect* | nothing |
//!
//! *May intersect*: both have to do with the same objective, but they could be different parts of it. Such a link is given as
//! `intersects-with` with a strength below [`CERTAIN`]. Through two intersections nothing is derived at all.
//!
//! Strength: equal 10, subset and superset 7, intersection 4; a derivation is as strong as its weakest link, and half of that where it
//! only may hold. So composing never strengthens.

use sekisho_model::catalog::Relationship::{self, Equal, IntersectsWith, SubsetOf, SupersetOf};
use sekisho_model::crosswalk::{CERTAIN, Strength};

/// How one thing relates to another, and how much that bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Link {
    /// The relationship, read from the one that the link comes from.
    pub relationship: Relationship,
    /// How much it bears, from 1 to 10.
    pub strength: Strength,
}

impl Link {
    /// The link of everything to itself.
    pub const IDENTITY: Self = Self { relationship: Equal, strength: 10 };

    /// A link that somebody stated.
    pub fn stated(relationship: Relationship) -> Self {
        let strength = match relationship {
            Equal => 10,
            SubsetOf | SupersetOf => 7,
            IntersectsWith => CERTAIN,
        };
        Self { relationship, strength }
    }

    /// Whether it holds for certain, given what was stated.
    pub fn is_certain(self) -> bool {
        self.strength >= CERTAIN
    }

    /// The same link seen from the other end.
    #[must_use]
    pub fn converse(self) -> Self {
        Self { relationship: converse(self.relationship), ..self }
    }

    /// What follows from this link and `next`, which begins where this one ends; nothing through two intersections.
    pub fn then(self, next: Self) -> Option<Self> {
        let weakest = self.strength.min(next.strength);
        let (relationship, certain) = match (self.relationship, next.relationship) {
            (IntersectsWith, IntersectsWith) => return None,
            (Equal, other) | (other, Equal) => (other, true),
            (SubsetOf, SubsetOf) => (SubsetOf, true),
            (SupersetOf, SupersetOf) => (SupersetOf, true),
            (SupersetOf, SubsetOf | IntersectsWith) | (IntersectsWith, SubsetOf) => (IntersectsWith, true),
            (SubsetOf, SupersetOf | IntersectsWith) | (IntersectsWith, SupersetOf) => (IntersectsWith, false),
        };
        let strength = if certain { weakest } else { weakest / 2 };
        // An intersection bears no more than one that somebody stated.
        let strength = if relationship == IntersectsWith { strength.min(CERTAIN) } else { strength };
        (strength > 0).then_some(Self { relationship, strength })
    }

    /// What two derivations of the same pair say together: both containments make equality; else the closer one holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self.relationship, other.relationship) {
            (SubsetOf, SupersetOf) | (SupersetOf, SubsetOf) => {
                Self { relationship: Equal, strength: self.strength.min(other.strength) }
            }
            _ if self.rank() >= other.rank() => self,
            _ => other,
        }
    }

    /// The closer relationship first, then the strength.
    fn rank(self) -> (u8, Strength) {
        let closeness = match self.relationship {
            Equal => 2,
            SubsetOf | SupersetOf => 1,
            IntersectsWith => 0,
        };
        (closeness, self.strength)
    }
}

/// The relationship seen from the other end.
pub fn converse(relationship: Relationship) -> Relationship {
    match relationship {
        SubsetOf => SupersetOf,
        SupersetOf => SubsetOf,
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Relationship; 4] = [Equal, SubsetOf, SupersetOf, IntersectsWith];

    /// Whether sets of demands, as bits, stand in the relationship.
    fn holds(relationship: Relationship, a: u8, b: u8) -> bool {
        match relationship {
            Equal => a == b,
            SubsetOf => a & b == a,
            SupersetOf => a & b == b,
            IntersectsWith => a & b != 0,
        }
    }

    /// Every three sets of up to four demands.
    fn triples() -> impl Iterator<Item = (u8, u8, u8)> {
        (1..16u8).flat_map(|a| (1..16u8).flat_map(move |o| (1..16u8).map(move |b| (a, o, b))))
    }

    #[test]
    fn what_is_certain_holds_for_all_sets_and_what_is_not_fails_for_some() {
        for first in ALL {
            for second in ALL {
                let derived = Link::stated(first).then(Link::stated(second));
                let mut given = triples().filter(|&(a, o, b)| holds(first, a, o) && holds(second, o, b));
                match derived {
                    Some(link) if link.is_certain() => {
                        assert!(given.all(|(a, _, b)| holds(link.relationship, a, b)), "{first:?} then {second:?}");
                    }
                    _ => {
                        assert!(given.any(|(a, _, b)| a & b == 0), "{first:?} then {second:?} could have been certain");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_follows_through_two_intersections() {
        let link = Link::stated(IntersectsWith);
        assert_eq!(link.then(link), None);
    }

    #[test]
    fn both_containments_make_equality() {
        let both = Link::stated(SubsetOf).and(Link::stated(SupersetOf));
        assert_eq!(both, Link { relationship: Equal, strength: 7 });
    }

    /// Stated links, and what composing gives.
    fn link() -> impl Strategy<Value = Link> {
        (0..4usize, 0..4usize, any::<bool>()).prop_map(|(a, b, composed)| {
            let stated = Link::stated(ALL[a]);
            if composed { stated.then(Link::stated(ALL[b])).unwrap_or(stated) } else { stated }
        })
    }

    proptest! {
        #[test]
        fn the_identity_changes_nothing(a in link()) {
            prop_assert_eq!(Link::IDENTITY.then(a), Some(a));
            prop_assert_eq!(a.then(Link::IDENTITY), Some(a));
        }

        #[test]
        fn the_converse_of_a_way_is_the_way_back(a in link(), b in link()) {
            prop_assert_eq!(a.converse().converse(), a);
            prop_assert_eq!(a.then(b).map(Link::converse), b.converse().then(a.converse()));
        }

        #[test]
        fn composing_never_strengthens(a in link(), b in link()) {
            if let Some(derived) = a.then(b) {
                prop_assert!(derived.strength <= a.strength.min(b.strength));
                prop_assert!((1..=10).contains(&derived.strength));
                prop_assert!(derived.is_certain() || derived.relationship == IntersectsWith);
            }
        }

        #[test]
        fn the_order_of_derivations_does_not_matter(a in link(), b in link()) {
            let (one, other) = (a.and(b), b.and(a));
            prop_assert_eq!(one.rank(), other.rank());
            prop_assert!(a.relationship != b.relationship || one == other);
        }
    }
}
