//! Formats that are recognised and not read: named in the layout, and a gap in everything else.

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::{Format, Opened, Signature, be32, crc32, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

fn unread(name: &str, length: u64, detail: String) -> Opened {
    let mut opened = Opened { length, detail: Some(detail), read: ReadState::Unread, ..Opened::default() };
    opened.gaps.push(reason::unsupported(name));
    opened
}

/// JFFS2: a log of nodes, each with a CRC of its header.
pub(super) struct Jffs2;

/// How far apart nodes may lie: an erase block may be empty.
const ERASE_BLOCK: u64 = 256 << 10;
/// Nodes of this length at most: an erase block.
const MAX_NODE: u32 = 1 << 20;

impl Jffs2 {
    /// The length of the node at `at`, where there is one.
    fn node(data: &[u8], big: bool) -> Option<u32> {
        let u16_at = |at: usize| if big { le16(data, at).swap_bytes() } else { le16(data, at) };
        let u32_at = |at: usize| if big { le32(data, at).swap_bytes() } else { le32(data, at) };
        if data.len() < 12 || u16_at(0) != 0x1985 {
            return None;
        }
        let known = matches!(u16_at(2) & 0x3fff, 0x2001..=0x2006 | 0x0001..=0x0004)
            || matches!(u16_at(2), 0xe001 | 0xe002 | 0x2003..=0x2006 | 0xe008 | 0xe009);
        let length = u32_at(4);
        if !known || !(12..=MAX_NODE).contains(&length) {
            return None;
        }
        // JFFS2's CRC begins with 0 and is not inverted, zlib's begins and ends inverted.
        let crc = jffs2_crc(&data[..8]);
        (crc == u32_at(8)).then_some(length)
    }
}

fn jffs2_crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc: u32, _| if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

impl Format for Jffs2 {
    fn name(&self) -> &'static str {
        "jffs2"
    }

    fn signatures(&self) -> &'static [Signature] {
        // Inode, directory entry, clean marker, summary: a file system begins with one of these.
        const {
            &[
                magic(b"\x85\x19\x01\xe0"),
                magic(b"\x85\x19\x02\xe0"),
                magic(b"\x85\x19\x03\x20"),
                magic(b"\x85\x19\x06\x20"),
                magic(b"\x19\x85\xe0\x01"),
                magic(b"\x19\x85\xe0\x02"),
                magic(b"\x19\x85\x20\x03"),
                magic(b"\x19\x85\x20\x06"),
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let big = data.array::<2>(0)? == [0x19, 0x85];
        Self::node(&data.array::<12>(0)?, big)?;
        let (mut at, mut end, mut nodes) = (0_u64, 0_u64, 0_u64);
        'nodes: while at < data.len() && !budget.out_of_time() {
            let window = data.window(at, ERASE_BLOCK as usize).ok()?;
            let mut offset = 0_usize;
            while offset + 12 <= window.len() {
                if let Some(length) = Self::node(&window[offset..], big) {
                    nodes += 1;
                    offset = offset.saturating_add((length as usize).next_multiple_of(4));
                    end = (at + offset as u64).min(data.len());
                } else {
                    offset += 4;
                    if at + offset as u64 > end + ERASE_BLOCK {
                        break 'nodes;
                    }
                }
            }
            at += offset.max(4) as u64;
        }
        let length = end.next_multiple_of(64 << 10).min(data.len());
        Some(unread("jffs2", length, format!("{} endian, {nodes} nodes", if big { "big" } else { "little" })))
    }
}

/// UBI: erase blocks with a header each.
pub(super) struct Ubi;

impl Format for Ubi {
    fn name(&self) -> &'static str {
        "ubi"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"UBI#\x01")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let valid =
            |at: u64| data.array::<64>(at).is_some_and(|h| h.starts_with(b"UBI#") && !crc32(&h[..60]) == be32(&h, 60));
        if !valid(0) {
            return None;
        }
        // The erase block's size is the distance to the second header.
        let size = (0..9).map(|i| 8192_u64 << i).find(|&size| valid(size));
        let mut length = size.unwrap_or_else(|| data.len());
        while let Some(size) = size
            && valid(length)
        {
            length += size;
        }
        let detail = size.map_or_else(|| "one erase block".to_owned(), |s| format!("erase blocks of {s} bytes"));
        Some(unread("ubi", length.min(data.len()), detail))
    }
}

/// Flattened device tree; with an `images` node it is a FIT image.
pub(super) struct Fdt;

impl Format for Fdt {
    fn name(&self) -> &'static str {
        "device-tree"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xd0\x0d\xfe\xed")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<40>(0)?;
        let field = |i: usize| be32(&header, 4 * i);
        let (total, structure, strings) = (field(1), field(2), field(3));
        if total < 72
            || structure >= total
            || strings >= total
            || field(5) > 20
            || field(6) > field(5)
            || u64::from(total) > 1 << 30
        {
            return None;
        }
        let names = data.window(u64::from(strings), 4096).ok()?;
        let length = u64::from(total).min(data.len());
        let fit = memchr::memmem::find(&names, b"compression\0").is_some()
            && memchr::memmem::find(&names, b"default\0").is_some();
        if fit {
            let mut opened = unread("fit", length, "U-Boot FIT image".into());
            opened.signed = None;
            return Some(opened);
        }
        // A device tree describes hardware; nothing in it bears on the other aspects.
        Some(Opened { length, detail: Some(format!("version {}", field(5))), ..Opened::default() })
    }
}

/// Formats told by a signature and a check or two of their header.
pub(super) struct Listed;

struct Known {
    signature: Signature,
    name: &'static str,
    /// The length, where the header is plausible; `u64::MAX` for "to the end of the data".
    length: fn(&Blob) -> Option<u64>,
}

const KNOWN: &[Known] = &[
    Known { signature: magic(b"\x45\x3d\xcd\x28"), name: "cramfs", length: |d| cramfs(d, false) },
    Known { signature: magic(b"\x28\xcd\x3d\x45"), name: "cramfs", length: |d| cramfs(d, true) },
    Known {
        signature: magic(b"-rom1fs-"),
        name: "romfs",
        length: |d| Some(u64::from(be32(&d.array::<16>(0)?, 8))).filter(|&n| n >= 32),
    },
    Known { signature: magic(b"\x31\x18\x10\x06"), name: "ubifs", length: ubifs },
    Known { signature: magic(b"BZh"), name: "bzip2", length: bzip2 },
    Known { signature: magic(b"7z\xbc\xaf\x27\x1c"), name: "7z", length: seven_zip },
    Known {
        signature: magic(b"\x04\x22\x4d\x18"),
        name: "lz4",
        length: |d| (d.array::<5>(0)?[4] >> 6 == 1).then_some(u64::MAX),
    },
    Known { signature: magic(b"\x89LZO\0\r\n\x1a\n"), name: "lzop", length: |_| Some(u64::MAX) },
    Known {
        signature: magic(b"ANDROID!"),
        name: "android-boot",
        length: |d| (le32(&d.array::<40>(0)?, 36).is_power_of_two()).then_some(u64::MAX),
    },
    Known {
        signature: magic(b"070707"),
        name: "cpio-odc",
        length: |d| d.array::<76>(0)?.iter().all(|b| (b'0'..=b'7').contains(b)).then_some(u64::MAX),
    },
    Known {
        signature: magic(b"\xc7\x71"),
        name: "cpio-binary",
        length: |d| {
            (le16(&d.array::<26>(0)?, 20) < 256 && le16(&d.array::<26>(0)?, 6) & 0xf000 != 0).then_some(u64::MAX)
        },
    },
    Known {
        signature: magic(b"QFI\xfb"),
        name: "qcow2",
        length: |d| (be32(&d.array::<8>(0)?, 4) <= 3).then_some(u64::MAX),
    },
    Known { signature: Signature { magic: b"CD001", at: 32769 }, name: "iso9660", length: |_| Some(u64::MAX) },
    Known { signature: Signature { magic: b"FAT12   ", at: 54 }, name: "fat", length: fat },
    Known { signature: Signature { magic: b"FAT16   ", at: 54 }, name: "fat", length: fat },
    Known { signature: Signature { magic: b"FAT32   ", at: 82 }, name: "fat", length: fat },
];

impl Format for Listed {
    fn name(&self) -> &'static str {
        "listed"
    }

    fn signatures(&self) -> &'static [Signature] {
        const SIGNATURES: [Signature; KNOWN.len()] = {
            let mut all = [magic(b""); KNOWN.len()];
            let mut i = 0;
            while i < KNOWN.len() {
                all[i] = KNOWN[i].signature;
                i += 1;
            }
            all
        };
        &SIGNATURES
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let known = KNOWN.iter().find(|known| {
            data.window(known.signature.at, known.signature.magic.len()).is_ok_and(|w| *w == *known.signature.magic)
                && (known.length)(data).is_some()
        })?;
        let declared = (known.length)(data)?;
        let mut opened = unread(known.name, declared.min(data.len()), known.name.to_owned());
        opened.open_ended = declared == u64::MAX;
        if declared != u64::MAX && declared > data.len() {
            opened.declared = Some(declared);
        }
        Some(opened)
    }
}

fn cramfs(data: &Blob, big: bool) -> Option<u64> {
    let header = data.array::<64>(0)?;
    let size = if big { be32(&header, 4) } else { le32(&header, 4) };
    (&header[16..32] == b"Compressed ROMFS").then_some(u64::from(size))
}

fn ubifs(data: &Blob) -> Option<u64> {
    let header = data.array::<24>(0)?;
    // Superblock node, type 6, of 4096 bytes.
    (header[20] == 6 && le32(&header, 16) == 4096).then_some(u64::MAX)
}

fn bzip2(data: &Blob) -> Option<u64> {
    let header = data.array::<10>(0)?;
    (matches!(header[3], b'1'..=b'9') && header[4..] == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]).then_some(u64::MAX)
}

fn seven_zip(data: &Blob) -> Option<u64> {
    let header = data.array::<32>(0)?;
    (crc32(&header[12..32]) == le32(&header, 8))
        .then(|| super::le64(&header, 12).checked_add(super::le64(&header, 20))?.checked_add(32))
        .flatten()
}

fn fat(data: &Blob) -> Option<u64> {
    let boot = data.array::<512>(0)?;
    if !matches!(boot[0], 0xeb | 0xe9) || boot[510..] != [0x55, 0xaa] {
        return None;
    }
    let sector = u64::from(le16(&boot, 11));
    let small = u64::from(le16(&boot, 19));
    let sectors = if small == 0 { u64::from(le32(&boot, 32)) } else { small };
    (sector.is_power_of_two() && (512..=4096).contains(&sector)).then_some(sector * sectors)
}

/// The name that a region has in facts: formats that stand for several give it in their detail.
pub(crate) fn region_name(format: &dyn Format, opened: &Opened) -> String {
    let detail = opened.detail.as_deref().unwrap_or_default();
    let name = match format.name() {
        "listed" => detail,
        "device-tree" if detail == "U-Boot FIT image" => "fit",
        name => name,
    };
    name.to_owned()
}
