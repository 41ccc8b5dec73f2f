//! Writes a database: blocks are packed on all cores, and written in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use super::format::{BLOCK, BUCKET, Block, Bucket, Contents, ENTRY, HEADER, Header, MAX_BITS, check, place};
use super::keys::keys;
use crate::ecosystem::base;
use crate::error::DatabaseError;
use crate::hex;
use crate::model::{Record, State};
use crate::moment::Moment;
use crate::status::{FeedStatus, Status};

/// Records on their way into a block.
#[derive(Default)]
struct Open {
    number: usize,
    first: u32,
    records: Vec<Vec<u8>>,
    bytes: usize,
}

/// A block ready to be written.
struct Packed {
    number: usize,
    bytes: Vec<u8>,
    raw: usize,
    records: usize,
    entries: Vec<(u64, u32)>,
    feeds: BTreeMap<String, FeedStatus>,
    ecosystems: BTreeMap<String, u64>,
}

/// Feeds that are listed by themselves at most. The OSV schema knows some 50 databases.
const MAX_FEEDS: usize = 1000;

/// Writes the records, which come sorted and encoded, to a new file, and makes sure that it is on the disk. `now` is the moment after which
/// dates lie in the future; `finish` completes the status.
pub(crate) fn write(
    path: &Path,
    records: impl Iterator<Item = Result<Vec<u8>, DatabaseError>>,
    threads: NonZeroUsize,
    now: Moment,
    finish: impl FnOnce(&mut Status),
) -> Result<Status, DatabaseError> {
    let (to_pack, packing) = sync_channel::<Open>(threads.get() * 4);
    let (to_write, writing) = sync_channel::<Result<Packed, String>>(threads.get() * 4);
    let packing = Arc::new(Mutex::new(packing));
    let (written, digest, total) = thread::scope(|scope| {
        for _ in 0..threads.get() {
            let (packing, to_write) = (Arc::clone(&packing), to_write.clone());
            scope.spawn(move || pack_all(&packing, &to_write, now));
        }
        // Only the packing threads hold these from here on: when they end, whether done or because writing failed, so do the others.
        drop((packing, to_write));
        let writer = scope.spawn(move || write_blocks(path, &writing));
        let fed = feed(records, &to_pack);
        drop(to_pack);
        let written = writer.join().unwrap_or_else(|_| Err(DatabaseError::damaged(path, "the writing thread failed")));
        // Where writing failed, feeding stopped for that reason.
        let written = written?;
        let (digest, total) = fed?;
        Ok((written, digest, total))
    })?;
    let Written { mut out, blocks, entries, mut feeds, ecosystems } = written;
    if feeds.len() > MAX_FEEDS {
        feeds = fold(feeds);
    }
    let (bits, buckets) = write_index(&mut out, entries).map_err(DatabaseError::io(path))?;
    let mut status = Status { digest, records: total, imported: Some(now), feeds, ecosystems, sample: None };
    finish(&mut status);
    let contents = Contents { status: encode(path, &status)?, blocks, bits, buckets };
    let mut file = out.into_inner().map_err(|error| DatabaseError::io(path)(error.into_error()))?;
    close(&mut file, &contents).map_err(DatabaseError::io(path))?;
    Ok(status)
}

/// Makes a new file from a database that only gets another status: its records are copied as they are.
pub(crate) fn rewrite_status(old: &super::Store, path: &Path, status: &Status) -> Result<(), DatabaseError> {
    fs::copy(old.path(), path).map_err(DatabaseError::io(path))?;
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(DatabaseError::io(path))?;
    let contents = Contents { status: encode(path, status)?, ..old.contents().clone() };
    let rewritten = file
        .set_len(old.end_of_index())
        .and_then(|()| file.seek(SeekFrom::Start(old.end_of_index())).map(drop))
        .and_then(|()| close(&mut file, &contents));
    rewritten.map_err(DatabaseError::io(path))
}

fn encode(path: &Path, status: &Status) -> Result<Vec<u8>, DatabaseError> {
    rmp_serde::to_vec(status).map_err(|error| DatabaseError::damaged(path, error.to_string()))
}

/// Writes the table of contents where the file stands, then the header, and waits for the disk.
fn close(file: &mut File, contents: &Contents) -> std::io::Result<()> {
    let bytes = contents.to_bytes();
    let at = file.stream_position()?;
    file.write_all(&bytes)?;
    let header = Header { contents: at, length: bytes.len() as u64, digest: Sha256::digest(&bytes).into() };
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header.to_bytes())?;
    file.sync_all()
}

/// Sends records block by block; returns the digest over all of them and how many they are.
fn feed(
    records: impl Iterator<Item = Result<Vec<u8>, DatabaseError>>,
    to_pack: &SyncSender<Open>,
) -> Result<(String, u64), DatabaseError> {
    let mut digest = Sha256::new();
    let mut total = 0_u32;
    let mut open = Open::default();
    for record in records {
        let record = record?;
        digest.update((record.len() as u64).to_le_bytes());
        digest.update(&record);
        total = total.checked_add(1).ok_or(DatabaseError::TooManyRecords(u32::MAX as usize))?;
        open.bytes += record.len();
        open.records.push(record);
        if open.bytes >= BLOCK {
            let next = Open { number: open.number + 1, first: total, ..Open::default() };
            if to_pack.send(std::mem::replace(&mut open, next)).is_err() {
                return Err(DatabaseError::Stopped);
            }
        }
    }
    if !open.records.is_empty() && to_pack.send(open).is_err() {
        return Err(DatabaseError::Stopped);
    }
    Ok((hex(&digest.finalize()), u64::from(total)))
}

fn pack_all(packing: &Mutex<Receiver<Open>>, to_write: &SyncSender<Result<Packed, String>>, now: Moment) {
    loop {
        let next = packing.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(open) = next else { return };
        if to_write.send(pack(&open, now)).is_err() {
            return;
        }
    }
}

fn pack(open: &Open, now: Moment) -> Result<Packed, String> {
    let mut raw = Vec::with_capacity(open.bytes + 4 * open.records.len() + 4);
    raw.extend((open.records.len() as u32).to_le_bytes());
    raw.extend(open.records.iter().flat_map(|record| (record.len() as u32).to_le_bytes()));
    let mut entries = Vec::new();
    let mut feeds = BTreeMap::<String, FeedStatus>::new();
    let mut ecosystems = BTreeMap::<String, u64>::new();
    for (ordinal, bytes) in (open.first..).zip(&open.records) {
        raw.extend(bytes);
        let record: Record = rmp_serde::from_slice(bytes).map_err(|error| error.to_string())?;
        entries.extend(keys(&record).into_iter().map(|key| (key, ordinal)));
        if let Record::Advisory(advisory) = &record {
            let packages = advisory.packages.iter().filter_map(|affected| affected.package.as_ref());
            for ecosystem in packages.map(|package| base(&package.ecosystem)).collect::<BTreeSet<_>>() {
                *ecosystems.entry(ecosystem.to_owned()).or_default() += 1;
            }
        }
        let feed = feeds.entry(record.source().feed(record.id())).or_default();
        feed.records += 1;
        feed.withdrawn +=
            u64::from(matches!(&record, Record::Advisory(advisory) if advisory.state != State::Published));
        feed.newest = feed.newest.max(record.modified().filter(|modified| *modified <= now.plus_days(1)));
    }
    // Level 6 is zlib's own balance; 9 takes twice the time for 1 % less.
    let mut packer = DeflateEncoder::new(Vec::with_capacity(raw.len() / 3), Compression::new(6));
    let bytes = packer.write_all(&raw).and_then(|()| packer.finish()).map_err(|error| error.to_string())?;
    Ok(Packed { number: open.number, bytes, raw: raw.len(), records: open.records.len(), entries, feeds, ecosystems })
}

/// What was written so far.
struct Written {
    out: BufWriter<File>,
    blocks: Vec<Block>,
    entries: Vec<(u64, u32)>,
    feeds: BTreeMap<String, FeedStatus>,
    ecosystems: BTreeMap<String, u64>,
}

fn write_blocks(path: &Path, writing: &Receiver<Result<Packed, String>>) -> Result<Written, DatabaseError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .map_err(DatabaseError::io(path))?;
    let mut written = Written {
        out: BufWriter::with_capacity(1 << 20, file),
        blocks: Vec::new(),
        entries: Vec::new(),
        feeds: BTreeMap::new(),
        ecosystems: BTreeMap::new(),
    };
    // Until the real one is there, no header: what was cut short here is no database.
    written.out.write_all(&[0; HEADER]).map_err(DatabaseError::io(path))?;
    let mut early = BTreeMap::new();
    for packed in writing {
        let packed = packed.map_err(|what| DatabaseError::damaged(path, what))?;
        early.insert(packed.number, packed);
        while let Some(packed) = early.remove(&written.blocks.len()) {
            written.out.write_all(&packed.bytes).map_err(DatabaseError::io(path))?;
            let small =
                |number: usize| u32::try_from(number).map_err(|_| DatabaseError::damaged(path, "a block too large"));
            written.blocks.push(Block {
                packed: small(packed.bytes.len())?,
                raw: small(packed.raw)?,
                records: small(packed.records)?,
                check: check(&packed.bytes),
            });
            written.entries.extend(packed.entries);
            for (name, feed) in packed.feeds {
                add(written.feeds.entry(name).or_default(), &feed);
            }
            for (name, records) in packed.ecosystems {
                // The OSV schema knows some 60; what comes with thousands of them is not one that they could be told from.
                if written.ecosystems.len() < MAX_FEEDS || written.ecosystems.contains_key(&name) {
                    *written.ecosystems.entry(name).or_default() += records;
                }
            }
        }
    }
    Ok(written)
}

fn add(sum: &mut FeedStatus, feed: &FeedStatus) {
    sum.records += feed.records;
    sum.withdrawn += feed.withdrawn;
    sum.newest = sum.newest.max(feed.newest);
}

/// Leaves the first feeds by name, and makes one of the others.
fn fold(feeds: BTreeMap<String, FeedStatus>) -> BTreeMap<String, FeedStatus> {
    let mut folded = BTreeMap::new();
    for (number, (name, feed)) in feeds.into_iter().enumerate() {
        let name = if number < MAX_FEEDS || !name.starts_with("osv/") { name } else { "osv/other".to_owned() };
        add(folded.entry(name).or_default(), &feed);
    }
    folded
}

fn write_index(out: &mut BufWriter<File>, mut entries: Vec<(u64, u32)>) -> std::io::Result<(u32, Vec<Bucket>)> {
    entries.sort_unstable();
    let bits = entries.len().div_ceil(BUCKET).max(1).next_power_of_two().ilog2().min(MAX_BITS);
    let mut buckets = Vec::new();
    let mut rest = entries.as_slice();
    for number in 0..1_usize << bits {
        let (bucket, later) = rest.split_at(rest.partition_point(|(key, _)| place(*key, bits).0 <= number));
        rest = later;
        let mut bytes = Vec::with_capacity(bucket.len() * ENTRY);
        for (key, ordinal) in bucket {
            bytes.extend(place(*key, bits).1.to_le_bytes());
            bytes.extend(ordinal.to_le_bytes());
        }
        out.write_all(&bytes)?;
        buckets.push(Bucket { entries: bucket.len() as u32, check: check(&bytes) });
    }
    Ok((bits, buckets))
}
