//! Regular expressions: what `matches` looks for.

use std::fmt;
use std::ops::Range;

use regex_lite::{Regex, RegexBuilder};

use crate::error::ExprError;

/// A compiled pattern and its source.
#[derive(Clone)]
pub(crate) struct Pattern {
    pub(crate) source: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern that CEL, whose patterns are RE2's, takes as well and in the same sense.
    pub(crate) fn compile(source: String, span: Range<usize>) -> Result<Self, ExprError> {
        if let Some(foreign) = foreign_to_re2(&source) {
            return Err(ExprError::new(span, format!("the pattern uses {foreign}, which CEL does not have")));
        }
        match RegexBuilder::new(&source).size_limit(64 << 10).nest_limit(32).build() {
            Ok(regex) => Ok(Self { source, regex }),
            Err(error) => Err(ExprError::new(span, format!("the pattern cannot be read: {error}"))),
        }
    }

    /// Whether the pattern is found somewhere in `text`.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.source)
    }
}

/// Something that our engine takes but RE2 does not, or takes in another sense.
fn foreign_to_re2(pattern: &str) -> Option<&'static str> {
    let mut rest = pattern;
    let mut in_class = false;
    let mut repeated = false;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let after_repetition = std::mem::take(&mut repeated);
        match c {
            '\\' => {
                if rest.starts_with(['<', '>', 'u', 'U']) || rest.starts_with("b{") {
                    return Some("an escape sequence");
                }
                rest = rest.chars().next().map_or(rest, |escaped| &rest[escaped.len_utf8()..]);
            }
            '[' if !in_class => {
                in_class = true;
                // A bracket that closes nothing yet is one of the characters.
                rest = rest.strip_prefix('^').unwrap_or(rest);
                rest = rest.strip_prefix(']').unwrap_or(rest);
            }
            '[' if rest.starts_with(':') => rest = rest.split_once(":]").map_or(rest, |(_, behind)| behind),
            ']' => in_class = false,
            _ if in_class => {}
            '(' if rest.starts_with('?') => {
                let flags = rest[1..].split([':', ')', '<']).next().unwrap_or_default();
                if flags.contains(['x', 'R', 'u', 'C']) {
                    return Some("a flag");
                }
                rest = &rest[1..];
            }
            '*' | '+' | '?' | '{' => {
                if after_repetition {
                    return Some("a repetition of a repetition");
                }
                if c == '{' {
                    let (bounds, behind) = rest.split_once('}').unwrap_or((rest, ""));
                    let number = |bound: &str| bound.is_empty() || bound.parse().is_ok_and(|n: u32| n <= 1000);
                    if !bounds.split(',').all(number) {
                        return Some("such a number of repetitions");
                    }
                    rest = behind;
                }
                rest = rest.strip_prefix('?').unwrap_or(rest);
                repeated = true;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str) -> Result<Pattern, ExprError> {
        Pattern::compile(pattern.to_owned(), 0..0)
    }

    #[test]
    fn only_what_re2_knows_is_taken() {
        for good in [
            r"^\d+\.\d+$",
            "a*?b+?",
            "[]*+]*",
            "[^]a]+",
            "(?:a|b)?",
            "(?i)busybox",
            "(?P<n>a)|b{2,3}",
            r"[[:alpha:]]\bx",
            "",
            "錠.*",
        ] {
            assert!(compile(good).is_ok(), "{good}");
        }
        for bad in [
            r"\<a",
            r"(?x)a b",
            "a{1001}",
            "(",
            "a**",
            r"\u{41}",
            r"(?=a)",
            r"(a)\1",
            "((a{99}){99}){99}",
            "a*+",
            "a{2}{3}",
            "[a[b]]",
            "a{1 }",
        ] {
            assert!(compile(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pattern_is_found_anywhere() {
        assert!(compile("b+").unwrap().is_match("abbc"));
        assert!(!compile("^b+").unwrap().is_match("abbc"));
    }
}
