//! The collector: opens the file, lets it be walked through, puts the outcome in order.

use std::fs::File;
use std::io;
use std::path::Path;

use sekisho_diag::{Place as At, Problem};
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{CollectError, Collection, Collector, OnProgress};
use sekisho_model::coverage::Extent;
use sha2::{Digest, Sha256};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

use crate::blob::Blob;
use crate::classify::is_text;
use crate::formats::mcu::is_hex_text;
use crate::inspect::build_options::software;
use crate::layout::{Walk, hex};
use crate::limits::{Budget, Limits};

/// The formats that are read, for people.
pub const FORMATS: &str = "uImage, FIT, TRX, Android boot, sparse and payload, disk images (MBR, GPT), gzip, xz, lzma, zstd, lz4, lzop, bzip2, tar, cpio, zip, 7z, ar, deb, ipk, rpm, SquashFS 2 to 4, ext2/3/4, JFFS2, UBI, UBIFS, YAFFS2, cramfs, romfs, FAT, ISO 9660, RAUC, SWUpdate and Mender bundles, ESP-IDF images and flash, MCUboot, Zigbee OTA, Matter OTA, UF2, Intel HEX, S-records, Nordic DFU, Cortex-M programs; recognised but not read: qcow2 and others";

/// Reads firmware images: flash dumps, update files, file systems, archives, single programs.
#[derive(Debug, Clone, Copy)]
pub struct FirmwareCollector {
    today: Date,
    limits: Limits,
}

impl FirmwareCollector {
    /// A collector with the default limits; certificates count as expired as of `today`.
    pub fn new(today: Date) -> Self {
        Self { today, limits: Limits::default() }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

impl Collector for FirmwareCollector {
    fn reads(&self) -> ArtefactKind {
        ArtefactKind::Firmware
    }

    fn collect(
        &self,
        path: &Path,
        name: &str,
        subject: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, CollectError> {
        let failed = |source| CollectError::Io { name: name.to_owned(), source };
        // Asked before opening: opening a pipe would wait for somebody to write into it.
        let metadata = std::fs::metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "a directory" } else { "not a regular file" };
            let problem = Problem::error("not-a-file", format!("{name} is {what}, expected a firmware image"));
            return Err(problem.at(At::file(name)).hint(format!("known formats: {FORMATS}")).into());
        }
        let size = metadata.len();
        if size == 0 {
            let problem = Problem::error("empty-image", format!("{name} is empty, expected a firmware image"));
            return Err(problem.at(At::file(name)).hint("was the download or the dump complete?").into());
        }
        let on_disk = Blob::file(File::open(path).map_err(failed)?, size);
        let image = if size <= self.limits.in_memory {
            Blob::memory(on_disk.exact(0, size as usize).map_err(failed)?.into_owned())
        } else {
            on_disk
        };
        if let Some(problem) = text_problem(&image, name).map_err(failed)? {
            return Err(problem.into());
        }
        let walk = Walk { budget: Budget::new(self.limits), today: self.today, progress };
        let (sha256, mut findings) = rayon::join(|| sha256_of(&image), || walk.image(&image, name));
        let sha256 = sha256.map_err(failed)?;
        let coverage = findings.coverage(name, subject);
        let facts = findings.facts(name, subject);
        debug_assert!(coverage.iter().all(|c| c.extent == Extent::Complete || !c.gaps.is_empty()), "{coverage:?}");
        let artefact = Artefact {
            name: name.to_owned(),
            kind: ArtefactKind::Firmware,
            subject: subject.to_owned(),
            size: Some(size),
            sha256: Some(sha256),
            made: findings.made.and_then(rfc3339),
        };
        Ok(Collection { artefact, facts, coverage })
    }
}

/// What is wrong with a file that is a plain text.
fn text_problem(image: &Blob, name: &str) -> io::Result<Option<Problem>> {
    let start = image.window(0, 64 << 10)?;
    // An OpenWrt `.manifest`, a log, an HTML page of a download that needed a login.
    let end = image.window(image.len().saturating_sub(64 << 10), 64 << 10)?;
    if !is_text(&start)
        || !is_text(&end)
        || start.starts_with(b"070701")
        || software(&String::from_utf8_lossy(&start)).is_some()
    {
        return Ok(None);
    }
    // Intel HEX and Motorola S-records are images written out.
    if is_hex_text(&start) {
        return Ok(None);
    }
    let problem = Problem::error("not-an-image", format!("{name} is a text file, expected a firmware image"));
    Ok(Some(problem.at(At::file(name)).hint(format!("known formats: {FORMATS}"))))
}

fn sha256_of(image: &Blob) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut at = 0;
    while at < image.len() {
        let bytes = image.window(at, 1 << 20)?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        hasher.update(&bytes);
        at += bytes.len() as u64;
    }
    Ok(hex(&hasher.finalize()))
}

fn rfc3339(seconds: u64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?.format(&Rfc3339).ok()
}
