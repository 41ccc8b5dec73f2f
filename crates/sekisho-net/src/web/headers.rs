//! Which headers of an answer tell browsers to be careful, and whether they say anything of use.
//!
//! - `strict-transport-security` (RFC 6797): has a valid `max-age` above 0. Browsers do not heed it without TLS (section 8.1).
//! - `content-security-policy`: limits where scripts come from, by `script-src` or `default-src`, to less than everywhere (`*`, `http:`, `https:`,
//!   `data:`). Inline scripts may be allowed. `-report-only` forbids nothing.
//! - `x-content-type-options`: `nosniff`.
//! - `x-frame-options`: `deny` or `sameorigin`, or `frame-ancestors` in a content security policy that does not allow everybody.
//! - `referrer-policy`: a policy that browsers know, other than `unsafe-url`.
//! - `permissions-policy`: names a feature.

use crate::http::Response;

/// Those that are named where they are missing, besides `strict-transport-security`.
const EXPECTED: [&str; 3] = ["content-security-policy", "x-content-type-options", "x-frame-options"];

/// The policies of Referrer Policy, section 3, but the one that hides nothing.
const REFERRER: [&str; 7] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
];

/// Seconds for which an answer asks browsers to keep to TLS; none where it does not, or not validly.
pub(super) fn hsts(response: &Response) -> Option<u64> {
    // Only the first header counts (RFC 6797, section 8.1), and no directive may stand twice (section 6.1).
    let header = response.header("strict-transport-security")?;
    let mut ages = header.split(';').filter_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().trim_matches('"').to_owned())
    });
    let age = ages.next()?;
    if ages.next().is_some() || !age.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    age.parse().ok().filter(|seconds| *seconds > 0)
}

/// The headers that are there and say something of use, in order, and of the expected ones those that do not.
pub(super) fn look(response: &Response, tls: bool) -> (Vec<String>, Vec<String>) {
    let policies: Vec<Vec<(String, Vec<String>)>> =
        response.all("content-security-policy").flat_map(|header| header.split(',')).map(policy).collect();
    let frames = |policy: &Vec<(String, Vec<String>)>| {
        policy.iter().any(|(name, sources)| name == "frame-ancestors" && !everywhere(sources))
    };
    let is = |name: &'static str| match name {
        "content-security-policy" => policies.iter().any(|policy| limits_scripts(policy)),
        "x-content-type-options" => response
            .header(name)
            .and_then(|header| header.split(',').next())
            .is_some_and(|first| first.trim().eq_ignore_ascii_case("nosniff")),
        "x-frame-options" => {
            response.header(name).is_some_and(|header| {
                ["deny", "sameorigin"].iter().any(|word| header.trim().eq_ignore_ascii_case(word))
            }) || policies.iter().any(frames)
        }
        "referrer-policy" => response
            .all(name)
            .flat_map(|header| header.split(','))
            .any(|word| REFERRER.iter().any(|known| word.trim().eq_ignore_ascii_case(known))),
        "permissions-policy" => response.header(name).is_some_and(|header| header.contains('=')),
        _ => tls && hsts(response).is_some(),
    };
    let mut there: Vec<String> = Vec::new();
    for name in EXPECTED.into_iter().chain(["permissions-policy", "referrer-policy", "strict-transport-security"]) {
        if is(name) {
            there.push(name.to_owned());
        }
    }
    let expected = EXPECTED.into_iter().chain(tls.then_some("strict-transport-security"));
    let missing = expected.filter(|name| !is(name)).map(str::to_owned).collect();
    (there, missing)
}

/// The directives of a policy; of one that stands twice the first counts (CSP 3, section 2.2.1).
fn policy(text: &str) -> Vec<(String, Vec<String>)> {
    let mut directives: Vec<(String, Vec<String>)> = Vec::new();
    for directive in text.split(';').take(64) {
        let mut words = directive.split_ascii_whitespace().map(str::to_ascii_lowercase);
        let Some(name) = words.next() else { continue };
        if directives.iter().all(|(known, _)| *known != name) {
            directives.push((name, words.collect()));
        }
    }
    directives
}

fn limits_scripts(policy: &[(String, Vec<String>)]) -> bool {
    let of = |name: &str| policy.iter().find(|(known, _)| known == name).map(|(_, sources)| sources);
    of("script-src").or_else(|| of("default-src")).is_some_and(|sources| !everywhere(sources))
}

fn everywhere(sources: &[String]) -> bool {
    sources
        .iter()
        .any(|source| matches!(source.as_str(), "*" | "http:" | "https:" | "data:" | "http://*" | "https://*"))
}

/// What the server says that it is.
pub(super) fn software(response: &Response) -> Vec<String> {
    let mut software: Vec<String> = ["server", "x-powered-by", "x-aspnet-version"]
        .into_iter()
        .flat_map(|name| response.all(name).take(3))
        .filter(|value| !value.is_empty())
        .map(|value| super::clip(value, 120))
        .collect();
    software.dedup();
    software
}

/// Whether a version stands in it: `nginx/1.22`, `PHP/8.1`, `Boa 0.94`; but not `HTTP/1.1`, which is the protocol's.
pub(super) fn tells_version(software: &str) -> bool {
    let digit = |text: &str| text.strip_prefix(['v', 'V']).unwrap_or(text).starts_with(|c: char| c.is_ascii_digit());
    software.split([' ', '(', ')', ',', ';']).any(|word| match word.split_once('/') {
        Some((name, version)) => {
            digit(version) && !["http", "upnp", "dlnadoc"].iter().any(|known| name.eq_ignore_ascii_case(known))
        }
        None => digit(word) && word.contains('.'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { status: 200, headers, ..Response::default() }
    }

    #[test]
    fn transport_security_has_an_age() {
        let seconds = |value: &str| hsts(&with(&[("strict-transport-security", value)]));
        assert_eq!(seconds("max-age=31536000; includeSubDomains"), Some(31_536_000));
        assert_eq!(seconds("Max-Age=\"60\""), Some(60));
        for nothing in ["max-age=0", "max-age=-1", "includeSubDomains", "max-age=1; max-age=2", "max-age=x", ""] {
            assert_eq!(seconds(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn headers_that_say_something() {
        let good = with(&[
            ("content-security-policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age=60"),
            ("referrer-policy", "no-referrer"),
            ("permissions-policy", "camera=()"),
        ]);
        let (there, missing) = look(&good, true);
        assert_eq!((there.len(), missing.len()), (6, 0));
        // Without TLS nobody heeds it, and nobody misses it.
        let (there, missing) = look(&good, false);
        assert!(!there.contains(&"strict-transport-security".to_owned()) && missing.is_empty());
    }

    #[test]
    fn headers_that_say_nothing() {
        let bad = with(&[
            ("content-security-policy", "default-src * 'unsafe-inline' data:; frame-ancestors *"),
            ("content-security-policy-report-only", "default-src 'none'"),
            ("x-content-type-options", "yes"),
            ("x-frame-options", "ALLOW-FROM https://example.com"),
            ("referrer-policy", "unsafe-url"),
        ]);
        let (there, missing) = look(&bad, true);
        assert_eq!((there.len(), missing.len()), (0, 4));
    }

    #[test]
    fn versions_in_names() {
        for told in ["nginx/1.22.1", "PHP/8.1", "Boa 0.94.13", "Apache/2.4 (Debian)", "Linux/4.4 UPnP/1.0", "app/v2"] {
            assert!(tells_version(told), "{told}");
        }
        for silent in ["nginx", "Apache", "GoAhead-Webs", "IPCam3", "UPnP/1.0", "Server 2", "ASP.NET"] {
            assert!(!tells_version(silent), "{silent}");
        }
    }

    proptest! {
        #[test]
        fn any_headers(value in "\\PC{0,200}") {
            let names = ["content-security-policy", "x-frame-options", "strict-transport-security", "server", "referrer-policy"];
            let response = with(&names.map(|name| (name, value.as_str())));
            look(&response, true);
            for text in software(&response) { tells_version(&text); }
        }
    }
}
