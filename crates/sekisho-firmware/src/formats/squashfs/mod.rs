//! SquashFS 2 to 4, in both byte orders where there are two, with gzip, xz, lzma, lzo, lz4 and zstd.
//!
//! Written for hostile and damaged images: nothing is sized by what a header claims, every directory is entered once, and what can be
//! read of a truncated file system is read.

mod cache;
mod inode;
mod metadata;
mod old;
mod walk;
mod xattr;

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::block::Codec;
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
        // Besides the two byte orders of the original those that vendors gave to variants with LZMA.
        const { &[magic(b"hsqs"), magic(b"sqsh"), magic(b"shsq"), magic(b"qshs"), magic(b"sqlz"), magic(b"zlqs")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let raw = data.array::<SUPERBLOCK>(0)?;
        let superblock = match &raw[..4] {
            b"hsqs" if le16(&raw, 28) == 4 => Superblock::parse(&raw)?,
            _ => match old::superblock(data) {
                Some(superblock) => superblock,
                None => return unread(data, &raw),
            },
        };
        let mut opened =
            Opened { detail: Some(superblock.detail()), made: Some(u64::from(superblock.made)), ..Opened::default() }
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

/// What the header says, of any version.
#[derive(Debug, Clone)]
struct Superblock {
    layout: Layout,
    inodes: u32,
    made: u32,
    block_size: u32,
    fragments: u32,
    codec: Codec,
    ids: u16,
    minor: u16,
    root: u64,
    bytes_used: u64,
    id_table: u64,
    xattr_table: u64,
    inode_table: u64,
    directory_table: u64,
    fragment_table: u64,
}

/// How inodes, directories and tables are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Version 4.
    Four,
    /// Versions 2 and 3.
    Old(old::Old),
}

impl Superblock {
    fn parse(raw: &[u8; SUPERBLOCK]) -> Option<Self> {
        let superblock = Self {
            layout: Layout::Four,
            inodes: le32(raw, 4),
            made: le32(raw, 8),
            block_size: le32(raw, 12),
            fragments: le32(raw, 16),
            codec: CODECS.get(usize::from(le16(raw, 20).checked_sub(1)?))?.0,
            ids: le16(raw, 26),
            minor: le16(raw, 30),
            root: le64(raw, 32),
            bytes_used: le64(raw, 40),
            id_table: le64(raw, 48),
            xattr_table: le64(raw, 56),
            inode_table: le64(raw, 64),
            directory_table: le64(raw, 72),
            fragment_table: le64(raw, 80),
        };
        let plausible = superblock.is_plausible()
            && 1 << le16(raw, 22).min(31) == superblock.block_size
            && superblock.id_table < superblock.bytes_used
            && superblock.minor < 16;
        plausible.then_some(superblock)
    }

    fn is_plausible(&self) -> bool {
        self.block_size.is_power_of_two()
            && (4096..=1 << 20).contains(&self.block_size)
            && self.bytes_used > old::SUPERBLOCK_2 as u64
            && self.bytes_used < 1 << 40
            && self.inode_table < self.bytes_used
            && self.directory_table < self.bytes_used
            && self.inodes > 0
    }

    fn detail(&self) -> String {
        let (major, how) = match self.layout {
            Layout::Four => {
                let name = CODECS.iter().find(|(codec, _)| *codec == self.codec).map_or("", |(_, name)| name);
                (4, format!("compression {name}"))
            }
            Layout::Old(old) => (old.major, format!("{} endian", if old.big { "big" } else { "little" })),
        };
        format!("version {major}.{}, {how}, block size {}, {} inodes", self.minor, self.block_size, self.inodes)
    }
}

/// The compressions of version 4, by their number less 1. Some vendors left the number of gzip where they put LZMA.
const CODECS: [(Codec, &str); 6] = [
    (Codec::ZlibOrLzma, "gzip"),
    (Codec::LzmaAlone, "lzma"),
    (Codec::Lzo, "lzo"),
    (Codec::Xz, "xz"),
    (Codec::Lz4, "lz4"),
    (Codec::Zstd, "zstd"),
];

/// Version 1, or version 4 with the other byte order: recognised, not read.
fn unread(data: &Blob, raw: &[u8; SUPERBLOCK]) -> Option<Opened> {
    let big = &raw[..4] == b"sqsh" || &raw[..4] == b"qshs";
    let u16_at = |at: usize| if big { le16(raw, at).swap_bytes() } else { le16(raw, at) };
    let u32_at = |at: usize| if big { le32(raw, at).swap_bytes() } else { le32(raw, at) };
    let u64_at = |at: usize| if big { le64(raw, at).swap_bytes() } else { le64(raw, at) };
    let (major, minor) = (u16_at(28), u16_at(30));
    let (size, declared) = match major {
        4 => (u32_at(12), u64_at(40)),
        1 => (u32::from(u16_at(32)), u64::from(u32_at(8))),
        _ => return None,
    };
    let size_fits = size.is_power_of_two() && (512..=1 << 20).contains(&size);
    if minor > 1 || u32_at(4) == 0 || declared < SUPERBLOCK as u64 || declared > 1 << 36 || !size_fits {
        return None;
    }
    let what = format!("squashfs {major}.{minor} ({} endian)", if big { "big" } else { "little" });
    let opened = Opened { detail: Some(format!("version {major}.{minor}")), ..Opened::default() };
    let mut opened = opened.of_length("squashfs", declared, data.len());
    opened.gaps.push(reason::unsupported(&what));
    opened.read = ReadState::Unread;
    Some(opened)
}
