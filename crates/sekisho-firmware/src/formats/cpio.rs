//! cpio archives: the `newc` form, as initramfs and `SWUpdate` use it, and the older ones with octal digits (`odc`) and with binary words.

use std::collections::HashMap;
use std::sync::Arc;

use super::cpio_header::{Form, MAX_NAME};
use super::stored::Stored;
use super::{Format, Opened, Signature, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Entry, Kind, plain_path};

pub(super) struct Cpio;

impl Format for Cpio {
    fn name(&self) -> &'static str {
        "cpio"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"070701"), magic(b"070702"), magic(b"070707"), magic(b"\xc7\x71"), magic(b"\x71\xc7")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let form = Form::of(data.array::<6>(0)?)?;
        let mut tree = Stored::new(data);
        let mut opened = Opened::default();
        let mut unsafe_names = 0;
        let mut at = 0_u64;
        // Hard links: all names but the last have size 0.
        let mut pending: HashMap<u32, Vec<usize>> = HashMap::new();
        loop {
            let Some(header) = form.header(data, at) else {
                // Two bytes of magic are little: a binary archive is believed if something follows its first member.
                if at == 0 || (form.is_binary() && tree.entries.len() < 2) {
                    return None;
                }
                opened = opened.damaged(reason::damaged("cpio", "it ends without a trailer"));
                break;
            };
            let name = header.name(data)?;
            let content = header.content;
            at = header.end;
            opened.length = at.min(data.len());
            if name == "TRAILER!!!" {
                break;
            }
            if content + header.size > data.len() {
                if form.is_binary() && tree.entries.is_empty() {
                    return None;
                }
                opened = opened.damaged(reason::truncated("cpio", content + header.size, data.len()));
                opened.declared = Some(content + header.size);
            }
            if !budget.entry() || budget.out_of_time() {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            let kind = match header.mode & 0o170_000 {
                0o100_000 => Kind::File(header.size),
                0o040_000 => Kind::Directory,
                0o120_000 => {
                    let target =
                        data.window(content, header.size.min(u64::from(MAX_NAME)) as usize).unwrap_or_default();
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
            tree.places.push((content, header.size));
            if opened.declared.is_some() {
                break;
            }
            if at >= data.len() {
                opened = opened.damaged(reason::damaged("cpio", "it ends without a trailer"));
                break;
            }
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        opened.detail = Some(form.name().to_owned());
        // A kernel without an initramfs carries an archive with nothing but the root or `/dev/console`: nothing to look into, but real.
        Some(opened.archive(self.name(), Box::new(tree), data, budget))
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content as Body;
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

    /// The member `etc/passwd` and the trailer in the older forms, as GNU cpio writes them.
    fn older(binary: bool, big: bool) -> Vec<u8> {
        let content = b"root::0:0::/:/bin/sh\n";
        let mut out = Vec::new();
        for (name, mode, content) in
            [("etc/passwd", 0o100_644_u16, &content[..]), ("etc", 0o040_755, b""), ("TRAILER!!!", 0, b"")]
        {
            let name_size = name.len() as u16 + 1;
            if binary {
                for word in [0o070_707, 1, 2, mode, 0, 0, 1, 0, 0, 0, name_size, 0, content.len() as u16] {
                    out.extend(if big { word.to_be_bytes() } else { word.to_le_bytes() });
                }
            } else {
                out.extend(
                    format!(
                        "070707000001000002{mode:06o}000000000000000001000000{:011o}{name_size:06o}{:011o}",
                        0,
                        content.len()
                    )
                    .into_bytes(),
                );
            }
            for part in [&[name.as_bytes(), &[0]].concat()[..], content] {
                out.extend_from_slice(part);
                if binary && part.len() % 2 == 1 {
                    out.push(0);
                }
            }
        }
        out
    }

    #[test]
    fn older_forms() {
        for (binary, big) in [(false, false), (true, false), (true, true)] {
            let bytes = older(binary, big);
            let open = |bytes: &[u8]| Cpio.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()));
            let opened = open(&[&bytes[..], &[0xff; 64]].concat()).unwrap();
            assert_eq!((opened.length, opened.read), (bytes.len() as u64, ReadState::Whole));
            let Body::Tree(tree) = opened.content else { panic!() };
            assert_eq!(tree.entries().len(), 2);
            assert_eq!(tree.content(&tree.entries()[0], 99).bytes.window(0, 4).unwrap().as_ref(), b"root");
            // The last byte may be fill.
            for end in 0..bytes.len() - 1 {
                assert!(open(&bytes[..end]).is_none_or(|o| o.read == ReadState::Partial));
            }
        }
    }

    #[test]
    fn digits_alone_are_not_an_archive() {
        let bytes = b"070701 and some text that goes on for long enough to be a header, had it only hexadecimal digits in it, but no".to_vec();
        assert!(Cpio.open(&Blob::memory(bytes), &Budget::new(Limits::default())).is_none());
    }
}
