//! Readers that take untrusted bytes, for fuzz targets. Each must end, without a panic, whatever it is given.

use std::path::Path;

use crate::error::DatabaseError;
use crate::limits::Limits;
use crate::lookup::Database;
use crate::model::Record;
use crate::read::{Parsed, csaf, cve, cyclonedx, detect, epss, kev, nvd, openvex, osv, split};
use crate::store::{Store, keys};

/// Gives bytes to the reader of every format, whatever they look like. What they read must come out of the database as it went in.
///
/// # Panics
///
/// Where a record is another one after it was written and read back: that would be a mistake of this crate.
pub fn readers(bytes: &[u8], limits: &Limits) {
    let _ = detect::detect(bytes);
    let of_lists = |bytes: &[u8], limits: &Limits| -> Vec<Parsed> {
        [osv::read, nvd::read, cve::read, openvex::read, csaf::read, cyclonedx::read]
            .map(|read| read(bytes, limits))
            .into()
    };
    let mut all = of_lists(bytes, limits);
    all.extend([kev::read_json(bytes, limits), kev::read_csv(bytes, limits), epss::read(bytes, None)]);
    for key in [None, Some(&b"vulnerabilities"[..])] {
        let mut splitter = split::Splitter::new(bytes, key, limits.document);
        while let Ok(Some(element)) = splitter.next() {
            all.extend(of_lists(&element, limits));
        }
    }
    for record in all.into_iter().flat_map(|parsed| parsed.records) {
        let packed = rmp_serde::to_vec(&record);
        let again = packed.ok().and_then(|packed| rmp_serde::from_slice::<Record>(&packed).ok());
        assert_eq!(again.as_ref(), Some(&record), "a record that is not read as it was written");
    }
}

/// Opens a database, looks up what its first records name, and checks the whole.
///
/// # Errors
///
/// Where the file is no database, or is damaged.
pub fn open(path: &Path) -> Result<(), DatabaseError> {
    let store = Store::open(path, 1 << 20)?;
    let database = Database::open_with(path, 1 << 20)?;
    // What the index says and what the records say need not fit together: each answer may be an error, and the next one none.
    for record in (0..store.records().min(FEW)).filter_map(|ordinal| store.record(ordinal).ok()) {
        ask(&database, &record);
    }
    database.check()
}

/// Records, names and answers that are gone through.
const FEW: u32 = 64;

fn ask(database: &Database, record: &Record) {
    fn exhaust<T, E>(found: Result<impl Iterator<Item = T>, E>) {
        found.into_iter().flatten().take(FEW as usize).for_each(drop);
    }
    match record {
        Record::Advisory(advisory) => {
            drop(database.by_id(&advisory.id));
            for package in advisory.packages.iter().filter_map(|affected| affected.package.as_ref()).take(4) {
                exhaust(database.advisories(&package.ecosystem, &package.name));
            }
            for product in advisory.products.iter().take(4) {
                exhaust(database.by_product(&product.vendor, &product.product));
            }
            for (vendor, product) in keys::vulnerable_products(advisory).take(4) {
                exhaust(database.by_cpe(&vendor, &product));
            }
        }
        Record::Kev(entry) => drop(database.kev(&entry.cve)),
        Record::Epss(score) => drop(database.epss(&score.cve)),
        Record::Vex(document) => {
            for statement in document.statements.iter().take(4) {
                exhaust(database.vex(&statement.vulnerability));
            }
        }
    }
}
