//! YAML with positions: bounded reading, validation against a JSON Schema with every mistake at its place.
//!
//! People write products, answers and catalogs by hand, so a mistake must be named where it stands, all mistakes at
//! once, each with what to do about it. [`Document::parse`] reads a file into a tree whose every node knows its place,
//! [`Document::validate`] walks the JSON Schema that `schemars` writes for a type over that tree, and
//! [`Document::decode`] turns the tree into the type without reading the text a second time. JSON, being a subset of
//! YAML, is read the same way.
//!
//! What is read is hostile until shown otherwise: [`Limits`] bound size, depth and the expansion of aliases, and what
//! YAML has beyond lists, mappings and simple values (merge keys, own tags, several documents) is refused by name.

mod decode;
mod document;
mod input;
mod limits;
mod listed;
mod parse;
mod path;
mod scalar;
mod schema;
mod syntax;
mod tree;

pub use document::Document;
pub use input::text;
pub use limits::Limits;
pub use path::{Path, Segment};
pub use tree::{Kind, Node};
