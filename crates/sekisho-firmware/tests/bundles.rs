//! Update bundles and containers as wholes: what they say of themselves, and that what lies in them is looked at.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

mod common;

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use common::shared;
use sekisho_firmware::{FirmwareCollector, Limits};
use sekisho_model::collect::{Collection, Collector};
use sekisho_model::fact::{Observed, ReadState, Region, SignatureState, UpdateImage};
use time::macros::date;

fn collect(bytes: &[u8]) -> Collection {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let collector = FirmwareCollector::new(date!(2026 - 01 - 01)).with_limits(Limits::default());
    collector.collect(file.path(), "image.bin", "device", &|_| {}).unwrap()
}

fn of_shared(path: &str) -> Option<Collection> {
    Some(collect(&std::fs::read(shared(&format!("firmware/{path}"))?).unwrap()))
}

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data")).join(name)).unwrap()
}

fn updates(collection: &Collection) -> Vec<&UpdateImage> {
    collection
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::UpdateImage(update) => Some(update),
            _ => None,
        })
        .collect()
}

fn regions(collection: &Collection) -> Vec<(&[String], &Region)> {
    collection
        .facts
        .iter()
        .filter_map(|fact| match &fact.observed {
            Observed::Region(region) => Some((fact.source.within.as_slice(), region)),
            _ => None,
        })
        .collect()
}

fn reasons(collection: &Collection) -> String {
    collection.coverage.iter().flat_map(|c| &c.gaps).fold(String::new(), |mut all, gap| {
        let _ = writeln!(all, "{}", gap.reason.en);
        all
    })
}

/// A root file system in a tar.
fn system() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in
        [("etc/passwd", &b"root::0:0:root:/:/bin/sh\n"[..]), ("bin/sh", b"#!shell\n"), ("etc/inittab", b"")]
    {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn newc(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in files.iter().chain([&("TRAILER!!!", &b""[..])]) {
        let mut fields =
            [1, 0o100_644, 0, 0, 1, 0, content.len(), 0, 0, 0, 0, name.len() + 1, 0].map(|n| format!("{n:08x}"));
        if *name == "TRAILER!!!" {
            "00000000".clone_into(&mut fields[1]);
        }
        out.extend(format!("070701{}", fields.concat()).into_bytes());
        out.extend(name.as_bytes());
        out.push(0);
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(content);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn root_has_no_password(collection: &Collection) -> bool {
    collection.facts.iter().any(|fact| matches!(&fact.observed, Observed::Account(account) if account.user == "root"))
}

#[test]
fn real_rauc_bundles() {
    for (file, state, digest) in [
        ("good-bundle", SignatureState::Consistent, Some(true)),
        ("good-verity-bundle", SignatureState::Consistent, Some(true)),
        ("good-casync-bundle-1.5.1", SignatureState::Consistent, None),
        ("invalid-sig-bundle", SignatureState::Broken, None),
    ] {
        let Some(collection) = of_shared(&format!("rauc/{file}.raucb")) else { return };
        let found = updates(&collection);
        assert_eq!(found.len(), 1, "{file}");
        assert_eq!((found[0].signature, found[0].digest_valid), (state, digest), "{file}");
        if state == SignatureState::Consistent {
            assert_eq!(
                (found[0].target.as_deref(), found[0].version.as_deref()),
                (Some("Test Config"), Some("2011.03-2"))
            );
        }
        let payload = ["rauc/payload@0".to_owned()];
        assert!(regions(&collection).iter().any(|(within, r)| r.format == "squashfs" && *within == payload), "{file}");
    }
}

#[test]
fn a_real_fit_and_an_obfuscated_image() {
    let Some(collection) = of_shared("fit/u-boot-2023.01-nanopi_neo2.fit.itb") else { return };
    assert_eq!(updates(&collection)[0].signature, SignatureState::Absent);
    assert!(collection.facts.iter().any(|fact| {
        fact.source.within == ["fit/uboot@0"]
            && matches!(&fact.observed, Observed::Component(c) if c.name == "u-boot" && c.version.as_deref() == Some("2023.01"))
    }));
    let Some(collection) = of_shared("containers/binwalk-arcadyan.bin") else { return };
    let first = regions(&collection)[0].1.clone();
    // The vendor's own trailer names the same length.
    assert_eq!((first.format.as_str(), first.length, first.read), ("arcadyan", 733_166, ReadState::Whole));
}

#[test]
fn an_encrypted_bundle_is_said_to_be() {
    let collection = collect(&golden("rauc-crypt.raucb"));
    let found = updates(&collection);
    assert_eq!((found.len(), found[0].encrypted, found[0].signature), (1, Some(true), SignatureState::Consistent));
    assert!(reasons(&collection).contains("rauc is encrypted"));
}

#[test]
fn what_lies_in_a_bundle_is_looked_at() {
    let description = b"software = { version = \"1\"; images: ({ filename = \"root.tar.gz\"; }); };\n";
    let collection = collect(&newc(&[("sw-description", description), ("root.tar.gz", &gz(&system()))]));
    assert_eq!(updates(&collection)[0].signature, SignatureState::Absent);
    assert!(root_has_no_password(&collection));
}

#[test]
fn a_disk_its_partitions_and_what_lies_before_them() {
    let archive = system();
    let sectors = archive.len().div_ceil(512) as u32;
    let mut disk = vec![0; 512];
    disk[450] = 0x83;
    disk[454..458].copy_from_slice(&8_u32.to_le_bytes());
    disk[458..462].copy_from_slice(&sectors.to_le_bytes());
    disk[510..512].copy_from_slice(&[0x55, 0xaa]);
    disk.extend(b"U-Boot SPL 2021.07 (Jan 01 2021 - 00:00:00 +0000)\0");
    disk.extend(b"U-Boot 2021.07 (Jan 01 2021 - 00:00:00 +0000)\0");
    disk.resize(8 * 512, 0);
    disk.extend(&archive);
    let collection = collect(&disk);
    assert!(root_has_no_password(&collection));
    assert!(collection.facts.iter().any(|fact| {
        fact.source.within == ["mbr/unpartitioned@0"]
            && matches!(&fact.observed, Observed::Component(c) if c.name == "u-boot")
    }));
    assert!(regions(&collection).iter().any(|(within, r)| r.format == "tar" && *within == ["mbr/1-linux@0"]));
}

#[test]
fn archives_behind_each_other_in_one_initramfs() {
    let mut initramfs = newc(&[("kernel/x86/microcode.bin", b"microcode")]);
    initramfs.resize(initramfs.len().next_multiple_of(512), 0);
    initramfs.extend(gz(&newc(&[("etc/passwd", b"root::0:0:root:/:/bin/sh\n"), ("bin/sh", b"#!shell\n")])));
    // As an image, and as a file of a file system.
    assert!(root_has_no_password(&collect(&initramfs)));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(initramfs.len() as u64);
    builder.append_data(&mut header, "boot/initrd.img", &initramfs[..]).unwrap();
    let collection = collect(&builder.into_inner().unwrap());
    assert!(root_has_no_password(&collection));
    let last = |within: &[String]| within.iter().any(|container| container.starts_with("gzip@/boot/initrd.img+"));
    assert!(regions(&collection).iter().any(|(within, r)| r.format == "cpio" && last(within)));
}

#[test]
fn what_cannot_be_read_is_told_with_the_likely_reason() {
    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut image: Vec<u8> = (0..65_536)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as u8
        })
        .collect();
    image.extend([0xff; 8192]);
    let collection = collect(&image);
    assert!(
        reasons(&collection)
            .contains("65536 bytes of an unknown format (8.0 bits per byte): byte values evenly spread")
    );
    assert!(reasons(&collection).contains("likely encrypted with a block cipher"));
    // The same in a stream, and obfuscated text with a key that shows in the padding.
    let collection = collect(&gz(&image));
    assert!(reasons(&collection).contains("likely encrypted with a block cipher"));
    let mut text = b"A line of a program's text, which has little entropy. ".repeat(800);
    text.resize(65_536, 0xff);
    for (i, byte) in text.iter_mut().enumerate() {
        *byte ^= b"sixteen-byte-key"[i % 16];
    }
    assert!(reasons(&collect(&text)).contains("a key of 16 bytes shows in the padding"));
}
