//! The tree of a SquashFS, and reading its files.

use std::collections::HashSet;
use std::sync::Arc;

use sekisho_model::Text;

use super::cache::{Block, Cache};
use super::inode::{Body, FileBody, read_inode, read_listing};
use super::metadata::Metadata;
use super::xattr::Attributes;
use super::{Layout, NONE, Superblock};
use crate::blob::Blob;
use crate::formats::{le32, le64};
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree};

/// Directories in directories: Linux's paths end at 4096 characters.
const MAX_DEPTH: usize = 256;
/// Fragment blocks kept, at most 1 MiB each.
const FRAGMENTS_CACHED: usize = 16;
/// Bytes of a table at most: places of four million fragment blocks. Its blocks need not be apart, so the image's size is no bound.
const MAX_TABLE: u64 = 64 << 20;
/// Problems listed one by one.
const MAX_PROBLEMS: usize = 20;
/// Marks a block stored as it is.
const UNCOMPRESSED: u32 = 1 << 24;

pub(super) struct SquashTree {
    entries: Vec<Entry>,
    superblock: Superblock,
    metadata: Metadata,
    fragments: Vec<(u64, u32)>,
    cache: Cache<Block>,
    budget: Arc<Budget>,
}

impl SquashTree {
    pub(super) fn open(data: Blob, superblock: Superblock, budget: &Arc<Budget>) -> Result<(Self, Vec<Text>), String> {
        let metadata = Metadata::new(data, &superblock);
        let mut problems = Vec::new();
        let fragments = match superblock.layout {
            Layout::Four => table::<8>(&metadata, superblock.fragment_table, u64::from(superblock.fragments), 16)
                .map(|raw| raw.chunks_exact(16).map(|f| (le64(f, 0), le32(f, 8))).collect()),
            Layout::Old(old) => old.fragments(&metadata, &superblock),
        };
        let fragments = match fragments {
            Ok(fragments) => fragments,
            Err(why) => {
                problems.push(reason::damaged("squashfs fragment table", &why));
                Vec::new()
            }
        };
        let ids = match superblock.layout {
            Layout::Four => table::<8>(&metadata, superblock.id_table, u64::from(superblock.ids), 4)
                .map(|raw| raw.chunks_exact(4).map(|id| le32(id, 0)).collect()),
            Layout::Old(_) => (0..u64::from(superblock.ids))
                .map(|i| metadata.number::<4>(superblock.id_table + 4 * i).map(|id| id as u32))
                .collect::<Option<Vec<u32>>>()
                .ok_or_else(|| "it is cut short".to_owned()),
        };
        let ids = match ids {
            Ok(ids) => ids,
            Err(why) => {
                problems.push(reason::damaged("squashfs id table", &why));
                Vec::new()
            }
        };
        let mut tree = Self {
            entries: Vec::new(),
            superblock,
            metadata,
            fragments,
            cache: Cache::new(FRAGMENTS_CACHED),
            budget: Arc::clone(budget),
        };
        tree.walk(&ids, &mut problems)?;
        Ok((tree, problems))
    }

    fn walk(&mut self, ids: &[u32], problems: &mut Vec<Text>) -> Result<(), String> {
        let root = self.superblock.root;
        let root_inode = read_inode(&self.metadata, &self.superblock, root, 0)?;
        let Body::Directory { block, offset, size } = root_inode.body else {
            return Err("its root is no directory".into());
        };
        let attributes = Attributes::open(&self.metadata, &self.superblock);
        let (mut seen, mut unread_attributes) = (HashSet::from([root]), 0_u64);
        let mut pending = vec![(String::new(), 0_usize, block, offset, size)];
        let (mut unsafe_names, mut cycles, mut broken) = (0_u64, 0_u64, 0_u64);
        let mut places = Vec::new();
        let mut report = |problem: Text| {
            if problems.len() < MAX_PROBLEMS {
                problems.push(problem);
            }
        };
        let most = self.budget.limits.files as usize;
        'walk: while let Some((directory, depth, block, offset, size)) = pending.pop() {
            let (listing, problem) = read_listing(&self.metadata, &self.superblock, (block, offset), size, most);
            if let Some(why) = problem {
                report(reason::damaged(&format!("squashfs {directory}/"), &why));
            }
            for (name, reference) in listing {
                if !self.budget.entry() || self.budget.out_of_time() {
                    report(reason::files_limit());
                    break 'walk;
                }
                if name == b"." || name == b".." || name.contains(&b'/') || name.contains(&0) {
                    unsafe_names += 1;
                    continue;
                }
                let path = format!("{directory}/{}", String::from_utf8_lossy(&name));
                let inode = match read_inode(&self.metadata, &self.superblock, reference, 0) {
                    Ok(inode) => inode,
                    Err(why) => {
                        broken += 1;
                        if broken <= 3 {
                            report(reason::damaged(&format!("squashfs {path}"), &why));
                        }
                        continue;
                    }
                };
                let mut place = u64::MAX;
                let kind = match inode.body {
                    Body::Directory { block, offset, size } => {
                        // A directory has one parent: one met again lies in itself or is linked twice, and ends here.
                        if !seen.insert(reference) || depth >= MAX_DEPTH {
                            cycles += 1;
                            continue;
                        }
                        pending.push((path.clone(), depth + 1, block, offset, size));
                        Kind::Directory
                    }
                    Body::File(file) => {
                        place = file.start;
                        Kind::File(file.size)
                    }
                    Body::Link(target) => Kind::Link(target),
                    Body::Special => Kind::Special,
                };
                // Of the attributes only what a program gets is of interest.
                let capabilities = match inode.attributes.map(|index| attributes.capabilities(&self.metadata, index)) {
                    Some(Ok(capabilities)) => capabilities,
                    Some(Err(_)) => {
                        unread_attributes += 1;
                        Vec::new()
                    }
                    None => Vec::new(),
                };
                let uid = ids.get(usize::from(inode.uid_index)).copied().unwrap_or(0);
                let mode = Some(inode.mode);
                places.push((place, Entry { path, kind, mode, uid, capabilities, handle: reference }));
            }
        }
        if unread_attributes > 0 {
            let why = format!("the extended attributes of {unread_attributes} files cannot be read");
            report(reason::damaged("squashfs", &why));
        }
        if unsafe_names > 0 {
            report(reason::unsafe_names(unsafe_names));
        }
        if cycles > 0 {
            report(reason::damaged("squashfs", &format!("{cycles} directories lie in themselves or in two places")));
        }
        if broken > 3 {
            report(reason::damaged("squashfs", &format!("{broken} entries cannot be read")));
        }
        // Files that share a fragment block have been written one after the other: reading them in this order decompresses it once.
        places.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.path.cmp(&y.path)));
        self.entries = places.into_iter().map(|(_, entry)| entry).collect();
        Ok(())
    }

    fn read(&self, file: &FileBody, limit: u64) -> (Vec<u8>, Option<Cut>) {
        let block_size = self.superblock.block_size as usize;
        let wanted = file.size.min(limit);
        let mut out: Vec<u8> = Vec::with_capacity((wanted as usize).min(4 << 20));
        let mut at = file.start;
        let result = (|| {
            for &size in &file.blocks {
                if out.len() as u64 >= wanted || self.budget.out_of_time() {
                    break;
                }
                let expected = (file.size - out.len() as u64).min(block_size as u64) as usize;
                let stored = size & !UNCOMPRESSED;
                if size == 0 {
                    out.resize(out.len() + expected, 0);
                    continue;
                }
                if stored as usize > block_size {
                    return Err("a block is larger than the block size".to_owned());
                }
                let raw = self.metadata.data.exact(at, stored as usize).map_err(|_| "a block is cut short")?;
                at += u64::from(stored);
                let before = out.len();
                if size & UNCOMPRESSED != 0 {
                    out.extend_from_slice(&raw);
                } else {
                    out.extend(self.superblock.codec.unpack(&raw, expected)?);
                }
                if out.len() - before != expected {
                    out.truncate(before);
                    return Err("a block has another size than the file leaves to it".to_owned());
                }
            }
            if let Some((index, offset)) = file.fragment
                && (out.len() as u64) < wanted
            {
                let block = self.fragment(index)?;
                let length = (file.size - out.len() as u64) as usize;
                let part = block
                    .get(offset as usize..)
                    .and_then(|b| b.get(..length))
                    .ok_or("a fragment lies outside its block")?;
                out.extend_from_slice(part);
            }
            Ok(())
        })();
        let mut cut = result.err().map(Cut::Damaged);
        if out.len() as u64 > limit || (cut.is_none() && file.size > limit) {
            out.truncate(limit as usize);
            cut = cut.or(Some(Cut::Limit));
        }
        if cut.is_none() && (out.len() as u64) < file.size {
            cut = Some(Cut::Damaged("it ends early".into()));
        }
        (out, cut)
    }

    fn fragment(&self, index: u32) -> Result<Block, String> {
        let &(at, size) = self.fragments.get(index as usize).ok_or("a fragment does not exist")?;
        self.cache.get(at, || {
            let block_size = self.superblock.block_size as usize;
            let stored = (size & !UNCOMPRESSED) as usize;
            if stored > block_size {
                return Err("a fragment block is larger than the block size".into());
            }
            let raw = self.metadata.data.exact(at, stored).map_err(|_| "a fragment block is cut short")?;
            let bytes = if size & UNCOMPRESSED != 0 {
                raw.into_owned()
            } else {
                self.superblock.codec.unpack(&raw, block_size)?
            };
            Ok(Arc::new(bytes))
        })
    }
}

impl Tree for SquashTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        let blocks = limit.div_ceil(u64::from(self.superblock.block_size));
        let inode = match read_inode(&self.metadata, &self.superblock, entry.handle, blocks) {
            Ok(inode) => inode,
            Err(why) => return Content::damaged(why),
        };
        let Body::File(file) = inode.body else { return Content::damaged("it is no file") };
        let (bytes, cut) = self.read(&file, limit);
        if !self.budget.expand(bytes.len() as u64) {
            return Content { bytes: Blob::memory(Vec::new()), cut: Some(Cut::Limit) };
        }
        Content { bytes: Blob::memory(bytes), cut }
    }
}

/// Reads a table of `count` records of `size` bytes: a list of the offsets of metadata blocks, of `N` bytes each, and these.
pub(super) fn table<const N: usize>(metadata: &Metadata, at: u64, count: u64, size: u64) -> Result<Vec<u8>, String> {
    if at == NONE || count == 0 {
        return Ok(Vec::new());
    }
    let total = count * size;
    if total > MAX_TABLE {
        return Err("it is larger than any that a file system in use has".into());
    }
    let mut out = Vec::new();
    for i in 0..total.div_ceil(8192) {
        let pointer = at.checked_add(N as u64 * i).and_then(|at| metadata.number::<N>(at));
        let pointer = pointer.ok_or("its list of blocks is cut short")?;
        let length = (total - out.len() as u64).min(8192);
        out.extend(metadata.cursor(pointer, 0)?.take(length as usize)?);
    }
    Ok(out)
}
