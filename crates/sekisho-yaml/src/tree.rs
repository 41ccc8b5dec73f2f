//! The values of a document and where they stand.

use std::ops::Range;

use sekisho_diag::Place;

use crate::path::Segment;
use crate::scalar::Core;

/// Where a value or key stands: line and column in characters, from 1, and how many characters it has on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) length: u32,
}

impl Span {
    pub(crate) fn place(self, file: &str) -> Place {
        Place::Text {
            file: file.to_owned(),
            line: self.line as usize,
            column: self.column as usize,
            length: self.length as usize,
        }
    }
}

/// A value's number in its [`Tree`].
pub(crate) type Id = u32;

/// All values of a document.
///
/// An alias is the number of the value that it names, so nothing is copied; `size` and `text` say what walking the
/// value costs all the same.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) file: String,
    pub(crate) nodes: Vec<Data>,
    pub(crate) root: Id,
    /// Problems that a walk over the tree reports at most.
    pub(crate) problems: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub(crate) span: Span,
    pub(crate) value: Value,
    /// Values walked from here, this one included.
    pub(crate) size: usize,
    /// Bytes of text met on that walk.
    pub(crate) text: usize,
    /// Levels of lists and mappings from here.
    pub(crate) height: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Scalar(Scalar),
    List(Box<[Id]>),
    Mapping(Box<[Entry]>),
}

#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    /// What stands in the file once quotes and escapes are gone.
    pub(crate) text: Box<str>,
    pub(crate) core: Core,
    /// Whether it stands under a `|`, line for line.
    pub(crate) is_block: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Box<str>,
    pub(crate) span: Span,
    pub(crate) value: Id,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Nothing: `null`, `~`, or no value at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A text, quoted or not.
    Text,
    /// A list.
    List,
    /// A mapping of keys to values.
    Mapping,
}

/// A value of a [`Document`](crate::Document).
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    tree: &'a Tree,
    id: Id,
}

impl<'a> Node<'a> {
    pub(crate) fn root(tree: &'a Tree) -> Self {
        Self { tree, id: tree.root }
    }

    fn data(self) -> &'a Data {
        &self.tree.nodes[self.id as usize]
    }

    fn with(self, id: Id) -> Self {
        Self { tree: self.tree, id }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match &self.data().value {
            Value::Scalar(scalar) => match scalar.core {
                Core::Null => Kind::Null,
                Core::Bool(_) => Kind::Bool,
                Core::Int(_) | Core::UInt(_) => Kind::Int,
                Core::Float(_) => Kind::Float,
                Core::Text => Kind::Text,
            },
            Value::List(_) => Kind::List,
            Value::Mapping(_) => Kind::Mapping,
        }
    }

    /// Where it stands; a list or mapping, where it begins.
    pub fn place(self) -> Place {
        self.span().place(&self.tree.file)
    }

    /// The text of a simple value as it was written, whatever it means; `2.10` keeps its zero. None for lists and
    /// mappings.
    pub fn text(self) -> Option<&'a str> {
        match &self.data().value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::List(_) | Value::Mapping(_) => None,
        }
    }

    /// Where a part of a text stands: for mistakes in what a text says, such as an expression.
    ///
    /// `part` is in bytes of [`Node::text`]. Exact for texts on one line without escapes and for those under `|`; for
    /// others it is the place of the whole.
    pub fn place_of_part(self, part: Range<usize>) -> Place {
        let Value::Scalar(scalar) = &self.data().value else { return self.place() };
        let (Some(before), Some(inside)) = (scalar.text.get(..part.start), scalar.text.get(part)) else {
            return self.place();
        };
        let mut span = self.span();
        let shown = span.length as usize;
        let written = scalar.text.chars().count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
        if scalar.is_block {
            // The span begins at the first line that is not empty.
            let empty = scalar.text.bytes().take_while(|b| *b == b'\n').count();
            span.line += before.matches('\n').count().saturating_sub(empty) as u32;
            span.column += column;
        } else if shown == written || shown == written + 2 {
            // Quotes are two characters more than the text, if nothing in it is escaped.
            span.column += column + u32::from(shown > written);
        } else {
            return self.place();
        }
        span.length = inside.lines().next().map_or(1, |line| line.chars().count().max(1)) as u32;
        span.place(&self.tree.file)
    }

    /// A list's elements; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'a>> {
        let ids: &[Id] = if let Value::List(ids) = &self.data().value { ids } else { &[] };
        ids.iter().map(move |id| self.with(*id))
    }

    /// A mapping's keys and values in order; none for anything else.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (&'a str, Node<'a>)> {
        self.raw_entries().iter().map(move |entry| (&*entry.key, self.with(entry.value)))
    }

    /// The value of a mapping's `key`.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|entry| self.with(entry.value))
    }

    /// Where a mapping's `key` itself stands.
    pub fn place_of_key(self, key: &str) -> Option<Place> {
        self.entry(key).map(|entry| entry.span.place(&self.tree.file))
    }

    /// The value one step further.
    pub(crate) fn step(self, segment: &Segment) -> Option<Node<'a>> {
        match segment {
            Segment::Key(key) => self.get(key),
            Segment::Index(index) => self.items().nth(*index),
        }
    }

    pub(crate) fn raw_entries(self) -> &'a [Entry] {
        if let Value::Mapping(entries) = &self.data().value { entries } else { &[] }
    }

    fn entry(self, key: &str) -> Option<&'a Entry> {
        self.raw_entries().iter().find(|entry| &*entry.key == key)
    }

    pub(crate) fn scalar(self) -> Option<(&'a str, Core)> {
        if let Value::Scalar(scalar) = &self.data().value { Some((&scalar.text, scalar.core)) } else { None }
    }

    pub(crate) fn span(self) -> Span {
        self.data().span
    }

    pub(crate) fn file(self) -> &'a str {
        &self.tree.file
    }
}
