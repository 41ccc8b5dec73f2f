//! Export and import as a user runs them. The transcripts are read by people: look at a difference before accepting it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;

use sekisho_test::run;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

const STANDARD: &str = "\
番号,項目,要求事項,区分
1.1,初期パスワード,機器ごとに異なる初期パスワードを設定すること。,必須
1.2,更新,更新ファイルの署名を検証すること。,推奨
";

const MAPPED: &str = "\
id,title,text,modality,group,objective,relation,rationale
4.1,=Passwords,No password is shared.,shall,Access,auth-no-default-password,equal,Both ask for the same.
4.1,=Passwords,No password is shared.,shall,Access,auth-password-strength,intersects-with,Both are about passwords.
4.2,Décor,\"White, or grey.\",may,Looks,,,
";

const BROKEN: &str = "ID,Title,Requirement\n1,One,Do one.\n1,Another,Do another.\n,Lost,No id\n";

const OSCAL: &str = r#"{"catalog": {"metadata": {"title": "Tiny"}, "groups": [{"id": "g", "title": "Group", "controls": [
  {"id": "g-1", "title": "One", "parts": [{"name": "statement", "prose": "Do {{ insert: param, p }}."}],
   "params": [{"id": "p", "label": "something"}], "controls": [{"id": "g-1.1", "title": "More"}]}]}]}}"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("own.csv", STANDARD),
        ("mapped.csv", MAPPED),
        ("broken.csv", BROKEN),
        ("tiny.json", OSCAL),
        ("strange.bin", "x"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// Transcripts of commands that run one after the other in one folder.
fn session(folder: &Path, commands: &[&[&str]]) -> String {
    sekisho_test::session(SEKISHO, folder, commands)
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_standard_is_imported_and_takes_part() {
    let folder = folder();
    insta::assert_snapshot!(session(
        folder.path(),
        &[
            &[
                "catalog",
                "import",
                "own.csv",
                "--id",
                "own-standard",
                "--out",
                "own",
                "--title",
                "社内基準",
                "--lang",
                "ja"
            ],
            &["show", "own-standard", "--catalog", "own"],
            &["show", "own-standard:1.1", "--catalog", "own", "--lang", "ja"],
            &["catalog", "import", "own.csv", "--id", "own-standard", "--out", "own"],
            &["catalog", "import", "own.csv", "--id", "own-standard", "--out", "own", "--force", "--quiet"],
            &["catalog", "import", "tiny.json", "--id", "tiny", "--out", "own", "--publisher", "Example Works"],
            &["show", "tiny", "--catalog", "own"],
            &["show", "tiny:g-1", "--catalog", "own"],
            &["catalog", "export", "--format", "csv", "--document", "tiny", "--catalog", "own"],
        ],
    ));
    let lint = run(SEKISHO, folder.path(), &["catalog", "lint", "own"]);
    assert_eq!(
        (lint.code, lint.stderr.as_str()),
        (0, ""),
        "no warning, because the documents say that they are in one language"
    );
    assert_eq!(files(&folder.path().join("own")), ["documents/own-standard.yaml", "documents/tiny.yaml"]);
}

#[test]
fn what_cannot_be_imported_writes_nothing() {
    let folder = folder();
    insta::assert_snapshot!(session(
        folder.path(),
        &[
            &["catalog", "import", "broken.csv", "--id", "own", "--out", "own"],
            &["catalog", "import", "own.csv", "--id", "Own Standard", "--out", "own"],
            &["catalog", "import", "own.csv", "--id", "etsi-en-303-645", "--out", "own"],
            &["catalog", "import", "own.csv", "--format", "oscal", "--id", "own", "--out", "own"],
            &["catalog", "import", "own.csv", "--format", "xlsx", "--id", "own", "--out", "own"],
            &["catalog", "import", "strange.bin", "--id", "own", "--out", "own"],
            &["catalog", "import", "missing.csv", "--id", "own", "--out", "own"],
            &["catalog", "import", "own.csv", "--id", "own", "--out", "own", "--column", "title"],
            &["catalog", "import", "own.csv", "--id", "own", "--out", "own.csv"],
        ],
    ));
    assert_eq!(
        files(folder.path()),
        ["broken.csv", "mapped.csv", "own.csv", "strange.bin", "tiny.json"],
        "nothing half-written"
    );
}

#[test]
fn the_catalog_is_exported() {
    let folder = folder();
    let page = session(
        folder.path(),
        &[
            &["catalog", "import", "mapped.csv", "--id", "house-rules", "--out", "own", "--quiet"],
            &[
                "catalog",
                "export",
                "--format",
                "oscal",
                "--document",
                "house-rules,OTA",
                "--out",
                "oscal",
                "--catalog",
                "own",
            ],
            &[
                "catalog",
                "export",
                "--format",
                "ciso",
                "--document",
                "house-rules",
                "--out",
                "ciso",
                "--lang",
                "ja",
                "--catalog",
                "own",
            ],
            &[
                "catalog",
                "export",
                "--format",
                "cyclonedx",
                "--document",
                "house-rules",
                "--out",
                "standards.cdx.json",
                "--catalog",
                "own",
            ],
            &[
                "catalog",
                "export",
                "--format",
                "csv",
                "--document",
                "house-rules",
                "--bom",
                "--out",
                "rules.csv",
                "--catalog",
                "own",
            ],
            &[
                "catalog",
                "export",
                "--format",
                "oscal",
                "--document",
                "house-rules",
                "--out",
                "rules.json",
                "--catalog",
                "own",
            ],
            &["catalog", "export", "--format", "oscal"],
            &["catalog", "export", "--format", "csv", "--document", "OTX"],
        ],
    );
    let written = files(folder.path()).join("\n");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let names = [
        "rules.csv",
        "rules.json",
        "oscal/mappings/house-rules.json",
        "oscal/profiles/house-rules-objectives.json",
        "ciso/frameworks/house-rules.yaml",
        "ciso/mappings/house-rules-to-sekisho-objectives.yaml",
    ];
    let contents: Vec<String> = names.iter().map(|name| format!("{name}\n\n{}", read(name))).collect();
    insta::assert_snapshot!([page, written].join("\n==========\n\n"));
    insta::assert_snapshot!("the_catalog_is_exported_files", contents.join("\n==========\n\n"));
    assert!(read("rules.csv").starts_with('\u{feff}'));
    assert_eq!(read("rules.json"), read("oscal/catalogs/house-rules.json"));
}

#[test]
fn what_was_imported_can_be_suggested_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.csv"), "ID,Text\nR1,No default password may be shared between devices.\n")
        .unwrap();
    let imported = run(SEKISHO, folder.path(), &["catalog", "import", "s.csv", "--id", "house-rules", "--out", "my"]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    let suggested = run(SEKISHO, folder.path(), &["--catalog", "my", "catalog", "suggest", "house-rules", "--json"]);
    assert_eq!(suggested.code, 0, "{}", suggested.stderr);
    let control = &suggested.json()["controls"][0];
    assert_eq!(control["id"], "house-rules:R1");
    assert_eq!(control["suggestions"][0]["objective"], "auth-no-default-password");
}
