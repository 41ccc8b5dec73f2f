//! Which controls of a document wait for objectives.

use sekisho_model::catalog::{Control, Document};

/// The controls with neither a mapping, nor a whole that they inherit from, nor a stated reason for having none.
pub fn unmapped(document: &Document) -> impl Iterator<Item = &Control> {
    let waits =
        |control: &&Control| control.mappings.is_empty() && control.inherits.is_none() && control.unmapped.is_none();
    document.controls.iter().filter(waits)
}
