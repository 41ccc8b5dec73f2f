//! What a condition says about which optional values are present.

use crate::ast::{Comparison, Kind, Node};

/// The paths that are known to be present where `condition` has turned out to be `truth`.
pub(crate) fn present(condition: &Node, truth: bool) -> Vec<String> {
    match &condition.kind {
        Kind::Not(inner) => present(inner, !truth),
        Kind::And(operands) if truth => operands.iter().flat_map(|operand| present(operand, true)).collect(),
        Kind::Or(operands) if !truth => operands.iter().flat_map(|operand| present(operand, false)).collect(),
        Kind::Has { operand, field } if truth => {
            operand.path().map(|path| format!("{path}.{}", field.text)).into_iter().collect()
        }
        Kind::Compare(Comparison::Equal, a, b) => compared(a, b, truth),
        Kind::Compare(Comparison::NotEqual, a, b) => compared(a, b, !truth),
        Kind::In(element, list) if truth && is_present_literal(list) => element.path().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What `a` and `b` being `equal` or different says.
fn compared(a: &Node, b: &Node, equal: bool) -> Vec<String> {
    [(a, b), (b, a)]
        .into_iter()
        .filter(|(_, other)| if equal { is_present_literal(other) } else { matches!(other.kind, Kind::Null) })
        .filter_map(|(node, _)| node.path())
        .collect()
}

/// Whether `node` is a literal without `null` in it.
fn is_present_literal(node: &Node) -> bool {
    match &node.kind {
        Kind::Bool(_) | Kind::Int(_) | Kind::Double(_) | Kind::String(_) => true,
        Kind::List(items) => items.iter().all(is_present_literal),
        _ => false,
    }
}
