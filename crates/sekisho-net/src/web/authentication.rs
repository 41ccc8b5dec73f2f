//! HTTP's own authentication: challenges (RFC 9110, section 11.6.1), Basic (RFC 7617), Digest (RFC 7616).

use std::fmt::Write;

use data_encoding::{BASE64, HEXLOWER};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::host::Login;
use crate::http::Response;

/// One way to say who one is that a server offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    /// In lower case.
    pub(super) scheme: String,
    parameters: Vec<(String, String)>,
}

/// All challenges of an answer.
pub(super) fn challenges(response: &Response) -> Vec<Challenge> {
    response.all("www-authenticate").take(8).flat_map(read).take(16).collect()
}

/// The one that a client should take: a digest before the password in the clear.
pub(super) fn strongest(challenges: Vec<Challenge>) -> Option<Challenge> {
    challenges
        .into_iter()
        .filter_map(|challenge| Some((challenge.rank()?, challenge)))
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, challenge)| challenge)
}

/// Reads `Basic realm="a", Digest realm="b", nonce="c"`. A word that no `=` follows begins the next challenge.
fn read(header: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    for part in split(header) {
        let part = part.trim();
        let name = part.split_once('=').map_or(part, |(name, _)| name).trim();
        let (scheme, parameter) = match name.split_once(char::is_whitespace) {
            Some((scheme, _)) => (Some(scheme), part.get(scheme.len()..).unwrap_or_default().trim()),
            None if part.contains('=') => (None, part),
            None => (Some(part), ""),
        };
        if let Some(scheme) = scheme.filter(|scheme| !scheme.is_empty()) {
            challenges.push(Challenge { scheme: scheme.to_ascii_lowercase(), parameters: Vec::new() });
        }
        if let (Some((name, value)), Some(challenge)) = (parameter.split_once('='), challenges.last_mut()) {
            let value = value.trim().trim_matches('"').replace("\\\"", "\"");
            challenge.parameters.push((name.trim().to_ascii_lowercase(), value));
        }
    }
    challenges
}

/// The parts between commas outside quotes.
fn split(header: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(header.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(header.get(start..).unwrap_or_default());
    parts
}

impl Challenge {
    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether only the challenge was too old, not the password wrong (RFC 7616, section 3.3).
    pub(super) fn stale(&self) -> bool {
        self.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"))
    }

    fn algorithm(&self) -> String {
        self.get("algorithm").unwrap_or("MD5").to_ascii_uppercase()
    }

    /// How good it is; none where it cannot be answered here.
    fn rank(&self) -> Option<u8> {
        let qop = self.get("qop").is_none_or(|qop| qop.split(',').any(|word| word.trim().eq_ignore_ascii_case("auth")));
        match (self.scheme.as_str(), self.algorithm().as_str()) {
            ("basic", _) => Some(0),
            ("digest", "MD5" | "MD5-SESS") if qop => Some(1),
            ("digest", "SHA-256" | "SHA-256-SESS") if qop => Some(2),
            _ => None,
        }
    }

    /// The value of `Authorization`; none where there is no answer to this challenge.
    pub(super) fn answer(&self, login: &Login, method: &str, target: &str, count: u32, cnonce: &str) -> Option<String> {
        if self.rank()? == 0 {
            return Some(format!("Basic {}", BASE64.encode(format!("{}:{}", login.user, login.password).as_bytes())));
        }
        let hash = |text: String| {
            if self.algorithm().starts_with("SHA") {
                HEXLOWER.encode(&Sha256::digest(text))
            } else {
                HEXLOWER.encode(&Md5::digest(text))
            }
        };
        let (realm, nonce) = (self.get("realm").unwrap_or_default(), self.get("nonce")?);
        let mut who = hash(format!("{}:{realm}:{}", login.user, login.password));
        if self.algorithm().ends_with("-SESS") {
            who = hash(format!("{who}:{nonce}:{cnonce}"));
        }
        let what = hash(format!("{method}:{target}"));
        let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let mut header = format!(
            "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{target}\"",
            quote(&login.user),
            quote(realm),
            quote(nonce)
        );
        if let Some(algorithm) = self.get("algorithm") {
            let _ = write!(header, ", algorithm={algorithm}");
        }
        if let Some(opaque) = self.get("opaque") {
            let _ = write!(header, ", opaque=\"{}\"", quote(opaque));
        }
        let response = if self.get("qop").is_some() {
            let _ = write!(header, ", qop=auth, nc={count:08x}, cnonce=\"{cnonce}\"");
            hash(format!("{who}:{nonce}:{count:08x}:{cnonce}:auth:{what}"))
        } else {
            hash(format!("{who}:{nonce}:{what}"))
        };
        let _ = write!(header, ", response=\"{response}\"");
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of RFC 7616, section 3.9.1.
    #[test]
    fn the_example_of_the_rfc() {
        let login = Login { user: "Mufasa".into(), password: "Circle of Life".into() };
        let rest = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
                    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
        let header = format!("Digest algorithm=MD5, {rest}, Digest algorithm=SHA-256, {rest}, Basic realm=\"x, y\"");
        let challenges = read(&header);
        assert_eq!(challenges.len(), 3);
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let answer = |challenge: &Challenge| challenge.answer(&login, "GET", "/dir/index.html", 1, cnonce).unwrap();
        assert!(answer(&challenges[0]).contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""));
        let sha = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert!(answer(&challenges[1]).contains(&format!("response=\"{sha}\"")));
        assert_eq!(challenges[2].get("realm"), Some("x, y"));
        assert_eq!(strongest(challenges).unwrap().algorithm(), "SHA-256");
    }

    #[test]
    fn basic_and_what_is_not_known() {
        let login = Login { user: "Aladdin".into(), password: "open sesame".into() };
        let basic = strongest(read("Negotiate, Basic realm=\"a\"")).unwrap();
        assert_eq!(basic.answer(&login, "GET", "/", 1, "").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(strongest(read("Bearer, Digest realm=\"a\", algorithm=NEW")), None);
        assert_eq!(read("Digest realm=\"a\"").pop().unwrap().answer(&login, "GET", "/", 1, ""), None);
    }

    proptest! {
        #[test]
        fn any_header(header in "\\PC{0,100}|((Digest|Basic|realm|nonce|qop|=|\"|,|\\\\| ){0,30})") {
            let login = Login { user: "a".into(), password: "b".into() };
            for challenge in read(&header) {
                challenge.answer(&login, "GET", "/", 1, "c");
            }
        }
    }
}
