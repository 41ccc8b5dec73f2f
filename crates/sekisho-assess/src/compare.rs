//! Facts that follow from putting two things side by side: bill of materials and image, product file and image, declarations and traffic.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{
    Component, DifferenceKind, Fact, FoundBy, Observed, SbomDifference, Service, Source, Start, UndeclaredService,
};
use sekisho_model::interface;
use sekisho_model::product::{self, Product};
use sekisho_version::order::upstream;

use crate::{declared_authentication, declared_cryptography, destinations, listeners, reach, reviews};

/// All derived facts of a product.
pub(crate) fn derive(product: &Product, facts: &[Fact]) -> Vec<Fact> {
    let mut derived = Vec::new();
    for component in &product.components {
        let own: Vec<&Fact> = facts.iter().filter(|f| f.subject == component.id).collect();
        derived.extend(sbom_differences(&component.id, &own));
        derived.extend(undeclared_services(component, &own));
        derived.extend(destinations::undeclared(product, component, facts));
        derived.extend(listeners::undeclared(component, facts));
        derived.extend(reach::services(component, facts));
        derived.extend(declared_authentication::differences(component, facts));
        derived.extend(declared_cryptography::differences(product, component, facts));
        derived.extend(reviews::differences(component, facts));
    }
    derived
}

/// Marks the programs that came in packages of the image's package manager.
pub fn mark_packaged(facts: &mut [Fact]) {
    let packages: Vec<(String, Component)> = facts
        .iter()
        .filter_map(|f| match &f.observed {
            Observed::Component(c) if c.found_by == FoundBy::PackageDatabase => Some((f.subject.clone(), c.clone())),
            _ => None,
        })
        .collect();
    for fact in facts {
        if let Observed::Component(found) = &mut fact.observed
            && found.found_by == FoundBy::VersionString
        {
            found.packaged |=
                packages.iter().any(|(subject, p)| *subject == fact.subject && is_part_of(&found.name, p));
        }
    }
}

/// Whether components of the image were recognised, so that a bill of materials can be held against them.
pub(crate) fn can_compare(subject: &str, facts: &[Fact]) -> bool {
    facts.iter().any(|f| {
        f.subject == subject
            && matches!(&f.observed, Observed::Component(c)
                if matches!(c.found_by, FoundBy::PackageDatabase | FoundBy::VersionString))
    })
}

/// A component with where it was seen.
type Seen<'a> = (&'a Component, &'a Source);

/// Compares the packages of the image with the bill of materials. Where the image has a package database, that is what the bill is held
/// against, and a program recognised by its own strings is the package it came in; where it has none, the recognised programs are.
fn sbom_differences(subject: &str, facts: &[&Fact]) -> Vec<Fact> {
    let components = || {
        facts.iter().filter_map(|f| match &f.observed {
            Observed::Component(c) => Some((c, &f.source)),
            _ => None,
        })
    };
    let in_sbom: Vec<Seen<'_>> = components().filter(|(c, _)| c.found_by == FoundBy::Sbom).collect();
    let in_image: Vec<Seen<'_>> = components().filter(|(c, _)| c.found_by != FoundBy::Sbom).collect();
    let has_sbom = facts.iter().any(|f| matches!(f.observed, Observed::Sbom(_)));
    if !has_sbom || in_image.is_empty() {
        return Vec::new();
    }
    let packages: Vec<Seen<'_>> =
        in_image.iter().copied().filter(|(c, _)| c.found_by == FoundBy::PackageDatabase).collect();
    let recognised = in_image.iter().copied().filter(|(c, _)| {
        matches!(c.found_by, FoundBy::VersionString | FoundBy::KernelBanner)
            && !packages.iter().any(|(package, _)| is_part_of(&c.name, package))
    });
    let mut by_name: BTreeMap<String, Vec<&Component>> = BTreeMap::new();
    for (component, _) in &in_sbom {
        by_name.entry(component.name.to_lowercase()).or_default().push(component);
    }
    let mut differences = BTreeMap::new();
    let mut matched = BTreeSet::new();
    for (found, source) in packages.iter().copied().chain(recognised) {
        let name = found.name.to_lowercase();
        // The bill may list a name twice: what agrees counts.
        let named = by_name.get(&name).and_then(|all| all.iter().find(|c| !differs(found, c)).or(all.first()).copied());
        let listed = named.or_else(|| {
            // A program recognised by a string may stand in the bill under its package's name.
            let alike = |c: &&Component| found.found_by != FoundBy::PackageDatabase && is_part_of(&found.name, c);
            in_sbom.iter().map(|(c, _)| *c).find(alike)
        });
        let difference = match listed {
            None => Some(DifferenceKind::MissingFromSbom),
            Some(listed) => {
                matched.insert(listed.name.to_lowercase());
                differs(found, listed).then_some(DifferenceKind::VersionDiffers)
            }
        };
        if let Some(kind) = difference {
            let value = SbomDifference {
                kind,
                component: found.name.clone(),
                in_firmware: found.version.clone(),
                in_sbom: listed.and_then(|c| c.version.clone()),
            };
            differences.entry((name, kind)).or_insert((value, source.clone()));
        }
    }
    for (listed, source) in &in_sbom {
        let name = listed.name.to_lowercase();
        let seen = matched.contains(&name) || in_image.iter().any(|(c, _)| is_part_of(&c.name, listed));
        if !seen {
            let value = SbomDifference {
                kind: DifferenceKind::NotSeenInFirmware,
                component: listed.name.clone(),
                in_firmware: None,
                in_sbom: listed.version.clone(),
            };
            differences.entry((name, DifferenceKind::NotSeenInFirmware)).or_insert((value, (*source).clone()));
        }
    }
    differences
        .into_values()
        .map(|(value, source)| Fact { observed: Observed::SbomDifference(value), subject: subject.to_owned(), source })
        .collect()
}

/// Whether two entries of the same name have different versions. A bill may leave out the distribution's revision.
fn differs(found: &Component, listed: &Component) -> bool {
    let (Some(found_version), Some(listed_version)) = (&found.version, &listed.version) else { return false };
    found_version != listed_version && upstream(found_version) != listed_version && {
        // A string tells the upstream version only.
        found.found_by == FoundBy::PackageDatabase || found_version != upstream(listed_version)
    }
}

/// Whether a program called `name` is what `package` delivers: `dropbear` of `dropbear-bin`, `openssl` of `libssl3`.
pub(crate) fn is_part_of(name: &str, package: &Component) -> bool {
    let stem = |text: &str| {
        let text = text.to_lowercase();
        let text = text.strip_prefix("lib").unwrap_or(&text);
        let word = text.split(['-', '_', '.', ' ']).next().unwrap_or_default();
        // Packages of libraries carry the number of their interface: `ssl3`, `zlib1g`.
        let end = word.char_indices().skip(1).find(|(_, c)| c.is_ascii_digit()).map_or(word.len(), |(i, _)| i);
        word[..end].to_owned()
    };
    let (name, package) = (stem(name), stem(&package.name));
    let same = |a: &str, b: &str| (name == a && package == b) || (name == b && package == a);
    !name.is_empty()
        && (name == package
            || same("openssl", "ssl")
            || same("openssl", "crypto")
            || same("linux", "kernel")
            || same("glibc", "c")
            || same("zlib", "z")
            || same("wpa", "wpad")
            || same("hostapd", "wpad"))
}

/// Protocols that are no service to anybody outside: clients, local daemons, the console (which is physical), and the super-server, whose
/// services are listed themselves.
const NOT_OFFERED: [&str; 7] = ["console", "dhcp-client", "ntp-client", "syslog", "cron", "local", "inetd"];

fn undeclared_services(component: &product::Component, facts: &[&Fact]) -> Vec<Fact> {
    let Some(declared) = &component.interfaces else { return Vec::new() };
    let mut undeclared = BTreeMap::new();
    for fact in facts {
        let Observed::Service(Service { program, protocol: Some(protocol), start, .. }) = &fact.observed else {
            continue;
        };
        if !matches!(start, Start::Boot | Start::Conditional) || NOT_OFFERED.contains(&protocol.as_str()) {
            continue;
        }
        // One that is declared to be off by default must not start by itself; something may switch it on.
        let may_start =
            |declared: &&product::Interface| declared.enabled != Some(false) || *start == Start::Conditional;
        if !declared.iter().filter(may_start).any(|declared| interface::speaks(&declared.kind, protocol)) {
            let value = UndeclaredService { program: program.clone(), protocol: protocol.clone(), start: *start };
            undeclared.entry((program, protocol)).or_insert_with(|| Fact {
                observed: Observed::UndeclaredService(value),
                subject: component.id.clone(),
                source: fact.source.clone(),
            });
        }
    }
    undeclared.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, version: &str, found_by: FoundBy) -> Fact {
        Fact {
            observed: Observed::Component(Component {
                name: name.into(),
                version: Some(version.into()),
                found_by,
                ..Component::default()
            }),
            subject: "camera".into(),
            source: Source { artefact: "a".into(), ..Source::default() },
        }
    }

    fn differences(facts: &[Fact]) -> Vec<(DifferenceKind, String)> {
        let mut all = facts.to_vec();
        all.push(Fact {
            observed: Observed::Sbom(sekisho_model::fact::Sbom::default()),
            subject: "camera".into(),
            source: Source::default(),
        });
        let refs: Vec<&Fact> = all.iter().collect();
        sbom_differences("camera", &refs)
            .into_iter()
            .map(|f| match f.observed {
                Observed::SbomDifference(d) => (d.kind, d.component),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn what_the_bill_lacks_or_has_otherwise() {
        use FoundBy::{PackageDatabase, Sbom, VersionString};
        let facts = [
            component("dropbear-bin", "2022.83-1", PackageDatabase),
            component("dropbear", "2022.83", VersionString),
            component("lighttpd", "1.4.69-1", PackageDatabase),
            component("zlib1g", "1.2.13", PackageDatabase),
            component("dropbear-bin", "2022.83", Sbom),
            component("lighttpd", "1.4.60-1", Sbom),
            component("ghost", "1.0", Sbom),
        ];
        assert_eq!(
            differences(&facts),
            [
                (DifferenceKind::NotSeenInFirmware, "ghost".to_owned()),
                (DifferenceKind::VersionDiffers, "lighttpd".to_owned()),
                (DifferenceKind::MissingFromSbom, "zlib1g".to_owned()),
            ]
        );
    }

    #[test]
    fn without_a_package_database_the_recognised_programs_are_compared() {
        use FoundBy::{Sbom, VersionString};
        let facts = [
            component("openssl", "3.0.11", VersionString),
            component("busybox", "1.35.0", VersionString),
            component("libssl3", "3.0.11-1", Sbom),
        ];
        assert_eq!(differences(&facts), [(DifferenceKind::MissingFromSbom, "busybox".to_owned())]);
    }

    #[test]
    fn what_is_declared_to_be_off_must_not_start_by_itself() {
        let undeclared = |enabled, start| {
            let interface = product::Interface { kind: "telnet".into(), enabled, ..product::Interface::default() };
            let component = product::Component { interfaces: Some(vec![interface]), ..product::Component::default() };
            let service =
                Service { program: "telnetd".into(), protocol: Some("telnet".into()), start, ..Service::default() };
            let fact = Fact { observed: Observed::Service(service), subject: String::new(), source: Source::default() };
            undeclared_services(&component, &[&fact]).len()
        };
        assert_eq!([undeclared(None, Start::Boot), undeclared(Some(true), Start::Boot)], [0, 0]);
        assert_eq!([undeclared(Some(false), Start::Boot), undeclared(Some(false), Start::Conditional)], [1, 0]);
    }
}
