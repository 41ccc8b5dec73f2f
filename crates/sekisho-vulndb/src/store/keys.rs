//! By what records are found, told apart, and sorted.

use sha2::{Digest as _, Sha256};

use sekisho_version::cpe::Name;

use crate::ecosystem::{base, normal_name};
use crate::model::{Advisory, Record};

/// A record's source and identifier, hashed: what is the same here is the same record.
pub(crate) type Identity = [u8; 16];

/// The identity of a record.
pub(crate) fn identity(record: &Record) -> Identity {
    let digest =
        Sha256::new().chain_update(record.source().name()).chain_update([0]).chain_update(record.id()).finalize();
    short(&digest)
}

/// The beginning of a digest.
pub(crate) fn short(digest: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(digest) {
        *to = *from;
    }
    short
}

/// The key of a package in an ecosystem, with or without its release.
pub(crate) fn package(ecosystem: &str, name: &str) -> u64 {
    key(b'p', ecosystem, &normal_name(ecosystem, name))
}

/// The key of a vendor's product in CPE names.
pub(crate) fn cpe(vendor: &str, product: &str) -> u64 {
    key(b'c', &vendor.to_lowercase(), &product.to_lowercase())
}

/// The key of a vendor's product by its name in CVE records.
pub(crate) fn product(vendor: &str, product: &str) -> u64 {
    key(b'n', &vendor.to_lowercase(), &product.to_lowercase())
}

/// The key of an identifier or alias of an advisory.
pub(crate) fn id(id: &str) -> u64 {
    key(b'i', id, "")
}

/// The key of an entry or a score for a vulnerability, or of the statements on it. Apart from advisories, because each is asked for by itself.
pub(crate) fn about(source: crate::Source, id: &str) -> u64 {
    key(b'a', source.name(), id)
}

fn key(kind: u8, a: &str, b: &str) -> u64 {
    let digest = Sha256::new().chain_update([kind]).chain_update(a).chain_update([0]).chain_update(b).finalize();
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// All keys by which a record is found, sorted.
pub(crate) fn keys(record: &Record) -> Vec<u64> {
    let mut keys = match record {
        Record::Advisory(advisory) => advisory_keys(advisory),
        Record::Kev(_) | Record::Epss(_) => vec![about(record.source(), record.id())],
        Record::Vex(document) => document
            .statements
            .iter()
            .flat_map(|statement| std::iter::once(&statement.vulnerability).chain(&statement.aliases))
            .map(|id| about(record.source(), id))
            .collect(),
    };
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn advisory_keys(advisory: &Advisory) -> Vec<u64> {
    let mut keys: Vec<u64> = std::iter::once(&advisory.id).chain(&advisory.aliases).map(|alias| id(alias)).collect();
    for found in advisory.packages.iter().filter_map(|affected| affected.package.as_ref()) {
        keys.push(package(&found.ecosystem, &found.name));
        let base = base(&found.ecosystem);
        if base != found.ecosystem {
            keys.push(package(base, &found.name));
        }
    }
    keys.extend(vulnerable_products(advisory).map(|(vendor, product)| cpe(&vendor, &product)));
    keys.extend(
        advisory
            .products
            .iter()
            .filter(|found| !found.product.is_empty())
            .map(|found| product(&found.vendor, &found.product)),
    );
    keys
}

/// Vendor and product of the CPE names that are vulnerable, not only run on.
pub(crate) fn vulnerable_products(advisory: &Advisory) -> impl Iterator<Item = (String, String)> {
    let nodes = advisory.configurations.iter().flat_map(|configuration| &configuration.nodes);
    let matches = nodes.flat_map(|node| &node.matches).filter(|found| found.vulnerable).map(|found| &found.criteria);
    let listed = advisory.products.iter().flat_map(|product| &product.cpes);
    matches.chain(listed).filter_map(|name| Name::parse(name).map(|name| (name.vendor, name.product)))
}

/// What records are sorted by: what they are about first, so that they lie beside others about the same, and their identity last, so that
/// the order is one and the same whatever order they came in.
pub(crate) fn order(record: &Record) -> Vec<u8> {
    // Names longer than this only lie less well.
    const NAME: usize = 128;
    let mut order = Vec::new();
    let mut add = |part: &str, most: usize| {
        order.extend(part.bytes().take(most));
        order.push(0);
    };
    match record {
        Record::Advisory(advisory) => {
            if let Some(package) = advisory.packages.iter().find_map(|affected| affected.package.as_ref()) {
                add("a", 1);
                add(base(&package.ecosystem), NAME);
                add(&normal_name(&package.ecosystem, &package.name), NAME);
            } else {
                add("b", 1);
                let named = advisory
                    .products
                    .first()
                    .map(|product| (product.vendor.to_lowercase(), product.product.to_lowercase()));
                let (vendor, product) = vulnerable_products(advisory).next().or(named).unwrap_or_default();
                add(&vendor, NAME);
                add(&product, NAME);
            }
        }
        Record::Kev(_) => add("c", 1),
        Record::Epss(_) => add("d", 1),
        Record::Vex(_) => add("e", 1),
    }
    add(record.source().name(), NAME);
    add(record.id(), usize::MAX);
    order
}
