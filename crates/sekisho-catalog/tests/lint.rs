//! Every lint finds what it is for, at its place; and a small complete catalog has none.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::fs;

use sekisho_catalog::{CODES, Catalog, Parts, compile, digest_of, lint, read_folder};
use sekisho_diag::Problem;

const VOCABULARY: &str = "\
roles: [{id: developer, label: {en: Developer, ja: 開発者}}]
industries: [{id: consumer, label: {en: Consumer, ja: 消費者向け}}]
layers: [{id: software, label: {en: Software, ja: ソフトウェア}}]
phases: [{id: design, label: {en: Design, ja: 設計}}]
document_kinds: []
details: []
statuses: []
forces: []
markets: [{id: eu, label: {en: EU, ja: EU}}]
control_kinds: []
concept_kinds: []
modalities: []
component_kinds: []
interface_kinds: []
traits: [{id: network, label: {en: Network, ja: ネットワーク}, meaning: {en: It has one., ja: 持つ。}}]
";

const OBJECTIVES: &str = "\
area: auth
title: {en: Authentication, ja: 認証}
objectives:
  - id: auth-strong
    kind: technical
    title: {en: Strong, ja: 強固}
    intent: {en: Why, ja: 理由}
    met_when: {en: When, ja: 条件}
    how_to_check: {en: How, ja: 方法}
    question: {en: Is it?, ja: そうですか。}
    advice: {en: Do it, ja: 実施する}
    applies_when: 'network && software'
";

const CHECKS: &str = "\
checks:
  - id: auth-empty
    objective: auth-strong
    title: {en: Empty password, ja: 空のパスワード}
    over: account
    where: value.password == 'empty'
    expect: none
    needs: [firmware.accounts]
    pass: supports
    fail: refutes
    severity: high
    finding: {en: Found, ja: 検出}
    advice: {en: Lock it, ja: ロックする}
    tests:
      pass: [{name: locked, facts: [{user: a, password: locked, login_shell: true, hash_world_readable: false}]}]
      fail: [{name: empty, facts: [{user: a, password: empty, login_shell: true, hash_world_readable: false}]}]
";

const DOCUMENT: &str = "\
id: small-guide
aliases: [SMALL]
kind: guideline
publisher: {en: Us, ja: 当会, short: US}
title: {en: Guide, ja: 手引き}
published: '2026'
status: current
url: https://example.com/
languages: [en]
licence: {original: ours, text: paraphrase}
binding: [{force: voluntary, market: eu}]
audience: [developer]
industries: [consumer]
layers: [software]
phases: [design]
detail: overview
summary: {en: Short, ja: 短い}
read_first: {en: All, ja: 全体}
conditions: [{id: a, text: {en: If, ja: もし}, applies_when: network}]
provenance: {seen_at: [here]}
controls:
  - id: '1'
    kind: requirement
    group: G
    title: {en: Be strong, ja: 強固にする}
    statement: {en: Be strong., ja: 強固にする。}
    modality: must
    editions: [{edition: '1', status: M, conditions: [a]}]
    provenance: {basis: source}
    mappings: [{objective: auth-strong, relation: equal, decided_by: [auth-empty], rationale: {en: Same, ja: 同じ}}]
concepts:
  - {id: G, kind: concept, title: {en: Group, ja: 区分}, provenance: {basis: source}}
";

const CONFLICTS: &str = "\
conflicts:
  - id: one-and-other
    title: {en: One or the other, ja: どちらか一方}
    statement: {en: Both cannot be., ja: 両立しない。}
    applies_when: network
    sides:
      - {asks: {en: One, ja: 一方}, controls: ['small-guide:1']}
      - {asks: {en: The other, ja: 他方}, controls: ['small-guide:1']}
    resolution: {en: Choose., ja: 選ぶ。}
";

const THESAURUS: &str = "\
terms:
  - {id: update, en: [update, patch], ja: [更新, アップデート]}
  - {id: password, en: [password], ja: [パスワード]}
";

/// Lints the small catalog with `from` replaced by `to` in one of its files.
fn lint_with(file: &str, from: &str, to: &str) -> (Vec<Problem>, Parts) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("vocabulary.yaml", VOCABULARY),
        ("objectives/auth.yaml", OBJECTIVES),
        ("checks/auth.yaml", CHECKS),
        ("documents/small-guide.yaml", DOCUMENT),
        ("conflicts.yaml", CONFLICTS),
        ("thesaurus.yaml", THESAURUS),
    ] {
        let text = if name == file {
            assert!(text.contains(from), "{from} is not in {file}");
            text.replacen(from, to, 1)
        } else {
            text.to_owned()
        };
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (sources, mut problems) = read_folder(folder.path());
    let (parts, found) = Parts::read(&sources);
    problems.extend(found);
    problems.extend(lint(&parts));
    (problems, parts)
}

const CASES: &[(&str, &str, &str, &str)] = &[
    ("duplicate-id", "documents/small-guide.yaml", "aliases: [SMALL]", "aliases: [small-guide]"),
    ("unknown-id", "documents/small-guide.yaml", "objective: auth-strong", "objective: auth-stong"),
    ("unknown-id", "documents/small-guide.yaml", "decided_by: [auth-empty]", "decided_by: [auth-emtpy]"),
    ("unknown-id", "documents/small-guide.yaml", "audience: [developer]", "audience: [develper]"),
    ("unknown-id", "checks/auth.yaml", "over: account", "over: accounts"),
    ("bad-id", "objectives/auth.yaml", "id: auth-strong", "id: Strong"),
    (
        "unmapped-control",
        "documents/small-guide.yaml",
        "mappings: [{objective: auth-strong, relation: equal, decided_by: [auth-empty], rationale: {en: Same, ja: 同じ}}]",
        "complete: false",
    ),
    (
        "mapped-and-unmapped",
        "documents/small-guide.yaml",
        "    provenance: {basis: source}\n    mappings",
        "    provenance: {basis: source}\n    unmapped: {en: None, ja: なし}\n    mappings",
    ),
    (
        "duplicate-mapping",
        "documents/small-guide.yaml",
        "mappings: [",
        "mappings: [{objective: auth-strong, relation: subset-of, rationale: {en: Less, ja: 一部}}, ",
    ),
    (
        "unmapped-objective",
        "documents/small-guide.yaml",
        "mappings: [{objective: auth-strong, relation: equal, decided_by: [auth-empty], rationale: {en: Same, ja: 同じ}}]",
        "unmapped: {en: Reason, ja: 理由}",
    ),
    ("too-short", "objectives/auth.yaml", "intent: {en: Why, ja: 理由}", "intent: {en: Why, ja: ''}"),
    ("blank-text", "objectives/auth.yaml", "intent: {en: Why, ja: 理由}", "intent: {en: Why, ja: ' '}"),
    ("missing-field", "objectives/auth.yaml", "intent: {en: Why, ja: 理由}", "intent: {en: Why}"),
    ("missing-field", "objectives/auth.yaml", "    advice: {en: Do it, ja: 実施する}\n", ""),
    ("missing-field", "objectives/auth.yaml", "    applies_when: 'network && software'\n", ""),
    ("untranslated", "objectives/auth.yaml", "{en: Why, ja: 理由}", "{en: This is why it is, ja: This is why it is}"),
    ("bad-condition", "objectives/auth.yaml", "network && software", "network && sofware"),
    ("bad-condition", "checks/auth.yaml", "value.password == 'empty'", "value.pasword == 'empty'"),
    ("bad-condition", "checks/auth.yaml", "value.password == 'empty'", "value.password == 'emtpy'"),
    ("bad-effect", "checks/auth.yaml", "pass: supports", "pass: refutes"),
    (
        "untested-check",
        "checks/auth.yaml",
        "pass: [{name: locked, facts: [{user: a, password: locked, login_shell: true, hash_world_readable: false}]}]",
        "pass: []",
    ),
    ("failing-check-test", "checks/auth.yaml", "{user: a, password: locked", "{user: a, password: empty"),
    ("failing-check-test", "checks/auth.yaml", "{user: a, password: locked", "{usr: a, password: locked"),
    ("dangling-relation", "documents/small-guide.yaml", "group: G", "group: H"),
    ("dangling-relation", "documents/small-guide.yaml", "group: G", "section: '9'"),
    ("dangling-relation", "documents/small-guide.yaml", "group: G", "relations: [{to: H, kind: related}]"),
    ("dangling-relation", "documents/small-guide.yaml", "    mappings", "    inherits: '2'\n    mappings"),
    ("inherits-twice", "documents/small-guide.yaml", "    mappings", "    inherits: '1'\n    mappings"),
    ("mapped-and-inherits", "documents/small-guide.yaml", "    mappings", "    inherits: '1'\n    mappings"),
    ("unknown-id", "conflicts.yaml", "small-guide:1", "small-guide:2"),
    ("bad-id", "conflicts.yaml", "one-and-other", "One"),
    ("bad-condition", "conflicts.yaml", "applies_when: network", "applies_when: netwrk"),
    ("duplicate-id", "thesaurus.yaml", "[password]", "[patch]"),
    ("duplicate-id", "thesaurus.yaml", "id: password", "id: update"),
];

#[test]
fn a_complete_catalog_has_no_problem_and_opens() {
    let (problems, parts) = lint_with("vocabulary.yaml", "roles", "roles");
    assert_eq!(problems, []);
    let bytes = compile(&parts);
    let catalog = Catalog::open(&bytes, &digest_of(&bytes)).unwrap();
    assert_eq!(catalog.control("small:1").unwrap().id(), "small-guide:1");
    assert_eq!(catalog.document("SMALL").unwrap().controls.len(), 1);
    assert_eq!(catalog.control("SMALL:2").unwrap_err().nearest, Vec::<String>::new());
    assert!(Catalog::open(b"not a catalog", "").is_err());
}

#[test]
fn every_mistake_is_found_at_a_place() {
    for (code, file, from, to) in CASES {
        let (problems, _) = lint_with(file, from, to);
        let found: Vec<_> = problems.iter().filter(|p| p.code == *code).collect();
        assert!(!found.is_empty(), "{code} for {to}: {problems:#?}");
        for problem in found {
            let place = problem.place.as_ref().unwrap_or_else(|| panic!("{code} has no place: {problem}"));
            assert!(place.to_string().contains(".yaml:"), "{code} has no line: {place}");
        }
    }
}

#[test]
fn a_document_may_say_that_its_texts_exist_in_one_language() {
    let english = "statement: {en: Be strong at all times., ja: Be strong at all times.}";
    let both = "statement: {en: Be strong., ja: 強固にする。}";
    let (problems, _) = lint_with("documents/small-guide.yaml", both, english);
    assert_eq!(problems.iter().map(|p| p.code.as_ref()).collect::<Vec<_>>(), ["untranslated"]);
    for (lang, text) in [("en", "Be strong at all times."), ("ja", "常に強固にする。")] {
        let from = "languages: [en]";
        let to = format!("languages: [en]\nonly_language: {lang}");
        let statement = format!("statement: {{en: {text}, ja: {text}}}");
        let document = DOCUMENT.replace(both, &statement).replace(from, &to);
        let (problems, _) = lint_with("documents/small-guide.yaml", DOCUMENT, &document);
        assert_eq!(problems, [], "{lang}");
        // What stands there in two languages is held to both all the same.
        let document = document.replace("title: {en: Be strong, ja: 強固にする}", "title: {en: 強固, ja: 強固にする}");
        let (problems, _) = lint_with("documents/small-guide.yaml", DOCUMENT, &document);
        assert_eq!(problems.iter().map(|p| p.code.as_ref()).collect::<Vec<_>>(), ["untranslated"], "{lang}");
    }
}

#[test]
fn every_code_has_a_case() {
    let tested: BTreeSet<&str> = CASES.iter().map(|case| case.0).collect();
    // A catalog without vocabulary is tested by itself.
    let missing: Vec<_> =
        CODES.iter().map(|(code, _)| *code).filter(|c| !tested.contains(c) && *c != "no-vocabulary").collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_catalog_without_vocabulary_or_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(read_folder(folder.path()).1[0].code, "empty-catalog");
    assert_eq!(lint(&Parts::default())[0].code, "no-vocabulary");
}

#[test]
fn a_misspelt_field_in_a_condition_is_shown_where_it_stands() {
    let (problems, parts) = lint_with("checks/auth.yaml", "value.password", "value.pasword");
    let problem = problems.iter().find(|p| p.code == "bad-condition").unwrap();
    let shown = sekisho_diag::render(problem, &parts.texts, false);
    assert!(shown.contains("did you mean 'password'?"), "{shown}");
    assert!(shown.contains("value.pasword"), "{shown}");
}

#[test]
fn a_folder_adds_to_a_catalog() {
    let (_, parts) = lint_with("vocabulary.yaml", "roles", "roles");
    let bytes = compile(&parts);
    let base = Catalog::open(&bytes, &digest_of(&bytes)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("documents")).unwrap();
    let own = DOCUMENT.replace("small-guide", "own-guide").replace("aliases: [SMALL]", "aliases: [OWN]");
    fs::write(folder.path().join("documents/own.yaml"), &own).unwrap();
    let (extended, warnings) = base.extended(folder.path()).map_err(|(problems, _)| problems).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(extended.documents().count(), 2);
    assert_ne!(extended.digest(), base.digest());
    // The same id again is refused, and both places are named.
    fs::write(folder.path().join("documents/own.yaml"), own.replace("id: own-guide", "id: small-guide")).unwrap();
    let Err((problems, _)) = base.extended(folder.path()) else { panic!("accepted twice") };
    assert_eq!(problems[0].code, "duplicate-id");
    assert!(problems[0].hint.as_ref().unwrap().contains("built-in"));
}
