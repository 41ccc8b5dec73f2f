//! Reading `security.txt` (RFC 9116).

use std::collections::BTreeSet;

use sekisho_model::fact::SignatureState;
use sekisho_model::mail::SecurityTxt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Values that facts list, of each field.
const LISTED: usize = 20;
/// The longest time ahead that is advised (section 2.5.5), with leap days.
const YEAR: i64 = 366;

/// Reads a `security.txt` that was found at `url`; a path, where it is a file.
pub fn read(text: &str, url: &str, now: OffsetDateTime) -> SecurityTxt {
    let mut reader = Reader { now, ..Reader::default() };
    reader.signed(text);
    reader.finish(url)
}

/// Whether one of the fields stands in a text: servers send pages of their own under any name.
pub(super) fn has_fields(text: &str) -> bool {
    text.lines().any(|line| {
        line.split_once(':')
            .is_some_and(|(name, _)| ["contact", "expires"].contains(&&*name.trim().to_ascii_lowercase()))
    })
}

/// Whether what is against the RFC in a file makes it invalid; the other problems are advice not followed.
pub(super) fn is_serious(problem: &str) -> bool {
    problem != "expires-late"
}

struct Reader {
    now: OffsetDateTime,
    problems: BTreeSet<&'static str>,
    contacts: Vec<String>,
    policies: Vec<String>,
    canonical: Vec<String>,
    languages: Option<Vec<String>>,
    expires: Option<String>,
    days_left: Option<i64>,
    signature: SignatureState,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            now: OffsetDateTime::UNIX_EPOCH,
            problems: BTreeSet::new(),
            contacts: Vec::new(),
            policies: Vec::new(),
            canonical: Vec::new(),
            languages: None,
            expires: None,
            days_left: None,
            signature: SignatureState::Absent,
        }
    }
}

impl Reader {
    /// Takes off the frame of a signature (RFC 9580, section 7), where there is one.
    fn signed(&mut self, text: &str) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.is_empty() && !text.ends_with('\n') {
            self.problems.insert("no-line-end");
        }
        let Some(rest) = text.trim_start().strip_prefix("-----BEGIN PGP SIGNED MESSAGE-----") else {
            text.split('\n').for_each(|line| self.line(line));
            return;
        };
        self.signature = SignatureState::Present;
        let mut lines = rest.split('\n').skip(1);
        // The headers of the frame end at an empty line.
        let ended = lines.by_ref().any(|line| line.trim().is_empty());
        let mut framed = false;
        for line in lines {
            if line.starts_with("-----BEGIN PGP SIGNATURE-----") {
                framed = rest.contains("-----END PGP SIGNATURE-----");
                break;
            }
            self.line(line.strip_prefix("- ").unwrap_or(line));
        }
        if !ended || !framed {
            self.problems.insert("bad-signature");
        }
    }

    fn line(&mut self, line: &str) {
        let line = line.strip_suffix('\r').unwrap_or(line).trim_end_matches([' ', '\t']);
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        let clean = !line.chars().any(|c| c.is_control() && c != '\t');
        if !named || !clean || !value.starts_with(' ') || value.trim().is_empty() {
            self.problems.insert("bad-line");
        }
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        // Names are compared without regard to case (section 2.3 of RFC 5322's fields); unknown ones are passed over (section 2.4).
        match name.to_ascii_lowercase().as_str() {
            "contact" => {
                self.uri(value, "bad-contact");
                self.contacts.push(value.to_owned());
            }
            "expires" => self.expires(value),
            "preferred-languages" => self.languages(value),
            "policy" => {
                self.uri(value, "bad-line");
                self.policies.push(value.to_owned());
            }
            "canonical" => {
                self.uri(value, "bad-line");
                self.canonical.push(value.to_owned());
            }
            "encryption" | "acknowledgments" | "hiring" | "csaf" => self.uri(value, "bad-line"),
            _ => {}
        }
    }

    /// A value has to be a URI; one of the web has to be over HTTPS (section 2.3 and those of the fields).
    fn uri(&mut self, value: &str, problem: &'static str) {
        let (scheme, rest) = value.split_once(':').unwrap_or_default();
        let mut letters = scheme.bytes();
        let is_uri = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = match scheme.to_ascii_lowercase().as_str() {
            "mailto" => rest.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()),
            "https" => rest.strip_prefix("//").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')),
            "http" => {
                self.problems.insert("not-https");
                true
            }
            _ => true,
        };
        if !is_uri || !fits {
            self.problems.insert(problem);
        }
    }

    fn expires(&mut self, value: &str) {
        if self.expires.is_some() {
            self.problems.insert("several-expires");
            return;
        }
        self.expires = Some(value.to_owned());
        let Ok(moment) = OffsetDateTime::parse(value, &Rfc3339) else {
            self.problems.insert("bad-expires");
            return;
        };
        // In one form, for fractions of seconds can have any number of digits.
        self.expires = moment.replace_nanosecond(0).ok().and_then(|moment| moment.format(&Rfc3339).ok());
        let days = (moment - self.now).whole_seconds().div_euclid(86_400);
        self.days_left = Some(days);
        if moment <= self.now {
            self.problems.insert("expired");
        } else if days > YEAR {
            self.problems.insert("expires-late");
        }
    }

    fn languages(&mut self, value: &str) {
        if self.languages.is_some() {
            self.problems.insert("several-languages");
            return;
        }
        let tags: Vec<String> = value.split(',').map(|tag| tag.trim().to_owned()).collect();
        // BCP 47, as far as its form goes.
        let is_tag = |tag: &String| {
            tag.split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
                && tag.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        };
        if !tags.iter().all(is_tag) {
            self.problems.insert("bad-languages");
        }
        self.languages = Some(tags);
    }

    fn finish(mut self, url: &str) -> SecurityTxt {
        if self.contacts.is_empty() {
            self.problems.insert("no-contact");
        }
        if self.expires.is_none() {
            self.problems.insert("no-expires");
        }
        if url.starts_with("https://") && !self.canonical.is_empty() && !self.canonical.iter().any(|own| own == url) {
            self.problems.insert("not-canonical");
        }
        let listed = |values: Vec<String>| -> Vec<String> {
            values.into_iter().take(LISTED).map(|value| super::look::shortened(&value)).collect()
        };
        let dated = !self.problems.contains("bad-expires");
        SecurityTxt {
            url: url.to_owned(),
            found: true,
            valid: !self.problems.iter().any(|problem| is_serious(problem)),
            problems: self.problems.into_iter().map(str::to_owned).collect(),
            contacts: listed(self.contacts),
            expires: self.expires.filter(|_| dated),
            days_left: self.days_left,
            policies: listed(self.policies),
            languages: listed(self.languages.unwrap_or_default()),
            signature: self.signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
    const URL: &str = "https://example.com/.well-known/security.txt";

    fn problems(text: &str) -> Vec<String> {
        read(text, URL, NOW).problems
    }

    #[test]
    fn a_good_one() {
        let text = "# ours\r\nContact: mailto:security@example.com\r\nContact: https://example.com/report\r\n\
                    Expires: 2027-06-01T00:00:00Z\r\nPreferred-Languages: en, ja\r\nCanonical: https://example.com/.well-known/security.txt\r\n\
                    Policy: https://example.com/policy\r\nX-Other: whatever\r\n";
        let read = read(text, URL, NOW);
        assert!(read.valid && read.problems.is_empty(), "{read:?}");
        assert_eq!((read.contacts.len(), read.languages.len(), read.days_left), (2, 2, Some(189)));
        assert_eq!(read.signature, SignatureState::Absent);
    }

    #[test]
    fn bad_ones() {
        let base = "Contact: mailto:a@example.com\nExpires: 2027-06-01T00:00:00Z\n";
        assert_eq!(problems(base), Vec::<String>::new());
        for (more, problem) in [
            ("Expires: 2027-06-01T00:00:00Z\n", "several-expires"),
            ("Policy: http://example.com/\n", "not-https"),
            ("Contact: a@example.com\n", "bad-contact"),
            ("Policy:https://example.com/\n", "bad-line"),
            ("what is this\n", "bad-line"),
            ("Preferred-Languages: en_US\n", "bad-languages"),
            ("Preferred-Languages: en\nPreferred-Languages: ja\n", "several-languages"),
            ("Canonical: https://example.org/\n", "not-canonical"),
            ("# end", "no-line-end"),
        ] {
            assert_eq!(problems(&format!("{base}{more}")), [problem], "{more}");
        }
        assert_eq!(problems(""), ["no-contact", "no-expires"]);
        assert_eq!(problems("Contact: tel:+1-201-555-0123\nExpires: 2026-11-23T11:59:59Z\n"), ["expired"]);
        assert_eq!(problems("Contact: tel:+1-201-555-0123\nExpires: soon\n"), ["bad-expires"]);
        let precise = format!("Contact: tel:1\nExpires: 2027-06-01t00:00:00.{}+09:00\n", "9".repeat(5000));
        assert_eq!(read(&precise, URL, NOW).expires.as_deref(), Some("2027-06-01T00:00:00+09:00"));
        let coloured = read("Contact: x:\u{1b}[31m\n", URL, NOW);
        assert_eq!(coloured.contacts, ["x:\u{fffd}[31m"]);
        let late = read("Contact: mailto:a@example.com\nExpires: 2030-01-01T00:00:00Z\n", URL, NOW);
        assert_eq!((late.valid, late.problems.as_slice()), (true, &["expires-late".to_owned()][..]));
    }

    #[test]
    fn signed_ones() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nContact: mailto:a@example.com\nExpires: 2027-06-01T00:00:00Z\n\
                    -----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n";
        let signed = read(text, URL, NOW);
        assert_eq!((signed.valid, signed.signature), (true, SignatureState::Present));
        let cut = text.split("-----BEGIN PGP SIGNATURE").next().unwrap();
        assert_eq!(problems(cut), ["bad-signature"]);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*", lines in "((Contact|Expires|Policy|Preferred-Languages|Canonical)?: ?[a-z:/@.0-9TZ-]{0,20}\r?\n){0,6}") {
            let _ = (read(&text, URL, NOW), has_fields(&text));
            let _ = read(&lines, URL, NOW);
            let _ = read(&format!("-----BEGIN PGP SIGNED MESSAGE-----{lines}"), URL, NOW);
        }
    }
}
