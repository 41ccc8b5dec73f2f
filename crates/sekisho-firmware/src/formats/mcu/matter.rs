//! Matter's over-the-air images: a header in Matter's TLV, then the payload.
//!
//! Matter Core Specification, section 11.21, "OTA Software Image File Format", and appendix A, "Tag-length-value encoding".

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};
use sha2::{Sha256, Sha384, Sha512};

use super::digest_of;
use crate::blob::Blob;
use crate::formats::{Content, Format, Opened, Signature, le32, le64, magic};
use crate::limits::Budget;
use crate::reason;

pub(in crate::formats) struct MatterOta;

/// Identifier, total size and header size.
const FIXED: u64 = 16;
/// A header has eleven small fields.
const MAX_HEADER: u64 = 4096;

#[derive(Default)]
struct Header {
    vendor: Option<u64>,
    product: Option<u64>,
    version: Option<u64>,
    version_text: Option<String>,
    payload: Option<u64>,
    digest_type: Option<u64>,
    digest: Option<Vec<u8>>,
}

impl Format for MatterOta {
    fn name(&self) -> &'static str {
        "matter-ota"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x1e\xf1\xee\x1b")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let fixed = data.array::<{ FIXED as usize }>(0)?;
        let (total, length) = (le64(&fixed, 4), u64::from(le32(&fixed, 12)));
        if length == 0 || length > MAX_HEADER || total <= FIXED + length {
            return None;
        }
        let header = header(&data.exact(FIXED, length as usize).ok()?)?;
        let (vendor, product, version) = (header.vendor?, header.product?, header.version?);
        let begin = FIXED + length;
        let payload = data.slice(begin, total - begin);
        let complete = payload.len() == total - begin;
        let digest_valid = if complete { digest_holds(&header, &payload, budget) } else { None };
        let version_text = header.version_text.clone().unwrap_or_else(|| version.to_string());
        let image = UpdateImage {
            format: "matter-ota".into(),
            version: Some(version_text.clone()),
            target: Some(format!("vendor {vendor:#06x}, product {product:#06x}")),
            // The header has no place for a signature; what the maker puts into the payload is his own.
            signature: SignatureState::NotApplicable,
            digest_valid,
            ..UpdateImage::default()
        };
        let mut opened = Opened {
            detail: Some(format!(
                "vendor {vendor:#06x}, product {product:#06x}, software version {version} ('{version_text}')"
            )),
            checksum_valid: digest_valid,
            observed: vec![Observed::UpdateImage(image)],
            content: Content::Payload(begin, payload),
            ..Opened::default()
        }
        .of_length("matter-ota", total, data.len());
        if header.payload.is_some_and(|size| size != total - begin) {
            opened = opened.damaged(reason::damaged("matter-ota", "header and file give the payload different sizes"));
        }
        if digest_valid == Some(false) {
            opened = opened.damaged(reason::damaged("matter-ota", "its digest does not hold"));
        }
        Some(opened)
    }
}

/// Digest types are those of the IANA "Named Information Hash Algorithm" registry: 1 is SHA-256, 7 SHA-384, 8 SHA-512.
fn digest_holds(header: &Header, payload: &Blob, budget: &Budget) -> Option<bool> {
    let computed = match header.digest_type? {
        1 => digest_of::<Sha256>(payload, budget)?,
        7 => digest_of::<Sha384>(payload, budget)?,
        8 => digest_of::<Sha512>(payload, budget)?,
        _ => return None,
    };
    Some(computed == *header.digest.as_ref()?)
}

/// Reads the header: an anonymous structure of fields with context tags.
fn header(bytes: &[u8]) -> Option<Header> {
    /// Control octets: an anonymous structure, the end of a container.
    const STRUCTURE: u8 = 0x15;
    const END: u8 = 0x18;
    let mut header = Header::default();
    let mut rest = bytes.strip_prefix(&[STRUCTURE])?;
    loop {
        let (&control, after) = rest.split_first()?;
        if control == END {
            return Some(header);
        }
        // The upper three bits are the kind of tag (1: context, one byte), the lower five the kind of value.
        if control >> 5 != 1 {
            return None;
        }
        let (&tag, after) = after.split_first()?;
        let kind = control & 0x1f;
        let width = 1_usize << (kind & 3);
        let number = |bytes: &[u8]| {
            let mut wide = [0; 8];
            wide.get_mut(..width)?.copy_from_slice(bytes.get(..width)?);
            Some(u64::from_le_bytes(wide))
        };
        let value = number(after)?;
        let after = after.get(width..)?;
        rest = match kind {
            // Unsigned integers of one to eight bytes.
            0x04..=0x07 => {
                match tag {
                    0 => header.vendor = Some(value),
                    1 => header.product = Some(value),
                    2 => header.version = Some(value),
                    4 => header.payload = Some(value),
                    8 => header.digest_type = Some(value),
                    _ => {}
                }
                after
            }
            // Texts and byte strings, their length before them.
            0x0c..=0x13 => {
                let length = usize::try_from(value).ok()?;
                let content = after.get(..length)?;
                match tag {
                    3 => {
                        let text = String::from_utf8_lossy(content);
                        header.version_text = Some(text.chars().filter(|c| !c.is_control()).take(64).collect());
                    }
                    9 => header.digest = Some(content.to_vec()),
                    _ => {}
                }
                after.get(length..)?
            }
            _ => return None,
        };
    }
}
