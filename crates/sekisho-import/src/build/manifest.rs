//! Lists of packages that builds write beside the image.

use sekisho_model::fact::{Component, FoundBy, Observed, SourcePackage};

use crate::draft::Draft;

/// Whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Yocto's image manifest: name, architecture, version.
    YoctoImage,
    /// Yocto's `license.manifest`: paragraphs.
    YoctoLicences,
    /// OpenWrt's: `name - version`.
    OpenWrt,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::YoctoImage => "yocto manifest",
            Self::YoctoLicences => "yocto license.manifest",
            Self::OpenWrt => "openwrt manifest",
        }
    }
}

/// Whose list a text is; none where it is none. All of its first lines must fit.
pub(super) fn detect(text: &str) -> Option<Kind> {
    const LOOKED_AT: usize = 20;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    let first = lines.first()?;
    if first.starts_with("PACKAGE NAME:") || (first.starts_with("RECIPE NAME:") && text.contains("\nLICENSE:")) {
        return Some(Kind::YoctoLicences);
    }
    if lines.iter().all(|line| openwrt(line).is_some()) {
        return Some(Kind::OpenWrt);
    }
    lines.iter().all(|line| image(line).is_some()).then_some(Kind::YoctoImage)
}

/// `busybox - 1.36.1-1`.
fn openwrt(line: &str) -> Option<(&str, &str)> {
    let (name, version) = line.trim_end().split_once(" - ")?;
    (is_name(name) && is_version(version)).then_some((name, version))
}

/// `busybox cortexa7t2hf 1.36.1`; the version has a revision only where the build was told to write it.
fn image(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    let (name, architecture, version) = (words.next()?, words.next()?, words.next()?);
    (words.next().is_none() && is_name(name) && is_name(architecture) && is_version(version)).then_some((name, version))
}

fn is_name(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
}

fn is_version(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.chars().any(|c| c.is_ascii_digit())
        && !text.contains(char::is_whitespace)
}

pub(super) fn read(text: &str, kind: Kind, draft: &mut Draft) {
    if kind == Kind::YoctoLicences {
        return licences(text, draft);
    }
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = u32::try_from(index + 1).ok();
        let read = if kind == Kind::OpenWrt { openwrt(line) } else { image(line) };
        let Some((name, version)) = read else {
            draft.strange("line", number);
            continue;
        };
        // OpenWrt's packages are opkg's; how Yocto's image keeps its own is not told here.
        let purl =
            (kind == Kind::OpenWrt).then(|| sekisho_version::purl::build("opkg", None, name, Some(version))).flatten();
        component(name, Some(version), purl, None, &[], number, draft);
    }
}

fn component(
    name: &str,
    version: Option<&str>,
    purl: Option<String>,
    source: Option<&str>,
    licences: &[&str],
    line: Option<u32>,
    draft: &mut Draft,
) {
    let fact = Component {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        purl,
        found_by: FoundBy::PackageDatabase,
        source_package: source.map(|name| SourcePackage { name: name.to_owned(), ..SourcePackage::default() }),
        licences: licences.iter().map(|licence| draft.short(licence)).collect(),
        ..Component::default()
    };
    draft.fact(Observed::Component(fact), line);
}

/// One paragraph of `license.manifest` while it is read.
#[derive(Default)]
struct Paragraph<'t> {
    name: Option<(&'t str, u32)>,
    version: Option<&'t str>,
    recipe: Option<&'t str>,
    licence: Option<&'t str>,
}

fn licences(text: &str, draft: &mut Draft) {
    let mut paragraph = Paragraph::default();
    // A blank line at the end, so that the last paragraph ends like all others.
    for (index, line) in text.lines().chain([""]).enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if line.trim().is_empty() {
            let done = std::mem::take(&mut paragraph);
            match done.name {
                Some((name, line)) => {
                    let licences: Vec<&str> = done.licence.into_iter().collect();
                    component(name, done.version, None, done.recipe, &licences, Some(line), draft);
                }
                None if done.recipe.is_some() || done.licence.is_some() => {
                    draft.strange("paragraph without a package", Some(number));
                }
                None => {}
            }
            continue;
        }
        let value = |key: &str| line.strip_prefix(key).map(str::trim).filter(|value| value.len() <= 1000);
        if let Some(name) = value("PACKAGE NAME:").filter(|name| is_name(name)) {
            paragraph.name = Some((name, number));
        } else if let Some(version) = value("PACKAGE VERSION:") {
            paragraph.version = Some(version).filter(|version| is_version(version));
        } else if let Some(recipe) = value("RECIPE NAME:") {
            paragraph.recipe = Some(recipe).filter(|recipe| is_name(recipe));
        } else if let Some(licence) = value("LICENSE:") {
            paragraph.licence = Some(licence);
        } else if !line.starts_with("FILES:") {
            draft.strange("line", Some(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuildCollector;

    fn components(text: &str) -> Vec<Component> {
        let found = BuildCollector::default().read(text.as_bytes(), "m", "device", &|_| {}).unwrap();
        found
            .facts
            .into_iter()
            .map(|fact| match fact.observed {
                Observed::Component(component) => component,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn openwrt_manifest() {
        let found = components("base-files - 1561-r23809\nbusybox - 1.36.1-1\n");
        assert_eq!(found[1].purl.as_deref(), Some("pkg:opkg/busybox@1.36.1-1"));
        assert_eq!((found[0].name.as_str(), found[0].version.as_deref()), ("base-files", Some("1561-r23809")));
    }

    #[test]
    fn yocto_manifest() {
        let found = components("base-files qemuarm 3.0.14-r0\nbusybox cortexa15t2hf-neon 1.36.1-r0\n");
        assert_eq!((found[1].name.as_str(), found[1].version.as_deref()), ("busybox", Some("1.36.1-r0")));
    }

    #[test]
    fn licence_manifest() {
        let text = "PACKAGE NAME: libcrypto3\nPACKAGE VERSION: 3.2.1\nRECIPE NAME: openssl\nLICENSE: Apache-2.0\n\nPACKAGE NAME: zlib\nPACKAGE VERSION: 1.3\nRECIPE NAME: zlib\nLICENSE: Zlib\n";
        let found = components(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].source_package.as_ref().map(|source| source.name.as_str()), Some("openssl"));
        assert_eq!(found[0].licences, ["Apache-2.0"]);
    }

    #[test]
    fn prose_is_no_manifest() {
        for text in ["one two three\n", "a - b\n", "NAME VERSION LICENCE\nx y z\n", ""] {
            assert_eq!(detect(text), None, "{text}");
        }
    }
}
