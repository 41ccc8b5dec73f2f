//! Statements of suppliers on whether a product is affected (VEX), as far as they are about this product and component.

use sekisho_model::Text;
use sekisho_model::product::Product;
use sekisho_model::vulnerability::{Standing, Statement};
use sekisho_version::cpe;
use sekisho_version::purl::{self, Purl};
use sekisho_vulndb::{Database, DatabaseError, VexDocument, VexProduct, VexStatement, VexStatus};

use crate::inventory::Item;
use crate::messages;

/// What was stated, and what follows.
pub(crate) struct Stated {
    /// The statement that counts: the newest one.
    pub(crate) statement: Statement,
    /// What it makes of a vulnerability that advisories hold against the component; none where it changes nothing.
    pub(crate) standing: Option<Standing>,
    /// Why.
    pub(crate) because: Text,
}

/// The statement on a vulnerability by any of its names that is about this component or product; of several the newest, and of several of
/// that date the one that admits most.
pub(crate) fn stated(
    database: &Database,
    ids: &[String],
    item: &Item,
    product: &Product,
) -> Result<Option<Stated>, DatabaseError> {
    let mut best: Option<(VexDocument, VexStatement)> = None;
    for id in ids {
        for found in database.vex(id)? {
            let (document, statements) = found?;
            for statement in statements {
                if !statement.products.iter().any(|about| is_about(about, item, product)) {
                    continue;
                }
                let rank = |document: &VexDocument, statement: &VexStatement| {
                    (statement.modified.or(document.modified), admits(statement.status))
                };
                let newer = best.as_ref().is_none_or(|(d, s)| rank(d, s) < rank(&document, &statement));
                if newer {
                    best = Some((document.clone(), statement));
                }
            }
        }
    }
    Ok(best.map(|(document, statement)| conclusion(&document, statement)))
}

/// How much a statement admits: what says that it is affected is not talked away by another of the same date.
fn admits(status: VexStatus) -> u8 {
    match status {
        VexStatus::NotAffected => 0,
        VexStatus::Fixed => 1,
        VexStatus::UnderInvestigation => 2,
        VexStatus::Affected => 3,
    }
}

fn conclusion(document: &VexDocument, statement: VexStatement) -> Stated {
    let why = if statement.detail.is_empty() { &statement.justification } else { &statement.detail };
    let mut because = messages::stated(&document.author, &document.id, why);
    let (status, standing) = match statement.status {
        // A claim without a reason is none: the formats ask for one (OpenVEX 0.2.0, status requirements; CSAF 2.0, profile VEX).
        VexStatus::NotAffected if why.is_empty() => {
            because = messages::no_justification(&document.id);
            ("not-affected", None)
        }
        VexStatus::NotAffected => ("not-affected", Some(Standing::NotAffected)),
        VexStatus::Fixed => ("fixed", Some(Standing::Fixed)),
        VexStatus::Affected => ("affected", None),
        VexStatus::UnderInvestigation => ("under-investigation", None),
    };
    Stated {
        statement: Statement {
            status: status.to_owned(),
            justification: statement.justification,
            detail: statement.detail,
            by: document.author.clone(),
            document: document.id.clone(),
        },
        standing,
        because,
    }
}

/// Whether a statement's product is this component; or the product as a whole, with this component among those to which it is confined.
fn is_about(about: &VexProduct, item: &Item, product: &Product) -> bool {
    let within = || about.components.is_empty() || about.components.iter().any(|inner| is_component(inner, item));
    (is_component(about, item) && about.components.is_empty()) || (is_product(about, product) && within())
}

fn is_product(about: &VexProduct, product: &Product) -> bool {
    let names = [Some(&product.name), product.model.as_ref()];
    let same = |text: &str| !text.is_empty() && names.iter().flatten().any(|name| name.eq_ignore_ascii_case(text));
    let meant = same(&about.name)
        || same(&about.id)
        || about.purls.iter().filter_map(|purl| purl::parse(purl)).any(|purl| same(&purl.name));
    let versions = about.purls.iter().filter_map(|purl| purl::parse(purl)?.version);
    let mut told = versions.chain((!about.version.is_empty()).then(|| about.version.clone())).peekable();
    // One that tells versions is about those; of a product whose version nobody knows, it is not known to be about this one.
    meant && (told.peek().is_none() || told.any(|version| product.version.as_ref() == Some(&version)))
}

fn is_component(about: &VexProduct, item: &Item) -> bool {
    let own = item.component.purl.as_deref().and_then(purl::parse);
    let by_purl = about.purls.iter().filter_map(|purl| purl::parse(purl)).any(|stated| {
        own.as_ref().is_some_and(|own| same_package(&stated, own, item))
            && version_holds(stated.version.as_deref(), item)
    });
    let own = item.component.cpe.as_deref().and_then(cpe::Name::parse);
    let by_cpe = about.cpes.iter().filter_map(|name| cpe::Name::parse(name)).any(|stated| {
        let open = |text: &str| matches!(text, "" | "*");
        own.as_ref().is_some_and(|own| {
            own.vendor == stated.vendor
                && own.product == stated.product
                && (open(&stated.version) || stated.version == own.version)
                && (open(&stated.update) || stated.update == own.update)
        })
    });
    // What a bill of materials calls its components (`1`, `SPDXRef-Package`) another calls others: such a reference needs the name beside it,
    // unless it is a UUID.
    let by_reference = item.component.reference.as_ref().is_some_and(|reference| {
        let same_name = !about.name.is_empty() && about.name.eq_ignore_ascii_case(&item.component.name);
        *reference == about.id && (same_name || reference.starts_with("urn:uuid:"))
    });
    let version = (!about.version.is_empty()).then_some(about.version.as_str());
    (by_purl || by_cpe || by_reference) && version_holds(version, item)
}

/// Whether a stated package is the component: the installed one or its source.
fn same_package(stated: &Purl, own: &Purl, item: &Item) -> bool {
    let source = item.component.source_package.as_ref().is_some_and(|source| source.name == stated.name);
    let installed = stated.name == own.name || item.packages.contains(&stated.name);
    stated.kind == own.kind && stated.namespace == own.namespace && (installed || source)
}

fn version_holds(stated: Option<&str>, item: &Item) -> bool {
    stated.is_none_or(|stated| item.component.version.as_deref() == Some(stated))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sekisho_model::fact::{Component, Source};

    use super::*;

    /// References of bills of materials are numbers as often as not.
    #[test]
    fn a_reference_of_another_document_is_about_another_component() {
        let item = |reference: &str| Item {
            subject: "device".to_owned(),
            component: Component {
                name: "zlib".to_owned(),
                reference: Some(reference.to_owned()),
                ..Component::default()
            },
            packages: BTreeSet::new(),
            files: BTreeSet::new(),
            source: Source::default(),
        };
        let about =
            |id: &str, name: &str| VexProduct { id: id.to_owned(), name: name.to_owned(), ..VexProduct::default() };
        assert!(is_component(&about("7", "zlib"), &item("7")));
        assert!(!is_component(&about("7", "openssl"), &item("7")));
        assert!(!is_component(&about("7", ""), &item("7")));
        let unique = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";
        assert!(is_component(&about(unique, ""), &item(unique)));
    }
}
