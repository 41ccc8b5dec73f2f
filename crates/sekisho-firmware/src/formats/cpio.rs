//! cpio archives in the `newc` form, as initramfs and `SWUpdate` use it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Content as Body, Format, Opened, Signature, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Content, Cut, Entry, Kind, Tree, plain_path};

pub(super) struct Cpio;

const HEADER: usize = 110;
const MAX_NAME: u32 = 4096;

impl Format for Cpio {
    fn name(&self) -> &'static str {
        "cpio"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"070701"), magic(b"070702")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let mut tree = CpioTree { entries: Vec::new(), places: Vec::new(), data: data.clone() };
        let mut opened = Opened::default();
        let mut unsafe_names = 0;
        let mut at = 0_u64;
        // Hard links: all names but the last have size 0.
        let mut pending: HashMap<u32, Vec<usize>> = HashMap::new();
        loop {
            let Some(header) = data.array::<HEADER>(at).and_then(|bytes| Header::parse(&bytes)) else {
                if at == 0 {
                    return None;
                }
                opened = opened.damaged(reason::damaged("cpio", "it ends without a trailer"));
                break;
            };
            let Ok(name) = data.exact(at + HEADER as u64, header.name_size as usize) else { return None };
            let name = String::from_utf8_lossy(&name[..name.len() - 1]).into_owned();
            let content = align(at + HEADER as u64 + u64::from(header.name_size));
            at = align(content + u64::from(header.size));
            opened.length = at.min(data.len());
            if name == "TRAILER!!!" {
                break;
            }
            if content + u64::from(header.size) > data.len() {
                opened = opened.damaged(reason::truncated("cpio", content + u64::from(header.size), data.len()));
            }
            if !budget.entry() || budget.out_of_time() {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            let kind = match header.mode & 0o170_000 {
                0o100_000 => Kind::File(u64::from(header.size)),
                0o040_000 => Kind::Directory,
                0o120_000 => {
                    let target = data.window(content, header.size.min(MAX_NAME) as usize).unwrap_or_default();
                    Kind::Link(String::from_utf8_lossy(&target).into_owned())
                }
                _ => Kind::Special,
            };
            let Some(path) = plain_path(&name) else {
                unsafe_names += u64::from(name != "." && name != "/" && !name.is_empty());
                continue;
            };
            let index = tree.entries.len();
            if matches!(kind, Kind::File(_)) && header.links > 1 {
                if header.size == 0 {
                    pending.entry(header.inode).or_default().push(index);
                } else {
                    for other in pending.remove(&header.inode).unwrap_or_default() {
                        tree.entries[other].kind = kind.clone();
                        tree.entries[other].handle = index as u64;
                    }
                }
            }
            tree.entries.push(Entry {
                path,
                kind,
                mode: Some((header.mode & 0o7777) as u16),
                uid: header.uid,
                handle: index as u64,
                ..Entry::default()
            });
            tree.places.push((content, u64::from(header.size)));
            if opened.declared.is_some() || at >= data.len() {
                break;
            }
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        // A kernel without an initramfs carries an archive with nothing but the root or `/dev/console`: nothing to look into, but real.
        opened.content = Body::Tree(Box::new(tree));
        Some(opened)
    }
}

fn align(at: u64) -> u64 {
    at.next_multiple_of(4)
}

struct Header {
    inode: u32,
    mode: u32,
    uid: u32,
    links: u32,
    size: u32,
    name_size: u32,
}

impl Header {
    fn parse(bytes: &[u8; HEADER]) -> Option<Self> {
        if !bytes.starts_with(b"070701") && !bytes.starts_with(b"070702") {
            return None;
        }
        let field = |i: usize| {
            let text = std::str::from_utf8(&bytes[6 + 8 * i..14 + 8 * i]).ok()?;
            text.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16).ok())?
        };
        for i in 0..13 {
            field(i)?;
        }
        let header = Self {
            inode: field(0)?,
            mode: field(1)?,
            uid: field(2)?,
            links: field(4)?,
            size: field(6)?,
            name_size: field(11)?,
        };
        (header.name_size > 0 && header.name_size <= MAX_NAME).then_some(header)
    }
}

struct CpioTree {
    entries: Vec<Entry>,
    places: Vec<(u64, u64)>,
    data: Blob,
}

impl Tree for CpioTree {
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

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    fn member(name: &str, mode: u32, content: &[u8]) -> Vec<u8> {
        let mut out = format!(
            "070701{:08x}{mode:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}",
            1,
            0,
            0,
            1,
            0,
            content.len(),
            0,
            0,
            0,
            0,
            name.len() + 1,
            0
        )
        .into_bytes();
        out.extend_from_slice(name.as_bytes());
        out.push(0);
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(content);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    #[test]
    fn members_and_trailer() {
        let mut bytes = member("etc/passwd", 0o100_644, b"root::0:0::/:/bin/sh\n");
        bytes.extend(member("bin/sh", 0o120_777, b"busybox"));
        bytes.extend(member("../evil", 0o100_644, b"x"));
        bytes.extend(member("TRAILER!!!", 0, b""));
        let opened = Cpio.open(&Blob::memory(bytes.clone()), &Budget::new(Limits::default())).unwrap();
        assert_eq!((opened.length, opened.read), (bytes.len() as u64, ReadState::Partial));
        let Body::Tree(tree) = opened.content else { panic!() };
        assert_eq!(tree.entries().len(), 2);
        assert_eq!(tree.entries()[1].kind, Kind::Link("busybox".into()));
    }

    #[test]
    fn digits_alone_are_not_an_archive() {
        let bytes = b"070701 and some text that goes on for long enough to be a header, had it only hexadecimal digits in it, but no".to_vec();
        assert!(Cpio.open(&Blob::memory(bytes), &Budget::new(Limits::default())).is_none());
    }
}
