//! Cookies as servers set them (RFC 6265, section 5.2).

use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::http::Response;

/// The most cookies that are kept.
const COOKIES: usize = 50;

/// Shorter values are settings with a name like a session's (`login_lang=en`), not what a session is known by.
const SHORTEST_SESSION: usize = 8;

/// A cookie as it is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<String>,
    /// Seconds that it is kept; none where it ends with the browser.
    pub(super) seconds: Option<i64>,
}

impl Cookie {
    /// The cookies that an answer sets.
    pub(super) fn all(response: &Response) -> Vec<Self> {
        // The server's own clock, so that a lifetime comes out the same whenever it is asked.
        let now = response.header("date").and_then(date).unwrap_or_else(OffsetDateTime::now_utc);
        response.all("set-cookie").take(COOKIES).filter_map(|header| Self::read(header, now)).collect()
    }

    fn read(header: &str, now: OffsetDateTime) -> Option<Self> {
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie =
            Self { name: name.trim().to_owned(), value: value.trim().trim_matches('"').to_owned(), ..Self::default() };
        if cookie.name.is_empty() {
            return None;
        }
        let (mut age, mut expires) = (None, None);
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "max-age" => age = value.parse::<i64>().ok().or(age),
                "expires" => expires = date(value).or(expires),
                // A word that browsers do not know counts as none (RFC 6265bis, section 5.6.7).
                "samesite" => {
                    let value = value.to_ascii_lowercase();
                    cookie.same_site = matches!(value.as_str(), "strict" | "lax" | "none").then_some(value);
                }
                _ => {}
            }
        }
        // Max-Age goes before Expires (section 5.3).
        cookie.seconds = age.or_else(|| expires.map(|at| (at - now).whole_seconds()));
        Some(cookie)
    }

    /// Whether it seems to hold a session or what vouches for one: by its name, and because its value is long enough to be one. One that is
    /// deleted holds nothing.
    pub(super) fn names_session(&self) -> bool {
        if self.deletes() || self.value.len() < SHORTEST_SESSION {
            return false;
        }
        let name = self.name.to_ascii_lowercase();
        let guards = ["csrf", "xsrf", "forgery"].iter().any(|word| name.contains(word));
        !guards
            && (["sess", "auth", "token", "jwt", "login", "stok"].iter().any(|word| name.contains(word))
                || name.ends_with("sid")
                || name == "id"
                || name == "sid")
    }

    /// Whether setting it means to delete it.
    fn deletes(&self) -> bool {
        self.value.is_empty() || self.seconds.is_some_and(|seconds| seconds <= 0)
    }
}

/// The dates of HTTP (RFC 9110, section 5.6.7) and the older writing with hyphens.
fn date(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    OffsetDateTime::parse(text, &Rfc2822).or_else(|_| OffsetDateTime::parse(&text.replace('-', " "), &Rfc2822)).ok()
}

/// The cookies of one visitor, by name: there is only one server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Jar(BTreeMap<String, String>);

impl Jar {
    pub(super) fn keep(&mut self, cookies: &[Cookie]) {
        for cookie in cookies {
            if cookie.deletes() {
                self.0.remove(&cookie.name);
            } else if self.0.len() < COOKIES || self.0.contains_key(&cookie.name) {
                self.0.insert(cookie.name.clone(), cookie.value.clone());
            }
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names of the cookies that this holds and `before` did not, or with another value.
    pub(super) fn new_since(&self, before: &Self) -> Vec<String> {
        self.0.iter().filter(|(name, value)| before.0.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect()
    }

    /// The value of the header `Cookie`; none where there is nothing to send.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(header: &str) -> Option<Cookie> {
        let now = date("Wed, 21 Oct 2015 07:28:00 GMT").unwrap();
        Cookie::read(header, now)
    }

    #[test]
    fn flags_and_lifetimes() {
        let cookie =
            read("SID=31d4d96e407aad42; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60; Expires=x").unwrap();
        assert!(cookie.secure && cookie.http_only && cookie.names_session());
        assert_eq!((cookie.same_site.as_deref(), cookie.seconds), (Some("strict"), Some(60)));
        let plain = read("lang=en; expires=Wed, 21-Oct-2015 08:28:00 GMT; samesite=sometimes").unwrap();
        assert!(!plain.secure && !plain.http_only && !plain.names_session());
        assert_eq!((plain.same_site, plain.seconds), (None, Some(3600)));
        assert!(!read("csrftoken=31d4d96e407aad42").unwrap().names_session());
        assert!(!read("login_lang=en").unwrap().names_session());
        assert!(!read("session=31d4d96e407aad42; Max-Age=0").unwrap().names_session());
        assert_eq!(read("=x"), None);
        assert_eq!(read("no value"), None);
    }

    #[test]
    fn a_jar_keeps_and_forgets() {
        let mut jar = Jar::default();
        jar.keep(&[read("a=1").unwrap(), read("b=2").unwrap()]);
        let before = jar.clone();
        jar.keep(&[read("a=; Max-Age=0").unwrap(), read("b=3").unwrap()]);
        assert_eq!((jar.header().as_deref(), jar.new_since(&before)), (Some("b=3"), vec!["b".to_owned()]));
    }

    proptest! {
        #[test]
        fn any_header(header in "\\PC{0,200}") {
            if let Some(cookie) = read(&header) {
                let mut jar = Jar::default();
                jar.keep(&[cookie]);
            }
        }
    }
}
