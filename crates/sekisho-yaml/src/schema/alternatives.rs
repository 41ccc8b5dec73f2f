//! Which of several alternatives a value was meant to be.

use std::collections::BTreeMap;
use std::mem;

use sekisho_diag::Problem;
use serde_json::Value;

use super::check::Known;
use super::words::found;
use super::{Object, Validator, words_of};
use crate::listed::listed;
use crate::tree::{Kind, Node};

/// How a person says which alternative a mapping is.
enum Selector<'s> {
    /// By the value of a field that all of them have: serde's internally and adjacently tagged enums.
    Field { name: &'s str, by_value: BTreeMap<&'s str, &'s Value> },
    /// By its only field: serde's externally tagged enums.
    OnlyField { by_name: BTreeMap<&'s str, &'s Value> },
}

impl<'s> Validator<'s> {
    /// Checks `node` against the one of `alternatives` that was meant; `schema` is what offers them.
    pub(super) fn check_alternatives(
        &mut self,
        node: Node<'_>,
        schema: &'s Value,
        alternatives: &'s [Value],
    ) -> Known<'s> {
        let kind = node.kind();
        let leaves: Vec<&Value> = alternatives.iter().flat_map(|alternative| self.schema.leaves(alternative)).collect();
        let candidates: Vec<&Value> = leaves.iter().copied().filter(|leaf| self.schema.accepts(leaf, kind)).collect();
        let chosen = match (kind, candidates.as_slice()) {
            (Kind::Text, _) => self.check_word(node, &leaves, &candidates),
            (Kind::Mapping, [_, _, ..]) => self.check_selected(node, &candidates),
            _ => None,
        };
        match (chosen, candidates.as_slice()) {
            (Some(known), _) => known,
            (None, []) => {
                self.wrong_type(node, schema);
                Known { all: true, ..Known::default() }
            }
            (None, [only]) => self.check(node, only),
            (None, several) => self.check_each(node, several),
        }
    }

    /// A text where only certain words are allowed; none where other texts are, too.
    fn check_word(&mut self, node: Node<'_>, leaves: &[&'s Value], candidates: &[&'s Value]) -> Option<Known<'s>> {
        let text = node.text()?;
        let mut allowed = Vec::new();
        for candidate in candidates {
            allowed.extend(self.schema.parts(candidate).into_iter().find_map(words_of)?);
        }
        if allowed.contains(&text) {
            return Some(Known::default());
        }
        let with_value: Vec<&str> = leaves.iter().filter_map(|leaf| only_field(&self.schema.parts(leaf))).collect();
        if with_value.contains(&text) {
            let problem = Problem::error("wrong-type", format!("'{text}' needs a value")).at(node.place());
            self.report(problem.hint(format!("write it as a mapping: `{text}: ...`")));
        } else if candidates.is_empty() && with_value.is_empty() {
            return None;
        } else {
            allowed.extend(with_value);
            self.unknown_word(node, text, &allowed);
        }
        Some(Known::default())
    }

    /// A mapping that says by a field which alternative it is; none where the alternatives have no such field.
    fn check_selected(&mut self, node: Node<'_>, candidates: &[&'s Value]) -> Option<Known<'s>> {
        let everything = Known { all: true, ..Known::default() };
        match self.selector(candidates)? {
            Selector::Field { name, by_value } => {
                let words: Vec<&str> = by_value.keys().copied().collect();
                let Some(value) = node.get(name) else {
                    let problem = Problem::error("missing-field", format!("missing field '{name}'")).at(node.place());
                    self.report(problem.hint(format!("it says what this is, one of {}", listed(words))));
                    return Some(everything);
                };
                match value.text().map(|text| (text, by_value.get(text))) {
                    Some((_, Some(meant))) => return Some(self.check(node, meant)),
                    Some((text, None)) => self.unknown_word(value, text, &words),
                    None => {
                        let message = format!("expected a text, found {}", found(value));
                        let problem = Problem::error("wrong-type", message).at(value.place());
                        self.report(problem.hint(format!("known values: {}", listed(words))));
                    }
                }
                Some(everything)
            }
            Selector::OnlyField { by_name } => {
                if let Some(meant) = node.entries().find_map(|(key, _)| by_name.get(key)) {
                    return Some(self.check(node, meant));
                }
                // In a flattened enum the field stands beside others, so it is not known which was meant for it.
                let problem = Problem::error(
                    "missing-field",
                    format!("missing one of the fields {}", listed(by_name.keys().copied())),
                );
                self.report(problem.at(node.place()));
                Some(Known { names: by_name.into_keys().collect(), all: false })
            }
        }
    }

    fn selector(&self, candidates: &[&'s Value]) -> Option<Selector<'s>> {
        let parts: Vec<Vec<&Object>> = candidates.iter().map(|candidate| self.schema.parts(candidate)).collect();
        let names = parts.first()?.iter().filter_map(|part| part.get("properties")?.as_object()).flat_map(|p| p.keys());
        for name in names {
            let values = parts.iter().map(|parts| field_word(parts, name)).collect::<Option<Vec<_>>>();
            if let Some(values) = values {
                let by_value: BTreeMap<_, _> = values.into_iter().zip(candidates.iter().copied()).collect();
                if by_value.len() == candidates.len() {
                    return Some(Selector::Field { name, by_value });
                }
            }
        }
        let names = parts.iter().map(|parts| only_field(parts)).collect::<Option<Vec<_>>>()?;
        let by_name: BTreeMap<_, _> = names.into_iter().zip(candidates.iter().copied()).collect();
        (by_name.len() == candidates.len()).then_some(Selector::OnlyField { by_name })
    }

    /// Tries one alternative after the other; if none fits, reports the mistakes against the one that fits best.
    fn check_each(&mut self, node: Node<'_>, candidates: &[&'s Value]) -> Known<'s> {
        let before = mem::take(&mut self.problems);
        let mut best: Option<(usize, Vec<Problem>, Known<'s>)> = None;
        for candidate in candidates {
            let known = self.check(node, candidate);
            let problems = mem::take(&mut self.problems);
            let better = best.as_ref().is_none_or(|(count, ..)| problems.len() < *count);
            if better {
                best = Some((problems.len(), problems, known));
            }
            if matches!(best, Some((0, ..))) {
                break;
            }
        }
        self.problems = before;
        let Some((_, problems, known)) = best else { return Known::default() };
        for problem in problems {
            self.report(problem);
        }
        known
    }
}

/// The only word that the field `name` can be.
fn field_word<'s>(parts: &[&'s Object], name: &str) -> Option<&'s str> {
    let field = parts.iter().find_map(|part| part.get("properties")?.get(name)?.as_object())?;
    match words_of(field)?.as_slice() {
        [word] => Some(word),
        _ => None,
    }
}

/// The field of a schema that has and requires just this one.
fn only_field<'s>(parts: &[&'s Object]) -> Option<&'s str> {
    let [part] = parts else { return None };
    let properties = part.get("properties")?.as_object()?;
    let required = part.get("required")?.as_array()?;
    let (name, _) = properties.iter().next().filter(|_| properties.len() == 1 && required.len() == 1)?;
    Some(name)
}
