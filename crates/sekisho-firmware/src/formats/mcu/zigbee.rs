//! Zigbee's over-the-air upgrade files: a header that says for whom, and elements of tag, length and value.
//!
//! Zigbee Cluster Library Specification (07-5123), chapter 11.4: OTA file format.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use crate::blob::Blob;
use crate::formats::{Content, Format, Opened, Signature, le16, le32, magic, text_field};
use crate::limits::Budget;
use crate::reason;

pub(in crate::formats) struct ZigbeeOta;

/// The header without its optional fields.
const HEADER: u64 = 56;
/// With the security credential version (1), the destination (8) and the hardware versions (4).
const HEADER_MAX: u64 = 69;
/// Elements looked at: the specification knows seven kinds.
const MAX_ELEMENTS: usize = 64;
/// No device of this kind takes more.
const MAX_IMAGE: u64 = 64 << 20;

/// Tag identifiers, table 11-10.
const UPGRADE_IMAGE: u16 = 0x0000;
const SIGNATURE: u16 = 0x0001;
const CERTIFICATE: u16 = 0x0002;
const INTEGRITY_CODE: u16 = 0x0003;
const SIGNATURE_2: u16 = 0x0005;
const CERTIFICATE_2: u16 = 0x0006;
const MANUFACTURERS: u16 = 0xf000;

impl Format for ZigbeeOta {
    fn name(&self) -> &'static str {
        "zigbee-ota"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\x1e\xf1\xee\x0b")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let fixed = data.array::<{ HEADER as usize }>(0)?;
        let (header_version, length, size) = (le16(&fixed, 4), u64::from(le16(&fixed, 6)), u64::from(le32(&fixed, 52)));
        if header_version != 0x0100 || !(HEADER..=HEADER_MAX).contains(&length) || size <= length || size > MAX_IMAGE {
            return None;
        }
        let control = le16(&fixed, 8);
        let options = [(control & 1, 1), (control & 2, 8), (control & 4, 4)];
        let expected: u64 = HEADER + options.iter().map(|(set, bytes)| if *set == 0 { 0 } else { *bytes }).sum::<u64>();
        if expected != length {
            return None;
        }
        let (maker, kind, version) = (le16(&fixed, 10), le16(&fixed, 12), le32(&fixed, 14));
        let name = text_field(&fixed[20..52]).unwrap_or_default();
        let mut detail = vec![format!(
            "manufacturer {maker:#06x}, image type {kind:#06x}, file version {version:#010x}, name '{name}'"
        )];
        if control & 4 != 0 {
            // They come last.
            let hardware = data.array::<4>(length - 4)?;
            detail.push(format!("hardware {:#06x} to {:#06x}", le16(&hardware, 0), le16(&hardware, 2)));
        }
        let elements = elements(data, length, size);
        let mut image = None;
        let mut tags = Vec::new();
        let mut end = length;
        for &(tag, at, bytes) in &elements {
            end = at.saturating_add(bytes);
            tags.push(name_of(tag).map_or_else(|| format!("{tag:#06x}"), str::to_owned));
            if tag == UPGRADE_IMAGE && image.is_none() {
                image = Some((at, bytes));
            }
        }
        detail.push(format!("elements: {}", tags.join(", ")));
        let has = |wanted: u16| elements.iter().any(|(tag, ..)| *tag == wanted);
        // Cryptographic suites 1 and 2: ECQV certificates and ECDSA on the curves sect163k1 and sect283k1.
        let scheme = match (has(SIGNATURE_2), has(SIGNATURE)) {
            (true, _) => Some("ecdsa-sect283k1"),
            (false, true) => Some("ecdsa-sect163k1"),
            (false, false) => None,
        };
        let signature = if scheme.is_some() { SignatureState::Present } else { SignatureState::Absent };
        let update = UpdateImage {
            format: "zigbee-ota".into(),
            product: Some(name).filter(|n| !n.is_empty()),
            version: Some(format!("{version:#010x}")),
            target: Some(format!("manufacturer {maker:#06x}, image type {kind:#06x}")),
            signature,
            scheme: scheme.map(Into::into),
            ..UpdateImage::default()
        };
        let mut opened = Opened {
            detail: Some(detail.join(", ")),
            signed: Some(scheme.is_some()),
            observed: vec![Observed::UpdateImage(update)],
            ..Opened::default()
        }
        .of_length("zigbee-ota", size, data.len());
        if opened.declared.is_none() && end != size {
            opened = opened.damaged(reason::damaged("zigbee-ota", "its elements do not fill it"));
        }
        if let Some((at, bytes)) = image {
            opened.content = Content::Payload(at, data.slice(at, bytes.min(size.saturating_sub(at))));
        }
        Some(opened)
    }
}

/// Tag, offset and length of each element.
fn elements(data: &Blob, header: u64, size: u64) -> Vec<(u16, u64, u64)> {
    let mut found = Vec::new();
    let mut at = header;
    while at < size && found.len() < MAX_ELEMENTS {
        let Some(head) = data.array::<6>(at) else { break };
        let (tag, length) = (le16(&head, 0), u64::from(le32(&head, 2)));
        at += 6;
        found.push((tag, at, length));
        at = at.saturating_add(length);
    }
    found
}

fn name_of(tag: u16) -> Option<&'static str> {
    Some(match tag {
        UPGRADE_IMAGE => "upgrade image",
        SIGNATURE => "ECDSA signature",
        CERTIFICATE => "ECDSA certificate",
        INTEGRITY_CODE => "integrity code (not checked)",
        0x0004 => "picture",
        SIGNATURE_2 => "ECDSA signature (suite 2)",
        CERTIFICATE_2 => "ECDSA certificate (suite 2)",
        MANUFACTURERS.. => "manufacturer's own",
        _ => return None,
    })
}
