//! What an unquoted value means: the YAML 1.2 core schema.

/// The meaning of a simple value; its text is kept beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Core {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number that only fits without a sign.
    UInt(u64),
    Float(f64),
    Text,
}

impl Core {
    /// What `text`, written without quotes, means.
    ///
    /// By the core schema `yes`, `on` and dates are texts, and `012` is twelve. A whole number that 64 bits cannot
    /// hold becomes a floating-point number, as in JSON readers.
    pub(crate) fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Self::Null,
            "true" | "True" | "TRUE" => return Self::Bool(true),
            "false" | "False" | "FALSE" => return Self::Bool(false),
            ".nan" | ".NaN" | ".NAN" => return Self::Float(f64::NAN),
            _ => {}
        }
        // Most texts are told apart by their first character.
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            return Self::Text;
        }
        radix(text, "0o", 8).or_else(|| radix(text, "0x", 16)).or_else(|| decimal(text)).unwrap_or(Self::Text)
    }
}

fn radix(text: &str, prefix: &str, radix: u32) -> Option<Core> {
    let digits = text.strip_prefix(prefix)?;
    // `from_str_radix` would take a sign.
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(unsigned)
}

fn unsigned(number: u64) -> Core {
    i64::try_from(number).map_or(Core::UInt(number), Core::Int)
}

fn decimal(text: &str) -> Option<Core> {
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return Some(Core::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if body.bytes().all(|b| b.is_ascii_digit()) && !body.is_empty() {
        if let Ok(number) = text.parse() {
            return Some(Core::Int(number));
        }
        if !negative && let Ok(number) = body.parse() {
            return Some(Core::UInt(number));
        }
    } else if !is_float(body) {
        return None;
    }
    text.parse().ok().map(Core::Float)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(body: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|e| !e.is_empty() && digits(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_what_the_core_schema_says() {
        for (text, meaning) in [
            ("", Core::Null),
            ("~", Core::Null),
            ("null", Core::Null),
            ("nULL", Core::Text),
            ("True", Core::Bool(true)),
            ("yes", Core::Text),
            ("0", Core::Int(0)),
            ("-0", Core::Int(0)),
            ("012", Core::Int(12)),
            ("+12", Core::Int(12)),
            ("0o14", Core::Int(12)),
            ("0xC", Core::Int(12)),
            ("0x", Core::Text),
            ("0o-1", Core::Text),
            ("-0x1", Core::Text),
            ("9223372036854775807", Core::Int(i64::MAX)),
            ("-9223372036854775808", Core::Int(i64::MIN)),
            ("18446744073709551615", Core::UInt(u64::MAX)),
            ("18446744073709551616", Core::Float(18_446_744_073_709_551_616.0)),
            ("2.10", Core::Float(2.1)),
            (".5", Core::Float(0.5)),
            ("1.", Core::Float(1.0)),
            ("1e3", Core::Float(1000.0)),
            ("1e", Core::Text),
            (".", Core::Text),
            ("-", Core::Text),
            ("-.inf", Core::Float(f64::NEG_INFINITY)),
            ("inf", Core::Text),
            ("1_000", Core::Text),
            ("1.2.3", Core::Text),
            ("2026-01-31", Core::Text),
            ("12:30", Core::Text),
        ] {
            assert_eq!(Core::of_plain(text), meaning, "{text}");
        }
        assert!(matches!(Core::of_plain(".nan"), Core::Float(x) if x.is_nan()));
    }
}
