//! Single values as the formats write them: hashes, time stamps, serial numbers, parties, licence identifiers.

use std::borrow::Cow;

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

use crate::fault::{Fault, shown};

/// A hash as facts have it, `sha256:…`: algorithm in lower case, `SHA-256` and `SHA256` alike, digits in lower case. None where the
/// value is not hexadecimal or its length does not fit the algorithm.
pub(crate) fn hash(algorithm: &str, value: &str) -> Option<String> {
    let name = hash_name(algorithm)?;
    let digits = match name.as_ref() {
        "md2" | "md4" | "md5" => 32,
        "sha1" => 40,
        "sha224" => 56,
        "adler32" => 8,
        // Algorithms with a free length (BLAKE3, MD6, the post-quantum ones of SPDX 3): hexadecimal is all that can be asked.
        name => match name[name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..].parse::<usize>() {
            Ok(bits @ (256 | 384 | 512)) => bits / 4,
            _ => value.len(),
        },
    };
    let good = !value.is_empty() && value.len() == digits && value.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| format!("{name}:{}", value.to_ascii_lowercase()))
}

/// The name of a hash algorithm as `CycloneDX` (`SHA-256`), SPDX 2 (`SHA256`) and SPDX 3 (`sha256`, `sha3_256`) write it, in one
/// spelling; none where it is not a word.
fn hash_name(algorithm: &str) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match algorithm {
        "MD5" | "md5" => "md5",
        "SHA-1" | "SHA1" | "sha1" => "sha1",
        "SHA-256" | "SHA256" | "sha256" => "sha256",
        "SHA-384" | "SHA384" | "sha384" => "sha384",
        "SHA-512" | "SHA512" | "sha512" => "sha512",
        "blake2b256" => "blake2b-256",
        "blake2b384" => "blake2b-384",
        "blake2b512" => "blake2b-512",
        "" => return None,
        other if other.len() > 32 || !other.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') => {
            return None;
        }
        other => return Some(Cow::Owned(other.to_ascii_lowercase().replace('_', "-"))),
    }))
}

/// A time stamp as RFC 3339 has it, its day in UTC, and what is wrong with it. XML Schema's `dateTime` may lack the time zone; such a
/// one, and one in JSON, is read as UTC.
pub(crate) fn timestamp(value: &str, zone_required: bool) -> Result<(String, Date, Option<Fault>), Fault> {
    let day = |text: &str| OffsetDateTime::parse(text, &Rfc3339).map(|at| at.to_offset(time::UtcOffset::UTC).date());
    if value.len() <= 40 {
        if let Ok(day) = day(value) {
            return Ok((value.to_owned(), day, None));
        }
        let zoned = format!("{value}Z");
        if let Ok(day) = day(&zoned) {
            return Ok((zoned, day, zone_required.then(|| Fault::TimestampZone(shown(value)))));
        }
    }
    Err(Fault::Timestamp(shown(value)))
}

/// Whether `value` is the URN of a UUID (RFC 4122, in either case of letters), which is what `CycloneDX` asks of a serial number.
/// The XML schemas also allow the UUID alone in braces.
pub(crate) fn is_serial(value: &str) -> bool {
    let uuid = value.strip_prefix("urn:uuid:").or_else(|| value.strip_prefix('{').and_then(|v| v.strip_suffix('}')));
    uuid.is_some_and(|uuid| {
        uuid.len() == 36
            && uuid.bytes().enumerate().all(|(i, b)| match i {
                8 | 13 | 18 | 23 => b == b'-',
                _ => b.is_ascii_hexdigit(),
            })
    })
}

/// Whether `id` is in the SPDX licence list, exceptions and deprecated identifiers included: the enumeration that `CycloneDX` uses for
/// `license.id` (`spdx.schema.json`, `spdx.xsd`).
pub(crate) fn is_licence_id(id: &str) -> bool {
    let listed = ::spdx::license_id(id)
        // The crate trims a final `+`; only the deprecated GNU identifiers are listed with one.
        .is_some_and(|found| found.name == id || (found.is_gnu() && id.strip_suffix('+') == Some(found.name)));
    listed || ::spdx::exception_id(id).is_some()
}

/// What an SPDX 2 party says: kind and name (`Organization: Acme (info@example.com)` is `Acme`). None for `NOASSERTION`, `NONE` and
/// the empty text.
pub(crate) fn party(value: &str) -> Option<(Party, &str)> {
    let value = asserted(value)?;
    let (kind, name) = match value.split_once(':') {
        Some(("Person", name)) => (Party::Person, name),
        Some(("Organization", name)) => (Party::Organization, name),
        Some(("Tool", name)) => (Party::Tool, name),
        _ => (Party::Unknown, value),
    };
    let name = name.trim();
    // The e-mail address stands last, in round brackets, and may be empty.
    let bare = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .filter(|(_, mail)| mail.is_empty() || mail.contains('@'));
    let name = bare.map_or(name, |(name, _)| name.trim_end());
    asserted(name).map(|name| (kind, name))
}

/// Kinds of SPDX 2 parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    Person,
    Organization,
    Tool,
    Unknown,
}

/// What SPDX asserts: none for `NOASSERTION`, `NONE` and blank text.
pub(crate) fn asserted(value: &str) -> Option<&str> {
    let value = value.trim();
    (!matches!(value, "" | "NOASSERTION" | "NONE")).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashes_in_every_spelling() {
        let digits = "AB".repeat(32);
        for algorithm in ["SHA-256", "SHA256", "sha256"] {
            assert_eq!(hash(algorithm, &digits).unwrap(), format!("sha256:{}", "ab".repeat(32)));
        }
        for (algorithm, name) in [
            ("SHA3-256", "sha3-256"),
            ("sha3_256", "sha3-256"),
            ("BLAKE2b-256", "blake2b-256"),
            ("blake2b256", "blake2b-256"),
            ("BLAKE3", "blake3"),
        ] {
            assert_eq!(hash(algorithm, &digits).unwrap(), format!("{name}:{}", "ab".repeat(32)), "{algorithm}");
        }
        assert!(hash("Streebog-512", &digits).is_none());
        for (algorithm, value) in
            [("SHA-256", "foo"), ("SHA-256", "abcd"), ("MD5", ""), ("", "ab"), ("SHA3-512", &digits), ("a b", "ab")]
        {
            assert_eq!(hash(algorithm, value), None, "{algorithm} {value}");
        }
    }

    #[test]
    fn time_stamps() {
        assert_eq!(timestamp("2020-08-03T01:28:52.765Z", true).unwrap().2, None);
        assert_eq!(timestamp("2025-05-29T00:43:36+01:00", true).unwrap().1, time::macros::date!(2025 - 05 - 28));
        assert_eq!(timestamp("2020-04-07T07:01:00", false).unwrap().0, "2020-04-07T07:01:00Z");
        assert!(timestamp("2020-04-07T07:01:00", true).unwrap().2.is_some());
        for bad in ["2020-04-13", "", "yesterday", "2020-13-01T00:00:00Z", "2020-04-07 07:01"] {
            assert!(timestamp(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn serial_numbers() {
        assert!(is_serial("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"));
        assert!(is_serial("{3E671687-395b-41f5-a30f-a58921a69b79}"));
        for bad in ["urn:uuid:3e671687-395b-41f5-a30f", "urn:uuid:xxxx", "3e671687-395b-41f5-a30f-a58921a69b79", ""] {
            assert!(!is_serial(bad), "{bad}");
        }
    }

    #[test]
    fn licence_identifiers() {
        for id in ["MIT", "Apache-2.0", "GPL-2.0", "GPL-2.0+", "GPL-2.0-or-later", "Classpath-exception-2.0"] {
            assert!(is_licence_id(id), "{id}");
        }
        for id in ["Apache-2", "MIT+", "mit", "", "GPL"] {
            assert!(!is_licence_id(id), "{id}");
        }
    }

    #[test]
    fn parties() {
        assert_eq!(
            party("Organization: ExampleCodeInspect (contact@example.com)"),
            Some((Party::Organization, "ExampleCodeInspect"))
        );
        assert_eq!(party("Person: Jane Doe ()"), Some((Party::Person, "Jane Doe")));
        assert_eq!(party("Person: Jane Doe (née Roe)"), Some((Party::Person, "Jane Doe (née Roe)")));
        assert_eq!(party("Tool: syft-0.57.0"), Some((Party::Tool, "syft-0.57.0")));
        assert_eq!(party("NOASSERTION"), None);
        assert_eq!(party("Organization: NOASSERTION"), None);
        assert_eq!(party("Acme"), Some((Party::Unknown, "Acme")));
    }

    proptest! {
        #[test]
        fn no_text_panics(a in ".*", b in ".*") {
            let _ = (hash(&a, &b), timestamp(&a, true), is_serial(&a), is_licence_id(&a), party(&a));
        }
    }
}
