//! TFTP (RFC 1350): asking for a file that does not exist.

/// Asks to read a file of a name that no device has.
pub(crate) const REQUEST: &[u8] = b"\0\x01sekisho-no-such-file\0octet\0";

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A part of the file.
    Data,
    /// An error, with its code and message.
    Error(u16, String),
}

/// Reads an answer; none where it is none of the protocol's.
pub(crate) fn read(bytes: &[u8]) -> Option<Answer> {
    match bytes {
        [0, 3, 0, 1, data @ ..] if data.len() <= 512 => Some(Answer::Data),
        [0, 5, high, low, message @ ..] if *high == 0 && *low <= 8 && message.last() == Some(&0) => {
            let message = message.split(|&b| b == 0).next().unwrap_or_default();
            Some(Answer::Error(u16::from_be_bytes([*high, *low]), super::shown(message)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_data() {
        assert_eq!(read(b"\0\x05\0\x01File not found\0"), Some(Answer::Error(1, "File not found".into())));
        assert_eq!(read(b"\0\x03\0\x01abc"), Some(Answer::Data));
        assert_eq!(read(b"\0\x05\0\x01no end"), None);
        assert_eq!(read(b"hello"), None);
    }
}
