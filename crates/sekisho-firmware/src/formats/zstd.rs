//! Zstandard frames (RFC 8878).

use std::sync::Arc;

use ruzstd::decoding::StreamingDecoder;

use super::{Format, Opened, Signature, expand, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Zstd;

/// The largest window that a frame may ask for: what `zstd --ultra -22` uses.
const WINDOW: u64 = 128 << 20;

impl Format for Zstd {
    fn name(&self) -> &'static str {
        "zstd"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x28\xb5\x2f\xfd")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        // The reserved bit of the frame header is 0.
        if data.array::<6>(0)?[4] & 0x08 != 0 {
            return None;
        }
        let mut decoder = StreamingDecoder::new_with_max_window_size(data.reader(), WINDOW).ok()?;
        let expanded = expand(&mut decoder, budget);
        let consumed = decoder.get_ref().consumed();
        stream(self.name(), consumed, expanded, None)
    }
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    #[test]
    fn a_frame_and_what_follows_it() {
        let sample: Vec<u8> = (0..100_000_u32).map(|i| (i / 9 % 251) as u8).collect();
        let mut bytes = compress_to_vec(sample.as_slice(), CompressionLevel::Fastest);
        let length = bytes.len() as u64;
        bytes.extend([0xff; 500]);
        let opened = Zstd.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!((opened.length, opened.read), (length, ReadState::Whole));
        let Content::Stream(blob) = opened.content else { panic!() };
        assert_eq!(blob.window(0, 200_000).unwrap().as_ref(), sample);
    }

    #[test]
    fn noise_behind_the_magic_is_nothing() {
        let mut bytes = b"\x28\xb5\x2f\xfd".to_vec();
        bytes.extend((0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
        assert!(Zstd.open(&Blob::memory(bytes), &Budget::new(Limits::default())).is_none());
    }
}
