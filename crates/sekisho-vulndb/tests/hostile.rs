//! Bytes that were changed: in a database an error and never another answer, in input never a panic.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::sync::OnceLock;

use common::{options, run, run_with, with_all_kinds};
use proptest::prelude::*;
use sekisho_vulndb::{Advisory, Database, DatabaseError, ImportOptions, Limits, VexStatement};

/// A database with everything in it, and its bytes.
fn database() -> &'static (tempfile::TempDir, Vec<u8>) {
    static DATABASE: OnceLock<(tempfile::TempDir, Vec<u8>)> = OnceLock::new();
    DATABASE.get_or_init(|| {
        let (folder, input, path) = with_all_kinds();
        run(&[&input], &path);
        let bytes = fs::read(&path).unwrap();
        (folder, bytes)
    })
}

/// Everything that can be asked.
#[derive(Debug, PartialEq)]
struct Answers {
    packages: Vec<Advisory>,
    cpes: Vec<Advisory>,
    products: Vec<Advisory>,
    names: Vec<String>,
    scores: (bool, bool),
    vex: Vec<Vec<VexStatement>>,
}

fn ask(bytes: &[u8]) -> Result<Answers, DatabaseError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let database = Database::open(file.path())?;
    Ok(Answers {
        packages: database.advisories("PyPI", "foo-bar")?.collect::<Result<_, _>>()?,
        cpes: database.by_cpe("busybox", "busybox")?.collect::<Result<_, _>>()?,
        products: database.by_product("busybox", "busybox")?.collect::<Result<_, _>>()?,
        names: database.by_id("CVE-2024-10001")?.map(|found| found.ids).unwrap_or_default(),
        scores: (database.kev("CVE-2024-10002")?.is_some(), database.epss("CVE-2024-10002")?.is_some()),
        vex: database
            .vex("CVE-2024-10002")?
            .map(|found| found.map(|(_, statements)| statements))
            .collect::<Result<_, _>>()?,
    })
}

#[test]
fn cut_anywhere() {
    let (_, bytes) = database();
    assert!(ask(bytes).is_ok());
    for end in (0..bytes.len()).step_by(7) {
        assert!(ask(&bytes[..end]).is_err(), "{end}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(ask(&longer).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn flipped_bits_never_change_an_answer(flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4)) {
        let (_, original) = database();
        let mut bytes = original.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        prop_assume!(&bytes != original);
        // What was not asked about can be damaged without a look-up noticing; a check of the whole notices always.
        match ask(&bytes) {
            Ok(answers) => prop_assert_eq!(answers, ask(original).unwrap()),
            Err(DatabaseError::Io { .. }) => prop_assert!(false, "a fault of the file taken for one of the system"),
            Err(_) => {}
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &bytes).unwrap();
        let sound = Database::open(file.path()).and_then(|database| database.check());
        prop_assert!(sound.is_err());
    }

    #[test]
    fn damaged_input_never_stops_an_import(
        which in 0_usize..11,
        cut in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let (folder, _) = database();
        let mut names: Vec<_> = walk(&folder.path().join("in"));
        names.sort();
        let mut bytes = fs::read(&names[which]).unwrap();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let own = tempfile::tempdir().unwrap();
        let input = own.path().join("input");
        fs::write(&input, bytes).unwrap();
        let limits = Limits { document: 1 << 20, ..Limits::default() };
        let path = own.path().join("vulns.db");
        let report = run_with(&[&input], &path, &ImportOptions { limits, ..options() });
        prop_assert!(report.read > 0 || !report.problems.is_empty() || report.files > 0);
        // Where nothing was read there is no database: an empty one would look as if nothing were vulnerable.
        match Database::open(&path) {
            Ok(database) => database.check().unwrap(),
            Err(_) => prop_assert!(report.read == 0 && !path.exists()),
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path) } else { vec![path] }
        })
        .collect()
}
