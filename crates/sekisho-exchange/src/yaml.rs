//! Writing YAML that people read: fields in the order of their types, texts without quotes where that is safe.

use std::fmt::{self, Write as _};

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A value that keeps the order of its fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// What `value` serialises to. By way of JSON's text, because that keeps the order of the fields.
    pub(crate) fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::from_str(&serde_json::to_string(value)?)
    }

    /// The value in block style.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        self.block(0, &mut out);
        out
    }

    /// Writes the value on lines of its own, `indent` spaces in.
    fn block(&self, indent: usize, out: &mut String) {
        match self {
            Self::Map(fields) if !fields.is_empty() => {
                for (i, (key, value)) in fields.iter().enumerate() {
                    if i > 0 {
                        spaces(indent, out);
                    }
                    scalar(key, indent, false, out);
                    out.push(':');
                    value.after_key(indent, out);
                }
            }
            Self::List(items) if !items.is_empty() => {
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        spaces(indent, out);
                    }
                    out.push_str("- ");
                    if item.is_block() {
                        item.block(indent + 2, out);
                    } else {
                        item.inline(indent + 2, out);
                    }
                }
            }
            other => other.inline(indent, out),
        }
    }

    fn after_key(&self, indent: usize, out: &mut String) {
        if self.is_block() {
            out.push('\n');
            // A list stands as far in as its key, a mapping two spaces further.
            let inner = if matches!(self, Self::List(_)) { indent } else { indent + 2 };
            spaces(inner, out);
            self.block(inner, out);
        } else {
            out.push(' ');
            self.inline(indent + 2, out);
        }
    }

    fn is_block(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::Map(fields) => !fields.is_empty(),
            _ => false,
        }
    }

    /// Writes a value that needs no lines of its own, with the end of the line.
    fn inline(&self, indent: usize, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Text(text) => scalar(text, indent, true, out),
            Self::List(_) => out.push_str("[]"),
            Self::Map(_) => out.push_str("{}"),
        }
        out.push('\n');
    }
}

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// Writes a text: plain, as lines under a `|-`, or in quotes.
fn scalar(text: &str, indent: usize, may_be_lines: bool, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else if may_be_lines && is_lines(text) {
        out.push_str("|-");
        for line in text.split('\n') {
            out.push('\n');
            if !line.is_empty() {
                spaces(indent, out);
                out.push_str(line);
            }
        }
    } else {
        quoted(text, out);
    }
}

/// Whether a text means itself without quotes, to readers of YAML 1.1 as well as of 1.2. Leaves out some that would.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    text.starts_with(char::is_alphabetic)
        && !text.ends_with([' ', ':', '\u{3000}'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(c)))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text can stand as lines of its own. Blanks at the beginning would be taken for indentation.
fn is_lines(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && text.split('\n').all(|line| !line.ends_with(char::is_whitespace))
        && text.chars().all(|c| c == '\n' || c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(c)))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
}

/// Writes a text in double quotes, with what cannot be seen as escapes.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if (c.is_control() || is_invisible(c)) && u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Yaml;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value without fractions")
            }

            fn visit_unit<E>(self) -> Result<Yaml, E> {
                Ok(Yaml::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
                Ok(Yaml::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
                Ok(Yaml::Integer(value))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Yaml, E> {
                i64::try_from(value).map(Yaml::Integer).map_err(|_| E::custom("a number beyond 64 bits"))
            }

            fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
                Ok(Yaml::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Yaml, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Yaml::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Yaml, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = entries.next_entry()? {
                    fields.push(field);
                }
                Ok(Yaml::Map(fields))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Value {
        sekisho_yaml::Document::parse("y", text, &sekisho_yaml::Limits::default())
            .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
            .to_json()
    }

    #[test]
    fn the_form_is_the_one_of_the_catalog() {
        let value = json!({"id": "x", "list": [{"a": 1, "b": ["yes", "2026", "終わり"]}, []], "text": "one\n  two: 2\n\nthree", "z": {}});
        insta::assert_snapshot!(Yaml::of(&value).unwrap().write(), @r#"
        id: x
        list:
        - a: 1
          b:
          - "yes"
          - "2026"
          - 終わり
        - []
        text: |-
          one
            two: 2

          three
        z: {}
        "#);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            r"[ a-zA-Z0-9:#\-?'&*!|>%@`\\,.\n\t{}\[\]あ]{0,12}".prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z :#]{1,4}", inner, 0..4).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in any_value()) {
            let text = Yaml::of(&value).unwrap().write();
            prop_assert_eq!(read(&text), value);
        }
    }
}
