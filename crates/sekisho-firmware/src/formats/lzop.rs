//! lzop files: LZO1X in blocks with checksums. Linux kernels use the form too. Read by the layout that the files show and
//! `lzop`'s manual; the checksum of the header decides.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Format, Opened, Signature, be32, crc32, expand, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Lzop;

const MAGIC: &[u8; 9] = b"\x89LZO\0\r\n\x1a\n";
/// Longest block that `lzop` reads; it writes 256 KiB.
const MAX_BLOCK: u32 = 64 << 20;
/// The version of `lzop` from which the header has all fields.
const FULL_HEADER: u16 = 0x0940;
// Flags of the header.
const ADLER_OF_DATA: u32 = 0x0001;
const ADLER_OF_PACKED: u32 = 0x0002;
const EXTRA_FIELD: u32 = 0x0040;
const CRC_OF_DATA: u32 = 0x0100;
const CRC_OF_PACKED: u32 = 0x0200;
const MULTIPART: u32 = 0x0400;
const FILTER: u32 = 0x0800;
const CRC_OF_HEADER: u32 = 0x1000;

impl Format for Lzop {
    fn name(&self) -> &'static str {
        "lzop"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(MAGIC)] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = Header::parse(&data.window(0, 1024).ok()?)?;
        if header.flags & (EXTRA_FIELD | MULTIPART | FILTER) != 0 {
            let mut opened = Opened { length: header.length, open_ended: true, ..Opened::default() };
            opened.read = sekisho_model::fact::ReadState::Unread;
            opened.gaps.push(crate::reason::unsupported("lzop with a filter or several parts"));
            return Some(opened);
        }
        let mut blocks = Blocks {
            data: data.clone(),
            at: header.length,
            flags: header.flags,
            block: Vec::new(),
            used: 0,
            ended: false,
        };
        let expanded = expand(&mut blocks, budget);
        let detail = (!header.name.is_empty()).then(|| format!("name '{}'", header.name.escape_debug()));
        let mut opened = stream(self.name(), blocks.at.min(data.len()), expanded, detail)?;
        opened.made = (header.made != 0).then_some(u64::from(header.made));
        Some(opened)
    }
}

struct Header {
    flags: u32,
    made: u32,
    name: String,
    length: u64,
}

impl Header {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let version = u16::from_be_bytes(bytes.get(9..11)?.try_into().ok()?);
        let full = version >= FULL_HEADER;
        let mut at = if full { 15 } else { 13 };
        let method = *bytes.get(at)?;
        at += if full { 2 } else { 1 };
        let flags = be32(bytes.get(at..at + 4)?, 0);
        at += 4 + if flags & FILTER != 0 { 4 } else { 0 };
        // Mode, then the time in one or two words.
        let made = be32(bytes.get(at + 4..at + 8)?, 0);
        at += if full { 12 } else { 8 };
        let name_length = usize::from(*bytes.get(at)?);
        let name = bytes.get(at + 1..at + 1 + name_length)?;
        let end = at + 1 + name_length;
        let stored = be32(bytes.get(end..end + 4)?, 0);
        let body = bytes.get(MAGIC.len()..end)?;
        let sum = if flags & CRC_OF_HEADER != 0 { crc32(body) } else { adler32(body) };
        // Methods 1 to 3 are LZO1X, for which one decoder serves.
        (sum == stored && (1..=3).contains(&method)).then(|| Self {
            flags,
            made,
            name: String::from_utf8_lossy(name).into_owned(),
            length: end as u64 + 4,
        })
    }
}

struct Blocks {
    data: Blob,
    at: u64,
    flags: u32,
    block: Vec<u8>,
    used: usize,
    ended: bool,
}

impl Blocks {
    fn word(&mut self) -> io::Result<u32> {
        let word = self.data.array::<4>(self.at).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.at += 4;
        Ok(u32::from_be_bytes(word))
    }

    fn next_block(&mut self) -> io::Result<()> {
        let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
        self.block.clear();
        self.used = 0;
        let size = self.word()?;
        if size == 0 {
            self.ended = true;
            return Ok(());
        }
        let packed_size = self.word()?;
        if size > MAX_BLOCK || packed_size > size {
            return Err(damaged("a block is longer than allowed"));
        }
        let adler = if self.flags & ADLER_OF_DATA != 0 { Some(self.word()?) } else { None };
        let crc = if self.flags & CRC_OF_DATA != 0 { Some(self.word()?) } else { None };
        if packed_size < size {
            for flag in [ADLER_OF_PACKED, CRC_OF_PACKED] {
                if self.flags & flag != 0 {
                    self.word()?;
                }
            }
        }
        let packed = self.data.exact(self.at, packed_size as usize)?;
        self.block = if packed_size < size {
            let mut out = vec![0; size as usize];
            let length = lzokay::decompress::decompress(&packed, &mut out).map_err(|e| damaged(&format!("{e:?}")))?;
            if length != size as usize {
                return Err(damaged("a block is shorter than it says"));
            }
            out
        } else {
            packed.into_owned()
        };
        if adler.is_some_and(|sum| sum != adler32(&self.block)) || crc.is_some_and(|sum| sum != crc32(&self.block)) {
            self.block.clear();
            return Err(damaged("the checksum of a block does not hold"));
        }
        self.at += u64::from(packed_size);
        Ok(())
    }
}

impl Read for Blocks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.block.len() && !self.ended {
            self.next_block()?;
        }
        let rest = self.block.get(self.used..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.used += n;
        Ok(n)
    }
}

/// Adler-32 (RFC 1950, section 9).
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut low, mut high) = (1_u32, 0_u32);
    // 5552 bytes are the most that do not overflow before the remainder is taken.
    for piece in bytes.chunks(5552) {
        for &byte in piece {
            low += u32::from(byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    /// Made by `lzop` 1.04 from 600,000 bytes of a repeated line; see tests/data/README.md.
    const SAMPLE: &[u8] = include_bytes!("../../tests/data/line.lzo");

    fn open(bytes: &[u8], limits: Limits) -> Option<Opened> {
        Lzop.open(&Blob::memory(bytes.to_vec()), &Budget::new(limits))
    }

    #[test]
    fn a_file_of_the_tool() {
        let opened = open(&[SAMPLE, &[0xff; 99]].concat(), Limits::default()).unwrap();
        assert_eq!((opened.length, opened.read), (SAMPLE.len() as u64, ReadState::Whole));
        let Content::Stream(blob) = opened.content else { panic!() };
        assert_eq!(blob.len(), 600_000);
        assert!(blob.window(0, 40).unwrap().starts_with(b"Nothing but this line, again and again.\n"));
    }

    #[test]
    fn a_bomb_is_cut_and_damage_is_said() {
        let opened = open(SAMPLE, Limits { stream: 300_000, ..Limits::default() }).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        let mut bytes = SAMPLE.to_vec();
        let last = bytes.len() - 100;
        bytes[last] ^= 0x55;
        assert_eq!(open(&bytes, Limits::default()).unwrap().read, ReadState::Partial);
        bytes[20] ^= 1;
        assert!(open(&bytes, Limits::default()).is_none());
    }

    #[test]
    fn sums() {
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(adler32(b""), 1);
    }
}
