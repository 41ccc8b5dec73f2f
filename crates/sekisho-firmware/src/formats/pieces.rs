//! Trees whose files are made of pieces: the common shape of the file systems for raw flash and of the small read-only ones.

use std::collections::HashMap;
use std::sync::Arc;

use super::block::Codec;
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::tree::{Content, Cut, Entry, Tree};

/// A run of a file's bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Where it stands in the file.
    pub(super) at: u64,
    /// Its bytes in the file.
    pub(super) length: u32,
    /// Where it lies in the file system.
    pub(super) from: u64,
    /// Its bytes there.
    pub(super) packed: u32,
    pub(super) packing: Packing,
}

/// How a piece lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// As it is.
    Stored,
    /// Zeros, which lie nowhere.
    Hole,
    Packed(Codec),
    /// In a way that is not read, and its name.
    Unread(&'static str),
}

/// A file.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    pub(super) size: u64,
    /// Its pieces; a later one lies over the earlier ones. What none covers is zeros.
    pub(super) pieces: Vec<Piece>,
    /// Why these are known not to be all.
    pub(super) cut: Option<Cut>,
}

/// Files by the handles of their entries.
pub(super) struct PieceTree {
    pub(super) entries: Vec<Entry>,
    pub(super) files: HashMap<u64, File>,
    pub(super) data: Blob,
    pub(super) budget: Arc<Budget>,
    /// What the tables take.
    pub(super) _held: Held,
}

impl Tree for PieceTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        match self.files.get(&entry.handle) {
            Some(file) => file.read(&self.data, &self.budget, limit),
            None => Content::damaged("no content"),
        }
    }
}

impl File {
    /// The same, damaged where its pieces leave something out: of formats that write zeros like other data.
    pub(super) fn without_holes(mut self) -> Self {
        let mut spans: Vec<(u64, u64)> =
            self.pieces.iter().map(|p| (p.at, p.at.saturating_add(p.length.into()))).collect();
        spans.sort_unstable();
        let end = spans.into_iter().fold(0, |end, (from, to)| if from <= end { to.max(end) } else { end });
        if end < self.size && self.cut.is_none() {
            self.cut = Some(Cut::Damaged("parts of it are missing".into()));
        }
        self
    }

    /// At most `limit` bytes.
    pub(super) fn read(&self, data: &Blob, budget: &Budget, limit: u64) -> Content {
        let wanted = self.size.min(limit);
        let over = (self.size > limit).then_some(Cut::Limit);
        // A file in one piece is a part of the data; nothing is copied.
        if let [Piece { at: 0, packing: Packing::Stored, length, from, .. }] = self.pieces[..]
            && u64::from(length) >= self.size
        {
            let bytes = data.slice(from, wanted);
            let short = (bytes.len() < wanted).then(|| Cut::Damaged("it ends early".into()));
            return Content { bytes, cut: self.cut.clone().or(short).or(over) };
        }
        let within = self.pieces.iter().filter(|piece| piece.at < wanted);
        let cost = within.clone().map(|piece| u64::from(piece.length)).fold(wanted, u64::saturating_add);
        if !budget.expand(cost) {
            return Content { bytes: Blob::memory(Vec::new()), cut: Some(Cut::Limit) };
        }
        let mut out = vec![0; wanted as usize];
        let mut cut = self.cut.clone();
        for piece in within {
            if budget.out_of_time() {
                cut = Some(Cut::Limit);
                break;
            }
            match piece.unpack(data) {
                Ok(bytes) => {
                    let target = &mut out[piece.at as usize..];
                    let n = bytes.len().min(target.len());
                    target[..n].copy_from_slice(&bytes[..n]);
                }
                Err(why) => cut = cut.or(Some(why)),
            }
        }
        Content { bytes: Blob::memory(out), cut: cut.or(over) }
    }
}

impl Piece {
    fn unpack(&self, data: &Blob) -> Result<Vec<u8>, Cut> {
        let length = self.length as usize;
        let damaged = |why: &str| Cut::Damaged(why.to_owned());
        let raw = |bytes: u32| {
            data.exact(self.from, bytes as usize).map_err(|_| damaged("a part of it lies outside the file system"))
        };
        let bytes = match self.packing {
            Packing::Stored => raw(self.length)?.into_owned(),
            Packing::Hole => vec![0; length],
            Packing::Packed(codec) => codec.unpack(&raw(self.packed)?, length).map_err(Cut::Damaged)?,
            Packing::Unread(how) => return Err(Cut::Unread(format!("it is compressed with {how}"))),
        };
        if bytes.len() == length { Ok(bytes) } else { Err(damaged("a part of it expands to less than its size")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn stored(at: u64, length: u32, from: u64) -> Piece {
        Piece { at, length, from, packed: length, packing: Packing::Stored }
    }

    fn read(file: &File, limit: u64) -> (Vec<u8>, Option<Cut>) {
        let data = Blob::memory(b"0123456789".to_vec());
        let content = file.read(&data, &Budget::new(Limits::default()), limit);
        (content.bytes.window(0, 1 << 20).unwrap().into_owned(), content.cut)
    }

    #[test]
    fn later_pieces_lie_over_earlier_ones_and_gaps_are_zeros() {
        let file = File { size: 6, pieces: vec![stored(0, 4, 0), stored(1, 2, 8)], cut: None };
        assert_eq!(read(&file, 100), (b"0893\0\0".to_vec(), None));
        assert_eq!(read(&file, 3), (b"089".to_vec(), Some(Cut::Limit)));
    }

    #[test]
    fn what_is_left_out_is_damage_where_it_should_be_there() {
        let whole = File { size: 6, pieces: vec![stored(3, 3, 0), stored(0, 4, 0)], cut: None };
        assert_eq!(whole.without_holes().cut, None);
        for pieces in [vec![stored(0, 2, 0), stored(3, 3, 0)], vec![stored(0, 5, 0)], Vec::new()] {
            assert!(File { size: 6, pieces, cut: None }.without_holes().cut.is_some());
        }
    }

    #[test]
    fn what_lies_outside_is_damage() {
        for pieces in [vec![stored(0, 8, 5)], vec![stored(0, 4, 0), stored(4, 4, u64::MAX)]] {
            let file = File { size: 8, pieces, cut: None };
            assert!(matches!(read(&file, 100).1, Some(Cut::Damaged(_))));
        }
    }

    #[test]
    fn an_absurd_size_costs_no_more_than_the_limit() {
        let file = File { size: u64::MAX, pieces: vec![stored(u64::MAX, 4, 0)], cut: None };
        let (bytes, cut) = read(&file, 1000);
        assert_eq!((bytes.len(), cut), (1000, Some(Cut::Limit)));
    }
}
