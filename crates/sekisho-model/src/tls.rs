//! Facts from talking TLS and DTLS to a server, and from letting a client talk to a server that it should refuse.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a TLS or DTLS server agrees to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsServer {
    /// Address of the host.
    pub address: String,
    /// `tcp` (TLS) or `udp` (DTLS).
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Server name that was asked for (RFC 6066, section 3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Protocol in which the change to TLS was asked for: `smtp`, `imap`, `pop3`, `ftp`; absent where TLS comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starttls: Option<String>,
    /// Whether it takes a password before the change to TLS: SMTP offers `AUTH` with `PLAIN` or `LOGIN`, IMAP does not say `LOGINDISABLED`, POP3
    /// lists `USER` or such a mechanism, FTP asks for the password of a name that nobody has. Absent where TLS comes first, and where it does not
    /// say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_in_clear: Option<bool>,
    /// Versions that it agrees to: `ssl2`, `ssl3`, `tls1.0`, `tls1.1`, `tls1.2`, `tls1.3`, `dtls1.0`, `dtls1.2`.
    pub versions: Vec<String>,
    /// Versions that it refuses.
    pub refused: Vec<String>,
    /// Versions of which it could not be told, because the question failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Cipher suites that it agrees to in any version, by IANA's names.
    pub cipher_suites: Vec<String>,
    /// Kinds of weakness among them, each once: `null`, `anonymous`, `export`, `rc4`, `des`, `3des`, `rc2`, `idea`, `md5`,
    /// `cbc-sha1`, `no-forward-secrecy`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Vec<String>,
    /// Groups for the exchange of keys that it agrees to: `x25519`, `secp256r1`, `x25519mlkem768`, `ffdhe2048` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Smallest Diffie-Hellman group that it uses, in bits; absent where it uses none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dh_bits: Option<u32>,
    /// Whether every suite that it agrees to keeps past traffic secret when its key becomes known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_secrecy: Option<bool>,
    /// Whether its own order of suites decides rather than the client's; asked in the newest version before TLS 1.3 in which it agrees to two
    /// suites, else in TLS 1.3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_order: Option<bool>,
    /// Whether it compresses (the flaw called CRIME).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<bool>,
    /// Whether it renegotiates safely (RFC 5746); absent where only TLS 1.3 is agreed to, which has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure_renegotiation: Option<bool>,
    /// Whether it began a second handshake that a client asked for inside a session; safely where [`Self::secure_renegotiation`]. Asked over TCP,
    /// once, in the newest version from TLS 1.0 to 1.2 that it agrees to; absent where there is no session without a certificate or a key of the
    /// client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_renegotiation: Option<bool>,
    /// Whether it refuses a client that fell back to an older version than both know (RFC 7507); absent where it knows only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_refused: Option<bool>,
    /// Whether it gives session tickets (RFC 5077; TLS 1.3's come after the handshake and are not counted).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_tickets: Option<bool>,
    /// Whether it binds the master secret to the handshake (RFC 7627).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_master_secret: Option<bool>,
    /// Whether it asks for a certificate of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<bool>,
    /// Whether it attaches proof that its certificate is not revoked (OCSP stapling).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocsp_stapled: Option<bool>,
}

/// A cipher suite that a server agrees to in one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsSuite {
    /// Address of the host.
    pub address: String,
    /// `tcp` (TLS) or `udp` (DTLS).
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Version, as in [`TlsServer::versions`].
    pub version: String,
    /// IANA's name.
    pub suite: String,
    /// Its number, as `0x1301`; SSL 2.0's have three bytes.
    pub code: String,
    /// Whether past traffic stays secret when the server's key becomes known.
    pub forward_secrecy: bool,
    /// Kinds of weakness, as in [`TlsServer::weaknesses`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Vec<String>,
}

/// A certificate that a server presents.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsCertificate {
    /// Address of the host.
    pub address: String,
    /// `tcp` (TLS) or `udp` (DTLS).
    pub transport: String,
    /// Port.
    pub port: u16,
    /// Place in the chain: 0 is the server's own.
    pub position: u32,
    /// Subject's distinguished name.
    pub subject: String,
    /// Issuer's distinguished name.
    pub issuer: String,
    /// Names that it is for (subject alternative names).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Start of validity, RFC 3339.
    pub not_before: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
    /// Whether the moment of the assessment lies in between; absent where another tool's result does not say, or is from before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_now: Option<bool>,
    /// Days until it ends, negative where it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
    /// Whether it is for the name that was asked for; absent where the host is known by address only, or it is no server's own certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_matches: Option<bool>,
    /// Whether the chain leads, signature by signature, to a root that is trusted here, as of a moment at which the certificate itself is good
    /// ([`Self::valid_now`] is another question); absent where no roots were given to check against, or it
    /// is no server's own certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trusted: Option<bool>,
    /// Key algorithm: `rsa`, `ec`, `ed25519` …
    pub key_algorithm: String,
    /// Key size in bits; absent where it can't be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<u32>,
    /// Signature algorithm: `sha256-rsa`, `sha1-rsa`, `ecdsa-sha256` …
    pub signature: String,
    /// Whether it may sign others (basic constraints).
    pub authority: bool,
    /// Where it says that its revocation can be asked (`ocsp http://…`) or is listed (`crl http://…`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocation: Vec<String>,
    /// SHA-256 of its public key (DER `SubjectPublicKeyInfo`), lower-case hexadecimal.
    pub fingerprint: String,
}

/// What a client did when a server presented it a certificate that it should, or should not, accept.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsClient {
    /// Address of the client.
    pub client: String,
    /// What was presented: `self-signed`, `wrong-name`, `expired`, `not-yet-valid`, `untrusted-root`, or `trusted` (the counter-check with a
    /// certificate that it should accept).
    pub presented: String,
    /// Whether the certificate has no fault but the one that it is presented for: it is signed by an authority that the client trusts, unless that
    /// is the fault. Else a client that refuses it does so perhaps for its signer, and what it makes of the name or the dates was not seen.
    pub only_fault: bool,
    /// Whether it went on and sent data; absent where it broke off in a way that does not tell why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<bool>,
    /// Whether it finished the handshake. Its TLS has then accepted the certificate; its program may still look at it before it sends anything.
    pub finished: bool,
    /// Connections on which the certificate was presented.
    pub attempts: u32,
    /// Server name that it asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Version that was agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The alert with which it broke off, such as `unknown_ca`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
}
