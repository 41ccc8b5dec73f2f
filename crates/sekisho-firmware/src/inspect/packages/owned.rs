//! Which files came in packages.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::file_name;
use super::{PACMAN, rpm};
use crate::tree::{Kind, View};

/// Paths kept; a system has seldom more than a tenth of it.
const MAX_PATHS: usize = 1_000_000;

/// The paths, in the tree, of all files that a package of the system at `view` put there, each with the package's name.
pub(crate) fn paths(view: &View<'_>) -> HashMap<String, Arc<str>> {
    let mut owned = Owned { paths: HashMap::new(), view };
    for folder in
        ["/usr/lib/opkg/info", "/var/lib/opkg/info", "/lib/opkg/info", "/opt/lib/opkg/info", "/var/lib/dpkg/info"]
    {
        for entry in view.children(&format!("{}{folder}", view.root)).filter(|e| e.path.ends_with(".list")) {
            if let Some(text) = view.text_of(entry) {
                // dpkg adds the architecture where several can be there at once: `zlib1g:amd64.list`.
                let name = file_name(&entry.path).trim_end_matches(".list");
                let package = Arc::from(name.split(':').next().unwrap_or(name));
                text.lines().for_each(|path| owned.add(path, &package));
            }
        }
    }
    for place in ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"] {
        if let Some((_, text)) = view.text(place) {
            // `F:` names a directory, the `R:` behind it the files in it.
            let mut directory = "";
            let mut package = Arc::from("");
            for line in text.lines() {
                match line.split_once(':') {
                    Some(("P", name)) => package = Arc::from(name),
                    Some(("F", path)) => directory = path,
                    Some(("R", name)) => owned.add(&format!("/{directory}/{name}"), &package),
                    _ => {}
                }
            }
        }
    }
    for place in rpm::PLACES {
        let bytes = view.resolve(place).and_then(|entry| view.bytes_of(entry));
        for package in bytes.and_then(|bytes| rpm::read(&bytes)).into_iter().flat_map(|database| database.packages) {
            let name = Arc::from(package.name.as_str());
            package.files.iter().for_each(|path| owned.add(path, &name));
        }
    }
    for entry in view.children(&format!("{}{PACMAN}", view.root)) {
        let text = |name: &str| view.entry(&format!("{}/{name}", entry.path)).and_then(|entry| view.text_of(entry));
        let (Some(description), Some(text)) = (text("desc"), text("files")) else { continue };
        let name = description.lines().skip_while(|line| *line != "%NAME%").nth(1).unwrap_or_default();
        let package = Arc::from(name);
        let files = text.lines().skip_while(|line| *line != "%FILES%").skip(1).take_while(|line| !line.is_empty());
        files.for_each(|path| owned.add(&format!("/{path}"), &package));
    }
    owned.paths
}

struct Owned<'a, 'v> {
    paths: HashMap<String, Arc<str>>,
    view: &'a View<'v>,
}

impl Owned<'_, '_> {
    /// A path as the package has it: `/lib` may be a link to `/usr/lib` on the system.
    fn add(&mut self, path: &str, package: &Arc<str>) {
        if self.paths.len() < MAX_PATHS
            && let Some(entry) = self.view.resolve(path.trim_end())
            && matches!(entry.kind, Kind::File(_))
        {
            self.paths.insert(entry.path.clone(), Arc::clone(package));
        }
    }
}

/// Whether the system has a package database with lists of files at all.
pub(crate) fn is_kept(view: &View<'_>) -> bool {
    let status = ["/usr/lib/opkg/status", "/var/lib/opkg/status", "/lib/opkg/status", "/opt/lib/opkg/status"];
    let others = ["/var/lib/dpkg/status", "/lib/apk/db/installed", "/usr/lib/apk/db/installed", PACMAN];
    status.iter().chain(&others).chain(&rpm::PLACES).any(|place| view.exists(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    #[test]
    fn lists_of_all_kinds() {
        let tree = FakeTree::new(&[
            ("/lib", 0o777, "-> usr/lib"),
            ("/usr/lib/libz.so.1", 0o644, "x"),
            ("/usr/bin/a", 0o755, "x"),
            ("/usr/bin/b", 0o755, "x"),
            ("/usr/bin/c", 0o755, "x"),
            ("/usr/bin/own", 0o755, "x"),
            ("/var/lib/dpkg/status", 0o644, ""),
            ("/var/lib/dpkg/info/zlib1g:amd64.list", 0o644, "/.\n/lib\n/lib/libz.so.1\n"),
            ("/usr/lib/opkg/info/a.list", 0o644, "/usr/bin/a\n"),
            ("/lib/apk/db/installed", 0o644, "P:b\nV:1\nF:usr/bin\nR:b\nZ:x\n"),
            ("/var/lib/pacman/local/c-1/files", 0o644, "%FILES%\nusr/\nusr/bin/c\n\n%BACKUP%\nusr/bin/own\n"),
            ("/var/lib/pacman/local/c-1", 0o755, ""),
            ("/var/lib/pacman/local/c-1/desc", 0o644, "%NAME%\nc\n\n%VERSION%\n1\n"),
        ]);
        let view = tree.view();
        assert!(is_kept(&view));
        let mut found: Vec<_> = paths(&view).into_iter().map(|(path, package)| format!("{path} {package}")).collect();
        found.sort();
        // Below the link `/lib` lies nothing of its own here, so apk's database is not at its place.
        assert_eq!(found, ["/usr/bin/a a", "/usr/bin/c c", "/usr/lib/libz.so.1 zlib1g"]);
    }
}
