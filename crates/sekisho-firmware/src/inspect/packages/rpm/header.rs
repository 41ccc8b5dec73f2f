//! The header of an RPM package as the database keeps it: an index of tags, and their data.
//!
//! Source: RPM documentation, "RPM V4 Package format" (<https://rpm-software-management.github.io/rpm/manual/format_v4.html>) and its list
//! of tags. In the database the header stands without its magic.

use super::bytes::{be32, part};

/// Tags that are wanted.
const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const VENDOR: u32 = 1011;
const LICENSE: u32 = 1014;
const PACKAGER: u32 = 1015;
const ARCH: u32 = 1022;
const SOURCE_RPM: u32 = 1044;
const DIR_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;

/// Types of data.
const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

/// Entries of an index: as RPM itself limits them (`hdrchkTags`: 0xffff).
const MAX_ENTRIES: u32 = 0xffff;
/// Files of one package.
const MAX_FILES: usize = 100_000;

/// A package as its header describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// `epoch:version-release`, the epoch only where there is one.
    pub(crate) version: String,
    pub(crate) epoch: Option<u32>,
    pub(crate) architecture: Option<String>,
    /// Name of the source package's file.
    pub(crate) source_rpm: Option<String>,
    pub(crate) licence: Option<String>,
    pub(crate) supplier: Option<String>,
    pub(crate) files: Vec<String>,
}

/// Reads a header; none where it is not one, or of no package.
pub(super) fn read(blob: &[u8]) -> Option<Package> {
    let entries = be32(blob, 0).filter(|&entries| entries > 0 && entries <= MAX_ENTRIES)?;
    let length = be32(blob, 4)?;
    let index = part(blob, 8, usize::try_from(entries).ok()?.checked_mul(16)?)?;
    let data = part(blob, 8_usize.checked_add(index.len())?, usize::try_from(length).ok()?)?;
    let header = Header { index, data };
    let name = header.text(NAME)?;
    let (version, release) = (header.text(VERSION)?, header.text(RELEASE)?);
    let epoch = header.numbers(EPOCH, 1).first().copied();
    Some(Package {
        name,
        version: format!("{version}-{release}"),
        epoch,
        architecture: header.text(ARCH),
        source_rpm: header.text(SOURCE_RPM),
        licence: header.text(LICENSE),
        supplier: header.text(VENDOR).or_else(|| header.text(PACKAGER)).filter(|supplier| supplier != "(none)"),
        files: header.files(),
    })
}

struct Header<'a> {
    index: &'a [u8],
    data: &'a [u8],
}

impl<'a> Header<'a> {
    /// Type, data from the tag's offset on, and count of `tag`.
    fn entry(&self, tag: u32) -> Option<(u32, &'a [u8], usize)> {
        let entry = self.index.chunks_exact(16).find(|entry| be32(entry, 0) == Some(tag))?;
        let from = usize::try_from(be32(entry, 8)?).ok()?;
        Some((be32(entry, 4)?, self.data.get(from..)?, usize::try_from(be32(entry, 12)?).ok()?))
    }

    fn text(&self, tag: u32) -> Option<String> {
        let (kind, data, _) = self.entry(tag)?;
        let first = data.split(|&b| b == 0).next().filter(|_| matches!(kind, STRING | STRING_ARRAY | I18N_STRING))?;
        let text = std::str::from_utf8(first).ok()?.trim();
        (!text.is_empty() && text.len() < 4096).then(|| text.to_owned())
    }

    fn texts(&self, tag: u32) -> Vec<&'a [u8]> {
        match self.entry(tag) {
            Some((STRING_ARRAY, data, count)) => data.split(|&b| b == 0).take(count.min(MAX_FILES)).collect(),
            _ => Vec::new(),
        }
    }

    fn numbers(&self, tag: u32, most: usize) -> Vec<u32> {
        match self.entry(tag) {
            Some((INT32, data, count)) => {
                data.chunks_exact(4).take(count.min(most)).filter_map(|chunk| be32(chunk, 0)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn files(&self) -> Vec<String> {
        let directories = self.texts(DIR_NAMES);
        let names = self.texts(BASE_NAMES);
        let indexes = self.numbers(DIR_INDEXES, MAX_FILES);
        names
            .iter()
            .zip(indexes)
            .filter_map(|(name, index)| {
                let directory = directories.get(usize::try_from(index).ok()?)?;
                Some(format!("{}{}", String::from_utf8_lossy(directory), String::from_utf8_lossy(name)))
            })
            .collect()
    }
}
