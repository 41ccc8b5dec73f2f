//! Android boot images, versions 0 to 4, and vendor boot images, 3 and 4
//! (<https://source.android.com/docs/core/architecture/bootloader/boot-image-header>, AOSP `system/tools/mkbootimg/include/bootimg/bootimg.h`).

use std::fmt::Write as _;
use std::sync::Arc;

use sha1::{Digest, Sha1};

use super::part::Claims;
use super::{Content, Format, Opened, Signature, le32, magic, text_field};
use crate::blob::Blob;
use crate::inspect::mtdparts;
use crate::limits::Budget;

pub(super) struct AndroidBoot;

/// Versions 3 and 4 fix the page size.
const PAGE_OF_3: u64 = 4096;
/// The largest header: of version 2.
const HEADER: usize = 1660;

impl Format for AndroidBoot {
    fn name(&self) -> &'static str {
        "android-boot"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[magic(b"ANDROID!"), magic(b"VNDRBOOT")] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let mut header = data.window(0, HEADER.max(2128)).ok()?.into_owned();
        if header.len() < 64 {
            return None;
        }
        header.resize(2128, 0);
        let image = if header.starts_with(b"VNDRBOOT") {
            Image::vendor(&header)?
        } else if le32(&header, 40) >= 3 && le32(&header, 40) <= 4 {
            Image::newer(&header)?
        } else {
            Image::older(&header)?
        };
        let mut claims = Claims::new("android-boot", data);
        let mut at = image.header.next_multiple_of(image.page);
        let mut described = Vec::new();
        for &(name, length) in image.sections.iter().filter(|(_, length)| *length > 0) {
            claims.add(name, at, u64::from(length), name == "kernel" || name == "second");
            described.push(format!("{name} {length} bytes"));
            at = at.saturating_add(u64::from(length)).next_multiple_of(image.page);
        }
        if described.is_empty() {
            return None;
        }
        let mut detail = format!("{} version {}, {}", image.kind, image.version, described.join(", "));
        for (name, value) in [("name", &image.name), ("command line", &image.command_line)] {
            if !value.is_empty() {
                let _ = write!(detail, ", {name} '{value}'");
            }
        }
        if let Some(os) = image.os_version {
            let _ = write!(detail, ", {}", os_version(os));
        }
        let mut opened = Opened {
            detail: Some(detail),
            signed: image.signature.map(|length| length > 0),
            checksum_valid: image.id_holds(data, &header),
            observed: mtdparts::of_text(&image.command_line).into_iter().map(|seen| seen.observed).collect(),
            ..Opened::default()
        }
        .of_length("android-boot", at, data.len().next_multiple_of(image.page));
        opened.length = opened.length.min(data.len());
        for gap in std::mem::take(&mut claims.gaps) {
            opened = opened.damaged(gap);
        }
        opened.content = Content::Parts(claims.into_parts());
        Some(opened)
    }
}

struct Image {
    kind: &'static str,
    version: u32,
    page: u64,
    header: u64,
    /// In the order in which they lie, each from a new page on.
    sections: Vec<(&'static str, u32)>,
    name: String,
    command_line: String,
    os_version: Option<u32>,
    /// Length of the signature, where the version has a place for one.
    signature: Option<u32>,
}

impl Image {
    /// Versions 0 to 2.
    fn older(header: &[u8]) -> Option<Self> {
        let field = |at| le32(header, at);
        let page = field(36);
        // In front of version 1 the field of the version was the length of Qualcomm's device trees.
        let (version, trees) = if field(40) <= 2 { (field(40), 0) } else { (0, field(40)) };
        if !page.is_power_of_two() || !(1024..=65536).contains(&page) || field(8) == 0 {
            return None;
        }
        let mut sections = vec![("kernel", field(8)), ("ramdisk", field(16)), ("second", field(24))];
        if trees > 0 {
            sections.push(("dt", trees));
        }
        if version >= 1 {
            sections.push(("recovery-dtbo", field(1632)));
        }
        if version >= 2 {
            sections.push(("dtb", field(1648)));
        }
        let first = text_field(header.get(64..576)?)?;
        let extra = text_field(header.get(608..1632)?).unwrap_or_default();
        Some(Self {
            kind: "boot",
            version,
            page: u64::from(page),
            header: match version {
                0 => 1632,
                1 => 1648,
                _ => 1660,
            },
            sections,
            name: text_field(header.get(48..64)?)?,
            command_line: format!("{first}{extra}"),
            os_version: Some(field(44)).filter(|&os| os != 0),
            signature: None,
        })
    }

    /// Versions 3 and 4.
    fn newer(header: &[u8]) -> Option<Self> {
        let field = |at| le32(header, at);
        let version = field(40);
        let size = if version == 4 { 1584 } else { 1580 };
        if field(20) != size {
            return None;
        }
        let signature = (version == 4).then(|| field(1580));
        Some(Self {
            kind: "boot",
            version,
            page: PAGE_OF_3,
            header: u64::from(size),
            sections: vec![("kernel", field(8)), ("ramdisk", field(12)), ("boot-signature", signature.unwrap_or(0))],
            name: String::new(),
            command_line: text_field(header.get(44..1580)?)?,
            os_version: Some(field(16)).filter(|&os| os != 0),
            signature,
        })
    }

    /// Vendor boot images.
    fn vendor(header: &[u8]) -> Option<Self> {
        let field = |at| le32(header, at);
        let (version, page) = (field(8), field(12));
        let size = match version {
            3 => 2112,
            4 => 2128,
            _ => return None,
        };
        if !page.is_power_of_two() || !(1024..=65536).contains(&page) || field(2096) != size {
            return None;
        }
        let mut sections = vec![("vendor-ramdisk", field(24)), ("dtb", field(2100))];
        if version == 4 {
            sections.extend([("vendor-ramdisk-table", field(2112)), ("bootconfig", field(2124))]);
        }
        Some(Self {
            kind: "vendor boot",
            version,
            page: u64::from(page),
            header: u64::from(size),
            sections,
            name: text_field(header.get(2080..2096)?)?,
            command_line: text_field(header.get(28..2076)?)?,
            os_version: None,
            signature: None,
        })
    }

    /// Whether the id of versions 0 to 2 is the SHA-1 of the sections; none where it is left out or made in another way.
    fn id_holds(&self, data: &Blob, header: &[u8]) -> Option<bool> {
        let id = header.get(576..608)?;
        if self.version > 2
            || self.kind != "boot"
            || id[..20].iter().all(|&b| b == 0)
            || id[20..].iter().any(|&b| b != 0)
        {
            return None;
        }
        let mut digest = Sha1::new();
        let mut at = self.header.next_multiple_of(self.page);
        for &(name, length) in &self.sections {
            // Sections that the version always has count with their length even where they are empty.
            if length == 0 && name == "dt" {
                continue;
            }
            let section = data.slice(at, u64::from(length));
            if section.len() < u64::from(length) {
                return None;
            }
            let mut done = 0;
            while done < section.len() {
                let piece = section.window(done, 1 << 20).ok().filter(|piece| !piece.is_empty())?;
                digest.update(&piece);
                done += piece.len() as u64;
            }
            digest.update(length.to_le_bytes());
            at = at.saturating_add(u64::from(length)).next_multiple_of(self.page);
        }
        Some(digest.finalize()[..] == id[..20])
    }
}

/// Version in 7 bits each, then the year from 2000 and the month of the security patches.
fn os_version(os: u32) -> String {
    let (version, patch) = (os >> 11, os & 0x7ff);
    let mut text = format!("Android {}.{}.{}", version >> 14 & 0x7f, version >> 7 & 0x7f, version & 0x7f);
    if (1..=12).contains(&(patch & 0xf)) {
        let _ = write!(text, ", security patches of {}-{:02}", 2000 + (patch >> 4), patch & 0xf);
    }
    text
}

#[cfg(test)]
mod tests {
    use sekisho_model::fact::ReadState;

    use super::*;
    use crate::limits::Limits;

    fn open(bytes: &[u8]) -> Option<Opened> {
        AndroidBoot.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    fn parts(opened: Opened) -> Vec<(String, u64)> {
        let Content::Parts(parts) = opened.content else { panic!() };
        parts.map(|p| (p.name, p.data.len())).collect()
    }

    /// Made by `mkbootimg` with `--header_version 2`; see tests/data/README.md.
    const VERSION_2: &[u8] = include_bytes!("../../tests/data/boot-v2.img");

    #[test]
    fn version_2_with_its_id() {
        let opened = open(VERSION_2).unwrap();
        assert_eq!((opened.length, opened.read), (VERSION_2.len() as u64, ReadState::Whole));
        assert_eq!(opened.checksum_valid, Some(true));
        assert_eq!(
            opened.detail.as_deref(),
            Some(
                "boot version 2, kernel 26 bytes, ramdisk 27 bytes, dtb 23 bytes, name 'board', \
                 command line 'console=ttyS0', Android 12.0.0, security patches of 2022-03"
            )
        );
        let expected = [("kernel", 26), ("ramdisk", 27), ("dtb", 23)].map(|(name, length)| (name.to_owned(), length));
        assert_eq!(parts(opened), expected);
        let mut bytes = VERSION_2.to_vec();
        bytes[2048] ^= 1;
        assert_eq!(open(&bytes).unwrap().checksum_valid, Some(false));
    }

    #[test]
    fn versions_3_and_4_and_vendor() {
        let mut boot = vec![0; 4096];
        boot[..8].copy_from_slice(b"ANDROID!");
        boot[8..12].copy_from_slice(&5000_u32.to_le_bytes());
        boot[12..16].copy_from_slice(&100_u32.to_le_bytes());
        boot[20..24].copy_from_slice(&1584_u32.to_le_bytes());
        boot[40..44].copy_from_slice(&4_u32.to_le_bytes());
        boot[1580..1584].copy_from_slice(&64_u32.to_le_bytes());
        boot.resize(4096 + 8192 + 4096 + 64, 1);
        let opened = open(&boot).unwrap();
        assert_eq!((opened.signed, opened.read, opened.length), (Some(true), ReadState::Whole, boot.len() as u64));
        assert_eq!(parts(opened).len(), 3);

        let mut vendor = vec![0; 4096];
        vendor[..8].copy_from_slice(b"VNDRBOOT");
        vendor[8..12].copy_from_slice(&3_u32.to_le_bytes());
        vendor[12..16].copy_from_slice(&4096_u32.to_le_bytes());
        vendor[24..28].copy_from_slice(&10_u32.to_le_bytes());
        vendor[2096..2100].copy_from_slice(&2112_u32.to_le_bytes());
        vendor.resize(8192, 1);
        assert_eq!(parts(open(&vendor).unwrap()), [("vendor-ramdisk".to_owned(), 10)]);
    }

    #[test]
    fn cut_anywhere_it_is_bounded() {
        for end in 0..VERSION_2.len() {
            if let Some(opened) = open(&VERSION_2[..end]) {
                assert!(opened.length <= end as u64);
            }
        }
    }
}
