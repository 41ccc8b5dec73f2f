//! Facts from talking MQTT (OASIS MQTT 3.1.1 and 5.0) and `CoAP` (RFC 7252, RFC 8323) to a service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an MQTT broker lets a client do.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MqttBroker {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Whether it was spoken to over TLS.
    pub tls: bool,
    /// Versions of the protocol that it speaks: `3.1.1`, `5.0`; empty where it lets in nobody without a certificate.
    pub versions: Vec<String>,
    /// Whether it lets in a client without name and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<bool>,
    /// Whether a client without name and password that subscribes to every topic (`#`) is sent messages: true where at least one came, which
    /// does not say that all do, for an access list may hold back others; false where the subscription is refused, or a message of our own
    /// under it was held back; absent where it is granted but no message came. Some brokers grant every subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_wildcard: Option<bool>,
    /// Different topics of which such a client was sent messages, those of our own tests left out.
    #[serde(default)]
    pub anonymous_topics: u32,
    /// Whether a client without name and password reads the broker's own state (`$SYS/#`), told in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_system: Option<bool>,
    /// Whether a client without name and password may publish. Tried only where active tests are authorized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_publish: Option<bool>,
    /// Whether a client of one user pushes out the client of another that has the same client identifier. The standard demands that it does
    /// (MQTT 3.1.1 and 5.0, section 3.1.4), so it is so unless the broker ties identifiers to users. Tried only where active tests are
    /// authorized and two accounts are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takeover: Option<bool>,
    /// Whether one user can read what another publishes under a topic of its own. Tried only where active tests are authorized and two
    /// accounts are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads_others: Option<bool>,
    /// Retained messages that a client without name and password was sent.
    pub retained: u32,
    /// Of them, those in which a secret stands.
    pub retained_secrets: u32,
}

/// A `CoAP` server.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoapServer {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// `udp` or `tcp` (RFC 8323).
    pub transport: String,
    /// Whether it was spoken to inside DTLS or TLS.
    #[serde(default)]
    pub tls: bool,
    /// Whether it lists its resources (`/.well-known/core`, RFC 6690) to anybody.
    pub lists_resources: bool,
    /// Number of resources that it lists.
    pub resources: u32,
    /// Of them, those that were read without any log-in, but for those under `/.well-known/`, which are for discovery.
    pub readable: u32,
}

/// A resource of a `CoAP` server.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoapResource {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// `udp` or `tcp`, as of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// Path.
    pub path: String,
    /// Resource types (`rt`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Whether it can be observed (RFC 7641).
    pub observable: bool,
    /// Code of the answer to reading it without a log-in or a key, such as `2.05` or `4.01`; absent where it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whether it gave its content; absent where it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readable: Option<bool>,
}
