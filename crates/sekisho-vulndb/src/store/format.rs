//! The fixed parts of the file: header, and the table of contents. Numbers are little-endian.

use sha2::{Digest as _, Sha256};

/// The first bytes of a database.
pub(super) const MAGIC: [u8; 8] = *b"SEKIVULN";
/// The format written and understood. It goes up with every change of the file or of the records' types.
pub(super) const FORMAT: u32 = 1;
/// Bytes of the header.
pub(super) const HEADER: usize = 64;
/// Bytes of records after which a block is closed. Smaller blocks make look-ups faster and the file larger: see the crate's documentation
/// of what was measured.
pub(super) const BLOCK: usize = 8 << 10;
/// Bytes of one record at most.
pub(crate) const MAX_RECORD: usize = 64 << 20;
/// Bytes of a block at most, unpacked: a record of the largest size in a block nearly full, and the lengths.
pub(super) const MAX_BLOCK: usize = MAX_RECORD + 4 * BLOCK;
/// Entries that a bucket of the index has on average.
pub(super) const BUCKET: usize = 128;
/// The index has at most two to this power of buckets.
pub(super) const MAX_BITS: u32 = 20;
/// Bytes of one entry of the index.
pub(super) const ENTRY: usize = 8;

/// A checksum of a block or a bucket. The attacker who could forge one could as well write the table of contents: against that there are
/// signatures.
pub(super) type Check = [u8; 8];

/// The checksum of some bytes: the beginning of their SHA-256.
pub(super) fn check(bytes: &[u8]) -> Check {
    let digest = Sha256::digest(bytes);
    let mut check = Check::default();
    for (to, from) in check.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    check
}

/// Whether what a checksum guards is right. When fuzzing it always is: behind it is where mistakes would be.
pub(super) fn guarded(right: bool) -> bool {
    cfg!(fuzzing) || right
}

/// The header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) contents: u64,
    pub(super) length: u64,
    pub(super) digest: [u8; 32],
}

impl Header {
    pub(super) fn to_bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let parts = [
            &MAGIC[..],
            &FORMAT.to_le_bytes(),
            &[0; 4],
            &self.contents.to_le_bytes(),
            &self.length.to_le_bytes(),
            &self.digest,
        ];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }

    /// The header, if these bytes are one: else the format that they claim, or nothing.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Option<u32>> {
        let mut reader = Reader(bytes);
        if reader.bytes(8) != Some(&MAGIC[..]) {
            return Err(None);
        }
        let format = reader.u32().ok_or(None)?;
        if format != FORMAT {
            return Err(Some(format));
        }
        // The four bytes before are there so that the numbers are aligned.
        if reader.u32() != Some(0) {
            return Err(None);
        }
        let contents = reader.u64().ok_or(None)?;
        let length = reader.u64().ok_or(None)?;
        let digest = reader.bytes(32).and_then(|digest| digest.try_into().ok()).ok_or(None)?;
        Ok(Self { contents, length, digest })
    }
}

/// Where a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Bytes in the file.
    pub(super) packed: u32,
    /// Bytes unpacked.
    pub(super) raw: u32,
    /// Records.
    pub(super) records: u32,
    pub(super) check: Check,
}

/// Where a bucket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) entries: u32,
    pub(super) check: Check,
}

/// The table of contents. Blocks and then buckets follow each other without gaps behind the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contents {
    /// The status, encoded.
    pub(super) status: Vec<u8>,
    pub(super) blocks: Vec<Block>,
    /// Two to this power of buckets.
    pub(super) bits: u32,
    pub(super) buckets: Vec<Bucket>,
}

impl Contents {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend((self.status.len() as u32).to_le_bytes());
        bytes.extend(&self.status);
        bytes.extend((self.blocks.len() as u32).to_le_bytes());
        for block in &self.blocks {
            for number in [block.packed, block.raw, block.records] {
                bytes.extend(number.to_le_bytes());
            }
            bytes.extend(block.check);
        }
        bytes.extend(self.bits.to_le_bytes());
        for bucket in &self.buckets {
            bytes.extend(bucket.entries.to_le_bytes());
            bytes.extend(bucket.check);
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let status = reader.u32()?;
        let status = reader.bytes(status as usize)?.to_vec();
        let count = reader.u32()? as usize;
        // As many as there are bytes for: what is claimed must not be what is allocated.
        let mut blocks = Vec::with_capacity(count.min(reader.0.len() / 20));
        for _ in 0..count {
            blocks.push(Block {
                packed: reader.u32()?,
                raw: reader.u32()?,
                records: reader.u32()?,
                check: reader.check()?,
            });
        }
        let bits = reader.u32().filter(|bits| *bits <= MAX_BITS)?;
        let mut buckets = Vec::with_capacity((1_usize << bits).min(reader.0.len() / 12));
        for _ in 0..1_usize << bits {
            buckets.push(Bucket { entries: reader.u32()?, check: reader.check()? });
        }
        reader.0.is_empty().then_some(Self { status, blocks, bits, buckets })
    }
}

/// Reads numbers from bytes.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.bytes(8)?.try_into().ok()?))
    }

    fn check(&mut self) -> Option<Check> {
        self.bytes(8)?.try_into().ok()
    }
}

/// In which bucket a key is, and by what it is found there.
pub(super) fn place(key: u64, bits: u32) -> (usize, u32) {
    let bucket = key.checked_shr(64 - bits).unwrap_or(0);
    let rest = key << bits >> 32;
    (bucket as usize, rest as u32)
}

#[cfg(test)]
mod tests {
    use super::{Block, Bucket, Contents, Header, place};

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let header = Header { contents: 77, length: 5, digest: [9; 32] };
        assert_eq!(Header::from_bytes(&header.to_bytes()), Ok(header.clone()));
        let mut other = header.to_bytes();
        other[8] = 2;
        assert_eq!(Header::from_bytes(&other), Err(Some(2)));
        let contents = Contents {
            status: vec![1, 2, 3],
            blocks: vec![Block { packed: 1, raw: 2, records: 3, check: [4; 8] }],
            bits: 1,
            buckets: vec![Bucket { entries: 1, check: [1; 8] }, Bucket { entries: 2, check: [2; 8] }],
        };
        let bytes = contents.to_bytes();
        assert_eq!(Contents::from_bytes(&bytes), Some(contents));
        for end in 0..bytes.len() {
            assert_eq!(Contents::from_bytes(&bytes[..end]), None);
        }
    }

    #[test]
    fn places_in_the_index() {
        assert_eq!(place(0xffff_ffff_0000_0000, 0), (0, 0xffff_ffff));
        assert_eq!(place(0xabcd_ef01_2345_6789, 8), (0xab, 0xcdef_0123));
    }
}
