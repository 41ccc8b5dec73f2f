//! Facts about a domain: how its mail is protected against forgery and eavesdropping, who may issue certificates for it, how to report a flaw.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A domain's records for mail and trust, as the name server told them.
///
/// Whether there is a record is a field of its own (`…_found`): it is absent where the name server gave no proper answer. What the record says is
/// absent in both cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailDomain {
    /// The domain.
    pub domain: String,
    /// Whether it names mail servers, or says that there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mx_found: Option<bool>,
    /// Its mail servers, best first; empty where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mail_servers: Vec<String>,
    /// Whether it says that it takes no mail at all (RFC 7505).
    pub null_mx: bool,
    /// Whether there is an SPF record (RFC 7208).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_found: Option<bool>,
    /// The SPF record; the first where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf: Option<String>,
    /// What SPF says of all other senders: `fail`, `softfail`, `neutral`, `pass`; absent where it does not say, or there is no record. Where the
    /// record hands over to another (`redirect`), what that one says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_all: Option<String>,
    /// Look-ups that evaluating it to its end takes (at most 10, RFC 7208, section 4.6.4); counted up to 20. Absent where a part depends on the
    /// sender (macros) or could not be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_lookups: Option<u32>,
    /// Whether the SPF record is valid: one only, syntax, look-ups; absent where there is none, or where nothing is wrong in what could be looked
    /// up but not all could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf_valid: Option<bool>,
    /// What is wrong with it, by codes: `several-records`, `syntax`, `too-many-lookups`, `too-many-void-lookups`, `too-many-names`, `loop`,
    /// `no-record` (it includes or hands over to a domain without one).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spf_problems: Vec<String>,
    /// Whether a DMARC record (RFC 7489, RFC 9989) holds for it: its own, or that of a domain above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_found: Option<bool>,
    /// The domain above it whose record holds for it; absent where it has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_inherited: Option<String>,
    /// The DMARC record that holds for it; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<String>,
    /// The policy for mail that fails: `none`, `quarantine`, `reject`; where the record is inherited, what that says of subdomains.
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
    /// Whether it says that it is only testing (`t=y`, RFC 9989).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_testing: Option<bool>,
    /// What is wrong with it, by codes: `several-records` (none holds then), `syntax`, `no-policy`, `bad-policy`, `bad-subdomain-policy`,
    /// `bad-percent`, `bad-report-address`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dmarc_problems: Vec<String>,
    /// Days for which the record has asked for neither quarantine nor rejection, as the product file dates its beginning; absent where it asks for
    /// one of them, there is no record or no date is given. Records carry no date of their own. The OTA's framework allows 180 (control 32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc_weak_days: Option<i64>,
    /// Whether there is a record and a valid policy of MTA-STS (RFC 8461). Of the certificate that comes with the policy name and dates are
    /// checked, not who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mta_sts_found: Option<bool>,
    /// The mode of MTA-STS (RFC 8461): `enforce`, `testing`, `none`; absent where there is no policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mta_sts: Option<String>,
    /// Seconds for which that policy may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mta_sts_max_age: Option<u64>,
    /// What is wrong with it, by codes: `several-records`, `bad-record`, `no-policy` (the file is not there), `bad-policy`, `bad-type` (no
    /// `text/plain`), `certificate` (name or dates), `mx-mismatch` (a mail server that it does not name).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mta_sts_problems: Vec<String>,
    /// Whether it asks for reports on TLS (RFC 8460).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_reporting: Option<bool>,
    /// Whether the certificates of all its mail servers are pinned by TLSA records whose signatures hold, as computed (DANE, RFC 7672); absent where
    /// it has no mail servers, or where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dane: Option<bool>,
    /// Whether its zone is signed (DNSSEC): the parent names a key, and the zone has signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_signed: Option<bool>,
    /// Whether its zone is signed up to a trusted key, as computed here and not taken from the name server: `secure`, `insecure` (the parent names no
    /// key, which rests on the name server's word), `bogus` (it should be signed, and is not properly), `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec: Option<String>,
    /// Why it is `bogus` or `unknown`, by codes: `expired`, `not-yet-valid`, `no-signature`, `bad-signature`, `no-key` (no key of the zone is the one
    /// that the parent names, or that signed), `algorithm` (not known here), `wildcard`, `no-records`, `no-anchor` (no trusted key above it),
    /// `too-many` (keys or signatures), `no-answer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_reason: Option<String>,
    /// The algorithm that it is signed with, where it is `secure`: `rsasha256`, `ecdsap256sha256`, `ecdsap384sha384`, `ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_algorithm: Option<String>,
    /// Whether the name server that was asked says that it verified the signatures (the AD flag); it is as good as that server and the way to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dnssec_verified: Option<bool>,
    /// Whether the name server refused to answer because signatures do not hold.
    pub dnssec_bogus: bool,
    /// Whether there are CAA records (RFC 8659), its own or of a domain above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caa_found: Option<bool>,
    /// Those records, as `0 issue "ca.example"`: who may issue certificates for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caa: Vec<String>,
    /// Whether mail is sent from it, as the product file says; absent where that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sends_mail: Option<bool>,
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
    /// What is wrong with the record, by codes: `several-records`, `syntax`, `bad-key`, `unknown-algorithm`, `no-sha256` (only hashes that are too
    /// weak are allowed).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
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
    /// Its signatures (DKIM): `domain/selector: pass`, or `fail` (the signature does not fit), `body-changed`, `no-key`, `revoked`, `bad-key`,
    /// `malformed`, `unsupported`, `weak` (SHA-1, or a key of less than 1024 bits), `partial` (it fits, but more follows than what was signed), `unchecked` (its
    /// key was not looked up).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<String>,
    /// Whether a valid signature is of the sender's own domain (relaxed alignment, RFC 7489, section 3.1.1); absent where that rests on a signature
    /// that was not checked.
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
    /// What is against RFC 9116 in it, by codes: `no-contact`, `bad-contact`, `no-expires`,
    /// `several-expires`, `bad-expires`, `expired`, `expires-late` (over a year ahead, which is advised against and no error), `not-https`,
    /// `several-languages`, `bad-languages`, `bad-line`, `no-line-end`, `not-canonical`, `bad-type`, `bad-signature` (its frame is broken),
    /// `not-utf8`, `certificate`, `old-place` (not under `/.well-known/`).
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
