//! One value against one schema.

use std::collections::BTreeSet;

use regex_lite::Regex;
use sekisho_diag::{Problem, closest};
use serde_json::Value;

use super::{MAX_REFERENCES, MAX_STEPS, Object, Validator, accepts_kind, words, words_of};
use crate::listed::listed;
use crate::scalar::Core;
use crate::tree::{Kind, Node};

/// The fields of a mapping that the schemas seen so far know.
#[derive(Default)]
pub(super) struct Known<'s> {
    pub(super) names: BTreeSet<&'s str>,
    /// Whether some schema takes any field.
    pub(super) all: bool,
}

impl Known<'_> {
    fn join(&mut self, other: Self) {
        self.names.extend(other.names);
        self.all |= other.all;
    }
}

impl<'s> Validator<'s> {
    /// Reports the mistakes of `node` against `schema`; gives back the fields that it knows.
    pub(super) fn check(&mut self, node: Node<'_>, schema: &'s Value) -> Known<'s> {
        let mut known = Known::default();
        self.steps += 1;
        let Some(object) = schema.as_object().filter(|_| self.steps < MAX_STEPS && !self.full()) else {
            if schema == &Value::Bool(false) {
                self.report(Problem::error("unknown-field", "nothing is expected here").at(node.place()));
            }
            return Known { all: true, ..known };
        };
        if !accepts_kind(object, node.kind()) {
            self.wrong_type(node, schema);
            return Known { all: true, ..known };
        }
        if self.level < MAX_REFERENCES {
            self.level += 1;
            if let Some(target) = object.get("$ref").and_then(Value::as_str).and_then(|r| self.schema.target(r)) {
                known.join(self.check(node, target));
            }
            for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                known.join(self.check(node, part));
            }
            for alternatives in ["oneOf", "anyOf"].into_iter().filter_map(|key| object.get(key)?.as_array()) {
                known.join(self.check_alternatives(node, schema, alternatives));
            }
            self.level -= 1;
        }
        // The values inside begin anew: what limits them is the depth of the document.
        let level = std::mem::take(&mut self.level);
        match node.kind() {
            Kind::Text => self.check_text(node, object),
            Kind::Int | Kind::Float => self.check_number(node, object),
            Kind::List => self.check_list(node, object),
            Kind::Mapping => self.check_mapping(node, object, &mut known),
            Kind::Null | Kind::Bool => {}
        }
        self.level = level;
        known
    }

    pub(super) fn wrong_type(&mut self, node: Node<'_>, schema: &'s Value) {
        let schemas = self.schema;
        let message = format!("expected {}, found {}", schemas.expected(schema), words::found(node));
        let problem = Problem::error("wrong-type", message).at(node.place());
        let advice = words::advice(node, |kind| schemas.accepts(schema, kind));
        self.report(match advice {
            Some(advice) => problem.hint(advice),
            None => problem,
        });
    }

    pub(super) fn unknown_word(&mut self, node: Node<'_>, text: &str, allowed: &[&str]) {
        let problem = Problem::error("unknown-value", format!("unknown value '{text}'")).at(node.place());
        self.report(match closest(text, allowed.iter().copied()) {
            Some(word) => problem.hint(format!("did you mean '{word}'?")),
            None => problem.hint(format!("known values: {}", listed(allowed.iter().copied()))),
        });
    }

    fn check_text(&mut self, node: Node<'_>, schema: &'s Object) {
        let text = node.text().unwrap_or_default();
        if let Some(allowed) = words_of(schema)
            && !allowed.contains(&text)
        {
            return self.unknown_word(node, text, &allowed);
        }
        let characters = text.chars().count() as u64;
        if schema.get("minLength").and_then(Value::as_u64).is_some_and(|least| characters < least) {
            let message = if text.is_empty() { "the text is empty" } else { "the text is too short" };
            self.report(Problem::error("too-short", message).at(node.place()));
        }
        if let Some(most) = schema.get("maxLength").and_then(Value::as_u64).filter(|most| characters > *most) {
            let message = format!("the text has {characters} characters, more than {most}");
            self.report(Problem::error("too-long", message).at(node.place()));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !self.matches(pattern, text)
        {
            let message = format!("'{text}' does not have the form that is expected here");
            // What a person can read of the form is its description, where the type has one.
            let described = schema.get("description").and_then(Value::as_str);
            let hint = match described {
                Some(description) => format!("{description} (pattern `{pattern}`)"),
                None => format!("it must match `{pattern}`"),
            };
            self.report(Problem::error("wrong-form", message).at(node.place()).hint(hint));
        }
    }

    fn check_number(&mut self, node: Node<'_>, schema: &Object) {
        let number = match node.scalar() {
            Some((_, Core::Int(number))) => number as f64,
            Some((_, Core::UInt(number))) => number as f64,
            Some((_, Core::Float(number))) => number,
            _ => return,
        };
        let allowed =
            schema.get("const").map(std::slice::from_ref).or_else(|| schema.get("enum")?.as_array().map(Vec::as_slice));
        if allowed.is_some_and(|allowed| !allowed.iter().any(|value| value.as_f64() == Some(number))) {
            let known: Vec<String> = allowed.unwrap_or_default().iter().map(Value::to_string).collect();
            let problem = Problem::error("unknown-value", format!("unknown value {}", node.text().unwrap_or_default()));
            return self.report(problem.at(node.place()).hint(format!("known values: {}", known.join(", "))));
        }
        let (least, most) = range(schema);
        let bound = if least.is_some_and(|least| number < least) {
            least.map(|least| format!("less than {least}"))
        } else {
            most.filter(|most| number > *most).map(|most| format!("more than {most}"))
        };
        if let Some(bound) = bound {
            let message = format!("{} is {bound}", node.text().unwrap_or_default());
            self.report(Problem::error("out-of-range", message).at(node.place()));
        }
    }

    fn check_list(&mut self, node: Node<'_>, schema: &'s Object) {
        let count = node.items().len() as u64;
        let bound = |key| schema.get(key).and_then(Value::as_u64);
        if let Some(least) = bound("minItems").filter(|least| count < *least) {
            let message = format!("the list has {count} of at least {least} elements");
            self.report(Problem::error("too-short", message).at(node.place()));
        }
        if let Some(most) = bound("maxItems").filter(|most| count > *most) {
            let message = format!("the list has {count} elements, more than {most}");
            self.report(Problem::error("too-long", message).at(node.place()));
        }
        let mut first = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
        let others = schema.get("items");
        for item in node.items() {
            if let Some(schema) = first.next().or(others) {
                self.check(item, schema);
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.check_unique(node);
        }
    }

    /// Reports texts that a set has twice; other values are left to decoding, which forgives them.
    fn check_unique(&mut self, list: Node<'_>) {
        let mut seen = BTreeSet::new();
        for item in list.items() {
            if let Some(text) = item.text()
                && !seen.insert(text)
            {
                let message = format!("'{text}' is listed a second time");
                self.report(
                    Problem::warning("duplicate-value", message).at(item.place()).hint("remove one of the two"),
                );
            }
        }
    }

    fn check_mapping(&mut self, node: Node<'_>, schema: &'s Object, known: &mut Known<'s>) {
        let fields = |key| schema.get(key).and_then(Value::as_object);
        let (properties, patterns) = (fields("properties"), fields("patternProperties"));
        let additional = schema.get("additionalProperties");
        let mut unknown = Vec::new();
        for (key, value) in node.entries() {
            let by_name = properties.and_then(|p| p.get_key_value(key));
            let by_pattern = || {
                let mut patterns = patterns.into_iter().flatten();
                patterns.find(|(pattern, _)| self.matches(pattern, key)).map(|(_, schema)| schema)
            };
            match by_name.map(|(_, schema)| schema).or_else(by_pattern) {
                Some(schema) => {
                    self.check(value, schema);
                }
                None => match additional {
                    Some(Value::Bool(false)) => unknown.push(key),
                    Some(schema) => {
                        self.check(value, schema);
                    }
                    None => {}
                },
            }
        }
        let open = additional.is_some_and(|schema| schema != &Value::Bool(false));
        known.all |= open || patterns.is_some();
        known.names.extend(properties.into_iter().flat_map(|p| p.keys()).map(String::as_str));
        if schema.get("unevaluatedProperties") == Some(&Value::Bool(false)) && !known.all {
            unknown.extend(node.entries().map(|(key, _)| key).filter(|key| !known.names.contains(key)));
        }
        if let Some(names) = schema.get("propertyNames").and_then(Value::as_object) {
            self.check_keys(node, names);
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let missing: Vec<&str> = required.filter_map(Value::as_str).filter(|name| node.get(name).is_none()).collect();
        self.report_fields(node, &unknown, missing, known);
    }

    /// Reports unknown and missing fields. A missing field that an unknown one was meant to be is one mistake, not two.
    fn report_fields(&mut self, node: Node<'_>, unknown: &[&str], mut missing: Vec<&str>, known: &Known<'_>) {
        for key in unknown {
            if self.full() {
                return;
            }
            let problem = Problem::error("unknown-field", format!("unknown field '{}'", key.trim_start()))
                .at(node.place_of_key(key).unwrap_or_else(|| node.place()));
            let free = known.names.iter().copied().filter(|name| node.get(name).is_none());
            let meant = closest(key.trim_start(), free);
            self.report(match meant {
                _ if key.starts_with('\u{3000}') => {
                    problem.hint("a full-width space stands before it: indent with half-width spaces")
                }
                Some(name) => problem.hint(format!("did you mean '{name}'?")),
                None => problem.hint(format!("known fields: {}", listed(known.names.iter().copied()))),
            });
            missing.retain(|name| Some(*name) != meant);
        }
        if let [first, rest @ ..] = missing.as_slice() {
            let fields = if rest.is_empty() { "field" } else { "fields" };
            let message = format!("missing {fields} {}", listed([*first].into_iter().chain(rest.iter().copied())));
            let problem = Problem::error("missing-field", message).at(node.place());
            // Where unknown fields are allowed, one of them may be a misspelt one all the same.
            let others = || node.entries().map(|(key, _)| key).filter(|key| !known.names.contains(key));
            let slip = missing.iter().find_map(|name| closest(name, others()).map(|slip| (slip, name)));
            self.report(match slip {
                Some((slip, name)) => problem.hint(format!("should '{slip}' be '{name}'?")),
                None => problem,
            });
        }
    }

    fn check_keys(&mut self, node: Node<'_>, names: &'s Object) {
        let allowed = words_of(names);
        let pattern = names.get("pattern").and_then(Value::as_str);
        for (key, _) in node.entries() {
            let known = allowed.as_ref().is_none_or(|allowed| allowed.contains(&key));
            let formed = pattern.is_none_or(|pattern| self.matches(pattern, key));
            if known && formed {
                continue;
            }
            let problem = Problem::error("unknown-field", format!("'{key}' cannot be a field here"))
                .at(node.place_of_key(key).unwrap_or_else(|| node.place()));
            let allowed = allowed.iter().flatten().copied();
            self.report(match (closest(key, allowed.clone()), pattern) {
                (Some(name), _) => problem.hint(format!("did you mean '{name}'?")),
                (None, Some(pattern)) => problem.hint(format!("it must match `{pattern}`")),
                (None, None) => problem.hint(format!("known fields: {}", listed(allowed))),
            });
        }
    }

    /// Whether `text` has the form of `pattern`; a pattern that cannot be compiled fits everything.
    fn matches(&mut self, pattern: &'s str, text: &str) -> bool {
        let compiled = self.patterns.entry(pattern).or_insert_with(|| Regex::new(pattern).ok());
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

/// The least and greatest number that a schema takes, by its bounds or else by the width of its integer type.
fn range(schema: &Object) -> (Option<f64>, Option<f64>) {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let (least, most) = match schema.get("format").and_then(Value::as_str) {
        Some("int8") => (Some(f64::from(i8::MIN)), Some(f64::from(i8::MAX))),
        Some("int16") => (Some(f64::from(i16::MIN)), Some(f64::from(i16::MAX))),
        Some("int32") => (Some(f64::from(i32::MIN)), Some(f64::from(i32::MAX))),
        Some("int64") => (None, Some(i64::MAX as f64)),
        Some("uint32") => (Some(0.0), Some(f64::from(u32::MAX))),
        _ => (None, None),
    };
    (bound("minimum").or(least), bound("maximum").or(most))
}
