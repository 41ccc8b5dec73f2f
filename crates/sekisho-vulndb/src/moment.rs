//! Points in time, as the sources write them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// A point in time, in microseconds since 1970 (UTC): what the sources date their records with. Written as RFC 3339 where people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// Reads a date or a date with a time. Without an offset it is UTC, as NVD and CISA write theirs; none where it is no date.
    pub fn parse(text: &str) -> Option<Self> {
        // The longest form, with nanoseconds and an offset, has 35 characters.
        let text = text.trim();
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
            return Some(moment.into());
        }
        if let Ok(date) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
            return Some(date.midnight().assume_utc().into());
        }
        // EPSS writes `+0000`, NVD no offset at all.
        let spelt = match text.len().checked_sub(5).and_then(|at| text.split_at_checked(at)) {
            Some((head, offset))
                if offset.starts_with(['+', '-']) && offset[1..].bytes().all(|b| b.is_ascii_digit()) =>
            {
                format!("{head}{}:{}", &offset[..3], &offset[3..])
            }
            _ => format!("{text}Z"),
        };
        OffsetDateTime::parse(&spelt, &Rfc3339).ok().map(Into::into)
    }

    /// The moment so many whole days later, or the last one there is.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(i64::from(days).saturating_mul(86_400_000_000)))
    }

    /// Its day (ISO 8601), in UTC.
    pub fn day(self) -> String {
        let text = self.to_string();
        text.split_once('T').map_or(text.clone(), |(day, _)| day.to_owned())
    }

    /// Whole days from `earlier` to this moment; less than none where it comes first.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(86_400_000_000)
    }

    /// The moment for what works with [`OffsetDateTime`]; none where it lies outside of its years.
    pub fn to_time(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000).ok()
    }
}

impl From<OffsetDateTime> for Moment {
    fn from(moment: OffsetDateTime) -> Self {
        // Years have at most four digits, so this always fits.
        let micros = moment.unix_timestamp_nanos().div_euclid(1000);
        Self(i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_time().and_then(|moment| moment.format(&Rfc3339).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_i64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no date"))
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn the_forms_of_the_sources() {
        let expected = Moment::parse("2026-08-16T00:00:00Z").unwrap();
        for text in ["2026-08-16", "2026-08-16T00:00:00+0000", "2026-08-16T00:00:00.000", "2026-08-16T02:00:00+02:00"] {
            assert_eq!(Moment::parse(text), Some(expected), "{text}");
        }
        assert_eq!(Moment::parse("2025-08-25T17:04:19.9796Z").unwrap().to_string(), "2025-08-25T17:04:19.9796Z");
        assert!(Moment::parse("0001-01-01T00:00:00Z").unwrap() < expected);
        let days = |text: &str| Moment::parse(text).unwrap().days_since(expected);
        assert_eq!((days("2026-08-17T23:59:59Z"), days("2026-08-15T23:59:59Z")), (1, -1));
        for text in ["", "soon", "2026-13-01", "2026-08-16T25:00:00Z", "99999-01-01", "2026-08-16T00:00:00+ab00", "é"]
        {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
