//! Looks at what is declared and authorized over the network: hosts with their services, domains, and documents that are published.
//!
//! What may be contacted is a value ([`Host`]) that is made from the product file; nothing in this crate finds further targets. Every
//! request is taken from one [`Budget`] for each host, which bounds their number, their rate and the time, and ends at once when the user asks.
//! Everything that answers is taken to be hostile: each [`Connection`] ends at a deadline and after so many bytes, whatever the other side does.
//!
//! A question that fails is a fact of its own ([`ProbeFailure`]) and a gap in the aspect that it belongs to, so that no check passes because
//! nothing was heard.

pub mod access;
pub mod client;
pub mod coap;
pub mod document;
pub mod domain;
pub mod logins;
pub mod message;
pub mod mqtt;
pub mod plan;
pub mod scan;
pub mod ssh;
pub mod tls;
pub mod web;

mod attempts;
mod blocks;
mod budget;
mod connection;
mod diffie_hellman;
mod endpoint;
mod failure;
mod findings;
mod host;
mod http;
mod protocol;
mod random;
mod secure;
mod survey;

pub use budget::{Bounds, Budget, Stop};
pub use connection::{Connection, ask, ask_any_port, ask_for};
pub use endpoint::Endpoint;
pub use failure::Failure;
pub use findings::Findings;
pub use host::{Host, Login, Port};
pub use secure::Secure;
pub use survey::{ACTIVE, Survey};

#[allow(unused_imports, reason = "for the documentation above")]
use sekisho_model::network::ProbeFailure;
