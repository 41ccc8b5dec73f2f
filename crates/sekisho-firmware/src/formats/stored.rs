//! Archives whose files lie in them as they are, without compression: tar, cpio, ar.

use crate::blob::Blob;
use crate::tree::{Content, Cut, Entry, Tree};

/// The entries of such an archive. An entry's handle is the index of its place.
pub(super) struct Stored {
    pub(super) entries: Vec<Entry>,
    /// Where each file's content lies and how long it is.
    pub(super) places: Vec<(u64, u64)>,
    data: Blob,
}

impl Stored {
    pub(super) fn new(data: &Blob) -> Self {
        Self { entries: Vec::new(), places: Vec::new(), data: data.clone() }
    }
}

impl Tree for Stored {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, _limit: u64) -> Content {
        match self.places.get(entry.handle as usize) {
            Some(&(offset, length)) => {
                let bytes = self.data.slice(offset, length);
                let cut = (bytes.len() < length).then(|| Cut::Damaged("it ends early".into()));
                Content { bytes, cut }
            }
            None => Content::damaged("no content"),
        }
    }
}
