//! Columns and line breaks for text in which a character may take two columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` filled up with spaces to `columns`.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` preceded by spaces to `columns`.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// As much of `text` as `columns` hold; what is cut off leaves `mark`.
pub(super) fn cut(text: &str, columns: usize, mark: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(mark));
    let mut taken = 0;
    let kept = text.chars().take_while(|c| {
        taken += c.width().unwrap_or(0);
        taken <= room
    });
    let kept: String = kept.collect();
    format!("{}{mark}", kept.trim_end())
}

/// `text` in lines of at most `columns`. Breaks at spaces and, as Japanese does, between wide characters, except where a line would begin with
/// a closing mark or end with an opening one.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let needed = width(piece.trim_end());
        if used > 0 && used + needed > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        let piece = if used == 0 { piece.trim_start() } else { piece };
        for c in piece.chars() {
            let taken = c.width().unwrap_or(0);
            // A word that no line can hold, such as a digest or an address, is broken where it must be.
            if used + taken > columns && c != ' ' {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            line.push(c);
            used += taken;
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// `text` cut at every place where a line may end; spaces stay at the end of a piece.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

/// Whether a line may end between `before` and `after`.
fn may_break(before: char, after: char) -> bool {
    const NEVER_FIRST: &str =
        "、。，．・：；？！）］｝〕〉》」』】ーァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ々ゝゞヽヾ…―”’%％";
    const NEVER_LAST: &str = "（［｛〔〈《「『【“‘";
    if after == ' ' {
        return false;
    }
    if before == ' ' {
        return true;
    }
    let wide = |c: char| c.width() == Some(2);
    (wide(before) || wide(after)) && !NEVER_FIRST.contains(after) && !NEVER_LAST.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_japanese_character_takes_two_columns() {
        assert_eq!(width("関所 x"), 6);
        assert_eq!(left("関所", 6), "関所  ");
        assert_eq!(right("12", 4), "  12");
        assert_eq!(cut("関所を通る", 7, "…"), "関所を…");
    }

    #[test]
    fn lines_end_where_each_language_lets_them() {
        assert_eq!(wrap("no password is shared between devices", 14), ["no password is", "shared between", "devices"]);
        assert_eq!(wrap("共通の初期パスワードは、ない。", 22), ["共通の初期パスワード", "は、ない。"]);
        assert_eq!(wrap("機器と設定「カメラ」", 12), ["機器と設定", "「カメラ」"]);
        assert_eq!(wrap("機器の設定は、ない", 12), ["機器の設定", "は、ない"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken() {
        assert_eq!(wrap("0123456789abcdef", 8), ["01234567", "89abcdef"]);
    }

    #[test]
    fn nothing_is_lost() {
        let text = "IoT機器のための security guidance（第2版）、 第3章を読む";
        let squeezed = |s: &str| s.replace(' ', "");
        for columns in 8..40 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns + 2), "{columns}: {lines:?}");
            assert_eq!(squeezed(&lines.concat()), squeezed(text));
        }
    }
}
