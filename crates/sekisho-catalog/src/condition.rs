//! The two kinds of conditions that data hold, and what they may speak of: traits of a product, and the value of a fact.

use std::cmp::Ordering;

use sekisho_expr::{Function, Scope, Type};
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
