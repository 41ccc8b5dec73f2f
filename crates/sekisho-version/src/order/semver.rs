//! Semantic versions: crates.io, npm, Hex, Julia, Kubernetes, GitHub Actions, and with small differences Go, Swift and Pub.
//!
//! Sources: <https://semver.org/spec/v2.0.0.html>, section 11; for Go <https://go.dev/ref/mod#versions> (short forms as in
//! `golang.org/x/mod/semver`) and <https://go.dev/doc/toolchain#version> for the language itself; for Swift the package manager's
//! reading of tags (`1.2` is `1.2.0`); for Pub <https://pub.dev/documentation/pub_semver/latest/>, which orders build metadata, too.

use semver::Version;

/// A complete version; a leading `v`, as tags have it, is not part of it.
pub(super) fn parse(text: &str) -> Option<Version> {
    Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
}

/// A version of one to three numbers; those that are missing are zero.
pub(super) fn parse_short(text: &str) -> Option<Version> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (core, rest) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    match core.bytes().filter(|b| *b == b'.').count() {
        0 => Version::parse(&format!("{core}.0.0{rest}")).ok(),
        1 => Version::parse(&format!("{core}.0{rest}")).ok(),
        2 => Version::parse(text).ok(),
        _ => None,
    }
}

/// A module's version, or one of Go itself: `go1.21rc2` is `1.21.0-rc.2`.
pub(super) fn parse_go(text: &str) -> Option<Version> {
    let Some(release) =
        text.strip_prefix("go").or_else(|| text.starts_with(|c: char| c.is_ascii_digit()).then_some(text))
    else {
        return parse_short(text);
    };
    for word in ["rc", "beta"] {
        if let Some((core, number)) = release.split_once(word)
            && core.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        {
            let mut version = parse_short(core)?;
            version.pre = semver::Prerelease::new(&format!("{word}.{number}")).ok()?;
            return Some(version);
        }
    }
    parse_short(release)
}
