//! The data types of SSH (RFC 4251, section 5): read from bytes that somebody else sent, and written.

use crate::failure::Failure;

/// Reads values one after the other.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        let (head, rest) = self.0.split_at_checked(count).ok_or_else(short)?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Failure> {
        Ok(self.bytes(1)?.first().copied().unwrap_or_default())
    }

    pub(super) fn uint32(&mut self) -> Result<u32, Failure> {
        Ok(self.bytes(4)?.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8], Failure> {
        let length = self.uint32()?;
        self.bytes(usize::try_from(length).map_err(|_| short())?)
    }

    /// A list of names, separated by commas.
    pub(super) fn name_list(&mut self) -> Result<Vec<String>, Failure> {
        Ok(names(self.string()?))
    }

    /// The bytes of a positive number without leading zeros.
    pub(super) fn mpint(&mut self) -> Result<&'a [u8], Failure> {
        let bytes = self.string()?;
        Ok(without_zeros(bytes))
    }
}

/// Most names of one list. No implementation has a hundred.
const MOST_NAMES: usize = 512;

fn names(list: &[u8]) -> Vec<String> {
    list.split(|byte| *byte == b',').filter(|name| !name.is_empty()).take(MOST_NAMES).map(printable).collect()
}

/// Text of the other side as facts may hold it: printable US-ASCII, shortened. Names and banners may be nothing else (RFC 4251, section 6).
pub(super) fn printable(bytes: &[u8]) -> String {
    bytes.iter().take(255).map(|byte| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '?' }).collect()
}

/// The bytes from the first that is not zero on.
pub(super) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

fn short() -> Failure {
    Failure::nonsense("an SSH message ends too early")
}

/// Writes values one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A message of this number.
    pub(super) fn message(number: u8) -> Self {
        Self(vec![number])
    }

    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn boolean(self, value: bool) -> Self {
        self.bytes(&[u8::from(value)])
    }

    pub(super) fn uint32(self, value: u32) -> Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn string(self, bytes: &[u8]) -> Self {
        self.uint32(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).bytes(bytes)
    }

    pub(super) fn name_list(self, names: &[&str]) -> Self {
        self.string(names.join(",").as_bytes())
    }

    /// A positive number, given by its bytes.
    pub(super) fn mpint(self, bytes: &[u8]) -> Self {
        let bytes = without_zeros(bytes);
        let padded = bytes.first().is_some_and(|first| first & 0x80 != 0);
        let length = bytes.len() + usize::from(padded);
        self.uint32(u32::try_from(length).unwrap_or(u32::MAX)).bytes(if padded { &[0] } else { &[] }).bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_in_the_standard() {
        // The examples of RFC 4251, section 5.
        assert_eq!(Writer::default().mpint(&[]).0, [0, 0, 0, 0]);
        assert_eq!(Writer::default().mpint(&[0, 0x80]).0, [0, 0, 0, 2, 0, 0x80]);
        assert_eq!(
            Writer::default().mpint(&[9, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7]).0,
            [0, 0, 0, 8, 9, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7]
        );
    }

    #[test]
    fn names_of_others_are_made_printable() {
        let written = Writer::default().string(b"a,\x1b[2J,,b\xff").0;
        assert_eq!(Reader::new(&written).name_list().unwrap(), ["a", "?[2J", "b?"]);
    }

    proptest! {
        #[test]
        fn nothing_that_is_read_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes);
            while reader.string().is_ok() {}
            let _ = (reader.byte(), reader.uint32(), reader.mpint(), reader.name_list());
        }

        #[test]
        fn what_is_written_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), number: u32) {
            let written = Writer::message(7).uint32(number).string(&bytes).mpint(&bytes).0;
            let mut reader = Reader::new(&written);
            prop_assert_eq!(reader.byte().unwrap(), 7);
            prop_assert_eq!(reader.uint32().unwrap(), number);
            prop_assert_eq!(reader.string().unwrap(), &bytes[..]);
            prop_assert_eq!(reader.mpint().unwrap(), without_zeros(&bytes));
        }
    }
}
