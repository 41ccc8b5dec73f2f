//! xz and the older `.lzma` ("LZMA alone").

use std::io::{self, Read};
use std::sync::Arc;

use lzma_rust2::{Action, LzmaStream, Status, StreamResult, XzStream};

use super::{End, Format, Opened, Signature, crc32, expand, le32, le64, magic, stream};
use crate::blob::Blob;
use crate::limits::Budget;

/// Memory that a decoder may take for its dictionary, in KiB: what `xz -9` needs, and a good deal more than firmware uses.
pub(crate) const DICTIONARY_KIB: u32 = 66 << 10;

pub(super) struct Xz;

impl Format for Xz {
    fn name(&self) -> &'static str {
        "xz"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xfd7zXZ\0")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<12>(0)?;
        if header[6] != 0 || header[7] > 15 || crc32(&header[6..8]) != le32(&header, 8) {
            return None;
        }
        let mut decoder = Pump {
            source: data.clone(),
            offset: 0,
            decoder: XzStream::new_mem_limit(false, DICTIONARY_KIB),
            ended: false,
        };
        let expanded = expand(&mut decoder, budget);
        let consumed = decoder.decoder.total_in().min(data.len());
        // The header's CRC makes it an xz stream even where nothing can be decoded.
        if let End::Damaged(why) = &expanded.end
            && expanded.blob.len() < super::PLAUSIBLE
        {
            let why = crate::reason::damaged("xz", why);
            let mut opened = Opened { length: consumed.max(12), ..Opened::default() }.damaged(why);
            opened.content = super::Content::Stream(expanded.blob);
            return Some(opened);
        }
        stream(self.name(), consumed, expanded, None)
    }
}

pub(super) struct Lzma;

impl Format for Lzma {
    fn name(&self) -> &'static str {
        "lzma"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The format has no magic; these are its usual properties (lc 3, lp 0, pb 2; with pb 0 and 1, and lp 2 lc 0) and dictionary sizes of 64 KiB and more.
        const { &[magic(b"\x5d\0\0"), magic(b"\x6d\0\0"), magic(b"\x6c\0\0"), magic(b"\x66\0\0")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<14>(0)?;
        if !is_header(&header) {
            return None;
        }
        let dictionary = le32(&header, 1);
        let mut decoder = Pump {
            source: data.clone(),
            offset: 0,
            decoder: LzmaStream::new_mem_limit(DICTIONARY_KIB, None),
            ended: false,
        };
        let expanded = expand(&mut decoder, budget);
        if expanded.blob.len() < 64 {
            return None;
        }
        let unused = decoder.decoder.unused_input().len() as u64;
        let consumed = decoder.decoder.total_in().min(decoder.offset).saturating_sub(unused).min(data.len());
        stream(self.name(), consumed, expanded, Some(format!("dictionary {dictionary} bytes")))
    }
}

/// Whether bytes are a plausible header and the beginning of a stream.
pub(super) fn is_header(header: &[u8]) -> bool {
    let (dictionary, size) = (le32(header, 1), le64(header, 5));
    let plausible_size = size == u64::MAX || (64..1 << 30).contains(&size);
    let plausible_dictionary =
        (1 << 16..=1 << 26).contains(&dictionary) && (dictionary.is_power_of_two() || is_three_halves(dictionary));
    // The range coder's first byte is 0.
    plausible_size && plausible_dictionary && header.get(13) == Some(&0)
}

fn is_three_halves(n: u32) -> bool {
    n.is_multiple_of(3) && (n / 3).is_power_of_two()
}

/// The common shape of the library's decoders that are fed by hand.
trait Step {
    fn step(&mut self, input: &[u8], output: &mut [u8], action: Action) -> io::Result<StreamResult>;
}

impl Step for XzStream {
    fn step(&mut self, input: &[u8], output: &mut [u8], action: Action) -> io::Result<StreamResult> {
        self.process(input, output, action)
    }
}

impl Step for LzmaStream {
    fn step(&mut self, input: &[u8], output: &mut [u8], action: Action) -> io::Result<StreamResult> {
        self.process(input, output, action)
    }
}

/// Feeds a decoder from a blob; unlike the library's readers it lets the consumed length be seen after an error too.
struct Pump<D> {
    source: Blob,
    offset: u64,
    decoder: D,
    ended: bool,
}

impl<D: Step> Read for Pump<D> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.ended || out.is_empty() {
            return Ok(0);
        }
        loop {
            let input = self.source.window(self.offset, 64 << 10)?;
            let action = if input.is_empty() { Action::Finish } else { Action::Run };
            let result = self.decoder.step(&input, out, action)?;
            self.offset += result.bytes_consumed as u64;
            if matches!(result.status, Status::StreamEnd) {
                self.ended = true;
                return Ok(result.bytes_produced);
            }
            if result.bytes_produced > 0 {
                return Ok(result.bytes_produced);
            }
            if input.is_empty() || result.bytes_consumed == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lzma_rust2::{LzmaOptions, LzmaWriter, XzOptions, XzWriter};
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::Content;
    use crate::limits::Limits;

    fn sample() -> Vec<u8> {
        (0..200_000_u32).map(|i| (i / 7 % 251) as u8).collect()
    }

    fn check(format: &dyn Format, mut bytes: Vec<u8>) {
        let length = bytes.len() as u64;
        bytes.extend_from_slice(&[0xff; 5000]);
        let opened = format.open(&Blob::memory(bytes.clone()), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Whole);
        assert!(opened.length.abs_diff(length) <= 1, "{} {length}", opened.length);
        let Content::Stream(blob) = opened.content else { panic!() };
        assert_eq!(blob.window(0, 1 << 20).unwrap().as_ref(), sample());
        bytes.truncate(length as usize * 9 / 10);
        let opened = format.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
    }

    #[test]
    fn xz_whole_and_truncated() {
        let mut writer = XzWriter::new(Vec::new(), XzOptions::with_preset(1)).unwrap();
        writer.write_all(&sample()).unwrap();
        check(&Xz, writer.finish().unwrap());
    }

    #[test]
    fn lzma_whole_and_truncated() {
        let mut noise = sample();
        // Something that does not compress to nothing, so that nine tenths of it still give a plausible amount.
        let mut state = 1_u32;
        for byte in &mut noise {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte ^= (state >> 29) as u8;
        }
        let mut writer =
            LzmaWriter::new_use_header(Vec::new(), &LzmaOptions::with_preset(1), Some(noise.len() as u64)).unwrap();
        writer.write_all(&noise).unwrap();
        let bytes = writer.finish().unwrap();
        let opened = Lzma.open(&Blob::memory(bytes.clone()), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Whole);
        let opened =
            Lzma.open(&Blob::memory(bytes[..bytes.len() / 2].to_vec()), &Budget::new(Limits::default())).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
    }
}
