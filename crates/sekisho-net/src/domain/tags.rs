//! Lists of `tag=value` (RFC 6376, section 3.2), the form of DKIM's, DMARC's and others' records.

/// Tags of a list; they are looked up one after another.
const MOST: usize = 200;

/// The tags of a list, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags(Vec<(String, String)>);

impl Tags {
    /// Reads a list; `None` where it is none: a name that is no name, a tag twice, more tags than anybody writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut tags: Vec<(String, String)> = Vec::new();
        let mut parts: Vec<&str> = text.split(';').collect();
        if parts.last().is_some_and(|last| last.trim().is_empty()) {
            parts.pop();
        }
        if parts.len() > MOST {
            return None;
        }
        for part in parts {
            let (name, value) = part.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            let mut bytes = name.bytes();
            let named = bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
                && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let printable = value.chars().all(|c| (' '..='~').contains(&c) || matches!(c, '\t' | '\r' | '\n'));
            if !named || !printable || tags.iter().any(|(other, _)| other == name) {
                return None;
            }
            tags.push((name.to_owned(), value.to_owned()));
        }
        Some(Self(tags))
    }

    /// The value of a tag.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of a tag without the white space inside it.
    pub(crate) fn packed(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.chars().filter(|c| !c.is_ascii_whitespace()).collect())
    }

    /// Whether the value of a tag, a list by colons, has `entry` in it.
    pub(crate) fn lists(&self, name: &str, entry: &str) -> bool {
        self.get(name).is_some_and(|value| value.split(':').any(|part| part.trim().eq_ignore_ascii_case(entry)))
    }

    /// The first tag.
    pub(crate) fn first(&self) -> Option<(&str, &str)> {
        self.0.first().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether a record begins with this version, such as `v=DMARC1`: only such ones are records of that kind at all.
pub(crate) fn is_version(text: &str, version: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    first.split_once('=').is_some_and(|(name, value)| name.trim() == "v" && value.trim() == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tags() {
        let tags = Tags::parse("v=DKIM1; k=rsa ;p=AB\r\n CD;").unwrap();
        assert_eq!((tags.get("k"), tags.packed("p").as_deref()), (Some("rsa"), Some("ABCD")));
        assert_eq!(Tags::parse("v=1; v=1"), None);
        assert_eq!(Tags::parse("v=1;; k=2"), None);
        assert_eq!(Tags::parse("1v=1"), None);
        assert_eq!(Tags::parse("novalue"), None);
        let many = |count: usize| (0..count).map(|number| format!("a{number}=")).collect::<Vec<_>>().join(";");
        assert!(Tags::parse(&many(MOST)).is_some() && Tags::parse(&many(MOST + 1)).is_none());
        assert!(is_version("v = DMARC1 ; p=none", "DMARC1") && !is_version("v=DMARC12;", "DMARC1"));
    }
}
