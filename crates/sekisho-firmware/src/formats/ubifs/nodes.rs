//! The nodes that make up files and directories.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sekisho_model::Text;

use super::{Raw, kind};
use crate::blob::Blob;
use crate::formats::block::Codec;
use crate::formats::inode_tree::{self, Names, Node};
use crate::formats::pieces::{File, Packing, Piece, PieceTree};
use crate::formats::{capability, le16, le32, le64};
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::{Cut, Kind};

/// The root's inode number (`UBIFS_ROOT_INO`).
const ROOT: u64 = 1;
/// Bytes of a file's block (`UBIFS_BLOCK_SIZE`).
const BLOCK: u64 = 4096;
/// Bytes of a data node before its data (`struct ubifs_data_node`).
const DATA: usize = 48;
/// Bytes of an inode's node before what it carries itself (`struct ubifs_ino_node`).
const INODE: usize = 160;
/// The lower bits of a key's second word: a block's number or a name's hash (`UBIFS_S_KEY_BLOCK_BITS`).
const KEY_BLOCK: u32 = 0x1fff_ffff;
/// `UBIFS_CRYPT_FL`.
const ENCRYPTED: u32 = 0x40;

struct Inode {
    mode: u32,
    uid: u32,
    size: u64,
    flags: u32,
    /// A link's target, an attribute's value.
    inline: Vec<u8>,
}

/// Files and names as far as they are known.
#[derive(Default)]
pub(super) struct State {
    inodes: HashMap<u64, Inode>,
    blocks: HashMap<u64, BTreeMap<u32, Piece>>,
    names: Names,
    attributes: Names,
    pub(super) held: Held,
}

impl State {
    /// Takes in a node that the index leads to; none where it is none of those.
    pub(super) fn take(&mut self, node: &Raw) -> Option<()> {
        let bytes = &node.bytes;
        // Every one of these begins with its key: the inode's number, and of what it is.
        let number = u64::from(le32(bytes, 24));
        match node.kind() {
            kind::INODE => {
                let length = le32(bytes, 112) as usize;
                let inode = Inode {
                    size: le64(bytes, 48),
                    uid: le32(bytes, 96),
                    mode: le32(bytes, 104),
                    flags: le32(bytes, 108),
                    inline: bytes.get(INODE..INODE.checked_add(length)?)?.to_vec(),
                };
                self.inodes.insert(number, inode);
            }
            kind::DATA => {
                let length = le32(bytes, 40);
                let packed = u32::try_from(bytes.len().checked_sub(DATA)?).ok()?;
                let packing = match le16(bytes, 44) {
                    0 => Packing::Stored,
                    1 => Packing::Packed(Codec::Lzo),
                    2 => Packing::Packed(Codec::Deflate),
                    3 => Packing::Packed(Codec::Zstd),
                    _ => Packing::Unread("an unknown method"),
                };
                if u64::from(length) > BLOCK || (packing == Packing::Stored && packed < length) {
                    return None;
                }
                let block = le32(bytes, 28) & KEY_BLOCK;
                let at = u64::from(block) * BLOCK;
                let piece = Piece { at, length, from: node.at + DATA as u64, packed, packing };
                self.blocks.entry(number).or_default().insert(block, piece);
            }
            kind::NAME | kind::ATTRIBUTE => {
                let name = bytes.get(56..56 + usize::from(le16(bytes, 50)))?.to_vec();
                let inode = le64(bytes, 40);
                let names = if node.kind() == kind::NAME { &mut self.names } else { &mut self.attributes };
                let names = names.entry(number).or_default();
                // A name without inode is one that was deleted.
                if inode == 0 {
                    names.remove(&name)
                } else {
                    names.insert(name, inode)
                };
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes in a node of the journal, which may undo what was before it.
    pub(super) fn replay(&mut self, node: &Raw) {
        let bytes = &node.bytes;
        let number = u64::from(le32(bytes, 24));
        match node.kind() {
            // Without a name left the inode and its data are gone.
            kind::INODE if le32(bytes, 92) == 0 => {
                self.inodes.remove(&number);
                self.blocks.remove(&number);
            }
            kind::TRUNCATION => {
                let first = le64(bytes, 48).div_ceil(BLOCK).min(u64::from(u32::MAX)) as u32;
                if let Some(blocks) = self.blocks.get_mut(&number) {
                    blocks.split_off(&first);
                }
            }
            _ => _ = self.take(node),
        }
    }

    pub(super) fn tree(mut self, data: Blob, encrypted: bool, budget: &Arc<Budget>) -> (PieceTree, Vec<Text>) {
        let mut problems = Vec::new();
        let (mut files, mut nodes, mut hidden) = (HashMap::new(), HashMap::new(), 0_u64);
        for (&number, inode) in &self.inodes {
            let locked = encrypted && inode.flags & ENCRYPTED != 0;
            let target = || String::from_utf8_lossy(&inode.inline).into_owned();
            let mut node = Node::of_mode(inode.mode, inode.uid, inode.size, target);
            if let Some(value) = self
                .attributes
                .get(&number)
                .and_then(|names| names.get(&b"security.capability"[..]))
                .and_then(|attribute| self.inodes.get(attribute))
            {
                node.capabilities = capability::names(&value.inline);
            }
            match node.kind {
                Kind::File(size) => {
                    let pieces = self.blocks.remove(&number).unwrap_or_default().into_values().collect();
                    let file = if locked {
                        File { size, pieces: Vec::new(), cut: Some(Cut::Unread("it is encrypted".into())) }
                    } else {
                        File { size, pieces, cut: None }
                    };
                    files.insert(number, file);
                }
                // The names in an encrypted directory are so, too.
                Kind::Directory if locked => hidden += self.names.remove(&number).map_or(0, |n| n.len() as u64),
                _ => {}
            }
            nodes.insert(number, node);
        }
        if hidden > 0 {
            problems.push(reason::encrypted(&format!("ubifs: {hidden} names")));
        }
        let (entries, more) =
            inode_tree::walk("ubifs", ROOT, &self.names, &|number| nodes.get(&number).cloned(), budget);
        problems.extend(more);
        (PieceTree { entries, files, data, budget: Arc::clone(budget), _held: self.held }, problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::tree::Tree;

    fn node(kind: u8, inode: u32, fields: &[(usize, u64)], length: usize) -> Raw {
        let mut bytes = vec![0; length];
        bytes[20] = kind;
        bytes[24..28].copy_from_slice(&inode.to_le_bytes());
        for (at, value) in fields {
            let raw = value.to_le_bytes();
            let end = (at + 8).min(length);
            bytes[*at..end].copy_from_slice(&raw[..end - at]);
        }
        Raw { bytes, at: 0 }
    }

    fn inode(number: u32, mode: u64, size: u64, links: u64, inline: &[u8]) -> Raw {
        let fields = [(48, size), (92, links), (104, mode), (112, inline.len() as u64)];
        let mut node = node(kind::INODE, number, &fields, INODE);
        node.bytes.extend(inline);
        node
    }

    fn name(kind: u8, parent: u32, inode: u64, text: &str) -> Raw {
        let mut node = node(kind, parent, &[(40, inode), (50, text.len() as u64)], 56);
        node.bytes.extend(text.as_bytes());
        node
    }

    fn data(inode: u32, block: u64, length: u64) -> Raw {
        node(kind::DATA, inode, &[(28, block | 1 << 29), (40, length)], DATA + length as usize)
    }

    /// `setcap cap_net_raw+ep`.
    const CAPABILITY: [u8; 20] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn the_journal_undoes_what_was_before_it() {
        let mut state = State::default();
        let before = [
            name(kind::NAME, 1, 64, "ping"),
            inode(64, 0o100_755, 9000, 1, b""),
            data(64, 0, 4096),
            data(64, 1, 4096),
            data(64, 2, 808),
            name(kind::ATTRIBUTE, 64, 65, "security.capability"),
            inode(65, 0o100_777, 20, 1, &CAPABILITY),
            name(kind::NAME, 1, 66, "gone"),
            inode(66, 0o100_644, 4096, 1, b""),
            data(66, 0, 4096),
        ];
        assert!(before.iter().all(|node| state.take(node).is_some()));
        for node in [
            name(kind::NAME, 1, 0, "gone"),
            inode(66, 0o100_644, 0, 0, b""),
            // Cut to 5000 bytes: the last block goes.
            node(kind::TRUNCATION, 64, &[(40, 9000), (48, 5000)], 56),
            inode(64, 0o100_755, 5000, 1, b""),
        ] {
            state.replay(&node);
        }
        assert_eq!(state.blocks[&64].keys().copied().collect::<Vec<_>>(), [0, 1]);
        assert!(!state.blocks.contains_key(&66));
        let (tree, problems) = state.tree(Blob::memory(vec![0; 8192]), false, &Budget::new(Limits::default()));
        assert_eq!(problems, Vec::new());
        let [ping] = tree.entries() else { panic!("{:?}", tree.entries()) };
        assert_eq!((ping.path.as_str(), &ping.kind), ("/ping", &Kind::File(5000)));
        assert_eq!(ping.capabilities, ["cap_net_raw"]);
    }

    #[test]
    fn what_is_encrypted_is_said_and_not_read() {
        let mut state = State::default();
        let locked = |mut node: Raw| {
            node.bytes[108] = ENCRYPTED as u8;
            node
        };
        for node in [
            name(kind::NAME, 1, 64, "vault"),
            locked(inode(64, 0o040_755, 0, 2, b"")),
            name(kind::NAME, 64, 65, "\u{1}cipher"),
            locked(inode(65, 0o100_644, 4096, 1, b"")),
            name(kind::NAME, 1, 66, "file"),
            locked(inode(66, 0o100_644, 4096, 1, b"")),
        ] {
            state.take(&node).unwrap();
        }
        let (tree, problems) = state.tree(Blob::memory(Vec::new()), true, &Budget::new(Limits::default()));
        assert!(problems[0].en.contains("encrypted"), "{problems:?}");
        let mut paths: Vec<&str> = tree.entries().iter().map(|e| e.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["/file", "/vault"]);
        let file = tree.entries().iter().find(|e| e.path == "/file").unwrap();
        assert!(matches!(tree.content(file, 10_000).cut, Some(Cut::Unread(_))));
    }
}
