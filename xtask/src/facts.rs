//! `docs/facts.md`: every fact with its fields, from the same JSON Schemas that conditions are checked against.

use std::fmt::Write as _;

use anyhow::Context;
use sekisho_model::fact::Observed;
use serde_json::Value;

const HEAD: &str = "\
<!-- Made by `cargo xtask generate` from crates/sekisho-model/src/fact.rs: change it there. -->

# Facts

A fact is one observation about one component of the product: a name, a value, the component it is about, and where it was seen. It never \
says what it means: that is what the checks in `catalog/checks/` are for. A check names one fact (`over:`) and its condition speaks of \
the fields below as `value.<field>`; how conditions are written stands at the top of `crates/sekisho-expr/src/lib.rs`.

An *optional* field may be absent, which means \"not known\" or \"there is none\", as its meaning says; a condition must ask for it first: \
`has(value.version) && versionLess(value.version, '2.0')`. An absent list is empty and an absent `bool` is false.
";

/// Where the settings that are recognised are listed, as the documentation of the code that recognises them.
pub(crate) const SETTINGS: &str = "crates/sekisho-firmware/src/inspect/settings/mod.rs";

/// The whole file; `settings` is the source text of [`SETTINGS`].
pub(crate) fn reference(settings: &str) -> anyhow::Result<String> {
    let mut out = String::from(HEAD);
    out.push_str("\n| fact | what it is |\n| --- | --- |\n");
    let mut sections = String::new();
    for name in Observed::NAMES {
        let schema = Observed::schema(name).with_context(|| format!("the fact {name} has no schema"))?.to_value();
        let meaning = description(&schema);
        let _ = writeln!(out, "| [{name}](#{name}) | {} |", cell(meaning));
        section(&mut sections, name, &schema)?;
        if name == "setting" {
            let recognised = module_documentation(settings);
            let (_, recognised) =
                recognised.split_once("\n\n").with_context(|| format!("{SETTINGS} lists no settings"))?;
            let _ = write!(sections, "\nRecognised are:\n\n{recognised}");
        }
    }
    out.push_str(&sections);
    Ok(out)
}

/// The `//!` comment at the top of a source file.
fn module_documentation(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
}

fn section(out: &mut String, name: &str, schema: &Value) -> anyhow::Result<()> {
    let _ = write!(out, "\n## {name}\n\n{}\n\n", description(schema));
    out.push_str("| field | type | meaning |\n| --- | --- | --- |\n");
    let mut words = String::new();
    for (field, property, required) in fields(schema) {
        let property_type = Type::of(property, schema).with_context(|| format!("{name}.{field}"))?;
        let optional = if required || property_type.has_default { "" } else { ", optional" };
        let _ = writeln!(out, "| `{field}` | {}{optional} | {} |", property_type.name, cell(description(property)));
        if !property_type.words.is_empty() {
            let _ = write!(words, "\n`{field}` is one of:\n\n| word | meaning |\n| --- | --- |\n");
            for (word, meaning) in property_type.words {
                let _ = writeln!(words, "| `{word}` | {} |", cell(meaning));
            }
        }
    }
    out.push_str(&words);
    Ok(())
}

/// The fields with their schemas and whether they are always there: these first, in the order of the type, then the others by name.
fn fields(schema: &Value) -> Vec<(&str, &Value, bool)> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut fields: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, property)| (name.as_str(), property, required.contains(&name.as_str())))
        .collect();
    let position = |name: &str| required.iter().position(|r| *r == name).unwrap_or(required.len());
    fields.sort_by(|a, b| (position(a.0), a.0).cmp(&(position(b.0), b.0)));
    fields
}

/// A type as conditions see it.
struct Type<'a> {
    name: String,
    /// Whether absence has a value: an empty list.
    has_default: bool,
    /// The words of an enumeration, with their meanings.
    words: Vec<(&'a str, &'a str)>,
}

impl<'a> Type<'a> {
    fn of(property: &'a Value, root: &'a Value) -> anyhow::Result<Self> {
        let plain = |name: &str| Self { name: name.to_owned(), has_default: false, words: Vec::new() };
        if let Some(reference) = property["$ref"].as_str() {
            let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
            return Self::of(target.with_context(|| format!("{reference} leads nowhere"))?, root);
        }
        for keyword in ["anyOf", "allOf"] {
            // `anyOf: [T, null]` is how an optional T is written.
            let mut alternatives = property[keyword].as_array().into_iter().flatten();
            if let Some(alternative) = alternatives.find(|a| a["type"] != "null") {
                return Self::of(alternative, root);
            }
        }
        let words = words(property);
        if !words.is_empty() {
            return Ok(Self { words, ..plain("word") });
        }
        let name = match &property["type"] {
            Value::String(name) => Some(name.as_str()),
            Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
            _ => None,
        };
        Ok(match name.context("a schema without a type")? {
            "boolean" => plain("bool"),
            "integer" => plain("int"),
            "number" => plain("double"),
            "array" => {
                let items = Self::of(&property["items"], root)?;
                Self { name: format!("list of {}", items.name), has_default: true, words: items.words }
            }
            other => plain(other),
        })
    }
}

/// The words that a schema allows: `oneOf` with a constant and a meaning each, or a plain `enum`.
fn words(schema: &Value) -> Vec<(&str, &str)> {
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let plain = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(|word| (word, ""));
    alternatives
        .flat_map(|one| {
            let meaning = description(one);
            let single = one["const"].as_str();
            let several = one["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            single.into_iter().chain(several).map(move |word| (word, meaning))
        })
        .chain(plain)
        .collect()
}

fn description(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

/// A text in a cell of a table: on one line, its bars escaped.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_every_word_says_what_it_means() {
        for name in Observed::NAMES {
            let schema = Observed::schema(name).unwrap().to_value();
            assert!(!fields(&schema).is_empty(), "{name}");
            for (field, property, _) in fields(&schema) {
                assert!(!description(property).is_empty(), "{name}.{field}");
                for (word, meaning) in Type::of(property, &schema).unwrap().words {
                    assert!(!meaning.is_empty(), "{name}.{field}: {word}");
                }
            }
        }
    }
}
