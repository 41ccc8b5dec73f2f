//! SquashFS 2 and 3: bit fields in the byte order of the machine that made them, and smaller inodes.
//!
//! Vendors of that time built in LZMA in ways of their own; which one a block is in is told from its beginning.

use super::inode::{Body, Inode, Listing, file, target};
use super::metadata::{Cursor, Metadata};
use super::walk::table;
use super::{Layout, Superblock};
use crate::blob::Blob;
use crate::formats::block::Codec;

/// Bytes of the header: version 2 ends where version 3 adds fields of 64 bits.
pub(super) const SUPERBLOCK_2: usize = 63;
const SUPERBLOCK_3: usize = 119;

/// The version, and what goes for everything in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Old {
    pub(super) major: u16,
    pub(super) big: bool,
    /// Whether metadata blocks carry a marker byte (`SQUASHFS_CHECK`).
    pub(super) marked: bool,
}

/// Reads numbers of any number of bits: from the lowest bit of the first byte on, or in big endian from the highest.
struct Fields<'a> {
    bytes: &'a [u8],
    bit: usize,
    big: bool,
}

impl<'a> Fields<'a> {
    fn new(bytes: &'a [u8], big: bool) -> Self {
        Self { bytes, bit: 0, big }
    }

    /// The next `bits` bits; those behind the end are 0.
    fn take(&mut self, bits: u32) -> u64 {
        let mut value = 0;
        for i in 0..bits {
            let byte = u64::from(self.bytes.get(self.bit / 8).copied().unwrap_or(0));
            let within = self.bit % 8;
            value = if self.big { value << 1 | (byte >> (7 - within) & 1) } else { value | (byte >> within & 1) << i };
            self.bit += 1;
        }
        value
    }

    fn u32(&mut self) -> u32 {
        self.take(32) as u32
    }
}

/// The header, where it is one of these versions and makes sense in one of the byte orders.
pub(super) fn superblock(data: &Blob) -> Option<Superblock> {
    [false, true].into_iter().find_map(|big| parse(data, big))
}

fn parse(data: &Blob, big: bool) -> Option<Superblock> {
    let raw = data.window(0, SUPERBLOCK_3).ok()?;
    if raw.len() < SUPERBLOCK_2 {
        return None;
    }
    let mut fields = Fields::new(&raw, big);
    let _magic = fields.u32();
    let inodes = fields.u32();
    let [mut bytes_used, mut ids_at, _, mut inode_table, mut directory_table] = [0; 5].map(|_: u32| fields.take(32));
    let (major, minor) = (fields.take(16) as u16, fields.take(16) as u16);
    let (_small_block, block_log) = (fields.take(16), fields.take(16));
    let flags = fields.take(8);
    let ids = fields.take(8) as u16;
    let _groups = fields.take(8);
    let (made, root, block_size, fragments) = (fields.u32(), fields.take(64), fields.u32(), fields.u32());
    let mut fragment_table = fields.take(32);
    if !(2..=3).contains(&major) || minor > 1 || 1_u64 << block_log.min(31) != u64::from(block_size) {
        return None;
    }
    if major == 3 {
        if raw.len() < SUPERBLOCK_3 {
            return None;
        }
        [bytes_used, ids_at] = [0; 2].map(|_: u32| fields.take(64));
        let _groups_at = fields.take(64);
        [inode_table, directory_table, fragment_table] = [0; 3].map(|_: u32| fields.take(64));
    }
    let superblock = Superblock {
        layout: Layout::Old(Old { major, big, marked: flags & 4 != 0 }),
        inodes,
        made,
        block_size,
        fragments,
        codec: Codec::ZlibOrLzma,
        ids,
        minor,
        root,
        bytes_used,
        id_table: ids_at,
        xattr_table: super::NONE,
        inode_table,
        directory_table,
        fragment_table,
    };
    superblock.is_plausible().then_some(superblock)
}

impl Old {
    /// Places and sizes of the fragment blocks.
    pub(super) fn fragments(self, metadata: &Metadata, superblock: &Superblock) -> Result<Vec<(u64, u32)>, String> {
        let count = u64::from(superblock.fragments);
        // Place, size, and in version 3 a word that is not used.
        let (raw, size, bits) = if self.major == 3 {
            (table::<8>(metadata, superblock.fragment_table, count, 16)?, 16, 64)
        } else {
            (table::<4>(metadata, superblock.fragment_table, count, 8)?, 8, 32)
        };
        let one = |raw| {
            let mut fields = Fields::new(raw, self.big);
            (fields.take(bits), fields.u32())
        };
        Ok(raw.chunks_exact(size).map(one).collect())
    }
}

/// Reads the inode that `cursor` stands at; of a file, the sizes of at most `blocks` blocks.
pub(super) fn read_inode(
    old: Old,
    cursor: &mut Cursor<'_>,
    superblock: &Superblock,
    blocks: u64,
) -> Result<Inode, String> {
    let three = old.major == 3;
    let head = cursor.take(if three { 12 } else { 4 })?;
    let mut fields = Fields::new(&head, old.big);
    let (kind, mode, uid_index) = (fields.take(4), fields.take(12) as u16, fields.take(8) as u16);
    // In version 3 each but a plain file has its number of links before all else.
    let links = if three && kind != 2 { 32 } else { 0 };
    let body = match kind {
        1 | 8 => {
            let (size_bits, length) = match (kind, three) {
                (1, true) => (19, 16),
                (1, false) => (19, 11),
                (_, true) => (27, 19),
                (_, false) => (27, 14),
            };
            let raw = cursor.take(length)?;
            let mut fields = Fields::new(&raw, old.big);
            let _links = fields.take(links);
            let (size, offset) = (fields.take(size_bits) as u32, fields.take(13) as u16);
            if !three {
                let _time = fields.u32();
            }
            Body::Directory { block: fields.take(if three { 32 } else { 24 }) as u32, offset, size }
        }
        2 | 9 if three || kind == 2 => {
            let raw = cursor.take(if kind == 9 { 28 } else { 20 })?;
            let mut fields = Fields::new(&raw, old.big);
            let _links = fields.take(links);
            if !three {
                let _time = fields.u32();
            }
            let start = fields.take(if three { 64 } else { 32 });
            let fragment = (fields.u32(), fields.u32());
            let size = fields.take(if kind == 9 { 64 } else { 32 });
            file(cursor, superblock, size, start, fragment, blocks)?
        }
        3 => {
            let raw = cursor.take(if three { 6 } else { 2 })?;
            let mut fields = Fields::new(&raw, old.big);
            let _links = fields.take(links);
            target(cursor, fields.take(16) as u32)?
        }
        4..=7 => Body::Special,
        _ => return Err("an inode of an unknown type".into()),
    };
    Ok(Inode { mode, uid_index, attributes: None, body })
}

/// Directories of version 3.
pub(super) struct Three(pub(super) Old);

impl Listing for Three {
    const NOT_STORED: u64 = 3;
    const SIZES: (usize, usize) = (9, 5);

    fn header(&self, raw: &[u8]) -> (u32, u64) {
        let mut fields = Fields::new(raw, self.0.big);
        (fields.take(8) as u32, fields.take(32))
    }

    fn entry(&self, raw: &[u8]) -> (u64, usize) {
        entry(self.0, raw)
    }
}

/// Directories of version 2.
pub(super) struct Two(pub(super) Old);

impl Listing for Two {
    const NOT_STORED: u64 = 0;
    const SIZES: (usize, usize) = (4, 3);

    fn header(&self, raw: &[u8]) -> (u32, u64) {
        let mut fields = Fields::new(raw, self.0.big);
        (fields.take(8) as u32, fields.take(24))
    }

    fn entry(&self, raw: &[u8]) -> (u64, usize) {
        entry(self.0, raw)
    }
}

/// Offset of the inode, type, length of the name.
fn entry(old: Old, raw: &[u8]) -> (u64, usize) {
    let mut fields = Fields::new(raw, old.big);
    let (offset, _kind) = (fields.take(13), fields.take(3));
    (offset, fields.take(8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_fields_in_both_orders() {
        // 13 bits, 3 bits, 8 bits.
        let mut little = Fields::new(&[0x34, 0xb2, 7], false);
        assert_eq!((little.take(13), little.take(3), little.take(8)), (0x1234, 5, 7));
        let mut big = Fields::new(&[0x91, 0xa5, 7], true);
        assert_eq!((big.take(13), big.take(3), big.take(8)), (0x1234, 5, 7));
        assert_eq!(big.take(32), 0);
    }
}
