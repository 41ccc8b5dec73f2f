//! Nordic's packages for device firmware updates: a zip of programs, each with an init packet that says what it is and who signed it.
//!
//! `dfu-cc.proto` and `manifest.json` as nRF5 SDK's documentation ("DFU protocol", "Init packet") and `pc-nrfutil` define them.

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};

use super::sha256;
use crate::blob::Blob;
use crate::formats::crc32_of;
use crate::limits::Budget;
use crate::tree::{Entry, Tree};

/// Init packets are a few hundred bytes, manifests too.
const MAX_TEXT: u64 = 64 << 10;
/// Programs of one package that are looked at: application, boot loader, soft device, and both.
const MAX_PROGRAMS: usize = 8;
/// A program is not larger than the flash of such a chip.
const MAX_PROGRAM: u64 = 16 << 20;

/// What a package's init packets say, where the archive is such a package.
pub(in super::super) fn package(tree: &dyn Tree, budget: &Budget) -> Vec<Observed> {
    let find = |name: &str| tree.entries().iter().find(|e| e.path.strip_prefix('/') == Some(name));
    let Some(manifest) = find("manifest.json").and_then(|e| text(tree, e)) else { return Vec::new() };
    let mut observed = Vec::new();
    for dat in tree.entries().iter().filter(|e| e.path.ends_with(".dat")).take(MAX_PROGRAMS) {
        let name = dat.path.trim_start_matches('/');
        // Only what the manifest names is a part of the package.
        if !manifest.contains(&format!("\"{name}\"")) {
            continue;
        }
        let Some(program) = find(&format!("{}.bin", name.trim_end_matches(".dat"))) else { continue };
        let Some(packet) = bytes(tree, dat, MAX_TEXT).and_then(|blob| {
            let bytes = blob.window(0, MAX_TEXT as usize).ok()?.into_owned();
            packet(&bytes)
        }) else {
            continue;
        };
        let content = tree.content(program, MAX_PROGRAM);
        let content = content.cut.is_none().then_some(content.bytes);
        observed.push(Observed::UpdateImage(packet.image(content.as_ref(), budget)));
    }
    observed
}

fn bytes(tree: &dyn Tree, entry: &Entry, limit: u64) -> Option<Blob> {
    let content = tree.content(entry, limit);
    content.cut.is_none().then_some(content.bytes)
}

fn text(tree: &dyn Tree, entry: &Entry) -> Option<String> {
    let blob = bytes(tree, entry, MAX_TEXT)?;
    let bytes = blob.window(0, MAX_TEXT as usize).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What an init packet says.
#[derive(Debug, Default)]
struct Packet {
    signature: Option<(u64, usize)>,
    firmware_version: Option<u64>,
    hardware_version: Option<u64>,
    soft_devices: Vec<u64>,
    kind: u64,
    hash_type: u64,
    hash: Vec<u8>,
    debug: bool,
}

impl Packet {
    fn image(&self, content: Option<&Blob>, budget: &Budget) -> UpdateImage {
        let kind = ["application", "soft device", "boot loader", "soft device and boot loader", "external application"]
            .get(self.kind as usize)
            .unwrap_or(&"unknown");
        let mut target = vec![(*kind).to_owned()];
        if let Some(hardware) = self.hardware_version {
            target.push(format!("hardware version {hardware}"));
        }
        if !self.soft_devices.is_empty() {
            let listed: Vec<String> = self.soft_devices.iter().map(|id| format!("{id:#x}")).collect();
            target.push(format!("soft device {}", listed.join(" or ")));
        }
        if self.debug {
            target.push("for debugging: versions are not checked".into());
        }
        let (signature, scheme) = match self.signature {
            None => (SignatureState::Absent, None),
            Some((kind, _)) => (SignatureState::Present, ["ecdsa-p256", "ed25519"].get(kind as usize).copied()),
        };
        UpdateImage {
            format: "nordic-dfu".into(),
            version: self.firmware_version.map(|v| v.to_string()),
            target: Some(target.join(", ")),
            signature,
            scheme: scheme.map(Into::into),
            digest_valid: content.and_then(|content| self.hash_holds(content, budget)),
            // The boot loader refuses a lower number than that of what is installed, but not in a package for debugging.
            rollback_counter: self.firmware_version.filter(|_| !self.debug),
            ..UpdateImage::default()
        }
    }

    fn hash_holds(&self, content: &Blob, budget: &Budget) -> Option<bool> {
        match self.hash_type {
            1 => Some(crc32_of(content).ok()?.to_le_bytes().as_slice() == self.hash),
            // The tools write the digest with its last byte first.
            3 => sha256(content, budget)
                .map(|digest| self.hash.iter().rev().eq(digest.iter()) || self.hash.iter().eq(digest.iter())),
            _ => None,
        }
    }
}

/// Reads an init packet: `Packet` with a `Command`, or a `SignedCommand` with one.
fn packet(bytes: &[u8]) -> Option<Packet> {
    let mut said = Packet::default();
    let mut command = None;
    for (number, field) in fields(bytes)? {
        match (number, field) {
            (1, Field::Bytes(bytes)) => command = Some(bytes),
            (2, Field::Bytes(signed)) => {
                let (mut kind, mut length) = (0, None);
                for (number, field) in fields(signed)? {
                    match (number, field) {
                        (1, Field::Bytes(bytes)) => command = Some(bytes),
                        (2, Field::Number(value)) => kind = value,
                        (3, Field::Bytes(bytes)) => length = Some(bytes.len()),
                        _ => {}
                    }
                }
                // A field with nothing in it is no signature.
                said.signature = length.filter(|&length| length > 0).map(|length| (kind, length));
            }
            _ => {}
        }
    }
    let mut init = None;
    for (number, field) in fields(command?)? {
        if let (2, Field::Bytes(bytes)) = (number, field) {
            init = Some(bytes);
        }
    }
    for (number, field) in fields(init?)? {
        match (number, field) {
            (1, Field::Number(value)) => said.firmware_version = Some(value),
            (2, Field::Number(value)) => said.hardware_version = Some(value),
            (3, Field::Number(value)) => said.soft_devices.push(value),
            (3, Field::Bytes(mut list)) => {
                while let Some((value, rest)) = varint(list) {
                    said.soft_devices.push(value);
                    list = rest;
                }
            }
            (4, Field::Number(value)) => said.kind = value,
            (8, Field::Bytes(hash)) => {
                for (number, field) in fields(hash)? {
                    match (number, field) {
                        (1, Field::Number(value)) => said.hash_type = value,
                        (2, Field::Bytes(bytes)) => said.hash = bytes.to_vec(),
                        _ => {}
                    }
                }
            }
            (9, Field::Number(value)) => said.debug = value != 0,
            _ => {}
        }
    }
    Some(said)
}

/// A field of a protocol buffer message.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The fields of a message (<https://protobuf.dev/programming-guides/encoding/>); none where it is no message.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes)?;
        let (field, rest) = match key & 7 {
            0 => varint(rest).map(|(value, rest)| (Field::Number(value), rest))?,
            1 => (Field::Fixed, rest.get(8..)?),
            2 => {
                let (length, rest) = varint(rest)?;
                let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                (Field::Bytes(content), rest)
            }
            5 => (Field::Fixed, rest.get(4..)?),
            _ => return None,
        };
        found.push((key >> 3, field));
        bytes = rest;
    }
    Some(found)
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(7 * i as u32)?;
        if byte & 0x80 == 0 {
            return bytes.get(i + 1..).map(|rest| (value, rest));
        }
    }
    None
}
