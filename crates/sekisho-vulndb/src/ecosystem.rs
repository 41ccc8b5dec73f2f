//! Names of ecosystems and of the packages in them, as far as finding a record needs it.

use std::borrow::Cow;

/// The ecosystem without its release: `Debian` of `Debian:11` (OSV schema, `affected[].package`).
pub(crate) fn base(ecosystem: &str) -> &str {
    ecosystem.split_once(':').map_or(ecosystem, |(base, _)| base)
}

/// The one spelling of a package's name, where its ecosystem takes several for the same.
pub(crate) fn normal_name<'a>(ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    match base(ecosystem) {
        // PEP 503: lower case, and runs of `-`, `_` and `.` are one `-`.
        "PyPI" => {
            let mut normal = String::with_capacity(name.len());
            for c in name.chars() {
                if matches!(c, '-' | '_' | '.') {
                    if !normal.ends_with('-') {
                        normal.push('-');
                    }
                } else {
                    normal.extend(c.to_lowercase());
                }
            }
            Cow::Owned(normal)
        }
        // NuGet: "package IDs are case-insensitive"; Composer: names are lower case, Packagist refuses others.
        // Go: package URLs have module paths in lower case, advisories as they are written.
        "NuGet" | "Packagist" | "Go" => Cow::Owned(name.to_lowercase()),
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{base, normal_name};

    #[test]
    fn spellings() {
        assert_eq!(base("Ubuntu:22.04:LTS"), "Ubuntu");
        assert_eq!(normal_name("PyPI", "Zope._Interface"), "zope-interface");
        assert_eq!(normal_name("NuGet", "Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(normal_name("npm", "JSONStream"), "JSONStream");
    }
}
