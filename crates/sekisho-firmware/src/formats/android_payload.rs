//! Android's A/B update payload, `payload.bin`: a manifest of partitions and operations, then the data
//! (AOSP `system/update_engine/update_metadata.proto`, `payload_consumer/payload_metadata.cc`).
//!
//! Whole images are made in memory, one partition at a time. A change against an older image cannot be made without that.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use super::part::{Part, label};
use super::protobuf::{all_bytes, bytes, is_whole, number};
use super::{Content, Format, Opened, Signature, digest, magic};
use crate::blob::Blob;
use crate::layout::hex;
use crate::limits::{Budget, Held};
use crate::reason;

pub(super) struct AndroidPayload;

/// Magic, version, length of the manifest, length of the metadata's signature.
const HEADER: u64 = 24;
/// The manifest of a phone has some MiB.
const MAX_MANIFEST: u64 = 16 << 20;
const MAX_PARTITIONS: usize = 128;
const MAX_OPERATIONS: usize = 200_000;

// Kinds of operations (`InstallOperation.Type`).
const REPLACE: u64 = 0;
const REPLACE_BZ: u64 = 1;
const ZERO: u64 = 6;
const DISCARD: u64 = 7;
const REPLACE_XZ: u64 = 8;

impl Format for AndroidPayload {
    fn name(&self) -> &'static str {
        "android-payload"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"CrAU\0\0\0\0\0\0\0\x02")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<24>(0)?;
        let be64 = |at: usize| header[at..at + 8].iter().fold(0_u64, |n, &b| n << 8 | u64::from(b));
        let (length, signature_length) = (be64(12), u64::from(super::be32(&header, 20)));
        if length == 0 || length > MAX_MANIFEST {
            return None;
        }
        let manifest = data.exact(HEADER, length as usize).ok()?.into_owned();
        if !is_whole(&manifest) {
            return None;
        }
        let block = number(&manifest, 3).unwrap_or(4096);
        if !block.is_power_of_two() || block > 1 << 20 {
            return None;
        }
        let start = HEADER + length + signature_length;
        let blobs = data.tail(start);
        let mut opened = Opened::default();
        let mut end = 0_u64;
        let mut partitions = Vec::new();
        let mut operations = 0;
        let mut valid = None;
        for message in all_bytes(&manifest, 13).take(MAX_PARTITIONS) {
            let partition = Partition::read(message, block);
            operations += partition.operations.len();
            if operations > MAX_OPERATIONS {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            for operation in &partition.operations {
                end = end.max(operation.offset.saturating_add(operation.length));
                if let Some(holds) = operation.holds(&blobs, budget) {
                    valid = Some(valid.unwrap_or(true) && holds);
                }
            }
            partitions.push(partition);
        }
        // The signature over all lies behind the data.
        if let (Some(at), Some(size)) = (number(&manifest, 4), number(&manifest, 5)) {
            end = end.max(at.saturating_add(size));
        }
        let signed = signature_length > 0 || number(&manifest, 5).is_some_and(|size| size > 0);
        let described: Vec<String> = partitions.iter().map(|p| format!("{} {} bytes", p.name, p.size)).collect();
        let update = UpdateImage {
            format: "android-payload".into(),
            // With a key that only the device has.
            signature: if signed { SignatureState::Present } else { SignatureState::Absent },
            digest_valid: valid,
            ..UpdateImage::default()
        };
        opened.observed.push(Observed::UpdateImage(update));
        opened.detail = Some(format!("blocks of {block}, partitions {}", described.join(", ")));
        opened.signed = Some(signed);
        opened.checksum_valid = valid;
        opened.made = number(&manifest, 14).filter(|&made| made != 0);
        opened = opened.of_length("android-payload", start.saturating_add(end), data.len());
        if valid == Some(false) {
            opened = opened.damaged(reason::digest_broken("android-payload operations"));
        }
        let budget = Arc::clone(budget);
        let parts = partitions.into_iter().map(move |partition| partition.make(&blobs, block, &budget));
        opened.content = Content::Parts(Box::new(parts));
        Some(opened)
    }
}

struct Operation {
    kind: u64,
    offset: u64,
    length: u64,
    sha256: Option<Vec<u8>>,
    /// Where it goes: first block and number of blocks.
    extents: Vec<(u64, u64)>,
}

impl Operation {
    fn read(message: &[u8]) -> Self {
        Self {
            kind: number(message, 1).unwrap_or(REPLACE),
            offset: number(message, 2).unwrap_or(0),
            length: number(message, 3).unwrap_or(0),
            sha256: bytes(message, 8).map(<[u8]>::to_vec),
            extents: all_bytes(message, 6).map(|e| (number(e, 1).unwrap_or(0), number(e, 2).unwrap_or(0))).collect(),
        }
    }

    /// Whether the digest of its data holds; none without one or without all data.
    fn holds(&self, blobs: &Blob, budget: &Budget) -> Option<bool> {
        let expected = self.sha256.as_ref()?;
        let data = blobs.slice(self.offset, self.length);
        if data.len() < self.length {
            return None;
        }
        Some(digest::sha256(&data, budget)? == hex(expected))
    }
}

struct Partition {
    name: String,
    size: u64,
    sha256: Option<Vec<u8>>,
    operations: Vec<Operation>,
}

impl Partition {
    fn read(message: &[u8], block: u64) -> Self {
        let info = bytes(message, 7).unwrap_or_default();
        let operations: Vec<Operation> = all_bytes(message, 8).take(MAX_OPERATIONS + 1).map(Operation::read).collect();
        let blocks =
            operations.iter().flat_map(|o| &o.extents).map(|(start, count)| start.saturating_add(*count)).max();
        Self {
            name: label(&String::from_utf8_lossy(bytes(message, 1).unwrap_or_default())),
            size: number(info, 1).unwrap_or_else(|| blocks.unwrap_or(0).saturating_mul(block)),
            sha256: bytes(info, 2).map(<[u8]>::to_vec),
            operations,
        }
    }

    /// Makes the partition, within the limits.
    fn make(self, blobs: &Blob, block: u64, budget: &Arc<Budget>) -> Part {
        let mut part =
            Part { name: self.name, offset: None, data: Blob::memory(Vec::new()), program: false, gaps: Vec::new() };
        let is_delta = |kind| !matches!(kind, REPLACE | REPLACE_BZ | REPLACE_XZ | ZERO | DISCARD);
        if self.operations.iter().any(|operation| is_delta(operation.kind)) {
            part.gaps.push(reason::delta(&format!("android-payload {}", part.name)));
            return part;
        }
        // What lies behind the limit is left out.
        let size = self.size.min(budget.limits.stream);
        let mut held = Held::default();
        if !budget.expand(size) || !budget.hold(&mut held, size) {
            part.gaps.push(reason::stream_limit());
            return part;
        }
        if size < self.size {
            part.gaps.push(reason::stream_limit());
        }
        let mut image = vec![0; size as usize];
        for operation in &self.operations {
            if budget.out_of_time() {
                part.gaps.push(reason::time());
                break;
            }
            let whole = write(&mut image, operation, blobs, block, size < self.size, budget);
            if !whole && part.gaps.len() < 4 {
                part.gaps.push(reason::damaged(
                    &format!("android-payload {}", part.name),
                    "an operation could not be carried out",
                ));
            }
        }
        part.data = Blob::held(image, held);
        if let Some(expected) = self.sha256.filter(|_| part.gaps.is_empty()) {
            match digest::sha256(&part.data, budget) {
                Some(found) if found == hex(&expected) => {}
                Some(_) => part.gaps.push(reason::digest_broken(&format!("android-payload {}", part.name))),
                None => part.gaps.push(reason::digest_unchecked(&format!("android-payload {}", part.name))),
            }
        }
        part
    }
}

/// Writes what an operation gives; false where its data or extents are not as they must be.
fn write(image: &mut [u8], operation: &Operation, blobs: &Blob, block: u64, cut: bool, budget: &Arc<Budget>) -> bool {
    if matches!(operation.kind, ZERO | DISCARD) {
        // The image begins as zeros, and no operation writes a block that another wrote.
        return true;
    }
    let data = blobs.slice(operation.offset, operation.length);
    let data = match operation.kind {
        REPLACE if budget.expand(data.len()) => Some(data),
        REPLACE => None,
        _ => super::unpacked(&data, budget),
    };
    let Some(data) = data.filter(|data| data.len() > 0) else { return false };
    let mut from = 0;
    for &(start, count) in &operation.extents {
        let (Some(at), Some(length)) = (start.checked_mul(block), count.checked_mul(block)) else { return false };
        let Ok(piece) = data.window(from, usize::try_from(length).unwrap_or(usize::MAX)) else { return false };
        from += piece.len() as u64;
        let Ok(at) = usize::try_from(at) else { return cut };
        let Some(rest) = image.get_mut(at..) else { return cut };
        let n = piece.len().min(rest.len());
        rest[..n].copy_from_slice(&piece[..n]);
        if n < piece.len() && !cut {
            return false;
        }
    }
    from == data.len()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};
    use std::io::Write;

    use super::*;
    use crate::limits::Limits;

    fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
        let mut out = varint(number << 3 | 2);
        out.extend(varint(bytes.len() as u64));
        out.extend(bytes);
        out
    }

    fn numeric(number: u64, value: u64) -> Vec<u8> {
        [varint(number << 3), varint(value)].concat()
    }

    fn varint(mut n: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while n >= 0x80 {
            out.push(n as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
        out
    }

    fn operation(kind: u64, at: usize, data: &[u8], start: u64, count: u64) -> Vec<u8> {
        let extent = [numeric(1, start), numeric(2, count)].concat();
        let mut out =
            [numeric(1, kind), numeric(2, at as u64), numeric(3, data.len() as u64), field(6, &extent)].concat();
        if !data.is_empty() {
            out.extend(field(8, &Sha256::digest(data)));
        }
        field(8, &out)
    }

    /// One partition of four blocks, made by three kinds of operations.
    fn payload(delta: bool) -> (Vec<u8>, Vec<u8>) {
        let image: Vec<u8> = [vec![1; 4096], vec![2; 4096], vec![0; 4096], vec![3; 4096]].concat();
        let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        bz.write_all(&image[4096..8192]).unwrap();
        let bz = bz.finish().unwrap();
        let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
        xz.write_all(&image[12288..]).unwrap();
        let xz = xz.finish().unwrap();
        let plain = image[..4096].to_vec();
        let mut message = field(1, b"boot");
        message.extend(field(7, &[numeric(1, 16384), field(2, &Sha256::digest(&image))].concat()));
        message.extend(operation(if delta { 4 } else { REPLACE }, 0, &plain, 0, 1));
        message.extend(operation(REPLACE_BZ, plain.len(), &bz, 1, 1));
        message.extend(operation(ZERO, 0, &[], 2, 1));
        message.extend(operation(REPLACE_XZ, plain.len() + bz.len(), &xz, 3, 1));
        let manifest = [numeric(3, 4096), field(13, &message)].concat();
        let mut out = b"CrAU".to_vec();
        out.extend(2_u64.to_be_bytes());
        out.extend((manifest.len() as u64).to_be_bytes());
        out.extend(5_u32.to_be_bytes());
        out.extend(manifest);
        out.extend(b"SIGNS");
        out.extend([plain, bz, xz].concat());
        (out, image)
    }

    fn open(bytes: &[u8], limits: Limits) -> Option<Opened> {
        AndroidPayload.open(&Blob::memory(bytes.to_vec()), &Budget::new(limits))
    }

    fn part(opened: Opened) -> Part {
        let Content::Parts(mut parts) = opened.content else { panic!() };
        parts.next().unwrap()
    }

    #[test]
    fn a_partition_is_made() {
        let (bytes, image) = payload(false);
        let opened = open(&bytes, Limits::default()).unwrap();
        assert_eq!((opened.length, opened.checksum_valid, opened.signed), (bytes.len() as u64, Some(true), Some(true)));
        let part = part(opened);
        assert_eq!((part.name.as_str(), part.gaps.len()), ("boot", 0));
        assert_eq!(part.data.window(0, 99_999).unwrap().as_ref(), image);
    }

    #[test]
    fn changes_damage_and_limits_are_said() {
        assert_eq!(part(open(&payload(true).0, Limits::default()).unwrap()).gaps.len(), 1);
        let (mut bytes, _) = payload(false);
        let last = bytes.len() - 30;
        bytes[last] ^= 1;
        let opened = open(&bytes, Limits::default()).unwrap();
        assert_eq!(opened.checksum_valid, Some(false));
        assert!(!part(opened).gaps.is_empty());
        let limited = part(open(&payload(false).0, Limits { stream: 5000, ..Limits::default() }).unwrap());
        assert!(limited.data.len() <= 5000 && !limited.gaps.is_empty());
    }

    #[test]
    fn cut_anywhere_it_is_bounded() {
        let (bytes, _) = payload(false);
        for end in 0..bytes.len() {
            if let Some(opened) = open(&bytes[..end], Limits::default()) {
                assert!(opened.length <= end as u64);
                let _ = part(opened);
            }
        }
    }
}
