//! Espressif's images: segments with load addresses, a checksum, a digest, and signatures behind them.
//!
//! `esp_image_format.h`, `esp_app_desc.h` and `esp_secure_boot.h` of <https://github.com/espressif/esp-idf>; "Firmware Image Format" in the
//! documentation of esptool.

use std::sync::Arc;

use sekisho_model::fact::{Observed, SignatureState, UpdateImage};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Time};

use super::{sha256, verify};
use crate::blob::Blob;
use crate::formats::{Content, Format, Opened, Signature, crc32, le16, le32, text_field};
use crate::inspect::versions;
use crate::limits::Budget;
use crate::reason;

pub(in crate::formats) struct EspImage;

/// Header of the ESP8266, and the extended one of the ESP32 and its successors.
const SHORT: u64 = 8;
const LONG: u64 = 24;
/// `ESP_IMAGE_MAX_SEGMENTS`.
const MAX_SEGMENTS: u8 = 16;
/// `ESP_ROM_CHECKSUM_INITIAL`.
const CHECKSUM_SEED: u8 = 0xef;
/// `ESP_APP_DESC_MAGIC_WORD`, at the beginning of the first segment.
const APP_DESCRIPTION: u32 = 0xabcd_5432;
/// `ESP_BOOTLOADER_DESC_MAGIC_BYTE`.
const BOOTLOADER_DESCRIPTION: u8 = 80;

/// What could be read of an image.
struct Layout {
    /// Header length.
    header: u64,
    /// Behind the checksum.
    end: u64,
    checksum_valid: bool,
}

/// Walks over the segments; none where this is no image.
fn layout(data: &Blob, header: u64, budget: &Budget) -> Option<Layout> {
    let count = data.array::<2>(0)?[1];
    if count == 0 || count > MAX_SEGMENTS {
        return None;
    }
    let mut at = header;
    let mut segments = Vec::new();
    for _ in 0..count {
        let head = data.array::<8>(at)?;
        let (address, length) = (le32(&head, 0), u64::from(le32(&head, 4)));
        // Memory of these chips lies from 0x3c00_0000 to 0x6000_2000 (ESP32-P4: 0x4000_0000 to 0x5010_8000); padding segments have address 0.
        let known = address == 0 || (0x3c00_0000..0x6010_0000).contains(&address);
        if !known || length == 0 || !length.is_multiple_of(4) || length > data.len().saturating_sub(at + 8) {
            return None;
        }
        segments.push((at + 8, length));
        at += 8 + length;
    }
    // Padded so that the checksum is the last of sixteen bytes.
    let end = (at + 1).next_multiple_of(16);
    let stored = data.array::<1>(end - 1)?;
    if !budget.check(end) {
        return None;
    }
    let mut checksum = CHECKSUM_SEED;
    for (start, length) in segments {
        let mut at = 0;
        while at < length {
            let bytes = data.window(start + at, (length - at).min(1 << 20) as usize).ok().filter(|b| !b.is_empty())?;
            checksum = bytes.iter().fold(checksum, |sum, &byte| sum ^ byte);
            at += bytes.len() as u64;
        }
    }
    Some(Layout { header, end, checksum_valid: stored == [checksum] })
}

impl Format for EspImage {
    fn name(&self) -> &'static str {
        "esp-image"
    }

    fn signatures(&self) -> &'static [Signature] {
        // The magic byte and the number of segments.
        const {
            &[
                m(b"\xe9\x01"),
                m(b"\xe9\x02"),
                m(b"\xe9\x03"),
                m(b"\xe9\x04"),
                m(b"\xe9\x05"),
                m(b"\xe9\x06"),
                m(b"\xe9\x07"),
                m(b"\xe9\x08"),
                m(b"\xe9\x09"),
                m(b"\xe9\x0a"),
                m(b"\xe9\x0b"),
                m(b"\xe9\x0c"),
                m(b"\xe9\x0d"),
                m(b"\xe9\x0e"),
                m(b"\xe9\x0f"),
                m(b"\xe9\x10"),
                m(b"\xea\x04"),
            ]
        }
    }

    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened> {
        let start = data.array::<{ LONG as usize }>(0)?;
        if start[0] == 0xea {
            return esp8266_v2(data, budget);
        }
        // Flash mode 0 to 5, entry point in instruction memory.
        if start[2] > 5 || !(0x3c00_0000..0x6010_0000).contains(&le32(&start, 4)) {
            return None;
        }
        // The longer header ends with "is a digest appended" and has reserved bytes before.
        let modern = matches!(start[23], 0 | 1) && start[19..23] == [0; 4] && chip(le16(&start, 12)).is_some();
        match layout(data, LONG, budget).filter(|l| modern && (l.checksum_valid || described(data).is_some())) {
            Some(layout) => Some(esp32(data, &start, &layout, budget)),
            None => layout(data, SHORT, budget).filter(|l| l.checksum_valid).map(|l| esp8266(data, &start, &l)),
        }
    }
}

const fn m(magic: &'static [u8]) -> Signature {
    Signature { magic, at: 0 }
}

/// The application's description at the beginning of the first segment.
fn described(data: &Blob) -> Option<[u8; 256]> {
    data.array::<256>(LONG + 8).filter(|d| le32(d, 0) == APP_DESCRIPTION)
}

/// `esp_chip_id_t`.
fn chip(id: u16) -> Option<&'static str> {
    Some(match id {
        0x00 => "esp32",
        0x02 => "esp32-s2",
        0x05 => "esp32-c3",
        0x09 => "esp32-s3",
        0x0c => "esp32-c2",
        0x0d => "esp32-c6",
        0x10 => "esp32-h2",
        0x12 => "esp32-p4",
        0x14 => "esp32-c61",
        0x17 => "esp32-c5",
        0x19 => "esp32-h21",
        0x1c => "esp32-h4",
        _ => return None,
    })
}

fn esp32(data: &Blob, header: &[u8], layout: &Layout, budget: &Budget) -> Opened {
    let chip = chip(le16(header, 12)).unwrap_or("unknown");
    let mut end = layout.end;
    let digest_valid = (header[23] == 1).then(|| {
        let stored = data.array::<32>(end);
        let computed = sha256(&data.slice(0, end), budget);
        end += 32;
        stored.is_some() && stored == computed
    });
    let valid = layout.checksum_valid && digest_valid != Some(false);
    let signatures = Signatures::read(data, end, budget);
    end = end.max(signatures.end).min(data.len());
    let mut image = UpdateImage {
        format: "esp-idf".into(),
        target: Some(chip.into()),
        signature: signatures.state,
        scheme: signatures.scheme.map(Into::into),
        encrypted: Some(false),
        digest_valid: Some(valid),
        ..UpdateImage::default()
    };
    let mut detail = vec![chip.to_owned(), format!("{} segments", header[1])];
    let mut observed = Vec::new();
    let mut made = None;
    let field = |bytes: &[u8]| text_field(bytes).filter(|t| !t.is_empty());
    if let Some(app) = described(data) {
        // `esp_app_desc_t`: secure version, then version, project, time, date, IDF.
        image.product = field(&app[48..80]);
        image.version = field(&app[16..48]);
        image.rollback_counter = Some(u64::from(le32(&app, 4)));
        let idf = field(&app[112..144]);
        let moment = (field(&app[96..112]), field(&app[80..96]));
        made = moment.0.as_deref().zip(moment.1.as_deref()).and_then(|(date, time)| compiled(date, time));
        for (name, value) in
            [("project", &image.product), ("version", &image.version), ("IDF", &idf), ("built", &moment.0)]
        {
            if let Some(value) = value {
                detail.push(format!("{name} {value}"));
            }
        }
        detail.push(format!("secure version {}", le32(&app, 4)));
        observed.extend(idf.as_deref().map(component));
    } else if let Some(boot) =
        data.array::<80>(LONG + 8).filter(|d| d[0] == BOOTLOADER_DESCRIPTION && d[1..4] == [0; 3])
        && let Some(idf) = field(&boot[8..40])
    {
        // `esp_bootloader_desc_t`: version, IDF, date and time.
        detail.push(format!("boot loader version {}, IDF {idf}", le32(&boot, 4)));
        image.product = Some("boot loader".into());
        image.version = Some(le32(&boot, 4).to_string());
        observed.push(component(&idf));
    }
    if let Some(said) = &signatures.detail {
        detail.push(said.clone());
    }
    observed.insert(0, Observed::UpdateImage(image));
    let mut opened = Opened {
        length: end,
        detail: Some(detail.join(", ")),
        signed: Some(signatures.state != SignatureState::Absent),
        checksum_valid: Some(valid),
        observed,
        made,
        content: Content::Payload(layout.header, data.slice(layout.header, layout.end - layout.header)),
        ..Opened::default()
    };
    if !valid {
        opened = opened.damaged(reason::damaged("esp-image", "its checksum or digest does not hold"));
    }
    if signatures.state == SignatureState::Broken {
        opened = opened.damaged(reason::damaged("esp-image", "its signature does not fit the content"));
    }
    opened
}

fn component(idf: &str) -> Observed {
    Observed::Component(versions::from_header("esp-idf", "a:espressif:esp-idf", idf.trim_start_matches('v')))
}

/// `__DATE__` and `__TIME__` as the compiler writes them (`Feb  3 2025`, `14:21:00`); the zone is not told, UTC is assumed.
fn compiled(date: &str, time: &str) -> Option<u64> {
    const DATE: &[BorrowedFormatItem<'_>] = format_description!("[month repr:short] [day padding:space] [year]");
    const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
    let date = Date::parse(date, DATE).ok()?;
    let moment = date.with_time(Time::parse(time, TIME).ok()?).assume_utc();
    u64::try_from(moment.unix_timestamp()).ok()
}

fn esp8266(data: &Blob, header: &[u8], layout: &Layout) -> Opened {
    let image = UpdateImage {
        format: "esp8266".into(),
        target: Some("esp8266".into()),
        // The boot loader in the chip knows none; a program may check one that it fetched beside the image.
        signature: SignatureState::NotApplicable,
        digest_valid: Some(layout.checksum_valid),
        ..UpdateImage::default()
    };
    Opened {
        length: layout.end,
        detail: Some(format!("esp8266, {} segments", header[1])),
        checksum_valid: Some(layout.checksum_valid),
        observed: vec![Observed::UpdateImage(image)],
        content: Content::Payload(layout.header, data.slice(layout.header, layout.end - layout.header)),
        ..Opened::default()
    }
}

/// Version 2 of the ESP8266's format: what stays in flash comes first, then an image of version 1.
fn esp8266_v2(data: &Blob, budget: &Budget) -> Option<Opened> {
    let head = data.array::<16>(0)?;
    let (address, length) = (le32(&head, 8), u64::from(le32(&head, 12)));
    if address != 0 || length == 0 || length > data.len() {
        return None;
    }
    let inner = SHORT + 8 + length;
    let second = data.tail(inner);
    if second.array::<1>(0)? != [0xe9] {
        return None;
    }
    let layout = layout(&second, SHORT, budget).filter(|l| l.checksum_valid)?;
    let whole = Layout { header: SHORT, end: inner + layout.end, checksum_valid: true };
    let mut opened = esp8266(data, &head, &whole);
    // Some tools add a CRC-32 of everything.
    if data.array::<4>(whole.end).is_some_and(|crc| {
        data.exact(0, whole.end as usize).is_ok_and(|bytes| !crc32(&bytes) == u32::from_le_bytes(crc))
    }) {
        opened.length += 4;
    }
    Some(opened)
}

/// The signatures behind an image.
struct Signatures {
    state: SignatureState,
    scheme: Option<&'static str>,
    detail: Option<String>,
    end: u64,
}

/// `SECURE_BOOT_NUM_BLOCKS` blocks of this size, from the next sector on.
const BLOCKS: u64 = 3;
const BLOCK: u64 = 1216;
const SECTOR: u64 = 4096;
/// The CRC over what stands before it.
const BLOCK_CRC: usize = 1196;
/// `esp_secure_boot_sig_block_t` of version 1: a version of 0 and an ECDSA signature over P-256.
const V1: u64 = 68;

impl Signatures {
    fn read(data: &Blob, end: u64, budget: &Budget) -> Self {
        let none = Self { state: SignatureState::Absent, scheme: None, detail: None, end };
        let at = end.next_multiple_of(SECTOR);
        let mut blocks = 0_u64;
        let mut first = None;
        for i in 0..BLOCKS {
            let Some(block) = data.array::<{ BLOCK as usize }>(at + i * BLOCK) else { break };
            if block[0] != 0xe7 || !matches!(block[1], 2 | 3) || crc32(&block[..BLOCK_CRC]) != le32(&block, BLOCK_CRC) {
                break;
            }
            first.get_or_insert(block);
            blocks += 1;
        }
        let Some(block) = first else {
            // Version 1 follows the image at once. It has no magic: the file must end with it.
            let v1 = data.len() == end + V1 && data.array::<4>(end) == Some([0; 4]);
            return if v1 {
                Self {
                    state: SignatureState::Present,
                    scheme: Some("ecdsa-p256"),
                    detail: Some("signature of secure boot version 1".into()),
                    end: end + V1,
                }
            } else {
                none
            };
        };
        // The digest is over the image with its padding up to the sector of the blocks.
        let digest = sha256(&data.slice(0, at), budget);
        let fits = digest.as_ref().is_some_and(|digest| digest[..] == block[4..36]);
        let (scheme, state) = match (block[1], digest.filter(|_| fits)) {
            (2, None) => ("rsa-3072", SignatureState::Broken),
            (_, None) => ("ecdsa-p256", SignatureState::Broken),
            (2, Some(digest)) => ("rsa-3072", rsa(&block, &digest).unwrap_or(SignatureState::Present)),
            (_, Some(digest)) => ecdsa(&block, &digest),
        };
        let detail = format!("{blocks} signature blocks of secure boot version 2");
        Self { state, scheme: Some(scheme), detail: Some(detail), end: (at + SECTOR).min(data.len()) }
    }
}

/// Modulus, exponent, two values for the hardware, signature: numbers with their last byte first.
fn rsa(block: &[u8], digest: &[u8]) -> Option<SignatureState> {
    let reversed =
        |range: std::ops::Range<usize>| block.get(range).map(|b| b.iter().rev().copied().collect::<Vec<u8>>());
    let (modulus, signature) = (reversed(36..420)?, reversed(812..1196)?);
    verify::rsa_pss(&modulus, le32(block, 420), digest, &signature)
}

/// Curve, point, signature: numbers with their last byte first.
fn ecdsa(block: &[u8], digest: &[u8]) -> (&'static str, SignatureState) {
    /// `ECDSA_CURVE_P256`; 1 is P-192, 3 is P-384.
    const P256: u8 = 2;
    match block.get(36).copied() {
        Some(P256) => {}
        Some(1) => return ("ecdsa-p192", SignatureState::Present),
        Some(3) => return ("ecdsa-p384", SignatureState::Present),
        _ => return ("ecdsa", SignatureState::Present),
    }
    let reversed = |at: usize| block.get(at..at + 32).map(|b| b.iter().rev().copied().collect::<Vec<u8>>());
    let numbers: Option<Vec<Vec<u8>>> = [37, 69, 101, 133].into_iter().map(reversed).collect();
    let state = numbers.and_then(|numbers| {
        let point = [&[4_u8][..], numbers.first()?, numbers.get(1)?].concat();
        let signature = [&numbers.get(2)?[..], numbers.get(3)?].concat();
        verify::p256(&point, digest, &signature)
    });
    ("ecdsa-p256", state.unwrap_or(SignatureState::Present))
}
