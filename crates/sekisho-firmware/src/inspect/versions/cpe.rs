//! CPE names of what was recognised.

use std::sync::LazyLock;

use regex::Regex;

/// The CPE 2.3 name of `part:vendor:product` in `version`.
pub(super) fn name(product: &str, version: &str) -> String {
    // The NVD keeps a level after the release in a field of its own: OpenSSH `6.8:p1`, U-Boot `2023.04:rc2`, CUPS `2.3.3:op2`.
    static LEVEL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(\d[\d.]*\d)[-_.~]?((?:rc|beta|alpha|pre|b|p|op)\d+)$").ok());
    let version = version.trim_end_matches("-devel").trim_end_matches("-fips");
    let split = LEVEL.as_ref().and_then(|level| level.captures(version)).map(|found| found.extract::<2>().1);
    let [version, update] = split.unwrap_or([version, ""]);
    let update = if update.is_empty() { "*".to_owned() } else { escaped(update) };
    format!("cpe:2.3:{product}:{}:{update}:*:*:*:*:*:*", escaped(version))
}

/// NIST IR 7695, 6.2: what is not alphanumeric, `_`, `.` or `-` is quoted with a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.to_ascii_lowercase().chars() {
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (product, version, expected) in [
            ("a:openbsd:openssh", "6.8p1", "cpe:2.3:a:openbsd:openssh:6.8:p1:*:*:*:*:*:*"),
            ("a:denx:u-boot", "2023.04-rc2", "cpe:2.3:a:denx:u-boot:2023.04:rc2:*:*:*:*:*:*"),
            ("a:openssl:openssl", "1.0.2k-fips", "cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*"),
            ("a:openssl:openssl", "1.0.2b", "cpe:2.3:a:openssl:openssl:1.0.2b:*:*:*:*:*:*:*"),
            ("a:x:y", "1+2", "cpe:2.3:a:x:y:1\\+2:*:*:*:*:*:*:*"),
        ] {
            assert_eq!(name(product, version), expected);
        }
    }
}
