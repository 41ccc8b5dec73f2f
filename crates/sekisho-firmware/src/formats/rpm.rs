//! RPM packages: lead, signature header, header, compressed cpio (<https://rpm-software-management.github.io/rpm/manual/format_v4.html>).

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use super::{Content, Format, Opened, Signature, be32, digest, magic, text_field};
use crate::blob::Blob;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Rpm;

const LEAD: u64 = 96;
/// Entries of one header, and bytes of its store; those of the largest packages stay below.
const MAX_ENTRIES: u32 = 4096;
const MAX_STORE: u32 = 64 << 20;

// Tags (RPM, `include/rpm/rpmtag.h`).
const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const ARCHITECTURE: u32 = 1022;
const PAYLOAD_COMPRESSOR: u32 = 1125;
const PAYLOAD_SHA256: u32 = 5092;
// Tags of the signature header.
const SIZE: u32 = 1000;
const HEADER_SHA256: u32 = 273;
/// DSA and RSA over the header, PGP and GPG over header and payload, `OpenPGP` of RPM 6.
const SIGNATURES: [u32; 5] = [267, 268, 1002, 1005, 278];

impl Format for Rpm {
    fn name(&self) -> &'static str {
        "rpm"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"\xed\xab\xee\xdb")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let signatures = Header::read(data, LEAD)?;
        let header = Header::read(data, signatures.end.next_multiple_of(8))?;
        let name = header.text(NAME)?;
        let payload = data.tail(header.end);
        // Without a size, which is rare, the payload goes on to the end.
        let declared = signatures.number(SIZE).map(|size| header.start + u64::from(size));
        let payload = declared.map_or_else(|| payload.clone(), |end| payload.slice(0, end.saturating_sub(header.end)));
        let version = header.text(VERSION).map(|version| match header.text(RELEASE) {
            Some(release) => format!("{version}-{release}"),
            None => version,
        });
        let mut digests = Vec::new();
        if let Some(expected) = signatures.text(HEADER_SHA256) {
            let bytes = data.slice(header.start, header.end - header.start);
            digests.extend(digest::sha256(&bytes, budget).map(|found| found == expected));
        }
        let whole = declared.is_none_or(|end| end <= data.len());
        if let Some(expected) = header.text(PAYLOAD_SHA256).filter(|_| whole) {
            digests.extend(digest::sha256(&payload, budget).map(|found| found == expected));
        }
        let digest_valid = (!digests.is_empty()).then(|| digests.iter().all(|&holds| holds));
        let signed = SIGNATURES.iter().any(|&tag| signatures.has(tag));
        let compressor = header.text(PAYLOAD_COMPRESSOR).unwrap_or_else(|| "gzip".into());
        let update = UpdateImage {
            format: "rpm".into(),
            product: Some(name.clone()),
            version: version.clone(),
            target: header.text(ARCHITECTURE),
            signature: if signed { SignatureState::Present } else { SignatureState::Absent },
            scheme: signed.then(|| "openpgp".into()),
            digest_valid,
            ..UpdateImage::default()
        };
        let mut opened = Opened {
            detail: Some(format!("{name} {}, payload {compressor}", version.unwrap_or_default())),
            signed: Some(signed),
            checksum_valid: digest_valid,
            observed: vec![Observed::UpdateImage(update)],
            open_ended: declared.is_none(),
            ..Opened::default()
        }
        .of_length("rpm", declared.unwrap_or(data.len()), data.len());
        if digest_valid == Some(false) {
            opened = opened.damaged(reason::damaged("rpm", "a digest does not hold"));
        }
        opened.content = Content::Payload(header.end, payload);
        Some(opened)
    }
}

/// A header structure: an index of tags and a store of values.
struct Header {
    start: u64,
    end: u64,
    /// Tag, type, offset in the store.
    index: Vec<(u32, u32, u32)>,
    store: Vec<u8>,
}

impl Header {
    fn read(data: &Blob, start: u64) -> Option<Self> {
        let head = data.array::<16>(start)?;
        let (count, size) = (be32(&head, 8), be32(&head, 12));
        if head[..4] != *b"\x8e\xad\xe8\x01" || count == 0 || count > MAX_ENTRIES || size > MAX_STORE {
            return None;
        }
        let index_length = 16 * count as usize;
        let index = data.exact(start + 16, index_length).ok()?;
        let index = index.chunks_exact(16).map(|e| (be32(e, 0), be32(e, 4), be32(e, 8))).collect();
        let store = data.exact(start + 16 + index_length as u64, size as usize).ok()?.into_owned();
        Some(Self { start, end: start + 16 + index_length as u64 + u64::from(size), index, store })
    }

    fn has(&self, tag: u32) -> bool {
        self.index.iter().any(|(other, ..)| *other == tag)
    }

    /// A string, or the first of an array of them.
    fn text(&self, tag: u32) -> Option<String> {
        let &(_, kind, offset) = self.index.iter().find(|(other, ..)| *other == tag)?;
        let value = self.store.get(offset as usize..)?;
        let text = text_field(&value[..value.len().min(256)])?;
        (matches!(kind, 6 | 8 | 9) && !text.is_empty()).then_some(text)
    }

    fn number(&self, tag: u32) -> Option<u32> {
        let &(_, kind, offset) = self.index.iter().find(|(other, ..)| *other == tag)?;
        let value = self.store.get(offset as usize..offset as usize + 4)?;
        (kind == 4).then(|| be32(value, 0))
    }
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    /// Made by `rpmbuild` 4.18; see tests/data/README.md.
    const SAMPLE: &[u8] = include_bytes!("../../tests/data/hello.rpm");

    fn open(bytes: &[u8]) -> Option<Opened> {
        Rpm.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    fn update(opened: &Opened) -> &UpdateImage {
        let Some(Observed::UpdateImage(update)) = opened.observed.first() else { panic!() };
        update
    }

    #[test]
    fn a_package_of_the_tool() {
        let opened = open(&[SAMPLE, &[0xff; 40]].concat()).unwrap();
        assert_eq!((opened.length, opened.read), (SAMPLE.len() as u64, ReadState::Whole));
        let found = update(&opened);
        assert_eq!((found.product.as_deref(), found.version.as_deref()), (Some("hello"), Some("1.2-3")));
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Absent, Some(true)));
    }

    #[test]
    fn damage_is_said() {
        let mut bytes = SAMPLE.to_vec();
        let last = bytes.len() - 20;
        bytes[last] ^= 1;
        assert_eq!(update(&open(&bytes).unwrap()).digest_valid, Some(false));
        for end in 0..SAMPLE.len() {
            assert!(open(&SAMPLE[..end]).is_none_or(|o| o.read == ReadState::Partial));
        }
    }
}
