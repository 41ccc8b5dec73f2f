//! Searching the whole catalog, and proposing objectives from it.

use std::collections::HashMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use sekisho_catalog::Catalog;
use sekisho_model::Lang;
use sekisho_search::{Found, HitKind, Index, Languages, Query, Search, Suggester, Weights, normalise, stem};

static CATALOG: LazyLock<Catalog> = LazyLock::new(sekisho_builtin::catalog);
static INDEX: LazyLock<Index> = LazyLock::new(|| sekisho_builtin::index(&CATALOG));

fn find(text: &str) -> Found {
    ask(&Query { text: text.to_owned(), limit: 10, ..Query::default() })
}

fn ask(query: &Query) -> Found {
    Search::new(&CATALOG, &INDEX).find(query)
}

fn names(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.name.as_str()).collect()
}

#[test]
fn the_embedded_index_is_the_one_that_would_be_made() {
    assert_eq!(INDEX.bytes(), Index::build(&CATALOG).bytes());
}

#[test]
fn no_two_terms_share_a_word_however_it_is_written() {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut twice = Vec::new();
    for term in &CATALOG.thesaurus().terms {
        for word in term.en.iter().chain(&term.ja) {
            let folded: Vec<String> = normalise(word).split(['-', ' ']).map(stem).collect();
            let before = seen.insert(folded.join(" "), &term.id);
            twice.extend(before.filter(|before| *before != term.id).map(|before| (word, before, &term.id)));
        }
    }
    assert!(twice.is_empty(), "{twice:?}");
    assert!(CATALOG.thesaurus().terms.len() >= 120);
}

#[test]
fn every_term_of_the_thesaurus_finds_something() {
    for term in &CATALOG.thesaurus().terms {
        assert!(find(&term.en[0]).total > 0, "{}", term.en[0]);
        assert!(find(&term.ja[0]).total > 0, "{}", term.ja[0]);
    }
}

#[test]
fn both_languages_find_the_same() {
    for (en, ja) in [
        ("firmware update", "ファームウェア更新"),
        ("default password", "初期パスワード"),
        ("vulnerability disclosure", "脆弱性開示"),
        ("SBOM", "ソフトウェア部品表"),
        ("secure boot", "セキュアブート"),
        ("two-factor authentication", "二要素認証"),
        ("factory reset", "工場出荷状態"),
    ] {
        let (in_english, in_japanese) = (find(en), find(ja));
        let both = names(&in_english).iter().filter(|name| names(&in_japanese).contains(name)).count();
        assert!(both >= 5, "{en}: {:?}\n{ja}: {:?}", names(&in_english), names(&in_japanese));
    }
}

#[test]
fn what_is_meant_comes_first() {
    for (text, wanted) in [
        ("default password", "auth-no-default-password"),
        ("初期パスワード", "auth-no-default-password"),
        ("ソフトウェア部品表", "dev-sbom"),
        ("support period", "upd-support-period"),
        ("サポート期間", "upd-support-period"),
        ("セキュアブート", "intg-secure-boot"),
        ("vulnerability disclosure policy", "vuln-disclosure-policy"),
    ] {
        let found = ask(&Query { text: text.to_owned(), kind: Some(HitKind::Objective), limit: 3, ..Query::default() });
        assert!(names(&found).contains(&wanted), "{text}: {:?}", names(&found));
    }
}

#[test]
fn ways_of_writing_do_not_matter() {
    for (one, other) in [
        ("ﾌｧｰﾑｳｪｱ更新", "ファームウェア更新"),
        ("ＳＢＯＭ", "sbom"),
        ("ぱすわーど", "パスワード"),
        ("サーバ", "サーバー"),
        ("Firmware  Updates", "firmware update"),
    ] {
        assert_eq!(names(&find(one)), names(&find(other)), "{one}");
    }
}

#[test]
fn names_come_first() {
    assert_eq!(names(&find("OTA:12"))[0], "OTA:12");
    assert_eq!(names(&find("ota 12"))[0], "OTA:12");
    assert_eq!(names(&find("ＯＴＡ：１２"))[0], "OTA:12");
    assert_eq!(names(&find("auth-no-default-password"))[0], "auth-no-default-password");
    assert_eq!(names(&find("OTA"))[0], "OTA");
    assert_eq!(names(&find("IEC62443-4-2:CR 1.1"))[0], "IEC62443-4-2:CR 1.1");
    let found = find("5.1-1");
    assert!(found.hits[0].exact && found.hits[0].name == "EN303645:5.1-1");
    assert!(found.unknown.is_empty());
}

#[test]
fn an_answer_can_be_narrowed() {
    let query = |kind, document: Option<&str>| {
        let document = document.map(str::to_owned);
        ask(&Query { text: "password".to_owned(), kind, document, limit: 1000 })
    };
    let all = query(None, None);
    let kinds = [HitKind::Control, HitKind::Document, HitKind::Objective, HitKind::Concept];
    let sum: usize = kinds.iter().map(|kind| query(Some(*kind), None).total).sum();
    assert_eq!(all.total, sum);
    let of_one = query(None, Some("ota-iot-trust-framework-v2"));
    assert!(of_one.total > 0);
    assert!(of_one.hits.iter().all(|hit| hit.document.as_deref() == Some("ota-iot-trust-framework-v2")));
    assert_eq!(query(None, Some("no-such-document")).total, 0);
}

#[test]
fn an_excerpt_shows_why() {
    for (text, lang) in [("firmware update", Lang::En), ("ファームウェア更新", Lang::En), ("firmware update", Lang::Ja)]
    {
        let found = find(text);
        let marked = found.hits.iter().filter(|hit| !hit.excerpt(lang).marks.is_empty()).count();
        let shown: Vec<_> = found.hits.iter().map(|hit| (&hit.name, &hit.excerpt(lang).text)).collect();
        assert!(marked * 2 > found.hits.len(), "{text} in {lang}: {marked} of {}: {shown:#?}", found.hits.len());
    }
}

#[test]
fn what_stands_nowhere_gets_a_hint() {
    let found = find("pasword");
    assert_eq!(found.total, 0);
    assert_eq!(found.unknown[0].nearest[0], "password");
    let found = find("パスワト゛");
    assert!(found.unknown.iter().any(|unknown| unknown.nearest.contains(&"パスワード".to_owned())), "{found:?}");
    assert!(find("").hits.is_empty());
    assert!(find("zxqv").unknown[0].nearest.is_empty());
}

#[test]
fn proposals_for_a_document_left_out_are_mostly_right() {
    let suggester = Suggester::new(&CATALOG, &INDEX, Weights::default());
    let document = CATALOG.document("EN303645").expect("it is in the catalog");
    let mapped: Vec<_> = document.controls.iter().filter(|control| !control.mappings.is_empty()).collect();
    let right = |limit: usize| {
        let hits = mapped.iter().filter(|control| {
            let found = suggester.suggest(document, control, Languages::Both, Some(&document.id), limit);
            found.iter().any(|proposal| control.mappings.iter().any(|m| m.objective == proposal.objective))
        });
        100 * hits.count() / mapped.len()
    };
    let (first, five) = (right(1), right(5));
    assert!(first >= 75 && five >= 93, "a right objective first: {first} %, among five: {five} %");
}

#[test]
fn a_document_that_is_left_out_has_no_vote() {
    let suggester = Suggester::new(&CATALOG, &INDEX, Weights::default());
    let document = CATALOG.document("OTA").expect("it is in the catalog");
    for control in &document.controls {
        for proposal in suggester.suggest(document, control, Languages::Both, Some(&document.id), 5) {
            assert!(proposal.voters.iter().all(|voter| !voter.control.starts_with(&document.id)));
            assert!((0.0..=1.001).contains(&proposal.score));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_query_panics(text in "\\PC{0,60}") {
        find(&text);
    }

    #[test]
    fn no_query_of_the_field_panics(text in "(OTA|:|5\\.1-1|パスワード|初期|firmware |update|の| |ー|ﾊﾟ|\\u{3099}|-){0,10}") {
        let found = find(&text);
        prop_assert!(found.hits.len() <= 10 && found.hits.len() <= found.total);
        for hit in found.hits {
            for lang in Lang::ALL {
                let excerpt = hit.excerpt(lang);
                prop_assert!(excerpt.marks.iter().all(|mark| excerpt.text.get(mark.clone()).is_some()));
            }
        }
    }
}
