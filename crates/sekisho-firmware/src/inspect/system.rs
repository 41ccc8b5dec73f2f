//! What a system says of itself: its distribution, and the kernel that its modules belong to.

use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{Seen, versions};
use crate::tree::{Kind, View};

/// A `KEY=value` file as shells source it.
pub(super) fn assignments(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let (key, value) = line.trim().split_once('=')?;
        let value = value.trim();
        let plain = value.strip_prefix(['"', '\'']).and_then(|v| v.strip_suffix(['"', '\''])).unwrap_or(value);
        (!key.starts_with('#')).then_some((index, key.trim(), plain))
    })
}

/// The distribution, as `os-release` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Distribution {
    /// `ID`.
    pub(super) id: String,
    /// `VERSION_ID`.
    pub(super) version: Option<String>,
}

pub(super) fn distribution(view: &View<'_>) -> Option<Distribution> {
    let (_, text) = view.text("/etc/os-release").or_else(|| view.text("/usr/lib/os-release"))?;
    let get = |wanted: &str| {
        let value = assignments(&text).find(|(_, key, _)| *key == wanted).map(|(_, _, value)| value.to_owned());
        value.filter(|value| !value.is_empty() && value.len() < 64)
    };
    Some(Distribution { id: get("ID")?, version: get("VERSION_ID") })
}

/// The distribution and the kernel version of the modules directory.
pub(super) fn inspect(view: &View<'_>) -> Vec<(String, Seen)> {
    let mut seen = Vec::new();
    let sources = [
        ("/etc/os-release", "NAME", "VERSION_ID"),
        ("/usr/lib/os-release", "NAME", "VERSION_ID"),
        ("/etc/openwrt_release", "DISTRIB_ID", "DISTRIB_RELEASE"),
    ];
    for (path, name_key, version_key) in sources {
        let Some((entry, text)) = view.text(path) else { continue };
        let get = |wanted: &str| assignments(&text).find(|(_, key, _)| *key == wanted);
        let (Some((_, _, name)), Some((index, _, version))) = (get(name_key), get(version_key)) else { continue };
        if name.is_empty() || version.is_empty() || name.contains('%') {
            continue;
        }
        let product = name.to_lowercase().replace(' ', "_");
        let cpe = get("CPE_NAME")
            .and_then(|(_, _, cpe)| formatted_cpe(cpe, version))
            .or_else(|| (product == "openwrt").then(|| format!("cpe:2.3:o:openwrt:openwrt:{version}:*:*:*:*:*:*:*")));
        let component = Component {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            purl: purl::build("generic", None, &product, Some(version)),
            cpe,
            found_by: FoundBy::OsRelease,
            ..Component::default()
        };
        seen.push((
            entry.path.clone(),
            Seen::at_line(Observed::Component(component), index, &format!("{name} {version}")),
        ));
        break;
    }
    for entry in view.children(&format!("{}/lib/modules", view.root)) {
        let name = super::file_name(&entry.path);
        let upstream: String = name.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let numbered = upstream.trim_end_matches('.').split('.').count() >= 2;
        let modules = view.tree.entries().iter().any(|e| e.path.starts_with(&entry.path) && e.path.ends_with(".ko"));
        if matches!(entry.kind, Kind::Directory) && numbered && modules {
            let component = versions::kernel(upstream.trim_end_matches('.'));
            seen.push((entry.path.clone(), Seen::in_string(Observed::Component(component), name)));
        }
    }
    seen
}

/// A CPE 2.2 URI (`cpe:/o:vendor:product:version`) as 2.3.
fn formatted_cpe(uri: &str, version: &str) -> Option<String> {
    if uri.starts_with("cpe:2.3:") {
        return Some(uri.to_owned());
    }
    let mut parts = uri.strip_prefix("cpe:/")?.split(':');
    let (part, vendor, product) = (parts.next()?, parts.next()?, parts.next()?);
    let version = parts.next().filter(|v| !v.is_empty()).unwrap_or(version);
    Some(format!("cpe:2.3:{part}:{vendor}:{product}:{version}:*:*:*:*:*:*:*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::FakeTree;

    #[test]
    fn a_distribution() {
        let tree =
            FakeTree::new(&[("/etc/os-release", 0o644, "NAME=\"OpenWrt\"\nVERSION_ID=\"19.07.7\"\nID=openwrt\n")]);
        let found = inspect(&tree.view());
        let Observed::Component(component) = &found[0].1.observed else { panic!() };
        assert_eq!((component.name.as_str(), component.version.as_deref()), ("OpenWrt", Some("19.07.7")));
        assert_eq!(component.found_by, FoundBy::OsRelease);
        let expected = Distribution { id: "openwrt".into(), version: Some("19.07.7".into()) };
        assert_eq!(distribution(&tree.view()), Some(expected));
    }
}
