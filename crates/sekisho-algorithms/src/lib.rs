//! Names of the algorithms of TLS and SSH, and what is known against them.
//!
//! A service may be asked by Sekisho itself or by another tool: what is said of its algorithms must be the same.

pub mod ssh;
pub mod tls;
