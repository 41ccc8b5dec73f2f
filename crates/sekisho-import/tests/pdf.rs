//! Published documents in PDF: English and Japanese, encrypted, without text, damaged.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use sekisho_import::{Limits, PublishedCollector};
use sekisho_model::collect::Collection;
use sekisho_model::coverage::Extent;
use sekisho_model::fact::Observed;
use sekisho_model::published::PublishedDocument;

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/data/published/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn read(bytes: &[u8]) -> Collection {
    PublishedCollector::default().read(bytes, "a.pdf", "device")
}

fn document(found: &Collection) -> Option<&PublishedDocument> {
    found.facts.iter().find_map(|fact| match &fact.observed {
        Observed::PublishedDocument(document) => Some(document),
        _ => None,
    })
}

/// Topic, page and words of the passages.
fn passages(found: &Collection) -> Vec<(&str, Option<u32>, &str)> {
    let passage = |fact| match fact {
        &sekisho_model::fact::Fact { observed: Observed::PublishedPassage(ref p), ref source, .. } => {
            assert_eq!(source.line, None);
            Some((p.topic.as_str(), source.page, p.quote.as_str()))
        }
        _ => None,
    };
    found.facts.iter().filter_map(passage).collect()
}

fn gaps(found: &Collection) -> Vec<&str> {
    found.coverage[0].gaps.iter().map(|gap| gap.reason.en.as_str()).collect()
}

#[test]
fn a_manual() {
    // Encryption that opens without a password hides nothing.
    for name in ["manual.pdf", "restricted.pdf"] {
        let found = read(&file(name));
        assert_eq!((found.coverage[0].extent, gaps(&found)), (Extent::Complete, vec![]), "{name}");
        let document = document(&found).unwrap();
        assert_eq!((document.kind.as_str(), document.title.as_deref()), ("manual", Some("Hikari Cam 2: user manual")));
        assert_eq!((document.date.as_deref(), document.language.as_deref()), (Some("2026-05-04"), Some("en")));
        // The file is of another day than the document says.
        assert_eq!((document.pages, document.file_date.as_deref()), (Some(2), Some("2026-05-01")));
        let all = passages(&found);
        for passage in [
            ("default-password", Some(1), "The default password is printed on the label below the camera."),
            ("updates", Some(2), "Security updates are provided until 31 December 2031."),
            (
                "response-time",
                Some(2),
                "To report a vulnerability, write to security@hikaricam.example; we acknowledge each report within five working days.",
            ),
        ] {
            assert!(all.contains(&passage), "{passage:?}: {all:#?}");
        }
    }
}

#[test]
fn japanese_with_subsets_of_fonts() {
    let found = read(&file("privacy-ja.pdf"));
    assert_eq!((found.coverage[0].extent, gaps(&found)), (Extent::Complete, vec![]));
    let document = document(&found).unwrap();
    assert_eq!((document.kind.as_str(), document.title.as_deref()), ("privacy-notice", Some("プライバシーポリシー")));
    assert_eq!((document.date.as_deref(), document.language.as_deref()), (Some("2026-05-04"), Some("ja")));
    assert_eq!((document.pages, document.file_date.as_deref()), (Some(2), None));
    let all = passages(&found);
    // Lines are put together without blanks.
    for passage in [
        (
            "personal-data",
            Some(1),
            "株式会社ヒカリ（以下「当社」）は、お客様の個人情報を、あらかじめ同意を得た目的の範囲で取り扱います。",
        ),
        ("retention", Some(2), "個人情報の保存期間は、契約の終了から一年です。"),
    ] {
        assert!(all.contains(&passage), "{passage:?}: {all:#?}");
    }
}

/// A font that the file does not bring and whose codes are those of `Shift_JIS`: the character maps have to be at hand. No table of objects, so
/// that the file has to be mended, too.
#[test]
fn japanese_without_a_font() {
    let text = "個人情報の保存期間は一年です。";
    let hexadecimal =
        encoding_rs::SHIFT_JIS.encode(text).0.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let content = format!("BT /F1 12 Tf 50 700 Td <{hexadecimal}> Tj ET");
    let pdf = format!(
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
         3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>> endobj\n\
         4 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n\
         5 0 obj <</Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [6 0 R]>> endobj\n\
         6 0 obj <</Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo <</Registry (Adobe) /Ordering (Japan1) /Supplement 2>>>> endobj\n\
         trailer <</Root 1 0 R>>\n%%EOF",
        content.len()
    );
    let found = read(pdf.as_bytes());
    assert!(passages(&found).contains(&("retention", Some(1), text)), "{found:#?}");
}

#[test]
fn what_has_no_text_is_a_gap() {
    let scan = read(&file("scan.pdf"));
    assert_eq!((scan.coverage[0].extent, document(&scan).unwrap().characters), (Extent::Partial, 0));
    assert!(gaps(&scan).iter().any(|gap| gap.contains("page 1") && gap.contains("scan")), "{:?}", gaps(&scan));
    let locked = read(&file("locked.pdf"));
    assert_eq!((locked.facts.len(), locked.coverage[0].extent), (0, Extent::Partial));
    assert!(gaps(&locked)[0].contains("password"), "{:?}", gaps(&locked));
    let broken = read(b"%PDF-1.7 x");
    assert_eq!((broken.facts.len(), gaps(&broken)), (0, vec!["a broken PDF"]));
    assert!(broken.coverage[0].gaps[0].reason.ja.contains("壊れた"));
}

#[test]
fn limits_hold() {
    let few = Limits { pages: 1, ..Limits::default() };
    let found = PublishedCollector::default().with_limits(few).read(&file("manual.pdf"), "a.pdf", "device");
    assert!(passages(&found).iter().all(|(_, page, _)| *page == Some(1)));
    assert_eq!(gaps(&found), ["of 2 pages the first 1 were read"]);
    let few = Limits { characters: 100, ..Limits::default() };
    let found = PublishedCollector::default().with_limits(few).read(&file("manual.pdf"), "a.pdf", "device");
    assert!(document(&found).unwrap().characters <= 100);
    assert!(gaps(&found)[0].contains("page 1 and what follows"), "{:?}", gaps(&found));
}

/// Forms that each draw the next one twice: two to the power of forty drawings.
#[test]
fn drawings_without_end_are_ended() {
    let mut pdf = String::from(
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
         3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources <</XObject <</X 5 0 R>>>>>> endobj\n\
         4 0 obj <</Length 5>> stream\n/X Do\nendstream endobj\n",
    );
    for form in 5..45 {
        let _ = write!(
            pdf,
            "{form} 0 obj <</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X {} 0 R>>>> /Length 11>> stream\n\
             /X Do /X Do\nendstream endobj\n",
            form + 1
        );
    }
    pdf += "trailer <</Root 1 0 R>>\n%%EOF";
    let few = Limits { drawings: 100_000, ..Limits::default() };
    let found = PublishedCollector::default().with_limits(few).read(pdf.as_bytes(), "a.pdf", "device");
    assert!(gaps(&found).iter().any(|gap| gap.contains("too much to read")), "{:?}", gaps(&found));
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12);
    let names = prop::sample::select(vec!["manual.pdf", "privacy-ja.pdf", "scan.pdf", "restricted.pdf"]);
    (names, changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(name, changes, end, cut)| {
        let mut bytes = file(name);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing panics, nothing is silently empty, and the same gives the same.
    #[test]
    fn damaged_documents(bytes in damaged()) {
        let found = read(&bytes);
        prop_assert!(document(&found).is_some_and(|document| document.characters > 0) || !gaps(&found).is_empty());
        prop_assert_eq!(read(&bytes), found);
    }

    #[test]
    fn any_objects(text in "%PDF-1.7\n(1 0 obj |endobj |<<|>>|\\[|/Type |/Pages |/Page |/Kids |[0-9] 0 R |stream\n|endstream |trailer |/Root |[ -~]){0,60}") {
        let _ = read(text.as_bytes());
    }
}
