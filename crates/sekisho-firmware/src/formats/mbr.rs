//! Disk images with a master boot record: four partitions, of which one may hold a chain of more
//! (<https://en.wikipedia.org/wiki/Master_boot_record>; UEFI Specification 2.10, section 5.2).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::part::Claims;
use super::{Content, Format, Opened, Signature, le32, shortened};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Mbr;

pub(super) const SECTOR: u64 = 512;
/// The type of the one partition of a GPT disk's protective record.
pub(super) const PROTECTIVE: u8 = 0xee;
/// Partitions in an extended one that are followed; Linux stops at 256.
const MAX_LOGICAL: usize = 256;

/// One partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partition {
    pub(super) kind: u8,
    start: u64,
    length: u64,
}

impl Format for Mbr {
    fn name(&self) -> &'static str {
        "mbr"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"\x55\xaa", at: 510 }] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let primary = table(data, 0)?;
        let used: Vec<Partition> = primary.iter().copied().filter(|p| p.kind != 0).collect();
        // Two bytes of magic are little: the partitions must make sense, and the first must lie in the data.
        let sensible = !used.is_empty()
            && used.iter().all(|p| p.start > 0 && p.length > 0 && p.kind != PROTECTIVE)
            && used.iter().any(|p| p.start * SECTOR < data.len())
            && used.iter().enumerate().all(|(i, a)| used[..i].iter().all(|b| !overlap(a, b)));
        if !sensible {
            return None;
        }
        let mut claims = Claims::new("mbr", data);
        let mut end = SECTOR;
        let mut described = Vec::new();
        for (i, partition) in primary.iter().enumerate().filter(|(_, p)| p.kind != 0) {
            let number = i + 1;
            end = end.max((partition.start + partition.length) * SECTOR);
            described.push(describe(number, *partition));
            if is_extended(partition.kind) {
                let (logical, records) = logical(data, *partition, budget);
                for record in records {
                    claims.reserve(record * SECTOR, SECTOR);
                }
                for (j, logical) in logical.into_iter().enumerate() {
                    described.push(describe(j + 5, logical));
                    claims.add(&name(j + 5, logical.kind), logical.start * SECTOR, logical.length * SECTOR, false);
                }
            } else {
                claims.add(&name(number, partition.kind), partition.start * SECTOR, partition.length * SECTOR, false);
            }
        }
        claims.add_rest("unpartitioned", SECTOR, end.min(data.len()));
        let mut opened =
            Opened { detail: Some(shortened(&format!("partitions {}", described.join(", ")))), ..Opened::default() }
                .of_length("mbr", end, data.len());
        for gap in std::mem::take(&mut claims.gaps) {
            opened = opened.damaged(gap);
        }
        opened.content = Content::Parts(claims.into_parts());
        Some(opened)
    }
}

/// The four entries of a record; none where it is not one.
pub(super) fn table(data: &Blob, at: u64) -> Option<[Partition; 4]> {
    let sector = data.array::<512>(at)?;
    if sector[510..] != [0x55, 0xaa] {
        return None;
    }
    let mut table = [Partition { kind: 0, start: 0, length: 0 }; 4];
    for (partition, entry) in table.iter_mut().zip(sector[446..510].chunks_exact(16)) {
        // Active or not; an empty entry is empty.
        let empty = entry[4] == 0;
        if !matches!(entry[0], 0 | 0x80) || (empty && entry[8..].iter().any(|&b| b != 0)) {
            return None;
        }
        *partition = Partition { kind: entry[4], start: u64::from(le32(entry, 8)), length: u64::from(le32(entry, 12)) };
    }
    Some(table)
}

fn overlap(a: &Partition, b: &Partition) -> bool {
    a.start < b.start + b.length && b.start < a.start + a.length
}

fn is_extended(kind: u8) -> bool {
    matches!(kind, 0x05 | 0x0f | 0x85)
}

/// The partitions in an extended one, and where their records lie: a chain of records, each with one partition and a link. It is left where
/// it leads back.
fn logical(data: &Blob, extended: Partition, budget: &Budget) -> (Vec<Partition>, BTreeSet<u64>) {
    let mut found = Vec::new();
    let mut records = BTreeSet::new();
    let mut at = extended.start;
    while !records.contains(&at) && records.len() < MAX_LOGICAL && !budget.out_of_time() {
        let Some([partition, link, ..]) = table(data, at * SECTOR) else { break };
        records.insert(at);
        if partition.kind != 0 && partition.length > 0 {
            found.push(Partition { start: at + partition.start, ..partition });
        }
        if !is_extended(link.kind) || link.start == 0 {
            break;
        }
        at = extended.start + link.start;
    }
    (found, records)
}

fn name(number: usize, kind: u8) -> String {
    format!("{number}-{}", kind_name(kind))
}

fn describe(number: usize, partition: Partition) -> String {
    format!("{number}: {} at sector {}, {} sectors", kind_name(partition.kind), partition.start, partition.length)
}

fn kind_name(kind: u8) -> String {
    let known = match kind {
        0x01 => "fat12",
        0x04 | 0x06 | 0x0e => "fat16",
        0x05 | 0x0f | 0x85 => "extended",
        0x07 => "ntfs-or-exfat",
        0x0b | 0x0c => "fat32",
        0x82 => "linux-swap",
        0x83 => "linux",
        0x8e => "lvm",
        0xa2 => "altera-preloader",
        0xda => "data",
        0xef => "efi-system",
        _ => return format!("type-{kind:02x}"),
    };
    known.to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    pub(crate) fn record(entries: &[(u8, u32, u32)]) -> Vec<u8> {
        let mut sector = vec![0; 512];
        for (i, (kind, start, length)) in entries.iter().enumerate() {
            let at = 446 + 16 * i;
            sector[at + 4] = *kind;
            sector[at + 8..at + 12].copy_from_slice(&start.to_le_bytes());
            sector[at + 12..at + 16].copy_from_slice(&length.to_le_bytes());
        }
        sector[510..].copy_from_slice(&[0x55, 0xaa]);
        sector
    }

    fn open(bytes: &[u8]) -> Option<Opened> {
        Mbr.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    fn parts(opened: Opened) -> Vec<(String, u64, u64)> {
        let Content::Parts(parts) = opened.content else { panic!() };
        parts.map(|p| (p.name, p.offset.unwrap(), p.data.len())).collect()
    }

    #[test]
    fn primary_logical_and_what_lies_between() {
        let mut disk = record(&[(0x0c, 4, 4), (0x83, 8, 4), (0x05, 12, 20)]);
        disk.resize(32 * 512, 0);
        // Two logical partitions; the second record links back to the first.
        disk[12 * 512..13 * 512].copy_from_slice(&record(&[(0x83, 1, 3), (0x05, 8, 5)]));
        disk[20 * 512..21 * 512].copy_from_slice(&record(&[(0x82, 1, 3), (0x05, 0, 8)]));
        let opened = open(&disk).unwrap();
        assert_eq!((opened.length, opened.read), (32 * 512, ReadState::Whole));
        let found = parts(opened);
        let named: Vec<(&str, u64)> =
            found.iter().filter(|p| p.0 != "unpartitioned").map(|p| (p.0.as_str(), p.1 / 512)).collect();
        assert_eq!(named, [("1-fat32", 4), ("2-linux", 8), ("5-linux", 13), ("6-linux-swap", 21)]);
        // All but the three records.
        assert_eq!(found.iter().map(|p| p.2).sum::<u64>(), 29 * 512);
    }

    #[test]
    fn a_partition_beyond_the_image_is_said() {
        let mut disk = record(&[(0x83, 1, 100)]);
        disk.resize(4096, 7);
        let opened = open(&disk).unwrap();
        assert_eq!((opened.length, opened.declared, opened.read), (4096, Some(101 * 512), ReadState::Partial));
    }

    #[test]
    fn boot_sectors_and_noise_are_no_disks() {
        assert!(open(&[record(&[]), vec![0; 4096]].concat()).is_none());
        assert!(open(&[record(&[(0x83, 1, 5), (0x83, 3, 5)]), vec![0; 4096]].concat()).is_none());
        let mut noise: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        noise[510..512].copy_from_slice(&[0x55, 0xaa]);
        assert!(open(&noise).is_none());
    }
}
