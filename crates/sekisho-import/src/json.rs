//! JSON as a tree that knows its lines.
//!
//! `serde_json` does the parsing, with its own limit of 128 levels. It does not tell places; so it is given the text byte by byte by a reader
//! that counts lines, and each value takes the line at which the parser stands when it begins (an object, a list) or ends (all others).

use std::cell::Cell;
use std::fmt;
use std::io::Read;

use sekisho_diag::{Place, Problem};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::text::position;

/// A value and its line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The first member called `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// The value at the end of a path of members.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(crate) fn members(&self) -> &[(String, Node)] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    /// The elements of a list; of anything else none.
    pub(crate) fn items(&self) -> &[Node] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// A text, or a number as one: tools write ports either way.
    pub(crate) fn word(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The text under `key`.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The text or number under `key`.
    pub(crate) fn word_of(&self, key: &str) -> Option<String> {
        self.get(key)?.word()
    }

    /// The elements of the list under `key`.
    pub(crate) fn items_of(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }
}

/// Reads a whole document of at most `most` values.
pub(crate) fn parse(text: &str, name: &str, most: usize) -> Result<Node, Problem> {
    let line = Cell::new(1);
    let left = Cell::new(most);
    let reader = Counting { rest: text.as_bytes(), line: &line, in_text: false, escaped: false, digits: 0 };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let seed = Seed { line: &line, left: &left };
    seed.deserialize(&mut deserializer)
        .and_then(|node| deserializer.end().map(|()| node))
        .map_err(|error| syntax(&error, text, name))
}

fn syntax(error: &serde_json::Error, text: &str, name: &str) -> Problem {
    let start = (1..error.line())
        .try_fold(0, |at, _| memchr::memchr(b'\n', text.as_bytes().get(at..).unwrap_or_default()).map(|n| at + n + 1));
    let offset = (start.unwrap_or(text.len()) + error.column()).saturating_sub(1);
    let (line, column) = position(text, offset);
    let message = error.to_string();
    let message = message.split_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let hint = if error.is_eof() {
        "the file seems to be cut off; the tool may not have finished: run it again"
    } else if message.starts_with("recursion") || message == TOO_MANY {
        "no tool's result is built like this; give the original file"
    } else if message.starts_with("trailing") {
        "one document is read, not several in one file (JSON Lines)"
    } else {
        "give the file as the tool wrote it"
    };
    Problem::error("import-syntax", format!("not valid JSON: {message}")).at(Place::text(name, line, column)).hint(hint)
}

const TOO_MANY: &str = "too many values";

/// Serves a text byte by byte, as `serde_json` asks for it, and counts its lines.
///
/// Tools write primes of thousands of digits as numbers, which `serde_json` refuses as out of range. Nobody asks for them here: what is longer
/// than any number of use loses its last digits.
struct Counting<'a> {
    rest: &'a [u8],
    line: &'a Cell<u32>,
    in_text: bool,
    escaped: bool,
    digits: usize,
}

/// Digits of one number that are served; a double holds up to 308.
const MOST_DIGITS: usize = 64;

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(slot) = buffer.first_mut() else { return Ok(0) };
        let byte = loop {
            let Some((&byte, rest)) = self.rest.split_first() else { return Ok(0) };
            self.rest = rest;
            if self.in_text {
                self.in_text = self.escaped || byte != b'"';
                self.escaped = !self.escaped && byte == b'\\';
                break byte;
            }
            self.in_text = byte == b'"';
            self.digits = if byte.is_ascii_digit() { self.digits + 1 } else { 0 };
            if self.digits <= MOST_DIGITS {
                break byte;
            }
        };
        *slot = byte;
        if byte == b'\n' {
            self.line.set(self.line.get().saturating_add(1));
        }
        Ok(1)
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    line: &'a Cell<u32>,
    left: &'a Cell<usize>,
}

impl Seed<'_> {
    fn node<E: serde::de::Error>(self, value: Value) -> Result<Node, E> {
        self.count()?;
        Ok(Node { line: self.line.get(), value })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| E::custom(TOO_MANY))?;
        self.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Node, E> {
        self.node(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Node, E> {
        self.node(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Node, E> {
        self.node(Value::Number(value.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Node, E> {
        self.node(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        self.node(serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Node, E> {
        self.node(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let line = self.line.get();
        self.count()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node { line, value: Value::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node, A::Error> {
        let line = self.line.get();
        self.count()?;
        let mut members = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            // A document that repeats one key without end is not searched for it again and again: see `get`.
            if members.len() >= MOST_MEMBERS {
                return Err(A::Error::custom(TOO_MANY));
            }
            members.push((key, object.next_value_seed(self)?));
        }
        Ok(Node { line, value: Value::Object(members) })
    }
}

/// Members of one object; they are looked up one after another.
const MOST_MEMBERS: usize = 4096;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_know_their_lines() {
        let node = parse("{\n \"a\": [\n  {\"b\": \"x\"},\n  {\"b\": 1}\n ]\n}", "f", 100).unwrap();
        let items = node.items_of("a");
        assert_eq!((node.line, items[0].line, items[1].line), (1, 3, 4));
        assert_eq!(items[1].word_of("b").as_deref(), Some("1"));
        assert_eq!(node.at(&["a"]).map(|a| a.line), Some(2));
    }

    #[test]
    fn a_mistake_has_its_place() {
        let problem = parse("{\n  \"a\": tru\n}", "f", 100).unwrap_err();
        assert!(problem.to_string().starts_with("f:2:"), "{problem}");
        assert!(parse("[1,2,3,4]", "f", 3).unwrap_err().message.contains("too many"));
        assert!(parse("[1,", "f", 3).unwrap_err().hint.unwrap().contains("cut off"));
    }

    #[test]
    fn numbers_without_end_do_no_harm() {
        let digits = "9".repeat(5000);
        let node = parse(&format!("{{\"prime\":{digits},\"text\":\"\\\"{digits}\",\"port\":443}}"), "f", 100).unwrap();
        assert_eq!(node.text_of("text").map(str::len), Some(5001));
        assert_eq!(node.word_of("port").as_deref(), Some("443"));
    }

    #[test]
    fn depth_is_limited() {
        assert!(parse(&"[".repeat(100_000), "f", 1_000_000).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s)[\\[\\]{}:,\"a1\\\\ntrue\\n ]{0,60}") {
            let _ = parse(&text, "f", 100);
        }
    }
}
