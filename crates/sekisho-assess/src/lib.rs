//! Scope, plan and evaluation: facts and answers become verdicts. Nothing here reads a file, opens a socket or asks for the time.
//!
//! ```text
//! product + facts ─► scope (traits) ─► what applies
//! facts + coverage ─► checks ─► objectives ─► controls ─► findings
//! ```
//!
//! The rules stand in [`objective`] and [`control`], each as one function over plain values, so that the property tests hold for the
//! very code that runs.

mod aspects;
mod checks;
mod compare;
mod concern;
pub mod control;
mod declared_authentication;
mod declared_cryptography;
mod destinations;
mod difference;
mod findings;
mod listeners;
mod messages;
pub mod objective;
mod open;
mod own_traffic;
mod reach;
mod reviews;
mod scope;
mod vulnerabilities;

mod assess;

pub use assess::{Evidence, Request, Unread, assess};
pub use compare::mark_packaged;
pub use difference::difference;
pub use scope::traits;
pub use vulnerabilities::{vulnerabilities_since, vulnerability_changes};
