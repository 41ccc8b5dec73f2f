//! Formulas over traits of which some are not known.

use crate::ast::{Comparison, Kind, Node};

/// Unknown traits whose every combination is tried; 4096 combinations at most.
const MAX_TRIED: usize = 12;

/// The truth of `node`, or none where it depends on what is not known.
pub(crate) fn truth(node: &Node, known: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
    if let Some(truth) = kleene(node, known) {
        return Some(truth);
    }
    // Kleene's logic does not see that `a || !a` is true whatever `a` is.
    let mut unknown = Vec::new();
    collect_unknown(node, known, &mut unknown);
    if unknown.len() > MAX_TRIED {
        return None;
    }
    let mut results = (0..1_u32 << unknown.len()).map(|combination| {
        kleene(node, &|name| match unknown.iter().position(|unknown| *unknown == name) {
            Some(i) => Some(combination >> i & 1 == 1),
            None => known(name),
        })
    });
    let first = results.next().flatten()?;
    results.all(|result| result == Some(first)).then_some(first)
}

/// Kleene's three-valued logic; what is not a formula over traits is unknown.
fn kleene(node: &Node, known: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
    match &node.kind {
        Kind::Bool(value) => Some(*value),
        Kind::Variable(name) => known(name),
        Kind::Not(operand) => Some(!kleene(operand, known)?),
        Kind::And(operands) => all(operands, true, known),
        Kind::Or(operands) => all(operands, false, known).map(|none| !none),
        Kind::Compare(Comparison::Equal, a, b) => Some(kleene(a, known)? == kleene(b, known)?),
        Kind::Compare(Comparison::NotEqual, a, b) => Some(kleene(a, known)? != kleene(b, known)?),
        Kind::Conditional(condition, chosen, otherwise) => match kleene(condition, known) {
            Some(true) => kleene(chosen, known),
            Some(false) => kleene(otherwise, known),
            None => kleene(chosen, known).filter(|truth| kleene(otherwise, known) == Some(*truth)),
        },
        _ => None,
    }
}

/// Whether all of `operands` are `wanted`: not, as soon as one is not; unknown, as long as one is.
fn all(operands: &[Node], wanted: bool, known: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
    let mut all = Some(true);
    for operand in operands {
        match kleene(operand, known) {
            Some(truth) if truth == wanted => {}
            Some(_) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn collect_unknown<'a>(node: &'a Node, known: &dyn Fn(&str) -> Option<bool>, unknown: &mut Vec<&'a str>) {
    if let Kind::Variable(name) = &node.kind
        && known(name).is_none()
        && !unknown.contains(&name.as_str())
    {
        unknown.push(name);
    }
    for child in node.children() {
        collect_unknown(child, known, unknown);
    }
}
