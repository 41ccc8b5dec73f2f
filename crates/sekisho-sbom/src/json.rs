//! Reading JSON as a stream, whatever stands where: a value of a wrong type is an answer here, not an error.
//!
//! `serde_json` does the parsing, in one pass and with strings borrowed from the text; its own limit of 128 levels keeps the stack
//! small, and values that nobody asks for are skipped without recursion.

use std::borrow::Cow;
use std::fmt;

use sekisho_diag::{Place, Problem};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::draft::Field;
use crate::fault::Found;
use crate::text::position;

/// What to do with a value, by its kind. What is not overridden is skipped and answered with [`Visit::wrong`].
pub(crate) trait Visit<'de>: Sized {
    /// What the value comes to.
    type Out;

    /// The value is of a kind that does not belong here.
    fn wrong(self, found: Found) -> Self::Out;

    /// The value is a string.
    fn text(self, _text: Cow<'de, str>) -> Self::Out {
        self.wrong(Found::Text)
    }

    /// The value is an array.
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Out, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.wrong(Found::List))
    }

    /// The value is an object.
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Out, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.wrong(Found::Object))
    }
}

/// A [`Visit`] as serde wants it.
pub(crate) struct As<V>(pub(crate) V);

impl<'de, V: Visit<'de>> DeserializeSeed<'de> for As<V> {
    type Value = V::Out;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, V: Visit<'de>> Visitor<'de> for As<V> {
    type Value = V::Out;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<V::Out, E> {
        Ok(self.0.wrong(Found::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<V::Out, E> {
        Ok(self.0.wrong(Found::Bool))
    }

    fn visit_i64<E>(self, _: i64) -> Result<V::Out, E> {
        Ok(self.0.wrong(Found::Number))
    }

    fn visit_u64<E>(self, _: u64) -> Result<V::Out, E> {
        Ok(self.0.wrong(Found::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<V::Out, E> {
        Ok(self.0.wrong(Found::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<V::Out, E> {
        Ok(self.0.text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<V::Out, E> {
        Ok(self.0.text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Out, A::Error> {
        self.0.list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<V::Out, A::Error> {
        self.0.object(object)
    }
}

/// A value that should be a string.
#[derive(Clone, Copy)]
pub(crate) struct TextValue;

impl<'de> Visit<'de> for TextValue {
    type Out = Field<'de>;

    fn wrong(self, found: Found) -> Field<'de> {
        Field::wrong(found)
    }

    fn text(self, text: Cow<'de, str>) -> Field<'de> {
        Field::text(text)
    }
}

/// A key, borrowed from the text where it has no escapes.
#[derive(Clone, Copy)]
struct Key;

impl<'de> Visit<'de> for Key {
    type Out = Cow<'de, str>;

    fn wrong(self, _: Found) -> Cow<'de, str> {
        Cow::Borrowed("")
    }

    fn text(self, text: Cow<'de, str>) -> Cow<'de, str> {
        text
    }
}

/// The one string under `key` of an object: `{"name": …}`, where only that is of interest.
#[derive(Clone, Copy)]
pub(crate) struct TextUnder(pub(crate) &'static str);

impl<'de> Visit<'de> for TextUnder {
    type Out = Field<'de>;

    fn wrong(self, found: Found) -> Field<'de> {
        Field::wrong(found)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Field<'de>, A::Error> {
        let mut field = Field::default();
        while let Some(key) = key(&mut object)? {
            if key == self.0 {
                field.put(text(&mut object)?);
            } else {
                skip(&mut object)?;
            }
        }
        Ok(field)
    }
}

/// An array: each element is visited by a copy of `visit` and handed over; says whether it was an array.
pub(crate) struct Each<V, F> {
    pub(crate) visit: V,
    pub(crate) take: F,
}

impl<'de, V, F> Visit<'de> for Each<V, F>
where
    V: Visit<'de> + Copy,
    F: FnMut(V::Out),
{
    type Out = Result<(), Found>;

    fn wrong(self, found: Found) -> Self::Out {
        if found == Found::Null { Ok(()) } else { Err(found) }
    }

    fn list<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Out, A::Error> {
        while let Some(out) = list.next_element_seed(As(self.visit))? {
            (self.take)(out);
        }
        Ok(Ok(()))
    }
}

/// The next key of an object.
pub(crate) fn key<'de, A: MapAccess<'de>>(object: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    object.next_key_seed(As(Key))
}

/// The value of the key just read, visited.
pub(crate) fn value<'de, A: MapAccess<'de>, V: Visit<'de>>(object: &mut A, visit: V) -> Result<V::Out, A::Error> {
    object.next_value_seed(As(visit))
}

/// The value of the key just read, which should be a string.
pub(crate) fn text<'de, A: MapAccess<'de>>(object: &mut A) -> Result<Field<'de>, A::Error> {
    value(object, TextValue)
}

/// The elements of the value of the key just read, which should be an array.
pub(crate) fn each<'de, A, V, F>(object: &mut A, visit: V, take: F) -> Result<Result<(), Found>, A::Error>
where
    A: MapAccess<'de>,
    V: Visit<'de> + Copy,
    F: FnMut(V::Out),
{
    value(object, Each { visit, take })
}

/// Skips the value of the key just read.
pub(crate) fn skip<'de, A: MapAccess<'de>>(object: &mut A) -> Result<(), A::Error> {
    object.next_value::<IgnoredAny>().map(drop)
}

/// Where the object begins whose first key is `key`, as an offset in `text`.
pub(crate) fn object_start(text: &str, key_offset: usize) -> usize {
    // The key's quote, blanks, the brace. For a key that is not the first one the key itself is the best answer.
    let before = text.as_bytes().get(..key_offset.saturating_sub(1)).unwrap_or_default();
    let blanks = before.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    match before.len().checked_sub(blanks + 1) {
        Some(at) if before[at] == b'{' => at,
        _ => key_offset,
    }
}

/// Reads all of `text` with `visit`; a syntax error becomes a problem with its place.
pub(crate) fn read<'de, V: Visit<'de>>(text: &'de str, name: &str, visit: V) -> Result<V::Out, Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    As(visit)
        .deserialize(&mut deserializer)
        .and_then(|out| deserializer.end().map(|()| out))
        .map_err(|error| syntax(&error, text, name))
}

/// A syntax error as a problem.
pub(crate) fn syntax(error: &serde_json::Error, text: &str, name: &str) -> Problem {
    // The parser counts the bytes of the line that it has taken: the last of them is the one that it stumbled over.
    let line_start =
        (1..error.line()).try_fold(0, |at, _| memchr::memchr(b'\n', &text.as_bytes()[at..]).map(|n| at + n + 1));
    let offset = (line_start.unwrap_or(text.len()) + error.column()).saturating_sub(1);
    let (line, column) = position(text, offset);
    let message = error.to_string();
    let message = message.split_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let hint = if error.is_eof() {
        "the file seems to be cut off; get it once more"
    } else if message.starts_with("recursion") {
        "no bill of materials is nested that deep; make it anew with another tool"
    } else {
        "make the document anew, or mend it by hand at this place"
    };
    Problem::error("sbom-syntax", format!("not valid JSON: {message}")).at(Place::text(name, line, column)).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_begins_before_its_first_key() {
        let text = "[ {\n  \"a\": 1, \"b\": 2}]";
        assert_eq!(object_start(text, text.find("a\"").unwrap()), 2);
        let second = text.find("b\"").unwrap();
        assert_eq!(object_start(text, second), second);
        assert_eq!(object_start("", 0), 0);
    }

    #[test]
    fn a_value_of_another_kind_is_an_answer() {
        for (text, found) in
            [("null", None), ("1", Some(Found::Number)), ("[{}]", Some(Found::List)), ("{}", Some(Found::Object))]
        {
            let mut faults = Vec::new();
            assert_eq!(read(text, "a", TextValue).unwrap().read("f", 9, &mut faults), None);
            assert_eq!(faults.first().cloned(), found.map(|found| crate::fault::Fault::WrongType("f", found)));
        }
        assert_eq!(read("\"a\\u0041\"", "a", TextValue).unwrap().get(), Some("aA"));
        assert_eq!(read("{\"n\":1,\"name\":\"x\"}", "a", TextUnder("name")).unwrap().get(), Some("x"));
    }
}
