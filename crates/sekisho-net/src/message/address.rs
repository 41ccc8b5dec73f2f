//! The domain of a message's author (RFC 5322, section 3.4).

/// The domains of the addresses in a `From` field, in lower case; `None` where it can't be read.
pub(super) fn domains(text: &str) -> Option<Vec<String>> {
    let mut domains = Vec::new();
    for address in split(&bare(text)?) {
        let address = match (address.rfind('<'), address.rfind('>')) {
            (Some(open), Some(close)) => address.get(open + 1..close)?,
            (None, None) => address.as_str(),
            _ => return None,
        };
        let (local, domain) = address.trim().rsplit_once('@')?;
        let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
        if local.is_empty() || !crate::domain::is_name(&domain) {
            return None;
        }
        domains.push(domain);
    }
    (!domains.is_empty()).then_some(domains)
}

/// The text without comments, and with quoted strings emptied: both can hold anything.
fn bare(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
        } else if c == '\\' && (quoted || depth > 0) {
            escaped = true;
        } else if quoted {
            quoted = c != '"';
        } else if c == '"' && depth == 0 {
            quoted = true;
            out.push('q');
        } else if c == '(' {
            depth += 1;
        } else if c == ')' && depth > 0 {
            depth -= 1;
        } else if depth == 0 {
            out.push(c);
        }
    }
    (depth == 0 && !quoted).then_some(out)
}

/// The addresses of a list.
fn split(text: &str) -> Vec<String> {
    // Groups have a name before a colon and end in a semicolon; authors are none, but the syntax allows them (RFC 6854).
    let text = text.split_once(':').map_or(text, |(_, members)| members.trim_end().trim_end_matches(';'));
    text.split(',').map(str::to_owned).filter(|part| !part.trim().is_empty()).collect()
}

/// Whether two domains belong to one organization (relaxed alignment, RFC 7489, section 3.1.1), as the list of public suffixes says.
pub(crate) fn aligned(a: &str, b: &str) -> bool {
    a == b || matches!((psl::domain_str(a), psl::domain_str(b)), (Some(a), Some(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn authors() {
        let one = |text| domains(text).filter(|all| all.len() == 1).and_then(|mut all| all.pop());
        assert_eq!(one("a@Example.com").as_deref(), Some("example.com"));
        assert_eq!(one("\"x@evil.example, y\" <a@example.com>").as_deref(), Some("example.com"));
        assert_eq!(one("A (b@evil.example (c\\)) d) <a@example.com>").as_deref(), Some("example.com"));
        assert_eq!(one("\"a@b\"@example.com").as_deref(), Some("example.com"));
        assert_eq!(domains("a@example.com, b@example.org").unwrap().len(), 2);
        for text in ["", "nobody", "a@", "<a@example.com", "a@exa mple.com", "\"a@example.com", "(a@example.com"] {
            assert_eq!(domains(text), None, "{text}");
        }
    }

    #[test]
    fn organizations() {
        assert!(aligned("mail.example.co.jp", "news.example.co.jp"));
        assert!(!aligned("a.co.jp", "b.co.jp") && !aligned("co.jp", "a.co.jp"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", near in "[a-b@.<>()\"\\\\,:; ]{0,30}") {
            let _ = (domains(&text), domains(&near), aligned(&text, &near));
        }
    }
}
