//! Reports: what an assessment says, for people and for machines.
//!
//! Everything here is a plain function from an [`Assessment`](sekisho_model::assessment::Assessment) and the catalog's [`Texts`], or from a
//! [`VulnerabilityReport`](sekisho_model::vulnerability::VulnerabilityReport), to a string: no file is read or written, and the same input gives
//! the same bytes.
//!
//! - [`terminal`]: a summary that fits on a screen, and derivations of single controls and objectives;
//! - [`html`]: one self-contained file for screen, phone and paper, in both languages;
//! - [`json`]: the whole assessment;
//! - [`vulnerabilities`]: a report of known vulnerabilities, in the formats in which others read such things.
//!
//! What comes from artefacts is hostile. It is neutralised where output is put together, not where it is read: [`html`] escapes in its
//! templates and makes control and bidirectional characters visible over the whole page; [`terminal`] does so for every piece of text that it
//! places.

pub mod html;
pub mod json;
pub mod terminal;
pub mod vulnerabilities;

mod age;
mod bilingual;
mod facts;
mod messages;
mod place;
mod plain;
mod reading;
mod standing;
mod texts;

pub use texts::Texts;
