//! Just enough of protocol buffers' wire format to read a manifest (<https://protobuf.dev/programming-guides/encoding/>).

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message in their order. It ends where the message is not well formed.
pub(super) fn fields(message: &[u8]) -> impl Iterator<Item = (u32, Value<'_>)> {
    let mut rest = message;
    std::iter::from_fn(move || {
        let key = varint(&mut rest)?;
        let field = u32::try_from(key >> 3).ok()?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut rest)?),
            1 => Value::Number(u64::from_le_bytes(take(&mut rest, 8)?.try_into().ok()?)),
            2 => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                Value::Bytes(take(&mut rest, length)?)
            }
            5 => Value::Number(u64::from(u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?))),
            _ => return None,
        };
        Some((field, value))
    })
}

/// Whether a message is well formed to its end.
pub(super) fn is_whole(message: &[u8]) -> bool {
    let used: usize = fields(message).map(|(field, value)| encoded(u64::from(field) << 3, value)).sum();
    // Numbers may be written longer than they need be; those who make payloads do not.
    used == message.len()
}

fn encoded(key: u64, value: Value<'_>) -> usize {
    let varint = |n: u64| (70 - (n | 1).leading_zeros() as usize) / 7;
    varint(key)
        + match value {
            Value::Number(n) => varint(n),
            Value::Bytes(bytes) => varint(bytes.len() as u64) + bytes.len(),
        }
}

pub(super) fn number(message: &[u8], field: u32) -> Option<u64> {
    fields(message).find_map(|(number, value)| match value {
        Value::Number(n) if number == field => Some(n),
        _ => None,
    })
}

pub(super) fn bytes(message: &[u8], field: u32) -> Option<&[u8]> {
    all_bytes(message, field).next()
}

pub(super) fn all_bytes(message: &[u8], field: u32) -> impl Iterator<Item = &[u8]> {
    fields(message).filter_map(move |(number, value)| match value {
        Value::Bytes(bytes) if number == field => Some(bytes),
        _ => None,
    })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_each_type() {
        let message = b"\x08\x96\x01\x12\x03abc\x1a\x02\x08\x01";
        assert_eq!(number(message, 1), Some(150));
        assert_eq!(bytes(message, 2), Some(&b"abc"[..]));
        assert_eq!(number(bytes(message, 3).unwrap(), 1), Some(1));
        assert!(is_whole(message));
        for end in 1..message.len() {
            let whole = is_whole(&message[..end]);
            assert_eq!(whole, matches!(end, 3 | 8), "{end}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(message in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = is_whole(&message);
            proptest::prop_assert!(fields(&message).count() <= message.len());
        }
    }
}
