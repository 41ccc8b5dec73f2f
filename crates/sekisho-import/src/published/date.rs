//! Dates as documents write them, in English and Japanese.

use time::{Date, Month};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Years that count before the first of the era (Reiwa 1 is 2019).
const ERAS: [(&str, i32); 3] = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];

/// The latest date in `text`, which is in NFKC and lower case: `2024-05-01`, `2024/5/1`, `2024.5.1`, `May 1, 2024`, `1 May 2024`, `2024年5月1日`,
/// `令和6年5月1日`. Orders of bare numbers that differ by country are not guessed.
pub(super) fn latest(text: &str) -> Option<String> {
    // Long texts hold dates of other things; the words beside them count, not what is far off.
    const LOOKED_AT: usize = 400;
    let words = parts(text, LOOKED_AT);
    (0..words.len())
        .filter_map(|at| date(words.get(at..)?))
        .max()
        .map(|date| format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

/// Numbers, words, and single other characters.
#[derive(Debug, PartialEq)]
enum Part {
    Number(i32),
    Word(String),
    Other(char),
}

fn parts(text: &str, most: usize) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut digits = 0;
    for c in text.chars().take(most) {
        if let Some(digit) = c.to_digit(10).and_then(|digit| i32::try_from(digit).ok()) {
            if digits > 0
                && let Some(Part::Number(number)) = found.last_mut()
            {
                *number = number.saturating_mul(10).saturating_add(digit);
            } else {
                found.push(Part::Number(digit));
            }
            digits += 1;
            continue;
        }
        digits = 0;
        if c.is_ascii_alphabetic() {
            match found.last_mut() {
                Some(Part::Word(word)) => word.push(c),
                _ => found.push(Part::Word(c.to_string())),
            }
        } else {
            found.push(Part::Other(c));
        }
    }
    // Blanks and commas only separate, and so do the endings of `1st`.
    found.retain(|part| match part {
        Part::Other(c) => !c.is_whitespace() && *c != ',',
        Part::Word(word) => !matches!(word.as_str(), "st" | "nd" | "rd" | "th"),
        Part::Number(_) => true,
    });
    found
}

fn date(parts: &[Part]) -> Option<Date> {
    use Part::{Number, Other, Word};
    let (year, month, day) = match parts {
        [Number(year), Other('-'), Number(month), Other('-'), Number(day), ..]
        | [Number(year), Other('/'), Number(month), Other('/'), Number(day), ..]
        | [Number(year), Other('.'), Number(month), Other('.'), Number(day), ..] => (*year, *month, *day),
        [Other(a), Other(b), Number(year), Other('年'), Number(month), Other('月'), Number(day), Other('日'), ..] => {
            let era: String = [*a, *b].iter().collect();
            let (_, before) = ERAS.iter().find(|(name, _)| *name == era)?;
            (before.checked_add(*year)?, *month, *day)
        }
        [Number(year), Other('年'), Number(month), Other('月'), Number(day), Other('日'), ..] => {
            (*year, *month, *day)
        }
        [Word(name), Number(day), Number(year), ..] | [Number(day), Word(name), Number(year), ..] => {
            (*year, month(name)?, *day)
        }
        _ => return None,
    };
    if !(1990..=2100).contains(&year) {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

fn month(name: &str) -> Option<i32> {
    let at = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(name))?;
    i32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_however_they_are_written() {
        for text in [
            "last updated: 2024-05-01",
            "2024/5/1",
            "may 1, 2024",
            "may 1st 2024",
            "1 may 2024",
            "2024年5月1日改定",
            "改定日 令和6年5月1日",
            "制定 2019年4月1日 改定 2024年5月1日",
        ] {
            assert_eq!(latest(text).as_deref(), Some("2024-05-01"), "{text}");
        }
        for text in ["05/01/2024", "version 1.2.3", "2024年5月", "99999999999-1-1", "2024-13-01", ""] {
            assert_eq!(latest(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9年月日/ .,a-zR令和-]{0,60}") {
            let _ = latest(&text);
        }
    }
}
