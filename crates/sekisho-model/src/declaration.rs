//! What a maker declares so that a machine can compare it with what is seen, and the fact that the two differ. Testers call such
//! declarations IXIT (ETSI TS 103 701, "Implementation eXtra Information for Testing"); the fields use the words of the facts that they are
//! compared with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The TLS or DTLS that an interface agrees to, or that is agreed on for a flow (in IXIT 1-AuthMech and 11-ComMech: "Cryptographic Details").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsDeclaration {
    /// Versions: `tls1.2`, `tls1.3`, `dtls1.2` …; an empty list says that there is no TLS.
    #[schemars(inner(regex(pattern = r"^(ssl[23]|tls1\.[0-3]|dtls1\.[023])$")))]
    pub versions: Vec<String>,
    /// Cipher suites by IANA's names, of all versions together; where left out, nothing is said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher_suites: Option<Vec<String>>,
    /// Groups for the exchange of keys: `x25519`, `secp256r1` …; where left out, nothing is said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Kinds and sizes of the certificates' keys: `ec-256`, `rsa-2048`, `ed25519` …; where left out, nothing is said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_keys: Option<Vec<String>>,
}

/// The algorithms that an SSH server offers, by their names in the protocol; of what is left out nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SshDeclaration {
    /// Methods for the exchange of keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_exchange: Option<Vec<String>>,
    /// Kinds of host keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_keys: Option<Vec<String>>,
    /// Ciphers, in either direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ciphers: Option<Vec<String>>,
    /// Message authentication codes, in either direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macs: Option<Vec<String>>,
}

/// A review or evaluation of an implementation (IXIT 12-NetSecImpl).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Name of the implementation, as a bill of materials has it: `mbedtls`, `dropbear`.
    #[schemars(length(min = 1))]
    pub name: String,
    /// The version that the report is about.
    #[schemars(length(min = 1))]
    pub version: String,
    /// Where the report is to be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// A component of which another version was seen than was reviewed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDifference {
    /// Name, as the product file gives it.
    pub component: String,
    /// The version that was reviewed.
    pub reviewed: String,
    /// The version that was seen.
    pub seen: String,
}

/// What the product file declares of an interface or a flow, and what was seen of it otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationDifference {
    /// About what: `authentication`, `tls-versions`, `tls-cipher-suites`, `tls-groups`, `tls-certificate-keys`, `ssh-key-exchange`,
    /// `ssh-host-keys`, `ssh-ciphers`, `ssh-macs`.
    pub about: String,
    /// Of what: `interface` (the component is asked), `flow` (it asks).
    pub of: String,
    /// Address of the host; of a flow, the name that the component asked for, or the address that it asked.
    pub address: String,
    /// `tcp` or `udp`.
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Whether the product file declares that who uses it must authenticate; absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticated: Option<bool>,
    /// What is declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<String>,
    /// What was seen and is not declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undeclared: Vec<String>,
    /// What is declared and was refused or not offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
