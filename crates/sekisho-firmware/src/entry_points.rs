//! Parsers that take untrusted bytes, for fuzz targets. Each must end, without a panic, whatever it is given.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use time::Date;

use crate::blob::Blob;
use crate::formats;
use crate::inspect::{self, FileInput};
use crate::layout::Walk;
use crate::limits::{Budget, Limits};
use crate::tree::{Entry, Kind};

fn tight() -> Limits {
    Limits {
        depth: 4,
        stream: 4 << 20,
        live: 8 << 20,
        expanded: 32 << 20,
        file: 1 << 20,
        files: 2_000,
        facts_per_file: 100,
        in_memory: 4 << 20,
        time: Duration::from_secs(10),
    }
}

/// Every format's reader on `data` as if its signature had been found at the beginning.
pub fn formats(data: &[u8]) {
    let budget = Budget::new(tight());
    let blob = Blob::memory(data.to_vec());
    for format in formats::ALL {
        match format.open(&blob, &Arc::clone(&budget)).map(|opened| opened.content) {
            Some(formats::Content::Tree(tree)) => {
                for entry in tree.entries().iter().take(50) {
                    let content = tree.content(entry, 64 << 10);
                    assert!(content.bytes.len() <= data.len().max(64 << 10) as u64);
                }
            }
            Some(formats::Content::Parts(parts)) => {
                for part in parts.take(50) {
                    assert!(part.data.len() <= tight().stream.max(data.len() as u64));
                    for at in [0, part.data.len() / 2] {
                        assert!(part.data.window(at, 64 << 10).is_ok_and(|bytes| bytes.len() <= 64 << 10));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Every inspector of single files on `data`, as the file called `path`.
pub fn file(path: &str, data: &[u8]) {
    let entry =
        Entry { path: path.to_owned(), kind: Kind::File(data.len() as u64), mode: Some(0o644), ..Entry::default() };
    let _ = inspect::file(&FileInput { entry: &entry, bytes: data, text: inspect::text_of(data), today: Date::MIN });
}

/// A whole image, without a file.
///
/// # Errors
/// Never with data in memory; the signature leaves it open.
pub fn image(data: &[u8]) -> io::Result<usize> {
    let walk = Walk { budget: Budget::new(tight()), today: Date::MIN, progress: &|_| {} };
    let mut findings = walk.image(&Blob::memory(data.to_vec()), "image.bin");
    Ok(findings.facts("image.bin", "device").len())
}

/// Every inspector of whole systems on a system of these text files.
pub fn system(files: &[(&str, &str)]) {
    inspect::system_of_texts(files);
}
