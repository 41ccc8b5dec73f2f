//! Advisories that name packages of ecosystems (OSV).

use std::collections::{BTreeSet, HashMap};

use sekisho_model::fact::Component;
use sekisho_model::vulnerability::Confidence;
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::purl::Purl;
use sekisho_version::range::{Event, Range, RangeKind, Reason, Verdict, affected};
use sekisho_vulndb::{Advisory, AffectedPackage, DatabaseError, Event as Stored, RangeKind as StoredKind};

use crate::matcher::{Claim, Wanted};

/// Whether a component comes in a package of a distribution, which mends it without raising the upstream version: its package URL says so, or
/// the package manager has the file in which it was recognised.
pub(crate) fn is_packaged(component: &Component, purl: Option<&Purl>) -> bool {
    let of_distribution = |purl: &Purl| matches!(purl.kind.as_str(), "deb" | "rpm" | "apk" | "opkg" | "alpm" | "ipk");
    component.packaged || purl.is_some_and(of_distribution)
}

/// Whether the ecosystem's advisories name source packages, not those that are installed.
pub(crate) fn names_sources(ecosystem: &Ecosystem) -> bool {
    matches!(
        ecosystem.name(),
        "Debian" | "Ubuntu" | "Echo" | "Alpine" | "Alpaquita" | "Chainguard" | "Wolfi" | "MinimOS"
    )
}

/// The ecosystem's name of the package that a package URL names (package URL type definitions; OSV schema, `affected[].package`).
pub(crate) fn name(purl: &Purl) -> String {
    match (purl.kind.as_str(), &purl.namespace) {
        ("maven", Some(group)) => format!("{group}:{}", purl.name),
        ("npm" | "golang" | "composer" | "githubactions" | "swift", Some(namespace)) => {
            format!("{namespace}/{}", purl.name)
        }
        ("vscode-extension", Some(namespace)) => format!("{namespace}/{}", purl.name),
        _ => purl.name.clone(),
    }
}

/// What the ecosystem's advisories say of a package, by the name of its source package where that is known, else by its own.
pub(crate) fn claims(
    wanted: &Wanted<'_>,
    ecosystem: &Ecosystem,
    name: &str,
    source: Option<&str>,
) -> Result<Vec<Claim>, DatabaseError> {
    let release = ecosystem
        .release()
        .map(str::to_owned)
        .or_else(|| release_of_version(ecosystem, &wanted.version))
        .or_else(|| wanted.context.releases.get(ecosystem.name()).cloned());
    let name = source.unwrap_or(name);
    let mut claims = Vec::new();
    for advisory in wanted.database.advisories(ecosystem.name(), name)? {
        let advisory = advisory?;
        // An advisory that names the package can name others, too.
        let entries: Vec<&AffectedPackage> = advisory
            .packages
            .iter()
            .filter(|entry| entry.package.as_ref().is_some_and(|package| package.is(ecosystem.name(), name)))
            .filter(|entry| is_of_stream(entry, ecosystem, &wanted.version))
            .collect();
        let Some((verdict, severities)) = verdict(&entries, release.as_deref(), &wanted.version) else { continue };
        let confidence = if names_sources(ecosystem) || is_binary_distribution(ecosystem) {
            Confidence::Distribution
        } else {
            Confidence::ExactPurl
        };
        let unimportant =
            severities.iter().any(|severity| severity.scheme == "urgency" && severity.value == "unimportant");
        let mut all = advisory.severities.clone();
        all.extend(severities);
        for names in vulnerabilities(&advisory, is_binary_distribution(ecosystem)) {
            claims.push(Claim {
                names,
                verdict: verdict.clone(),
                confidence,
                condition: None,
                feed: advisory.source.feed(&advisory.id),
                advisory: advisory.id.clone(),
                summary: advisory.summary.clone(),
                severities: all.clone(),
                disputed: advisory.disputed || unimportant,
                published: advisory.published.or(advisory.modified),
            });
        }
    }
    Ok(claims)
}

/// Distributions whose advisories name the packages that are installed.
fn is_binary_distribution(ecosystem: &Ecosystem) -> bool {
    ecosystem.order() == Some(sekisho_version::order::Order::Rpm) || ecosystem.name() == "OpenWrt"
}

/// The vulnerabilities that an advisory is about, each by its names: itself with its aliases; or, where it is a distribution's on several
/// upstream, each of those. The families of Red Hat list those as `related`.
fn vulnerabilities(advisory: &Advisory, related: bool) -> Vec<Vec<String>> {
    let mut own: BTreeSet<String> = advisory.aliases.iter().cloned().collect();
    own.insert(advisory.id.clone());
    let related = advisory.related.iter().filter(|_| related && advisory.upstream.is_empty());
    let upstream: BTreeSet<&String> =
        advisory.upstream.iter().chain(related).filter(|id| id.starts_with("CVE-")).collect();
    let has_cve = own.iter().any(|id| id.starts_with("CVE-"));
    match upstream.len() {
        _ if has_cve => vec![own.into_iter().collect()],
        0 => vec![own.into_iter().collect()],
        1 => {
            own.extend(upstream.into_iter().cloned());
            vec![own.into_iter().collect()]
        }
        _ => upstream.into_iter().map(|id| vec![id.clone()]).collect(),
    }
}

/// The release that a version itself names: `3.0.20-1~deb12u2` is of Debian 12, `1.1.1k-5.el8` of the eighth Enterprise Linux.
pub(crate) fn release_of_version(ecosystem: &Ecosystem, version: &str) -> Option<String> {
    let marker = match ecosystem.name() {
        "Debian" => "deb",
        "AlmaLinux" | "Rocky Linux" | "Red Hat" => "el",
        _ => return None,
    };
    version.match_indices(marker).find_map(|(at, _)| {
        let before = version.get(..at)?.chars().next_back()?;
        let rest = version.get(at + marker.len()..)?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after = rest.get(digits..)?.chars().next();
        let bounded =
            matches!(before, '+' | '~' | '.') && matches!(after, None | Some('u' | '.' | '_' | '~' | '+' | '-'));
        (digits > 0 && digits <= 2 && bounded).then(|| rest.get(..digits).map(str::to_owned)).flatten()
    })
}

/// Whether an entry of an advisory is about a release: `22.04:LTS` is of 22.04, `enterprise_linux:9::baseos` of 9.
fn is_of_release(entry: &AffectedPackage, release: &str) -> bool {
    let Some(package) = &entry.package else { return false };
    let ecosystem = Ecosystem::parse(&package.ecosystem);
    ecosystem.release().is_none_or(|named| named.split(':').any(|part| part == release) && !named.starts_with("Pro:"))
}

/// Whether an entry is about the stream that the version is of: builds of a module (`-1.module_el9.4.0+…`, Red Hat's modularity) have
/// advisories of their own, whose versions say nothing of the plain package, and the other way round.
fn is_of_stream(entry: &AffectedPackage, ecosystem: &Ecosystem, version: &str) -> bool {
    let of_module = |version: &str| version.contains(".module_el") || version.contains(".module+el");
    if ecosystem.order() != Some(sekisho_version::order::Order::Rpm) {
        return true;
    }
    let events = entry.ranges.iter().flat_map(|range| &range.events);
    let bounds = events.filter_map(|event| match event {
        Stored::Introduced(bound) if bound == "0" => None,
        Stored::Introduced(bound) | Stored::Fixed(bound) | Stored::LastAffected(bound) => Some(bound.as_str()),
        Stored::Limit(_) => None,
    });
    let mut bounds = bounds.chain(entry.versions.iter().map(String::as_str)).peekable();
    bounds.peek().is_none() || bounds.any(|bound| of_module(bound) == of_module(version))
}

/// What the entries of one advisory say of a version, with how severe they are; none where they are all about other releases.
fn verdict(
    entries: &[&AffectedPackage],
    release: Option<&str>,
    version: &str,
) -> Option<(Verdict, Vec<sekisho_vulndb::Severity>)> {
    let concerned: Vec<&AffectedPackage> =
        entries.iter().copied().filter(|entry| release.is_none_or(|release| is_of_release(entry, release))).collect();
    // Without a release each of them could be the one.
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut place_of: HashMap<Option<&str>, usize> = HashMap::new();
    for entry in &concerned {
        let Some(package) = &entry.package else { continue };
        let of = package.ecosystem.split_once(':').map(|(_, release)| release).filter(|_| release.is_none());
        let found = entry_verdict(entry, &Ecosystem::parse(&package.ecosystem), version);
        // Several entries for one release, or of an ecosystem without releases: affected by one is affected.
        let place = *place_of.entry(of).or_insert(verdicts.len());
        match verdicts.get_mut(place) {
            Some(verdict) => *verdict = either(std::mem::replace(verdict, Verdict::NotAffected), found),
            None => verdicts.push(found),
        }
    }
    let severities = concerned.iter().flat_map(|entry| entry.severities.iter().cloned()).collect();
    let mut verdicts = verdicts.into_iter();
    let first = verdicts.next()?;
    let agreed = verdicts.try_fold(first, |agreed, verdict| match (&agreed, &verdict) {
        (Verdict::Affected(_), Verdict::Affected(_)) | (Verdict::NotAffected, Verdict::NotAffected) => Some(agreed),
        _ => None,
    });
    Some((agreed.unwrap_or(Verdict::Unknown(Reason::Release)), severities))
}

/// Affected by one is affected; unknown in one is unknown unless affected by the other.
pub(crate) fn either(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::NotAffected, other) | (other, Verdict::NotAffected) => other,
        (Verdict::Unknown(_), found @ Verdict::Affected(_)) => found,
        (first, _) => first,
    }
}

fn entry_verdict(entry: &AffectedPackage, ecosystem: &Ecosystem, version: &str) -> Verdict {
    let ranges: Vec<Range<'_>> = entry
        .ranges
        .iter()
        .map(|range| Range {
            kind: match range.kind {
                StoredKind::Semver => RangeKind::SemVer,
                StoredKind::Ecosystem => RangeKind::Ecosystem,
                StoredKind::Git => RangeKind::Git,
            },
            events: range
                .events
                .iter()
                .map(|event| match event {
                    Stored::Introduced(version) => Event::Introduced(version),
                    Stored::Fixed(version) => Event::Fixed(version),
                    Stored::LastAffected(version) => Event::LastAffected(version),
                    Stored::Limit(version) => Event::Limit(version),
                })
                .collect(),
        })
        .collect();
    match affected(ecosystem, &ranges, &entry.versions, version) {
        Verdict::NotAffected if entry.incomplete => Verdict::Unknown(Reason::Incomplete),
        verdict => verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_that_versions_name() {
        let of = |ecosystem: &str, version: &str| release_of_version(&Ecosystem::parse(ecosystem), version);
        assert_eq!(of("Debian", "3.0.20-1~deb12u2").as_deref(), Some("12"));
        assert_eq!(of("Debian", "2022.83-1+deb12u3").as_deref(), Some("12"));
        assert_eq!(of("Debian", "1:1.2.13.dfsg-1"), None);
        assert_eq!(of("Debian", "1.2+debian-1"), None);
        assert_eq!(of("AlmaLinux", "1.1.1k-5.el8_6").as_deref(), Some("8"));
        assert_eq!(of("Red Hat", "0:1.1.1k-5.el9").as_deref(), Some("9"));
        assert_eq!(of("npm", "1.0.0-deb12u1"), None);
    }

    #[test]
    fn names_of_packages() {
        for (purl, expected) in [
            ("pkg:maven/org.apache.logging/log4j@2", "org.apache.logging:log4j"),
            ("pkg:npm/%40angular/core@1", "@angular/core"),
            ("pkg:golang/golang.org/x/text@v0.3.6", "golang.org/x/text"),
            ("pkg:golang/stdlib@1.24.4", "stdlib"),
            ("pkg:pypi/django@1", "django"),
            ("pkg:deb/debian/openssl@1", "openssl"),
        ] {
            assert_eq!(name(&sekisho_version::purl::parse(purl).unwrap()), expected, "{purl}");
        }
    }

    #[test]
    fn an_advisory_on_several_vulnerabilities_is_about_each() {
        let of = |id: &str, aliases: &[&str], upstream: &[&str]| {
            let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
            let json = serde_json::json!({
                "source": "osv", "id": id, "aliases": owned(aliases), "upstream": owned(upstream), "related": [],
                "summary": "", "state": "published", "status": "", "disputed": false, "published": null,
                "modified": null, "withdrawn": null, "severities": [], "weaknesses": [], "packages": [],
                "products": [], "configurations": [], "references": [],
            });
            vulnerabilities(&serde_json::from_value(json).unwrap(), false)
        };
        assert_eq!(of("DSA-1", &[], &["CVE-2", "CVE-1"]), [["CVE-1"], ["CVE-2"]]);
        assert_eq!(of("DEBIAN-CVE-1", &[], &["CVE-1"]), [["CVE-1", "DEBIAN-CVE-1"]]);
        assert_eq!(of("GO-1", &["CVE-1", "GHSA-1"], &[]), [["CVE-1", "GHSA-1", "GO-1"]]);
    }
}
