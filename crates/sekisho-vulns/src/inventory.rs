//! The components of a product, each once: what the package manager, the programs' own strings and the bill of materials say of one and the
//! same thing is put together.

use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::fact::{Component, Fact, FoundBy, Observed, Source, SourcePackage};
use sekisho_version::cpe;
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::purl::{self, Purl};

use crate::matcher::Context;
use crate::packages::{is_packaged, names_sources, release_of_version};
use crate::products;

/// A component of the product's inventory.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The component of the product that it is in.
    pub(crate) subject: String,
    /// What is known of it.
    pub(crate) component: Component,
    /// The installed packages that it stands for, where several come from one source package.
    pub(crate) packages: BTreeSet<String>,
    /// Files in which it was recognised.
    pub(crate) files: BTreeSet<String>,
    /// Where it was seen first.
    pub(crate) source: Source,
}

impl Item {
    /// What it is called: its source package, where it stands for what was built from one.
    pub(crate) fn name(&self) -> &str {
        let source = self.component.source_package.as_ref().filter(|_| !self.packages.is_empty());
        source.map_or(&self.component.name, |source| &source.name)
    }
}

/// The inventory of all facts, sorted, with what is known around it. `judged` tells of which ecosystems there are advisories.
pub(crate) fn inventory(facts: &[Fact], judged: impl Fn(&str) -> bool) -> (Vec<Item>, BTreeMap<String, Context>) {
    let found: Vec<(&Fact, &Component)> = facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            // The system as a whole is no component of its own: its packages are.
            Observed::Component(component) if component.found_by != FoundBy::OsRelease => Some((fact, component)),
            _ => None,
        })
        .collect();
    let sources = sources(&found);
    let judged_packages = judged_packages(&found, judged);
    let mut items: BTreeMap<(String, Identity), Item> = BTreeMap::new();
    // What was seen in an image stands before what a bill of materials lists.
    let (seen, listed): (Vec<_>, Vec<_>) = found.iter().partition(|(_, component)| component.found_by != FoundBy::Sbom);
    for (fact, component) in seen.into_iter().chain(listed) {
        // The package is in the inventory itself, and what its distribution says of it is better known.
        if is_of_package(component, judged_packages.get(fact.subject.as_str())) {
            continue;
        }
        let mut component = component.clone();
        let purl = component.purl.as_deref().and_then(purl::parse);
        let ecosystem = purl.as_ref().and_then(Ecosystem::of_purl);
        if component.source_package.is_none()
            && let Some(purl) = &purl
        {
            let key = (fact.subject.clone(), purl.kind.clone(), purl.name.clone());
            component.source_package = sources.get(&key).cloned();
        }
        let key = (fact.subject.clone(), identity(&component, purl.as_ref(), ecosystem.as_ref()));
        let item = items.entry(key).or_insert_with(|| Item {
            subject: fact.subject.clone(),
            component: component.clone(),
            packages: BTreeSet::new(),
            files: BTreeSet::new(),
            source: fact.source.clone(),
        });
        if component.source_package.is_some() {
            item.packages.insert(component.name.clone());
        }
        if component.found_by != FoundBy::PackageDatabase && component.found_by != FoundBy::Sbom {
            item.files.extend(fact.source.path.clone());
        }
        let known = &mut item.component;
        known.cpe = known.cpe.take().or(component.cpe);
        known.reference = known.reference.take().or(component.reference);
    }
    let items: Vec<Item> = items.into_values().collect();
    let contexts = contexts(&items);
    (items, contexts)
}

/// What makes two entries the same component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// Ecosystem, source package and version.
    Source(String, String, String),
    /// Package URL without its qualifiers.
    Package(String, Option<String>, String, Option<String>),
    /// CPE name.
    Cpe(String),
    /// Name and version.
    Named(String, Option<String>),
}

fn identity(component: &Component, purl: Option<&Purl>, ecosystem: Option<&Ecosystem>) -> Identity {
    match (purl, ecosystem, &component.source_package) {
        (Some(_), Some(ecosystem), Some(source)) if names_sources(ecosystem) => {
            let version = source.version.clone().or_else(|| component.version.clone()).unwrap_or_default();
            Identity::Source(ecosystem.name().to_owned(), source.name.clone(), version)
        }
        (Some(purl), ..) => {
            let version = purl.version.clone().or_else(|| component.version.clone());
            Identity::Package(purl.kind.clone(), purl.namespace.clone(), purl.name.clone(), version)
        }
        (None, ..) => match &component.cpe {
            Some(cpe) => Identity::Cpe(cpe.clone()),
            None => Identity::Named(component.name.to_lowercase(), component.version.clone()),
        },
    }
}

/// The source packages that the image's package manager tells, for a bill of materials that does not: by component of the product, kind of
/// package and its name. The image of a derivative calls itself otherwise than the distribution that the bill names, and its packages are the
/// same.
fn sources(found: &[(&Fact, &Component)]) -> BTreeMap<(String, String, String), SourcePackage> {
    found
        .iter()
        .filter_map(|(fact, component)| {
            let source = component.source_package.clone()?;
            let purl = purl::parse(component.purl.as_deref()?)?;
            // A version of its own belongs to one version of the package.
            let source = SourcePackage { version: None, ..source };
            Some(((fact.subject.clone(), purl.kind, purl.name), source))
        })
        .collect()
}

/// The packages in the image's package database that advisories of their distribution judge, by component of the product.
fn judged_packages<'a>(
    found: &[(&'a Fact, &'a Component)],
    judged: impl Fn(&str) -> bool,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut packages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (fact, package) in found.iter().filter(|(_, component)| component.found_by == FoundBy::PackageDatabase) {
        let purl = package.purl.as_deref().and_then(purl::parse);
        if purl.as_ref().and_then(Ecosystem::of_purl).is_some_and(|ecosystem| judged(ecosystem.name())) {
            packages.entry(&fact.subject).or_default().insert(&package.name);
        }
    }
    packages
}

/// Whether a program was recognised by its strings that came in one of these packages; in which, is not always known.
fn is_of_package(component: &Component, packages: Option<&BTreeSet<&str>>) -> bool {
    let recognised = !matches!(component.found_by, FoundBy::PackageDatabase | FoundBy::Sbom);
    let named = |packages: &BTreeSet<&str>| component.package.as_deref().is_none_or(|name| packages.contains(name));
    component.packaged && recognised && packages.is_some_and(named)
}

/// What is known around the components of each component of the product: the release that their versions tell, and the CPE names.
fn contexts(items: &[Item]) -> BTreeMap<String, Context> {
    let mut releases: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    let mut contexts: BTreeMap<String, Context> = BTreeMap::new();
    for item in items {
        let context = contexts.entry(item.subject.clone()).or_default();
        let purl = item.component.purl.as_deref().and_then(purl::parse);
        if let Some(name) = item.component.cpe.as_deref().and_then(cpe::Name::parse) {
            let version = products::version(
                &name,
                item.component.version.as_deref(),
                is_packaged(&item.component, purl.as_ref()),
            );
            context.inventory.push(match version {
                Some(version) => cpe::Name { version, update: "*".to_owned(), ..name },
                None => name,
            });
        }
        let Some(purl) = purl else { continue };
        let Some(ecosystem) = Ecosystem::of_purl(&purl) else { continue };
        let told = ecosystem.release().map(str::to_owned).or_else(|| {
            let version = item.component.version.as_deref().or(purl.version.as_deref())?;
            release_of_version(&ecosystem, version)
        });
        if let Some(release) = told {
            releases.entry((&item.subject, ecosystem.name().to_owned())).or_default().insert(release);
        }
    }
    for ((subject, ecosystem), told) in releases {
        // Where packages of two releases are mixed, none of them tells that of another.
        if let (Some(context), [release]) = (contexts.get_mut(subject), told.into_iter().collect::<Vec<_>>().as_slice())
        {
            context.releases.insert(ecosystem, release.clone());
        }
    }
    contexts
}
