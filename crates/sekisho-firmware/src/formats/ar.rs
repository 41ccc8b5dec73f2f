//! ar archives, as Debian packages and older opkg packages are (`ar(5)` of FreeBSD, `deb(5)`).

use std::sync::Arc;

use super::stored::Stored;
use super::{Format, Opened, Signature, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Entry, Kind, plain_path};

pub(super) struct Ar;

const HEADER: usize = 60;
/// GNU's table of long names.
const MAX_NAMES: usize = 1 << 20;

impl Format for Ar {
    fn name(&self) -> &'static str {
        "ar"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"!<arch>\n")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let mut tree = Stored::new(data);
        let mut opened = Opened::default();
        let mut long_names = Vec::new();
        let mut unsafe_names = 0;
        let mut library = false;
        let mut at = 8_u64;
        while let Some(member) = Member::read(data, at) {
            if !budget.entry() || budget.out_of_time() {
                opened = opened.damaged(reason::files_limit());
                break;
            }
            let mut content = at + HEADER as u64;
            let mut size = member.size;
            let end = content.checked_add(size)?.min(u64::MAX - 1);
            at = end + end % 2;
            // A byte of fill makes the length even.
            let fill = end % 2 == 1 && data.array::<1>(end) == Some(*b"\n");
            opened.length = (end + u64::from(fill)).min(data.len());
            let mut name = member.name.clone();
            if matches!(name.as_str(), "/" | "/SYM64/") || name.starts_with("__.SYMDEF") {
                // A table of symbols: a library for linking, of which nothing runs by itself.
                library = true;
            } else if name == "//" {
                long_names = data.window(content, (size as usize).min(MAX_NAMES)).ok()?.into_owned();
                continue;
            } else if let Some(place) = name.strip_prefix('/').and_then(|n| n.parse::<usize>().ok()) {
                let long = long_names.get(place..).unwrap_or_default();
                let length = memchr::memchr(b'\n', long).unwrap_or(long.len());
                name = String::from_utf8_lossy(&long[..length]).into_owned();
            } else if let Some(length) = name.strip_prefix("#1/").and_then(|n| n.parse::<u64>().ok()) {
                // BSD puts long names in front of the content.
                let length = length.min(size).min(4096);
                let long = data.window(content, length as usize).ok()?;
                String::from_utf8_lossy(&long).trim_end_matches('\0').clone_into(&mut name);
                content += length;
                size -= length;
            }
            if end > data.len() {
                opened = opened.damaged(reason::truncated("ar", end, data.len()));
            }
            match plain_path(name.trim_end_matches('/')) {
                Some(path) => {
                    let handle = tree.places.len() as u64;
                    tree.entries.push(Entry {
                        path,
                        kind: Kind::File(size),
                        mode: member.mode,
                        handle,
                        ..Entry::default()
                    });
                    tree.places.push((content, size));
                }
                None if library => {}
                None => unsafe_names += 1,
            }
        }
        if opened.length == 0 {
            return None;
        }
        if library {
            opened.detail = Some("a library for linking".into());
            return Some(opened);
        }
        if unsafe_names > 0 {
            opened = opened.damaged(reason::unsafe_names(unsafe_names));
        }
        Some(opened.archive(self.name(), Box::new(tree), data, budget))
    }
}

struct Member {
    name: String,
    mode: Option<u16>,
    size: u64,
}

impl Member {
    fn read(data: &Blob, at: u64) -> Option<Self> {
        let header = data.array::<HEADER>(at)?;
        if header[58..] != *b"`\n" {
            return None;
        }
        let text = |from: usize, to: usize| std::str::from_utf8(&header[from..to]).ok().map(str::trim_end);
        let size = text(48, 58)?.parse().ok()?;
        let mode = u32::from_str_radix(text(40, 48)?, 8).ok().map(|mode| (mode & 0o7777) as u16);
        Some(Self { name: text(0, 16)?.to_owned(), mode, size })
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content as Body;
    use crate::limits::Limits;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = b"!<arch>\n".to_vec();
        for (name, content) in members {
            out.extend(
                format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, content.len()).into_bytes(),
            );
            out.extend_from_slice(content);
            if content.len() % 2 == 1 {
                out.push(b'\n');
            }
        }
        out
    }

    fn open(bytes: &[u8]) -> Option<Opened> {
        Ar.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    #[test]
    fn members_and_long_names() {
        let long = b"a-name-that-is-longer-than-sixteen/\n";
        let bytes =
            archive(&[("debian-binary/", b"2.0"), ("//", long), ("/0", b"x"), ("#1/20", b"another-long-name\0\0\0yz")]);
        let opened = open(&bytes).unwrap();
        assert_eq!((opened.length, opened.read), (bytes.len() as u64, ReadState::Whole));
        let Body::Tree(tree) = opened.content else { panic!() };
        let found: Vec<(&str, &Kind)> = tree.entries().iter().map(|e| (e.path.as_str(), &e.kind)).collect();
        assert_eq!(
            found,
            [
                ("/debian-binary", &Kind::File(3)),
                ("/a-name-that-is-longer-than-sixteen", &Kind::File(1)),
                ("/another-long-name", &Kind::File(2))
            ]
        );
        assert_eq!(tree.entries()[0].mode, Some(0o644));
        for end in 0..bytes.len() {
            assert!(open(&bytes[..end]).is_none_or(|o| o.length <= end as u64));
        }
    }

    #[test]
    fn libraries_and_names_that_lead_out() {
        assert!(matches!(open(&archive(&[("/", b"1234"), ("a.o/", b"x")])).unwrap().content, Body::Nothing));
        assert_eq!(open(&archive(&[("../../x", b"1234")])).unwrap().read, ReadState::Partial);
        assert!(open(b"!<arch>\n and no more").is_none());
    }
}
