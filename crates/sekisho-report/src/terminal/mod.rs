//! What is printed on a terminal: the summary of an assessment, derivations, and what the catalog says.
//!
//! Meaning never rests on colour alone: every verdict has a symbol and a word. All functions return text that ends with a newline and whose
//! lines are no wider than [`Style::width`], as far as single words allow.

mod compare;
mod crosswalk;
mod documents;
mod evidence;
mod explain;
mod layout;
mod matrix;
mod paint;
mod plan;
mod search;
mod show;
mod suggest;
mod summary;
mod tree;
mod vulndb;
mod vulnerabilities;
mod vulnerability_changes;

pub use compare::comparison;
pub use crosswalk::{crosswalk, gap};
pub use documents::{documents, facets};
pub use evidence::{difference, evidence};
pub use explain::explain;
pub use matrix::matrix;
pub(crate) use plan::languages;
pub use plan::plan;
pub use search::search_results;
pub use show::{conflicts, show_control, show_document, show_objective};
pub use suggest::{Proposal, suggestions};
pub use summary::summary;
pub use vulndb::{VulnerabilityView, vulnerability_import, vulnerability_pack_verified, vulnerability_status};
pub use vulnerabilities::{Shown, vulnerabilities};
pub use vulnerability_changes::{vulnerabilities_since, vulnerability_changes};

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether it understands ANSI colour sequences.
    pub color: bool,
    /// How many columns it has.
    pub width: usize,
    /// Whether it shows more than ASCII; texts in Japanese are written in any case.
    pub unicode: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80, unicode: true }
    }
}
