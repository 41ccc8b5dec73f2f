//! One vulnerability, one judgement: what several advisories say of it is put together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Text;
use sekisho_version::order::Order;
use sekisho_version::range::{Basis, Verdict};
use sekisho_vulndb::{gather, sharing_names};

use crate::matcher::{Claim, Judgement, Outcome};
use crate::messages;

/// Puts together the claims that share a name, also through others. The judgements come sorted by their names.
pub(crate) fn merge(claims: Vec<Claim>, order: Option<Order>) -> Vec<Judgement> {
    let mut groups: BTreeMap<Vec<String>, Vec<Claim>> = BTreeMap::new();
    let sharing = sharing_names(claims.iter().map(|claim| claim.names.iter().map(String::as_str)));
    for group in gather(claims, sharing) {
        let ids: BTreeSet<String> = group.iter().flat_map(|claim| claim.names.iter().cloned()).collect();
        groups.entry(ids.into_iter().collect()).or_default().extend(group);
    }
    groups.into_iter().map(|(ids, claims)| judgement(ids, claims, order)).collect()
}

fn judgement(ids: Vec<String>, mut claims: Vec<Claim>, order: Option<Order>) -> Judgement {
    claims.sort_by(|a, b| (&a.feed, &a.advisory).cmp(&(&b.feed, &b.advisory)));
    let outcome_of = |claim: &Claim| match (&claim.verdict, &claim.condition) {
        (Verdict::Affected(_), None) => Outcome::Affected,
        (Verdict::NotAffected, _) => Outcome::NotAffected,
        (Verdict::Affected(_) | Verdict::Unknown(_), _) => Outcome::Unknown,
    };
    let outcomes: BTreeSet<Outcome> = claims.iter().map(outcome_of).collect();
    let doubted = claims.iter().any(|claim| claim.condition.is_some() && matches!(claim.verdict, Verdict::Affected(_)));
    let disagree = outcomes.contains(&Outcome::Affected) && outcomes.contains(&Outcome::NotAffected);
    let outcome = if disagree {
        Outcome::Unknown
    } else if outcomes.contains(&Outcome::Affected) {
        Outcome::Affected
    } else if outcomes.contains(&Outcome::NotAffected) && !doubted {
        // What one cannot tell, another can.
        Outcome::NotAffected
    } else {
        Outcome::Unknown
    };
    let mut because: Vec<Text> = Vec::new();
    for claim in &claims {
        because.push(messages::claim(claim));
        because.extend(claim.condition.clone());
    }
    if disagree {
        because.push(messages::disagree());
    }
    because.dedup();
    // The derivation's confidence is that of the surest advisory that says what is concluded.
    let said = claims.iter().filter(|claim| outcome_of(claim) == outcome).map(|claim| claim.confidence).min();
    let confidence = said.or_else(|| claims.iter().map(|claim| claim.confidence).min()).unwrap_or_default();
    let fixes = || {
        claims.iter().filter_map(|claim| match &claim.verdict {
            Verdict::Affected(Basis::InRange { fixed: Some(fixed) }) => Some((fixed, claim.published)),
            _ => None,
        })
    };
    let fixed_in = fixes().map(|(fixed, _)| fixed).reduce(|a, b| later(order, a, b)).cloned();
    Judgement {
        outcome,
        confidence,
        fix_published: fixes().filter_map(|(_, published)| published).min(),
        fixed_in,
        advisories: claims.iter().map(|claim| format!("{}:{}", claim.feed, claim.advisory)).collect(),
        summary: claims.iter().map(|claim| &claim.summary).find(|text| !text.is_empty()).cloned().unwrap_or_default(),
        disputed: claims.iter().any(|claim| claim.disputed),
        published: claims.iter().filter_map(|claim| claim.published).min(),
        severities: claims.into_iter().flat_map(|claim| claim.severities).collect(),
        because,
        ids,
    }
}

/// The later of two versions that mend something: with that one, all advisories are satisfied.
fn later<'a>(order: Option<Order>, a: &'a String, b: &'a String) -> &'a String {
    match order.and_then(|order| order.compare(a, b)) {
        Some(Ordering::Less) => b,
        _ => a,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sekisho_model::vulnerability::Confidence;
    use sekisho_version::range::Reason;

    use super::*;

    fn claim(names: &[&str], advisory: &str, verdict: Verdict) -> Claim {
        Claim {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            verdict,
            confidence: Confidence::ExactPurl,
            condition: None,
            feed: "osv/X".to_owned(),
            advisory: advisory.to_owned(),
            summary: String::new(),
            severities: Vec::new(),
            disputed: false,
            published: None,
        }
    }

    fn fixed(version: &str) -> Verdict {
        Verdict::Affected(Basis::InRange { fixed: Some(version.to_owned()) })
    }

    #[test]
    fn aliases_are_one_also_through_a_third() {
        let merged = merge(
            vec![
                claim(&["GHSA-1"], "GHSA-1", fixed("1.2.0")),
                claim(&["PYSEC-1"], "PYSEC-1", fixed("1.10.0")),
                claim(&["CVE-2"], "CVE-2", Verdict::NotAffected),
                claim(&["PYSEC-1", "GHSA-1", "CVE-1"], "CVE-1", Verdict::Unknown(Reason::Commits)),
            ],
            Some(Order::SemVer),
        );
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0].ids, ["CVE-1", "GHSA-1", "PYSEC-1"]);
        assert_eq!((merged[0].outcome, merged[0].fixed_in.as_deref()), (Outcome::Affected, Some("1.10.0")));
        assert_eq!(
            (merged[1].ids.as_slice(), merged[1].outcome),
            (["CVE-2".to_owned()].as_slice(), Outcome::NotAffected)
        );
    }

    #[test]
    fn what_contradicts_itself_is_unknown() {
        let both = [fixed("2"), Verdict::NotAffected];
        let merged = merge(both.into_iter().map(|verdict| claim(&["CVE-1"], "CVE-1", verdict)).collect(), None);
        assert_eq!(merged[0].outcome, Outcome::Unknown);
        assert!(merged[0].because.contains(&messages::disagree()));
    }

    #[test]
    fn what_one_cannot_tell_another_can() {
        for (sure, outcome) in [(fixed("2"), Outcome::Affected), (Verdict::NotAffected, Outcome::NotAffected)] {
            let verdicts = [Verdict::Unknown(Reason::Nothing), sure];
            let merged = merge(verdicts.into_iter().map(|verdict| claim(&["CVE-1"], "CVE-1", verdict)).collect(), None);
            assert_eq!(merged[0].outcome, outcome);
        }
    }

    #[test]
    fn a_doubt_is_not_outweighed_by_silence() {
        let mut doubted = claim(&["CVE-1"], "CVE-1", fixed("2"));
        doubted.doubt(messages::name_only());
        let merged = merge(vec![doubted, claim(&["CVE-1"], "CVE-1b", Verdict::NotAffected)], None);
        assert_eq!(merged[0].outcome, Outcome::Unknown);
    }

    proptest! {
        /// The order in which advisories come does not matter, and no name is in two judgements.
        #[test]
        fn the_order_does_not_matter(
            names in prop::collection::vec(prop::collection::vec("[a-e]", 1..3), 1..8),
            seed in any::<u64>(),
        ) {
            let claims: Vec<Claim> = names
                .iter()
                .enumerate()
                .map(|(n, names)| {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let verdict = match n % 3 { 0 => fixed("1"), 1 => Verdict::NotAffected, _ => Verdict::Unknown(Reason::Nothing) };
                    claim(&names, &n.to_string(), verdict)
                })
                .collect();
            let mut turned = claims.clone();
            let by = usize::try_from(seed).unwrap_or(0) % turned.len();
            turned.rotate_left(by);
            turned.reverse();
            let merged = merge(claims, None);
            prop_assert_eq!(&merged, &merge(turned, None));
            let all: Vec<&String> = merged.iter().flat_map(|judgement| &judgement.ids).collect();
            prop_assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        }
    }
}
