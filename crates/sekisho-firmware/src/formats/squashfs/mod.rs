//! SquashFS 4, little endian, with gzip, xz, lzma, lzo, lz4 and zstd.
//!
//! Written for hostile and damaged images: nothing is sized by what a header claims, every directory is entered once, and what can be
//! read of a truncated file system is read.

mod block;
mod inode;
mod walk;

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::{Content as Body, Format, Opened, Signature, le16, le32, le64, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct SquashFs;

const SUPERBLOCK: usize = 96;
/// Marks an absent table.
const NONE: u64 = u64::MAX;

impl Format for SquashFs {
    fn name(&self) -> &'static str {
        "squashfs"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"hsqs"), magic(b"sqsh"), magic(b"shsq"), magic(b"qshs")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let raw = data.array::<SUPERBLOCK>(0)?;
        if &raw[..4] != b"hsqs" || le16(&raw, 28) != 4 {
            return other_version(data, &raw);
        }
        let superblock = Superblock::parse(&raw)?;
        let mut opened = Opened {
            detail: Some(format!(
                "version 4.{}, compression {}, block size {}, {} inodes",
                superblock.minor,
                superblock.compression.name(),
                superblock.block_size,
                superblock.inodes
            )),
            made: Some(u64::from(superblock.made)),
            ..Opened::default()
        }
        .of_length("squashfs", superblock.bytes_used, data.len());
        let data = data.slice(0, opened.length);
        match walk::SquashTree::open(data, superblock, budget) {
            Ok((tree, problems)) => {
                for problem in problems {
                    opened = opened.damaged(problem);
                }
                opened.content = Body::Tree(Box::new(tree));
            }
            Err(why) => {
                opened = opened.damaged(reason::damaged("squashfs", &why));
                opened.read = ReadState::Unread;
            }
        }
        Some(opened)
    }
}

/// The header of SquashFS 4.
#[derive(Debug, Clone)]
struct Superblock {
    inodes: u32,
    made: u32,
    block_size: u32,
    fragments: u32,
    compression: Compression,
    ids: u16,
    minor: u16,
    root: u64,
    bytes_used: u64,
    id_table: u64,
    inode_table: u64,
    directory_table: u64,
    fragment_table: u64,
}

impl Superblock {
    fn parse(raw: &[u8; SUPERBLOCK]) -> Option<Self> {
        let superblock = Self {
            inodes: le32(raw, 4),
            made: le32(raw, 8),
            block_size: le32(raw, 12),
            fragments: le32(raw, 16),
            compression: Compression::of(le16(raw, 20))?,
            ids: le16(raw, 26),
            minor: le16(raw, 30),
            root: le64(raw, 32),
            bytes_used: le64(raw, 40),
            id_table: le64(raw, 48),
            inode_table: le64(raw, 64),
            directory_table: le64(raw, 72),
            fragment_table: le64(raw, 80),
        };
        let size = superblock.block_size;
        let plausible = size.is_power_of_two()
            && (4096..=1 << 20).contains(&size)
            && 1 << le16(raw, 22).min(31) == size
            && superblock.bytes_used > SUPERBLOCK as u64
            && superblock.bytes_used < 1 << 40
            && superblock.inode_table < superblock.bytes_used
            && superblock.directory_table < superblock.bytes_used
            && superblock.id_table < superblock.bytes_used
            && superblock.inodes > 0
            && superblock.minor < 16;
        plausible.then_some(superblock)
    }
}

/// The compressions of SquashFS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Lzma,
    Lzo,
    Xz,
    Lz4,
    Zstd,
}

impl Compression {
    fn of(id: u16) -> Option<Self> {
        [Self::Gzip, Self::Lzma, Self::Lzo, Self::Xz, Self::Lz4, Self::Zstd]
            .get(usize::from(id.checked_sub(1)?))
            .copied()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Lzma => "lzma",
            Self::Lzo => "lzo",
            Self::Xz => "xz",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

/// SquashFS 1 to 3, big endian, or with a vendor's magic: recognised, not read.
fn other_version(data: &Blob, raw: &[u8; SUPERBLOCK]) -> Option<Opened> {
    let big = &raw[..4] == b"sqsh" || &raw[..4] == b"qshs";
    let u16_at = |at: usize| if big { le16(raw, at).swap_bytes() } else { le16(raw, at) };
    let u32_at = |at: usize| if big { le32(raw, at).swap_bytes() } else { le32(raw, at) };
    let u64_at = |at: usize| if big { le64(raw, at).swap_bytes() } else { le64(raw, at) };
    let (major, minor) = (u16_at(28), u16_at(30));
    let (size, declared) = match major {
        4 => (u32_at(12), u64_at(40)),
        3 => (u32_at(51), u64_at(63)),
        1 | 2 => (u32_at(if major == 1 { 32 } else { 51 }), u64::from(u32_at(8))),
        _ => return None,
    };
    let old = (1..4).contains(&major);
    if minor > 1 || u32_at(4) == 0 || declared < SUPERBLOCK as u64 || declared > 1 << 36 {
        return None;
    }
    let size_fits = size.is_power_of_two() && (4096..=1 << 20).contains(&size);
    if !old && !size_fits {
        return None;
    }
    let what = format!("squashfs {major}.{minor} ({} endian)", if big { "big" } else { "little" });
    let opened = Opened { detail: Some(format!("version {major}.{minor}")), ..Opened::default() };
    let mut opened = opened.of_length("squashfs", declared, data.len());
    opened.gaps.push(reason::unsupported(&what));
    opened.read = ReadState::Unread;
    Some(opened)
}
