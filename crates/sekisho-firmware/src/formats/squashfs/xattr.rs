//! Extended attributes of version 4, as far as file capabilities need them.

use super::metadata::Metadata;
use super::{NONE, Superblock};
use crate::formats::{capability, le16, le32, le64};

/// Attributes of one file that are looked through.
const MAX_ATTRIBUTES: u32 = 64;
/// A name with its prefix has 255 characters at most.
const MAX_NAME: usize = 256;
/// Largest value of a capability that is looked at.
const MAX_VALUE: usize = 64;
/// The prefix `security.`, and the mark of a value that stands elsewhere.
const SECURITY: u16 = 2;
const ELSEWHERE: u16 = 0x100;

/// Where the attributes lie.
pub(super) struct Attributes {
    /// The table of the lists, and how many there are.
    lists: u64,
    count: u32,
    /// The metadata blocks with names and values.
    values: u64,
}

impl Attributes {
    /// Without a table nothing has attributes; one outside the file system makes every one unreadable.
    pub(super) fn open(metadata: &Metadata, superblock: &Superblock) -> Self {
        let at = superblock.xattr_table;
        let header = (at != NONE).then(|| metadata.data.array::<16>(at)).flatten().unwrap_or_default();
        Self { lists: at.saturating_add(16), count: le32(&header, 8), values: le64(&header, 0) }
    }

    /// The capabilities among the attributes of list `index`.
    pub(super) fn capabilities(&self, metadata: &Metadata, index: u32) -> Result<Vec<String>, String> {
        if index >= self.count {
            return Err("a list of attributes does not exist".into());
        }
        // 512 records of 16 bytes fill a metadata block.
        let pointer = self.lists.checked_add(8 * u64::from(index / 512)).and_then(|at| metadata.number::<8>(at));
        let block = pointer.ok_or("the list of attributes is cut short")?;
        let list = metadata.cursor(block, (index % 512) as usize * 16)?.take(16)?;
        let (place, count) = (le64(&list, 0), le32(&list, 8));
        let mut cursor = metadata.cursor(self.at(place)?, (place & 0xffff) as usize)?;
        for _ in 0..count.min(MAX_ATTRIBUTES) {
            let head = cursor.take(4)?;
            let (kind, length) = (le16(&head, 0), usize::from(le16(&head, 2)));
            if length > MAX_NAME {
                return Err("the name of an attribute is too long".into());
            }
            let name = cursor.take(length)?;
            let size = cursor.u32()? as usize;
            let value = cursor.take(size.min(64 << 10))?;
            if kind & 0xff != SECURITY || name != b"capability" {
                continue;
            }
            if kind & ELSEWHERE == 0 {
                return Ok(capability::names(&value));
            }
            let place = le64(&value, 0);
            let mut cursor = metadata.cursor(self.at(place)?, (place & 0xffff) as usize)?;
            let size = cursor.u32()? as usize;
            return Ok(capability::names(&cursor.take(size.min(MAX_VALUE))?));
        }
        Ok(Vec::new())
    }

    fn at(&self, place: u64) -> Result<u64, String> {
        self.values.checked_add(place >> 16).ok_or_else(|| "an attribute lies outside".into())
    }
}
