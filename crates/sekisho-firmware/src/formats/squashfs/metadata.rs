//! Metadata blocks: the stream that inodes, directories and tables are read from.

use std::sync::Arc;

use super::cache::{Block, Cache};
use super::{Layout, Superblock};
use crate::blob::Blob;
use crate::formats::block::Codec;

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
    codec: Codec,
    big: bool,
    /// Whether a byte stands between a block's header and its content.
    marked: bool,
    cache: Cache<MetadataBlock>,
}

impl Metadata {
    pub(super) fn new(data: Blob, superblock: &Superblock) -> Self {
        let (big, marked) = match superblock.layout {
            Layout::Four => (false, false),
            Layout::Old(old) => (old.big, old.marked),
        };
        Self { data, codec: superblock.codec, big, marked, cache: Cache::new(CACHED) }
    }

    /// A number of `N` bytes that stands in the clear.
    pub(super) fn number<const N: usize>(&self, at: u64) -> Option<u64> {
        let bytes = self.data.array::<N>(at)?;
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) })
    }

    fn block(&self, at: u64) -> Result<MetadataBlock, String> {
        self.cache.get(at, || {
            let header = self.number::<2>(at).ok_or("a metadata block lies outside")?;
            let at = at + 2 + u64::from(self.marked);
            let size = (header & 0x7fff) as usize;
            if size == 0 || size > METADATA {
                return Err("a metadata block has a wrong size".into());
            }
            let raw = self.data.exact(at, size).map_err(|_| "a metadata block is cut short")?;
            let bytes = if header & 0x8000 != 0 { raw.into_owned() } else { self.codec.unpack(&raw, METADATA)? };
            Ok((Arc::new(bytes), at + size as u64))
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
    /// The next four bytes as a number.
    pub(super) fn u32(&mut self) -> Result<u32, String> {
        let raw = crate::formats::le32(&self.take(4)?, 0);
        Ok(if self.metadata.big { raw.swap_bytes() } else { raw })
    }

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
