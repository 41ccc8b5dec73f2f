//! Package URLs (ECMA-427, formerly the package-url specification).

use std::borrow::Cow;
use std::str::FromStr;

use packageurl::PackageUrl;

/// The package URL of `name` in `version`, of the type `kind` (`opkg`, `deb`, `apk`, `generic` …); none where the parts do not make one.
pub fn build(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Option<String> {
    let mut purl = PackageUrl::new(kind.to_owned(), name.to_owned()).ok()?;
    if let Some(namespace) = namespace {
        purl.with_namespace(namespace.to_owned()).ok()?;
    }
    if let Some(version) = version {
        purl.with_version(version.to_owned()).ok()?;
    }
    Some(purl.to_string())
}

/// What a package URL says, as far as comparing components needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purl {
    /// Type, such as `deb`.
    pub kind: String,
    /// Namespace, such as `debian`.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<String>,
    /// Qualifier `distro`: the distribution that the package is from, such as `debian-12`.
    pub distribution: Option<String>,
    /// Qualifier `epoch`: of an RPM package, whose version is written without it.
    pub epoch: Option<String>,
}

impl Purl {
    /// The version as the ecosystem's order reads it, with the epoch that RPM's package URLs keep apart.
    pub fn ordered_version(&self) -> Option<Cow<'_, str>> {
        let version = self.version.as_deref()?;
        Some(match &self.epoch {
            Some(epoch) if self.kind == "rpm" && !version.contains(':') => Cow::Owned(format!("{epoch}:{version}")),
            _ => Cow::Borrowed(version),
        })
    }
}

/// Reads a package URL; none where it is not one.
pub fn parse(purl: &str) -> Option<Purl> {
    let parsed = PackageUrl::from_str(purl).ok()?;
    let qualifier = |name: &str| parsed.qualifiers().get(name).map(ToString::to_string);
    Some(Purl {
        kind: parsed.ty().to_owned(),
        namespace: parsed.namespace().map(str::to_owned),
        name: parsed.name().to_owned(),
        version: parsed.version().map(str::to_owned),
        distribution: qualifier("distro"),
        epoch: qualifier("epoch"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_debian_package() {
        let purl = build("deb", Some("debian"), "openssl", Some("1.1.1n-0+deb11u5")).unwrap();
        assert_eq!(purl, "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u5");
        assert_eq!(parse(&purl).unwrap().version.as_deref(), Some("1.1.1n-0+deb11u5"));
    }

    #[test]
    fn the_epoch_of_an_rpm_package() {
        let of = |purl| parse(purl).unwrap().ordered_version().map(Cow::into_owned);
        assert_eq!(of("pkg:rpm/redhat/openssl@1.1.1k-5.el8?arch=x86_64&epoch=1").as_deref(), Some("1:1.1.1k-5.el8"));
        assert_eq!(of("pkg:rpm/redhat/openssl@1.1.1k-5.el8").as_deref(), Some("1.1.1k-5.el8"));
        assert_eq!(of("pkg:deb/debian/openssl@1.1.1n-0?epoch=1").as_deref(), Some("1.1.1n-0"));
        assert_eq!(of("pkg:rpm/redhat/openssl"), None);
    }

    proptest! {
        #[test]
        fn what_is_built_reads_back(name in "[a-z][a-z0-9+.-]{0,10}", version in "[0-9][0-9a-z.+~:-]{0,10}") {
            let purl = build("generic", None, &name, Some(&version)).unwrap();
            let parsed = parse(&purl).unwrap();
            prop_assert_eq!(parsed.name, name);
            prop_assert_eq!(parsed.version, Some(version));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
