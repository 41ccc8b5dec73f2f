//! What was written since the index: the log names the blocks, and their nodes are applied in the order in which they were written.

use std::collections::HashSet;
use std::sync::Arc;

use sekisho_model::Text;

use super::nodes::State;
use super::{HEADER, Image, LEAF_COST, Raw, kind};
use crate::formats::{le32, le64};
use crate::limits::Budget;
use crate::reason;

/// The first block of the log (`UBIFS_LOG_LNUM`).
const LOG: u64 = 3;
/// `UBIFS_PADDING_BYTE`.
const PADDING: u8 = 0xce;

/// Goes through the nodes of a block.
struct Nodes<'a> {
    image: &'a Image,
    number: u32,
    offset: u32,
    /// Whether to look for further nodes behind what is none.
    resume: bool,
}

impl Iterator for Nodes<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        loop {
            if u64::from(self.offset) + HEADER as u64 > self.image.block {
                return None;
            }
            if let Some(node) = self.image.node(self.number, self.offset) {
                // A padding node says how much behind it is padding, too.
                let more = if node.kind() == kind::PADDING { le32(&node.bytes, HEADER) } else { 0 };
                self.offset = (node.bytes.len() as u32)
                    .checked_add(more)?
                    .checked_next_multiple_of(8)?
                    .checked_add(self.offset)?;
                return Some(node);
            }
            let at = u64::from(self.number) * self.image.block + u64::from(self.offset);
            let next = self.image.data.array::<8>(at)?;
            if !self.resume && next != [PADDING; 8] {
                return None;
            }
            self.offset = self.offset.checked_add(8)?;
        }
    }
}

impl Image {
    /// The nodes of a block from an offset on, as long as they follow each other.
    pub(super) fn nodes(&self, number: u32, offset: u32) -> impl Iterator<Item = Raw> + '_ {
        Nodes { image: self, number, offset: offset.next_multiple_of(8), resume: false }
    }

    /// Applies the journal.
    pub(super) fn journal(&self, master: &Raw, state: &mut State, budget: &Arc<Budget>, problems: &mut Vec<Text>) {
        let commit = le64(&master.bytes, HEADER + 8);
        let head = u64::from(le32(&master.bytes, 44));
        if self.log == 0 || head < LOG || head - LOG >= self.log {
            problems.push(reason::damaged("ubifs", "its log cannot be read"));
            return;
        }
        let mut buds = Vec::new();
        let mut seen = HashSet::new();
        let mut last = 0;
        for step in 0..self.log.min(self.blocks) {
            let number = LOG + (head - LOG + step) % self.log;
            let mut empty = true;
            for node in self.nodes(number as u32, 0) {
                // A block that was written before the last commit is one of the round before.
                if empty && (node.sequence() < last || (step == 0 && !is_commit(&node, commit))) {
                    break;
                }
                (empty, last) = (false, node.sequence());
                let place = (le32(&node.bytes, HEADER), le32(&node.bytes, HEADER + 4));
                if node.kind() == kind::REFERENCE && seen.insert(place) {
                    buds.push(place);
                }
            }
            if empty {
                if step == 0 {
                    problems.push(reason::damaged("ubifs", "its log does not begin with the last commit"));
                }
                break;
            }
        }
        // Only places and sequence numbers are kept: a journal may be as large as the file system.
        let mut order = Vec::new();
        for (number, offset) in buds {
            for node in self.nodes(number, offset) {
                if budget.out_of_time() || !budget.hold(&mut state.held, LEAF_COST) {
                    problems.push(reason::memory_limit("ubifs"));
                    return;
                }
                order.push((node.sequence(), node.at));
            }
        }
        self.replay(order, state);
    }

    /// Takes all nodes there are, in the order in which they were written.
    pub(super) fn everything(&self, state: &mut State, budget: &Arc<Budget>, problems: &mut Vec<Text>) {
        let mut order = Vec::new();
        for number in 0..self.blocks.min(u64::from(u32::MAX)) as u32 {
            for node in (Nodes { image: self, number, offset: 0, resume: true }) {
                if budget.out_of_time() || !budget.hold(&mut state.held, LEAF_COST) {
                    problems.push(reason::memory_limit("ubifs"));
                    return self.replay(order, state);
                }
                if node.kind() <= kind::TRUNCATION {
                    order.push((node.sequence(), node.at));
                }
            }
        }
        self.replay(order, state);
    }

    fn replay(&self, mut order: Vec<(u64, u64)>, state: &mut State) {
        order.sort_unstable();
        for (_, at) in order {
            if let Some(node) = self.node((at / self.block) as u32, (at % self.block) as u32) {
                state.replay(&node);
            }
        }
    }
}

fn is_commit(node: &Raw, number: u64) -> bool {
    node.kind() == kind::COMMIT && le64(&node.bytes, HEADER) == number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::Blob;
    use crate::formats::crc32;
    use crate::formats::ubifs::{MAGIC, is_node};

    fn node(kind: u8, sequence: u64, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[..4].copy_from_slice(&MAGIC.to_le_bytes());
        bytes[8..16].copy_from_slice(&sequence.to_le_bytes());
        bytes[16..20].copy_from_slice(&((HEADER + body.len()) as u32).to_le_bytes());
        bytes[20] = kind;
        bytes.extend(body);
        let crc = !crc32(&bytes[8..]);
        bytes[4..8].copy_from_slice(&crc.to_le_bytes());
        assert!(is_node(&bytes));
        bytes
    }

    #[test]
    fn padding_is_skipped_and_the_end_is_the_end() {
        let mut bytes = node(kind::COMMIT, 1, &[0; 8]);
        bytes.extend(node(kind::PADDING, 0, &[36, 0, 0, 0]));
        bytes.resize(bytes.len() + 36, 0);
        bytes.extend([PADDING; 8]);
        bytes.extend(node(kind::REFERENCE, 2, &[0; 40]));
        bytes.resize(4096, 0xff);
        bytes[2048..2080].copy_from_slice(&node(kind::COMMIT, 3, &[0; 8]));
        let image = Image { data: Blob::memory(bytes), block: 4096, blocks: 1, log: 1 };
        assert_eq!(image.nodes(0, 0).map(|n| n.sequence()).collect::<Vec<_>>(), [1, 0, 2]);
        let all = Nodes { image: &image, number: 0, offset: 0, resume: true };
        assert_eq!(all.map(|n| n.sequence()).collect::<Vec<_>>(), [1, 0, 2, 3]);
    }
}
