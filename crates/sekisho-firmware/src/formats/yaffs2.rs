//! YAFFS2: a log of pages of NAND flash, each with its tags in the spare bytes behind it.
//!
//! An image says neither how large its pages are nor where in the spare bytes the tags stand: both are found by trying which of the usual
//! geometries makes sense of all pages. Layout: `yaffs_guts.h` and `yaffs_packedtags2.h` of the YAFFS sources.

mod objects;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::objects::Objects;
use super::{Content, Format, Opened, Signature, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;

pub(super) struct Yaffs2;

/// Pages and their spare bytes as NAND chips have them.
const GEOMETRIES: [(u64, u64); 11] = [
    (2048, 64),
    (512, 16),
    (1024, 32),
    (2048, 112),
    (2048, 128),
    (4096, 128),
    (4096, 224),
    (4096, 256),
    (8192, 256),
    (8192, 448),
    (16384, 512),
];
/// Where the tags may begin: at once, or behind the mark of a bad block (`mtd` gives the free bytes behind it).
const TAGS_AT: [u64; 4] = [0, 2, 4, 8];
/// Bytes of the tags (`struct yaffs_packed_tags2_tags_only`).
const TAGS: u64 = 16;
/// Bytes of an object's header that are looked at (`struct yaffs_obj_hdr`).
const HEADER: usize = 512;
/// Pages looked at for the geometry.
const TRIED: u64 = 64;
/// Pages of an erase block: a partition ends with one.
const PAGES: u64 = 64;
/// Unused pages in a row after which the file system has ended.
const MAX_BLANK: u64 = 64 * PAGES;
/// Pages without sense in a row after which it has ended: a bad block.
const MAX_BAD: u64 = PAGES;
/// What a page takes in the tables; one with a header takes that besides.
const PAGE_COST: u64 = 128;

impl Format for Yaffs2 {
    fn name(&self) -> &'static str {
        "yaffs2"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The header of a file, link, directory or special file in the root, with the sum that is no longer kept; in both byte orders.
        const {
            &[
                magic(b"\x01\0\0\0\x01\0\0\0\xff\xff"),
                magic(b"\x02\0\0\0\x01\0\0\0\xff\xff"),
                magic(b"\x03\0\0\0\x01\0\0\0\xff\xff"),
                magic(b"\x05\0\0\0\x01\0\0\0\xff\xff"),
                magic(b"\0\0\0\x01\0\0\0\x01\xff\xff"),
                magic(b"\0\0\0\x02\0\0\0\x01\xff\xff"),
                magic(b"\0\0\0\x03\0\0\0\x01\xff\xff"),
                magic(b"\0\0\0\x05\0\0\0\x01\xff\xff"),
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let big = data.array::<1>(0)? == [0];
        let geometry = Geometry::find(data, big)?;
        let mut pages = Pages { geometry, ..Pages::default() };
        pages.scan(data, budget);
        let length = geometry.end(data, pages.last);
        let mut opened = Opened {
            length,
            detail: Some(format!(
                "{} endian, pages of {} and {} bytes, {} in use",
                if big { "big" } else { "little" },
                geometry.page,
                geometry.spare,
                pages.used.len()
            )),
            ..Opened::default()
        };
        if pages.bad > 0 {
            let why = format!("{} pages have tags without sense", pages.bad);
            opened = opened.damaged(reason::damaged("yaffs2", &why));
        }
        if pages.limited {
            opened = opened.damaged(reason::memory_limit("yaffs2"));
        }
        let data = data.slice(0, length);
        let mut objects = Objects::new(geometry);
        let damaged = pages.used.iter().filter(|page| objects.take(page, &data).is_none()).count();
        if damaged > 0 {
            let why = format!("{damaged} headers of objects cannot be read");
            opened = opened.damaged(reason::damaged("yaffs2", &why));
        }
        let (tree, problems) = objects.tree(data, pages.held, budget);
        for problem in problems {
            opened = opened.damaged(problem);
        }
        opened.content = Content::Tree(Box::new(tree));
        Some(opened)
    }
}

/// How pages and tags lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Geometry {
    page: u64,
    spare: u64,
    tags_at: u64,
    big: bool,
}

/// What the tags of a page say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tags {
    Blank,
    /// Written, and of no object: a checkpoint.
    Other,
    Used(Page),
}

/// A page in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Page {
    /// Erase blocks are numbered in the order in which they were begun.
    sequence: u32,
    at: u64,
    object: u32,
    /// The header is 0, data are numbered from 1.
    chunk: u32,
    bytes: u32,
}

impl Geometry {
    fn find(data: &Blob, big: bool) -> Option<Self> {
        let mut best: Option<(u64, Self)> = None;
        for (page, spare) in GEOMETRIES {
            for tags_at in TAGS_AT.into_iter().filter(|at| at + TAGS <= spare) {
                let geometry = Self { page, spare, tags_at, big };
                let score = geometry.score(data);
                if score > best.map_or(0, |(best, _)| best) {
                    best = Some((score, geometry));
                }
            }
        }
        best.map(|(_, geometry)| geometry)
    }

    /// How many of the first pages make sense, where (nearly) all do and the first is the header of an object.
    fn score(self, data: &Blob) -> u64 {
        let (mut used, mut bad) = (0, 0);
        for index in 0..TRIED {
            let at = index * self.stride();
            if at + self.stride() > data.len() {
                break;
            }
            match self.tags(data, at) {
                Some(Tags::Used(page)) => {
                    let header = page.chunk == 0 && self.header(data, at).is_some();
                    if index == 0 && !header {
                        return 0;
                    }
                    if page.chunk == 0 && !header { bad += 1 } else { used += 1 }
                }
                Some(Tags::Blank | Tags::Other) if index > 0 => {}
                Some(_) => return 0,
                None => bad += 1,
            }
        }
        if bad * 16 > used { 0 } else { used }
    }

    fn stride(self) -> u64 {
        self.page + self.spare
    }

    fn u32(self, bytes: &[u8], at: usize) -> u32 {
        let raw = le32(bytes, at);
        if self.big { raw.swap_bytes() } else { raw }
    }

    /// The tags of the page at `at`; none where they make no sense.
    fn tags(self, data: &Blob, at: u64) -> Option<Tags> {
        let raw = data.array::<{ TAGS as usize }>(at + self.page + self.tags_at)?;
        if raw == [0xff; TAGS as usize] {
            return Some(Tags::Blank);
        }
        let (sequence, object, chunk, bytes) =
            (self.u32(&raw, 0), self.u32(&raw, 4), self.u32(&raw, 8), self.u32(&raw, 12));
        // `YAFFS_SEQUENCE_CHECKPOINT_DATA`.
        if sequence == 0x21 {
            return Some(Tags::Other);
        }
        // `YAFFS_LOWEST_SEQUENCE_NUMBER`, `YAFFS_HIGHEST_SEQUENCE_NUMBER`.
        if !(0x1000..0xefff_ff00).contains(&sequence) {
            return None;
        }
        // A header's tags may carry a part of the header: the parent and flags instead of the number of the chunk, the type above the
        // number of the object, the file's size instead of that of the page (`EXTRA_HEADER_INFO_FLAG`).
        let (object, chunk, bytes) =
            if chunk & 0x8000_0000 != 0 { (object & 0x0fff_ffff, 0, 0) } else { (object, chunk, bytes) };
        // `YAFFS_MAX_OBJECT_ID`, `YAFFS_MAX_CHUNK_ID`.
        if object == 0 || object > 0x3_ffff || chunk > 0xf_ffff || (chunk != 0 && u64::from(bytes) > self.page) {
            return None;
        }
        Some(Tags::Used(Page { sequence, at, object, chunk, bytes }))
    }

    /// The header of an object, where the page is one.
    fn header(self, data: &Blob, at: u64) -> Option<[u8; HEADER]> {
        let raw = data.array::<HEADER>(at)?;
        ((1..=5).contains(&self.u32(&raw, 0)) && self.u32(&raw, 4) <= 0x3_ffff && le16(&raw, 8) == 0xffff)
            .then_some(raw)
    }

    /// Where the file system ends: with the erase block of its last page, where the rest of this is there and unused.
    fn end(self, data: &Blob, last: u64) -> u64 {
        let block = self.stride() * PAGES;
        let end = (last + self.stride()).min(data.len());
        let border = end.next_multiple_of(block);
        let unused = border <= data.len()
            && (end..border).step_by(self.stride() as usize).all(|at| self.tags(data, at) == Some(Tags::Blank));
        if unused { border } else { end }
    }
}

/// The pages in use, in the order in which they were written.
#[derive(Default)]
struct Pages {
    geometry: Geometry,
    used: Vec<Page>,
    bad: u64,
    /// Where the last page in use begins.
    last: u64,
    limited: bool,
    held: Held,
}

impl Pages {
    fn scan(&mut self, data: &Blob, budget: &Arc<Budget>) {
        let stride = self.geometry.stride();
        let (mut at, mut blank, mut bad) = (0_u64, 0_u64, 0_u64);
        while at + stride <= data.len() && blank <= MAX_BLANK && bad <= MAX_BAD {
            if budget.out_of_time() || !budget.hold(&mut self.held, PAGE_COST) {
                self.limited = true;
                break;
            }
            match self.geometry.tags(data, at) {
                Some(Tags::Used(page)) => {
                    if page.chunk == 0 && !budget.hold(&mut self.held, HEADER as u64) {
                        self.limited = true;
                        break;
                    }
                    self.used.push(page);
                    self.last = at;
                    self.bad += bad;
                    (blank, bad) = (0, 0);
                }
                Some(Tags::Other) => (blank, bad) = (0, 0),
                Some(Tags::Blank) => blank += 1,
                // Only what lies before a page in use belongs to the file system.
                None => bad += 1,
            }
            at += stride;
        }
        self.used.sort_unstable();
    }
}
