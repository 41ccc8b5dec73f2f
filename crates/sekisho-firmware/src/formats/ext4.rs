//! ext2, ext3 and ext4.

mod xattr;

use std::error::Error;
use std::sync::Arc;

use ext4_view::{Ext4 as Reader, Ext4Read};

use super::{Content as Body, Format, Opened, Signature, le16, le32};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree, plain_path};

pub(super) struct Ext4;

const SUPERBLOCK: u64 = 1024;
const MAX_DEPTH: usize = 64;
/// Largest target of a symbolic link (`PATH_MAX`).
const MAX_TARGET: u64 = 4096;

impl Format for Ext4 {
    fn name(&self) -> &'static str {
        "ext4"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"\x53\xef", at: SUPERBLOCK + 56 }] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let superblock = data.array::<1024>(SUPERBLOCK)?;
        let (inodes, blocks) = (le32(&superblock, 0), le32(&superblock, 4));
        let (log_block, inodes_per_group, blocks_per_group) =
            (le32(&superblock, 24), le32(&superblock, 40), le32(&superblock, 32));
        let (state, errors, revision) = (le16(&superblock, 58), le16(&superblock, 60), le32(&superblock, 76));
        if log_block > 6 || state > 7 || errors > 3 || revision > 1 {
            return None;
        }
        let block_size = 1024_u64 << log_block;
        let free_blocks = le32(&superblock, 12);
        let free_inodes = le32(&superblock, 16);
        if inodes < 10
            || blocks < 8
            || inodes_per_group == 0
            || blocks_per_group == 0
            || u64::from(blocks_per_group) > 8 * block_size
            || u64::from(inodes_per_group) > 8 * block_size
            || free_blocks > blocks
            || free_inodes > inodes
            || le16(&superblock, 90) != 0
        {
            return None;
        }
        // The upper half of the number of blocks counts where descriptors are wide (`EXT4_FEATURE_INCOMPAT_64BIT`).
        let high = if le32(&superblock, 96) & 0x80 != 0 { u64::from(le32(&superblock, 336)) } else { 0 };
        let declared = (high << 32 | u64::from(blocks)).checked_mul(block_size)?;
        // Each group has a descriptor of 32 bytes at least at the beginning; the library makes room for all that are claimed.
        let groups = (high << 32 | u64::from(blocks)).div_ceil(u64::from(blocks_per_group));
        if groups > data.len() / 32 {
            return None;
        }
        let label = super::text_field(&superblock[120..136]).unwrap_or_default();
        let made = le32(&superblock, 264);
        let mut opened = Opened {
            detail: Some(format!("block size {block_size}, {blocks} blocks, label '{label}'")),
            made: (made != 0).then_some(u64::from(made)),
            ..Opened::default()
        }
        .of_length("ext4", declared, data.len());
        let data = data.slice(0, opened.length);
        match list(&data, budget) {
            Ok((mut entries, problems)) => {
                for problem in problems {
                    opened = opened.damaged(problem);
                }
                if let Some(mut found) = xattr::capabilities(&data, budget) {
                    for entry in &mut entries {
                        entry.capabilities = found.remove(&entry.path).unwrap_or_default();
                    }
                } else {
                    let why = "the capabilities of its files cannot be read";
                    opened = opened.damaged(reason::damaged("ext4", why));
                }
                opened.content = Body::Tree(Box::new(ExtTree { entries, data, budget: Arc::clone(budget) }));
            }
            Err(why) => {
                opened = opened.damaged(reason::damaged("ext4", &why));
                opened.read = sekisho_model::fact::ReadState::Unread;
            }
        }
        Some(opened)
    }
}

struct Source(Blob);

impl Ext4Read for Source {
    fn read(&mut self, start: u64, out: &mut [u8]) -> Result<(), Box<dyn Error + Send + Sync>> {
        out.copy_from_slice(&self.0.exact(start, out.len())?);
        Ok(())
    }
}

fn load(data: &Blob) -> Result<Reader, String> {
    Reader::load(Box::new(Source(data.clone()))).map_err(|e| e.to_string())
}

/// All entries, in breadth, and what could not be read.
fn list(data: &Blob, budget: &Budget) -> Result<(Vec<Entry>, Vec<sekisho_model::Text>), String> {
    let fs = load(data)?;
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    let mut pending = vec![(String::new(), 0_usize)];
    while let Some((directory, depth)) = pending.pop() {
        let path = if directory.is_empty() { "/" } else { &directory };
        let listing = match fs.read_dir(path) {
            Ok(listing) => listing,
            Err(why) => {
                problems.push(reason::damaged(&format!("ext4 {path}"), &why.to_string()));
                continue;
            }
        };
        for item in listing {
            let item = match item {
                Ok(item) => item,
                Err(why) => {
                    problems.push(reason::damaged(&format!("ext4 {path}"), &why.to_string()));
                    break;
                }
            };
            let name = item.file_name();
            let Ok(name) = name.as_str() else { continue };
            if matches!(name, "." | "..") {
                continue;
            }
            if !budget.entry() || budget.out_of_time() {
                problems.push(reason::files_limit());
                return Ok((entries, problems));
            }
            let Some(full) = plain_path(&format!("{directory}/{name}")) else { continue };
            let metadata = match fs.symlink_metadata(full.as_str()) {
                Ok(metadata) => metadata,
                Err(why) => {
                    problems.push(reason::damaged(&format!("ext4 {full}"), &why.to_string()));
                    continue;
                }
            };
            let kind = if metadata.is_dir() {
                // Directories cannot be linked; one that seems to lie in itself ends at the depth limit.
                if depth < MAX_DEPTH {
                    pending.push((full.clone(), depth + 1));
                } else {
                    problems.push(reason::depth());
                }
                Kind::Directory
            } else if metadata.is_symlink() {
                // The library makes room for whatever length is claimed.
                let target = (metadata.len() <= MAX_TARGET).then(|| fs.read_link(full.as_str()));
                if let Some(Ok(target)) = target {
                    Kind::Link(target.display().to_string())
                } else {
                    problems.push(reason::damaged(&format!("ext4 {full}"), "its target cannot be read"));
                    Kind::Link(String::new())
                }
            } else if metadata.file_type() == ext4_view::FileType::Regular {
                Kind::File(metadata.len())
            } else {
                Kind::Special
            };
            entries.push(Entry {
                path: full,
                kind,
                mode: Some(metadata.mode() & 0o7777),
                uid: metadata.uid(),
                ..Entry::default()
            });
        }
    }
    problems.truncate(50);
    Ok((entries, problems))
}

struct ExtTree {
    entries: Vec<Entry>,
    data: Blob,
    budget: Arc<Budget>,
}

impl Tree for ExtTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        // The library's handle cannot be shared between threads; loading it again reads a few blocks.
        let mut file = match load(&self.data).and_then(|fs| fs.open(entry.path.as_str()).map_err(|e| e.to_string())) {
            Ok(file) => file,
            Err(why) => return Content::damaged(why),
        };
        let mut bytes = Vec::new();
        let mut step = vec![0; 64 << 10];
        let cut = loop {
            if self.budget.out_of_time() {
                break Some(Cut::Limit);
            }
            match file.read_bytes(&mut step) {
                Ok(0) => break None,
                // A sparse file costs nothing in the image: what it reads as is accounted for like what is decompressed.
                Ok(n) if !self.budget.expand(n as u64) => break Some(Cut::Limit),
                Ok(n) if (bytes.len() + n) as u64 > limit => {
                    bytes.extend_from_slice(&step[..n]);
                    bytes.truncate(limit as usize);
                    break Some(Cut::Limit);
                }
                Ok(n) => bytes.extend_from_slice(&step[..n]),
                Err(why) => break Some(Cut::Damaged(why.to_string())),
            }
        };
        Content { bytes: Blob::memory(bytes), cut }
    }
}
