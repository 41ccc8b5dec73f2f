//! Objects: what the pages of the log add up to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sekisho_model::Text;

use super::{Geometry, Page};
use crate::blob::Blob;
use crate::formats::inode_tree::{self, Names, Node};
use crate::formats::pieces::{File, Packing, Piece, PieceTree};
use crate::limits::{Budget, Held};
use crate::tree::Kind;

/// Numbers of objects that are always there (`YAFFS_OBJECTID_ROOT` …): the root, and below what was deleted.
const ROOT: u32 = 1;
const LOST_AND_FOUND: u32 = 2;
const UNLINKED: u32 = 3;
const DELETED: u32 = 4;

/// What the newest header of an object says.
struct Object {
    kind: u32,
    parent: u32,
    name: Vec<u8>,
    mode: u32,
    uid: u32,
    size: u64,
    /// Of a hard link, the object it leads to.
    same_as: u32,
    target: Vec<u8>,
}

/// All objects.
pub(super) struct Objects {
    geometry: Geometry,
    headers: HashMap<u32, Object>,
    chunks: HashMap<u32, BTreeMap<u32, Piece>>,
}

/// A text that ends with a NUL or with its field.
fn text(field: &[u8]) -> Vec<u8> {
    field.split(|&b| b == 0).next().unwrap_or_default().to_vec()
}

impl Objects {
    pub(super) fn new(geometry: Geometry) -> Self {
        Self { geometry, headers: HashMap::new(), chunks: HashMap::new() }
    }

    /// Takes in the next page of the log; none where it should be a header and is none.
    pub(super) fn take(&mut self, page: &Page, data: &Blob) -> Option<()> {
        if page.chunk == 0 {
            return self.header(page, data);
        }
        let at = u64::from(page.chunk - 1) * self.geometry.page;
        let piece = Piece { at, length: page.bytes, from: page.at, packed: page.bytes, packing: Packing::Stored };
        self.chunks.entry(page.object).or_default().insert(page.chunk, piece);
        // Data written behind the end, with the header still to come.
        if let Some(object) = self.headers.get_mut(&page.object) {
            object.size = object.size.max(at + u64::from(page.bytes));
        }
        Some(())
    }

    fn header(&mut self, page: &Page, data: &Blob) -> Option<()> {
        let raw = self.geometry.header(data, page.at)?;
        let field = |at| self.geometry.u32(&raw, at);
        // The upper half of the size is all ones where it was not thought of.
        let high = field(496);
        let size = u64::from(field(292)) | if high == u32::MAX { 0 } else { u64::from(high) << 32 };
        let object = Object {
            kind: field(0),
            parent: field(4),
            name: text(&raw[10..265]),
            mode: field(268),
            uid: field(272),
            size,
            same_as: field(296),
            target: text(&raw[300..460]),
        };
        // A file that was cut and grows again has no old data in between.
        if let Some(chunks) = self.chunks.get_mut(&page.object) {
            let first = size.div_ceil(self.geometry.page).saturating_add(1);
            chunks.split_off(&u32::try_from(first).unwrap_or(u32::MAX));
        }
        // What had the name before is gone where one was renamed onto it.
        let shadowed = field(504);
        if (5..=0x3_ffff).contains(&shadowed) && shadowed != page.object {
            self.headers.remove(&shadowed);
        }
        self.headers.insert(page.object, object);
        Some(())
    }

    pub(super) fn tree(mut self, data: Blob, held: Held, budget: &Arc<Budget>) -> (PieceTree, Vec<Text>) {
        let mut names = Names::new();
        let (mut files, mut nodes) = (HashMap::new(), HashMap::new());
        for (&number, object) in &self.headers {
            if number == ROOT || matches!(object.parent, UNLINKED | DELETED) {
                continue;
            }
            let leads_to = if object.kind == 4 { object.same_as } else { number };
            names.entry(u64::from(object.parent)).or_default().insert(object.name.clone(), u64::from(leads_to));
            let kind = match object.kind {
                1 => Kind::File(object.size),
                2 => Kind::Link(String::from_utf8_lossy(&object.target).into_owned()),
                3 => Kind::Directory,
                4 => continue,
                _ => Kind::Special,
            };
            if let Kind::File(size) = kind {
                let pieces = self.chunks.remove(&number).unwrap_or_default().into_values().collect();
                // The driver writes holes out (`yaffs_handle_hole`): a page that is missing lies where it was not found.
                files.insert(u64::from(number), File { size, pieces, cut: None }.without_holes());
            }
            let mode = Some((object.mode & 0o7777) as u16);
            nodes.insert(u64::from(number), Node { kind, mode, uid: object.uid, ..Node::default() });
        }
        // It need not have a header; without one it has no mode either.
        if names.contains_key(&u64::from(LOST_AND_FOUND)) && !nodes.contains_key(&u64::from(LOST_AND_FOUND)) {
            names.entry(u64::from(ROOT)).or_default().insert(b"lost+found".to_vec(), u64::from(LOST_AND_FOUND));
            nodes.insert(u64::from(LOST_AND_FOUND), Node { kind: Kind::Directory, ..Node::default() });
        }
        let (entries, problems) =
            inode_tree::walk("yaffs2", u64::from(ROOT), &names, &|number| nodes.get(&number).cloned(), budget);
        (PieceTree { entries, files, data, budget: Arc::clone(budget), _held: held }, problems)
    }
}
