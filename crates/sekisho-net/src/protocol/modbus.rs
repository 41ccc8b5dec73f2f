//! Modbus over TCP: reading the device's identification (Modbus application protocol 1.1b3, section 6.21).

/// Reads the basic identification: a request that only reads. The unit is the one that stands for the host itself.
pub(crate) const REQUEST: [u8; 11] = [0x5e, 0x01, 0, 0, 0, 5, 0xff, 0x2b, 0x0e, 0x01, 0x00];

/// An answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Vendor, product and revision, as far as given.
    Identification(Vec<String>),
    /// It does not answer that, with this code.
    Exception(u8),
}

/// Reads an answer; none where it is no answer to the request.
pub(crate) fn read(bytes: &[u8]) -> Option<Answer> {
    let (head, pdu) = bytes.split_at_checked(7)?;
    if head.get(..4)? != &REQUEST[..4]
        || usize::from(u16::from_be_bytes([*head.get(4)?, *head.get(5)?])) != pdu.len() + 1
    {
        return None;
    }
    match pdu {
        [0xab, code] => Some(Answer::Exception(*code)),
        [0x2b, 0x0e, _, _, _, _, count, objects @ ..] => {
            let mut rest = objects;
            let mut texts = Vec::new();
            for _ in 0..*count {
                let (&[_, length], after) = rest.split_first_chunk::<2>()?;
                let (text, after) = after.split_at_checked(usize::from(length))?;
                texts.push(super::shown(text));
                rest = after;
            }
            Some(Answer::Identification(texts))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identification_and_exception() {
        let mut bytes =
            vec![0x5e, 0x01, 0, 0, 0, 16, 0xff, 0x2b, 0x0e, 1, 1, 0, 0, 2, 0, 3, b'A', b'c', b'm', 1, 1, b'X'];
        assert_eq!(read(&bytes), Some(Answer::Identification(vec!["Acm".into(), "X".into()])));
        bytes.pop();
        assert_eq!(read(&bytes), None);
        assert_eq!(read(&[0x5e, 0x01, 0, 0, 0, 3, 0xff, 0xab, 1]), Some(Answer::Exception(1)));
        assert_eq!(read(b"HTTP/1.1 400 Bad Request"), None);
    }
}
