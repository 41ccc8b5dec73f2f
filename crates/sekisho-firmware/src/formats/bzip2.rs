//! bzip2 streams.

use std::sync::Arc;

use bzip2::bufread::BzDecoder;

use super::{Format, Opened, Signature, expand, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Bzip2;

impl Format for Bzip2 {
    fn name(&self) -> &'static str {
        "bzip2"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"BZh")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        // The block size in hundreds of kilobytes, then the first block's mark: the digits of pi.
        let header = data.array::<10>(0)?;
        if !matches!(header[3], b'1'..=b'9') || header[4..] != [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] {
            return None;
        }
        let mut decoder = BzDecoder::new(data.reader());
        let expanded = expand(&mut decoder, budget);
        stream(self.name(), decoder.into_inner().consumed(), expanded, None)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_length_is_exact_and_damage_is_said() {
        let noise: Vec<u8> = (0..300_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 25) as u8).collect();
        let mut bytes = packed(&noise);
        let length = bytes.len();
        bytes.extend([0xff; 99]);
        let budget = Budget::new(Limits::default());
        let opened = Bzip2.open(&Blob::memory(bytes.clone()), &budget).unwrap();
        assert_eq!((opened.length, opened.read), (length as u64, ReadState::Whole));
        bytes[length / 2] ^= 1;
        let opened = Bzip2.open(&Blob::memory(bytes), &budget);
        assert!(opened.is_none_or(|o| o.read == ReadState::Partial));
    }

    #[test]
    fn a_bomb_is_cut() {
        let limits = Limits { stream: 1 << 20, ..Limits::default() };
        let opened = Bzip2.open(&Blob::memory(packed(&vec![0; 50 << 20])), &Budget::new(limits)).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        let Content::Stream(blob) = opened.content else { panic!() };
        assert!(blob.len() <= 1 << 20);
    }
}
