//! The headers of cpio's forms (`cpio(5)` of FreeBSD).

use super::{be32, le32};
use crate::blob::Blob;

/// Longest name of a member.
pub(super) const MAX_NAME: u32 = 4096;

/// A form of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Hexadecimal digits, everything at multiples of four.
    New,
    /// Octal digits, nothing aligned.
    Odc,
    /// Words of 16 bits, everything at multiples of two.
    Binary { big: bool },
}

/// One member.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) inode: u32,
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) links: u32,
    pub(super) size: u64,
    name_at: u64,
    name_size: u32,
    /// Where the content begins.
    pub(super) content: u64,
    /// Where the next header begins.
    pub(super) end: u64,
}

impl Form {
    pub(super) fn of(magic: [u8; 6]) -> Option<Self> {
        match magic {
            [b'0', b'7', b'0', b'7', b'0', b'1' | b'2'] => Some(Self::New),
            [b'0', b'7', b'0', b'7', b'0', b'7'] => Some(Self::Odc),
            [0xc7, 0x71, ..] => Some(Self::Binary { big: false }),
            [0x71, 0xc7, ..] => Some(Self::Binary { big: true }),
            _ => None,
        }
    }

    pub(super) fn is_binary(self) -> bool {
        matches!(self, Self::Binary { .. })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "newc",
            Self::Odc => "odc",
            Self::Binary { .. } => "binary",
        }
    }

    /// The header at `at` of the archive.
    pub(super) fn header(self, data: &Blob, at: u64) -> Option<Header> {
        match self {
            Self::New => new(&data.array::<110>(at)?, at),
            Self::Odc => odc(&data.array::<76>(at)?, at),
            Self::Binary { big } => binary(&data.array::<26>(at)?, big, at),
        }
    }
}

impl Header {
    /// The name; none where it is cut off or does not end with a NUL as it must.
    pub(super) fn name(&self, data: &Blob) -> Option<String> {
        let name = data.exact(self.name_at, self.name_size as usize).ok()?;
        let name = name.strip_suffix(&[0])?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// Lays out a member whose header is `header` bytes long.
    fn placed(mut self, at: u64, header: u64, align: u64) -> Option<Self> {
        if self.name_size == 0 || self.name_size > MAX_NAME {
            return None;
        }
        self.name_at = at + header;
        self.content = (self.name_at + u64::from(self.name_size)).next_multiple_of(align);
        self.end = self.content.checked_add(self.size)?.checked_next_multiple_of(align)?;
        Some(self)
    }
}

fn digits(bytes: &[u8], radix: u32) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.chars().all(|c| c.is_digit(radix)).then(|| u64::from_str_radix(text, radix).ok())?
}

fn new(bytes: &[u8; 110], at: u64) -> Option<Header> {
    if !bytes.starts_with(b"070701") && !bytes.starts_with(b"070702") {
        return None;
    }
    let mut fields = [0_u32; 13];
    for (field, text) in fields.iter_mut().zip(bytes[6..].chunks_exact(8)) {
        *field = u32::try_from(digits(text, 16)?).ok()?;
    }
    let [inode, mode, uid, _, links, _, size, _, _, _, _, name_size, _] = fields;
    Header { inode, mode, uid, links, size: u64::from(size), name_at: 0, name_size, content: 0, end: 0 }
        .placed(at, 110, 4)
}

fn odc(bytes: &[u8; 76], at: u64) -> Option<Header> {
    if !bytes.starts_with(b"070707") {
        return None;
    }
    let small = |i: usize| digits(&bytes[6 + 6 * i..12 + 6 * i], 8).and_then(|n| u32::try_from(n).ok());
    let (inode, mode, uid, links) = (small(1)?, small(2)?, small(3)?, small(5)?);
    digits(&bytes[48..59], 8)?;
    let name_size = u32::try_from(digits(&bytes[59..65], 8)?).ok()?;
    let size = digits(&bytes[65..76], 8)?;
    Header { inode, mode, uid, links, size, name_at: 0, name_size, content: 0, end: 0 }.placed(at, 76, 1)
}

fn binary(bytes: &[u8; 26], big: bool, at: u64) -> Option<Header> {
    let word = |i: usize| {
        let pair = [0, 0, bytes[2 * i], bytes[2 * i + 1]];
        if big { be32(&pair, 0) } else { le32(&[pair[2], pair[3], 0, 0], 0) }
    };
    if word(0) != 0o070_707 {
        return None;
    }
    let mode = word(3);
    // The trailer's mode is 0; everything else has a type.
    if !matches!(mode >> 12, 0 | 1 | 2 | 4 | 6 | 8 | 10 | 12) {
        return None;
    }
    // Numbers of two words begin with the upper.
    let size = u64::from(word(11) << 16 | word(12));
    Header {
        inode: word(2),
        mode,
        uid: word(4),
        links: word(6),
        size,
        name_at: 0,
        name_size: word(10),
        content: 0,
        end: 0,
    }
    .placed(at, 26, 2)
}
