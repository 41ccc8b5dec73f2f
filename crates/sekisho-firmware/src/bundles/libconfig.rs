//! The form of `sw-description`: libconfig (<https://hyperrealm.github.io/libconfig/libconfig_manual.html>, "Configuration File Grammar"), of which
//! JSON is nearly a part; one reader serves both.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A number or a truth value, as it stands there.
    Word(String),
    Group(Vec<(String, Value)>),
    List(Vec<Value>),
}

/// Groups inside each other.
const MAX_DEPTH: usize = 32;
/// Settings of one file.
const MAX_SETTINGS: usize = 100_000;

impl Value {
    /// The setting called `name` of a group.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Group(settings) => settings.iter().find(|(other, _)| other == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is true: `true` in any case, or 1 in quotes as some write it.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Text(text) | Self::Word(text) => text.eq_ignore_ascii_case("true") || text == "1",
            _ => false,
        }
    }

    /// What a group or list holds.
    pub(super) fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match self {
            Self::Group(settings) => Box::new(settings.iter().map(|(_, value)| value)),
            Self::List(values) => Box::new(values.iter()),
            _ => Box::new(std::iter::empty()),
        }
    }
}

/// Reads a file; none where it is not well formed.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, settings: 0 };
    reader.skip();
    let value = if reader.peek() == Some(b'{') { reader.value(0)? } else { reader.group(None, 0)? };
    reader.skip();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    settings: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Skips white space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let comment = |end: &[u8]| memchr::memmem::find(rest, end).map_or(rest.len(), |n| n + end.len());
            self.at += match rest {
                [b' ' | b'\t' | b'\r' | b'\n' | 0x0c, ..] => 1,
                [b'#', ..] | [b'/', b'/', ..] => comment(b"\n"),
                [b'/', b'*', ..] => comment(b"*/"),
                _ => return,
            };
        }
    }

    /// The settings of a group up to `end`, or to the end of the file.
    fn group(&mut self, end: Option<u8>, depth: usize) -> Option<Value> {
        let mut settings = Vec::new();
        loop {
            self.skip();
            match (self.peek(), end) {
                (None, None) => break,
                (None, Some(_)) => return None,
                (Some(byte), Some(end)) if byte == end => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            let name = if self.peek() == Some(b'"') { self.string()? } else { self.word()? };
            self.skip();
            if !self.take(b'=') && !self.take(b':') {
                return None;
            }
            settings.push((name, self.value(depth + 1)?));
            self.skip();
            // What ends a setting may be left out.
            let _ = self.take(b';') || self.take(b',');
        }
        Some(Value::Group(settings))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.settings += 1;
        if depth > MAX_DEPTH || self.settings > MAX_SETTINGS {
            return None;
        }
        self.skip();
        match self.peek()? {
            b'{' => {
                self.at += 1;
                self.group(Some(b'}'), depth)
            }
            open @ (b'(' | b'[') => {
                self.at += 1;
                let close = if open == b'(' { b')' } else { b']' };
                let mut values = Vec::new();
                loop {
                    self.skip();
                    if self.take(close) {
                        return Some(Value::List(values));
                    }
                    values.push(self.value(depth + 1)?);
                    self.skip();
                    if !self.take(b',') && self.peek() != Some(close) {
                        return None;
                    }
                }
            }
            b'"' => {
                let mut text = String::new();
                // Strings that follow each other are one.
                while self.peek() == Some(b'"') {
                    text.push_str(&self.string()?);
                    self.skip();
                }
                Some(Value::Text(text))
            }
            _ => self.word().map(Value::Word),
        }
    }

    fn word(&mut self) -> Option<String> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest
            .iter()
            .position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-' | b'*' | b'.' | b'+'))
            .unwrap_or(rest.len());
        self.at += length;
        (length > 0).then(|| String::from_utf8_lossy(&rest[..length]).into_owned())
    }

    fn string(&mut self) -> Option<String> {
        let mut out = Vec::new();
        self.at += 1;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(out).ok(),
                b'\\' => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    out.push(match escaped {
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'r' => b'\r',
                        b'f' => 0x0c,
                        other => other,
                    });
                }
                byte => out.push(byte),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libconfig_and_json_are_one() {
        let libconfig = "software = {\n version = \"1.0\"; # comment\n /* more */ images: ( { filename = \"a\" \"b\"; compressed = true; }, { size = 0x10L } );\n};";
        let json =
            r#"{"software": {"version": "1.0", "images": [{"filename": "ab", "compressed": true}, {"size": 0x10L}]}}"#;
        let value = parse(libconfig).unwrap();
        assert_eq!(value, parse(json).unwrap());
        let images = value.get("software").unwrap().get("images").unwrap();
        let first = images.children().next().unwrap();
        assert_eq!(first.get("filename").unwrap().text(), Some("ab"));
        assert!(first.get("compressed").unwrap().is_true());
    }

    #[test]
    fn what_is_not_well_formed_is_nothing() {
        for text in ["a = {", "a", "a = \"", "= 1", "a = (1 2)", "a = {}}", &"a = ( ".repeat(100)] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[a={}()\\[\\]\",;:#/*\\\\ \n]{0,60}") {
            let _ = parse(&text);
        }
    }
}
