//! Holding what was collected against the vulnerability database.

use std::path::Path;

use sekisho_assess::{Evidence, Unread, mark_packaged};
use sekisho_diag::Problem;
use sekisho_model::Text;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::Collection;
use sekisho_model::fact::Fact;
use sekisho_model::product::Product;
use sekisho_model::vulnerability::DatabaseUse;
use sekisho_vulndb::{Database, DatabaseError, Moment};
use sekisho_vulns::{Examination, Subject, database_use, examine};
use time::OffsetDateTime;

use crate::cli::VulnerabilityArgs;
use crate::database;

/// An open database, and what a report says of it.
pub(crate) struct Opened {
    database: Database,
    /// How reports call it.
    name: String,
    size: Option<u64>,
    pub(crate) used: DatabaseUse,
    now: Moment,
}

/// Where a database was looked for.
pub(crate) enum Found {
    /// Here, and it is open.
    Opened(Box<Opened>),
    /// This one was named, and it cannot be used.
    Unusable(String, DatabaseError),
    /// None was named, and none is where it usually is.
    None,
}

/// The database that is to be used: the one given, else the one that the product file names, else the usual one where it is there.
pub(crate) fn find(args: &VulnerabilityArgs, product: &Product, folder: &Path, now: OffsetDateTime) -> Found {
    if args.no_vulndb {
        return Found::None;
    }
    let by_product = product.vulnerabilities.as_ref();
    let named = args.vulndb.clone().or_else(|| by_product.map(|path| folder.join(path)));
    let explicit = named.is_some() || database::is_named_by_variable();
    let Some(path) = named.or_else(|| database::path(None)) else { return Found::None };
    if !explicit && !path.exists() {
        return Found::None;
    }
    let name = match (by_product, &args.vulndb) {
        (Some(name), None) => name.clone(),
        _ => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
    };
    match Database::open(&path) {
        Ok(database) => {
            let now = Moment::from(now);
            let limits = args.max_age.clone().unwrap_or_default();
            let used = database_use(database.status(), now, &limits);
            let size = std::fs::metadata(&path).ok().map(|meta| meta.len());
            Found::Opened(Box::new(Opened { database, name, size, used, now }))
        }
        Err(error) => Found::Unusable(name, error),
    }
}

impl Opened {
    /// Holds everything in `facts` against the database.
    pub(crate) fn examine(&self, product: &Product, facts: &[Fact]) -> Result<Examination, Problem> {
        examine(&self.database, Subject { product, facts, now: self.now }).map_err(|error| database::problem(&error))
    }
}

/// Adds to the evidence what the database knows about the components in it. One that was named and cannot be used is an artefact that could
/// not be read.
pub(crate) fn add(found: Found, product: &Product, evidence: &mut Evidence) -> Result<(), Problem> {
    let subjects: Vec<String> = product
        .components
        .iter()
        .filter(|component| component.firmware.is_some() || component.sbom.is_some())
        .map(|component| component.id.clone())
        .collect();
    let artefact = |name: &str, subject: &String, size| Artefact {
        name: name.to_owned(),
        kind: ArtefactKind::Vulnerabilities,
        subject: subject.clone(),
        size,
        sha256: None,
        made: None,
    };
    match found {
        Found::None => {}
        Found::Unusable(name, error) => {
            let reason = Text::new(error.to_string(), error.to_string());
            let unread = |subject| Unread { artefact: artefact(&name, subject, None), reason: reason.clone() };
            evidence.unread.extend(subjects.iter().map(unread));
        }
        Found::Opened(opened) => {
            let mut facts = facts(evidence);
            mark_packaged(&mut facts);
            let examination = opened.examine(product, &facts)?;
            for subject in &subjects {
                let own = |fact: &&Fact| fact.subject == *subject;
                evidence.collections.push(Collection {
                    artefact: Artefact {
                        made: opened.used.imported.clone(),
                        ..artefact(&opened.name, subject, opened.size)
                    },
                    facts: examination.vulnerabilities.iter().filter(own).cloned().collect(),
                    coverage: vec![examination.coverage(subject, &opened.name, &opened.used)],
                });
            }
            evidence.database = Some(opened.used);
        }
    }
    Ok(())
}

/// Everything that was seen.
pub(crate) fn facts(evidence: &Evidence) -> Vec<Fact> {
    evidence.collections.iter().flat_map(|collection| collection.facts.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_the_one_that_was_named() {
        let folder = tempfile::tempdir().unwrap();
        let product = Product { vulnerabilities: Some("data/own.db".to_owned()), ..Product::default() };
        let name = |given: Option<&str>| {
            let args = VulnerabilityArgs { vulndb: given.map(|name| folder.path().join(name)), ..Default::default() };
            match find(&args, &product, folder.path(), OffsetDateTime::UNIX_EPOCH) {
                Found::Unusable(name, _) => name,
                Found::Opened(_) | Found::None => panic!("there is no such file"),
            }
        };
        assert_eq!(name(None), "data/own.db");
        assert_eq!(name(Some("given.db")), "given.db");
    }
}
