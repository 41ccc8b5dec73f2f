//! The blobs of RPM's own database format "ndb" (`Packages.db`).
//!
//! Source: the description of the layout at the head of RPM's public `lib/backend/ndb/rpmpkg.c`: a header of 32 bytes, slots of 16 bytes in
//! pages of 4096, blobs at multiples of 16 bytes; everything little endian.

use super::bytes::{le32, part};

const HEADER: u32 = u32::from_le_bytes(*b"RpmP");
const SLOT: u32 = u32::from_le_bytes(*b"Slot");
const BLOB: u32 = u32::from_le_bytes(*b"BlbS");
/// Bytes of a page of slots, and of a slot.
const PAGE: usize = 4096;
const SLOT_SIZE: usize = 16;

/// The blobs, and whether all could be read; none where it is no such database.
pub(super) fn blobs(bytes: &[u8]) -> Option<(Vec<&[u8]>, bool)> {
    if le32(bytes, 0)? != HEADER {
        return None;
    }
    // Version 0 is the only one there is.
    if le32(bytes, 4)? != 0 {
        return Some((Vec::new(), false));
    }
    let pages = usize::try_from(le32(bytes, 12)?).ok()?;
    let mut blobs = Vec::new();
    let mut whole = true;
    let mut total = 0_usize;
    // The header takes the place of the first two slots.
    for at in (32..pages.saturating_mul(PAGE)).step_by(SLOT_SIZE) {
        let Some(slot) = part(bytes, at, SLOT_SIZE) else {
            whole = false;
            break;
        };
        if le32(slot, 0) != Some(SLOT) {
            whole = false;
            continue;
        }
        let (Some(package), Some(offset)) = (le32(slot, 4), le32(slot, 8)) else { continue };
        if package == 0 {
            continue;
        }
        let blob = blob(bytes, package, offset);
        // Slots that name the same blob over and over do not make it more.
        total = total.saturating_add(blob.map_or(0, <[u8]>::len));
        match blob {
            Some(blob) if total <= bytes.len() => blobs.push(blob),
            _ => whole = false,
        }
    }
    Some((blobs, whole))
}

fn blob(bytes: &[u8], package: u32, offset: u32) -> Option<&[u8]> {
    let at = usize::try_from(offset).ok()?.checked_mul(16)?;
    let head = part(bytes, at, 16)?;
    if le32(head, 0) != Some(BLOB) || le32(head, 4) != Some(package) {
        return None;
    }
    part(bytes, at.checked_add(16)?, usize::try_from(le32(head, 12)?).ok()?)
}
