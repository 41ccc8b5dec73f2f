//! The crate from outside.

mod errors;
mod facts;
mod oracle;
mod properties;
