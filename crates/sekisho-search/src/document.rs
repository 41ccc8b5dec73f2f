//! Which controls of a document wait for objectives.

use sekisho_model::catalog::{Control, Document};

/// The controls that somebody has still to map.
pub fn unmapped(document: &Document) -> impl Iterator<Item = &Control> {
    document.controls.iter().filter(|control| control.awaits_mapping())
}
