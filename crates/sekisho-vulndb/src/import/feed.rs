//! Goes through the input: folders, archives, compressed files, long lists; and cuts it into pieces of one document each.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use flate2::bufread::MultiGzDecoder;

use super::Reason;
use crate::limits::Limits;
use crate::moment::Moment;
use crate::read::detect::{Kind, detect};
use crate::read::epss;
use crate::read::split::{Fault, Splitter};

/// Pieces of the input, numbered in its order.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) number: u64,
    pub(super) pieces: Vec<Piece>,
    pub(super) notes: Vec<(Arc<str>, Reason, String)>,
    /// Records that answers of NVD's API said there are.
    pub(super) announced: Option<u64>,
    pub(super) files: u64,
    bytes: usize,
}

/// One document, one element of a list, or some lines.
pub(super) struct Piece {
    pub(super) place: Arc<str>,
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    /// The date of the scores in these lines.
    pub(super) as_of: Option<Moment>,
}

/// Nobody takes the pieces any more.
pub(super) struct Stop;

/// Sends the input piece by piece.
pub(super) struct Feeder<'a> {
    limits: &'a Limits,
    to: SyncSender<Batch>,
    batch: Batch,
}

/// Bytes after which a batch is sent: enough that sending costs nothing beside parsing.
const BATCH: usize = 256 << 10;
/// Pieces after which a batch is sent.
const PIECES: usize = 4096;
/// As much of a file is read to tell what it is.
const PREFIX: u64 = 64 << 10;

impl<'a> Feeder<'a> {
    pub(super) fn new(limits: &'a Limits, to: SyncSender<Batch>) -> Self {
        Self { limits, to, batch: Batch::default() }
    }

    /// Sends all input.
    pub(super) fn run(mut self, paths: &[PathBuf]) -> Result<(), Stop> {
        for path in paths {
            // What is named by itself may be a link; in a folder, links are not followed, for they can go round in circles.
            match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => self.folder(path)?,
                Ok(metadata) if metadata.is_file() => self.file(path)?,
                Ok(_) => self.note(&place(path), Reason::NotAFile, "neither file nor folder")?,
                Err(error) => self.note(&place(path), Reason::Unreadable, error)?,
            }
        }
        self.send()
    }

    fn folder(&mut self, folder: &Path) -> Result<(), Stop> {
        let mut left = vec![(folder.to_path_buf(), 0_usize)];
        while let Some((path, depth)) = left.pop() {
            let entries = fs::read_dir(&path).and_then(|entries| {
                let entries = entries.map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))));
                entries.collect::<io::Result<Vec<_>>>()
            });
            let mut entries = match entries {
                Ok(entries) => entries,
                Err(error) => {
                    self.note(&place(&path), Reason::Unreadable, error)?;
                    continue;
                }
            };
            entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            for (path, _) in entries.iter().filter(|(_, kind)| kind.is_file()) {
                self.file(path)?;
            }
            for (path, kind) in entries.into_iter().rev().filter(|(_, kind)| !kind.is_file()) {
                if !kind.is_dir() {
                    self.note(&place(&path), Reason::NotAFile, "a link or special file")?;
                } else if depth >= self.limits.depth {
                    self.note(&place(&path), Reason::TooLarge, "folders too deep in each other")?;
                } else {
                    left.push((path, depth + 1));
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Stop> {
        let name = place(path);
        let mut file = match File::open(path) {
            Ok(file) => BufReader::with_capacity(128 << 10, file),
            Err(error) => return self.note(&name, Reason::Unreadable, error),
        };
        match file.fill_buf() {
            Ok(start) if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") => {
                self.archive(&name, file)
            }
            Ok(_) => {
                let mut left = self.limits.decompressed;
                self.stream(&name, &mut file, &mut left, true)
            }
            Err(error) => self.note(&name, Reason::Unreadable, error),
        }
    }

    fn archive(&mut self, name: &Arc<str>, mut file: BufReader<File>) -> Result<(), Stop> {
        let mut left = self.limits.decompressed;
        let again = file.get_ref().try_clone().map(|file| BufReader::with_capacity(128 << 10, file));
        match zip::ZipArchive::new(file) {
            Ok(mut archive) => {
                for number in 0..archive.len() {
                    if left == 0 {
                        return self.note(
                            name,
                            Reason::TooLarge,
                            format_args!("{} more entries", archive.len() - number),
                        );
                    }
                    match archive.by_index(number) {
                        Ok(entry) if entry.is_dir() => {}
                        Ok(entry) => {
                            let name = inside(name, &String::from_utf8_lossy(entry.name_raw()));
                            self.stream(&name, &mut BufReader::new(entry), &mut left, true)?;
                        }
                        Err(error) => self.note(name, Reason::Unreadable, format_args!("entry {number}: {error}"))?,
                    }
                }
                Ok(())
            }
            // Without its directory, which stands at the end, an archive can still be read from its start as far as it goes.
            Err(error) => {
                self.note(name, Reason::CutOff, error)?;
                file = match again {
                    Ok(file) => file,
                    Err(error) => return self.note(name, Reason::Unreadable, error),
                };
                if let Err(error) = io::Seek::rewind(&mut file) {
                    return self.note(name, Reason::Unreadable, error);
                }
                while left > 0 {
                    match zip::read::read_zipfile_from_stream(&mut file) {
                        Ok(Some(entry)) if entry.is_dir() => {}
                        Ok(Some(entry)) => {
                            let name = inside(name, &String::from_utf8_lossy(entry.name_raw()));
                            self.stream(&name, &mut BufReader::new(entry), &mut left, true)?;
                        }
                        // That it is cut off is noted.
                        Ok(None) | Err(_) => break,
                    }
                }
                Ok(())
            }
        }
    }

    /// Takes one file or entry, of which `left` bytes may still come. `packed`: it may be compressed.
    fn stream(&mut self, name: &Arc<str>, input: &mut dyn BufRead, left: &mut u64, packed: bool) -> Result<(), Stop> {
        let mut prefix = Vec::new();
        if let Err(error) = (&mut *input).take(PREFIX).read_to_end(&mut prefix) {
            return self.broken(name, &error);
        }
        if packed && prefix.starts_with(b"\x1f\x8b") {
            let mut inner = BufReader::with_capacity(128 << 10, MultiGzDecoder::new(prefix.chain(input)));
            return self.stream(name, &mut inner, left, false);
        }
        if let Some(what) = packed_otherwise(&prefix) {
            return self.note(name, Reason::NotRecognised, format_args!("{what}: unpack it first"));
        }
        let Some(rest) = left.checked_sub(prefix.len() as u64) else {
            *left = 0;
            return self.note(name, Reason::TooLarge, "more than one file may decompress to");
        };
        *left = rest;
        let mut rest = Bounded { input, left };
        match detect(&prefix) {
            Some(Kind::Nvd) => self.split(name, Some(Kind::Nvd), prefix.chain(&mut rest)),
            Some(Kind::List) => self.split(name, None, prefix.chain(&mut rest)),
            Some(Kind::Epss) => self.lines(name, prefix.chain(&mut rest)),
            kind => {
                let room = (self.limits.document as u64 + 1).saturating_sub(prefix.len() as u64);
                if let Err(error) = (&mut rest).take(room).read_to_end(&mut prefix) {
                    return self.broken(name, &error);
                }
                if prefix.len() > self.limits.document {
                    return self.note(name, Reason::TooLarge, format_args!("more than {} bytes", self.limits.document));
                }
                match kind.or_else(|| detect(&prefix)) {
                    Some(kind) if !matches!(kind, Kind::Nvd | Kind::List | Kind::Epss) => {
                        self.batch.files += 1;
                        self.piece(name, kind, prefix, None)
                    }
                    // Only a list so far behind that nobody writes it so.
                    Some(Kind::Nvd) => self.split(name, Some(Kind::Nvd), prefix.as_slice()),
                    _ => self.note(name, Reason::NotRecognised, ""),
                }
            }
        }
    }

    /// Takes a list element by element: of NVD's answers, or of documents each of which says itself what it is.
    fn split(&mut self, name: &Arc<str>, kind: Option<Kind>, input: impl BufRead) -> Result<(), Stop> {
        self.batch.files += 1;
        let key: Option<&[u8]> = kind.map(|_| &b"vulnerabilities"[..]);
        let mut splitter = Splitter::new(input, key, self.limits.document);
        loop {
            match splitter.next() {
                Ok(Some(bytes)) => match kind.or_else(|| detect(&bytes)) {
                    Some(Kind::List | Kind::Epss | Kind::KevCsv) | None => {
                        self.note(name, Reason::NotRecognised, "an element that is none of the formats")?;
                    }
                    // An answer within a list: its elements are not looked for.
                    Some(Kind::Nvd) if kind.is_none() => {
                        self.note(name, Reason::NotRecognised, "an answer inside of a list")?;
                    }
                    Some(kind) => self.piece(name, kind, bytes, None)?,
                },
                Ok(None) => break,
                Err(Fault::TooLarge) => self.note(name, Reason::TooLarge, "an element")?,
                Err(Fault::CutOff) => return self.note(name, Reason::CutOff, "the list does not end"),
                Err(Fault::Io(error)) => return self.broken(name, &error),
            }
        }
        if kind.is_some() {
            match serde_json::from_slice::<Answer>(splitter.outside()) {
                Ok(answer) => self.batch.announced = self.batch.announced.max(answer.total_results),
                Err(error) => self.note(name, Reason::BadJson, error)?,
            }
        }
        Ok(())
    }

    fn lines(&mut self, name: &Arc<str>, mut input: impl BufRead) -> Result<(), Stop> {
        self.batch.files += 1;
        let mut as_of = None;
        let mut some = Vec::new();
        loop {
            // A line of scores has some 40 bytes.
            let before = some.len();
            match (&mut input).take(1024).read_until(b'\n', &mut some) {
                Ok(0) => return self.piece(name, Kind::Epss, some, as_of),
                Ok(_) => {
                    let line = some.get(before..).unwrap_or_default();
                    if let Some(date) = std::str::from_utf8(line).ok().and_then(epss::date) {
                        as_of = Some(date);
                    }
                    if some.len() > BATCH {
                        self.piece(name, Kind::Epss, std::mem::take(&mut some), as_of)?;
                    }
                }
                Err(error) => {
                    self.piece(name, Kind::Epss, some, as_of)?;
                    return self.broken(name, &error);
                }
            }
        }
    }

    /// Notes that reading ended before the end.
    fn broken(&mut self, name: &Arc<str>, error: &io::Error) -> Result<(), Stop> {
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => Reason::CutOff,
            io::ErrorKind::FileTooLarge => Reason::TooLarge,
            _ => Reason::Unreadable,
        };
        self.note(name, reason, error)
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers hand over texts, errors and arguments of formats alike")]
    fn note(&mut self, name: &Arc<str>, reason: Reason, detail: impl ToString) -> Result<(), Stop> {
        self.batch.notes.push((Arc::clone(name), reason, detail.to_string()));
        self.send_if_full()
    }

    fn piece(&mut self, name: &Arc<str>, kind: Kind, bytes: Vec<u8>, as_of: Option<Moment>) -> Result<(), Stop> {
        self.batch.bytes += bytes.len();
        self.batch.pieces.push(Piece { place: Arc::clone(name), kind, bytes, as_of });
        self.send_if_full()
    }

    fn send_if_full(&mut self) -> Result<(), Stop> {
        if self.batch.bytes >= BATCH || self.batch.pieces.len() + self.batch.notes.len() >= PIECES {
            self.send()
        } else {
            Ok(())
        }
    }

    fn send(&mut self) -> Result<(), Stop> {
        let next = Batch { number: self.batch.number + 1, ..Batch::default() };
        self.to.send(std::mem::replace(&mut self.batch, next)).map_err(|_| Stop)
    }
}

/// What a file is that begins so, where it holds others in a way that is not unpacked here: people download such files, and should be told
/// more than that they are none of the formats.
fn packed_otherwise(prefix: &[u8]) -> Option<&'static str> {
    const KINDS: [(usize, &[u8], &str); 7] = [
        (0, b"PK\x03\x04", "an archive in another"),
        (0, b"\x1f\x8b", "compressed more than once"),
        (0, b"\xfd7zXZ\0", "compressed with xz"),
        (0, b"BZh", "compressed with bzip2"),
        (0, b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (257, b"ustar", "a tar archive"),
    ];
    let begins = |at: usize, magic: &[u8]| prefix.get(at..).is_some_and(|rest| rest.starts_with(magic));
    KINDS.iter().find(|(at, magic, _)| begins(*at, magic)).map(|(_, _, what)| *what)
}

/// What stands around the list in an answer of NVD's API.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    total_results: Option<u64>,
}

/// Reads as much as one input file may decompress to.
struct Bounded<'a> {
    input: &'a mut dyn BufRead,
    left: &'a mut u64,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.input.fill_buf()?;
        if *self.left == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(*self.left).unwrap_or(usize::MAX).min(bytes.len());
        Ok(bytes.get(..most).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        *self.left = self.left.saturating_sub(amount as u64);
        self.input.consume(amount);
    }
}

fn place(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}

fn inside(archive: &str, entry: &str) -> Arc<str> {
    format!("{archive}!{entry}").into()
}
