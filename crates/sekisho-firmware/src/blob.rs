//! Bytes with random access: a file, a part of one, or a decompressed stream.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::Held;

/// A run of bytes. Cloning and slicing cost nothing; nothing is mapped, so that a file that shrinks while it is read is an error, not a crash.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    inner: Arc<Inner>,
    start: u64,
    len: u64,
}

#[derive(Debug)]
enum Inner {
    File(Mutex<File>),
    Memory {
        bytes: Vec<u8>,
        _held: Held,
    },
    /// Parts of another blob, each with where it stands here, in order and apart; `fill` is between them.
    Scattered {
        parts: Vec<(u64, Blob)>,
        fill: u8,
    },
}

impl Blob {
    /// A file that stays on disk.
    pub(crate) fn file(file: File, len: u64) -> Self {
        Self { inner: Arc::new(Inner::File(Mutex::new(file))), start: 0, len }
    }

    /// Bytes in memory, with what they take from the budget.
    pub(crate) fn held(bytes: Vec<u8>, held: Held) -> Self {
        let len = bytes.len() as u64;
        Self { inner: Arc::new(Inner::Memory { bytes, _held: held }), start: 0, len }
    }

    /// Bytes in memory that are small or bounded otherwise.
    pub(crate) fn memory(bytes: Vec<u8>) -> Self {
        Self::held(bytes, Held::default())
    }

    /// `len` bytes made of `parts`, each with where it stands, in ascending order; what none covers reads as `fill`.
    pub(crate) fn scattered(parts: Vec<(u64, Self)>, len: u64, fill: u8) -> Self {
        Self { inner: Arc::new(Inner::Scattered { parts, fill }), start: 0, len }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The part from `offset`, at most `len` bytes, cut to what is there.
    pub(crate) fn slice(&self, offset: u64, len: u64) -> Self {
        let offset = offset.min(self.len);
        Self { inner: Arc::clone(&self.inner), start: self.start + offset, len: len.min(self.len - offset) }
    }

    /// The part from `offset` to the end.
    pub(crate) fn tail(&self, offset: u64) -> Self {
        self.slice(offset, u64::MAX)
    }

    /// At most `len` bytes from `offset`, without a copy where they lie in memory.
    pub(crate) fn window(&self, offset: u64, len: usize) -> io::Result<Cow<'_, [u8]>> {
        let part = self.slice(offset, len as u64);
        match &*self.inner {
            Inner::Memory { bytes, .. } => {
                Ok(Cow::Borrowed(bytes.get(part.start as usize..(part.start + part.len) as usize).unwrap_or_default()))
            }
            Inner::File(file) => {
                let mut bytes = Vec::new();
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(part.start))?;
                Read::take(&mut *file, part.len).read_to_end(&mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
            Inner::Scattered { parts, fill } => {
                let end = part.start.saturating_add(part.len);
                let mut bytes = vec![*fill; part.len as usize];
                let first = parts.partition_point(|(at, blob)| at.saturating_add(blob.len) <= part.start);
                for (at, blob) in parts[first..].iter().take_while(|(at, _)| *at < end) {
                    let (from, to) = (part.start.max(*at), end.min(at.saturating_add(blob.len)));
                    let piece = blob.window(from - at, (to - from) as usize)?;
                    let target = (from - part.start) as usize;
                    bytes[target..target + piece.len()].copy_from_slice(&piece);
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Exactly `N` bytes at `offset`; none where the blob ends before.
    pub(crate) fn array<const N: usize>(&self, offset: u64) -> Option<[u8; N]> {
        self.window(offset, N).ok()?.as_ref().try_into().ok()
    }

    /// Exactly `len` bytes at `offset`.
    pub(crate) fn exact(&self, offset: u64, len: usize) -> io::Result<Cow<'_, [u8]>> {
        let bytes = self.window(offset, len)?;
        if bytes.len() == len { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// A reader from the beginning.
    pub(crate) fn reader(&self) -> Reader {
        Reader { blob: self.clone(), position: 0, buffer: Vec::new(), used: 0 }
    }
}

/// Bytes fetched at a time by a [`Reader`].
const CHUNK: usize = 64 << 10;

/// Reads a [`Blob`] from front to back, knowing exactly how much was consumed.
#[derive(Debug)]
pub(crate) struct Reader {
    blob: Blob,
    /// Where `buffer` ends in the blob.
    position: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Reader {
    /// Bytes consumed so far.
    pub(crate) fn consumed(&self) -> u64 {
        self.position - (self.buffer.len() - self.used) as u64
    }
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used >= self.buffer.len() {
            self.buffer = self.blob.window(self.position, CHUNK)?.into_owned();
            self.position += self.buffer.len() as u64;
            self.used = 0;
        }
        Ok(&self.buffer[self.used..])
    }

    fn consume(&mut self, amount: usize) {
        self.used = (self.used + amount).min(self.buffer.len());
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(out.len());
        out[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.blob.len.checked_add_signed(n),
            SeekFrom::Current(n) => self.consumed().checked_add_signed(n),
        };
        let target = target.ok_or(io::ErrorKind::InvalidInput)?;
        self.buffer.clear();
        self.used = 0;
        self.position = target;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_cut_to_what_is_there() {
        let blob = Blob::memory((0..100).collect());
        assert_eq!(blob.slice(90, 50).len(), 10);
        assert_eq!(blob.tail(500).len(), 0);
        assert_eq!(blob.tail(98).window(0, 8).unwrap().as_ref(), [98, 99]);
        assert!(blob.exact(98, 3).is_err());
        assert_eq!(blob.slice(10, 5).tail(3).array::<2>(0), Some([13, 14]));
        assert_eq!(blob.array::<4>(97), None);
    }

    #[test]
    fn scattered_parts_read_as_one() {
        let whole = Blob::memory((0..100).collect());
        let blob =
            Blob::scattered(vec![(0, whole.slice(50, 3)), (3, whole.slice(10, 2)), (8, whole.slice(90, 20))], 20, 0xff);
        assert_eq!(blob.window(1, 4).unwrap().as_ref(), [51, 52, 10, 11]);
        assert_eq!(blob.window(4, 6).unwrap().as_ref(), [11, 0xff, 0xff, 0xff, 90, 91]);
        assert_eq!(blob.tail(16).window(0, 100).unwrap().as_ref(), [98, 99, 0xff, 0xff]);
    }

    #[test]
    fn a_reader_counts_what_was_consumed() {
        let mut reader = Blob::memory(vec![7; 200_000]).reader();
        let mut some = [0; 1000];
        reader.read_exact(&mut some).unwrap();
        assert_eq!(reader.consumed(), 1000);
        reader.seek(SeekFrom::Current(99_000)).unwrap();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest.len(), 100_000);
    }
}
