//! Decompressing single blocks, and caching them.

use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use lzma_rust2::{LzmaReader, XzReader};
use ruzstd::decoding::StreamingDecoder;

use super::Compression;
use crate::formats::lzma_dictionary_limit;

/// Decompresses one block that may have at most `limit` bytes; more than that is an error.
pub(super) fn decompress(compression: Compression, packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    match compression {
        Compression::Gzip => bounded(flate2::read::ZlibDecoder::new(packed), limit),
        Compression::Xz => bounded(XzReader::new_mem_limit(packed, false, lzma_dictionary_limit()), limit),
        Compression::Lzma => {
            let reader = LzmaReader::new_mem_limit(packed, lzma_dictionary_limit(), None).map_err(|e| e.to_string())?;
            bounded(reader, limit)
        }
        Compression::Zstd => bounded(StreamingDecoder::new(packed).map_err(|e| e.to_string())?, limit),
        Compression::Lz4 => {
            let mut out = vec![0; limit];
            let n = lz4_flex::block::decompress_into(packed, &mut out).map_err(|e| e.to_string())?;
            out.truncate(n);
            Ok(out)
        }
        Compression::Lzo => {
            let mut out = vec![0; limit];
            let n = lzokay::decompress::decompress(packed, &mut out).map_err(|e| format!("{e:?}"))?;
            out.truncate(n);
            Ok(out)
        }
    }
}

fn bounded(reader: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(limit.min(128 << 10));
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|e| e.to_string())?;
    if out.len() > limit { Err("a block expands to more than its size".into()) } else { Ok(out) }
}

/// Blocks by their offset, the oldest dropped first.
#[derive(Debug)]
pub(super) struct Cache<V> {
    capacity: usize,
    state: Mutex<(HashMap<u64, V>, VecDeque<u64>)>,
}

impl<V: Clone> Cache<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::new((HashMap::new(), VecDeque::new())) }
    }

    /// The block at `offset`, made by `make` where it is not there. Two threads may make the same block; that costs time, not truth.
    pub(super) fn get(&self, offset: u64, make: impl FnOnce() -> Result<V, String>) -> Result<V, String> {
        let lock = || self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = lock().0.get(&offset) {
            return Ok(value.clone());
        }
        let value = make()?;
        let mut state = lock();
        if state.0.insert(offset, value.clone()).is_none() {
            state.1.push_back(offset);
            if state.1.len() > self.capacity
                && let Some(oldest) = state.1.pop_front()
            {
                state.0.remove(&oldest);
            }
        }
        Ok(value)
    }
}

/// A decompressed block.
pub(super) type Block = Arc<Vec<u8>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_is_too_large_is_an_error() {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[0; 10_000]).unwrap();
        let packed = encoder.finish().unwrap();
        assert!(decompress(Compression::Gzip, &packed, 8192).is_err());
        assert_eq!(decompress(Compression::Gzip, &packed, 10_000).unwrap().len(), 10_000);
    }

    #[test]
    fn garbage_is_an_error_in_every_compression() {
        let garbage: Vec<u8> = (0..200_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        for id in 1..=6 {
            let compression = Compression::of(id).unwrap();
            // Whatever comes out is bounded.
            if let Ok(out) = decompress(compression, &garbage, 8192) {
                assert!(out.len() <= 8192, "{compression:?}");
            }
            let _ = decompress(compression, &[], 8192);
        }
    }

    #[test]
    fn the_cache_forgets() {
        let cache = Cache::new(2);
        for i in 0..5 {
            assert_eq!(cache.get(i, || Ok(i)), Ok(i));
        }
        assert_eq!(cache.get(4, || Err("made again".into())), Ok(4));
        assert!(cache.get(0, || Err("made again".into())).is_err());
    }
}
