//! The syntax of SPF records (RFC 7208, sections 4.6.1, 5, 6, 7 and 12).

use std::net::{Ipv4Addr, Ipv6Addr};

/// An SPF record, in the order in which it is evaluated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Its mechanisms with their qualifiers.
    pub(super) directives: Vec<(Qualifier, Mechanism)>,
    /// The domain that it hands over to.
    pub(super) redirect: Option<String>,
}

/// What a mechanism says of the senders that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Qualifier {
    Pass,
    Fail,
    SoftFail,
    Neutral,
}

impl Qualifier {
    /// The word for its result.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::Neutral => "neutral",
        }
    }
}

/// A way to match senders, with the domain that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mechanism {
    All,
    Include(String),
    A(Option<String>),
    Mx(Option<String>),
    Ptr,
    Address,
    Exists(String),
}

/// Whether a text is meant to be an SPF record.
pub(super) fn is_spf(text: &str) -> bool {
    let (version, rest) = text.split_at_checked(6).unwrap_or_default();
    version.eq_ignore_ascii_case("v=spf1") && (rest.is_empty() || rest.starts_with(' '))
}

/// Reads a record; `None` where its syntax is wrong, which makes all of it void.
pub(super) fn parse(text: &str) -> Option<Record> {
    if !is_spf(text) {
        return None;
    }
    let mut record = Record::default();
    let mut explained = false;
    for term in text.get(6..)?.split(' ').filter(|term| !term.is_empty()) {
        // A modifier has its equals sign before any character that only mechanisms have.
        let name_end = term.find([':', '/', '=']).unwrap_or(term.len());
        let (name, rest) = term.split_at_checked(name_end)?;
        if let Some(value) = rest.strip_prefix('=') {
            modifier(&mut record, &mut explained, name, value)?;
        } else {
            record.directives.push(directive(name, rest)?);
        }
    }
    Some(record)
}

fn modifier(record: &mut Record, explained: &mut bool, name: &str, value: &str) -> Option<()> {
    let mut bytes = name.bytes();
    let named = bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !named {
        return None;
    }
    if name.eq_ignore_ascii_case("redirect") {
        if record.redirect.is_some() {
            return None;
        }
        record.redirect = Some(domain_spec(value)?);
    } else if name.eq_ignore_ascii_case("exp") {
        if std::mem::replace(explained, true) {
            return None;
        }
        domain_spec(value)?;
    } else if !is_macro_string(value) {
        return None;
    }
    Some(())
}

fn directive(name: &str, rest: &str) -> Option<(Qualifier, Mechanism)> {
    let (qualifier, name) = match name.chars().next()? {
        '+' => (Qualifier::Pass, name.get(1..)?),
        '-' => (Qualifier::Fail, name.get(1..)?),
        '~' => (Qualifier::SoftFail, name.get(1..)?),
        '?' => (Qualifier::Neutral, name.get(1..)?),
        _ => (Qualifier::Pass, name),
    };
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(domain_spec(rest.strip_prefix(':')?)?),
        "exists" => Mechanism::Exists(domain_spec(rest.strip_prefix(':')?)?),
        "a" => with_prefixes(rest, Mechanism::A)?,
        "mx" => with_prefixes(rest, Mechanism::Mx)?,
        "ptr" if rest.is_empty() => Mechanism::Ptr,
        "ptr" => domain_spec(rest.strip_prefix(':')?).map(|_| Mechanism::Ptr)?,
        "ip4" => network::<Ipv4Addr>(rest.strip_prefix(':')?, 32)?,
        "ip6" => network::<Ipv6Addr>(rest.strip_prefix(':')?, 128)?,
        _ => return None,
    };
    Some((qualifier, mechanism))
}

fn network<A: std::str::FromStr>(text: &str, most: u32) -> Option<Mechanism> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    address.parse::<A>().ok()?;
    length.is_none_or(|length| is_length(length, most)).then_some(Mechanism::Address)
}

/// A prefix length: no leading zeros, no signs.
fn is_length(text: &str, most: u32) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain && text.parse::<u32>().is_ok_and(|length| length <= most)
}

/// `[":" domain-spec] ["/" length] ["//" length]`.
fn with_prefixes(rest: &str, mechanism: impl Fn(Option<String>) -> Mechanism) -> Option<Mechanism> {
    // A slash inside a macro is a delimiter of that macro.
    let after_macros = rest.rfind('}').map_or(0, |end| end + 1);
    let slash = rest.get(after_macros..)?.find('/').map(|at| at + after_macros);
    let (target, lengths) = rest.split_at_checked(slash.unwrap_or(rest.len()))?;
    let valid = match (lengths.strip_prefix("//"), lengths.strip_prefix('/')) {
        (Some(six), _) => is_length(six, 128),
        (None, Some(four)) => match four.split_once("//") {
            Some((four, six)) => is_length(four, 32) && is_length(six, 128),
            None => is_length(four, 32),
        },
        (None, None) => true,
    };
    if !valid {
        return None;
    }
    match target.strip_prefix(':') {
        Some(target) => domain_spec(target).map(|target| mechanism(Some(target))),
        None => target.is_empty().then(|| mechanism(None)),
    }
}

/// A domain, with macros or without: it ends in a label that can be a top-level domain's, or in a macro.
fn domain_spec(text: &str) -> Option<String> {
    if !is_macro_string(text) {
        return None;
    }
    let end = text.strip_suffix('.').unwrap_or(text);
    let (before, top) = end.rsplit_once('.').unwrap_or(("", end));
    let is_top = !before.is_empty()
        && !top.is_empty()
        && top.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !top.bytes().all(|byte| byte.is_ascii_digit())
        && !top.starts_with('-')
        && !top.ends_with('-');
    (is_top || text.ends_with('}')).then(|| text.to_owned())
}

fn is_macro_string(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (literal, after) = rest.split_at(at);
        if !is_visible(literal) {
            return false;
        }
        let Some(after) = after.get(1..) else { return false };
        if let Some(escaped) = after.strip_prefix(['%', '_', '-']) {
            rest = escaped;
        } else if let Some((inside, after)) = after.strip_prefix('{').and_then(|after| after.split_once('}')) {
            if !is_macro(inside) {
                return false;
            }
            rest = after;
        } else {
            return false;
        }
    }
    is_visible(rest)
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A letter, how many labels to keep, whether to reverse them, and where to part them. The letters for explanations only are no error of syntax here.
fn is_macro(inside: &str) -> bool {
    let Some(rest) = inside.strip_prefix(|letter: char| "slodiphcrtvSLODIPHCRTV".contains(letter)) else {
        return false;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    rest.bytes().all(|byte| b".-+,/_=".contains(&byte))
}

/// The domain that a domain-spec names for mail from `sender` while the record of `current` is evaluated; `None` where it depends on who sends.
pub(super) fn expand(spec: &str, current: &str, sender: &str) -> Option<String> {
    let expanded = spec
        .replace("%{d}", current)
        .replace("%{D}", current)
        .replace("%{o}", sender)
        .replace("%{O}", sender)
        .replace("%%", "\u{0}");
    (!expanded.contains('%')).then(|| expanded.replace('\u{0}', "%").trim_end_matches('.').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn valid_records() {
        for text in [
            "v=spf1",
            "v=spf1 -all",
            "V=SPF1  +mx a:colo.example.com/28 -all",
            "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all",
            "v=spf1 a/24//64 mx//64 a:x.example//64 ~all",
            "v=spf1 include:%{ir}.%{v}.%{l1r-}.spf.example.com exists:%{i}.x.example redirect=_spf.example.com",
            "v=spf1 a:%{d1r./} exp=explain._spf.%{d} unknown=%{s}%%%_%- -all",
            "v=spf1 ptr ptr:example.org a:example.com. -all",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn invalid_records() {
        for text in [
            "v=spf10 -all",
            "v=spf1 -all:x",
            "v=spf1 ip4:192.0.2.256",
            "v=spf1 ip4:192.0.2.1/33",
            "v=spf1 ip4:192.0.2.1/08",
            "v=spf1 ip6:192.0.2.1",
            "v=spf1 include",
            "v=spf1 include:",
            "v=spf1 include:nodots",
            "v=spf1 include:example.123",
            "v=spf1 a:example.com/33",
            "v=spf1 a:example.com/24/64",
            "v=spf1 mail -all",
            "v=spf1 --all",
            "v=spf1 exists:%{x}.example.com",
            "v=spf1 exists:%(i).example.com",
            "v=spf1 redirect=a.example redirect=b.example",
            "v=spf1 exp=a.example exp=b.example",
            "v=spf1 -all\u{e9}",
            "v=spf1\t-all",
            "v=spf1 =x",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn macros_that_do_not_depend_on_the_sender() {
        assert_eq!(expand("_spf.%{d}", "A.example", "b.example").as_deref(), Some("_spf.a.example"));
        assert_eq!(expand("%{o}.x.", "a.example", "b.example").as_deref(), Some("b.example.x"));
        assert_eq!(expand("%{i}.x", "a.example", "b.example"), None);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".*") {
            let _ = parse(&text);
            let _ = parse(&format!("v=spf1 {text}"));
            let _ = expand(&text, "a.example", "b.example");
        }

        #[test]
        fn near_misses_do_not_panic(text in "v=spf1( ([-+~?]?(a|mx|include|exists|ip4|ip6|redirect|exp))?[:/=%{}a-z0-9.]{0,12}){0,6}") {
            let _ = parse(&text);
        }
    }
}
