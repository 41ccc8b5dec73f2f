//! Facts from talking SSH to a server (RFC 4250 to 4254, 8332, 8731, 9142).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an SSH server offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SshServer {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Protocol version of its banner: `2.0`, `1.99` (both), `1.5`.
    pub protocol: String,
    /// Software as the banner says, such as `OpenSSH_9.2p1 Debian-2+deb12u3`.
    pub software: String,
    /// Methods for the exchange of keys; signals in their list, such as `kex-strict-s-v00@openssh.com`, are left out. These lists are empty where
    /// only a version of the protocol before 2 is spoken.
    pub key_exchange: Vec<String>,
    /// Kinds of host keys.
    pub host_keys: Vec<String>,
    /// Ciphers, in either direction.
    pub ciphers: Vec<String>,
    /// Message authentication codes, in either direction.
    pub macs: Vec<String>,
    /// Of all these, the ones known to be weak or broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<String>,
    /// Of those, the ones that are broken rather than weak by today's measure: they must not be offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<String>,
    /// Whether an attacker on the way can cut off the beginning of the traffic (CVE-2023-48795, "Terrapin"): the modes that allow it are
    /// offered, and the strict exchange of keys that prevents it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix_truncation: Option<bool>,
    /// Ways to log in that it offers to a user that does not exist; empty where that was not asked or failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authentication: Vec<String>,
    /// Whether it takes passwords (`password` or `keyboard-interactive`); absent where that was not asked or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<bool>,
    /// Whether it lets a user that does not exist in without any proof (`none`); absent where that was not asked or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_login: Option<bool>,
}

/// A host key that an SSH server shows. That the server holds its private part is not verified. One key for each kind: that of `ssh-rsa` serves
/// `rsa-sha2-256` and `rsa-sha2-512`, too, and of a certificate it is the key in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SshHostKey {
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Kind: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, `ssh-dss` …
    pub kind: String,
    /// Size in bits; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Fingerprint as OpenSSH writes it: `SHA256:` and base64 without padding.
    pub fingerprint: String,
}
