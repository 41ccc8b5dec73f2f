//! Keys that are trusted from the start: the digests that validation begins with.

use std::str::FromStr as _;

use data_encoding::HEXUPPER_PERMISSIVE;

use super::key::Digest;
use crate::domain::answer::Owned;

/// Keys of zones that are trusted from the start, by their digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustAnchors(Vec<(Owned, Digest)>);

impl TrustAnchors {
    /// Those of the root zone.
    pub fn root() -> Self {
        Self::parse(include_str!("anchors.txt")).unwrap_or(Self(Vec::new()))
    }

    /// Reads DS records as zone files and `anchors.txt` hold them, one a line: `example. IN DS 12345 13 2 4A5B…`.
    ///
    /// # Errors
    /// With the line that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split(';').next().unwrap_or_default().split_whitespace().collect();
            if words.is_empty() {
                continue;
            }
            let anchor = record(&words).ok_or_else(|| {
                format!("line {} is no DS record such as 'example. IN DS 12345 13 2 4A5B…'", index + 1)
            })?;
            all.push(anchor);
        }
        if all.is_empty() {
            return Err("no DS record in it".to_owned());
        }
        Ok(Self(all))
    }

    /// The zone nearest to `name` that has trusted keys, and their digests.
    pub(super) fn above(&self, name: &Owned) -> Option<(Owned, Vec<Digest>)> {
        let zones = self.0.iter().map(|(zone, _)| zone).filter(|zone| name.ends_with(*zone));
        let nearest = zones.max_by_key(|zone| zone.label_count())?;
        let digests = self.0.iter().filter(|(zone, _)| zone == nearest).map(|(_, digest)| digest.clone()).collect();
        Some((nearest.clone(), digests))
    }
}

fn record(words: &[&str]) -> Option<(Owned, Digest)> {
    let (owner, rest) = words.split_first()?;
    let at = rest.iter().position(|word| word.eq_ignore_ascii_case("DS"))?;
    // Only a time to live and the class may stand before.
    let before = rest.get(..at)?;
    if !before.iter().all(|word| word.eq_ignore_ascii_case("IN") || word.parse::<u32>().is_ok()) {
        return None;
    }
    let [tag, algorithm, kind, digest @ ..] = rest.get(at + 1..)? else { return None };
    let bytes = HEXUPPER_PERMISSIVE.decode(digest.concat().as_bytes()).ok().filter(|bytes| !bytes.is_empty())?;
    let digest = Digest { tag: tag.parse().ok()?, algorithm: algorithm.parse().ok()?, kind: kind.parse().ok()?, bytes };
    Some((Owned::from_str(owner).ok()?, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_the_root() {
        let name = Owned::from_str("device.example").unwrap();
        let (zone, digests) = TrustAnchors::root().above(&name).unwrap();
        assert!(zone.is_root());
        assert_eq!(digests.iter().map(|digest| digest.tag).collect::<Vec<_>>(), [20326, 38696]);
        assert!(digests.iter().all(|digest| digest.algorithm == 8 && digest.kind == 2 && digest.bytes.len() == 32));
    }

    #[test]
    fn forms_of_records() {
        let read =
            TrustAnchors::parse("; ours\n\nexample. 3600 IN DS 1 13 2 00FF 00 ; a\nb.example. DS 2 8 4 00\n").unwrap();
        let above = |name: &str| read.above(&Owned::from_str(name).unwrap()).map(|(zone, _)| zone.to_string());
        assert_eq!(above("a.b.example").as_deref(), Some("b.example"));
        assert_eq!(above("a.example").as_deref(), Some("example"));
        assert_eq!(above("test"), None);
        for wrong in
            ["", "; none", "example. IN DNSKEY 257 3 13 AAAA", "example. IN DS 1 13 2 xyz", "example. DS 70000 1 2 00"]
        {
            assert!(TrustAnchors::parse(wrong).is_err(), "{wrong}");
        }
    }
}
