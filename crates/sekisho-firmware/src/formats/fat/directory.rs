//! Directory entries: short names, and long ones in the entries before them.

use crate::formats::{le16, le32};

/// An entry of a directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) directory: bool,
    pub(super) first: u32,
    pub(super) size: u32,
}

/// Attributes of an entry (`ATTR_VOLUME_ID`, `ATTR_DIRECTORY`, `ATTR_LONG_NAME`).
const VOLUME: u8 = 0x08;
const DIRECTORY: u8 = 0x10;
const LONG: u8 = 0x0f;

/// The entries of a directory that are in use, without `.` and `..` and the label.
pub(super) fn items(bytes: &[u8]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut long = LongName::default();
    for raw in bytes.chunks_exact(32) {
        match raw[0] {
            0 => break,
            0xe5 => long = LongName::default(),
            _ if raw[11] & 0x3f == LONG => long.part(raw),
            _ if raw[11] & VOLUME != 0 => long = LongName::default(),
            _ => {
                let name = std::mem::take(&mut long).finish(raw).unwrap_or_else(|| short_name(raw));
                if !raw.starts_with(b".          ") && !raw.starts_with(b"..         ") {
                    items.push(Item {
                        name,
                        directory: raw[11] & DIRECTORY != 0,
                        first: u32::from(le16(raw, 20)) << 16 | u32::from(le16(raw, 26)),
                        size: le32(raw, 28),
                    });
                }
            }
        }
    }
    items
}

/// A long name while its parts come in, the last first.
#[derive(Default)]
struct LongName {
    units: Vec<u16>,
    /// The part that must come next.
    expected: u8,
    checksum: u8,
}

impl LongName {
    fn part(&mut self, raw: &[u8]) {
        let order = raw[0];
        if order & 0x40 != 0 {
            *self = Self { units: Vec::new(), expected: order & 0x3f, checksum: raw[13] };
        }
        // Names have 255 characters at most: 20 parts.
        if order & 0x3f != self.expected || !(1..=20).contains(&self.expected) || raw[13] != self.checksum {
            *self = Self::default();
            return;
        }
        let units = raw[1..11].chunks_exact(2).chain(raw[14..26].chunks_exact(2)).chain(raw[28..32].chunks_exact(2));
        let units: Vec<u16> = units.map(|unit| le16(unit, 0)).collect();
        self.units.splice(0..0, units);
        self.expected -= 1;
    }

    /// The name, where all its parts are there and belong to this entry.
    fn finish(self, raw: &[u8]) -> Option<String> {
        let sum = raw[..11].iter().fold(0_u8, |sum, &byte| sum.rotate_right(1).wrapping_add(byte));
        if self.units.is_empty() || self.expected != 0 || self.checksum != sum {
            return None;
        }
        let end = self.units.iter().position(|&unit| unit == 0).unwrap_or(self.units.len());
        Some(String::from_utf16_lossy(&self.units[..end]))
    }
}

fn short_name(raw: &[u8]) -> String {
    // Windows NT notes here that the name or its ending is in lower case.
    let (lower_name, lower_ending) = (raw[12] & 0x08 != 0, raw[12] & 0x10 != 0);
    let text = |bytes: &[u8], lower: bool| {
        let text: String = bytes.iter().map(|&b| if b.is_ascii() { char::from(b) } else { '\u{fffd}' }).collect();
        let text = text.trim_end_matches(' ').to_owned();
        if lower { text.to_ascii_lowercase() } else { text }
    };
    let (name, ending) = (text(&raw[..8], lower_name), text(&raw[8..11], lower_ending));
    if ending.is_empty() { name } else { format!("{name}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &[u8; 11], attributes: u8, case: u8) -> [u8; 32] {
        let mut raw = [0; 32];
        raw[..11].copy_from_slice(name);
        (raw[11], raw[12], raw[26], raw[28]) = (attributes, case, 5, 9);
        raw
    }

    #[test]
    fn short_names_in_their_case() {
        let mut bytes = entry(b"README  TXT", 0x20, 0x18).to_vec();
        bytes.extend(entry(b"LABEL      ", VOLUME, 0));
        bytes.extend(entry(b".          ", DIRECTORY, 0));
        bytes.extend(entry(b"\xe5OLD    TXT", 0x20, 0));
        bytes.extend(entry(b"SUB        ", DIRECTORY, 0));
        bytes.extend([0; 32]);
        bytes.extend(entry(b"BEHIND     ", 0x20, 0));
        let found: Vec<_> = items(&bytes).into_iter().map(|i| (i.name, i.directory, i.first, i.size)).collect();
        assert_eq!(found, [("readme.txt".to_owned(), false, 5, 9), ("SUB".to_owned(), true, 5, 9)]);
    }

    #[test]
    fn a_long_name_of_another_entry_is_not_taken() {
        let mut long = [0xff; 32];
        (long[0], long[11], long[12], long[13]) = (0x41, LONG, 0, 0x11);
        let mut bytes = long.to_vec();
        bytes.extend(entry(b"README  TXT", 0x20, 0));
        assert_eq!(items(&bytes)[0].name, "README.TXT");
    }
}
