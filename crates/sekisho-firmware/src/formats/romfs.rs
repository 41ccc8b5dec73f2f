//! romfs: the smallest of the read-only file systems, every file in one piece.
//!
//! Layout: `Documentation/filesystems/romfs.rst` of Linux. All numbers are big endian.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::pieces::{File, Packing, Piece, PieceTree};
use super::{Content, Format, Opened, Signature, be32, magic};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::{Entry, Kind};

pub(super) struct RomFs;

/// Largest name of a file or volume that is read, with its padding.
const MAX_NAME: usize = 256;
/// Names and headers are aligned to this.
const ALIGN: u64 = 16;
/// Hard links that lead to hard links.
const MAX_LINKS: usize = 8;
/// Directories in directories.
const MAX_DEPTH: usize = 256;

impl Format for RomFs {
    fn name(&self) -> &'static str {
        "romfs"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"-rom1fs-")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let size = u64::from(be32(&data.array::<16>(0)?, 8));
        let (name, first) = name(data, 16)?;
        if size < first {
            return None;
        }
        let label = String::from_utf8_lossy(&name).into_owned();
        let mut opened = Opened {
            detail: Some(format!("label '{label}'")),
            checksum_valid: checksum(data, size),
            ..Opened::default()
        }
        .of_length("romfs", size, data.len());
        if opened.checksum_valid == Some(false) && opened.declared.is_none() {
            opened = opened.damaged(reason::damaged("romfs", "its checksum is wrong"));
        }
        let data = data.slice(0, opened.length);
        let mut walk = Walk {
            data: &data,
            budget,
            entries: Vec::new(),
            files: HashMap::new(),
            unsafe_names: 0,
            broken: 0,
            cycles: 0,
        };
        let limited = walk.run(first);
        let Walk { entries, files, unsafe_names, broken, cycles, .. } = walk;
        if limited {
            opened = opened.damaged(reason::files_limit());
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        if broken > 0 {
            let why = format!("{broken} directories end in headers that cannot be read");
            opened = opened.damaged(reason::damaged("romfs", &why));
        }
        if cycles > 0 {
            let why = format!("{cycles} headers are met twice");
            opened = opened.damaged(reason::damaged("romfs", &why));
        }
        let tree = PieceTree { entries, files, data, budget: Arc::clone(budget), _held: Held::default() };
        opened.content = Content::Tree(Box::new(tree));
        Some(opened)
    }
}

/// Whether the words of the first 512 bytes (or of all, where that is less) add up to 0.
fn checksum(data: &Blob, size: u64) -> Option<bool> {
    let covered = data.exact(0, size.min(512) as usize).ok()?;
    let sum = covered.chunks_exact(4).fold(0_u32, |sum, word| sum.wrapping_add(be32(word, 0)));
    Some(sum == 0)
}

/// A name, and where what follows it begins.
fn name(data: &Blob, at: u64) -> Option<(Vec<u8>, u64)> {
    let window = data.window(at, MAX_NAME).ok()?;
    let end = window.iter().position(|&b| b == 0)?;
    Some((window[..end].to_vec(), at + (end as u64 + 1).next_multiple_of(ALIGN)))
}

/// The header of a file.
struct Header {
    /// The next one of the directory.
    next: u64,
    kind: u32,
    executable: bool,
    /// What the kind makes of it: a directory's first header, a hard link's destination.
    info: u64,
    size: u32,
    name: Vec<u8>,
    /// Where its data begin.
    content: u64,
}

impl Header {
    fn read(data: &Blob, at: u64) -> Option<Self> {
        let raw = data.array::<16>(at)?;
        let (name, content) = name(data, at + 16)?;
        let next = be32(&raw, 0);
        Some(Self {
            next: u64::from(next & !15),
            kind: next & 7,
            executable: next & 8 != 0,
            info: u64::from(be32(&raw, 4) & !15),
            size: be32(&raw, 8),
            name,
            content,
        })
    }
}

struct Walk<'a> {
    data: &'a Blob,
    budget: &'a Budget,
    entries: Vec<Entry>,
    files: HashMap<u64, File>,
    unsafe_names: u64,
    broken: u64,
    cycles: u64,
}

impl Walk<'_> {
    /// Goes through the directories; whether a limit was reached.
    fn run(&mut self, first: u64) -> bool {
        // The root's own header stands first; its list begins with `.` and `..`.
        let mut seen = HashSet::new();
        let mut pending = vec![(String::new(), 0_usize, first)];
        while let Some((directory, depth, mut at)) = pending.pop() {
            while at != 0 {
                if !seen.insert(at) {
                    self.cycles += 1;
                    break;
                }
                if !self.budget.entry() || self.budget.out_of_time() {
                    return true;
                }
                let Some(header) = Header::read(self.data, at) else {
                    self.broken += 1;
                    break;
                };
                let here = at;
                at = header.next;
                if header.name == b"." || header.name == b".." {
                    continue;
                }
                if header.name.is_empty() || header.name.contains(&b'/') {
                    self.unsafe_names += 1;
                    continue;
                }
                let path = format!("{directory}/{}", String::from_utf8_lossy(&header.name));
                let Some((place, target)) = self.follow(here, header) else {
                    self.broken += 1;
                    continue;
                };
                if target.kind == 1 {
                    if depth >= MAX_DEPTH {
                        self.cycles += 1;
                        continue;
                    }
                    pending.push((path.clone(), depth + 1, target.info));
                }
                self.entry(path, place, &target);
            }
        }
        false
    }

    /// What a hard link leads to. A link to a directory would be a cycle, and is what `.` and `..` are.
    fn follow(&self, mut at: u64, mut header: Header) -> Option<(u64, Header)> {
        for link in 0..MAX_LINKS {
            if header.kind != 0 {
                return (link == 0 || header.kind != 1).then_some((at, header));
            }
            at = header.info;
            header = Header::read(self.data, at)?;
        }
        None
    }

    fn entry(&mut self, path: String, handle: u64, header: &Header) {
        let size = header.size;
        // Permissions are those that Linux gives (`romfs_modemap`).
        let (kind, mode) = match header.kind {
            1 => (Kind::Directory, 0o644),
            2 => (Kind::File(u64::from(size)), 0o644),
            3 => {
                let target = self.data.window(header.content, size.min(4096) as usize).unwrap_or_default();
                (Kind::Link(String::from_utf8_lossy(&target).into_owned()), 0o777)
            }
            4 | 5 => (Kind::Special, 0o600),
            _ => (Kind::Special, 0o644),
        };
        if let Kind::File(size) = kind {
            let length = header.size;
            let piece = Piece { at: 0, length, from: header.content, packed: length, packing: Packing::Stored };
            self.files.insert(handle, File { size, pieces: vec![piece], cut: None });
        }
        let mode = Some(if header.executable { mode | 0o111 } else { mode });
        self.entries.push(Entry { path, kind, mode, handle, ..Entry::default() });
    }
}
