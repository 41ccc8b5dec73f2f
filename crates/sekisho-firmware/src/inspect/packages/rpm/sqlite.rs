//! One table of an `SQLite` database, row by row: as much of the format as RPM's `rpmdb.sqlite` needs.
//!
//! Source: "Database File Format", <https://www.sqlite.org/fileformat2.html>. What stands only in a write-ahead log is not read.

use super::bytes::{array, be32, part};

/// Pages gone through: a cycle or a table of pages that point to each other ends here.
const MAX_PAGES: usize = 200_000;
/// Bytes of one record.
const MAX_RECORD: usize = 32 << 20;

/// A database in memory.
pub(super) struct Database<'a> {
    bytes: &'a [u8],
    page: usize,
    usable: usize,
}

/// A value of a record; what is neither text nor blob is not needed but for integers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Integer(i64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
    Other,
}

/// The rows of a table, and whether all could be read.
#[derive(Debug, Default)]
pub(super) struct Blobs {
    pub(super) blobs: Vec<Vec<u8>>,
    pub(super) whole: bool,
}

impl<'a> Database<'a> {
    /// Opens a database; none where it is not one.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"SQLite format 3\0") {
            return None;
        }
        // 1 stands for 65536.
        let page = match u16::from_be_bytes(array(bytes, 16)?) {
            1 => 65_536,
            size if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return None,
        };
        let usable = page.checked_sub(usize::from(*bytes.get(20)?)).filter(|&usable| usable >= 480)?;
        Some(Self { bytes, page, usable })
    }

    /// The blobs of the table `name`, one of each row.
    pub(super) fn blobs(&self, name: &str) -> Option<Blobs> {
        // The schema has type, name, table, root page and the statement.
        let mut root = None;
        let mut schema_whole = true;
        self.rows(1, &mut schema_whole, &mut |record| {
            if let [Value::Text(kind), Value::Text(table), _, Value::Integer(page), ..] = record.as_slice()
                && kind == b"table"
                && table == name.as_bytes()
            {
                root = u32::try_from(*page).ok();
            }
        });
        let mut found = Blobs { blobs: Vec::new(), whole: true };
        let mut whole = true;
        self.rows(root?, &mut whole, &mut |record| {
            found.blobs.extend(record.into_iter().find_map(|value| match value {
                Value::Blob(blob) => Some(blob),
                _ => None,
            }));
        });
        found.whole = whole;
        Some(found)
    }

    /// Calls `take` with each record of the table whose tree begins at page `root`.
    fn rows(&self, root: u32, whole: &mut bool, take: &mut dyn FnMut(Vec<Value>)) {
        let mut pending = vec![root];
        let mut pages = 0;
        while let Some(number) = pending.pop() {
            pages += 1;
            if pages > MAX_PAGES || pages > self.bytes.len() / self.page + 1 {
                *whole = false;
                return;
            }
            if self.tree_page(number, &mut pending, take).is_none() {
                *whole = false;
            }
        }
    }

    fn page(&self, number: u32) -> Option<&'a [u8]> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        part(self.bytes, index.checked_mul(self.page)?, self.page)
    }

    fn tree_page(&self, number: u32, pending: &mut Vec<u32>, take: &mut dyn FnMut(Vec<Value>)) -> Option<()> {
        let page = self.page(number)?;
        // The file's header stands before that of the first page.
        let head = if number == 1 { 100 } else { 0 };
        let kind = *page.get(head)?;
        let cells = usize::from(u16::from_be_bytes(array(page, head + 3)?));
        let pointers = head + if kind == 5 { 12 } else { 8 };
        let mut all = Some(());
        if kind == 5 {
            // From right to left, so that the leftmost is the next to be taken.
            pending.push(be32(page, head + 8)?);
        } else if kind != 13 {
            return None;
        }
        let order: Box<dyn Iterator<Item = usize>> =
            if kind == 5 { Box::new((0..cells).rev()) } else { Box::new(0..cells) };
        for cell in order {
            let at = usize::from(u16::from_be_bytes(array(page, pointers.checked_add(cell.checked_mul(2)?)?)?));
            if kind == 5 {
                pending.push(be32(page, at)?);
            } else {
                match self.record(page, at) {
                    Some(record) => take(record),
                    None => all = None,
                }
            }
        }
        all
    }

    /// The record of the leaf cell at `at`.
    fn record(&self, page: &[u8], at: usize) -> Option<Vec<Value>> {
        let (size, at) = varint(page, at)?;
        let (_, at) = varint(page, at)?;
        let size = usize::try_from(size).ok().filter(|&size| size <= MAX_RECORD && size <= self.bytes.len())?;
        // Section 1.6, "B-tree Pages": how much of a payload stays on its page.
        let most = self.usable.checked_sub(35)?;
        let payload = if size <= most {
            part(page, at, size)?.to_vec()
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let local = least + (size - least) % (self.usable - 4);
            let local = if local <= most { local } else { least };
            let mut payload = part(page, at, local)?.to_vec();
            let mut next = be32(page, at.checked_add(local)?)?;
            while payload.len() < size {
                // A chain that comes back to itself ends with the payload's size.
                let overflow = self.page(next)?;
                next = be32(overflow, 0)?;
                let wanted = (size - payload.len()).min(self.usable - 4);
                payload.extend_from_slice(part(overflow, 4, wanted)?);
            }
            payload
        };
        values(&payload)
    }
}

/// The values of a record (section 2.1, "Record Format").
fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let (header, mut at) = varint(payload, 0)?;
    let header = usize::try_from(header).ok().filter(|&header| header <= payload.len())?;
    let mut body = header;
    let mut values = Vec::new();
    while at < header {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let len = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let bytes = part(payload, body, len)?;
        body = body.checked_add(len)?;
        values.push(match kind {
            1..=6 => {
                let negative = bytes.first().is_some_and(|&b| b >= 0x80);
                Value::Integer(bytes.iter().fold(if negative { -1 } else { 0 }, |n, &b| (n << 8) | i64::from(b)))
            }
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            0 | 7 => Value::Other,
            _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Text(bytes.to_vec()),
        });
        if values.len() > 64 {
            return None;
        }
    }
    Some(values)
}

/// A variable-length integer and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for i in 0..9 {
        let byte = *bytes.get(at.checked_add(i)?)?;
        if i == 8 {
            return Some(((value << 8) | u64::from(byte), at.checked_add(9)?));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((value, at.checked_add(i + 1)?));
        }
    }
    None
}
