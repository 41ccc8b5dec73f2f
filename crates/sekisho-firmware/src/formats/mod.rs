//! The formats that are recognised, each behind one small trait.
//!
//! To add one: a file with a [`Format`], a line in [`ALL`]. A format that is only recognised goes into `recognised.rs`.

mod cpio;
mod ext4;
mod gzip;
mod lzma;
pub(crate) mod mcu;
mod openwrt;
mod recognised;
mod squashfs;
mod tar;
mod uboot_env;
mod uimage;
mod zip;
mod zstd;

use std::io::{self, Read};
use std::sync::Arc;

use sekisho_model::Text;
use sekisho_model::fact::{Observed, ReadState};

use crate::blob::Blob;
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
}

impl Opened {
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
    &recognised::Jffs2,
    &recognised::Ubi,
    &recognised::Fdt,
    &recognised::Listed,
];

pub(crate) use recognised::region_name;

/// Whether data behind a region of this format lie outside what a header declares to belong to the product: of an archive or stream
/// the end is where it ends, of an image header or a file system it is declared.
pub(crate) fn declares_length(format: &dyn Format) -> bool {
    matches!(format.name(), "uimage" | "squashfs" | "ext4")
}

/// Whether a format is a compressed stream or an archive, as it lies in bulk in file systems and their left-overs.
pub(crate) fn is_stream(format: &dyn Format) -> bool {
    matches!(format.name(), "gzip" | "xz" | "lzma" | "zstd" | "tar" | "cpio" | "zip")
}

/// Memory that an LZMA decoder may take for its dictionary, in KiB.
fn lzma_dictionary_limit() -> u32 {
    lzma::DICTIONARY_KIB
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

/// Bytes asked of a decoder at a time.
const STEP: usize = 256 << 10;

/// Reads `decoder` to its end or a limit, accounting for every byte.
pub(crate) fn expand(decoder: &mut dyn Read, budget: &Arc<Budget>) -> Expanded {
    let mut bytes = Vec::new();
    let mut held = Held::default();
    let mut step = vec![0; STEP];
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

/// CRC-32 (IEEE), as zlib, uImage and UBI use it.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
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

/// A text field that ends with a NUL or with the field; none unless it is printable ASCII.
fn text_field(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    let text = &bytes[..end];
    text.iter().all(|b| (0x20..0x7f).contains(b)).then(|| String::from_utf8_lossy(text).trim().to_owned())
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
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
