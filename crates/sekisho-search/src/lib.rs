//! Finds documents, controls, concepts and objectives by words of either language, and proposes objectives for controls.
//!
//! Both languages of every text are in one index. A query meets a text in three ways: by words (English ones reduced to their stems), by
//! pairs of neighbouring characters (Japanese, which has no spaces), and by the terms of the thesaurus, through which a query in one
//! language finds what is written in the other. Hits are ranked by BM25 over weighted fields (Robertson, Zaragoza, *The Probabilistic
//! Relevance Framework*, 2009).
//!
//! [`Index::build`] makes the index of a catalog as bytes, which [`Index::open`] reads in place: the program embeds that of the built-in
//! catalog, so the first query costs what it looks at and no more.

mod builder;
mod document;
mod excerpt;
mod fields;
mod hint;
mod index;
mod lexicon;
mod normalise;
mod query;
mod score;
mod search;
mod stem;
mod suggest;
mod token;

pub use document::unmapped;
pub use excerpt::Excerpt;
pub use index::{BadIndex, Index};
pub use normalise::normalise;
pub use search::{Found, Hit, HitKind, Query, Search, TermMatch, UnknownWord};
pub use stem::stem;
pub use suggest::{Languages, Suggester, Suggestion, Voter, Weights};
