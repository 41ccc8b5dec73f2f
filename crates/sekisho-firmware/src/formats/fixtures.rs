//! The readers of file systems against images that the real tools made of one small tree; `tests/data/README.md` says how.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use sekisho_model::fact::ReadState;

use super::{ALL, Content, Opened};
use crate::blob::Blob;
use crate::limits::{Budget, Limits};
use crate::tree::{Kind, Tree};

/// The bytes of a fixture, unpacked.
fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{name}.xz"));
    let packed = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(packed.as_slice(), false).read_to_end(&mut bytes).unwrap();
    bytes
}

fn open(format: &str, bytes: Vec<u8>, budget: &Arc<Budget>) -> Option<Opened> {
    ALL.iter().find(|f| f.name() == format).unwrap().open(&Blob::memory(bytes), budget)
}

fn tree_of(format: &str, bytes: Vec<u8>) -> (Opened, Box<dyn Tree>) {
    let mut opened = open(format, bytes, &Budget::new(Limits::default())).unwrap();
    let Content::Tree(tree) = std::mem::take(&mut opened.content) else { panic!("{format} gave no tree") };
    (opened, tree)
}

/// What an entry shows: its content, or its target, or nothing.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    File(Vec<u8>),
    Link(String),
    Directory,
    Special,
}

fn shown(tree: &dyn Tree) -> BTreeMap<String, Shown> {
    let mut all = BTreeMap::new();
    for entry in tree.entries() {
        let shown = match &entry.kind {
            Kind::File(size) => {
                let content = tree.content(entry, 1 << 20);
                assert_eq!((content.cut, content.bytes.len()), (None, *size), "{}", entry.path);
                Shown::File(content.bytes.window(0, 1 << 20).unwrap().into_owned())
            }
            Kind::Link(target) => Shown::Link(target.clone()),
            Kind::Directory => Shown::Directory,
            Kind::Special => Shown::Special,
        };
        assert!(all.insert(entry.path.clone(), shown).is_none(), "{} twice", entry.path);
    }
    all
}

/// The recipe's `data/text`.
fn text() -> Vec<u8> {
    (0..400).flat_map(|i| format!("line {i} of a text that Sekisho wrote for its tests\n").into_bytes()).collect()
}

/// The recipe's `data/noise`: does not compress.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        (state >> 16) as u8
    };
    (0..6000).map(|_| next()).collect()
}

/// The files that every fixture has, FAT's among them.
fn files() -> BTreeMap<String, Shown> {
    let mut sparse = vec![0; 20_000];
    sparse.extend(b"the end\n");
    [
        ("/bin/tool", b"#!/bin/sh\necho own text of Sekisho\n".to_vec()),
        ("/bin/ping", b"#!/bin/sh\necho needs a raw socket\n".to_vec()),
        ("/data/text", text()),
        ("/data/linked", text()),
        ("/data/noise", noise()),
        ("/data/sparse", sparse),
        ("/data/a name that is longer than eight and three.text", b"long name\n".to_vec()),
        ("/data/nothing", Vec::new()),
    ]
    .into_iter()
    .map(|(path, content)| (path.to_owned(), Shown::File(content)))
    .chain(["/bin", "/data"].map(|path| (path.to_owned(), Shown::Directory)))
    .collect()
}

/// The whole tree.
fn everything() -> BTreeMap<String, Shown> {
    let mut all = files();
    all.extend(["/etc", "/empty"].map(|path| (path.to_owned(), Shown::Directory)));
    all.insert("/etc/passwd".into(), Shown::File(b"root::0:0:root:/root:/bin/sh\n".to_vec()));
    all.insert("/etc/console".into(), Shown::Special);
    all.insert("/etc/escape".into(), Shown::Link("../../../../etc/passwd".into()));
    all.insert("/bin/sh".into(), Shown::Link("tool".into()));
    all
}

/// Fixture, format, whether permissions and whether capabilities are kept.
const UNIX: [(&str, &str, bool, bool); 24] = [
    ("iso9660", "iso9660", true, false),
    ("ext2", "ext4", true, true),
    ("ext4", "ext4", true, true),
    ("jffs2-zlib", "jffs2", true, false),
    ("jffs2-rtime", "jffs2", true, false),
    ("jffs2-lzo", "jffs2", true, false),
    ("jffs2-big", "jffs2", true, true),
    ("ubifs-none", "ubifs", true, false),
    ("ubifs-lzo", "ubifs", true, false),
    ("ubifs-zlib", "ubifs", true, false),
    ("ubifs-zstd", "ubifs", true, false),
    ("cramfs-little", "cramfs", true, false),
    ("cramfs-big", "cramfs", true, false),
    ("romfs", "romfs", false, false),
    ("squashfs-3.0-big", "squashfs", true, false),
    ("squashfs-3.1-big", "squashfs", true, false),
    ("squashfs-3.1-little", "squashfs", true, false),
    ("squashfs-4-gzip", "squashfs", true, true),
    ("squashfs-4-lzma", "squashfs", true, true),
    ("squashfs-4-lzo", "squashfs", true, true),
    ("squashfs-4-lz4", "squashfs", true, true),
    ("squashfs-4-xz", "squashfs", true, true),
    ("squashfs-4-bcj", "squashfs", true, true),
    ("squashfs-4-zstd", "squashfs", true, true),
];

const FAT: [&str; 3] = ["fat12", "fat16", "fat32"];

#[test]
fn every_file_system_gives_the_same_tree() {
    for (name, format, modes, capabilities) in UNIX {
        let bytes = fixture(name);
        let length = bytes.len() as u64;
        let (opened, tree) = tree_of(format, bytes);
        assert_eq!((opened.read, &opened.gaps), (ReadState::Whole, &Vec::new()), "{name}");
        assert!(opened.length <= length && opened.length + 4096 > length, "{name}: {} of {length}", opened.length);
        let mut all = shown(&*tree);
        all.retain(|path, _| path != "/lost+found");
        assert_eq!(all, everything(), "{name}");
        let entry = |path: &str| tree.entries().iter().find(|e| e.path == path).unwrap();
        if modes {
            assert_eq!(entry("/bin/tool").mode, Some(0o4755), "{name}");
            assert_eq!(entry("/etc/passwd").mode, Some(0o644), "{name}");
        }
        assert!(tree.entries().iter().all(|e| e.uid == 0), "{name}");
        let expected: &[&str] = if capabilities { &["cap_net_raw", "cap_bpf"] } else { &[] };
        assert_eq!(entry("/bin/ping").capabilities, expected, "{name}");
        assert!(entry("/bin/tool").capabilities.is_empty());
    }
}

/// Without Rock Ridge the names are Joliet's.
#[test]
fn iso_with_the_names_of_joliet() {
    let mut bytes = fixture("iso9660");
    let place = memchr::memmem::find(&bytes, b"SP\x07\x01\xbe\xef").unwrap();
    bytes[place..place + 2].copy_from_slice(b"XX");
    let (opened, tree) = tree_of("iso9660", bytes);
    assert!(opened.detail.unwrap().contains("Joliet"));
    let all = shown(&*tree);
    for (path, file) in files() {
        assert_eq!(all.get(&path), Some(&file), "{path}");
    }
}

#[test]
fn fat_of_every_width() {
    for name in FAT {
        let (opened, tree) = tree_of("fat", fixture(name));
        assert_eq!((opened.read, &opened.gaps), (ReadState::Whole, &Vec::new()), "{name}");
        assert!(opened.detail.unwrap().starts_with(&name.to_uppercase()));
        assert_eq!(shown(&*tree), files(), "{name}");
    }
}

#[test]
fn volumes_of_ubi() {
    let opened = open("ubi", fixture("ubi"), &Budget::new(Limits::default())).unwrap();
    assert_eq!((opened.read, &opened.gaps), (ReadState::Whole, &Vec::new()));
    let Content::Parts(parts) = opened.content else { panic!() };
    let parts: Vec<_> = parts.collect();
    assert_eq!(parts.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["rootfs", "notes"]);
    assert_eq!(parts[1].data.window(0, 1 << 20).unwrap().as_ref(), text());
    let rootfs = parts[0].data.window(0, 1 << 20).unwrap().into_owned();
    assert_eq!(shown(&*tree_of("ubifs", rootfs).1), everything());
}

/// The blocks of a device lie in any order, and of two copies the newer counts.
#[test]
fn blocks_of_ubi_in_any_order() {
    const BLOCK: usize = 16 << 10;
    let bytes = fixture("ubi");
    let mut blocks: Vec<&[u8]> = bytes.chunks(BLOCK).collect();
    blocks.reverse();
    // A bad block among them.
    let bad = vec![0; BLOCK];
    blocks.insert(1, &bad);
    let opened = open("ubi", blocks.concat(), &Budget::new(Limits::default())).unwrap();
    assert_eq!((opened.read, opened.length), (ReadState::Whole, (bytes.len() + BLOCK) as u64));
    let Content::Parts(parts) = opened.content else { panic!() };
    let parts: Vec<_> = parts.collect();
    assert_eq!(parts[1].data.window(0, 1 << 20).unwrap().as_ref(), text());
}

/// Without its index a file system is still read, and it is said that deleted files may be in it.
#[test]
fn ubifs_without_an_index() {
    const BLOCK: usize = 15_872;
    let mut bytes = fixture("ubifs-zlib");
    bytes[BLOCK..3 * BLOCK].fill(0xff);
    let (opened, tree) = tree_of("ubifs", bytes);
    assert_eq!((opened.read, opened.gaps.len()), (ReadState::Partial, 1));
    assert_eq!(shown(&*tree), everything());
}

/// Opens the region and everything in it; where something is missing it must have been said.
fn exercise(format: &str, bytes: Vec<u8>) {
    let limits = Limits { stream: 4 << 20, live: 8 << 20, expanded: 32 << 20, files: 1000, ..Limits::default() };
    let Some(opened) = open(format, bytes, &Budget::new(limits)) else { return };
    match opened.content {
        Content::Tree(tree) => {
            for entry in tree.entries() {
                assert!(!entry.path.split('/').any(|part| part == ".."), "{format} {}", entry.path);
                assert!(tree.content(entry, 64 << 10).bytes.len() <= 64 << 10, "{format} {}", entry.path);
            }
        }
        Content::Parts(parts) => {
            for part in parts {
                let _ = part.data.window(0, 64 << 10);
                let _ = part.data.window(part.data.len() / 2, 64 << 10);
            }
        }
        _ => {}
    }
}

/// Fixtures that are small enough to be read a thousand times.
const SMALL: [(&str, &str); 15] = [
    ("iso9660", "iso9660"),
    ("ext2", "ext4"),
    ("ext4", "ext4"),
    ("jffs2-rtime", "jffs2"),
    ("jffs2-big", "jffs2"),
    ("ubi", "ubi"),
    ("ubifs-zlib", "ubifs"),
    ("cramfs-little", "cramfs"),
    ("cramfs-big", "cramfs"),
    ("romfs", "romfs"),
    ("fat12", "fat"),
    ("squashfs-3.1-big", "squashfs"),
    ("squashfs-3.1-little", "squashfs"),
    ("squashfs-4-gzip", "squashfs"),
    ("squashfs-4-lzma", "squashfs"),
];

#[test]
fn cut_short_anywhere() {
    for (name, format) in SMALL {
        let bytes = fixture(name);
        for part in 1..40 {
            let cut = bytes.len() * part / 40;
            exercise(format, bytes[..cut].to_vec());
        }
        // What is missing is said, except of flash that was never written.
        let opened = open(format, bytes[..bytes.len() / 3].to_vec(), &Budget::new(Limits::default())).unwrap();
        assert_ne!(opened.read, ReadState::Whole, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn damaged_anywhere(index in 0..SMALL.len(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..20), early in any::<bool>()) {
        let (name, format) = SMALL[index];
        let mut bytes = fixture(name);
        // Padding is most of an image; half of the time only the headers and tables at the beginning are hit.
        let lines = bytes.chunks(16).enumerate();
        let mut used: Vec<usize> =
            lines.filter(|(_, line)| line.iter().any(|b| *b != line[0])).map(|(i, _)| 16 * i).collect();
        if early {
            used.truncate(300);
        }
        for (place, value, how) in damage {
            let at = (used[place.index(used.len())] + usize::from(value & 15)).min(bytes.len() - 1);
            bytes[at] = [value, 0, 0xff, bytes[at] ^ 1 << (value & 7)][usize::from(how)];
        }
        exercise(format, bytes);
    }
}

/// The library for ext4 makes room for what is claimed; what cannot be is not handed on to it.
#[test]
fn claims_of_ext4_cost_nothing() {
    let mut bytes = fixture("ext2");
    // `s_blocks_count_lo`, `s_blocks_per_group`.
    bytes[1028..1032].copy_from_slice(&u32::MAX.to_le_bytes());
    bytes[1056..1060].copy_from_slice(&8_u32.to_le_bytes());
    assert!(open("ext4", bytes, &Budget::new(Limits::default())).is_none());
    let mut bytes = fixture("ext2");
    let link = (0..bytes.len()).step_by(256).find(|&at| {
        bytes[at..at + 8] == [0xff, 0xa1, 0, 0, 22, 0, 0, 0] && bytes[at + 40..].starts_with(b"../../../../etc/passwd")
    });
    bytes[link.unwrap() + 4..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let (opened, tree) = tree_of("ext4", bytes);
    assert_eq!((opened.read, opened.gaps.len()), (ReadState::Partial, 1));
    assert!(tree.entries().iter().any(|e| e.path == "/etc/escape" && e.kind == Kind::Link(String::new())));
}
