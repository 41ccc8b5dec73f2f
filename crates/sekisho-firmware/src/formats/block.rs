//! Decompressing single blocks, of each of which it is known how large it may become.

use std::io::Read;

use lzma_rust2::{Action, LzmaReader, LzmaStream, Status, XzReader};
use ruzstd::decoding::StreamingDecoder;

use super::lzma::DICTIONARY_KIB;

/// How a block is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    /// zlib's stream with header and checksum.
    Zlib,
    /// A deflate stream without either, as UBIFS keeps it.
    Deflate,
    Xz,
    /// LZMA with the 13-byte header of `.lzma` files.
    LzmaAlone,
    /// LZMA without any header, in the one parameterisation of OpenWrt's JFFS2 (`LZMA_BEST_LC`, `LZMA_BEST_DICT` …, all but the
    /// dictionary 0).
    LzmaOfJffs2,
    /// What vendors put into SquashFS: zlib or LZMA, told apart block by block by what they begin with.
    ZlibOrLzma,
    Lzo,
    Lz4,
    Zstd,
    /// JFFS2's run-length coding.
    Rtime,
}

/// OpenWrt's `LZMA_BEST_DICT`.
const JFFS2_DICTIONARY: u32 = 0x2000;

impl Codec {
    /// The content of one block, which may have at most `limit` bytes; more than that is an error.
    pub(super) fn unpack(self, packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
        match self {
            Self::Zlib => bounded(flate2::read::ZlibDecoder::new(packed), limit),
            Self::Deflate => bounded(flate2::read::DeflateDecoder::new(packed), limit),
            Self::Xz => bounded(XzReader::new_mem_limit(packed, false, DICTIONARY_KIB), limit),
            Self::LzmaAlone => {
                bounded(LzmaReader::new_mem_limit(packed, DICTIONARY_KIB, None).map_err(|e| e.to_string())?, limit)
            }
            Self::LzmaOfJffs2 => {
                let reader = LzmaReader::new(packed, limit as u64, 0, 0, 0, JFFS2_DICTIONARY, None);
                bounded(reader.map_err(|e| e.to_string())?, limit)
            }
            Self::ZlibOrLzma => zlib_or_lzma(packed, limit),
            Self::Zstd => bounded(StreamingDecoder::new(packed).map_err(|e| e.to_string())?, limit),
            Self::Lz4 => {
                let mut out = vec![0; limit];
                let n = lz4_flex::block::decompress_into(packed, &mut out).map_err(|e| e.to_string())?;
                out.truncate(n);
                Ok(out)
            }
            Self::Lzo => {
                let mut out = vec![0; limit];
                let n = lzokay::decompress::decompress(packed, &mut out).map_err(|e| format!("{e:?}"))?;
                out.truncate(n);
                Ok(out)
            }
            Self::Rtime => rtime(packed, limit),
        }
    }
}

fn bounded(reader: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(limit.min(128 << 10));
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|e| e.to_string())?;
    if out.len() > limit { Err("a block expands to more than its size".into()) } else { Ok(out) }
}

/// Largest properties byte of LZMA: lc 8, lp 4, pb 4.
const MAX_PROPERTIES: u8 = (4 * 5 + 4) * 9 + 8;

fn zlib_or_lzma(packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    // RFC 1950: method 8, and the first two bytes as a number are a multiple of 31.
    if let [cmf, flags, ..] = packed
        && cmf & 15 == 8
        && (u16::from(*cmf) << 8 | u16::from(*flags)).is_multiple_of(31)
    {
        return bounded(flate2::read::ZlibDecoder::new(packed), limit);
    }
    let dictionary = super::le32(packed, 1);
    // A block needs no dictionary larger than itself; encoders' presets go up to some MiB.
    if packed.len() < 10 || packed[0] > MAX_PROPERTIES || !(1 << 12..=1 << 25).contains(&dictionary) {
        return Err("its compression is neither zlib nor a known form of LZMA".into());
    }
    // The range coder's first byte is 0. Properties, dictionary, size, stream: the form of `.lzma` files; or without the size.
    let size = super::le64(packed, 5);
    if packed.get(13) == Some(&0)
        && (size == u64::MAX || size <= limit as u64)
        && let Ok(out) = raw_lzma(&packed[13..], packed[0], dictionary, limit, Some(size).filter(|&s| s != u64::MAX))
    {
        return Ok(out);
    }
    if packed[5] != 0 {
        return Err("its compression is neither zlib nor a known form of LZMA".into());
    }
    raw_lzma(&packed[5..], packed[0], dictionary, limit, None)
}

/// More than the bytes of input that a decoder may wait for before it decodes a symbol: its "never more than 40 bytes" that it hands back.
const LOOK_AHEAD: usize = 48;

/// A raw LZMA stream that ends at `limit`, at its own end mark, or with its input: encoders flush everything they have.
fn raw_lzma(
    stream: &[u8],
    properties: u8,
    dictionary: u32,
    limit: usize,
    size: Option<u64>,
) -> Result<Vec<u8>, String> {
    let mut decoder = LzmaStream::new_with_props(size.unwrap_or(u64::MAX), properties, dictionary, None)
        .map_err(|e| e.to_string())?;
    let (mut out, mut used) = (vec![0; limit], 0_usize);
    let (mut rest, mut ended) = (stream, false);
    while used < limit {
        let result = decoder.process(rest, &mut out[used..], Action::Run).map_err(|e| e.to_string())?;
        rest = rest.get(result.bytes_consumed..).unwrap_or_default();
        used = used.saturating_add(result.bytes_produced).min(limit);
        ended = matches!(result.status, Status::StreamEnd);
        if ended || (result.bytes_produced == 0 && result.bytes_consumed == 0) {
            break;
        }
    }
    // The decoder keeps the last bytes of its input back until more come. Zeros push them through one by one, because with an error what
    // was decoded in the same step is lost.
    for _ in 0..LOOK_AHEAD {
        if ended || used >= limit {
            break;
        }
        let Ok(result) = decoder.process(&[0], &mut out[used..], Action::Run) else { break };
        used = used.saturating_add(result.bytes_produced).min(limit);
        ended = matches!(result.status, Status::StreamEnd);
    }
    out.truncate(used);
    if out.is_empty() || size.is_some_and(|size| size != out.len() as u64) {
        return Err("an LZMA stream gives another amount than it says".into());
    }
    Ok(out)
}

/// Each pair of bytes is a literal and how much of what followed the same byte last time follows now.
fn rtime(packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let mut out: Vec<u8> = Vec::with_capacity(limit.min(128 << 10));
    let mut positions = [0_usize; 256];
    for pair in packed.chunks_exact(2) {
        if out.len() >= limit {
            break;
        }
        let (value, repeat) = (pair[0], usize::from(pair[1]));
        out.push(value);
        let from = std::mem::replace(&mut positions[usize::from(value)], out.len());
        if out.len() + repeat > limit {
            return Err("a run goes over the block's size".into());
        }
        // The run may reach into what it writes itself.
        for i in from..from + repeat {
            let byte = *out.get(i).ok_or("a run begins behind what is there")?;
            out.push(byte);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lzma_rust2::{LzmaOptions, LzmaWriter};
    use proptest::prelude::*;

    use super::*;

    const ALL: [Codec; 10] = [
        Codec::Zlib,
        Codec::Deflate,
        Codec::Xz,
        Codec::LzmaAlone,
        Codec::LzmaOfJffs2,
        Codec::ZlibOrLzma,
        Codec::Lzo,
        Codec::Lz4,
        Codec::Zstd,
        Codec::Rtime,
    ];

    fn text() -> Vec<u8> {
        (0..4096_u32).map(|i| b"the quick brown fox "[(i * i / 7) as usize % 20]).collect()
    }

    #[test]
    fn a_block_that_is_too_large_is_an_error() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[0; 10_000]).unwrap();
        let packed = encoder.finish().unwrap();
        assert!(Codec::Zlib.unpack(&packed, 8192).is_err());
        assert_eq!(Codec::Zlib.unpack(&packed, 10_000).unwrap().len(), 10_000);
        assert_eq!(Codec::ZlibOrLzma.unpack(&packed, 10_000).unwrap().len(), 10_000);
    }

    #[test]
    fn lzma_without_header_and_with_half_of_one() {
        let options = LzmaOptions { lc: 0, lp: 0, pb: 0, dict_size: JFFS2_DICTIONARY, ..LzmaOptions::with_preset(6) };
        let mut writer = LzmaWriter::new_no_header(Vec::new(), &options, false).unwrap();
        writer.write_all(&text()).unwrap();
        let raw = writer.finish().unwrap();
        assert_eq!(Codec::LzmaOfJffs2.unpack(&raw, 4096).unwrap(), text());
        let mut vendor = vec![0];
        vendor.extend(JFFS2_DICTIONARY.to_le_bytes());
        vendor.extend(&raw);
        assert_eq!(Codec::ZlibOrLzma.unpack(&vendor, 4096).unwrap(), text());
        let mut alone = vec![0];
        alone.extend(JFFS2_DICTIONARY.to_le_bytes());
        alone.extend(4096_u64.to_le_bytes());
        alone.extend(&raw);
        assert_eq!(Codec::ZlibOrLzma.unpack(&alone, 8192).unwrap(), text());
        assert!(Codec::ZlibOrLzma.unpack(b"neither of these, at all", 8192).is_err());
    }

    #[test]
    fn runs_reach_into_themselves() {
        // 'a', nothing; 'a', what followed the 'a' before: itself, three times.
        assert_eq!(Codec::Rtime.unpack(&[b'a', 0, b'a', 3], 5).unwrap(), b"aaaaa");
        assert!(Codec::Rtime.unpack(&[b'a', 9], 5).is_err());
        assert!(Codec::Rtime.unpack(&[b'a', 1], 5).unwrap().len() <= 5);
    }

    proptest! {
        #[test]
        fn garbage_stays_bounded(garbage in prop::collection::vec(any::<u8>(), 0..300), first in 0_usize..4) {
            let mut bytes = [&b""[..], b"\x78\x9c", b"\x5d\0\0\x08\0\0", b"\x28\xb5\x2f\xfd"][first].to_vec();
            bytes.extend(garbage);
            for codec in ALL {
                if let Ok(out) = codec.unpack(&bytes, 4096) {
                    prop_assert!(out.len() <= 4096, "{codec:?}");
                }
            }
        }
    }
}
