//! Text that came from elsewhere, made harmless; numbers in a form that people read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character can do something to what stands around it instead of being seen: control characters, marks that turn the direction of
/// writing, invisible characters.
pub(crate) fn is_trick(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` with every trick character written out as `\u{…}`, so that what is shown is what is there.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escape(text, is_trick)
}

/// The same, with line breaks left alone: for places that keep them.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_trick(c))
}

fn escape(text: &str, is_trick: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_trick) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !is_trick(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\0' => shown.push_str("\\0"),
            _ => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(shown)
}

/// At most `limit` characters of `text`, with an ellipsis where some were cut off.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A size as `4.8 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 || value >= 100.0 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// An integer with thin groups of three: `1 048 576`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push('\u{202f}');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_become_visible() {
        assert_eq!(visible("a\u{202e}b\u{1b}[31m\n"), "a\\u{202e}b\\u{1b}[31m\\n");
        assert_eq!(visible_lines("a\nb\r"), "a\nb\\r");
        assert!(matches!(visible("日本語 text ✓"), Cow::Borrowed(_)));
    }

    #[test]
    fn sizes_are_read_by_people() {
        assert_eq!(size(17), "17 B");
        assert_eq!(size(5_000_000), "4.8 MiB");
        assert_eq!(size(209_715_200), "200 MiB");
        assert_eq!(grouped(1_048_576), "1\u{202f}048\u{202f}576");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened("関所を通る", 2), "関所…");
        assert_eq!(shortened("関所", 2), "関所");
    }
}
