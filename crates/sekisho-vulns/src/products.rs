//! Advisories that name products: by CPE (NVD, and CVE records that carry CPE names), and by vendor and name in words (CVE records).

use std::collections::HashSet;

use sekisho_model::Text;
use sekisho_model::fact::Component;
use sekisho_model::vulnerability::Confidence;
use sekisho_version::cpe::Name;
use sekisho_version::order::upstream;
use sekisho_version::range::{Basis, CveBound, CveStatus, CveVersion, Reason, Verdict, cve_affected};
use sekisho_vulndb::{Advisory, AffectedProduct, DatabaseError, ProductStatus};

use crate::configurations::{Asked, Truth, is_about, named_version, same};
use crate::matcher::{Claim, Wanted};
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

/// The version to look up: that of the CPE name with its update, else the component's; none where nobody knows it. Of a distribution's package
/// it is the project's own.
pub(crate) fn version(name: &Name, component: Option<&str>, packaged: bool) -> Option<String> {
    let of_package = |version: &str| if packaged { upstream(version).to_owned() } else { version.to_owned() };
    match named_version(name) {
        // Bills of materials repeat the package's version there as it is, with epoch and revision, which are none of the project's numbers.
        Some(named) if component.is_some_and(|own| own.eq_ignore_ascii_case(&named)) => Some(of_package(&named)),
        Some(named) => Some(named),
        None => component.map(of_package),
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
    let listed = in_words(wanted, name, advisory).map(|(verdict, confidence)| (verdict, confidence, None));
    let (verdict, confidence, condition) = match (configured(wanted, name, advisory), listed) {
        // A record's own list of versions and its list of CPE names say the same, the names more coarsely: where these cannot tell, the list
        // may.
        (Some((Verdict::Unknown(_), ..)), Some(listed)) if !matches!(listed.0, Verdict::Unknown(_)) => listed,
        (configured, listed) => configured.or(listed)?,
    };
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

/// What the configurations say, with the condition under which they do; none where none is about the product. One that makes it affected is
/// enough: the surest counts.
fn configured(wanted: &Wanted<'_>, name: &Name, advisory: &Advisory) -> Option<(Verdict, Confidence, Option<Text>)> {
    let asked = Asked { name, version: &wanted.version, inventory: &wanted.context.inventory };
    let about = advisory.configurations.iter().filter(|configuration| is_about(configuration, name));
    let (verdict, condition) = match about.map(|configuration| asked.affected(configuration)).reduce(Truth::or)? {
        Truth::Yes(basis) => (Verdict::Affected(basis), None),
        Truth::Under(basis, condition) => (Verdict::Affected(basis), Some(condition)),
        Truth::Unknown(reason) => (Verdict::Unknown(reason), None),
        Truth::No => (Verdict::NotAffected, None),
    };
    let confidence = match verdict {
        Verdict::Affected(Basis::Every) => Confidence::CpeAllVersions,
        _ => Confidence::CpeWithVersion,
    };
    Some((verdict, confidence, condition))
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
