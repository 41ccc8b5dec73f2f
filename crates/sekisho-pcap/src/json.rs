//! JSON (RFC 8259) as a tree that knows its places: a mistake in a MUD file is told at its line and column.

use sekisho_diag::{Place, Problem};

/// How deep lists and objects may lie in each other; a MUD file needs ten.
const DEPTH: usize = 64;

/// A value and the byte that it begins at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

/// A JSON value. A number is kept as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) node: Node,
}

impl Node {
    /// The first member called `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.node)
    }

    pub(crate) fn members(&self) -> &[Member] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

/// Line and column of a byte.
pub(crate) fn place(source: &str, at: usize, file: &str) -> Place {
    let before = source.get(..at.min(source.len())).unwrap_or(source);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place::text(file, line, column)
}

/// Reads a whole document.
pub(crate) fn parse(source: &str, file: &str) -> Result<Node, Problem> {
    let mut parser = Parser { source, at: if source.starts_with('\u{feff}') { 3 } else { 0 } };
    let read = parser.value(0).and_then(|node| {
        parser.space();
        if parser.at == source.len() { Ok(node) } else { Err("something stands after the end of the document") }
    });
    read.map_err(|message| {
        Problem::error("mud-syntax", format!("no JSON: {message}"))
            .at(place(source, parser.at, file))
            .hint("a MUD file is JSON (RFC 8520, section 2); check it with any JSON tool")
    })
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, &'static str> {
        if depth > DEPTH {
            return Err("lists and objects lie too deep in each other");
        }
        self.space();
        let at = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.word()?,
            None => return Err("the document ends where a value should stand"),
        };
        Ok(Node { at, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value, &'static str> {
        self.at += 1;
        let mut members = Vec::new();
        if self.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err("a name in quotes should stand here");
            }
            let key = self.text()?;
            if !self.eat(b':') {
                return Err("':' should stand here");
            }
            let node = self.value(depth + 1)?;
            members.push(Member { key, at, node });
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return Err("',' or '}' should stand here");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, &'static str> {
        self.at += 1;
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b']') {
                return Ok(Value::List(items));
            }
            if !self.eat(b',') {
                return Err("',' or ']' should stand here");
            }
        }
    }

    fn text(&mut self) -> Result<String, &'static str> {
        let start = self.at;
        let bytes = self.source.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(0..0x20) => {
                    self.at = end;
                    return Err("a control character stands in a text");
                }
                Some(_) => end += 1,
                None => return Err("a text that does not end"),
            }
        }
        let quoted = self.source.get(start..=end).ok_or("a text that does not end")?;
        // Escapes and pairs of surrogates are decoded by the library that knows them.
        let text = serde_json::from_str(quoted).map_err(|_| "an escape that JSON does not have")?;
        self.at = end + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<Value, &'static str> {
        let rest = &self.source[self.at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = &rest[..end];
        if serde_json::from_str::<f64>(number).is_err() {
            return Err("a number that JSON does not have");
        }
        self.at += end;
        Ok(Value::Number(number.to_owned()))
    }

    fn word(&mut self) -> Result<Value, &'static str> {
        let rest = &self.source[self.at..];
        for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err("a value should stand here")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mistake_has_its_line_and_column() {
        let problem = parse("{\n  \"a\": tru\n}", "m.json").unwrap_err();
        assert!(problem.to_string().starts_with("m.json:2:8: "), "{problem}");
    }

    #[test]
    fn depth_is_limited() {
        assert!(parse(&"[".repeat(100_000), "m").is_err());
    }

    fn same(node: &Node, json: &serde_json::Value) -> bool {
        match (&node.value, json) {
            (Value::Null, serde_json::Value::Null) => true,
            (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Value::Number(a), serde_json::Value::Number(b)) => a.parse().ok() == b.as_f64(),
            (Value::Text(a), serde_json::Value::String(b)) => a == b,
            (Value::List(a), serde_json::Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), serde_json::Value::Object(_)) => a.iter().all(|member| {
                a.iter().filter(|m| m.key == member.key).count() > 1 || same(&member.node, &json[&member.key])
            }),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_serde_json(text in r#"[\[\]{}",:a1\\u.e\- truefalsn0]{0,40}"#) {
            let (own, theirs) = (parse(&text, "m"), serde_json::from_str::<serde_json::Value>(&text));
            if let (Ok(own), Ok(theirs)) = (&own, &theirs) {
                prop_assert!(same(own, theirs), "{text}");
            } else {
                prop_assert_eq!(own.is_ok(), theirs.is_ok(), "{}", text);
            }
        }
    }
}
