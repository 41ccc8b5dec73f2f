//! Version orders and package URLs.
//!
//! The orders of the single ecosystems (dpkg, RPM, apk, semver …) come with the vulnerability database that needs them; here stands
//! what recognising and comparing components needs: the upstream part of a packaged version, one order that fits all
//! dotted versions, and package URLs.

pub mod order;
pub mod purl;
