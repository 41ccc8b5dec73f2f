//! What data that no reader took are likely to be: encrypted, packed in an unknown way, or obfuscated.
//!
//! These are likelihoods, told as such. They rest on how the bytes are spread, on blocks that repeat and on what is left of a key where the
//! content is empty.

use std::collections::{BTreeMap, HashSet};

use sekisho_model::Text;

use crate::blob::Blob;
use crate::classify::entropy;

/// Bytes that are looked at.
const SAMPLE: usize = 4 << 20;
/// With fewer bytes nothing can be said of how they are spread.
const ENOUGH: usize = 16 << 10;
/// Above this chi-square over the 256 byte values they are not evenly spread (255 degrees of freedom, probability 0.001).
const UNEVEN: f64 = 330.5;
/// Blocks of a cipher.
const CIPHER_BLOCK: usize = 16;
/// Blocks that stand there more than once by something else than chance: among random blocks of 16 bytes there is none.
const REPEATED: usize = 8;
/// A stretch in which a key shows: more than a table or a run of instructions has.
const KEY_BLOCK: usize = 1024;
/// Longest key that is looked for.
const MAX_KEY: usize = 64;
/// By how many bits per byte the entropy falls if the key is right.
const KEY_GAIN: f64 = 0.5;

/// What data are likely to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likely {
    /// A known envelope of encrypted data, by its name.
    Envelope(&'static str),
    /// A block cipher that encrypts each block by itself.
    Ecb,
    /// Evenly spread, and a whole number of blocks.
    BlockCipher,
    /// Evenly spread, not a whole number of blocks.
    Even,
    /// Not evenly spread.
    Packed,
    /// Too short to tell.
    Short,
    /// A key of this many bytes over everything.
    Xor(usize),
}

impl Likely {
    /// In technical words.
    pub(crate) fn detail(self) -> String {
        match self {
            Self::Envelope(name) => format!("encrypted ({name})"),
            Self::Ecb => "16-byte blocks repeat: likely encrypted with a block cipher in ECB mode".into(),
            Self::BlockCipher => {
                "byte values evenly spread, length a multiple of 16: likely encrypted with a block cipher".into()
            }
            Self::Even => "byte values evenly spread: likely encrypted, or compressed by a strong method".into(),
            Self::Packed => "byte values not evenly spread: likely compressed by an unknown method".into(),
            Self::Short => "compressed or encrypted".into(),
            Self::Xor(length) => format!("a key of {length} bytes shows in the padding: likely obfuscated with XOR"),
        }
    }

    /// Why data of `length` bytes could not be read.
    pub(crate) fn reason(self, length: u64, entropy: f64) -> Text {
        let likely = match self {
            Self::Envelope(name) => format!("暗号化されています ({name})"),
            Self::Ecb => {
                "16バイトのブロックが繰り返されており、ECBモードのブロック暗号で暗号化されている可能性が高いデータです"
                    .into()
            }
            Self::BlockCipher => {
                "バイト値が均等に分布し、長さが16の倍数です。ブロック暗号で暗号化されている可能性が高いデータです"
                    .into()
            }
            Self::Even => {
                "バイト値が均等に分布しています。暗号化されているか、強力な方式で圧縮されている可能性が高いデータです"
                    .into()
            }
            Self::Packed => "バイト値の分布に偏りがあります。未知の方式で圧縮されている可能性が高いデータです".into(),
            Self::Short => "圧縮または暗号化されたデータです".into(),
            Self::Xor(length) => {
                format!("埋め草に{length}バイトの鍵が現れています。XORで難読化されている可能性が高いデータです")
            }
        };
        Text::new(
            format!("{length} bytes of an unknown format ({entropy:.1} bits per byte): {}", self.detail()),
            format!("形式不明の{length}バイトのデータ (1バイトあたり{entropy:.1}ビット): {likely}"),
        )
    }
}

/// What data of high entropy are likely to be.
pub(crate) fn look(data: &Blob) -> Likely {
    let Ok(sample) = data.window(0, SAMPLE) else { return Likely::Short };
    // OpenSSL's `enc` command; LUKS (<https://gitlab.com/cryptsetup/LUKS2-docs>).
    for (magic, name) in [(&b"Salted__"[..], "openssl enc, salted"), (b"LUKS\xba\xbe", "LUKS")] {
        if sample.starts_with(magic) {
            return Likely::Envelope(name);
        }
    }
    let sample = without_fill(&sample);
    if sample.len() < ENOUGH {
        return Likely::Short;
    }
    if repeated_blocks(sample) >= REPEATED {
        return Likely::Ecb;
    }
    if chi_square(sample) > UNEVEN {
        return Likely::Packed;
    }
    if used_length(data).is_multiple_of(CIPHER_BLOCK as u64) { Likely::BlockCipher } else { Likely::Even }
}

/// The length of the key that data are obfuscated with, if one shows: stretches that repeat it, and less entropy without it.
pub(crate) fn xor_key(data: &Blob) -> Option<Likely> {
    let sample = data.window(0, SAMPLE).ok()?;
    let mut keys: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut content = Vec::new();
    for (i, block) in sample.chunks_exact(KEY_BLOCK).enumerate() {
        match period(block) {
            Some(1) => {}
            Some(period) => {
                // Turned so that it begins where the data begin.
                let turn = (i * KEY_BLOCK) % period;
                let key = (0..period).map(|j| block[(j + period - turn) % period]).collect();
                *keys.entry(key).or_default() += 1;
            }
            None => content.push(i * KEY_BLOCK),
        }
    }
    let (key, count) = keys.into_iter().max_by_key(|(_, count)| *count)?;
    if count < 2 || content.len() < 16 {
        return None;
    }
    let mut with = [0_u64; 256];
    let mut without = [0_u64; 256];
    for at in content {
        for (j, &byte) in sample[at..at + KEY_BLOCK].iter().enumerate() {
            with[usize::from(byte)] += 1;
            without[usize::from(byte ^ key[(at + j) % key.len()])] += 1;
        }
    }
    (entropy(&without) + KEY_GAIN < entropy(&with)).then_some(Likely::Xor(key.len()))
}

/// The smallest number of bytes that a block repeats, if it repeats any.
fn period(block: &[u8]) -> Option<usize> {
    (1..=MAX_KEY).find(|&period| block.len() > 4 * period && block[period..] == block[..block.len() - period])
}

/// Data without the fill behind them.
fn without_fill(data: &[u8]) -> &[u8] {
    let Some(&fill) = data.last().filter(|b| matches!(b, 0 | 0xff)) else { return data };
    let end = data.iter().rposition(|&b| b != fill).map_or(0, |i| i + 1);
    // A run that is short may be chance.
    if data.len() - end < CIPHER_BLOCK { data } else { &data[..end] }
}

/// How many bytes of data are used, without the fill at their end.
fn used_length(data: &Blob) -> u64 {
    let tail = data.len().min(SAMPLE as u64);
    let start = data.len() - tail;
    data.window(start, SAMPLE).map_or(data.len(), |bytes| start + without_fill(&bytes).len() as u64)
}

/// Blocks of 16 bytes that stood there before, those of one value left out.
fn repeated_blocks(data: &[u8]) -> usize {
    let mut seen: HashSet<&[u8]> = HashSet::with_capacity(data.len() / CIPHER_BLOCK);
    data.chunks_exact(CIPHER_BLOCK)
        .filter(|block| block.iter().any(|b| *b != block[0]))
        .filter(|block| !seen.insert(block))
        .count()
}

fn chi_square(data: &[u8]) -> f64 {
    let mut histogram = [0_u64; 256];
    for &byte in data {
        histogram[usize::from(byte)] += 1;
    }
    let expected = data.len() as f64 / 256.0;
    histogram.iter().map(|&n| (n as f64 - expected).powi(2) / expected).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread bytes, as of a good cipher.
    fn random(length: usize) -> Vec<u8> {
        let mut state = 0x1234_5678_9abc_def1_u64;
        (0..length)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 56) as u8
            })
            .collect()
    }

    fn of(bytes: Vec<u8>) -> Likely {
        look(&Blob::memory(bytes))
    }

    #[test]
    fn ciphers_and_packed_data() {
        assert_eq!(of(random(160_000)), Likely::BlockCipher);
        assert_eq!(of([random(160_000), vec![0xff; 1001]].concat()), Likely::BlockCipher);
        assert_eq!(of([random(160_003), vec![0xff; 1000]].concat()), Likely::Even);
        assert_eq!(of(random(1000)), Likely::Short);
        assert_eq!(of([b"Salted__".to_vec(), random(100)].concat()), Likely::Envelope("openssl enc, salted"));
        let uneven: Vec<u8> = random(160_000).into_iter().map(|b| if b < 3 { b + 60 } else { b }).collect();
        assert_eq!(of(uneven), Likely::Packed);
        let mut ecb = random(160_000);
        for i in 0..20 {
            ecb.copy_within(0..16, 1600 + i * 3200);
        }
        assert_eq!(of(ecb), Likely::Ecb);
    }

    #[test]
    fn a_key_in_the_padding() {
        let key = b"\x5a\x13\xc7\x99\x04\xee\x71";
        let mut plain: Vec<u8> = b"Some text of a program, which has little entropy of its own. ".repeat(1000);
        plain.extend([0xff; 8192]);
        let obfuscated: Vec<u8> = plain.iter().enumerate().map(|(i, b)| b ^ key[i % key.len()]).collect();
        assert_eq!(xor_key(&Blob::memory(obfuscated)), Some(Likely::Xor(7)));
        // The same without a key, and code with a table that repeats.
        assert_eq!(xor_key(&Blob::memory(plain.clone())), None);
        plain.extend([1, 2, 3, 4].repeat(2048));
        assert_eq!(xor_key(&Blob::memory(plain)), None);
    }
}
