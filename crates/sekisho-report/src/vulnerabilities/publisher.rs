//! Who issues a document.

use std::fmt;

use sekisho_model::vulnerability::VulnerabilityReport;
use uuid::Uuid;

/// Who issues a document: a name, and a URI that is theirs, under which their documents' names are unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    name: String,
    namespace: String,
}

impl Publisher {
    /// A publisher by name and namespace, such as `https://www.example.com`.
    ///
    /// # Errors
    /// Where the namespace is no absolute URI (RFC 3986).
    pub fn new(name: impl Into<String>, namespace: impl Into<String>) -> Result<Self, NoUri> {
        let namespace = namespace.into();
        if is_uri(&namespace) { Ok(Self { name: name.into(), namespace }) } else { Err(NoUri(namespace)) }
    }

    /// The product's maker; none where the report does not name one. The namespace is a UUID derived from the name, since a report does not
    /// tell which addresses are theirs.
    pub fn of(report: &VulnerabilityReport) -> Option<Self> {
        let name = report.product.vendor.as_deref().filter(|name| !name.trim().is_empty())?;
        let namespace = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).urn().to_string();
        Some(Self { name: name.to_owned(), namespace })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// What was given as a namespace and is no URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoUri(pub String);

impl fmt::Display for NoUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no URI: expected one that is the publisher's, such as https://www.example.com", self.0)
    }
}

impl std::error::Error for NoUri {}

/// Whether this is an absolute URI (RFC 3986): those forms of it at least that the schemas of every format accept. Addresses with a user or
/// with an IPv6 host are not among them.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let (path, host) = match rest.strip_prefix("//") {
        None => (rest, None),
        Some(rest) => {
            let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            (path, Some(host))
        }
    };
    let is_host = host.is_none_or(|host| {
        let (name, port) = host.split_once(':').unwrap_or((host, "0"));
        !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
            && port.bytes().all(|b| b.is_ascii_digit())
    });
    let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
    is_scheme && is_host && (host.is_some() || !path.is_empty()) && is_encoded(path) && is_encoded(fragment)
}

/// Whether this is made of characters that a URI may have, with every `%` followed by two hexadecimal digits.
fn is_encoded(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(i, b)| match b {
        b'%' => bytes.get(i + 1..i + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b => b.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_a_uri() {
        for good in ["https://www.example.com", "https://a.example:8080/x?y#z", "urn:uuid:1", "pkg:deb/x@1%2B2"] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "https://",
            "https:",
            "1:x",
            "https://a b",
            "urn:%zz",
            "urn:日本",
            "a:b#c#d",
            "https://[::1]",
            "x:%4",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
