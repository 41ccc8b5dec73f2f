//! Flattened device trees (Devicetree Specification 0.4, chapter 5): the hardware that a kernel is for, and the form of FIT images.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Content, Format, Opened, Signature, be32, fit, magic};
use crate::blob::Blob;
use crate::inspect::mtdparts;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Fdt;

/// Nodes and properties in one tree; the largest of Linux have some ten thousand.
const MAX_ITEMS: usize = 200_000;
/// Nodes inside each other.
const MAX_DEPTH: usize = 64;
/// The names of properties; the specification sets no bound, the largest of Linux have some ten KiB.
const MAX_STRINGS: u64 = 1 << 20;
/// Longest text of a property that is read.
const MAX_TEXT: usize = 4096;

const BEGIN_NODE: u32 = 1;
const END_NODE: u32 = 2;
const PROPERTY: u32 = 3;
const NOP: u32 = 4;
const END: u32 = 9;

impl Format for Fdt {
    fn name(&self) -> &'static str {
        "device-tree"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xd0\x0d\xfe\xed")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let tree = DeviceTree::parse(data)?;
        if fit::is_fit(&tree) {
            return None;
        }
        let root = tree.root();
        let mut detail = format!("version {}", tree.version);
        for name in ["model", "compatible"] {
            let texts = tree.texts(root, name);
            if !texts.is_empty() {
                let _ = write!(detail, ", {name} {}", quoted(&texts));
            }
        }
        let mut observed = Vec::new();
        if let Some(bootargs) = tree.child(root, "chosen").and_then(|chosen| tree.text(chosen, "bootargs")) {
            let _ = write!(detail, ", bootargs '{bootargs}'");
            observed.extend(mtdparts::of_text(&bootargs).into_iter().map(|seen| seen.observed));
        }
        let declared = tree.total;
        let mut opened = Opened { detail: Some(detail), observed, content: Content::Nothing, ..Opened::default() };
        // A device tree describes hardware; nothing in it bears on the other aspects.
        opened = opened.of_length("device-tree", declared, data.len());
        if opened.declared.is_none() && !tree.whole {
            opened = opened.damaged(reason::damaged("device-tree", "its structure ends early"));
        }
        Some(opened)
    }
}

fn quoted(texts: &[String]) -> String {
    texts.iter().take(8).map(|text| format!("'{text}'")).collect::<Vec<_>>().join(" ")
}

/// A property: its name and where its value lies in the data.
#[derive(Debug)]
struct Property {
    name: String,
    offset: u64,
    length: u64,
}

/// A node of the tree.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    properties: Vec<Property>,
    children: Vec<usize>,
}

/// A device tree whose values stay where they are.
#[derive(Debug)]
pub(super) struct DeviceTree {
    data: Blob,
    nodes: Vec<Node>,
    pub(super) total: u64,
    version: u32,
    /// Whether the structure was read to its end.
    pub(super) whole: bool,
}

impl DeviceTree {
    /// Reads the tree at the beginning of `data`; none where the header or the first node is not one.
    pub(super) fn parse(data: &Blob) -> Option<Self> {
        let header = data.array::<40>(0)?;
        let field = |i: usize| be32(&header, 4 * i);
        let (total, structure, strings, version) = (field(1), field(2), field(3), field(5));
        // Versions before 16 have no lengths of the blocks and went out of use in 2005.
        if field(0) != 0xd00d_feed
            || !(16..=20).contains(&version)
            || field(6) > version
            || structure < 40
            || structure >= total
            || strings > total
            || structure % 4 != 0
            || u64::from(total) > 1 << 31
        {
            return None;
        }
        let strings_size = if version >= 17 { u64::from(field(8)) } else { u64::from(total - strings) };
        let names = data.slice(u64::from(strings), strings_size.min(MAX_STRINGS));
        let names = names.window(0, MAX_STRINGS as usize).ok()?;
        if data.array::<4>(u64::from(structure)) != Some(BEGIN_NODE.to_be_bytes()) {
            return None;
        }
        let mut tree = Self { data: data.clone(), nodes: Vec::new(), total: u64::from(total), version, whole: false };
        tree.whole = tree.read(u64::from(structure), &names).is_some();
        (!tree.nodes.is_empty()).then_some(tree)
    }

    /// Reads the structure block; none where it ends early or is not well formed.
    fn read(&mut self, structure: u64, names: &[u8]) -> Option<()> {
        let mut at = structure;
        let mut open: Vec<usize> = Vec::new();
        let mut items = 0;
        loop {
            items += 1;
            if at >= self.total || items > MAX_ITEMS {
                return None;
            }
            let token = u32::from_be_bytes(self.data.array::<4>(at)?);
            at += 4;
            match token {
                BEGIN_NODE => {
                    let window = self.data.window(at, 256).ok()?;
                    let length = memchr::memchr(0, &window)?;
                    let name = String::from_utf8_lossy(&window[..length]).into_owned();
                    drop(window);
                    at = (at + length as u64 + 1).next_multiple_of(4);
                    let index = self.nodes.len();
                    self.nodes.push(Node { name, ..Node::default() });
                    match open.last() {
                        Some(&parent) => self.nodes.get_mut(parent)?.children.push(index),
                        None if index > 0 => return None,
                        None => {}
                    }
                    if open.len() >= MAX_DEPTH {
                        return None;
                    }
                    open.push(index);
                }
                END_NODE => {
                    open.pop()?;
                }
                PROPERTY => {
                    let field = self.data.array::<8>(at)?;
                    let (length, name) = (u64::from(be32(&field, 0)), be32(&field, 4) as usize);
                    let name = names.get(name..)?;
                    let name = &name[..memchr::memchr(0, name)?.min(256)];
                    let property =
                        Property { name: String::from_utf8_lossy(name).into_owned(), offset: at + 8, length };
                    let end = property.offset.checked_add(length)?;
                    let node = *open.last()?;
                    self.nodes.get_mut(node)?.properties.push(property);
                    // A value may be cut off with the data; it is still known where it lies.
                    if end > self.total {
                        return None;
                    }
                    at = end.next_multiple_of(4);
                }
                NOP => {}
                END => return open.is_empty().then_some(()),
                _ => return None,
            }
        }
    }

    pub(super) fn root(&self) -> &Node {
        // A tree without a node is not made.
        static EMPTY: std::sync::LazyLock<Node> = std::sync::LazyLock::new(Node::default);
        self.nodes.first().unwrap_or_else(|| &*EMPTY)
    }

    pub(super) fn children<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Node> {
        node.children.iter().filter_map(|&index| self.nodes.get(index))
    }

    pub(super) fn child<'a>(&'a self, node: &'a Node, name: &str) -> Option<&'a Node> {
        self.children(node).find(|child| child.name == name)
    }

    /// Where the value of a property lies in the data and how long it is.
    pub(super) fn place(node: &Node, name: &str) -> Option<(u64, u64)> {
        node.properties.iter().find(|p| p.name == name).map(|p| (p.offset, p.length))
    }

    /// The value of a property, at most [`MAX_TEXT`] bytes.
    pub(super) fn bytes(&self, node: &Node, name: &str) -> Option<Vec<u8>> {
        let (offset, length) = Self::place(node, name)?;
        let bytes = self.data.exact(offset, usize::try_from(length).ok().filter(|&n| n <= MAX_TEXT)?).ok()?;
        Some(bytes.into_owned())
    }

    /// A number of one cell.
    pub(super) fn number(&self, node: &Node, name: &str) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes(node, name)?.try_into().ok()?))
    }

    /// A list of printable strings; empty where it is none.
    pub(super) fn texts(&self, node: &Node, name: &str) -> Vec<String> {
        let Some(bytes) = self.bytes(node, name) else { return Vec::new() };
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
        let texts = bytes.split(|&b| b == 0).map(|text| super::text_field(text).filter(|text| !text.is_empty()));
        texts.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// The first string of a property.
    pub(super) fn text(&self, node: &Node, name: &str) -> Option<String> {
        self.texts(node, name).into_iter().next()
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    /// Made by `dtc` 1.6.1 from the text in tests/data/README.md.
    const BOARD: &[u8] = include_bytes!("../../tests/data/board.dtb");

    fn open(bytes: &[u8]) -> Option<Opened> {
        Fdt.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    #[test]
    fn hardware_and_command_line() {
        let opened = open(BOARD).unwrap();
        assert_eq!((opened.length, opened.read), (BOARD.len() as u64, ReadState::Whole));
        assert_eq!(
            opened.detail.as_deref(),
            Some(
                "version 17, model 'Example board', compatible 'example,board' 'example,soc', \
                 bootargs 'console=ttyS0,115200 mtdparts=spi0.0:256k(boot)ro,2m(kernel),-(root)'"
            )
        );
        assert_eq!(opened.observed.len(), 1);
    }

    #[test]
    fn cut_anywhere_it_is_partial_or_nothing() {
        for end in 0..BOARD.len() {
            if let Some(opened) = open(&BOARD[..end]) {
                assert_eq!((opened.length, opened.read), (end as u64, ReadState::Partial));
            }
        }
    }

    #[test]
    fn the_magic_alone_is_not_enough() {
        let mut bytes = vec![0xa5; 400];
        bytes[..4].copy_from_slice(b"\xd0\x0d\xfe\xed");
        assert!(open(&bytes).is_none());
    }
}
