//! What the configurations of an advisory say of one product (NVD API 2.0, `configurations`; CVE records have the same under
//! `cpeApplicability`): nodes of CPE names, each an `AND` or an `OR`, joined by another.
//!
//! Two things are asked of every part: whether it holds in what is there, and whether the product has a share in that. Only the second makes
//! the product affected: that something else in the same product is vulnerable says nothing of it.

use sekisho_model::Text;
use sekisho_version::cpe::Name;
use sekisho_version::range::{Basis, CpeRange, Reason, Verdict};
use sekisho_vulndb::{Bound, Configuration, CpeMatch, Operator};

use crate::messages;

/// Whether something holds, where not everything can be seen. `T` is what makes it hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Truth<T> {
    /// It does not.
    No,
    /// It cannot be said.
    Unknown(Reason),
    /// It does under a condition that nobody could look at.
    Under(T, Text),
    /// It does.
    Yes(T),
}

impl<T> Truth<T> {
    /// How surely it holds.
    fn surety(&self) -> u8 {
        match self {
            Self::No => 0,
            Self::Unknown(_) => 1,
            Self::Under(..) => 2,
            Self::Yes(_) => 3,
        }
    }

    /// What holds surer of two, as one of them is enough; of two as sure the first.
    pub(crate) fn or(self, other: Self) -> Self {
        if other.surety() > self.surety() { other } else { self }
    }

    /// What holds less surely of two, as both are needed; of two as sure the first.
    fn and(self, other: Self) -> Self {
        if other.surety() < self.surety() { other } else { self }
    }

    /// The same without what makes it hold.
    fn bare(&self) -> Truth<()> {
        match self {
            Self::No => Truth::No,
            Self::Unknown(reason) => Truth::Unknown(reason.clone()),
            Self::Under(_, condition) => Truth::Under((), condition.clone()),
            Self::Yes(_) => Truth::Yes(()),
        }
    }

    /// The same as far as `whole` holds, of which it is a part.
    fn within(self, whole: &Truth<()>) -> Self {
        match (self, whole) {
            (own, Truth::Yes(())) => own,
            (Self::No, _) | (_, Truth::No) => Self::No,
            (_, Truth::Unknown(reason)) => Self::Unknown(reason.clone()),
            (Self::Yes(of) | Self::Under(of, _), Truth::Under((), condition)) => Self::Under(of, condition.clone()),
            (unknown @ Self::Unknown(_), Truth::Under(..)) => unknown,
        }
    }
}

/// A configuration or a part of it, evaluated.
#[derive(Debug, Clone)]
struct Part {
    /// Whether it holds.
    holds: Truth<()>,
    /// Whether it holds with the product for one of those that make it hold and are vulnerable.
    own: Truth<Basis>,
}

impl Part {
    /// What is about something else: software that the product runs on or beside, hardware.
    fn surroundings(holds: Truth<()>) -> Self {
        Self { holds, own: Truth::No }
    }

    fn negated_if(self, negate: bool) -> Self {
        if !negate {
            return self;
        }
        let holds = match self.holds {
            Truth::No => Truth::Yes(()),
            Truth::Yes(()) => Truth::No,
            // What may be there may also be absent.
            Truth::Under((), condition) => Truth::Under((), messages::unless(&condition)),
            unknown @ Truth::Unknown(_) => unknown,
        };
        // That something is absent makes nothing vulnerable.
        let own = match self.own {
            Truth::Unknown(reason) => Truth::Unknown(reason),
            _ => Truth::No,
        };
        Self { holds, own }
    }
}

/// What holds of several parts joined; of none nothing does.
fn joined(parts: impl Iterator<Item = Part>, operator: Operator) -> Part {
    let both = |a: Part, b: Part| {
        let own = a.own.or(b.own);
        match operator {
            Operator::Or => Part { holds: a.holds.or(b.holds), own },
            Operator::And => Part { holds: a.holds.and(b.holds), own },
        }
    };
    let Some(Part { holds, own }) = parts.reduce(both) else { return Part::surroundings(Truth::No) };
    // Of an `AND` no part holds surer than the whole. In an `OR` the product stands for itself, whatever else is there.
    match operator {
        Operator::Or => Part { holds, own },
        Operator::And => Part { own: own.within(&holds), holds },
    }
}

/// Whether a configuration names the product as vulnerable, not only as what something else runs on.
pub(crate) fn is_about(configuration: &Configuration, name: &Name) -> bool {
    let mut matches = configuration.nodes.iter().flat_map(|node| &node.matches);
    matches.any(|found| found.vulnerable && Name::parse(&found.criteria).is_some_and(|found| same(&found, name)))
}

/// Whether two names are of one product, in whatever version.
pub(crate) fn same(a: &Name, b: &Name) -> bool {
    a.vendor == b.vendor && a.product == b.product
}

/// The version that a name says, with its update; none where it leaves that open.
pub(crate) fn named_version(name: &Name) -> Option<String> {
    match (name.version.as_str(), name.update.as_str()) {
        ("" | "*" | "-", _) => None,
        (version, "" | "*" | "-") => Some(version.to_owned()),
        (version, update) => Some(format!("{version}{update}")),
    }
}

/// The product that is asked about, and what is around it.
pub(crate) struct Asked<'a> {
    pub(crate) name: &'a Name,
    pub(crate) version: &'a str,
    /// The CPE names of everything in the product.
    pub(crate) inventory: &'a [Name],
}

impl Asked<'_> {
    /// Whether a configuration makes the product affected, and by what.
    pub(crate) fn affected(&self, configuration: &Configuration) -> Truth<Basis> {
        let nodes = configuration.nodes.iter().map(|node| {
            joined(node.matches.iter().map(|found| self.part(found)), node.operator).negated_if(node.negate)
        });
        match joined(nodes, configuration.operator).negated_if(configuration.negate).own {
            Truth::No if configuration.incomplete => Truth::Unknown(Reason::Incomplete),
            own => own,
        }
    }

    /// Whether one name of a configuration is there, in a version that it means.
    fn part(&self, found: &CpeMatch) -> Part {
        let Some(criteria) = Name::parse(&found.criteria) else {
            return Part { holds: Truth::Unknown(Reason::Incomplete), own: Truth::Unknown(Reason::Incomplete) };
        };
        if same(&criteria, self.name) {
            let there = match (in_range(&criteria, found, self.version), confined(&criteria, self.name)) {
                (Truth::Yes(basis), Some(to)) => Truth::Under(basis, messages::only_for(&to)),
                (there, _) => there,
            };
            // The system that something runs on may be the product itself, in another version.
            let own = if found.vulnerable { there.clone() } else { Truth::No };
            return Part { holds: there.bare(), own };
        }
        let there = self.inventory.iter().filter(|other| same(other, &criteria)).map(|other| {
            named_version(other).map_or(Truth::Unknown(Reason::Version), |version| in_range(&criteria, found, &version))
        });
        Part::surroundings(match there.reduce(Truth::or) {
            Some(there) => there.bare(),
            // Nobody can see hardware, or software that is not recognised: it may be there.
            None => Truth::Under((), messages::only_together(&format!("{} {}", criteria.vendor, criteria.product))),
        })
    }
}

fn in_range(criteria: &Name, found: &CpeMatch, version: &str) -> Truth<Basis> {
    fn bound(bound: Option<&Bound>, inclusive: bool) -> Option<&str> {
        bound.filter(|bound| bound.inclusive == inclusive).map(|bound| bound.version.as_str())
    }
    let range = CpeRange {
        version: &criteria.version,
        update: &criteria.update,
        start_including: bound(found.start.as_ref(), true),
        start_excluding: bound(found.start.as_ref(), false),
        end_including: bound(found.end.as_ref(), true),
        end_excluding: bound(found.end.as_ref(), false),
    };
    match range.verdict(version) {
        Verdict::Affected(basis) => Truth::Yes(basis),
        Verdict::NotAffected => Truth::No,
        Verdict::Unknown(reason) => Truth::Unknown(reason),
    }
}

/// To what the criteria are confined that the component's name leaves open: an edition, the software that it runs in.
fn confined(criteria: &Name, name: &Name) -> Option<String> {
    let pairs = [(&criteria.sw_edition, &name.sw_edition), (&criteria.target_sw, &name.target_sw)];
    pairs.into_iter().find_map(|(meant, own)| {
        let open = |text: &str| matches!(text, "" | "*" | "-");
        (!open(meant) && meant != own).then(|| meant.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name of vendor and product alike, as it is written in a configuration: below version 2, or exactly the version given.
    fn criteria(vulnerable: bool, product: &str, version: &str) -> CpeMatch {
        let end = (version == "*").then(|| Bound { version: "2.0".to_owned(), inclusive: false });
        CpeMatch { criteria: cpe(product, version), vulnerable, start: None, end }
    }

    fn cpe(product: &str, version: &str) -> String {
        format!("cpe:2.3:a:{product}:{product}:{version}:*:*:*:*:*:*:*")
    }

    /// Nodes of names, each an `OR`, joined by an `AND`.
    fn all_of(nodes: Vec<Vec<CpeMatch>>) -> Configuration {
        let node = |matches| sekisho_vulndb::Node { operator: Operator::Or, negate: false, matches };
        let nodes = nodes.into_iter().map(node).collect();
        Configuration { operator: Operator::And, negate: false, nodes, incomplete: false }
    }

    /// What is said of `curl` in a version, with others around it.
    fn of_curl(version: &str, others: &[(&str, &str)], configuration: &Configuration) -> Truth<Basis> {
        let name = |product: &str, version: &str| Name::parse(&cpe(product, version)).unwrap();
        let inventory: Vec<Name> = others.iter().map(|(product, version)| name(product, version)).collect();
        Asked { name: &name("curl", "*"), version, inventory: &inventory }.affected(configuration)
    }

    fn below_two() -> Truth<Basis> {
        Truth::Yes(Basis::InRange { fixed: Some("2.0".to_owned()) })
    }

    /// One node often lists several products that are each vulnerable by itself, such as a program and its library.
    #[test]
    fn another_product_of_the_same_list_changes_nothing() {
        let (own, other) = (criteria(true, "curl", "*"), criteria(true, "libcurl", "*"));
        for list in [vec![own.clone(), other.clone()], vec![other, own]] {
            let configuration = all_of(vec![list]);
            for others in [&[][..], &[("libcurl", "1.0")], &[("libcurl", "3.0")], &[("libcurl", "*")]] {
                assert_eq!(of_curl("1.0", others, &configuration), below_two(), "{others:?}");
                assert_eq!(of_curl("3.0", others, &configuration), Truth::No, "{others:?}");
                // A version that cannot be read stays unknown.
                assert_eq!(of_curl("?", others, &configuration), Truth::Unknown(Reason::Version), "{others:?}");
            }
        }
    }

    #[test]
    fn what_it_has_to_come_together_with() {
        let configuration = all_of(vec![vec![criteria(true, "curl", "*")], vec![criteria(false, "nss", "3.1")]]);
        assert_eq!(of_curl("1.0", &[("nss", "3.1")], &configuration), below_two());
        assert_eq!(of_curl("1.0", &[("nss", "3.2")], &configuration), Truth::No);
        assert_eq!(of_curl("1.0", &[("nss", "*")], &configuration), Truth::Unknown(Reason::Version));
        assert!(matches!(of_curl("1.0", &[], &configuration), Truth::Under(..)));
        assert_eq!(of_curl("3.0", &[], &configuration), Truth::No);
    }

    #[test]
    fn what_is_not_vulnerable_makes_nothing_affected() {
        let configuration = all_of(vec![vec![criteria(true, "curl", "1.0"), criteria(false, "curl", "1.1")]]);
        assert_eq!(of_curl("1.0", &[], &configuration), Truth::Yes(Basis::Listed));
        assert_eq!(of_curl("1.1", &[], &configuration), Truth::No);
    }

    #[test]
    fn what_is_not_seen_may_be_absent() {
        let mut configuration = all_of(vec![vec![criteria(true, "curl", "*")], vec![criteria(false, "nss", "3.1")]]);
        configuration.nodes[1].negate = true;
        assert!(matches!(of_curl("1.0", &[], &configuration), Truth::Under(..)));
        assert_eq!(of_curl("1.0", &[("nss", "3.1")], &configuration), Truth::No);
        assert_eq!(of_curl("1.0", &[("nss", "3.2")], &configuration), below_two());
    }

    #[test]
    fn what_could_not_be_read_is_not_taken_for_nothing() {
        let mut configuration = all_of(vec![vec![criteria(true, "curl", "*")]]);
        configuration.incomplete = true;
        assert_eq!(of_curl("3.0", &[], &configuration), Truth::Unknown(Reason::Incomplete));
        assert_eq!(of_curl("1.0", &[], &configuration), below_two());
    }
}
