//! Ages: how old a thing was on the day of the assessment.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime};

use crate::bilingual::Bi;

/// The day of a date as data give it: RFC 3339, `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. What is left out counts as the first.
pub(crate) fn day(text: &str) -> Option<Date> {
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment.date());
    }
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = Month::try_from(parts.next().unwrap_or("1").parse::<u8>().ok()?).ok()?;
    let day = parts.next().unwrap_or("1").parse().ok()?;
    match parts.next() {
        None => Date::from_calendar_date(year, month, day).ok(),
        Some(_) => None,
    }
}

/// Only the day of a moment as data give it; the text itself where it is no date.
pub(crate) fn day_of(text: &str) -> String {
    match OffsetDateTime::parse(text, &Rfc3339) {
        Ok(moment) => moment.date().to_string(),
        Err(_) => text.to_owned(),
    }
}

/// The minute of a moment, in its own time zone: `2026-03-01 09:30 UTC`.
pub(crate) fn minute_of(text: &str) -> String {
    let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) else { return text.to_owned() };
    let zone = if moment.offset().is_utc() { "UTC".to_owned() } else { moment.offset().to_string() };
    format!("{} {:02}:{:02} {zone}", moment.date(), moment.hour(), moment.minute())
}

/// How old `then` was at `now`, in words; none where one of them is no date.
pub(crate) fn age(then: &str, now: &str) -> Option<Bi<'static>> {
    Some(words((day(now)? - day(then)?).whole_days()))
}

/// The same as a remark on the thing: `2 years old`.
pub(crate) fn old(then: &str, now: &str) -> Option<Bi<'static>> {
    use sekisho_model::Lang::{En, Ja};
    let days = (day(now)? - day(then)?).whole_days();
    let words = words(days);
    Some(match days {
        ..=0 => words,
        _ => Bi::made(format!("{} old", words.get(En)), format!("{}前", words.get(Ja))),
    })
}

fn words(days: i64) -> Bi<'static> {
    const MONTH: i64 = 30;
    const YEAR: i64 = 365;
    match days {
        ..0 => Bi::fixed("dated in the future", "未来の日付"),
        0 => Bi::fixed("same day", "当日"),
        1 => Bi::fixed("1 day", "1日"),
        2..60 => Bi::made(format!("{days} days"), format!("{days}日")),
        60..730 => Bi::made(format!("{} months", days / MONTH), format!("{}か月", days / MONTH)),
        _ => Bi::made(format!("{} years", days / YEAR), format!("{}年", days / YEAR)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sekisho_model::Lang;

    #[test]
    fn ages_are_told_in_the_unit_that_matters() {
        let now = "2026-03-01T09:30:00Z";
        let told = |then| age(then, now).map(|bi| bi.get(Lang::En).to_owned());
        assert_eq!(told("2026-03-01T01:00:00Z").as_deref(), Some("same day"));
        assert_eq!(told("2026-02-20").as_deref(), Some("9 days"));
        assert_eq!(told("2025-06").as_deref(), Some("9 months"));
        assert_eq!(told("2017").as_deref(), Some("9 years"));
        assert_eq!(told("2027").as_deref(), Some("dated in the future"));
        assert_eq!(told("soon"), None);
    }

    #[test]
    fn moments_are_told_to_the_minute() {
        assert_eq!(minute_of("2026-03-01T09:30:12Z"), "2026-03-01 09:30 UTC");
        assert_eq!(day_of("2026-03-01T09:30:12Z"), "2026-03-01");
        assert_eq!(day_of("unknown"), "unknown");
    }
}
