//! UBIFS, in a UBI volume or as `mkfs.ubifs` writes it.
//!
//! What counts is what the index leads to and, on top of it, the journal written since the index: the blocks also hold nodes that were
//! deleted or replaced. Only where the index cannot be read are all nodes taken, and that is said. Layout: `fs/ubifs/ubifs-media.h`.

mod journal;
mod nodes;

use std::collections::HashSet;
use std::sync::Arc;

use sekisho_model::Text;

use self::nodes::State;
use super::{Content, Format, Opened, Signature, crc32, guarded, le16, le32, le64, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct UbiFs;

/// Bytes of the common header (`struct ubifs_ch`).
const HEADER: usize = 24;
/// Bytes of the superblock's node (`UBIFS_SB_NODE_SZ`).
const SUPERBLOCK: usize = 4096;
/// Bytes of a node at most: one of data has a block of 4 KiB, one of the index some dozen branches.
const MAX_NODE: u64 = 16 << 10;
/// Magic of every node.
const MAGIC: u32 = 0x0610_1831;
/// Levels of the index at most (`UBIFS_MAX_LEVELS`).
const MAX_LEVELS: u16 = 512;
/// What a leaf of the index takes in the tables.
const LEAF_COST: u64 = 128;

/// Types of nodes (`UBIFS_INO_NODE` …).
mod kind {
    pub(super) const INODE: u8 = 0;
    pub(super) const DATA: u8 = 1;
    pub(super) const NAME: u8 = 2;
    pub(super) const ATTRIBUTE: u8 = 3;
    pub(super) const TRUNCATION: u8 = 4;
    pub(super) const PADDING: u8 = 5;
    pub(super) const SUPERBLOCK: u8 = 6;
    pub(super) const MASTER: u8 = 7;
    pub(super) const REFERENCE: u8 = 8;
    pub(super) const INDEX: u8 = 9;
    pub(super) const COMMIT: u8 = 10;
}

impl Format for UbiFs {
    fn name(&self) -> &'static str {
        "ubifs"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x31\x18\x10\x06")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let raw = data.array::<SUPERBLOCK>(0)?;
        if raw[20] != kind::SUPERBLOCK || le32(&raw, 16) as usize != SUPERBLOCK || !is_node(&raw) {
            return None;
        }
        let (block, blocks) = (u64::from(le32(&raw, 36)), u64::from(le32(&raw, 40)));
        // `UBIFS_MIN_LEB_SZ` is 15 KiB; erase blocks go up to some MiB.
        if !(15 << 10..=8 << 20).contains(&block) || !block.is_multiple_of(8) || blocks < 5 {
            return None;
        }
        let (flags, version, log) = (le32(&raw, 28), le32(&raw, 80), u64::from(le32(&raw, 56)));
        let image = Image { data: data.clone(), block, blocks: blocks.min(data.len().div_ceil(block)), log };
        let mut opened = Opened {
            detail: Some(format!("version {version}, blocks of {block} bytes, {blocks} blocks")),
            ..Opened::default()
        }
        .of_length("ubifs", block * blocks, data.len());
        let (state, problems) = image.read(budget);
        // `UBIFS_FLG_ENCRYPTION`: single directories are encrypted.
        let encrypted = flags & 0x10 != 0;
        let data = data.slice(0, opened.length);
        let (tree, more) = state.tree(data, encrypted, budget);
        for problem in problems.into_iter().chain(more) {
            opened = opened.damaged(problem);
        }
        opened.content = Content::Tree(Box::new(tree));
        Some(opened)
    }
}

/// Whether these are a whole node.
fn is_node(bytes: &[u8]) -> bool {
    // UBIFS's CRC does not invert the result.
    le32(bytes, 0) == MAGIC && bytes.get(8..).is_some_and(|covered| guarded(!crc32(covered), le32(bytes, 4)))
}

/// A node as it lies there.
struct Raw {
    bytes: Vec<u8>,
    /// Where it lies in the file system.
    at: u64,
}

impl Raw {
    fn kind(&self) -> u8 {
        self.bytes.get(20).copied().unwrap_or(u8::MAX)
    }

    fn sequence(&self) -> u64 {
        le64(&self.bytes, 8)
    }
}

/// The blocks of a file system.
struct Image {
    data: Blob,
    block: u64,
    blocks: u64,
    /// Blocks of the log.
    log: u64,
}

impl Image {
    /// The node at an offset of a block.
    fn node(&self, number: u32, offset: u32) -> Option<Raw> {
        let offset = u64::from(offset);
        if u64::from(number) >= self.blocks || offset + HEADER as u64 > self.block {
            return None;
        }
        let at = u64::from(number) * self.block + offset;
        let length = u64::from(le32(&self.data.array::<HEADER>(at)?, 16));
        if length < HEADER as u64 || length > (self.block - offset).min(MAX_NODE) {
            return None;
        }
        let bytes = self.data.exact(at, length as usize).ok()?;
        is_node(&bytes).then(|| Raw { bytes: bytes.into_owned(), at })
    }

    fn read(&self, budget: &Arc<Budget>) -> (State, Vec<Text>) {
        let mut state = State::default();
        let mut problems = Vec::new();
        // The master node is kept twice, each time behind the one before.
        let newest = |number| self.nodes(number, 0).filter(|node| node.kind() == kind::MASTER).last();
        let master = [newest(1), newest(2)].into_iter().flatten().max_by_key(Raw::sequence);
        let index = master.as_ref().and_then(|m| self.node(le32(&m.bytes, 48), le32(&m.bytes, 52)));
        match (master, index) {
            (Some(master), Some(root)) if root.kind() == kind::INDEX => {
                let broken = self.index(root, &mut state, budget, &mut problems);
                if broken > 0 {
                    let why = format!("{broken} branches of its index cannot be read");
                    problems.push(reason::damaged("ubifs", &why));
                }
                self.journal(&master, &mut state, budget, &mut problems);
            }
            _ => {
                problems.push(reason::damaged(
                    "ubifs",
                    "its index cannot be read; all nodes were taken, and deleted files may be among them",
                ));
                self.everything(&mut state, budget, &mut problems);
            }
        }
        (state, problems)
    }

    /// Takes in what the index leads to; gives how many of its branches lead to nothing.
    fn index(&self, root: Raw, state: &mut State, budget: &Arc<Budget>, problems: &mut Vec<Text>) -> u64 {
        let mut broken = 0_u64;
        let mut seen = HashSet::from([root.at]);
        let top = le16(&root.bytes, 26).min(MAX_LEVELS);
        let mut pending = vec![(root, top)];
        while let Some((node, level)) = pending.pop() {
            let children = usize::from(le16(&node.bytes, 24));
            // Place and length, the key, and in a file system that authenticates itself a hash.
            let branches = node.bytes.get(HEADER + 4..).unwrap_or_default();
            let Some(stride) = branches.len().checked_div(children).filter(|&s| s >= 20) else {
                broken += 1;
                continue;
            };
            for branch in branches.chunks_exact(stride & !3).take(children) {
                if budget.out_of_time() || !budget.hold(&mut state.held, LEAF_COST) {
                    problems.push(reason::memory_limit("ubifs"));
                    return broken;
                }
                let child = self.node(le32(branch, 0), le32(branch, 4));
                match child {
                    // A node is led to once: an index that meets itself ends.
                    Some(child) if level > 0 => {
                        if child.kind() == kind::INDEX && le16(&child.bytes, 26) < level && seen.insert(child.at) {
                            pending.push((child, level - 1));
                        } else {
                            broken += 1;
                        }
                    }
                    Some(leaf) => broken += u64::from(state.take(&leaf).is_none()),
                    None => broken += 1,
                }
            }
        }
        broken
    }
}
