//! A text in both languages, and how it stands in HTML.

use std::borrow::Cow;
use std::fmt;

use askama::filters::HtmlSafe;
use sekisho_model::{Lang, Text};

/// The same text in English and Japanese. Displayed, it is HTML: both languages, each marked, of which the page shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bi<'a> {
    en: Cow<'a, str>,
    ja: Cow<'a, str>,
}

impl Bi<'static> {
    /// A text of the program.
    pub(crate) const fn fixed(en: &'static str, ja: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), ja: Cow::Borrowed(ja) }
    }

    /// A text put together.
    pub(crate) fn made(en: String, ja: String) -> Self {
        Self { en: Cow::Owned(en), ja: Cow::Owned(ja) }
    }
}

impl<'a> Bi<'a> {
    /// The same in both languages: names, numbers.
    pub(crate) fn same(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        Self { en: text.clone(), ja: text }
    }

    /// The text in `lang`.
    pub(crate) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        }
    }
}

impl<'a> From<&'a Text> for Bi<'a> {
    fn from(text: &'a Text) -> Self {
        Self { en: Cow::Borrowed(&text.en), ja: Cow::Borrowed(&text.ja) }
    }
}

impl fmt::Display for Bi<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.en == self.ja {
            return prose(f, &self.en);
        }
        f.write_str("<span lang=\"en\">")?;
        prose(f, &self.en)?;
        f.write_str("</span><span lang=\"ja\">")?;
        prose(f, &self.ja)?;
        f.write_str("</span>")
    }
}

/// What [`Display`](fmt::Display) writes is escaped there.
impl HtmlSafe for Bi<'_> {}

/// Writes `text` escaped; what stands between back-ticks becomes code.
fn prose(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut parts = text.split('`').peekable();
    let mut code = false;
    while let Some(part) = parts.next() {
        // An opening back-tick without a closing one is just a back-tick.
        let last = parts.peek().is_none();
        match (code, last) {
            (false, _) => escaped(f, part)?,
            (true, true) => {
                f.write_str("`")?;
                escaped(f, part)?;
            }
            (true, false) => {
                f.write_str("<code>")?;
                escaped(f, part)?;
                f.write_str("</code>")?;
            }
        }
        code = !code;
    }
    Ok(())
}

fn escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
        f.write_str(&rest[..at])?;
        f.write_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    f.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_stand_in_the_page_escaped() {
        let text = Text::new("a < `b & c`", "甲 ` 乙");
        assert_eq!(
            Bi::from(&text).to_string(),
            "<span lang=\"en\">a &lt; <code>b &amp; c</code></span><span lang=\"ja\">甲 ` 乙</span>"
        );
    }

    #[test]
    fn what_is_the_same_stands_once() {
        assert_eq!(Bi::same("SSH").to_string(), "SSH");
    }
}
