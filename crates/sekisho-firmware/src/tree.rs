//! File trees: what a file system or an archive holds.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use sekisho_model::Text;

use crate::blob::Blob;
use crate::findings::Aspects;

/// One entry of a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Absolute path within the tree, without `.` and `..`.
    pub(crate) path: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// Permission bits including set-id and sticky (`0o7777`); absent where the format keeps none.
    pub(crate) mode: Option<u16>,
    /// Owner.
    pub(crate) uid: u32,
    /// File capabilities that the program gets when it is started (`cap_net_raw` …).
    pub(crate) capabilities: Vec<String>,
    /// Where the format finds the content again.
    pub(crate) handle: u64,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file of so many bytes.
    File(u64),
    /// A directory.
    Directory,
    /// A symbolic link and its target as it stands there. It is never followed outside the tree.
    Link(String),
    /// A device, socket or pipe.
    #[default]
    Special,
}

/// The content of a file.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    /// The bytes that could be read.
    pub(crate) bytes: Blob,
    /// Why these are not all: damaged, or over the limit.
    pub(crate) cut: Option<Cut>,
}

/// Why a content is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A limit was reached.
    Limit,
    /// The data are damaged.
    Damaged(String),
    /// The data are whole, and in a form that is not read: encrypted, or of a rare compression.
    Unread(String),
}

impl Content {
    pub(crate) fn whole(bytes: Blob) -> Self {
        Self { bytes, cut: None }
    }

    pub(crate) fn damaged(why: impl Into<String>) -> Self {
        Self { bytes: Blob::memory(Vec::new()), cut: Some(Cut::Damaged(why.into())) }
    }
}

/// A file system or archive that was opened. Content is read on demand, from several threads.
pub(crate) trait Tree: Sync + Send {
    /// All entries, in the order in which reading them is cheap.
    fn entries(&self) -> &[Entry];

    /// At most `limit` bytes of the file `entry`.
    fn content(&self, entry: &Entry, limit: u64) -> Content;
}

/// Makes a path absolute and plain: `./etc//x` is `/etc/x`. None where it would leave the tree or names nothing.
pub(crate) fn plain_path(path: &str) -> Option<String> {
    let mut plain = String::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part if part.contains('\0') => return None,
            part => {
                plain.push('/');
                plain.push_str(part);
            }
        }
    }
    (!plain.is_empty()).then_some(plain)
}

/// A tree seen as a Unix system: paths resolved, links followed inside.
pub(crate) struct View<'a> {
    pub(crate) tree: &'a dyn Tree,
    /// Where the system's root lies in the tree: nothing, or a path such as `/rootfs`.
    pub(crate) root: String,
    index: BTreeMap<&'a str, usize>,
    limit: u64,
    /// What inspectors could not look at: where, for what, and why.
    pub(crate) gaps: RefCell<Vec<(String, Aspects, Text)>>,
    /// What following the system's start scripts has cost so far, and how many commands were kept of them.
    pub(crate) followed: Cell<usize>,
    pub(crate) kept: Cell<usize>,
    /// Programs that commands name, which need no second look for a script in them.
    programs: RefCell<BTreeSet<String>>,
}

/// Links followed before giving up, as in Linux.
const MAX_LINKS: usize = 40;

impl<'a> View<'a> {
    /// `limit`: bytes read of one file at most.
    pub(crate) fn new(tree: &'a dyn Tree, root: String, limit: u64) -> Self {
        let index = tree.entries().iter().enumerate().map(|(i, e)| (e.path.as_str(), i)).collect();
        Self {
            tree,
            root,
            index,
            limit,
            gaps: RefCell::default(),
            followed: Cell::new(0),
            kept: Cell::new(0),
            programs: RefCell::default(),
        }
    }

    /// The entry at exactly this path of the tree.
    pub(crate) fn entry(&self, path: &str) -> Option<&'a Entry> {
        self.tree.entries().get(*self.index.get(path)?)
    }

    /// The entry that `path` (within the system) leads to, links followed.
    pub(crate) fn resolve(&self, path: &str) -> Option<&'a Entry> {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut at = String::new();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    at.truncate(at.rfind('/').unwrap_or(0));
                    continue;
                }
                part => {
                    at.push('/');
                    at.push_str(part);
                }
            }
            let full = format!("{}{at}", self.root);
            match self.entry(&full).map(|e| &e.kind) {
                Some(Kind::Link(target)) => {
                    links += 1;
                    if links > MAX_LINKS || target.len() > 4096 {
                        return None;
                    }
                    if target.starts_with('/') {
                        at.clear();
                    } else {
                        at.truncate(at.rfind('/').unwrap_or(0));
                    }
                    pending.extend(target.split('/').rev().map(str::to_owned));
                }
                // Archives often leave directories out; a missing leaf ends the walk all the same.
                None if pending.is_empty() => return None,
                Some(_) | None => {}
            }
        }
        self.entry(&format!("{}{at}", self.root))
    }

    /// The directory entries directly under `directory` (a path of the tree), by name.
    pub(crate) fn children(&self, directory: &str) -> impl Iterator<Item = &'a Entry> + '_ {
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        let depth = prefix.len();
        let from = self.index.range::<str, _>((std::ops::Bound::Included(prefix.as_str()), std::ops::Bound::Unbounded));
        from.take_while(move |(path, _)| path.starts_with(&prefix))
            .filter(move |(path, _)| !path[depth..].contains('/'))
            .filter_map(|(_, &i)| self.tree.entries().get(i))
    }

    /// The entries directly under `directory` of the system, links to it followed, by name.
    pub(crate) fn listing(&self, directory: &str) -> Vec<&'a Entry> {
        // Archives often leave directories out: what lies under the path as it stands counts all the same.
        let place = self.resolve(directory).map_or_else(|| format!("{}{directory}", self.root), |e| e.path.clone());
        self.children(&place).collect()
    }

    /// The names of the directories under `directory` of the system, also of those that only their files show.
    pub(crate) fn directories(&self, directory: &str) -> BTreeSet<&'a str> {
        let prefix = format!("{}{}/", self.root, directory.trim_end_matches('/'));
        let from = self.index.range::<str, _>((std::ops::Bound::Included(prefix.as_str()), std::ops::Bound::Unbounded));
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for (path, &i) in from.take_while(|(path, _)| path.starts_with(&prefix)) {
            let rest = path.get(prefix.len()..).unwrap_or_default();
            let name = match rest.split_once('/') {
                Some((name, _)) => name,
                None if self.tree.entries().get(i).is_some_and(|e| e.kind == Kind::Directory) => rest,
                None => continue,
            };
            names.insert(name);
        }
        names
    }

    /// Where an entry of the tree lies in the system.
    pub(crate) fn system_path<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(self.root.as_str()).unwrap_or(path)
    }

    /// Notes what an inspector could not look at.
    pub(crate) fn gap(&self, path: &str, aspects: Aspects, reason: Text) {
        self.gaps.borrow_mut().push((path.to_owned(), aspects, reason));
    }

    /// A text file of the system with the entry it lies at; none where it is missing or not text.
    pub(crate) fn text(&self, path: &str) -> Option<(&'a Entry, String)> {
        let entry = self.resolve(path)?;
        self.text_of(entry).map(|text| (entry, text))
    }

    /// The script at `path` of the system; none where it is a program or missing. A program is read no further than to tell, and once.
    pub(crate) fn script(&self, path: &str) -> Option<(&'a Entry, String)> {
        let entry = self.resolve(path)?;
        if !matches!(entry.kind, Kind::File(1..)) || self.programs.borrow().contains(entry.path.as_str()) {
            return None;
        }
        let text = if self.tree.content(entry, 4).bytes.array::<4>(0) == Some(*b"\x7fELF") {
            None
        } else {
            self.text_of(entry)
        };
        if text.is_none() {
            self.programs.borrow_mut().insert(entry.path.clone());
        }
        text.map(|text| (entry, text))
    }

    /// The text of a file.
    pub(crate) fn text_of(&self, entry: &Entry) -> Option<String> {
        let bytes = self.bytes_of(entry)?;
        (!bytes.contains(&0)).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes of a file.
    pub(crate) fn bytes_of(&self, entry: &Entry) -> Option<Vec<u8>> {
        let Kind::File(_) = entry.kind else { return None };
        let content = self.tree.content(entry, self.limit);
        content.bytes.window(0, self.limit as usize).ok().map(std::borrow::Cow::into_owned)
    }

    /// Whether the system has something at `path`.
    pub(crate) fn exists(&self, path: &str) -> bool {
        self.resolve(path).is_some()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A tree for tests: path, mode, content; `-> target` makes a link.
    pub(crate) struct FakeTree {
        entries: Vec<Entry>,
        contents: Vec<Vec<u8>>,
    }

    impl FakeTree {
        pub(crate) fn new(files: &[(&str, u16, &str)]) -> Self {
            let mut tree = Self { entries: Vec::new(), contents: Vec::new() };
            for (path, mode, content) in files {
                let kind = match content.strip_prefix("-> ") {
                    Some(target) => Kind::Link(target.to_owned()),
                    None => Kind::File(content.len() as u64),
                };
                tree.entries.push(Entry {
                    path: (*path).to_owned(),
                    kind,
                    mode: Some(*mode),
                    handle: tree.contents.len() as u64,
                    ..Entry::default()
                });
                tree.contents.push(content.as_bytes().to_vec());
            }
            tree
        }

        pub(crate) fn view(&self) -> View<'_> {
            View::new(self, String::new(), 1 << 20)
        }
    }

    impl Tree for FakeTree {
        fn entries(&self) -> &[Entry] {
            &self.entries
        }

        fn content(&self, entry: &Entry, limit: u64) -> Content {
            let mut bytes = self.contents[entry.handle as usize].clone();
            bytes.truncate(limit as usize);
            Content::whole(Blob::memory(bytes))
        }
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(plain_path("./etc//passwd").as_deref(), Some("/etc/passwd"));
        assert_eq!(plain_path("../../etc/passwd"), None);
        assert_eq!(plain_path("a/../../b"), None);
        assert_eq!(plain_path("./"), None);
    }

    #[test]
    fn links_are_followed_inside_the_tree_only() {
        let tree = FakeTree::new(&[
            ("/bin", 0o777, "-> usr/bin"),
            ("/usr/bin/busybox", 0o755, "x"),
            ("/usr/bin/sh", 0o777, "-> ../../bin/busybox"),
            ("/loop", 0o777, "-> loop"),
            ("/out", 0o777, "-> ../../../../usr/bin/busybox"),
        ]);
        let view = tree.view();
        assert_eq!(view.resolve("/bin/sh").unwrap().path, "/usr/bin/busybox");
        assert_eq!(view.resolve("/out").unwrap().path, "/usr/bin/busybox");
        assert!(view.resolve("/loop").is_none());
        let names: Vec<_> = view.children("/usr/bin").map(|e| e.path.as_str()).collect();
        assert_eq!(names, ["/usr/bin/busybox", "/usr/bin/sh"]);
    }
}
