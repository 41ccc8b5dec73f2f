//! CSAF 2.0 documents, of the profile VEX or any other that says a product's status.
//!
//! Source: OASIS, *Common Security Advisory Framework Version 2.0* (2022), 3.1.3 (product types), 3.2.2 (product tree), 3.2.3
//! (vulnerabilities).

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;

use super::lenient::or_default;
use super::{Parsed, cut, document_id, is_id, json};
use crate::import::Reason;
use crate::limits::Limits;
use crate::model::{Record, VexDocument, VexFormat, VexProduct, VexStatement, VexStatus};
use crate::moment::Moment;

#[derive(Deserialize)]
struct Raw {
    document: Document,
    #[serde(default, deserialize_with = "or_default")]
    product_tree: Tree,
    #[serde(default, deserialize_with = "or_default")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default, deserialize_with = "or_default")]
    publisher: Publisher,
    #[serde(default, deserialize_with = "or_default")]
    tracking: Tracking,
}

#[derive(Deserialize, Default)]
struct Publisher {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    namespace: String,
}

#[derive(Deserialize, Default)]
struct Tracking {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    version: String,
    #[serde(default, deserialize_with = "or_default")]
    current_release_date: String,
}

#[derive(Deserialize, Default)]
struct Tree {
    #[serde(default, deserialize_with = "or_default")]
    branches: Vec<Branch>,
    #[serde(default, deserialize_with = "or_default")]
    full_product_names: Vec<Product>,
    #[serde(default, deserialize_with = "or_default")]
    relationships: Vec<Relationship>,
    #[serde(default, deserialize_with = "or_default")]
    product_groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default, deserialize_with = "or_default")]
    category: String,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    product: Option<Product>,
    #[serde(default, deserialize_with = "or_default")]
    branches: Vec<Branch>,
}

#[derive(Deserialize)]
struct Product {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(rename = "product_id", default, deserialize_with = "or_default")]
    id: String,
    #[serde(rename = "product_identification_helper", default, deserialize_with = "or_default")]
    helper: Helper,
}

#[derive(Deserialize, Default)]
struct Helper {
    cpe: Option<String>,
    purl: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    hashes: Vec<Hashes>,
}

#[derive(Deserialize)]
struct Hashes {
    #[serde(default, deserialize_with = "or_default")]
    file_hashes: Vec<Hash>,
}

#[derive(Deserialize)]
struct Hash {
    #[serde(default, deserialize_with = "or_default")]
    algorithm: String,
    #[serde(default, deserialize_with = "or_default")]
    value: String,
}

#[derive(Deserialize)]
struct Relationship {
    full_product_name: Product,
    #[serde(default, deserialize_with = "or_default")]
    product_reference: String,
    #[serde(default, deserialize_with = "or_default")]
    relates_to_product_reference: String,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default, deserialize_with = "or_default")]
    group_id: String,
    #[serde(default, deserialize_with = "or_default")]
    product_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "or_default")]
    cve: String,
    #[serde(default, deserialize_with = "or_default")]
    ids: Vec<Identifier>,
    #[serde(default, deserialize_with = "or_default")]
    product_status: BTreeMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "or_default")]
    flags: Vec<Flag>,
    #[serde(default, deserialize_with = "or_default")]
    threats: Vec<Threat>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default, deserialize_with = "or_default")]
    text: String,
}

#[derive(Deserialize)]
struct Flag {
    #[serde(default, deserialize_with = "or_default")]
    label: String,
    #[serde(default, deserialize_with = "or_default")]
    product_ids: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    group_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Threat {
    #[serde(default, deserialize_with = "or_default")]
    category: String,
    #[serde(default, deserialize_with = "or_default")]
    details: String,
    #[serde(default, deserialize_with = "or_default")]
    product_ids: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    group_ids: Vec<String>,
}

/// Reads one document.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Parsed {
    json(bytes, |raw, parsed| read_document(raw, bytes, limits, parsed))
}

fn read_document(raw: Raw, bytes: &[u8], limits: &Limits, parsed: &mut Parsed) {
    let tracking = raw.document.tracking;
    // An identifier is one of its publisher's only.
    let id = match tracking.id.as_str() {
        "" => String::new(),
        id => format!("{}#{}", raw.document.publisher.namespace, id.split_whitespace().collect::<Vec<_>>().join("_")),
    };
    let id = document_id(id, bytes);
    let mut room = limits.document;
    let products = Products::of(raw.product_tree, limits, &mut room);
    let mut statements = Vec::new();
    for vulnerability in raw.vulnerabilities {
        if products.as_ref().is_none_or(|products| {
            read_vulnerability(vulnerability, products, limits, &mut statements, &id, parsed, &mut room).is_none()
        }) {
            parsed.note(Reason::TooLarge, &id, "its products, written out, are larger than a document may be");
            return;
        }
    }
    parsed.records.push(Record::Vex(Box::new(VexDocument {
        id,
        format: VexFormat::Csaf,
        author: cut(raw.document.publisher.name, limits.text),
        version: cut(tracking.version, 64),
        modified: Moment::parse(&tracking.current_release_date),
        statements,
    })));
}

/// The products of a document by their identifiers in it.
struct Products {
    products: BTreeMap<String, VexProduct>,
    groups: BTreeMap<String, Vec<String>>,
}

impl Products {
    /// None where what versions and relationships repeat has no room.
    fn of(tree: Tree, limits: &Limits, room: &mut usize) -> Option<Self> {
        let mut products = BTreeMap::new();
        let mut add = |product: Product, version: &str| {
            let (id, product) = read_product(product, version, limits);
            products.insert(id, product);
        };
        for product in tree.full_product_names {
            add(product, "");
        }
        // The depth is the parser's: it refuses more than 128 levels.
        let mut branches: Vec<(Branch, Rc<str>)> =
            tree.branches.into_iter().map(|branch| (branch, Rc::from(""))).collect();
        while let Some((branch, version)) = branches.pop() {
            let of_version = branch.category.starts_with("product_version");
            let version = if of_version { Rc::from(cut(branch.name, limits.text)) } else { version };
            if let Some(product) = branch.product {
                // Everything below a version repeats it.
                *room = room.checked_sub(version.len())?;
                add(product, &version);
            }
            branches.extend(branch.branches.into_iter().map(|branch| (branch, Rc::clone(&version))));
        }
        // A relationship can rest on another one before it; one that rests on a later one is not resolved, and said where it is used.
        for relationship in tree.relationships {
            let part = products.get(&relationship.product_reference);
            let whole = products.get(&relationship.relates_to_product_reference);
            if let (Some(part), Some(whole)) = (part, whole) {
                let (id, named) = read_product(relationship.full_product_name, "", limits);
                let product = VexProduct {
                    id: id.clone(),
                    name: named.name,
                    components: vec![VexProduct { components: Vec::new(), ..part.clone() }],
                    ..whole.clone()
                };
                product.take_room(room)?;
                products.insert(id, product);
            }
        }
        Some(Self {
            products,
            groups: tree.product_groups.into_iter().map(|group| (group.group_id, group.product_ids)).collect(),
        })
    }

    /// Notes a word for the products listed and for those of the groups listed, unless they have one. None where there is no room.
    fn label<'a>(
        &'a self,
        labels: &mut BTreeMap<&'a str, &'a str>,
        word: &'a str,
        products: &'a [String],
        groups: &'a [String],
        room: &mut usize,
    ) -> Option<()> {
        for id in products.iter().chain(groups.iter().filter_map(|group| self.groups.get(group)).flatten()) {
            // Groups can be named over and over.
            *room = room.checked_sub(1)?;
            labels.entry(id).or_insert(word);
        }
        Some(())
    }
}

fn read_product(raw: Product, version: &str, limits: &Limits) -> (String, VexProduct) {
    let helper = raw.helper;
    let hashes = helper.hashes.into_iter().flat_map(|hashes| hashes.file_hashes).take(64);
    let product = VexProduct {
        id: cut(raw.id.clone(), limits.text),
        name: cut(raw.name, limits.text),
        version: version.to_owned(),
        purls: helper.purl.into_iter().map(|purl| cut(purl, limits.text)).collect(),
        cpes: helper.cpe.into_iter().map(|cpe| cut(cpe, limits.text)).collect(),
        hashes: hashes.map(|hash| (cut(hash.algorithm, 32), cut(hash.value, 256))).collect(),
        components: Vec::new(),
    };
    (raw.id, product)
}

/// Adds one statement for each status and each reason that the vulnerability's products have; none where there is no room for them.
fn read_vulnerability(
    raw: Vulnerability,
    products: &Products,
    limits: &Limits,
    statements: &mut Vec<VexStatement>,
    document: &str,
    parsed: &mut Parsed,
    room: &mut usize,
) -> Option<()> {
    let mut names = std::iter::once(raw.cve).chain(raw.ids.into_iter().map(|id| id.text)).filter(|id| is_id(id));
    let Some(vulnerability) = names.next() else {
        parsed.note(Reason::BadId, document, "a vulnerability without an identifier");
        return Some(());
    };
    // `ids` are tracking numbers and addresses in other systems: names for it, but of unknown scope, so they are not taken for aliases.
    drop(names);
    let (mut flags, mut impacts) = (BTreeMap::new(), BTreeMap::new());
    for flag in &raw.flags {
        products.label(&mut flags, &flag.label, &flag.product_ids, &flag.group_ids, room)?;
    }
    for threat in raw.threats.iter().filter(|threat| threat.category == "impact") {
        products.label(&mut impacts, &threat.details, &threat.product_ids, &threat.group_ids, room)?;
    }
    let mut sorted: BTreeMap<(u8, String, String), (VexStatus, Vec<VexProduct>)> = BTreeMap::new();
    for (word, ids) in raw.product_status {
        let (rank, status) = match word.as_str() {
            "known_not_affected" => (0, VexStatus::NotAffected),
            "fixed" | "first_fixed" => (1, VexStatus::Fixed),
            "known_affected" | "first_affected" | "last_affected" => (2, VexStatus::Affected),
            "under_investigation" => (3, VexStatus::UnderInvestigation),
            // What one is told to use says nothing about whether it is affected.
            "recommended" => continue,
            other => {
                parsed.note(Reason::BadState, &vulnerability, cut(other.to_owned(), 64));
                continue;
            }
        };
        for id in ids {
            let Some(product) = products.products.get(&id) else {
                parsed.note(Reason::UnknownProduct, &vulnerability, format_args!("{document}: {}", cut(id, 128)));
                continue;
            };
            let text =
                |words: &BTreeMap<&str, &str>, most| cut((*words.get(id.as_str()).unwrap_or(&"")).to_owned(), most);
            let (label, detail) = (text(&flags, 128), text(&impacts, limits.text));
            *room = room.checked_sub(label.len() + detail.len())?;
            product.take_room(room)?;
            sorted.entry((rank, label, detail)).or_insert((status, Vec::new())).1.push(product.clone());
        }
    }
    statements.extend(sorted.into_iter().map(|((_, justification, detail), (status, products))| VexStatement {
        vulnerability: vulnerability.clone(),
        aliases: Vec::new(),
        status,
        justification,
        detail,
        products,
        modified: None,
    }));
    Some(())
}
