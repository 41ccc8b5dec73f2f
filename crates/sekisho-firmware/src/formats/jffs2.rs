//! JFFS2: a log of nodes in raw flash, each with a CRC of its header, of its fields and of its data.
//!
//! There is no header and no length: nodes are taken where they stand, and what counts is the newest version of each. Both byte orders
//! occur. Layout: `linux/jffs2.h`.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::block::Codec;
use super::inode_tree::{self, Names, Node};
use super::pieces::{File, Packing, Piece, PieceTree};
use super::{Content, Format, Opened, Signature, capability, crc32_from_zero, guarded, magic};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::Kind;

pub(super) struct Jffs2;

/// How far apart nodes may lie: an erase block may be empty.
const ERASE_BLOCK: u64 = 256 << 10;
/// Smallest erase block of NOR flash in use that a partition of JFFS2 ends at.
const BORDER: u64 = 64 << 10;
/// Nodes of this length at most: an erase block.
const MAX_NODE: usize = 1 << 20;
/// Bytes looked through at a time.
const WINDOW: usize = 1 << 20;
/// One inode node carries at most a page; pages go up to 64 KiB.
const MAX_DATA: u32 = 64 << 10;
/// The root's inode number.
const ROOT: u64 = 1;
/// Nodes with this bit cleared are obsolete; their CRC was made with it set (`JFFS2_NODE_ACCURATE`).
const ACCURATE: u16 = 0x2000;
/// What a node takes in the tables besides a name, with room for hashing.
const NODE_COST: u64 = 128;
/// Largest target of a symbolic link.
const MAX_TARGET: u64 = 4096;

impl Format for Jffs2 {
    fn name(&self) -> &'static str {
        "jffs2"
    }

    fn signatures(&self) -> &'static [Signature] {
        // Inode, directory entry, clean marker, summary: a file system begins with one of these.
        const {
            &[
                magic(b"\x85\x19\x01\xe0"),
                magic(b"\x85\x19\x02\xe0"),
                magic(b"\x85\x19\x03\x20"),
                magic(b"\x85\x19\x06\x20"),
                magic(b"\x19\x85\xe0\x01"),
                magic(b"\x19\x85\xe0\x02"),
                magic(b"\x19\x85\x20\x03"),
                magic(b"\x19\x85\x20\x06"),
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let order = Order { big: data.array::<2>(0)? == [0x19, 0x85] };
        Header::parse(&data.array::<12>(0)?, order)?;
        let mut log = Log { order, ..Log::default() };
        log.scan(data, budget)?;
        let length = log.end.next_multiple_of(BORDER).min(data.len());
        let mut opened = Opened {
            length,
            detail: Some(format!("{} endian, {} nodes", if order.big { "big" } else { "little" }, log.nodes)),
            ..Opened::default()
        };
        for problem in std::mem::take(&mut log.problems) {
            opened = opened.damaged(problem);
        }
        let (tree, problems) = log.tree(data.slice(0, length), budget);
        for problem in problems {
            opened = opened.damaged(problem);
        }
        opened.content = Content::Tree(Box::new(tree));
        Some(opened)
    }
}

/// The byte order of all numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    big: bool,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> u16 {
        let raw = super::le16(bytes, at);
        if self.big { raw.swap_bytes() } else { raw }
    }

    fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let raw = super::le32(bytes, at);
        if self.big { raw.swap_bytes() } else { raw }
    }
}

/// Whether the bytes are there and have this CRC.
fn checked(bytes: Option<&[u8]>, crc: u32) -> Option<()> {
    guarded(crc32_from_zero(bytes?), crc).then_some(())
}

/// The beginning of every node.
struct Header {
    kind: u16,
    length: usize,
}

impl Header {
    fn parse(bytes: &[u8], order: Order) -> Option<Self> {
        if bytes.len() < 12 || order.u16(bytes, 0) != 0x1985 {
            return None;
        }
        let kind = order.u16(bytes, 2);
        let known = matches!(kind | ACCURATE, 0xe001 | 0xe002 | 0x2003 | 0x2004 | 0x2006 | 0xe008 | 0xe009);
        let length = order.u32(bytes, 4) as usize;
        if !known || !(12..=MAX_NODE).contains(&length) {
            return None;
        }
        let mut covered = <[u8; 8]>::try_from(bytes.get(..8)?).ok()?;
        // The bit that marks an obsolete node lies in the first byte of a big number, the second of a little one.
        covered[if order.big { 2 } else { 3 }] |= (ACCURATE >> 8) as u8;
        guarded(crc32_from_zero(&covered), order.u32(bytes, 8)).then_some(Self { kind, length })
    }
}

/// The newest that is known of an inode.
#[derive(Default)]
struct Inode {
    version: u32,
    mode: u32,
    uid: u32,
    size: u32,
    /// With their versions, in the order found.
    pieces: Vec<(u32, Piece)>,
}

/// All nodes of a file system.
#[derive(Default)]
struct Log {
    order: Order,
    nodes: u64,
    damaged: u64,
    /// Where the last node ends.
    end: u64,
    inodes: HashMap<u32, Inode>,
    /// Names by directory, each with version and inode.
    names: HashMap<(u32, Vec<u8>), (u32, u32)>,
    /// Versions of names by directory: the same version of two names comes from two file systems.
    versions: HashMap<(u32, u32), (u32, u32)>,
    mixed: u64,
    /// Values of `security.capability` by id, with version.
    values: HashMap<u32, (u32, Vec<u8>)>,
    /// Inodes and the ids of their attributes, with the sequence number.
    references: HashMap<(u32, u32), u32>,
    problems: Vec<sekisho_model::Text>,
    held: Held,
}

impl Log {
    fn scan(&mut self, data: &Blob, budget: &Arc<Budget>) -> Option<()> {
        let mut at = 0_u64;
        'nodes: while at < data.len() {
            if budget.out_of_time() {
                self.problems.push(reason::time());
                break;
            }
            let window = data.window(at, WINDOW + MAX_NODE).ok()?;
            let mut offset = 0_usize;
            while offset < WINDOW && offset + 12 <= window.len() {
                let Some(header) = Header::parse(&window[offset..], self.order) else {
                    offset += 4;
                    if at + offset as u64 > self.end + ERASE_BLOCK {
                        break 'nodes;
                    }
                    continue;
                };
                self.nodes += 1;
                if !budget.hold(&mut self.held, NODE_COST + header.length.min(256) as u64) {
                    self.problems.push(reason::memory_limit("jffs2"));
                    break 'nodes;
                }
                if let Some(node) = window.get(offset..offset + header.length) {
                    if self.node(&header, node, at + offset as u64).is_none() {
                        self.damaged += 1;
                    }
                } else {
                    self.damaged += 1;
                }
                offset += header.length.next_multiple_of(4);
                self.end = (at + offset as u64).min(data.len());
            }
            at += offset.max(4) as u64;
        }
        if self.damaged > 0 {
            let why = format!("{} of {} nodes fail their checksum or are cut short", self.damaged, self.nodes);
            self.problems.push(reason::damaged("jffs2", &why));
        }
        if self.mixed > 0 {
            let why = "nodes of two file systems lie next to each other and cannot be told apart";
            self.problems.push(reason::damaged("jffs2", why));
        }
        Some(())
    }

    /// Takes in one node; none where a checksum fails.
    fn node(&mut self, header: &Header, node: &[u8], at: u64) -> Option<()> {
        // What is obsolete no longer counts, and a clean marker, padding and the summary say nothing new.
        match header.kind {
            0xe001 => self.name(node),
            0xe002 => self.inode(node, at),
            0xe008 => self.value(node),
            0xe009 => self.reference(node),
            _ => Some(()),
        }
    }

    fn name(&mut self, node: &[u8]) -> Option<()> {
        let order = self.order;
        checked(node.get(..32), order.u32(node, 32))?;
        let name = node.get(40..40 + usize::from(*node.get(28)?))?;
        checked(Some(name), order.u32(node, 36))?;
        let (parent, version, inode) = (order.u32(node, 12), order.u32(node, 16), order.u32(node, 20));
        let crc = order.u32(node, 36);
        if *self.versions.entry((parent, version)).or_insert((inode, crc)) != (inode, crc) {
            self.mixed += 1;
        }
        let newest = self.names.entry((parent, name.to_vec())).or_insert((version, inode));
        if newest.0 <= version {
            *newest = (version, inode);
        }
        Some(())
    }

    fn inode(&mut self, node: &[u8], at: u64) -> Option<()> {
        let order = self.order;
        checked(node.get(..60), order.u32(node, 64))?;
        let (packed, length) = (order.u32(node, 48), order.u32(node, 52));
        let packing = match node.get(56)? {
            0 => Packing::Stored,
            1 => Packing::Hole,
            2 => Packing::Packed(Codec::Rtime),
            3 => Packing::Unread("rubin"),
            4 => return Some(()),
            5 => Packing::Unread("dynrubin"),
            6 => Packing::Packed(Codec::Zlib),
            7 => Packing::Packed(Codec::Lzo),
            8 => Packing::Packed(Codec::LzmaOfJffs2),
            _ => Packing::Unread("an unknown method"),
        };
        if packing != Packing::Hole {
            checked(node.get(68..68_usize.checked_add(packed as usize)?), order.u32(node, 60))?;
            if length > MAX_DATA || (packing == Packing::Stored && packed != length) {
                return None;
            }
        }
        let version = order.u32(node, 16);
        let inode = self.inodes.entry(order.u32(node, 12)).or_default();
        if inode.version <= version {
            inode.version = version;
            inode.mode = order.u32(node, 20);
            inode.uid = u32::from(order.u16(node, 24));
            inode.size = order.u32(node, 28);
        }
        if length > 0 {
            let piece = Piece { at: u64::from(order.u32(node, 44)), length, from: at + 68, packed, packing };
            inode.pieces.push((version, piece));
        }
        Some(())
    }

    /// An extended attribute's name and value.
    fn value(&mut self, node: &[u8]) -> Option<()> {
        let order = self.order;
        checked(node.get(..28), order.u32(node, 28))?;
        let name_end = 32 + usize::from(*node.get(21)?);
        let end = name_end + 1 + usize::from(order.u16(node, 22));
        checked(node.get(32..end), order.u32(node, 24))?;
        // `JFFS2_XPREFIX_SECURITY` is 2.
        if node.get(20) == Some(&2) && node.get(32..name_end)? == b"capability" {
            let version = order.u32(node, 16);
            let newest = self.values.entry(order.u32(node, 12)).or_default();
            if newest.0 <= version {
                *newest = (version, node.get(name_end + 1..end)?.to_vec());
            }
        }
        Some(())
    }

    /// Which inode has which attribute.
    fn reference(&mut self, node: &[u8]) -> Option<()> {
        let order = self.order;
        checked(node.get(..24), order.u32(node, 24))?;
        let newest = self.references.entry((order.u32(node, 12), order.u32(node, 16))).or_default();
        *newest = (*newest).max(order.u32(node, 20));
        Some(())
    }

    fn tree(mut self, data: Blob, budget: &Arc<Budget>) -> (PieceTree, Vec<sekisho_model::Text>) {
        let mut names = Names::new();
        for ((parent, name), (_, inode)) in std::mem::take(&mut self.names) {
            // A name of inode 0 is a deleted one.
            if inode != 0 {
                names.entry(u64::from(parent)).or_default().insert(name, u64::from(inode));
            }
        }
        let mut files = HashMap::new();
        let mut nodes: HashMap<u64, Node> = HashMap::new();
        for (number, mut inode) in std::mem::take(&mut self.inodes) {
            inode.pieces.sort_by_key(|(version, _)| *version);
            let pieces = inode.pieces.into_iter().map(|(_, piece)| piece).collect();
            let file = File { size: u64::from(inode.size), pieces, cut: None };
            let number = u64::from(number);
            // Of a link the nodes' size counts, which older writers left out of the inode.
            let node = Node::of_mode(inode.mode, inode.uid, file.size, || {
                let size = file.pieces.first().map_or(0, |piece| u64::from(piece.length));
                let target = File { size, ..file.clone() }.read(&data, budget, MAX_TARGET);
                String::from_utf8_lossy(&target.bytes.window(0, MAX_TARGET as usize).unwrap_or_default()).into_owned()
            });
            if matches!(node.kind, Kind::File(_)) {
                // A hole is a node of its own; what none covers was lost.
                files.insert(number, file.without_holes());
            }
            nodes.insert(number, node);
        }
        // An odd sequence number takes the attribute away (`XREF_DELETE_MARKER`).
        for ((inode, id), _) in self.references.iter().filter(|(_, sequence)| *sequence & 1 == 0) {
            if let (Some(node), Some((_, value))) = (nodes.get_mut(&u64::from(*inode)), self.values.get(id)) {
                node.capabilities = capability::names(value);
            }
        }
        let (entries, problems) =
            inode_tree::walk("jffs2", ROOT, &names, &|number| nodes.get(&number).cloned(), budget);
        (PieceTree { entries, files, data, budget: Arc::clone(budget), _held: self.held }, problems)
    }
}
