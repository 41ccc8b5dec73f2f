//! The cells of a fact's table.

use crate::bilingual::Bi;
use crate::messages::known;
use crate::plain::{grouped, shortened};

/// A cell of a fact's table.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// Nothing is known.
    Empty,
    /// What stands in the artefact: a name, a path, a value.
    Raw(String),
    /// A word of ours.
    Word(Bi<'static>),
    /// Words of ours, set side by side.
    Words(Vec<Bi<'static>>),
}

/// Longest text in a cell; what is longer stands in the JSON in full.
pub(super) const CELL: usize = 160;

pub(super) fn raw(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Raw(shortened(text, CELL)) }
}

pub(super) fn maybe(text: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, raw)
}

/// Names side by side, as many whole ones as there is room for; of the others the number.
pub(super) fn list(names: &[String]) -> Cell {
    let mut shown = String::new();
    let mut room = CELL;
    for (i, name) in names.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let length = separator.len() + name.chars().count();
        if length > room && i > 0 {
            return Cell::Raw(format!("{shown}, … +{}", names.len() - i));
        }
        room = room.saturating_sub(length);
        shown.push_str(separator);
        shown.push_str(&shortened(name, CELL));
    }
    if shown.is_empty() { Cell::Empty } else { Cell::Raw(shown) }
}

pub(super) fn flag(value: bool) -> Cell {
    Cell::Word(known(Some(value)))
}

pub(super) fn maybe_flag(value: Option<bool>) -> Cell {
    value.map_or(Cell::Empty, flag)
}

/// Something that is worth a word only where it is so.
pub(super) fn if_so(value: bool) -> Cell {
    if value { flag(true) } else { Cell::Empty }
}

pub(super) fn number(value: Option<impl Into<u64>>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Raw(grouped(value.into())))
}

/// A count that may be negative, such as days since something ended.
pub(super) fn days(value: Option<i64>) -> Cell {
    value.map_or(Cell::Empty, |days| Cell::Raw(days.to_string()))
}

pub(super) fn words(words: Vec<Bi<'static>>) -> Cell {
    if words.is_empty() { Cell::Empty } else { Cell::Words(words) }
}

/// A technical name as a word of ours where there is one for it, else as it is.
pub(super) fn named(code: &str, word: fn(&str) -> Option<Bi<'static>>) -> Cell {
    word(code).map_or_else(|| raw(code), Cell::Word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        match list(&names) {
            Cell::Raw(text) => text,
            _ => String::new(),
        }
    }

    #[test]
    fn a_long_list_is_cut_between_names_and_says_how_many_are_left() {
        assert_eq!(shown(&[]), "");
        assert_eq!(shown(&["a", "b"]), "a, b");
        let suite = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
        assert_eq!(shown(&[suite; 40]), format!("{suite}, {suite}, {suite}, {suite}, … +36"));
    }

    #[test]
    fn one_name_beyond_all_measure_is_cut_too() {
        let huge = "x".repeat(5000);
        assert!(shown(&[&huge]).chars().count() <= CELL + 1);
        assert!(shown(&[&huge, "b"]).ends_with("…, … +1"));
    }
}
