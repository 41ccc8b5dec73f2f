//! What OpenWrt adds to its images: the metadata trailer of fwtool, and the marker where the overlay will be made.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};
use serde_json::Value;

use super::{Format, Opened, Signature, be32, magic};
use crate::blob::Blob;
use crate::limits::Budget;

/// `fwtool`'s trailer: JSON metadata or a `usign` signature in front, then 16 bytes. Found by its beginning, the JSON.
pub(super) struct Fwtool;

/// Metadata are a few hundred bytes.
const MAX_METADATA: usize = 16 << 10;

impl Format for Fwtool {
    fn name(&self) -> &'static str {
        "openwrt-metadata"
    }

    fn signatures(&self) -> &'static [Signature] {
        // An empty header (version and flags) and the JSON behind it.
        const { &[magic(b"\0\0\0\0\0\0\0\0{")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let window = data.window(0, MAX_METADATA).ok()?;
        // magic, crc, type, padding, size: see fwtool's `struct fwimage_trailer`.
        let at = memchr::memmem::find(&window, b"FWx0")?;
        let trailer = window.get(at..at + 16)?;
        if be32(trailer, 12) as usize != at + 16 || trailer[8] > 1 {
            return None;
        }
        let signature = trailer[8] == 0;
        let mut length = at + 16;
        let mut signed = signature;
        // A signature, where there is one, follows as a second trailer.
        if let Some(next) = window.get(length..)
            && let Some(second) = memchr::memmem::find(next, b"FWx0")
            && next.get(second + 8) == Some(&0)
            && next.len() >= second + 16
            && be32(next, second + 12) as usize == second + 16
        {
            length += second + 16;
            signed = true;
        }
        let text = String::from_utf8_lossy(&window[..at]);
        let detail: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
        Some(Opened {
            length: length as u64,
            detail: Some(detail.trim().to_owned()),
            signed: Some(signed),
            observed: update(&window[EMPTY_HEADER..at], signed).map(Observed::UpdateImage).into_iter().collect(),
            ..Opened::default()
        })
    }
}

/// `struct fwimage_header`: version and flags.
const EMPTY_HEADER: usize = 8;

/// What the metadata say (OpenWrt, `include/image-commands.mk`, `metadata_json`). A signature is a chain of `ucert`, made with Ed25519; the
/// authority that it begins with is on the device only.
fn update(json: &[u8], signed: bool) -> Option<UpdateImage> {
    let json: Value = serde_json::from_slice(json).ok()?;
    let version = json.get("version");
    let text = |name: &str| version.and_then(|v| v.get(name)).and_then(Value::as_str).map(str::to_owned);
    let devices: Vec<&str> = json.get("supported_devices")?.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(UpdateImage {
        format: "openwrt-sysupgrade".into(),
        product: text("dist"),
        version: text("version"),
        target: (!devices.is_empty()).then(|| devices.join(", ")).or_else(|| text("board")),
        signature: if signed { SignatureState::Present } else { SignatureState::Absent },
        scheme: signed.then(|| "ed25519".into()),
        ..UpdateImage::default()
    })
}

/// `DE AD C0 DE` in the first bytes of an erase block: JFFS2 (or UBIFS) is to be made from here at the first start.
pub(super) struct OverlayMarker;

impl Format for OverlayMarker {
    fn name(&self) -> &'static str {
        "overlay-marker"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xde\xad\xc0\xde")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        // The mark stands alone: at the data's end, or before emptiness or a trailer.
        let next = data.window(4, 16).ok()?;
        let alone = next.iter().all(|&b| b == 0xff || b == 0) || next.starts_with(&[0; 8]);
        alone.then(|| Opened {
            length: 4,
            detail: Some("the writable overlay is made here at the first start".into()),
            ..Opened::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn trailer(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut out = content.to_vec();
        out.extend(b"FWx0\0\0\0\0");
        out.extend([kind, 0, 0, 0]);
        out.extend((content.len() as u32 + 16).to_be_bytes());
        out
    }

    #[test]
    fn metadata_with_and_without_a_signature() {
        let json = br#"{"metadata_version":"1.1","supported_devices":["a","b"],"version":{"dist":"OpenWrt","version":"22.03.5","board":"a"}}"#;
        let info = trailer(1, &[&[0; 8], &json[..]].concat());
        for (bytes, state) in [
            (info.clone(), SignatureState::Absent),
            (
                [info, trailer(0, b"untrusted comment: a certificate and a signature\n")].concat(),
                SignatureState::Present,
            ),
        ] {
            let opened = Fwtool.open(&Blob::memory(bytes.clone()), &Budget::new(Limits::default())).unwrap();
            assert_eq!(opened.length, bytes.len() as u64);
            let Some(Observed::UpdateImage(found)) = opened.observed.first() else { panic!() };
            assert_eq!((found.version.as_deref(), found.target.as_deref()), (Some("22.03.5"), Some("a, b")));
            assert_eq!(found.signature, state);
        }
    }
}
