//! The values of a Berkeley DB hash database: RPM's `Packages` of systems up to 2020.
//!
//! Source: the page layouts in Berkeley DB's public header `dbinc/db_page.h` (`HMETA33`, `PAGE`, `HOFFPAGE`). Databases come in the byte
//! order of the machine that wrote them.

use super::bytes::{array, part};

/// Magic number of a hash database (`DB_HASHMAGIC`).
const MAGIC: u32 = 0x0006_1561;
/// Page types: unsorted and sorted hash pages, overflow.
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;
/// Types of items: in the page, and on overflow pages.
const KEY_DATA: u8 = 1;
const OFF_PAGE: u8 = 3;
/// Bytes before the items of a page (`SIZEOF_PAGE`).
const PAGE_HEADER: usize = 26;
/// Bytes of one value.
const MAX_VALUE: usize = 32 << 20;

/// The values, and whether all could be read; none where it is no hash database.
pub(super) fn values(bytes: &[u8]) -> Option<(Vec<Vec<u8>>, bool)> {
    let big = match array(bytes, 12)? {
        magic if u32::from_le_bytes(magic) == MAGIC => false,
        magic if u32::from_be_bytes(magic) == MAGIC => true,
        _ => return None,
    };
    let reader = Reader { bytes, big, page: 0 };
    let page = usize::try_from(reader.u32(bytes, 20)?).ok()?;
    // An encrypted database has a number for its algorithm here.
    if !(512..=65_536).contains(&page) || !page.is_power_of_two() || *bytes.get(24)? != 0 {
        return Some((Vec::new(), false));
    }
    let reader = Reader { page, ..reader };
    let mut whole = bytes.len().is_multiple_of(page);
    let mut values = Vec::new();
    for page in bytes.chunks_exact(page).skip(1) {
        if matches!(page.get(25), Some(&(HASH | HASH_UNSORTED))) && reader.hash_page(page, &mut values).is_none() {
            whole = false;
        }
    }
    Some((values, whole))
}

struct Reader<'a> {
    bytes: &'a [u8],
    big: bool,
    page: usize,
}

impl Reader<'_> {
    fn u16(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let value = array(bytes, at)?;
        Some(usize::from(if self.big { u16::from_be_bytes(value) } else { u16::from_le_bytes(value) }))
    }

    fn u32(&self, bytes: &[u8], at: usize) -> Option<u32> {
        let value = array(bytes, at)?;
        Some(if self.big { u32::from_be_bytes(value) } else { u32::from_le_bytes(value) })
    }

    /// Keys and values take turns; items are laid from the page's end to its beginning.
    fn hash_page(&self, page: &[u8], values: &mut Vec<Vec<u8>>) -> Option<()> {
        let count = self.u16(page, 20)?;
        let mut end = page.len();
        let mut whole = Some(());
        for item in 0..count {
            let at = self.u16(page, PAGE_HEADER.checked_add(item.checked_mul(2)?)?)?;
            if item % 2 == 1 {
                let value = match *page.get(at)? {
                    KEY_DATA => {
                        part(page, at.checked_add(1)?, end.checked_sub(at)?.checked_sub(1)?).map(<[u8]>::to_vec)
                    }
                    OFF_PAGE => self.overflow(page, at),
                    _ => None,
                };
                match value {
                    Some(value) => values.push(value),
                    None => whole = None,
                }
            }
            end = at;
        }
        whole
    }

    /// A value on pages of its own.
    fn overflow(&self, page: &[u8], at: usize) -> Option<Vec<u8>> {
        let mut next = self.u32(page, at.checked_add(4)?)?;
        let size = usize::try_from(self.u32(page, at.checked_add(8)?)?).ok()?;
        if size > MAX_VALUE || size > self.bytes.len() {
            return None;
        }
        let mut value = Vec::with_capacity(size);
        while value.len() < size {
            let page = part(self.bytes, usize::try_from(next).ok()?.checked_mul(self.page)?, self.page)?;
            if page.get(25) != Some(&OVERFLOW) {
                return None;
            }
            let len = self.u16(page, 22)?.min(size - value.len());
            // A page without content in a circle would never end.
            if len == 0 {
                return None;
            }
            value.extend_from_slice(part(page, PAGE_HEADER, len)?);
            next = self.u32(page, 16)?;
        }
        Some(value)
    }
}
