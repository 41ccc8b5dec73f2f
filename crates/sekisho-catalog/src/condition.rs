//! The two kinds of conditions that data hold, and what they may speak of: traits of a product, and the value of a fact.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sekisho_expr::{Expr, Function, Scope, Type};
use sekisho_model::assessment::TraitState;
use sekisho_model::fact::Observed;
use sekisho_model::trait_id::Trait;
use sekisho_version::order;

/// What an `applies_when` may speak of: every trait, as a truth value.
pub fn trait_scope() -> Scope {
    Scope::new().traits(Trait::ALL.iter().map(|t| t.name()))
}

/// What the condition of a check over the fact `name` may speak of: its `value`, typed by the fact's schema, and
/// `versionLess(a, b)` by [`order::compare`]. None where there is no such fact.
pub fn check_scope(name: &str) -> Option<Scope> {
    let schema = Observed::schema(name)?.to_value();
    let version_less = Function::of_texts(|a, b| order::compare(a, b) == Ordering::Less);
    Some(Scope::new().variable("value", Type::from_json_schema(&schema)).function("versionLess", version_less))
}

/// Conditions over the traits of a product, as far as these are known.
pub struct Conditions {
    scope: Scope,
    values: BTreeMap<&'static str, Option<bool>>,
}

impl Conditions {
    /// Conditions under these traits; one that is not among them is not known.
    pub fn new(traits: &[TraitState]) -> Self {
        Self { scope: trait_scope(), values: traits.iter().map(|t| (t.id.name(), t.value)).collect() }
    }

    /// Whether a condition is known to be false. What is unknown applies, and so does a condition that cannot be read.
    pub fn is_false(&self, condition: &str) -> bool {
        let Ok(expr) = Expr::condition(condition, &self.scope) else { return false };
        expr.eval_traits(&|name| self.values.get(name).copied().flatten()) == Some(false)
    }
}
