//! The file: how it is written and read. What it is made of stands in the crate's documentation.

mod cache;
mod format;
pub(crate) mod keys;
mod read;
mod write;

pub(crate) use format::MAX_RECORD;
pub(crate) use read::Store;
pub(crate) use write::{rewrite_status, write};
