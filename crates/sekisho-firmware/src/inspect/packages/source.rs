//! The source package that a package was built from, as each package manager records it: advisories of Debian, Ubuntu and Alpine name that
//! one, not the packages made of it.

use sekisho_model::fact::SourcePackage;
use sekisho_version::purl;

/// dpkg's field `Source`: `name`, or `name (version)` where the versions differ; it is left out where the names are the same
/// (deb-control(5)).
pub(super) fn dpkg(field: Option<&str>, package: &str, version: &str) -> Option<SourcePackage> {
    let Some(field) = field else { return of(package, None) };
    match field.split_once('(') {
        Some((name, rest)) => {
            let of_source = rest.trim_end().strip_suffix(')')?.trim();
            of(name.trim(), Some(of_source).filter(|of_source| *of_source != version))
        }
        None => of(field, None),
    }
}

/// opkg's field `Source`, where it is a name. OpenWrt writes a path of its build system there, Yocto the name of a recipe's file. OpenWrt's
/// `SourceName` is none either: that of `ip6tables`, which is built from iptables, is `ip6tables`. That the field is missing says nothing.
pub(super) fn opkg(field: Option<&str>) -> Option<SourcePackage> {
    of(field.filter(|field| !field.ends_with(".bb"))?, None)
}

/// The source RPM's file, which has its version without the epoch.
pub(super) fn rpm(file: Option<&str>, version_release: &str) -> Option<SourcePackage> {
    let (name, version) = purl::source_rpm(file?)?;
    of(name, Some(version).filter(|version| *version != version_release))
}

/// apk's origin and pacman's base: packages of one origin have one version.
pub(super) fn origin(name: Option<&str>) -> Option<SourcePackage> {
    of(name?, None)
}

fn of(name: &str, version: Option<&str>) -> Option<SourcePackage> {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b));
    plain.then(|| SourcePackage { name: name.to_owned(), version: version.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(source: Option<SourcePackage>) -> Option<(String, Option<String>)> {
        source.map(|source| (source.name, source.version))
    }

    fn named(name: &str, version: Option<&str>) -> (String, Option<String>) {
        (name.to_owned(), version.map(str::to_owned))
    }

    #[test]
    fn what_dpkg_writes() {
        assert_eq!(pair(dpkg(None, "dropbear", "1")), Some(named("dropbear", None)));
        assert_eq!(pair(dpkg(Some("openssl"), "libssl3", "1")), Some(named("openssl", None)));
        assert_eq!(
            pair(dpkg(Some("gcc-12 (12.2.0-14)"), "libgcc-s1", "12.2.0-14+b1")),
            Some(named("gcc-12", Some("12.2.0-14")))
        );
        assert_eq!(pair(dpkg(Some("a (1)"), "b", "1")), Some(named("a", None)));
        for wrong in ["", "a b", "a (1", "/path", "a(", "(1)"] {
            assert_eq!(dpkg(Some(wrong), "b", "1"), None, "{wrong}");
        }
    }

    #[test]
    fn what_opkg_writes() {
        assert_eq!(pair(opkg(Some("dropbear"))), Some(named("dropbear", None)));
        assert_eq!(opkg(Some("feeds/packages/net/curl")), None);
        assert_eq!(opkg(Some("busybox_1.36.1.bb")), None);
        assert_eq!(opkg(None), None);
    }

    #[test]
    fn what_the_others_write() {
        assert_eq!(pair(rpm(Some("openssl-3.0.7-6.el9.src.rpm"), "3.0.7-6.el9")), Some(named("openssl", None)));
        assert_eq!(
            pair(rpm(Some("perl-5.32.1-479.el9.src.rpm"), "1.31-479.el9")),
            Some(named("perl", Some("5.32.1-479.el9")))
        );
        assert_eq!(rpm(Some("(none)"), "1"), None);
        assert_eq!(pair(origin(Some("openssl"))), Some(named("openssl", None)));
        assert_eq!(origin(None), None);
    }
}
