//! RPM's database, in each of the three formats that it has had.

mod bdb;
mod bytes;
mod header;
mod ndb;
mod sqlite;

pub(super) use header::Package;

/// Where the databases lie.
pub(super) const PLACES: [&str; 8] = [
    "/var/lib/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/share/rpm/rpmdb.sqlite",
    "/var/lib/rpm/Packages.db",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/var/lib/rpm/Packages",
    "/usr/lib/sysimage/rpm/Packages",
    "/usr/share/rpm/Packages",
];

/// The packages of a database, and whether all of it could be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Database {
    pub(super) packages: Vec<Package>,
    pub(super) whole: bool,
}

/// Reads a database of any of the formats; none where it is of none of them.
pub(super) fn read(bytes: &[u8]) -> Option<Database> {
    if let Some(database) = sqlite::Database::open(bytes) {
        let Some(found) = database.blobs("Packages") else { return Some(Database::default()) };
        return Some(packages(found.blobs.iter().map(Vec::as_slice), found.whole));
    }
    if let Some((blobs, whole)) = ndb::blobs(bytes) {
        return Some(packages(blobs.into_iter(), whole));
    }
    let (values, whole) = bdb::values(bytes)?;
    // Beside the headers there is one value of four bytes: the number of the last package.
    Some(packages(values.iter().map(Vec::as_slice).filter(|value| value.len() > 4), whole))
}

fn packages<'a>(blobs: impl Iterator<Item = &'a [u8]>, whole: bool) -> Database {
    let mut database = Database { packages: Vec::new(), whole };
    for blob in blobs {
        match header::read(blob) {
            // Public keys are kept like packages.
            Some(package) if package.name == "gpg-pubkey" => {}
            Some(package) => database.packages.push(package),
            None => database.whole = false,
        }
    }
    database
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SQLITE: &[u8] = include_bytes!("../../../../tests/data/rpm/rpmdb.sqlite");
    const NDB: &[u8] = include_bytes!("../../../../tests/data/rpm/Packages.db");
    const BDB: &[u8] = include_bytes!("../../../../tests/data/rpm/Packages");

    #[test]
    fn all_three_formats_say_the_same() {
        let mut expected = read(SQLITE).unwrap();
        expected.packages.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(expected.whole);
        let names: Vec<_> = expected.packages.iter().map(|p| (p.name.as_str(), p.version.as_str(), p.epoch)).collect();
        assert_eq!(names, [("first", "1.2.3-4", None), ("second", "2.0-1", Some(7))]);
        let first = &expected.packages[0];
        assert_eq!(first.licence.as_deref(), Some("MIT"));
        assert_eq!(first.supplier.as_deref(), Some("Example"));
        assert_eq!(first.architecture.as_deref(), Some("noarch"));
        assert_eq!(first.source_rpm.as_deref(), Some("first-1.2.3-4.src.rpm"));
        assert!(first.files.iter().any(|f| f == "/opt/first/one.txt"), "{:?}", first.files);
        assert!(first.files.len() > 300);
        for other in [NDB, BDB] {
            let mut found = read(other).unwrap();
            found.packages.sort_by(|a, b| a.name.cmp(&b.name));
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn cut_anywhere_it_is_not_whole() {
        for database in [SQLITE, NDB, BDB] {
            let expected = read(database).unwrap().packages;
            for end in (0..database.len()).step_by(509) {
                if let Some(found) = read(&database[..end]) {
                    assert!(!found.whole || found.packages.len() == expected.len(), "{end}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn damage_does_no_harm(which in 0..3_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
            let mut bytes = [SQLITE, NDB, BDB][which].to_vec();
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            let found = read(&bytes);
            prop_assert!(found.is_none_or(|found| found.packages.len() < 10_000));
        }
    }
}
