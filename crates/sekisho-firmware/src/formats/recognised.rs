//! Formats that are recognised and not read: named in the layout, and a gap in everything else.

use std::sync::Arc;

use sekisho_model::fact::ReadState;

use super::{Format, Opened, Signature, be32, magic};
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

const KNOWN: &[Known] = &[Known {
    signature: magic(b"QFI\xfb"),
    name: "qcow2",
    length: |d| (be32(&d.array::<8>(0)?, 4) <= 3).then_some(u64::MAX),
}];

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

/// The name that a region has in facts: formats that stand for several give it in their detail.
pub(crate) fn region_name(format: &dyn Format, opened: &Opened) -> String {
    let detail = opened.detail.as_deref().unwrap_or_default();
    let name = match format.name() {
        "listed" => detail,
        name => name,
    };
    name.to_owned()
}
