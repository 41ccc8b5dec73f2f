//! Advisories that name products: by CPE (NVD, and CVE records that carry CPE names), and by vendor and name in words (CVE records).

use std::collections::HashSet;

use sekisho_model::Text;
use sekisho_model::fact::Component;
use sekisho_model::vulnerability::Confidence;
use sekisho_version::cpe::Name;
use sekisho_version::range::{Basis, CpeRange, CveBound, CveStatus, CveVersion, Reason, Verdict, cve_affected};
use sekisho_vulndb::{
    Advisory, AffectedProduct, Bound, Configuration, CpeMatch, DatabaseError, Operator, ProductStatus,
};

use crate::matcher::{Claim, Wanted};
use crate::messages;
use crate::packages::either;

/// Vendor and product.
type Pair = (&'static str, &'static str);

/// Projects whose CVE records call themselves otherwise than the NVD does: vendor and product of the CPE name, then in words.
const OTHER_WORDS: &[(Pair, Pair)] = &[
    (("linux", "linux_kernel"), ("linux", "linux")),
    (("arm", "mbed_tls"), ("mbed", "mbedtls")),
    (("haxx", "curl"), ("curl", "curl")),
    (("haxx", "libcurl"), ("curl", "curl")),
    (("gnu", "glibc"), ("the gnu c library", "glibc")),
    (("isc", "bind"), ("isc", "bind 9")),
    (("w1.fi", "hostapd"), ("w1.fi", "hostapd")),
    (("eclipse", "mosquitto"), ("eclipse foundation", "mosquitto")),
];

/// A CPE name by which projects of the component's name usually go.
pub(crate) fn guess(component: &Component) -> Option<Name> {
    let name = component.name.to_lowercase().replace(' ', "_");
    let usable = !name.is_empty() && name.len() <= 64 && !name.contains(['/', ':', '*', '?']);
    usable.then(|| Name { part: "a".to_owned(), vendor: name.clone(), product: name, ..Name::default() })
}

/// The version to look up: that of the CPE name with its update, else the component's; none where nobody knows it.
pub(crate) fn version(name: &Name, component: Option<&str>) -> Option<String> {
    match (name.version.as_str(), name.update.as_str()) {
        ("" | "*" | "-", _) => component.map(str::to_owned),
        (version, "" | "*" | "-") => Some(version.to_owned()),
        (version, update) => Some(format!("{version}{update}")),
    }
}

/// What the advisories say of a product.
pub(crate) fn claims(wanted: &Wanted<'_>, name: &Name) -> Result<Vec<Claim>, DatabaseError> {
    let mut claims = Vec::new();
    let mut seen = HashSet::new();
    let mut take = |advisory: Advisory| {
        if seen.insert((advisory.source, advisory.id.clone())) {
            claims.extend(claim(wanted, name, &advisory));
        }
    };
    for advisory in wanted.database.by_cpe(&name.vendor, &name.product)? {
        take(advisory?);
    }
    for (vendor, product) in words(name) {
        for advisory in wanted.database.by_product(vendor, product)? {
            take(advisory?);
        }
    }
    Ok(claims)
}

/// Vendor and product in words.
fn words(name: &Name) -> impl Iterator<Item = (&str, &str)> {
    let own = (name.vendor.as_str(), name.product.as_str());
    let others = OTHER_WORDS.iter().filter(move |(cpe, _)| *cpe == own).map(|(_, words)| *words);
    std::iter::once(own).chain(others.filter(move |words| *words != own))
}

/// What one advisory says; none where it names the product only as what something else runs on.
fn claim(wanted: &Wanted<'_>, name: &Name, advisory: &Advisory) -> Option<Claim> {
    let mut found: Option<(Verdict, Confidence, Option<Text>)> = None;
    for configuration in advisory.configurations.iter().filter(|configuration| is_about(configuration, name)) {
        let (verdict, condition) = configured(wanted, name, configuration);
        let confidence = if matches!(verdict, Verdict::Affected(Basis::Every)) {
            Confidence::CpeAllVersions
        } else {
            Confidence::CpeWithVersion
        };
        found = Some(match found {
            None => (verdict, confidence, condition),
            // One that surely makes it affected outweighs one that does so under a condition.
            Some((Verdict::Affected(basis), other, doubt))
                if doubt.is_none() || !matches!(verdict, Verdict::Affected(_)) || condition.is_some() =>
            {
                (Verdict::Affected(basis), other, doubt)
            }
            Some((before, other, doubt)) => match either(verdict.clone(), before.clone()) {
                joined if joined == verdict => (joined, confidence, condition),
                joined => (joined, other, doubt),
            },
        });
    }
    if let Some((verdict, confidence)) = in_words(wanted, name, advisory) {
        found = Some(match found {
            None => (verdict, confidence, None),
            // A record's own list of versions and its list of CPE names say the same, the names more coarsely.
            Some((Verdict::Unknown(_), ..)) if !matches!(verdict, Verdict::Unknown(_)) => (verdict, confidence, None),
            Some(configured) => configured,
        });
    }
    let (verdict, confidence, condition) = found?;
    let mut names = advisory.aliases.clone();
    names.push(advisory.id.clone());
    names.sort();
    names.dedup();
    Some(Claim {
        names,
        verdict,
        confidence,
        condition,
        feed: advisory.source.feed(&advisory.id),
        advisory: advisory.id.clone(),
        summary: advisory.summary.clone(),
        severities: advisory.severities.clone(),
        disputed: advisory.disputed,
        published: advisory.published,
    })
}

fn same(a: &Name, b: &Name) -> bool {
    a.vendor == b.vendor && a.product == b.product
}

fn is_about(configuration: &Configuration, name: &Name) -> bool {
    let mut matches = configuration.nodes.iter().flat_map(|node| &node.matches);
    matches.any(|found| found.vulnerable && Name::parse(&found.criteria).is_some_and(|found| same(&found, name)))
}

/// A part of a configuration, in the logic of three values. `Holds` keeps under what condition, where it is one that nobody could look at.
enum Part {
    Holds(Option<Basis>, Option<Text>),
    Fails,
    Unknown(Reason),
}

/// Evaluates a configuration (NVD API 2.0, `configurations`): nodes of names, each an `AND` or an `OR`, joined by another.
fn configured(wanted: &Wanted<'_>, name: &Name, configuration: &Configuration) -> (Verdict, Option<Text>) {
    let nodes = configuration.nodes.iter().map(|node| {
        let parts = node.matches.iter().map(|found| matched(wanted, name, found));
        negated(joined(parts, node.operator), node.negate)
    });
    match negated(joined(nodes, configuration.operator), configuration.negate) {
        // What the product contributed to nothing: only its surroundings hold.
        Part::Holds(None, _) | Part::Fails if !configuration.incomplete => (Verdict::NotAffected, None),
        Part::Holds(Some(basis), condition) => (Verdict::Affected(basis), condition),
        Part::Holds(None, _) | Part::Fails => (Verdict::Unknown(Reason::Incomplete), None),
        Part::Unknown(reason) => (Verdict::Unknown(reason), None),
    }
}

fn negated(part: Part, negate: bool) -> Part {
    match (negate, part) {
        (true, Part::Holds(..)) => Part::Fails,
        (true, Part::Fails) => Part::Holds(None, None),
        (true, unknown @ Part::Unknown(_)) => unknown,
        (false, part) => part,
    }
}

fn joined(parts: impl Iterator<Item = Part>, operator: Operator) -> Part {
    let mut all = Vec::new();
    for part in parts {
        match (&part, operator) {
            (Part::Fails, Operator::And) => return Part::Fails,
            (Part::Holds(_, None), Operator::Or) => return part,
            _ => all.push(part),
        }
    }
    let mut unknown = None;
    let (mut basis, mut condition, mut holds) = (None, None, false);
    for part in all {
        match part {
            Part::Holds(of, under) => {
                holds = true;
                basis = basis.or(of);
                condition = condition.or(under);
            }
            Part::Unknown(reason) => unknown = unknown.or(Some(reason)),
            Part::Fails => {}
        }
    }
    match (unknown, operator) {
        (Some(reason), Operator::And) => Part::Unknown(reason),
        (Some(reason), Operator::Or) if !holds => Part::Unknown(reason),
        _ if holds => Part::Holds(basis, condition),
        _ => Part::Fails,
    }
}

/// Whether one name of a configuration is there, in a version that it means.
fn matched(wanted: &Wanted<'_>, name: &Name, found: &CpeMatch) -> Part {
    let Some(criteria) = Name::parse(&found.criteria) else { return Part::Unknown(Reason::Incomplete) };
    if same(&criteria, name) {
        // The system that it runs on may be the product itself, in another version.
        let part = in_range(&criteria, found, &wanted.version);
        return match (part, confined(&criteria, name)) {
            (Part::Holds(basis, _), Some(to)) => Part::Holds(basis, Some(messages::only_for(&to))),
            (part, _) => part,
        };
    }
    let there: Vec<&Name> = wanted.context.inventory.iter().filter(|other| same(other, &criteria)).collect();
    if there.is_empty() {
        // Nobody can see hardware, or software that is not recognised: it may be there.
        let what = format!("{} {}", criteria.vendor, criteria.product);
        return Part::Holds(None, Some(messages::only_together(&what)));
    }
    let parts = there.into_iter().map(|other| match version(other, None) {
        Some(version) => in_range(&criteria, found, &version),
        None => Part::Unknown(Reason::Version),
    });
    match joined(parts, Operator::Or) {
        // That what it runs on is there makes nothing vulnerable by itself.
        Part::Holds(_, condition) => Part::Holds(None, condition),
        part => part,
    }
}

fn in_range(criteria: &Name, found: &CpeMatch, version: &str) -> Part {
    let bound = |bound: &Option<Bound>, inclusive: bool| {
        bound.as_ref().filter(|bound| bound.inclusive == inclusive).map(|bound| bound.version.clone())
    };
    let (start_including, start_excluding) = (bound(&found.start, true), bound(&found.start, false));
    let (end_including, end_excluding) = (bound(&found.end, true), bound(&found.end, false));
    let range = CpeRange {
        version: &criteria.version,
        update: &criteria.update,
        start_including: start_including.as_deref(),
        start_excluding: start_excluding.as_deref(),
        end_including: end_including.as_deref(),
        end_excluding: end_excluding.as_deref(),
    };
    match range.verdict(version) {
        Verdict::Affected(basis) => Part::Holds(Some(basis), None),
        Verdict::NotAffected => Part::Fails,
        Verdict::Unknown(reason) => Part::Unknown(reason),
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

/// What the record's own list of products and versions says (CVE record format 5, `affected`).
fn in_words(wanted: &Wanted<'_>, name: &Name, advisory: &Advisory) -> Option<(Verdict, Confidence)> {
    let by_cpe = |product: &AffectedProduct| {
        product.cpes.iter().filter_map(|cpe| Name::parse(cpe)).any(|found| same(&found, name))
    };
    let by_words = |product: &AffectedProduct| {
        let own = (product.vendor.to_lowercase(), product.product.to_lowercase());
        words(name).any(|(vendor, product)| own.0 == vendor && own.1 == product)
    };
    let mut found: Option<(Verdict, Confidence)> = None;
    for product in &advisory.products {
        let confidence = match (by_cpe(product), by_words(product)) {
            (true, _) => Confidence::CpeWithVersion,
            (false, true) => Confidence::ProductWithVersion,
            (false, false) => continue,
        };
        let verdict = product_verdict(product, &wanted.version);
        let confidence = if verdict == Verdict::Affected(Basis::Every) {
            confidence.max(Confidence::CpeAllVersions)
        } else {
            confidence
        };
        found = Some(match found {
            // One list of commits and one of versions say the same of one product.
            None | Some((Verdict::Unknown(Reason::Commits), _)) => (verdict, confidence),
            Some((before, surest)) if verdict == Verdict::Unknown(Reason::Commits) => (before, surest),
            Some((before, surest)) => (either(before, verdict), surest.min(confidence)),
        });
    }
    found
}

fn product_verdict(product: &AffectedProduct, version: &str) -> Verdict {
    let status = |status: ProductStatus| match status {
        ProductStatus::Affected => CveStatus::Affected,
        ProductStatus::Unaffected => CveStatus::Unaffected,
        ProductStatus::Unknown => CveStatus::Unknown,
    };
    let entries: Vec<CveVersion<'_>> = product
        .versions
        .iter()
        .map(|entry| CveVersion {
            version: &entry.version,
            status: status(entry.status),
            order: &entry.order,
            end: entry.end.as_ref().map(|end| CveBound { version: &end.version, inclusive: end.inclusive }),
            changes: entry.changes.iter().map(|(at, to)| (at.as_str(), status(*to))).collect(),
        })
        .collect();
    match cve_affected(&entries, status(product.default), version) {
        Verdict::NotAffected if product.incomplete => Verdict::Unknown(Reason::Incomplete),
        verdict => verdict,
    }
}
