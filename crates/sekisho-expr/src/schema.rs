//! From the JSON Schema of a fact to its type.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::types::Type;

/// Schemas nested deeper, which only recursive ones are, end in [`Type::Opaque`].
const MAX_LEVEL: usize = 16;

impl Type {
    /// The type of the values that `schema` describes: a JSON Schema (draft 2020-12) as `schemars` writes it for a
    /// type that is serialised with serde.
    ///
    /// Structs become records, options optional, unit-only enums texts with known values. An internally tagged enum
    /// becomes one record with the fields of all its variants, those that not every variant has being optional. A
    /// field that is not required is optional, except for lists and booleans, which are empty and false when absent.
    /// What has no counterpart (maps with free keys, untagged enums, any value) is [`Type::Opaque`].
    pub fn from_json_schema(schema: &Value) -> Self {
        Reader { root: schema }.read(schema, 0)
    }
}

#[derive(Clone, Copy)]
struct Reader<'s> {
    root: &'s Value,
}

impl<'s> Reader<'s> {
    fn read(self, schema: &'s Value, level: usize) -> Type {
        let Some(schema) = schema.as_object().filter(|_| level < MAX_LEVEL) else { return Type::Opaque };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
            && !schema.contains_key("properties")
        {
            let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            return target.map_or(Type::Opaque, |target| self.read(target, level + 1));
        }
        if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return self.read(only, level + 1);
        }
        if let Some(words) = words(schema) {
            return Type::Word(words.into());
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(alternatives) = schema.get(key).and_then(Value::as_array) {
                return self.alternatives(schema, alternatives, level);
            }
        }
        match schema.get("type") {
            Some(Value::String(name)) => self.named(name, schema, level),
            Some(Value::Array(names)) => {
                let others: Vec<&str> = names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect();
                match others.as_slice() {
                    [name] if names.len() == 2 => Type::optional(self.named(name, schema, level)),
                    [name] => self.named(name, schema, level),
                    _ => Type::Opaque,
                }
            }
            _ => Type::Opaque,
        }
    }

    fn named(self, name: &str, schema: &'s Map<String, Value>, level: usize) -> Type {
        match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Double,
            "string" => Type::String,
            "array" => schema.get("items").map_or(Type::Opaque, |items| match self.read(items, level + 1) {
                Type::Opaque => Type::Opaque,
                element => Type::list(element),
            }),
            "object" if schema.contains_key("properties") => Type::Record(Arc::new(self.fields(schema, level))),
            _ => Type::Opaque,
        }
    }

    fn fields(self, schema: &'s Map<String, Value>, level: usize) -> BTreeMap<String, Type> {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut fields: BTreeMap<String, Type> = properties
            .map(|(name, property)| {
                let ty = self.read(property, level + 1);
                let is_required = required.contains(&name.as_str());
                (name.clone(), if is_required { ty } else { unless_absent(ty, property.get("default")) })
            })
            .collect();
        // A variant of a tagged enum that is a struct of its own refers to it beside its tag.
        let included = schema.get("$ref").and_then(Value::as_str).and_then(|r| self.root.pointer(r.strip_prefix('#')?));
        if let Some(Type::Record(included)) = included.map(|target| self.read(target, level + 1)) {
            fields.extend(included.iter().map(|(name, ty)| (name.clone(), ty.clone())));
        }
        fields
    }

    fn alternatives(self, schema: &'s Map<String, Value>, alternatives: &'s [Value], level: usize) -> Type {
        let is_null = |schema: &Value| schema.get("type") == Some(&Value::from("null"));
        let others: Vec<&Value> = alternatives.iter().filter(|alternative| !is_null(alternative)).collect();
        let ty = match others.as_slice() {
            [only] => self.read(only, level + 1),
            several => self.union(schema, several, level),
        };
        if others.len() < alternatives.len() { Type::optional(ty) } else { ty }
    }

    /// Of texts, one of all their words; of records that a tag tells apart, one record.
    fn union(self, schema: &'s Map<String, Value>, alternatives: &[&'s Value], level: usize) -> Type {
        let all_words =
            alternatives.iter().map(|alternative| words(alternative.as_object()?)).collect::<Option<Vec<_>>>();
        if let Some(words) = all_words {
            return Type::Word(words.concat().into());
        }
        let records = alternatives
            .iter()
            .map(|alternative| {
                Some(self.fields(alternative.as_object().filter(|a| a.contains_key("properties"))?, level))
            })
            .collect::<Option<Vec<_>>>();
        let Some(records) = records.filter(|records| has_tag(records)) else { return Type::Opaque };
        let mut union = self.fields(schema, level);
        let names: Vec<&String> = records.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            let types: Vec<&Type> = records.iter().filter_map(|record| record.get(name)).collect();
            let everywhere = types.len() == records.len();
            let ty = types.into_iter().try_fold(Type::Never, |a, b| match (&a, b) {
                // All variants' words together, not any text.
                (Type::Word(a), Type::Word(b)) => {
                    Some(Type::Word(a.iter().chain(b.iter().filter(|word| !a.contains(word))).cloned().collect()))
                }
                (a, b) => a.unified(b),
            });
            let ty = ty.unwrap_or(Type::Opaque);
            union.insert(name.clone(), if everywhere { ty } else { unless_absent(ty, None) });
        }
        Type::Record(Arc::new(union))
    }
}

/// Whether some field is a different single word in each of `records`.
fn has_tag(records: &[BTreeMap<String, Type>]) -> bool {
    let single = |ty: Option<&Type>| matches!(ty, Some(Type::Word(words)) if words.len() == 1);
    records.first().is_some_and(|first| first.keys().any(|name| records.iter().all(|record| single(record.get(name)))))
}

/// The type of a field that may be absent: what the language says of absent lists and booleans must be so.
fn unless_absent(ty: Type, default: Option<&Value>) -> Type {
    let stays = match &ty {
        Type::List(_) => default.is_none_or(|default| default.as_array().is_some_and(Vec::is_empty)),
        Type::Bool => default.is_none_or(|default| default == &Value::Bool(false)),
        _ => false,
    };
    if stays { ty } else { Type::optional(ty) }
}

/// The texts that a schema allows, where it allows only certain ones.
fn words(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let word = |value: &Value| value.as_str().map(str::to_owned);
    match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => Some(vec![word(value)?]),
        (None, Some(values)) => values.as_array()?.iter().map(word).collect(),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use schemars::{JsonSchema, schema_for};
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Account {
        name: String,
        uid: u32,
        password: Password,
        shell: Option<String>,
        hash: Option<Hash>,
        #[serde(default)]
        groups: Vec<Group>,
        #[serde(default)]
        locked: bool,
        #[serde(default)]
        note: String,
        age: f64,
        extra: BTreeMap<String, String>,
        origin: Origin,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    enum Password {
        /// There is none.
        Empty,
        /// It is hashed.
        Hashed,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    enum Hash {
        Md5,
        Sha512,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Group {
        gid: u32,
        parent: Option<Box<Group>>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "from", rename_all = "lowercase")]
    enum Origin {
        File { path: String, line: u32 },
        Package { path: String, version: Option<String> },
        Image,
    }

    #[test]
    fn a_struct_becomes_a_record() {
        let Type::Record(fields) = Type::from_json_schema(schema_for!(Account).as_value()) else { panic!() };
        let text = |name: &str| format!("{:?}", fields[name]);
        assert_eq!(fields["name"], Type::String);
        assert_eq!(fields["uid"], Type::Int);
        assert_eq!(fields["password"], Type::word(["empty", "hashed"]));
        assert_eq!(fields["shell"], Type::optional(Type::String));
        assert_eq!(fields["hash"], Type::optional(Type::word(["md5", "sha512"])));
        assert_eq!(fields["locked"], Type::Bool);
        assert_eq!(fields["note"], Type::optional(Type::String));
        assert_eq!(fields["age"], Type::Double);
        assert_eq!(fields["extra"], Type::Opaque);
        assert!(text("groups").starts_with("List(Record("), "recursive types end somewhere");
        let Type::Record(origin) = &fields["origin"] else { panic!() };
        assert_eq!(origin["from"], Type::word(["file", "package", "image"]));
        assert_eq!(origin["path"], Type::optional(Type::String));
        assert_eq!(origin["line"], Type::optional(Type::Int));
        assert_eq!(origin["version"], Type::optional(Type::String));
    }
}
