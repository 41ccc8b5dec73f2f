//! Ecosystems: where a package comes from, as the OSV schema names it, and so how its versions are ordered.

use std::cmp::Ordering;
use std::fmt;

use crate::order::Order;
use crate::purl::Purl;

/// An ecosystem, with its release where one is named: `Debian:12`, `Alpine:v3.19`, `npm`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ecosystem {
    name: String,
    release: Option<String>,
}

/// The names of the OSV schema 1.7 (<https://ossf.github.io/osv-schema/#defined-ecosystems>) whose versions have an order that is known here,
/// and OpenWrt, which is not among them. The rest has none: Android, FreeBSD, GHC and opam, for which there is no order here so far; Docker
/// Hardened Images, Root, `TuxCare` and `CleanStart`, which carry packages of several systems; OSS-Fuzz, which names commits and tags.
const ORDERS: &[(&str, Order)] = &[
    ("AlmaLinux", Order::Rpm),
    ("Alpaquita", Order::Apk),
    ("Alpine", Order::Apk),
    ("Azure Linux", Order::Rpm),
    ("BellSoft Hardened Containers", Order::Apk),
    ("Bioconductor", Order::Numbers),
    ("Bitnami", Order::SemVer),
    ("CRAN", Order::Numbers),
    ("Chainguard", Order::Apk),
    // Conan orders the items of any version; those of ConanCenter are the projects' own, which this order reads or refuses.
    ("ConanCenter", Order::Dotted),
    ("Debian", Order::Dpkg),
    ("Echo", Order::Dpkg),
    // Tags such as `v4` move with every release of the fourth series: a complete version is one that stays.
    ("GitHub Actions", Order::SemVer),
    ("Go", Order::Go),
    ("Hackage", Order::Numbers),
    ("Hex", Order::SemVer),
    ("Julia", Order::SemVer),
    ("Kubernetes", Order::SemVer),
    ("Linux", Order::Dotted),
    ("Mageia", Order::Rpm),
    ("Maven", Order::Maven),
    ("MinimOS", Order::Apk),
    ("NuGet", Order::NuGet),
    ("OpenWrt", Order::Dpkg),
    ("Packagist", Order::Composer),
    ("Photon OS", Order::Rpm),
    ("Pub", Order::Pub),
    ("PyPI", Order::Pep440),
    ("Red Hat", Order::Rpm),
    ("Rocky Linux", Order::Rpm),
    ("RubyGems", Order::RubyGems),
    ("SUSE", Order::Rpm),
    ("SwiftURL", Order::SwiftTag),
    ("Ubuntu", Order::Dpkg),
    ("VSCode", Order::SemVer),
    ("Wolfi", Order::Apk),
    ("crates.io", Order::SemVer),
    ("npm", Order::SemVer),
    ("openEuler", Order::Rpm),
    ("openSUSE", Order::Rpm),
];

impl Ecosystem {
    /// Reads an ecosystem as OSV records name it. Every text is one; of one that is not known here the versions have no order.
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some((name, release)) => Self { name: name.to_owned(), release: Some(release.to_owned()) },
            None => Self { name: text.to_owned(), release: None },
        }
    }

    /// The ecosystem of a package URL; none where its type and namespace belong to none (`generic`, `rpm/fedora`).
    pub fn of_purl(purl: &Purl) -> Option<Self> {
        let namespace = purl.namespace.as_deref().unwrap_or("");
        let name = match (purl.kind.as_str(), namespace) {
            ("apk", "alpaquita") => "Alpaquita",
            ("apk", "alpine") => "Alpine",
            ("apk", "chainguard") => "Chainguard",
            ("apk", "minimos") => "MinimOS",
            ("apk", "wolfi") => "Wolfi",
            ("apk" | "opkg", "openwrt") | ("opkg", "") => "OpenWrt",
            ("bioconductor", _) => "Bioconductor",
            ("bitnami", _) => "Bitnami",
            ("cargo", _) => "crates.io",
            ("composer", _) => "Packagist",
            ("conan", _) => "ConanCenter",
            ("cran", _) => "CRAN",
            ("deb", "debian") => "Debian",
            ("deb", "echo") => "Echo",
            ("deb", "ubuntu") => "Ubuntu",
            ("gem", _) => "RubyGems",
            ("githubactions", _) => "GitHub Actions",
            ("golang", _) => "Go",
            ("hackage", _) => "Hackage",
            ("hex", _) => "Hex",
            ("julia", _) => "Julia",
            ("maven", _) => "Maven",
            ("npm", _) => "npm",
            ("nuget", _) => "NuGet",
            ("pub", _) => "Pub",
            ("pypi", _) => "PyPI",
            ("rpm", "almalinux") => "AlmaLinux",
            ("rpm", "azurelinux") => "Azure Linux",
            ("rpm", "mageia") => "Mageia",
            ("rpm", "openeuler") => "openEuler",
            ("rpm", "opensuse") => "openSUSE",
            ("rpm", "photon") => "Photon OS",
            ("rpm", "redhat") => "Red Hat",
            ("rpm", "rocky" | "rocky-linux" | "rockylinux") => "Rocky Linux",
            ("rpm", "suse") => "SUSE",
            ("swift", _) => "SwiftURL",
            ("vscode-extension", _) => "VSCode",
            _ => return None,
        };
        let release = purl.distribution.as_deref().and_then(|distribution| release(name, distribution));
        Some(Self { name: name.to_owned(), release })
    }

    /// Its name, without the release.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its release, as it names its releases.
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// How its versions are ordered; none where that is not known.
    pub fn order(&self) -> Option<Order> {
        let at = ORDERS.binary_search_by(|(name, _)| (*name).cmp(self.name.as_str())).ok()?;
        ORDERS.get(at).map(|(_, order)| *order)
    }

    /// Compares two versions; none where one cannot be read, where only something that has no order tells them apart, or where the ecosystem
    /// has no order. Who asks says "unknown" then, never "not affected".
    pub fn compare(&self, a: &str, b: &str) -> Option<Ordering> {
        self.order()?.compare(a, b)
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.release.as_ref().map_or(Ok(()), |release| write!(f, ":{release}"))
    }
}

/// The release that the qualifier `distro` of a package URL names (`debian-12`, `alpine-3.19.1`), as OSV records write it (`12`, `v3.19`).
fn release(ecosystem: &str, distribution: &str) -> Option<String> {
    let (id, version) = distribution.split_once('-')?;
    let mut parts = version.split('.');
    let major = parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))?;
    let minor = parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    match (ecosystem, id) {
        ("Debian", "debian") | ("AlmaLinux", "almalinux") | ("Rocky Linux", "rocky") | ("Mageia", "mageia") => {
            Some(major.to_owned())
        }
        ("Alpine", "alpine") => Some(format!("v{major}.{}", minor?)),
        ("Ubuntu", "ubuntu") => Some(format!("{major}.{}", minor?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purl;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(ORDERS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (name, order) in ORDERS {
            assert_eq!(Ecosystem::parse(name).order(), Some(*order), "{name}");
        }
    }

    #[test]
    fn names_and_releases() {
        for (text, name, release) in [
            ("Debian:12", "Debian", Some("12")),
            ("Alpine:v3.19", "Alpine", Some("v3.19")),
            ("Ubuntu:Pro:14.04:LTS", "Ubuntu", Some("Pro:14.04:LTS")),
            ("Red Hat:enterprise_linux:9::baseos", "Red Hat", Some("enterprise_linux:9::baseos")),
            ("Maven:https://maven.google.com", "Maven", Some("https://maven.google.com")),
            ("npm", "npm", None),
        ] {
            let ecosystem = Ecosystem::parse(text);
            assert_eq!((ecosystem.name(), ecosystem.release()), (name, release));
            assert_eq!(ecosystem.to_string(), text);
            assert!(ecosystem.order().is_some());
        }
        for unknown in ["OSS-Fuzz", "GIT", "Android", "", ":", "NPM", "Debian "] {
            let ecosystem = Ecosystem::parse(unknown);
            assert_eq!(ecosystem.order(), None, "{unknown}");
            assert_eq!(ecosystem.compare("1", "2"), None);
        }
    }

    #[test]
    fn package_urls() {
        for (purl, expected) in [
            ("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u5?arch=arm64&distro=debian-11.7", Some("Debian:11")),
            ("pkg:deb/debian/openssl@1.1.1n?distro=bookworm", Some("Debian")),
            ("pkg:deb/ubuntu/openssl@1?distro=ubuntu-22.04", Some("Ubuntu:22.04")),
            ("pkg:apk/alpine/busybox@1.36.1-r15?distro=alpine-3.19.1", Some("Alpine:v3.19")),
            ("pkg:apk/wolfi/busybox@1.36.1-r15", Some("Wolfi")),
            ("pkg:rpm/almalinux/curl@7.61.1-8.el8?distro=almalinux-8.5", Some("AlmaLinux:8")),
            ("pkg:rpm/fedora/curl@7.50.3-1.fc25", None),
            ("pkg:deb/raspbian/curl@7", None),
            ("pkg:opkg/dropbear@2019.78-2", Some("OpenWrt")),
            ("pkg:cargo/serde@1.0.0", Some("crates.io")),
            ("pkg:golang/github.com/gorilla/mux@v1.8.0", Some("Go")),
            ("pkg:npm/%40angular/core@1.0.0", Some("npm")),
            ("pkg:pypi/django@1.0", Some("PyPI")),
            ("pkg:maven/org.apache/log4j@2.0", Some("Maven")),
            ("pkg:composer/guzzlehttp/promises@2.0.2", Some("Packagist")),
            ("pkg:gem/ruby-advisory-db-check@0.12.4", Some("RubyGems")),
            ("pkg:nuget/EnterpriseLibrary.Common@6.0.1304", Some("NuGet")),
            ("pkg:generic/busybox@1.36.1", None),
        ] {
            let purl = purl::parse(purl).unwrap();
            assert_eq!(Ecosystem::of_purl(&purl).map(|e| e.to_string()).as_deref(), expected, "{purl:?}");
        }
    }
}
