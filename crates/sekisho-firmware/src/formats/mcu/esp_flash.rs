//! What lies in the flash of an ESP32 beside programs: the partition table, the choice of the program to start, the radio's settings.
//!
//! "Partition Tables" in the documentation of ESP-IDF; `esp_flash_partitions.h`, `esp_ota_ops.c`, `phy_init_data.h`.

use std::sync::Arc;

use md5::{Digest, Md5};
use sekisho_model::Text;
use sekisho_model::fact::ReadState;

use crate::blob::Blob;
use crate::formats::{Format, Opened, Signature, le32, magic, text_field};
use crate::limits::Budget;
use crate::reason;

/// The CRC of `esp_rom_crc32_le(UINT32_MAX, …)`: polynomial of zlib, register beginning at zero, inverted at the end.
pub(super) fn esp_crc32(parts: &[&[u8]]) -> u32 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    !bytes.fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc: u32, _| if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// The table: entries of 32 bytes, then their MD5.
pub(in crate::formats) struct PartitionTable;

const ENTRY: usize = 32;
/// `ESP_PARTITION_TABLE_MAX_LEN`.
const MAX_TABLE: usize = 0xc00;
/// Partitions begin at sectors.
const SECTOR: u32 = 0x1000;
/// Chips take up to 128 MiB of flash.
const MAX_FLASH: u64 = 128 << 20;
/// Bit 0 of the flags.
const ENCRYPTED: u32 = 1;

struct Partition {
    label: String,
    kind: String,
    offset: u32,
    size: u32,
    encrypted: bool,
}

fn partition(entry: &[u8]) -> Option<Partition> {
    if !entry.starts_with(b"\xaa\x50") {
        return None;
    }
    let (kind, subtype, offset, size) = (entry[2], entry[3], le32(entry, 4), le32(entry, 8));
    let label = text_field(&entry[12..28])?;
    let flags = le32(entry, 28);
    let plausible = offset.is_multiple_of(SECTOR)
        && offset >= 2 * SECTOR
        && size > 0
        && u64::from(offset) + u64::from(size) <= MAX_FLASH
        && flags & !0b11 == 0;
    plausible.then(|| Partition {
        label,
        kind: name_of(kind, subtype),
        offset,
        size,
        encrypted: flags & ENCRYPTED != 0,
    })
}

/// `esp_partition_type_t` and `esp_partition_subtype_t`.
fn name_of(kind: u8, subtype: u8) -> String {
    match (kind, subtype) {
        (0, 0) => "app factory".into(),
        (0, 0x10..=0x1f) => format!("app ota_{}", subtype - 0x10),
        (0, 0x20) => "app test".into(),
        (1, 0) => "data ota".into(),
        (1, 1) => "data phy".into(),
        (1, 2) => "data nvs".into(),
        (1, 3) => "data coredump".into(),
        (1, 4) => "data nvs_keys".into(),
        (1, 5) => "data efuse".into(),
        (1, 0x81) => "data fat".into(),
        (1, 0x82) => "data spiffs".into(),
        (1, 0x83) => "data littlefs".into(),
        _ => format!("type {kind:#04x} subtype {subtype:#04x}"),
    }
}

impl Format for PartitionTable {
    fn name(&self) -> &'static str {
        "esp-partition-table"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The first entry: magic, application or data.
        const { &[magic(b"\xaa\x50\x00"), magic(b"\xaa\x50\x01")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let window = data.window(0, MAX_TABLE).ok()?;
        let mut partitions = Vec::new();
        let mut md5_valid = None;
        let mut end = 0;
        for entry in window.chunks_exact(ENTRY) {
            if let Some(partition) = partition(entry) {
                partitions.push(partition);
                end += ENTRY;
            } else if entry.starts_with(b"\xeb\xeb\xff\xff") {
                let digest: [u8; 16] = Md5::digest(&window[..end]).into();
                md5_valid = Some(digest == entry[16..32]);
                end += ENTRY;
                break;
            } else if entry.iter().all(|&b| b == 0xff) {
                break;
            } else {
                return None;
            }
        }
        // One entry without a digest is too little to go by.
        if partitions.is_empty() || (md5_valid.is_none() && partitions.len() < 2) {
            return None;
        }
        let listed: Vec<String> = partitions
            .iter()
            .map(|p| {
                let mark = if p.encrypted { ", encrypted" } else { "" };
                format!("{} ({} at {:#x}, {} KiB{mark})", p.label, p.kind, p.offset, p.size >> 10)
            })
            .collect();
        let mut opened = Opened {
            length: end as u64,
            detail: Some(listed.join("; ")),
            checksum_valid: md5_valid,
            ..Opened::default()
        };
        if md5_valid == Some(false) {
            opened = opened.damaged(reason::damaged("esp-partition-table", "its MD5 does not hold"));
        }
        for p in partitions.iter().filter(|p| p.encrypted) {
            opened.gaps.push(marked_encrypted(&p.label));
        }
        if !opened.gaps.is_empty() && opened.read == ReadState::Whole {
            opened.read = ReadState::Partial;
        }
        Some(opened)
    }
}

fn marked_encrypted(label: &str) -> Text {
    Text::new(
        format!("the partition table marks '{label}' as encrypted"),
        format!("パーティションテーブルは「{label}」を暗号化ありとしています"),
    )
}

/// Which program starts: `esp_ota_select_entry_t`, a sequence number, a label (unused), a state and a CRC of the number.
pub(in crate::formats) struct OtaData;

impl Format for OtaData {
    fn name(&self) -> &'static str {
        "esp-ota-data"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The number's upper half and the label of 20 bytes, which nobody sets.
        const {
            &[Signature {
                magic: b"\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                at: 2,
            }]
        }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let entry = data.array::<32>(0)?;
        let (number, state) = (le32(&entry, 0), le32(&entry, 24));
        if number == 0 || esp_crc32(&[&entry[..4]]) != le32(&entry, 28) {
            return None;
        }
        // `esp_ota_img_states_t`.
        let state =
            ["new", "pending verification", "valid", "invalid", "aborted"].get(state as usize).unwrap_or(&"undefined");
        Some(Opened {
            length: 32,
            detail: Some(format!("sequence {number}, state {state}")),
            checksum_valid: Some(true),
            ..Opened::default()
        })
    }
}

/// Settings of the radio between two marks.
pub(in crate::formats) struct PhyInit;

/// `PHY_INIT_MAGIC`.
const MARK: &[u8] = b"PHYINIT\0";
/// 128 bytes of settings; newer chips have more.
const MAX_PHY: usize = 1024;

impl Format for PhyInit {
    fn name(&self) -> &'static str {
        "esp-phy-init"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(MARK)] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let window = data.window(0, MAX_PHY).ok()?;
        let end = memchr::memmem::find(window.get(MARK.len()..)?, MARK)?;
        Some(Opened {
            length: (end + 2 * MARK.len()) as u64,
            detail: Some("settings of the radio".into()),
            ..Opened::default()
        })
    }
}
