//! BACnet/IP: reading the name of the device object (ASHRAE 135, clauses 6, 15.5, 20 and annex J).

/// Reads the property *object-name* of the device, by the instance number that stands for whoever is asked. Unicast, and only reads.
pub(crate) const REQUEST: [u8; 17] =
    [0x81, 0x0a, 0x00, 0x11, 0x01, 0x04, 0x00, 0x05, 0x5e, 0x0c, 0x0c, 0x02, 0x3f, 0xff, 0xff, 0x19, 0x4d];

/// An answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The name.
    Name(String),
    /// It does not answer that.
    Refused,
}

/// Reads an answer; none where it is no answer to the request.
pub(crate) fn read(bytes: &[u8]) -> Option<Answer> {
    let (&[0x81, 0x0a, high, low], rest) = bytes.split_first_chunk::<4>()? else { return None };
    if usize::from(u16::from_be_bytes([high, low])) != bytes.len() {
        return None;
    }
    let (&[1, control], mut rest) = rest.split_first_chunk::<2>()? else { return None };
    // A message of the network layer, not of an application.
    if control & 0x80 != 0 {
        return None;
    }
    for bit in [0x20, 0x08] {
        if control & bit != 0 {
            let (&[_, _, length], after) = rest.split_first_chunk::<3>()?;
            rest = after.get(usize::from(length)..)?;
        }
    }
    if control & 0x20 != 0 {
        rest = rest.get(1..)?;
    }
    match rest {
        // Error, reject, abort.
        [kind, 0x5e, ..] if matches!(kind & 0xf0, 0x50 | 0x60 | 0x70) => Some(Answer::Refused),
        [0x30, 0x5e, 0x0c, 0x0c, _, _, _, _, 0x19, 0x4d, 0x3e, value @ ..] => {
            // A character string: application tag 7 with an extended length, then the character set.
            let (length, text) = match value {
                [0x75, length, text @ ..] if *length < 254 => (usize::from(*length), text),
                [tag, text @ ..] if (0x71..=0x74).contains(tag) => (usize::from(tag & 7), text),
                _ => return None,
            };
            Some(Answer::Name(super::shown(text.get(1..length)?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_refusal() {
        let mut answer = vec![0x81, 0x0a, 0, 0, 1, 0, 0x30, 0x5e, 0x0c, 0x0c, 2, 0, 0, 7, 0x19, 0x4d, 0x3e, 0x75, 5, 0];
        answer.extend(b"AHU1\x3f");
        answer[3] = answer.len() as u8;
        assert_eq!(read(&answer), Some(Answer::Name("AHU1".into())));
        assert_eq!(read(&[0x81, 0x0a, 0, 9, 1, 0, 0x60, 0x5e, 4]), Some(Answer::Refused));
        assert_eq!(read(&REQUEST), None);
    }
}
