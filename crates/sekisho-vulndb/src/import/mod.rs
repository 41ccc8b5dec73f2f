//! Makes one database of what was there and what comes in.
//!
//! One thread reads and unpacks, as many as there are cores parse, the caller's decides which state of a record stays and sorts. Then the
//! database that was there is compared, and a new file is written beside it and put in its place: killed at any point, one of the two is
//! there whole. What a killed import leaves behind, the next one clears away; it starts anew.

mod feed;
mod parse;
mod report;
mod runs;

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, TryLockError};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest as _, Sha256};

pub use report::{Count, Example, FeedChanges, ImportReport, Reason};

use crate::error::DatabaseError;
use crate::limits::Limits;
use crate::moment::Moment;
use crate::source::Source;
use crate::status::{Sample, Status};
use crate::store::keys::{Identity, identity, order, short};
use crate::store::{Store, rewrite_status, write};
use feed::Feeder;
use parse::{Done, Item, parse_all};
use runs::{Entry, Runs, Sorted, Turn};

/// How to import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The moment of the import.
    pub now: Moment,
    /// Whether each feed in the input is the whole feed. Then its number of records is compared with the one before; of an update, which has
    /// only what changed, it says nothing. Records never go because an input does not have them any more.
    pub full: bool,
    /// Threads that parse and pack.
    pub threads: NonZeroUsize,
    /// What is taken in at most.
    pub limits: Limits,
}

impl ImportOptions {
    /// A full import at this moment, on all cores.
    pub fn new(now: Moment) -> Self {
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { now, full: true, threads, limits: Limits::default() }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So much was read.
    Read {
        /// Files and entries of archives.
        files: u64,
        /// Records.
        records: u64,
    },
    /// Sorted records were put aside on disk.
    PutAside,
    /// The input is read, and compared with the database that was there.
    Compared,
    /// The new database is on the disk, beside the old one.
    Written,
    /// The new database has taken the old one's place.
    Replaced,
}

/// Imports files and folders into a database, which is made where there is none. `on_step` is told how far it is, and can stop it: then
/// nothing has changed, unless it was [`Step::Replaced`] already.
///
/// # Errors
///
/// Where the database cannot be read or written, another import is running, there are too many records, or `on_step` stopped it. What is
/// wrong with the input is in the report.
pub fn import(
    paths: &[PathBuf],
    database: &Path,
    options: &ImportOptions,
    on_step: &mut dyn FnMut(Step) -> ControlFlow<()>,
) -> Result<ImportReport, DatabaseError> {
    let _lock = lock(database)?;
    let old = match Store::open(database, 0) {
        Ok(old) => Some(old),
        Err(DatabaseError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
        // A database that cannot be read is not overwritten: that is for its owner to decide.
        Err(error) => return Err(error),
    };
    let folder = Folder::new(beside(database, "import"))?;
    let mut taking = Taking {
        options,
        report: ImportReport::default(),
        runs: Runs::new(folder.0.clone(), options.limits.sorting),
        winners: HashMap::new(),
        seen: BTreeMap::new(),
        announced: BTreeMap::new(),
        sample: None,
    };
    taking.read(paths, on_step)?;
    let Taking { mut report, runs, mut winners, seen, announced, sample, .. } = taking;
    let was = old.as_ref().map(|old| old.status().clone()).unwrap_or_default();
    if report.read == 0 {
        // Input without a record says nothing about the database, and a database without records would look as if nothing were vulnerable.
        report.status = was;
        folder.remove()?;
        return Ok(report);
    }
    compare(old.as_ref(), &mut winners, &mut report)?;
    report.feeds = changes(std::mem::take(&mut report.feeds), &seen, &was);
    step(on_step, Step::Compared)?;

    let finish = |status: &mut Status| {
        status.sample = was.sample.clone().or(sample);
        finish(status, &was, &seen, &announced, options);
    };
    let new = folder.0.join("new");
    report.status = if let Some(old) = old.as_ref().filter(|_| winners.is_empty()) {
        let mut status = was.clone();
        status.imported = Some(options.now);
        finish(&mut status);
        if status != was {
            rewrite_status(old, &new, &status)?;
            report.changed = true;
        }
        status
    } else {
        report.changed = true;
        let limit = options.limits.records;
        if winners.len().saturating_add(old.as_ref().map_or(0, |old| old.records() as usize)) > limit {
            return Err(DatabaseError::TooManyRecords(limit));
        }
        let merged = runs.merged(old.as_ref().map(|old| entries(old)))?;
        let staying = merged.filter_map(|entry| match entry {
            Ok(entry) => {
                let turn = winners.get(&entry.identity).map(|winner| winner.turn);
                (turn == entry.turn).then_some(Ok(entry.bytes))
            }
            Err(error) => Some(Err(error)),
        });
        write(&new, staying, options.threads, options.now, finish)?
    };
    for (source, count) in &announced {
        let seen = seen.get(source.name()).copied().unwrap_or_default();
        if options.full && seen < *count {
            report.note(Reason::Incomplete, source.name(), "", &format!("{seen} of {count} records"));
        }
    }
    if report.changed {
        step(on_step, Step::Written)?;
        drop(old);
        fs::rename(&new, database).map_err(DatabaseError::io(database))?;
        sync_folder(database)?;
        step(on_step, Step::Replaced)?;
    }
    folder.remove()?;
    Ok(report)
}

/// The state of a record that came in and stays so far.
struct Winner {
    turn: Turn,
    modified: Option<Moment>,
    digest: [u8; 16],
}

/// The first half of an import.
struct Taking<'a> {
    options: &'a ImportOptions,
    report: ImportReport,
    runs: Runs,
    winners: HashMap<Identity, Winner>,
    /// Different records by feed.
    seen: BTreeMap<String, u64>,
    announced: BTreeMap<Source, u64>,
    sample: Option<Sample>,
}

impl Taking<'_> {
    fn read(
        &mut self,
        paths: &[PathBuf],
        on_step: &mut dyn FnMut(Step) -> ControlFlow<()>,
    ) -> Result<(), DatabaseError> {
        let threads = self.options.threads.get();
        let limits = &self.options.limits;
        let (to_parse, parsing) = sync_channel(threads * 4);
        let (to_take, taking) = sync_channel(threads * 4);
        let parsing = Arc::new(Mutex::new(parsing));
        thread::scope(|scope| {
            // That nobody takes the input any more is not the feeder's to report.
            scope.spawn(move || drop(Feeder::new(limits, to_parse).run(paths)));
            for _ in 0..threads {
                let (parsing, to_take) = (Arc::clone(&parsing), to_take.clone());
                scope.spawn(move || parse_all(&parsing, &to_take, limits));
            }
            drop((parsing, to_take));
            // In here `taking` is dropped also where this fails, which ends the threads.
            self.take_all(taking, on_step)
        })
    }

    /// Takes the batches in the order of the input, so that the outcome does not hang on which thread was faster.
    fn take_all(
        &mut self,
        taking: Receiver<Done>,
        on_step: &mut dyn FnMut(Step) -> ControlFlow<()>,
    ) -> Result<(), DatabaseError> {
        let mut early = BTreeMap::new();
        let mut next = 0;
        for done in taking {
            early.insert(done.number, done);
            while let Some(done) = early.remove(&next) {
                next += 1;
                self.report.files += done.files;
                self.sample = self.sample.take().or(done.sample);
                for (place, reason, id, detail) in done.notes {
                    self.report.note(reason, &place, &id, &detail);
                }
                for (reason, count) in done.more {
                    self.report.problems.entry(reason).or_default().count += count;
                }
                for (source, count) in done.announced {
                    let most = self.announced.entry(source).or_default();
                    *most = count.max(*most);
                }
                for item in done.items {
                    self.take(item, on_step)?;
                }
                step(on_step, Step::Read { files: self.report.files, records: self.report.read })?;
            }
        }
        Ok(())
    }

    fn take(&mut self, item: Item, on_step: &mut dyn FnMut(Step) -> ControlFlow<()>) -> Result<(), DatabaseError> {
        self.report.read += 1;
        if item.modified.is_some_and(|modified| modified > self.options.now.plus_days(1)) {
            self.report.note(
                Reason::Future,
                &item.place,
                &item.id,
                &item.modified.map_or_else(String::new, |at| at.to_string()),
            );
        }
        let winner = Winner { turn: item.turn, modified: item.modified, digest: item.digest };
        match self.winners.get_mut(&item.identity) {
            None => {
                if self.winners.len() >= self.options.limits.records {
                    return Err(DatabaseError::TooManyRecords(self.options.limits.records));
                }
                *self.seen.entry(item.feed).or_default() += 1;
                self.winners.insert(item.identity, winner);
            }
            Some(other) if other.digest == winner.digest => {
                self.report.repeated += 1;
                return Ok(());
            }
            Some(other) => {
                self.report.note(Reason::Different, &item.place, &item.id, "the same identifier with other content");
                if winner.modified < other.modified {
                    return Ok(());
                }
                *other = winner;
            }
        }
        let entry = Entry { order: item.order, identity: item.identity, turn: Some(item.turn), bytes: item.bytes };
        if self.runs.add(entry)? { step(on_step, Step::PutAside) } else { Ok(()) }
    }
}

/// Leaves as winners the records that are to come into the database: that are new, or another and not older state of one it has.
fn compare(
    old: Option<&Store>,
    winners: &mut HashMap<Identity, Winner>,
    report: &mut ImportReport,
) -> Result<(), DatabaseError> {
    for bytes in old.into_iter().flat_map(Store::encoded) {
        let bytes = bytes?;
        let Some(record) = old.map(|old| old.decode(&bytes)).transpose()? else { continue };
        let identity = identity(&record);
        let Some(winner) = winners.get(&identity) else { continue };
        let feed = report.feeds.entry(record.source().feed(record.id())).or_default();
        if winner.digest == short(&Sha256::digest(&bytes)) {
            feed.unchanged += 1;
            report.unchanged += 1;
            winners.remove(&identity);
        } else if winner.modified < record.modified() {
            feed.older += 1;
            report.note(Reason::Older, record.source().name(), record.id(), "the database has a newer state");
            winners.remove(&identity);
        } else {
            feed.replaced += 1;
            report.replaced += 1;
        }
    }
    report.added = (winners.len() as u64).saturating_sub(report.replaced);
    Ok(())
}

/// Completes what comparing said of each feed by what is new, and by what the database had and the input did not.
fn changes(
    mut feeds: BTreeMap<String, FeedChanges>,
    seen: &BTreeMap<String, u64>,
    was: &Status,
) -> BTreeMap<String, FeedChanges> {
    for (name, seen) in seen {
        let feed = feeds.entry(name.clone()).or_default();
        let known = feed.replaced + feed.unchanged + feed.older;
        feed.seen = *seen;
        feed.added = seen.saturating_sub(known);
        feed.absent = was.feeds.get(name).map_or(0, |was| was.records.saturating_sub(known));
    }
    feeds
}

/// The records of a database, to be merged.
fn entries(old: &Store) -> Sorted<'_> {
    Box::new(old.encoded().map(|bytes| {
        let bytes = bytes?;
        let record = old.decode(&bytes)?;
        Ok(Entry { order: order(&record), identity: identity(&record), turn: None, bytes })
    }))
}

/// Completes the status by what the records themselves do not say: what came in when, and how many of them.
fn finish(
    status: &mut Status,
    was: &Status,
    seen: &BTreeMap<String, u64>,
    announced: &BTreeMap<Source, u64>,
    options: &ImportOptions,
) {
    for (name, feed) in &mut status.feeds {
        if let Some(was) = was.feeds.get(name) {
            feed.imported = was.imported;
            (feed.seen, feed.seen_before, feed.announced) = (was.seen, was.seen_before, was.announced);
        }
        let Some(&seen) = seen.get(name) else { continue };
        feed.imported = Some(options.now);
        if options.full {
            if feed.seen != seen {
                feed.seen_before = (feed.seen > 0).then_some(feed.seen);
            }
            feed.seen = seen;
            feed.announced = announced.iter().find(|(source, _)| source.name() == name).map(|(_, count)| *count);
        }
    }
}

fn step(on_step: &mut dyn FnMut(Step) -> ControlFlow<()>, step: Step) -> Result<(), DatabaseError> {
    match on_step(step) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(DatabaseError::Stopped),
    }
}

/// A file or folder named like the database, with something added.
fn beside(database: &Path, addition: &str) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(addition);
    database.with_file_name(name)
}

/// Keeps other imports into the same database away. The system lets go of it when the process ends, however it ends; the file stays, for
/// removing it would let two imports hold two different ones.
fn lock(database: &Path) -> Result<File, DatabaseError> {
    let path = beside(database, "lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(&path).map_err(DatabaseError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DatabaseError::Busy { path }),
        Err(TryLockError::Error(error)) => Err(DatabaseError::io(&path)(error)),
    }
}

/// The folder of an import's own, beside the database so that renaming out of it stays within a file system.
struct Folder(PathBuf);

impl Folder {
    fn new(path: PathBuf) -> Result<Self, DatabaseError> {
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(DatabaseError::io(&path)(error)),
            _ => {}
        }
        fs::create_dir(&path).map_err(DatabaseError::io(&path))?;
        Ok(Self(path))
    }

    fn remove(self) -> Result<(), DatabaseError> {
        fs::remove_dir_all(&self.0).map_err(DatabaseError::io(&self.0))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After an error there is nobody to tell about another, and the next import clears it away.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes a renaming last: it is the folder that has changed.
fn sync_folder(database: &Path) -> Result<(), DatabaseError> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(DatabaseError::io(folder))?;
    // Elsewhere folders cannot be opened, and renaming is the system's to make last.
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
