//! YAFFS2 against images written here page by page, for there is no free tool that makes them.

use sekisho_model::fact::ReadState;

use super::*;
use crate::limits::Limits;
use crate::tree::Kind;

/// Writes an image page by page.
struct Writer {
    geometry: Geometry,
    bytes: Vec<u8>,
}

impl Writer {
    fn word(&self, value: u32) -> [u8; 4] {
        if self.geometry.big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn page(&mut self, content: &[u8], tags: Option<[u32; 4]>) {
        let geometry = self.geometry;
        let at = self.bytes.len();
        self.bytes.resize(at + geometry.stride() as usize, 0xff);
        self.bytes[at..at + content.len()].copy_from_slice(content);
        if let Some(tags) = tags {
            let raw: Vec<u8> = tags.iter().flat_map(|&tag| self.word(tag)).collect();
            let place = at + (geometry.page + geometry.tags_at) as usize;
            self.bytes[place..place + raw.len()].copy_from_slice(&raw);
        }
    }

    /// The header of an object of a kind, below a parent; with the object or the path that a link leads to.
    fn header(
        &mut self,
        sequence: u32,
        (object, kind, parent): (u32, u32, u32),
        name: &str,
        size: u32,
        other: (u32, &str),
    ) {
        let mut raw = vec![0xff; HEADER];
        for (at, value) in [(0, kind), (4, parent), (268, 0o100_755), (272, 7), (292, size), (296, other.0)] {
            raw[at..at + 4].copy_from_slice(&self.word(value));
        }
        raw[10..266].fill(0);
        raw[10..10 + name.len()].copy_from_slice(name.as_bytes());
        raw[300..460].fill(0);
        raw[300..300 + other.1.len()].copy_from_slice(other.1.as_bytes());
        // Half of the writers put a part of the header into the tags.
        let tags = if object.is_multiple_of(2) {
            [sequence, kind << 28 | object, 0x8000_0000 | parent, size]
        } else {
            [sequence, object, 0, 0xffff]
        };
        self.page(&raw, Some(tags));
    }
}

fn image(geometry: Geometry) -> Vec<u8> {
    let mut writer = Writer { geometry, bytes: Vec::new() };
    let page = geometry.page as u32;
    let full = vec![b'a'; page as usize];
    writer.header(0x1000, (256, 3, 1), "etc", 0, (0, ""));
    writer.header(0x1000, (257, 1, 256), "big", page + 3, (0, ""));
    writer.page(&full, Some([0x1000, 257, 1, page]));
    writer.page(b"old", Some([0x1000, 257, 2, 3]));
    // Written again later, though the block stands before others in the flash.
    writer.page(b"new", Some([0x1002, 257, 2, 3]));
    writer.page(b"mid", Some([0x1001, 257, 2, 3]));
    writer.header(0x1002, (258, 2, 1), "link", 0, (0, "etc/big"));
    writer.header(0x1002, (259, 4, 1), "hard", 0, (257, ""));
    writer.header(0x1001, (260, 1, 1), "gone", 3, (0, ""));
    writer.page(b"bye", Some([0x1001, 260, 1, 3]));
    writer.header(0x1002, (260, 1, 3), "gone", 3, (0, ""));
    // A file that was cut: what it had behind does not come back.
    writer.header(0x1001, (261, 1, 1), "short", 0, (0, ""));
    writer.page(b"xyz", Some([0x1001, 261, 2, 3]));
    writer.header(0x1002, (261, 1, 1), "short", 2, (0, ""));
    writer.page(b"hi", Some([0x1002, 261, 1, 2]));
    writer.page(&[], None);
    writer.bytes
}

#[test]
fn every_geometry_and_order() {
    for (page, spare) in GEOMETRIES {
        for (tags_at, big) in [(0, false), (2, false), (0, true)] {
            if tags_at + TAGS > spare {
                continue;
            }
            let geometry = Geometry { page, spare, tags_at, big };
            let bytes = image(geometry);
            assert_eq!(Geometry::find(&Blob::memory(bytes.clone()), big), Some(geometry));
            let opened = Yaffs2.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
            assert_eq!((opened.read, &opened.gaps), (ReadState::Whole, &Vec::new()), "{geometry:?}");
            let Content::Tree(tree) = opened.content else { panic!() };
            let read = |path: &str| {
                let entry = tree.entries().iter().find(|e| e.path == path).unwrap();
                assert_eq!((entry.mode, entry.uid), (Some(0o755), 7));
                tree.content(entry, 1 << 20).bytes.window(0, 1 << 20).unwrap().into_owned()
            };
            let mut paths: Vec<&str> = tree.entries().iter().map(|e| e.path.as_str()).collect();
            paths.sort_unstable();
            assert_eq!(paths, ["/etc", "/etc/big", "/hard", "/link", "/short"]);
            assert_eq!(read("/etc/big")[page as usize - 1..], *b"anew");
            assert_eq!(read("/hard"), read("/etc/big"));
            assert_eq!(read("/short"), b"hi");
            assert!(tree.entries().iter().any(|e| e.kind == Kind::Link("etc/big".into())));
        }
    }
}

#[test]
fn cut_anywhere_and_damaged() {
    let bytes = image(Geometry { page: 512, spare: 16, tags_at: 0, big: false });
    for cut in (0..bytes.len()).step_by(97) {
        let _ = Yaffs2.open(&Blob::memory(bytes[..cut].to_vec()), &Budget::new(Limits::default()));
    }
    for at in (0..bytes.len()).step_by(13) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x41;
        if let Some(opened) = Yaffs2.open(&Blob::memory(bytes), &Budget::new(Limits::default()))
            && let Content::Tree(tree) = opened.content
        {
            for entry in tree.entries() {
                assert!(tree.content(entry, 4096).bytes.len() <= 4096);
            }
        }
    }
}
