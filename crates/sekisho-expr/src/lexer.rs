//! From source to tokens.

use std::ops::Range;

use crate::error::ExprError;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Name(String),
    /// A whole number's digits without sign, and their base.
    Int(String, u32),
    Double(f64),
    String(String),
    /// `&&`, `(`, `<=` ...
    Symbol(&'static str),
    End,
}

/// Longest first: the first that fits is the token.
const SYMBOLS: [&str; 18] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "?", ":", "(", ")", "[", "]", ",", ".", "-"];

/// The tokens of `source`, the last of which is [`Token::End`], each with its bytes.
pub(crate) fn tokens(source: &str) -> Result<Vec<(Token, Range<usize>)>, ExprError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let (token, length) = match first {
            ' ' | '\t' | '\n' | '\r' | '\x0c' => {
                at += 1;
                continue;
            }
            '/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '\'' | '"' => string(rest, 0, at)?,
            'r' | 'R' if rest[1..].starts_with(['\'', '"']) => string(rest, 1, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = span_of(rest, |c| c.is_ascii_alphanumeric() || c == '_');
                (Token::Name(rest[..length].to_owned()), length)
            }
            '0'..='9' => number(rest, at)?,
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => number(rest, at)?,
            _ => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) => (Token::Symbol(symbol), symbol.len()),
                None => return Err(unexpected(rest, first, at)),
            },
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    tokens.push((Token::End, source.len()..source.len()));
    Ok(tokens)
}

fn unexpected(rest: &str, first: char, at: usize) -> ExprError {
    let error = |length, message: String| ExprError::new(at..at + length, message);
    for (written, meant) in [("=", "=="), ("&", "&&"), ("|", "||")] {
        if rest.starts_with(written) {
            return error(1, format!("unexpected '{written}'")).hint(format!("did you mean '{meant}'?"));
        }
    }
    if matches!(first, '+' | '*' | '/' | '%') {
        return error(1, format!("'{first}' is not supported")).hint("a collector must compute the value as a fact");
    }
    error(first.len_utf8(), format!("unexpected character '{}'", first.escape_debug()))
}

/// Bytes at the beginning of `text` that are all `part`.
fn span_of(text: &str, part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !part(c)).unwrap_or(text.len())
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ExprError> {
    let (token, length) = if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = span_of(hex, |c| c.is_ascii_hexdigit());
        (Token::Int(hex[..length].to_owned(), 16), 2 + length)
    } else {
        decimal(rest)
    };
    if matches!(token, Token::Double(number) if number.is_infinite()) {
        return Err(ExprError::new(at..at + length, "the number is too large"));
    }
    let follows = rest[length..].chars().next();
    if follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') || token == Token::Int(String::new(), 16) {
        let end = length + follows.map_or(0, char::len_utf8);
        return Err(ExprError::new(at..at + end, "this is not a number"));
    }
    Ok((token, length))
}

fn decimal(rest: &str) -> (Token, usize) {
    let digits = |from: usize| from + span_of(&rest[from..], |c| c.is_ascii_digit());
    let whole = digits(0);
    let mut end = whole;
    // `1.size()` has no fraction, but a method.
    if rest[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        if digits(end + 1 + sign) > end + 1 + sign {
            end = digits(end + 1 + sign);
        }
    }
    let text = &rest[..end];
    match text.parse() {
        Ok(number) if end > whole => (Token::Double(number), end),
        _ => (Token::Int(text.to_owned(), 10), end),
    }
}

/// A string literal whose quote stands after `prefix` bytes; with a prefix it is a raw one.
fn string(rest: &str, prefix: usize, at: usize) -> Result<(Token, usize), ExprError> {
    let quote = rest[prefix..].chars().next().unwrap_or('\'');
    let mut text = String::new();
    let mut characters = rest[prefix + 1..].char_indices();
    while let Some((i, c)) = characters.next() {
        let here = prefix + 1 + i;
        match c {
            _ if c == quote => return Ok((Token::String(text), here + 1)),
            '\n' | '\r' => break,
            '\\' if prefix == 0 => {
                let (escaped, length) =
                    escape(&rest[here + 1..]).ok_or_else(|| bad_escape(&rest[here + 1..], at + here))?;
                text.push(escaped);
                // The escape is ASCII: bytes are characters.
                characters.nth(length - 1);
            }
            _ => text.push(c),
        }
    }
    Err(ExprError::new(at..at + prefix + 1, "this text is not closed").hint(format!("end it with {quote}")))
}

fn bad_escape(after: &str, at: usize) -> ExprError {
    let length = after.chars().next().map_or(0, char::len_utf8);
    ExprError::new(at..at + 1 + length, "a backslash is followed by something that it does not go with")
        .hint("write the backslash twice, or use a raw text such as r'\\d+'")
}

/// The character that the escape sequence at the beginning of `after` stands for, and the sequence's length.
fn escape(after: &str) -> Option<(char, usize)> {
    let coded = |from: usize, digits: usize, base: u32| {
        let code = after.get(from..from + digits)?;
        // `from_str_radix` would take a sign.
        code.chars().all(|c| c.is_digit(base)).then_some(())?;
        Some((char::from_u32(u32::from_str_radix(code, base).ok()?)?, from + digits))
    };
    let simple = match after.chars().next()? {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        c @ ('\\' | '?' | '"' | '\'' | '`') => c,
        'x' | 'X' => return coded(1, 2, 16),
        'u' => return coded(1, 4, 16),
        'U' => return coded(1, 8, 16),
        '0'..='3' => return coded(0, 3, 8),
        _ => return None,
    };
    Some((simple, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Vec<Token>, String> {
        Ok(tokens(source).map_err(|e| e.to_string())?.into_iter().map(|(token, _)| token).collect())
    }

    #[test]
    fn strings_have_cels_escapes() {
        let text = |source: &str| match read(source).unwrap().remove(0) {
            Token::String(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(text(r#""a\"b\n\x41\u3042\U0001F600\101""#), "a\"b\nA\u{3042}\u{1F600}A");
        assert_eq!(text(r"r'\d+'"), r"\d+");
        assert_eq!(text("'錠\"'"), "錠\"");
        assert!(read(r"'\d'").unwrap_err().contains("raw text"));
        assert!(read(r"'\uD800'").is_err());
        assert!(read(r"'\x+1'").is_err());
        assert!(read("'a\nb'").unwrap_err().contains("not closed"));
    }

    #[test]
    fn numbers_end_where_they_end() {
        assert_eq!(read("1.5e3 .5 0x1F 12").unwrap()[..2], [Token::Double(1500.0), Token::Double(0.5)]);
        assert_eq!(read("1.size").unwrap()[0], Token::Int("1".into(), 10));
        for source in ["1u", "0x", "1_000", "12ab", "1e"] {
            assert!(read(source).is_err(), "{source}");
        }
    }
}
