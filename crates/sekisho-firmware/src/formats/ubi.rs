//! UBI: volumes spread over the erase blocks of raw flash, with two headers in each block.
//!
//! Layout: `drivers/mtd/ubi/ubi-media.h`. All numbers are big endian.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sekisho_model::Text;

use super::part::{Part, label};
use super::{Content, Format, Opened, Signature, be32, crc32, crc32_of, guarded, magic};
use crate::blob::Blob;
use crate::limits::{Budget, Held};
use crate::reason;

pub(super) struct Ubi;

/// The id of the volume that holds the volume table (`UBI_LAYOUT_VOLUME_ID`).
const LAYOUT_VOLUME: u32 = 0x7fff_efff;
/// Bytes of a record of the volume table (`UBI_VTBL_RECORD_SIZE`).
const RECORD: usize = 172;
/// Volumes at most (`UBI_MAX_VOLUMES`).
const MAX_VOLUMES: u32 = 128;
/// Erase blocks in a row without a header after which the device has ended: bad blocks come alone.
const MAX_BAD: u64 = 32;
/// A device that lacks all but an eighth of its blocks still gives its volumes.
const MAX_MISSING: u64 = 8;
/// What a block takes in the tables.
const BLOCK_COST: u64 = 96;

/// UBI's CRC does not invert the result.
fn checked(header: &[u8], at: usize) -> bool {
    header.get(..at).is_some_and(|covered| guarded(!crc32(covered), be32(header, at)))
}

/// The header of an erase block.
struct EraseCounter {
    volume_header: u64,
    data: u64,
    image: u32,
}

impl EraseCounter {
    fn read(data: &Blob, at: u64) -> Option<Self> {
        let header = data.array::<64>(at)?;
        (header.starts_with(b"UBI#") && checked(&header, 60)).then(|| Self {
            volume_header: u64::from(be32(&header, 16)),
            data: u64::from(be32(&header, 20)),
            image: be32(&header, 24),
        })
    }
}

/// A block of a volume.
#[derive(Debug, Clone, Copy)]
struct Block {
    at: u64,
    fixed: bool,
    copied: bool,
    size: u32,
    used: u32,
    crc: u32,
    sequence: u64,
}

/// A record of the volume table.
struct Volume {
    id: u32,
    name: String,
    padding: u64,
    updating: bool,
}

impl Format for Ubi {
    fn name(&self) -> &'static str {
        "ubi"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"UBI#\x01")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let first = EraseCounter::read(data, 0)?;
        let Some(size) = block_size(data) else {
            let opened = Opened { length: data.len(), detail: Some("one erase block".into()), ..Opened::default() };
            return Some(opened.damaged(reason::damaged("ubi", "there is one erase block only, of unknown size")));
        };
        let mut device = Device { size, data_offset: first.data, ..Device::default() };
        let length = device.scan(data, &first, budget);
        let (volumes, problems) = device.volumes(data, budget);
        let mut detail = format!("erase blocks of {size} bytes, {} blocks, {} volumes", device.count, volumes.len());
        for (part, told) in &volumes {
            let _ = write!(detail, "; {}: {told}", part.name);
        }
        let mut opened = Opened { length, detail: Some(detail), ..Opened::default() };
        for problem in device.problems.into_iter().chain(problems) {
            opened = opened.damaged(problem);
        }
        opened.content = Content::Parts(Box::new(volumes.into_iter().map(|(part, _)| part)));
        Some(opened)
    }
}

/// The erase block's size is the distance to the second header; that block may be a bad one.
fn block_size(data: &Blob) -> Option<u64> {
    let valid = |at: u64| EraseCounter::read(data, at).is_some();
    let sizes = (0..10).map(|i| 8192_u64 << i);
    let distance = sizes.clone().find(|&size| valid(size))?;
    Some(sizes.rev().find(|&size| size * 2 == distance && valid(size * 3)).unwrap_or(distance))
}

#[derive(Default)]
struct Device {
    size: u64,
    data_offset: u64,
    /// Candidates by volume and logical number.
    blocks: BTreeMap<(u32, u32), Vec<Block>>,
    count: u64,
    problems: Vec<Text>,
    held: Held,
}

impl Device {
    /// Goes through the erase blocks; gives where they end.
    fn scan(&mut self, data: &Blob, first: &EraseCounter, budget: &Arc<Budget>) -> u64 {
        let (mut at, mut end, mut damaged, mut bad) = (0_u64, 0_u64, 0_u64, 0_u64);
        while at < data.len() && bad <= MAX_BAD {
            if budget.out_of_time() || !budget.hold(&mut self.held, BLOCK_COST) {
                self.problems.push(reason::memory_limit("ubi"));
                break;
            }
            let counter = EraseCounter::read(data, at);
            // A device of its own begins where the number of its image is another; old tools leave it 0.
            if counter.as_ref().is_some_and(|c| c.image != first.image && c.image != 0 && first.image != 0) {
                break;
            }
            match counter {
                Some(counter) => {
                    (bad, end) = (0, at + self.size);
                    self.count += 1;
                    if self.block(data, at, &counter).is_none() {
                        damaged += 1;
                    }
                }
                None => bad += 1,
            }
            at += self.size;
        }
        if damaged > 0 {
            let why = format!("{damaged} erase blocks have a header that fails its checksum");
            self.problems.push(reason::damaged("ubi", &why));
        }
        if end > data.len() {
            self.problems.push(reason::truncated("ubi", end, data.len()));
        }
        end.min(data.len())
    }

    /// Takes in an erase block; none where its header is damaged.
    fn block(&mut self, data: &Blob, at: u64, counter: &EraseCounter) -> Option<()> {
        if counter.volume_header >= self.size || counter.data >= self.size || counter.data != self.data_offset {
            return None;
        }
        let Some(header) = data.array::<64>(at + counter.volume_header) else { return Some(()) };
        if header.iter().all(|&b| b == 0xff) {
            return Some(());
        }
        if !header.starts_with(b"UBI!") || !checked(&header, 60) {
            return None;
        }
        let block = Block {
            at,
            fixed: header[5] == 2,
            copied: header[6] != 0,
            size: be32(&header, 20),
            used: be32(&header, 24),
            crc: be32(&header, 32),
            sequence: u64::from(be32(&header, 40)) << 32 | u64::from(be32(&header, 44)),
        };
        self.blocks.entry((be32(&header, 8), be32(&header, 12))).or_default().push(block);
        Some(())
    }

    /// Of several blocks for the same place the newest counts, unless copying it was interrupted.
    fn newest(&self, data: &Blob, candidates: &[Block]) -> Option<Block> {
        let mut candidates = candidates.to_vec();
        candidates.sort_by_key(|block| (std::cmp::Reverse(block.sequence), block.at));
        let alone = candidates.len() == 1;
        candidates.into_iter().find(|block| alone || !block.copied || self.is_whole(data, block))
    }

    fn is_whole(&self, data: &Blob, block: &Block) -> bool {
        let size = u64::from(block.size);
        size <= self.size - self.data_offset
            && crc32_of(&data.slice(block.at + self.data_offset, size)).is_ok_and(|crc| !crc == block.crc)
    }

    fn table(&self, data: &Blob) -> Option<Vec<Volume>> {
        [0, 1].into_iter().find_map(|copy| {
            let block = self.newest(data, self.blocks.get(&(LAYOUT_VOLUME, copy))?)?;
            let mut volumes = Vec::new();
            for id in 0..MAX_VOLUMES {
                let at = u64::from(id) * RECORD as u64;
                // The table is cut where the block is too small for all records.
                if self.data_offset + at + RECORD as u64 > self.size {
                    break;
                }
                let record = data.array::<RECORD>(block.at + self.data_offset + at)?;
                if !checked(&record, RECORD - 4) {
                    return None;
                }
                if be32(&record, 0) == 0 {
                    continue;
                }
                let length = usize::from(record[14]) << 8 | usize::from(record[15]);
                let name = super::text_field(record.get(16..16 + length.min(128))?);
                volumes.push(Volume {
                    id,
                    name: name.filter(|n| !n.is_empty()).unwrap_or_else(|| format!("volume-{id}")),
                    padding: u64::from(be32(&record, 8)),
                    updating: record[13] != 0,
                });
            }
            Some(volumes)
        })
    }

    fn volumes(&self, data: &Blob, budget: &Budget) -> (Vec<(Part, String)>, Vec<Text>) {
        let mut problems = Vec::new();
        let volumes = self.table(data).unwrap_or_else(|| {
            problems.push(reason::damaged("ubi", "its volume table cannot be read"));
            let mut ids: Vec<u32> = self.blocks.keys().map(|(id, _)| *id).filter(|&id| id < MAX_VOLUMES).collect();
            ids.dedup();
            ids.into_iter().map(|id| Volume { id, name: format!("volume-{id}"), padding: 0, updating: false }).collect()
        });
        let parts = volumes.into_iter().map(|volume| self.volume(data, &volume, budget, &mut problems)).collect();
        (parts, problems)
    }

    /// The content of a volume, its blocks in order, and what it is in words.
    fn volume(&self, data: &Blob, volume: &Volume, budget: &Budget, problems: &mut Vec<Text>) -> (Part, String) {
        let full = (self.size - self.data_offset).saturating_sub(volume.padding);
        let (mut parts, mut end, mut expected, mut fixed) = (Vec::new(), 0_u64, 0_u64, false);
        let (mut outside, mut broken) = (0_u64, 0_u64);
        for (&(_, number), candidates) in self.blocks.range((volume.id, 0)..=(volume.id, u32::MAX)) {
            let number = u64::from(number);
            let Some(block) = self.newest(data, candidates) else {
                broken += 1;
                continue;
            };
            if number >= self.count.saturating_mul(MAX_MISSING) {
                outside += 1;
                continue;
            }
            fixed = block.fixed;
            let length = if block.fixed { u64::from(block.size).min(full) } else { full };
            if block.fixed {
                expected = u64::from(block.used);
                broken += u64::from(!self.is_whole(data, &block));
            }
            end = number * full + length;
            parts.push((number * full, data.slice(block.at + self.data_offset, length)));
        }
        let name = format!("ubi volume '{}'", volume.name);
        // What is not mapped takes nothing in the image; looking through it does.
        let mapped: u64 = parts.iter().map(|(_, blob): &(u64, Blob)| blob.len()).sum();
        if !budget.expand(end.saturating_sub(mapped)) {
            (end, parts) = (0, Vec::new());
            problems.push(reason::stream_limit());
        }
        if volume.updating {
            problems.push(reason::damaged(&name, "an update of it was interrupted"));
        }
        if outside > 0 {
            problems.push(reason::damaged(&name, &format!("{outside} blocks have a number outside the device")));
        }
        if broken > 0 {
            problems.push(reason::damaged(&name, &format!("{broken} blocks fail their checksum")));
        }
        if fixed && expected != parts.len() as u64 {
            let why = format!("{} of {expected} blocks are there", parts.len());
            problems.push(reason::damaged(&name, &why));
        }
        let detail =
            format!("{} volume, {} blocks of {full} bytes", if fixed { "static" } else { "dynamic" }, parts.len());
        // What is not mapped reads as erased flash.
        let data = Blob::scattered(parts, end, 0xff);
        (Part { name: label(&volume.name), offset: None, data, program: false, gaps: Vec::new() }, detail)
    }
}
