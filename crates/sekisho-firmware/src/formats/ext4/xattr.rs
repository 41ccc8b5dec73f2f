//! File capabilities, which the library that reads the rest does not give: found in the inodes, and then named by the directories.
//!
//! Layout: `Documentation/filesystems/ext4` of Linux. The names are looked up only where an inode has capabilities at all, which most
//! file systems have none of.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::blob::Blob;
use crate::formats::{capability, le16, le32};
use crate::limits::Budget;

/// Magic of extended attributes, in the inode and in a block of their own (`EXT4_XATTR_MAGIC`).
const MAGIC: u32 = 0xea02_0000;
/// The prefix `security.` (`EXT4_XATTR_INDEX_SECURITY`).
const SECURITY: u8 = 6;
/// Bytes of an inode that every revision has, before the attributes.
const OLD_INODE: usize = 128;
/// Flags of an inode (`EXT4_EXTENTS_FL`, `EXT4_INLINE_DATA_FL`).
const EXTENTS: u32 = 0x8_0000;
const INLINE: u32 = 0x1000_0000;
/// Flag of a file system whose descriptors have 64-bit fields (`EXT4_FEATURE_INCOMPAT_64BIT`).
const WIDE: u32 = 0x80;
/// Magic of a node of extents, and how deep these may lie in each other.
const EXTENT_MAGIC: u16 = 0xf30a;
const MAX_DEPTH: u16 = 5;
/// Bytes of a table of inodes looked through at a time.
const WINDOW: u64 = 1 << 20;
/// Blocks of one directory that are looked at.
const MAX_BLOCKS: usize = 1 << 16;
/// The root's inode.
const ROOT: u32 = 2;

/// Capabilities by path; none where they cannot be told apart from damage.
pub(super) fn capabilities(data: &Blob, budget: &Budget) -> Option<BTreeMap<String, Vec<String>>> {
    let disk = Disk::open(data)?;
    let of_inodes = disk.of_inodes(budget)?;
    if of_inodes.is_empty() { Some(BTreeMap::new()) } else { disk.named(&of_inodes, budget) }
}

/// Where things lie.
struct Disk<'a> {
    data: &'a Blob,
    block: u64,
    inodes: u32,
    inode_size: u64,
    per_group: u32,
    descriptors: u64,
    descriptor_size: u64,
}

impl<'a> Disk<'a> {
    fn open(data: &'a Blob) -> Option<Self> {
        let superblock = data.array::<1024>(super::SUPERBLOCK)?;
        let block = 1024_u64 << le32(&superblock, 24).min(6);
        // The oldest revision has inodes of 128 bytes and says nothing of it.
        let inode_size = if le32(&superblock, 76) == 0 { 128 } else { u64::from(le16(&superblock, 88)) };
        let wide = le32(&superblock, 96) & WIDE != 0;
        let disk = Self {
            data,
            block,
            inodes: le32(&superblock, 0),
            inode_size,
            per_group: le32(&superblock, 40),
            descriptors: (u64::from(le32(&superblock, 20)) + 1) * block,
            descriptor_size: if wide { u64::from(le16(&superblock, 254)).max(32) } else { 32 },
        };
        (disk.per_group > 0 && (128..=disk.block).contains(&inode_size)).then_some(disk)
    }

    /// Where the table of a group's inodes begins.
    fn table(&self, group: u32) -> Option<u64> {
        let at = self.descriptors + u64::from(group) * self.descriptor_size;
        let low = u32::from_le_bytes(self.data.array(at + 8)?);
        let high = if self.descriptor_size >= 64 { u32::from_le_bytes(self.data.array(at + 40)?) } else { 0 };
        (u64::from(high) << 32 | u64::from(low)).checked_mul(self.block)
    }

    fn inode(&self, number: u32) -> Option<Vec<u8>> {
        let index = number.checked_sub(1).filter(|_| number <= self.inodes)?;
        let at = self.table(index / self.per_group)?;
        let at = at.checked_add(u64::from(index % self.per_group) * self.inode_size)?;
        Some(self.data.exact(at, self.inode_size as usize).ok()?.into_owned())
    }

    /// Goes through the tables of inodes, a group at a time.
    fn of_inodes(&self, budget: &Budget) -> Option<HashMap<u32, Vec<String>>> {
        let mut found = HashMap::new();
        // Tables do not overlap: together they are no larger than the file system.
        let mut left = self.data.len();
        for group in 0..self.inodes.div_ceil(self.per_group) {
            if budget.out_of_time() {
                return None;
            }
            // A file system that is cut short has said so already.
            let Some(at) = self.table(group) else { break };
            let count = self.per_group.min(self.inodes - group * self.per_group);
            left = left.checked_sub(u64::from(count) * self.inode_size)?;
            let step = (WINDOW / self.inode_size).max(1);
            for first in (0..u64::from(count)).step_by(step as usize) {
                let length = step.min(u64::from(count) - first) * self.inode_size;
                let table = self.data.window(at.checked_add(first * self.inode_size)?, length as usize).ok()?;
                for (index, inode) in table.chunks_exact(self.inode_size as usize).enumerate() {
                    // Regular files in use alone have any.
                    if le16(inode, 0) & 0xf000 == 0x8000 && le16(inode, 26) > 0 {
                        let capabilities = self.of_inode(inode);
                        if !capabilities.is_empty() {
                            let number = u64::from(group * self.per_group) + first + index as u64 + 1;
                            found.insert(u32::try_from(number).ok()?, capabilities);
                        }
                    }
                }
            }
        }
        Some(found)
    }

    /// What an inode carries itself, or has in a block of its own.
    fn of_inode(&self, inode: &[u8]) -> Vec<String> {
        let own = inode.get(OLD_INODE..).and_then(|extra| {
            let begin = usize::from(le16(extra, 0));
            (extra.len() > begin + 4 && le32(extra, begin) == MAGIC).then(|| {
                let entries = &extra[begin + 4..];
                attribute(entries, entries)
            })
        });
        if let Some(value) = own.flatten() {
            return capability::names(&value);
        }
        let block = u64::from(le16(inode, 118)) << 32 | u64::from(le32(inode, 104));
        let block = block.checked_mul(self.block).filter(|&at| at > 0);
        let block = block.and_then(|at| self.data.exact(at, self.block as usize).ok());
        // A header of 32 bytes stands before the entries; values are counted from the block's beginning.
        block
            .filter(|block| le32(block, 0) == MAGIC)
            .and_then(|block| attribute(&block[32..], &block))
            .map_or_else(Vec::new, |value| capability::names(&value))
    }

    /// The paths of these inodes.
    fn named(&self, of_inodes: &HashMap<u32, Vec<String>>, budget: &Budget) -> Option<BTreeMap<String, Vec<String>>> {
        let mut named = BTreeMap::new();
        let mut seen = HashSet::from([ROOT]);
        let mut pending = vec![(String::new(), 0_usize, ROOT)];
        let mut left = budget.limits.files;
        while let Some((directory, depth, number)) = pending.pop() {
            for (name, child, kind) in self.listing(number, left)? {
                left = left.checked_sub(1).filter(|_| !budget.out_of_time())?;
                let path = format!("{directory}/{name}");
                if let Some(capabilities) = of_inodes.get(&child) {
                    named.insert(path.clone(), capabilities.clone());
                }
                // Type 2 is a directory; a file system without types in its entries says 0.
                let directory = kind == 2
                    || (kind == 0 && self.inode(child).is_some_and(|inode| le16(&inode, 0) & 0xf000 == 0x4000));
                if directory && depth < super::MAX_DEPTH && seen.insert(child) {
                    pending.push((path, depth + 1, child));
                }
            }
        }
        Some(named)
    }

    /// At most so many names of a directory. Indexed ones read the same: an index looks like unused entries.
    fn listing(&self, number: u32, most: u64) -> Option<Vec<(String, u32, u8)>> {
        let inode = self.inode(number)?;
        if le32(&inode, 32) & INLINE != 0 {
            return None;
        }
        let mut names = Vec::new();
        for block in self.blocks(&inode)? {
            let block = self.data.exact(block.checked_mul(self.block)?, self.block as usize).ok()?;
            let mut at = 0_usize;
            while at + 8 <= block.len() {
                let (child, step) = (le32(&block, at), usize::from(le16(&block, at + 4)));
                let (length, kind) = (usize::from(block[at + 6]), block[at + 7]);
                if step < 8 {
                    break;
                }
                if names.len() as u64 > most {
                    return None;
                }
                let name = block.get(at + 8..at + 8 + length)?;
                if child != 0 && name != b"." && name != b".." && !name.is_empty() {
                    names.push((String::from_utf8_lossy(name).into_owned(), child, kind & 7));
                }
                at += step;
            }
        }
        Some(names)
    }

    /// The blocks of an inode's content, in no particular order.
    fn blocks(&self, inode: &[u8]) -> Option<Vec<u64>> {
        let wanted = u64::from(le32(inode, 4)).div_ceil(self.block).min(MAX_BLOCKS as u64) as usize;
        let mut blocks = Vec::new();
        let map = inode.get(40..100)?;
        if le32(inode, 32) & EXTENTS != 0 {
            self.extents(map, MAX_DEPTH, &mut blocks)?;
        } else {
            // Twelve blocks, then blocks of blocks, of blocks of these, and of these once more.
            blocks.extend((0..12).map(|i| u64::from(le32(map, 4 * i))).filter(|&block| block != 0));
            for level in 0..3 {
                self.indirect(u64::from(le32(map, 48 + 4 * level)), level, &mut blocks)?;
            }
        }
        blocks.truncate(wanted);
        Some(blocks)
    }

    fn indirect(&self, block: u64, level: usize, blocks: &mut Vec<u64>) -> Option<()> {
        if block == 0 || blocks.len() >= MAX_BLOCKS {
            return Some(());
        }
        let table = self.data.exact(block.checked_mul(self.block)?, self.block as usize).ok()?;
        for entry in table.chunks_exact(4).map(|entry| u64::from(le32(entry, 0))).filter(|&entry| entry != 0) {
            if level == 0 {
                blocks.push(entry);
            } else {
                self.indirect(entry, level - 1, blocks)?;
            }
        }
        Some(())
    }

    fn extents(&self, node: &[u8], depth: u16, blocks: &mut Vec<u64>) -> Option<()> {
        let (magic, count, level) = (le16(node, 0), usize::from(le16(node, 2)), le16(node, 6));
        if magic != EXTENT_MAGIC || level > depth {
            return None;
        }
        for entry in node.get(12..)?.chunks_exact(12).take(count) {
            if blocks.len() >= MAX_BLOCKS {
                break;
            }
            if level > 0 {
                let child = u64::from(le16(entry, 8)) << 32 | u64::from(le32(entry, 4));
                let child = self.data.exact(child.checked_mul(self.block)?, self.block as usize).ok()?;
                self.extents(&child, level - 1, blocks)?;
            } else {
                let first = u64::from(le16(entry, 6)) << 32 | u64::from(le32(entry, 8));
                // Up to 32768 blocks; more mark an extent that was never written.
                let length = u64::from(le16(entry, 4));
                if length <= 32_768 {
                    blocks.extend((0..length).map(|i| first + i));
                }
            }
        }
        Some(())
    }
}

/// The value of `security.capability` among entries; its place is counted from the beginning of `values`.
fn attribute(entries: &[u8], values: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0_usize;
    while at + 16 <= entries.len() && le32(entries, at) != 0 {
        let length = usize::from(entries[at]);
        let name = entries.get(at + 16..at + 16 + length)?;
        if entries[at + 1] == SECURITY && name == b"capability" {
            let (place, size) = (usize::from(le16(entries, at + 2)), le32(entries, at + 8) as usize);
            return values.get(place..place.checked_add(size)?).map(<[u8]>::to_vec);
        }
        at += (16 + length).next_multiple_of(4);
    }
    None
}
