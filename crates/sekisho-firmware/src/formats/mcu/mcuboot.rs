//! Images of `MCUboot`: a header, the program, and entries of type, length and value behind it, some of which the digest covers.
//!
//! Layout and numbers: `boot/bootutil/include/bootutil/image.h` and `docs/design.md` of <https://github.com/mcu-tools/mcuboot>.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{digest_of, verify};
use crate::blob::Blob;
use crate::formats::{Content, Format, Opened, Signature, be32, le16, le32, magic};
use crate::inspect::known_keys;
use crate::layout::hex;
use crate::limits::Budget;
use crate::reason;

pub(in crate::formats) struct McuBoot;

/// `IMAGE_HEADER_SIZE`.
const HEADER: usize = 32;
/// `IMAGE_TLV_INFO_MAGIC` and `IMAGE_TLV_PROT_INFO_MAGIC`.
const INFO: u16 = 0x6907;
const PROTECTED: u16 = 0x6908;
/// `ENCRYPTIONFLAGS` and the flags of compressed images.
const ENCRYPTED: u32 = 0x4 | 0x8;
const COMPRESSED: u32 = 0x200 | 0x400;
/// `IMAGE_F_NON_BOOTABLE`, for people.
const NON_BOOTABLE: u32 = 0x10;

/// Types of entries, `IMAGE_TLV_*`.
mod tlv {
    pub(super) const KEY_HASH: u16 = 0x01;
    pub(super) const PUBLIC_KEY: u16 = 0x02;
    pub(super) const SHA256: u16 = 0x10;
    pub(super) const SHA384: u16 = 0x11;
    pub(super) const SHA512: u16 = 0x12;
    pub(super) const RSA2048: u16 = 0x20;
    pub(super) const ECDSA224: u16 = 0x21;
    pub(super) const ECDSA: u16 = 0x22;
    pub(super) const RSA3072: u16 = 0x23;
    pub(super) const ED25519: u16 = 0x24;
    pub(super) const PURE: u16 = 0x25;
    pub(super) const ENC_FIRST: u16 = 0x30;
    pub(super) const ENC_LAST: u16 = 0x34;
    pub(super) const DEPENDENCY: u16 = 0x40;
    pub(super) const SECURITY_COUNTER: u16 = 0x50;
    pub(super) const BOOT_RECORD: u16 = 0x60;
}

/// The entries of one area; a type may stand there more than once.
#[derive(Default)]
struct Entries(Vec<(u16, Vec<u8>)>);

impl Entries {
    fn get(&self, wanted: u16) -> Option<&[u8]> {
        self.0.iter().find(|(kind, _)| *kind == wanted).map(|(_, value)| value.as_slice())
    }

    /// Reads the area at `at`; how long it is, and whether all of it could be read.
    fn read(&mut self, data: &Blob, at: u64, magic: u16, budget: &Budget) -> Option<(u64, bool)> {
        let info = data.array::<4>(at)?;
        let total = le16(&info, 2);
        if le16(&info, 0) != magic || !budget.check(u64::from(total)) {
            return None;
        }
        // Sixteen bits: an area is never large.
        let area = data.window(at, usize::from(total)).ok()?;
        let mut rest = area.get(4..).unwrap_or_default();
        while rest.len() >= 4 {
            let (kind, length) = (le16(rest, 0), usize::from(le16(rest, 2)));
            let Some(value) = rest.get(4..4 + length) else { break };
            self.0.push((kind, value.to_vec()));
            rest = &rest[4 + length..];
        }
        Some((u64::from(total), rest.is_empty() && area.len() == usize::from(total)))
    }
}

impl Format for McuBoot {
    fn name(&self) -> &'static str {
        "mcuboot"
    }

    fn signatures(&self) -> &'static [Signature] {
        // `IMAGE_MAGIC`.
        const { &[magic(b"\x3d\xb8\xf3\x96")] }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<HEADER>(0)?;
        let (head, protected, body) =
            (u64::from(le16(&header, 8)), u64::from(le16(&header, 10)), u64::from(le32(&header, 12)));
        let flags = le32(&header, 16);
        // The last four bytes are padding, and no flag above these is defined.
        if head < HEADER as u64 || body == 0 || le32(&header, 28) != 0 || flags & !0xfff != 0 {
            return None;
        }
        let covered = head + body + protected;
        if head + body > data.len() {
            let opened = Opened { detail: Some(detail(&header, &Entries::default(), None)), ..Opened::default() };
            return Some(opened.of_length("mcuboot", covered, data.len()));
        }
        let mut entries = Entries::default();
        let mut whole = true;
        if protected > 0 {
            let (length, complete) = entries.read(data, head + body, PROTECTED, budget)?;
            whole &= complete && length == protected;
        }
        let after = entries.read(data, covered, INFO, budget);
        whole &= after.is_some_and(|(_, complete)| complete);
        let length = covered + after.map_or(0, |(length, _)| length);
        let encrypted =
            flags & ENCRYPTED != 0 || entries.0.iter().any(|(kind, _)| (tlv::ENC_FIRST..=tlv::ENC_LAST).contains(kind));
        // Of an encrypted image the digest is that of the clear text (`docs/encrypted_images.md`).
        let digest = if encrypted { None } else { digest(&data.slice(0, covered), &entries, budget) };
        let digest_valid = digest.as_ref().map(|(_, valid)| *valid);
        let (signature, scheme) = signature(&entries, digest, &data.slice(0, covered), encrypted);
        let well_known = key_hash(&entries).and_then(|hash| known_keys::origin(&hex(&hash)));
        let image = UpdateImage {
            format: "mcuboot".into(),
            version: Some(version(&header)),
            signature,
            scheme,
            encrypted: Some(encrypted),
            digest_valid,
            rollback_counter: entries
                .get(tlv::SECURITY_COUNTER)
                .filter(|value| value.len() == 4)
                .map(|value| u64::from(le32(value, 0))),
            well_known: well_known.clone(),
            ..UpdateImage::default()
        };
        let mut opened = Opened {
            detail: Some(detail(&header, &entries, well_known.as_deref())),
            signed: Some(signature != SignatureState::Absent),
            checksum_valid: digest_valid,
            observed: vec![Observed::UpdateImage(image)],
            ..Opened::default()
        }
        .of_length("mcuboot", length, data.len());
        if !whole {
            opened = opened.damaged(reason::damaged("mcuboot", "its entries do not fit their lengths"));
        }
        if digest_valid == Some(false) {
            opened = opened.damaged(reason::damaged("mcuboot", "its digest does not hold"));
        }
        if encrypted {
            opened = opened.damaged(reason::encrypted("mcuboot"));
        } else if flags & COMPRESSED != 0 {
            opened = opened.damaged(reason::unsupported("mcuboot (compressed)"));
        } else {
            opened.content = Content::Payload(head, data.slice(head, body));
        }
        Some(opened)
    }
}

fn version(header: &[u8]) -> String {
    let text = format!("{}.{}.{}", header[20], header[21], le16(header, 22));
    match le32(header, 24) {
        0 => text,
        build => format!("{text}+{build}"),
    }
}

/// The digest that the entries give and whether it holds.
fn digest(covered: &Blob, entries: &Entries, budget: &Budget) -> Option<(Vec<u8>, bool)> {
    let (stored, computed) = [
        (tlv::SHA256, digest_of::<Sha256> as fn(&Blob, &Budget) -> Option<Vec<u8>>),
        (tlv::SHA384, digest_of::<Sha384>),
        (tlv::SHA512, digest_of::<Sha512>),
    ]
    .into_iter()
    .find_map(|(kind, hash)| Some((entries.get(kind)?, hash)))?;
    let computed = computed(covered, budget)?;
    let valid = computed == stored;
    Some((computed, valid))
}

/// The SHA-256 of the key that signed, where that can be told: `imgtool` writes it, or the key itself.
fn key_hash(entries: &Entries) -> Option<Vec<u8>> {
    let of_key = || entries.get(tlv::PUBLIC_KEY).map(|key| Sha256::digest(key).to_vec());
    entries.get(tlv::KEY_HASH).map(<[u8]>::to_vec).or_else(of_key)
}

fn signature(
    entries: &Entries,
    digest: Option<(Vec<u8>, bool)>,
    covered: &Blob,
    encrypted: bool,
) -> (SignatureState, Option<String>) {
    let kinds = [
        (tlv::RSA2048, "rsa-2048"),
        (tlv::RSA3072, "rsa-3072"),
        (tlv::ECDSA224, "ecdsa-p224"),
        (tlv::ECDSA, "ecdsa"),
        (tlv::ED25519, "ed25519"),
    ];
    let Some((kind, name, value)) = kinds.iter().find_map(|(k, name)| Some((*k, *name, entries.get(*k)?))) else {
        return (SignatureState::Absent, None);
    };
    // The curve is told by the digest: imgtool pairs P-256 with SHA-256 and P-384 with SHA-384.
    let scheme = match (name, entries.get(tlv::SHA256), entries.get(tlv::SHA384)) {
        ("ecdsa", Some(_), _) => "ecdsa-p256",
        ("ecdsa", None, Some(_)) => "ecdsa-p384",
        _ => name,
    };
    let pure = entries.get(tlv::PURE).is_some();
    let key = entries.get(tlv::PUBLIC_KEY);
    let state = match (digest, key) {
        // The signature is over the digest: where that does not hold, it does not fit the content.
        (Some((_, false)), _) if !pure => SignatureState::Broken,
        (Some((digest, true)), Some(key)) if !pure => match kind {
            // A SubjectPublicKeyInfo ends with the uncompressed point of 65 bytes (RFC 5480), or with 32 bytes (RFC 8410).
            tlv::ECDSA => key.len().checked_sub(65).and_then(|at| verify::p256(&key[at..], &digest, value)),
            tlv::ED25519 => key.len().checked_sub(32).and_then(|at| verify::ed25519(&key[at..], &digest, value)),
            tlv::RSA2048 | tlv::RSA3072 => {
                pkcs1(key).and_then(|(modulus, exponent)| verify::rsa_pss(modulus, exponent, &digest, value))
            }
            _ => None,
        }
        .unwrap_or(SignatureState::Present),
        (_, Some(key)) if pure && !encrypted && kind == tlv::ED25519 => key
            .len()
            .checked_sub(32)
            .zip(covered.window(0, MAX_PURE).ok().filter(|message| message.len() as u64 == covered.len()))
            .and_then(|(at, message)| verify::ed25519(&key[at..], &message, value))
            .unwrap_or(SignatureState::Present),
        _ => SignatureState::Present,
    };
    (state, Some(scheme.to_owned()))
}

/// Images are verified in one piece up to this size; the flash of such chips is smaller.
const MAX_PURE: usize = 32 << 20;

/// Modulus and exponent of an RSA public key (RFC 8017, A.1.1): a sequence of two integers.
fn pkcs1(der: &[u8]) -> Option<(&[u8], u32)> {
    use crate::inspect::der::{INTEGER, sequence};
    let fields = sequence(der)?;
    let [modulus, exponent, ..] = fields.as_slice() else { return None };
    if modulus.tag != INTEGER || exponent.tag != INTEGER || exponent.content.len() > 4 {
        return None;
    }
    let mut bytes = [0; 4];
    bytes[4 - exponent.content.len()..].copy_from_slice(exponent.content);
    Some((modulus.content.strip_prefix(&[0]).unwrap_or(modulus.content), be32(&bytes, 0)))
}

fn detail(header: &[u8], entries: &Entries, well_known: Option<&str>) -> String {
    let mut text = format!("version {}, load address {:#010x}", version(header), le32(header, 4));
    let mut add = |more: &str| {
        text.push_str(", ");
        text.push_str(more);
    };
    if le32(header, 16) & NON_BOOTABLE != 0 {
        add("not bootable by itself");
    }
    if let Some(hash) = key_hash(entries) {
        add(&format!("key {}", hex(hash.get(..8).unwrap_or(&hash))));
    }
    if let Some(whence) = well_known {
        add(&format!("publicly known ({whence})"));
    }
    if entries.get(tlv::DEPENDENCY).is_some() {
        add("depends on another image");
    }
    if entries.get(tlv::BOOT_RECORD).is_some() {
        add("boot record");
    }
    text
}

/// What `MCUboot` writes at the end of a slot: whether to swap, whether the image was confirmed, and a mark.
pub(in crate::formats) struct Trailer;

/// Fields before the mark that are looked at: two flags of up to eight bytes each, and the swap's state (`docs/design.md`, image trailer).
const FLAGS: usize = 24;
/// `boot_img_magic`, 16 bytes.
const MARK: u64 = 16;

impl Format for Trailer {
    fn name(&self) -> &'static str {
        "mcuboot-trailer"
    }

    fn signatures(&self) -> &'static [Signature] {
        const {
            &[Signature {
                magic: b"\x77\xc2\x95\xf3\x60\xd2\xef\x7f\x35\x52\x50\x0f\x2c\xb6\x79\x80",
                at: FLAGS as u64,
            }]
        }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let flags = data.array::<FLAGS>(0)?;
        // `BOOT_FLAG_SET` is 1, a type of swap is up to 5, what is not set is erased flash.
        if !flags.iter().all(|b| matches!(b, 0x01..=0x05 | 0xff)) {
            return None;
        }
        let confirmed = flags.get(FLAGS - 8) == Some(&1);
        let state = if confirmed { "the image is confirmed" } else { "the image is not confirmed" };
        Some(Opened { length: FLAGS as u64 + MARK, detail: Some(state.into()), ..Opened::default() })
    }
}
