//! What holds for any input.

use proptest::prelude::*;
use sekisho_yaml::{Document, Kind, Limits, Node};
use serde_json::{Value, json};

fn json_values() -> impl Strategy<Value = Value> {
    // DEL and the like may stand in a JSON text, but not in a YAML one.
    let text = "[^\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u{feff}\\u{fffe}\\u{ffff}]{0,12}".boxed();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
        r"(true|null|~|1|2\.10|- a|a: b|#x|<<|)".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Text that is nearly YAML: far likelier to get deep into the parser than random bytes.
fn nearly_yaml() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "'",
        "\"",
        "&x ",
        "*x",
        "!!str ",
        "!t ",
        "<<: ",
        "|\n",
        ">-\n",
        "# c",
        "---\n",
        "...\n",
        "? ",
        "1.5",
        "~",
        "錠",
        "\u{3000}",
        "\\",
        "%YAML 1.2\n",
        "\0",
        "\u{feff}",
        "@",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn count(node: Node<'_>) -> usize {
    1 + node.items().map(count).sum::<usize>() + node.entries().map(|(_, value)| 1 + count(value)).sum::<usize>()
}

fn depth(node: Node<'_>) -> usize {
    let inner = node.items().chain(node.entries().map(|(_, value)| value)).map(depth).max().unwrap_or(0);
    inner + usize::from(matches!(node.kind(), Kind::List | Kind::Mapping))
}

fn stays_within_limits(input: &[u8]) {
    let limits = Limits { bytes: 4096, depth: 6, nodes: 50, problems: 5 };
    // A schema in which much can go wrong.
    let schema = json!({
        "type": "object",
        "properties": {
            "a": { "type": ["integer", "null"] },
            "b": { "oneOf": [{ "type": "string", "const": "x" }, { "$ref": "#" }] }
        },
        "additionalProperties": { "anyOf": [{ "$ref": "#" }, { "type": "array", "items": { "$ref": "#" } }] },
        "required": ["a"]
    });
    match Document::parse("p.yaml", input, &limits) {
        Ok(document) => {
            assert!(count(document.root()) <= limits.nodes);
            assert!(depth(document.root()) <= limits.depth);
            assert!(document.validate(&schema).len() <= limits.problems);
            let _ = document.decode::<std::collections::BTreeMap<String, Vec<Option<bool>>>>();
            document.to_json();
        }
        Err(problems) => {
            assert!(problems.has_errors());
            assert!(problems.0.iter().all(|problem| problem.place.is_some()));
        }
    }
}

#[test]
fn the_greatest_depth_fits_the_stack() {
    let depth = Limits::MAX_DEPTH;
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let text = format!("{}{}", "{a: ".repeat(depth), "}".repeat(depth));
    let document = Document::parse("p.yaml", &text, &limits).unwrap();
    let schema = json!({
        "$ref": "#/$defs/Node",
        "$defs": { "Node": { "anyOf": [
            { "allOf": [{ "type": "object", "properties": { "a": { "$ref": "#/$defs/Node" } }, "required": ["a"] }] },
            { "type": ["integer", "null"] }
        ] } }
    });
    assert_eq!(document.validate(&schema), []);
    assert_eq!(document.decode::<Value>(), Ok(document.to_json()));
    assert!(Document::parse("p.yaml", format!("{{a: {text}}}"), &limits).is_err());
}

proptest! {
    #[test]
    fn bytes_never_make_it_panic(input in prop::collection::vec(any::<u8>(), 0..200)) {
        stays_within_limits(&input);
    }

    #[test]
    fn nearly_yaml_never_makes_it_panic(input in nearly_yaml()) {
        stays_within_limits(input.as_bytes());
    }

    #[test]
    fn json_reads_back_equal(value in json_values(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = Document::parse("v.json", &text, &Limits::default()).unwrap();
        prop_assert_eq!(&document.to_json(), &value);
        prop_assert_eq!(document.decode::<Value>(), Ok(value));
    }
}
