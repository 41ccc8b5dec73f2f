//! Linux kernels as they lie in flash: headers in front of code that unpacks the rest of itself.
//!
//! The packed kernel inside is found by its own signature; what these headers add is where the kernel ends, and on x86 its version.

use std::sync::Arc;

use sekisho_model::fact::Observed;

use super::part::Part;
use super::{Content, Format, Opened, Signature, be32, le16, le32, le64, text_field};
use crate::blob::Blob;
use crate::inspect::versions;
use crate::limits::Budget;

/// `zImage` of 32-bit ARM (Linux, `arch/arm/boot/compressed/head.S`).
pub(super) struct ArmZImage;

/// Where the words behind the magic end.
const ARM_HEADER: u64 = 0x34;
/// No kernel is larger.
const MAX_KERNEL: u64 = 256 << 20;

impl Format for ArmZImage {
    fn name(&self) -> &'static str {
        "zimage"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"\x18\x28\x6f\x01", at: 0x24 }, Signature { magic: b"\x01\x6f\x28\x18", at: 0x24 }] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<0x34>(0)?;
        let word = |at| if header[0x24] == 0x18 { le32(&header, at) } else { be32(&header, at) };
        // It begins with the same do-nothing instruction several times; with the EFI stub the first looks like `MZ`.
        let (start, end) = (word(0x28), word(0x2c));
        let length = u64::from(end.checked_sub(start)?);
        if word(8) != word(12) || length <= ARM_HEADER || length > MAX_KERNEL {
            return None;
        }
        let opened = Opened {
            detail: Some(format!("ARM kernel that unpacks itself, start {start:#x}")),
            content: Content::Parts(Part::program(&data.slice(0, length), ARM_HEADER)),
            ..Opened::default()
        };
        Some(opened.of_length("zimage", length, data.len()))
    }
}

/// `Image` of ARM64 and RISC-V (Linux, `Documentation/arch/arm64/booting.rst`, `Documentation/arch/riscv/boot-image-header.rst`).
pub(super) struct Arm64Image;

const ARM64_HEADER: u64 = 64;

impl Format for Arm64Image {
    fn name(&self) -> &'static str {
        "linux-image"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"ARM\x64", at: 56 }, Signature { magic: b"RSC\x05", at: 56 }] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<64>(0)?;
        let arm = header[59] == 0x64;
        let (offset, size) = (le64(&header, 8), le64(&header, 16));
        // Reserved words of ARM64; RISC-V has a version and its own magic there.
        let reserved = if arm { header[32..56].iter().all(|&b| b == 0) } else { &header[48..53] == b"RISCV" };
        if !reserved || size <= ARM64_HEADER || size > MAX_KERNEL || offset > 64 << 20 {
            return None;
        }
        // The size counts memory that is zeroed at start and not part of the file.
        let length = size.min(data.len());
        Some(Opened {
            length,
            detail: Some(format!("{} kernel, {size} bytes in memory", if arm { "ARM64" } else { "RISC-V" })),
            content: Content::Parts(Part::program(&data.slice(0, length), ARM64_HEADER)),
            ..Opened::default()
        })
    }
}

/// `bzImage` of x86 (Linux, `Documentation/arch/x86/boot.rst`).
pub(super) struct X86BzImage;

impl Format for X86BzImage {
    fn name(&self) -> &'static str {
        "bzimage"
    }

    fn signatures(&self) -> &'static [Signature] {
        const { &[Signature { magic: b"HdrS", at: 0x202 }] }
    }

    fn open(&self, data: &Blob, _budget: &Arc<Budget>) -> Option<Opened> {
        let header = data.array::<0x268>(0)?;
        let protocol = le16(&header, 0x206);
        if header[0x1fe..0x200] != [0x55, 0xaa] || !(0x0200..0x0300).contains(&protocol) {
            return None;
        }
        // A count of 0 means 4, for historical reasons.
        let sectors = u64::from(if header[0x1f1] == 0 { 4 } else { header[0x1f1] });
        let setup = (sectors + 1) * 512;
        let length = setup + u64::from(le32(&header, 0x1f4)) * 16;
        if length <= setup || length > MAX_KERNEL {
            return None;
        }
        // The version stands as a string behind 0x200.
        let version = match le16(&header, 0x20e) {
            0 => None,
            at => data.window(u64::from(at) + 0x200, 256).ok().and_then(|bytes| text_field(&bytes)),
        };
        let component = version.as_deref().and_then(upstream).map(|version| versions::kernel(&version));
        let opened = Opened {
            detail: Some(format!(
                "x86 kernel '{}', boot protocol {}.{:02}",
                version.unwrap_or_default(),
                protocol >> 8,
                protocol & 0xff
            )),
            observed: component.map(Observed::Component).into_iter().collect(),
            content: Content::Parts(Part::program(&data.slice(0, length), setup)),
            ..Opened::default()
        };
        Some(opened.of_length("bzimage", length, data.len()))
    }
}

/// The version of the kernel that a release string is about. Debian and Ubuntu name a release after the first of its series and keep that name
/// through all updates: Debian tells the real version behind it, of Ubuntu's it cannot be known.
fn upstream(release: &str) -> Option<String> {
    let number = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let version = text[..end].trim_end_matches('.');
        (version.split('.').count() >= 2).then(|| (version.to_owned(), text[end..].to_owned()))
    };
    if let Some((_, debian)) = release.rsplit_once(" Debian ") {
        return number(debian).map(|(version, _)| version);
    }
    let (version, rest) = number(release)?;
    let is_series = version.split('.').nth(2) == Some("0")
        && rest.strip_prefix('-').is_some_and(|abi| abi.starts_with(|c: char| c.is_ascii_digit()));
    (!is_series).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn open(format: &dyn Format, bytes: &[u8]) -> Option<Opened> {
        format.open(&Blob::memory(bytes.to_vec()), &Budget::new(Limits::default()))
    }

    #[test]
    fn headers_say_where_kernels_end() {
        let mut arm = vec![0; 300];
        for word in arm.chunks_exact_mut(4).take(8) {
            word.copy_from_slice(&0xe1a0_0000_u32.to_le_bytes());
        }
        arm[0x24..0x28].copy_from_slice(b"\x18\x28\x6f\x01");
        arm[0x2c..0x30].copy_from_slice(&200_u32.to_le_bytes());
        assert_eq!(open(&ArmZImage, &arm).unwrap().length, 200);
        arm[8] ^= 1;
        assert!(open(&ArmZImage, &arm).is_none());

        let mut arm64 = vec![0; 300];
        arm64[56..60].copy_from_slice(b"ARM\x64");
        arm64[16..24].copy_from_slice(&500_u64.to_le_bytes());
        assert_eq!(open(&Arm64Image, &arm64).unwrap().length, 300);
        arm64[40] = 1;
        assert!(open(&Arm64Image, &arm64).is_none());

        let mut x86 = vec![0; 4096];
        x86[0x1f1] = 1;
        x86[0x1f4..0x1f8].copy_from_slice(&100_u32.to_le_bytes());
        x86[0x1fe..0x200].copy_from_slice(&[0x55, 0xaa]);
        x86[0x202..0x206].copy_from_slice(b"HdrS");
        x86[0x206..0x208].copy_from_slice(&0x020f_u16.to_le_bytes());
        x86[0x20e..0x210].copy_from_slice(&0x100_u16.to_le_bytes());
        x86[0x300..0x310].copy_from_slice(b"5.10.1 (a@b) #1\0");
        let opened = open(&X86BzImage, &x86).unwrap();
        assert_eq!(opened.length, 1024 + 1600);
        assert_eq!(opened.observed.len(), 1);
    }

    #[test]
    fn versions_are_those_of_the_code() {
        for (release, version) in [
            ("5.10.1 (a@b) #1", Some("5.10.1")),
            (
                "6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)",
                Some("6.1.192"),
            ),
            ("5.15.0-91-generic (buildd@lcy02) #101-Ubuntu SMP", None),
            ("6.6.0 (a@b)", Some("6.6.0")),
            ("nothing", None),
        ] {
            assert_eq!(upstream(release).as_deref(), version, "{release}");
        }
    }

    #[test]
    fn cut_anywhere_nothing_fails() {
        let noise: Vec<u8> = (0..700_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for end in 0..noise.len() {
            for format in [&ArmZImage as &dyn Format, &Arm64Image, &X86BzImage] {
                assert!(open(format, &noise[..end]).is_none());
            }
        }
    }
}
