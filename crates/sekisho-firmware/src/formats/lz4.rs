//! LZ4: frames (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>) and the legacy form that Linux kernels and initramfs use
//! (the same document, "Legacy frame").

use std::io::{self, Read};
use std::sync::Arc;

use lz4_flex::frame::FrameDecoder;

use super::{Format, Opened, Signature, expand, le32, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

pub(super) struct Lz4;

const LEGACY: &[u8] = b"\x02\x21\x4c\x18";
/// What one block of the legacy form holds; only the last has less.
const LEGACY_BLOCK: usize = 8 << 20;
/// The longest that such a block can get by compression: `LZ4_COMPRESSBOUND` of `lz4.h`.
const LEGACY_BOUND: u32 = (LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16) as u32;

/// What a stream in the middle of other data gives at least: kernels and archives give much more.
const PLAUSIBLE: u64 = 4096;

impl Format for Lz4 {
    fn name(&self) -> &'static str {
        "lz4"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x04\x22\x4d\x18"), magic(LEGACY)] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        if data.array::<4>(0)? == LEGACY {
            let mut decoder = Legacy { data: data.clone(), at: 4, block: Vec::new(), used: 0, last: false };
            let expanded = expand(&mut decoder, budget);
            // Without a checksum noise may decode to a little; what fills the data exactly is none.
            if expanded.blob.len() < PLAUSIBLE && decoder.at != data.len() {
                return None;
            }
            return stream(self.name(), decoder.at, expanded, Some("legacy form".into()));
        }
        // Version 01 and the reserved bits; the checksum of the header is the decoder's.
        let header = data.array::<7>(0)?;
        if header[4] >> 6 != 1 || header[4] & 0x02 != 0 || header[5] & 0x8f != 0 {
            return None;
        }
        let mut decoder = FrameDecoder::new(data.reader());
        let expanded = expand(&mut decoder, budget);
        stream(self.name(), decoder.into_inner().consumed(), expanded, None)
    }
}

/// Reads the blocks of the legacy form, which has neither a length nor an end mark: it ends with the first block that is not full, or
/// where no block follows.
struct Legacy {
    data: Blob,
    at: u64,
    block: Vec<u8>,
    used: usize,
    last: bool,
}

impl Legacy {
    fn next_block(&mut self) -> io::Result<()> {
        self.block.clear();
        self.used = 0;
        let first = self.at == 4;
        let Some(size) = self.data.array::<4>(self.at).map(|size| le32(&size, 0)) else {
            self.last = true;
            return if first { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) };
        };
        let block = self.data.window(self.at + 4, size.min(LEGACY_BOUND) as usize)?;
        let whole = size > 0 && size <= LEGACY_BOUND && block.len() == size as usize;
        // One byte stands for 255 at most.
        let mut out = vec![0; block.len().saturating_mul(255).saturating_add(64).min(LEGACY_BLOCK)];
        match whole.then(|| lz4_flex::block::decompress_into(&block, &mut out)) {
            Some(Ok(length)) if length > 0 => {
                out.truncate(length);
                self.block = out;
                self.last = length < LEGACY_BLOCK;
                self.at += 4 + u64::from(size);
                Ok(())
            }
            // What follows full blocks is something else: a kernel has its own length there.
            _ if !first => {
                self.last = true;
                Ok(())
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "no block")),
        }
    }
}

impl Read for Legacy {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.block.len() && !self.last {
            self.next_block()?;
        }
        let rest = self.block.get(self.used..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.used += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lz4_flex::frame::FrameEncoder;
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    fn open(bytes: Vec<u8>, limits: Limits) -> Option<Opened> {
        Lz4.open(&Blob::memory(bytes), &Budget::new(limits))
    }

    fn content(opened: &Opened) -> Vec<u8> {
        let Content::Stream(blob) = &opened.content else { panic!() };
        blob.window(0, 1 << 30).unwrap().into_owned()
    }

    fn frame(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = FrameEncoder::new(Vec::new());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn legacy(bytes: &[u8]) -> Vec<u8> {
        let mut out = LEGACY.to_vec();
        for block in bytes.chunks(LEGACY_BLOCK) {
            let packed = lz4_flex::block::compress(block);
            out.extend((packed.len() as u32).to_le_bytes());
            out.extend(packed);
        }
        out
    }

    #[test]
    fn both_forms_with_their_exact_length() {
        let sample: Vec<u8> = (0..9_000_000_u32).map(|i| (i / 9 % 251) as u8).collect();
        for mut bytes in [frame(&sample), legacy(&sample)] {
            let length = bytes.len() as u64;
            // As behind a kernel's data: its length, then code.
            bytes.extend((sample.len() as u32).to_le_bytes());
            bytes.extend([0x90; 300]);
            let opened = open(bytes, Limits::default()).unwrap();
            assert_eq!((opened.length, opened.read), (length, ReadState::Whole));
            assert_eq!(content(&opened), sample);
        }
    }

    #[test]
    fn bombs_are_cut() {
        let limits = Limits { stream: 1 << 20, ..Limits::default() };
        for bytes in [frame(&vec![0; 50 << 20]), legacy(&vec![0; 50 << 20])] {
            let opened = open(bytes, limits).unwrap();
            assert_eq!(opened.read, ReadState::Partial);
            assert!(content(&opened).len() <= 1 << 20);
        }
    }

    #[test]
    fn noise_behind_a_magic_is_nothing() {
        let noise: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for magic in [&b"\x04\x22\x4d\x18"[..], LEGACY] {
            assert!(open([magic, &noise].concat(), Limits::default()).is_none());
        }
    }
}
