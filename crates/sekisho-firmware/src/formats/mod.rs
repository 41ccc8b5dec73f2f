//! The formats that are recognised, each behind one small trait.
//!
//! To add one: a file with a [`Format`], a line in [`ALL`]. A format that is only recognised goes into `recognised.rs`.

mod android_boot;
mod android_payload;
mod android_sparse;
mod ar;
mod arcadyan;
mod block;
mod bzip2;
mod capability;
mod cpio;
mod cpio_header;
mod cramfs;
pub(crate) mod digest;
mod ext4;
mod fat;
mod fdt;
mod fit;
#[cfg(test)]
mod fixtures;
mod gpt;
mod gzip;
mod inode_tree;
mod iso9660;
mod jffs2;
mod kernel;
mod lz4;
mod lzma;
mod lzop;
mod mbr;
pub(crate) mod mcu;
mod openwrt;
pub(crate) mod part;
mod pieces;
mod protobuf;
mod rauc;
mod recognised;
mod romfs;
mod rpm;
mod seven_zip;
mod squashfs;
mod stored;
mod tar;
mod trx;
mod ubi;
mod ubifs;
mod uboot_env;
mod uimage;
mod yaffs2;
mod zip;
mod zstd;

use std::io::{self, Read};
use std::sync::Arc;

use sekisho_model::Text;
use sekisho_model::fact::{Observed, ReadState, SignatureState};

use crate::blob::Blob;
use crate::bundles::{self, Archive};
use crate::limits::{Budget, Held};
use crate::reason;
use crate::tree::Tree;

/// Bytes that announce a format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature {
    /// The bytes.
    pub(crate) magic: &'static [u8],
    /// Where they stand, counted from the region's beginning.
    pub(crate) at: u64,
}

const fn magic(magic: &'static [u8]) -> Signature {
    Signature { magic, at: 0 }
}

/// A container, compression, file system or archive.
pub(crate) trait Format: Sync {
    /// The name used in facts.
    fn name(&self) -> &'static str;

    /// Where to look closer. Short signatures are fine: [`Format::open`] decides.
    fn signatures(&self) -> &'static [Signature];

    /// Opens the region that begins with `data` and may reach to its end. None where this is not the format after all: noise must not
    /// pass, so everything in the header that can be checked is checked.
    fn open(&self, data: &Blob, budget: &Arc<Budget>) -> Option<Opened>;
}

/// A region that was recognised.
#[derive(Default)]
pub(crate) struct Opened {
    /// Bytes of the data that belong to it.
    pub(crate) length: u64,
    /// Bytes that its header declares, where these are more than there are.
    pub(crate) declared: Option<u64>,
    /// Whether nothing tells where it ends: such a region is believed only where it begins the data.
    pub(crate) open_ended: bool,
    pub(crate) read: ReadState,
    pub(crate) detail: Option<String>,
    pub(crate) signed: Option<bool>,
    pub(crate) checksum_valid: Option<bool>,
    /// What could not be read of it.
    pub(crate) gaps: Vec<Text>,
    pub(crate) content: Content,
    /// What the header itself says of components.
    pub(crate) observed: Vec<Observed>,
    /// When it was made, in seconds of the epoch.
    pub(crate) made: Option<u64>,
    /// Whether the files in it are images for installation rather than files of a system.
    pub(crate) bundle: bool,
}

/// What a region holds.
#[derive(Default)]
pub(crate) enum Content {
    /// Nothing to look into.
    #[default]
    Nothing,
    /// Data in the clear that are looked through in turn, at this offset of the region.
    Payload(u64, Blob),
    /// Data that were written out in another form (hexadecimal, blocks with addresses), looked through in turn.
    Decoded(Blob),
    /// A decompressed stream.
    Stream(Blob),
    /// Files.
    Tree(Box<dyn Tree>),
    /// Parts, each looked through as an image of its own.
    Parts(part::Parts),
}

impl Opened {
    /// Looks whether an archive is an update bundle, and takes its files in.
    fn archive(mut self, format: &'static str, tree: Box<dyn Tree>, data: &Blob, budget: &Arc<Budget>) -> Self {
        let archive = Archive { format, tree: &*tree, data, length: self.length, budget };
        if let Some(found) = bundles::recognise(archive) {
            for gap in found.gaps {
                self = self.damaged(gap);
            }
            if found.update.digest_valid == Some(false) || found.update.signature == SignatureState::Broken {
                self = self.damaged(reason::signature_or_digest_broken(&found.update.format));
            }
            self.signed = match found.update.signature {
                SignatureState::NotApplicable => None,
                state => Some(state != SignatureState::Absent),
            };
            self.checksum_valid = self.checksum_valid.or(found.update.digest_valid);
            self.observed.push(Observed::UpdateImage(found.update));
            self.bundle = true;
        }
        self.content = Content::Tree(tree);
        self
    }

    fn damaged(mut self, reason: Text) -> Self {
        self.gaps.push(reason);
        if self.read == ReadState::Whole {
            self.read = ReadState::Partial;
        }
        self
    }

    /// Sets the length to what is declared, or, where less is there, to that, as a truncated region.
    fn of_length(mut self, name: &str, declared: u64, available: u64) -> Self {
        self.length = declared.min(available);
        if declared > available {
            self.declared = Some(declared);
            return self.damaged(reason::truncated(name, declared, available));
        }
        self
    }
}

/// All formats. Where two could begin at one offset, the first that opens wins.
pub(crate) const ALL: &[&dyn Format] = &[
    &uimage::UImage,
    &rauc::Rauc,
    &squashfs::SquashFs,
    &ext4::Ext4,
    &gzip::Gzip,
    &lzma::Xz,
    &lzma::Lzma,
    &zstd::Zstd,
    &tar::Tar,
    &cpio::Cpio,
    &zip::Zip,
    &uboot_env::UBootEnvironment,
    &openwrt::Fwtool,
    &openwrt::OverlayMarker,
    &jffs2::Jffs2,
    &ubi::Ubi,
    &ubifs::UbiFs,
    &yaffs2::Yaffs2,
    &cramfs::CramFs,
    &romfs::RomFs,
    &fat::Fat,
    &iso9660::Iso9660,
    &fit::Fit,
    &fdt::Fdt,
    &trx::Trx,
    &android_boot::AndroidBoot,
    &android_sparse::AndroidSparse,
    &android_payload::AndroidPayload,
    &arcadyan::Arcadyan,
    &kernel::ArmZImage,
    &kernel::Arm64Image,
    &kernel::X86BzImage,
    &gpt::Gpt,
    &mbr::Mbr,
    &lz4::Lz4,
    &lzop::Lzop,
    &bzip2::Bzip2,
    &seven_zip::SevenZip,
    &ar::Ar,
    &rpm::Rpm,
    &rauc::RaucTrailer,
    &mcu::McuBoot,
    &mcu::Trailer,
    &mcu::EspImage,
    &mcu::PartitionTable,
    &mcu::OtaData,
    &mcu::PhyInit,
    &mcu::Nvs,
    &mcu::SoftDevice,
    &mcu::ZigbeeOta,
    &mcu::MatterOta,
    &mcu::Uf2,
    &mcu::IntelHex,
    &mcu::SRecord,
    &recognised::Listed,
];

pub(crate) use recognised::region_name;

/// Whether data behind a region of this format lie outside what a header declares to belong to the product: of an archive or stream
/// the end is where it ends, of an image header or a file system it is declared.
pub(crate) fn declares_length(format: &dyn Format) -> bool {
    matches!(
        format.name(),
        "uimage"
            | "squashfs"
            | "ext4"
            | "cramfs"
            | "romfs"
            | "fat"
            | "iso9660"
            | "fit"
            | "trx"
            | "zimage"
            | "bzimage"
            | "android-boot"
    )
}

/// Whether a format is a compressed stream or an archive, as it lies in bulk in file systems and their left-overs.
pub(crate) fn is_stream(format: &dyn Format) -> bool {
    matches!(
        format.name(),
        "gzip" | "xz" | "lzma" | "zstd" | "lz4" | "lzop" | "bzip2" | "tar" | "cpio" | "zip" | "7z" | "ar" | "rpm"
    )
}

/// What came out of a decoder.
pub(crate) struct Expanded {
    pub(crate) blob: Blob,
    pub(crate) end: End,
}

/// How a decoder ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// At the end of the stream.
    Whole,
    /// A limit was reached.
    Limit,
    /// The stream is damaged or ends early.
    Damaged(String),
}

/// Bytes asked of a decoder at a time: few at first, as hostile data may hold very many small streams.
const FIRST_STEP: usize = 4 << 10;
const STEP: usize = 256 << 10;

/// Reads `decoder` to its end or a limit, accounting for every byte.
pub(crate) fn expand(decoder: &mut dyn Read, budget: &Arc<Budget>) -> Expanded {
    let mut bytes = Vec::new();
    let mut held = Held::default();
    let mut step = vec![0; FIRST_STEP];
    let end = loop {
        match decoder.read(&mut step) {
            Ok(0) => break End::Whole,
            Ok(n) => {
                if bytes.len() as u64 + n as u64 > budget.limits.stream
                    || !budget.expand(n as u64)
                    || !budget.hold(&mut held, n as u64)
                    || budget.out_of_time()
                {
                    break End::Limit;
                }
                bytes.extend_from_slice(&step[..n]);
                if n == step.len() && n < STEP {
                    step.resize(n * 4, 0);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => break End::Damaged(e.to_string()),
        }
    };
    bytes.shrink_to_fit();
    Expanded { blob: Blob::held(bytes, held), end }
}

/// A damaged stream counts as one only if it gave this much: noise that begins like a stream gives up sooner.
const PLAUSIBLE: u64 = 32 << 10;

/// Makes the region of a decompressed stream of which `consumed` bytes were read.
fn stream(name: &str, consumed: u64, expanded: Expanded, detail: Option<String>) -> Option<Opened> {
    let length = expanded.blob.len();
    let mut opened = Opened { length: consumed, detail, ..Opened::default() };
    match expanded.end {
        End::Whole => {}
        End::Limit => opened = opened.damaged(reason::stream_limit()),
        End::Damaged(why) if length >= PLAUSIBLE => opened = opened.damaged(reason::damaged(name, &why)),
        End::Damaged(_) => return None,
    }
    opened.content = Content::Stream(expanded.blob);
    Some(opened)
}

/// Whether a checksum that guards what is behind it is right. When fuzzing it always is: behind it is where mistakes would be.
fn guarded(computed: u32, stored: u32) -> bool {
    cfg!(fuzzing) || computed == stored
}

/// The content of a compressed stream, or what is not one as it is; none where it cannot be read to its end.
pub(crate) fn unpacked(data: &Blob, budget: &Arc<Budget>) -> Option<Blob> {
    const STREAMS: [&dyn Format; 6] = [&gzip::Gzip, &lzma::Xz, &zstd::Zstd, &lzma::Lzma, &bzip2::Bzip2, &lz4::Lz4];
    let begins = |format: &&dyn Format| {
        format.signatures().iter().any(|s| data.window(s.at, s.magic.len()).is_ok_and(|bytes| *bytes == *s.magic))
    };
    match STREAMS.into_iter().filter(begins).find_map(|format| format.open(data, budget)) {
        Some(Opened { content: Content::Stream(blob), read: ReadState::Whole, .. }) => Some(blob),
        Some(_) => None,
        None => Some(data.clone()),
    }
}

/// The files of a tar archive, not looked at as a bundle.
pub(crate) fn tar_tree(data: &Blob, budget: &Arc<Budget>) -> Option<Box<dyn Tree>> {
    tar::read(data, budget).map(|(_, tree)| tree)
}

/// CRC-32 (IEEE), as zlib, uImage and UBI use it.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The same polynomial, begun with 0 and not inverted at the end, as JFFS2 uses it.
pub(crate) fn crc32_from_zero(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    // zlib begins with all bits set; the same bits as data bring the register to 0.
    crc.update(&[0xff; 4]);
    crc.update(bytes);
    !crc.sum()
}

/// CRC-32 of a whole blob.
pub(crate) fn crc32_of(blob: &Blob) -> io::Result<u32> {
    let mut crc = flate2::Crc::new();
    let mut offset = 0;
    while offset < blob.len() {
        let bytes = blob.window(offset, 1 << 20)?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        crc.update(&bytes);
        offset += bytes.len() as u64;
    }
    Ok(crc.sum())
}

/// Characters of a detail that lists something: hostile images have thousands of parts.
const MAX_DETAIL: usize = 2000;

/// A detail, cut where it is too long.
fn shortened(detail: &str) -> String {
    detail.chars().take(MAX_DETAIL).collect()
}

/// A text field that ends with a NUL or with the field; none unless it is printable ASCII.
fn text_field(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    let text = &bytes[..end];
    text.iter().all(|b| (0x20..0x7f).contains(b)).then(|| String::from_utf8_lossy(text).trim().to_owned())
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn be16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_be_bytes)
}

fn le16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}
