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
    Known { signature: magic(b"\x3d\xb8\xf3\x96"), name: "mcuboot", length: mcuboot },
    Known { signature: magic(b"\x1e\xf1\xee\x0b"), name: "zigbee-ota", length: zigbee },
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
    Known {
        signature: Signature { magic: b"\x32\x54\xcd\xab", at: 32 },
        name: "esp-image",
        length: |d| (d.array::<1>(0)? == [0xe9]).then_some(u64::MAX),
    },
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

fn zigbee(data: &Blob) -> Option<u64> {
    let header = data.array::<56>(0)?;
    let (version, length, size) = (le16(&header, 4), u64::from(le16(&header, 6)), u64::from(le32(&header, 52)));
    // The optional fields make the header 56 to 69 bytes long; no device of this kind takes more than some MiB.
    (version == 0x0100 && (56..=69).contains(&length) && size > length && size < 64 << 20).then_some(size)
}

fn mcuboot(data: &Blob) -> Option<u64> {
    let header = data.array::<32>(0)?;
    let (head, size) = (u64::from(le16(&header, 8)), u64::from(le32(&header, 12)));
    (head >= 32 && size > 0 && le32(&header, 28) == 0).then_some(u64::MAX)
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
