//! The sample of a vulnerability database that the example comes with: what importing its records and its maker's statements makes.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, ensure};
use sekisho_vulndb::{ImportOptions, Moment, import};

/// The folder of its records.
const RECORDS: &str = "examples/vulnerabilities/records";
/// What the camera's maker states on its version 2.5.0. It names that version: of 2.4.0, which has the same PCRE2, it says nothing.
const STATEMENTS: &str = "examples/smart-camera/vex-2.5.0.openvex.json";
/// Where it stands.
pub(crate) const DATABASE: &str = "examples/vulnerabilities/sample.db";
/// The moment of its import, so that it has the same bytes whenever it is made: the day on which its facts were gathered.
const MOMENT: &str = "2026-11-23T00:00:00Z";

/// The bytes of the database; `root` is the root of the repository.
pub(crate) fn database(root: &Path) -> anyhow::Result<Vec<u8>> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let path = folder.path().join("sample.db");
    let options = ImportOptions::new(Moment::parse(MOMENT).context(MOMENT)?);
    let report =
        import(&[root.join(RECORDS), root.join(STATEMENTS)], &path, &options, &mut |_| ControlFlow::Continue(()))?;
    ensure!(report.problems.is_empty(), "{RECORDS}, {STATEMENTS}: {:?}", report.problems);
    ensure!(report.status.sample.is_some(), "{RECORDS}: nothing there says that it is a sample");
    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use sekisho_version::ecosystem::Ecosystem;
    use sekisho_vulndb::Database;
    use serde_json::Value;

    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    /// Identifier, source package and the version in which it is mended, of every record.
    fn records() -> Vec<(String, String, String)> {
        let entries = std::fs::read_dir(root().join(RECORDS)).unwrap();
        let mut records = Vec::new();
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if name == "sekisho-database" {
                continue;
            }
            let record: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let affected = &record["affected"][0];
            let package = affected["package"]["name"].as_str().unwrap().to_owned();
            let fixed = affected["ranges"][0]["events"][1]["fixed"].as_str().unwrap().to_owned();
            assert_eq!(record["id"], *name);
            assert_eq!(record["upstream"][0], *name.strip_prefix("DEBIAN-").unwrap());
            assert_eq!(affected["package"]["ecosystem"], "Debian:12", "{name}");
            assert_eq!(record["database_specific"]["sample"], true, "{name}");
            let from = format!("debian/changelog of {package} {fixed}");
            assert_eq!(record["database_specific"]["taken_from"], *from, "{name}");
            records.push((name, package, fixed));
        }
        records
    }

    #[test]
    fn the_database_is_that_of_its_records() {
        let bytes = database(&root()).unwrap();
        assert_eq!(std::fs::read(root().join(DATABASE)).unwrap(), bytes, "run `cargo xtask generate`");
        let database = Database::open(&root().join(DATABASE)).unwrap();
        database.check().unwrap();
        let statements = 1; // the document of the camera's maker
        assert_eq!(database.status().records, records().len() as u64 + statements);
        assert!(database.status().sample.as_ref().is_some_and(|sample| !sample.en.is_empty() && !sample.ja.is_empty()));
        assert_eq!(database.advisories("Debian:12", "openssl").unwrap().count(), 35);
    }

    /// What the sample's README says of the camera, by the versions of its image as the example's own list has them.
    #[test]
    fn what_concerns_the_camera() {
        let camera = [
            ("openssl", "3.0.20-1~deb12u2"),
            ("pcre2", "10.42-1"),
            ("dropbear", "2022.83-1+deb12u3"),
            ("mosquitto", "2.0.11-1.2+deb12u2+hikari1"),
            ("glibc", "2.36-9+deb12u14"),
            ("libtommath", "1.2.0-6+deb12u1"),
        ];
        let planted = std::fs::read_to_string(root().join("examples/smart-camera/planted.yaml")).unwrap();
        let debian = Ecosystem::parse("Debian:12");
        let mut concerning: BTreeMap<&str, usize> = BTreeMap::new();
        for (package, version) in camera {
            assert!(planted.contains(version), "{package}");
            let fixed = records().into_iter().filter(|(_, of, _)| of == package).map(|(_, _, fixed)| fixed);
            let affected = fixed.filter(|fixed| debian.compare(version, fixed) == Some(Ordering::Less)).count();
            concerning.insert(package, affected);
        }
        let expected =
            [("dropbear", 0), ("glibc", 0), ("libtommath", 0), ("mosquitto", 0), ("openssl", 12), ("pcre2", 1)];
        assert_eq!(concerning, BTreeMap::from(expected));
        assert_eq!(records().len(), 75);
    }
}
