//! Keys that everybody has: test and example keys, and those that were taken out of other vendors' firmware.
//!
//! Only digests are kept. `known_keys.tsv` says where each comes from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `#source`, id and title; then fingerprint, the source's id, the key's name there.
static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    for line in include_str!("known_keys.tsv").lines() {
        let mut fields = line.split('\t');
        let (Some(first), Some(second), Some(third)) = (fields.next(), fields.next(), fields.next()) else { continue };
        if first == "#source" {
            known.sources.insert(second, third);
        } else if !first.starts_with('#') {
            known.keys.insert(first, (second, third));
        }
    }
    known
});

#[derive(Debug, Default)]
struct Known {
    sources: BTreeMap<&'static str, &'static str>,
    keys: BTreeMap<&'static str, (&'static str, &'static str)>,
}

/// Where the key with this digest is publicly known from: that of its public part or, for a key without one, of its encoding; of the RSA
/// keys of `MCUboot` also that of the bare `RSAPublicKey`, which its images name them by.
pub(crate) fn origin(digest: &str) -> Option<String> {
    let (source, name) = KNOWN.keys.get(digest)?;
    let title = KNOWN.sources.get(source).unwrap_or(source);
    Some(format!("{title}: {name}"))
}

/// Whether a key comes from the tests that a library carries in itself.
pub(super) fn is_self_test(origin: Option<&str>) -> bool {
    origin.is_some_and(|origin| origin.starts_with(KNOWN.sources.get("gnutls-selftest").unwrap_or(&"?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(KNOWN.keys.len() > 1000, "{}", KNOWN.keys.len());
        for (fingerprint, (source, name)) in &KNOWN.keys {
            assert!(fingerprint.len() == 64 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit()), "{fingerprint}");
            assert!(KNOWN.sources.contains_key(source) && !name.is_empty(), "{fingerprint} {source} {name}");
        }
    }

    #[test]
    fn a_key_of_rfc_9500() {
        // The digest of testECCP256, as others publish it too.
        let origin = origin("b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e").unwrap();
        assert!(origin.contains("RFC 9500"), "{origin}");
        assert_eq!(super::origin(&"0".repeat(64)), None);
    }
}
