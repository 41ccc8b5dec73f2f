//! Identifiers of vulnerabilities: whose they are, and where they can be looked up.

/// Whose an identifier is: a name, and an address with what is said there about it, where there is one.
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) address: Option<String>,
}

/// Databases by the beginning of their identifiers, and the address that the identifier is appended to.
const ISSUERS: [(&str, &str, &str); 9] = [
    ("CVE-", "CVE Program", "https://www.cve.org/CVERecord?id="),
    ("GHSA-", "GitHub", "https://github.com/advisories/"),
    ("DSA-", "Debian", "https://security-tracker.debian.org/tracker/"),
    ("DLA-", "Debian", "https://security-tracker.debian.org/tracker/"),
    ("USN-", "Ubuntu", "https://ubuntu.com/security/notices/"),
    ("RUSTSEC-", "RustSec", "https://rustsec.org/advisories/"),
    ("PYSEC-", "Python Packaging Advisory Database", "https://osv.dev/vulnerability/"),
    ("GO-", "Go Vulnerability Database", "https://pkg.go.dev/vuln/"),
    ("OSV-", "OSV", "https://osv.dev/vulnerability/"),
];

/// Whose an identifier is, by how it begins; of one that nothing is known of, what stands before its first hyphen.
pub(super) fn issuer(id: &str) -> Issuer {
    // Whatever else came as an identifier makes no address.
    let plain = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    if let Some((_, name, address)) = ISSUERS.iter().find(|(prefix, ..)| plain && id.starts_with(prefix)) {
        return Issuer { name: (*name).to_owned(), address: Some(format!("{address}{id}")) };
    }
    let prefix = id.split('-').next().filter(|prefix| !prefix.is_empty() && *prefix != id);
    Issuer { name: prefix.unwrap_or("unknown").to_owned(), address: None }
}

/// Whether this is a CVE's identifier as CSAF's schema wants it.
pub(super) fn is_cve(id: &str) -> bool {
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    let parts = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_lead_to_their_databases() {
        let of = |id| (issuer(id).name, issuer(id).address.unwrap_or_default());
        assert_eq!(of("CVE-2024-1"), ("CVE Program".into(), "https://www.cve.org/CVERecord?id=CVE-2024-1".into()));
        assert_eq!(of("openSUSE-SU-2020:1"), ("openSUSE".into(), String::new()));
        assert_eq!(of("GHSA-\"><script>"), ("GHSA".into(), String::new()));
        assert_eq!(of("x"), ("unknown".into(), String::new()));
        assert!(
            is_cve("CVE-2024-12345") && !is_cve("CVE-2024-1") && !is_cve("CVE-2024-1234x") && !is_cve("cve-2024-1234")
        );
    }
}
