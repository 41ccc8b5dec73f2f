//! Tests of the plan on the built-in catalog, and of its algorithm on generated problems.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod exact;
mod gap;
mod lengths;
mod personas;
mod properties;
