//! Between plain text, as the catalog has it, and the Markdown of OSCAL's prose.

/// Characters that would begin emphasis, a link, a tag or code.
const SPECIAL: &[char] = &['\\', '*', '[', ']', '<'];

/// Plain text as Markdown that reads as it.
pub(crate) fn to_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if SPECIAL.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    // This is how OSCAL inserts a parameter.
    out.replace("{{", "{\\{")
}

/// Markdown on one line: for titles.
pub(crate) fn to_markdown_line(text: &str) -> String {
    to_markdown(&one_line(text))
}

/// The same words with single spaces between them and none around.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Markdown as plain text: escapes are undone and of a link its text is kept. Other marks stay as they are; they do no harm to a reader.
pub(crate) fn to_plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    // Where the text of each link that is still open begins in `out`.
    let mut open: Vec<usize> = Vec::new();
    let mut rest = markdown.char_indices();
    while let Some((at, c)) = rest.next() {
        let after = &markdown[at + c.len_utf8()..];
        match c {
            '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => {
                out.extend(rest.next().map(|(_, escaped)| escaped));
            }
            '[' => {
                open.push(out.len());
                out.push('[');
            }
            ']' => match (open.pop(), target_length(after)) {
                (Some(begin), Some(length)) => {
                    out.remove(begin);
                    while rest.offset() < at + 1 + length && rest.next().is_some() {}
                }
                _ => out.push(']'),
            },
            other => out.push(other),
        }
    }
    out
}

/// Bytes of a link's target `(…)` at the beginning of `text`; none where there is no target.
fn target_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(')?;
    let end = inner.find([')', '\n', '('])?;
    inner[end..].starts_with(')').then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_becomes_its_text() {
        assert_eq!(to_plain("see [AC-2](#ac-2) and [b]"), "see AC-2 and [b]");
        assert_eq!(to_plain(r"a\*b \[c\](d) \n"), r"a*b [c](d) \n");
        assert_eq!(to_plain("[a[b](c)](d)"), "ab");
        assert_eq!(to_plain("]( [x](y"), "]( [x](y");
    }

    #[test]
    fn a_parameter_is_not_inserted_into_plain_text() {
        assert!(!to_markdown("{{ insert: param, x }}").contains("{{"));
    }

    proptest! {
        #[test]
        fn plain_text_survives(text in any::<String>()) {
            prop_assert_eq!(to_plain(&to_markdown(&text)), text);
        }

        #[test]
        fn any_markdown_is_read(text in r"[\[\]()\\a{ \n]{0,60}") {
            prop_assert!(to_plain(&text).len() <= text.len());
        }
    }
}
