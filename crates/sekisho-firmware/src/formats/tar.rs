//! tar archives (ustar, GNU, pax).

use std::collections::HashMap;
use std::sync::Arc;

use tar::{Archive, EntryType};

use super::stored::Stored;
use super::{Format, Opened, Signature};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;
use crate::tree::{Entry, Kind, Tree, plain_path};

pub(super) struct Tar;

impl Format for Tar {
    fn name(&self) -> &'static str {
        "tar"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"ustar", at: 257 }] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let (opened, tree) = read(data, budget)?;
        Some(opened.archive(self.name(), tree, data, budget))
    }
}

/// The archive's entries.
pub(super) fn read(data: &Blob, budget: &Arc<Budget>) -> Option<(Opened, Box<dyn Tree>)> {
    let header = data.array::<512>(0)?;
    let stored = std::str::from_utf8(&header[148..156]).ok()?.trim_matches(['\0', ' ']);
    let sum: u32 =
        header.iter().enumerate().map(|(i, &b)| if (148..156).contains(&i) { 32 } else { u32::from(b) }).sum();
    if u32::from_str_radix(stored, 8).ok()? != sum {
        return None;
    }
    let mut tree = Stored::new(data);
    let mut opened = Opened { length: 512, ..Opened::default() };
    let mut unsafe_names = 0;
    let mut by_path: HashMap<String, usize> = HashMap::new();
    let mut archive = Archive::new(data.reader());
    let entries = archive.entries_with_seek().ok()?;
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(why) => {
                opened = opened.damaged(reason::damaged("tar", &why.to_string()));
                break;
            }
        };
        let position = entry.raw_file_position();
        let size = entry.size();
        let end = position.saturating_add(size);
        opened.length = opened.length.max(end.div_ceil(512).saturating_mul(512).min(data.len()));
        if end > data.len() {
            opened = opened.damaged(reason::truncated("tar", end, data.len()));
        }
        if !budget.entry() || budget.out_of_time() {
            opened = opened.damaged(reason::files_limit());
            break;
        }
        let kind = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Kind::File(size),
            EntryType::Directory => Kind::Directory,
            EntryType::Symlink => {
                let target = entry.link_name_bytes().unwrap_or_default();
                Kind::Link(String::from_utf8_lossy(&target).into_owned())
            }
            EntryType::Link => {
                // A hard link shares the content of an earlier entry.
                let target = entry.link_name_bytes().unwrap_or_default();
                let target = plain_path(&String::from_utf8_lossy(&target));
                match target.and_then(|t| by_path.get(&t).and_then(|&i: &usize| tree.entries.get(i).cloned())) {
                    Some(original) => {
                        add(
                            &mut tree,
                            &entry.path_bytes(),
                            &mut unsafe_names,
                            Entry { path: String::new(), ..original },
                        );
                        continue;
                    }
                    None => continue,
                }
            }
            EntryType::XGlobalHeader | EntryType::XHeader => continue,
            _ => Kind::Special,
        };
        let place = tree.places.len() as u64;
        tree.places.push((position, size));
        let header = entry.header();
        let made = Entry {
            path: String::new(),
            kind,
            mode: header.mode().ok().map(|m| (m & 0o7777) as u16),
            uid: header.uid().ok().and_then(|u| u32::try_from(u).ok()).unwrap_or(0),
            handle: place,
            ..Entry::default()
        };
        add(&mut tree, &entry.path_bytes(), &mut unsafe_names, made);
        if let Some(last) = tree.entries.last() {
            by_path.insert(last.path.clone(), tree.entries.len() - 1);
        }
    }
    // Two blocks of zeros end an archive, and tools fill up to their block size.
    while opened.length < data.len() && data.exact(opened.length, 512).is_ok_and(|b| b.iter().all(|&b| b == 0)) {
        opened.length += 512;
    }
    if tree.entries.is_empty() && unsafe_names == 0 {
        return None;
    }
    if unsafe_names > 0 {
        opened = opened.damaged(reason::unsafe_names(unsafe_names));
    }
    Some((opened, Box::new(tree)))
}

fn add(tree: &mut Stored, name: &[u8], unsafe_names: &mut u64, entry: Entry) {
    let name = String::from_utf8_lossy(name);
    match plain_path(&name) {
        Some(path) => tree.entries.push(Entry { path, ..entry }),
        // `./` is the archive's own root, not an attempt at anything.
        None if name.split('/').all(|part| matches!(part, "" | ".")) => {}
        None => *unsafe_names += 1,
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content as Body;
    use crate::limits::Limits;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_ustar();
            header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_mode(0o644);
            header.set_size(content.len() as u64);
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn names_that_lead_out_are_left_out_and_said() {
        let bytes = archive(&[("../../etc/passwd", b"x"), ("./etc/ok", b"hello")]);
        let opened = Tar.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        let Body::Tree(tree) = opened.content else { panic!() };
        assert_eq!(tree.entries().len(), 1);
        assert_eq!(tree.entries()[0].path, "/etc/ok");
        assert_eq!(tree.content(&tree.entries()[0], 99).bytes.window(0, 9).unwrap().as_ref(), b"hello");
    }

    #[test]
    fn a_truncated_archive_is_partial() {
        let mut bytes = archive(&[("a", &[1; 4000]), ("b", &[2; 4000])]);
        bytes.truncate(6000);
        let opened = Tar.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
    }
}
