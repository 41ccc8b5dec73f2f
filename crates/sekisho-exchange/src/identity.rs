//! Identifiers that follow from ours: the same catalog gives the same ones, on every machine.

use std::collections::BTreeSet;

use uuid::Uuid;

/// What our extensions of other formats are named under.
pub(crate) const NAMESPACE: &str = "https://github.com/sekisho/sekisho/ns/oscal";

/// A UUID (version 5) from what it names.
pub(crate) fn uuid(name: &str) -> String {
    let ours = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
    Uuid::new_v5(&ours, name.as_bytes()).to_string()
}

/// Turns ids into ones that another format allows, different ones into different ones.
#[derive(Default)]
pub(crate) struct Unique {
    used: BTreeSet<String>,
}

impl Unique {
    /// `wanted`, or with a number behind it where that is taken. Case does not tell two apart, because not all readers tell it apart.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut count = 1;
        while !self.used.insert(id.to_lowercase()) {
            count += 1;
            id = format!("{wanted}-{count}");
        }
        id
    }
}

/// `id` as an OSCAL token: a letter or underscore, then letters, digits, dots, hyphens and underscores.
pub(crate) fn token(id: &str) -> String {
    let mut token: String =
        id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    if !token.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        token.insert(0, '_');
    }
    token
}

/// `id` as the last part of a URN: ASCII letters in lower case, digits, dots, hyphens.
pub(crate) fn urn_part(id: &str) -> String {
    let part: String = id
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' })
        .collect();
    if part.chars().all(|c| c == '_') {
        // Nothing of it is left, as of a name in Japanese.
        return uuid(id);
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gives_the_same_uuid() {
        assert_eq!(uuid("catalog:a"), uuid("catalog:a"));
        assert_ne!(uuid("catalog:a"), uuid("catalog:b"));
        assert_eq!(uuid("a").as_bytes()[14], b'5');
    }

    #[test]
    fn ids_become_tokens() {
        assert_eq!(token("GP-TM-01"), "GP-TM-01");
        assert_eq!(token("5.1-1"), "_5.1-1");
        assert_eq!(token("AC-2 (1)"), "AC-2__1_");
        assert_eq!(token(""), "_");
        assert_eq!(token("第1条"), "第1条");
    }

    #[test]
    fn what_would_be_the_same_gets_a_number() {
        let mut unique = Unique::default();
        let ids: Vec<_> = ["A b", "A_b", "a_B"].map(|id| unique.take(&token(id))).into();
        assert_eq!(ids, ["A_b", "A_b-2", "a_B-3"]);
    }
}
