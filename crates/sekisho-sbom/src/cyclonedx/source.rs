//! The source package of a distribution's package, as tools write it into the properties of a component.
//!
//! Syft writes `syft:metadata:` and the field of its own record: `source` and `sourceVersion` for dpkg, `sourceRpm`, `originPackage` for
//! apk, `basepackage` for pacman. Trivy writes `aquasecurity:trivy:SrcName`, and the version in its parts. Both leave out what is empty, and
//! dpkg leaves out the source package where it is called like the package.

use std::borrow::Cow;

use sekisho_model::fact::SourcePackage;
use sekisho_version::purl;

use crate::draft::Field;

/// What the properties of a component say of its source package. Properties may repeat; the first of each name counts.
#[derive(Debug, Default)]
pub(super) struct RawSource<'a> {
    kind: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
    version: Option<Cow<'a, str>>,
    release: Option<Cow<'a, str>>,
    epoch: Option<Cow<'a, str>>,
    rpm: Option<Cow<'a, str>>,
}

/// Whether a property of this name is one of them, so that its value is worth keeping.
pub(super) fn is_wanted(name: &str) -> bool {
    RawSource::default().place(name).is_some()
}

impl<'a> RawSource<'a> {
    fn place(&mut self, name: &str) -> Option<&mut Option<Cow<'a, str>>> {
        if let Some(field) = name.strip_prefix("syft:metadata:") {
            return match field {
                "source" | "originPackage" | "basepackage" => Some(&mut self.name),
                "sourceVersion" => Some(&mut self.version),
                "sourceRpm" => Some(&mut self.rpm),
                _ => None,
            };
        }
        if name == "syft:package:type" {
            return Some(&mut self.kind);
        }
        match name.strip_prefix("aquasecurity:trivy:")? {
            "SrcName" => Some(&mut self.name),
            "SrcVersion" => Some(&mut self.version),
            "SrcRelease" => Some(&mut self.release),
            "SrcEpoch" => Some(&mut self.epoch),
            _ => None,
        }
    }

    /// Takes a property.
    pub(super) fn take(&mut self, name: &str, value: Field<'a>) {
        if let Some(place @ None) = self.place(name) {
            *place = value.into_text();
        }
    }

    /// The source package of the package `name` in `version`, where the properties name one whose texts are no longer than `limit`.
    pub(super) fn read(self, name: &str, version: Option<&str>, limit: usize) -> Option<SourcePackage> {
        let of = |name: &str, of_source: Option<String>| {
            (name.len() <= limit).then(|| SourcePackage {
                name: name.to_owned(),
                version: of_source.filter(|v| v.len() <= limit && Some(v.as_str()) != version),
            })
        };
        if let Some((name, of_source)) = self.rpm.as_deref().and_then(purl::source_rpm) {
            return of(name, Some(of_source.to_owned()));
        }
        let Some(source) = self.name else {
            return if self.kind.as_deref() == Some("deb") { of(name, None) } else { None };
        };
        let of_source = self.version.map(|upstream| {
            let epoch = self.epoch.filter(|epoch| *epoch != "0").map(|epoch| format!("{epoch}:")).unwrap_or_default();
            let release = self.release.map(|release| format!("-{release}")).unwrap_or_default();
            format!("{epoch}{upstream}{release}")
        });
        of(&source, of_source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(properties: &[(&str, &str)]) -> Option<(String, Option<String>)> {
        let mut raw = RawSource::default();
        for (name, value) in properties {
            raw.take(name, Field::text((*value).to_owned()));
        }
        raw.read("libssl3", Some("1:3.0.11-1"), 64).map(|source| (source.name, source.version))
    }

    fn named(name: &str, version: Option<&str>) -> (String, Option<String>) {
        (name.to_owned(), version.map(str::to_owned))
    }

    #[test]
    fn syft() {
        assert_eq!(source(&[("syft:metadata:source", "openssl")]), Some(named("openssl", None)));
        assert_eq!(
            source(&[("syft:metadata:source", "openssl"), ("syft:metadata:sourceVersion", "3.0.10-1")]),
            Some(named("openssl", Some("3.0.10-1")))
        );
        assert_eq!(
            source(&[("syft:package:type", "deb"), ("syft:metadata:installedSize", "3")]),
            Some(named("libssl3", None))
        );
        assert_eq!(
            source(&[("syft:package:type", "apk"), ("syft:metadata:originPackage", "openssl")]),
            Some(named("openssl", None))
        );
        assert_eq!(
            source(&[("syft:metadata:sourceRpm", "openssl-3.0.7-6.el9.src.rpm")]),
            Some(named("openssl", Some("3.0.7-6.el9")))
        );
        assert_eq!(source(&[("syft:package:type", "npm"), ("syft:metadata:sourceRpm", "")]), None);
    }

    #[test]
    fn trivy() {
        let trivy = |epoch: &str| {
            source(&[
                ("aquasecurity:trivy:SrcName", "openssl"),
                ("aquasecurity:trivy:SrcVersion", "3.0.11"),
                ("aquasecurity:trivy:SrcRelease", "1"),
                ("aquasecurity:trivy:SrcEpoch", epoch),
            ])
        };
        assert_eq!(trivy("1"), Some(named("openssl", None)));
        assert_eq!(trivy("0"), Some(named("openssl", Some("3.0.11-1"))));
        assert_eq!(source(&[("aquasecurity:trivy:SrcVersion", "3")]), None);
    }

    #[test]
    fn the_first_counts_and_nothing_is_too_long() {
        assert_eq!(
            source(&[("syft:metadata:source", "a"), ("aquasecurity:trivy:SrcName", "b")]),
            Some(named("a", None))
        );
        assert_eq!(source(&[("syft:metadata:source", &"a".repeat(65))]), None);
    }
}
