//! What a value can be.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The type of a variable, a field or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`; an absent field of this type is false.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// A floating-point number.
    Double,
    /// A text.
    String,
    /// A text that can only be one of these.
    Word(Arc<[String]>),
    /// Only `null`.
    Null,
    /// A value or `null`; an absent field of this type is `null`.
    Optional(Arc<Type>),
    /// A list; an absent field of this type is empty.
    List(Arc<Type>),
    /// Fields with a type each.
    Record(Arc<BTreeMap<String, Type>>),
    /// Something that the language has no values for, such as a map with free keys: only `has` can be asked of it.
    Opaque,
    /// What the elements of `[]` are.
    Never,
}

impl Type {
    /// A value of type `inner`, or `null`.
    pub fn optional(inner: Self) -> Self {
        match inner {
            Self::Optional(_) | Self::Null | Self::Opaque => inner,
            inner => Self::Optional(Arc::new(inner)),
        }
    }

    /// A list of `element`.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// A text that is one of `words`.
    pub fn word<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Word(words.into_iter().map(str::to_owned).collect())
    }

    /// A record of `fields`.
    pub fn record<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Record(Arc::new(fields.into_iter().map(|(name, ty)| (name.to_owned(), ty)).collect()))
    }

    /// The type of what is not `null` in this one.
    pub(crate) fn present(&self) -> &Self {
        match self {
            Self::Optional(inner) => inner,
            other => other,
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::Word(_))
    }

    /// Whether `null` is among its values.
    pub(crate) fn is_nullable(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Null)
    }

    /// The type that has the values of both, if there is one.
    pub(crate) fn unified(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (a, b) if a == b => a.clone(),
            (Self::Never, ty) | (ty, Self::Never) => ty.clone(),
            (a, b) if a.is_text() && b.is_text() => Self::String,
            (Self::Null, ty) | (ty, Self::Null) => Self::optional(ty.clone()),
            (Self::Optional(a), b) | (b, Self::Optional(a)) => Self::optional(a.unified(b.present())?),
            (Self::List(a), Self::List(b)) => Self::list(a.unified(b)?),
            _ => return None,
        })
    }

    /// Whether `==` can compare its values.
    pub(crate) fn is_comparable(&self) -> bool {
        match self {
            Self::Optional(inner) | Self::List(inner) => inner.is_comparable(),
            Self::Record(_) | Self::Opaque => false,
            _ => true,
        }
    }

    /// In the plural: `texts`.
    fn plural(&self) -> String {
        match self {
            Self::Bool => "booleans".to_owned(),
            Self::Int => "whole numbers".to_owned(),
            Self::Double => "numbers".to_owned(),
            Self::String | Self::Word(_) => "texts".to_owned(),
            Self::Null | Self::Never => "nulls".to_owned(),
            Self::Optional(inner) => inner.plural(),
            Self::List(inner) => format!("lists of {}", inner.plural()),
            Self::Record(_) => "records".to_owned(),
            Self::Opaque => "values".to_owned(),
        }
    }
}

/// As messages name it: `a text`, `a list of whole numbers`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("a boolean"),
            Self::Int => f.write_str("a whole number"),
            Self::Double => f.write_str("a number with a fraction"),
            Self::String | Self::Word(_) => f.write_str("a text"),
            Self::Null | Self::Never => f.write_str("null"),
            Self::Optional(inner) => write!(f, "{inner} or null"),
            Self::List(inner) if **inner == Self::Never => f.write_str("an empty list"),
            Self::List(inner) => write!(f, "a list of {}", inner.plural()),
            Self::Record(_) => f.write_str("a record"),
            Self::Opaque => f.write_str("a value that expressions cannot use"),
        }
    }
}
