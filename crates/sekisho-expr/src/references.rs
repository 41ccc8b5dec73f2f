//! What an expression looks at.

use std::collections::BTreeSet;

use crate::ast::{Kind, Node};

/// The variables that `node` names, without those of its macros.
pub(crate) fn variables(node: &Node) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    collect_variables(node, &mut Vec::new(), &mut found);
    found
}

fn collect_variables<'a>(node: &'a Node, locals: &mut Vec<&'a str>, found: &mut BTreeSet<&'a str>) {
    match &node.kind {
        Kind::Variable(name) if !locals.contains(&name.as_str()) => {
            found.insert(name);
        }
        Kind::Quantified { list, variable, body, .. } => {
            collect_variables(list, locals, found);
            locals.push(&variable.text);
            collect_variables(body, locals, found);
            locals.pop();
        }
        _ => node.children().into_iter().for_each(|child| collect_variables(child, locals, found)),
    }
}

/// The fields that `node` reads, as paths from their variables: `value.keys[].bits`.
pub(crate) fn fields(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_fields(node, &mut Vec::new(), &mut found);
    found
}

/// The macros' variables around and the paths of their elements, where those have one.
type Locals<'a> = Vec<(&'a str, Option<String>)>;

fn collect_fields<'a>(node: &'a Node, locals: &mut Locals<'a>, found: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Field { operand, field, .. } | Kind::Has { operand, field } => match path(operand, locals) {
            Some(path) => {
                found.insert(format!("{path}.{}", field.text));
            }
            None => collect_fields(operand, locals, found),
        },
        Kind::Quantified { list, variable, body, .. } => {
            collect_fields(list, locals, found);
            let element = path(list, locals).map(|path| format!("{path}[]"));
            locals.push((&variable.text, element));
            collect_fields(body, locals, found);
            locals.pop();
        }
        _ => node.children().into_iter().for_each(|child| collect_fields(child, locals, found)),
    }
}

fn path(node: &Node, locals: &Locals<'_>) -> Option<String> {
    match &node.kind {
        Kind::Variable(name) => match locals.iter().rev().find(|(local, _)| local == name) {
            Some((_, element)) => element.clone(),
            None => Some(name.clone()),
        },
        Kind::Field { operand, field, .. } => Some(format!("{}.{}", path(operand, locals)?, field.text)),
        _ => None,
    }
}
