//! Published documents in a folder, in both languages.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::fs;

use sekisho_import::{Limits, PublishedCollector};
use sekisho_model::collect::{CollectError, Collection, Collector};
use sekisho_model::coverage::Extent;
use sekisho_model::fact::Observed;

const PRIVACY: &str = "<!DOCTYPE html>
<html lang=\"ja\"><head><title>プライバシーポリシー | Example</title></head>
<body>
<h1>プライバシーポリシー</h1>
<p>当社は、お客様の個人情報を、あらかじめ同意を得て取得します。第三者には提供しません。</p>
<h2>保存期間</h2>
<p>個人情報の保存期間は、契約の終了から一年です。</p>
<p>制定：２０１９年４月１日<br>改定：2024年5月1日</p>
</body></html>";

const POLICY: &str = "# Vulnerability disclosure policy

Last updated: May 1, 2024

If you are a security researcher, please report a vulnerability to security@example.com.
We acknowledge each report within 5 business days.

## Support period

The defined support period of the Camera X ends on 31 December 2030.
Security updates until then are free and automatic updates are on by default.
";

fn run(files: &[(&str, &[u8])], limits: Limits) -> Collection {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    PublishedCollector::default().with_limits(limits).collect(folder.path(), "published", "device", &|_| {}).unwrap()
}

fn documents(found: &Collection) -> Vec<(String, String, Option<String>, Option<String>)> {
    found
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::PublishedDocument(d) => {
                Some((fact.source.path.clone().unwrap(), d.kind.clone(), d.date.clone(), d.language.clone()))
            }
            _ => None,
        })
        .collect()
}

fn passages(found: &Collection) -> Vec<(String, Option<u32>, String)> {
    found
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::PublishedPassage(p) => Some((p.topic.clone(), fact.source.line, p.quote.clone())),
            _ => None,
        })
        .collect()
}

#[test]
fn documents_and_their_passages() {
    let found = run(&[("ja/privacy.html", PRIVACY.as_bytes()), ("security.md", POLICY.as_bytes())], Limits::default());
    assert_eq!(found.coverage[0].extent, Extent::Complete, "{:?}", found.coverage);
    let is = |path: &str, kind: &str, language: &str| {
        (path.to_owned(), kind.to_owned(), Some("2024-05-01".to_owned()), Some(language.to_owned()))
    };
    assert_eq!(
        documents(&found),
        [is("ja/privacy.html", "privacy-notice", "ja"), is("security.md", "vulnerability-policy", "en")]
    );
    let all = passages(&found);
    let has = |topic: &str, line: u32, part: &str| {
        assert!(
            all.iter().any(|(t, l, quote)| t == topic && *l == Some(line) && quote.contains(part)),
            "{topic} {line}: {all:#?}"
        );
    };
    has("personal-data", 5, "個人情報を");
    has("third-parties", 5, "第三者には提供しません。");
    has("retention", 7, "一年");
    has("vulnerability-reporting", 5, "security@example.com");
    has("response-time", 6, "5 business days");
    has("support-period", 10, "31 December 2030");
    has("updates", 11, "automatic updates");
    assert!(found.facts.iter().all(|fact| fact.source.sha256.is_some() && fact.source.path.is_some()));
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let mut old = "<meta charset=Shift_JIS><title>取扱説明書</title>".as_bytes().to_vec();
    old.truncate("<meta charset=Shift_JIS><title>".len());
    // 取扱説明書 in Shift_JIS.
    old.extend([0x8e, 0xe6, 0x88, 0xb5, 0x90, 0xe0, 0x96, 0xbe, 0x8f, 0x91]);
    old.extend(b"</title><p>A");
    let found = run(
        &[
            ("manual.pdf", b"%PDF-1.7 x"),
            ("old.html", &old),
            ("noise.bin", &[0, 1, 2]),
            ("scripts.html", b"<html><script>x()</script>"),
        ],
        Limits::default(),
    );
    assert_eq!(found.coverage[0].extent, Extent::Partial);
    let gaps: Vec<_> = found.coverage[0].gaps.iter().map(|gap| gap.path.as_deref().unwrap()).collect();
    assert_eq!(gaps, ["manual.pdf", "noise.bin", "scripts.html"]);
    assert_eq!(documents(&found)[0].1, "manual");
    let few = Limits { documents: 1, ..Limits::default() };
    let found = run(&[("a.txt", b"A"), ("b.txt", b"B")], few);
    assert_eq!((documents(&found).len(), found.coverage[0].extent), (1, Extent::Partial));
}

#[test]
fn the_first_few_passages_of_a_topic_are_enough() {
    let text = ('a'..='z').map(|c| format!("We use your personal data in {c}.")).collect::<Vec<_>>().join("\n\n");
    let found = run(&[("a.txt", text.as_bytes())], Limits::default());
    assert_eq!(passages(&found).len(), 5);
    // What stands at the foot of every page is one.
    let text = (1..100).map(|page| format!("Personal data, page {page}.")).collect::<Vec<_>>().join("\n\n");
    let found = run(&[("a.txt", text.as_bytes())], Limits::default());
    assert_eq!(passages(&found).len(), 1);
}

#[test]
fn addresses_are_not_fetched() {
    let path = std::path::Path::new("https://example.com/privacy");
    let error =
        PublishedCollector::default().collect(path, "https://example.com/privacy", "device", &|_| {}).unwrap_err();
    let CollectError::Unusable(problem) = error else { panic!("{error:?}") };
    assert_eq!(problem.code, "published-address");
}
