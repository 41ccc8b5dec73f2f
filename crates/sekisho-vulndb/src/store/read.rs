//! Reads a database file. Nothing in it is believed before its checksum fits, and no number before it was seen to fit into the file.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::DeflateDecoder;
use sha2::{Digest as _, Sha256};

use super::cache::Cache;
use super::format::{BLOCK, Contents, ENTRY, FORMAT, HEADER, Header, MAX_BLOCK, Reader, check, guarded, place};
use crate::error::DatabaseError;
use crate::model::Record;
use crate::status::Status;

/// An open database file.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    contents: Contents,
    /// Where each block begins, and its first record's number; one more than there are blocks.
    blocks: Vec<(u64, u32)>,
    /// Where each bucket begins; one more than there are buckets.
    buckets: Vec<u64>,
    status: Status,
    cache: Mutex<Cache>,
}

impl Store {
    /// Opens a file, to keep up to `cache` bytes of unpacked blocks.
    pub(crate) fn open(path: &Path, cache: usize) -> Result<Self, DatabaseError> {
        let io = |source| DatabaseError::Io { path: path.to_path_buf(), source };
        let damaged = |what: &str| DatabaseError::damaged(path, what);
        let file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut header = Vec::new();
        (&file).take(HEADER as u64).read_to_end(&mut header).map_err(io)?;
        let header = Header::from_bytes(&header).map_err(|found| match found {
            Some(found) => DatabaseError::Format { path: path.to_path_buf(), found, expected: FORMAT },
            None => DatabaseError::NotADatabase { path: path.to_path_buf() },
        })?;
        if header.contents.checked_add(header.length) != Some(length) || header.contents < HEADER as u64 {
            return Err(damaged("its length is not the one written in it"));
        }
        let bytes = read_at(&file, header.contents, header.length as usize).map_err(io)?;
        if !guarded(header.digest[..] == Sha256::digest(&bytes)[..]) {
            return Err(damaged("the checksum of its table of contents"));
        }
        let contents = Contents::from_bytes(&bytes).ok_or_else(|| damaged("its table of contents"))?;
        let status = rmp_serde::from_slice(&contents.status).map_err(|error| damaged(&error.to_string()))?;
        let places = || {
            let mut at = HEADER as u64;
            let mut first = 0_u32;
            let mut blocks = vec![(at, first)];
            for block in &contents.blocks {
                at = at.checked_add(u64::from(block.packed))?;
                first = first.checked_add(block.records)?;
                (block.raw as usize <= MAX_BLOCK && block.records > 0).then_some(())?;
                blocks.push((at, first));
            }
            let mut buckets = vec![at];
            for bucket in &contents.buckets {
                at = at.checked_add(u64::from(bucket.entries).checked_mul(ENTRY as u64)?)?;
                buckets.push(at);
            }
            (at == header.contents).then_some((blocks, buckets))
        };
        let (blocks, buckets) = places().ok_or_else(|| damaged("its parts do not add up to the whole"))?;
        let cache = Mutex::new(Cache::new(cache));
        Ok(Self { path: path.to_path_buf(), file, contents, blocks, buckets, status, cache })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn status(&self) -> &Status {
        &self.status
    }

    pub(super) fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Where the table of contents begins.
    pub(super) fn end_of_index(&self) -> u64 {
        self.buckets.last().copied().unwrap_or(HEADER as u64)
    }

    /// How many records there are.
    pub(crate) fn records(&self) -> u32 {
        self.blocks.last().map_or(0, |(_, first)| *first)
    }

    /// The numbers of the records that may have a key, in order. Another key can have the same hash: compare what they are.
    pub(crate) fn find(&self, key: u64) -> Result<Vec<u32>, DatabaseError> {
        let (number, hash) = place(key, self.contents.bits);
        let bytes = self.bucket(number)?;
        let entry = |bytes: &[u8]| {
            let mut reader = Reader(bytes);
            Some((reader.u32()?, reader.u32()?))
        };
        let entries = bytes.chunks_exact(ENTRY).filter_map(entry);
        let found: Vec<u32> = entries
            .skip_while(|(at, _)| *at < hash)
            .take_while(|(at, _)| *at == hash)
            .map(|(_, record)| record)
            .collect();
        if found.iter().any(|record| *record >= self.records()) {
            return Err(self.damaged("an index that names what is not there"));
        }
        Ok(found)
    }

    fn bucket(&self, number: usize) -> Result<Vec<u8>, DatabaseError> {
        let place = (self.buckets.get(number), self.contents.buckets.get(number));
        let (Some(&at), Some(bucket)) = place else { return Err(self.damaged("its index")) };
        let bytes = read_at(&self.file, at, bucket.entries as usize * ENTRY).map_err(DatabaseError::io(&self.path))?;
        if !guarded(check(&bytes) == bucket.check) {
            return Err(self.damaged("the checksum of its index"));
        }
        Ok(bytes)
    }

    /// The record with a number.
    pub(crate) fn record(&self, ordinal: u32) -> Result<Record, DatabaseError> {
        let number = self.blocks.partition_point(|(_, first)| *first <= ordinal).saturating_sub(1);
        let first = self.blocks.get(number).map_or(0, |(_, first)| *first);
        let block = self.block(number)?;
        let bytes = records(&block)
            .and_then(|mut records| records.nth(ordinal.saturating_sub(first) as usize))
            .ok_or_else(|| self.damaged("a block with fewer records than said"))?;
        self.decode(bytes)
    }

    /// Decodes a record.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<Record, DatabaseError> {
        rmp_serde::from_slice(bytes).map_err(|error| self.damaged(&error.to_string()))
    }

    /// A block, unpacked.
    fn block(&self, number: usize) -> Result<Arc<Vec<u8>>, DatabaseError> {
        let cached = u32::try_from(number).map_err(|_| self.damaged("its blocks"))?;
        if let Some(block) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(cached) {
            return Ok(block);
        }
        let block = Arc::new(self.unpack(number)?);
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(cached, Arc::clone(&block));
        Ok(block)
    }

    fn unpack(&self, number: usize) -> Result<Vec<u8>, DatabaseError> {
        let place = (self.blocks.get(number), self.contents.blocks.get(number));
        let (Some(&(at, _)), Some(block)) = place else { return Err(self.damaged("its blocks")) };
        let packed = read_at(&self.file, at, block.packed as usize).map_err(DatabaseError::io(&self.path))?;
        if !guarded(check(&packed) == block.check) {
            return Err(self.damaged("the checksum of a block"));
        }
        // What is said of the size is believed as far as blocks usually go.
        let mut raw = Vec::with_capacity((block.raw as usize).min(4 * BLOCK) + 1);
        // One byte more than there should be, to see that there is none.
        DeflateDecoder::new(packed.as_slice())
            .take(u64::from(block.raw) + 1)
            .read_to_end(&mut raw)
            .map_err(|error| self.damaged(&error.to_string()))?;
        let right = raw.len() == block.raw as usize
            && records(&raw).is_some_and(|records| records.count() == block.records as usize);
        if right { Ok(raw) } else { Err(self.damaged("a block that is not as large as said")) }
    }

    /// All records as they are encoded, in their order. Errors end it.
    pub(crate) fn encoded(&self) -> impl Iterator<Item = Result<Vec<u8>, DatabaseError>> + '_ {
        (0..self.contents.blocks.len()).flat_map(|number| match self.unpack(number) {
            Ok(block) => records(&block).map_or_else(
                || vec![Err(self.damaged("a block"))],
                |records| records.map(|record| Ok(record.to_vec())).collect(),
            ),
            Err(error) => vec![Err(error)],
        })
    }

    /// Reads every byte and sees that it is right: blocks, index, the digest over all records.
    pub(crate) fn check(&self) -> Result<(), DatabaseError> {
        let mut digest = Sha256::new();
        for record in self.encoded() {
            let record = record?;
            digest.update((record.len() as u64).to_le_bytes());
            digest.update(&record);
            self.decode(&record)?;
        }
        for number in 0..self.contents.buckets.len() {
            self.bucket(number)?;
        }
        if crate::hex(&digest.finalize()) == self.status.digest {
            Ok(())
        } else {
            Err(self.damaged("the digest of its records"))
        }
    }

    fn damaged(&self, what: &str) -> DatabaseError {
        DatabaseError::damaged(&self.path, what)
    }
}

/// The records in an unpacked block; none where the lengths do not fit.
fn records(block: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let mut lengths = Reader(block);
    let count = lengths.u32()? as usize;
    let mut records = Reader(block);
    records.bytes(count.checked_mul(4)?.checked_add(4)?)?;
    Some((0..count).map_while(move |_| {
        let length = lengths.u32()?;
        records.bytes(length as usize)
    }))
}

/// Reads so many bytes from a place, without moving any other reader of the file.
fn read_at(file: &File, at: u64, length: usize) -> io::Result<Vec<u8>> {
    // The caller has seen that they are in the file, so no more is allocated than there is.
    let mut bytes = vec![0; length];
    #[cfg(unix)]
    std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, at)?;
    #[cfg(windows)]
    {
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match std::os::windows::fs::FileExt::seek_read(file, rest, at + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
    }
    Ok(bytes)
}
