//! What holds for any source, any fact and any knowledge of traits.

use crate::facts;
use proptest::prelude::*;
use sekisho_expr::{Expr, MAX_NESTING, MAX_NODES, MAX_SOURCE, Scope};
use serde_json::{Value, json};

/// Text that is nearly an expression.
fn nearly_source() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "value",
        ".name",
        ".port",
        ".on",
        ".tags",
        ".owner",
        ".inner",
        " && ",
        " || ",
        "!",
        " == ",
        " < ",
        " in ",
        "(",
        ")",
        "[",
        "]",
        ", ",
        "'a'",
        "r'\\d'",
        "\"",
        "1",
        "-",
        "7.5",
        "0x",
        "null",
        "true",
        " ? ",
        " : ",
        "has(",
        ".exists(",
        "x, ",
        "x",
        ".size()",
        ".matches(",
        ".startsWith(",
        "versionLess(",
        "錠",
        "//",
        "\n",
        "\\",
        "&",
        ".",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn never_panics(source: &str, fact: &Value) {
    match Expr::compile(source, &facts::scope()) {
        Ok(expr) => {
            let _ = expr.eval(&[("value", fact)]);
            let printed = expr.to_string();
            let again = Expr::compile(&printed, &facts::scope()).expect(&printed);
            assert_eq!(again.to_string(), printed);
            assert_eq!(again.ty(), expr.ty());
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| source.get(error.span.clone()).is_some()), "{source}: {errors:?}");
        }
    }
}

fn formulas() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["a", "b", "c", "d", "e"]).prop_map(str::to_owned),
        any::<bool>().prop_map(|value| value.to_string()),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" && "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" || "))),
            inner.clone().prop_map(|a| format!("!{a}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} != {b})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_source_is_compiled_or_refused(source in any::<String>()) {
        never_panics(&source, &json!({}));
    }

    #[test]
    fn nearly_a_source_is_compiled_or_refused(source in nearly_source(), fact in facts::facts()) {
        never_panics(&source, &fact);
    }

    #[test]
    fn facts_of_other_types_are_an_error_at_most(
        source in prop::sample::select(vec![
            "value.name.startsWith('a') && value.keys.exists(k, k.bits > 1)",
            "value.tags.all(t, t.matches('a')) || value.inner.flag",
            "has(value.parent) && value.parent.flag ? value.port < 1 : value.port in value.ports",
        ]),
        name in facts::words(),
        swapped in prop::sample::select(vec![json!(1), json!(null), json!("a"), json!([1]), json!({}), json!(u64::MAX)]),
    ) {
        let expr = Expr::compile(source, &facts::scope()).unwrap();
        for field in ["name", "keys", "tags", "inner", "parent", "port", "ports"] {
            let mut fact = json!({ "name": name, "port": 1, "tags": ["a"], "inner": { "flag": true }, "keys": [{ "bits": 2 }] });
            fact[field] = swapped.clone();
            let _ = expr.eval_bool(&[("value", &fact)]);
        }
        prop_assert!(expr.eval_bool(&[]).is_err());
    }

    #[test]
    fn traits_are_known_exactly_when_they_decide(formula in formulas(), known in prop::collection::vec(prop::option::of(any::<bool>()), 5)) {
        let names = ["a", "b", "c", "d", "e"];
        let expr = Expr::condition(&formula, &Scope::new().traits(names)).unwrap();
        let value = |name: &str| known[names.iter().position(|n| *n == name).unwrap()];
        // Every way in which the unknown traits can turn out.
        let mut truths: Vec<bool> = (0..32)
            .map(|bits: u32| {
                let values: Vec<Value> = (0..5).map(|i| json!(known[i].unwrap_or(bits >> i & 1 == 1))).collect();
                let variables: Vec<(&str, &Value)> = names.into_iter().zip(&values).collect();
                expr.eval_bool(&variables).unwrap()
            })
            .collect();
        truths.dedup();
        let expected = if truths.len() == 1 { Some(truths[0]) } else { None };
        prop_assert_eq!(expr.eval_traits(&value), expected);
    }
}

#[test]
fn many_unknown_traits_are_left_to_kleene() {
    let names: Vec<String> = (0..40).map(|i| format!("t{i}")).collect();
    let scope = Scope::new().traits(names.iter().map(String::as_str));
    let expr = Expr::condition(&format!("({}) && no", names.join(" || ")), &scope.traits(["no"])).unwrap();
    assert_eq!(expr.eval_traits(&|_| None), None);
    assert_eq!(expr.eval_traits(&|name| (name == "no").then_some(false)), Some(false));
}

#[test]
fn what_is_read_is_listed() {
    let source = "value.on && has(value.parent) && value.parent.flag && value.keys.exists(k, k.bits < value.port) \
                  && versionLess(value.inner.package, 'x')";
    let expr = Expr::condition(source, &facts::scope()).unwrap();
    assert_eq!(expr.variables().into_iter().collect::<Vec<_>>(), ["value"]);
    assert_eq!(
        expr.fields().into_iter().collect::<Vec<_>>(),
        [
            "value.inner.package",
            "value.keys",
            "value.keys[].bits",
            "value.on",
            "value.parent",
            "value.parent.flag",
            "value.port"
        ]
    );
}

#[test]
fn sources_are_bounded() {
    let compiles = |source: &str| Expr::compile(source, &facts::scope()).is_ok();
    let many = |part: &str, count: usize| vec![part; count].join("");
    assert!(compiles(&format!("true{}", many(" && true", 1000))), "a long chain is not a deep one");
    assert!(!compiles(&format!("true{}", many("&&true", MAX_NODES))));
    assert!(!compiles(&" ".repeat(MAX_SOURCE + 1)));
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("!", "true", ""),
        ("size([", "1", "])"),
        ("", "1", " == 1"),
        ("true ? ", "1", " : 1"),
    ] {
        let nested = |levels: usize| format!("{}{inner}{}", many(open, levels), many(close, levels));
        assert!(!compiles(&nested(MAX_NESTING + 1)), "{open}");
        assert!(!compiles(&nested(2000)), "{open}");
    }
    assert!(compiles(&format!("{}1{}", many("(", MAX_NESTING - 1), many(")", MAX_NESTING - 1))));
}

#[test]
fn evaluation_is_bounded() {
    let numbers: Vec<i64> = (0..2000).collect();
    let fact = json!({ "ports": numbers });
    let source = "value.ports.all(a, value.ports.all(b, value.ports.all(c, c != -1)))";
    let expr = Expr::condition(source, &facts::scope()).unwrap();
    assert!(expr.eval_bool(&[("value", &fact)]).unwrap_err().message.contains("too long"));
}
