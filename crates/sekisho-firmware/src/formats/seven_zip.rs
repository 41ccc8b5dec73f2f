//! 7z archives, through `sevenz-rust2`: LZMA, LZMA2, bzip2, Deflate and stored.

use std::io::Read;
use std::sync::Arc;

use sekisho_model::fact::ReadState;
use sevenz_rust2::{ArchiveReader, Error, Password};

use super::{Content as Body, End, Format, Opened, Signature, crc32, expand, le32, le64, lzma, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree, plain_path};

pub(super) struct SevenZip;

const HEADER: u64 = 32;
/// Set in the attributes where the upper half holds Unix's mode (p7zip's extension).
const UNIX_EXTENSION: u32 = 0x8000;

impl Format for SevenZip {
    fn name(&self) -> &'static str {
        "7z"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"7z\xbc\xaf\x27\x1c")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<32>(0)?;
        if crc32(&header[12..32]) != le32(&header, 8) {
            return None;
        }
        let declared = le64(&header, 12).checked_add(le64(&header, 20))?.checked_add(HEADER)?;
        let mut opened = Opened::default().of_length("7z", declared, data.len());
        let archive = data.slice(0, opened.length);
        let mut members = Members { entries: Vec::new(), contents: Vec::new() };
        match members.read(&archive, budget) {
            Ok(gaps) => {
                for gap in gaps {
                    opened = opened.damaged(gap);
                }
            }
            Err(why) => opened = opened.damaged(why_not(&why)),
        }
        if members.entries.is_empty() && !opened.gaps.is_empty() {
            opened.read = ReadState::Unread;
            return Some(opened);
        }
        opened.content = Body::Tree(Box::new(members));
        Some(opened)
    }
}

fn why_not(why: &Error) -> sekisho_model::Text {
    match why {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => reason::encrypted("7z"),
        Error::UnsupportedCompressionMethod(method) => reason::unsupported(&format!("7z with method {method}")),
        why => reason::damaged("7z", &why.to_string()),
    }
}

/// Members in memory: a solid archive can only be read from its beginning on, so each block is read once.
struct Members {
    entries: Vec<Entry>,
    contents: Vec<Content>,
}

impl Members {
    fn read(&mut self, archive: &Blob, budget: &Arc<Budget>) -> Result<Vec<sekisho_model::Text>, Error> {
        let mut reader =
            ArchiveReader::new_with_memory_limit(archive.reader(), Password::empty(), lzma::DICTIONARY_KIB as usize)?;
        reader.set_thread_count(1);
        let mut gaps = Vec::new();
        let mut unsafe_names = 0;
        let mut over = false;
        let result = reader.for_each_entries(|entry, content: &mut dyn Read| {
            if !budget.entry() || budget.out_of_time() {
                over = true;
                return Ok(false);
            }
            let mode = (entry.has_windows_attributes && entry.windows_attributes & UNIX_EXTENSION != 0)
                .then_some((entry.windows_attributes >> 16) as u16);
            let expanded = expand(&mut content.take(entry.size), budget);
            let limited = expanded.end == End::Limit;
            let Some(path) = plain_path(&entry.name.replace('\\', "/")) else {
                unsafe_names += 1;
                return Ok(!limited);
            };
            let kind = match mode.map(|mode| mode & 0o170_000) {
                _ if entry.is_directory => Kind::Directory,
                Some(0o120_000) => {
                    let target = expanded.blob.window(0, 4096).unwrap_or_default();
                    Kind::Link(String::from_utf8_lossy(&target).into_owned())
                }
                _ => Kind::File(entry.size),
            };
            let handle = self.contents.len() as u64;
            self.entries.push(Entry { path, kind, mode: mode.map(|mode| mode & 0o7777), handle, ..Entry::default() });
            let cut = match expanded.end {
                End::Whole => None,
                End::Limit => Some(Cut::Limit),
                End::Damaged(why) => Some(Cut::Damaged(why)),
            };
            self.contents.push(Content { bytes: expanded.blob, cut });
            // What lies behind a member in the same block could only be reached through it.
            over |= limited;
            Ok(!limited)
        });
        if over {
            gaps.push(reason::stream_limit());
        } else if let Err(why) = result {
            gaps.push(why_not(&why));
        }
        if unsafe_names > 0 {
            gaps.push(reason::unsafe_names(unsafe_names));
        }
        Ok(gaps)
    }
}

impl Tree for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        let Some(content) = self.contents.get(entry.handle as usize) else { return Content::damaged("no content") };
        let cut = if content.bytes.len() > limit { Some(Cut::Limit) } else { content.cut.clone() };
        Content { bytes: content.bytes.slice(0, limit), cut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// Made by `7z` 16.02 of two files, solid, LZMA2; see tests/data/README.md.
    const SAMPLE: &[u8] = include_bytes!("../../tests/data/tree.7z");
    /// Four MiB of zeros.
    const BOMB: &[u8] = include_bytes!("../../tests/data/zeros.7z");

    fn open(bytes: &[u8], limits: Limits) -> Option<Opened> {
        SevenZip.open(&Blob::memory(bytes.to_vec()), &Budget::new(limits))
    }

    #[test]
    fn members_of_a_solid_archive() {
        let opened = open(&[SAMPLE, &[0xff; 50]].concat(), Limits::default()).unwrap();
        assert_eq!((opened.length, opened.read), (SAMPLE.len() as u64, ReadState::Whole));
        let Body::Tree(tree) = opened.content else { panic!() };
        let paths: Vec<&str> = tree.entries().iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["/tree/etc/hello.txt", "/tree/run.sh", "/tree", "/tree/etc"]);
        assert_eq!(tree.entries()[1].mode, Some(0o755));
        assert_eq!(
            tree.content(&tree.entries()[0], 99).bytes.window(0, 99).unwrap().as_ref(),
            b"Hello from a test tree.\n"
        );
    }

    #[test]
    fn a_bomb_is_cut() {
        let opened = open(BOMB, Limits { stream: 1 << 20, ..Limits::default() }).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        let Body::Tree(tree) = opened.content else { panic!() };
        let content = tree.content(&tree.entries()[0], u64::MAX);
        assert_eq!(content.cut, Some(Cut::Limit));
        assert!(content.bytes.len() <= 1 << 20);
    }

    #[test]
    fn cut_or_flipped_anywhere_it_is_bounded() {
        for at in 0..SAMPLE.len() {
            assert!(open(&SAMPLE[..at], Limits::default()).is_none_or(|o| o.read != ReadState::Whole));
            let mut bytes = SAMPLE.to_vec();
            bytes[at] ^= 0x10;
            let _ = open(&bytes, Limits::default());
        }
    }
}
