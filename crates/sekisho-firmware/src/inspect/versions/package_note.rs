//! The note with which some distributions say in each program what package it belongs to.
//!
//! Source: "Package Metadata for Executable Files", <https://uapi-group.org/specifications/specs/package_metadata_for_executable_files/>: a
//! note of the owner `FDO` holds a JSON object.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use sekisho_model::fact::{Component, FoundBy, Observed};
use sekisho_version::purl;

use super::Seen;

/// Longest note looked at.
const MAX_NOTE: usize = 2048;

/// The package that a program says it belongs to.
pub(super) fn inspect(bytes: &[u8]) -> Option<Seen> {
    static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#"{"type":""#));
    // The note is loaded with the program and stands before its code.
    const WITHIN: usize = 64 << 10;
    let head = bytes.get(..bytes.len().min(WITHIN)).unwrap_or_default();
    MARK.find_iter(head).take(8).find_map(|at| {
        let note = head.get(at..head.len().min(at.saturating_add(MAX_NOTE)))?;
        let note: serde_json::Value = serde_json::Deserializer::from_slice(note).into_iter().next()?.ok()?;
        let component = component(&note)?;
        let excerpt = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
        let mut seen = Seen::in_string(Observed::Component(component), &excerpt);
        seen.at = Some(at as u64);
        Some(seen)
    })
}

fn component(note: &serde_json::Value) -> Option<Component> {
    let text = |key: &str| note.get(key).and_then(serde_json::Value::as_str).filter(|t| !t.is_empty() && t.len() < 256);
    let kind = text("type").filter(|kind| matches!(*kind, "rpm" | "deb" | "apk" | "alpm"))?;
    let (name, version) = (text("name")?, text("version")?);
    // `cpe:/o:fedoraproject:fedora:39`: the product is the distribution.
    let of_cpe = text("osCpe").and_then(|cpe| cpe.strip_prefix("cpe:/")).and_then(|cpe| cpe.split(':').nth(2));
    let purl = purl::build(kind, text("os").or(of_cpe), name, Some(version));
    Some(Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl,
        found_by: FoundBy::BuildInfo,
        ..Component::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_its_package() {
        let bytes = br#"xxFDO{"type":"rpm","name":"our","version":"1.2-3.fc40","architecture":"x","osCpe":"cpe:/o:fedoraproject:fedora:40"}"#;
        let seen = inspect(bytes).unwrap();
        let Observed::Component(component) = seen.observed else { panic!() };
        assert_eq!(component.purl.as_deref(), Some("pkg:rpm/fedora/our@1.2-3.fc40"));
        assert_eq!(seen.at, Some(5));
    }

    #[test]
    fn other_json_is_none() {
        assert!(inspect(br#"{"type":"module","name":"x","version":"1"}"#).is_none());
        assert!(inspect(br#"{"type":"rpm","name":"x""#).is_none());
    }
}
