//! Loads, validates, compiles and indexes the catalog.
//!
//! The catalog is data that people write: YAML under `catalog/`. [`Source`]s are read from a folder, [`lint`] finds everything that
//! is wrong with them at its place, [`compile`] packs what is right into bytes, and [`Catalog`] opens such bytes and decodes only
//! what is asked for. The program embeds the bytes (`sekisho-builtin`), so nothing is parsed at start.
//!
//! The same path serves a user's own folder: it is linted together with the catalog it adds to.

mod check;
mod compiled;
mod concern;
mod condition;
pub mod facets;
mod files;
mod index;
mod lint;
mod product;
mod schema;

pub use check::{CheckError, CompiledCheck, Verdicts};
pub use compiled::{BadCatalog, compile};
pub use concern::Interest;
pub use condition::{Conditions, check_scope, trait_scope};
pub use files::{Parts, Source, Sources, read_document, read_folder};
pub use index::{Catalog, ControlRef, UnknownName, digest_of};
pub use lint::{CODES, lint};
pub use product::read_product;
pub use schema::{FileKind, schema};
