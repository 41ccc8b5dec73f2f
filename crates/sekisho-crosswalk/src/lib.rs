//! What follows from the mappings for two documents.
//!
//! Every control maps to objectives with a set-theory relationship (NIST IR 8477). Two controls of different documents are related by composing
//! the way from one to an objective with the way from there to the other: [`algebra`] says what may be concluded. [`crosswalk`] lists the pairs
//! of two documents, [`gap`] what meeting some leaves open in another, [`matrix`] which document asks for what, [`compare`] two of them side
//! by side.

pub mod algebra;
mod compare;
mod crosswalk;
mod gap;
mod links;
mod matrix;

pub use compare::compare;
pub use crosswalk::crosswalk;
pub use gap::gap;
pub use links::Links;
pub use matrix::matrix;
