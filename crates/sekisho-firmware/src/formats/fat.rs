//! FAT12, FAT16 and FAT32, with long names.
//!
//! Layout: Microsoft's "FAT32 File System Specification" (fatgen103). Chains of clusters are followed only when a file is read, and each
//! only for as long as its file's size says.

mod directory;

use std::collections::HashSet;
use std::sync::Arc;

use super::pieces::{File, Packing, Piece};
use super::{Content as Body, Format, Opened, Signature, le16, le32};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree};

pub(super) struct Fat;

/// Bytes of one directory at most: 65,536 entries of 32 bytes.
const MAX_DIRECTORY: u64 = 65_536 * 32;
/// Directories in directories: paths end at 260 characters.
const MAX_DEPTH: usize = 130;

impl Format for Fat {
    fn name(&self) -> &'static str {
        "fat"
    }

    fn signatures(&self) -> &'static [Signature] {
        const {
            &[
                Signature { magic: b"FAT12   ", at: 54 },
                Signature { magic: b"FAT16   ", at: 54 },
                Signature { magic: b"FAT32   ", at: 82 },
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let boot = data.array::<512>(0)?;
        let volume = Volume::parse(&boot)?;
        let label_at = if volume.width == Width::Bits32 { 71 } else { 43 };
        let label = super::text_field(&boot[label_at..label_at + 11]).unwrap_or_default();
        let mut opened = Opened {
            detail: Some(format!("FAT{}, clusters of {} bytes, label '{label}'", volume.width.bits(), volume.cluster)),
            ..Opened::default()
        }
        .of_length("fat", volume.length, data.len());
        let mut tree = FatTree {
            volume,
            data: data.slice(0, opened.length),
            entries: Vec::new(),
            files: Vec::new(),
            budget: Arc::clone(budget),
        };
        for problem in tree.walk() {
            opened = opened.damaged(problem);
        }
        opened.content = Body::Tree(Box::new(tree));
        Some(opened)
    }
}

/// How many bits a table's entry has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Bits12,
    Bits16,
    Bits32,
}

impl Width {
    fn bits(self) -> u32 {
        match self {
            Self::Bits12 => 12,
            Self::Bits16 => 16,
            Self::Bits32 => 32,
        }
    }
}

/// Where things lie in a volume.
#[derive(Debug, Clone)]
struct Volume {
    width: Width,
    length: u64,
    cluster: u64,
    /// Clusters there are; they are numbered from 2.
    clusters: u64,
    table: u64,
    /// The root directory of FAT12 and FAT16: place and length.
    root: (u64, u64),
    /// That of FAT32: its first cluster.
    root_cluster: u32,
    content: u64,
}

impl Volume {
    fn parse(boot: &[u8; 512]) -> Option<Self> {
        if !matches!(boot[0], 0xeb | 0xe9) || boot[510..] != [0x55, 0xaa] {
            return None;
        }
        let sector = u64::from(le16(boot, 11));
        let per_cluster = u64::from(boot[13]);
        let reserved = u64::from(le16(boot, 14));
        let tables = u64::from(boot[16]);
        let root_entries = u64::from(le16(boot, 17));
        let either = |small: usize, large: usize| match le16(boot, small) {
            0 => u64::from(le32(boot, large)),
            n => u64::from(n),
        };
        let (sectors, table_sectors) = (either(19, 32), either(22, 36));
        if !(512..=4096).contains(&sector)
            || !sector.is_power_of_two()
            || !per_cluster.is_power_of_two()
            || reserved == 0
            || !(1..=4).contains(&tables)
            || table_sectors == 0
        {
            return None;
        }
        let root_at = reserved + tables * table_sectors;
        let root_sectors = (root_entries * 32).div_ceil(sector);
        let clusters = sectors.checked_sub(root_at + root_sectors)? / per_cluster;
        // The number of clusters alone decides (fatgen103, "FAT Type Determination").
        let width = match clusters {
            0 => return None,
            1..4085 => Width::Bits12,
            4085..65_525 => Width::Bits16,
            _ => Width::Bits32,
        };
        // FAT32 has its root in clusters, the others have not.
        if (width == Width::Bits32) != (root_entries == 0) {
            return None;
        }
        Some(Self {
            width,
            length: sectors * sector,
            cluster: per_cluster * sector,
            clusters,
            table: reserved * sector,
            root: (root_at * sector, root_entries * 32),
            root_cluster: le32(boot, 44),
            content: (root_at + root_sectors) * sector,
        })
    }

    /// Where a cluster lies; none where there is no such cluster.
    fn place(&self, cluster: u32) -> Option<u64> {
        let index = u64::from(cluster).checked_sub(2)?;
        (index < self.clusters).then(|| self.content + index * self.cluster)
    }

    /// What follows a cluster: another, or the end.
    fn next(&self, data: &Blob, cluster: u32) -> Option<u32> {
        let n = u64::from(cluster);
        let next = match self.width {
            Width::Bits12 => {
                let pair = u16::from_le_bytes(data.array(self.table + n + n / 2)?);
                u32::from(if n & 1 == 0 { pair & 0xfff } else { pair >> 4 })
            }
            Width::Bits16 => u32::from(u16::from_le_bytes(data.array(self.table + 2 * n)?)),
            Width::Bits32 => u32::from_le_bytes(data.array(self.table + 4 * n)?) & 0x0fff_ffff,
        };
        Some(next)
    }

    /// The places of at most `bytes` from a first cluster on; damaged where the chain ends before or meets itself.
    fn chain(&self, data: &Blob, first: u32, bytes: u64) -> (Vec<Piece>, Option<&'static str>) {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut seen = HashSet::new();
        let (mut cluster, mut at) = (first, 0_u64);
        while at < bytes {
            let Some(from) = self.place(cluster) else { return (pieces, Some("its chain of clusters ends early")) };
            if !seen.insert(cluster) {
                return (pieces, Some("its chain of clusters leads back to itself"));
            }
            let length = (bytes - at).min(self.cluster) as u32;
            match pieces.last_mut() {
                Some(last) if last.from + u64::from(last.length) == from && u32::MAX - last.length >= length => {
                    last.length += length;
                    last.packed += length;
                }
                _ => pieces.push(Piece { at, length, from, packed: length, packing: Packing::Stored }),
            }
            at += u64::from(length);
            match self.next(data, cluster) {
                Some(next) => cluster = next,
                None => return (pieces, Some("the table of clusters is cut short")),
            }
        }
        (pieces, None)
    }
}

struct FatTree {
    volume: Volume,
    data: Blob,
    entries: Vec<Entry>,
    /// First cluster and size by handle.
    files: Vec<(u32, u32)>,
    budget: Arc<Budget>,
}

impl FatTree {
    /// The bytes of a directory.
    fn listing(&self, first: Option<u32>) -> (Vec<u8>, Option<&'static str>) {
        let Some(first) = first else {
            let (at, length) = self.volume.root;
            let bytes = self.data.window(at, length as usize).unwrap_or_default().into_owned();
            let short = (bytes.len() as u64) < length;
            return (bytes, short.then_some("its root directory is cut short"));
        };
        // A directory's size is nowhere but in its chain.
        let mut bytes = Vec::new();
        let mut seen = HashSet::new();
        let mut cluster = first;
        while let Some(place) = self.volume.place(cluster) {
            if !seen.insert(cluster) || bytes.len() as u64 >= MAX_DIRECTORY {
                return (bytes, Some("a directory's chain of clusters leads back to itself"));
            }
            let Ok(part) = self.data.exact(place, self.volume.cluster as usize) else {
                return (bytes, Some("a directory lies outside"));
            };
            bytes.extend_from_slice(&part);
            match self.volume.next(&self.data, cluster) {
                Some(next) => cluster = next,
                None => return (bytes, Some("the table of clusters is cut short")),
            }
        }
        let problem = bytes.is_empty().then_some("a directory begins in a cluster that does not exist");
        (bytes, problem)
    }

    fn walk(&mut self) -> Vec<sekisho_model::Text> {
        let mut problems = Vec::new();
        let (mut broken, mut unsafe_names) = (Vec::new(), 0_u64);
        let root = (self.volume.width == Width::Bits32).then_some(self.volume.root_cluster);
        let mut seen: HashSet<u32> = root.into_iter().collect();
        let mut pending = vec![(String::new(), 0_usize, root)];
        'walk: while let Some((directory, depth, first)) = pending.pop() {
            let (bytes, problem) = self.listing(first);
            broken.extend(problem);
            // Directories may share their clusters: what is read of them is accounted for.
            if !self.budget.expand(bytes.len() as u64) {
                problems.push(reason::files_limit());
                break;
            }
            for item in directory::items(&bytes) {
                if !self.budget.entry() || self.budget.out_of_time() {
                    problems.push(reason::files_limit());
                    break 'walk;
                }
                if item.name.is_empty() || item.name == "." || item.name == ".." || item.name.contains(['/', '\0']) {
                    unsafe_names += 1;
                    continue;
                }
                let path = format!("{directory}/{}", item.name);
                let handle = self.files.len() as u64;
                let kind = if item.directory {
                    if !seen.insert(item.first) || depth >= MAX_DEPTH {
                        broken.push("a directory lies in itself or in two places");
                        continue;
                    }
                    pending.push((path.clone(), depth + 1, Some(item.first)));
                    Kind::Directory
                } else {
                    Kind::File(u64::from(item.size))
                };
                self.files.push((item.first, item.size));
                self.entries.push(Entry { path, kind, handle, ..Entry::default() });
            }
        }
        if unsafe_names > 0 {
            problems.push(reason::unsafe_names(unsafe_names));
        }
        broken.sort_unstable();
        broken.dedup();
        problems.extend(broken.into_iter().map(|why| reason::damaged("fat", why)));
        problems
    }
}

impl Tree for FatTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        let Some(&(first, size)) = self.files.get(entry.handle as usize) else {
            return Content::damaged("no content");
        };
        let size = u64::from(size);
        let (pieces, problem) = self.volume.chain(&self.data, first, size.min(limit));
        File { size, pieces, cut: problem.map(|why| Cut::Damaged(why.into())) }.read(&self.data, &self.budget, limit)
    }
}
