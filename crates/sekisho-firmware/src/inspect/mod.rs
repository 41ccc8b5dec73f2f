//! The inspectors: each looks for one subject, in one file or in a whole system, as a pure function.

pub(crate) mod accounts;
mod binaries;
pub(crate) mod boot_environment;
mod build_id;
mod build_info;
pub(crate) mod build_options;
mod certificates;
mod command_lines;
mod comment;
pub(crate) mod credentials;
mod crypt;
mod debug;
pub(crate) mod der;
mod endpoints;
pub(crate) mod inventory;
mod keys;
pub(crate) mod known_keys;
mod languages;
pub(crate) mod literals;
pub(crate) mod modes;
mod modules;
mod mounts;
pub(crate) mod mtdparts;
pub(crate) mod packages;
pub(crate) mod raw;
pub(crate) mod relate;
mod secret;
mod services;
mod settings;
mod shell;
mod spki;
mod system;
pub(crate) mod tokens;
mod uci;
mod updates;
mod user_files;
pub(crate) mod versions;
mod writable;

use std::borrow::Cow;
use std::collections::BTreeSet;

use sekisho_model::fact::{Fact, Observed, PrivateKey, Source};
use time::Date;

use crate::classify::is_text;
use crate::tree::{Entry, Kind, Tree, View};

/// Something that was seen, and where in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) observed: Observed,
    /// Offset in the file, of something in a program.
    pub(crate) at: Option<u64>,
    pub(crate) line: Option<u32>,
    pub(crate) excerpt: Option<String>,
}

impl Seen {
    pub(crate) fn new(observed: Observed) -> Self {
        Self { observed, at: None, line: None, excerpt: None }
    }

    /// Seen in line `index` (from 0), which reads `line`.
    pub(crate) fn at_line(observed: Observed, index: usize, line: &str) -> Self {
        Self { observed, at: None, line: u32::try_from(index + 1).ok(), excerpt: Some(shorten(line)) }
    }

    /// Seen in the string `text`.
    pub(crate) fn in_string(observed: Observed, text: &str) -> Self {
        Self { observed, at: None, line: None, excerpt: Some(shorten(text)) }
    }
}

/// One file to look at.
#[derive(Debug)]
pub(crate) struct FileInput<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) bytes: &'a [u8],
    /// The bytes as text, where they are one.
    pub(crate) text: Option<Cow<'a, str>>,
    pub(crate) today: Date,
}

impl FileInput<'_> {
    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        file_name(&self.entry.path)
    }

    pub(crate) fn is_elf(&self) -> bool {
        self.bytes.starts_with(b"\x7fELF")
    }

    /// Whether everybody on the system can read it.
    pub(crate) fn world_readable(&self) -> bool {
        self.entry.mode.is_none_or(|mode| mode & 0o004 != 0)
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Texts up to this size are looked at as such.
pub(crate) const MAX_TEXT: usize = 4 << 20;

/// The bytes as text, where they are one.
pub(crate) fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    (bytes.len() <= MAX_TEXT && is_text(bytes)).then(|| String::from_utf8_lossy(bytes))
}

/// Everything that one file shows by itself.
pub(crate) fn file(file: &FileInput<'_>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let literals = literals::find(file.bytes);
    let elf = file.is_elf().then(|| binaries::parse(file.bytes)).flatten();
    if let Some(elf) = &elf {
        seen.push(binaries::inspect(file, elf));
    }
    if file.is_elf() {
        let components = versions::identify(file, elf.as_ref(), literals.components.iter().copied());
        seen.extend(inventory::of_program(file, elf.as_ref(), components));
    }
    seen.extend(languages::inspect(file));
    seen.extend(keys::inspect(file));
    seen.extend(certificates::inspect(file));
    seen.extend(credentials::inspect(file, &literals));
    seen.extend(endpoints::inspect(file));
    seen.extend(build_options::inspect(file));
    seen.extend(updates::script::inspect(file));
    seen.extend(modes::inspect(file.entry, file.bytes));
    seen
}

/// An inspector of a whole system: what it saw, with the path of the tree where it saw it.
pub(crate) type SystemInspector = fn(&View<'_>) -> Vec<(String, Seen)>;

/// The inspectors of whole systems.
pub(crate) const SYSTEM: &[SystemInspector] = &[packages::inspect, system::inspect, accounts::inspect, what_runs];

/// What init starts, and what follows from it: services, their settings (what one is worth depends on whether its program starts), debug
/// interfaces, ways of updating, code from where it can be changed.
fn what_runs(view: &View<'_>) -> Vec<(String, Seen)> {
    let launches = services::launches(view);
    let settings = settings::read(view, &launches);
    let mut seen = services::inspect(view, &launches, &settings);
    seen.extend(settings.seen);
    settings::with_starts(&mut seen);
    seen.extend(debug::inspect(view, &launches));
    seen.extend(updates::inspect(view, &launches));
    seen.extend(writable::inspect(view, &launches));
    seen
}

/// Where root file systems lie in a tree: directories that have what a system has. A root below another root (a chroot, a recovery system)
/// counts by itself.
pub(crate) fn roots(tree: &dyn Tree) -> Vec<String> {
    const MARKS: [&str; 8] = [
        "/etc/passwd",
        "/etc/shadow",
        "/etc/inittab",
        "/etc/fstab",
        "/etc/init.d",
        "/bin/busybox",
        "/bin/sh",
        "/etc/os-release",
    ];
    let mut roots = BTreeSet::new();
    for entry in tree.entries() {
        for mark in MARKS {
            if let Some(root) = entry.path.strip_suffix(mark)
                && !root.ends_with("/usr")
                && !is_packaging(root)
            {
                roots.insert(root.to_owned());
            }
        }
    }
    roots.into_iter().take(8).collect()
}

/// Directories that hold templates and documentation rather than systems.
fn is_packaging(root: &str) -> bool {
    ["/usr/share/", "/usr/lib/", "/usr/src/"].iter().any(|prefix| format!("{root}/").contains(prefix))
}

/// Longest excerpt in characters.
const EXCERPT: usize = 200;

/// A line as an excerpt: trimmed, printable, not too long.
pub(crate) fn shorten(text: &str) -> String {
    let text = text.trim();
    let mut out: String = text.chars().take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(EXCERPT).is_some() {
        out.push('…');
    }
    out
}

/// A secret with nothing but its first and last characters; of a short one not even these.
pub(crate) fn mask(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [first, .., last] if chars.len() >= 8 => format!("{first}{}{last}", "*".repeat(6)),
        _ => "*".repeat(6),
    }
}

/// A line as an excerpt with `secret` masked in it.
pub(crate) fn masked_excerpt(line: &str, secret: &str) -> String {
    if secret.is_empty() { shorten(line) } else { shorten(&line.replace(secret, &mask(secret))) }
}

/// All inspectors on a system made of text files, each of which passes for a private key, too.
pub(crate) fn system_of_texts(files: &[(&str, &str)]) {
    struct Texts(Vec<Entry>, Vec<Vec<u8>>);
    impl Tree for Texts {
        fn entries(&self) -> &[Entry] {
            &self.0
        }
        fn content(&self, entry: &Entry, _limit: u64) -> crate::tree::Content {
            crate::tree::Content::whole(crate::blob::Blob::memory(self.1[entry.handle as usize].clone()))
        }
    }
    let mut tree = Texts(Vec::new(), Vec::new());
    for (path, content) in files {
        let handle = tree.1.len() as u64;
        tree.0.push(Entry {
            path: (*path).into(),
            kind: Kind::File(content.len() as u64),
            mode: Some(0o755),
            handle,
            ..Entry::default()
        });
        tree.1.push(content.as_bytes().to_vec());
    }
    let view = View::new(&tree, String::new(), 1 << 20);
    let mut facts = Vec::new();
    for (path, seen) in SYSTEM.iter().flat_map(|inspector| inspector(&view)) {
        let source = Source { path: Some(path), ..Source::default() };
        facts.push(Fact { observed: seen.observed, subject: String::new(), source });
    }
    for entry in tree.entries() {
        let key = Observed::PrivateKey(PrivateKey { fingerprint: Some(String::new()), ..PrivateKey::default() });
        let source = Source { path: Some(entry.path.clone()), ..Source::default() };
        facts.push(Fact { observed: key, subject: String::new(), source });
    }
    let _ = relate::system(&view, &[], &mut facts);
    relate::image(&mut facts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    #[test]
    fn secrets_are_masked() {
        assert_eq!(mask("hunter2"), "******");
        assert_eq!(mask("correct horse"), "c******e");
        assert_eq!(mask(""), "");
        assert_eq!(masked_excerpt("psk=correct horse", "correct horse"), "psk=c******e");
    }

    #[test]
    fn roots_are_found_at_any_depth() {
        let tree = FakeTree::new(&[
            ("/rootfs/etc/passwd", 0o644, ""),
            ("/usr/share/base-files/etc/passwd", 0o644, ""),
            ("/usr/etc/passwd", 0o644, ""),
        ]);
        assert_eq!(roots(&tree), ["/rootfs"]);
    }
}
