//! Configurations that software was built with, wherever they lie.
#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::io::Write;

use sekisho_firmware::FirmwareCollector;
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::Observed;
use time::macros::date;

const CONFIG: &str = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 5.4.1 Kernel Configuration\n#\nCONFIG_IKCONFIG=y\nCONFIG_STRICT_KERNEL_RWX=y\n# CONFIG_MODULE_SIG is not set\n";

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn run(bytes: &[u8]) -> Collection {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    FirmwareCollector::new(date!(2026 - 01 - 01)).collect(file.path(), "image.bin", "device", &|_| {}).unwrap()
}

/// Option, value, and where it was seen.
fn options(collection: &Collection) -> Vec<(String, String, Option<String>)> {
    collection
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::BuildOption(o) => Some((o.option.clone(), o.value.clone(), fact.source.path.clone())),
            _ => None,
        })
        .collect()
}

fn expected(path: Option<&str>) -> Vec<(String, String, Option<String>)> {
    [("IKCONFIG", "y"), ("STRICT_KERNEL_RWX", "y"), ("MODULE_SIG", "n")]
        .into_iter()
        .map(|(option, value)| (option.to_owned(), value.to_owned(), path.map(str::to_owned)))
        .collect()
}

#[test]
fn in_the_kernel() {
    // As the kernel has it: its code, the marks around the gzip stream, more code; the whole compressed.
    let code: Vec<u8> = (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 & 0x7f | 1).collect();
    let banner = b"\0Linux version 5.4.1 (builder@host) (gcc version 9.2.0) #1 Mon Jan 1 00:00:00 UTC 2024\n\0";
    let kernel = [&code[..], banner, b"IKCFG_ST", &gz(CONFIG.as_bytes()), b"IKCFG_ED", &code].concat();
    let found = run(&gz(&kernel));
    assert_eq!(options(&found), expected(None));
    let fact = found.facts.iter().find(|f| matches!(f.observed, Observed::BuildOption(_))).unwrap();
    assert_eq!(fact.source.within.len(), 2, "{fact:?}");
}

#[test]
fn in_a_file_compressed_or_not() {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in
        [("boot/config-5.4.1", CONFIG.as_bytes().to_vec()), ("proc/config.gz", gz(CONFIG.as_bytes()))]
    {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, path, content.as_slice()).unwrap();
    }
    let found = run(&builder.into_inner().unwrap());
    let all = options(&found);
    assert_eq!(all.iter().filter(|(_, _, path)| path.as_deref() == Some("/boot/config-5.4.1")).count(), 3, "{all:?}");
    assert_eq!(all.len(), 6, "{all:?}");
}

#[test]
fn alone() {
    let found = run(CONFIG.as_bytes());
    assert_eq!(options(&found), expected(Some("/image.bin")));
    let extent = |aspect| found.coverage.iter().find(|c| c.aspect == aspect).unwrap().extent;
    assert_eq!(extent(Aspect::FirmwareBuild), Extent::Complete);
    assert_eq!(extent(Aspect::FirmwareAccounts), Extent::None);
}

/// A text that was compressed is looked at like any other.
#[test]
fn a_compressed_text_is_a_text() {
    let found = run(&gz(b"server=10.0.0.1\npassword=Sup3rS3cret\n# a comment to make it a little longer\n"));
    let credentials: Vec<_> =
        found.facts.iter().filter(|f| matches!(&f.observed, Observed::Credential(c) if !c.inactive)).collect();
    assert_eq!(credentials.len(), 1, "{:?}", found.facts);
    assert_eq!(credentials[0].source.line, Some(2));
}
