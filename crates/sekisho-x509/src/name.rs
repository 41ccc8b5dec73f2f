//! Whether a certificate is for a name (RFC 9525, RFC 6125).

use std::net::IpAddr;

/// Whether one of the alternative names is `wanted` (RFC 9525, section 6). An address has to stand there as one.
pub fn is_named<N: AsRef<str>>(names: &[N], wanted: &str) -> bool {
    names.iter().any(|presented| fits(presented.as_ref(), wanted))
}

/// As [`is_named`], or, where there are no alternative names, whether the common name in `subject` is `wanted`, which clients that are still
/// about accept (RFC 6125, section 6.4.4).
pub fn is_for<N: AsRef<str>>(names: &[N], subject: &str, wanted: &str) -> bool {
    if !names.is_empty() {
        return is_named(names, wanted);
    }
    let common = subject.split(", ").filter_map(|part| part.strip_prefix("CN=")).last();
    common.is_some_and(|common| fits(common, wanted))
}

fn fits(presented: &str, wanted: &str) -> bool {
    let [presented, wanted] = [presented, wanted].map(|name| name.trim_end_matches('.').to_ascii_lowercase());
    if let Ok(wanted) = wanted.parse::<IpAddr>() {
        return presented.parse() == Ok(wanted);
    }
    match presented.strip_prefix("*.") {
        // The star stands for the whole leftmost label, and for no other (RFC 9525, section 6.3).
        Some(rest) => wanted.split_once('.').is_some_and(|(first, other)| !first.is_empty() && other == rest),
        None => presented == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_rfc_6125_says() {
        for (matches, names, subject, wanted) in [
            (true, &["device.example"][..], "", "DEVICE.example."),
            (true, &["*.example"], "", "device.example"),
            (false, &["*.example"], "", "a.device.example"),
            (false, &["*.example"], "", "example"),
            (false, &["*"], "", "device"),
            (false, &["d*.example"], "", "device.example"),
            (true, &["192.0.2.1"], "", "192.0.2.1"),
            (true, &["2001:db8::1"], "", "2001:db8:0::1"),
            (false, &["*.0.2.1"], "", "192.0.2.1"),
            (true, &[], "O=Maker, CN=device.example", "device.example"),
            (false, &["other.example"], "CN=device.example", "device.example"),
        ] {
            assert_eq!(is_for(names, subject, wanted), matches, "{names:?} {subject} {wanted}");
        }
        // The common name counts for old clients only.
        assert!(!is_named::<&str>(&[], "device.example"));
    }
}
