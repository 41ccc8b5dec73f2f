//! Directory records and what stands in their system use fields.

use crate::blob::Blob;
use crate::formats::{be16, le32};

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// In capitals, with a version behind a semicolon.
    Plain,
    RockRidge,
    /// UTF-16, big endian.
    Joliet,
}

/// Bytes of a record before its name.
const HEADER: usize = 33;
/// Areas that fields may go on in: each is a step, and they might lead back to themselves.
const MAX_CONTINUATIONS: usize = 16;
/// Bytes of names and targets put together from several fields.
const MAX_TEXT: usize = 4096;

/// The fixed part of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) block: u32,
    pub(super) size: u32,
    pub(super) directory: bool,
    /// Whether the file goes on in the next record.
    pub(super) continued: bool,
    name: usize,
}

impl Record {
    pub(super) fn read(raw: &[u8]) -> Option<Self> {
        let name = usize::from(*raw.get(32)?);
        let flags = raw[25];
        // Files in interleaved parts are of another age.
        (raw.len() > HEADER && name > 0 && HEADER + name <= raw.len() && raw[26] == 0).then(|| Self {
            block: le32(raw, 2),
            size: le32(raw, 10),
            directory: flags & 2 != 0,
            continued: flags & 0x80 != 0,
            name,
        })
    }

    /// The system use fields, which begin at an even place.
    fn fields<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        raw.get((HEADER + self.name).next_multiple_of(2)..).unwrap_or_default()
    }

    /// Name, permissions and the like.
    pub(super) fn extended(&self, raw: &[u8], names: Names, skip: usize, data: &Blob, block: u64) -> Extended {
        let name = raw.get(HEADER..HEADER + self.name).unwrap_or_default();
        let mut extended = Extended::default();
        if names == Names::RockRidge {
            let fields = self.fields(raw).get(skip..).unwrap_or_default().to_vec();
            extended.take_all(fields, data, block);
        }
        if extended.name.is_empty() {
            extended.name = match names {
                Names::Joliet => {
                    let units: Vec<u16> = name.chunks_exact(2).map(|unit| be16(unit, 0)).collect();
                    without_version(&String::from_utf16_lossy(&units))
                }
                _ => without_version(&String::from_utf8_lossy(name)),
            };
        }
        extended
    }
}

fn without_version(name: &str) -> String {
    let name = name.split(';').next().unwrap_or_default();
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// The records of a directory, without those of itself and its parent. None crosses the border of a sector.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunks(super::SECTOR as usize).flat_map(|sector| {
        let mut at = 0_usize;
        std::iter::from_fn(move || {
            let length = usize::from(*sector.get(at)?);
            let record = sector.get(at..at + length).filter(|record| record.len() > HEADER)?;
            at += length;
            Some(record)
        })
        .filter(|record| !(record[32] == 1 && record[HEADER] <= 1))
    })
}

/// Whether a root's own record announces Rock Ridge (`SP`), and how many bytes stand before the fields of the others.
pub(super) fn rock_ridge(listing: &[u8]) -> Option<usize> {
    let raw = listing.get(..usize::from(*listing.first()?))?;
    let fields = Record::read(raw)?.fields(raw);
    match fields.get(..7)? {
        [b'S', b'P', 7, _, 0xbe, 0xef, skip] => Some(usize::from(*skip)),
        _ => None,
    }
}

/// What the fields of Rock Ridge add.
#[derive(Debug, Default)]
pub(super) struct Extended {
    pub(super) name: String,
    pub(super) mode: Option<u32>,
    pub(super) uid: u32,
    pub(super) target: String,
    /// The block of the directory that stands here, where it was moved away.
    pub(super) child: Option<u32>,
    /// Whether this is such a directory, at the place it was moved to.
    pub(super) moved: bool,
}

impl Extended {
    fn take_all(&mut self, mut fields: Vec<u8>, data: &Blob, block: u64) {
        let mut target = Target::default();
        for _ in 0..MAX_CONTINUATIONS {
            let mut next = None;
            let mut rest = fields.as_slice();
            while let [a, b, length, ..] = *rest {
                let Some(field) = rest.get(..usize::from(length)).filter(|field| field.len() >= 4) else { break };
                rest = &rest[field.len()..];
                match [a, b] {
                    // A name that goes on has bit 0 set, which changes nothing: the next field is taken all the same.
                    [b'N', b'M'] if field.len() > 5 && self.name.len() < MAX_TEXT => {
                        self.name.push_str(&String::from_utf8_lossy(&field[5..]));
                    }
                    [b'P', b'X'] if field.len() >= 36 => {
                        self.mode = Some(le32(field, 4));
                        self.uid = le32(field, 20);
                    }
                    [b'S', b'L'] => target.take(field.get(5..).unwrap_or_default()),
                    [b'C', b'L'] if field.len() >= 12 => self.child = Some(le32(field, 4)),
                    [b'R', b'E'] => self.moved = true,
                    [b'C', b'E'] if field.len() >= 28 => {
                        next = Some((le32(field, 4), le32(field, 12), le32(field, 20)));
                    }
                    [b'S', b'T'] => break,
                    _ => {}
                }
            }
            let Some((at, offset, length)) = next else { break };
            let at = u64::from(at) * block + u64::from(offset);
            fields = data.window(at, length.min(super::SECTOR as u32) as usize).unwrap_or_default().into_owned();
        }
        self.target = target.text;
    }
}

/// A link's target while its components come in.
#[derive(Default)]
struct Target {
    text: String,
    /// Whether the last component goes on in the next.
    open: bool,
}

impl Target {
    fn take(&mut self, mut components: &[u8]) {
        while let [flags, length, ..] = *components {
            let Some(text) = components.get(2..2 + usize::from(length)) else { break };
            components = &components[2 + text.len()..];
            if self.text.len() >= MAX_TEXT {
                break;
            }
            if !self.open && !self.text.is_empty() && !self.text.ends_with('/') {
                self.text.push('/');
            }
            match flags & 0x0e {
                2 => self.text.push('.'),
                4 => self.text.push_str(".."),
                8 => self.text.push('/'),
                _ => self.text.push_str(&String::from_utf8_lossy(text)),
            }
            self.open = flags & 1 != 0;
        }
    }
}
