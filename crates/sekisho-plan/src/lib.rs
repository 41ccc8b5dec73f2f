//! The reading plan: which documents and chapters to read, in which order, for the fewest pages.
//!
//! ```text
//! reader + catalog ─► candidates: chapters with pages, each with what it says of which objective
//!                  ─► choose: weighted set cover, stage by stage
//!                  ─► plan: the order, what each step adds, what is left
//! ```
//!
//! What has to be read comes first and is read whatever it adds, chapter by chapter where it asks something of the reader: the laws of the chosen
//! markets, the criteria written for labels of these markets, and what the reader asks for. Then come documents on which such labels rest, then other
//! current documents, and last those that are no longer current, each stage only for what those before it leave open. Where the reader limits the pages,
//! documents on which labels rest and other current ones are one stage, so that the pages bring the most.
//!
//! The rules for pages and their estimation stand in [`chapters`], the algorithm in [`cover`].

mod candidates;
pub mod chapters;
pub mod cover;
mod messages;
mod names;
mod pages;
mod plan;

pub use candidates::{Candidate, Candidates, Reading, candidates};
pub use pages::Pages;
pub use plan::plan;
