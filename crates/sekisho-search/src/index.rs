//! The index as bytes, read in place: opening it costs nothing, a look-up is a binary search in the dictionary.
//!
//! Layout, numbers little-endian: magic; digest of the catalog (64 characters); counts of documents, items and terms, and the lengths of the
//! two blobs (5 × u32); ids of the documents (u16 length, bytes); items (8 bytes each); for each term where its text ends and where its
//! postings end (u32 each); the texts of the terms in order; the postings. A posting is the distance to the item before (LEB128) and the
//! term's weight there, a 255th of the greatest (one byte).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use thiserror::Error;

pub(crate) const MAGIC: &[u8; 8] = b"SKSRCH\0\x01";
pub(crate) const DIGEST_LENGTH: usize = 64;
pub(crate) const ITEM_LENGTH: usize = 8;

/// What a term begins with that is no word of a text.
pub(crate) const TERM_OF_THESAURUS: char = '\u{1}';
/// What a term begins with that is the name of one item.
pub(crate) const NAME: char = '\u{2}';

/// Bytes that are no index of this version.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a search index of this version")]
pub struct BadIndex;

/// Kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Document,
    Section,
    Control,
    Concept,
    Objective,
}

impl ItemKind {
    pub(crate) fn byte(self) -> u8 {
        self as u8
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Document, Self::Section, Self::Control, Self::Concept, Self::Objective].get(usize::from(byte)).copied()
    }
}

/// Where an item stands in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    /// Position of the document, or of the area of the hub.
    pub(crate) parent: u16,
    /// Position within.
    pub(crate) entry: u32,
}

/// The index of one catalog.
#[derive(Debug, Clone)]
pub struct Index {
    bytes: Cow<'static, [u8]>,
    documents: Vec<String>,
    items: Range<usize>,
    term_ends: Range<usize>,
    posting_ends: Range<usize>,
    terms: Range<usize>,
    postings: Range<usize>,
}

impl Index {
    /// Opens bytes that [`Index::bytes`] gave.
    ///
    /// # Errors
    /// Where the bytes are of another layout.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, BadIndex> {
        let bytes = bytes.into();
        let mut at = MAGIC.len() + DIGEST_LENGTH;
        if !bytes.starts_with(MAGIC) {
            return Err(BadIndex);
        }
        let mut number = || {
            let value = u32_at(&bytes, at).ok_or(BadIndex);
            at += 4;
            value.map(|value| value as usize)
        };
        let (document_count, item_count, term_count) = (number()?, number()?, number()?);
        let (terms_length, postings_length) = (number()?, number()?);
        let mut documents = Vec::new();
        for _ in 0..document_count {
            let length = usize::from(u16_at(&bytes, at).ok_or(BadIndex)?);
            let id = bytes.get(at + 2..at + 2 + length).ok_or(BadIndex)?;
            documents.push(std::str::from_utf8(id).map_err(|_| BadIndex)?.to_owned());
            at += 2 + length;
        }
        let mut section = |length: usize| {
            let start = at;
            at = at.saturating_add(length);
            start..at
        };
        let items = section(item_count.saturating_mul(ITEM_LENGTH));
        let term_ends = section(term_count.saturating_mul(4));
        let posting_ends = section(term_count.saturating_mul(4));
        let terms = section(terms_length);
        let postings = section(postings_length);
        if postings.end != bytes.len() {
            return Err(BadIndex);
        }
        Ok(Self { bytes, documents, items, term_ends, posting_ends, terms, postings })
    }

    /// The index as bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Digest of the catalog that it was made of.
    pub fn digest(&self) -> &str {
        let digest = self.bytes.get(MAGIC.len()..MAGIC.len() + DIGEST_LENGTH).unwrap_or_default();
        std::str::from_utf8(digest).unwrap_or_default()
    }

    /// How many things can be found.
    pub fn len(&self) -> usize {
        self.items.len() / ITEM_LENGTH
    }

    /// Whether there is nothing to be found.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many different words, pairs of characters, terms and names it has.
    pub fn term_count(&self) -> usize {
        self.term_ends.len() / 4
    }

    pub(crate) fn documents(&self) -> &[String] {
        &self.documents
    }

    pub(crate) fn item(&self, number: usize) -> Option<Item> {
        if number >= self.len() {
            return None;
        }
        let at = self.items.start + number * ITEM_LENGTH;
        let kind = ItemKind::of(*self.bytes.get(at)?)?;
        Some(Item { kind, parent: u16_at(&self.bytes, at + 2)?, entry: u32_at(&self.bytes, at + 4)? })
    }

    /// Where `term` stands.
    pub(crate) fn postings(&self, term: &str) -> Option<Postings<'_>> {
        let number = self.lower_bound(term);
        (self.term(number)? == term.as_bytes()).then(|| self.postings_of(number))?
    }

    /// The terms that begin with `prefix`, and where they stand.
    pub(crate) fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = Postings<'_>> {
        (self.lower_bound(prefix)..self.term_count())
            .take_while(move |number| self.term(*number).is_some_and(|term| term.starts_with(prefix.as_bytes())))
            .filter_map(|number| self.postings_of(number))
    }

    /// The number of the first term that does not stand before `term`.
    fn lower_bound(&self, term: &str) -> usize {
        let (mut low, mut high) = (0, self.term_count());
        while low < high {
            let middle = low.midpoint(high);
            match self.term(middle).map(|found| found.cmp(term.as_bytes())) {
                Some(Ordering::Less) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    fn term(&self, number: usize) -> Option<&[u8]> {
        self.bytes.get(self.piece(&self.term_ends, &self.terms, number)?)
    }

    fn postings_of(&self, number: usize) -> Option<Postings<'_>> {
        let mut bytes = self.bytes.get(self.piece(&self.posting_ends, &self.postings, number)?)?;
        let count = leb128(&mut bytes)?;
        Some(Postings { count, bytes, item: 0 })
    }

    fn piece(&self, ends: &Range<usize>, blob: &Range<usize>, number: usize) -> Option<Range<usize>> {
        if number >= self.term_count() {
            return None;
        }
        let end = |number: usize| u32_at(&self.bytes, ends.start + number * 4).map(|end| end as usize);
        let start = if number == 0 { 0 } else { end(number - 1)? };
        Some(blob.start + start..blob.start + end(number)?)
    }
}

/// The items in which a term stands, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Postings<'a> {
    /// How many items there are.
    pub(crate) count: u32,
    bytes: &'a [u8],
    item: u32,
}

impl Iterator for Postings<'_> {
    /// The item, and the term's weight in it, from 0 to 1.
    type Item = (usize, f32);

    fn next(&mut self) -> Option<(usize, f32)> {
        let distance = leb128(&mut self.bytes)?;
        let (weight, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        self.item = self.item.checked_add(distance)?;
        Some((self.item as usize, f32::from(*weight) / 255.0))
    }
}

pub(crate) fn put_leb128(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn leb128(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_bytes_are_refused() {
        assert!(Index::open(b"".as_slice()).is_err());
        assert!(Index::open(b"SKSRCH\0\x01 and no more".as_slice()).is_err());
    }

    proptest! {
        #[test]
        fn a_number_reads_back(value: u32) {
            let mut bytes = Vec::new();
            put_leb128(value, &mut bytes);
            prop_assert_eq!(leb128(&mut bytes.as_slice()), Some(value));
        }

        #[test]
        fn damaged_bytes_do_not_panic(noise in proptest::collection::vec(any::<u8>(), 0..200), term in "\\PC{0,4}") {
            let mut bytes = MAGIC.to_vec();
            bytes.extend([b'0'; DIGEST_LENGTH]);
            for number in [0u32, 1, 1, 3, 9] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend(&noise);
            if let Ok(index) = Index::open(bytes) {
                let _ = index.item(0);
                let _ = index.postings(&term).map(Iterator::count);
                let _ = index.beginning_with(&term).map(Iterator::count).sum::<usize>();
            }
        }
    }
}
