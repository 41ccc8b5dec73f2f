//! Runs a collector in a process of its own that can read the artefact and do nothing else.
//!
//! Readers of hostile formats have bugs. Safe Rust turns most of them into a gap; what is left (a library's endless loop, memory that
//! runs out, a stack that overflows, a flaw in the compiler) must neither end the assessment nor reach the user's files. So the program
//! starts itself again as a *worker*:
//!
//! - [`worker`] confines its own process ([`confine`]) before it looks at the first byte, collects, and writes what it found as lines of
//!   JSON ([`Message`]) to its standard output.
//! - [`Isolated`] is a [`Collector`] that starts such a worker, reads its lines, and keeps the facts of every finished part. A worker that
//!   is killed, crashes or runs over a limit leaves a collection with those facts, and a gap in every aspect that says why.
//!
//! | kept out | by | where |
//! | --- | --- | --- |
//! | files other than the artefact or those below it, any writing | Landlock | Linux 5.13 and later |
//! | network, starting programs, tracing processes | seccomp | Linux on `x86_64` and `aarch64` |
//! | memory, processor time, core dumps | resource limits | Unix |
//! | time | the parent's clock | everywhere |
//!
//! What the system at hand does not offer is left out and reported: [`Isolated::missing`].

mod confine;
mod isolated;
mod message;
mod worker;

pub use confine::{Bounds, Layer, confine};
pub use isolated::{Isolated, Start};
pub use message::Message;
pub use worker::worker;

#[allow(unused_imports, reason = "for the documentation above")]
use sekisho_model::collect::Collector;
