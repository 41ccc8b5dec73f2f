//! Facts about a domain: how its mail is protected against forgery and eavesdropping, who may issue certificates for it, how to report a flaw.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A domain's records for mail and trust, as the name server told them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailDomain {
    /// The domain.
    pub domain: String,
    /// Its mail servers, best first; empty where it takes no mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mail_servers: Vec<String>,
    /// Whether it says that it takes no mail at all (RFC 7505).
    pub null_mx: bool,
    /// The SPF record (RFC 7208); absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf: Option<String>,
    /// What SPF says of all other senders: `fail`, `softfail`, `neutral`, `pass`; absent where it does not say, or there is no record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_all: Option<String>,
    /// Look-ups that evaluating it takes (at most 10, RFC 7208, section 4.6.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_lookups: Option<u32>,
    /// Whether the SPF record is valid: one only, syntax, look-ups; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_valid: Option<bool>,
    /// The DMARC record (RFC 7489) that holds for it; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<String>,
    /// The policy for mail that fails: `none`, `quarantine`, `reject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_policy: Option<String>,
    /// The policy for subdomains, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_subdomain_policy: Option<String>,
    /// Share of failing mail that the policy is applied to, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_percent: Option<u32>,
    /// Whether it asks for reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_reports: Option<bool>,
    /// Days for which the policy has been weaker than rejecting, as the product file dates its beginning; absent where it rejects or no date is
    /// given. Records carry no date of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_weak_days: Option<i64>,
    /// The mode of MTA-STS (RFC 8461): `enforce`, `testing`, `none`; absent where there is no policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mta_sts: Option<String>,
    /// Whether it asks for reports on TLS (RFC 8460).
    pub tls_reporting: bool,
    /// Whether its mail servers' certificates are pinned by signed TLSA records (DANE, RFC 7672); absent where it has no mail servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dane: Option<bool>,
    /// Whether its zone is signed (DNSSEC): the parent names a key, and the zone has signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_signed: Option<bool>,
    /// Whether the name server that was asked says that it verified the signatures (the AD flag); it is as good as that server and the way to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_verified: Option<bool>,
    /// Whether the name server refused to answer because signatures do not hold.
    pub dnssec_bogus: bool,
    /// Who may issue certificates for it (CAA, RFC 8659); empty where anybody may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caa: Vec<String>,
}

/// A key under which a domain signs mail (DKIM, RFC 6376).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DkimKey {
    /// The domain.
    pub domain: String,
    /// The selector.
    pub selector: String,
    /// Whether there is a record.
    pub found: bool,
    /// `rsa`, `ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_algorithm: Option<String>,
    /// Size in bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u32>,
    /// Whether the domain says that it is only testing.
    pub testing: bool,
    /// Whether the key was withdrawn (an empty one).
    pub revoked: bool,
}

/// A mail server of a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailServer {
    /// The domain.
    pub domain: String,
    /// Name of the server.
    pub host: String,
    /// Whether it offers to change to TLS (RFC 3207).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starttls: Option<bool>,
    /// Best version that was agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether its certificate is for that name and in its time; who signed it is another question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_fits: Option<bool>,
    /// Whether signed TLSA records match its certificate; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dane_matches: Option<bool>,
}

/// A message of mail that was given as a sample.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailMessage {
    /// Domain of its sender (`From`).
    pub domain: String,
    /// Date that it bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its signatures: `domain/selector: pass`, or `fail`, `no-key`, `unsupported` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<String>,
    /// Whether a valid signature is of the sender's own domain (alignment in DMARC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aligned: Option<bool>,
    /// Whether it came to its last server over TLS, as the servers on the way wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_over_tls: Option<bool>,
}

/// A `security.txt` file (RFC 9116): where to report a flaw.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxt {
    /// Where it was found, or looked for.
    pub url: String,
    /// Whether there is one.
    pub found: bool,
    /// Whether it fulfils RFC 9116: contact, expiry, syntax, place.
    pub valid: bool,
    /// What is against RFC 9116 in it, by codes: `no-contact`, `no-expires`, `expired`, `not-https`, `bad-line` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// Ways to get in touch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// When it expires, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Days until then, negative where it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// Where the policy stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// Languages that reports may be in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// State of its signature (`OpenPGP`, section 2.3). `present` where there is one: whether it fits was not checked then.
    pub signature: crate::fact::SignatureState,
}
