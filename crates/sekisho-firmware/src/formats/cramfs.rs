//! cramfs: a small read-only file system, files in pages compressed with zlib.
//!
//! Layout: `linux/cramfs_fs.h`. Numbers are in the byte order of the machine that made it, and so are the bit fields.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::block::Codec;
use super::inode_tree::Node;
use super::pieces::{File, Packing, Piece, PieceTree};
use super::{Content, Format, Opened, Signature, le32, magic};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::{Cut, Entry, Kind};

pub(super) struct CramFs;

/// Bytes of a file's page. Kernels with larger pages make others; they are rare and say nothing of it.
const PAGE: u64 = 4096;
/// Bytes of an inode, and where the root's stands.
const INODE: u64 = 12;
const ROOT: u64 = 64;
/// A page that does not compress takes a little more than itself.
const MAX_PACKED: u64 = 2 * PAGE;
/// Directories in directories.
const MAX_DEPTH: usize = 256;
/// The inodes of files carry the number of their pieces (`CRAMFS_FLAG_FSID_VERSION_2`).
const HAS_CHECKSUM: u32 = 1;
/// Pointers to pages have flags and may point anywhere, for programs run in place (`CRAMFS_FLAG_EXT_BLOCK_POINTERS`).
const EXTENDED_POINTERS: u32 = 0x800;
/// What a page takes in the tables.
const PAGE_COST: u64 = 48;

impl Format for CramFs {
    fn name(&self) -> &'static str {
        "cramfs"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x45\x3d\xcd\x28"), magic(b"\x28\xcd\x3d\x45")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let raw = data.array::<{ (ROOT + INODE) as usize }>(0)?;
        let big = raw[0] == 0x28;
        let order = Order { big };
        if &raw[16..32] != b"Compressed ROMFS" {
            return None;
        }
        let (size, flags) = (u64::from(order.u32(&raw, 4)), order.u32(&raw, 8));
        if size < ROOT + INODE {
            return None;
        }
        let label = super::text_field(&raw[48..64]).unwrap_or_default();
        let mut opened = Opened {
            detail: Some(format!("{} endian, label '{label}'", if big { "big" } else { "little" })),
            ..Opened::default()
        }
        .of_length("cramfs", size, data.len());
        let data = data.slice(0, opened.length);
        if flags & HAS_CHECKSUM != 0 && opened.declared.is_none() {
            let valid = checksum(&data).is_some_and(|crc| crc == order.u32(&raw, 32));
            opened.checksum_valid = Some(valid);
            if !valid {
                opened = opened.damaged(reason::damaged("cramfs", "its checksum is wrong"));
            }
        }
        let mut walk = Walk {
            data: &data,
            order,
            extended: flags & EXTENDED_POINTERS != 0,
            budget,
            entries: Vec::new(),
            files: HashMap::new(),
            held: Held::default(),
            unsafe_names: 0,
            broken: 0,
        };
        let limited = walk.run();
        let Walk { entries, files, held, unsafe_names, broken, .. } = walk;
        if limited {
            opened = opened.damaged(reason::files_limit());
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        if broken > 0 {
            let why = format!("{broken} directories are damaged or lie in themselves");
            opened = opened.damaged(reason::damaged("cramfs", &why));
        }
        opened.content =
            Content::Tree(Box::new(PieceTree { entries, files, data, budget: Arc::clone(budget), _held: held }));
        Some(opened)
    }
}

/// The CRC-32 of all, with its own field as zeros.
fn checksum(data: &Blob) -> Option<u32> {
    let mut crc = flate2::Crc::new();
    crc.update(&data.array::<32>(0)?);
    crc.update(&[0; 4]);
    let mut at = 36;
    while at < data.len() {
        let bytes = data.window(at, 1 << 20).ok().filter(|b| !b.is_empty())?;
        crc.update(&bytes);
        at += bytes.len() as u64;
    }
    Some(crc.sum())
}

#[derive(Debug, Clone, Copy)]
struct Order {
    big: bool,
}

impl Order {
    fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let raw = le32(bytes, at);
        if self.big { raw.swap_bytes() } else { raw }
    }
}

/// An inode, which stands in its directory before its name.
struct Inode {
    mode: u32,
    uid: u32,
    size: u32,
    name_length: u64,
    offset: u64,
}

impl Inode {
    /// Bit fields begin at the lowest bit in little endian, at the highest in big endian.
    fn read(data: &Blob, at: u64, order: Order) -> Option<Self> {
        let raw = data.array::<{ INODE as usize }>(at)?;
        let (owner, size, place) = (order.u32(&raw, 0), order.u32(&raw, 4), order.u32(&raw, 8));
        // Names are counted and data are placed in units of four bytes.
        Some(if order.big {
            Self {
                mode: owner >> 16,
                uid: owner & 0xffff,
                size: size >> 8,
                name_length: u64::from(place >> 26) * 4,
                offset: u64::from(place & 0x3ff_ffff) * 4,
            }
        } else {
            Self {
                mode: owner & 0xffff,
                uid: owner >> 16,
                size: size & 0xff_ffff,
                name_length: u64::from(place & 0x3f) * 4,
                offset: u64::from(place >> 6) * 4,
            }
        })
    }
}

struct Walk<'a> {
    data: &'a Blob,
    order: Order,
    extended: bool,
    budget: &'a Arc<Budget>,
    entries: Vec<Entry>,
    files: HashMap<u64, File>,
    held: Held,
    unsafe_names: u64,
    broken: u64,
}

impl Walk<'_> {
    /// Goes through the directories; whether a limit was reached.
    fn run(&mut self) -> bool {
        let Some(root) = Inode::read(self.data, ROOT, self.order) else {
            self.broken += 1;
            return false;
        };
        let mut seen = HashSet::new();
        let mut pending = vec![(String::new(), 0_usize, root)];
        while let Some((directory, depth, inode)) = pending.pop() {
            let (mut at, end) = (inode.offset, inode.offset + u64::from(inode.size));
            // Empty directories have no place.
            if at == end {
                continue;
            }
            if !seen.insert(at) || depth >= MAX_DEPTH || end > self.data.len() {
                self.broken += 1;
                continue;
            }
            while at < end {
                if !self.budget.entry() || self.budget.out_of_time() {
                    return true;
                }
                let Some(child) = Inode::read(self.data, at, self.order) else {
                    self.broken += 1;
                    break;
                };
                let name = self.data.window(at + INODE, child.name_length as usize).unwrap_or_default();
                let name = name.split(|&b| b == 0).next().unwrap_or_default().to_vec();
                let handle = at;
                at += INODE + child.name_length;
                if name.is_empty() || name == b"." || name == b".." || name.contains(&b'/') {
                    self.unsafe_names += 1;
                    continue;
                }
                let path = format!("{directory}/{}", String::from_utf8_lossy(&name));
                let node = Node::of_mode(child.mode, child.uid, u64::from(child.size), || {
                    let target = self.file(&child).read(self.data, self.budget, PAGE);
                    String::from_utf8_lossy(&target.bytes.window(0, PAGE as usize).unwrap_or_default()).into_owned()
                });
                if matches!(node.kind, Kind::File(_)) {
                    let file = self.file(&child);
                    if !self.budget.hold(&mut self.held, PAGE_COST * file.pieces.len() as u64) {
                        return true;
                    }
                    self.files.insert(handle, file);
                }
                let Node { kind, mode, uid, .. } = node;
                if kind == Kind::Directory {
                    pending.push((path.clone(), depth + 1, child));
                }
                self.entries.push(Entry { path, kind, mode, uid, handle, ..Entry::default() });
            }
        }
        false
    }

    /// A list of where each page ends, and then the pages; one that takes no bytes is a hole.
    fn file(&self, inode: &Inode) -> File {
        let size = u64::from(inode.size);
        let mut file = File { size, ..File::default() };
        if self.extended && size > 0 {
            file.cut = Some(Cut::Unread("its pages may lie apart, as for programs that run in place (XIP)".into()));
            return file;
        }
        let pages = size.div_ceil(PAGE);
        let mut begin = inode.offset + 4 * pages;
        for page in 0..pages {
            let length = (size - page * PAGE).min(PAGE) as u32;
            let end = self.data.array::<4>(inode.offset + 4 * page).map(|raw| u64::from(self.order.u32(&raw, 0)));
            let packed = end.and_then(|end| end.checked_sub(begin)).filter(|&n| n <= MAX_PACKED);
            let Some(packed) = packed else {
                file.cut = Some(Cut::Damaged("its list of pages is damaged".into()));
                break;
            };
            if packed > 0 {
                let (at, packing) = (page * PAGE, Packing::Packed(Codec::Zlib));
                file.pieces.push(Piece { at, length, from: begin, packed: packed as u32, packing });
            }
            begin += packed;
        }
        file
    }
}
