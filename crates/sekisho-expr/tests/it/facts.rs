//! Facts with a field of every type, and the scope in which conditions over them are compiled.

use proptest::prelude::*;
use sekisho_expr::{Function, Scope, Type};
use serde_json::{Value, json};

pub(crate) fn scope() -> Scope {
    let inner = Type::record([("x", Type::Int), ("flag", Type::Bool), ("package", Type::String)]);
    let key = Type::record([("bits", Type::Int), ("algo", Type::String)]);
    let value = Type::record([
        ("name", Type::String),
        ("port", Type::Int),
        ("score", Type::Double),
        ("on", Type::Bool),
        ("kind", Type::word(["a", "b", "c"])),
        ("owner", Type::optional(Type::String)),
        ("level", Type::optional(Type::Int)),
        ("tags", Type::list(Type::String)),
        ("ports", Type::list(Type::Int)),
        ("inner", inner.clone()),
        ("parent", Type::optional(inner)),
        ("keys", Type::list(key)),
        ("extra", Type::Opaque),
    ]);
    Scope::new().variable("value", value).function("versionLess", Function::of_texts(version_less))
}

/// Not a real order of versions, but one that tells `1.9` from `1.10`.
pub(crate) fn version_less(a: &str, b: &str) -> bool {
    (a.len(), a) < (b.len(), b)
}

pub(crate) fn words() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "ab", "", "root", "Ba", "錠"]).prop_map(str::to_owned)
}

pub(crate) fn facts() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(words(), 0..3);
    let ints = prop::collection::vec(-2..3_i64, 0..3);
    let keys = prop::collection::vec((0..300_i64, words()), 0..3);
    let simple = (words(), -2..5_i64, any::<bool>(), any::<bool>(), prop::sample::select(vec!["a", "b", "c"]));
    let optional = (prop::option::of(words()), prop::option::of(-2..5_i64));
    (simple, optional, texts, ints, keys).prop_map(
        |((name, port, on, flag, kind), (owner, level), tags, ports, keys)| {
            let keys: Vec<Value> = keys.into_iter().map(|(bits, algo)| json!({ "bits": bits, "algo": algo })).collect();
            json!({
                "name": name, "port": port, "score": 7.5, "on": on, "kind": kind, "owner": owner, "level": level,
                "tags": tags, "ports": ports, "inner": { "x": port - 1, "flag": flag, "package": "ab" }, "parent": null,
                "keys": keys,
            })
        },
    )
}

/// The fact as serde writes it where options that are none are skipped.
pub(crate) fn without_nulls(mut fact: Value) -> Value {
    if let Some(fields) = fact.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    fact
}
