//! Disk images with a GUID partition table (UEFI Specification 2.10, section 5.3).

use std::sync::Arc;

use super::part::Claims;
use super::{Content, Format, Opened, Signature, crc32, le32, le64, mbr, shortened};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Gpt;

const MAGIC: &[u8] = b"EFI PART";
/// The specification asks for 128 entries or more; tools write no more.
const MAX_ENTRIES: u32 = 1024;

impl Format for Gpt {
    fn name(&self) -> &'static str {
        "gpt"
    }

    fn signatures(&self) -> &'static [Signature] {
        // In the second sector, of 512 bytes or of 4096.
        const { &[Signature { magic: MAGIC, at: 512 }, Signature { magic: MAGIC, at: 4096 }] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let (sector, header) =
            [512, 4096].into_iter().find_map(|sector| Some((sector, Header::read(data, sector, sector)?)))?;
        if header.own != 1 {
            return None;
        }
        let mut opened = Opened::default();
        // The backup is at the end of the disk; an image may be cut, or not filled up to it.
        let backup_at = header.other.checked_mul(sector)?;
        let declared = backup_at.checked_add(sector)?;
        let backup = Header::read(data, backup_at, sector);
        let entries = header.entries(data, sector);
        let entries_valid = entries.as_deref().map(|entries| crc32(entries) == header.entries_crc);
        let mut claims = Claims::new("gpt", data);
        let mut described = Vec::new();
        let entries = entries.unwrap_or_default();
        for (i, entry) in entries.chunks_exact(header.entry_size as usize).enumerate() {
            let (Some(kind), Some(field)) = (entry.get(..16), entry.get(32..128)) else { break };
            if kind.iter().all(|&b| b == 0) {
                continue;
            }
            let (first, last) = (le64(field, 0), le64(field, 8));
            let units: Vec<u16> =
                field[24..].chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).take_while(|&u| u != 0).collect();
            let name: String = String::from_utf16_lossy(&units).chars().filter(|c| !c.is_control()).collect();
            let kind = type_name(kind);
            let label = if name.is_empty() { format!("{}-{kind}", i + 1) } else { format!("{}-{name}", i + 1) };
            described.push(format!("{}: '{name}' ({kind}) at sector {first} to {last}", i + 1));
            let length = last.checked_sub(first).and_then(|n| n.checked_add(1)).and_then(|n| n.checked_mul(sector));
            match (first.checked_mul(sector), length) {
                (Some(start), Some(length)) if first > 1 => claims.add(&label, start, length, false),
                _ => claims.gaps.push(reason::damaged("gpt", &format!("partition {} ends before it begins", i + 1))),
            }
        }
        // A hybrid record names partitions to systems that do not know GPT.
        let hybrid = mbr::table(data, 0)
            .is_some_and(|table| table.iter().filter(|p| p.kind != 0 && p.kind != mbr::PROTECTIVE).count() > 0);
        // The boot loaders of some chips lie between the table and the first partition.
        let table_end =
            header.entries_at.saturating_mul(sector).saturating_add(entries.len() as u64).next_multiple_of(sector);
        claims.add_rest(
            "unpartitioned",
            table_end,
            backup_at.min(data.len()).min(header.last_usable.saturating_add(1).saturating_mul(sector)),
        );
        opened.detail = Some(shortened(&format!(
            "{}{}partitions {}",
            if hybrid { "hybrid MBR; " } else { "" },
            match &backup {
                Some(backup) if backup.entries_crc == header.entries_crc => "",
                Some(_) => "the backup table differs; ",
                None => "no backup table; ",
            },
            described.join(", ")
        )));
        opened.checksum_valid = entries_valid;
        opened = opened.of_length("gpt", declared, data.len());
        if entries_valid == Some(false) {
            opened = opened.damaged(reason::damaged("gpt", "the checksum of its partitions does not hold"));
        }
        for gap in std::mem::take(&mut claims.gaps) {
            opened = opened.damaged(gap);
        }
        opened.content = Content::Parts(claims.into_parts());
        Some(opened)
    }
}

struct Header {
    own: u64,
    other: u64,
    last_usable: u64,
    entries_at: u64,
    count: u32,
    entry_size: u32,
    entries_crc: u32,
}

impl Header {
    /// The header at `at`, whose CRC must hold.
    fn read(data: &Blob, at: u64, sector: u64) -> Option<Self> {
        let head = data.array::<92>(at)?;
        let size = le32(&head, 12);
        if !head.starts_with(MAGIC) || !(92..=sector as u32).contains(&size) {
            return None;
        }
        let mut bytes = data.exact(at, size as usize).ok()?.into_owned();
        bytes.get_mut(16..20)?.fill(0);
        let header = Self {
            own: le64(&head, 24),
            other: le64(&head, 32),
            last_usable: le64(&head, 48),
            entries_at: le64(&head, 72),
            count: le32(&head, 80),
            entry_size: le32(&head, 84),
            entries_crc: le32(&head, 88),
        };
        // The size of an entry is 128 times a power of two.
        let plausible = (128..=4096).contains(&header.entry_size)
            && header.entry_size.is_power_of_two()
            && header.count <= MAX_ENTRIES;
        (crc32(&bytes) == le32(&head, 16) && plausible).then_some(header)
    }

    fn entries(&self, data: &Blob, sector: u64) -> Option<Vec<u8>> {
        let length = self.count as usize * self.entry_size as usize;
        Some(data.exact(self.entries_at.checked_mul(sector)?, length).ok()?.into_owned())
    }
}

/// The name of a type's GUID, as it stands on the disk, or the GUID.
fn type_name(guid: &[u8]) -> String {
    let text = format!(
        "{:08x}-{:04x}-{:04x}-{}-{}",
        le32(guid, 0),
        super::le16(guid, 4),
        super::le16(guid, 6),
        crate::layout::hex(&guid[8..10]),
        crate::layout::hex(&guid[10..16])
    );
    // UEFI Specification, table 5.7, and <https://uapi-group.org/specifications/specs/discoverable_partitions_specification/>.
    let known = match text.as_str() {
        "c12a7328-f81f-11d2-ba4b-00a0c93ec93b" => "efi-system",
        "21686148-6449-6e6f-744e-656564454649" => "bios-boot",
        "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7" => "basic-data",
        "0fc63daf-8483-4772-8e79-3d69d8477de4" => "linux",
        "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f" => "linux-swap",
        "bc13c2ff-59e6-4262-a352-b275fd6f7172" => "linux-boot",
        "44479540-f297-41b2-9af7-d131d5f0458a" => "linux-root-x86",
        "4f68bce3-e8cd-4db1-96e7-fbcaf984b709" => "linux-root-x86-64",
        "69dad710-2ce4-4e3c-b16c-21a1d49abed3" => "linux-root-arm",
        "b921b045-1df0-41c3-af44-4c6f280d3fae" => "linux-root-arm64",
        _ => return text,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    /// A disk of 256 KiB made by `sgdisk` 1.0.9, gzipped; see tests/data/README.md.
    fn disk() -> Vec<u8> {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&include_bytes!("../../tests/data/gpt.img.gz")[..])
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    fn open(bytes: &[u8]) -> Option<Opened> {
        Gpt.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    #[test]
    fn partitions_with_their_names() {
        let disk = disk();
        let opened = open(&disk).unwrap();
        assert_eq!(
            (opened.length, opened.read, opened.checksum_valid),
            (disk.len() as u64, ReadState::Whole, Some(true))
        );
        let Content::Parts(parts) = opened.content else { panic!() };
        let found: Vec<(String, u64, u64)> = parts.map(|p| (p.name, p.offset.unwrap(), p.data.len())).collect();
        let named: Vec<(&str, u64, u64)> = found.iter().map(|p| (p.0.as_str(), p.1 / 512, p.2 / 512)).collect();
        assert_eq!(
            named,
            [("unpartitioned", 34, 30), ("1-boot", 64, 64), ("2-rootfs a", 128, 128), ("unpartitioned", 256, 223)]
        );
    }

    #[test]
    fn each_checksum_is_checked() {
        let mut bytes = disk();
        bytes[1024 + 40] ^= 1;
        assert_eq!(open(&bytes).unwrap().checksum_valid, Some(false));
        bytes[512 + 56] ^= 1;
        assert!(open(&bytes).is_none());
        let mut bytes = disk();
        let backup = bytes.len() - 512;
        bytes[backup + 24] ^= 1;
        assert!(open(&bytes).unwrap().detail.unwrap().contains("no backup table"));
        bytes.truncate(100_000);
        assert_eq!(open(&bytes).unwrap().read, ReadState::Partial);
    }
}
