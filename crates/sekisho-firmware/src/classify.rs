//! What lies between the regions that were recognised: emptiness, text, code, something compressed or encrypted.

use crate::blob::Blob;

/// A stretch of data that no format claimed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) looks: Looks,
}

/// What a stretch looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Looks {
    /// Nothing but this byte, `0x00` or `0xff`.
    Padding(u8),
    /// Anything else, with its entropy in bits per byte.
    Data(f64),
}

const BLOCK: usize = 4096;
/// Stretches told apart in one gap; what is beyond is one stretch.
const MAX_STRETCHES: usize = 64;

/// Tells emptiness from data in `blob[offset..offset + length]`.
pub(crate) fn stretches(blob: &Blob, offset: u64, length: u64) -> Vec<Stretch> {
    let area = blob.slice(offset, length);
    let mut out: Vec<(u64, u64, Option<u8>, [u64; 256])> = Vec::new();
    let mut at = 0;
    while at < area.len() {
        let Ok(window) = area.window(at, 1 << 20) else { break };
        if window.is_empty() {
            break;
        }
        for block in window.chunks(BLOCK) {
            let fill = padding(block);
            let size = block.len() as u64;
            let no_more = out.len() >= MAX_STRETCHES;
            match out.last_mut() {
                Some(last) if last.2 == fill || no_more => {
                    last.1 += size;
                    if fill != last.2 {
                        last.2 = None;
                    }
                    count(&mut last.3, block);
                }
                _ => {
                    let mut histogram = [0; 256];
                    count(&mut histogram, block);
                    out.push((at, size, fill, histogram));
                }
            }
            at += size;
        }
    }
    out.into_iter()
        .map(|(at, length, fill, histogram)| Stretch {
            offset: offset + at,
            length,
            looks: fill.map_or_else(|| Looks::Data(entropy(&histogram)), Looks::Padding),
        })
        .collect()
}

/// The byte that a block is filled with. File systems fill up to their border with zeros and flash is erased to ones: one block may have
/// a run of each.
fn padding(block: &[u8]) -> Option<u8> {
    let fill = *block.last()?;
    if !block.iter().all(|&b| b == 0 || b == 0xff) {
        return None;
    }
    (block.windows(2).filter(|pair| pair[0] != pair[1]).count() <= 2).then_some(fill)
}

fn count(histogram: &mut [u64; 256], block: &[u8]) {
    for &byte in block {
        histogram[usize::from(byte)] += 1;
    }
}

/// Bits per byte.
pub(crate) fn entropy(histogram: &[u64; 256]) -> f64 {
    let total: u64 = histogram.iter().sum();
    histogram
        .iter()
        .filter(|&&n| n > 0)
        .map(|&n| {
            let p = n as f64 / total as f64;
            -p * p.log2()
        })
        .sum()
}

/// Whether bytes are a text: no NUL, hardly a control character.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    if bytes.is_empty() || memchr::memchr(0, bytes).is_some() {
        return false;
    }
    let control =
        bytes.iter().filter(|&&b| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)) || b == 0x7f).count();
    control * 100 <= bytes.len()
        && (std::str::from_utf8(bytes).is_ok() || bytes.iter().filter(|b| b.is_ascii()).count() * 10 >= bytes.len() * 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_data_are_told_apart() {
        let mut bytes = vec![0xff; 3 * BLOCK];
        bytes.extend((0..2 * BLOCK as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 17) as u8));
        bytes.extend(vec![0; 100]);
        let found = stretches(&Blob::memory(bytes), 0, u64::MAX);
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].looks, found[0].length), (Looks::Padding(0xff), 3 * BLOCK as u64));
        assert!(matches!(found[1].looks, Looks::Data(e) if e > 7.0));
        assert_eq!((found[2].looks, found[2].length), (Looks::Padding(0), 100));
    }

    #[test]
    fn texts() {
        assert!(is_text(b"hello\n"));
        assert!(is_text("日本語のテキスト".as_bytes()));
        assert!(!is_text(b"\x7fELF\x01\x01"));
        assert!(!is_text(b""));
    }
}
