//! Inodes and directory listings of version 4, and what those of every version come to.

use super::metadata::{Cursor, Metadata};
use super::{Layout, Superblock, old};
use crate::formats::{le16, le32, le64};

/// An inode as far as reading needs it.
#[derive(Debug, Clone)]
pub(super) struct Inode {
    pub(super) mode: u16,
    pub(super) uid_index: u16,
    /// Index of its extended attributes.
    pub(super) attributes: Option<u32>,
    pub(super) body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Directory { block: u32, offset: u16, size: u32 },
    File(FileBody),
    Link(String),
    Special,
}

#[derive(Debug, Clone)]
pub(super) struct FileBody {
    pub(super) size: u64,
    pub(super) start: u64,
    /// Fragment block and offset in it.
    pub(super) fragment: Option<(u32, u32)>,
    /// Sizes of the blocks, bit 24 for uncompressed; filled only where asked for.
    pub(super) blocks: Vec<u32>,
}

pub(super) const MAX_TARGET: u32 = 4096;
/// Marks that there is none: of fragments and of attributes.
const ABSENT: u32 = u32::MAX;

/// Reads the inode at `reference`; of a file, the sizes of at most `blocks` blocks.
pub(super) fn read_inode(
    metadata: &Metadata,
    superblock: &Superblock,
    reference: u64,
    blocks: u64,
) -> Result<Inode, String> {
    let at = superblock.inode_table.checked_add(reference >> 16).ok_or("an inode lies outside")?;
    let mut cursor = metadata.cursor(at, (reference & 0xffff) as usize)?;
    if let Layout::Old(old) = superblock.layout {
        return old::read_inode(old, &mut cursor, superblock, blocks);
    }
    let head = cursor.take(16)?;
    let (kind, mode, uid_index) = (le16(&head, 0), le16(&head, 2), le16(&head, 4));
    let mut attributes = ABSENT;
    let body = match kind {
        1 => {
            let raw = cursor.take(16)?;
            Body::Directory { block: le32(&raw, 0), offset: le16(&raw, 10), size: u32::from(le16(&raw, 8)) }
        }
        8 => {
            let raw = cursor.take(24)?;
            Body::Directory { block: le32(&raw, 8), offset: le16(&raw, 18), size: le32(&raw, 4) }
        }
        2 => {
            let raw = cursor.take(16)?;
            let (start, size) = (u64::from(le32(&raw, 0)), u64::from(le32(&raw, 12)));
            file(&mut cursor, superblock, size, start, (le32(&raw, 4), le32(&raw, 8)), blocks)?
        }
        9 => {
            let raw = cursor.take(40)?;
            attributes = le32(&raw, 36);
            file(&mut cursor, superblock, le64(&raw, 8), le64(&raw, 0), (le32(&raw, 28), le32(&raw, 32)), blocks)?
        }
        3 | 10 => {
            let raw = cursor.take(8)?;
            target(&mut cursor, le32(&raw, 4))?
        }
        4..=7 | 11..=14 => Body::Special,
        _ => return Err("an inode of an unknown type".into()),
    };
    let attributes = (attributes != ABSENT).then_some(attributes);
    Ok(Inode { mode: mode & 0o7777, uid_index, attributes, body })
}

/// A link's target, which stands behind its inode.
pub(super) fn target(cursor: &mut Cursor<'_>, length: u32) -> Result<Body, String> {
    if length > MAX_TARGET {
        return Err("a link's target is too long".into());
    }
    Ok(Body::Link(String::from_utf8_lossy(&cursor.take(length as usize)?).into_owned()))
}

/// A file, the sizes of whose blocks stand behind its inode.
pub(super) fn file(
    cursor: &mut Cursor<'_>,
    superblock: &Superblock,
    size: u64,
    start: u64,
    fragment: (u32, u32),
    blocks: u64,
) -> Result<Body, String> {
    let block_size = u64::from(superblock.block_size);
    let fragment = (fragment.0 != ABSENT).then_some(fragment);
    let count = if fragment.is_some() { size / block_size } else { size.div_ceil(block_size) };
    let mut sizes = Vec::new();
    // Each size must be there to be read: a claim of 2^60 bytes ends with the metadata.
    for _ in 0..count.min(blocks) {
        sizes.push(cursor.u32()?);
    }
    Ok(Body::File(FileBody { size, start, fragment, blocks: sizes }))
}

/// One entry of a directory listing: name and inode reference.
pub(super) type Listed = (Vec<u8>, u64);

/// How the headers of a listing and its entries are laid out.
pub(super) trait Listing {
    /// What a directory's size counts for `.` and `..`, which are not stored.
    const NOT_STORED: u64;
    /// Bytes of a header and of an entry before its name.
    const SIZES: (usize, usize);

    /// Of a header the number of entries, less 1, and the block of their inodes.
    fn header(&self, raw: &[u8]) -> (u32, u64);
    /// Of an entry the offset of its inode and its name's length, less 1.
    fn entry(&self, raw: &[u8]) -> (u64, usize);
}

/// Version 4.
struct Four;

impl Listing for Four {
    const NOT_STORED: u64 = 3;
    const SIZES: (usize, usize) = (12, 8);

    fn header(&self, raw: &[u8]) -> (u32, u64) {
        (le32(raw, 0), u64::from(le32(raw, 4)))
    }

    fn entry(&self, raw: &[u8]) -> (u64, usize) {
        (u64::from(le16(raw, 0)), usize::from(le16(raw, 6)))
    }
}

/// Reads a listing of `most` entries at most; what was read before an error is returned with it.
pub(super) fn read_listing(
    metadata: &Metadata,
    superblock: &Superblock,
    place: (u32, u16),
    size: u32,
    most: usize,
) -> (Vec<Listed>, Option<String>) {
    let mut entries = Vec::new();
    let at = superblock.directory_table + u64::from(place.0);
    let cursor = metadata.cursor(at, usize::from(place.1));
    let result = match superblock.layout {
        Layout::Four => list(&Four, cursor, size, most, &mut entries),
        Layout::Old(old) if old.major == 3 => list(&old::Three(old), cursor, size, most, &mut entries),
        Layout::Old(old) => list(&old::Two(old), cursor, size, most, &mut entries),
    };
    (entries, result.err())
}

fn list<L: Listing>(
    layout: &L,
    cursor: Result<Cursor<'_>, String>,
    size: u32,
    most: usize,
    entries: &mut Vec<Listed>,
) -> Result<(), String> {
    let mut left = u64::from(size).saturating_sub(L::NOT_STORED);
    if left == 0 {
        return Ok(());
    }
    let mut cursor = cursor?;
    let (header, entry) = L::SIZES;
    while left > 0 {
        let (count, block) = layout.header(&cursor.take(header)?);
        left = left.saturating_sub(header as u64);
        if count >= 256 {
            return Err("a directory header counts too many entries".to_owned());
        }
        for _ in 0..=count {
            let (offset, length) = layout.entry(&cursor.take(entry)?);
            let length = length + 1;
            if length > 256 {
                return Err("a name is too long".to_owned());
            }
            if entries.len() >= most {
                return Err("a directory has more entries than the limit allows".to_owned());
            }
            let name = cursor.take(length)?;
            left = left.saturating_sub((entry + length) as u64);
            entries.push((name, block << 16 | offset));
        }
    }
    Ok(())
}
