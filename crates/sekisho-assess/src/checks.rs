//! Running the checks: each over the facts of every component for which it arises, the results joined.

use std::collections::HashMap;

use sekisho_catalog::{Catalog, CheckError, CompiledCheck};
use sekisho_model::assessment::CheckResult;
use sekisho_model::catalog::{Check, Effect};
use sekisho_model::fact::Fact;
use sekisho_model::verdict::Outcome;
use serde_json::Value;

use crate::aspects::Aspects;

/// The facts' values by component and name, each with its position among all facts.
pub(crate) struct Values<'a> {
    by_name: HashMap<(&'a str, &'a str), Vec<(usize, Value)>>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(facts: &'a [Fact]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (position, fact) in facts.iter().enumerate() {
            let value = serde_json::to_value(&fact.observed)
                .ok()
                .and_then(|mut json| json.get_mut("value").map(Value::take))
                .expect("a fact is a name and a value");
            by_name.entry((fact.subject.as_str(), fact.observed.name())).or_default().push((position, value));
        }
        Self { by_name }
    }

    fn of<'b>(&'b self, subject: &'b str, name: &'b str) -> &'b [(usize, Value)]
    where
        'a: 'b,
    {
        self.by_name.get(&(subject, name)).map_or(&[], Vec::as_slice)
    }
}

/// What a check came to, with the facts per component.
pub(crate) struct Ran<'a> {
    pub(crate) check: &'a Check,
    pub(crate) result: CheckResult,
    /// For a failure: the components on which it fails, each with the facts that show it.
    pub(crate) failures: Vec<(String, Vec<usize>)>,
}

/// Runs every check of the catalog; one that arises for no component is left out.
pub(crate) fn run<'a>(
    catalog: &'a Catalog,
    components: &[String],
    values: &Values<'_>,
    aspects: &Aspects,
) -> Result<Vec<Ran<'a>>, CheckError> {
    let mut ran = Vec::new();
    for check in catalog.checks() {
        let compiled = CompiledCheck::new(check)?;
        ran.extend(run_one(check, &compiled, components, values, aspects));
    }
    Ok(ran)
}

fn run_one<'a>(
    check: &'a Check,
    compiled: &CompiledCheck,
    components: &[String],
    values: &Values<'_>,
    aspects: &Aspects,
) -> Option<Ran<'a>> {
    let (mut outcomes, mut passing, mut failures, mut reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for component in components {
        let needed: Option<Vec<_>> = check.needs.iter().map(|a| aspects.get(&(component.clone(), *a))).collect();
        let facts = values.of(component, &check.over);
        // A check arises where what it needs arises; facts that are there all the same are looked at.
        let complete = match &needed {
            Some(needed) => needed.iter().all(|l| l.complete),
            None if facts.is_empty() => continue,
            None => false,
        };
        let found = compiled.outcome(facts.iter().map(|(_, value)| value), complete);
        let positions: Vec<usize> = found.facts.iter().map(|&i| facts[i].0).collect();
        match found.outcome {
            Outcome::Fail => failures.push((component.clone(), positions)),
            Outcome::Pass => passing.extend(positions),
            Outcome::Inconclusive => {
                reasons.extend(needed.into_iter().flatten().flat_map(|l| l.reasons.iter().cloned()));
            }
            Outcome::NothingToCheck => {}
        }
        outcomes.push(found.outcome);
    }
    let outcome = join(&outcomes)?;
    let facts = match outcome {
        Outcome::Fail => failures.iter().flat_map(|(_, facts)| facts.iter().copied()).collect(),
        Outcome::Pass => passing,
        Outcome::Inconclusive | Outcome::NothingToCheck => Vec::new(),
    };
    reasons.sort();
    reasons.dedup();
    let fact_count = facts.len();
    let listed = if outcome == Outcome::Fail { fact_count } else { fact_count.min(CheckResult::MAX_FACTS) };
    let result = CheckResult {
        check: check.id.clone(),
        outcome,
        effect: match outcome {
            Outcome::Fail => check.fail,
            Outcome::Pass => check.pass,
            Outcome::Inconclusive | Outcome::NothingToCheck => Effect::Nothing,
        },
        facts: facts[..listed].to_vec(),
        fact_count,
        reasons: if outcome == Outcome::Inconclusive { reasons } else { Vec::new() },
    };
    Some(Ran { check, result, failures })
}

/// The outcome over several components: a failure on one is a failure; a pass needs every one of them looked at.
fn join(outcomes: &[Outcome]) -> Option<Outcome> {
    [Outcome::Fail, Outcome::Inconclusive, Outcome::Pass, Outcome::NothingToCheck]
        .into_iter()
        .find(|o| outcomes.contains(o))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_component_unseen_leaves_the_whole_inconclusive() {
        assert_eq!(join(&[Outcome::Pass, Outcome::Inconclusive]), Some(Outcome::Inconclusive));
        assert_eq!(join(&[Outcome::Inconclusive, Outcome::Fail]), Some(Outcome::Fail));
        assert_eq!(join(&[Outcome::NothingToCheck, Outcome::Pass]), Some(Outcome::Pass));
        assert_eq!(join(&[]), None);
    }
}
