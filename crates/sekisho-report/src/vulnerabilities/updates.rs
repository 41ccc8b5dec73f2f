//! Which updates of components remove most of what is known.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sekisho_model::fact::Observed;
use sekisho_model::vulnerability::{KnownVulnerability, Standing, VulnerabilityReport};
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::{order, purl};

/// An update of one component.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Update<'a> {
    /// The component.
    pub(crate) component: &'a str,
    /// The version that is there.
    pub(crate) from: Option<&'a str>,
    /// The lowest version in which all is fixed of which a fix is known.
    pub(crate) to: &'a str,
    /// How many vulnerabilities that removes.
    pub(crate) removes: usize,
    /// How many there are.
    pub(crate) of: usize,
}

/// The updates that remove vulnerabilities by which the product is affected, those that remove most first.
pub(crate) fn updates(report: &VulnerabilityReport) -> Vec<Update<'_>> {
    let mut groups: Vec<Vec<&KnownVulnerability>> = Vec::new();
    let mut places = BTreeMap::new();
    for fact in &report.vulnerabilities {
        if let Observed::KnownVulnerability(value) = &fact.observed
            && value.standing == Standing::Affected
        {
            let place =
                *places.entry((&fact.subject, &value.component, &value.version, &value.purl)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(value),
                None => groups.push(vec![value]),
            }
        }
    }
    let mut updates: Vec<Update<'_>> = groups
        .into_iter()
        .filter_map(|found| {
            let first = found.first()?;
            let fixes: Vec<&str> = found.iter().filter_map(|value| value.fixed_in.as_deref()).collect();
            let to = highest(first.purl.as_deref(), &fixes)?;
            let (component, from) = (first.component.as_str(), first.version.as_deref());
            Some(Update { component, from, to, removes: fixes.len(), of: found.len() })
        })
        .collect();
    // Of two that remove as much the one stays first that the report puts first, as the more urgent one.
    updates.sort_by_key(|update| std::cmp::Reverse(update.removes));
    updates
}

/// The highest of some versions; none where there is none, or where the ecosystem's order cannot tell.
fn highest<'a>(package: Option<&str>, versions: &[&'a str]) -> Option<&'a str> {
    let ecosystem = package.and_then(purl::parse).and_then(|purl| Ecosystem::of_purl(&purl));
    let compare = |a: &str, b: &str| match &ecosystem {
        _ if a == b => Some(Ordering::Equal),
        Some(ecosystem) => ecosystem.compare(a, b),
        None => Some(order::compare(a, b)),
    };
    let (first, rest) = versions.split_first()?;
    rest.iter().try_fold(*first, |high, next| Some(if compare(next, high)?.is_gt() { next } else { high }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_fix_by_the_order_of_the_ecosystem() {
        assert_eq!(highest(None, &["1.9", "1.10", "1.2"]), Some("1.10"));
        // Debian's `~` stands before the end of the string.
        assert_eq!(highest(Some("pkg:deb/debian/x@1"), &["1.0", "1.0~rc1"]), Some("1.0"));
        assert_eq!(highest(Some("pkg:cargo/x@1"), &["1.0.0", "no version"]), None);
        assert_eq!(highest(Some("pkg:cargo/x@1"), &["1.0.0", "1.0.0"]), Some("1.0.0"));
        assert_eq!(highest(None, &[]), None);
    }
}
