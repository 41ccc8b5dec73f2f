//! Package databases: opkg, dpkg, apk, rpm, pacman.
//!
//! Beside the packages they say which files came in them ([`owned`]): a program in a package is that package, and what its strings tell is
//! no second component.

pub(crate) mod owned;
mod rpm;
mod source;

use sekisho_model::Text;
use sekisho_model::fact::{Component, FoundBy, Observed, ReadState, Region};
use sekisho_version::ecosystem::Ecosystem;
use sekisho_version::purl;

use super::system::Distribution;
use super::{Seen, system};
use crate::reason;
use crate::tree::{Kind, View};

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
                    component.source_package = source::opkg(paragraph.get("Source").as_deref());
                    // Supplier, licence and source stand in the package's own control file.
                    if let Some((_, control)) = view.text(&format!("{info}/{}.control", component.name)) {
                        for (_, control) in paragraphs(&control).into_iter().take(1) {
                            component.supplier = component.supplier.take().or_else(|| control.get("Maintainer"));
                            if component.licences.is_empty() {
                                component.licences = control.get("License").into_iter().collect();
                            }
                            let source = source::opkg(control.get("Source").as_deref());
                            component.source_package = component.source_package.take().or(source);
                        }
                    }
                    seen.push(found(&entry.path, component, line));
                }
            }
            break;
        }
    }
    if let Some((entry, text)) = view.text("/var/lib/dpkg/status") {
        dpkg(&mut seen, &entry.path, &text, distribution.as_ref());
    }
    let status_d = format!("{}/var/lib/dpkg/status.d", view.root);
    for entry in view.children(&status_d).filter(|e| !e.path.ends_with(".md5sums")) {
        if let Some(text) = view.text_of(entry) {
            dpkg(&mut seen, &entry.path, &text, distribution.as_ref());
        }
    }
    for place in ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"] {
        if let Some((entry, text)) = view.text(place) {
            for (line, paragraph) in paragraphs(&text) {
                if let Some(component) = apk(&paragraph, distribution.as_ref()) {
                    seen.push(found(&entry.path, component, line));
                }
            }
            break;
        }
    }
    for place in rpm::PLACES {
        if let Some(entry) = view.resolve(place)
            && let Some(bytes) = view.bytes_of(entry)
        {
            rpm(&mut seen, &entry.path, &bytes, entry.kind == Kind::File(bytes.len() as u64), distribution.as_ref());
        }
    }
    for entry in view.children(&format!("{}{PACMAN}", view.root)) {
        let path = format!("{}/desc", entry.path);
        if let Some(entry) = view.entry(&path)
            && let Some(text) = view.text_of(entry)
            && let Some(component) = pacman(&text, distribution.as_ref())
        {
            seen.push(found(&path, component, 0));
        }
        if seen.len() > MAX_PACKAGES {
            break;
        }
    }
    seen.truncate(MAX_PACKAGES);
    seen
}

/// Where pacman keeps a folder for each package.
const PACMAN: &str = "/var/lib/pacman/local";

/// The format under which a database that could not be read to its end is listed.
const RPM_DATABASE: &str = "rpm-database";

/// Why the packages in what was seen are not all there are, where they are not.
pub(crate) fn gap(observed: &Observed) -> Option<Text> {
    match observed {
        Observed::Region(region) if region.format == RPM_DATABASE && region.read != ReadState::Whole => {
            Some(reason::damaged(RPM_DATABASE, region.detail.as_deref().unwrap_or_default()))
        }
        _ => None,
    }
}

fn rpm(seen: &mut Vec<(String, Seen)>, path: &str, bytes: &[u8], all_there: bool, distribution: Option<&Distribution>) {
    let database = rpm::read(bytes);
    let whole = all_there && database.as_ref().is_some_and(|database| database.whole);
    if !whole {
        let region = Region {
            format: RPM_DATABASE.to_owned(),
            length: bytes.len() as u64,
            read: if database.is_some() { ReadState::Partial } else { ReadState::Unread },
            detail: Some("not all of it could be read".to_owned()),
            ..Region::default()
        };
        seen.push((path.to_owned(), Seen::new(Observed::Region(region))));
    }
    for package in database.into_iter().flat_map(|database| database.packages) {
        let version = match package.epoch {
            Some(epoch) => format!("{epoch}:{}", package.version),
            None => package.version.clone(),
        };
        // The epoch is no part of the version in an RPM's package URL, but a qualifier.
        let purl = package_url("rpm", distribution, &package.name, &package.version);
        let component = Component {
            purl: match package.epoch {
                Some(epoch) => purl.and_then(|purl| purl::qualified(&purl, "epoch", &epoch.to_string())),
                None => purl,
            },
            source_package: source::rpm(package.source_rpm.as_deref(), &package.version),
            found_by: FoundBy::PackageDatabase,
            supplier: package.supplier,
            licences: package.licence.into_iter().collect(),
            name: package.name,
            version: Some(version),
            ..Component::default()
        };
        let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
        seen.push((path.to_owned(), Seen::in_string(Observed::Component(component), &excerpt)));
    }
}

/// A package as pacman describes it: `%NAME%` on a line, the value on the next.
fn pacman(text: &str, distribution: Option<&Distribution>) -> Option<Component> {
    let get = |key: &str| {
        let mut lines = text.lines().skip_while(|line| line.trim() != key).skip(1);
        lines.next().map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let (name, version) = (get("%NAME%")?, get("%VERSION%")?);
    Some(Component {
        purl: match distribution {
            Some(_) => package_url("alpm", distribution, &name, &version),
            None => purl::build("alpm", Some("arch"), &name, Some(&version)),
        },
        source_package: source::origin(get("%BASE%").as_deref()),
        found_by: FoundBy::PackageDatabase,
        supplier: get("%PACKAGER%").filter(|packager| packager != "Unknown Packager"),
        licences: get("%LICENSE%").into_iter().collect(),
        name,
        version: Some(version),
        ..Component::default()
    })
}

/// The package URL of a package of `distribution`. Its release is named only where advisories know the distribution by this name: a
/// derivative numbers its releases in its own way, and whose its packages are it does not say.
fn package_url(kind: &str, distribution: Option<&Distribution>, name: &str, version: &str) -> Option<String> {
    let url = purl::build(kind, distribution.map(|distribution| distribution.id.as_str()), name, Some(version))?;
    let Some(Distribution { id, version: Some(release) }) = distribution else { return Some(url) };
    let known = purl::parse(&url).is_some_and(|parsed| Ecosystem::of_purl(&parsed).is_some());
    if known { purl::qualified(&url, "distro", &format!("{id}-{release}")) } else { Some(url) }
}

fn found(path: &str, component: Component, line: usize) -> (String, Seen) {
    let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
    (path.to_owned(), Seen::at_line(Observed::Component(component), line, &excerpt))
}

fn dpkg(seen: &mut Vec<(String, Seen)>, path: &str, text: &str, distribution: Option<&Distribution>) {
    for (line, paragraph) in paragraphs(text) {
        if let Some(mut component) = debian_style(&paragraph, "deb", distribution) {
            let field = paragraph.get("Source");
            let version = component.version.as_deref().unwrap_or_default();
            component.source_package = source::dpkg(field.as_deref(), &component.name, version);
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

fn debian_style(paragraph: &Paragraph<'_>, kind: &str, distribution: Option<&Distribution>) -> Option<Component> {
    let name = paragraph.get("Package")?;
    let version = paragraph.get("Version")?;
    // `status.d` of distroless images has no status; elsewhere the third word says whether the package is there.
    if let Some(status) = paragraph.get("Status")
        && status.split_whitespace().nth(2) != Some("installed")
    {
        return None;
    }
    Some(Component {
        purl: package_url(kind, distribution, &name, &version),
        found_by: FoundBy::PackageDatabase,
        supplier: paragraph.get("Maintainer"),
        licences: paragraph.get("License").into_iter().collect(),
        name,
        version: Some(version),
        ..Component::default()
    })
}

fn apk(paragraph: &Paragraph<'_>, distribution: Option<&Distribution>) -> Option<Component> {
    let name = paragraph.get("P")?;
    let version = paragraph.get("V")?;
    Some(Component {
        purl: package_url("apk", distribution, &name, &version),
        source_package: source::origin(paragraph.get("o").as_deref()),
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

    fn built_from(component: &Component) -> Option<&str> {
        component.source_package.as_ref().map(|source| source.name.as_str())
    }

    #[test]
    fn opkg_with_its_control_file() {
        let found = components(&[
            (
                "/usr/lib/opkg/status",
                0o644,
                "Package: dropbear\nVersion: 2019.78-2\nStatus: install user installed\n\nPackage: gone\nVersion: 1\nStatus: deinstall ok not-installed\n",
            ),
            (
                "/usr/lib/opkg/info/dropbear.control",
                0o644,
                "Package: dropbear\nSource: dropbear-source\nMaintainer: A <a@b>\nLicense: MIT\n",
            ),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].purl.as_deref(), Some("pkg:opkg/dropbear@2019.78-2"));
        assert_eq!(found[0].supplier.as_deref(), Some("A <a@b>"));
        assert_eq!(found[0].licences, ["MIT"]);
        assert_eq!(built_from(&found[0]), Some("dropbear-source"));
    }

    #[test]
    fn pacman_and_a_damaged_rpm() {
        let tree = FakeTree::new(&[
            ("/var/lib/pacman/local/zlib-1:1.3.1-2", 0o755, ""),
            (
                "/var/lib/pacman/local/zlib-1:1.3.1-2/desc",
                0o644,
                "%NAME%\nzlib\n\n%VERSION%\n1:1.3.1-2\n\n%BASE%\nzlib-base\n\n%LICENSE%\nZlib\n",
            ),
            ("/var/lib/rpm/rpmdb.sqlite", 0o644, "SQLite format 3"),
        ]);
        let seen = inspect(&tree.view());
        assert!(gap(&seen[0].1.observed).is_some());
        let Observed::Component(component) = &seen[1].1.observed else { panic!() };
        assert_eq!(component.purl.as_deref(), Some("pkg:alpm/arch/zlib@1:1.3.1-2"));
        assert_eq!(component.licences, ["Zlib"]);
        assert_eq!(built_from(component), Some("zlib-base"));
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
            ("/lib/apk/db/installed", 0o644, "P:musl\nV:1.2.3-r4\nL:MIT\no:musl-origin\nm:B <b@c>\nF:lib\nR:ld.so\n"),
        ]);
        assert_eq!(found[0].purl.as_deref(), Some("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u5"));
        assert_eq!(found[1].version.as_deref(), Some("1.2.3-r4"));
        assert_eq!(found.iter().map(built_from).collect::<Vec<_>>(), [Some("openssl"), Some("musl-origin")]);
    }

    #[test]
    fn a_release_is_that_of_the_distribution_itself() {
        let purl = |os_release: &str| {
            let status = "Package: libssl3\nStatus: install ok installed\nSource: openssl\nVersion: 3.0.11-1\n";
            components(&[("/etc/os-release", 0o644, os_release), ("/var/lib/dpkg/status", 0o644, status)])
                .remove(0)
                .purl
                .unwrap()
        };
        assert_eq!(purl("ID=debian\nVERSION_ID=\"12\"\n"), "pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12");
        assert_eq!(
            purl("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=22.04\n"),
            "pkg:deb/ubuntu/libssl3@3.0.11-1?distro=ubuntu-22.04"
        );
        assert_eq!(purl("ID=debian\n"), "pkg:deb/debian/libssl3@3.0.11-1");
        assert_eq!(purl("ID=ourcam\nID_LIKE=debian\nVERSION_ID=2\n"), "pkg:deb/ourcam/libssl3@3.0.11-1");
        assert_eq!(purl(""), "pkg:deb/libssl3@3.0.11-1");
    }
}
