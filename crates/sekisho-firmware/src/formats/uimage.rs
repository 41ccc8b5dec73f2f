//! U-Boot's legacy image: 64 bytes of header, big endian, with a CRC of itself and one of the data.

use std::sync::Arc;

use sekisho_model::fact::Observed;

use super::{Content, Format, Opened, Signature, be32, crc32, crc32_of, magic, text_field};
use crate::blob::Blob;
use crate::inspect::versions;
use crate::limits::Budget;
use crate::reason;

pub(super) struct UImage;

const HEADER: usize = 64;

impl Format for UImage {
    fn name(&self) -> &'static str {
        "uimage"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x27\x05\x19\x56")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let mut header = data.array::<HEADER>(0)?;
        let stored = be32(&header, 4);
        header[4..8].fill(0);
        // Vendors set fields after signing; a header whose CRC fails is still taken where everything else fits.
        let header_valid = crc32(&header) == stored;
        let (os, cpu, kind, compression) = (header[28], header[29], header[30], header[31]);
        let name = text_field(&header[32..]);
        if !header_valid && (name.is_none() || os > 40 || cpu > 40 || kind == 0 || kind > 60 || compression > 6) {
            return None;
        }
        let size = u64::from(be32(&header, 12));
        if size == 0 {
            return None;
        }
        let payload = data.slice(HEADER as u64, size);
        let data_valid = payload.len() == size && crc32_of(&payload).ok()? == be32(&header, 24);
        if !header_valid && !data_valid {
            return None;
        }
        let name = name.unwrap_or_default();
        let compression =
            ["none", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"].get(usize::from(compression)).unwrap_or(&"unknown");
        let made = be32(&header, 8);
        let mut opened = Opened {
            detail: Some(format!(
                "name '{name}', compression {compression}, load address {:#010x}, entry {:#010x}",
                be32(&header, 16),
                be32(&header, 20)
            )),
            checksum_valid: Some(header_valid && data_valid),
            observed: versions::kernel_from_image_name(&name).map(Observed::Component).into_iter().collect(),
            made: (made != 0).then_some(u64::from(made)),
            // The legacy format has no place for a signature; U-Boot verifies FIT images only.
            signed: Some(false),
            content: Content::Payload(HEADER as u64, payload),
            ..Opened::default()
        }
        .of_length("uimage", HEADER as u64 + size, data.len());
        if opened.declared.is_none() && !data_valid {
            opened = opened.damaged(reason::damaged("uimage", "data checksum does not hold"));
        }
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    pub(crate) fn image(payload: &[u8]) -> Vec<u8> {
        let mut header = vec![0; HEADER];
        header[..4].copy_from_slice(b"\x27\x05\x19\x56");
        header[12..16].copy_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
        header[24..28].copy_from_slice(&crc32(payload).to_be_bytes());
        header[28..32].copy_from_slice(&[5, 5, 2, 0]);
        header[32..44].copy_from_slice(b"Linux-5.10.1");
        let crc = crc32(&header);
        header[4..8].copy_from_slice(&crc.to_be_bytes());
        header.extend_from_slice(payload);
        header
    }

    #[test]
    fn a_valid_image() {
        let opened = UImage.open(&Blob::memory(image(b"hello")), &Budget::new(Limits::default())).unwrap();
        assert_eq!((opened.length, opened.checksum_valid, opened.read), (69, Some(true), ReadState::Whole));
        assert_eq!(opened.observed.len(), 1);
    }

    #[test]
    fn a_truncated_image_is_partial() {
        let mut bytes = image(&[1; 100]);
        bytes.truncate(100);
        let opened = UImage.open(&Blob::memory(bytes), &Budget::new(Limits::default())).unwrap();
        assert_eq!((opened.length, opened.declared, opened.read), (100, Some(164), ReadState::Partial));
    }

    #[test]
    fn the_magic_alone_is_not_enough() {
        let mut bytes = vec![0xa5; 200];
        bytes[..4].copy_from_slice(b"\x27\x05\x19\x56");
        assert!(UImage.open(&Blob::memory(bytes), &Budget::new(Limits::default())).is_none());
    }
}
