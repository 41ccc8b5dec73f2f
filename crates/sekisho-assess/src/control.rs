//! The verdict of a control: from its objectives, through the relationship, in the direction in which it is sound.
//!
//! The relationship is read from the control's side (NIST IR 8477): `subset-of` says that the control asks for less than the objective,
//! `superset-of` that it asks for more.

use sekisho_model::catalog::Relationship;
use sekisho_model::verdict::{Basis, Verdict};

/// What one mapped objective says about a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How the control relates to the objective.
    pub relation: Relationship,
    /// Where the objective stands.
    pub verdict: Verdict,
    /// On what that rests.
    pub basis: Basis,
    /// Whether a check that the mapping names as deciding refutes the objective.
    pub decided_against: bool,
}

/// Why a control's verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// It has no mapping; the document says why.
    Unmapped,
    /// An objective that it equals or contains is not met, or a deciding check fails.
    PartFails,
    /// Its objectives do not arise.
    NothingApplies,
    /// An objective that holds all of it is met.
    Whole,
    /// All its objectives are met, and together they hold all of it.
    Complete,
    /// What it contains is met, at least in part; it asks for more.
    MoreAsked,
    /// An objective that it is a part of, or shares a part with, is not met; that does not decide it.
    ShortfallElsewhere,
    /// Something speaks for it.
    Supported,
    /// Nothing settles it.
    Open,
}

/// The verdict of a control whose mappings say `parts`; `complete`: together they hold all that it asks for.
///
/// *equal*: the objective's verdict. *subset-of*: met carries over; not met does not by itself. *superset-of*: not met carries over; all met is never
/// better than partly met unless the set is complete. *intersects-with*: at best supports, and refutes only by a named check.
pub fn verdict(parts: &[Part], complete: bool) -> (Verdict, Basis, Rule) {
    if parts.is_empty() {
        return (Verdict::Open, Basis::None, Rule::Unmapped);
    }
    if let Some((verdict, basis)) = worst_failure(parts) {
        return (verdict, basis, Rule::PartFails);
    }
    let applicable: Vec<Part> = parts.iter().copied().filter(|p| p.verdict != Verdict::NotApplicable).collect();
    if applicable.is_empty() {
        let basis = weakest(parts);
        return (Verdict::NotApplicable, basis, Rule::NothingApplies);
    }
    let met = |part: &Part| part.verdict == Verdict::Met;
    let shortfall = applicable.iter().any(|p| p.verdict.is_failure() || p.verdict == Verdict::PartlyMet);
    let contained: Vec<Part> = applicable.iter().copied().filter(|p| p.relation.contains_objective()).collect();
    // An objective that the control equals settles it, unless a part of the control is open elsewhere.
    let equal = applicable.iter().filter(|p| p.relation == Relationship::Equal && met(p)).map(|p| p.basis).max();
    if contained.iter().all(met)
        && let Some(basis) = equal
    {
        return (Verdict::Met, basis, Rule::Whole);
    }
    // An objective that the control is only a part of settles it too, but what was seen of the objective need not have been the control's
    // part: so all such objectives must be met, without a shortfall nearby, and the control is no more than attested.
    let mut holding = applicable.iter().filter(|p| p.relation == Relationship::SubsetOf).peekable();
    if contained.iter().all(met) && !shortfall && holding.peek().is_some() && holding.all(met) {
        return (Verdict::Met, Basis::Attested, Rule::Whole);
    }
    if complete && applicable.iter().all(met) {
        return (Verdict::Met, weakest(&applicable), Rule::Complete);
    }
    // What follows never claims that the control is met.
    let capped = contained.iter().map(|p| p.verdict.min(Verdict::PartlyMet)).min();
    match capped {
        Some(Verdict::PartlyMet) => (Verdict::PartlyMet, weakest(&contained), Rule::MoreAsked),
        _ if shortfall => (Verdict::Unconfirmed, Basis::None, Rule::ShortfallElsewhere),
        Some(Verdict::Open) => (Verdict::Open, Basis::None, Rule::Open),
        None if applicable.iter().all(|p| p.verdict == Verdict::Open) => (Verdict::Open, Basis::None, Rule::Open),
        _ => (Verdict::Unconfirmed, Basis::None, Rule::Supported),
    }
}

/// The verdict of a control that is a part of another one, the whole, whose mappings stand for it: who does the whole does the part, but what the
/// whole lacks need not be this part.
pub fn part_verdict(whole: Verdict, basis: Basis) -> (Verdict, Basis, Rule) {
    match whole {
        Verdict::Met => (Verdict::Met, basis.min(Basis::Attested), Rule::Whole),
        Verdict::NotApplicable => (Verdict::NotApplicable, basis, Rule::NothingApplies),
        Verdict::Open => (Verdict::Open, Basis::None, Rule::Open),
        _ => (Verdict::Unconfirmed, Basis::None, Rule::ShortfallElsewhere),
    }
}

/// The worst of the shortfalls that carry over to the control, and on what it rests.
fn worst_failure(parts: &[Part]) -> Option<(Verdict, Basis)> {
    parts
        .iter()
        .filter_map(|part| {
            let carries = part.relation.contains_objective() || part.decided_against;
            (part.verdict.is_failure() && carries).then_some((part.verdict, part.basis))
        })
        .min_by_key(|(verdict, basis)| (*verdict, std::cmp::Reverse(*basis)))
}

fn weakest(parts: &[Part]) -> Basis {
    parts.iter().map(|p| p.basis).min().unwrap_or(Basis::None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::objective::rank;

    const RELATIONS: [Relationship; 4] =
        [Relationship::Equal, Relationship::SubsetOf, Relationship::SupersetOf, Relationship::IntersectsWith];

    fn part(relation: Relationship, verdict: Verdict) -> Part {
        let basis = match verdict {
            Verdict::Open | Verdict::Unconfirmed => Basis::None,
            Verdict::NotApplicable => Basis::Declared,
            _ => Basis::Verified,
        };
        Part { relation, verdict, basis, decided_against: false }
    }

    fn one(relation: Relationship, objective: Verdict, complete: bool) -> Verdict {
        verdict(&[part(relation, objective)], complete).0
    }

    #[test]
    fn a_single_mapping_carries_over_only_where_that_is_sound() {
        use Relationship::{Equal, IntersectsWith, SubsetOf, SupersetOf};
        for objective in Verdict::ALL {
            assert_eq!(one(Equal, objective, false), objective);
        }
        assert_eq!(one(SubsetOf, Verdict::Met, false), Verdict::Met);
        assert_eq!(one(SubsetOf, Verdict::NotMet, false), Verdict::Unconfirmed);
        assert_eq!(one(SubsetOf, Verdict::Contradicted, false), Verdict::Unconfirmed);
        assert_eq!(one(SupersetOf, Verdict::NotMet, false), Verdict::NotMet);
        assert_eq!(one(SupersetOf, Verdict::Met, false), Verdict::PartlyMet);
        assert_eq!(one(SupersetOf, Verdict::Met, true), Verdict::Met);
        assert_eq!(one(IntersectsWith, Verdict::Met, false), Verdict::Unconfirmed);
        assert_eq!(one(IntersectsWith, Verdict::NotMet, false), Verdict::Unconfirmed);
        assert_eq!(one(IntersectsWith, Verdict::Open, false), Verdict::Open);
    }

    #[test]
    fn a_part_is_met_with_the_whole_and_fails_by_itself_only() {
        for whole in Verdict::ALL {
            let (part, basis, _) = part_verdict(whole, Basis::Verified);
            assert!(!part.is_failure(), "{whole:?}");
            assert_eq!(part == Verdict::Met, whole == Verdict::Met);
            assert!(
                part != Verdict::Met || basis <= Basis::Attested,
                "what was seen of the whole need not have been the part"
            );
        }
    }

    #[test]
    fn a_named_check_decides_where_the_relationship_would_not() {
        for relation in [Relationship::SubsetOf, Relationship::IntersectsWith] {
            let refuted = Part { decided_against: true, ..part(relation, Verdict::NotMet) };
            assert_eq!(verdict(&[refuted], false).0, Verdict::NotMet);
        }
    }

    #[test]
    fn a_control_with_an_open_part_is_not_met_by_another() {
        let parts = [part(Relationship::SubsetOf, Verdict::Met), part(Relationship::SupersetOf, Verdict::Open)];
        assert_ne!(verdict(&parts, false).0, Verdict::Met);
    }

    fn parts() -> impl Strategy<Value = Vec<Part>> {
        let one =
            (prop::sample::select(RELATIONS.to_vec()), prop::sample::select(Verdict::ALL.to_vec()), any::<bool>())
                .prop_map(|(relation, verdict, attested)| {
                    let mut part = part(relation, verdict);
                    if attested && part.basis == Basis::Verified {
                        part.basis = Basis::Attested;
                    }
                    part
                });
        prop::collection::vec(one, 1..5)
    }

    /// As [`rank`], but open and unconfirmed count alike: a shortfall that does not carry over is shown as unconfirmed, which claims no more.
    fn ranked(parts: &[Part], complete: bool) -> u8 {
        let (verdict, basis, _) = verdict(parts, complete);
        if verdict.is_unsettled() { rank(Verdict::Open, Basis::None) } else { rank(verdict, basis) }
    }

    proptest! {
        /// An objective that comes out refuted leaves the control as it is or worse.
        #[test]
        fn a_refuted_objective_never_improves_a_control(parts in parts(), complete: bool, at in any::<prop::sample::Index>()) {
            let at = at.index(parts.len());
            prop_assume!(parts[at].verdict != Verdict::NotApplicable);
            let mut worse = parts.clone();
            worse[at].verdict = Verdict::NotMet;
            worse[at].basis = Basis::Verified;
            prop_assert!(ranked(&worse, complete) <= ranked(&parts, complete));
        }

        #[test]
        fn order_does_not_matter(
            (parts, shuffled) in parts().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle())),
            complete: bool,
        ) {
            prop_assert_eq!(verdict(&parts, complete), verdict(&shuffled, complete));
        }

        /// Met needs an objective met that holds the control, or all of a complete set.
        #[test]
        fn met_is_never_claimed_without_ground(parts in parts(), complete: bool) {
            if verdict(&parts, complete).0 == Verdict::Met {
                let held = parts.iter().any(|p| {
                    p.verdict == Verdict::Met && matches!(p.relation, Relationship::Equal | Relationship::SubsetOf)
                });
                let all = parts.iter().all(|p| matches!(p.verdict, Verdict::Met | Verdict::NotApplicable));
                prop_assert!(held || (complete && all));
            }
        }

        /// What the control contains and is not met, it is not met either.
        #[test]
        fn failures_of_parts_always_show(parts in parts(), complete: bool) {
            let failing = parts.iter().any(|p| {
                p.verdict.is_failure() && p.relation.contains_objective()
            });
            if failing {
                prop_assert!(verdict(&parts, complete).0.is_failure());
            }
        }
    }
}
