//! RAUC bundles: a SquashFS, a signature over it or over its manifest as CMS, and the length of that
//! (<https://rauc.readthedocs.io/en/latest/reference.html#bundle-formats>).

use std::collections::BTreeMap;
use std::sync::Arc;

use sekisho_cms::{Message, Signed, Verdict};
use sekisho_model::fact::{Observed, SignatureState, UpdateImage};
use sha2::{Digest, Sha256};

use super::digest::Algorithm;
use super::part::Part;
use super::squashfs::SquashFs;
use super::{Content, Format, Opened, Signature, digest, le64, magic};
use crate::blob::Blob;
use crate::layout::hex;
use crate::limits::Budget;
use crate::reason;

pub(super) struct Rauc;

/// RAUC's own limit (`MAX_BUNDLE_SIGNATURE_SIZE`).
const MAX_SIGNATURE: u64 = 64 << 10;
/// The manifest is a page of text.
const MAX_MANIFEST: u64 = 1 << 20;
/// Images whose digests are checked; a bundle has a handful.
const MAX_IMAGES: usize = 64;
/// Blocks of dm-verity.
const BLOCK: u64 = 4096;
/// Where the superblock of SquashFS keeps the length.
const BYTES_USED: u64 = 40;

impl Format for Rauc {
    fn name(&self) -> &'static str {
        "rauc"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"hsqs")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let (payload, der) = split(data)?;
        let squashfs = le64(&data.array::<8>(BYTES_USED)?, 0);
        if squashfs > payload.len() {
            return None;
        }
        let message = sekisho_cms::parse(&der)?;
        Some(bundle(data, &payload, Some(squashfs), &message, budget))
    }
}

/// The end of a bundle whose beginning cannot be recognised, as it is encrypted: the signature and its length at the end of the data.
pub(super) struct RaucTrailer;

impl Format for RaucTrailer {
    fn name(&self) -> &'static str {
        "rauc-signature"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The type of a CMS message: signed or enveloped data, behind a sequence with a length of two bytes.
        const {
            &[
                Signature { magic: b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0", at: 4 },
                Signature { magic: b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0", at: 4 },
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let (payload, der) = split(data)?;
        if payload.len() > 0 {
            return None;
        }
        let message = sekisho_cms::parse(&der)?;
        let mut opened = bundle(data, &payload, None, &message, budget);
        opened.content = Content::Nothing;
        Some(opened)
    }
}

/// The payload and the signature; none where the data do not end like a bundle.
fn split(data: &Blob) -> Option<(Blob, Vec<u8>)> {
    let end = data.len().checked_sub(8)?;
    let length = u64::from_be_bytes(data.array::<8>(end)?);
    if !(64..=MAX_SIGNATURE).contains(&length) {
        return None;
    }
    let start = end.checked_sub(length)?;
    let der = data.exact(start, length as usize).ok()?;
    (der[0] == 0x30).then(|| (data.slice(0, start), der.into_owned()))
}

/// Describes a bundle. `squashfs` is how long the file system in front of the payload is, where there is one in the clear.
fn bundle(data: &Blob, payload: &Blob, squashfs: Option<u64>, message: &Message, budget: &Arc<Budget>) -> Opened {
    let mut opened = Opened { length: data.len(), signed: Some(true), ..Opened::default() };
    let mut update =
        UpdateImage { format: "rauc".into(), signature: SignatureState::Present, ..UpdateImage::default() };
    update.scheme = Some("cms".into());
    let mut parts = vec![("payload", 0, squashfs.unwrap_or(payload.len()))];
    let mut form = "plain";
    match message {
        Message::Enveloped => {
            form = "crypt";
            update.encrypted = Some(true);
            opened = opened.damaged(reason::encrypted("rauc"));
        }
        Message::Signed(signed) => {
            // The manifest lies in the message, or in the file system that is signed as a whole.
            let manifest = match signed.content() {
                Some(text) => Some(Manifest::parse(&String::from_utf8_lossy(text))),
                None => squashfs.and_then(|_| manifest_in(payload, budget)),
            };
            let verdict = verdict(signed, payload, budget);
            (update.signature, update.scheme) = (verdict.state, verdict.scheme);
            if verdict.state == SignatureState::Broken {
                opened = opened.damaged(reason::signature_broken("rauc"));
            }
            match manifest {
                None => opened = opened.damaged(reason::manifest_unreadable("rauc manifest")),
                Some(manifest) => {
                    form = manifest.get("bundle", "format").map_or("plain", |f| match f {
                        "verity" => "verity",
                        "crypt" => "crypt",
                        _ => "plain",
                    });
                    update.target = manifest.get("update", "compatible").map(str::to_owned);
                    update.version = manifest.get("update", "version").map(str::to_owned);
                    update.encrypted = Some(form == "crypt");
                    if form == "crypt" {
                        opened = opened.damaged(reason::encrypted("rauc"));
                    }
                    if form != "plain" && squashfs.is_some() {
                        update.digest_valid = manifest.verity(payload, budget);
                        if let Some(size) = manifest.get("bundle", "verity-size").and_then(|n| n.parse::<u64>().ok())
                            && let Some(start) = payload.len().checked_sub(size)
                        {
                            parts = vec![("payload", 0, start)];
                        }
                    } else if squashfs.is_some() {
                        update.digest_valid = manifest.images(payload, budget, &mut opened);
                    }
                }
            }
        }
    }
    if update.digest_valid == Some(false) {
        opened = opened.damaged(reason::digest_broken("rauc payload"));
    }
    opened.checksum_valid = update.digest_valid;
    opened.detail = Some(format!("format {form}"));
    opened.observed.push(Observed::UpdateImage(update));
    let payload = payload.clone();
    opened.content = Content::Parts(Box::new(parts.into_iter().map(move |(name, offset, length)| Part {
        name: name.into(),
        offset: Some(offset),
        data: payload.slice(offset, length),
        program: false,
        gaps: Vec::new(),
    })));
    opened
}

fn verdict(signed: &Signed, payload: &Blob, budget: &Budget) -> Verdict {
    match signed.content() {
        Some(content) => signed.verify(|algorithm| Some(algorithm.digest(content))),
        None if payload.len() > 0 => signed.verify(|algorithm| Algorithm::from(algorithm).digest(payload, budget)),
        None => signed.verify(|_| None),
    }
}

fn manifest_in(payload: &Blob, budget: &Arc<Budget>) -> Option<Manifest> {
    let Content::Tree(tree) = SquashFs.open(payload, budget)?.content else { return None };
    let entry = tree.entries().iter().find(|entry| entry.path == "/manifest.raucm")?;
    let bytes = tree.content(entry, MAX_MANIFEST).bytes;
    Some(Manifest::parse(&String::from_utf8_lossy(&bytes.window(0, MAX_MANIFEST as usize).ok()?)))
}

/// A manifest: groups of keys and values, as `GLib`'s key files.
struct Manifest {
    groups: BTreeMap<String, BTreeMap<String, String>>,
}

impl Manifest {
    fn parse(text: &str) -> Self {
        let mut groups: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut group = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                name.clone_into(&mut group);
            } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                groups.entry(group.clone()).or_default().insert(key.trim().to_owned(), value.trim().to_owned());
            }
        }
        Self { groups }
    }

    fn get(&self, group: &str, key: &str) -> Option<&str> {
        self.groups.get(group)?.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether the digests of the images hold; none where not all could be calculated.
    fn images(&self, payload: &Blob, budget: &Arc<Budget>, opened: &mut Opened) -> Option<bool> {
        let Content::Tree(tree) = SquashFs.open(payload, budget)?.content else { return None };
        let mut all = true;
        let mut any = false;
        for (group, _) in self.groups.iter().filter(|(name, _)| name.starts_with("image.")).take(MAX_IMAGES) {
            let (Some(file), Some(sha256)) = (self.get(group, "filename"), self.get(group, "sha256")) else { continue };
            // An index of casync names blocks that lie elsewhere; its digest is that of what they make.
            if file.ends_with(".caibx") || file.ends_with(".caidx") {
                continue;
            }
            let path = format!("/{file}");
            let entry = tree.entries().iter().find(|entry| entry.path == path);
            let content = entry.map(|entry| tree.content(entry, budget.limits.file)).filter(|c| c.cut.is_none());
            let found = content.and_then(|content| digest::sha256(&content.bytes, budget));
            match found {
                Some(found) if found == sha256 => any = true,
                Some(_) => return Some(false),
                None => {
                    all = false;
                    opened.gaps.push(reason::digest_unchecked(&format!("rauc image {file}")));
                }
            }
        }
        (any && all).then_some(true)
    }

    /// Whether the tree of hashes over the payload has the root that the manifest names (Linux, `Documentation/admin-guide/device-mapper/verity.rst`):
    /// each block's SHA-256 behind the salt, packed into blocks of their own, up to one.
    fn verity(&self, payload: &Blob, budget: &Budget) -> Option<bool> {
        let expected = self.get("bundle", "verity-hash")?;
        let salt = unhex(self.get("bundle", "verity-salt")?)?;
        let size: u64 = self.get("bundle", "verity-size")?.parse().ok()?;
        let length = payload.len().checked_sub(size)?;
        if length == 0 || length % BLOCK != 0 || !budget.expand(length) {
            return None;
        }
        let hash = |block: &[u8]| Sha256::new().chain_update(&salt).chain_update(block).finalize();
        let mut level = Vec::new();
        let mut at = 0;
        while at < length {
            if budget.out_of_time() {
                return None;
            }
            level.extend_from_slice(&hash(&payload.exact(at, BLOCK as usize).ok()?));
            at += BLOCK;
        }
        while level.len() > 32 {
            level.resize(level.len().next_multiple_of(BLOCK as usize), 0);
            level = level.chunks(BLOCK as usize).flat_map(|block| hash(block).to_vec()).collect();
        }
        Some(hex(&level) == expected)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// Made by `rauc` 1.8; see tests/data/README.md.
    const PLAIN: &[u8] = include_bytes!("../../tests/data/rauc-plain.raucb");
    const VERITY: &[u8] = include_bytes!("../../tests/data/rauc-verity.raucb");

    fn update(bytes: &[u8]) -> Option<UpdateImage> {
        let opened = Rauc.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))?;
        opened.observed.into_iter().find_map(|observed| match observed {
            Observed::UpdateImage(update) => Some(update),
            _ => None,
        })
    }

    #[test]
    fn both_formats_of_the_tool() {
        for bytes in [PLAIN, VERITY] {
            let found = update(bytes).unwrap();
            assert_eq!((found.target.as_deref(), found.version.as_deref()), (Some("Example board"), Some("2026.1")));
            assert_eq!((found.signature, found.digest_valid), (SignatureState::Consistent, Some(true)));
            assert_eq!((found.scheme.as_deref(), found.encrypted), (Some("cms rsa-2048 sha256"), Some(false)));
        }
    }

    #[test]
    fn changed_content() {
        let mut bytes = PLAIN.to_vec();
        bytes[3000] ^= 1;
        assert_eq!(update(&bytes).unwrap().signature, SignatureState::Broken);
        // Of the other format the manifest is signed, and names the root of the hashes.
        let mut bytes = VERITY.to_vec();
        bytes[3000] ^= 1;
        let found = update(&bytes).unwrap();
        assert_eq!((found.signature, found.digest_valid), (SignatureState::Consistent, Some(false)));
    }

    #[test]
    fn an_encrypted_one_is_told_by_its_end() {
        let bytes = include_bytes!("../../tests/data/rauc-crypt.raucb");
        assert!(update(bytes).is_none());
        let length = u64::from_be_bytes(*bytes.last_chunk().unwrap()) as usize;
        let blob = Blob::memory(bytes[bytes.len() - 8 - length..].to_vec());
        let opened = RaucTrailer.open(&blob, &Budget::new(Limits::default())).unwrap();
        let Some(Observed::UpdateImage(found)) = opened.observed.first() else { panic!() };
        assert_eq!((found.encrypted, found.signature), (Some(true), SignatureState::Consistent));
        assert_eq!(found.version.as_deref(), Some("2026.1"));
    }

    #[test]
    fn a_file_system_alone_is_no_bundle() {
        for end in (0..PLAIN.len()).step_by(13) {
            assert!(update(&PLAIN[..end]).is_none());
        }
    }
}
