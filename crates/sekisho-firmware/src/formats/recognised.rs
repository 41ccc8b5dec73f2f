//! Formats that are recognised and not read: named in the layout, and a gap in everything else.

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::{Format, Opened, Signature, be32, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

fn unread(name: &str, length: u64, detail: String) -> Opened {
    let mut opened = Opened { length, detail: Some(detail), read: ReadState::Unread, ..Opened::default() };
    opened.gaps.push(reason::unsupported(name));
    opened
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
    Known { signature: magic(b"\x3d\xb8\xf3\x96"), name: "mcuboot", length: mcuboot },
    Known { signature: magic(b"\x1e\xf1\xee\x0b"), name: "zigbee-ota", length: zigbee },
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
        name => name,
    };
    name.to_owned()
}
