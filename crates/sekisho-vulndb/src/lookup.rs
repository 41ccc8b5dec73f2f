//! Looking things up.
#![expect(clippy::missing_errors_doc, reason = "every look-up fails for the one reason that stands at `Database`")]

use std::collections::BTreeSet;
use std::path::Path;

use crate::alias;
use crate::error::DatabaseError;
use crate::model::{Advisory, EpssScore, KevEntry, Record, State, VexDocument, VexStatement};
use crate::source::Source;
use crate::status::Status;
use crate::store::{Store, keys};

/// An open database. It can be asked from several threads at once, and goes on serving what it had when an import replaces the file.
///
/// # Errors
///
/// Everything here fails where the file cannot be read, or its bytes are not what was written.
#[derive(Debug)]
pub struct Database {
    store: Store,
}

/// One vulnerability: everything that the database has under any of its names.
#[derive(Debug, Clone, PartialEq)]
pub struct Vulnerability {
    /// All its identifiers, sorted.
    pub ids: Vec<String>,
    /// Its advisories, withdrawn ones too, in the order of the database.
    pub advisories: Vec<Advisory>,
    /// Whether aliases led on to more names than were followed.
    pub truncated: bool,
}

/// Names of one vulnerability that are followed at most. The records with the most aliases in real databases have some 20; more is a mistake
/// that would join everything.
const MAX_NAMES: usize = 256;
/// Bytes of unpacked blocks that are kept.
const CACHE: usize = 32 << 20;

impl Database {
    /// Opens a database. This reads its table of contents, nothing else.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Self::open_with(path, CACHE)
    }

    /// The same with another number of bytes kept in memory.
    pub fn open_with(path: &Path, cache: usize) -> Result<Self, DatabaseError> {
        Ok(Self { store: Store::open(path, cache)? })
    }

    /// What it holds.
    pub fn status(&self) -> &Status {
        self.store.status()
    }

    /// The advisories that name a package as affected, but for withdrawn ones. An ecosystem without its release (`Debian`) finds those of
    /// every release, one with it (`Debian:11`) those of exactly that.
    pub fn advisories<'a>(&'a self, ecosystem: &str, package: &str) -> Result<Advisories<'a>, DatabaseError> {
        let (ecosystem, name) = (ecosystem.to_owned(), package.to_owned());
        self.found(keys::package(&ecosystem, &name), move |advisory| {
            let mut named = advisory.packages.iter().filter_map(|affected| affected.package.as_ref());
            named.any(|package| package.is(&ecosystem, &name))
        })
    }

    /// The advisories that name a product as vulnerable by its CPE name, but for rejected ones. Vendor and product are unquoted.
    pub fn by_cpe<'a>(&'a self, vendor: &str, product: &str) -> Result<Advisories<'a>, DatabaseError> {
        let wanted = (vendor.to_lowercase(), product.to_lowercase());
        self.found(keys::cpe(vendor, product), move |advisory| {
            keys::vulnerable_products(advisory).any(|found| found == wanted)
        })
    }

    /// The CVE records that name a product of a vendor in words, but for rejected ones.
    pub fn by_product<'a>(&'a self, vendor: &str, product: &str) -> Result<Advisories<'a>, DatabaseError> {
        let wanted = (vendor.to_lowercase(), product.to_lowercase());
        self.found(keys::product(vendor, product), move |advisory| {
            advisory
                .products
                .iter()
                .any(|found| found.vendor.to_lowercase() == wanted.0 && found.product.to_lowercase() == wanted.1)
        })
    }

    /// The vulnerability with this name, merged over its aliases; none where nothing has it.
    pub fn by_id(&self, id: &str) -> Result<Option<Vulnerability>, DatabaseError> {
        let mut names = BTreeSet::from([id.to_owned()]);
        let mut left = vec![id.to_owned()];
        let mut records = BTreeSet::new();
        let mut advisories = Vec::new();
        let mut truncated = false;
        while let Some(name) = left.pop() {
            for ordinal in self.store.find(keys::id(&name))? {
                if records.contains(&ordinal) {
                    continue;
                }
                let Record::Advisory(advisory) = self.store.record(ordinal)? else { continue };
                let has = advisory.id == name || advisory.aliases.contains(&name);
                if !has {
                    continue;
                }
                records.insert(ordinal);
                for other in std::iter::once(&advisory.id).chain(&advisory.aliases) {
                    if names.contains(other) {
                        continue;
                    }
                    if names.len() < MAX_NAMES {
                        names.insert(other.clone());
                        left.push(other.clone());
                    } else {
                        truncated = true;
                    }
                }
                advisories.push((ordinal, *advisory));
            }
        }
        advisories.sort_unstable_by_key(|(ordinal, _)| *ordinal);
        let advisories: Vec<Advisory> = advisories.into_iter().map(|(_, advisory)| advisory).collect();
        Ok((!advisories.is_empty()).then(|| Vulnerability { ids: names.into_iter().collect(), advisories, truncated }))
    }

    /// The entry of the catalogue of known exploited vulnerabilities, if it has one.
    pub fn kev(&self, cve: &str) -> Result<Option<KevEntry>, DatabaseError> {
        for ordinal in self.store.find(keys::about(Source::Kev, cve))? {
            match self.store.record(ordinal)? {
                Record::Kev(entry) if entry.cve == cve => return Ok(Some(*entry)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The exploit prediction score, if there is one.
    pub fn epss(&self, cve: &str) -> Result<Option<EpssScore>, DatabaseError> {
        for ordinal in self.store.find(keys::about(Source::Epss, cve))? {
            match self.store.record(ordinal)? {
                Record::Epss(score) if score.cve == cve => return Ok(Some(score)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The statements on a vulnerability by this name or with it as an alias, document by document.
    pub fn vex<'a>(&'a self, vulnerability: &str) -> Result<Statements<'a>, DatabaseError> {
        let records = self.store.find(keys::about(Source::Vex, vulnerability))?.into_iter();
        Ok(Statements { store: &self.store, records, vulnerability: vulnerability.to_owned() })
    }

    /// Reads the whole file and sees that every byte of it is right.
    pub fn check(&self) -> Result<(), DatabaseError> {
        self.store.check()
    }

    fn found<'a>(
        &'a self,
        key: u64,
        wanted: impl Fn(&Advisory) -> bool + Send + 'a,
    ) -> Result<Advisories<'a>, DatabaseError> {
        Ok(Advisories { store: &self.store, records: self.store.find(key)?.into_iter(), wanted: Box::new(wanted) })
    }
}

/// Advisories found, read one by one.
pub struct Advisories<'a> {
    store: &'a Store,
    records: std::vec::IntoIter<u32>,
    wanted: Box<dyn Fn(&Advisory) -> bool + Send + 'a>,
}

impl Advisories<'_> {
    /// All of them, grouped into vulnerabilities by the names that they share ([`alias::merge`]).
    pub fn merged(self) -> Result<Vec<Vec<Advisory>>, DatabaseError> {
        let advisories = self.collect::<Result<Vec<_>, _>>()?;
        let groups = alias::merge(&advisories);
        Ok(alias::gather(advisories, groups))
    }
}

impl Iterator for Advisories<'_> {
    type Item = Result<Advisory, DatabaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        for ordinal in self.records.by_ref() {
            match self.store.record(ordinal) {
                Ok(Record::Advisory(advisory)) if advisory.state == State::Published && (self.wanted)(&advisory) => {
                    return Some(Ok(*advisory));
                }
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

/// Documents with statements on one vulnerability.
pub struct Statements<'a> {
    store: &'a Store,
    records: std::vec::IntoIter<u32>,
    vulnerability: String,
}

impl Iterator for Statements<'_> {
    /// A document, and of its statements those on the vulnerability; the document's own list is empty.
    type Item = Result<(VexDocument, Vec<VexStatement>), DatabaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        for ordinal in self.records.by_ref() {
            let mut document = match self.store.record(ordinal) {
                Ok(Record::Vex(document)) => *document,
                Ok(_) => continue,
                Err(error) => return Some(Err(error)),
            };
            let mut statements = std::mem::take(&mut document.statements);
            statements.retain(|on| on.vulnerability == self.vulnerability || on.aliases.contains(&self.vulnerability));
            if !statements.is_empty() {
                return Some(Ok((document, statements)));
            }
        }
        None
    }
}
