//! Android sparse images: a file system with its empty blocks left out (AOSP `system/core/libsparse/sparse_format.h`).

use std::io::{self, Read};
use std::sync::Arc;

use super::part::Part;
use super::{Content, End, Format, Opened, Signature, expand, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct AndroidSparse;

const RAW: u16 = 0xcac1;
const FILL: u16 = 0xcac2;
const SKIP: u16 = 0xcac3;
const CRC: u16 = 0xcac4;

impl Format for AndroidSparse {
    fn name(&self) -> &'static str {
        "android-sparse"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x3a\xff\x26\xed\x01\0")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<28>(0)?;
        let (file_header, chunk_header) = (le16(&header, 8), le16(&header, 10));
        let (block, blocks, chunks) = (le32(&header, 12), le32(&header, 16), le32(&header, 20));
        if !(28..=4096).contains(&file_header)
            || !(12..=4096).contains(&chunk_header)
            || block == 0
            || block % 4 != 0
            || block > 1 << 20
        {
            return None;
        }
        let mut reader = Chunks {
            data: data.clone(),
            at: u64::from(file_header),
            header: u64::from(chunk_header),
            block: u64::from(block),
            left: chunks,
            chunk: Chunk { source: Source::Fill([0; 4]), left: 0 },
            written: 0,
        };
        let expanded = expand(&mut reader, budget);
        if expanded.blob.len() == 0 && blocks > 0 {
            return None;
        }
        let whole = u64::from(blocks).saturating_mul(u64::from(block));
        let mut opened = Opened {
            length: reader.at.min(data.len()),
            detail: Some(format!("{whole} bytes in blocks of {block}, {chunks} chunks")),
            ..Opened::default()
        };
        let gap = match expanded.end {
            End::Whole if expanded.blob.len() == whole => None,
            End::Whole => Some(reason::truncated("android-sparse", whole, expanded.blob.len())),
            End::Limit => Some(reason::stream_limit()),
            End::Damaged(why) => Some(reason::damaged("android-sparse", &why)),
        };
        if let Some(gap) = gap {
            opened = opened.damaged(gap);
        }
        let part = Part { name: "image".into(), offset: None, data: expanded.blob, program: false, gaps: Vec::new() };
        opened.content = Content::Parts(Box::new(std::iter::once(part)));
        Some(opened)
    }
}

enum Source {
    Data(u64),
    Fill([u8; 4]),
}

struct Chunk {
    source: Source,
    left: u64,
}

/// Reads the image that the chunks make.
struct Chunks {
    data: Blob,
    at: u64,
    header: u64,
    block: u64,
    /// Chunks that are left.
    left: u32,
    chunk: Chunk,
    written: u64,
}

impl Chunks {
    /// Begins the next chunk that gives bytes; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        while self.chunk.left == 0 {
            if self.left == 0 {
                return Ok(false);
            }
            let header = self.data.array::<12>(self.at).ok_or(io::ErrorKind::UnexpectedEof)?;
            let (kind, blocks, total) = (le16(&header, 0), u64::from(le32(&header, 4)), u64::from(le32(&header, 8)));
            let size = blocks * self.block;
            let body = self.at + self.header;
            let expected = match kind {
                RAW => size,
                FILL | CRC => 4,
                SKIP => 0,
                _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "a chunk of an unknown kind")),
            };
            if total != self.header + expected {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a chunk's length does not fit its kind"));
            }
            let source = match kind {
                RAW => Source::Data(body),
                FILL => Source::Fill(self.data.array::<4>(body).ok_or(io::ErrorKind::UnexpectedEof)?),
                _ => Source::Fill([0; 4]),
            };
            self.left -= 1;
            self.at += total;
            self.chunk = Chunk { source, left: if kind == CRC { 0 } else { size } };
        }
        Ok(true)
    }
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.advance()? {
            return Ok(0);
        }
        let n = usize::try_from(self.chunk.left).unwrap_or(usize::MAX).min(out.len());
        let out = &mut out[..n];
        match &mut self.chunk.source {
            Source::Data(at) => {
                let bytes = self.data.window(*at, n)?;
                if bytes.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                out[..bytes.len()].copy_from_slice(&bytes);
                *at += bytes.len() as u64;
                self.chunk.left -= bytes.len() as u64;
                self.written += bytes.len() as u64;
                Ok(bytes.len())
            }
            Source::Fill(pattern) => {
                // Chunks begin at multiples of four bytes of the image.
                for (i, byte) in out.iter_mut().enumerate() {
                    *byte = pattern[(self.written as usize + i) % 4];
                }
                self.chunk.left -= n as u64;
                self.written += n as u64;
                Ok(n)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    /// Made by `img2simg` from 16 KiB of text, fill and emptiness; see tests/data/README.md.
    const SAMPLE: &[u8] = include_bytes!("../../tests/data/sparse.img");

    fn open(bytes: &[u8], limits: Limits) -> Option<Opened> {
        AndroidSparse.open(&Blob::memory(bytes.to_vec()), &Budget::new(limits))
    }

    fn image(opened: Opened) -> Blob {
        let Content::Parts(mut parts) = opened.content else { panic!() };
        parts.next().unwrap().data
    }

    #[test]
    fn an_image_of_the_tool() {
        let opened = open(&[SAMPLE, &[0xff; 50]].concat(), Limits::default()).unwrap();
        assert_eq!((opened.length, opened.read), (SAMPLE.len() as u64, ReadState::Whole));
        let blob = image(opened);
        assert_eq!(blob.len(), 16384);
        assert_eq!(blob.array::<5>(0), Some(*b"Hello"));
        assert_eq!(blob.array::<5>(4096), Some(*b"\xa5\xa5\xa5\xa5\xa5"));
        assert_eq!(blob.array::<4>(12288), Some([0; 4]));
    }

    #[test]
    fn a_bomb_of_fill_is_cut() {
        let mut bytes = SAMPLE[..28].to_vec();
        bytes[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes[20..24].copy_from_slice(&1_u32.to_le_bytes());
        bytes.extend(FILL.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(u32::MAX.to_le_bytes());
        bytes.extend(16_u32.to_le_bytes());
        bytes.extend([7; 4]);
        let opened = open(&bytes, Limits { stream: 1 << 20, ..Limits::default() }).unwrap();
        assert_eq!(opened.read, ReadState::Partial);
        assert!(image(opened).len() <= 1 << 20);
    }

    #[test]
    fn cut_anywhere_it_is_partial_or_nothing() {
        for end in 0..SAMPLE.len() {
            assert!(open(&SAMPLE[..end], Limits::default()).is_none_or(|o| o.read == ReadState::Partial));
        }
    }
}
