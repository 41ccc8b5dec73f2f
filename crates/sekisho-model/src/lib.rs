//! The nouns of Sekisho: catalog, product, facts, answers, verdicts.
//!
//! Everything here is plain data that can be written out, read back and compared; nothing here decides, reads a file or
//! opens a socket. The words are OSCAL's wherever OSCAL has one, NIST IR 8477's for mappings, RFC 2119's for modality.

pub mod address;
pub mod answer;
pub mod artefact;
pub mod assessment;
pub mod catalog;
pub mod collect;
pub mod coverage;
pub mod crosswalk;
pub mod declaration;
pub mod difference;
pub mod exit;
pub mod fact;
pub mod interface;
pub mod mail;
pub mod messaging;
pub mod network;
pub mod plan;
pub mod product;
pub mod published;
pub mod ssh;
pub mod text;
pub mod tls;
pub mod traffic;
pub mod trait_id;
pub mod verdict;
pub mod vulnerability;
pub mod web;

pub use text::{Lang, Text};
