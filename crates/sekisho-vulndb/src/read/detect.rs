//! What a piece of input is, told by its content.

use super::epss;

/// What a file or an entry of an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A JSON array of documents.
    List,
    /// One OSV record.
    Osv,
    /// An answer of NVD's API.
    Nvd,
    /// One CVE record.
    Cve,
    /// The catalogue of known exploited vulnerabilities as JSON.
    KevJson,
    /// The same as CSV.
    KevCsv,
    /// Exploit prediction scores.
    Epss,
    /// An `OpenVEX` document.
    OpenVex,
    /// A CSAF document.
    Csaf,
    /// A `CycloneDX` document.
    CycloneDx,
    /// What a folder of records says of itself.
    About,
}

/// What begins so; none where the beginning does not tell.
pub(crate) fn detect(prefix: &[u8]) -> Option<Kind> {
    let prefix = prefix.strip_prefix(b"\xef\xbb\xbf").unwrap_or(prefix);
    match prefix.iter().find(|byte| !byte.is_ascii_whitespace())? {
        b'[' => Some(Kind::List),
        b'{' => by_keys(&top_level_keys(prefix)),
        _ if prefix.starts_with(b"cveID,") || prefix.starts_with(b"\"cveID\",") => Some(Kind::KevCsv),
        _ => epss::is_epss(prefix).then_some(Kind::Epss),
    }
}

fn by_keys(keys: &[&[u8]]) -> Option<Kind> {
    let has = |key: &str| keys.contains(&key.as_bytes());
    // From what only one format has to what several have.
    if has("bomFormat") {
        Some(Kind::CycloneDx)
    } else if has("cveMetadata") {
        Some(Kind::Cve)
    } else if has("resultsPerPage") || has("totalResults") {
        Some(Kind::Nvd)
    } else if has("catalogVersion") || has("dateReleased") {
        Some(Kind::KevJson)
    } else if has("@context") && (has("statements") || has("author")) {
        Some(Kind::OpenVex)
    } else if has("document") && (has("product_tree") || has("vulnerabilities")) {
        Some(Kind::Csaf)
    } else if has("id") && (has("modified") || has("affected") || has("schema_version")) {
        Some(Kind::Osv)
    } else if has(super::about::KEY) {
        Some(Kind::About)
    } else {
        None
    }
}

/// The keys of the outermost object, as far as `text` goes. Keys are compared as written: none of those looked for needs an escape.
fn top_level_keys(text: &[u8]) -> Vec<&[u8]> {
    // More keys than any of the formats has.
    const MOST: usize = 64;
    let mut keys = Vec::new();
    let mut depth = 0_usize;
    let mut key_next = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                depth += 1;
                key_next = depth == 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => key_next = depth == 1,
            b'"' => {
                let start = at;
                loop {
                    match text.get(at) {
                        None => return keys,
                        Some(b'\\') => at += 2,
                        Some(b'"') => break,
                        Some(_) => at += 1,
                    }
                }
                if key_next {
                    keys.push(text.get(start..at).unwrap_or_default());
                    key_next = false;
                    if keys.len() == MOST {
                        return keys;
                    }
                }
                at += 1;
            }
            _ => {}
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::{Kind, detect, top_level_keys};

    #[test]
    fn told_by_the_outermost_keys() {
        let kind = |text: &str| detect(text.as_bytes());
        assert_eq!(kind(r#"{"id":"X-1","affected":[]}"#), Some(Kind::Osv));
        assert_eq!(kind("\u{feff} {\"resultsPerPage\":1"), Some(Kind::Nvd));
        assert_eq!(kind(r#"{"x":{"bomFormat":1},"id":"bomFormat","modified":""}"#), Some(Kind::Osv));
        assert_eq!(kind(r#"{"containers":{},"cveMetadata":{}}"#), Some(Kind::Cve));
        assert_eq!(kind(r#"{"sekishoDatabase":1}"#), Some(Kind::About));
        assert_eq!(kind("[{}]"), Some(Kind::List));
        assert_eq!(kind("cveID,vendorProject,"), Some(Kind::KevCsv));
        assert_eq!(kind("hello"), None);
        assert_eq!(kind(""), None);
        assert_eq!(top_level_keys(br#"{"a\"b":["x"],"c"#), [br#"a\"b"#]);
        assert_eq!(top_level_keys(br#"{"a":1,"b\"#), [b"a"]);
    }
}
