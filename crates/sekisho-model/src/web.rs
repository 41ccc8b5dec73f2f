//! Facts from asking a web server (RFC 9110, 6797, 6265).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a web server answers on its first page, and around it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebService {
    /// The address that was asked, such as `https://192.0.2.1:8443/`. Addresses in these facts are without what follows `?`, `#` or `;`.
    pub url: String,
    /// Address of the host.
    pub address: String,
    /// Port.
    pub port: u16,
    /// Whether it was asked over TLS.
    pub tls: bool,
    /// Status of the first answer.
    pub status: u16,
    /// Where it sent on to, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
    /// Whether it sends everybody on to an address with TLS on the same host; absent for one that was asked over TLS, and where it sends on to
    /// another host, which may be the same one by a name that is not known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirects_to_tls: Option<bool>,
    /// Title of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the server says that it is (`Server`, `X-Powered-By`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub software: Vec<String>,
    /// Whether it tells a version in it.
    pub version_told: bool,
    /// Seconds for which browsers keep to TLS (`Strict-Transport-Security`, RFC 6797); absent where it does not ask them to, not validly, or
    /// without TLS, where browsers do not heed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hsts_seconds: Option<u64>,
    /// Headers that tell browsers to be careful and that are there, in lower case: `content-security-policy`, `x-content-type-options`,
    /// `x-frame-options`, `referrer-policy`, `permissions-policy` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_headers: Vec<String>,
    /// Of the first three and, over TLS, `strict-transport-security`, the ones that are missing or say nothing of use. Empty for an answer that
    /// only sends on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_headers: Vec<String>,
    /// How it asks for a log-in: `basic`, `digest`, `bearer`, `form`, `certificate`, of several the first of these; absent where the first page
    /// asks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Whether it asks for a password over a connection without TLS.
    pub login_in_clear: bool,
    /// Paths at which it lists a folder's files to anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listings: Vec<String>,
    /// The server's own page that nobody replaced (`nginx`, `apache`, `lighttpd` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_page: Option<String>,
    /// Files that should not be open to anybody and are: `/.git/HEAD`, `/.env`, `/server-status` …; and `TRACE`, where it sends requests back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposed: Vec<String>,
}

/// A cookie that a web server sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebCookie {
    /// The address that set it.
    pub url: String,
    /// Name.
    pub cookie: String,
    /// Whether it seems to hold a session: by its name, or because it came with the log-in.
    pub session: bool,
    /// Sent over TLS only.
    pub secure: bool,
    /// Out of reach for scripts.
    pub http_only: bool,
    /// `strict`, `lax`, `none`; absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<String>,
    /// Seconds that it is kept; absent for one that ends with the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// Whether it was set over a connection without TLS.
    pub in_clear: bool,
}

/// A form on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebForm {
    /// The page.
    pub url: String,
    /// Where it is sent.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Whether it has a field for a password.
    pub password: bool,
    /// Whether it is sent over a connection without TLS.
    pub in_clear: bool,
    /// Whether a field holds a value against forged requests that cannot be guessed and is another one for another visitor; absent for forms that
    /// only ask (`get`), and where a second visit could not be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgery_token: Option<bool>,
    /// Whether it was seen with a test account logged in.
    pub logged_in: bool,
}

/// What a session with a test account showed. Made only where active tests are authorized and an account is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebSession {
    /// Where the log-in was.
    pub url: String,
    /// Name of the test account.
    pub user: String,
    /// Whether the log-in worked.
    pub logged_in: bool,
    /// Whether the session's id stayed the same over the log-in, so that somebody who planted it has the session (fixation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixation: Option<bool>,
    /// Whether the session was still good after logging out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survives_logout: Option<bool>,
    /// Whether a page of the account was given without its session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_without_session: Option<bool>,
}

/// Input that came back in a page as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebReflection {
    /// The page.
    pub url: String,
    /// Name of the field or parameter.
    pub parameter: String,
    /// Whether the characters that make markup came back as they were.
    pub unescaped: bool,
}

/// Whether a weak password was taken where the test account's password is changed. Made only where active tests are authorized; the old
/// password is put back.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebPassword {
    /// Where it is changed.
    pub url: String,
    /// What was tried: `short` (four characters), `common` (from the lists of common ones), `name` (the account's own name).
    pub tried: String,
    /// Whether it was taken; absent where the answer does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<bool>,
    /// Whether the test account's own password works again; absent where none was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<bool>,
}
