//! Collectors: results of other tools ([`ResultsCollector`]).
mod artefact;
mod draft;
mod json;
mod limits;
mod results;
mod text;
mod xml;

pub use limits::Limits;
pub use results::ResultsCollector;
