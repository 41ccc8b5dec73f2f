//! What a TLS or DTLS server agrees to, found by offering it one thing after the other.

mod starttls;

pub use starttls::{Starttls, upgrade};
