//! What a schema expects and what a value is, in words.

use serde_json::Value;

use super::{Object, Schemas, types_of, words_of};
use crate::listed::listed;
use crate::scalar::Core;
use crate::tree::{Kind, Node};

/// Deeper than `a list of lists of texts` nobody reads.
const MAX_LEVEL: usize = 3;

impl<'s> Schemas<'s> {
    /// What `schema` expects: `a text`, `a list of texts`, `a text or a mapping`.
    pub(super) fn expected(self, schema: &'s Value) -> String {
        let phrases = self.phrases(schema, 0, false);
        match phrases.as_slice() {
            [] => "something else".to_owned(),
            [only] => only.clone(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        }
    }

    fn phrases(self, schema: &'s Value, level: usize, plural: bool) -> Vec<String> {
        let mut phrases: Vec<String> = Vec::new();
        for leaf in self.leaves(schema) {
            for phrase in self.leaf_phrases(leaf, level, plural) {
                if !phrases.contains(&phrase) {
                    phrases.push(phrase);
                }
            }
        }
        // Leaving a field out is always possible where `null` is, and the better advice.
        if phrases.len() > 1 {
            phrases.retain(|phrase| phrase != "nothing");
        }
        phrases
    }

    fn leaf_phrases(self, leaf: &'s Value, level: usize, plural: bool) -> Vec<String> {
        let parts = self.parts(leaf);
        // The part that says most about the type; the others only narrow it.
        let Some(part) = parts.iter().copied().find(|part| !types_of(part).is_empty()) else { return Vec::new() };
        types_of(part).into_iter().map(|name| self.phrase(name, part, level, plural)).collect()
    }

    fn phrase(self, type_name: &str, part: &'s Object, level: usize, plural: bool) -> String {
        let (one, many) = match type_name {
            "null" => ("nothing", "nothing"),
            "boolean" => ("true or false", "true or false"),
            "integer" => ("a whole number", "whole numbers"),
            "number" => ("a number", "numbers"),
            "object" => ("a mapping", "mappings"),
            "string" => {
                return match words_of(part).as_deref() {
                    Some([word]) if !plural => format!("'{word}'"),
                    Some(words) if !plural && words.len() <= 6 => format!("one of {}", listed(words.iter().copied())),
                    _ => if plural { "texts" } else { "a text" }.to_owned(),
                };
            }
            "array" => {
                let list = if plural { "lists" } else { "a list" };
                let items = part.get("items").filter(|_| level < MAX_LEVEL);
                return match items.map(|items| self.phrases(items, level + 1, true)).as_deref() {
                    None | Some([]) => list.to_owned(),
                    Some(items) => format!("{list} of {}", items.join(" or ")),
                };
            }
            other => return other.to_owned(),
        };
        if plural { many } else { one }.to_owned()
    }
}

/// What `node` is: `a number`, `nothing`.
pub(super) fn found(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Null => "nothing",
        Kind::Bool if node.scalar().is_some_and(|(_, core)| core == Core::Bool(true)) => "'true'",
        Kind::Bool => "'false'",
        Kind::Int | Kind::Float => "a number",
        Kind::Text => "a text",
        Kind::List => "a list",
        Kind::Mapping => "a mapping",
    }
}

/// What to do about `node`, whose kind does not fit: `takes` says which kinds would.
pub(super) fn advice(node: Node<'_>, takes: impl Fn(Kind) -> bool) -> Option<String> {
    let Some((text, core)) = node.scalar() else {
        let alone = (node.kind() == Kind::List && node.items().len() == 1).then(|| node.items().next()).flatten();
        return match (node.kind(), alone) {
            (Kind::List, Some(item)) if takes(item.kind()) => {
                Some("write the element alone, without a list".to_owned())
            }
            (Kind::Mapping, _) if takes(Kind::List) => Some("begin each element of the list with '- '".to_owned()),
            _ => None,
        };
    };
    match core {
        Core::Null if takes(Kind::List) => Some("write `[]` for an empty list, or leave the field out".to_owned()),
        Core::Null => Some("write a value after the ':', or leave the field out".to_owned()),
        _ if takes(Kind::Text) => Some(quote(text, core)),
        Core::Text if takes(Kind::Bool) && is_yes_or_no(text) => Some("write `true` or `false`".to_owned()),
        Core::Text
            if (takes(Kind::Int) || takes(Kind::Float))
                && matches!(Core::of_plain(text), Core::Int(_) | Core::UInt(_) | Core::Float(_)) =>
        {
            Some(format!("write {text} without quotes"))
        }
        Core::Text if takes(Kind::Mapping) && text.contains('：') => {
            Some("write ':' in half width, with a space after it, between field and value".to_owned())
        }
        Core::Text if takes(Kind::Mapping) && text.contains(':') => {
            Some("put a space after the ':' between field and value".to_owned())
        }
        _ if takes(Kind::List) => Some(format!("write a list of one as `[{text}]`")),
        _ => None,
    }
}

/// Why a text needs quotes that YAML reads as something else.
fn quote(text: &str, core: Core) -> String {
    let read_as = match core {
        Core::Int(number) => number.to_string(),
        Core::UInt(number) => number.to_string(),
        Core::Float(number) => number.to_string(),
        _ => text.to_owned(),
    };
    if read_as == text {
        format!("put it in quotes: '{text}'")
    } else {
        format!("put it in quotes: '{text}'; without them it is the number {read_as}")
    }
}

fn is_yes_or_no(text: &str) -> bool {
    ["yes", "no", "on", "off", "y", "n", "true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word))
}
