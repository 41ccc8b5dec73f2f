//! Holds the components of a product against a database of known vulnerabilities.
//!
//! ```text
//! facts ──inventory──► components ──Matcher──► judgements ──► score, exploitation, exposure, statements ──► facts
//!                                     ▲
//!                    advisories of packages, of CPE names, of products by name
//! ```
//!
//! A [`Judgement`] is about one vulnerability of one component, whatever number of advisories speak of it: affected, not affected, or
//! unknown, each with its derivation. Three rules make it one that can be trusted:
//!
//! - A distribution's package is judged by that distribution's advisories and by no others: what it mends without raising the version, only
//!   they know. Where its advisories are not in the database, what others say is unknown for it.
//! - Advisories that contradict each other make it unknown, and so does a version that its order cannot read.
//! - A name alone decides nothing.

mod configurations;
mod database;
mod examine;
mod exposure;
mod inventory;
mod matcher;
mod merge;
mod messages;
mod packages;
mod products;
mod score;
mod statements;

pub use database::database_use;
pub use examine::{Examination, Subject, examine};
pub use matcher::{Context, Judged, Judgement, Matcher, Outcome};
pub use score::{Score, score};
