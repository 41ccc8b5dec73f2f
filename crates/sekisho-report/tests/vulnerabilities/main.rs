//! The report of known vulnerabilities: what people and other programs are shown.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod formats;
mod report;
mod round_trip;
mod screen;
