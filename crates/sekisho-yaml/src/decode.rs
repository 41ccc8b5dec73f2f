//! From the tree to a type, through serde, keeping track of where.

use std::fmt;

use sekisho_diag::Problem;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::scalar::Core;
use crate::tree::{Kind, Node, Span};

/// The value of `node` as a `T`.
pub(crate) fn decode<T: DeserializeOwned>(node: Node<'_>) -> Result<T, Problem> {
    T::deserialize(Source(node)).map_err(|error| {
        let span = error.span.unwrap_or_else(|| node.span());
        Problem::error("wrong-value", error.message).at(span.place(node.file()))
    })
}

/// The value of `node` as JSON.
pub(crate) fn to_json(node: Node<'_>) -> Value {
    match node.scalar() {
        Some((_, Core::Null)) => Value::Null,
        Some((_, Core::Bool(value))) => value.into(),
        Some((_, Core::Int(value))) => value.into(),
        Some((_, Core::UInt(value))) => value.into(),
        Some((_, Core::Float(value))) => value.into(),
        Some((text, Core::Text)) => text.into(),
        None if node.kind() == Kind::List => node.items().map(to_json).collect(),
        None => node.entries().map(|(key, value)| (key.to_owned(), to_json(value))).collect(),
    }
}

/// What a type says against a value, and which value it was: the innermost that the error passed on its way out.
#[derive(Debug)]
struct Error {
    message: String,
    span: Option<Span>,
}

impl Error {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A value as serde reads it.
#[derive(Clone, Copy)]
struct Source<'de>(Node<'de>);

impl<'de> IntoDeserializer<'de, Error> for Source<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Source<'de> {
    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.scalar() {
            Some((_, Core::Null)) => visitor.visit_unit(),
            Some((_, Core::Bool(value))) => visitor.visit_bool(value),
            Some((_, Core::Int(value))) => visitor.visit_i64(value),
            Some((_, Core::UInt(value))) => visitor.visit_u64(value),
            Some((_, Core::Float(value))) => visitor.visit_f64(value),
            Some((text, Core::Text)) => visitor.visit_borrowed_str(text),
            None if self.0.kind() == Kind::List => {
                let mut items = SeqDeserializer::new(self.0.items().map(Source));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            None => {
                let mut entries = MapDeserializer::new(self.entries());
                let value = visitor.visit_map(&mut entries)?;
                entries.end()?;
                Ok(value)
            }
        }
    }

    fn entries(self) -> impl Iterator<Item = (Key<'de>, Source<'de>)> {
        let spans = self.0.raw_entries().iter().map(|entry| entry.span);
        self.0.entries().zip(spans).map(|((key, value), span)| (Key { text: key, span }, Source(value)))
    }

    /// `error` at this value, unless a value inside it was to blame.
    fn blame<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.0.span()))
    }
}

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.blame(self.visit(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.kind() {
            Kind::Null => visitor.visit_none(),
            _ => self.blame(visitor.visit_some(self)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.blame(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match self.0.kind() {
            Kind::Text => visitor.visit_enum(self.0.text().unwrap_or_default().into_deserializer()),
            Kind::Mapping if self.0.entries().len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(self.entries())))
            }
            Kind::Mapping => Err(de::Error::invalid_value(Unexpected::Map, &"a mapping with one field")),
            _ => Err(de::Error::invalid_type(self.unexpected(), &"a text, or a mapping with one field")),
        };
        self.blame(result)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> Source<'de> {
    fn unexpected(self) -> Unexpected<'de> {
        match self.0.scalar() {
            Some((_, Core::Null)) => Unexpected::Unit,
            Some((_, Core::Bool(value))) => Unexpected::Bool(value),
            Some((_, Core::Int(value))) => Unexpected::Signed(value),
            Some((_, Core::UInt(value))) => Unexpected::Unsigned(value),
            Some((_, Core::Float(value))) => Unexpected::Float(value),
            Some((text, Core::Text)) => Unexpected::Str(text),
            None if self.0.kind() == Kind::List => Unexpected::Seq,
            None => Unexpected::Map,
        }
    }
}

/// A mapping's key: a text, or whatever else the type of the keys reads it as.
#[derive(Clone, Copy)]
struct Key<'de> {
    text: &'de str,
    span: Span,
}

impl<'de> IntoDeserializer<'de, Error> for Key<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Key<'_> {
    fn blame<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.at(self.span))
    }
}

/// Keys are texts in the tree, so a type with number keys gets the number that the text says.
macro_rules! parsed {
    ($($deserialize:ident $visit:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.blame(match self.text.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => visitor.visit_borrowed_str(self.text),
            })
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.blame(visitor.visit_borrowed_str(self.text))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.blame(visitor.visit_some(self))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.blame(visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.blame(visitor.visit_enum(self))
    }

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

impl<'de> de::EnumAccess<'de> for Key<'de> {
    type Error = Error;
    type Variant = Unit;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Unit), Error> {
        Ok((self.blame(seed.deserialize(self))?, Unit))
    }
}

/// The variant that a key can name: one without content.
struct Unit;

impl<'de> de::VariantAccess<'de> for Unit {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, Error> {
        Err(de::Error::custom("a key cannot carry a value of its own"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a key cannot carry a list"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a key cannot carry a mapping"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use crate::{Document, Limits};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Product {
        name: String,
        ports: BTreeMap<u16, Option<Service>>,
        #[serde(default)]
        interfaces: Vec<Interface>,
        level: Option<u8>,
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Service {
        Web,
        Other(String),
        Range { from: u16, to: u16 },
        Pair(u8, u8),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    enum Interface {
        Radio { band: f64 },
        Usb,
    }

    fn decode(text: &str) -> Result<Product, String> {
        let document = Document::parse("p.yaml", text, &Limits::default()).map_err(|e| e.to_string())?;
        document.decode().map_err(|e| e.to_string())
    }

    #[test]
    fn every_shape_of_type_is_read() {
        let text = "
name: '2.10'
ports:
  80: web
  90: ~
  100: {other: x}
  200: {range: {from: 1, to: 2}}
  300: {pair: [1, 2]}
interfaces:
  - {kind: radio, band: 2}
  - kind: usb
level: null
";
        let product = decode(text).unwrap();
        assert_eq!(product.name, "2.10");
        assert_eq!(product.ports[&80], Some(Service::Web));
        assert_eq!(product.ports[&90], None);
        assert_eq!(product.ports[&100], Some(Service::Other("x".into())));
        assert_eq!(product.ports[&200], Some(Service::Range { from: 1, to: 2 }));
        assert_eq!(product.ports[&300], Some(Service::Pair(1, 2)));
        assert_eq!(product.interfaces, [Interface::Radio { band: 2.0 }, Interface::Usb]);
        assert_eq!(product.level, None);
    }

    #[test]
    fn an_error_names_the_value_to_blame() {
        for (text, place) in [
            ("name: 1\nports: {}\n", "p.yaml:1:7:"),
            ("name: a\nports: {80: wib}\n", "p.yaml:2:13:"),
            ("name: a\nports: {x: web}\n", "p.yaml:2:9:"),
            ("name: a\nports: {70000: web}\n", "p.yaml:2:9:"),
            ("name: a\nports: {}\nlevel: 256\n", "p.yaml:3:8:"),
            ("name: a\nports: {}\nlevl: 2\n", "p.yaml:3:1:"),
            ("name: a\nports: {1: {other: [1]}}\n", "p.yaml:2:20:"),
            ("name: a\nports: {}\ninterfaces:\n  - kind: usb\n  - kind: usc\n", "p.yaml:5:11:"),
        ] {
            let error = decode(text).unwrap_err();
            assert!(error.starts_with(place), "{text}: {error}");
        }
    }

    #[test]
    fn a_key_can_be_a_word_of_an_enum() {
        let document = Document::parse("p", "{web: 1}", &Limits::default()).unwrap();
        assert_eq!(document.decode(), Ok(BTreeMap::from([(Service::Web, 1)])));
        assert!(document.decode::<BTreeMap<bool, u8>>().is_err());
    }
}
