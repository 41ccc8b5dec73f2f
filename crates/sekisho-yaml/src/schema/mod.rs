//! A document against a JSON Schema: every mistake at its place, with a hint.
//!
//! This is a reader of the schemas that `schemars` writes for ordinary types (structs, options, lists, maps, enums in
//! all of serde's taggings, flattening), not a validator for any schema: it aims at what to tell a person. Where a
//! schema offers alternatives it finds the one that was meant and reports the mistakes against that.

mod alternatives;
mod check;
mod words;

use std::collections::HashMap;

use regex_lite::Regex;
use sekisho_diag::Problem;
use serde_json::{Map, Value};

use crate::tree::{Kind, Node};

/// Every mistake of `node` against `schema`, at most `limit` of them.
pub(crate) fn validate(node: Node<'_>, schema: &Value, limit: usize) -> Vec<Problem> {
    let mut validator = Validator {
        schema: Schemas { root: schema },
        patterns: HashMap::new(),
        problems: Vec::new(),
        limit,
        steps: 0,
        level: 0,
    };
    if node.kind() == Kind::Null && !validator.schema.accepts(schema, Kind::Null) {
        let message = format!("the file is empty, expected {}", validator.schema.expected(schema));
        return vec![Problem::error("wrong-type", message).at(node.place())];
    }
    validator.check(node, schema);
    validator.problems.sort_by(|a, b| a.place.cmp(&b.place));
    validator.problems
}

/// A schema with keywords; the other schemas are `true` and `false`.
type Object = Map<String, Value>;

/// Schemas may be recursive and alternatives are tried one after the other; a schema that makes this explode (untagged
/// enums inside untagged enums) is cut off here rather than waited for.
const MAX_STEPS: usize = 20_000_000;

/// References followed without coming to another value; only a schema that refers to itself in a circle has more.
const MAX_REFERENCES: usize = 64;

struct Validator<'s> {
    schema: Schemas<'s>,
    /// Compiled patterns; none for those that this regular-expression engine does not know.
    patterns: HashMap<&'s str, Option<Regex>>,
    problems: Vec<Problem>,
    limit: usize,
    steps: usize,
    level: usize,
}

impl Validator<'_> {
    fn report(&mut self, problem: Problem) {
        if !self.full() {
            self.problems.push(problem);
        }
    }

    /// Whether nothing more is reported, so that looking for more is idle.
    fn full(&self) -> bool {
        self.problems.len() >= self.limit
    }
}

/// The schema as a whole, to look up what its parts refer to.
#[derive(Clone, Copy)]
struct Schemas<'s> {
    root: &'s Value,
}

impl<'s> Schemas<'s> {
    /// What `#/$defs/Name` stands for.
    fn target(self, reference: &str) -> Option<&'s Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// `schema` and all that it includes unconditionally: what it refers to, and its `allOf`.
    fn parts(self, schema: &'s Value) -> Vec<&'s Object> {
        let mut parts = Vec::new();
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop().filter(|_| parts.len() < MAX_REFERENCES) {
            let Some(object) = schema.as_object() else { continue };
            parts.push(object);
            waiting.extend(object.get("$ref").and_then(Value::as_str).and_then(|r| self.target(r)));
            waiting.extend(object.get("allOf").and_then(Value::as_array).into_iter().flatten());
        }
        parts
    }

    /// The alternatives of `schema`, those of its parts included, down to the ones without alternatives of their own.
    fn leaves(self, schema: &'s Value) -> Vec<&'s Value> {
        let mut leaves = Vec::new();
        let mut waiting = vec![schema];
        let mut steps = 0;
        while let Some(schema) = waiting.pop() {
            steps += 1;
            let parts = self.parts(schema);
            let alternatives: Vec<&Value> = parts.iter().copied().flat_map(alternatives_of).collect();
            // A struct with a flattened enum is one thing, whichever variant it has.
            let has_fields = parts.iter().any(|part| part.contains_key("properties"));
            if alternatives.is_empty() || has_fields || steps > MAX_REFERENCES {
                leaves.push(schema);
            } else {
                waiting.extend(alternatives.into_iter().rev());
            }
        }
        leaves
    }

    /// Whether a value of `kind` can be one of `schema`, going by types alone.
    fn accepts(self, schema: &'s Value, kind: Kind) -> bool {
        self.leaves(schema).into_iter().any(|leaf| {
            let parts = self.parts(leaf);
            let outright_false = leaf == &Value::Bool(false);
            !outright_false && parts.iter().all(|part| accepts_kind(part, kind))
        })
    }
}

/// What a schema's `oneOf` or `anyOf` offers.
fn alternatives_of(schema: &Object) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)).filter_map(Value::as_array).flatten()
}

/// The types that a schema names; none where it names none and takes every type.
fn types_of(schema: &Object) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => match (schema.get("const"), schema.get("enum")) {
            (Some(value), _) => vec![type_of(value)],
            (None, Some(Value::Array(values))) => values.iter().map(type_of).collect(),
            _ => Vec::new(),
        },
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn accepts_kind(schema: &Object, kind: Kind) -> bool {
    let types = types_of(schema);
    types.is_empty()
        || types.into_iter().any(|name| match name {
            "null" => kind == Kind::Null,
            "boolean" => kind == Kind::Bool,
            "integer" => kind == Kind::Int,
            "number" => matches!(kind, Kind::Int | Kind::Float),
            "string" => kind == Kind::Text,
            "array" => kind == Kind::List,
            "object" => kind == Kind::Mapping,
            _ => true,
        })
}

/// The texts that a schema allows, where it allows only certain ones.
fn words_of(schema: &Object) -> Option<Vec<&str>> {
    let texts = |values: &'_ [Value]| values.iter().all(Value::is_string);
    match (schema.get("const"), schema.get("enum")) {
        (Some(Value::String(word)), _) => Some(vec![word]),
        (None, Some(Value::Array(values))) if texts(values) => Some(values.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}
