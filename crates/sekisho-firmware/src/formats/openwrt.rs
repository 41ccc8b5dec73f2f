//! What OpenWrt adds to its images: the metadata trailer of fwtool, and the marker where the overlay will be made.

use std::sync::Arc;

use super::{Format, Opened, Signature, be32, magic};
use crate::blob::Blob;
use crate::limits::Budget;

/// `fwtool`'s trailer: JSON metadata or a `usign` signature in front, then 16 bytes. Found by its beginning, the JSON.
pub(super) struct Fwtool;

/// Metadata are a few hundred bytes.
const MAX_METADATA: usize = 16 << 10;

impl Format for Fwtool {
    fn name(&self) -> &'static str {
        "openwrt-metadata"
    }

    fn signatures(&self) -> &'static [Signature] {
        // An empty header (version and flags) and the JSON behind it.
        const { &[magic(b"\0\0\0\0\0\0\0\0{")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let window = data.window(0, MAX_METADATA).ok()?;
        // magic, crc, type, padding, size: see fwtool's `struct fwimage_trailer`.
        let at = memchr::memmem::find(&window, b"FWx0")?;
        let trailer = window.get(at..at + 16)?;
        if be32(trailer, 12) as usize != at + 16 || trailer[8] > 1 {
            return None;
        }
        let signature = trailer[8] == 0;
        let mut length = at + 16;
        let mut signed = signature;
        // A signature, where there is one, follows as a second trailer.
        if let Some(next) = window.get(length..)
            && let Some(second) = memchr::memmem::find(next, b"FWx0")
            && next.get(second + 8) == Some(&0)
            && next.len() >= second + 16
            && be32(next, second + 12) as usize == second + 16
        {
            length += second + 16;
            signed = true;
        }
        let text = String::from_utf8_lossy(&window[..at]);
        let detail: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
        Some(Opened {
            length: length as u64,
            detail: Some(detail.trim().to_owned()),
            signed: Some(signed),
            ..Opened::default()
        })
    }
}

/// `DE AD C0 DE` in the first bytes of an erase block: JFFS2 (or UBIFS) is to be made from here at the first start.
pub(super) struct OverlayMarker;

impl Format for OverlayMarker {
    fn name(&self) -> &'static str {
        "overlay-marker"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xde\xad\xc0\xde")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        // The mark stands alone: at the data's end, or before emptiness or a trailer.
        let next = data.window(4, 16).ok()?;
        let alone = next.iter().all(|&b| b == 0xff || b == 0) || next.starts_with(&[0; 8]);
        alone.then(|| Opened {
            length: 4,
            detail: Some("the writable overlay is made here at the first start".into()),
            ..Opened::default()
        })
    }
}
