//! A check made ready to run: its conditions compiled, its outcome computed from facts and from how far they were looked for.

use sekisho_expr::Expr;
use sekisho_model::catalog::{Check, Expectation};
use sekisho_model::verdict::Outcome;
use serde_json::Value;
use thiserror::Error;

use crate::condition::check_scope;

/// Why a check cannot be made ready: `field` says which condition, `errors` what is wrong with it.
#[derive(Debug, Error)]
#[error("the condition `{field}` does not compile")]
pub struct CheckError {
    /// `given`, `where` or `over`.
    pub field: &'static str,
    /// What is wrong, with positions in the condition's text.
    pub errors: Vec<sekisho_expr::ExprError>,
}

/// A check with its conditions compiled.
#[derive(Debug)]
pub struct CompiledCheck {
    given: Option<Expr>,
    condition: Expr,
    expect: Expectation,
}

/// What a check says of the facts it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// The outcome.
    pub outcome: Outcome,
    /// Positions of the facts that the outcome rests on: those that fail it, or those that pass it.
    pub facts: Vec<usize>,
}

impl CompiledCheck {
    /// Compiles the conditions of `check` against the schema of the facts it looks at.
    ///
    /// # Errors
    /// Where a condition has a mistake, or there is no such fact.
    pub fn new(check: &Check) -> Result<Self, CheckError> {
        let Some(scope) = check_scope(&check.over) else {
            return Err(CheckError { field: "over", errors: Vec::new() });
        };
        let compile = |field, text: &str| Expr::condition(text, &scope).map_err(|errors| CheckError { field, errors });
        Ok(Self {
            given: check.given.as_deref().map(|text| compile("given", text)).transpose()?,
            condition: compile("where", &check.condition)?,
            expect: check.expect,
        })
    }

    /// The outcome over the values of all facts of the check's name about one component. `complete` says whether everything the check
    /// needs was looked at: only then does the absence of a fact mean anything.
    ///
    /// More facts, and facts looked for further, can turn `Inconclusive` into another outcome, but never a `Fail` found on a fact into a `Pass`.
    pub fn outcome<'a>(&self, values: impl IntoIterator<Item = &'a Value>, complete: bool) -> Verdicts {
        let (mut fulfil, mut fall_short) = (Vec::new(), Vec::new());
        let mut complete = complete;
        for (position, value) in values.into_iter().enumerate() {
            match self.judge(value) {
                Some(Judged::Fulfils) => fulfil.push(position),
                Some(Judged::FallsShort) => fall_short.push(position),
                Some(Judged::NotGiven) => {}
                // A value that cannot be judged is as good as one that was not looked at.
                None => complete = false,
            }
        }
        let unless_complete = |outcome| if complete { outcome } else { Outcome::Inconclusive };
        let (outcome, facts) = match self.expect {
            Expectation::None if fulfil.is_empty() => (unless_complete(Outcome::Pass), Vec::new()),
            Expectation::None => (Outcome::Fail, fulfil),
            Expectation::Any if fulfil.is_empty() => (unless_complete(Outcome::Fail), Vec::new()),
            Expectation::Any => (Outcome::Pass, fulfil),
            Expectation::All if !fall_short.is_empty() => (Outcome::Fail, fall_short),
            Expectation::All if fulfil.is_empty() => (unless_complete(Outcome::NothingToCheck), Vec::new()),
            Expectation::All => (unless_complete(Outcome::Pass), fulfil),
        };
        Verdicts { outcome, facts }
    }

    /// What one value is to the check; none where it is not of the fact's type, which a typed fact never is.
    fn judge(&self, value: &Value) -> Option<Judged> {
        let holds = |condition: &Expr| condition.eval_bool(&[("value", value)]).ok();
        if let Some(given) = &self.given
            && !holds(given)?
        {
            return Some(Judged::NotGiven);
        }
        Some(if holds(&self.condition)? { Judged::Fulfils } else { Judged::FallsShort })
    }
}

enum Judged {
    NotGiven,
    Fulfils,
    FallsShort,
}
