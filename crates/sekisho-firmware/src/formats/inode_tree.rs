//! From inodes and names that lie scattered to a tree of paths.

use std::collections::{BTreeMap, HashMap, HashSet};

use sekisho_model::Text;

use crate::limits::Budget;
use crate::reason;
use crate::tree::{Entry, Kind};

/// Directories in directories: Linux's paths end at 4096 characters.
const MAX_DEPTH: usize = 256;

/// An inode as far as a tree shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) mode: Option<u16>,
    pub(super) uid: u32,
    pub(super) capabilities: Vec<String>,
}

impl Node {
    /// The kind and permissions of a Unix mode; `content` is asked for the kind of what is a file or a link.
    pub(super) fn of_mode(mode: u32, uid: u32, size: u64, target: impl FnOnce() -> String) -> Self {
        let kind = match mode & 0o170_000 {
            0o100_000 => Kind::File(size),
            0o040_000 => Kind::Directory,
            0o120_000 => Kind::Link(target()),
            _ => Kind::Special,
        };
        Self { kind, mode: Some((mode & 0o7777) as u16), uid, capabilities: Vec::new() }
    }
}

/// The names in each directory and the inodes they lead to.
pub(super) type Names = HashMap<u64, BTreeMap<Vec<u8>, u64>>;

/// All that can be reached from `root`, with the inode's number as handle, and what is wrong with it.
///
/// Every directory is entered once: one met again lies in itself or is linked twice, and ends there.
pub(super) fn walk(
    format: &str,
    root: u64,
    names: &Names,
    inode: &dyn Fn(u64) -> Option<Node>,
    budget: &Budget,
) -> (Vec<Entry>, Vec<Text>) {
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    let (mut unsafe_names, mut cycles, mut missing) = (0_u64, 0_u64, 0_u64);
    let mut seen = HashSet::from([root]);
    let mut pending = vec![(String::new(), 0_usize, root)];
    'walk: while let Some((directory, depth, number)) = pending.pop() {
        for (name, &child) in names.get(&number).into_iter().flatten() {
            if !budget.entry() || budget.out_of_time() {
                problems.push(reason::files_limit());
                break 'walk;
            }
            if name.is_empty() || name == b"." || name == b".." || name.iter().any(|b| matches!(b, b'/' | 0)) {
                unsafe_names += 1;
                continue;
            }
            let Some(node) = inode(child) else {
                missing += 1;
                continue;
            };
            let path = format!("{directory}/{}", String::from_utf8_lossy(name));
            if node.kind == Kind::Directory {
                if !seen.insert(child) || depth >= MAX_DEPTH {
                    cycles += 1;
                    continue;
                }
                pending.push((path.clone(), depth + 1, child));
            }
            let Node { kind, mode, uid, capabilities } = node;
            entries.push(Entry { path, kind, mode, uid, capabilities, handle: child });
        }
    }
    if problems.is_empty() {
        let lost =
            names.iter().filter(|(number, _)| !seen.contains(number)).map(|(_, names)| names.len()).sum::<usize>();
        if lost > 0 {
            problems.push(reason::damaged(format, &format!("{lost} names lie in directories that cannot be reached")));
        }
    }
    if unsafe_names > 0 {
        problems.push(reason::unsafe_names(unsafe_names));
    }
    if cycles > 0 {
        problems.push(reason::damaged(format, &format!("{cycles} directories lie in themselves or in two places")));
    }
    if missing > 0 {
        problems.push(reason::damaged(format, &format!("{missing} names lead to nothing that can be read")));
    }
    (entries, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn names(list: &[(u64, &str, u64)]) -> Names {
        let mut names = Names::new();
        for (parent, name, child) in list {
            names.entry(*parent).or_default().insert(name.as_bytes().to_vec(), *child);
        }
        names
    }

    /// Whatever is asked for is a directory, but for 99.
    fn directories(number: u64) -> Option<Node> {
        (number != 99).then(|| Node { kind: Kind::Directory, ..Node::default() })
    }

    #[test]
    fn a_directory_in_itself_ends() {
        let budget = Budget::new(Limits::default());
        let names = names(&[
            (1, "a", 2),
            (2, "up", 1),
            (2, "self", 2),
            (2, "..", 1),
            (2, "x/y", 3),
            (7, "lost", 8),
            (1, "none", 99),
        ]);
        let (entries, problems) = walk("x", 1, &names, &directories, &budget);
        assert_eq!(entries.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["/a"]);
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn names_are_counted_against_the_limit() {
        let budget = Budget::new(Limits { files: 3, ..Limits::default() });
        let names = names(&[(1, "a", 2), (1, "b", 3), (1, "c", 4), (1, "d", 5)]);
        let (entries, problems) = walk("x", 1, &names, &directories, &budget);
        assert_eq!((entries.len(), problems), (3, vec![reason::files_limit()]));
    }
}
