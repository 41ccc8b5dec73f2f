//! The components that a report's vulnerabilities concern, each once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex_lite::Regex;
use sekisho_model::fact::Observed;
use sekisho_model::vulnerability::{KnownVulnerability, VulnerabilityReport};
use sekisho_version::purl;

use super::publisher::is_uri;

/// The components concerned, and what concerns each.
pub(super) struct Concerned<'a> {
    pub(super) components: Vec<Component<'a>>,
    /// Each vulnerability with the place of its component in the list.
    pub(super) findings: Vec<(&'a KnownVulnerability, usize)>,
}

/// A component.
pub(super) struct Component<'a> {
    pub(super) name: &'a str,
    pub(super) version: Option<&'a str>,
    /// Its package URL, where that is one.
    pub(super) purl: Option<&'a str>,
    /// Its CPE 2.3 name, where that is one.
    pub(super) cpe: Option<&'a str>,
    /// What it is referred to by in a document, as nothing else there is.
    pub(super) reference: String,
}

impl Component<'_> {
    /// Name and version.
    pub(super) fn title(&self) -> String {
        let parts: Vec<&str> =
            [Some(self.name), self.version].into_iter().flatten().filter(|p| !p.is_empty()).collect();
        if parts.is_empty() { "?".to_owned() } else { parts.join(" ") }
    }
}

/// The components of a report, in its order. `taken` is what the document already uses as a reference.
pub(super) fn concerned<'a>(report: &'a VulnerabilityReport, taken: &str) -> Concerned<'a> {
    let mut taken = BTreeSet::from([taken.to_owned()]);
    let mut known = BTreeMap::new();
    let (mut components, mut findings) = (Vec::new(), Vec::new());
    for fact in &report.vulnerabilities {
        let Observed::KnownVulnerability(value) = &fact.observed else { continue };
        let key = (&fact.subject, &value.component, &value.version, &value.purl, &value.cpe, &value.reference);
        let at = *known.entry(key).or_insert_with(|| {
            let component = component(value, &mut taken);
            components.push(component);
            components.len() - 1
        });
        findings.push((&**value, at));
    }
    Concerned { components, findings }
}

fn component<'a>(value: &'a KnownVulnerability, taken: &mut BTreeSet<String>) -> Component<'a> {
    let purl = value.purl.as_deref().filter(|purl| is_purl(purl));
    let version = value.version.as_deref().filter(|version| !version.is_empty());
    let own =
        value.reference.as_deref().filter(|reference| !reference.is_empty() && !reference.starts_with("urn:cdx:"));
    let base =
        own.or(purl).map_or_else(|| format!("{}@{}", value.component, version.unwrap_or("unknown")), str::to_owned);
    let mut reference = base.clone();
    let mut number = 2;
    while !taken.insert(reference.clone()) {
        reference = format!("{base}#{number}");
        number += 1;
    }
    Component {
        name: &value.component,
        version,
        purl,
        cpe: value.cpe.as_deref().filter(|cpe| CPE.is_match(cpe)),
        reference,
    }
}

/// Whether this is a package URL that every format's schema takes for one.
fn is_purl(text: &str) -> bool {
    let kind = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).map(|(kind, _)| kind);
    let is_kind = kind.is_some_and(|kind| {
        kind.starts_with(|c: char| c.is_ascii_alphabetic())
            && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b))
    });
    is_kind && is_uri(text) && purl::parse(text).is_some()
}

/// A CPE name as NIST IR 7695 (6.2) has it bound to a formatted string.
static CPE: LazyLock<Regex> = LazyLock::new(|| {
    let attribute = r##"(?:(?:\?*|\*?)(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@\[\]^`{|}~])+(?:\?*|\*?)|[*\-])"##;
    let language = r"(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*\-])";
    let name = format!(r"^cpe:2\.3:[aho*\-](?::{attribute}){{5}}:{language}(?::{attribute}){{4}}$");
    Regex::new(&name).expect("the expression is a constant")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_are_left_out() {
        assert!(is_purl("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u5?arch=armhf"));
        for bad in ["", "openssl", "pkg:deb", "pkg:/x", "pkg:deb/a b", "pkg:deb/日本", "pkg:d\u{1b}/x@1"] {
            assert!(!is_purl(bad), "{bad:?}");
        }
        assert!(CPE.is_match("cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*"));
        assert!(CPE.is_match(r"cpe:2.3:o:linux:linux_kernel:5.10\+x:-:*:ja-JP:*:*:*:*"));
        for bad in [
            "cpe:2.3:a:openssl",
            "cpe:/a:openssl:openssl",
            "cpe:2.3:a:a b:c:1:*:*:*:*:*:*:*",
            "cpe:2.3:a:日本:c:1:*:*:*:*:*:*:*",
        ] {
            assert!(!CPE.is_match(bad), "{bad}");
        }
    }
}
