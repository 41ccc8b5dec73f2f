//! Packages of programming languages that lie in the image: what Python, Node, Lua and PHP keep beside the code.

use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::{FileInput, Seen};

/// Packages of one list.
const MAX_PACKAGES: usize = 5000;

/// The package, or packages, that the file describes.
pub(super) fn inspect(file: &FileInput<'_>) -> Vec<Seen> {
    let Some(text) = file.text.as_deref() else { return Vec::new() };
    let path = file.entry.path.as_str();
    let name = file.name();
    let found: Vec<Component> =
        if path.ends_with(".dist-info/METADATA") || path.ends_with(".egg-info/PKG-INFO") || name.ends_with(".egg-info")
        {
            python(text).into_iter().collect()
        } else if name == "package.json" && path.contains("/node_modules/") {
            node(text).into_iter().collect()
        } else if name.ends_with(".rockspec") {
            lua(text).into_iter().collect()
        } else if path.ends_with("/composer/installed.json") {
            php(text)
        } else {
            Vec::new()
        };
    found
        .into_iter()
        .map(|component| {
            let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
            Seen::in_string(Observed::Component(component), &excerpt)
        })
        .collect()
}

fn package(purl: Option<String>, name: &str, version: &str, licence: Option<String>) -> Option<Component> {
    let plain = |text: &str| !text.is_empty() && text.len() < 256 && !text.chars().any(char::is_whitespace);
    (plain(name) && plain(version)).then(|| Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl,
        found_by: FoundBy::LanguagePackage,
        licences: licence.filter(|l| !l.is_empty() && l.len() < 256 && l != "UNKNOWN").into_iter().collect(),
        ..Component::default()
    })
}

/// `Name:` and `Version:` of the head (<https://packaging.python.org/en/latest/specifications/core-metadata/>).
fn python(text: &str) -> Option<Component> {
    let field = |name: &str| {
        let mut head = text.lines().take_while(|line| !line.is_empty());
        head.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(|value| value.trim().to_owned())
    };
    field("Metadata-Version")?;
    let (name, version) = (field("Name")?, field("Version")?);
    let licence = field("License-Expression").or_else(|| field("License"));
    // The package URL's type `pypi` wants the normalised name.
    let normal = name.to_ascii_lowercase().replace(['_', '.'], "-");
    package(purl::build("pypi", None, &normal, Some(&version)), &name, &version, licence)
}

fn node(text: &str) -> Option<Component> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let field = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
    let (name, version) = (field("name")?, field("version")?);
    let (scope, plain) = match name.split_once('/') {
        Some((scope, plain)) => (Some(scope), plain),
        None => (None, name),
    };
    package(purl::build("npm", scope, plain, Some(version)), name, version, field("license").map(str::to_owned))
}

/// A rockspec is a Lua program that sets `package` and `version`.
fn lua(text: &str) -> Option<Component> {
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let value = line.trim().strip_prefix(name)?.trim_start().strip_prefix('=')?.trim().trim_end_matches(',');
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            value.strip_prefix(quote)?.split(quote).next().map(str::to_owned)
        })
    };
    let (name, version) = (field("package")?, field("version")?);
    package(purl::build("luarocks", None, &name, Some(&version)), &name, &version, field("license"))
}

/// The list that Composer keeps of what it installed; before version 2 it was the list alone.
fn php(text: &str) -> Vec<Component> {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let list = value.get("packages").unwrap_or(&value).as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |entry: &serde_json::Value| {
        let field = |name: &str| entry.get(name).and_then(serde_json::Value::as_str);
        let (name, version) = (field("name")?, field("version")?);
        let (vendor, plain) = name.split_once('/')?;
        let licence =
            entry.get("license").and_then(|l| l.get(0)).and_then(serde_json::Value::as_str).map(str::to_owned);
        package(purl::build("composer", Some(vendor), plain, Some(version)), name, version, licence)
    };
    list.iter().take(MAX_PACKAGES).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Entry;

    fn of(path: &str, text: &str) -> Vec<(Option<String>, Vec<String>)> {
        let entry = Entry { path: path.into(), ..Entry::default() };
        let file = FileInput { entry: &entry, bytes: text.as_bytes(), text: Some(text.into()), today: time::Date::MIN };
        inspect(&file)
            .into_iter()
            .map(|seen| {
                let Observed::Component(c) = seen.observed else { panic!() };
                assert_eq!(c.found_by, FoundBy::LanguagePackage);
                (c.purl, c.licences)
            })
            .collect()
    }

    #[test]
    fn each_language() {
        let found = of(
            "/usr/lib/python3/site-packages/Our_Thing-1.2.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: Our_Thing\nVersion: 1.2\nLicense: MIT\n\nVersion: 9\n",
        );
        assert_eq!(found, [(Some("pkg:pypi/our-thing@1.2".into()), vec!["MIT".into()])]);
        let found =
            of("/app/node_modules/@us/it/package.json", r#"{"name":"@us/it","version":"3.0.1","license":"ISC"}"#);
        assert_eq!(found, [(Some("pkg:npm/%40us/it@3.0.1".into()), vec!["ISC".into()])]);
        let found = of(
            "/usr/share/rocks/our/1.0-1/our-1.0-1.rockspec",
            "package = \"our\"\nversion = '1.0-1'\ndescription = {\n  license = \"MIT\",\n}\n",
        );
        assert_eq!(found, [(Some("pkg:luarocks/our@1.0-1".into()), vec!["MIT".into()])]);
        let found = of(
            "/www/vendor/composer/installed.json",
            r#"{"packages":[{"name":"us/it","version":"v1.0","license":["MIT"]},{"name":5}]}"#,
        );
        assert_eq!(found, [(Some("pkg:composer/us/it@v1.0".into()), vec!["MIT".into()])]);
    }

    #[test]
    fn what_describes_no_package() {
        assert!(of("/app/package.json", r#"{"name":"x","version":"1"}"#).is_empty());
        assert!(of("/app/node_modules/x/package.json", r#"{"type":"module"}"#).is_empty());
        assert!(of("/app/node_modules/x/package.json", "{").is_empty());
        assert!(of("/x/y.dist-info/METADATA", "Name: x\nVersion: 1\n").is_empty());
    }
}
