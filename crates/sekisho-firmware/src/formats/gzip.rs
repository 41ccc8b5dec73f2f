//! gzip (RFC 1952).

use std::sync::Arc;

use flate2::bufread::GzDecoder;

use super::{Format, Opened, Signature, expand, le32, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Gzip;

impl Format for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x1f\x8b\x08")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<10>(0)?;
        let (flags, extra, os) = (header[3], header[8], header[9]);
        if flags & 0xe0 != 0 || !matches!(extra, 0 | 2 | 4) || !(os <= 13 || os == 255) {
            return None;
        }
        let mut decoder = GzDecoder::new(data.reader());
        let expanded = expand(&mut decoder, budget);
        let name = decoder
            .header()
            .and_then(|h| h.filename())
            .map(|name| format!("name '{}'", String::from_utf8_lossy(name).escape_debug()));
        let consumed = decoder.into_inner().consumed();
        let mut opened = stream(self.name(), consumed, expanded, name)?;
        let made = le32(&header, 4);
        opened.made = (made != 0).then_some(u64::from(made));
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_length_is_exact() {
        let mut bytes = gz(b"hello hello");
        let length = bytes.len() as u64;
        bytes.extend_from_slice(&[0xff; 1000]);
        let opened = Gzip.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!((opened.length, opened.read), (length, ReadState::Whole));
        let Content::Stream(blob) = opened.content else { panic!() };
        assert_eq!(blob.window(0, 99).unwrap().as_ref(), b"hello hello");
    }

    #[test]
    fn a_bomb_is_cut() {
        let limits = Limits { stream: 1 << 20, ..Limits::default() };
        let opened = Gzip.open(&Blob::memory(gz(&vec![0; 50 << 20])), &Budget::new(limits)).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        let Content::Stream(blob) = opened.content else { panic!() };
        assert!(blob.len() <= 1 << 20);
    }

    #[test]
    fn noise_behind_a_header_is_nothing() {
        let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        bytes.extend((0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
        assert!(Gzip.open(&Blob::memory(bytes), &Budget::new(Limits::default())).is_none());
    }
}
