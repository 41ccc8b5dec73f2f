//! TRX, Broadcom's envelope around kernel and file system: a length, a CRC-32 and up to four offsets
//! (<https://openwrt.org/docs/techref/headers#trx>).

use std::sync::Arc;

use super::part::Claims;
use super::{Content, Format, Opened, Signature, crc32_of, le16, le32, magic};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Trx;

/// Where the part that the CRC is over begins: flags, version and all behind.
const SUMMED: u64 = 12;

impl Format for Trx {
    fn name(&self) -> &'static str {
        "trx"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"HDR0")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<28>(0)?;
        let (length, stored, version) = (le32(&header, 4), le32(&header, 8), le16(&header, 14));
        // Version 2 has a fourth offset.
        let (count, size) = match version {
            1 => (3, 28),
            2 => (4, 32),
            _ => return None,
        };
        let offsets = data.exact(16, 4 * count).ok()?;
        let offsets: Vec<u64> = (0..count).map(|i| u64::from(le32(&offsets, 4 * i))).filter(|&at| at != 0).collect();
        let length = u64::from(length);
        let plausible = length > size
            && length < 1 << 30
            && !offsets.is_empty()
            && offsets.iter().all(|&at| (size..length).contains(&at))
            && offsets.is_sorted_by(|a, b| a < b);
        if !plausible {
            return None;
        }
        let body = data.slice(SUMMED, length - SUMMED);
        // The CRC is not inverted at its end, unlike zlib's.
        let valid = body.len() == length - SUMMED && !crc32_of(&body).ok()? == stored;
        let region = data.slice(0, length);
        let mut claims = Claims::new("trx", &region);
        for (i, &at) in offsets.iter().enumerate() {
            let end = offsets.get(i + 1).copied().unwrap_or(length);
            claims.add(&format!("partition-{}", i + 1), at, end - at, false);
        }
        let mut opened = Opened {
            detail: Some(format!("version {version}, {} partitions", offsets.len())),
            checksum_valid: Some(valid),
            // The format has no place for a signature.
            signed: Some(false),
            ..Opened::default()
        }
        .of_length("trx", length, data.len());
        if opened.declared.is_none() && !valid {
            opened = opened.damaged(reason::damaged("trx", "its checksum does not hold"));
        }
        opened.content = Content::Parts(claims.into_parts());
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::formats::crc32;
    use crate::limits::Limits;

    fn image(version: u16, offsets: &[u32], body: &[u8]) -> Vec<u8> {
        let mut summed = vec![0, 0];
        summed.extend(version.to_le_bytes());
        for i in 0..if version == 2 { 4 } else { 3 } {
            summed.extend(offsets.get(i).copied().unwrap_or(0).to_le_bytes());
        }
        summed.extend(body);
        let mut out = b"HDR0".to_vec();
        out.extend((summed.len() as u32 + 12).to_le_bytes());
        out.extend((!crc32(&summed)).to_le_bytes());
        out.extend(summed);
        out
    }

    fn open(bytes: &[u8]) -> Option<Opened> {
        Trx.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    #[test]
    fn partitions_of_both_versions() {
        for (version, header) in [(1, 28), (2, 32)] {
            let mut bytes = image(version, &[header, header + 100], &[7; 300]);
            let opened = open(&bytes).unwrap();
            assert_eq!((opened.checksum_valid, opened.read), (Some(true), ReadState::Whole));
            let Content::Parts(parts) = opened.content else { panic!() };
            let lengths: Vec<u64> = parts.map(|p| p.data.len()).collect();
            assert_eq!(lengths, [100, 200]);
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            assert_eq!(open(&bytes).unwrap().checksum_valid, Some(false));
            bytes.truncate(200);
            assert_eq!(open(&bytes).unwrap().read, ReadState::Partial);
        }
    }

    #[test]
    fn offsets_that_make_no_sense_are_refused() {
        assert!(open(&image(1, &[5000], &[7; 300])).is_none());
        assert!(open(&image(1, &[100, 50], &[7; 300])).is_none());
        assert!(open(&image(3, &[28], &[7; 300])).is_none());
    }
}
