//! Sorts more records than fit into memory: sorted runs are put aside on disk, and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

use crate::error::DatabaseError;
use crate::store::MAX_RECORD;
use crate::store::keys::Identity;

/// Where a record stood in the input: batch, and place in it.
pub(super) type Turn = (u64, u64);

/// A record to be sorted.
#[derive(Debug)]
pub(super) struct Entry {
    /// What it is sorted by; no two records that stay have the same.
    pub(super) order: Vec<u8>,
    pub(super) identity: Identity,
    /// None: it is from the database that there was.
    pub(super) turn: Option<Turn>,
    pub(super) bytes: Vec<u8>,
}

/// Collects records and puts them aside when they become too many.
pub(super) struct Runs {
    folder: PathBuf,
    room: usize,
    entries: Vec<Entry>,
    bytes: usize,
    files: Vec<PathBuf>,
}

impl Runs {
    /// Sorts `room` bytes of records in memory, and puts the others aside in `folder`.
    pub(super) fn new(folder: PathBuf, room: usize) -> Self {
        Self { folder, room, entries: Vec::new(), bytes: 0, files: Vec::new() }
    }

    /// Adds a record; true where a run was put aside.
    pub(super) fn add(&mut self, entry: Entry) -> Result<bool, DatabaseError> {
        self.bytes += entry.order.len() + entry.bytes.len() + std::mem::size_of::<Entry>();
        self.entries.push(entry);
        if self.bytes < self.room {
            return Ok(false);
        }
        let path = self.folder.join(format!("run-{}", self.files.len()));
        let entries = self.sorted();
        write_run(&path, &entries).map_err(DatabaseError::io(&path))?;
        self.files.push(path);
        Ok(true)
    }

    fn sorted(&mut self) -> Vec<Entry> {
        self.bytes = 0;
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_unstable_by(|a, b| (&a.order, a.turn).cmp(&(&b.order, b.turn)));
        entries
    }

    /// All records in order, together with those of `old`, which are sorted.
    pub(super) fn merged<'a>(mut self, old: Option<Sorted<'a>>) -> Result<Merged<'a>, DatabaseError> {
        let mut runs: Vec<Sorted<'a>> = Vec::from_iter(old);
        for path in std::mem::take(&mut self.files) {
            let file = File::open(&path).map_err(DatabaseError::io(&path))?;
            let mut reader = BufReader::with_capacity(256 << 10, file);
            runs.push(Box::new(std::iter::from_fn(move || {
                read_entry(&mut reader).map_err(DatabaseError::io(&path)).transpose()
            })));
        }
        runs.push(Box::new(self.sorted().into_iter().map(Ok)));
        Merged::new(runs)
    }
}

/// Records in order.
pub(super) type Sorted<'a> = Box<dyn Iterator<Item = Result<Entry, DatabaseError>> + 'a>;

/// Several sorted runs as one.
pub(super) struct Merged<'a> {
    runs: Vec<Sorted<'a>>,
    heads: BinaryHeap<Reverse<Head>>,
    failed: Option<DatabaseError>,
}

/// The next record of a run.
struct Head(Entry, usize);

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.0.order, self.1).cmp(&(&other.0.order, other.1))
    }
}

impl<'a> Merged<'a> {
    fn new(runs: Vec<Sorted<'a>>) -> Result<Self, DatabaseError> {
        let mut merged = Self { heads: BinaryHeap::with_capacity(runs.len()), runs, failed: None };
        for number in 0..merged.runs.len() {
            merged.pull(number)?;
        }
        Ok(merged)
    }

    fn pull(&mut self, number: usize) -> Result<(), DatabaseError> {
        if let Some(entry) = self.runs.get_mut(number).and_then(Iterator::next) {
            self.heads.push(Reverse(Head(entry?, number)));
        }
        Ok(())
    }
}

impl Iterator for Merged<'_> {
    type Item = Result<Entry, DatabaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.heads.clear();
            return Some(Err(error));
        }
        let Reverse(Head(entry, number)) = self.heads.pop()?;
        if let Err(error) = self.pull(number) {
            self.failed = Some(error);
        }
        Some(Ok(entry))
    }
}

fn write_run(path: &std::path::Path, entries: &[Entry]) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(256 << 10, File::create(path)?);
    for entry in entries {
        let (batch, place) = entry.turn.unwrap_or_default();
        out.write_all(&(entry.order.len() as u32).to_le_bytes())?;
        out.write_all(&(entry.bytes.len() as u32).to_le_bytes())?;
        out.write_all(&batch.to_le_bytes())?;
        out.write_all(&place.to_le_bytes())?;
        out.write_all(&entry.identity)?;
        out.write_all(&entry.order)?;
        out.write_all(&entry.bytes)?;
    }
    out.flush()
}

fn read_entry(input: &mut impl Read) -> io::Result<Option<Entry>> {
    let mut first = [0; 1];
    if input.read(&mut first)? == 0 {
        return Ok(None);
    }
    let mut length = [first[0], 0, 0, 0];
    input.read_exact(&mut length[1..])?;
    let order = u32::from_le_bytes(length) as usize;
    input.read_exact(&mut length)?;
    let bytes = u32::from_le_bytes(length) as usize;
    // The file is our own; all the same nothing is allocated for a length that cannot be.
    if order > MAX_RECORD || bytes > MAX_RECORD {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (mut batch, mut place, mut identity) = ([0; 8], [0; 8], Identity::default());
    input.read_exact(&mut batch)?;
    input.read_exact(&mut place)?;
    input.read_exact(&mut identity)?;
    let mut entry = Entry {
        order: vec![0; order],
        identity,
        turn: Some((u64::from_le_bytes(batch), u64::from_le_bytes(place))),
        bytes: vec![0; bytes],
    };
    input.read_exact(&mut entry.order)?;
    input.read_exact(&mut entry.bytes)?;
    Ok(Some(entry))
}

#[cfg(test)]
mod tests {
    use super::{Entry, Runs};

    #[test]
    fn sorted_whether_it_fits_or_not() {
        let numbers: Vec<u64> = (0..500).map(|number| number * 7919 % 500).collect();
        for room in [usize::MAX, 2000, 1] {
            let folder = tempfile::tempdir().unwrap();
            let mut runs = Runs::new(folder.path().to_path_buf(), room);
            for number in &numbers {
                let order = number.to_be_bytes().to_vec();
                runs.add(Entry { identity: [0; 16], turn: Some((*number, 1)), bytes: order.clone(), order }).unwrap();
            }
            let merged: Vec<u64> = runs.merged(None).unwrap().map(|entry| entry.unwrap().turn.unwrap().0).collect();
            assert!(merged.iter().copied().eq(0..500), "{room}");
        }
    }
}
