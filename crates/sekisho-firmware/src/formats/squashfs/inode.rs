//! Metadata blocks, inodes and directory listings.

use std::sync::Arc;

use super::block::{Block, Cache, decompress};
use super::{Compression, Superblock};
use crate::blob::Blob;
use crate::formats::{le16, le32, le64};

/// Uncompressed bytes of a metadata block.
const METADATA: usize = 8192;
/// Metadata blocks kept: 8 MiB.
const CACHED: usize = 1024;

/// A metadata block and where the next one begins.
type MetadataBlock = (Block, u64);

/// Reads metadata blocks.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) data: Blob,
    pub(super) compression: Compression,
    cache: Cache<MetadataBlock>,
}

impl Metadata {
    pub(super) fn new(data: Blob, compression: Compression) -> Self {
        Self { data, compression, cache: Cache::new(CACHED) }
    }

    fn block(&self, at: u64) -> Result<MetadataBlock, String> {
        self.cache.get(at, || {
            let header = u16::from_le_bytes(self.data.array(at).ok_or("a metadata block lies outside")?);
            let size = usize::from(header & 0x7fff);
            if size == 0 || size > METADATA {
                return Err("a metadata block has a wrong size".into());
            }
            let raw = self.data.exact(at + 2, size).map_err(|_| "a metadata block is cut short")?;
            let bytes =
                if header & 0x8000 != 0 { raw.into_owned() } else { decompress(self.compression, &raw, METADATA)? };
            Ok((Arc::new(bytes), at + 2 + size as u64))
        })
    }

    /// A cursor at byte `offset` of the block at `at`.
    pub(super) fn cursor(&self, at: u64, offset: usize) -> Result<Cursor<'_>, String> {
        let (block, next) = self.block(at)?;
        if offset > block.len() {
            return Err("a reference leads outside its metadata block".into());
        }
        Ok(Cursor { metadata: self, block, next, offset })
    }
}

/// A position in a chain of metadata blocks.
pub(super) struct Cursor<'a> {
    metadata: &'a Metadata,
    block: Block,
    next: u64,
    offset: usize,
}

impl Cursor<'_> {
    /// The next `length` bytes, of which a caller asks for a bounded number only.
    pub(super) fn take(&mut self, length: usize) -> Result<Vec<u8>, String> {
        let mut out = Vec::with_capacity(length.min(64 << 10));
        while out.len() < length {
            if self.offset >= self.block.len() {
                let (block, next) = self.metadata.block(self.next)?;
                if block.is_empty() {
                    return Err("an empty metadata block".into());
                }
                (self.block, self.next, self.offset) = (block, next, 0);
            }
            let n = (length - out.len()).min(self.block.len() - self.offset);
            out.extend_from_slice(&self.block[self.offset..self.offset + n]);
            self.offset += n;
        }
        Ok(out)
    }
}

/// An inode as far as reading needs it.
#[derive(Debug, Clone)]
pub(super) struct Inode {
    pub(super) mode: u16,
    pub(super) uid_index: u16,
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

const MAX_TARGET: u32 = 4096;
const NO_FRAGMENT: u32 = u32::MAX;

/// Reads the inode at `reference`; of a file, the sizes of at most `blocks` blocks.
pub(super) fn read_inode(
    metadata: &Metadata,
    superblock: &Superblock,
    reference: u64,
    blocks: u64,
) -> Result<Inode, String> {
    let at = superblock.inode_table.checked_add(reference >> 16).ok_or("an inode lies outside")?;
    let mut cursor = metadata.cursor(at, (reference & 0xffff) as usize)?;
    let head = cursor.take(16)?;
    let (kind, mode, uid_index) = (le16(&head, 0), le16(&head, 2), le16(&head, 4));
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
            file(
                &mut cursor,
                superblock,
                u64::from(le32(&raw, 12)),
                u64::from(le32(&raw, 0)),
                le32(&raw, 4),
                le32(&raw, 8),
                blocks,
            )?
        }
        9 => {
            let raw = cursor.take(40)?;
            file(&mut cursor, superblock, le64(&raw, 8), le64(&raw, 0), le32(&raw, 28), le32(&raw, 32), blocks)?
        }
        3 | 10 => {
            let raw = cursor.take(8)?;
            let length = le32(&raw, 4);
            if length > MAX_TARGET {
                return Err("a link's target is too long".into());
            }
            Body::Link(String::from_utf8_lossy(&cursor.take(length as usize)?).into_owned())
        }
        4..=7 | 11..=14 => Body::Special,
        _ => return Err("an inode of an unknown type".into()),
    };
    Ok(Inode { mode: mode & 0o7777, uid_index, body })
}

fn file(
    cursor: &mut Cursor<'_>,
    superblock: &Superblock,
    size: u64,
    start: u64,
    fragment: u32,
    fragment_offset: u32,
    blocks: u64,
) -> Result<Body, String> {
    let block_size = u64::from(superblock.block_size);
    let fragment = (fragment != NO_FRAGMENT).then_some((fragment, fragment_offset));
    let count = if fragment.is_some() { size / block_size } else { size.div_ceil(block_size) };
    let mut sizes = Vec::new();
    // Each size must be there to be read: a claim of 2^60 bytes ends with the metadata.
    for _ in 0..count.min(blocks) {
        sizes.push(le32(&cursor.take(4)?, 0));
    }
    Ok(Body::File(FileBody { size, start, fragment, blocks: sizes }))
}

/// One entry of a directory listing: name and inode reference.
pub(super) type Listed = (Vec<u8>, u64);

/// Reads a listing; what was read before an error is returned with it.
pub(super) fn read_listing(
    metadata: &Metadata,
    superblock: &Superblock,
    block: u32,
    offset: u16,
    size: u32,
) -> (Vec<Listed>, Option<String>) {
    let mut entries = Vec::new();
    let result = (|| {
        let at = superblock.directory_table + u64::from(block);
        // The stored size counts `.` and `..`, which are not stored, as 3 bytes.
        let mut left = u64::from(size.saturating_sub(3));
        if left == 0 {
            return Ok(());
        }
        let mut cursor = metadata.cursor(at, usize::from(offset))?;
        while left > 0 {
            let head = cursor.take(12)?;
            left = left.saturating_sub(12);
            let count = le32(&head, 0);
            if count >= 256 {
                return Err("a directory header counts too many entries".to_owned());
            }
            let inode_block = u64::from(le32(&head, 4));
            for _ in 0..=count {
                let entry = cursor.take(8)?;
                let length = usize::from(le16(&entry, 6)) + 1;
                if length > 256 {
                    return Err("a name is too long".to_owned());
                }
                let name = cursor.take(length)?;
                left = left.saturating_sub(8 + length as u64);
                entries.push((name, inode_block << 16 | u64::from(le16(&entry, 0))));
            }
        }
        Ok(())
    })();
    (entries, result.err())
}
