//! Checks: typed, honest about their effects, and tested for both outcomes.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_diag::Problem;
use sekisho_model::catalog::{Check, CheckTest, Effect};
use sekisho_model::fact::Observed;
use sekisho_model::verdict::Outcome;
use serde_json::json;

use super::{Found, Known, is_kebab, text};
use crate::check::CompiledCheck;
use crate::files::Parts;

pub(super) fn lint(parts: &Parts, known: &Known<'_>, found: &mut Found) {
    let facts: BTreeSet<&str> = Observed::NAMES.into_iter().collect();
    let mut ids = BTreeMap::new();
    for file in &parts.checks {
        for (i, check) in file.value.checks.iter().enumerate() {
            let place = |field: &str| file.place(format!("checks[{i}].{field}").as_str());
            found.unique("check", &check.id, &mut ids, place("id"));
            if !file.is_new() {
                continue;
            }
            if !is_kebab(&check.id) {
                found.error("bad-id", place("id"), format!("'{}' is not in kebab case", check.id));
            }
            found.reference("objective", &check.objective, &known.objectives, || place("objective"));
            found.reference("fact", &check.over, &facts, || place("over"));
            for (field, content) in [("title", &check.title), ("finding", &check.finding), ("advice", &check.advice)] {
                text::lint(content, |lang| place(&format!("{field}.{lang}")), found);
            }
            effects(check, &place, found);
            if check.needs.is_empty() {
                let problem = Problem::error("bad-effect", "the check needs nothing to have been looked at");
                found.push(
                    problem.hint("name the aspects without which the absence of a fact means nothing"),
                    place("needs"),
                );
            }
            match CompiledCheck::new(check) {
                Ok(compiled) => tests(check, &compiled, &place, found),
                Err(error) => {
                    let source =
                        if error.field == "given" { check.given.as_deref() } else { Some(check.condition.as_str()) };
                    let at = place(error.field);
                    found.condition_errors(source.unwrap_or_default(), &error.errors, at.as_ref());
                }
            }
        }
    }
}

fn effects(check: &Check, place: &impl Fn(&str) -> Option<sekisho_diag::Place>, found: &mut Found) {
    if check.pass == Effect::Refutes {
        found.error("bad-effect", place("pass"), "a pass cannot refute: it supports, proves or does nothing");
    }
    if matches!(check.fail, Effect::Supports | Effect::Proves) {
        found.error(
            "bad-effect",
            place("fail"),
            "a failure cannot speak for the objective: it refutes or does nothing",
        );
    }
    if check.pass == Effect::Nothing && check.fail == Effect::Nothing {
        found.error("bad-effect", place("id"), "the check does nothing, whatever its outcome");
    }
}

fn tests(
    check: &Check,
    compiled: &CompiledCheck,
    place: &impl Fn(&str) -> Option<sekisho_diag::Place>,
    found: &mut Found,
) {
    for (field, tests, expected) in
        [("tests.pass", &check.tests.pass, Outcome::Pass), ("tests.fail", &check.tests.fail, Outcome::Fail)]
    {
        if tests.is_empty() {
            let problem = Problem::error("untested-check", format!("'{}' has no {} test", check.id, expected.name()));
            found.push(problem.hint("a check is tested for both its outcomes"), place("tests"));
        }
        for (t, test) in tests.iter().enumerate() {
            if let Err(error) = typed(check, test) {
                let message = format!("the test '{}' has a value that is no {}: {error}", test.name, check.over);
                found.error("failing-check-test", place(&format!("{field}[{t}]")), message);
                continue;
            }
            let outcome = compiled.outcome(&test.facts, true).outcome;
            if outcome != expected {
                let message =
                    format!("the test '{}' comes out as {}, not {}", test.name, outcome.name(), expected.name());
                found.error("failing-check-test", place(&format!("{field}[{t}]")), message);
            }
        }
    }
}

/// Whether every value of a test is a value of the fact that the check looks at.
fn typed(check: &Check, test: &CheckTest) -> Result<(), serde_json::Error> {
    test.facts.iter().try_for_each(|value| {
        serde_json::from_value::<Observed>(json!({ "name": check.over, "value": value })).map(drop)
    })
}
