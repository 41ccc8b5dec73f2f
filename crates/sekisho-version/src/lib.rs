//! Versions: their orders, the ecosystems that define them, the ranges of advisories, package URLs and CPE names.
//!
//! [`ecosystem`] says how the versions of a package's ecosystem are ordered, [`order`] orders them, [`range`] tells whether an advisory is about
//! one. [`order::compare`] is for where the ecosystem is not known.

pub mod cpe;
pub mod ecosystem;
pub mod order;
pub mod purl;
pub mod range;
