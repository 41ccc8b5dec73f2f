//! zip archives: stored and deflated members, read through the central directory.

use std::io::Read;
use std::sync::Arc;

use flate2::bufread::DeflateDecoder;

use super::{Format, Opened, Signature, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree, plain_path};

pub(super) struct Zip;

/// The end record is looked for this far from the first member at most, where the archive does not fill the data.
const SEARCH: u64 = 64 << 20;
const END: usize = 22;
const CENTRAL: u64 = 46;

impl Format for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"PK\x03\x04")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let local = data.array::<30>(0)?;
        let (version, method, name_length) = (le16(&local, 4) & 0xff, le16(&local, 8), le16(&local, 26));
        if version > 63 || method > 99 || name_length == 0 || name_length > 1024 {
            return None;
        }
        let Some((end, directory, size, count)) = find_end(data) else {
            // Without a directory the archive is truncated; what its name field says decides whether it is one at all.
            let name = data.exact(30, usize::from(name_length)).ok()?;
            return name.iter().all(|&b| b >= 0x20).then(|| {
                Opened { length: 30, ..Opened::default() }.damaged(reason::damaged("zip", "its directory is missing"))
            });
        };
        let mut opened = Opened { length: end, ..Opened::default() };
        let mut tree =
            ZipTree { entries: Vec::new(), members: Vec::new(), data: data.slice(0, end), budget: Arc::clone(budget) };
        let mut unsafe_names = 0;
        let mut encrypted = 0_u64;
        let mut at = directory;
        for _ in 0..count {
            let Some(record) = data.array::<46>(at).filter(|r| r.starts_with(b"PK\x01\x02")) else {
                opened = opened.damaged(reason::damaged("zip", "its directory ends early"));
                break;
            };
            if !budget.entry() || budget.out_of_time() {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            let lengths = [le16(&record, 28), le16(&record, 30), le16(&record, 32)].map(u64::from);
            let name = data.window(at + CENTRAL, lengths[0] as usize).unwrap_or_default();
            let name = String::from_utf8_lossy(&name).into_owned();
            at += CENTRAL + lengths.iter().sum::<u64>();
            let member = Member {
                method: le16(&record, 10),
                compressed: u64::from(le32(&record, 20)),
                header: u64::from(le32(&record, 42)),
                encrypted: le16(&record, 8) & 1 != 0,
            };
            encrypted += u64::from(member.encrypted);
            let unix = (record[5] == 3).then(|| (le32(&record, 38) >> 16) as u16).filter(|&m| m != 0);
            let kind = if name.ends_with('/') { Kind::Directory } else { Kind::File(u64::from(le32(&record, 24))) };
            let Some(path) = plain_path(&name) else {
                unsafe_names += 1;
                continue;
            };
            let handle = tree.members.len() as u64;
            tree.entries.push(Entry { path, kind, mode: unix.map(|m| m & 0o7777), handle, ..Entry::default() });
            tree.members.push(member);
        }
        if at > directory.saturating_add(size) {
            opened = opened.damaged(reason::damaged("zip", "its directory is longer than it says"));
        }
        if encrypted > 0 {
            opened = opened.damaged(reason::encrypted(&format!("zip ({encrypted} members)")));
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        let observed = super::mcu::package(&tree, budget);
        let mut opened = opened.archive(self.name(), Box::new(tree), data, budget);
        opened.observed.extend(observed);
        Some(opened)
    }
}

/// The end of the archive, and where its directory lies, how long it is and how many members it lists.
fn find_end(data: &Blob) -> Option<(u64, u64, u64, u16)> {
    let limit = data.len().min(SEARCH);
    let mut at = 0;
    while at < limit {
        let window = data.window(at, (1 << 20) + END).ok()?;
        for hit in memchr::memmem::find_iter(&window, b"PK\x05\x06") {
            let Some(record) = window.get(hit..hit + END) else { break };
            let position = at + hit as u64;
            let (size, directory) = (u64::from(le32(record, 12)), u64::from(le32(record, 16)));
            // Nested archives have end records of their own; ours is the one whose directory ends exactly where it begins.
            if directory + size == position && (size == 0 || data.array::<4>(directory) == Some(*b"PK\x01\x02")) {
                let end = position + END as u64 + u64::from(le16(record, 20));
                return Some((end.min(data.len()), directory, size, le16(record, 10)));
            }
        }
        at += 1 << 20;
    }
    None
}

struct Member {
    method: u16,
    compressed: u64,
    header: u64,
    encrypted: bool,
}

struct ZipTree {
    entries: Vec<Entry>,
    members: Vec<Member>,
    data: Blob,
    budget: Arc<Budget>,
}

impl Tree for ZipTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn content(&self, entry: &Entry, limit: u64) -> Content {
        let Some(member) = self.members.get(entry.handle as usize) else { return Content::damaged("no content") };
        if member.encrypted {
            return Content::damaged("it is encrypted");
        }
        let Some(local) = self.data.array::<30>(member.header).filter(|l| l.starts_with(b"PK\x03\x04")) else {
            return Content::damaged("its local header is missing");
        };
        let start = member.header + 30 + u64::from(le16(&local, 26)) + u64::from(le16(&local, 28));
        let raw = self.data.slice(start, member.compressed);
        match member.method {
            0 => Content::whole(raw),
            8 => {
                let mut bytes = Vec::new();
                let result = DeflateDecoder::new(raw.reader()).take(limit.saturating_add(1)).read_to_end(&mut bytes);
                let mut cut = result.err().map(|e| Cut::Damaged(e.to_string()));
                if bytes.len() as u64 > limit {
                    bytes.truncate(limit as usize);
                    cut = Some(Cut::Limit);
                }
                if !self.budget.expand(bytes.len() as u64) {
                    return Content { bytes: Blob::memory(Vec::new()), cut: Some(Cut::Limit) };
                }
                Content { bytes: Blob::memory(bytes), cut }
            }
            method => Content::damaged(format!("its compression method {method} is not known")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::formats::Content as Body;
    use crate::limits::Limits;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for (name, content) in files {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(content).unwrap();
            let packed = encoder.finish().unwrap();
            let header = out.len() as u32;
            let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
            common.extend(0_u32.to_le_bytes());
            common.extend((packed.len() as u32).to_le_bytes());
            common.extend((content.len() as u32).to_le_bytes());
            common.extend((name.len() as u16).to_le_bytes());
            common.extend([0, 0]);
            out.extend(b"PK\x03\x04");
            out.extend(&common);
            out.extend(name.as_bytes());
            out.extend(packed);
            directory.extend(b"PK\x01\x02\x14\x03");
            directory.extend(&common);
            directory.extend([0; 6]);
            directory.extend(0o100_644_u32.wrapping_shl(16).to_le_bytes());
            directory.extend(header.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let at = out.len() as u32;
        out.extend(&directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend((files.len() as u16).to_le_bytes());
        out.extend((files.len() as u16).to_le_bytes());
        out.extend((directory.len() as u32).to_le_bytes());
        out.extend(at.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    #[test]
    fn members_and_names_that_lead_out() {
        let bytes = archive(&[("a/key.pem", b"hello zip"), ("../../evil", b"x")]);
        let opened = Zip.open(&Blob::memory(bytes.clone()), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.length, bytes.len() as u64);
        let Body::Tree(tree) = opened.content else { panic!() };
        assert_eq!(tree.entries().len(), 1);
        let entry = &tree.entries()[0];
        assert_eq!((entry.path.as_str(), entry.mode), ("/a/key.pem", Some(0o644)));
        assert_eq!(tree.content(entry, 100).bytes.window(0, 99).unwrap().as_ref(), b"hello zip");
        assert_eq!(tree.content(entry, 3).cut, Some(Cut::Limit));
    }

    #[test]
    fn a_bomb_is_cut_and_counted() {
        let bytes = archive(&[("zeros", &vec![0; 8 << 20])]);
        let budget = Budget::new(Limits { expanded: 3 << 20, ..Limits::default() });
        let Body::Tree(tree) = Zip.open(&Blob::memory(bytes), &budget).unwrap().content else { panic!() };
        let read = |limit| tree.content(&tree.entries()[0], limit);
        assert_eq!((read(1 << 20).bytes.len(), read(1 << 20).cut), (1 << 20, Some(Cut::Limit)));
        assert_eq!((read(2 << 20).bytes.len(), read(2 << 20).cut), (0, Some(Cut::Limit)));
    }
}
