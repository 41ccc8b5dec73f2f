//! The inventory of a tree: what its single files show of components, put together.

use std::collections::HashSet;

use goblin::elf::Elf;
use sekisho_model::fact::{Fact, FoundBy, Observed};

use super::packages::owned;
use super::{FileInput, Seen, build_id, build_info, modules};
use crate::tree::View;

/// The components of a program: those that its strings name (`by_strings`), and those that its sections list.
pub(super) fn of_program(file: &FileInput<'_>, elf: Option<&Elf<'_>>, by_strings: Vec<Seen>) -> Vec<Seen> {
    let mut all = by_strings;
    let Some(elf) = elf else { return all };
    all.extend(modules::inspect(file, elf));
    all.extend(build_info::inspect(file.bytes, elf));
    if !all.is_empty()
        && let Some(id) = build_id::of(file.bytes, elf)
    {
        // Of what lies inside the program the id is no hash.
        for seen in &mut all {
            if let Observed::Component(component) = &mut seen.observed
                && matches!(component.found_by, FoundBy::VersionString | FoundBy::FileName)
            {
                component.hashes.push(id.clone());
            }
        }
    }
    all
}

/// Leaves one fact of those that every file of a kind repeats: the kernel in each of its modules.
pub(crate) fn one_of_each(facts: &mut Vec<Fact>) {
    let mut known = HashSet::new();
    facts.retain(|fact| match &fact.observed {
        Observed::Component(c) if c.found_by == FoundBy::ModuleInfo => {
            known.insert((fact.source.within.clone(), c.name.clone(), c.version.clone()))
        }
        _ => true,
    });
}

/// Marks what was recognised in files that came in packages of the system at `view`, which lies in the containers `within`.
pub(crate) fn mark_packaged(view: &View<'_>, facts: &mut [Fact], within: &[String]) {
    if !owned::is_kept(view) {
        return;
    }
    let owned = owned::paths(view);
    for fact in facts.iter_mut().filter(|fact| fact.source.within == within) {
        if let (Observed::Component(component), Some(path)) = (&mut fact.observed, &fact.source.path)
            && matches!(component.found_by, FoundBy::VersionString | FoundBy::FileName | FoundBy::BuildInfo)
            && let Some(package) = owned.get(path)
        {
            component.packaged = true;
            component.package = Some(package.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::{Component, Source};

    use super::*;
    use crate::tree::tests::FakeTree;

    fn fact(path: &str, found_by: FoundBy) -> Fact {
        let component = Component { name: "x".into(), version: Some("1".into()), found_by, ..Component::default() };
        let source = Source { path: Some(path.into()), ..Source::default() };
        Fact { observed: Observed::Component(component), subject: String::new(), source }
    }

    fn packaged(fact: &Fact) -> bool {
        matches!(&fact.observed, Observed::Component(c) if c.packaged && c.package.as_deref() == Some("a"))
    }

    #[test]
    fn a_kernel_is_counted_once() {
        let mut facts = vec![
            fact("/a.ko", FoundBy::ModuleInfo),
            fact("/b.ko", FoundBy::ModuleInfo),
            fact("/c", FoundBy::VersionString),
            fact("/d", FoundBy::VersionString),
        ];
        one_of_each(&mut facts);
        let paths: Vec<_> = facts.iter().filter_map(|f| f.source.path.as_deref()).collect();
        assert_eq!(paths, ["/a.ko", "/c", "/d"]);
    }

    #[test]
    fn what_came_in_a_package_is_marked() {
        let tree = FakeTree::new(&[
            ("/usr/bin/a", 0o755, "x"),
            ("/usr/lib/opkg/status", 0o644, ""),
            ("/usr/lib/opkg/info/a.list", 0o644, "/usr/bin/a\n"),
        ]);
        let mut facts = vec![fact("/usr/bin/a", FoundBy::VersionString), fact("/usr/bin/b", FoundBy::VersionString)];
        mark_packaged(&tree.view(), &mut facts, &[]);
        assert_eq!(facts.iter().map(packaged).collect::<Vec<_>>(), [true, false]);
        // The same path in another container is another file.
        let mut facts = vec![fact("/usr/bin/a", FoundBy::VersionString)];
        mark_packaged(&tree.view(), &mut facts, &["squashfs@0".into()]);
        assert!(!packaged(&facts[0]));
    }
}
