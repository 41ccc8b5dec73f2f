//! What no tool makes: replaced, deleted, obsolete and damaged nodes.

use sekisho_model::fact::ReadState;

use super::*;
use crate::limits::Limits;

/// A node with its header, its fields and their CRC, and its data.
fn node(kind: u16, fields: &[u8], crcs_of_data: bool, data: &[u8]) -> Vec<u8> {
    let crcs = if crcs_of_data { 8 } else { 4 };
    let length = 12 + fields.len() + crcs + data.len();
    let mut bytes = 0x1985_u16.to_le_bytes().to_vec();
    bytes.extend((kind | ACCURATE).to_le_bytes());
    bytes.extend((length as u32).to_le_bytes());
    let crc = crc32_from_zero(&bytes);
    bytes[2..4].copy_from_slice(&kind.to_le_bytes());
    bytes.extend(crc.to_le_bytes());
    bytes.extend(fields);
    bytes
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn name(parent: u32, version: u32, inode: u32, name: &str) -> Vec<u8> {
    let mut fields = words(&[parent, version, inode, 0]);
    fields.extend([name.len() as u8, 0, 0, 0]);
    let mut bytes = node(0xe001, &fields, true, name.as_bytes());
    bytes.extend(crc32_from_zero(&bytes[..32]).to_le_bytes());
    bytes.extend(crc32_from_zero(name.as_bytes()).to_le_bytes());
    bytes.extend(name.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0xff);
    bytes
}

fn inode(kind: u16, number: u32, version: u32, size: u32, at: u32, data: &[u8]) -> Vec<u8> {
    let mut fields =
        words(&[number, version, 0o100_644, 0, size, 0, 0, 0, at, data.len() as u32, data.len() as u32, 0]);
    fields.truncate(48);
    let mut bytes = node(kind, &fields, true, data);
    bytes.extend(crc32_from_zero(data).to_le_bytes());
    bytes.extend(crc32_from_zero(&bytes[..60]).to_le_bytes());
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(4), 0xff);
    bytes
}

fn open(nodes: &[Vec<u8>]) -> (Opened, Vec<(String, Vec<u8>)>) {
    let mut opened = Jffs2.open(&Blob::memory(nodes.concat()), &Budget::new(Limits::default())).unwrap();
    let Content::Tree(tree) = std::mem::take(&mut opened.content) else { panic!() };
    let read = |entry| tree.content(entry, 1000).bytes.window(0, 1000).unwrap().into_owned();
    let files = tree.entries().iter().map(|entry| (entry.path.clone(), read(entry))).collect();
    (opened, files)
}

#[test]
fn the_newest_version_counts_wherever_it_lies() {
    let nodes = [
        inode(0xe002, 2, 3, 8, 2, b"XY"),
        name(1, 2, 2, "file"),
        inode(0xe002, 2, 1, 6, 0, b"abcdef"),
        inode(0xe002, 2, 2, 3, 0, b""),
        // Renamed and then deleted: a name of inode 0.
        name(1, 3, 5, "gone"),
        inode(0xe002, 5, 1, 1, 0, b"g"),
        name(1, 4, 0, "gone"),
        // Marked obsolete in place: no longer counts, though its version is the highest.
        inode(0xc002, 2, 9, 1, 0, b"!"),
    ];
    let (opened, files) = open(&nodes);
    assert_eq!((opened.read, opened.gaps), (ReadState::Whole, Vec::new()));
    assert_eq!(files, [("/file".to_owned(), b"abXYef\0\0".to_vec())]);
}

#[test]
fn a_node_with_a_wrong_checksum_does_not_count() {
    let mut newer = inode(0xe002, 2, 2, 4, 0, b"new!");
    newer[70] ^= 1;
    let (opened, files) = open(&[name(1, 1, 2, "file"), inode(0xe002, 2, 1, 4, 0, b"old."), newer]);
    assert_eq!((opened.read, opened.gaps.len()), (ReadState::Partial, 1));
    assert_eq!(files, [("/file".to_owned(), b"old.".to_vec())]);
}

#[test]
fn two_file_systems_in_a_row_are_said() {
    let one = |inode, text: &str| name(1, 1, inode, text);
    let file = |number| inode(0xe002, number, 1, 1, 0, b"x");
    let (opened, _) = open(&[one(2, "a"), file(2), one(3, "b"), file(3)]);
    assert_eq!(opened.read, ReadState::Partial);
    assert!(opened.gaps[0].en.contains("two file systems"), "{:?}", opened.gaps);
}
