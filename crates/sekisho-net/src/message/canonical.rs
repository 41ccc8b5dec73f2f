//! Canonicalization (RFC 6376, section 3.4): which changes on the way a signature endures.

/// How much change is endured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Simple,
    Relaxed,
}

impl Form {
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "simple" => Some(Self::Simple),
            "relaxed" => Some(Self::Relaxed),
            _ => None,
        }
    }
}

/// The forms of header and body that a signature's `c` names.
pub(super) fn forms(text: &str) -> Option<(Form, Form)> {
    let (header, body) = text.split_once('/').unwrap_or((text, "simple"));
    Some((Form::parse(header.trim())?, Form::parse(body.trim())?))
}

/// A field of the header.
pub(super) fn field(form: Form, raw: &[u8]) -> Vec<u8> {
    if form == Form::Simple {
        return raw.to_vec();
    }
    let colon = raw.iter().position(|byte| *byte == b':').unwrap_or(raw.len());
    let (name, value) = raw.split_at_checked(colon).unwrap_or((raw, &[]));
    let mut out = name.trim_ascii().to_ascii_lowercase();
    out.push(b':');
    let unfolded: Vec<u8> = value.iter().skip(1).copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    squeeze(unfolded.trim_ascii(), &mut out);
    out.extend(b"\r\n");
    out
}

/// The body.
pub(super) fn body(form: Form, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    for line in lines(body) {
        match form {
            Form::Simple => out.extend(line),
            Form::Relaxed => squeeze(trim_end(line), &mut out),
        }
        out.extend(b"\r\n");
    }
    // Empty lines at the end do not count; a body of nothing else is one of them in the simple form, and nothing in the relaxed one.
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == b"\r\n" || out.is_empty() {
        return if form == Form::Simple { b"\r\n".to_vec() } else { Vec::new() };
    }
    out
}

/// The lines, without their ends; the last need not have one.
fn lines(body: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut from = 0;
    for (at, two) in body.windows(2).enumerate() {
        if two == b"\r\n" {
            lines.push(body.get(from..at).unwrap_or_default());
            from = at + 2;
        }
    }
    let last = body.get(from..).unwrap_or_default();
    if !last.is_empty() {
        lines.push(last);
    }
    lines
}

fn trim_end(line: &[u8]) -> &[u8] {
    let length = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
    line.get(..length).unwrap_or_default()
}

/// Writes `text` with every run of white space as one space.
fn squeeze(text: &[u8], out: &mut Vec<u8>) {
    let mut space = false;
    for byte in text {
        let is_space = matches!(byte, b' ' | b'\t');
        if !is_space {
            out.push(*byte);
        } else if !space {
            out.push(b' ');
        }
        space = is_space;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // RFC 6376, section 3.4.5.
    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(field(Form::Relaxed, b"A: X\r\n"), b"a:X\r\n");
        assert_eq!(field(Form::Relaxed, b"B : Y\t\r\n\tZ  \r\n"), b"b:Y Z\r\n");
        assert_eq!(field(Form::Simple, b"B : Y\t\r\n\tZ  \r\n"), b"B : Y\t\r\n\tZ  \r\n");
        let text = b" C \r\nD \t E\r\n\r\n\r\n";
        assert_eq!(body(Form::Relaxed, text), b" C\r\nD E\r\n");
        assert_eq!(body(Form::Simple, text), b" C \r\nD \t E\r\n");
    }

    #[test]
    fn empty_bodies() {
        for text in [&b""[..], b"\r\n", b"\r\n\r\n\r\n"] {
            assert_eq!(body(Form::Simple, text), b"\r\n");
            assert_eq!(body(Form::Relaxed, text), b"");
        }
        assert_eq!(body(Form::Relaxed, b" \r\n\t\r\n"), b"");
        assert_eq!(body(Form::Simple, b"no end"), b"no end\r\n");
    }

    proptest! {
        #[test]
        fn canonical_bodies_stay_as_they_are(bytes in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b' '), Just(b'x')], 0..60)) {
            for form in [Form::Simple, Form::Relaxed] {
                let once = body(form, &bytes);
                prop_assert_eq!(&body(form, &once), &once);
                let _ = field(form, &bytes);
            }
        }
    }
}
