//! The vulnerability database as a user makes, looks at and carries it. The transcripts are read by people: look at a difference before
//! accepting it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use minisign::KeyPair;
use sekisho_test::feeds::{all_kinds, nvd, nvd_cve, osv};
use sekisho_test::run;
use zip::write::SimpleFileOptions;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Transcripts of commands that run one after the other in one folder.
fn session(folder: &Path, commands: &[&[&str]]) -> String {
    sekisho_test::session(SEKISHO, folder, commands)
}

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A zip archive of these files.
fn archive(path: &Path, entries: impl Iterator<Item = (String, String)>) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, text) in entries {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn advisory(number: u32) -> (String, String) {
    let id = format!("GHSA-x-{number}");
    let package = format!("package-{}", number % 700);
    (format!("{id}.json"), osv(&id, "2026-11-20T00:00:00Z", "npm", &package, ""))
}

#[test]
fn every_format_is_imported_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    all_kinds(&folder.path().join("feeds"));
    insta::assert_snapshot!(session(
        folder.path(),
        &[
            &["vulndb", "status"],
            &["vulndb", "import", "feeds"],
            &["vulndb", "import", "feeds", "--now", "2026-11-23T10:00:00Z"],
            &["vulndb", "import", "feeds", "--lang", "ja"],
            &["vulndb", "status"],
            &["vulndb", "status", "--lang", "ja"],
            &["vulndb", "status", "--max-age", "120,vex=200", "--fail-on-stale"],
            &["vulndb", "status", "--max-age", "120", "--fail-on-stale"],
            &["vulndb", "status", "--max-age", "120", "--format", "json"],
        ],
    ));
    assert_eq!(names(folder.path()), ["feeds", "vulnerabilities.db", "vulnerabilities.db.lock"]);
}

#[test]
fn what_changes_is_told_by_feed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("before")).unwrap();
    fs::create_dir(at("after")).unwrap();
    let cpe = "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*";
    let cve = |number: u32, day: u32| {
        nvd_cve(&format!("CVE-2026-{number}"), &format!("2026-11-{day:02}T00:00:00.000"), "Analyzed", cpe)
    };
    let go = |day: u32| osv("GO-2026-1", &format!("2026-11-{day:02}T00:00:00Z"), "Go", "stdlib", "");
    fs::write(at("before/nvd.json"), nvd(3, &[cve(1001, 18), cve(1002, 18), cve(1003, 18)])).unwrap();
    fs::write(at("before/go.json"), go(18)).unwrap();
    // One newer, one as it was, one gone, one new; and an older state than the database has.
    fs::write(at("after/nvd.json"), nvd(3, &[cve(1001, 20), cve(1002, 18), cve(1004, 20)])).unwrap();
    fs::write(at("after/go.json"), go(12)).unwrap();
    fs::write(at("part.json"), nvd(1, &[cve(1001, 21)])).unwrap();
    fs::write(at("none.json"), nvd(0, &[])).unwrap();
    insta::assert_snapshot!(session(
        folder.path(),
        &[
            &["vulndb", "import", "before"],
            &["vulndb", "import", "after"],
            &["vulndb", "import", "after", "--lang", "ja"],
            &["vulndb", "import", "part.json", "--update"],
            &["vulndb", "import", "part.json"],
            &["vulndb", "import", "part.json", "--lang", "ja"],
            &["vulndb", "import", "none.json", "--update"],
            &["vulndb", "import", "part.json", "--format", "json"],
        ],
    ));
}

#[test]
fn bad_input_is_told_and_never_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| fs::write(at(name), text).unwrap();
    for name in ["records", "nothing"] {
        fs::create_dir(at(name)).unwrap();
    }
    archive(&at("whole.zip"), (0..40).map(advisory));
    let bytes = fs::read(at("whole.zip")).unwrap();
    fs::write(at("cut.zip"), &bytes[..bytes.len() / 2]).unwrap();
    write(
        "records/no-range.json",
        r#"{"id":"GHSA-n","modified":"2026-11-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"}}]}"#,
    );
    write("records/one.json", &osv("GHSA-1", "2026-11-20T00:00:00Z", "npm", "a", ""));
    write("records/other.json", &osv("GHSA-1", "2026-11-20T00:00:00Z", "npm", "b", ""));
    write("records/no-date.json", &osv("GHSA-2", "some day", "npm", "a", ""));
    write("records/future.json", &osv("GHSA-3", "2099-01-01T00:00:00Z", "npm", "a", ""));
    write("records/broken.json", r#"{"id":"GHSA-4","modified":"2026-11-20T00:00:00Z","affected":[{]}"#);
    write("records/read-me.txt", "Data of somebody.\n");
    write(
        "announced.json",
        &nvd(5, &[nvd_cve("CVE-2026-1000", "2026-11-20T00:00:00.000", "Analyzed", "cpe:2.3:a:a:b:*:*:*:*:*:*:*:*")]),
    );
    write("nothing/trick\u{1b}[31m.txt", "nothing at all\n");
    write("other.db", "somebody's notes\n");
    insta::assert_snapshot!(session(
        folder.path(),
        &[
            &["vulndb", "import", "nothing"],
            &["vulndb", "import", "nothing", "--lang", "ja"],
            &["vulndb", "import", "missing.zip", "records"],
            &["vulndb", "import", "records", "--db", "other.db"],
            &["vulndb", "status", "--db", "other.db"],
            &["vulndb", "status", "--max-age", "kve=7"],
            &["vulndb", "import"],
            &["vulndb", "import", "cut.zip"],
            &["vulndb", "import", "records"],
            &["vulndb", "import", "records", "--lang", "ja"],
            &["vulndb", "import", "announced.json"],
            &["vulndb", "import", "nothing"],
            &["vulndb", "status"],
        ],
    ));
    assert_eq!(fs::read_to_string(at("other.db")).unwrap(), "somebody's notes\n");
}

#[test]
fn a_damaged_database_is_not_used_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    all_kinds(&folder.path().join("feeds"));
    assert_eq!(run(SEKISHO, folder.path(), &["vulndb", "import", "feeds"]).code, 0);
    let path = folder.path().join("vulnerabilities.db");
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).unwrap();
    insta::assert_snapshot!(session(
        folder.path(),
        &[&["vulndb", "status"], &["vulndb", "status", "--lang", "ja"], &["vulndb", "import", "feeds"]],
    ));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn packs_are_signed_carried_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    all_kinds(&at("feeds"));
    assert_eq!(run(SEKISHO, folder.path(), &["vulndb", "import", "feeds"]).code, 0);
    for (secret, public) in [("key", "key.pub"), ("stranger", "stranger.pub")] {
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        fs::write(at(secret), keys.sk.to_box(None).unwrap().into_string()).unwrap();
        fs::write(at(public), keys.pk.to_box().unwrap().into_string()).unwrap();
    }
    let export = session(
        folder.path(),
        &[
            &["vulndb", "export", "pack.db", "--key", "missing"],
            &["vulndb", "export", "pack.db", "--key", "key.pub"],
            &["vulndb", "export", "pack.db", "--key", "key", "--db", "missing.db"],
            &["vulndb", "export", "pack.db", "--key", "key"],
            &["vulndb", "export", "pack.db", "--key", "stranger"],
            &["vulndb", "export", "pack.db", "--key", "key", "--lang", "ja"],
            &["vulndb", "export", "pack.db", "--key", "key", "--force", "--lang", "ja"],
            &["vulndb", "export", "pack.db", "--key", "key", "--force", "--quiet"],
            &["vulndb", "verify", "pack.db", "--key", "key.pub"],
            &["vulndb", "verify", "pack.db", "--key", "key.pub", "--lang", "ja"],
            &["vulndb", "verify", "pack.db", "--key", "stranger.pub"],
            &["vulndb", "verify", "pack.db", "--key", "missing.pub"],
            &["vulndb", "verify", "pack.db", "--key", "stranger.pub", "--lang", "ja"],
            &["vulndb", "verify", "vulnerabilities.db", "--key", "key.pub"],
        ],
    );
    assert_eq!(fs::read(at("pack.db")).unwrap(), fs::read(at("vulnerabilities.db")).unwrap());
    // On the other side: a pack is a database, used where it lies.
    fs::create_dir(at("beyond")).unwrap();
    for name in ["pack.db", "pack.db.minisig", "key.pub"] {
        fs::copy(at(name), at("beyond").join(name)).unwrap();
    }
    let status = |folder: &str, db: &str| {
        let status = run(SEKISHO, &at(folder), &["vulndb", "status", "--db", db, "--format", "json"]);
        assert_eq!(status.code, 0, "{}", status.stderr);
        status.json()["digest"].clone()
    };
    assert_eq!(run(SEKISHO, &at("beyond"), &["vulndb", "verify", "pack.db", "--key", "key.pub"]).code, 0);
    assert_eq!(status("beyond", "pack.db"), status(".", "vulnerabilities.db"));
    let mut bytes = fs::read(at("pack.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(at("pack.db"), bytes).unwrap();
    let changed = session(folder.path(), &[&["vulndb", "verify", "pack.db", "--key", "key.pub"]]);
    fs::remove_file(at("pack.db.minisig")).unwrap();
    let unsigned = session(folder.path(), &[&["vulndb", "verify", "pack.db", "--key", "key.pub"]]);
    insta::assert_snapshot!([export, changed, unsigned].join("\n==========\n\n"));
    assert!(!at("pack.db.part").exists());
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn without_a_word_the_database_is_in_the_users_folder() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    all_kinds(&folder.path().join("feeds"));
    let output = Command::new(SEKISHO)
        .args(["vulndb", "import", "feeds"])
        .current_dir(folder.path())
        .env_remove("SEKISHO_VULNDB")
        .env("XDG_DATA_HOME", folder.path().join("share"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("share/sekisho/vulnerabilities.db").is_file());
}

/// An import is killed at many moments: the database from before serves, the next import makes the same of it as an undisturbed one, and
/// nothing is left lying about.
#[cfg(unix)]
#[test]
fn a_killed_import_leaves_the_old_database_and_is_made_good_by_the_next() {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use sekisho_vulndb::Database;

    /// When the child is killed.
    enum Moment {
        /// This share of the time that an undisturbed import takes has passed, in hundredths.
        After(u32),
        /// This is there.
        There(&'static str),
    }

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    all_kinds(&at("old"));
    archive(&at("new.zip"), (0..6_000).map(advisory));
    let import = |db: &Path| {
        let mut command = Command::new(SEKISHO);
        command.args(["vulndb", "import", "new.zip", "--quiet", "--db"]).arg(db);
        command.current_dir(folder.path()).env("SOURCE_DATE_EPOCH", "1795341600").stdout(Stdio::null());
        command
    };
    let digest = |db: &Path| {
        let database = Database::open(db).unwrap();
        database.check().unwrap();
        database.status().digest.clone()
    };
    assert_eq!(run(SEKISHO, folder.path(), &["vulndb", "import", "old", "--db", "old.db"]).code, 0);
    let old = digest(&at("old.db"));
    fs::copy(at("old.db"), at("undisturbed.db")).unwrap();
    let begun = Instant::now();
    assert!(import(&at("undisturbed.db")).status().unwrap().success());
    let whole = begun.elapsed();
    let new = digest(&at("undisturbed.db"));
    assert_ne!(old, new);

    let mut moments: Vec<Moment> = (0..8).map(|part| Moment::After(part * 12)).collect();
    moments.extend([Moment::There("vulns.db.import"), Moment::There("vulns.db.import/new")]);
    let (mut killed, mut half_done) = (0, 0);
    for (number, moment) in moments.iter().enumerate() {
        let home = at(&format!("home-{number}"));
        fs::create_dir(&home).unwrap();
        let db = home.join("vulns.db");
        fs::copy(at("old.db"), &db).unwrap();
        let mut child = import(&db).spawn().unwrap();
        match moment {
            Moment::After(share) => sleep(whole * *share / 100),
            Moment::There(name) => {
                while !home.join(name).exists() && child.try_wait().unwrap().is_none() {
                    sleep(Duration::from_millis(1));
                }
            }
        }
        // A child that has ended already is not there to be killed, which is not what this is about.
        let _ = child.kill();
        let ended = child.wait().unwrap();
        killed += usize::from(ended.signal() == Some(9));
        // (a) One of the two is there whole; and as long as the new one lies beside it, it is the old one.
        let found = digest(&db);
        if home.join("vulns.db.import").exists() {
            half_done += 1;
            assert!(found == old || !home.join("vulns.db.import/new").exists());
        }
        assert!(found == old || found == new);
        // (b), (c)
        assert!(import(&db).status().unwrap().success());
        assert_eq!(digest(&db), new);
        assert_eq!(names(&home), ["vulns.db", "vulns.db.lock"]);
    }
    assert!(
        killed >= 3 && half_done >= 2,
        "the moments missed the import: {killed} killed, {half_done} of them half done"
    );
}
