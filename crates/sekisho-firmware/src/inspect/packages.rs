//! Package databases: opkg, dpkg, apk.

use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{Seen, system};
use crate::tree::View;

/// Packages in one database that are listed.
const MAX_PACKAGES: usize = 20_000;

/// The packages installed in a system.
pub(super) fn inspect(view: &View<'_>) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    let distribution = system::distribution(view);
    for place in ["/usr/lib/opkg/status", "/var/lib/opkg/status", "/lib/opkg/status", "/opt/lib/opkg/status"] {
        if let Some((entry, text)) = view.text(place) {
            let info = place.trim_end_matches("status").to_owned() + "info";
            for (line, paragraph) in paragraphs(&text) {
                if let Some(mut component) = debian_style(&paragraph, "opkg", None) {
                    // Supplier and licence stand in the package's own control file.
                    if let Some((_, control)) = view.text(&format!("{info}/{}.control", component.name)) {
                        for (_, control) in paragraphs(&control).into_iter().take(1) {
                            component.supplier = component.supplier.take().or_else(|| control.get("Maintainer"));
                            if component.licences.is_empty() {
                                component.licences = control.get("License").into_iter().collect();
                            }
                        }
                    }
                    seen.push(found(&entry.path, component, line));
                }
            }
            break;
        }
    }
    if let Some((entry, text)) = view.text("/var/lib/dpkg/status") {
        dpkg(&mut seen, &entry.path, &text, distribution.as_deref());
    }
    let status_d = format!("{}/var/lib/dpkg/status.d", view.root);
    for entry in view.children(&status_d).filter(|e| !e.path.ends_with(".md5sums")) {
        if let Some(text) = view.text_of(entry) {
            dpkg(&mut seen, &entry.path, &text, distribution.as_deref());
        }
    }
    for place in ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"] {
        if let Some((entry, text)) = view.text(place) {
            for (line, paragraph) in paragraphs(&text) {
                if let Some(component) = apk(&paragraph, distribution.as_deref()) {
                    seen.push(found(&entry.path, component, line));
                }
            }
            break;
        }
    }
    seen.truncate(MAX_PACKAGES);
    seen
}

fn found(path: &str, component: Component, line: usize) -> (String, Seen) {
    let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
    (path.to_owned(), Seen::at_line(Observed::Component(component), line, &excerpt))
}

fn dpkg(seen: &mut Vec<(String, Seen)>, path: &str, text: &str, distribution: Option<&str>) {
    for (line, paragraph) in paragraphs(text) {
        if let Some(component) = debian_style(&paragraph, "deb", distribution) {
            seen.push(found(path, component, line));
        }
    }
}

/// Fields of one package.
struct Paragraph<'a>(Vec<(&'a str, &'a str)>);

impl Paragraph<'_> {
    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v.trim().to_owned()).filter(|v| !v.is_empty())
    }
}

/// The paragraphs of a control file, each with its first line (from 0). Continuation lines hold nothing that is wanted here.
fn paragraphs(text: &str) -> Vec<(usize, Paragraph<'_>)> {
    let mut all = Vec::new();
    let mut current: Option<(usize, Paragraph<'_>)> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            all.extend(current.take());
        } else if let Some((name, value)) = line.split_once(':')
            && !line.starts_with([' ', '\t'])
        {
            current.get_or_insert_with(|| (index, Paragraph(Vec::new()))).1.0.push((name, value));
        }
    }
    all.extend(current);
    all
}

fn debian_style(paragraph: &Paragraph<'_>, kind: &str, namespace: Option<&str>) -> Option<Component> {
    let name = paragraph.get("Package")?;
    let version = paragraph.get("Version")?;
    // `status.d` of distroless images has no status; elsewhere the third word says whether the package is there.
    if let Some(status) = paragraph.get("Status")
        && status.split_whitespace().nth(2) != Some("installed")
    {
        return None;
    }
    Some(Component {
        purl: purl::build(kind, namespace, &name, Some(&version)),
        found_by: FoundBy::PackageDatabase,
        supplier: paragraph.get("Maintainer"),
        licences: paragraph.get("License").into_iter().collect(),
        name,
        version: Some(version),
        ..Component::default()
    })
}

fn apk(paragraph: &Paragraph<'_>, distribution: Option<&str>) -> Option<Component> {
    let name = paragraph.get("P")?;
    let version = paragraph.get("V")?;
    Some(Component {
        purl: purl::build("apk", distribution, &name, Some(&version)),
        found_by: FoundBy::PackageDatabase,
        supplier: paragraph.get("m"),
        licences: paragraph.get("L").into_iter().collect(),
        name,
        version: Some(version),
        ..Component::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    fn components(files: &[(&str, u16, &str)]) -> Vec<Component> {
        let tree = FakeTree::new(files);
        inspect(&tree.view())
            .into_iter()
            .map(|(_, seen)| {
                let Observed::Component(component) = seen.observed else { panic!() };
                component
            })
            .collect()
    }

    #[test]
    fn opkg_with_its_control_file() {
        let found = components(&[
            (
                "/usr/lib/opkg/status",
                0o644,
                "Package: dropbear\nVersion: 2019.78-2\nStatus: install user installed\n\nPackage: gone\nVersion: 1\nStatus: deinstall ok not-installed\n",
            ),
            ("/usr/lib/opkg/info/dropbear.control", 0o644, "Package: dropbear\nMaintainer: A <a@b>\nLicense: MIT\n"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].purl.as_deref(), Some("pkg:opkg/dropbear@2019.78-2"));
        assert_eq!(found[0].supplier.as_deref(), Some("A <a@b>"));
        assert_eq!(found[0].licences, ["MIT"]);
    }

    #[test]
    fn dpkg_and_apk() {
        let found = components(&[
            ("/etc/os-release", 0o644, "ID=debian\nNAME=\"Debian\"\n"),
            (
                "/var/lib/dpkg/status",
                0o644,
                "Package: openssl\nStatus: install ok installed\nVersion: 1.1.1n-0+deb11u5\n",
            ),
            ("/lib/apk/db/installed", 0o644, "P:musl\nV:1.2.3-r4\nL:MIT\nm:B <b@c>\nF:lib\nR:ld.so\n"),
        ]);
        assert_eq!(found[0].purl.as_deref(), Some("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u5"));
        assert_eq!(found[1].version.as_deref(), Some("1.2.3-r4"));
    }
}
