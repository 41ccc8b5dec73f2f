//! Package URLs (ECMA-427, formerly the package-url specification).

use std::borrow::Cow;
use std::fmt;
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
    write(&purl)
}

/// `purl` as text; none where the text would read back as another package URL, as with a part of the namespace that is a dot.
fn write(purl: &PackageUrl<'_>) -> Option<String> {
    let mut text = purl.to_string();
    // The crate writes a slash in a version as it is, and its own reader then takes the version for a part of the name. Before the version
    // an `@` is always escaped, in it `?` and `#` are.
    if purl.version().is_some_and(|version| version.contains('/'))
        && let Some(start) = text.find('@')
    {
        let end = text[start..].find(['?', '#']).map_or(text.len(), |end| start + end);
        text.replace_range(start..end, &text[start..end].replace('/', "%2F"));
    }
    PackageUrl::from_str(&text).is_ok_and(|read| read == *purl).then_some(text)
}

/// `purl` with the qualifier `name` set to `value`; none where it is no package URL, or no qualifier may be called so.
pub fn qualified(purl: &str, name: &str, value: &str) -> Option<String> {
    let mut purl = PackageUrl::from_str(purl).ok()?;
    purl.add_qualifier(name.to_owned(), value.to_owned()).ok()?;
    write(&purl)
}

/// Name and `version-release` of a source RPM by its file's name (`openssl-3.0.7-6.el9.src.rpm`), from the right: only the name may contain
/// further hyphens. The epoch does not stand there.
pub fn source_rpm(file: &str) -> Option<(&str, &str)> {
    let package = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let (rest, release) = package.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    if name.is_empty() || version.is_empty() || release.is_empty() {
        return None;
    }
    Some((name, package.get(name.len() + 1..)?))
}

/// The package that another one was built from, as the qualifier `upstream` names it.
///
/// It is Syft's: `NAME`, `NAME@VERSION` where the versions differ, the name of the source RPM's file for RPM packages
/// (<https://github.com/anchore/syft>, `syft/pkg/cataloger`); the package-url specification does not define it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// Its version, where the qualifier has one.
    pub version: Option<String>,
}

impl Upstream {
    fn parse(text: &str) -> Option<Self> {
        let (name, version) = match source_rpm(text) {
            Some((name, version)) => (name, Some(version)),
            None => match text.split_once('@') {
                Some((name, version)) => (name, Some(version)),
                None => (text, None),
            },
        };
        let name = name.trim();
        let version = version.map(str::trim).filter(|version| !version.is_empty());
        (!name.is_empty()).then(|| Self { name: name.to_owned(), version: version.map(str::to_owned) })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
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
    /// Qualifier `upstream`: the package that it was built from.
    pub upstream: Option<Upstream>,
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
        namespace: parsed.namespace().filter(|namespace| !namespace.is_empty()).map(str::to_owned),
        name: parsed.name().to_owned(),
        version: parsed.version().filter(|version| !version.is_empty()).map(str::to_owned),
        distribution: qualifier("distro"),
        epoch: qualifier("epoch"),
        upstream: qualifier("upstream").and_then(|upstream| Upstream::parse(&upstream)),
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

    #[test]
    fn the_package_that_it_was_built_from() {
        let of = |purl| parse(purl).unwrap().upstream.map(|upstream| (upstream.name, upstream.version));
        let pair = |name: &str, version: Option<&str>| Some((name.to_owned(), version.map(str::to_owned)));
        assert_eq!(of("pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl"), pair("openssl", None));
        assert_eq!(
            of("pkg:deb/debian/libgcc-s1@12.2.0-14?upstream=gcc-12%4012.2.0-13%2Bb1"),
            pair("gcc-12", Some("12.2.0-13+b1"))
        );
        assert_eq!(
            of("pkg:rpm/photon/curl-libs@7.83.1-3.ph4?upstream=curl-7.83.1-3.ph4.src.rpm"),
            pair("curl", Some("7.83.1-3.ph4"))
        );
        assert_eq!(of("pkg:deb/debian/a@1"), None);
        assert_eq!(of("pkg:deb/debian/a@1?upstream=%401"), None);
    }

    #[test]
    fn names_of_source_rpms() {
        assert_eq!(
            source_rpm("java-1.8.0-openjdk-1.8.0.312-1.el8.src.rpm"),
            Some(("java-1.8.0-openjdk", "1.8.0.312-1.el8"))
        );
        for wrong in ["openssl", "openssl.src.rpm", "openssl-1.src.rpm", "-1-2.src.rpm", "a--.src.rpm", ".src.rpm", ""]
        {
            assert_eq!(source_rpm(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_qualifier_is_added() {
        let purl = qualified("pkg:deb/debian/a@1%2B2?arch=armhf", "distro", "debian-12").unwrap();
        assert_eq!(purl, "pkg:deb/debian/a@1%2B2?arch=armhf&distro=debian-12");
        assert_eq!(qualified("no package URL", "distro", "debian-12"), None);
        assert_eq!(qualified("pkg:deb/debian/a@1", "", "debian-12"), None);
        assert_eq!(qualified("pkg:generic/%2e/a@1", "distro", "debian-12"), None);
    }

    #[test]
    fn nothing_written_is_nothing_said() {
        for purl in ["pkg:generic//./b", "pkg:generic/b@", "pkg:generic/./b@#c"] {
            let parsed = parse(purl).unwrap();
            assert_eq!((parsed.namespace, parsed.version), (None, None), "{purl}");
        }
    }

    #[test]
    fn a_slash_in_a_version_stays_in_it() {
        let purl = build("generic", Some("a/b"), "c", Some("release/1.0#2")).unwrap();
        assert_eq!(purl, "pkg:generic/a/b/c@release%2F1.0%232");
        let purl = qualified(&purl, "distro", "x/1").unwrap();
        assert_eq!(purl, "pkg:generic/a/b/c@release%2F1.0%232?distro=x%2F1");
        let parsed = parse(&purl).unwrap();
        assert_eq!((parsed.name.as_str(), parsed.version.as_deref()), ("c", Some("release/1.0#2")));
    }

    proptest! {
        #[test]
        fn an_upstream_reads_back(name in "[a-z][a-z0-9+.-]{0,10}", version in proptest::option::of("[0-9][0-9a-z.+~:-]{0,10}")) {
            let upstream = Upstream { name, version };
            let purl = qualified("pkg:deb/debian/a@1", "upstream", &upstream.to_string()).unwrap();
            prop_assert_eq!(parse(&purl).unwrap().upstream, Some(upstream));
        }

        #[test]
        fn what_is_built_reads_back(name in "[a-z][a-z0-9+.-]{0,10}", version in "[0-9][0-9a-z.+~:/@?# -]{0,10}") {
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
