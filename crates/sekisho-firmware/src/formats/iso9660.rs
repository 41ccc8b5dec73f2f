//! ISO 9660, with the names and permissions of Rock Ridge, or the names of Joliet.
//!
//! Layout: ECMA-119; IEEE P1281 (SUSP) and P1282 (Rock Ridge) for the system use fields; the Joliet specification.

mod record;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use self::record::{Names, Record};
use super::inode_tree::Node;
use super::pieces::{File, Packing, Piece, PieceTree};
use super::{Content, Format, Opened, Signature, le16, le32};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::{Entry, Kind};

pub(super) struct Iso9660;

/// Sectors of descriptors have this size, whatever the blocks of the volume have.
const SECTOR: u64 = 2048;
/// The first descriptor's sector; before it lies room for a boot loader.
const DESCRIPTORS: u64 = 16;
/// Descriptors looked at.
const MAX_DESCRIPTORS: u64 = 32;
/// Bytes of one directory.
const MAX_DIRECTORY: u32 = 16 << 20;
/// Directories in directories: the standard allows 8, Rock Ridge moves deeper ones.
const MAX_DEPTH: usize = 64;

impl Format for Iso9660 {
    fn name(&self) -> &'static str {
        "iso9660"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"\x01CD001\x01", at: DESCRIPTORS * SECTOR }] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let primary = data.array::<{ SECTOR as usize }>(DESCRIPTORS * SECTOR)?;
        if !primary.starts_with(b"\x01CD001\x01") {
            return None;
        }
        let (blocks, block) = (u64::from(le32(&primary, 80)), u64::from(le16(&primary, 128)));
        if blocks <= DESCRIPTORS || !matches!(block, 512 | 1024 | 2048) {
            return None;
        }
        let label = super::text_field(&primary[40..72]).unwrap_or_default();
        let root = Record::read(&primary[156..190])?;
        let joliet = joliet_root(data);
        let mut walk = Walk {
            data,
            block,
            names: Names::Plain,
            skip: 0,
            budget,
            entries: Vec::new(),
            files: HashMap::new(),
            unsafe_names: 0,
            broken: 0,
        };
        // The root's own entry says whether Rock Ridge is used, and how many bytes stand before its fields.
        let (root, how) = if let Some(skip) = record::rock_ridge(&walk.listing(&root)) {
            (walk.names, walk.skip) = (Names::RockRidge, skip);
            (root, "Rock Ridge")
        } else if let Some(joliet) = joliet {
            walk.names = Names::Joliet;
            (joliet, "Joliet")
        } else {
            (root, "plain")
        };
        let mut opened = Opened {
            detail: Some(format!("label '{label}', {how} names, blocks of {block} bytes")),
            ..Opened::default()
        }
        .of_length("iso9660", blocks * block, data.len());
        let limited = walk.run(root);
        let Walk { entries, files, unsafe_names, broken, .. } = walk;
        if limited {
            opened = opened.damaged(reason::files_limit());
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        if broken > 0 {
            let why = format!("{broken} directories are damaged or lie in themselves");
            opened = opened.damaged(reason::damaged("iso9660", &why));
        }
        let data = data.slice(0, opened.length);
        let tree = PieceTree { entries, files, data, budget: Arc::clone(budget), _held: Held::default() };
        opened.content = Content::Tree(Box::new(tree));
        Some(opened)
    }
}

/// The root of the supplementary descriptor with Joliet's escape sequences.
fn joliet_root(data: &Blob) -> Option<Record> {
    for sector in DESCRIPTORS + 1..DESCRIPTORS + MAX_DESCRIPTORS {
        let descriptor = data.array::<{ SECTOR as usize }>(sector * SECTOR)?;
        match (descriptor[0], &descriptor[1..6], &descriptor[88..91]) {
            (255, ..) => return None,
            (2, b"CD001", b"%/@" | b"%/C" | b"%/E") => return Record::read(&descriptor[156..190]),
            (_, b"CD001", _) => {}
            _ => return None,
        }
    }
    None
}

struct Walk<'a> {
    data: &'a Blob,
    block: u64,
    names: Names,
    /// Bytes before the fields of Rock Ridge.
    skip: usize,
    budget: &'a Budget,
    entries: Vec<Entry>,
    files: HashMap<u64, File>,
    unsafe_names: u64,
    broken: u64,
}

impl Walk<'_> {
    /// The bytes of a directory, as far as they are there.
    fn listing(&self, directory: &Record) -> Vec<u8> {
        let at = u64::from(directory.block) * self.block;
        self.data.window(at, directory.size.min(MAX_DIRECTORY) as usize).unwrap_or_default().into_owned()
    }

    /// Goes through the directories; whether a limit was reached.
    fn run(&mut self, root: Record) -> bool {
        let mut seen = HashSet::from([root.block]);
        let mut pending = vec![(String::new(), 0_usize, root)];
        while let Some((directory, depth, record)) = pending.pop() {
            let bytes = self.listing(&record);
            // Directories may lie over each other: what is read of them is accounted for.
            if !self.budget.expand(bytes.len() as u64) {
                return true;
            }
            self.broken += u64::from(bytes.len() < record.size as usize);
            // The parts of a file that takes more than one entry.
            let mut parts: Vec<Piece> = Vec::new();
            for raw in record::records(&bytes) {
                if !self.budget.entry() || self.budget.out_of_time() {
                    return true;
                }
                let Some(record) = Record::read(raw) else {
                    self.broken += 1;
                    continue;
                };
                let extended = record.extended(raw, self.names, self.skip, self.data, self.block);
                // A directory that was moved up because it lay too deep is met where it belongs.
                if extended.moved {
                    continue;
                }
                let name = &extended.name;
                if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0']) {
                    self.unsafe_names += 1;
                    continue;
                }
                let at = parts.last().map_or(0, |last| last.at + u64::from(last.length));
                let from = u64::from(record.block) * self.block;
                let (length, packed) = (record.size, record.size);
                let piece = Piece { at, length, from, packed, packing: Packing::Stored };
                if record.continued {
                    parts.push(piece);
                    continue;
                }
                let path = format!("{directory}/{name}");
                let handle = self.entries.len() as u64;
                let mut pieces = std::mem::take(&mut parts);
                pieces.push(piece);
                let size = pieces.iter().map(|piece| u64::from(piece.length)).sum();
                let mut node = match extended.mode {
                    Some(mode) => Node::of_mode(mode, extended.uid, size, || extended.target.clone()),
                    None if record.directory => Node { kind: Kind::Directory, ..Node::default() },
                    None => Node { kind: Kind::File(size), ..Node::default() },
                };
                let child = extended.child.unwrap_or(record.block);
                if record.directory || extended.child.is_some() {
                    node.kind = Kind::Directory;
                    let record = match extended.child {
                        // A directory that was moved says its size in its own first entry.
                        Some(block) => {
                            self.data.window(u64::from(block) * self.block, 34).ok().and_then(|b| Record::read(&b))
                        }
                        None => Some(record),
                    };
                    match record {
                        Some(record) if seen.insert(child) && depth < MAX_DEPTH => {
                            pending.push((path.clone(), depth + 1, record));
                        }
                        _ => {
                            self.broken += 1;
                            continue;
                        }
                    }
                } else if matches!(node.kind, Kind::File(_)) {
                    self.files.insert(handle, File { size, pieces, cut: None });
                }
                let Node { kind, mode, uid, .. } = node;
                self.entries.push(Entry { path, kind, mode, uid, handle, ..Entry::default() });
            }
        }
        false
    }
}
