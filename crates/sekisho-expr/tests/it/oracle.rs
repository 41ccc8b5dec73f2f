//! What is accepted is CEL: the `cel` crate gives every expression the same value.

use std::collections::HashMap;
use std::sync::Arc;

use crate::facts;
use proptest::prelude::*;
use sekisho_expr::{Expr, List, Value};
use serde_json::{Value as Json, json};

/// A fact as the values of the `cel` crate; its own conversion would make unsigned numbers of natural ones.
fn cel_value(json: &Json) -> cel::Value {
    match json {
        Json::Null => cel::Value::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64().expect("a number").into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(cel_value).collect::<Vec<_>>().into(),
        Json::Object(fields) => {
            let fields: HashMap<String, cel::Value> = fields.iter().map(|(k, v)| (k.clone(), cel_value(v))).collect();
            fields.into()
        }
    }
}

fn oracle(source: &str, fact: &Json) -> Result<Json, String> {
    let env = Arc::new(cel::Env::stdlib());
    let program = env.compile(source).map_err(|e| format!("{source}: {e}"))?;
    let mut context = cel::Context::with_env(env);
    context.add_variable_from_value("value", cel_value(fact));
    context
        .add_function("versionLess", |a: Arc<String>, b: Arc<String>| facts::version_less(&a, &b))
        .map_err(|e| e.to_string())?;
    let value = program.execute(&context).map_err(|e| format!("{source}: {e}"))?;
    value.json().map_err(|e| e.to_string())
}

fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Double(value) => (*value).into(),
        Value::String(text) => (**text).into(),
        Value::List(List::Facts(items)) => items.to_vec().into(),
        Value::List(list) => list.iter().map(|item| to_json(&item)).collect(),
        Value::Record(fields) => (*fields).clone().into(),
    }
}

fn ours(source: &str, fact: &Json) -> Json {
    let expr = Expr::compile(source, &facts::scope()).unwrap_or_else(|errors| panic!("{source}: {errors:?}"));
    to_json(&expr.eval(&[("value", fact)]).unwrap_or_else(|error| panic!("{source}: {error}")))
}

#[test]
fn the_language_means_what_cel_means() {
    let fact = json!({
        "name": "root", "port": 443, "score": 7.5, "on": true, "kind": "b", "tags": ["x", "錠前"], "ports": [22, 80],
        "inner": { "x": -3, "flag": false, "package": "p" }, "owner": "admin",
        "keys": [{ "bits": 1024, "algo": "rsa" }, { "bits": 256, "algo": "ec" }],
    });
    for (source, expected) in [
        ("1 == 1 && -1 < 0 && 0x1F == 31 && -0x10 == -16", json!(true)),
        ("-9223372036854775808 < 9223372036854775807", json!(true)),
        ("7.0 == 7.0 && .5 < 1e3 && value.score >= 7.0 && -1.5 < 0.0", json!(true)),
        (r#"'a"\'\n\t\\\x41\u3042\U0001F600\101'"#, json!("a\"'\n\t\\A\u{3042}\u{1F600}A")),
        (r#""a'\"" == 'a\'"'"#, json!(true)),
        (r"r'\d+' == '\\d+'", json!(true)),
        ("!value.inner.flag == true", json!(true)),
        ("!!value.on", json!(true)),
        ("true || false && false", json!(true)),
        ("(true || false) && false", json!(false)),
        ("value.on ? 'a' : value.inner.flag ? 'b' : 'c'", json!("a")),
        ("(value.on ? 1 : 2) == 1", json!(true)),
        ("1 < 2 == true", json!(true)),
        ("'b' > 'a' && 'Z' < 'a' && '錠' > 'z' && '' < 'a'", json!(true)),
        ("value.kind in ['a', 'b'] && !(value.port in [22, 80,])", json!(true)),
        ("'x' in value.tags && !('y' in value.tags) && !(1 in [])", json!(true)),
        ("value.name.startsWith('ro') && value.name.endsWith('ot') && value.name.contains('oo')", json!(true)),
        ("value.name.startsWith('') && value.name.contains('')", json!(true)),
        (r"value.name.matches('^[a-z]+$') && !'a1'.matches('^\\d') && 'xay'.matches(r'a')", json!(true)),
        ("'Root'.matches('(?i)^root$') && !'a\\nb'.matches('a.b') && '錠'.matches('^.$')", json!(true)),
        ("value.name.size() == 4 && size(value.tags) == 2 && '錠前'.size() == 2", json!(true)),
        ("value.keys.exists(k, k.bits < 2048 && k.algo == 'rsa')", json!(true)),
        ("value.keys.all(k, k.bits >= 1024) || value.ports.all(p, value.keys.exists(k, k.bits > p))", json!(true)),
        ("[].exists(x, x == 1) || [].all(x, false)", json!(true)),
        ("[1, 2].exists(x, x == 2)", json!(true)),
        ("has(value.owner) && value.owner == 'admin'", json!(true)),
        ("has(value.level)", json!(false)),
        ("!has(value.level) || value.level > 3", json!(true)),
        ("value.tags == ['x', '錠前'] && value.ports != [22] && value.ports != [80, 22]", json!(true)),
        ("value.inner.package", json!("p")),
        ("versionLess('1.9', '1.10')", json!(true)),
        ("value.ports // what listens\n", json!([22, 80])),
        ("null == null", json!(true)),
        ("['a', value.name]", json!(["a", "root"])),
    ] {
        assert_eq!(ours(source, &fact), expected, "{source}");
        assert_eq!(oracle(source, &fact), Ok(expected), "{source}");
    }
}

fn texts() -> BoxedStrategy<String> {
    let literal = facts::words().prop_map(|word| format!("{word:?}"));
    prop_oneof![
        literal,
        Just("value.name".to_owned()),
        Just("value.kind".to_owned()),
        Just("value.inner.package".to_owned())
    ]
    .boxed()
}

fn ints() -> BoxedStrategy<String> {
    prop_oneof![
        (-3..5_i64).prop_map(|number| number.to_string()),
        Just("value.port".to_owned()),
        Just("value.inner.x".to_owned()),
        Just("value.tags.size()".to_owned()),
        texts().prop_map(|text| format!("size({text})")),
    ]
    .boxed()
}

fn comparisons() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="])
}

/// Conditions; `owner` and `level` are used in the way in which plain CEL maps represent absence: by the key
/// (`has`) or by `null`.
fn conditions(by_null: bool) -> BoxedStrategy<String> {
    let present = move |path: &str| if by_null { format!("{path} != null") } else { format!("has({path})") };
    let owner = (Just(present("value.owner")), facts::words(), any::<bool>()).prop_map(|(present, word, positive)| {
        let (not, joined) = if positive { ("", "&&") } else { ("!", "||") };
        format!("{not}({present}) {joined} value.owner.contains('{word}')")
    });
    let level = (Just(present("value.level")), comparisons(), ints())
        .prop_map(|(present, comparison, int)| format!("({present} ? value.level {comparison} {int} : false)"));
    let leaf = prop_oneof![
        Just("value.on".to_owned()),
        Just("value.inner.flag".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        (ints(), comparisons(), ints()).prop_map(|(a, comparison, b)| format!("{a} {comparison} {b}")),
        (texts(), comparisons(), texts().prop_filter("a word's own values are checked", |t| !t.starts_with('"')))
            .prop_filter("a word's own values are checked", |(a, ..)| !a.starts_with('"'))
            .prop_map(|(a, comparison, b)| format!("{a} {comparison} {b}")),
        (comparisons(), facts::words()).prop_map(|(comparison, word)| format!("value.name {comparison} '{word}'")),
        (texts(), texts(), prop::sample::select(vec!["startsWith", "endsWith", "contains"]))
            .prop_map(|(a, b, method)| format!("{a}.{method}({b})")),
        (texts(), prop::sample::select(vec!["^a", "b$", "[ab]+", "", "^.{2}$", "(?i)B|r"]))
            .prop_map(|(text, pattern)| format!("{text}.matches('{pattern}')")),
        texts().prop_map(|text| format!("{text} in value.tags")),
        (ints(), ints(), ints()).prop_map(|(a, b, c)| format!("{a} in [{b}, {c}]")),
        (ints(), 0..300_i64)
            .prop_map(|(int, bits)| format!("value.keys.exists(k, k.bits > {bits} && k.bits != {int})")),
        (texts(), texts()).prop_map(|(a, b)| format!("versionLess({a}, {b})")),
        owner,
        level,
    ];
    leaf.prop_recursive(4, 32, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) == ({b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
            // The length makes the variable's name one that is not taken inside.
            inner.clone().prop_map(|a| format!("value.tags.all(t{0}, t{0} != 'a' || ({a}))", a.len())),
            inner.prop_map(|a| format!("value.ports.exists(p{0}, p{0} > 1 && ({a}))", a.len())),
        ]
    })
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn conditions_agree_where_absent_is_no_key(source in conditions(false), fact in facts::facts()) {
        let fact = facts::without_nulls(fact);
        prop_assert_eq!(Ok(ours(&source, &fact)), oracle(&source, &fact));
    }

    #[test]
    fn conditions_agree_where_absent_is_null(source in conditions(true), fact in facts::facts()) {
        prop_assert_eq!(Ok(ours(&source, &fact)), oracle(&source, &fact));
        // For us the two are the same.
        prop_assert_eq!(ours(&source, &fact), ours(&source, &facts::without_nulls(fact.clone())));
    }

    #[test]
    fn the_printed_expression_is_the_same(source in conditions(false), fact in facts::facts()) {
        let printed = Expr::compile(&source, &facts::scope()).unwrap().to_string();
        let again = Expr::compile(&printed, &facts::scope()).unwrap().to_string();
        prop_assert_eq!(&printed, &again);
        prop_assert_eq!(ours(&source, &fact), ours(&printed, &fact));
        prop_assert!(oracle(&printed, &facts::without_nulls(fact)).is_ok());
    }
}
