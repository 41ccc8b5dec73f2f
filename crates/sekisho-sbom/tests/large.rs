//! Large documents: memory stays bounded. The largest run only when asked for: `cargo test --release -p sekisho-sbom -- --ignored`.

mod common;

use std::fmt::Write as _;

use common::{components, gaps, read, sbom};

/// A document with `count` components of which each depends on the two that follow at twice its number.
fn document(count: usize) -> String {
    let mut text = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"firmware","bom-ref":"c0","name":"fw"}},"components":["#.to_owned();
    for i in 1..=count {
        let _ = write!(
            text,
            r#"{}{{"bom-ref":"c{i}","type":"library","name":"part-{i}","version":"1.{i}","purl":"pkg:generic/part-{i}@1.{i}"}}"#,
            if i > 1 { "," } else { "" }
        );
    }
    text.push_str(r#"],"dependencies":[{"ref":"c0","dependsOn":["c1"]}"#);
    for i in 1..=count {
        let _ = write!(text, r#",{{"ref":"c{i}","dependsOn":["c{}","c{}"]}}"#, 2 * i, 2 * i + 1);
    }
    text.push_str("]}");
    text
}

#[test]
fn ten_thousand_components() {
    let collection = read(document(10_000).as_bytes()).unwrap();
    assert!(gaps(&collection).is_empty());
    assert_eq!(
        (components(&collection).len(), sbom(&collection).depth, sbom(&collection).relationships),
        (10_000, 14, 10_000)
    );
}

/// Peak resident memory of this process, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}

#[test]
#[ignore = "takes a gigabyte and, without optimisation, half a minute"]
fn more_than_a_million_components() {
    let document = document(1_200_000);
    let collection = read(document.as_bytes()).unwrap();
    assert_eq!(components(&collection).len(), 1_000_000);
    assert!(gaps(&collection)[0].contains("200000 more"), "{:?}", gaps(&collection));
    if let Some(peak) = peak() {
        // The list that `components` makes for the test is as large as the facts.
        assert!(peak < 4 << 30, "{} MiB", peak >> 20);
    }
}
