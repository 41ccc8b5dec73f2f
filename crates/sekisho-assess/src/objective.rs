//! The verdict of an objective: the design's rules, in their order.

use sekisho_model::answer::Reply;
use sekisho_model::catalog::Effect;
use sekisho_model::verdict::{Basis, Outcome, Verdict};

/// What bears on an objective.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bearing {
    /// Whether its condition is false for this product. Unknown counts as true.
    pub inapplicable: bool,
    /// Whether a check refutes it.
    pub refuted: bool,
    /// Whether a check proves it.
    pub proved: bool,
    /// Whether a check supports it.
    pub supported: bool,
    /// Whether a check that could refute it is inconclusive.
    pub doubtful: bool,
    /// What a person says, unless the answer has expired.
    pub answer: Option<Reply>,
}

impl Bearing {
    /// Takes in one check: its outcome, and what it does on failure and on passing.
    pub fn take(&mut self, outcome: Outcome, fail: Effect, pass: Effect) {
        match outcome {
            Outcome::Fail => self.refuted |= fail == Effect::Refutes,
            Outcome::Pass => {
                self.proved |= pass == Effect::Proves;
                self.supported |= pass == Effect::Supports;
            }
            Outcome::Inconclusive => self.doubtful |= fail == Effect::Refutes,
            Outcome::NothingToCheck => {}
        }
    }
}

/// Why a verdict is what it is: the rule that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The condition is false for this product.
    ConditionFalse,
    /// A check refutes it, and an answer says the opposite.
    RefutedDespiteAnswer,
    /// A check refutes it.
    Refuted,
    /// An answer says that it does not arise.
    AnsweredNotApplicable,
    /// An answer says no.
    AnsweredNo,
    /// An answer says partly.
    AnsweredPartly,
    /// A check proves it.
    Proved,
    /// An answer says yes, and a check supports it.
    AnsweredYesAndSupported,
    /// An answer says yes; a check that could refute it could not be finished.
    AnsweredYesWithDoubt,
    /// An answer says yes; nothing was seen.
    AnsweredYes,
    /// Something speaks for it; a check that could refute it could not be finished.
    SupportedWithDoubt,
    /// Something speaks for it; nobody answered.
    Supported,
    /// Nothing settles it.
    Open,
}

/// The verdict, on what it rests, and the rule that gave it.
///
/// Three rules are stricter than a plain reading of the design: a proof or a support does not make an objective *verified* while another check
/// that could refute it is inconclusive, because a collector that was cut short never counts as a pass; neither a condition that is false by
/// what the product file declares, nor «not applicable» from a person, stands against a check that refutes: what is declared is a claim.
pub fn verdict(bearing: Bearing) -> (Verdict, Basis, Rule) {
    let Bearing { inapplicable, refuted, proved, supported, doubtful, answer } = bearing;
    if inapplicable && !refuted {
        return (Verdict::NotApplicable, Basis::Declared, Rule::ConditionFalse);
    }
    if refuted {
        return match answer {
            Some(Reply::Yes | Reply::NotApplicable) => {
                (Verdict::Contradicted, Basis::Verified, Rule::RefutedDespiteAnswer)
            }
            _ => (Verdict::NotMet, Basis::Verified, Rule::Refuted),
        };
    }
    match answer {
        Some(Reply::NotApplicable) => (Verdict::NotApplicable, Basis::Attested, Rule::AnsweredNotApplicable),
        Some(Reply::No) => (Verdict::NotMet, Basis::Attested, Rule::AnsweredNo),
        Some(Reply::Partly) => (Verdict::PartlyMet, Basis::Attested, Rule::AnsweredPartly),
        _ if proved && !doubtful => (Verdict::Met, Basis::Verified, Rule::Proved),
        Some(Reply::Yes) if (supported || proved) && !doubtful => {
            (Verdict::Met, Basis::Verified, Rule::AnsweredYesAndSupported)
        }
        Some(Reply::Yes) if doubtful => (Verdict::Met, Basis::Attested, Rule::AnsweredYesWithDoubt),
        Some(Reply::Yes) => (Verdict::Met, Basis::Attested, Rule::AnsweredYes),
        None if (supported || proved) && doubtful => (Verdict::Unconfirmed, Basis::None, Rule::SupportedWithDoubt),
        None if supported => (Verdict::Unconfirmed, Basis::None, Rule::Supported),
        None => (Verdict::Open, Basis::None, Rule::Open),
    }
}

/// How good a verdict is, for comparing: higher is better. What does not apply is not compared with the rest.
pub fn rank(verdict: Verdict, basis: Basis) -> u8 {
    match (verdict, basis) {
        (Verdict::Contradicted | Verdict::NotMet, _) => 0,
        (Verdict::Open, _) => 1,
        (Verdict::Unconfirmed, _) => 2,
        (Verdict::PartlyMet, _) => 3,
        (Verdict::Met, Basis::Verified) => 5,
        (Verdict::Met, _) => 4,
        (Verdict::NotApplicable, _) => 6,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn replies() -> impl Strategy<Value = Option<Reply>> {
        prop_oneof![
            Just(None),
            Just(Some(Reply::Yes)),
            Just(Some(Reply::Partly)),
            Just(Some(Reply::No)),
            Just(Some(Reply::NotApplicable)),
        ]
    }

    fn outcomes() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Fail),
            Just(Outcome::Inconclusive),
            Just(Outcome::NothingToCheck),
            Just(Outcome::Pass)
        ]
    }

    fn effects() -> impl Strategy<Value = (Effect, Effect)> {
        (
            prop_oneof![Just(Effect::Refutes), Just(Effect::Nothing)],
            prop_oneof![Just(Effect::Supports), Just(Effect::Proves), Just(Effect::Nothing)],
        )
    }

    fn checks() -> impl Strategy<Value = Vec<(Outcome, (Effect, Effect))>> {
        prop::collection::vec((outcomes(), effects()), 0..6)
    }

    fn bearing(checks: &[(Outcome, (Effect, Effect))], answer: Option<Reply>) -> Bearing {
        let mut bearing = Bearing { answer, ..Bearing::default() };
        for &(outcome, (fail, pass)) in checks {
            bearing.take(outcome, fail, pass);
        }
        bearing
    }

    fn ranked(checks: &[(Outcome, (Effect, Effect))], answer: Option<Reply>) -> u8 {
        let (verdict, basis, _) = verdict(bearing(checks, answer));
        rank(verdict, basis)
    }

    #[test]
    fn the_rules_in_the_design_s_order() {
        let base = Bearing::default();
        let yes = Some(Reply::Yes);
        for (bearing, expected) in [
            (Bearing { inapplicable: true, supported: true, ..base }, (Verdict::NotApplicable, Basis::Declared)),
            (Bearing { inapplicable: true, refuted: true, ..base }, (Verdict::NotMet, Basis::Verified)),
            (Bearing { refuted: true, answer: yes, ..base }, (Verdict::Contradicted, Basis::Verified)),
            (Bearing { refuted: true, proved: true, ..base }, (Verdict::NotMet, Basis::Verified)),
            (Bearing { answer: Some(Reply::No), proved: true, ..base }, (Verdict::NotMet, Basis::Attested)),
            (Bearing { answer: Some(Reply::Partly), ..base }, (Verdict::PartlyMet, Basis::Attested)),
            (Bearing { proved: true, ..base }, (Verdict::Met, Basis::Verified)),
            (Bearing { supported: true, answer: yes, ..base }, (Verdict::Met, Basis::Verified)),
            (Bearing { answer: yes, ..base }, (Verdict::Met, Basis::Attested)),
            (Bearing { supported: true, ..base }, (Verdict::Unconfirmed, Basis::None)),
            (base, (Verdict::Open, Basis::None)),
        ] {
            let (verdict, basis, _) = verdict(bearing);
            assert_eq!((verdict, basis), expected, "{bearing:?}");
        }
    }

    #[test]
    fn a_collector_cut_short_never_verifies() {
        let doubtful = Bearing { proved: true, supported: true, doubtful: true, ..Bearing::default() };
        assert_eq!(verdict(doubtful).0, Verdict::Unconfirmed);
        let answered = Bearing { answer: Some(Reply::Yes), ..doubtful };
        assert_eq!(verdict(answered), (Verdict::Met, Basis::Attested, Rule::AnsweredYesWithDoubt));
    }

    proptest! {
        /// Any check that comes out worse leaves the verdict as it is or worse.
        #[test]
        fn worse_evidence_never_improves(checks in checks(), answer in replies(), at in any::<prop::sample::Index>()) {
            prop_assume!(!checks.is_empty() && answer != Some(Reply::NotApplicable));
            let at = at.index(checks.len());
            let mut worse = checks.clone();
            worse[at].0 = Outcome::Fail;
            prop_assert!(ranked(&worse, answer) <= ranked(&checks, answer));
        }

        /// A pass that becomes inconclusive never helps.
        #[test]
        fn inconclusive_never_counts_as_a_pass(checks in checks(), answer in replies()) {
            let cut_short: Vec<_> = checks
                .iter()
                .map(|&(outcome, effects)| (if outcome == Outcome::Pass { Outcome::Inconclusive } else { outcome }, effects))
                .collect();
            prop_assert!(ranked(&cut_short, answer) <= ranked(&checks, answer));
            let (_, basis, rule) = verdict(bearing(&cut_short, answer));
            prop_assert!(basis != Basis::Verified || matches!(rule, Rule::Refuted | Rule::RefutedDespiteAnswer));
        }

        /// A further check that fails never helps, whatever stands there already.
        #[test]
        fn one_more_failure_never_improves(checks in checks(), answer in replies(), pass in effects()) {
            prop_assume!(answer != Some(Reply::NotApplicable));
            let mut more = checks.clone();
            more.push((Outcome::Fail, (Effect::Refutes, pass.1)));
            prop_assert!(ranked(&more, answer) <= ranked(&checks, answer));
        }

        /// The order of evidence does not matter.
        #[test]
        fn order_does_not_matter(
            (checks, shuffled) in checks().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle())),
            answer in replies(),
        ) {
            prop_assert_eq!(verdict(bearing(&checks, answer)), verdict(bearing(&shuffled, answer)));
        }

        /// «No» is never better than «partly», «partly» never better than «yes».
        #[test]
        fn a_worse_answer_never_improves(checks in checks()) {
            let no = ranked(&checks, Some(Reply::No));
            let partly = ranked(&checks, Some(Reply::Partly));
            let yes = ranked(&checks, Some(Reply::Yes));
            prop_assert!(no <= partly && partly <= yes);
        }
    }
}
