//! What an expression can be, without copying the facts.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value as Json;

/// The value of an expression; what comes from facts is borrowed from them.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// `null`, or a field that is absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    String(Cow<'a, str>),
    /// A list.
    List(List<'a>),
    /// A record of a fact.
    Record(&'a serde_json::Map<String, Json>),
}

/// A list as a fact has it, or as an expression writes it.
#[derive(Debug, Clone)]
pub enum List<'a> {
    /// From a fact.
    Facts(&'a [Json]),
    /// From a literal or a function.
    Items(Vec<Value<'a>>),
}

impl<'a> List<'a> {
    /// How many elements it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Facts(items) => items.len(),
            Self::Items(items) => items.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'a>> + '_ {
        (0..self.len()).map(|i| match self {
            Self::Facts(items) => Value::from(&items[i]),
            Self::Items(items) => items[i].clone(),
        })
    }
}

impl<'a> From<&'a Json> for Value<'a> {
    /// A whole number beyond 64 bits with sign becomes a floating-point one.
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Self::Int(value),
                None => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::String(Cow::Borrowed(text)),
            Json::Array(items) => Self::List(List::Facts(items)),
            Json::Object(fields) => Self::Record(fields),
        }
    }
}

/// As CEL's `==`: a whole number and a floating-point one are equal where they are the same number.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().eq(b.iter()),
            (Self::Record(a), Self::Record(b)) => a == b,
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }
}

impl Value<'_> {
    /// How two numbers or two texts compare; texts by their code points. None for anything else.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            // A fact may write a number that happens to be whole without a fraction.
            (Self::Int(a), Self::Double(b)) => (*a as f64).partial_cmp(b),
            (Self::Double(a), Self::Int(b)) => a.partial_cmp(&(*b as f64)),
            (Self::String(a), Self::String(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}
