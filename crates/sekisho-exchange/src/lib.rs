//! The catalog in other people's formats.
//!
//! [`export()`] writes documents, the hub and the mappings as OSCAL, CSV, CycloneDX standards or CISO Assistant libraries. [`import()`] reads
//! an OSCAL catalog, or a table of an organisation's own standard, and writes a document in the catalog's own format. Both are functions from
//! values to values: neither reads nor writes a file, and the moment is an argument. The same input gives the same bytes.
//!
//! What is imported is hostile until shown otherwise: [`Limits`] bound its size, and what goes over a limit is refused.

mod export;
mod identity;
mod import;
mod markup;
mod yaml;

pub use export::{ExportFile, ExportFormat, ExportRequest, export};
pub use import::{ControlIds, ImportFormat, ImportRequest, Imported, Limits, import, reread, verify};
