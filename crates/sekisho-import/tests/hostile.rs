//! Any bytes at all, and much of the same: nothing panics, and twice as much takes no more than about twice as long.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use proptest::prelude::*;
use sekisho_import::{BuildCollector, PublishedCollector, ResultsCollector};
use time::macros::datetime;

fn everything(bytes: &[u8]) {
    let _ = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC)).read(bytes, "a", "device", &|_| {});
    let _ = BuildCollector::default().read(bytes, "a", "device", &|_| {});
    let _ = PublishedCollector::default().read(bytes, "a", "device");
}

/// A data file with some of its bytes changed: most of it still means something.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let files = ["nmap.xml", "ssh-audit.json", "testssl-good.csv", "testssl-good-pretty.json", "sslyze-good.json"];
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    (prop::sample::select(files.to_vec()), changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(name, changes, end, cut)| {
            let mut bytes = std::fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        everything(&bytes);
    }

    #[test]
    fn any_text(text in "(?s)\\PC{0,400}") {
        everything(text.as_bytes());
    }

    #[test]
    fn damaged_results(bytes in damaged()) {
        everything(&bytes);
    }
}

/// Ten megabytes of each thing that could be repeated, for whom it is meant. What takes time squared would not end.
#[test]
fn ten_megabytes_of_the_same_results() {
    let collector = ResultsCollector::new(datetime!(2026-12-01 00:00 UTC));
    for (head, again, tail) in [
        ("", "[", ""),
        ("", "{\"a\":", ""),
        (
            "[",
            "{\"id\":\"cipher_xc030\",\"ip\":\"a/192.0.2.1\",\"port\":\"1\",\"severity\":\"OK\",\"finding\":\"x\"},",
            "{}]",
        ),
        ("{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{},\"results\":[", "{\"ruleId\":\"a\"},", "{}]}]}"),
        ("{\"banner\":{},\"kex\":[", "\"a\",", "\"b\"],\"enc\":[]}"),
        ("{", "\"runs\":[],", "\"version\":\"2.1.0\"}"),
        ("[", "9", "]"),
        ("<nmaprun>", "<host><address addr='192.0.2.1' addrtype='ipv4'/></host>", "</nmaprun>"),
        ("<nmaprun>", "<a>", ""),
        ("<nmaprun ", "a='b' ", "/>"),
        ("<nmaprun>", "&lt;", ""),
        (
            "<nmaprun><host><address addr='192.0.2.1' addrtype='ipv4'/><ports><port portid='1'><state state='open'/>",
            "<script id='ssh2-enum-algos'/>",
            "</port></ports></host></nmaprun>",
        ),
        (
            "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\"\n",
            "\"TLS1\",\"a/192.0.2.1\",\"1\",\"OK\",\"offered\"\n",
            "",
        ),
        ("\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\"\n", "\"", ""),
    ] {
        let _ = collector.read(repeated(head, again, tail).as_bytes(), "a", "device", &|_| {});
    }
}

#[test]
fn ten_megabytes_of_the_same_configuration() {
    for (head, again) in [
        ("# Automatically generated file; DO NOT EDIT.\n# Linux/arm 6.1 Kernel Configuration\n", "CONFIG_KGDB=y\n"),
        ("MACHINE = \"a\"\n", "IMAGE_INSTALL += \"a \\\n"),
        ("", "a - 1\n"),
        ("PACKAGE NAME: a\n", "LICENSE: b\n"),
    ] {
        let _ = BuildCollector::default().read(repeated(head, again, "").as_bytes(), "a", "device", &|_| {});
    }
}

#[test]
fn ten_megabytes_of_the_same_document() {
    for (head, again) in [
        ("", "<p>"),
        ("<html>", "<p>personal data. "),
        ("<html>", "<a "),
        ("<html>", "&am"),
        ("", "# privacy\n"),
        ("", "個人情報の保存期間。"),
        ("", "1."),
        ("", "personal data "),
    ] {
        let _ = PublishedCollector::default().read(repeated(head, again, "").as_bytes(), "a", "device");
    }
}

fn repeated(head: &str, again: &str, tail: &str) -> String {
    const SIZE: usize = 10 << 20;
    format!("{head}{}{tail}", again.repeat((SIZE - head.len()) / again.len()))
}
