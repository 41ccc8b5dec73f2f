//! Problems with code, severity, place and hint, and how they are printed.
//!
//! Every part of Sekisho that reads something a person wrote or a machine produced reports what is wrong with it as a
//! [`Problem`]: all of them at once, each at its place, each with a hint where one can be given. Nothing here decides
//! what happens next; the program maps problems to exit codes.

mod problem;
mod render;
mod suggest;

pub use problem::{Place, Problem, Problems, Severity};
pub use render::{Sources, render};
pub use suggest::{closest, nearest};
