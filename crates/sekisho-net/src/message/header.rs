//! The header of a message (RFC 5322, section 2.2): its fields as they stand, in bounded number.

/// Fields of a header that are read.
const FIELDS: usize = 2000;
/// Bytes of a header that are read.
const HEADER: usize = 1 << 20;

/// A field, with its folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'m> {
    /// Its name, as it is written.
    pub(super) name: &'m [u8],
    /// What follows the colon, with the line's end.
    pub(super) value: &'m [u8],
    /// All of it.
    pub(super) raw: &'m [u8],
}

impl Field<'_> {
    /// Whether it is the field of this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
    }

    /// Its value in one line.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.value).replace("\r\n", "").trim().to_owned()
    }
}

/// A message in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message<'m> {
    pub(super) fields: Vec<Field<'m>>,
    pub(super) body: &'m [u8],
    /// Whether the header goes over a limit, or has lines that are no fields.
    pub(super) broken: bool,
}

impl<'m> Message<'m> {
    /// Splits a message whose lines all end in CRLF.
    pub(super) fn parse(bytes: &'m [u8]) -> Self {
        let mut message = Self { fields: Vec::new(), body: &[], broken: false };
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.is_empty() {
                return message;
            }
            if let Some(body) = rest.strip_prefix(b"\r\n") {
                message.body = body;
                return message;
            }
            let length = field_length(rest);
            if message.fields.len() == FIELDS || at + length > HEADER {
                message.broken = true;
                return message;
            }
            at += length;
            let raw = rest.get(..length).unwrap_or_default();
            let colon = raw.iter().position(|byte| *byte == b':').filter(|colon| *colon > 0);
            let parts = colon.and_then(|colon| Some((raw.get(..colon)?, raw.get(colon + 1..)?)));
            match parts {
                Some((name, value)) if name.iter().all(|byte| (b' '..=b'~').contains(byte)) => {
                    message.fields.push(Field { name, value, raw });
                }
                // The line that mail boxes put before each message.
                _ if message.fields.is_empty() && raw.starts_with(b"From ") => {}
                _ => message.broken = true,
            }
        }
    }

    /// The fields of a name, the first first.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl DoubleEndedIterator<Item = &'s Field<'m>> {
        self.fields.iter().filter(move |field| field.is(name))
    }
}

/// The length of the field at the beginning: until the first line's end that no white space follows.
fn field_length(bytes: &[u8]) -> usize {
    let mut from = 0;
    while let Some(end) = bytes.get(from..).unwrap_or_default().windows(2).position(|two| two == b"\r\n") {
        from += end + 2;
        if !matches!(bytes.get(from), Some(b' ' | b'\t')) {
            return from;
        }
    }
    bytes.len()
}

/// The same bytes with every line ending in CRLF, as mail is sent: files often have them otherwise.
pub(super) fn with_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        before = *byte;
    }
    out
}
