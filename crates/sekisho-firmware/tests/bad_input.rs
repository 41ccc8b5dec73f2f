//! Damaged and hostile images: each gives a clear error or a bounded, reported partial result.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where something is not as it should be, and says what it skips"
)]

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use backhand::{FilesystemWriter, NodeHeader};
use sekisho_firmware::{FirmwareCollector, Limits, entry_points};
use sekisho_model::collect::{CollectError, Collection, Collector};
use sekisho_model::coverage::{Aspect, Extent};
use sekisho_model::fact::{Observed, ReadState};
use time::macros::date;

fn run_with(bytes: &[u8], limits: Limits) -> Result<Collection, CollectError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    FirmwareCollector::new(date!(2026 - 01 - 01)).with_limits(limits).collect(
        file.path(),
        "image.bin",
        "device",
        &|_| {},
    )
}

fn run(bytes: &[u8]) -> Collection {
    run_with(bytes, Limits::default()).unwrap()
}

fn extent(collection: &Collection, aspect: Aspect) -> Extent {
    collection.coverage.iter().find(|c| c.aspect == aspect).unwrap().extent
}

fn reasons(collection: &Collection) -> String {
    collection.coverage.iter().flat_map(|c| &c.gaps).fold(String::new(), |mut all, gap| {
        let _ = writeln!(all, "{}", gap.reason.en);
        all
    })
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_ustar();
        header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn squashfs() -> Vec<u8> {
    let mut writer = FilesystemWriter::default();
    let header = NodeHeader { permissions: 0o644, ..NodeHeader::default() };
    writer.push_dir("/etc", NodeHeader { permissions: 0o755, ..header }).unwrap();
    writer.push_file(Cursor::new(b"root::0:0:root:/:/bin/sh\n".to_vec()), "/etc/passwd", header).unwrap();
    writer.push_dir("/bin", NodeHeader { permissions: 0o755, ..header }).unwrap();
    let noise: Vec<u8> = noise(300_000, 3);
    writer.push_file(Cursor::new(noise), "/bin/sh", NodeHeader { permissions: 0o4755, ..header }).unwrap();
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out).unwrap();
    out.into_inner()
}

fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

#[test]
fn what_is_no_image_is_an_error_with_a_hint() {
    for (bytes, code) in [
        (&b""[..], "empty-image"),
        (b"hello\nworld\n", "not-an-image"),
        (b":10000000AABBCC\n:10001000AABBCC\n", "not-an-image"),
    ] {
        let Err(CollectError::Unusable(problem)) = run_with(bytes, Limits::default()) else { panic!("{bytes:?}") };
        assert_eq!(problem.code, code);
        assert!(problem.hint.is_some());
    }
    let collector = FirmwareCollector::new(date!(2026 - 01 - 01));
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(collector.collect(directory.path(), "x", "y", &|_| {}), Err(CollectError::Unusable(_))));
    assert!(matches!(collector.collect(Path::new("/no/such/file"), "x", "y", &|_| {}), Err(CollectError::Io { .. })));
}

#[test]
fn a_whole_squashfs_is_complete_and_a_truncated_one_is_not() {
    let bytes = squashfs();
    let whole = run(&bytes);
    assert_eq!(extent(&whole, Aspect::FirmwareAccounts), Extent::Complete, "{}", reasons(&whole));
    assert_eq!(whole.facts.iter().filter(|f| matches!(f.observed, Observed::Account(_))).count(), 1);
    assert!(whole.facts.iter().any(|f| matches!(&f.observed, Observed::FileMode(m) if m.setuid && m.shell)));
    for part in [2, 3, 5, 9] {
        let cut = run(&bytes[..bytes.len() * (part - 1) / part]);
        assert_ne!(extent(&cut, Aspect::FirmwareAccounts), Extent::Complete, "{}", reasons(&cut));
        assert!(reasons(&cut).contains("declares"), "{}", reasons(&cut));
    }
}

#[test]
fn every_byte_of_a_squashfs_may_be_wrong() {
    let bytes = squashfs();
    // The superblock and the tables at the end, where it hurts.
    let tables = (0..96).chain(bytes.len() - 400..bytes.len());
    for at in tables {
        for value in [0, 0xff, bytes[at] ^ 0x10] {
            let mut broken = bytes.clone();
            broken[at] = value;
            let _ = entry_points::image(&broken);
        }
    }
}

#[test]
fn a_bomb_is_bounded_and_reported() {
    let limits = Limits { stream: 4 << 20, live: 8 << 20, ..Limits::default() };
    let bomb = gz(&vec![0; 200 << 20]);
    let begin = Instant::now();
    let found = run_with(&bomb, limits).unwrap();
    assert!(begin.elapsed() < Duration::from_secs(30));
    assert!(reasons(&found).contains("size limit"), "{}", reasons(&found));
    assert_ne!(extent(&found, Aspect::FirmwareKeys), Extent::Complete);
    // A bomb in a bomb.
    let inner = gz(&vec![0; 50 << 20]);
    let found = run_with(&gz(&tar(&[("a.gz", &inner), ("b.gz", &inner), ("c.gz", &inner)])), limits).unwrap();
    assert_ne!(extent(&found, Aspect::FirmwareKeys), Extent::Complete);
}

#[test]
fn nesting_ends() {
    let mut bytes = tar(&[("etc/passwd", b"root::0:0::/:/bin/sh\n")]);
    for _ in 0..30 {
        bytes = gz(&bytes);
    }
    let found = run(&bytes);
    assert!(reasons(&found).contains("deeper"), "{}", reasons(&found));
    assert_eq!(extent(&found, Aspect::FirmwareAccounts), Extent::None);
}

#[test]
fn names_that_lead_out_are_reported_and_not_followed() {
    let bytes = tar(&[
        ("../../../etc/passwd", b"root::0:0::/:/bin/sh\n"),
        ("etc/hostname", b"x\n"),
        ("/etc/shadow", b"root::0:0:::::\n"),
    ]);
    let found = run(&bytes);
    assert!(reasons(&found).contains("lead out"), "{}", reasons(&found));
    assert_eq!(extent(&found, Aspect::FirmwareAccounts), Extent::Partial);
    for fact in &found.facts {
        assert!(!fact.source.path.as_deref().unwrap_or_default().contains(".."));
    }
}

#[test]
fn noise_shows_nothing() {
    for seed in 1..4 {
        let found = run(&noise(8 << 20, seed));
        assert_eq!(found.facts.len(), 1, "{:?}", found.facts);
        assert!(
            matches!(&found.facts[0].observed, Observed::Region(r) if r.format == "unknown" && r.read == ReadState::Unread)
        );
        for coverage in &found.coverage {
            assert_ne!(coverage.extent, Extent::Complete);
        }
    }
}

/// The same through the path of images that are too large for memory.
#[test]
fn a_large_image_is_read_in_windows() {
    let mut bytes = noise(3 << 20, 7);
    let at = bytes.len().next_multiple_of(4096);
    bytes.resize(at, 0xff);
    bytes.extend(squashfs());
    let in_memory = run(&bytes);
    let in_windows = run_with(&bytes, Limits { in_memory: 0, ..Limits::default() }).unwrap();
    assert_eq!(in_memory.facts, in_windows.facts);
    assert!(
        in_memory
            .facts
            .iter()
            .any(|f| matches!(f.observed, Observed::Account(_)) && f.source.offset == Some(at as u64))
    );
}

#[test]
fn too_many_files_and_no_time() {
    let files: Vec<(String, Vec<u8>)> = (0..500).map(|i| (format!("f{i}"), vec![b'x'; 10])).collect();
    let bytes = tar(&files.iter().map(|(n, c)| (n.as_str(), c.as_slice())).collect::<Vec<_>>());
    let found = run_with(&bytes, Limits { files: 100, ..Limits::default() }).unwrap();
    assert!(reasons(&found).contains("more files"), "{}", reasons(&found));
    let found = run_with(&bytes, Limits { time: Duration::ZERO, ..Limits::default() }).unwrap();
    assert!(found.coverage.iter().all(|c| c.extent != Extent::Complete));
}

/// Made for this test; it opens nothing.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBERERERERERERERERERERERERERERERERERERERERERERERoAoGCCqGSM49\nAwEHoUQDQgAEERERERERERERERERERERERERERERERERERERERERERERERERERERERERERERER\nERERERERERERERERERERERERERERERERERERERERERE=\n-----END EC PRIVATE KEY-----\n";

/// A good input for once: the way to a key in an archive in an archive is told.
#[test]
fn a_key_in_a_nested_archive_is_found() {
    let inner = gz(&tar(&[("keys/server.key", KEY.as_bytes()), ("keys/empty.key", b"")]));
    let found = run(&tar(&[("opt/backup.tgz", &inner), ("etc/hostname", b"x\n")]));
    let keys: Vec<_> = found.facts.iter().filter(|f| matches!(f.observed, Observed::PrivateKey(_))).collect();
    assert_eq!(keys.len(), 1, "{keys:?}");
    let source = &keys[0].source;
    assert_eq!(source.path.as_deref(), Some("/keys/server.key"));
    assert_eq!(source.within, ["tar@0", "gzip@/opt/backup.tgz", "tar@0"]);
    assert_eq!((source.line, source.sha256.as_ref().map(String::len)), (Some(1), Some(64)));
}

/// Reads the example's image cut at each of these places; what is there is read, and nothing ends the run.
fn cut_at(places: impl Iterator<Item = usize>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/smart-camera/firmware/camera-2.4.0.bin");
    let image = std::fs::read(path).unwrap();
    let whole = entry_points::image(&image).unwrap();
    for place in places.take_while(|&place| place < image.len()) {
        let facts = entry_points::image(&image[..place]).unwrap();
        // A cut one shows its own damage and no more than the whole besides.
        assert!(facts <= whole + 64, "{facts} facts of an image cut at {place}, {whole} of the whole");
    }
}

#[test]
fn an_image_cut_here_and_there() {
    cut_at((0..).step_by(320 << 10));
}

#[test]
#[ignore = "takes minutes: cargo test --release -p sekisho-firmware --test bad_input -- --ignored"]
fn an_image_cut_at_every_kilobyte() {
    cut_at((0..).step_by(1 << 10));
}
